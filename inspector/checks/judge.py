"""Measurements and limits in, findings out: cheap and pure, so that a moved limit needs no file to be opened."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inspector.checks import kinematics as kin
from inspector.checks.arrays import AnyArray, median, median_of_sorted
from inspector.checks.finding import Finding, Ranges, Severity, count, to_ranges
from inspector.checks.measured import Measurements
from inspector.checks.readiness import target_of
from inspector.profiles.model import Limits, Profile, Skeleton


def judge(measured: Measurements, profile: Profile, wanted: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Every finding of one file, worst first.

    Parameters
    ----------
    wanted
        Targets the file must be ready for. What only keeps an unwanted target from being ready weighs little.
    """
    findings = list(measured.problems)
    findings += _unready(measured, profile, wanted)
    if measured.series:
        limits, skeleton = profile.limits, profile.skeleton
        findings += _time(measured.series.get("timestamps"), limits, target_of(profile.named("timestamps"), profile))
        findings += _detection(measured, limits, skeleton)
        findings += _motion(measured, limits)
    weighed = [_weigh(finding, wanted) for finding in findings]
    return tuple(sorted(weighed, key=lambda f: (f.severity.rank, f.frames[:1], f.code)))


def _weigh(finding: Finding, wanted: tuple[str, ...]) -> Finding:
    if finding.target is None or finding.target in wanted or finding.severity.rank >= Severity.MEDIUM.rank:
        return finding
    return Finding(finding.code, Severity.MEDIUM, finding.message, finding.target, finding.frames, finding.points)


def _unready(measured: Measurements, profile: Profile, wanted: tuple[str, ...]) -> Iterator[Finding]:
    """A wanted target whose array is optional to the profile and absent: no other check speaks of it."""
    present = measured.reference.get("present", ())
    for target in wanted:
        for requirement in profile.targets[target].requires:
            if requirement.rule == "present" and (absent := [n for n in requirement.arrays if n not in present]):
                text = f"{', '.join(absent)} is not in the file; target {target} needs it"
                yield Finding("MISSING_ARRAY", Severity.HIGH, text, target)


def _time(timestamps: AnyArray | None, limits: Limits, target: str | None) -> Iterator[Finding]:
    if timestamps is None or timestamps.size < 1:
        return
    ms = timestamps.astype(np.float64)
    with np.errstate(all="ignore"):
        ordered = np.sort(ms[1:] - ms[:-1])
        if ms[0] >= 0 and (not ordered.size or _regular(ordered, limits.timestamp_gap_factor)):
            return
        steps = np.diff(ms, prepend=ms[:1])
        forward = steps[steps > 0]
        usual = float(median(forward)) if forward.size else 0.0
        longest_usual = limits.timestamp_gap_factor * usual
        negative = ms < 0
    back, same = steps < 0, steps == 0
    same[0] = False
    if back.any():
        where = to_ranges(back)
        text = f"time runs backward {count(where)} {_times(count(where))}, first at frame {where[0][0]}"
        yield Finding("TIMESTAMPS_BACKWARD", Severity.HIGH, f"{text} by {-steps[where[0][0]]:g} ms", target, where)
    if negative.any():
        where = to_ranges(negative)
        text = f"{count(where)} {_frames(count(where))} before time zero, the earliest at {np.nanmin(ms):g} ms"
        yield Finding("TIMESTAMPS_NEGATIVE", Severity.MEDIUM, text, frames=where)
    if same.any():
        where = to_ranges(same)
        text = f"{count(where)} {_frames(count(where))} with the time of the frame before"
        yield Finding("TIMESTAMP_REPEAT", Severity.MEDIUM, text, frames=where)
    if forward.size > 1:
        gap = steps > longest_usual
        if gap.any():
            where, longest = to_ranges(gap), int(np.argmax(steps))
            text = f"{count(where)} {_gaps(count(where))}; the longest, {steps[longest]:g} ms before frame {longest}"
            text += f", where {usual:g} ms is usual"
            yield Finding("TIMESTAMP_GAP", Severity.MEDIUM, text, frames=where)


def _regular(ordered: AnyArray, factor: float) -> bool:
    """Whether time steps, in ascending order, all go forward and none is a gap."""
    return bool(ordered[0] > 0 and ordered[-1] <= factor * median_of_sorted(ordered))


def _detection(measured: Measurements, limits: Limits, skeleton: Skeleton | None) -> Iterator[Finding]:
    seen = measured.series["visible"]
    few = seen < limits.low_visible_points
    if np.count_nonzero(few):
        where, share = to_ranges(few), float(few.mean() * 100)
        severity = Severity.HIGH if share >= limits.low_visibility_fail_pct else Severity.MEDIUM
        text = f"fewer than {limits.low_visible_points} points visible in {count(where)} of {len(few)} frames"
        yield Finding("LOW_VISIBILITY", severity, f"{text} ({share:.0f} %)", frames=where)
    yield from _groups(measured, limits, skeleton)
    at_origin = measured.details["at_origin"]
    share = measured.values["visible_at_origin_pct"]
    if share > limits.mask_mismatch_pct:
        frames, points = to_ranges(at_origin.any(axis=0)), to_ranges(at_origin.any(axis=1))
        text = f"{share:.1f} % of all points are visible by the mask, yet at (0, 0), in {count(frames)} frames"
        yield Finding("MASK_MISMATCH", Severity.MEDIUM, text, frames=frames, points=points)


def _groups(measured: Measurements, limits: Limits, skeleton: Skeleton | None) -> Iterator[Finding]:
    """Groups that are not there. One resting hand is common and weighs little; no hand at all leaves nothing signed."""
    seen: AnyArray = measured.details["seen"]
    if skeleton is None or not seen.size or len(skeleton.points) != len(seen):
        return
    absent = {g.name: 100 - measured.values[f"seen_{g.name}_pct"] for g in skeleton.groups}
    missing = [g for g in skeleton.groups if absent[g.name] >= limits.group_missing_pct]
    hands = [g for g in skeleton.groups if "hand" in g.name]
    handless = len(hands) > 1 and all(g in missing for g in hands)
    for group in missing:
        if len(missing) == len(skeleton.groups):
            severity = Severity.HIGH
        elif group not in hands or handless:
            severity = Severity.MEDIUM
        else:
            severity = Severity.LOW
        frames = to_ranges(~kin.group_seen(seen, skeleton)[group.name])
        text = f"{group.title} not detected in {absent[group.name]:.0f} % of frames"
        yield Finding("GROUP_MISSING", severity, text, frames=frames, points=to_ranges(group.points))


def _motion(measured: Measurements, limits: Limits) -> Iterator[Finding]:
    speed, change, still = (measured.series[name] for name in ("speed", "bone_change", "still"))
    limit = kin.speed_limit(measured.values, limits)
    spikes = speed > limit
    if np.count_nonzero(spikes):
        where, worst = to_ranges(spikes), int(np.nanargmax(speed))
        with np.errstate(invalid="ignore"):
            points = to_ranges((measured.details["speeds"][:, spikes] > limit).any(axis=1))
        text = f"{count(where)} {_frames(count(where))} faster than {limit:.0f} body sizes/s, "
        text += f"{speed[worst]:.0f} at frame {worst}"
        yield Finding("SPEED_SPIKE", Severity.MEDIUM, text, frames=where, points=points)
    limit = kin.bone_limit(measured.values, limits)
    jumps = change > limit
    if np.count_nonzero(jumps):
        where, worst = to_ranges(jumps), int(np.nanargmax(change))
        with np.errstate(invalid="ignore"):
            bones = measured.details["bones"][(measured.details["bone_changes"][:, jumps] > limit).any(axis=1)]
        text = f"{count(where)} {_frames(count(where))} in which a bone's length changes by more than "
        text += f"{limit * 100:.0f} %; {change[worst] * 100:.0f} % at frame {worst}"
        yield Finding("BONE_JUMP", Severity.MEDIUM, text, frames=where, points=to_ranges(np.unique(bones)))
    runs = _long_runs(still, limits.frozen_frames)
    if runs:
        text = (
            f"{count(runs)} frames repeat the one before exactly, in {len(runs)} {'run' if len(runs) == 1 else 'runs'}"
        )
        yield Finding("FROZEN_FRAMES", Severity.MEDIUM, text, frames=runs)


def _long_runs(still: AnyArray, shortest: int) -> Ranges:
    return tuple(run for run in to_ranges(still) if run[1] - run[0] + 1 >= shortest)


def _frames(n: int) -> str:
    return "frame" if n == 1 else "frames"


def _times(n: int) -> str:
    return "time" if n == 1 else "times"


def _gaps(n: int) -> str:
    return "gap" if n == 1 else "gaps"
