"""Everything the window shows of one file, from one read of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.archive import Member
from inspector.audit.record import Record
from inspector.checks.dataset import DataSet
from inspector.profiles.model import Profile, Skeleton


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """Points that move, ready to draw.

    Attributes
    ----------
    points
        float32 (T, J, 2), y down, in the units of the file; non-finite where there is no position.
    visible
        bool (T, J).
    seconds
        float64 (T,), from 0, never decreasing: the clip's own clock where it has a usable one.
    own_clock
        False when the file's timestamps could not be used and 30 frames a second were assumed.
    """

    points: npt.NDArray[np.float32]
    visible: npt.NDArray[np.bool_]
    seconds: npt.NDArray[np.float64]
    own_clock: bool = True

    def __len__(self) -> int:
        return len(self.points)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1) that a view should show: the unit square for normalised data, else what the points span.

        Undetected points, put at (0, 0), are no part of that.
        """
        unit = 0.0, 0.0, 1.0, 1.0
        if not self.points.size or (self.points.min() >= -0.5 and self.points.max() <= 1.5):
            return unit
        x, y = self.points[..., 0], self.points[..., 1]
        placed = np.isfinite(x) & np.isfinite(y) & (self.visible | (x != 0) | (y != 0))
        x, y = x[placed], y[placed]
        if not x.size or (min(x.min(), y.min()) >= -0.5 and max(x.max(), y.max()) <= 1.5):
            return unit
        x0, y0, x1, y1 = float(x.min()), float(y.min()), float(x.max()), float(y.max())
        return x0, y0, max(x1, x0 + 1e-6), max(y1, y0 + 1e-6)


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """One file in full: verdict, what it holds, and what moves in it.

    Attributes
    ----------
    members
        The archive's arrays, in file order, headers only.
    skeleton
        How to draw `clip`; None where the profile has none or its point count differs.
    series
        Per-frame lanes of the timeline (see `Measurements.series`).
    meta
        What the meta array says, as indented text; empty when there is none.
    dataset
        What was measured of a data set of videos; None for other files.
    complete
        False of a glance at a large file: nothing is measured yet, and the record is no verdict.
    """

    path: str
    record: Record
    profile: Profile
    members: tuple[Member, ...] = ()
    skeleton: Skeleton | None = None
    clip: Clip | None = None
    series: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    meta: str = ""
    dataset: DataSet | None = None
    complete: bool = True

    @property
    def seconds(self) -> npt.NDArray[np.float64]:
        """When each frame that can be played is shown, float64 (T,); empty where nothing plays."""
        if self.clip is not None:
            return self.clip.seconds
        return self.dataset.seconds if self.dataset is not None and self.dataset.layout.samples else np.zeros(0)
