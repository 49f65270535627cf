"""One path laid over another: how far apart they are when frame t of the one is some frame of the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inspector.checks.video_crossings import Guesses, Ints

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.complex128]
Bools = npt.NDArray[np.bool_]

_BLOCK = 1 << 15  # places laid over each other at a time, so that they stay in a core's cache
_ROUNDS = 3
_ROBUST = 2.0  # times the limit: places farther apart than this hardly count when times are fitted
_STEP = 0.6  # of the way from frame to frame
_SAME_SPEED = 0.25
_SLOWEST = 0.3
"""Copies at less than this share of the speed are not looked for."""

_PROMISING = 4.0
"""Before times are fitted, paths may be so many times farther apart than at the end."""

_SOME = 8  # frames are looked at before times are fitted
_HOPEFUL = 0.5
"""In so many of them the paths must be near."""

_FITTING = 0.85
"""Of the frames that two videos should share, so many must agree: one or two may be spoilt."""


class Way(NamedTuple):
    """How one path may lie over another: frame t of `a` at frame ``ratio * t + start`` of `b`; arrays of shape (n,)."""

    a: Ints
    b: Ints
    across: Ints
    down: Ints
    ratio: Floats
    start: Floats

    def where(self, chosen: Bools | Ints | slice) -> Way:
        """Some of them."""
        return Way(
            self.a[chosen], self.b[chosen], self.across[chosen], self.down[chosen], self.ratio[chosen],
            self.start[chosen],
        )  # fmt: skip

    @property
    def inverse(self) -> Way:
        """The same, told from the other side."""
        return Way(self.b, self.a, self.across, self.down, 1 / self.ratio, -self.start / self.ratio)


class Laid(NamedTuple):
    """What is found of a `Way`; arrays of shape (n,).

    Attributes
    ----------
    apart
        Pixels (rms) in the frames that agree; infinite where none does.
    shared
        Share of the frames of `a` that agree.
    fitting
        Share of those frames of `a` that agree, which `b` should hold.
    """

    way: Way
    apart: Floats
    shared: Floats
    fitting: Floats

    def where(self, chosen: Bools | Ints) -> Laid:
        """Some of them."""
        return Laid(self.way.where(chosen), self.apart[chosen], self.shared[chosen], self.fitting[chosen])


def joined(one: Laid, two: Laid) -> Laid:
    """Both lists as one."""
    way = Way(
        np.concatenate([one.way.a, two.way.a]),
        np.concatenate([one.way.b, two.way.b]),
        np.concatenate([one.way.across, two.way.across]),
        np.concatenate([one.way.down, two.way.down]),
        np.concatenate([one.way.ratio, two.way.ratio]),
        np.concatenate([one.way.start, two.way.start]),
    )
    return Laid(
        way,
        np.concatenate([one.apart, two.apart]),
        np.concatenate([one.shared, two.shared]),
        np.concatenate([one.fitting, two.fitting]),
    )


def aligned(paths: Floats, found: Guesses, limit: float, least: float) -> Laid:
    """At the same speed, forward or backward, whole frames apart: the best way for each pair that so agrees.

    Parameters
    ----------
    paths
        Shape (N, T, 2), pixels from the picture's middle, NaN where unknown.
    limit
        Pixels that places which agree may be apart.
    least
        Share of the frames that must agree.
    """
    T = paths.shape[1]
    usual = np.abs(np.log(np.abs(found.ratio))) < _SAME_SPEED
    found = found.where(usual)
    ratio = np.sign(found.ratio).astype(np.int64)
    start = np.rint(found.time_b - ratio * found.time_a).astype(np.int64)
    code = (found.a * len(paths) + found.b) * 4 + (found.across + 1) + (found.down + 1) // 2
    code = (code * 2 + (ratio + 1) // 2) * (4 * T) + start + 2 * T
    first = np.unique(code, return_index=True)[1]
    way = Way(found.a, found.b, found.across, found.down, ratio.astype(np.float64), start.astype(np.float64))
    return best(_enough(lay(paths, _possible(paths, way.where(first), limit), limit), least), len(paths))


def resampled(paths: Floats, found: Guesses, limit: float, least: float) -> Laid:
    """At any speed: the best way for each pair that agrees, of those whose guesses agree with each other.

    The times are fitted by Gauss and Newton's method, from the guess under which the paths are closest.
    """
    N = len(paths)
    speed = np.abs(found.ratio)
    found = found.where((speed >= _SLOWEST) & (speed <= 1 / _SLOWEST))
    if not len(found.a):
        return _nothing()
    code = ((found.a * N + found.b) * 4 + (found.across + 1) + (found.down + 1) // 2) * 2 + (found.ratio > 0)
    _, group, votes = np.unique(code, return_inverse=True, return_counts=True)
    found = found.where(votes[group] >= 2)
    way = Way(
        found.a, found.b, found.across, found.down, found.ratio, found.time_b - found.ratio * found.time_a
    )  # fmt: skip
    # Told from the slower one: all of its frames have their place in the other.
    quick = np.abs(way.ratio) > 1
    other = way.inverse
    way = Way(*(np.where(quick, o, w) for o, w in zip(other, way, strict=True)))
    some = np.unique(np.linspace(0, paths.shape[1] - 1, _SOME).round().astype(np.int64))
    # Where frames are repeated or left out, half a step lies between two paths until each frame has found its own.
    step = _steps(paths)
    rest = _rough(paths, way, some, _PROMISING * limit + _STEP * step[way.a])
    way = way.where(_best_of(way, rest, N, several=2))
    way = _each(way, len(some), lambda w: _fitted(paths, w, _ROBUST * limit + _STEP / 2 * step[w.a], some, 2))
    rest = _rough(paths, way, some, _ROBUST * limit + _STEP * step[way.a])
    way = way.where(_best_of(way, rest, N))
    every = np.arange(paths.shape[1])
    way = _each(way, len(every), lambda w: _fitted(paths, w, _ROBUST * limit + _STEP / 2 * step[w.a], every, _ROUNDS))
    both = (_possible(paths, each, limit) for each in (way, way.inverse))
    laid = joined(*(_enough(lay(paths, each, limit), least) for each in both))
    return best(laid, N)


def lay(paths: Floats, way: Way, limit: float) -> Laid:
    """How well paths agree."""
    parts = [
        _laid(apart_of(paths, way.where(part)), way.where(part), limit) for part in _parts(len(way.a), paths.shape[1])
    ]
    found = _nothing()
    return Laid(
        way,
        np.concatenate([found.apart, *(each.apart for each in parts)]),
        np.concatenate([found.shared, *(each.shared for each in parts)]),
        np.concatenate([found.fitting, *(each.fitting for each in parts)]),
    )


def _possible(paths: Floats, way: Way, limit: float) -> Way:
    """Those of which a few frames do not say already that too many disagree for `_enough`."""
    T = paths.shape[1]
    most = (1 - _FITTING) * T + 1e-6
    some = np.unique(np.linspace(0, T - 1, min(T, int(most) + 3)).round().astype(np.int64))
    chosen = np.ones(len(way.a), dtype=bool)
    for part in _parts(len(way.a), len(some)):
        with np.errstate(invalid="ignore"):
            beyond = apart_of(paths, way.where(part), some) > limit
        chosen[part] = np.count_nonzero(beyond, axis=1) <= most
    return way.where(chosen)


def apart_of(paths: Floats, way: Way, frames: Ints | None = None) -> Floats:
    """Pixels between each frame of `a` and its place in `b`, (n, T); NaN where `b` has no such frame, or no object.

    Parameters
    ----------
    frames
        Some frames of `a`, instead of all.

    Notes
    -----
    Which place that is depends on how a copy was made: a frame of `b` where frames were repeated or left out, a place
    on the straight line between two where they were mixed, on a curve where the object was drawn anew. The nearest of
    these counts.
    """
    T = paths.shape[1]
    places = _places(paths)
    mine = _mirrored((places if frames is None else places[:, frames])[way.a], way)
    at = way.ratio[:, None] * (np.arange(T) if frames is None else frames) + way.start[:, None]
    inside = (at > -0.5) & (at < T - 0.5)
    at = np.clip(at, 0, T - 1)
    low = np.minimum(np.floor(at + 1e-6).astype(np.int64), T - 1)
    part = np.clip(at - low, 0, 1)
    flat, row = places.reshape(-1), way.b[:, None] * T
    p1 = flat.take(row + low)
    squared = _squared(mine - p1)
    if (part >= 1e-6).any():
        high = np.minimum(low + 1, T - 1)
        p2 = flat.take(row + high)
        squared = np.fmin(squared, np.fmin(_squared(mine - p2), _squared(mine - (p1 + part * (p2 - p1)))))
        p0, p3 = flat.take(row + np.maximum(low - 1, 0)), flat.take(row + np.minimum(high + 1, T - 1))
        bend = 2 * p0 - 5 * p1 + 4 * p2 - p3 + part * (3 * (p1 - p2) + p3 - p0)
        squared = np.fmin(squared, _squared(mine - (p1 + 0.5 * part * (p2 - p0 + part * bend))))
    apart: Floats = np.sqrt(squared, out=squared)
    apart[~inside] = np.nan
    return apart


def best(laid: Laid, samples: int) -> Laid:
    """The closest of the ways of each pair."""
    return laid.where(_best_of(laid.way, laid.apart, samples))


def _best_of(way: Way, rest: Floats, samples: int, several: int = 1) -> Ints:
    """Places of the ways of each pair of which the least is left; where `rest` is infinite there is none."""
    order = np.lexsort([rest, np.minimum(way.a, way.b) * samples + np.maximum(way.a, way.b)])
    order = order[np.isfinite(rest[order])]
    pair = (np.minimum(way.a, way.b) * samples + np.maximum(way.a, way.b))[order]
    new = np.ones(len(pair), dtype=bool)
    new[several:] = pair[several:] != pair[: max(0, len(pair) - several)]
    found: Ints = order[new]
    return found


def _enough(laid: Laid, least: float) -> Laid:
    return laid.where((laid.fitting >= _FITTING) & (laid.shared >= least))


def _each(way: Way, frames: int, do: Callable[[Way], Way]) -> Way:
    """What is made of ways, some at a time, so that memory does not grow with them."""
    done = [do(way.where(part)) for part in _parts(len(way.a), frames)]
    return way._replace(
        ratio=np.concatenate([np.zeros(0), *(w.ratio for w in done)]),
        start=np.concatenate([np.zeros(0), *(w.start for w in done)]),
    )


def _steps(paths: Floats) -> Floats:
    """How far each object usually goes from frame to frame, when it moves at all: the median, in pixels."""
    way = np.nan_to_num(_length(np.diff(paths, axis=1)))
    way = np.sort(way, axis=1)
    still = (way == 0).sum(axis=1)
    middle = np.minimum((still + way.shape[1]) // 2, way.shape[1] - 1)
    found: Floats = way[np.arange(len(way)), middle]
    return found


def _rough(paths: Floats, way: Way, some: Ints, limit: Floats) -> Floats:
    """What is left between paths in some of the frames, those beyond `limit` as far as it; infinite where too much."""
    T = paths.shape[1]
    places = _places(paths)
    flat, shown = places.reshape(-1), places[:, some]
    rest = np.empty(len(way.a))
    for part in _parts(len(way.a), len(some)):
        w = way.where(part)
        mine = _mirrored(shown[w.a], w)
        at = w.ratio[:, None] * some + w.start[:, None]
        low = np.clip(at.astype(np.int64), 0, max(T - 2, 0))
        p1, p2 = _both(flat, w.b[:, None] * T + low, T)
        most = limit[part, None]
        away = np.sqrt(_squared(mine - (p1 + (at - low) * (p2 - p1))))
        away = np.where((at > -0.5) & (at < T - 0.5), np.fmin(away, most), most)
        left = away.mean(axis=1)
        rest[part] = np.where((away < most).mean(axis=1) >= _HOPEFUL, left, np.inf)
    return rest


def _fitted(paths: Floats, way: Way, scale: Floats, frames: Ints, rounds: int) -> Way:
    """The ratio and start under which the paths are closest in these frames of `a`, near those given."""
    T = paths.shape[1]
    places = _places(paths)
    flat = places.reshape(-1)
    mine = _mirrored(places[:, frames][way.a], way)
    middle = (T - 1) / 2
    t = frames - middle
    ratio, centre = way.ratio.copy(), way.ratio * middle + way.start
    for _ in range(rounds):
        at = ratio[:, None] * t + centre[:, None]
        inside = (at > -0.5) & (at < T - 0.5)
        low = np.clip(np.floor(at).astype(np.int64), 0, max(T - 2, 0))
        p1, p2 = _both(flat, way.b[:, None] * T + low, T)
        slope = p2 - p1
        rest = mine - (p1 + (at - low) * slope)
        unknown = ~(inside & np.isfinite(rest))
        rest[unknown] = slope[unknown] = 0
        weight = 1 / (1 + _squared(rest) / scale[:, None] ** 2) ** 2
        weight[unknown] = 0
        steep = weight * _squared(slope)
        pull = weight * (slope.real * rest.real + slope.imag * rest.imag)
        m0, m1, m2 = steep.sum(axis=1), (steep * t).sum(axis=1), (steep * t * t).sum(axis=1)
        v0, v1 = pull.sum(axis=1), (pull * t).sum(axis=1)
        size = m0 * m2 - m1 * m1
        good = size > 1e-9 * np.maximum(m0 * m2, 1e-12)
        size = np.where(good, size, 1)
        centre += np.clip(np.where(good, (m2 * v0 - m1 * v1) / size, 0), -1, 1)
        step = np.where(good, (m0 * v1 - m1 * v0) / size, 0)
        ratio += np.clip(step, -0.2, 0.2)
        ratio = np.where(np.abs(ratio) < _SLOWEST / 2, np.copysign(_SLOWEST / 2, ratio), ratio)
    return way._replace(ratio=ratio, start=centre - ratio * middle)


def _laid(apart: Floats, way: Way, limit: float) -> Laid:
    T = apart.shape[1]
    with np.errstate(invalid="ignore"):
        agree = apart <= limit
    count, there = agree.sum(axis=1), np.isfinite(apart).sum(axis=1)
    total = (np.where(agree, apart, 0) ** 2).sum(axis=1)
    rms = np.where(count > 0, np.sqrt(total / np.maximum(count, 1)), np.inf)
    return Laid(way, rms, count / T, count / np.maximum(there, 1))


def _places(paths: Floats) -> Places:
    """The same as complex numbers, (N, T): numpy is slow along axes of length 2."""
    found: Places = np.ascontiguousarray(paths).view(np.complex128)[..., 0]
    return found


def _mirrored(places: Places, way: Way) -> Places:
    """Places of each way's `a`, (n, frames), mirrored in place as it says."""
    places.real *= way.across[:, None]
    places.imag *= way.down[:, None]
    return places


def _both(flat: Places, low: Ints, frames: int) -> tuple[Places, Places]:
    """The places at these indices and those of the frames after them; of one frame there is none after."""
    return flat.take(low), flat.take(low + (frames > 1))


def _squared(of: Places) -> Floats:
    found: Floats = of.real**2 + of.imag**2
    return found


def _length(of: Floats) -> Floats:
    found: Floats = np.hypot(of[..., 0], of[..., 1])
    return found


def _parts(count: int, frames: int) -> list[slice]:
    step = max(1, _BLOCK // max(1, frames))
    return [slice(first, first + step) for first in range(0, count, step)]


def _nothing() -> Laid:
    none, nothing = np.zeros(0, np.int64), np.zeros(0)
    return Laid(Way(none, none, none, none, nothing, nothing), nothing, nothing, nothing)
