"""What the timeline's lanes show: which series, on what scale, and as what line."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.audit.inspection import Inspection
from inspector.checks.dataset import DataSet
from inspector.checks.kinematics import bone_limit
from inspector.gui.panes.time_axis import TimeAxis

Values = npt.NDArray[np.float32]
Places = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Kind:
    title: str
    unit: str
    meaning: str
    area: bool = False
    digits: int = 1
    factor: float = 1.0
    at_need: bool = False


_KINDS = {
    "visible": _Kind("Visible", "points", "How many points were detected.", area=True, digits=0),
    "speed": _Kind("Speed", "sizes/s", "The fastest visible point since the frame before, in body sizes a second."),
    "spike": _Kind(
        "Spike",
        "sizes/s",
        "The fastest step of a point away from those around it, in body sizes a second.",
        at_need=True,
    ),
    "cut": _Kind(
        "Body", "sizes", "How far the whole body steps from the frame before, in body sizes.", digits=3, at_need=True
    ),
    "jitter": _Kind(
        "Jitter",
        "%",
        "How much points tremble each for itself, in % of the body's size.",
        factor=100.0,
        at_need=True,
    ),
    "bone_change": _Kind(
        "Bones", "%", "The largest change of a bone's length since the frame before.", digits=0, factor=100.0
    ),
}

_NEAR = 0.75
"""A lane that is shown at need is so where it reaches this share of its limit."""


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One series over the frames of a clip.

    Attributes
    ----------
    values
        float32 (T,), NaN where nothing could be measured.
    top
        Value at the lane's upper edge; the lower edge is 0. Larger values are cut off and marked.
    limit
        What judging compares the values with, or None; below it is bad for a lane that counts, above it for the rest.
    area
        Filled down to 0.
    """

    key: str
    title: str
    unit: str
    meaning: str
    values: Values
    top: float
    limit: float | None = None
    area: bool = False
    digits: int = 1

    def beyond(self, frame: int) -> bool:
        """Whether the value at a frame is on the wrong side of the limit."""
        if self.limit is None or not 0 <= frame < len(self.values):
            return False
        value = float(self.values[frame])
        return value < self.limit if self.area else value > self.limit

    def reading(self, frame: int) -> str:
        """The value at a frame as text; a dash where there is none."""
        value = float(self.values[frame]) if 0 <= frame < len(self.values) else np.nan
        return f"{value:.{self.digits}f}" if np.isfinite(value) else "–"


_SAMPLE_KINDS = {
    "motion": _Kind("Motion", "%", "Mean absolute difference to the frame before, full scale = 100 %.", factor=100.0),
    "moving": _Kind("Moving", "%", "Share of the pixels that changed since the frame before.", digits=1),
    "object_area": _Kind("Object", "pixels", "How many pixels stand out from the background.", area=True, digits=0),
    "step": _Kind("Step", "pixels", "How far the object moved since the frame before.", digits=1),
}


def lanes_of(inspection: Inspection, sample: int = 0) -> tuple[Lane, ...]:
    """The lanes of a file's clip, or of a sample of its data set, in reading order.

    Series of another length than the clip are left out, and so are those of rare faults while they stay far from
    their limit: the rest gets the room.
    """
    clip = inspection.clip
    if inspection.dataset is not None:
        return _lanes_of_sample(inspection.dataset, sample)
    if clip is None:
        return ()
    lanes = []
    for key, kind in _KINDS.items():
        series = inspection.series.get(key)
        if series is None or series.shape != (len(clip),):
            continue
        values = series.astype(np.float32)
        limit = _limit(key, inspection)
        if kind.at_need and limit is not None and not bool((values >= _NEAR * limit).any()):
            continue
        top = float(max(1, clip.visible.shape[1])) if key == "visible" else robust_top(values, limit)
        if kind.factor != 1:
            values, top = values * np.float32(kind.factor), top * kind.factor
            limit = None if limit is None else limit * kind.factor
        lanes.append(Lane(key, kind.title, kind.unit, kind.meaning, values, top, limit, kind.area, kind.digits))
    return tuple(lanes)


def _lanes_of_sample(dataset: DataSet, sample: int) -> tuple[Lane, ...]:
    """Scales are those of the whole data set, so that samples compare."""
    if not 0 <= sample < dataset.layout.samples:
        return ()
    x, y = dataset.frames["object_x"][sample], dataset.frames["object_y"][sample]
    steps = np.r_[np.float32(np.nan), np.hypot(np.diff(x), np.diff(y))]
    lanes = []
    for key, kind in _SAMPLE_KINDS.items():
        values = dataset.frames[key][sample] if key in dataset.frames else steps
        values = values.astype(np.float32) * np.float32(kind.factor)
        top = _tops(dataset)[key]
        lanes.append(Lane(key, kind.title, kind.unit, kind.meaning, values, top, None, kind.area, kind.digits))
    return tuple(lanes)


@functools.lru_cache(maxsize=1)
def _tops(dataset: DataSet) -> dict[str, float]:
    """Upper ends of the lanes' scales, from at most a few thousand samples."""
    every = max(1, dataset.layout.samples // 4000)
    some = {key: series[::every] for key, series in dataset.frames.items()}
    some["step"] = np.hypot(np.diff(some["object_x"], axis=1), np.diff(some["object_y"], axis=1))
    return {key: robust_top(some[key] * np.float32(kind.factor)) for key, kind in _SAMPLE_KINDS.items()}


def _limit(key: str, inspection: Inspection) -> float | None:
    """The same limit that judging uses, in the series' own unit; None where nothing is judged by the series."""
    profile = inspection.profile
    limits = {
        "visible": float(profile.measuring.low_visible_points),
        "spike": profile.limits.speed_spike,
        "cut": profile.limits.camera_cut,
        "jitter": profile.limits.jitter,
        "bone_change": bone_limit(inspection.record.measurements, profile.limits),
    }
    return limits.get(key)


def robust_top(values: Values, limit: float | None = None) -> float:
    """The upper end of a scale on which ordinary values can be told apart, however large a few are.

    Twice the 95th percentile, less where no value reaches that; a limit that a value passes is kept in sight.
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 1.0
    largest = float(finite.max())
    top = min(largest * 1.05, 2 * float(np.percentile(finite, 95)) or largest * 1.05)
    if limit is not None and largest > limit:
        top = max(top, limit * 1.25)
    return top if top > 0 else 1.0


def outline(values: Values, axis: TimeAxis) -> tuple[Places, Places]:
    """The points of a lane's line: pixels along the axis, and values, NaN where the line is broken.

    One point a frame; where several frames share a pixel column, the least and the greatest of each column, so that
    a single outlying frame among many thousands stays visible.
    """
    first, last = axis.sight
    if last - first < 2 * axis.width:
        frames = np.arange(max(first - 1, 0), min(last + 2, len(values)))  # the line leads out of sight
        return axis.xs(frames), values[frames].astype(np.float64)
    width = int(axis.width)
    low, high = columns(values, axis.start, axis.stop, width)
    x = axis.left + np.arange(width) + 0.5
    return np.repeat(x, 2), np.stack([high, low], axis=1).ravel()


def columns(values: Values, start: float, stop: float, width: int) -> tuple[Places, Places]:
    """Least and greatest value in each of `width` equal parts of the frames [start, stop), at least one frame each.

    Returns
    -------
    low, high
        float64 (width,), NaN in columns without a value.
    """
    firsts = np.linspace(start, stop, width, endpoint=False).astype(np.intp)
    base, end = int(firsts[0]), min(int(np.ceil(stop)), len(values))
    part = values[base:end].astype(np.float64)
    gap = ~np.isfinite(part)
    low = np.minimum.reduceat(np.where(gap, np.inf, part), firsts - base)
    high = np.maximum.reduceat(np.where(gap, -np.inf, part), firsts - base)
    empty = ~np.isfinite(low)
    low[empty] = high[empty] = np.nan
    return low, high


def runs(values: Places) -> list[tuple[int, int]]:
    """Stretches [first, stop) of finite values, between gaps."""
    finite = np.isfinite(values)
    edges = np.flatnonzero(np.diff(np.r_[False, finite, False].astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
