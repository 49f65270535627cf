"""Points that are held: at the picture's edge, or at one place while what they are joined to moves on.

A person who leaves the picture has points clipped to its edge, and in most clips some are. Clipping cannot take a
point farther from another one (it is a projection on a convex set, which shortens all distances), and it leaves a point
inside where it is. So a clipped point comes to the edge by its own motion and with its limb, and stays within its
limb's length; a pinned one jumps there alone, or is nowhere near what it is joined to.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from inspector.checks.arrays import AnyArray, row_counts
from inspector.checks.kinematics import Motion
from inspector.checks.runs import runs_of
from inspector.checks.tracks import Tracks
from inspector.profiles.model import Measuring, Skeleton

Bool = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]

SHORTEST = 6
"""Frames: shorter runs are not looked at, and no limit below finds more."""

_NO_RUNS = np.zeros((0, 3), np.int64)


def measure_pinned(
    moving: Motion,
    tracks: Tracks,
    still: Bool,
    misplaced: Bool,
    skeleton: Skeleton | None,
    edges: tuple[float, float] | None,
    constants: Measuring,
) -> tuple[dict[str, object], npt.NDArray[np.float32], Index]:
    """Runs of frames in which a point is pinned. Callers mind numpy's warnings.

    Parameters
    ----------
    misplaced
        bool (J, T): points at (0, 0) that do not belong there. A few that stay there are pinned; most of a group was
        dropped.

    Returns
    -------
    values
        ``edge_pct``: share of the seen points that lie on an edge, None without edges. ``pinned_longest``: frames of
        the longest run of any point, 0 for none; None without a skeleton that says what is joined.
    longest
        float32 (T,): the longest run that covers each frame, 0 for none.
    runs
        int64 (n, 3): point, first and last frame.
    """
    seen = moving.seen
    longest = np.zeros(tracks.frames, np.float32)
    values: dict[str, object] = {"edge_pct": None, "pinned_longest": None}
    on, held = None, 0
    if edges is not None:
        on = tracks.xy == edges[0]
        on |= tracks.xy == edges[1]
        on &= seen
        either = on[0] | on[1]
        held = int(np.count_nonzero(either))
        values["edge_pct"] = held / np.count_nonzero(seen) * 100 if held else 0.0
    if skeleton is None:
        return values, longest, _NO_RUNS
    found: list[Index] = []
    if math.isfinite(moving.body):
        if held >= SHORTEST and on is not None:
            found.append(_at_edge(on, either, moving, tracks, joined_points(skeleton), constants))
        found.append(_stuck(moving, tracks, still, joined_points(skeleton), edges, constants))
        found.append(_at_zero(misplaced, skeleton))
    found = [some for some in found if len(some)]
    values["pinned_longest"] = 0
    if not found:
        return values, longest, _NO_RUNS
    runs = np.concatenate(found)
    for _, first, last in runs:
        np.maximum(longest[first : last + 1], last - first + 1, out=longest[first : last + 1])
    values["pinned_longest"] = int(longest.max())
    return values, longest, runs


def _at_zero(misplaced: Bool, skeleton: Skeleton) -> Index:
    """Runs of points at (0, 0), where fewer than half of the group are."""
    if not np.count_nonzero(misplaced):
        return _NO_RUNS
    few = misplaced.copy()
    for group in skeleton.groups:
        points = list(group.points)
        dropped = 2 * np.count_nonzero(misplaced[points], axis=0) >= len(points)
        few[points] &= ~dropped
    found: Index = np.stack(runs_of(few, SHORTEST), axis=1)
    return found


def _at_edge(on: Bool, either: Bool, moving: Motion, tracks: Tracks, joined: Index, constants: Measuring) -> Index:
    """Runs of a point at an edge that it did not come to by itself.

    Where the point is seen off the edge before or after: it goes there farther than `pin_jump` body sizes across the
    edge, and so much farther than anything joined to it that is not at the edge. Where nothing is seen of how it came
    or went: it is farther from the edge to everything joined than `pin_stretch` times as far as anything else is from
    that.
    """
    joints, seen = tracks.joints, moving.seen
    limit = np.float32(constants.pin_jump * moving.body)
    held = np.flatnonzero(row_counts(either) >= SHORTEST)
    if not held.size:
        return _NO_RUNS
    suspects = _suspects(on, either.take(held, axis=0), held, moving, tracks, joined, limit)
    if not suspects.size:
        return _NO_RUNS
    rows = np.concatenate([suspects, suspects + joints])
    place, first, last = runs_of(on.reshape(2 * joints, -1).take(rows, axis=0), SHORTEST)
    if not place.size:
        return _NO_RUNS
    row = rows[place]
    flat = tracks.xy.reshape(2 * joints, -1)
    point, edge = row % joints, flat[row, first]
    outside = np.concatenate([first - 1, last + 1])
    off = np.minimum(np.maximum(outside, 0), tracks.frames - 1)
    own = np.abs(flat[np.concatenate([row, row]), off] - np.concatenate([edge, edge]))
    own[(outside != off) | ~seen[np.concatenate([point, point]), off]] = np.nan
    own = np.fmax(own[: len(row)], own[len(row) :])
    pinned = own > limit
    if pinned.any():
        far = np.flatnonzero(pinned)
        pinned[far] = _alone(flat, seen, joined, (row[far], first[far], last[far]), limit)
    unknown = np.flatnonzero(own != own)
    if unknown.size:
        at = row[unknown], ((first + last) // 2)[unknown]
        pinned[unknown] = _stretched(tracks.xy, seen, joined, at, limit, constants.pin_stretch)
    found: Index = np.stack([point, first, last], axis=1)[pinned]
    return found


def _suspects(
    on: Bool, either: Bool, held: Index, moving: Motion, tracks: Tracks, joined: Index, limit: np.float32
) -> Index:
    """Points that step over the limit to an edge or off it, or are so far across it from everything joined to them.

    All that `_at_edge` tells is among them, and few others, though most clips have some point at an edge. `either` is
    on any edge, bool (n, T) of the points `held`, which are there long enough.
    """
    seen, flat, frames = moving.seen.reshape(-1), tracks.xy.reshape(-1), tracks.frames
    when = either.argmax(axis=1)
    at = held * frames + when
    side = np.where(on[0].reshape(-1).take(at), 0, seen.size)  # where the rows of that coordinate begin
    around = joined.take(held, axis=0)
    beside = around * frames + when[:, None]
    across = np.abs(flat.take(beside + side[:, None]) - flat.take(at + side)[:, None])
    across[~seen.take(beside) | (around == held[:, None])] = np.inf
    nearest = np.minimum.reduce(across, axis=1)
    found = (nearest > limit) & (nearest < np.inf)
    stepping = either[:, 1:] != either[:, :-1]
    stepping &= tracks.steps.take(held, axis=0) > limit
    if np.count_nonzero(stepping):
        shown = moving.seen.take(held, axis=0)
        stepping &= shown[:, 1:] & shown[:, :-1]
        found |= np.logical_or.reduce(stepping, axis=1)
    suspects: Index = held[found]
    return suspects


def _alone(flat: AnyArray, seen: Bool, joined: Index, runs: tuple[Index, Index, Index], limit: np.float32) -> Bool:
    """Whether a point goes farther than anything joined to it, by more than the limit, as it enters or leaves a run.

    All across the edge: `flat` is (2J, T), rows of x and then rows of y, and `runs` begins with such rows.
    """
    (joints, frames), n = seen.shape, len(runs[0])
    row, off = np.concatenate([runs[0], runs[0]]), np.concatenate([runs[1] - 1, runs[2] + 1])
    at = np.concatenate([runs[1], runs[2]])
    inside = (off >= 0) & (off < frames)
    off = np.where(inside, off, at)
    point, edge = row % joints, flat[row, at]
    around = joined[point]
    beside = around + (row - point)[:, None]
    then, now = off[:, None], at[:, None]
    here = flat[beside, now]
    free = seen[around, then] & seen[around, now]
    free &= here != edge[:, None]  # also leaves out the point itself, which fills up its row
    moved = np.abs(here - flat[beside, then])
    moved[~free] = -np.inf
    most = np.maximum.reduce(moved, axis=1)
    alone = inside & seen[point, off] & (most >= 0) & (np.abs(flat[row, off] - edge) - most > limit)
    either: Bool = alone[:n] | alone[n:]
    return either


def _stretched(
    xy: AnyArray, seen: Bool, joined: Index, at: tuple[Index, Index], limit: np.float32, stretch: float
) -> Bool:
    """Whether points at an edge, each in one frame, are out of all proportion away from everything joined to them.

    `at` are rows of x and then rows of y, as in `_alone`, and frames.
    """
    (row, frame), joints = at, seen.shape[0]
    flat, point = xy.reshape(2 * joints, -1), row % joints
    around, when = joined[point], frame[:, None]
    gap = np.abs(flat[around + (row - point)[:, None], when] - flat[row, frame][:, None])
    gap[~seen[around, when] | (around == point[:, None])] = np.inf
    nearest = np.minimum.reduce(gap, axis=1)
    far: Bool = (nearest > limit) & (nearest < np.inf)
    for k in np.flatnonzero(far):
        ratios = []
        for one, across in zip(around[k], gap[k], strict=True):
            other = joined[one]
            other = other[seen[other, frame[k]] & (other != point[k]) & (other != one)]
            if across < np.inf and other.size:
                apart = np.hypot(*(xy[:, other, frame[k]] - xy[:, one, frame[k], None])).max()
                ratios.append(across > stretch * apart)
        far[k] = bool(ratios) and all(ratios)
    return far


def _stuck(
    moving: Motion,
    tracks: Tracks,
    still: Bool,
    joined: Index,
    edges: tuple[float, float] | None,
    constants: Measuring,
) -> Index:
    """Runs of a point whose coordinates stay the same to the last digit while something joined to it moves.

    Frames that repeat the one before as a whole are another matter (``FROZEN_FRAMES``), and in a corner of the picture
    a clipped point has nowhere to go.
    """
    seen = moving.seen
    same = tracks.steps == 0
    same &= seen[:, 1:]
    if np.count_nonzero(same) < SHORTEST - 1:
        return _NO_RUNS
    same &= seen[:, :-1]
    same &= ~still[1:]
    rows = np.flatnonzero(row_counts(same) >= SHORTEST - 1)
    place, first, last = runs_of(same.take(rows, axis=0), SHORTEST - 1)
    point, last = rows[place], last + 1
    if edges is not None and place.size:
        xy = tracks.xy[:, point, first]
        cornered = ((xy == edges[0]) | (xy == edges[1])).all(axis=0)
        point, first, last = (a[~cornered] for a in (point, first, last))
    if not point.size:
        return _NO_RUNS
    around = joined[point][:, :, None]
    quarters = first[:, None] + (last - first)[:, None] * np.arange(1, 5) // 4
    begin, later = first[:, None, None], quarters[:, None, :]
    both = seen[around, begin] & seen[around, later]
    gone = np.hypot(*(tracks.xy[:, around, later] - tracks.xy[:, around, begin]))
    most = np.where(both, gone, 0).max(axis=(1, 2))
    found: Index = np.stack([point, first, last], axis=1)[most > constants.stuck_motion * moving.body]
    return found


_known: dict[int, tuple[Skeleton, Index]] = {}


def joined_points(skeleton: Skeleton) -> Index:
    """For each point those that a bone or contour joins to it, int64 (J, K); a row is filled up with the point itself.

    A point that nothing, or only one other by itself, is joined to has its group besides. The same array for the same
    skeleton.
    """
    found = _known.get(id(skeleton))
    if found is None or found[0] is not skeleton:
        if len(_known) >= 32:  # profiles that were edited over and over
            _known.clear()
        found = _known[id(skeleton)] = skeleton, _join(skeleton)
    return found[1]


def _join(skeleton: Skeleton) -> Index:
    near: list[set[int]] = [set() for _ in skeleton.points]
    for a, b in (*skeleton.bones, *skeleton.contours):
        near[a].add(b)
        near[b].add(a)
    width = max((len(others) for others in near), default=1) or 1
    alone = [point for point, others in enumerate(near) if len(others.union(*(near[q] for q in others))) <= 2]
    for point in alone:
        rest = sorted(q for group in skeleton.groups if point in group.points for q in group.points if q != point)
        near[point] = {*near[point], *rest[:width]}
    width = max([width, *(len(others) for others in near)])
    rows = [sorted(others) + [point] * (width - len(others)) for point, others in enumerate(near)]
    return np.array(rows, np.int64).reshape(len(near), width)
