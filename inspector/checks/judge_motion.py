"""Findings of the motion family, and the counts of frames that depend on limits."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import numpy as np

from inspector.checks import kinematics as kin
from inspector.checks.anatomy import Anatomy, anatomy_of
from inspector.checks.arrays import AnyArray
from inspector.checks.finding import Finding, Ranges, Severity, count, to_ranges
from inspector.checks.measured import Measurements
from inspector.checks.rules import Worst
from inspector.profiles.model import Limits, Skeleton

_AWAY = 5
"""A point that comes back within so many frames was away in between; else only the frame of its step is named."""

SEVERITIES = tuple(Severity)


def motion_findings(
    measured: Measurements, limits: Limits, skeleton: Skeleton | None, worst: Worst
) -> Iterator[Finding]:
    """What is wrong with how points move, by rule; `skeleton` names the points, None where it does not fit."""
    anatomy = anatomy_of(skeleton) if skeleton is not None else None
    for code, finds in _BY_CODE.items():
        if (rank := worst.get(code)) is not None:
            text, frames, points = finds(measured, limits, anatomy)
            yield Finding(code, SEVERITIES[rank], text, frames=frames, points=points)


def motion_counts(measured: Measurements, limits: Limits) -> dict[str, int]:
    """Frames with a spike, and with a jump of a bone's length, by these limits; none without kinematics."""
    if "bone_change" not in measured.series:
        return {}
    spiked = jumped = 0
    if len(speeds := measured.details["spike_speeds"]):
        spiked = np.unique(measured.details["spike_frames"][speeds > limits.speed_spike]).size
    if len(measured.details["jump_sizes"]):  # else no change is over the lowest limit that there can be
        jumped = int(np.count_nonzero(measured.series["bone_change"] > kin.bone_limit(measured.values, limits)))
    return {"speed_spike_frames": spiked, "bone_jump_frames": jumped}


_Found = tuple[str, Ranges, Ranges]


def _spikes(measured: Measurements, limits: Limits, _: Anatomy | None) -> _Found:
    over = measured.details["spike_speeds"] > limits.speed_spike
    points, into = measured.details["spike_points"][over], measured.details["spike_frames"][over]
    speeds = measured.details["spike_speeds"][over]
    worst = int(np.argmax(speeds))
    frames = _while_away(points, into, len(measured.series["spike"]))
    named = np.unique(points)
    who = f"point {named[0]}" if named.size == 1 else f"{named.size} points"
    text = f"{who} away from the points around in {count(frames)} {_frames(count(frames))}; "
    text += f"{speeds[worst]:.0f} body sizes/s into frame {into[worst]}, where {limits.speed_spike:g} are allowed"
    return text, frames, to_ranges(named)


def _while_away(points: AnyArray, into: AnyArray, count: int) -> Ranges:
    """Frames from each step to the same point's next one, which brings it back, else only the frame of the step."""
    order = np.lexsort((into, points))
    points, into = points[order], into[order]
    near = (points[1:] == points[:-1]) & (into[1:] - into[:-1] <= _AWAY)
    goes, comes = np.append(near, False), np.append(False, near)
    ends = np.where(goes, np.append(into[1:], 0), into + 1)
    first, end = into[goes | ~comes], ends[goes | ~comes]
    change = np.bincount(first, minlength=count + 1) - np.bincount(end, minlength=count + 1)
    return to_ranges(np.cumsum(change) > 0)


def _cuts(measured: Measurements, limits: Limits, _: Anatomy | None) -> _Found:
    cut = measured.series["cut"]
    over = cut > limits.camera_cut
    frames, worst = to_ranges(over), _greatest(cut, over)
    text = f"the whole body steps {cut[worst]:.2f} body sizes into frame {worst}"
    text += f" ({count(frames)} such {_frames(count(frames))}): the camera, the scene or the person changed"
    return text, frames, ()


def _greatest(values: AnyArray, over: AnyArray) -> int:
    """Where the greatest of some values is, those that are over a limit; quicker than numpy's way around NaN."""
    places = over.nonzero()[0]
    return int(places[values[places].argmax()])


def _swaps(measured: Measurements, _: Limits, anatomy: Anatomy | None) -> _Found:
    frames = to_ranges(measured.series["swapped"])
    n = count(frames)
    text = f"left and right are exchanged in {n} {_frames(n)}, first in frame {frames[0][0]}"
    return text, frames, () if anatomy is None else _named(anatomy, anatomy.hands)


@functools.lru_cache(maxsize=64)
def _named(anatomy: Anatomy, groups: tuple[int, ...]) -> Ranges:
    """The points of groups, as ranges."""
    ranges: list[tuple[int, int]] = []
    for first, last in sorted(r for group in groups for r in anatomy.named[group]):
        if ranges and first == ranges[-1][1] + 1:
            first = ranges.pop()[0]
        ranges.append((first, last))
    return tuple(ranges)


def _jitter(measured: Measurements, limits: Limits, anatomy: Anatomy | None) -> _Found:
    noise = measured.series["jitter"]
    frames = to_ranges(noise > limits.jitter)
    n, worst = count(frames), int(noise.argmax())
    text = f"points tremble each for itself in {n} {_frames(n)}; by {noise[worst] * 100:.1f} % of the body "
    text += f"around frame {worst}, where {limits.jitter * 100:.1f} % is allowed"
    if anatomy is None:
        return text, frames, ()
    groups = (np.maximum.reduce(measured.details["jitter"], axis=1) > limits.jitter).nonzero()[0]
    return text, frames, _named(anatomy, tuple(groups.tolist()))


def _bone_jumps(measured: Measurements, limits: Limits, _: Anatomy | None) -> _Found:
    change = measured.series["bone_change"]
    limit = kin.bone_limit(measured.values, limits)
    jumps = change > limit
    where, worst = to_ranges(jumps), _greatest(change, jumps)
    bones = measured.details["jump_bones"][measured.details["jump_sizes"] > limit]
    text = f"{count(where)} {_frames(count(where))} in which a bone's length changes by more than "
    text += f"{limit * 100:.0f} %; {change[worst] * 100:.0f} % at frame {worst}"
    return text, where, to_ranges(np.unique(bones))


def _frozen(measured: Measurements, limits: Limits, _: Anatomy | None) -> _Found:
    runs = tuple(r for r in to_ranges(measured.series["still"]) if r[1] - r[0] + 1 >= limits.frozen_frames)
    text = f"{count(runs)} frames repeat the one before exactly, in {len(runs)} {'run' if len(runs) == 1 else 'runs'}"
    return text, runs, ()


def _frames(n: int) -> str:
    return "frame" if n == 1 else "frames"


_BY_CODE = {
    "SPEED_SPIKE": _spikes,
    "CAMERA_CUT": _cuts,
    "LEFT_RIGHT_SWAP": _swaps,
    "JITTER": _jitter,
    "BONE_JUMP": _bone_jumps,
    "FROZEN_FRAMES": _frozen,
}
