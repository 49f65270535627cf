"""What the detector saw of the points: too few of them, none of a group, and points that are visible yet nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checks.anatomy import is_hand
from inspector.checks.arrays import AnyArray
from inspector.checks.kinematics import Motion, group_seen
from inspector.checks.pinned import joined_points, measure_pinned
from inspector.checks.runs import runs_of
from inspector.checks.tracks import Tracks
from inspector.profiles.model import Measuring, Skeleton

Bool = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Detected:
    """What is found of each clip.

    Attributes
    ----------
    values
        ``low_visibility_pct``; ``seen_GROUP_pct`` and ``unseen_*_pct`` (see `unseen`); ``mismatch_frames``;
        ``visible_at_origin_pct``; ``edge_pct``: share of the seen points that lie on an edge, None without edges;
        ``pinned_longest``: frames of the longest run of any point, 0 for none, None without a skeleton.
    mismatch
        bool (N,): frames in which a point is visible at (0, 0) where it cannot be.
    pinned
        float32 (N,): the longest run of any point that covers each frame, 0 for none.
    group_seen
        bool (groups, N): in which frames any point of a group is seen; None without a skeleton.
    mismatch_points
        bool (n, J).
    pinned_runs
        Of each clip int64 (m, 3): point, first and last frame.
    """

    values: list[dict[str, object]]
    mismatch: Bool
    pinned: npt.NDArray[np.float32]
    group_seen: Bool | None
    mismatch_points: Bool
    pinned_runs: list[Index]

    @property
    def series(self) -> dict[str, AnyArray]:
        """What there is of each frame, of all clips."""
        return {"mismatch": self.mismatch, "pinned": self.pinned}

    def details(self, clip: int, frames: slice) -> dict[str, AnyArray]:
        """What names the points of a clip, which lies in these frames."""
        seen = {} if self.group_seen is None else {"group_seen": self.group_seen[:, frames]}
        return seen | {"mismatch_points": self.mismatch_points[clip], "pinned_runs": self.pinned_runs[clip]}


def measure_detection(
    moving: Motion,
    tracks: Tracks,
    shown: AnyArray,
    still: Bool,
    skeleton: Skeleton | None,
    edges: tuple[float, float] | None,
    constants: Measuring,
) -> Detected:
    """All that concerns what was seen of the points, of each clip. Callers mind numpy's warnings.

    Parameters
    ----------
    shown
        Visible points of each frame, float32 (N,); NaN where the mask does not say.
    still
        Frames that repeat the one before to the last digit, bool (N,).
    edges
        The least and the greatest that a coordinate can be, where it is known.
    """
    segments = tracks.segments
    lengths, groups = segments.lengths, () if skeleton is None else skeleton.groups
    few = segments.count(shown < constants.low_visible_points)
    columns: dict[str, list[Any]] = {"low_visibility_pct": (few / lengths * 100).tolist()}
    seen = None if skeleton is None else group_seen(moving.seen, skeleton)
    seen_pct = np.zeros((0, len(segments))) if seen is None else segments.count(seen) / lengths * 100
    names = [group.name for group in groups]
    columns |= {f"seen_{name}_pct": each for name, each in zip(names, seen_pct.tolist(), strict=True)}
    columns |= unseen(names, seen_pct)
    mismatch, points = np.zeros(tracks.frames, dtype=bool), np.zeros((len(segments), tracks.joints), dtype=bool)
    at_origin, wrong = np.zeros(len(segments)), {}
    if np.count_nonzero(moving.at_origin):
        for clip in segments.largest(np.logical_or.reduce(moving.at_origin, axis=0)).nonzero()[0].tolist():
            frames = segments.slices[clip]
            own = moving.one(clip, frames)
            at_origin[clip] = np.count_nonzero(own.at_origin) / own.at_origin.size * 100
            wrong[clip] = misplaced(own, tracks.one(frames), skeleton, constants.origin_reach)
            np.logical_or.reduce(wrong[clip], axis=0, out=mismatch[frames])
            np.logical_or.reduce(wrong[clip], axis=1, out=points[clip])
    pinned = measure_pinned(moving, tracks, still, wrong, skeleton, edges, constants)
    columns["mismatch_frames"] = segments.count(mismatch).tolist()
    columns["visible_at_origin_pct"] = at_origin.tolist()
    columns["edge_pct"] = pinned.edge_pct
    longest = [None] * len(segments) if skeleton is None else segments.largest(pinned.longest).astype(np.int64).tolist()
    columns["pinned_longest"] = longest
    values = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return Detected(values, mismatch, pinned.longest, seen, points, pinned.runs)


def unseen(names: Sequence[str], seen_pct: npt.NDArray[np.float64]) -> dict[str, list[float] | list[None]]:
    """How much of each clip's frames groups are missing in.

    Parameters
    ----------
    names, seen_pct
        Of the groups, and float64 (groups, n): the share of each clip's frames in which they are seen.

    Returns
    -------
    dict
        ``unseen_any_pct`` of the group that is seen least; ``unseen_both_hands_pct`` of the hand that is seen most,
        where there are two; ``unseen_body_pct`` of the group seen least that is no hand; ``unseen_all_pct`` of the
        group that is seen most. None where there is no such group.
    """
    missing = 100 - seen_pct
    hands = [row for row, name in enumerate(names) if is_hand(name)]
    body = [row for row, name in enumerate(names) if not is_hand(name)]
    none: list[None] = [None] * seen_pct.shape[1]
    return {
        "unseen_any_pct": missing.max(axis=0).tolist() if names else none,
        "unseen_both_hands_pct": missing[hands].min(axis=0).tolist() if len(hands) > 1 else none,
        "unseen_body_pct": missing[body].max(axis=0).tolist() if body else none,
        "unseen_all_pct": missing.min(axis=0).tolist() if names else none,
    }


def misplaced(moving: Motion, tracks: Tracks, skeleton: Skeleton | None, reach: float) -> Bool:
    """Points of a clip that the mask calls visible at (0, 0) where they cannot be, bool (J, T).

    A person who leaves the picture by its corner takes points there that really are clipped to (0, 0). Such a point
    is close to the corner in the frame before and after, as far as it is seen there, or one that is joined to it is.
    A point that was lost comes to the origin from afar, or nothing says where it should be.

    Parameters
    ----------
    reach
        Body sizes from the corner that are close.
    """
    lost = moving.at_origin
    if not np.count_nonzero(lost):
        return lost
    close = np.float32(reach * moving.body)
    seen, frames = moving.seen, tracks.frames
    row, first, last = runs_of(lost, 1)
    ends = np.stack([first - 1, last + 1])
    inside = np.clip(ends, 0, frames - 1)
    known = (ends == inside) & seen[row, inside]
    far = np.hypot(*tracks.xy[:, row, inside]) > close
    belongs = np.isfinite(close) & known.any(axis=0) & ~(known & far).any(axis=0)
    if skeleton is not None and not known.any(axis=0).all():
        around = joined_points(skeleton)[row]
        beside = seen[around, first[:, None]] & (np.hypot(*tracks.xy[:, around, first[:, None]]) <= close)
        belongs |= ~known.any(axis=0) & beside.any(axis=1)
    if not belongs.any():
        return lost.copy()
    out = lost.copy()
    for point, start, stop in zip(row[belongs], first[belongs], last[belongs], strict=True):
        out[point, start : stop + 1] = False
    return out
