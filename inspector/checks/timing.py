"""When frames were taken: how long the longest gap between two is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inspector.checks.arrays import AnyArray, median, median_of_sorted


def measure_times(timestamps: Sequence[AnyArray]) -> list[dict[str, object]]:
    """Flat figures of each clip's clock.

    Parameters
    ----------
    timestamps
        Milliseconds, (T,) of numbers, of each clip.

    Returns
    -------
    list of dict
        ``gap_ratio``: the longest time between frames, in usual frame times; None where fewer than two frames come
        after the one before.
    """
    if not timestamps:
        return []
    ms = np.concatenate(timestamps, dtype=np.float64, casting="unsafe")
    with np.errstate(all="ignore"):  # what is no number, and from clip to clip
        steps = ms[1:] - ms[:-1]
    out: list[dict[str, object]] = []
    start = 0
    for each in timestamps:
        own = steps[start : start + max(len(each) - 1, 0)]
        own.sort()  # NaN comes last
        usual = own.size > 1 and own[0] > 0 and own[-1] < np.inf
        out.append({"gap_ratio": float(own[-1] / median_of_sorted(own)) if usual else _ratio(each)})
        start += len(each)
    return out


def _ratio(timestamps: AnyArray) -> float | None:
    """The figure of any clock."""
    gaps = frame_gaps(timestamps)[0]
    return float(gaps.max()) if gaps.size > 1 else None


def frame_gaps(timestamps: AnyArray) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], float]:
    """Time from frame to frame against the clip's own usual frame time, the median of all steps forward.

    Only frames later than all before them count, and the time between two such is shared out among the frames that
    lie between: a frame with the time of the one before, or with an earlier one, loses its own place and no more, so
    that no gap is seen where time catches up.

    Returns
    -------
    gaps
        float64 (n,) of usual frame times.
    frames
        int64 (n,): the frame after each.
    usual
        Milliseconds; NaN when there is none.
    """
    ms = timestamps.astype(np.float64)
    with np.errstate(all="ignore"):
        steps = ms[1:] - ms[:-1]
        forward = steps > 0
        if steps.size and np.logical_and.reduce(forward) and math.isfinite(ms[-1] - ms[0]):
            usual = float(median(steps))
            return steps / usual, np.arange(1, len(ms)), usual
        finite = np.isfinite(ms)
        known = steps[forward & finite[1:] & finite[:-1]]
        if not known.size:
            return np.zeros(0), np.zeros(0, np.int64), math.nan
        usual = float(median(known))
        ms[~finite] = -np.inf
        latest = np.maximum.accumulate(ms)
        frames = np.flatnonzero(np.r_[finite[0], ms[1:] > latest[:-1]])
        return np.diff(ms[frames]) / np.diff(frames) / usual, frames[1:], usual
