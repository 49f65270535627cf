"""An array as a picture small enough to look at: block means of a 2-D cut, or the envelope of a line.

A cut of more than 1000 rows or columns is averaged over blocks of equal size, a line of more than 1000 values is
reduced to the lowest and highest value of equal runs, so that a single odd value still shows. Both are streamed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.audit.array_text import AnyArray
from inspector.audit.arrays import Job, Reader, check_step, is_numeric, read_step, shape_of
from inspector.audit.passes import TURNS
from inspector.errors import MeasureError, ReadStoppedError

SIDE = 1000
LINE = 1000

_CHUNK = 1 << 19


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """Block means of a 2-D cut.

    Attributes
    ----------
    values
        float64 (ceil(rows / row_step), ceil(columns / column_step)): means of the finite values of each block,
        NaN where a block has none; magnitudes of complex numbers.
    rows, columns
        Of the cut itself.
    row_step, column_step
        How many rows and columns one block averages; 1 and 1: every value is shown.
    """

    values: npt.NDArray[np.float64]
    rows: int
    columns: int
    row_step: int = 1
    column_step: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A 1-D array as an envelope.

    Attributes
    ----------
    low, high
        float64 (ceil(rows / step),): lowest and highest finite value of each run, NaN where there is none.
    step
        Values in a run; 1: every value is shown, and low is high.
    """

    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    rows: int
    step: int = 1


Picture = HeatMap | Line


def picture(npz: Reader, name: str, lead: tuple[int, ...] = (), job: Job | None = None) -> Picture | None:
    """The picture of a 1-D array, or of the 2-D cut at `lead`; None when the job was stopped.

    Raises
    ------
    MeasureError
        If the array holds no numbers, has no axis or no values, or one step along axis 0 is too large.
    """
    job = job or Job()
    shape, dtype = shape_of(npz.member(name))
    check_step(npz.member(name))
    if not is_numeric(dtype) or not shape or 0 in shape:
        raise MeasureError(f"{name}: expected numbers along at least one axis, found {dtype} of shape {shape}")
    if len(shape) == 1:
        return _line(npz, name, shape[0], job)
    rows, columns = shape[-2:]
    if len(shape) == 2:
        return _heat_map(npz.blocks(name), rows, columns, job)
    try:
        with TURNS.first():
            step = read_step(npz, name, lead, job.is_wanted)
    except ReadStoppedError:
        return None
    return _heat_map(iter([(0, step)]), rows, columns, job)


def _heat_map(blocks: Iterator[tuple[int, AnyArray]], rows: int, columns: int, job: Job) -> HeatMap | None:
    row_step, column_step = -(-rows // SIDE), -(-columns // SIDE)
    sums = np.zeros((-(-rows // row_step), -(-columns // column_step)))
    counts = np.zeros(sums.shape, dtype=np.int64)
    # Pieces end on block borders across, and are small, so that temporaries are bounded for rows of any length.
    across = min(columns, max(1, _CHUNK // column_step) * column_step)
    down = max(1, _CHUNK // across)
    for first, block in blocks:
        TURNS.give_way()
        for top in range(0, len(block), down):
            for left in range(0, columns, across):
                if job.is_stopped():
                    return None
                _add(
                    sums,
                    counts,
                    block[top : top + down, left : left + across],
                    first + top,
                    left,
                    row_step,
                    column_step,
                )
        job.fraction = (first + len(block)) / rows
    with np.errstate(invalid="ignore"):
        return HeatMap(sums / np.where(counts, counts, np.nan), rows, columns, row_step, column_step)


def _add(
    sums: npt.NDArray[np.float64],
    counts: npt.NDArray[np.int64],
    piece: AnyArray,
    top: int,
    left: int,
    row_step: int,
    column_step: int,
) -> None:
    """Add a piece whose corner lies at (top, left) to the blocks that it covers."""
    values = _as_float(piece)
    height, width = values.shape
    line = slice(left // column_step, (left + width - 1) // column_step + 1)
    starts = np.arange(0, width, column_step)
    target = np.arange(top, top + height) // row_step
    borders = np.flatnonzero(np.diff(target, prepend=-1))
    finite = np.isfinite(values)
    if finite.all():  # the usual case: blocks are then counted by their size alone
        down, across = np.diff(borders, append=height), np.diff(starts, append=width)
        counts[target[borders], line] += down[:, None] * across
    else:
        values = np.where(finite, values, 0.0)
        counts[target[borders], line] += _block_sums(finite.astype(np.int64), borders, starts)
    sums[target[borders], line] += _block_sums(values, borders, starts)


def _block_sums(values: AnyArray, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]) -> AnyArray:
    """Sums over blocks that begin at these rows and columns."""
    if len(rows) < len(values):
        values = np.add.reduceat(values, rows, axis=0)
    out: AnyArray = values if len(columns) == values.shape[1] else np.add.reduceat(values, columns, axis=1)
    return out


def _line(npz: Reader, name: str, rows: int, job: Job) -> Line | None:
    step = -(-rows // LINE)
    low = np.full(-(-rows // step), np.inf)
    high = np.full(low.size, -np.inf)
    for first, block in npz.blocks(name):
        TURNS.give_way()
        for top in range(0, len(block), _CHUNK):
            if job.is_stopped():
                return None
            values = _as_float(block[top : top + _CHUNK])
            finite = np.isfinite(values)
            target = np.arange(first + top, first + top + values.size) // step
            borders = np.flatnonzero(np.diff(target, prepend=-1))
            runs = target[borders]
            low[runs] = np.minimum(low[runs], np.minimum.reduceat(np.where(finite, values, np.inf), borders))
            high[runs] = np.maximum(high[runs], np.maximum.reduceat(np.where(finite, values, -np.inf), borders))
        job.fraction = (first + len(block)) / rows
    none = np.isinf(low) & np.isinf(high)
    return Line(np.where(none, np.nan, low), np.where(none, np.nan, high), rows, step)


def _as_float(values: AnyArray) -> npt.NDArray[np.float64]:
    with np.errstate(all="ignore"):
        return (np.abs(values) if values.dtype.kind == "c" else values).astype(np.float64)


def finite_range(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Lowest and highest finite value; a unit around it where all are the same, (0, 1) where there is none."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    margin = max(0.5, abs(low) * 1e-3)
    return (low, high) if low < high else (low - margin, low + margin)
