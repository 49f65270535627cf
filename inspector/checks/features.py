"""Feature vectors of frames: columns that never change, rows that hold nothing, rows that come again."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from inspector.checks.arrays import AnyArray, Figures, Vectors, median, ones
from inspector.checks.reference import measure_features

Bool = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]

_SAMPLE = 8
_COLUMNS = 8
_NEARLY_ZERO = 0.02
_DEAD_PER_NEARLY = 2
_ALL = np.uint64(0x0101010101010101)
_MIX = np.arange(1, 4 * _COLUMNS + 1, dtype=np.uint64) ** 3 * np.uint64(0x9E3779B97F4A7C15) | np.uint64(1)


def measure_vectors(figures: Figures | None) -> Vectors:
    """All that there is to measure of feature vectors (T, D), the reference's figures and our own.

    Raises
    ------
    MeasureError
        When they are no numbers at all.
    """
    return Vectors(measure_features(figures), *measure_rows(figures))


def measure_rows(figures: Figures | None) -> tuple[dict[str, object], dict[str, AnyArray], dict[str, AnyArray]]:
    """What is dead or repeated in features (T, D).

    All looks at a few rows and columns first, and reads whole ones only where those are suspicious: an array of a
    megabyte is not gone through again.

    Returns
    -------
    values
        ``dead_features_pct``: share of columns with the same value in all frames. ``dead_excess_pct``: those among
        them that a sparse network does not explain (see `_excess`). ``dead_rows``: frames whose features all have one
        value. ``repeated_rows``: frames with the features of an earlier frame, dead ones left out. All None where
        there are no features, or fewer than two frames.
    series
        ``dead_row`` and ``repeated_row``, bool (T,).
    details
        ``repeated_from``, int64 (T,): the first frame with the same features, -1 for none.
    """
    features = None if figures is None else figures.array
    if (
        figures is None
        or features is None
        or features.ndim != 2
        or features.dtype.kind not in "fiu"
        or len(features) < 2
        or not features.shape[1]
    ):
        return dict.fromkeys(("dead_features_pct", "dead_excess_pct", "dead_rows", "repeated_rows")), {}, {}
    dead, excess = _dead_columns(features, figures.finite and bool(figures.extremes[0] >= 0))
    some = np.ascontiguousarray(features[:, :: max(1, features.shape[1] // _COLUMNS)])
    rows = _dead_rows(features, some)
    source = _sources(features, some, rows)
    repeated = source >= 0
    columns = features.shape[1]
    values: dict[str, object] = {
        "dead_features_pct": dead / columns * 100,
        "dead_excess_pct": excess / columns * 100,
        "dead_rows": int(np.count_nonzero(rows)),
        "repeated_rows": int(np.count_nonzero(repeated)),
    }
    return values, {"dead_row": rows, "repeated_row": repeated}, {"repeated_from": source}


def _dead_columns(features: AnyArray, plain: bool) -> tuple[int, int]:
    """How many columns never change, and how many of these are too many.

    `plain` says that all values are finite and none is below 0: then columns of zeros are those whose sum is 0, which a
    product finds in half the time of a maximum.
    """
    first = features[0]
    same = first == features[-1]
    same &= features[len(features) // 2] == first
    if not np.count_nonzero(same):
        return 0, 0
    rows = features[:: -(-len(features) // _SAMPLE)]
    if plain and features.dtype == np.float32:
        zero = ones(len(features)) @ features == 0
        others = (same & (first != 0)).nonzero()[0]
        others = _alike(features, _alike(rows, others))
        dead = np.concatenate([zero.nonzero()[0], others])
        if not dead.size:
            return 0, 0
        zeros, still = dead.size - others.size, int(np.count_nonzero(ones(len(rows)) @ rows == 0))
        # What is zero in all of `rows` is nearly zero for certain, as long as that is not most of what is alive.
        if zeros <= _DEAD_PER_NEARLY * (still - zeros) and 2 * (still - zeros) < features.shape[1] - dead.size - 1:
            return dead.size, others.size
    else:
        dead = _alike(features, _alike(rows, same.nonzero()[0]))
    return dead.size, _excess(rows, dead) if dead.size else 0


def _alike(rows: AnyArray, columns: Index) -> Index:
    """Those of some columns that are the same in all rows."""
    if not columns.size:
        return columns
    values = rows.take(columns, axis=1)
    return columns[np.logical_and.reduce(values == values[0], axis=0)]


def _excess(rows: AnyArray, dead: Index) -> int:
    """Dead columns that a sparse network does not explain.

    Behind a ReLU some units stay at zero all through a short clip, and then others are zero nearly always, or hardly
    leave it: how active units are has no gap above zero. On clips of 6 to 380 frames through an InceptionV3 there are
    0.4 to 1.8 dead columns for each whose mean size, over a few rows, is under 2 % of the median one's. So up to two
    are allowed for each such. Columns at another value than zero have no such excuse.
    """
    zero = int(np.count_nonzero(rows[0, dead] == 0))
    other = dead.size - zero
    if not zero:
        return other
    level = np.ones(len(rows)) @ np.abs(rows)
    kept = np.ones(level.size, dtype=bool)
    kept[dead] = False
    level = level[kept]
    nearly = int(np.count_nonzero(level < _NEARLY_ZERO * median(level))) if level.size else 0
    return other + max(0, zero - _DEAD_PER_NEARLY * nearly)


def _dead_rows(features: AnyArray, some: AnyArray) -> Bool:
    """Rows of one value; `some` are a few of their columns."""
    same = some == some[:, :1]
    # Eight booleans at once, where there are as many: numpy is slow to reduce an axis of eight.
    dead: Bool = same.view(np.uint64)[:, 0] == _ALL if same.shape[1] == 8 else np.logical_and.reduce(same, axis=1)
    if np.count_nonzero(dead):
        for row in np.flatnonzero(dead):
            dead[row] = bool((features[row] == features[row, 0]).all())
    return dead


def _sources(features: AnyArray, some: AnyArray, dead: Bool) -> Index:
    """For each row the first one equal to it byte for byte, -1 where that is none before it.

    Rows are told apart by the bits of some of their columns; where these agree, the whole rows are held against each
    other.
    """
    source = np.full(len(features), -1, np.int64)
    if _all_differ(some):
        return source
    keys = some.view(f"V{some.dtype.itemsize * some.shape[1]}")[:, 0].tolist()
    often = Counter(keys)
    known: dict[bytes, int] = {}
    for row, key in enumerate(keys):
        if often[key] < 2 or dead[row] or not _finite(features[row]):  # said already, and no copy
            continue
        first = known.setdefault(features[row].tobytes(), row)
        if first != row:
            source[row] = first
    return source


def _all_differ(rows: AnyArray) -> bool:
    """Whether no row (T, n), contiguous, is there twice for certain: sums over its bits differ from all others."""
    width = rows.dtype.itemsize * rows.shape[1]
    if width % 8:
        return False
    sums = rows.view(np.uint64) @ _MIX[: width // 8]
    sums.sort()
    return not np.count_nonzero(sums[1:] == sums[:-1])


def _finite(row: AnyArray) -> bool:
    return row.dtype.kind != "f" or bool(np.isfinite(row).all())
