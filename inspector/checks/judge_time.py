"""Findings of the time family: clocks that run backward, stand still, start before zero or lose frames."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inspector.checks.arrays import AnyArray
from inspector.checks.finding import Finding, Severity, count, to_ranges
from inspector.checks.measured import Measurements
from inspector.checks.rules import BY_CODE, NONE, rank
from inspector.checks.timing import frame_gaps
from inspector.profiles.model import Limits

_SEVERITIES = tuple(Severity)
_EXACT = 2**53  # up to here float64 tells all whole numbers apart


def time_findings(measured: Measurements, limits: Limits, target: str | None) -> Iterator[Finding]:
    """What is wrong with when frames were taken; `target` is what a clock that runs backward keeps from being ready."""
    timestamps = measured.series.get("timestamps")
    if timestamps is None or not timestamps.size:
        return
    yield from _order(timestamps, target)
    if (worst := rank(BY_CODE["TIMESTAMP_GAP"], measured.values, limits)) != NONE:
        gaps, frames, usual = frame_gaps(timestamps)
        where = to_ranges(frames[gaps > limits.timestamp_gap_factor])
        longest = int(np.argmax(gaps))
        n = len(where)
        text = f"{n} {'gap' if n == 1 else 'gaps'}; the longest, {gaps[longest] * usual:g} ms before frame "
        text += f"{frames[longest]}, where {usual:g} ms is usual"
        yield Finding("TIMESTAMP_GAP", _SEVERITIES[worst], text, frames=where)


def _order(timestamps: AnyArray, target: str | None) -> Iterator[Finding]:
    if timestamps[0] >= 0 and np.logical_and.reduce(timestamps[1:] > timestamps[:-1]) and timestamps[-1] < _EXACT:
        return
    ms = timestamps.astype(np.float64)
    with np.errstate(all="ignore"):
        steps = ms[1:] - ms[:-1]
        steps = np.concatenate([[np.nan], steps])
        back, same, negative = steps < 0, steps == 0, ms < 0
    if back.any():
        where = to_ranges(back)
        text = f"time runs backward {count(where)} {'time' if count(where) == 1 else 'times'}, first at frame "
        text += f"{where[0][0]} by {-steps[where[0][0]]:g} ms"
        yield Finding("TIMESTAMPS_BACKWARD", Severity.HIGH, text, target, where)
    if negative.any():
        where = to_ranges(negative)
        text = f"{count(where)} {_frames(count(where))} before time zero, the earliest at {np.nanmin(ms):g} ms"
        yield Finding("TIMESTAMPS_NEGATIVE", Severity.MEDIUM, text, frames=where)
    if same.any():
        where = to_ranges(same)
        text = f"{count(where)} {_frames(count(where))} with the time of the frame before"
        yield Finding("TIMESTAMP_REPEAT", Severity.MEDIUM, text, frames=where)


def _frames(n: int) -> str:
    return "frame" if n == 1 else "frames"
