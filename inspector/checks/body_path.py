"""The path of a body through clips: a few points seen from between the shoulders, and in the body's own size."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.checks.arrays import AnyArray
from inspector.checks.segments import Segments

Float = npt.NDArray[np.float32]
Bool = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]

POINTS = 7
"""The nose, both shoulders, elbows and wrists, in this order, left before right."""

ROWS = 12
"""Of a path: x of nose, elbows and wrists, then y of each; then x and y of the place between the shoulders."""

DEPTH = np.float32(255)
"""What one byte holds."""

_LONGEST_GAP = 10
_STEP = 3
_LEAST_SAMPLES = 40
_MOST_SAMPLES = 2048
_LEAST_DEPTH, _HALF = np.float32(1e-6), np.float32(0.5)
_MOST = 6e4**2  # what two bytes hold, squared
_SHOULDERS = np.array([10, 11, 22, 23])
_BEFORE_ALL, _AFTER_ALL = np.array([-1]), np.array([np.iinfo(np.int64).max])


def known_points(picked: Float) -> Bool:
    """Which points (2, 7, N) were detected, bool (7, N): not those at (0, 0), or at (1, 0) once mirrored."""
    x, y = picked
    known: Bool = (y != 0) | ((x != 0) & (x != 1))
    finite = np.isfinite(picked)
    known &= finite[0]
    known &= finite[1]
    return known


class Gaps:
    """Where points of clips were not detected, and what lies on a straight way between the frames around.

    No way leads over a clip's border: beyond the first and last frame in which a point was detected, it stays. Where
    not both shoulders were detected in some frame, anything comes out.

    Parameters
    ----------
    picked, known
        float32 (2, 7, N), contiguous, which is changed; and of `known_points`.
    """

    def __init__(self, picked: Float, known: Bool, segments: Segments) -> None:
        frames = known.shape[1]
        self.flat = picked.reshape(2, -1)  # the same memory
        self.at: Index = (~known).reshape(-1).nonzero()[0]
        held = np.concatenate([_BEFORE_ALL, known.reshape(-1).nonzero()[0], _AFTER_ALL])
        place = self.at - np.arange(self.at.size)  # so many were detected before
        rows = np.arange(0, known.size, frames)[:, None]
        starts, ends = (rows + segments.starts).reshape(-1), (rows + segments.ends).reshape(-1)
        begins = self.at.searchsorted(starts)
        counts = np.append(begins[1:], self.at.size) - begins
        start, end = starts.repeat(counts), ends.repeat(counts)
        before, after = np.maximum(held.take(place), start - 1), np.minimum(held.take(place + 1), end)
        longest = np.tile(np.minimum(_LONGEST_GAP + 1, segments.lengths), len(known))
        self.short = after - before <= longest.repeat(counts)  # of T + 1: never detected
        np.copyto(before, after, where=before < start)
        np.copyto(after, before, where=after == end)
        share = ((self.at - before) / np.maximum(after - before, 1)).astype(np.float32)
        self.values = self.flat.take(before, axis=1, mode="clip")
        ways = self.flat.take(after, axis=1, mode="clip")
        ways -= self.values
        ways *= share
        self.values += ways
        self.shoulders = slice(*self.at.searchsorted((frames, 3 * frames)).tolist())
        self.short[self.shoulders] = False

    def centre(self) -> None:
        """Shoulders on their way, all else between them, in place."""
        flat, at, shoulders = self.flat, self.at, self.shoulders
        flat[:, at[shoulders]] = self.values[:, shoulders]
        frames = flat.shape[1] // POINTS
        middle = flat[:, frames : 2 * frames] + flat[:, 2 * frames : 3 * frames]
        middle /= 2
        for part in (at[: shoulders.start], at[shoulders.stop :]):
            if part.size:
                flat[:, part] = middle.take(part % frames, axis=1)

    def fill(self) -> None:
        """What was not detected for a moment on its way, in place."""
        if np.count_nonzero(self.short):
            self.flat[:, self.at[self.short]] = self.values[:, self.short]


@dataclass(frozen=True, slots=True, eq=False)
class BodyPaths:
    """BodyPaths of clips as they are stored: each row's least value and range, and what lies between in one byte.

    Attributes
    ----------
    steps
        How many frames of each clip were averaged for one sample.
    samples
        Where each clip's samples lie.
    units
        Each body's size in the units of the points.
    fine
        Whether a clip has a path: its body has a size, and two bytes hold the numbers.
    ends
        float16 (n, 24): the least value of each of `ROWS`, then each range.
    values
        uint8 (12, S).
    """

    steps: list[int]
    samples: Segments
    units: list[float]
    fine: list[bool]
    ends: npt.NDArray[np.float16]
    values: npt.NDArray[np.uint8]


def paths_of(picked: Float, segments: Segments) -> BodyPaths:
    """BodyPaths of points (2, 7, N) of clips. Callers mind numpy's warnings.

    By sums and differences of whole rows: a product's last digit would depend on how many clips there are.
    """
    lengths = segments.lengths
    steps = np.maximum(np.minimum(_STEP, lengths // _LEAST_SAMPLES), -(-lengths // _MOST_SAMPLES))
    samples = Segments((lengths // steps).tolist())
    points = _sampled(picked, segments, steps.tolist(), samples)
    path = np.empty((ROWS, samples.frames), np.float32)
    halves = points[:, 1:3] * _HALF
    middle = np.add(halves[:, 0], halves[:, 1], out=path[10:])
    limbs = path[:10].reshape(2, 5, -1)
    np.subtract(points[:, 0], halves[:, 0], out=limbs[:, 0])
    limbs[:, 0] -= halves[:, 1]
    np.subtract(points[:, 3:], middle[:, None], out=limbs[:, 1:])
    across = points[:, 1] - points[:, 2]
    across *= across
    sizes = across[0] + across[1]  # from shoulder to shoulder, squared
    np.sqrt(sizes, out=sizes)
    sizes += np.hypot(path[0], path[5])
    ordered = samples.rows(sizes)
    ordered.sort(axis=1)
    units = ordered[np.arange(len(samples)), samples.lengths // 2].astype(np.float64)
    fine = (units > 1e-6) & (units < 1e6)
    np.maximum(sizes, samples.spread((units / 20).astype(np.float32)), out=sizes)
    path[:10] /= sizes  # each frame by its own: a piece of a clip has the same path as the clip there
    low = samples.least(path)
    path -= samples.spread(low)
    depth = samples.largest(path)
    np.maximum(depth, _LEAST_DEPTH, out=depth)
    path *= samples.spread(DEPTH / depth)
    path += _HALF
    ends = np.concatenate((low, depth))
    ends[_SHOULDERS] *= (1 / units).astype(np.float32)
    fine &= np.add.reduce(ends * ends, axis=0) < _MOST
    stored = np.ascontiguousarray(ends.T, "<f2")
    return BodyPaths(steps.tolist(), samples, units.tolist(), fine.tolist(), stored, path.astype(np.uint8))


def _sampled(picked: Float, segments: Segments, steps: list[int], samples: Segments) -> Float:
    """Means of so many frames of each clip, (2, 7, S); as products, for numpy is slow to reduce an axis of two."""
    if samples.frames == segments.frames:
        return picked
    flat: AnyArray = picked.reshape(2 * POINTS, -1)
    out = np.empty((2 * POINTS, samples.frames), np.float32)
    for frames, places, step in zip(segments.slices, samples.slices, steps, strict=True):
        n = places.stop - places.start
        part = flat[:, frames.start : frames.start + n * step]
        out[:, places] = part if step == 1 else (part.reshape(-1, step) @ _mean_of(step)).reshape(-1, n)
    return out.reshape(2, POINTS, -1)


@functools.lru_cache(maxsize=8)
def _mean_of(step: int) -> Float:
    """What takes the mean of so many values as a product."""
    return np.full(step, 1 / step, np.float32)
