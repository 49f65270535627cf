"""Findings of the detection family: points and groups not seen, points at (0, 0), points held in place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inspector.checks.anatomy import is_hand
from inspector.checks.finding import Finding, Severity, count, to_ranges
from inspector.checks.measured import Measurements
from inspector.checks.rules import Worst
from inspector.profiles.model import Profile, Skeleton

_SEVERITIES = tuple(Severity)


def detection_findings(
    measured: Measurements, profile: Profile, skeleton: Skeleton | None, worst: Worst
) -> Iterator[Finding]:
    """What is wrong with what was seen; `skeleton` names the points, None where it does not fit."""
    if "visible" not in measured.series:
        return
    if (rank := worst.get("LOW_VISIBILITY")) is not None:
        yield _few(measured, profile, _SEVERITIES[rank])
    if (rank := worst.get("GROUP_MISSING")) is not None and skeleton is not None:
        yield from _groups(measured, profile, skeleton, _SEVERITIES[rank])
    if (rank := worst.get("MASK_MISMATCH")) is not None:
        yield _mismatch(measured, _SEVERITIES[rank])
    if (rank := worst.get("POINT_PINNED")) is not None:
        yield _pinned(measured, profile, skeleton, _SEVERITIES[rank])


def _few(measured: Measurements, profile: Profile, severity: Severity) -> Finding:
    fewest, seen = profile.measuring.low_visible_points, measured.series["visible"]
    where = to_ranges(seen < fewest)
    text = f"fewer than {fewest} points visible in {count(where)} of {len(seen)} frames"
    text += f" ({measured.values['low_visibility_pct']:.0f} %)"
    return Finding("LOW_VISIBILITY", severity, text, frames=where)


def _groups(measured: Measurements, profile: Profile, skeleton: Skeleton, severity: Severity) -> Iterator[Finding]:
    """Groups that are not there. One resting hand is common and weighs little; no hand at all leaves nothing signed."""
    absent = {g.name: 100 - measured.values[f"seen_{g.name}_pct"] for g in skeleton.groups}
    missing = [g for g in skeleton.groups if absent[g.name] >= profile.limits.group_missing_pct]
    hands = [g for g in skeleton.groups if is_hand(g.name)]
    handless = len(hands) > 1 and all(g in missing for g in hands)
    seen = dict(zip((g.name for g in skeleton.groups), measured.details["group_seen"], strict=True))
    for group in missing:
        alone = is_hand(group.name) and not handless and len(missing) < len(skeleton.groups)
        frames = to_ranges(~seen[group.name])
        text = f"{group.title} not detected in {absent[group.name]:.0f} % of frames"
        weight = Severity.LOW if alone else severity
        yield Finding("GROUP_MISSING", weight, text, frames=frames, points=to_ranges(group.points))


def _mismatch(measured: Measurements, severity: Severity) -> Finding:
    frames, points = to_ranges(measured.series["mismatch"]), to_ranges(measured.details["mismatch_points"])
    n = count(points)
    text = f"{n} {'point' if n == 1 else 'points'} visible by the mask, yet at (0, 0), in {count(frames)} "
    text += "frame" if count(frames) == 1 else "frames"
    return Finding("MASK_MISMATCH", severity, text, frames=frames, points=points)


def _pinned(measured: Measurements, profile: Profile, skeleton: Skeleton | None, severity: Severity) -> Finding:
    runs = measured.details["pinned_runs"]
    runs = runs[runs[:, 2] - runs[:, 1] + 1 >= profile.limits.pinned_frames]
    points, frames = np.unique(runs[:, 0]), to_ranges(measured.series["pinned"] >= profile.limits.pinned_frames)
    point, first, last = runs[int(np.argmax(runs[:, 2] - runs[:, 1]))]
    name = skeleton.points[point] if skeleton is not None else f"point {point}"
    text = f"{name} does not move, or only along the picture's edge, for {last - first + 1} frames from frame {first}"
    if points.size > 1:
        text += f"; {points.size} points in all"
    return Finding("POINT_PINNED", severity, text, frames=frames, points=to_ranges(points))
