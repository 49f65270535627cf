"""Points that are held: at the picture's edge, or at one place while what they are joined to moves on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.checks.arrays import AnyArray
from inspector.checks.edges import SHORTEST, at_edges
from inspector.checks.kinematics import Motion
from inspector.checks.runs import Places, runs_of
from inspector.checks.segments import Segments
from inspector.checks.tracks import Tracks
from inspector.profiles.model import Measuring, Skeleton

Bool = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]

_NO_RUNS = np.zeros((0, 3), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Pinned:
    """Runs of frames in which a point is pinned.

    Attributes
    ----------
    edge_pct
        Of each clip the share of the seen points that lie on an edge; None without edges.
    longest
        float32 (N,): the longest run that covers each frame, 0 for none.
    runs
        Of each clip int64 (m, 3): point, first and last frame.
    """

    edge_pct: list[float | None]
    longest: npt.NDArray[np.float32]
    runs: list[Index]


def measure_pinned(
    moving: Motion,
    tracks: Tracks,
    still: Bool,
    misplaced: Mapping[int, Bool],
    skeleton: Skeleton | None,
    edges: tuple[float, float] | None,
    constants: Measuring,
) -> Pinned:
    """Find the points that are held; none without a skeleton, which says what is joined. Callers mind numpy's warnings.

    A look over all clips at once tells the few points that may be held from all others; only their clips are gone into.

    Parameters
    ----------
    misplaced
        Of the clips that have any, bool (J, T): points at (0, 0) that do not belong there. A few that stay there are
        pinned; most of a group was dropped.
    """
    clips = range(len(tracks.segments))
    found: list[list[Index]] = [[] for _ in clips]
    on = None if edges is None else Places(_on(tracks.xy, moving.seen, edges), tracks.segments)
    if skeleton is not None:
        joined = joined_points(skeleton)
        if on is not None:
            at_edges(found, on, moving, tracks, joined, constants)
        _stuck_ones(found, moving, tracks, still, joined, edges, constants)
        for clip, where in misplaced.items():
            if math.isfinite(moving.bodies[clip]):
                found[clip].append(_at_zero(where, skeleton))
    runs = [np.concatenate(some) if some else _NO_RUNS for some in found]
    longest = np.zeros(tracks.frames, np.float32)
    for some, frames in zip(runs, tracks.segments.slices, strict=True):
        for _, first, last in some:
            covered = longest[frames][first : last + 1]
            np.maximum(covered, last - first + 1, out=covered)
    shares: list[float | None] = [None for _ in clips] if on is None else [*_shares(on, moving.seen, tracks.segments)]
    return Pinned(shares, longest, runs)


def _on(xy: AnyArray, seen: Bool, edges: tuple[float, float]) -> Bool:
    """Which coordinates of seen points lie on an edge, bool (2, J, N)."""
    on: Bool = xy == edges[0]
    on |= xy == edges[1]
    on &= seen
    return on


def _shares(on: Places, seen: Bool, segments: Segments) -> Iterator[float]:
    """Of each clip how much of what is seen lies on an edge, in percent."""
    for held, frames in zip(np.add.reduce(on.counts, axis=0).tolist(), segments.slices, strict=True):
        yield held / int(np.count_nonzero(seen[:, frames])) * 100 if held else 0.0


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


def _stuck_ones(
    found: list[list[Index]],
    moving: Motion,
    tracks: Tracks,
    still: Bool,
    joined: Index,
    edges: tuple[float, float] | None,
    constants: Measuring,
) -> None:
    """Add each clip's runs of points that stay where they are."""
    same = tracks.steps == 0
    same &= moving.seen
    if np.count_nonzero(same) < SHORTEST - 1:
        return
    same[:, 1:] &= moving.seen[:, :-1]  # of a clip's first frame no step is known
    same &= ~still
    long = Places(same[None], tracks.segments).counts >= SHORTEST - 1
    for clip in np.logical_or.reduce(long, axis=0).nonzero()[0].tolist():
        frames, rows = tracks.segments.slices[clip], long[:, clip].nonzero()[0]
        place, first, last = runs_of(same[rows, frames], SHORTEST - 1)
        held = rows[place], first - 1, last
        runs = _stuck(held, moving.one(clip, frames), tracks.one(frames), joined, edges, constants)
        if len(runs):
            found[clip].append(runs)


def _stuck(
    held: tuple[Index, Index, Index],
    moving: Motion,
    tracks: Tracks,
    joined: Index,
    edges: tuple[float, float] | None,
    constants: Measuring,
) -> Index:
    """Runs of a point whose coordinates stay the same to the last digit while something joined to it moves.

    Frames that repeat the one before as a whole are another matter (``FROZEN_FRAMES``), and in a corner of the picture
    a clipped point has nowhere to go. `held` are points with the first and last frames in which they stay.
    """
    seen = moving.seen
    point, first, last = held
    if edges is not None and point.size:
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
