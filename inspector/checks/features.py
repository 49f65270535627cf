"""Feature vectors of frames: columns that never change, rows that hold nothing, rows that come again."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from inspector.checks.arrays import AnyArray, Figures, median

Bool = npt.NDArray[np.bool_]

_SAMPLE = 8
_COLUMNS = 8
_NEARLY_ZERO = 0.02
_DEAD_PER_NEARLY = 2


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
    none: dict[str, object] = dict.fromkeys(("dead_features_pct", "dead_excess_pct", "dead_rows", "repeated_rows"))
    if figures is None or figures.array.ndim != 2 or figures.array.dtype.kind not in "fiu":
        return none, {}, {}
    features = figures.array
    if len(features) < 2 or not features.shape[1]:
        return none, {}, {}
    dead, excess = _dead_columns(features, bool(figures.extremes[0] >= 0))
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


def _dead_columns(features: AnyArray, nonnegative: bool) -> tuple[int, int]:
    """How many columns never change, and how many of these are too many; where nothing is below 0, a maximum of 0 says it."""
    same = features[0] == features[-1]
    same &= features[len(features) // 2] == features[0]
    if not np.count_nonzero(same):
        return 0, 0
    same &= np.maximum.reduce(features, axis=0) == features[0]
    if features.dtype.kind != "u" and not nonnegative:
        same &= np.minimum.reduce(features, axis=0) == features[0]
    elif np.count_nonzero(features[0, same]):
        same &= np.minimum.reduce(features, axis=0) == features[0]
    dead = np.flatnonzero(same)
    if not dead.size:
        return 0, 0
    return dead.size, _excess(features[:: -(-len(features) // _SAMPLE)], dead)


def _excess(rows: AnyArray, dead: npt.NDArray[np.int64]) -> int:
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
    alive = np.ones(level.size, dtype=bool)
    alive[dead] = False
    level = level[alive]
    nearly = int(np.count_nonzero(level < _NEARLY_ZERO * median(level))) if level.size else 0
    return other + max(0, zero - _DEAD_PER_NEARLY * nearly)


def _dead_rows(features: AnyArray, some: AnyArray) -> Bool:
    dead: Bool = np.logical_and.reduce(some == some[:, :1], axis=1)
    for row in np.flatnonzero(dead):
        dead[row] = bool((features[row] == features[row, 0]).all())
    return dead


def _sources(features: AnyArray, some: AnyArray, dead: Bool) -> npt.NDArray[np.int64]:
    """For each row the first one equal to it byte for byte, -1 where that is none before it.

    Rows are told apart by the sum of some of their columns' bits, each times a fixed odd number; where two sums agree,
    the whole rows are held against each other.
    """
    source = np.full(len(features), -1, np.int64)
    if features.dtype.itemsize > 8:
        some = some.astype(np.float64)
    bits = some.view(f"u{some.dtype.itemsize}").astype(np.uint64)
    keys = bits @ _odd(bits.shape[1])
    ordered = np.sort(keys)
    same = ordered[1:] == ordered[:-1]
    if not np.count_nonzero(same):
        return source
    twice = ordered[1:][same]
    known: dict[bytes, int] = {}
    for row in np.flatnonzero(np.isin(keys, twice) & ~dead):
        if features.dtype.kind == "f" and not np.isfinite(features[row]).all():
            continue  # said already, and no copy
        first = known.setdefault(features[row].tobytes(), int(row))
        if first != row:
            source[row] = first
    return source


@functools.lru_cache(maxsize=8)
def _odd(n: int) -> npt.NDArray[np.uint64]:
    """Odd numbers of 64 bits, always the same: powers of one that is well mixed (Steele & Vigna 2021)."""
    out = np.empty(n, np.uint64)
    value = 1
    for place in range(n):
        value = value * 0xD1342543DE82EF95 % 2**64
        out[place] = value
    return out
