"""Faults of motion: points that jump, cuts, swapped sides, trembling, repeated frames. Callers mind numpy's warnings.

All lengths are in body sizes, so that near and far people are held against the same limits. What a check yields does
not depend on `Limits`: it is how strong the fault would be, frame by frame, and judging says from where on it is one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.checks.anatomy import CHAINS, Anatomy, Index
from inspector.checks.arrays import AnyArray, median_of_sorted
from inspector.checks.kinematics import STANDS_OUT, Bool, Float, Motion, centre_and_spread_of_sorted
from inspector.checks.tracks import Tracks
from inspector.profiles.model import Measuring

_OFF_ARM = 0.6
"""A hand's step off its arm counts by so much: arm and hand come from two detectors, which differ most in fast signs."""

_LONGEST = np.float32(0.05)
"""Seconds: a jump in a longer time is judged as if it took so long, else slow cameras would hide it."""

_CUT_RATE = np.float32(25)
"""Frames a second: in a longer time than one of these the whole body may go farther."""

_FEWEST_FRAMES = 16
"""A clip with fewer frames has no level of its own from which a frame could stand out."""

_WINDOW = 5
"""Frames that are looked at together: trembling must show in four of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Spikes:
    """Steps of single points that none of their neighbours takes.

    Attributes
    ----------
    points, frames
        int64 (n,): which point, and the frame it steps into.
    speeds
        float32 (n,): by how much more than the neighbour that moves most like it, body sizes/s.
    """

    points: Index
    frames: Index
    speeds: Float


@dataclass(frozen=True, slots=True, eq=False)
class Swaps:
    """Frames in which left and right are exchanged.

    Attributes
    ----------
    crossed
        float32 (T,): how much nearer the hands are to the other arm's wrist than to their own, body sizes; NaN unknown.
    between
        bool (T,): frames between two moments at which left and right points change places.
    """

    crossed: Float
    between: Bool


def elapsed_of(seconds: AnyArray) -> Float:
    """Seconds from the frame before, float32 (T,), at least half of the usual: stamps that bunch up make no speed.

    The first one is the usual time; where there is none, 0.
    """
    out = np.zeros(len(seconds), np.float32)
    np.subtract(seconds[1:], seconds[:-1], out=out[1:], casting="same_kind")
    ordered = np.sort(out[1:])
    forward = ordered[ordered.searchsorted(0, side="right") :]
    if forward.size:
        out[0] = median_of_sorted(forward)
        np.maximum(out, out[0] / 2, out=out)
    return out


def find_spikes(
    tracks: Tracks, moving: Motion, anatomy: Anatomy, seconds: AnyArray, cuts: Float, rules: Measuring
) -> Spikes:
    """Every step that is fast, that no neighbour shares, and that stands out in its group.

    The speed of a step against the neighbour (along at most two bones) that moves most like it: a hand that really
    moves takes its points along, a point that the detector lost leaves them. Kept is what is beyond median + 8 scaled
    deviations of the worst such speed in each frame of its group, so that a clip whose points always jump is judged by
    its own level. A hand that jumps as a whole is held against its arm. Steps at a cut are the cut's.
    """
    fast = np.flatnonzero(moving.speeds > np.float32(rules.spike_floor))
    points, frames = np.divmod(fast, tracks.frames)
    own = np.isfinite(cuts[frames]) & (cuts[frames] > rules.cut_floor)
    points, frames = points[~own], frames[~own]
    if not points.size or not np.isfinite(moving.body):
        return Spikes(points[:0], frames[:0], np.zeros(0, np.float32))
    near, at = anatomy.neighbours[points], frames[:, None]
    x, y = tracks.xy
    dx = x[near, at] - x[near, at - 1]
    dx -= (x[points, frames] - x[points, frames - 1])[:, None]
    dy = y[near, at] - y[near, at - 1]
    dy -= (y[points, frames] - y[points, frames - 1])[:, None]
    apart = np.hypot(dx, dy)
    apart[~(moving.seen[near, at] & moving.seen[near, at - 1])] = np.inf
    apart[near == points[:, None]] = np.inf
    apart = apart.min(axis=1)
    _leave_arms(apart, points, frames, tracks, moving, anatomy)
    speeds = (apart / (np.fmin(elapsed_of(seconds)[frames], _LONGEST) * np.float32(moving.body))).astype(np.float32)
    kept = np.isfinite(speeds) & (speeds > rules.spike_floor)
    points, frames, speeds = points[kept], frames[kept], speeds[kept]
    if speeds.size and tracks.frames >= _FEWEST_FRAMES:
        kept = speeds > _usual(points, frames, speeds, anatomy, tracks.frames)
        points, frames, speeds = points[kept], frames[kept], speeds[kept]
    return Spikes(points, frames, speeds)


def _leave_arms(apart: Float, points: Index, frames: Index, tracks: Tracks, moving: Motion, anatomy: Anatomy) -> None:
    """Enlarge steps of hands' points, `apart` (n,), that the hand as a whole takes away from the arm it sits on."""
    of = anatomy.group_of[points]
    for hand, body in anatomy.attached.reshape(-1, 2):
        of_hand = of == anatomy.group_of[hand]
        at = frames[of_hand]
        if at.size:
            dx, dy = tracks.xy[:, hand] - tracks.xy[:, body]
            away = np.hypot(dx[at] - dx[at - 1], dy[at] - dy[at - 1])
            known = moving.seen[hand] & moving.seen[body]
            away[~(known[at] & known[at - 1])] = 0
            apart[of_hand] = np.fmax(apart[of_hand], away * np.float32(_OFF_ARM))


def _usual(points: Index, frames: Index, speeds: Float, anatomy: Anatomy, count: int) -> Float:
    """For each step, what its group's worst step has to exceed to stand out in this clip."""
    of = anatomy.group_of[points]
    worst = np.zeros((len(anatomy.groups) + 1, count), np.float32)
    np.maximum.at(worst, (of, frames), speeds)  # points of no group land in the last row
    out = np.zeros(len(points), np.float32)
    for group in np.unique(of):
        middle, spread = centre_and_spread_of_sorted(np.sort(worst[group, 1:]))
        out[of == group] = middle + STANDS_OUT * spread
    return out


def find_cuts(moving: Motion, anatomy: Anatomy, seconds: AnyArray, floor: float) -> Float:
    """How far the middle one of the points of the body and face goes in each frame, body sizes, float32 (T,).

    A person's trunk and head move by a few hundredths of a body a frame, whatever the arms do: the median over all
    points but those of hands shows a camera or scene that changes, also where the picture is only scaled. Where the
    mean step is below half of `floor`, the median cannot reach it, and the mean is given. Where frames lie farther
    apart than a 25th of a second, the step is shared out. NaN in frames where fewer
    than a quarter of the points are seen before and after.
    """
    steps, fewest = moving.moved.take(anatomy.trunk, axis=0), max(2, len(anatomy.trunk) // 4)
    ones = np.ones(len(steps), np.float32)
    n = ones @ (steps == steps).astype(np.float32)
    out: Float = ones @ np.fmax(steps, np.float32(0)) / n
    out[n < fewest] = np.nan
    near = np.flatnonzero(out > floor / 2)
    if near.size:
        elapsed = elapsed_of(seconds)
        out[near] = _median_known(steps[:, near], fewest) / np.fmax(elapsed[near] * _CUT_RATE, np.float32(1))
    return out


def find_jitter(tracks: Tracks, moving: Motion, anatomy: Anatomy) -> Float:
    """Standard deviation of noise that points have each for itself, body sizes, float32 (groups, T), 0 where unknown.

    Along a chain of four points (a finger) the third difference over space, a - 3b + 3c - d, of the second difference
    over time removes what bends and moves smoothly and enlarges independent noise by sqrt(20 x 6); the median over
    five chains of a group divided by that, and by the median length of a 2-D normal vector, estimates the noise. Groups without
    chains: pairs of points, a - b, which enlarge it by sqrt(2 x 6). Then what four of five frames have at least: the
    difference over time spreads a jump of one frame over three. (Differences as noise estimators: von Neumann 1941;
    Rice 1984.)
    """
    out = np.zeros((len(anatomy.groups), tracks.frames), np.float32)
    if tracks.frames < _WINDOW + 2 or not np.isfinite(moving.body) or not len(anatomy.chained):
        return out
    a, b, c, d = anatomy.chains
    xy, hole = tracks.xy, moving.hole
    bend = xy.take(b, axis=1)
    bend -= xy.take(c, axis=1)
    bend *= -3
    bend += xy.take(a, axis=1)
    bend -= xy.take(d, axis=1)
    shaking = _second(bend)
    unseen = hole.take(a, axis=0)
    for ends in (b, c, d):
        unseen += hole.take(ends, axis=0)
    noise = np.hypot(shaking[0], shaking[1])
    noise += _second(unseen)
    noise /= anatomy.chain_noise[:, None] * np.float32(moving.body)
    np.copyto(noise, np.float32(np.inf), where=noise != noise)
    each = _middle_of_five(*noise.reshape(CHAINS, len(anatomy.chained), -1))
    np.copyto(each, np.float32(0), where=np.isinf(each))  # unknown is none
    out[anatomy.chained, 1 + _WINDOW // 2 : -1 - _WINDOW // 2] = _passed_by_four_of_five(each)
    return out


def _middle_of_five(a: Float, b: Float, c: Float, d: Float, e: Float) -> Float:
    """Median of five arrays, place by place; a fixed network, quicker than sorting."""
    low = np.maximum(np.minimum(a, b), np.minimum(c, d))
    high = np.minimum(np.maximum(a, b), np.maximum(c, d))
    out: Float = np.maximum(np.minimum(low, high), np.minimum(np.maximum(low, high), e))
    return out


def _passed_by_four_of_five(values: Float) -> Float:
    """The second smallest of each five neighbours along the last axis, (n, T) to (n, T-4); quicker than sorting."""
    a, b, c, d, e = (values[:, k : values.shape[1] - 4 + k] for k in range(5))
    low, other = np.minimum(a, b), np.minimum(c, d)
    second = np.minimum(np.maximum(low, other), np.minimum(np.maximum(a, b), np.maximum(c, d)))
    out: Float = np.maximum(np.minimum(low, other), np.minimum(second, e))
    return out


def _second(values: Float) -> Float:
    """Second difference along the last axis, (..., T) to (..., T-2)."""
    out: Float = values[..., 2:] - values[..., 1:-1]
    out -= values[..., 1:-1]
    out += values[..., :-2]
    return out


def _median_known(values: Float, fewest: int) -> Float:
    """Lower median over axis 0 of what is not NaN; NaN where fewer than `fewest` are known."""
    ordered = np.sort(values, axis=0)
    known = (ordered == ordered).astype(np.float32)
    n = (np.ones(len(values), np.float32) @ known).astype(np.intp)
    out: Float = ordered[np.maximum(n - 1, 0) // 2, np.arange(values.shape[1])]
    out[n < fewest] = np.nan
    return out


def find_swaps(tracks: Tracks, moving: Motion, anatomy: Anatomy) -> Swaps:
    """Left taken for right: hands that sit on the other arm's wrist, and points that change places with their mirror.

    A hand's root lies on the wrist that the body's own points have of that arm; the difference of the distances to the
    two wrists, averaged over the hands seen, is far below 0 unless the hands are exchanged. Where arms are exchanged
    along with them, each of several pairs steps at once to where its mirror image was; frames from one such moment to
    the next are the exchanged ones (the fewer of the two kinds).
    """
    if not len(anatomy.attached) or not np.isfinite(moving.body):
        return Swaps(np.full(tracks.frames, np.nan, np.float32), _exchanged(tracks, moving, anatomy))
    n = 2 * len(anatomy.attached)
    hands, wrists = anatomy.held_against[:n].T
    apart = tracks.between(anatomy.held_against)
    x, y = tracks.xy.take(wrists, axis=1)
    unknown = (x == 0) & (y == 0)
    if unknown.any():
        # A wrist that is hidden still has a place, and it will do. Where there is none, a hand by itself is taken for
        # its own arm's unless it lies on the other's wrist.
        sides = 2, n // 2, tracks.frames  # left and right; turned round, each has the other's
        single = ~moving.seen.take(hands, axis=0).reshape(sides)[::-1].reshape(n, -1)
        np.copyto(apart[:n], np.float32(_LOST_WRIST * moving.body), where=unknown)
        np.copyto(apart[:n], np.float32(np.nan), where=unknown & ~single)
        np.copyto(apart[n:].reshape(sides), np.float32(np.nan), where=unknown.reshape(sides)[::-1])
    differs = apart[:n] - apart[n:]
    differs += moving.hole.take(hands, axis=0)
    known = differs == differs
    np.copyto(differs, np.float32(0), where=~known)
    ones = np.ones(n, np.float32)
    crossed = ones @ differs / (ones @ known.astype(np.float32) * np.float32(moving.body))
    return Swaps(crossed, _exchanged(tracks, moving, anatomy))


_LOST_WRIST = 0.3  # body sizes that a hand is taken to be from its own wrist where that has no place
_FEWEST_PAIRS = 3
_FAR = 0.25  # body sizes that both points of a pair step when they change places
_NEARER = 0.35  # of the way: so much of it is left when the mirror image's place before is taken as the start


def _exchanged(tracks: Tracks, moving: Motion, anatomy: Anatomy) -> Bool:
    """Frames between the moments at which pairs change places, bool (T,)."""
    out = np.zeros(tracks.frames, dtype=bool)
    if len(anatomy.pairs) < _FEWEST_PAIRS or not np.isfinite(moving.body):
        return out
    left, right = anatomy.pairs.T
    far = moving.moved > np.float32(_FAR)
    if not far.any():
        return out
    both = far[left] & far[right]
    counts = np.count_nonzero(both, axis=0)
    moments = []
    for t in np.flatnonzero(counts >= _FEWEST_PAIRS):
        l, r = left[both[:, t]], right[both[:, t]]
        now, before = tracks.xy[:, :, t], tracks.xy[:, :, t - 1]
        straight = np.hypot(*(now[:, l] - before[:, l])) + np.hypot(*(now[:, r] - before[:, r]))
        across = np.hypot(*(now[:, l] - before[:, r])) + np.hypot(*(now[:, r] - before[:, l]))
        if 2 * np.count_nonzero(across < _NEARER * straight) > max(counts[t], 2 * _FEWEST_PAIRS - 1):
            moments.append(t)
    if moments:
        odd = np.cumsum(np.bincount(moments, minlength=tracks.frames)) % 2 == 1
        out = odd if 2 * np.count_nonzero(odd) <= len(odd) else ~odd
    return out
