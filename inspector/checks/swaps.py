"""Left taken for right. Callers mind numpy's warnings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.checks.anatomy import Anatomy, Index
from inspector.checks.arrays import AnyArray, ones
from inspector.checks.kinematics import Bool, Float, Motion
from inspector.checks.tracks import Tracks

_LOST_WRIST = 0.3  # body sizes that a hand is taken to be from its own wrist where that has no place
_FEWEST_PAIRS = 3
_FAR = np.float32(0.25)  # body sizes that both points of a pair step when they change places
_NEARER = 0.35  # of the way: so much of it is left when the mirror image's place before is taken as the start
_AT_ONCE = 2048  # frames whose pairs are looked at together: what bounds the memory


@dataclass(frozen=True, slots=True, eq=False)
class Swaps:
    """Frames in which left and right are exchanged.

    Attributes
    ----------
    crossed
        float32 (N,): how much nearer the hands are to the other arm's wrist than to their own, or elbows to the other
        shoulder, body sizes; NaN unknown.
    between
        bool (N,): frames between two moments at which left and right points change places.
    """

    crossed: Float
    between: Bool


def find_swaps(tracks: Tracks, moving: Motion, anatomy: Anatomy) -> Swaps:
    """Left taken for right: hands that sit on the other arm's wrist, and points that change places with their mirror.

    A hand's root lies on the wrist that the body's own points have of that arm; the difference of the distances to the
    two wrists, averaged over the hands that have a place, is far below 0 unless the hands are exchanged. So is that of
    an elbow's distances to the two shoulders, for arms that are exchanged with their hands. Where whole sides are,
    each of several pairs steps at once to where its mirror image was; frames from one such moment to
    the next are the exchanged ones (the fewer of the two kinds).
    """
    if not len(anatomy.attached):
        return Swaps(np.full(tracks.frames, np.nan, np.float32), _exchanged(tracks, moving, anatomy))
    bodies = tracks.segments.spread(moving.bodies.astype(np.float32))
    n = 2 * len(anatomy.attached)
    hands, wrists = anatomy.held_against[:n].T
    apart = tracks.between(anatomy.held_against)
    unknown = _placeless(tracks.xy, wrists)
    if np.count_nonzero(unknown):
        # A wrist that is hidden still has a place, and it will do. Where there is none, a hand by itself is taken for
        # its own arm's unless it lies on the other's wrist.
        sides = 2, n // 2, tracks.frames  # left and right; turned round, each has the other's
        single = _placeless(tracks.xy, hands).reshape(sides)[::-1].reshape(n, -1)
        lost = tracks.segments.spread((_LOST_WRIST * moving.bodies).astype(np.float32))
        np.copyto(apart[:n], lost, where=unknown)
        np.copyto(apart[:n], np.float32(np.nan), where=unknown & ~single)
        np.copyto(apart[n:].reshape(sides), np.float32(np.nan), where=unknown.reshape(sides)[::-1])
    differs = apart[:n] - apart[n:]
    differs[_placeless(tracks.xy, hands)] = np.nan  # not the mask: it may have been left as it was
    crossed = _mean_known(differs)
    if len(anatomy.swinging):
        apart = tracks.between(anatomy.swinging)
        m = len(apart) // 2
        differs = apart[:m] - apart[m:]
        differs += moving.hole.take(anatomy.swinging[:m, 0], axis=0)
        crossed = np.fmax(crossed, _mean_known(differs))
    crossed /= bodies
    return Swaps(crossed, _exchanged(tracks, moving, anatomy))


def _placeless(xy: AnyArray, points: Index) -> Bool:
    """Where points lie at (0, 0), as those that were not detected do, bool (m, N)."""
    x, y = xy.take(points, axis=1) == 0
    out: Bool = x & y
    return out


def _mean_known(values: Float) -> Float:
    """Mean over axis 0 of what is not NaN; the memory of `values` is used."""
    known = values == values
    values[~known] = 0
    out: Float = np.add.reduce(values, axis=0)
    out /= ones(len(values)) @ known.astype(np.float32)
    return out


def _exchanged(tracks: Tracks, moving: Motion, anatomy: Anatomy) -> Bool:
    """Frames between the moments at which pairs change places, bool (N,)."""
    out = np.zeros(tracks.frames, dtype=bool)
    if len(anatomy.pairs) < _FEWEST_PAIRS:
        return out
    left, right = anatomy.pairs.T
    both = moving.moved.take(left, axis=0) > _FAR
    both &= moving.moved.take(right, axis=0) > _FAR
    counts = ones(len(left)) @ both.astype(np.float32)
    near = (counts >= _FEWEST_PAIRS).nonzero()[0]
    if near.size:
        parts = [near[start : start + _AT_ONCE] for start in range(0, near.size, _AT_ONCE)]
        near = near[np.concatenate([_change(tracks.xy, left, right, both, at) for at in parts])]
    for clip in np.unique(tracks.segments.of[near]).tolist():
        at = tracks.segments.slices[clip]
        moments = near[(near >= at.start) & (near < at.stop)] - at.start
        odd: Bool = np.cumsum(np.bincount(moments, minlength=at.stop - at.start)) % 2 == 1
        out[at] = odd if 2 * np.count_nonzero(odd) <= len(odd) else ~odd
    return out


def _change(xy: AnyArray, left: Index, right: Index, far: Bool, frames: Index) -> Bool:
    """In which of some frames most of the pairs that step far, bool (pairs, N), change places."""
    far, ends = far.take(frames, axis=1), np.stack([left, right])[..., None]
    now, before = xy[:, ends, frames], xy[:, ends, frames - 1]
    x, y = now - before
    straight = np.hypot(x, y)
    x, y = now - before[:, ::-1]
    across = np.hypot(x, y)
    change = across[0] + across[1] < _NEARER * (straight[0] + straight[1])
    change &= far
    fewest = np.maximum(np.count_nonzero(far, axis=0), 2 * _FEWEST_PAIRS - 1)
    out: Bool = 2 * np.count_nonzero(change, axis=0) > fewest
    return out
