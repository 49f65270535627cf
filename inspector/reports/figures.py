"""The measurements of a data set of videos as typed values, whatever a line of a report holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from inspector.audit.record import Record
from inspector.checks import Ranges

Samples = tuple[int, ...]
"""Sample numbers, ascending, counted from 0."""


@dataclass(frozen=True, slots=True)
class ClassLine:
    """Figures of one class; None where nothing was measured. See `inspector.checks.dataset.ClassFigures`.

    A name that only repeats the label is empty.
    """

    label: int
    name: str
    count: int
    first: int | None
    displacement_mean: float | None
    displacement_std: float | None
    path_length_mean: float | None
    path_length_std: float | None
    frame_variation_first: float | None
    frame_variation_mean: float | None
    motion_energy_mean: float | None
    static_samples: int | None


@dataclass(frozen=True, slots=True)
class VideoFigures:
    """What was measured of a file's videos.

    Attributes
    ----------
    shape
        Of the array of videos.
    finite
        Whether all values are; None when that is unknown.
    frame_variation_mean, motion_energy_mean
        Over all samples.
    unique, copies
        Samples that differ from each other, and those that repeat an earlier one.
    moving
        How many samples clearly move.
    still
        Samples that are not static, but whose object hardly moves.
    border
        Samples whose object is at the picture's edge in at least half of the frames.
    camera_rms, camera_samples
        How well a camera maps the trajectories to the pictures, in pixels, and for how many samples; None without one.
    outside_pct
        Share of the frames in which the trajectory, seen by that camera, is outside of the picture.
    labels
        The label of each sample, where the record holds them.
    bad
        Samples with NaN or infinities.
    motion
        The answer to "Do the videos show motion?".
    causes
        Sentences that join what belongs together.
    near
        Pairs of samples that show the same path, and how the second differs.
    """

    array: str
    shape: tuple[int, ...]
    dtype: str
    layout: str
    samples: int
    frames: int
    height: int
    width: int
    value_min: float | None
    value_max: float | None
    finite: bool | None
    full_scale: float | None
    classes: tuple[ClassLine, ...]
    frame_variation_mean: float | None
    motion_energy_mean: float | None
    unique: int | None
    copies: int
    groups: tuple[Samples, ...]
    static: Samples
    moving: int | None
    still: Samples
    blank: Samples
    border: Samples
    border_frames_pct: float | None
    disagree: Samples
    camera_rms: float | None
    camera_samples: int | None
    outside_pct: float | None
    bad: Samples
    separability: float | None
    separability_chance: float | None
    imbalance: float | None
    labels: tuple[int, ...]
    motion: str
    causes: tuple[str, ...]
    near: tuple[tuple[int, int, str], ...] = ()

    @property
    def has_camera(self) -> bool:
        """Whether it is known where the trajectories should be in the pictures."""
        return self.camera_rms is not None or self.camera_samples is not None

    @property
    def has_trajectory(self) -> bool:
        """Whether any class has a trajectory."""
        return any(each.path_length_mean is not None for each in self.classes)

    def label_of(self, sample: int) -> int | None:
        """A sample's label, where it is known."""
        return self.labels[sample] if 0 <= sample < len(self.labels) else None

    def class_names(self) -> dict[int, str]:
        """What each label is called."""
        return {each.label: each.name for each in self.classes}


def figures_of(record: Record) -> VideoFigures:
    """The figures of a record of a data set (`is_dataset`); what is missing or of another kind counts as unknown."""
    get = record.measurements.get
    found, camera = _mapping(get("duplicates")), _mapping(get("camera"))
    nan, inf = whole(get("nan_values")), whole(get("inf_values"))
    samples = whole(get("samples")) or 0
    labels = tuple(whole(each) for each in _list(get("labels")))
    groups = tuple(g for each in _list(found.get("groups")) if len(g := numbers(each)) > 1)
    return VideoFigures(
        array=_text(get("videos")) or "videos",
        shape=tuple(whole(each) or 0 for each in _list(get("videos_shape"))),
        dtype=_text(get("videos_dtype")),
        layout=_text(get("layout")),
        samples=samples,
        frames=whole(get("frames")) or 0,
        height=whole(get("height")) or 0,
        width=whole(get("width")) or 0,
        value_min=real(get("value_min")),
        value_max=real(get("value_max")),
        finite=None if nan is None or inf is None else nan + inf == 0,
        full_scale=real(get("full_scale")),
        classes=tuple(_class(_mapping(each)) for each in _list(get("classes"))),
        frame_variation_mean=real(get("frame_variation_mean")),
        motion_energy_mean=real(get("motion_energy_mean")),
        unique=whole(found.get("unique")),
        copies=whole(found.get("extra")) or sum(len(group) - 1 for group in groups),
        groups=groups,
        static=numbers(get("static_samples")),
        moving=whole(get("moving_samples")),
        still=numbers(get("still_samples")),
        blank=numbers(get("blank_samples")),
        border=numbers(get("border_samples")),
        border_frames_pct=real(get("border_frames_pct")),
        disagree=numbers(get("disagree_samples")),
        camera_rms=real(camera.get("rms_px")),
        camera_samples=whole(camera.get("samples")),
        outside_pct=real(camera.get("outside_pct")),
        bad=numbers(get("bad_samples")),
        separability=real(get("separability")),
        separability_chance=real(get("separability_chance")),
        imbalance=real(get("imbalance")),
        labels=tuple(n for n in labels if n is not None) if None not in labels and len(labels) == samples else (),
        motion=_text(get("motion")),
        causes=tuple(_text(each) for each in _list(get("causes")) if _text(each)),
        near=tuple(_pairs(_list(_mapping(get("near_duplicates")).get("pairs")))),
    )


def _pairs(found: Sequence[object]) -> Iterator[tuple[int, int, str]]:
    for each in found:
        match _list(each):
            case [int(a), int(b), str(how)]:
                yield a, b, how


def _class(found: dict[str, object]) -> ClassLine:
    label = whole(found.get("label")) or 0
    name = _text(found.get("name"))
    return ClassLine(
        label=label,
        name="" if name.lower() in (str(label), f"class {label}") else name,
        count=whole(found.get("count")) or 0,
        first=whole(found.get("first")),
        displacement_mean=real(found.get("displacement_mean")),
        displacement_std=real(found.get("displacement_std")),
        path_length_mean=real(found.get("path_length_mean")),
        path_length_std=real(found.get("path_length_std")),
        frame_variation_first=real(found.get("frame_variation_first")),
        frame_variation_mean=real(found.get("frame_variation_mean")),
        motion_energy_mean=real(found.get("motion_energy_mean")),
        static_samples=whole(found.get("static_samples")),
    )


def real(value: object) -> float | None:
    """A finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def whole(value: object) -> int | None:
    """A whole number, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def numbers(value: object) -> Samples:
    """A list of sample numbers, ascending; what is none is left out."""
    return tuple(sorted({n for each in _list(value) if (n := whole(each)) is not None and n >= 0}))


def to_ranges(samples: Iterable[int]) -> Ranges:
    """Inclusive ranges of ascending numbers; without numpy, unlike `inspector.checks.to_ranges`."""
    found: list[tuple[int, int]] = []
    for number in samples:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
