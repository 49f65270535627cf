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
    """The points of a clip, in the precision they came in.

    Attributes
    ----------
    x, y
        (J, T) each.
    """

    x: AnyArray
    y: AnyArray

    @classmethod
    def of(cls, points: AnyArray) -> Self:
        """From (T, J, 2)."""
        return cls(np.ascontiguousarray(points[..., 0].T), np.ascontiguousarray(points[..., 1].T))

    @cached_property
    def steps(self) -> AnyArray:
        """How far each point goes from frame to frame, (J, T-1), visible or not; (J, 0) for fewer than two frames."""
        return length(self.x[:, 1:] - self.x[:, :-1], self.y[:, 1:] - self.y[:, :-1])

    @cached_property
    def fastest(self) -> AnyArray:
        """The longest step of any point into each frame after the first, (T-1,); NaN where none is known."""
        out: AnyArray = np.fmax.reduce(self.steps, axis=0)
        return out

    def between(self, pairs: AnyArray) -> AnyArray:
        """Distance of two points in each frame, (n, T); `pairs` are int (n, 2)."""
        a, b = pairs.T
        dx, dy = self.x.take(a, axis=0), self.y.take(a, axis=0)
        dx -= self.x.take(b, axis=0)
        dy -= self.y.take(b, axis=0)
        return length(dx, dy)


def length(dx: AnyArray, dy: AnyArray) -> AnyArray:
    """Euclidean length, in the precision of its arguments, whose memory it may use. Callers mind numpy's warnings."""
    if dx.dtype.kind == "c":
        dx, dy = np.abs(dx), np.abs(dy)
    dx *= dx
    dy *= dy
    dx += dy
    out: AnyArray = np.sqrt(dx, out=dx)
    return out


@functools.lru_cache(maxsize=64)
def pair_array(pairs: tuple[tuple[int, int], ...]) -> AnyArray:
    """Pairs of a skeleton or profile as int64 (n, 2), each end contiguous; the same for every file, so made once."""
    return np.asfortranarray(np.array(pairs, dtype=np.int64).reshape(-1, 2))
