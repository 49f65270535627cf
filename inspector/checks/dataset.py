"""What measuring a data set of videos yields: a figure for each sample, for each frame, and for each class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from inspector.checks.arrays import AnyArray
from inspector.checks.camera import Camera
from inspector.profiles.layouts import Layout


class Metric(NamedTuple):
    """Words for a figure that every sample has."""

    title: str
    unit: str
    meaning: str


SAMPLE_METRICS: dict[str, Metric] = {
    "displacement": Metric("Displacement", "", "How far the end of the trajectory is from its start."),
    "path_length": Metric("Path length", "", "How long the trajectory is."),
    "frame_variation": Metric(
        "Frame variation", "", "Standard deviation of the frames' means; blind to a small object that moves."
    ),
    "motion_energy": Metric("Motion energy", "", "Mean absolute difference of consecutive frames, full scale = 1."),
    "moving_pixels_pct": Metric("Moving pixels", "%", "Share of the pixels that change from one frame to the next."),
    "object_travel_pct": Metric(
        "Object's travel", "%", "What the object's way spans, as a share of the picture's diagonal."
    ),
    "object_area_pct": Metric("Object's area", "%", "Share of the picture that is not background (median frame)."),
    "border_frames": Metric("At the border", "frames", "Frames in which the object touches the picture's edge."),
    "blank_frames": Metric("Blank", "frames", "Frames without anything on the background."),
    "disagreement_pct": Metric(
        "Off its trajectory",
        "%",
        "Distance (rms) between the object and the projected trajectory, as a share of the picture's diagonal.",
    ),
}
"""Figures of `DataSet.samples` that can be plotted, in reading order."""


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """One class of a data set; None where there is nothing to measure. Standard deviations have ddof 0.

    Attributes
    ----------
    frame_variation_first
        Standard deviation of the frame means of the class's first sample.
    first
        Number of that sample.
    """

    label: int
    name: str
    count: int
    first: int
    displacement_mean: float | None = None
    displacement_std: float | None = None
    path_length_mean: float | None = None
    path_length_std: float | None = None
    frame_variation_first: float | None = None
    frame_variation_mean: float | None = None
    motion_energy_mean: float | None = None
    static_samples: int = 0


class NearPair(NamedTuple):
    """Two samples that show the same, and how the second differs: "mirrored left to right, 3 frames later"."""

    a: int
    b: int
    how: str


@dataclass(frozen=True, slots=True, eq=False)
class DataSet:
    """What was measured of the videos of one file.

    Attributes
    ----------
    array
        Name of the videos in the file.
    dtype
        Of the videos in the file.
    full_scale
        The value that means white: 1, or 255 where values go that far.
    labels
        int64 (N,), as in the file; None where there are none that can be used.
    names
        What each label that occurs is called.
    outside
        Labels that occur and that no class has.
    trajectory
        float64 (N, T', D), D 2 or 3; None where there is none that can be used.
    samples
        Arrays of shape (N,): those of `SAMPLE_METRICS` (float64, NaN where unknown), and ``static`` (bool: all frames
        are the same), ``group`` (int64: index into `groups`, -1 for none), ``bad_values`` (int64: NaN and infinities),
        ``bad_frames`` (int64: frames with any).
    frames
        Arrays of shape (N, T): ``motion`` (float32, mean absolute difference to the frame before, NaN in frame 0),
        ``moving`` (float32, % of the pixels that changed, NaN in frame 0), ``object_x``, ``object_y`` (float32, pixels
        from the left and upper edge, NaN without an object), ``object_area`` (float32, pixels), ``at_border``,
        ``blank``, ``bad`` (NaN or infinity; bool), and where a camera could be found ``projected_x``, ``projected_y``
        (float64, pixels).
    groups
        Samples with the same bytes, each group ascending, by its first sample.
    near
        Pairs of samples that show the same path in other bytes; of a group of exact copies only the first is there.
    near_groups
        Samples that hang together by such pairs, each group ascending, by its first sample.
    rate
        Frames a second at which it is played.
    camera
        What sees the trajectories as the videos show them; None where there is no such camera.
    """

    array: str
    dtype: np.dtype[Any]
    layout: Layout
    full_scale: float
    labels: AnyArray | None
    names: Mapping[int, str]
    trajectory: AnyArray | None
    samples: Mapping[str, AnyArray]
    frames: Mapping[str, AnyArray]
    groups: tuple[tuple[int, ...], ...] = ()
    near: tuple[NearPair, ...] = ()
    near_groups: tuple[tuple[int, ...], ...] = ()
    classes: tuple[ClassFigures, ...] = ()
    rate: float = 8.0
    camera: Camera | None = None
    outside: frozenset[int] = frozenset()

    @property
    def seconds(self) -> AnyArray:
        """When each frame is shown, float64 (T,), at the profile's frame rate."""
        seconds: AnyArray = np.arange(self.layout.frames) / self.rate
        return seconds
