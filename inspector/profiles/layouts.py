"""Arrays of videos by their shapes: which axis is which, and which array of a file is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspector.profiles.model import ArraySpec, Profile

Shape = tuple[int, ...]

AXES = "NTCHW"
_CHANNELS = (1, 3, 4)
_MOST_CHANNELS = 16
_LEAST_SIDE = 8  # smaller pictures are rather tables, or kernels of a network


@dataclass(frozen=True, slots=True)
class Layout:
    """How an array of videos is laid out.

    Attributes
    ----------
    axes
        One letter an axis: N sample, T frame, C channel, H row, W column. Without N it is one video, without C grey.
    shape
        Of the array.
    """

    axes: str
    shape: Shape

    def size(self, axis: str) -> int:
        """Length of an axis; 1 for one that the array has not."""
        place = self.axes.find(axis)
        return 1 if place < 0 else self.shape[place]

    @property
    def samples(self) -> int:
        """Number of videos."""
        return self.size("N")

    @property
    def frames(self) -> int:
        """Frames of each video."""
        return self.size("T")

    @property
    def channels(self) -> int:
        """Values of each pixel."""
        return self.size("C")

    @property
    def height(self) -> int:
        """Rows of each frame."""
        return self.size("H")

    @property
    def width(self) -> int:
        """Columns of each frame."""
        return self.size("W")


def layout_of(shape: Shape, layouts: Sequence[str], lengths: Sequence[int] = ()) -> Layout | None:
    """The layout that fits a shape.

    Parameters
    ----------
    layouts
        Allowed ones, the likeliest first.
    lengths
        Lengths of the arrays that hold one entry a sample. (200, 3, 64, 64) beside 200 labels is 200 videos of 3 grey
        frames; alone it is one video in colour.

    Returns
    -------
    Layout or None
        None when no layout fits: other dimensions, or no axis that can be one of channels.
    """
    fitting = [Layout(axes, shape) for axes in layouts if len(shape) == len(axes)]
    usual = [layout for layout in fitting if "C" not in layout.axes or layout.channels in _CHANNELS]
    by_sample = [each for each in usual if "N" in each.axes and each.samples in lengths and _is_picture(each)]
    in_colour = [each for each in usual if "C" in each.axes]
    for some in (by_sample, in_colour, usual):
        if some:
            return some[0]
    odd = [each for each in fitting if each.channels == min(shape[2:]) <= _MOST_CHANNELS]
    return odd[0] if odd and len(shape) == len(AXES) else None


def _is_picture(layout: Layout) -> bool:
    return min(layout.height, layout.width) > max(_CHANNELS)


def held_names(profile: Profile, shapes: Mapping[str, Shape | None]) -> dict[str, str]:
    """Which array of a file each array of the profile is.

    Parameters
    ----------
    shapes
        Shape of each array in the file, None for one whose header could not be read.

    Returns
    -------
    dict
        Name in the profile -> name in the file, for those that the file holds: by its own name, then by one of its
        other names, then, for videos, by a shape that can hardly be anything else.
    """
    held: dict[str, str] = {}
    for name, spec in profile.arrays.items():
        found = next((known for known in (name, *spec.names) if known in shapes), None)
        if found is not None:
            held[name] = found
    for name, spec in profile.arrays.items():
        if name not in held and spec.layouts:
            taken = set(held.values())
            others = {other: shape for other, shape in shapes.items() if other not in taken}
            lengths = lengths_by_sample(profile, shapes, held)
            found = next((n for n, shape in others.items() if shape and _surely_videos(shape, spec, lengths)), None)
            if found is not None:
                held[name] = found
    return held


def lengths_by_sample(profile: Profile, shapes: Mapping[str, Shape | None], held: Mapping[str, str]) -> list[int]:
    """Lengths of the arrays that hold a label or a trajectory for each sample."""
    found = []
    for name, spec in profile.arrays.items():
        shape = shapes[held[name]] if name in held else None
        # A path (T, D) belongs to one video and has no entry a sample.
        if shape and (spec.role == "labels" or (spec.role == "trajectory" and len(shape) != 2)):
            found.append(shape[0])
    return found


def _surely_videos(shape: Shape, spec: ArraySpec, lengths: Sequence[int]) -> bool:
    """Whether an array of any name is one of videos: five axes, or four beside something with an entry a sample."""
    layout = layout_of(shape, spec.layouts, lengths)
    if layout is None or min(layout.height, layout.width) < _LEAST_SIDE:
        return False
    if len(shape) == len(AXES):
        return True
    # (N, C, H, W) and (N, H, W, C) are pictures, not videos.
    return layout.axes == "NTHW" and layout.samples in lengths and not {shape[1], shape[-1]} & set(_CHANNELS)
