"""Coordinates point by point: each point's x and y as a contiguous track over time, of one clip or of several."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from inspector.checks.arrays import AnyArray
from inspector.checks.segments import Segments


@dataclass(frozen=True, eq=False)
class Tracks:
    """The points of clips, in the precision they came in. Callers mind numpy's warnings.

    Attributes
    ----------
    xy
        (2, J, N): of all clips, one after the other.
    segments
        Where each clip lies.
    """

    xy: AnyArray
    segments: Segments

    @classmethod
    def of(cls, *clips: AnyArray) -> Self:
        """From (T, J, 2) of each clip."""
        segments = Segments([len(points) for points in clips])
        if len(clips) == 1:
            return cls(np.ascontiguousarray(clips[0].transpose(2, 1, 0)), segments)
        xy = np.empty((*clips[0].shape[:0:-1], segments.frames), clips[0].dtype)
        for frames, points in zip(segments.slices, clips, strict=True):
            xy[:, :, frames] = points.transpose(2, 1, 0)
        return cls(xy, segments)

    def one(self, frames: slice) -> Tracks:
        """The clip in these frames by itself."""
        return Tracks(self.xy[:, :, frames], Segments([frames.stop - frames.start]))

    @property
    def joints(self) -> int:
        """How many points there are, J."""
        return int(self.xy.shape[1])

    @property
    def frames(self) -> int:
        """How many frames there are, N."""
        return int(self.xy.shape[2])

    @cached_property
    def moves(self) -> AnyArray:
        """Where each point goes from the frame before, (2, J, N), seen or not; NaN in each clip's first frame."""
        out = np.empty_like(self.xy)
        np.subtract(self.xy[:, :, 1:], self.xy[:, :, :-1], out=out[:, :, 1:])
        out[:, :, self.segments.starts] = np.nan
        return out

    @cached_property
    def steps(self) -> AnyArray:
        """How far each point goes from the frame before, (J, N); NaN in each clip's first frame."""
        moves = self.moves
        if moves.dtype.kind == "c":
            return _length(moves)
        squares = moves * moves
        out: AnyArray = squares[0]
        out += squares[1]
        return np.sqrt(out, out=out)

    @cached_property
    def fastest(self) -> AnyArray:
        """The longest step of any point into each frame, (N,); NaN where none is known."""
        out: AnyArray = np.fmax.reduce(self.steps, axis=0)
        return out

    def between(self, pairs: AnyArray) -> AnyArray:
        """Distance of two points in each frame, (n, N); `pairs` are int (n, 2)."""
        a, b = pairs.T
        apart = self.xy.take(a, axis=1)
        apart -= self.xy.take(b, axis=1)
        return _length(apart)


def _length(dxy: AnyArray) -> AnyArray:
    """Euclidean length of differences (2, n, N), whose memory is used, in their precision."""
    if dxy.dtype.kind == "c":
        dxy = np.abs(dxy)
    dxy *= dxy
    out: AnyArray = dxy[0]
    out += dxy[1]
    return np.sqrt(out, out=out)


@functools.lru_cache(maxsize=64)
def pair_array(*pairs: tuple[tuple[int, int], ...]) -> AnyArray:
    """Pairs of a skeleton or profile as int64 (n, 2), each end contiguous; the same for every file, so made once."""
    return np.asfortranarray(np.array(sum(pairs, ()), dtype=np.int64).reshape(-1, 2))
