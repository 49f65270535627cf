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


def at_edges(
    found: list[list[Index]], on: Places, moving: Motion, tracks: Tracks, joined: Index, constants: Measuring
) -> None:
    """Add each clip's runs of points at an edge that they did not come to by themselves.

    Where the point is seen off the edge before or after: it goes there farther than `pin_jump` body sizes across the
    edge, and so much farther than anything joined to it that is not at the edge. Where nothing is seen of how it came
    or went: it is farther from the edge to everything joined than `pin_stretch` times as far as anything else is from
    that.
    """
    joints, seen, segments = tracks.joints, moving.seen, tracks.segments
    limits = (constants.pin_jump * moving.bodies).astype(np.float32)
    suspects = _suspects(on, moving, tracks, joined, limits)
    points = np.logical_or.reduce(suspects, axis=1).nonzero()[0]
    if not points.size:
        return
    rows = np.concatenate([points, points + joints])
    place, first, last = runs_of(on.by_axis.reshape(2 * joints, -1).take(rows, axis=0), SHORTEST, segments)
    row, clip = rows[place], segments.of.take(first)
    wanted = suspects[row % joints, clip]
    row, first, last, clip = row[wanted], first[wanted], last[wanted], clip[wanted]
    if not row.size:
        return
    flat = tracks.xy.reshape(2 * joints, -1)
    point, edge, limit, twice = row % joints, flat[row, first], limits[clip], np.concatenate([clip, clip])
    outside = np.concatenate([first - 1, last + 1])
    off = np.minimum(np.maximum(outside, segments.starts[twice]), segments.ends[twice] - 1)
    inside = outside == off
    own = np.abs(flat[np.concatenate([row, row]), off] - np.concatenate([edge, edge]))
    own[~(inside & seen[np.concatenate([point, point]), off])] = np.nan
    own = np.fmax(own[: len(row)], own[len(row) :])
    pinned = own > limit
    far = pinned.nonzero()[0]
    if far.size:
        ends = np.concatenate([far, far + len(row)])
        ways = np.concatenate([row[far], row[far]]), np.concatenate([first[far], last[far]]), off[ends]
        alone = _alone(flat, seen, joined, ways, np.concatenate([limit[far], limit[far]]))
        pinned[far] = alone[: far.size] | alone[far.size :]
    unknown = (own != own).nonzero()[0]
    if unknown.size:
        at = row[unknown], ((first + last) // 2)[unknown]
        pinned[unknown] = _stretched(tracks.xy, seen, joined, at, limit[unknown], constants.pin_stretch)
    starts = segments.starts[clip]
    runs = np.stack([point, first - starts, last - starts], axis=1)
    for one in np.unique(clip[pinned]).tolist():
        found[one].append(runs[pinned & (clip == one)])


def _suspects(on: Places, moving: Motion, tracks: Tracks, joined: Index, limits: Float) -> Bool:
    """Points that step over the limit to an edge or off it, or are so far across it from everything joined to them.

    All that `at_edges` tells is among them, and few others, though most clips have some point at an edge.

    Parameters
    ----------
    limits
        float32 (n,), of each clip.

    Returns
    -------
    ndarray
        bool (J, n), of each clip whose body is known and finite; the points are on an edge for long enough.
    """
    out = np.zeros(on.counts.shape, dtype=bool)
    held = (on.counts.reshape(-1) >= SHORTEST).nonzero()[0]
    point, clip = np.divmod(held, len(limits))
    known = np.isfinite(moving.bodies[clip])
    held, point, clip = held[known], point[known], clip[known]
    if not held.size:
        return out
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
    out[point, clip] = suspected
    return out


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


def _alone(flat: AnyArray, seen: Bool, joined: Index, ways: tuple[Index, Index, Index], limit: Float) -> Bool:
    """Whether points go farther than anything joined to them, by more than the limit, between an edge and off it.

    All across the edge: `flat` is (2J, N), rows of x and then rows of y, and `ways` are such rows, the frame at the
    edge and the one off it.
    """
    row, at, off = ways
    point, edge = row % len(seen), flat[row, at]
    around = joined[point]
    beside = around + (row - point)[:, None]
    then, now = off[:, None], at[:, None]
    here = flat[beside, now]
    free = seen[around, then] & seen[around, now]
    free &= here != edge[:, None]  # also leaves out the point itself, which fills up its row
    moved = np.abs(here - flat[beside, then])
    moved[~free] = -np.inf
    most = np.maximum.reduce(moved, axis=1)
    alone: Bool = seen[point, off] & (most >= 0) & (np.abs(flat[row, off] - edge) - most > limit)
    return alone


def _stretched(xy: AnyArray, seen: Bool, joined: Index, at: tuple[Index, Index], limit: Float, stretch: float) -> Bool:
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
