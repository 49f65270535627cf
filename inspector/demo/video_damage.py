"""What a defect makes of a data set of videos, and which samples it may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inspector.demo.videos import VideoSet


@dataclass(frozen=True, slots=True)
class VideoFault:
    """One thing that is wrong with a data set.

    Attributes
    ----------
    code
        Of the finding that an audit should give.
    samples
        Where, ascending, counted from 0; empty when it concerns the whole set.
    note
        What was done.
    """

    code: str
    samples: tuple[int, ...]
    note: str


@dataclass(frozen=True, slots=True)
class VideoDamage:
    """What a defect made of a data set.

    Attributes
    ----------
    videos
        The set with the defect; arrays that it does not touch are the former set's own.
    faults
        What an audit must find; the first is what was planted, the others follow from it.
    also
        Codes that may rightly be found as well.
    """

    videos: VideoSet
    faults: tuple[VideoFault, ...]
    also: tuple[str, ...] = ()


class Pool:
    """Samples that a defect may be put into, and how many it should take."""

    def __init__(self, samples: Sequence[int], count: int, rng: np.random.Generator) -> None:
        self.samples, self.count, self.rng = list(samples), count, rng

    def some(self, count: int | None = None) -> list[int]:
        """Random ones, ascending."""
        wanted = min(self.count if count is None else count, len(self.samples))
        return sorted(int(i) for i in self.rng.choice(self.samples, wanted, replace=False))
