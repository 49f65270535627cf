"""Faults of motion: points that jump, cuts, swapped sides, trembling, repeated frames. Callers mind numpy's warnings.

All lengths are in body sizes, so that near and far people are held against the same limits. What a check yields does
not depend on `Limits`: it is how strong the fault would be, frame by frame, and judging says from where on it is one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from inspector.checks.anatomy import CHAINS, Anatomy, Index
from inspector.checks.arrays import AnyArray, median_of_sorted, ones
from inspector.checks.kinematics import STANDS_OUT, Bool, Float, Motion, centre_and_spread_of_sorted
from inspector.checks.tracks import Tracks
from inspector.profiles.model import Measuring

_OFF_ARM = 0.6
"""A hand's step off its arm counts by so much: arm and hand come from two detectors, which differ in fast signs."""

_LONGEST = np.float32(0.05)
"""Seconds: a jump in a longer time is judged as if it took so long, else slow cameras would hide it."""

_CUT_RATE = np.float32(25)
"""Frames a second: in a longer time than one of these the whole body may go farther."""

_RETURN, _RETURN_FRAMES, _RETURN_LEFT = np.float32(1.8), 3, 0.35
"""A point that is away for at most so many frames, and comes back but for this share of its way, counts this much."""

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
        float32 (T,): how much nearer the hands are to the other arm's wrist than to their own, or elbows to the other
        shoulder, body sizes; NaN unknown.
    between
        bool (T,): frames between two moments at which left and right points change places.
    """

    crossed: Float
    between: Bool


_NO_SPIKES = Spikes(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))


def elapsed_of(seconds: AnyArray) -> Float:
    """Seconds from the frame before, float32 (T,), at least half of the usual: stamps that bunch up make no speed.

    The first one is the usual time; where there is none, 0.
    """
    out = np.zeros(len(seconds), np.float32)
    np.subtract(seconds[1:], seconds[:-1], out=out[1:], casting="same_kind")
    forward = out[1:].copy()
    forward.sort()
    if forward.size and not forward[0] > 0:
        forward = forward[forward.searchsorted(0, side="right") :]
    if forward.size:
        out[0] = median_of_sorted(forward)
        np.maximum(out, out[0] / 2, out=out)
    return out


def find_spikes(
    tracks: Tracks, moving: Motion, anatomy: Anatomy, elapsed: Float, cuts: Float, rules: Measuring
) -> Spikes:
    """Every step that is fast, that no neighbour shares, and that stands out in its group.

    The speed of a step against the neighbour (along at most two bones) that moves most like it: a hand that really
    moves takes its points along, a point that the detector lost leaves them. Kept is what is beyond median + 8 scaled
    deviations of the worst such speed in each frame of its group, so that a clip whose points always jump is judged by
    its own level. A hand that jumps as a whole is held against its arm; what comes back within three
    frames counts more. Steps at a cut are the cut's. `elapsed` is of
    `elapsed_of`.
    """
    fast = (moving.speeds > np.float32(rules.spike_floor)).reshape(-1).nonzero()[0]
    if not fast.size or not math.isfinite(moving.body):
        return _NO_SPIKES
    points, frames = np.divmod(fast, tracks.frames)
    late = cuts > rules.cut_floor
    late &= cuts < np.inf
    if np.count_nonzero(late):
        own = ~late[frames]
        points, frames = points[own], frames[own]
        if not points.size:
            return _NO_SPIKES
    steps = tracks.frames - 1
    moves = (tracks.moves + moving.moved[:, 1:] * np.float32(0)).reshape(2, -1)  # NaN where not seen in both frames
    row, at = points * steps, frames - 1
    near = anatomy.neighbours.T.take(points, axis=1)
    apart = moves.take(near * steps + at, axis=1)
    apart -= moves.take(row + at, axis=1)[:, None]
    apart *= apart
    squares = apart[0]
    squares += apart[1]
    if anatomy.has_strays:
        squares[near == points] = np.inf
    nearest = np.sqrt(np.fmin.reduce(squares, axis=0, initial=np.inf))
    if len(anatomy.attached):
        away = _off_arms(moves.reshape(2, -1, steps), anatomy)
        np.maximum(nearest, away.reshape(-1).take(anatomy.group_of[points] % len(away) * steps + at), out=nearest)
    speeds = nearest / (np.minimum(elapsed, _LONGEST) * np.float32(moving.body)).take(frames)
    kept = speeds > rules.spike_floor
    kept &= speeds < np.inf
    if not np.count_nonzero(kept):
        return _NO_SPIKES
    points, frames, speeds = points[kept], frames[kept], speeds[kept]
    _weigh_returns(speeds, points, frames, tracks.xy)
    if tracks.frames >= _FEWEST_FRAMES:
        kept = speeds > _usual(points, frames, speeds, anatomy, tracks.frames)
        points, frames, speeds = points[kept], frames[kept], speeds[kept]
    return Spikes(points, frames, speeds)


def _weigh_returns(speeds: Float, points: Index, frames: Index, xy: AnyArray) -> None:
    """Raise, in place, the speeds of steps that a point takes away and back within a few frames, as limbs hardly do.

    Both count `_RETURN` times the smaller of the two where that is more; `points` ascend, and `frames` within each.
    """
    near = ((points[1:] == points[:-1]) & (frames[1:] - frames[:-1] <= _RETURN_FRAMES)).nonzero()[0]
    if not near.size:
        return
    who, out, back = points[near], frames[near], frames[near + 1]
    start, away, end = xy[:, who, out - 1], xy[:, who, out], xy[:, who, back]
    returns = np.hypot(*(end - start)) < _RETURN_LEFT * np.hypot(*(away - start))
    near = near[returns]
    weight = np.minimum(speeds[near], speeds[near + 1]) * _RETURN
    np.maximum.at(speeds, near, weight)
    np.maximum.at(speeds, near + 1, weight)


def _off_arms(moves: Float, anatomy: Anatomy) -> Float:
    """How far each group, and last what is in none, steps away from the arm it sits on as a hand, (groups + 1, T-1).

    As much of it as counts; `moves` (2, J, T-1) are NaN where a point is not seen in both frames.
    """
    hands, arms = anatomy.attached.reshape(-1, 2).T
    apart = moves.take(hands, axis=1)
    apart -= moves.take(arms, axis=1)
    apart *= apart
    apart[0] += apart[1]
    steps = np.sqrt(np.fmax(apart[0], np.float32(0)))
    steps *= np.float32(_OFF_ARM)
    out = np.zeros((len(anatomy.groups) + 1, moves.shape[2]), np.float32)
    if len(hands) == len(anatomy.hands):
        out[anatomy.group_of[hands]] = steps
    else:
        np.maximum.at(out, anatomy.group_of[hands], steps)
    return out


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


def find_cuts(moving: Motion, anatomy: Anatomy, elapsed: Float, floor: float) -> Float:
    """How far the middle one of the points of the body and face goes in each frame, body sizes, float32 (T,).

    A person's trunk and head move by a few hundredths of a body a frame, whatever the arms do: the median over all
    points but those of hands shows a camera or scene that changes, also where the picture is only scaled. Where the
    mean step is below half of `floor`, the median cannot reach it, and the mean is given. Where frames lie farther
    apart than a 25th of a second, the step is shared out. NaN in frames where fewer
    than a quarter of the points are seen before and after.
    """
    steps, fewest = moving.moved.take(anatomy.trunk, axis=0), max(2, len(anatomy.trunk) // 4)
    each = ones(len(steps))
    n = each @ (steps == steps).astype(np.float32)
    out: Float = each @ np.fmax(steps, np.float32(0))
    out /= n
    out[n < fewest] = np.nan
    near = (out > floor / 2).nonzero()[0]
    if near.size:
        usual = _lower_median(steps.take(near, axis=1), n.take(near))
        usual /= np.maximum(elapsed.take(near) * _CUT_RATE, np.float32(1))
        out[near] = usual
    return out


def find_jitter(tracks: Tracks, moving: Motion, anatomy: Anatomy) -> Float:
    """Standard deviation of noise that points have each for itself, body sizes, float32 (groups, T), 0 where unknown.

    Along a chain of four points (a finger) the third difference over space, a - 3b + 3c - d, of the second difference
    over time removes what bends and moves smoothly and enlarges independent noise by sqrt(20 x 6); the median over
    five chains of a group divided by that, and by the median length of a 2-D normal vector, estimates the noise. Groups
    without chains: pairs of points, a - b, which enlarge it by sqrt(2 x 6). Then what four of five frames have at
    least: the difference over time spreads a jump of one frame over three. (Differences as noise estimators: von
    Neumann 1941; Rice 1984.)
    """
    out = np.zeros((len(anatomy.groups), tracks.frames), np.float32)
    if tracks.frames < _WINDOW + 2 or not math.isfinite(moving.body) or not len(anatomy.chained):
        return out
    joined = anatomy.chains.reshape(-1)
    ends = tracks.xy.take(joined, axis=1).reshape(2, 4, -1, tracks.frames)
    bend = ends[:, 1] - ends[:, 2]
    bend *= -3
    bend += ends[:, 0]
    bend -= ends[:, 3]
    unseen, *others = moving.hole.take(joined, axis=0).reshape(4, -1, tracks.frames)
    for other in others:
        unseen += other
    bend += unseen
    shaking = bend[..., 2:] - bend[..., 1:-1]
    shaking -= bend[..., 1:-1]
    shaking += bend[..., :-2]
    shaking *= shaking
    noise = shaking[0]
    noise += shaking[1]
    np.sqrt(noise, out=noise)
    noise /= anatomy.chain_noise[:, None] * np.float32(moving.body)
    np.fmin(noise, np.float32(np.inf), out=noise)
    each = _middle_of_five(*noise.reshape(CHAINS, len(anatomy.chained), -1))
    each[each == np.inf] = 0  # unknown is none
    inner = slice(1 + _WINDOW // 2, -1 - _WINDOW // 2)
    if len(anatomy.chained) == len(out):
        _passed_by_four_of_five(each, out[:, inner])
    else:
        out[anatomy.chained, inner] = _passed_by_four_of_five(each)
    return out


def _middle_of_five(a: Float, b: Float, c: Float, d: Float, e: Float) -> Float:
    """Median of five arrays, place by place; a fixed network, quicker than sorting."""
    low = np.maximum(np.minimum(a, b), np.minimum(c, d))
    high = np.minimum(np.maximum(a, b), np.maximum(c, d))
    out: Float = np.maximum(np.minimum(low, high), np.minimum(np.maximum(low, high), e))
    return out


def _passed_by_four_of_five(values: Float, out: Float | None = None) -> Float:
    """The second smallest of each five neighbours along the last axis, (n, T) to (n, T-4); quicker than sorting."""
    end = values.shape[1] - 4
    lows, highs = np.minimum(values[:, :-1], values[:, 1:]), np.maximum(values[:, :-1], values[:, 1:])
    low, other = lows[:, :end], lows[:, 2 : end + 2]
    second = np.minimum(highs[:, :end], highs[:, 2 : end + 2])
    np.minimum(second, np.maximum(low, other), out=second)
    np.minimum(second, values[:, 4:], out=second)
    return np.maximum(np.minimum(low, other), second, out=out)


def _lower_median(values: Float, n: Float) -> Float:
    """Lower median over axis 0 of what is not NaN, of which each column has `n`, at least one."""
    values.sort(axis=0)
    n -= 1
    n *= np.float32(0.5)
    out: Float = values[n.astype(np.intp), np.arange(values.shape[1])]
    return out


def find_swaps(tracks: Tracks, moving: Motion, anatomy: Anatomy) -> Swaps:
    """Left taken for right: hands that sit on the other arm's wrist, and points that change places with their mirror.

    A hand's root lies on the wrist that the body's own points have of that arm; the difference of the distances to the
    two wrists, averaged over the hands that have a place, is far below 0 unless the hands are exchanged. So is that of
    an elbow's distances to the two shoulders, for arms that are exchanged with their hands. Where whole sides are,
    each of several pairs steps at once to where its mirror image was; frames from one such moment to
    the next are the exchanged ones (the fewer of the two kinds).
    """
    if not len(anatomy.attached) or not math.isfinite(moving.body):
        return Swaps(np.full(tracks.frames, np.nan, np.float32), _exchanged(tracks, moving, anatomy))
    n = 2 * len(anatomy.attached)
    hands, wrists = anatomy.held_against[:n].T
    apart = tracks.between(anatomy.held_against)
    unknown = _placeless(tracks.xy, wrists)
    if np.count_nonzero(unknown):
        # A wrist that is hidden still has a place, and it will do. Where there is none, a hand by itself is taken for
        # its own arm's unless it lies on the other's wrist.
        sides = 2, n // 2, tracks.frames  # left and right; turned round, each has the other's
        single = _placeless(tracks.xy, hands).reshape(sides)[::-1].reshape(n, -1)
        np.copyto(apart[:n], np.float32(_LOST_WRIST * moving.body), where=unknown)
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
    crossed /= np.float32(moving.body)
    return Swaps(crossed, _exchanged(tracks, moving, anatomy))


def _placeless(xy: AnyArray, points: Index) -> Bool:
    """Where points lie at (0, 0), as those that were not detected do, bool (n, T)."""
    x, y = xy.take(points, axis=1) == 0
    out: Bool = x & y
    return out


def _mean_known(values: Float) -> Float:
    """Mean over axis 0 of what is not NaN; the memory of `values` is used."""
    unknown = values != values
    values[unknown] = 0
    each = ones(len(values))
    out: Float = each @ values
    out /= each @ (~unknown).astype(np.float32)
    return out


_LOST_WRIST = 0.3  # body sizes that a hand is taken to be from its own wrist where that has no place
_FEWEST_PAIRS = 3
_FAR = np.float32(0.25)  # body sizes that both points of a pair step when they change places
_NEARER = 0.35  # of the way: so much of it is left when the mirror image's place before is taken as the start
_AT_ONCE = 2048  # frames whose pairs are looked at together: what bounds the memory


def _exchanged(tracks: Tracks, moving: Motion, anatomy: Anatomy) -> Bool:
    """Frames between the moments at which pairs change places, bool (T,)."""
    if len(anatomy.pairs) < _FEWEST_PAIRS or not math.isfinite(moving.body):
        return np.zeros(tracks.frames, dtype=bool)
    left, right = anatomy.pairs.T
    both = moving.moved.take(left, axis=0) > _FAR
    both &= moving.moved.take(right, axis=0) > _FAR
    counts = ones(len(left)) @ both.astype(np.float32)
    near = (counts >= _FEWEST_PAIRS).nonzero()[0]
    if near.size:
        parts = [near[start : start + _AT_ONCE] for start in range(0, near.size, _AT_ONCE)]
        near = near[np.concatenate([_change(tracks.xy, left, right, both, at) for at in parts])]
    if not near.size:
        return np.zeros(tracks.frames, dtype=bool)
    odd: Bool = np.cumsum(np.bincount(near, minlength=tracks.frames)) % 2 == 1
    return odd if 2 * np.count_nonzero(odd) <= len(odd) else ~odd


def _change(xy: AnyArray, left: Index, right: Index, far: Bool, frames: Index) -> Bool:
    """In which of some frames most of the pairs that step far, bool (pairs, T), change places."""
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
