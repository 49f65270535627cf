"""Coordinates point by point: each point's x and y as a contiguous track over time."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from inspector.checks.arrays import AnyArray


@dataclass(frozen=True, eq=False)
class Tracks:
    """The points of a clip, in the precision they came in. Callers mind numpy's warnings.

    Attributes
    ----------
    xy
        (2, J, T).
    """

    xy: AnyArray

    @classmethod
    def of(cls, points: AnyArray) -> Self:
        """From (T, J, 2)."""
        return cls(np.ascontiguousarray(points.transpose(2, 1, 0)))

    @property
    def joints(self) -> int:
        """How many points there are, J."""
        return int(self.xy.shape[1])

    @property
    def frames(self) -> int:
        """How many frames there are, T."""
        return int(self.xy.shape[2])

    @cached_property
    def moves(self) -> AnyArray:
        """Where each point goes from frame to frame, (2, J, T-1), seen or not; (2, J, 0) for fewer than two frames."""
        out: AnyArray = self.xy[:, :, 1:] - self.xy[:, :, :-1]
        return out

    @cached_property
    def steps(self) -> AnyArray:
        """How far each point goes from frame to frame, (J, T-1)."""
        moves = self.moves
        if moves.dtype.kind == "c":
            return _length(moves)
        squares = moves * moves
        out: AnyArray = squares[0]
        out += squares[1]
        return np.sqrt(out, out=out)

    @cached_property
    def fastest(self) -> AnyArray:
        """The longest step of any point into each frame after the first, (T-1,); NaN where none is known."""
        out: AnyArray = np.fmax.reduce(self.steps, axis=0)
        return out

    def between(self, pairs: AnyArray) -> AnyArray:
        """Distance of two points in each frame, (n, T); `pairs` are int (n, 2)."""
        a, b = pairs.T
        apart = self.xy.take(a, axis=1)
        apart -= self.xy.take(b, axis=1)
        return _length(apart)


def _length(dxy: AnyArray) -> AnyArray:
    """Euclidean length of differences (2, n, T), whose memory is used, in their precision."""
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
