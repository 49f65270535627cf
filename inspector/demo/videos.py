"""Videos of a dot on its way through space: a camera, a renderer, and the arrays as a data set holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from inspector.demo.capture import Arrays
from inspector.demo.motion import Floats
from inspector.demo.trajectories import CLASSES, DESCRIPTIONS, some_paths

Frames: TypeAlias = npt.NDArray[Any]
Colour: TypeAlias = tuple[float, ...]

WHITE, BLACK, BLUE, ORANGE = (1.0, 1.0, 1.0), (0.06, 0.07, 0.10), (0.0, 0.0, 1.0), (1.0, 0.62, 0.10)
_SOFT = 0.5
"""Half the width of the dot's soft edge in pixels."""
_CLEARANCE = 2.0
"""Pixels that are left between the dot and the picture's edge."""
_BLOCK = 16
"""Samples drawn at once; the distances of so many fit into the processor's cache better than all."""


@dataclass(frozen=True, slots=True)
class Style:
    """What the videos of a data set look like.

    Attributes
    ----------
    frames, height, width
        Of each video.
    layout
        Order of the axes; ``NTHW`` is grey, and needs colours of one value.
    dtype
        ``float32`` holds values in [0, 1], ``uint8`` in 0..255.
    background, dot
        Colours, one value in [0, 1] a channel.
    noise
        Standard deviation of what is added to each value; full scale is 1, and values stay in their range.
    radius
        Of the dot in pixels.
    perspective
        How much closer things look that are a unit nearer to the camera; 0 is none, and 0.8 the most.
    """

    frames: int = 16
    height: int = 64
    width: int = 64
    layout: Literal["NTCHW", "NTHWC", "NTHW"] = "NTCHW"
    dtype: Literal["float32", "uint8"] = "float32"
    background: Colour = WHITE
    dot: Colour = BLUE
    noise: float = 0.0
    radius: float = 5.0
    perspective: float = 0.35

    def __post_init__(self) -> None:
        expected = 1 if self.layout == "NTHW" else len(self.dot)
        if not len(self.background) == len(self.dot) == expected or expected not in (1, 3, 4):
            raise ValueError(f"{self.layout} cannot hold colours {self.background} and {self.dot}")
        if not 0 <= self.perspective <= 0.8:
            raise ValueError(f"perspective is 0 to 0.8, got {self.perspective}")
        if min(self.height, self.width) < 2 * self.margin + 4:
            raise ValueError(f"a dot of radius {self.radius} has no room in {self.width} x {self.height} pixels")

    @property
    def channels(self) -> int:
        """Values of each pixel."""
        return len(self.dot)

    @property
    def margin(self) -> float:
        """Pixels that a dot's centre keeps from the centres of the outermost pixels."""
        return self.radius + _SOFT + _CLEARANCE

    @property
    def diagonal(self) -> float:
        """Of the picture, in pixels."""
        return float(np.hypot(self.height, self.width))


DARK = Style(background=BLACK, dot=ORANGE)


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera that looks along z.

    It stands ``1 / perspective`` before the depth `z`, and without perspective infinitely far away.

    Attributes
    ----------
    scale
        Pixels per unit of length at depth `z`.
    centre
        Where the axis of view meets the picture: x and y in pixels.
    """

    scale: float
    centre: tuple[float, float]
    z: float
    perspective: float

    def project(self, points: Floats) -> Floats:
        """Pixels (..., 2) of points (..., 3): x from the left and y from the top, 0 in the first pixel's middle."""
        return np.asarray(np.array(self.centre) + self.scale * _flat(points, self.z, self.perspective))


def _flat(points: Floats, z: float, perspective: float) -> Floats:
    near = 1 + perspective * (points[..., 2:] - z)
    return np.asarray(points[..., :2] * np.array([1.0, -1.0]) / near)


def camera_for(points: Floats, style: Style) -> Camera:
    """The camera that shows all of these paths (N, T, 3) as large as the margins allow."""
    if not points.size:
        return Camera(1.0, ((style.width - 1) / 2, (style.height - 1) / 2), 0.0, style.perspective)
    z = float(points[..., 2].min() + points[..., 2].max()) / 2
    flat = _flat(points, z, style.perspective).reshape(-1, 2)
    low, high = flat.min(axis=0), flat.max(axis=0)
    size = np.array([style.width - 1, style.height - 1])
    scale = float(((size - 2 * style.margin) / np.maximum(high - low, 1e-9)).min())
    # One sample of one frame is a point: any scale shows it.
    scale = min(scale, float(size.max()))
    x, y = (size / 2 - scale * (low + high) / 2).tolist()
    return Camera(scale, (x, y), z, style.perspective)


def draw(style: Style, centres: Floats, rng: np.random.Generator) -> Frames:
    """Frames with a dot each.

    Parameters
    ----------
    centres
        Shape (N, T, 2), pixels from the left and the top; NaN where there is no dot.

    Returns
    -------
    ndarray
        Shape (N, T, ...) in the style's layout and type.
    """
    N, T = centres.shape[:2]
    C, H, W = style.channels, style.height, style.width
    shape = {"NTCHW": (N, T, C, H, W), "NTHWC": (N, T, H, W, C), "NTHW": (N, T, H, W)}[style.layout]
    out = np.empty(shape, dtype=style.dtype)
    background, dot = np.array(style.background, np.float32), np.array(style.dot, np.float32)
    for first in range(0, N, _BLOCK):
        block = out[first : first + _BLOCK]
        cover = _cover(style, centres[first : first + _BLOCK])
        if style.layout == "NTCHW":
            values = background[:, None, None] + cover[:, :, None] * (dot - background)[:, None, None]
        elif style.layout == "NTHWC":
            values = background + cover[..., None] * (dot - background)
        else:
            values = background[0] + cover * (dot - background)[0]
        if style.noise:
            values += np.float32(style.noise) * rng.standard_normal(values.shape, dtype=np.float32)
        np.clip(values, 0, 1, out=values)
        block[...] = values if style.dtype == "float32" else np.rint(values * 255)
    return out


def _cover(style: Style, centres: Floats) -> npt.NDArray[np.float32]:
    """How much of each pixel the dot covers, shape (N, T, H, W), 0 to 1."""
    # A dot that is not there is far away.
    at = np.where(np.isnan(centres), -1e4, centres).astype(np.float32)
    dx = np.arange(style.width, dtype=np.float32) - at[..., :1]
    dy = np.arange(style.height, dtype=np.float32) - at[..., 1:]
    far = np.sqrt(dx[..., None, :] ** 2 + dy[..., :, None] ** 2)
    # The share of a pixel within a circle, to about 1 %, is how far its middle lies inside.
    return np.asarray(np.clip((style.radius + _SOFT - far) / (2 * _SOFT), 0, 1))


@dataclass(frozen=True, slots=True, eq=False)
class VideoSet:
    """A data set of videos, and how it was made.

    Attributes
    ----------
    arrays
        What a file holds: ``videos`` (N, T, ...) in the style's layout and type, ``labels`` int64 (N,),
        ``trajectory_3d`` float64 (N, T, 3), ``equations`` and ``descriptions`` text (N,).
    centres
        Where the dot is in each frame, pixels, shape (N, T, 2); NaN where it is not.
    """

    arrays: Arrays
    style: Style
    camera: Camera
    centres: Floats = field(repr=False)

    def __len__(self) -> int:
        """Count of samples."""
        return len(self.centres)

    def holding(self, **arrays: npt.NDArray[Any]) -> VideoSet:
        """This set with other arrays in place of its own."""
        return replace(self, arrays=self.arrays | arrays)


def make_videos(
    samples: int, style: Style | None = None, seed: int = 0, classes: Sequence[int] = (0, 1, 2, 3)
) -> VideoSet:
    """A clean data set: every video shows its trajectory, moves, stays inside the picture, and differs from all others.

    Parameters
    ----------
    samples
        N; the classes have as many each, or one more, in random order.
    style
        Blue on white as the default.
    seed
        The same arguments give the same arrays.
    classes
        Labels that occur.
    """
    style = style or Style()
    rng = np.random.default_rng([seed, 49979687])
    labels = rng.permutation(np.resize(np.array(classes, dtype=np.int64), samples))
    paths = some_paths(labels, style.frames, rng)
    camera = camera_for(paths.points, style)
    centres = camera.project(paths.points)
    arrays: Arrays = {
        "videos": draw(style, centres, rng),
        "labels": labels,
        "trajectory_3d": paths.points,
        "equations": np.array(paths.equations, dtype=np.str_),
        "descriptions": np.array([f"{CLASSES[i]}. {DESCRIPTIONS[i]}" for i in labels.tolist()], dtype=np.str_),
    }
    return VideoSet(arrays, style, camera, centres)
