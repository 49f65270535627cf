"""What an array holds, in figures: streamed block by block, so that its size does not matter.

One pass counts and finds the extremes, the mean and the spread (blocks are merged by the formula of Chan, Golub and
LeVeque, 1979, which does not cancel as sum-of-squares does); a second pass over numbers fills a histogram, whose
bins need the extremes first. Memory: a few blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.audit.array_text import AnyArray, plain_text
from inspector.audit.arrays import Job, Reader, check_step, is_numeric, shape_of
from inspector.audit.passes import TURNS

BINS = 64

Number = np.integer[Any] | np.floating[Any]

SHOWN_DISTINCT = 12
"""With at most so many different values, each is listed with its count."""

_CHUNK = 1 << 19
_DISTINCT = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """How many values lie in each of up to 64 bins of equal width.

    Attributes
    ----------
    edges
        float64 (bins + 1,), ascending. Whole numbers that span less than 64 get a bin each, centred on the number.
    counts
        int64 (bins,).
    whole
        Each bin is one whole number.
    """

    edges: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    whole: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """Figures of one array.

    Attributes
    ----------
    count
        All values.
    nan, infinite
        How many are NaN (or not a time), and infinite; neither counts in what follows.
    zeros
        How many are zero, False or empty text.
    minimum, maximum
        Exact; of the magnitude for complex numbers, of the length for text; None where there is none.
    mean, std
        float64, population standard deviation (ddof 0), None where it exceeds float64.
    distinct
        Each value and how often it is there, most frequent first, for whole numbers, bools and text of at most
        4096 different values; else None.
    """

    count: int = 0
    nan: int = 0
    infinite: int = 0
    zeros: int | None = None
    minimum: object = None
    maximum: object = None
    mean: float | None = None
    std: float | None = None
    distinct: tuple[tuple[str, int], ...] | None = None
    histogram: Histogram | None = None


def statistics(npz: Reader, name: str, job: Job | None = None) -> Statistics | None:
    """Figures of a whole array; None when the job was stopped.

    Raises
    ------
    ArchiveError
        What reading raises; `PickledMemberError` for an object array.
    MeasureError
        If one step along axis 0 is too large to hold.
    """
    job = job or Job()
    member = npz.member(name)
    shape, dtype = shape_of(member)
    check_step(member)
    numeric = is_numeric(dtype)
    passes = 2 if numeric and dtype.kind != "b" else 1
    tally = _Tally(dtype)
    for chunk in _chunks(npz, name, job, 0.0, 1 / passes):
        tally.add(chunk)
    if job.is_stopped():
        return None
    result = tally.result()
    histogram: Histogram | None = None
    if dtype.kind == "b":
        counts = np.array([tally.zeros, tally.count - tally.zeros], dtype=np.int64)
        histogram = Histogram(np.array([-0.5, 0.5, 1.5]), counts, whole=True) if tally.count else None
    elif numeric and result.minimum is not None:
        histogram = _histogram(npz, name, dtype, result, job)
    if job.is_stopped():
        return None
    job.fraction = 1.0
    return replace(result, count=math.prod(shape), histogram=histogram)


def _chunks(npz: Reader, name: str, job: Job, start: float, share: float) -> Iterator[AnyArray]:
    """All values, 1-D pieces of at most half a million: temporaries stay small whatever a block's size."""
    member = npz.member(name)
    total = max(1, math.prod(member.shape or ()))
    done = 0
    for _, block in npz.blocks(name):
        TURNS.give_way()
        flat = block.reshape(-1)
        for first in range(0, flat.size, _CHUNK):
            if job.is_stopped():
                return
            yield flat[first : first + _CHUNK]
        done += flat.size
        job.fraction = start + share * done / total


@dataclass(slots=True)
class _Tally:
    """Running figures."""

    dtype: np.dtype[np.generic]
    count: int = 0
    finite: int = 0
    nan: int = 0
    infinite: int = 0
    zeros: int = 0
    low: object = None
    high: object = None
    mean: float = 0.0
    squares: float = 0.0
    distinct: dict[object, int] | None = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.dtype.kind not in "biuUS":
            self.distinct = None

    def add(self, chunk: AnyArray) -> None:
        """Take in a 1-D piece of values."""
        self.count += chunk.size
        match self.dtype.kind:
            case "f" | "c":
                self._add_inexact(chunk)
            case "b" | "i" | "u":
                self.zeros += chunk.size - int(np.count_nonzero(chunk))
                self._spread(chunk)
                self._count_distinct(chunk)
            case "M" | "m":
                absent = np.isnat(chunk)
                self.nan += int(absent.sum())
                self._extremes(chunk[~absent])
            case "U" | "S":
                lengths = np.strings.str_len(chunk)
                self.zeros += int((lengths == 0).sum())
                self._extremes(lengths)
                self._count_distinct(chunk)

    def _add_inexact(self, chunk: AnyArray) -> None:
        odd = ~np.isfinite(chunk)
        if odd.any():
            nan = int(np.isnan(chunk).sum())
            self.nan += nan
            self.infinite += int(odd.sum()) - nan
            chunk = chunk[~odd]
        self.zeros += chunk.size - int(np.count_nonzero(chunk))
        self._spread(np.abs(chunk) if self.dtype.kind == "c" else chunk)

    def _spread(self, chunk: AnyArray) -> None:
        if not chunk.size:
            return
        self._extremes(chunk)
        with np.errstate(all="ignore"):  # squares of huge values overflow to inf, which is then what is shown
            values = chunk.astype(np.float64)
            mean = float(values.mean())
            squares = float(np.square(values - mean).sum())
            total = self.finite + chunk.size
            off = mean - self.mean
            self.squares += squares + off * self.finite * chunk.size / total * off  # 0 for a first chunk, never 0 * inf
            self.mean += off * (chunk.size / total)  # the share first: the largest values times a count overflow
            self.finite = total

    def _extremes(self, chunk: AnyArray) -> None:
        if not chunk.size:
            return
        low, high = chunk.min(), chunk.max()
        self.low = low if self.low is None or low < self.low else self.low
        self.high = high if self.high is None or high > self.high else self.high

    def _count_distinct(self, chunk: AnyArray) -> None:
        if self.distinct is None:
            return
        values, counts = np.unique(chunk, return_counts=True)
        if values.size + len(self.distinct) > 2 * _DISTINCT:
            self.distinct = None
            return
        for value, count in zip(values.tolist(), counts.tolist(), strict=True):
            self.distinct[value] = self.distinct.get(value, 0) + count
        if len(self.distinct) > _DISTINCT:
            self.distinct = None

    def result(self) -> Statistics:
        """The figures so far."""
        spread = self.finite > 0
        distinct = None
        if self.distinct is not None:
            ordered = sorted(self.distinct.items(), key=lambda item: -item[1])
            distinct = tuple((plain_text(value), count) for value, count in ordered)
        return Statistics(
            count=self.count,
            nan=self.nan,
            infinite=self.infinite,
            zeros=None if self.dtype.kind in "MmV" else self.zeros,
            minimum=self.low,
            maximum=self.high,
            mean=self.mean if spread else None,
            std=math.sqrt(self.squares / self.finite) if spread and math.isfinite(self.squares) else None,
            distinct=distinct,
        )


def _histogram(npz: Reader, name: str, dtype: np.dtype[np.generic], found: Statistics, job: Job) -> Histogram | None:
    assert isinstance(found.minimum, np.integer | np.floating) and isinstance(found.maximum, np.integer | np.floating)
    edges = bin_edges(found.minimum, found.maximum)
    if edges is None:
        return None
    counts = np.zeros(edges.size - 1, dtype=np.int64)
    for chunk in _chunks(npz, name, job, 0.5, 0.5):
        values = (np.abs(chunk) if dtype.kind == "c" else chunk).astype(np.float64)
        if dtype.kind in "fc":
            values = values[np.isfinite(values)]
        values = values.clip(edges[0], edges[-1])  # beyond 2**53 a value may round to just outside
        counts += np.histogram(values, bins=edges.size - 1, range=(float(edges[0]), float(edges[-1])))[0]
    return Histogram(edges, counts, whole=dtype.kind in "iu" and float(edges[1] - edges[0]) == 1.0)


def bin_edges(low: Number, high: Number) -> npt.NDArray[np.float64] | None:
    """Edges of at most 64 bins of equal width from low to high; None where float64 cannot tell them apart or hold them.

    Whole numbers get a bin each when they span less than 64; else the last bin reaches beyond `high` only so far
    that all bins hold equally many whole numbers.
    """
    edges: npt.NDArray[np.float64]
    if isinstance(low, np.integer) and isinstance(high, np.integer):
        first, span = int(low), int(high) - int(low) + 1
        width = -(-span // BINS)
        edges = first - 0.5 + width * np.arange(-(-span // width) + 1, dtype=np.float64)
    else:
        start, stop = float(low), float(high)
        if not (math.isfinite(start) and math.isfinite(stop) and math.isfinite(stop - start)):
            return None
        if start == stop:
            margin = max(abs(start) * 1e-3, 0.5)
            edges = np.array([start - margin, stop + margin])
            return edges if bool(np.isfinite(edges).all()) else None
        edges = np.linspace(start, stop, BINS + 1, dtype=np.float64)
    return edges if bool((np.diff(edges) > 0).all()) else None


def statistics_rows(stats: Statistics, dtype: np.dtype[np.generic]) -> list[tuple[str, str]]:
    """Name and text of each figure worth showing for this type, in reading order."""
    rows = [("Values", f"{stats.count:,}")]
    kind = dtype.kind
    if kind in "fc":
        rows += [("NaN", _share(stats.nan, stats.count)), ("Infinite", _share(stats.infinite, stats.count))]
    elif kind in "Mm":
        rows += [("Not a time", _share(stats.nan, stats.count))]
    if stats.zeros is not None:
        rows += [({"b": "False", "U": "Empty", "S": "Empty"}.get(kind, "Zeros"), _share(stats.zeros, stats.count))]
    of = {"c": " magnitude", "U": " length", "S": " length"}.get(kind, "")
    if stats.minimum is not None and kind != "b":
        rows += [(f"Minimum{of}", plain_text(stats.minimum)), (f"Maximum{of}", plain_text(stats.maximum))]
    if stats.mean is not None and kind != "b":
        rows += [(f"Mean{of}", f"{stats.mean:.6g}")]
        rows += [("Standard deviation", "beyond float64" if stats.std is None else f"{stats.std:.6g}")]
    if stats.distinct is not None and kind != "b":
        rows += [("Distinct values", f"{len(stats.distinct):,}")]
        if len(stats.distinct) <= SHOWN_DISTINCT:
            rows += [(f"  {text or 'empty'}", _share(count, stats.count)) for text, count in stats.distinct]
    return rows


def _share(part: int, whole: int) -> str:
    return f"{part:,} ({100 * part / whole:.3g} %)" if part and whole else f"{part:,}"
