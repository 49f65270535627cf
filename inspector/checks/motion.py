"""Faults of motion: points that jump, cuts, trembling. Callers mind numpy's warnings.

Each check looks at all clips of `Tracks` at once, N frames in all, and takes by itself only a clip in which there may
be something. All lengths are in body sizes, so that near and far people are held against the same limits. What a check
yields does not depend on `Limits`: it is how strong the fault would be, frame by frame, and judging says from where on
it is one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.checks.anatomy import CHAINS, Anatomy, Index
from inspector.checks.arrays import AnyArray, ones
from inspector.checks.kinematics import STANDS_OUT, Bool, Float, Motion, centres_and_spreads
from inspector.checks.segments import Segments, medians, sort_rows
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


_NO_SPIKES = Spikes(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))


def elapsed_of(seconds: AnyArray, segments: Segments) -> Float:
    """Seconds from the frame before, float32 (N,), at least half of the usual: stamps that bunch up make no speed.

    In a clip's first frame the usual time; where there is none, 0.
    """
    out = np.zeros(len(seconds), np.float32)
    np.subtract(seconds[1:], seconds[:-1], out=out[1:], casting="same_kind")
    out[segments.starts] = 0
    forward = segments.rows(out, np.inf)
    forward[~(forward > 0)] = np.inf
    ordered = sort_rows(forward)
    counts = np.count_nonzero(ordered < np.inf, axis=1)
    usual = medians(ordered, counts)
    usual[counts == 0] = 0
    out[segments.starts] = usual
    np.maximum(out, segments.spread(usual / 2), out=out)
    return out


def find_spikes(
    tracks: Tracks, moving: Motion, anatomy: Anatomy, elapsed: Float, cuts: Float, rules: Measuring
) -> list[Spikes]:
    """Of each clip every step that is fast, that no neighbour shares, and that stands out in its group.

    The speed of a step against the neighbour (along at most two bones) that moves most like it: a hand that really
    moves takes its points along, a point that the detector lost leaves them. Kept is what is beyond median + 8 scaled
    deviations of the worst such speed in each frame of its group, so that a clip whose points always jump is judged by
    its own level. A hand that jumps as a whole is held against its arm; what comes back within three
    frames counts more. Steps at a cut are the cut's. `elapsed` is of
    `elapsed_of`.
    """
    fast = moving.speeds > np.float32(rules.spike_floor)
    found = [_NO_SPIKES] * len(tracks.segments)
    some = np.logical_or.reduce(fast, axis=0)
    if not np.count_nonzero(some):
        return found
    for clip in np.flatnonzero(tracks.segments.count(some)).tolist():
        at = tracks.segments.slices[clip]
        parts = tracks.one(at), moving.one(clip, at), fast[:, at], elapsed[at], cuts[at]
        found[clip] = _spikes_of_one(*parts, anatomy, rules)
    return found


def _spikes_of_one(
    tracks: Tracks, moving: Motion, fast: Bool, elapsed: Float, cuts: Float, anatomy: Anatomy, rules: Measuring
) -> Spikes:
    points, frames = fast.nonzero()
    late = cuts > rules.cut_floor
    late &= cuts < np.inf
    if np.count_nonzero(late):
        own = ~late[frames]
        points, frames = points[own], frames[own]
        if not points.size:
            return _NO_SPIKES
    count = tracks.frames
    moves = (tracks.moves + moving.moved * np.float32(0)).reshape(2, -1)  # NaN where not seen in both frames
    near = anatomy.neighbours.T.take(points, axis=1)
    apart = moves.take(near * count + frames, axis=1)
    apart -= moves.take(points * count + frames, axis=1)[:, None]
    apart *= apart
    squares = apart[0]
    squares += apart[1]
    if anatomy.has_strays:
        squares[near == points] = np.inf
    nearest = np.sqrt(np.fmin.reduce(squares, axis=0, initial=np.inf))
    if len(anatomy.attached):
        away = _off_arms(moves.reshape(2, -1, count), anatomy)
        np.maximum(nearest, away.reshape(-1).take(anatomy.group_of[points] % len(away) * count + frames), out=nearest)
    speeds = nearest / (np.minimum(elapsed, _LONGEST) * np.float32(moving.body)).take(frames)
    kept = speeds > rules.spike_floor
    kept &= speeds < np.inf
    if not np.count_nonzero(kept):
        return _NO_SPIKES
    points, frames, speeds = points[kept], frames[kept], speeds[kept]
    _weigh_returns(speeds, points, frames, tracks.xy)
    if count >= _FEWEST_FRAMES:
        kept = speeds > _usual(points, frames, speeds, anatomy, count)
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
    """How far each group, and last what is in none, steps away from the arm it sits on as a hand, (groups + 1, T).

    As much of it as counts; `moves` (2, J, T) are NaN where a point is not seen in both frames.
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
    groups = np.unique(of)
    ordered = sort_rows(worst[groups, 1:])
    centres, spreads = centres_and_spreads(ordered, np.full(len(groups), count - 1))
    out[:] = (centres + STANDS_OUT * spreads)[groups.searchsorted(of)]
    return out


def find_cuts(moving: Motion, anatomy: Anatomy, elapsed: Float, floor: float) -> Float:
    """How far the middle one of the points of the body and face goes in each frame, body sizes, float32 (N,).

    A person's trunk and head move by a few hundredths of a body a frame, whatever the arms do: the median over all
    points but those of hands shows a camera or scene that changes, also where the picture is only scaled. Where the
    mean step is below half of `floor`, the median cannot reach it, and the mean is given. Where frames lie farther
    apart than a 25th of a second, the step is shared out. NaN in frames where fewer
    than a quarter of the points are seen before and after.
    """
    steps, fewest = moving.moved.take(anatomy.trunk, axis=0), max(2, len(anatomy.trunk) // 4)
    each = ones(len(steps))
    n = each @ (steps == steps).astype(np.float32)
    out: Float = np.add.reduce(np.fmax(steps, np.float32(0)), axis=0)
    out /= n
    out[n < fewest] = np.nan
    near = (out > floor / 2).nonzero()[0]
    if near.size:
        usual = _lower_median(steps.take(near, axis=1), n.take(near))
        usual /= np.maximum(elapsed.take(near) * _CUT_RATE, np.float32(1))
        out[near] = usual
    return out


def find_jitter(tracks: Tracks, moving: Motion, anatomy: Anatomy) -> Float:
    """Standard deviation of noise that points have each for itself, body sizes, float32 (groups, N), 0 where unknown.

    Along a chain of four points (a finger) the third difference over space, a - 3b + 3c - d, of the second difference
    over time removes what bends and moves smoothly and enlarges independent noise by sqrt(20 x 6); the median over
    five chains of a group divided by that, and by the median length of a 2-D normal vector, estimates the noise. Groups
    without chains: pairs of points, a - b, which enlarge it by sqrt(2 x 6). Then what four of five frames have at
    least: the difference over time spreads a jump of one frame over three. (Differences as noise estimators: von
    Neumann 1941; Rice 1984.)
    """
    out = np.zeros((len(anatomy.groups), tracks.frames), np.float32)
    if tracks.frames < _WINDOW + 2 or not len(anatomy.chained):
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
    noise /= anatomy.chain_noise[:, None]
    noise /= tracks.segments.spread(moving.bodies.astype(np.float32))[1:-1]
    np.fmin(noise, np.float32(np.inf), out=noise)
    each = _middle_of_five(*noise.reshape(CHAINS, len(anatomy.chained), -1))
    each[each == np.inf] = 0  # unknown is none
    edge = 1 + _WINDOW // 2
    if len(anatomy.chained) == len(out):
        _passed_by_four_of_five(each, out[:, edge:-edge])
    else:
        out[anatomy.chained, edge:-edge] = _passed_by_four_of_five(each)
    # What reaches over the border of a clip; in a clip that is too short, into the border of the next.
    reach = np.arange(edge)[:, None]
    out[:, np.minimum(tracks.segments.starts + reach, tracks.frames - 1).reshape(-1)] = 0
    out[:, np.maximum(tracks.segments.ends - 1 - reach, 0).reshape(-1)] = 0
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
