"""What the detector saw of the points: too few of them, none of a group, and points that are visible yet nowhere."""

from __future__ import annotations

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
Parts = tuple[dict[str, object], dict[str, AnyArray], dict[str, AnyArray]]


def measure_detection(
    moving: Motion,
    tracks: Tracks,
    shown: AnyArray,
    still: Bool,
    skeleton: Skeleton | None,
    edges: tuple[float, float] | None,
    constants: Measuring,
) -> Parts:
    """Flat values, per-frame series and details of all that concerns what was seen. Callers mind numpy's warnings.

    Parameters
    ----------
    shown
        Visible points of each frame, float32 (T,); NaN where the mask does not say.
    still
        Frames that repeat the one before to the last digit, bool (T,).
    edges
        The least and the greatest that a coordinate can be, where it is known.

    Returns
    -------
    values
        ``low_visibility_pct``; ``seen_GROUP_pct`` and ``unseen_*_pct`` (see `unseen`); ``mismatch_frames``;
        ``visible_at_origin_pct``; ``edge_pct`` and ``pinned_longest`` (see `pinned`).
    series
        ``mismatch``, bool (T,); ``pinned``, float32 (T,).
    details
        ``group_seen``, bool (groups, T); ``mismatch_points``, bool (J,); ``pinned_runs``, int64 (n, 3).
    """
    few = np.count_nonzero(shown < constants.low_visible_points)
    values: dict[str, object] = {"low_visibility_pct": float(few / len(shown) * 100)}
    seen_pct: dict[str, float] = {}
    details: dict[str, AnyArray] = {}
    if skeleton is not None:
        details["group_seen"] = group_seen(moving.seen, skeleton)
        named = zip(skeleton.groups, details["group_seen"], strict=True)
        seen_pct = {group.name: _share(frames) for group, frames in named}
        values |= {f"seen_{name}_pct": share for name, share in seen_pct.items()}
    values |= unseen(seen_pct)
    mismatch = misplaced(moving, tracks, skeleton, constants.origin_reach)
    frames = np.logical_or.reduce(mismatch, axis=0) if mismatch is not moving.at_origin else _none(mismatch)
    values["mismatch_frames"] = int(np.count_nonzero(frames))
    values["visible_at_origin_pct"] = _share(moving.at_origin)
    flat, pinned, runs = measure_pinned(moving, tracks, still, mismatch, skeleton, edges, constants)
    details |= {"mismatch_points": np.logical_or.reduce(mismatch, axis=1), "pinned_runs": runs}
    return values | flat, {"mismatch": frames, "pinned": pinned}, details


def unseen(seen_pct: dict[str, float]) -> dict[str, object]:
    """How much of the clip's frames groups are missing in, from the shares in which they are seen.

    Returns
    -------
    dict
        ``unseen_any_pct`` of the group that is seen least; ``unseen_both_hands_pct`` of the hand that is seen most,
        where there are two; ``unseen_body_pct`` of the group seen least that is no hand; ``unseen_all_pct`` of the
        group that is seen most. None where there is no such group.
    """
    if not seen_pct:
        return dict.fromkeys(("unseen_any_pct", "unseen_both_hands_pct", "unseen_body_pct", "unseen_all_pct"))
    hands = [100 - share for name, share in seen_pct.items() if is_hand(name)]
    body = [100 - share for name, share in seen_pct.items() if not is_hand(name)]
    return {
        "unseen_any_pct": max(hands + body),
        "unseen_both_hands_pct": min(hands) if len(hands) > 1 else None,
        "unseen_body_pct": max(body) if body else None,
        "unseen_all_pct": min(hands + body),
    }


def misplaced(moving: Motion, tracks: Tracks, skeleton: Skeleton | None, reach: float) -> Bool:
    """Points that the mask calls visible at (0, 0) where they cannot be, bool (J, T).

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


def _none(where: Bool) -> Bool:
    return np.zeros(where.shape[1], dtype=bool)


def _share(where: AnyArray) -> float:
    return float(np.count_nonzero(where) / where.size * 100.0) if where.size else 0.0
