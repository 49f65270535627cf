"""Findings of the detection family: points and groups not seen, points at (0, 0), points held in place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inspector.checks.anatomy import is_hand
from inspector.checks.finding import Finding, Severity, count, to_ranges
from inspector.checks.measured import Measurements
from inspector.checks.rules import BY_CODE, NONE, rank
from inspector.profiles.model import Profile, Skeleton

_SEVERITIES = tuple(Severity)


def detection_findings(measured: Measurements, profile: Profile, skeleton: Skeleton | None) -> Iterator[Finding]:
    """What is wrong with what was seen; `skeleton` names the points, None where it does not fit."""
    if "visible" not in measured.series:
        return
    yield from _few(measured, profile)
    if skeleton is not None:
        yield from _groups(measured, profile, skeleton)
    yield from _mismatch(measured, profile)
    yield from _pinned(measured, profile, skeleton)


def _few(measured: Measurements, profile: Profile) -> Iterator[Finding]:
    if (worst := rank(BY_CODE["LOW_VISIBILITY"], measured.values, profile.limits)) == NONE:
        return
    fewest, seen = profile.measuring.low_visible_points, measured.series["visible"]
    where = to_ranges(seen < fewest)
    text = f"fewer than {fewest} points visible in {count(where)} of {len(seen)} frames"
    text += f" ({measured.values['low_visibility_pct']:.0f} %)"
    yield Finding("LOW_VISIBILITY", _SEVERITIES[worst], text, frames=where)


def _groups(measured: Measurements, profile: Profile, skeleton: Skeleton) -> Iterator[Finding]:
    """Groups that are not there. One resting hand is common and weighs little; no hand at all leaves nothing signed."""
    worst = rank(BY_CODE["GROUP_MISSING"], measured.values, profile.limits)
    if worst == NONE:
        return
    absent = {g.name: 100 - measured.values[f"seen_{g.name}_pct"] for g in skeleton.groups}
    missing = [g for g in skeleton.groups if absent[g.name] >= profile.limits.group_missing_pct]
    hands = [g for g in skeleton.groups if is_hand(g.name)]
    handless = len(hands) > 1 and all(g in missing for g in hands)
    seen = dict(zip((g.name for g in skeleton.groups), measured.details["group_seen"], strict=True))
    for group in missing:
        alone = is_hand(group.name) and not handless and len(missing) < len(skeleton.groups)
        severity = Severity.LOW if alone else _SEVERITIES[worst]
        frames = to_ranges(~seen[group.name])
        text = f"{group.title} not detected in {absent[group.name]:.0f} % of frames"
        yield Finding("GROUP_MISSING", severity, text, frames=frames, points=to_ranges(group.points))


def _mismatch(measured: Measurements, profile: Profile) -> Iterator[Finding]:
    if (worst := rank(BY_CODE["MASK_MISMATCH"], measured.values, profile.limits)) == NONE:
        return
    frames, points = to_ranges(measured.series["mismatch"]), to_ranges(measured.details["mismatch_points"])
    n = count(points)
    text = f"{n} {'point' if n == 1 else 'points'} visible by the mask, yet at (0, 0), in {count(frames)} "
    text += "frame" if count(frames) == 1 else "frames"
    yield Finding("MASK_MISMATCH", _SEVERITIES[worst], text, frames=frames, points=points)


def _pinned(measured: Measurements, profile: Profile, skeleton: Skeleton | None) -> Iterator[Finding]:
    if (worst := rank(BY_CODE["POINT_PINNED"], measured.values, profile.limits)) == NONE:
        return
    runs = measured.details["pinned_runs"]
    runs = runs[runs[:, 2] - runs[:, 1] + 1 >= profile.limits.pinned_frames]
    points, frames = np.unique(runs[:, 0]), to_ranges(measured.series["pinned"] >= profile.limits.pinned_frames)
    point, first, last = runs[int(np.argmax(runs[:, 2] - runs[:, 1]))]
    name = skeleton.points[point] if skeleton is not None else f"point {point}"
    text = f"{name} does not move, or only along the picture's edge, for {last - first + 1} frames from frame {first}"
    if points.size > 1:
        text += f"; {points.size} points in all"
    yield Finding("POINT_PINNED", _SEVERITIES[worst], text, frames=frames, points=to_ranges(points))
