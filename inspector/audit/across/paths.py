"""The paths of many clips end to end, so that all of them are worked on at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float32]
Int = npt.NDArray[np.int64]
Times = npt.NDArray[np.float64]

AXES = 12
ABSOLUTE = np.array([row < 10 for row in range(AXES)])
"""Where the shoulders are in the picture is left out: only how they move counts."""

_X = np.array([0, 1, 2, 3, 4, 10])
_EXCHANGED = np.array([0, 2, 1, 4, 3, 5, 7, 6, 9, 8, 10, 11])

_EDGE = 0.02


def _view(mirrored: bool, exchanged: bool) -> Float:
    out = np.eye(AXES, dtype=np.float32)
    if mirrored:
        out[_X, _X] = -1
    return out[:, _EXCHANGED] if exchanged else out


VIEWS = np.stack([_view(False, False), _view(True, False), _view(True, True)])
"""(3, 12, 12): a path as it is, in a mirror, and in a mirror with the names of left and right exchanged.

Each is its own inverse, so that b seen so is a whenever a seen so is b.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Paths of one layout.

    Attributes
    ----------
    flat
        float32 (N, 12): samples of all clips.
    first, samples, step, frames
        int64 (n,) for each clip: its first sample and how many it has, frames for a sample, and frames.
    unit
        float32 (n,): the body's size in the units of the points.
    """

    flat: Float
    first: Int
    samples: Int
    step: Int
    frames: Int
    unit: Float

    def __len__(self) -> int:
        return len(self.first)

    def part(self, start: int, end: int) -> Self:
        """Clips start..end of these."""
        some = slice(start, end)
        first, samples = self.first[some], self.samples[some]
        flat = self.flat[first[0] : first[-1] + samples[-1]]
        return type(self)(flat, first - first[0], samples, self.step[some], self.frames[some], self.unit[some])

    def at(self, clips: Int, frames: Times) -> Float:
        """float32 (C, S, 12): where the bodies of clips (C,) are at fractional frames (C, S), held at the ends."""
        last = (self.samples[clips] - 1)[:, None]
        place = np.clip((frames + 0.5) / self.step[clips][:, None] - 0.5, 0, last)
        below = np.minimum(place.astype(np.int64), np.maximum(last - 1, 0))
        share = (place - below).astype(np.float32)[..., None]
        start = self.first[clips][:, None]
        out = self.flat[start + below]
        out *= 1 - share
        out += self.flat[start + np.minimum(below + 1, last)] * share
        return out

    def inside(self, clips: Int, places: Float) -> Float:
        """float32 (C, S, 12): 1 where a coordinate of `places` lies well inside the picture, 0 near its edge.

        What leaves the picture is held at its edge, so that there a clip that was moved or scaled differs from the
        one it was made of.
        """
        unit = self.unit[clips][:, None, None]
        out = np.ones_like(places)
        for axis in (0, 1):
            rows = slice(5 * axis, 5 * axis + 5)
            where = (places[..., rows] + places[..., 10 + axis : 11 + axis]) * unit
            out[..., rows] = (where > _EDGE) & (where < 1 - _EDGE)
        out[self.unit[clips] > 1] = 1  # pixels: nobody says where the edge is
        return out
