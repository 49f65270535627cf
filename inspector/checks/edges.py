"""Points that are held at the picture's edge.

A person who leaves the picture has points clipped to its edge, and in most clips some are. Clipping cannot take a
point farther from another one (it is a projection on a convex set, which shortens all distances), and it leaves a point
inside where it is. So a clipped point comes to the edge by its own motion and with its limb, and stays within its
limb's length; a pinned one jumps there alone, or is nowhere near what it is joined to.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from inspector.checks.arrays import AnyArray
from inspector.checks.kinematics import Float, Motion
from inspector.checks.runs import Places, runs_of
from inspector.checks.tracks import Tracks
from inspector.profiles.model import Measuring

Bool = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]

SHORTEST = 6
"""Frames: shorter runs are not looked at, and no limit below finds more."""

_NO_RUNS = np.zeros((0, 3), np.int64)


def at_edges(
    found: list[list[Index]], on: Places, moving: Motion, tracks: Tracks, joined: Index, constants: Measuring
) -> None:
    """Add each clip's runs of points at an edge."""
    limits = (constants.pin_jump * moving.bodies).astype(np.float32)
    points, clips = _suspects(on, moving, tracks, joined, limits)
    for clip in np.unique(clips).tolist():
        frames = tracks.segments.slices[clip]
        suspects, own = points[clips == clip], moving.one(clip, frames)
        runs = _at_edge(on.by_axis[..., frames], suspects, own, tracks.one(frames), joined, constants)
        if len(runs):
            found[clip].append(runs)


def _at_edge(on: Bool, suspects: Index, moving: Motion, tracks: Tracks, joined: Index, constants: Measuring) -> Index:
    """Runs of a point at an edge that it did not come to by itself, in one clip.

    Where the point is seen off the edge before or after: it goes there farther than `pin_jump` body sizes across the
    edge, and so much farther than anything joined to it that is not at the edge. Where nothing is seen of how it came
    or went: it is farther from the edge to everything joined than `pin_stretch` times as far as anything else is from
    that.
    """
    joints, seen = tracks.joints, moving.seen
    limit = np.float32(constants.pin_jump * moving.body)
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


def _suspects(on: Places, moving: Motion, tracks: Tracks, joined: Index, limits: Float) -> tuple[Index, Index]:
    """Points that step over the limit to an edge or off it, or are so far across it from everything joined to them.

    All that `_at_edge` tells is among them, and few others, though most clips have some point at an edge.

    Parameters
    ----------
    limits
        float32 (n,), of each clip.

    Returns
    -------
    points, clips
        int64 (k,); in clips whose body is known and finite, of points that are on an edge for long enough.
    """
    held = (on.counts.reshape(-1) >= SHORTEST).nonzero()[0]
    point, clip = np.divmod(held, len(limits))
    known = np.isfinite(moving.bodies[clip])
    held, point, clip = held[known], point[known], clip[known]
    if not held.size:
        return held, held
    seen, flat, frames = moving.seen.reshape(-1), tracks.xy.reshape(-1), tracks.frames
    at, limit = on.at[on.begins[held]], limits[clip]
    side = np.where(on.by_axis[0].reshape(-1).take(at), 0, seen.size)  # where the rows of that coordinate begin
    around = joined.take(point, axis=0)
    beside = around * frames + (at - point * frames)[:, None]
    across = np.abs(flat.take(beside + side[:, None]) - flat.take(at + side)[:, None])
    across[~seen.take(beside) | (around == point[:, None])] = np.inf
    nearest = np.minimum.reduce(across, axis=1)
    suspected = (nearest > limit) & (nearest < np.inf)
    suspected |= _stepping(on, seen, tracks, limits)[held]
    return point[suspected], clip[suspected]


def _stepping(on: Places, seen: Bool, tracks: Tracks, limits: Float) -> Bool:
    """Which points step over the limit to an edge or off it, bool (J n,) for each clip of each point.

    No way leads over a clip's border: what is into its first frame is NaN.
    """
    at, steps = on.at, tracks.steps.reshape(-1)
    apart = (at[1:] - at[:-1] != 1).nonzero()[0]
    comes, leaves = np.append(at[:1], at[apart + 1]), np.append(at[apart], at[-1:])
    comes = comes[seen.take(comes - 1)]  # of the very first, some other place: its step is not known anyway
    leaves = leaves[leaves + 1 < seen.size] + 1
    into = np.concatenate([comes, leaves[seen.take(leaves)]])
    point, frame = np.divmod(into, tracks.frames)
    clip = tracks.segments.of.take(frame)
    over = steps.take(into) > limits.take(clip)
    out = np.zeros(on.counts.size, dtype=bool)
    out[(point * len(limits) + clip)[over]] = True
    return out


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
