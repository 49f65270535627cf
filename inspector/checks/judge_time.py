"""Findings of the time family: clocks that run backward, stand still, start before zero or lose frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from inspector.checks.arrays import AnyArray
from inspector.checks.finding import Finding, Severity, count, to_ranges
from inspector.checks.measured import Measurements
from inspector.checks.rules import Worst
from inspector.checks.timing import frame_gaps
from inspector.profiles.model import Limits

_SEVERITIES = tuple(Severity)
_EXACT = 2**53  # up to here float64 tells all whole numbers apart


def time_findings(measured: Measurements, limits: Limits, worst: Worst) -> Iterator[Finding]:
    """Frames that are missing by the times of those around."""
    rank = worst.get("TIMESTAMP_GAP")
    if rank is not None and "timestamps" in measured.series:
        gaps, frames, usual = frame_gaps(measured.series["timestamps"])
        where = to_ranges(frames[gaps > limits.timestamp_gap_factor])
        longest = int(np.argmax(gaps))
        n = len(where)
        text = f"{n} {'gap' if n == 1 else 'gaps'}; the longest, {gaps[longest] * usual:g} ms before frame "
        text += f"{frames[longest]}, where {usual:g} ms is usual"
        yield Finding("TIMESTAMP_GAP", _SEVERITIES[rank], text, frames=where)


def in_order(clocks: Sequence[AnyArray | None]) -> list[bool]:
    """Of the timestamps (T,) of each file whether they are seen to ascend from zero on.

    Where there are none they do. Of another type than int64, or so large that float64 does not tell them apart, they
    are not: `order_findings` looks closely.
    """
    found = [clock is None or not clock.size for clock in clocks]
    usual = [k for k, clock in enumerate(clocks) if not found[k] and clock is not None and clock.dtype == np.int64]
    together = [clock for k in usual if (clock := clocks[k]) is not None]
    if together:
        times = np.concatenate(together)
        ends = np.add.accumulate([len(clock) for clock in together])
        starts = np.concatenate([[0], ends[:-1]])
        later = np.empty(len(times), dtype=bool)
        np.greater(times[1:], times[:-1], out=later[1:])
        later[starts] = times[starts] >= 0
        later[ends - 1] &= times[ends - 1] < _EXACT
        for k, fine in zip(usual, np.logical_and.reduceat(later, starts).tolist(), strict=True):
            found[k] = fine
    return found


def order_findings(timestamps: AnyArray, target: str | None) -> Iterator[Finding]:
    """Times that do not ascend from zero on; `target` is what a clock that runs backward keeps from being ready."""
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
