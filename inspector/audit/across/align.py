"""Whether two paths are the same for a while, and where the frames of one are in the other: for many pairs at once."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

from inspector.audit.across.paths import ABSOLUTE, VIEWS, Float, Int, Paths, Times
from inspector.checks.fingerprint import LEAST_FRAMES

SLOWEST, FASTEST = 0.2, 5.0
SAME = (1.0,) * 32
USUAL = (0.5, 2.0, 5 / 6, 6 / 5) * 8
"""Slopes to try: the same speed, and what comes of other frame rates."""

_TRIES = 48
_CHUNK = 2048
_FEWEST = 4

OVERLAP = 0.5
"""Of the shorter clip must lie on the other."""

_LEAST_KNOWN = 0.4
"""Share of the coordinates that must lie inside the picture in both."""

Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """Pairs of clips, one laid over the other: frame t of a is frame `ratio` t + `start` of b. All are (C,).

    Attributes
    ----------
    a, b, view
        Numbers of the clips, and which of `VIEWS` of b was taken.
    first, last
        Frames of a between which both are there; last < first where they do not meet.
    error
        Body sizes: rms over coordinates of what remains between the two, without the fifth of the places where they
        differ most.
    motion
        Body sizes: rms of the coordinates of a about their means in those frames.
    scale
        Size of a over size of b, beyond what the body's size says.
    """

    a: Int
    b: Int
    view: Int
    ratio: Times
    start: Times
    first: Times
    last: Times
    error: Times
    motion: Times
    scale: Times

    def where(self, chosen: Bool | Int) -> Self:
        """Some of them."""
        return type(self)(*(getattr(self, f.name)[chosen] for f in fields(self)))


def lines_through(
    counts: Int, times: Float, tolerance: Times, slopes: Sequence[float] | None = None
) -> tuple[Times, Times]:
    """For each group of points the line on which most of them lie.

    Parameters
    ----------
    counts
        (C,): how many points each group has, at least 2.
    times
        (sum of counts, 2): the points, in ascending order of x within each group.
    tolerance
        (C,): how far off counts as on the line, along y.

    Returns
    -------
    ratio, start
        float64 (C,); ratio is NaN where no line has a slope between `SLOWEST` and `FASTEST`.
    """
    first = np.cumsum(counts) - counts
    group = np.repeat(np.arange(len(counts)), counts)
    x, y = times.T.astype(np.float64)
    rng = np.random.default_rng(5)
    ratio, start, best = np.full(len(counts), np.nan), np.zeros(len(counts)), np.zeros(len(counts))
    for slope_of_all in slopes or (None,) * _TRIES:
        low = rng.uniform(0, 0.75, len(counts))
        high = rng.uniform(low + 0.15, 1)
        i, j = first + (low * counts).astype(int), first + (high * counts).astype(int)
        run, rise = x[j] - x[i], y[j] - y[i]
        slope = np.divide(rise, run, out=np.zeros(len(counts)), where=run >= 1)
        if slope_of_all is not None:
            slope = np.full(len(counts), slope_of_all)
            i = first + (rng.uniform(0, 1, len(counts)) * counts).astype(int)
        fits = (slope >= SLOWEST) & (slope <= FASTEST)
        zero = y[i] - slope * x[i]
        off = np.abs(slope[group] * x + zero[group] - y) / (tolerance * np.maximum(1, slope))[group]
        score = np.add.reduceat(np.maximum(0, 1 - off), first) * fits
        better = score > best
        ratio[better], start[better], best[better] = slope[better], zero[better], score[better]
    return ratio, start


def lay(paths: Paths, a: Int, b: Int, view: Int, ratio: Times, start: Times, samples: int, rounds: int) -> Laid:
    """Lay paths over each other, and move the one in time until it fits best.

    Parameters
    ----------
    a, b, view
        (C,): as in `Laid`.
    ratio, start
        (C,): about where the frames of a are in b.
    samples
        Places at which the two are compared.
    """
    parts = [
        _lay(paths, a[s], b[s], view[s], ratio[s], start[s], samples, rounds)
        for s in (slice(i, i + _CHUNK) for i in range(0, max(1, len(a)), _CHUNK))
    ]
    return Laid(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Laid)))


def _lay(paths: Paths, a: Int, b: Int, view: Int, ratio: Times, start: Times, samples: int, rounds: int) -> Laid:
    share = np.linspace(0, 1, samples)
    best: Laid | None = None
    for turn in range(rounds):
        first = np.maximum(0.0, -start / ratio)
        last = np.minimum(paths.frames[a] - 1.0, (paths.frames[b] - 1 - start) / ratio)
        fits = last - first >= _FEWEST
        last = np.where(fits, last, first - 1)
        t = first[:, None] + share * (last - first)[:, None]
        mine, theirs, slope, counts = _compared(paths, a, b, view, t, ratio, start)
        known = counts.mean(axis=(1, 2))
        known = np.where(known >= _LEAST_KNOWN, known, np.nan)
        usual = mine.sum(axis=1) / np.maximum(counts.sum(axis=1), 1)
        motion = np.sqrt(np.square(mine - usual[:, None] * counts).mean(axis=(1, 2)) / known)
        scale = np.einsum("csd,csd->c", mine, theirs) / np.maximum(np.einsum("csd,csd->c", theirs, theirs), 1e-9)
        left = mine - scale[:, None, None] * theirs
        apart = np.sqrt(np.square(left).mean(axis=2))
        ordered = np.sort(apart, axis=1)[:, : _kept(samples)]
        sound = fits & _enough(paths, a, b, last - first + 1, ratio) & (known > 0)
        error = np.where(sound, np.sqrt(np.square(ordered).mean(axis=1) / known), np.inf)
        now = Laid(a, b, view, ratio, start, first, last, error, motion, scale)
        best = now if best is None else better(best, now)
        if turn + 1 < rounds:
            much = np.maximum(2 * ordered[:, -1:], 1e-6)
            weight = (1 / (1 + np.square(apart / much)))[..., None]  # frames that do not fit at all lead nowhere
            ratio, start = _moved(ratio, start, t, left * weight, slope * scale[:, None, None], weight, paths.step[b])
    assert best is not None
    return best


def _enough(paths: Paths, a: Int, b: Int, span: Times, ratio: Times) -> Bool:
    """Whether two clips that share so many frames of a (C,) share enough of them to mean anything."""
    share = np.maximum(span / paths.frames[a], span * ratio / paths.frames[b])
    fewest, most = np.minimum(span, span * ratio), np.maximum(span, span * ratio)
    enough: Bool = (share >= OVERLAP) & (fewest >= LEAST_FRAMES / 2) & (most >= LEAST_FRAMES)
    return enough


def _compared(
    paths: Paths, a: Int, b: Int, view: Int, t: Times, ratio: Times, start: Times
) -> tuple[Float, Float, Float, Float]:
    """Paths of a at t and of b there, each (C, S, 12), how fast b goes there, in body sizes a frame, and what counts.

    That is 0 for a coordinate at the edge of the picture in either, which is then 0 in the others, too, and else 1.
    """
    u = ratio[:, None] * t + start[:, None]
    seen = VIEWS[view].transpose(0, 2, 1)
    half = paths.step[b][:, None] * 0.5
    before, after = paths.at(b, u - half), paths.at(b, u + half)
    slope = np.divide(after - before, (2 * half)[..., None], dtype=np.float32)
    mine, theirs = _blurred(paths, a, t, paths.step[b] / ratio), _blurred(paths, b, u, paths.step[a] * ratio)
    counts = paths.inside(a, mine) * (paths.inside(b, theirs) @ np.abs(seen))
    theirs = theirs @ seen
    going: Float = slope @ seen
    for one in (mine, theirs, going):
        one[..., ~ABSOLUTE] -= one[..., ~ABSOLUTE].mean(axis=1)[:, None]
        one *= counts
    return mine, theirs, going, counts


def _blurred(paths: Paths, clips: Int, frames: Times, width: Times) -> Float:
    """Places averaged over so many frames (C,) where the clip's samples are of fewer, to compare like with like."""
    out = paths.at(clips, frames)
    finer = (width > 1.4 * paths.step[clips]).nonzero()[0]
    if len(finer):
        aside = (width[finer] / 3)[:, None]
        for side in (-aside, aside):
            out[finer] += paths.at(clips[finer], frames[finer] + side)
        out[finer] /= 3
    return out


def _kept(samples: int) -> int:
    """How many of the places count: the others may be where points were not detected."""
    return max(1, samples * 4 // 5)


def better(old: Laid, new: Laid, *, always: bool = False) -> Laid:
    """Of two ways to lay each pair, the one that leaves less of the motion; `always`: the new one where it is sound."""
    choose = new.error * np.maximum(old.motion, 1e-6) < old.error * np.maximum(new.motion, 1e-6)
    if always:
        choose = np.isfinite(new.error)
    return Laid(*(np.where(choose, getattr(new, f.name), getattr(old, f.name)) for f in fields(Laid)))


def _moved(
    ratio: Times, start: Times, t: Times, left: Float, slope: Float, weight: Float, step: Int
) -> tuple[Times, Times]:
    """One step of Gauss and Newton: what shift and stretch of b's time lessen the rest most."""
    middle = t.mean(axis=1)
    stretch = slope * (t - middle[:, None])[..., None].astype(np.float32)
    dot = functools.partial(np.einsum, "csd,csd->c")
    p, q, r = dot(slope * weight, slope), dot(slope * weight, stretch), dot(stretch * weight, stretch)
    x, y = dot(slope, left), dot(stretch, left)
    det = p * r - q * q
    sound = det > 1e-6 * p * r
    det = np.where(sound, det, 1)
    more = np.where(sound, (p * y - q * x) / det, 0)
    by = np.where(sound, (r * x - q * y) / det, x / np.maximum(p, 1e-12))
    more = np.clip(more, -0.1 * ratio, 0.1 * ratio)
    by = np.clip(by, -3 * step, 3 * step)
    ratio = np.clip(ratio + more, SLOWEST, FASTEST)
    return ratio, start + by - more * middle
