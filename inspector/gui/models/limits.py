"""Units of measurements, and which limit each is held against: the one place where the window knows this."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from inspector.checks.rules import RULES, Level
from inspector.profiles.model import Profile

_UNITS: dict[str, str] = {
    "T": "frames",
    "X_out_of_range": "values",
    "min_visible": "points",
    "max_visible": "points",
    "speed_p95": "body/s",
    "speed_max": "body/s",
    "speed_median": "body/s",
    "speed_mad": "body/s",
    "vel_p95": "X/frame",
    "vel_max": "X/frame",
    "body_size": "X",
    "pinned_longest": "frames",
    "gap_ratio": "steps",
    "dead_rows": "frames",
    "repeated_rows": "frames",
    "spike_max": "body/s",
    "cut_max": "body",
    "jitter_max": "body",
    "frozen_longest": "frames",
    "bone_jump_max": "× length",
}
_SUFFIXES = {"_pct": "%", "_ms": "ms", "_frames": "frames", "_bytes": "bytes", "_s": "s"}

_NOTES: dict[str, str] = {
    "coverage_pct": "Share of all points of all frames that the mask calls visible.",
    "low_vis_frames": "Frames with fewer visible points than the profile asks for.",
    "vel_p95": "95th percentile of point steps, visible or not: a point that appears at (0, 0) counts as motion. "
    "speed_p95 does not have this flaw.",
    "vel_max": "Largest step of any point, visible or not; see speed_max.",
    "vel_spike_frames": "Frames over median + 3 standard deviations of the largest step; mostly points that appear "
    "at, or leave, (0, 0). See speed_spike_frames.",
    "bone_len_cv_pct": "Pools the lengths of different bones, so it is far above 15 % on clean clips. See "
    "bone_cv_max_pct.",
    "bone_outlier_frames": "Frames where a bone is 3.5 standard deviations off its mean length.",
    "body_size": "Median size of the body (shoulder to shoulder), in the units of X.",
    "own_clock": "Whether speeds use the file's own timestamps; False: 30 frames a second were assumed.",
    "speed_p95": "95th percentile over frames of the fastest point, seen in both frames, in body sizes a second.",
    "speed_max": "Fastest point of the clip, seen in both frames, in body sizes a second.",
    "speed_median": "Median over frames of the fastest point's speed: where the clip's own limit starts from.",
    "speed_mad": "Robust spread of that speed: 1.4826 x the median absolute deviation.",
    "bone_change_median": "Median over frames of the largest change of a bone's length, as a share of that length.",
    "bone_change_mad": "Robust spread of that change: 1.4826 x the median absolute deviation.",
    "speed_spike_frames": "Frames into which a point steps away from the points around it, faster than allowed.",
    "spike_max": "Fastest step of a point against the one around it that moves most like it; 0 where none stands out.",
    "cut_max": "Largest step of the middle one of all points, hands aside, in one frame.",
    "jitter_max": "Noise of each point for itself, lasting some frames: its standard deviation.",
    "swap_frames": "Frames in which left and right are exchanged.",
    "frozen_longest": "Longest run of frames that repeat the one before.",
    "bone_jump_max": "Largest change of a bone's length in one frame, in usual lengths; 0 where none stands out.",
    "content": "Equal for files that hold the same points, visibility and times.",
    "bone_cv_median_pct": "Variation of each bone's length over frames where both ends are seen: the median bone.",
    "bone_cv_max_pct": "Variation of each bone's length over frames where both ends are seen: the worst bone.",
    "bone_jump_frames": "Frames in which a bone's length changes abruptly.",
    "frozen_frames": "Frames that repeat the one before to the last digit.",
    "visible_at_origin_pct": "Points that the mask calls visible and that lie at (0, 0), where undetected go.",
    "mismatch_frames": "Frames with a visible point at (0, 0) that did not come there by itself.",
    "low_visibility_pct": "Share of frames with fewer visible points than the profile asks for.",
    "edge_pct": "Share of the seen points that lie on the picture's edge: clipped, mostly.",
    "pinned_longest": "Longest run of frames in which a point is held at the edge, or stuck while what it is joined "
    "to moves.",
    "gap_ratio": "Longest time between two frames, in usual frame times.",
    "unseen_any_pct": "Frames without any point of a group: the group seen least.",
    "unseen_both_hands_pct": "Frames without any point of a hand: the hand seen most.",
    "unseen_body_pct": "Frames without any point of a group: the group seen least, hands aside.",
    "unseen_all_pct": "Frames without any point of a group: the group seen most.",
    "dead_features_pct": "Share of the features that are the same in all frames.",
    "dead_excess_pct": "The same, less two for each feature that is nearly zero: a sparse network explains those.",
    "dead_rows": "Frames whose features are all zero, or all one value.",
    "repeated_rows": "Frames with the very features of an earlier frame.",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """What a measurement is held against.

    Attributes
    ----------
    text
        As shown: ``≤ 1``, ``≥ 5``, ``False``.
    exceeded
        Whether the value is on the wrong side.
    """

    text: str
    exceeded: bool


Number = int | float
_Rule = tuple[str, Callable[[Profile], object]]

# "<=": at most; ">": more than; "is": exactly. The right-hand side reads the profile and may find nothing there.
_RULES: dict[str, _Rule] = {
    "X_has_nan": ("is", lambda _: False),
    "X_has_inf": ("is", lambda _: False),
    "X_out_of_range": ("<=", lambda _: 0),
    "timestamps_monotonic": ("is", lambda _: True),
    "temporal_consistent": ("is", lambda _: True),
    "low_vis_frames": ("<=", lambda _: 0),
    "speed_spike_frames": ("<=", lambda _: 0),
    "bone_jump_frames": ("<=", lambda _: 0),
    "nan_values": ("<=", lambda _: 0),
    "inf_values": ("<=", lambda _: 0),
}


_LEVELS = {level.metric: level for rule in reversed(RULES) for level in reversed(rule.levels)}
"""The first level that looks at each figure: the mildest."""


def _seen(profile: Profile) -> object:
    missing = getattr(profile.limits, "group_missing_pct", None)
    return None if missing is None else 100 - missing


def limit_of(name: str, value: object, profile: Profile) -> Limit | None:
    """The limit of a measurement; None where it has none, or the profile does not say."""
    if (level := _LEVELS.get(name)) is not None and profile.kind == "keypoints":
        return _of_level(level, value, getattr(profile.limits, level.limit))
    rule = (">", _seen) if name.startswith("seen_") and name.endswith("_pct") else _RULES.get(name)
    if rule is None:
        return None
    sign, read = rule
    bound = read(profile)
    if bound is None or value is None:
        return None
    if sign == "is":
        return Limit(str(bound), value != bound)
    if not isinstance(bound, int | float) or not isinstance(value, int | float) or math.isnan(value):
        return None
    if sign == "<=":
        return Limit(f"≤ {bound:g}", value > bound)
    return Limit(f"> {bound:g}", value <= bound)


def _of_level(level: Level, value: object, bound: float) -> Limit | None:
    if not isinstance(value, int | float) or math.isnan(value):
        return None
    if level.reached:
        return Limit(f"< {bound:g}", value >= bound)
    return Limit(f"≤ {bound:g}", value > bound)


def unit_of(name: str) -> str:
    """Unit of a measurement by its name; empty for a plain number."""
    if name in _UNITS:
        return _UNITS[name]
    return next((unit for suffix, unit in _SUFFIXES.items() if name.endswith(suffix)), "")


def note_of(name: str) -> str:
    """What a measurement is, in a sentence; empty where its name says it."""
    if name.startswith("seen_") and name.endswith("_pct"):
        return "Share of frames in which any point of this group was seen."
    return _NOTES.get(name, "")
