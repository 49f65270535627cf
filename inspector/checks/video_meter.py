"""Videos measured as they stream by: one pass, memory for one block, a few figures kept for each frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xxhash

from inspector.checks.arrays import AnyArray
from inspector.checks.video_scene import Scene, scene_of, seen_in
from inspector.checks.video_sums import counts, sums
from inspector.profiles.layouts import Layout

_CHUNK = 1 << 20  # bytes of float32 measured at a time
_VISIBLE = 4 / 255
"""A change of a pixel by less than this share of full scale is not seen as one."""

_SCENE = 16 << 20  # bytes of float32 that a background is told from
_SCENE_FRAMES = 16
_LARGEST = np.float32(1e30)
"""Values beyond it are measured as this: their squares and sums would not be finite."""

FRAME_SERIES = ("motion", "moving", "object_x", "object_y", "object_area")
FRAME_FLAGS = ("blank", "left", "right", "top", "bottom")


@dataclass(slots=True)
class _Sample:
    """What is known of the video that is being read."""

    digest: xxhash.xxh3_128
    scene: Scene | None = None
    frame: int = 0
    before: AnyArray | None = None


class _Plain(NamedTuple):
    """Frames fit to be measured.

    Attributes
    ----------
    values
        float32, in memory order, all finite.
    bad
        Where something else stood in place of a value; None where nothing had to.
    low, high
        Extremes of each frame of `values`, (n,).
    limited
        Some of the values are not those of the video.
    """

    values: AnyArray
    low: AnyArray
    high: AnyArray
    bad: AnyArray | None = None
    limited: bool = False


class VideoMeter:
    """Takes blocks of an array of videos, and keeps figures.

    Parameters
    ----------
    layout
        Of the whole array.
    dtype
        Of the blocks; numeric or boolean.

    Attributes
    ----------
    frames
        Arrays of shape (N, T) by name: ``motion`` (mean absolute difference to the frame before; NaN in frame 0),
        ``moving`` (% of the pixels that changed visibly; NaN in frame 0), ``object_x``, ``object_y`` (pixels from the
        left and upper edge, centroid of what is not background weighted by how far it is from it, NaN without an
        object), ``object_area`` (pixels), all float32; and bool ``blank`` (nothing but background), ``left``,
        ``right``, ``top``, ``bottom`` (the object touches that edge). Values are in the array's own units.
    variation
        float64 (N,): standard deviation of the frame means, worked out in the array's own precision.
    still
        bool (N,): all frames are the same, value by value.
    low, high
        float64 (N,): extremes of the finite values; NaN where there are none.
    nan, inf
        int64 (N, T): counts of such values.
    digests
        Hash of each video's bytes in C order.
    """

    def __init__(self, layout: Layout, dtype: np.dtype[np.generic]) -> None:
        self.layout = layout
        self._axes = layout.axes
        N, T = layout.samples, layout.frames
        self.frames: dict[str, AnyArray] = {name: np.full((N, T), np.nan, np.float32) for name in FRAME_SERIES}
        self.frames |= {name: np.zeros((N, T), dtype=bool) for name in FRAME_FLAGS}
        self.variation = np.full(N, np.nan)
        self.still = np.ones(N, dtype=bool)
        self.low, self.high = np.full(N, np.nan), np.full(N, np.nan)
        self.nan, self.inf = np.zeros((N, T), np.int64), np.zeros((N, T), np.int64)
        self.digests = [b""] * N
        self._means = np.zeros((N, T), mean_dtype(dtype))
        self._only: _Sample | None = None
        self._per_chunk = max(1, _CHUNK // max(1, 4 * layout.height * layout.width * layout.channels))

    def update(self, first: int, block: AnyArray) -> None:
        """Take in the next rows of the array.

        Parameters
        ----------
        first
            Number of the first row: a sample, or a frame where the array is one video.
        block
            (rows, ...) as in the file. Of many videos, blocks may come in any order and from several threads; each
            holds whole ones.
        """
        with np.errstate(all="ignore"):  # values near the largest there are, infinity: figures of those are not finite
            if "N" in self._axes:
                for number, video in enumerate(block, start=first):
                    sample = _Sample(xxhash.xxh3_128())
                    self._take(number, video, sample)
                    self.digests[number] = sample.digest.digest()
            else:
                self._only = self._only or _Sample(xxhash.xxh3_128())
                self._take(0, block, self._only)

    def finish(self) -> None:
        """Say that there is no more: figures of whole samples are made of those of their frames."""
        if "N" not in self._axes:
            self.digests[0] = (self._only or _Sample(xxhash.xxh3_128())).digest.digest()
            self._only = None
        with np.errstate(all="ignore"):
            if self._means.size:
                self.variation[:] = self._means.std(axis=1)
        # Where values are missing, nobody can say whether the picture moves, nor that it is empty.
        bad = self.nan + self.inf > 0
        self.still &= ~bad.any(axis=1)
        self.frames["blank"][bad] = False

    def _take(self, number: int, frames: AnyArray, sample: _Sample) -> None:
        """Take in some or all frames of one video, in order, axes as in the file."""
        sample.digest.update(np.ascontiguousarray(frames).data)
        pictures = to_tchw(frames, self._axes.replace("N", ""))
        if not pictures.size:
            self.still[number] = False
            return
        if sample.scene is None:
            if len(pictures) <= min(self._per_chunk, self._most_spread(pictures)):  # a small video is looked at once
                plain = _plain(pictures)
                sample.scene, seen = seen_in(plain.values, plain.low, plain.high)
                self._chunk(number, pictures, plain, seen, sample)
                return
            sample.scene = scene_of(self._spread(pictures))
        for start in range(0, len(pictures), self._per_chunk):
            part = pictures[start : start + self._per_chunk]
            plain = _plain(part)
            self._chunk(number, part, plain, sample.scene.look(plain.values, plain.low), sample)

    @staticmethod
    def _most_spread(pictures: AnyArray) -> int:
        return max(3, min(_SCENE_FRAMES, _SCENE // (4 * int(pictures[0].size))))

    def _spread(self, pictures: AnyArray) -> AnyArray:
        """Some of the frames, evenly taken: what is still in most of them is background."""
        most = self._most_spread(pictures)
        chosen = np.unique(np.linspace(0, len(pictures) - 1, min(most, len(pictures))).round().astype(np.intp))
        return _plain(pictures[chosen]).values

    def _chunk(
        self, number: int, pictures: AnyArray, plain: _Plain, seen: dict[str, AnyArray], sample: _Sample
    ) -> None:
        values, bad = plain.values, plain.bad
        here = slice(sample.frame, sample.frame + len(pictures))
        self._means[number, here] = pictures.mean(axis=(1, 2, 3))
        if bad is not None:
            self.nan[number, here] = np.isnan(pictures).sum(axis=(1, 2, 3))
            self.inf[number, here] = bad.sum(axis=(1, 2, 3)) - self.nan[number, here]
        if not plain.limited and pictures.dtype == values.dtype:
            self._extremes(number, plain.low.min(), plain.high.max())
        else:
            known = pictures if bad is None else pictures[~bad]
            if known.size:
                self._extremes(number, np.minimum.reduce(known, axis=None), np.maximum.reduce(known, axis=None))
        self._motion(number, values, sample)
        if len(pictures) > 1 and self.still[number] and pictures.dtype.itemsize > values.dtype.itemsize:
            self.still[number] = bool((pictures[1:] == pictures[:-1]).all())  # float32 may not tell them apart
        for name, series in seen.items():
            self.frames[name][number, here] = series
        sample.frame += len(values)
        if sample.frame < self.layout.frames:
            sample.before = values[-1].copy()

    def _extremes(self, number: int, low: AnyArray, high: AnyArray) -> None:
        self.low[number] = np.fmin(self.low[number], low)
        self.high[number] = np.fmax(self.high[number], high)

    def _motion(self, number: int, values: AnyArray, sample: _Sample) -> None:
        first = int(sample.before is None)
        steps = np.empty((len(values) - first, *values.shape[1:]), np.float32)
        if not len(steps):
            return
        if sample.before is not None:
            np.subtract(values[0], sample.before, out=steps[0])
        np.subtract(values[1:], values[:-1], out=steps[1 - first :])
        np.abs(steps, out=steps)
        here = slice(sample.frame + first, sample.frame + len(values))
        self.frames["motion"][number, here] = sums(steps) / np.float32(steps[0].size)
        assert sample.scene is not None
        largest = np.maximum.reduce(steps, axis=1)
        moving = counts(largest > _VISIBLE * sample.scene.scale)
        self.frames["moving"][number, here] = moving / largest[0].size * 100
        self.still[number] &= not (moving.any() or largest.any())


def _plain(pictures: AnyArray) -> _Plain:
    """Frames as float32 in memory order, the median of the finite values in place of others, and where those were."""
    values = np.ascontiguousarray(pictures, np.float32)
    low, high = _extremes(values)
    if (low >= -_LARGEST).all() and (high <= _LARGEST).all():
        return _Plain(values, low, high)  # NaN would have failed both
    bad = ~np.isfinite(pictures) if pictures.dtype.kind == "f" else np.zeros(pictures.shape, dtype=bool)
    values = np.clip(values, -_LARGEST, _LARGEST)  # leaves NaN as it is
    if not bad.any():
        return _Plain(values, *_extremes(values), limited=True)
    finite = values[~bad]
    values[bad] = np.median(finite) if finite.size else 0
    return _Plain(values, *_extremes(values), bad, limited=True)


def _extremes(frames: AnyArray) -> tuple[AnyArray, AnyArray]:
    """The least and the greatest value of each frame."""
    rows = frames.reshape(len(frames), -1)
    return np.minimum.reduce(rows, axis=1), np.maximum.reduce(rows, axis=1)


def mean_dtype(dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """In what numpy keeps the mean of values of a type."""
    return np.dtype(dtype) if dtype.kind == "f" else np.dtype(np.float64)


def to_tchw(frames: AnyArray, axes: str) -> AnyArray:
    """Frames with the axes T, C, H, W, in memory of the same order where it is another; grey ones get a C of 1.

    Parameters
    ----------
    axes
        Of `frames`: letters T, C, H, W in any order, C may be absent.
    """
    if "C" not in axes:
        frames, axes = frames[..., None], f"{axes}C"
    return frames.transpose([axes.index(axis) for axis in "TCHW"])
