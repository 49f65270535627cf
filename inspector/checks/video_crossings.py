"""Which videos may show the same path: found by where paths cross the lines of a grid, whatever their speed."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_FINE = 4  # straight pieces that a step from frame to frame is drawn with
_AT_REST = 0.02  # pixels; frames closer than this are one place
_CROWDED = 8  # crossings alike that one is compared with, at most
_AT_ONCE = 1 << 13  # crossings looked up, so that memory does not grow with all that are compared
_MIX = np.uint64(0x9E3779B97F4A7C15)
_WITHIN = np.uint64((1 << 20) - 1)


class Guesses(NamedTuple):
    """Ways in which frames of one video may be found in another; arrays of shape (n,).

    Attributes
    ----------
    a, b
        Numbers of the videos, different.
    across, down
        -1 where the one is the other's mirror image in that direction, else 1.
    ratio
        How many frames of `b` pass in one of `a`; negative where the one runs backward.
    time_a, time_b
        One moment of both, in frames.
    """

    a: Ints
    b: Ints
    across: Ints
    down: Ints
    ratio: Floats
    time_a: Floats
    time_b: Floats

    def where(self, chosen: npt.NDArray[np.bool_] | Ints) -> Guesses:
        """Some of them."""
        return Guesses(
            self.a[chosen], self.b[chosen], self.across[chosen], self.down[chosen], self.ratio[chosen],
            self.time_a[chosen], self.time_b[chosen],
        )  # fmt: skip


_NONE, _NOTHING = np.zeros(0, np.int64), np.zeros(0)
_NO_GUESSES = Guesses(_NONE, _NONE, _NONE, _NONE, _NOTHING, _NOTHING, _NOTHING)


class _Triples(NamedTuple):
    """Three crossings in a row of a path; what a mirror changes is folded away. Arrays of shape (n,) or (n, 3)."""

    video: Ints
    fixed: Ints
    """Which lines, in which order: a number."""
    lines: Ints
    """In halves of the grid's gap from the picture's middle: odd numbers."""
    places: Floats
    """Where on each line, in pixels."""
    times: Floats
    """When, in frames."""
    across: Ints
    down: Ints

    def where(self, chosen: npt.NDArray[np.bool_]) -> _Triples:
        """Some of them."""
        return _Triples(
            self.video[chosen], self.fixed[chosen], self.lines[chosen], self.places[chosen], self.times[chosen],
            self.across[chosen], self.down[chosen],
        )  # fmt: skip


def guesses(paths: Floats, gap: float, cell: float, slack: float) -> Guesses:
    """Pairs of videos whose paths cross three lines in a row at the same places.

    Lines of a grid are crossed at the same places whenever and however fast a path is gone, and in the other order
    when it is gone backward. A mirror in the picture's middle maps the grid to itself.

    Parameters
    ----------
    paths
        Shape (N, T, 2), pixels from the picture's middle; NaN where there is no object.
    gap
        Pixels between the grid's lines.
    cell
        Pixels to which places are rounded to look them up.
    slack
        Pixels that places of the same path may be apart; less than half of `cell`.

    Notes
    -----
    A crossing is compared with few others, so that the work grows with the number of videos, not of pairs.
    """
    fine, times = _drawn(paths)
    axes = [_crossings(fine, times, axis, gap) for axis in (0, 1)]
    forward = _Triples(*(np.concatenate(each) for each in zip(*axes, strict=True)))
    return _matched(forward, cell, slack)


def _drawn(paths: Floats) -> tuple[Floats, Floats]:
    """Smooth lines through the places of each path, (N, n, 2), and when they are there, (N, n).

    The curve is Catmull and Rom's: a circle of a few frames keeps its shape, whichever of its frames are left. Frames
    in which nothing moves are one place, so that it does not matter how often they are repeated.
    """
    N, T = paths.shape[:2]
    known = np.isfinite(paths).all(axis=2)
    order = np.argsort(~known, axis=1, kind="stable")  # what is known comes first
    places, moments = np.take_along_axis(paths, order[:, :, None], 1), order.astype(np.float64)
    moved = np.ones((N, T), dtype=bool)
    moved[:, 1:] = (np.abs(np.diff(places, axis=1)) > _AT_REST).any(axis=2)  # NaN is no move
    stops = np.where(moved, moments, 0)
    order = np.argsort(~moved, axis=1, kind="stable")
    count = moved.sum(axis=1)
    places = np.take_along_axis(places, order[:, :, None], 1)
    stops = np.take_along_axis(stops, order, 1)
    last = known.sum(axis=1)
    # When it rests, it is there in the middle of its rest.
    ends = np.where(np.arange(T) < count[:, None] - 1, np.roll(stops, -1, axis=1) - 1, 0)
    final = np.maximum(count - 1, 0)
    rows = np.arange(N)
    ends[rows, final] = moments[rows, np.maximum(last - 1, 0)]
    stops = (stops + np.maximum(ends, stops)) / 2
    beyond = np.minimum(np.arange(-1, T + 1).clip(0), final[:, None])  # one more before and after: the ends again
    p, t = np.take_along_axis(places, beyond[:, :, None], 1), np.take_along_axis(stops, beyond[:, 1:-1], 1)
    u = (np.arange(_FINE) / _FINE)[:, None]
    p0, p1, p2, p3 = (p[:, k : k + T - 1, None] for k in range(4))
    curve = p1 + 0.5 * u * (p2 - p0 + u * (2 * p0 - 5 * p1 + 4 * p2 - p3 + u * (3 * (p1 - p2) + p3 - p0)))
    fine = np.concatenate([curve.reshape(N, -1, 2), p[:, T : T + 1]], axis=1)
    when = t[:, :-1, None] + u[:, 0] * np.diff(t, axis=1)[:, :, None]
    return fine, np.concatenate([when.reshape(N, -1), t[:, -1:]], axis=1)


def _crossings(fine: Floats, times: Floats, axis: int, gap: float) -> _Triples:
    """Where the paths cross lines of one direction, three at a time, as they are gone."""
    with np.errstate(invalid="ignore"):
        level = np.floor(fine[:, :, axis] / gap + 0.5)
    change = np.nan_to_num(np.diff(level, axis=1)).astype(np.int64)
    video, piece = np.nonzero(change)
    change = change[video, piece]
    many = np.abs(change)
    nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    video, piece, way = np.repeat(video, many), np.repeat(piece, many), np.repeat(np.sign(change), many)
    line = 2 * level[video, piece].astype(np.int64) + way * (1 + 2 * nth)  # in halves of the gap, odd
    before, after = fine[video, piece], fine[video, piece + 1]
    part = (line * gap / 2 - before[:, axis]) / (after[:, axis] - before[:, axis])
    place = before[:, 1 - axis] + part * (after - before)[:, 1 - axis]
    time = times[video, piece] + part * (times[video, piece + 1] - times[video, piece])
    first = np.flatnonzero(video[2:] == video[:-2])
    three = first[:, None] + np.arange(3)
    return _folded(axis, video[first], line[three], place[three], time[three])


def _folded(axis: int, video: Ints, lines: Ints, places: Floats, times: Floats) -> _Triples:
    along, beside = np.sign(lines[:, 0]), np.where(places[:, 0] < 0, -1, 1)
    lines, places = lines * along[:, None], places * beside[:, None]
    steps = np.diff(lines, axis=1) // 2 + 1
    fixed = ((lines[:, 0] * 3 + steps[:, 0]) * 3 + steps[:, 1]) * 2 + axis
    across, down = (along, beside) if axis == 0 else (beside, along)
    return _Triples(video, fixed, lines, places, times, across, down)


def _backward(t: _Triples) -> _Triples:
    """The same crossings in the other order."""
    axis = t.fixed % 2
    found = []
    for number in (0, 1):
        own = axis == number
        along = np.where(number == 0, t.across, t.down)[own]
        beside = np.where(number == 0, t.down, t.across)[own]
        lines, places = (t.lines * 1)[own] * along[:, None], t.places[own] * beside[:, None]
        found.append(_folded(number, t.video[own], lines[:, ::-1], places[:, ::-1], t.times[own][:, ::-1]))
    return _Triples(*(np.concatenate(each) for each in zip(*found, strict=True)))


def _matched(forward: _Triples, cell: float, slack: float) -> Guesses:
    table = [forward, _backward(forward)]
    # What is close to the picture's middle is on either side of it.
    near = [_mirrored(t, np.abs(t.places[:, 0]) <= slack) for t in table]
    every = _Triples(*(np.concatenate(each) for each in zip(*table, *near, strict=True)))
    keys = _keys(every.fixed, np.floor(every.places / cell).astype(np.int64), every.places.sum(axis=1), cell)
    order = np.argsort(keys)
    keys = keys[order]
    found: list[Guesses] = []
    for low in product((False, True), repeat=3):
        shift = np.where(low, -slack, slack)
        cells = np.floor((forward.places + shift) / cell).astype(np.int64)
        # Once only, where both ends of the slack are in one cell.
        other = np.floor((forward.places - shift) / cell).astype(np.int64)
        new = np.flatnonzero(_all((cells != other) | np.array(low)))
        for begin in range(0, len(new), _AT_ONCE):
            some = new[begin : begin + _AT_ONCE]
            own = _keys(forward.fixed[some], cells[some], forward.places[some].sum(axis=1), cell)
            first = np.searchsorted(keys, own & ~_WITHIN)
            stop = np.searchsorted(keys, own | _WITHIN, side="right")
            at = np.searchsorted(keys, own)
            first, stop = np.maximum(first, at - _CROWDED // 2), np.minimum(stop, at + _CROWDED // 2)
            many = np.maximum(stop - first, 0)
            nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
            one, two = np.repeat(some, many), order[np.repeat(first, many) + nth]
            close = forward.video[one] < every.video[two]
            one, two = one[close], two[close]
            close = _all(np.abs(forward.places[one] - every.places[two]) <= slack)
            found.append(_guessed(forward, one[close], every, two[close]))
    del table, near, every, keys, order  # a third of all memory, and what was found is put together next
    return Guesses(*(np.concatenate(each) for each in zip(_NO_GUESSES, *found, strict=True)))


def _guessed(forward: _Triples, one: Ints, every: _Triples, two: Ints) -> Guesses:
    """What follows from crossings at the same places."""
    mine, theirs = forward.times[one], every.times[two]
    different = (mine[:, 2] != mine[:, 0]) & (theirs[:, 2] != theirs[:, 0])
    one, two, mine, theirs = one[different], two[different], mine[different], theirs[different]
    return Guesses(
        forward.video[one],
        every.video[two],
        forward.across[one] * every.across[two],
        forward.down[one] * every.down[two],
        (theirs[:, 2] - theirs[:, 0]) / (mine[:, 2] - mine[:, 0]),
        mine.mean(axis=1),
        theirs.mean(axis=1),
    )


def _all(three: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Rows of three in which all hold; quicker than to reduce so short an axis."""
    found: npt.NDArray[np.bool_] = three[:, 0] & three[:, 1] & three[:, 2]
    return found


def _mirrored(t: _Triples, chosen: npt.NDArray[np.bool_]) -> _Triples:
    """Some of them, with the places beside the first line's middle on the other side."""
    t = t.where(chosen)
    upright = t.fixed % 2 == 0
    across, down = np.where(upright, t.across, -t.across), np.where(upright, -t.down, t.down)
    return t._replace(places=-t.places, across=across, down=down)


def _keys(fixed: Ints, cells: Ints, value: Floats, cell: float) -> npt.NDArray[np.uint64]:
    """What crossings must have in common, hashed into the upper bits; a value to sort them by in the lower ones."""
    code = fixed.astype(np.uint64)
    for column in cells.T:
        code = (code ^ column.astype(np.uint64)) * _MIX
        code ^= code >> np.uint64(29)
    within = np.clip((value / cell + 512) * 1024, 0, float(_WITHIN)).astype(np.uint64)
    return (code & ~_WITHIN) | within
