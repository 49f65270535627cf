"""Arrays in, measurements out: pure, and everything that a verdict or a timeline will need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from inspector.checks import kinematics as kin
from inspector.checks.arrays import AnyArray, Arrays, Figures, Vectors
from inspector.checks.features import measure_vectors
from inspector.checks.fingerprint import content_of
from inspector.checks.measured import Measurements
from inspector.checks.moving import Clips, measure_moving
from inspector.checks.readiness import Readiness
from inspector.checks.reference import NO_MOTION, basic_fields, motion_fields, own_tracks
from inspector.checks.structure import structural
from inspector.checks.tracks import Tracks
from inspector.errors import MeasureError
from inspector.profiles.model import Profile

TOGETHER = 3000
"""Frames that are measured at once: enough that numpy's calls cost little; still more leave the core's own cache."""


def measure(arrays: Arrays, profile: Profile, *, lanes: bool = False) -> Measurements:
    """Measure one file by its profile.

    Parameters
    ----------
    arrays
        The profile's arrays that the file holds, already read.
    lanes
        Also make the series that only a person looks at.

    Returns
    -------
    Measurements
        Reference fields, our values, per-frame series, readiness, and structural findings.

    Raises
    ------
    MeasureError
        When an array that everything stands on has no figures at all: text for coordinates, 0-d arrays.
    """
    (found,) = measure_many([arrays], profile, lanes=lanes)
    if isinstance(found, MeasureError):
        raise found
    return found


def measure_many(
    files: Sequence[Arrays], profile: Profile, *, lanes: bool = False
) -> list[Measurements | MeasureError]:
    """As `measure`, of several files; what is found in one does not depend on the others.

    Returns
    -------
    list of Measurements or MeasureError
        One for each file.
    """
    clips: list[_Clip | MeasureError] = []
    for arrays in files:
        try:
            clips.append(_Clip.of(arrays, profile))
        except MeasureError as error:
            clips.append(error)
    for group in _groups([clip for clip in clips if isinstance(clip, _Clip)]):
        _measure_motion(group, profile, lanes)
    readiness = Readiness(profile)
    return [clip if isinstance(clip, MeasureError) else clip.measurements(profile, readiness) for clip in clips]


@dataclass(slots=True, eq=False)
class _Clip:
    """One file while it is measured.

    Attributes
    ----------
    points
        float32 (T, J, 2), where X can be taken so; together with a mask and timestamps.
    plain
        Whether `points` are X itself, in its own precision, all finite: then the reference's steps and ours are the
        same numbers, and the clip can be measured together with others.
    """

    arrays: Arrays
    figures: dict[str, Figures]
    X: Figures | None = None
    mask: Figures | None = None
    timestamps: Figures | None = None
    vectors: Vectors | None = None
    points: AnyArray | None = None
    plain: bool = False
    fields: dict[str, object] = field(default_factory=dict)
    unmeasured: list[str] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)
    series: dict[str, AnyArray] = field(default_factory=dict)
    details: dict[str, AnyArray] = field(default_factory=dict)

    @classmethod
    def of(cls, arrays: Arrays, profile: Profile) -> _Clip:
        """What can be said of each array by itself."""
        figures = arrays.figures_by(profile)
        X, mask, timestamps, features = (
            figures.get(profile.named(role) or "") for role in ("points", "visibility", "timestamps", "features")
        )
        clip = cls(arrays, figures, X, mask, timestamps)
        if X is None or mask is None or timestamps is None:
            return clip
        clip.fields, clip.unmeasured = basic_fields(X, mask, timestamps, profile.reference)
        clip.points = kin.to_points(X.array, len(profile.skeleton.points) if profile.skeleton else None)
        same = clip.points is not None and X.dtype == np.float32 and X.size == clip.points.size
        clip.plain = same and X.finite
        if not same:
            tracks = own_tracks(X.array)
            clip.fields |= NO_MOTION if tracks is None else motion_fields(tracks, profile.reference, X.finite)[0]
        clip.vectors = arrays.vectors or measure_vectors(features)
        return clip

    def measurements(self, profile: Profile, readiness: Readiness) -> Measurements:
        """All of it together."""
        reference: dict[str, object] = {"present": list(self.arrays.present)}
        reference["meta_summary"] = self.arrays.metadata.summary
        if self.X is not None and self.mask is not None and self.timestamps is not None and self.vectors is not None:
            reference |= self.fields | self.vectors.fields
            if self.X.extremes != (0, 0):  # clips in which nothing was detected are alike, yet no copies of each other
                self.values["content"] = content_of(self.X.array, self.mask.array, self.timestamps.array)
            self.values |= self.vectors.values
            self.series |= self.vectors.series
            self.details |= self.vectors.details
        problems = tuple(structural(self.arrays, profile, self.figures))
        issues, unmeasured = readiness.issues(self.figures), "; ".join(self.unmeasured) or None
        return Measurements(reference, self.values, self.series, self.details, issues, problems, unmeasured)


def _groups(clips: Sequence[_Clip]) -> Iterator[list[_Clip]]:
    """Clips that can be measured together, a few at a time; the others by themselves."""
    group: list[_Clip] = []
    frames = joints = 0
    for clip in clips:
        if clip.points is None:
            continue
        if not clip.plain:
            yield [clip]
            continue
        length = len(clip.points)
        if group and (frames + length > TOGETHER or clip.points.shape[1] != joints):
            yield group
            group, frames = [], 0
        group.append(clip)
        frames += length
        joints = clip.points.shape[1]
    if group:
        yield group


def _measure_motion(group: Sequence[_Clip], profile: Profile, lanes: bool) -> None:
    """Fill in what concerns how points move."""
    points = [clip.points for clip in group if clip.points is not None]
    masks = [clip.mask.array for clip in group if clip.mask is not None]
    times = [clip.timestamps.array for clip in group if clip.timestamps is not None]
    tracks = Tracks.of(*points)
    same = "vel_p95" not in group[0].fields
    if same:
        for clip, fields in zip(group, motion_fields(tracks, profile.reference, group[0].plain), strict=True):
            clip.fields |= fields
    found = measure_moving(Clips(points, masks, times, tracks, group[0].plain), profile, lanes)
    for clip, (values, series, details) in zip(group, found, strict=True):
        clip.values, clip.series, clip.details = values, series, details
