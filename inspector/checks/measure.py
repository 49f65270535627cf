"""Arrays in, measurements out: pure, and everything that a verdict or a timeline will need."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inspector.checks import kinematics as kin
from inspector.checks import motion as mov
from inspector.checks.anatomy import anatomy_of, without_skeleton
from inspector.checks.arrays import (
    AnyArray,
    Arrays,
    Figures,
    longest_run,
    median_of_sorted,
    percentile_of_sorted,
    row_counts,
)
from inspector.checks.detection import measure_detection
from inspector.checks.features import measure_vectors
from inspector.checks.fingerprint import content_of, poses_of
from inspector.checks.measured import Measurements
from inspector.checks.readiness import Readiness
from inspector.checks.reference import measure_reference
from inspector.checks.structure import structural
from inspector.checks.timing import measure_time
from inspector.checks.tracks import Tracks
from inspector.errors import MeasureError
from inspector.profiles.model import Measuring, Profile, Skeleton


def measure_many(
    clips: Sequence[Arrays], profile: Profile, *, lanes: bool = False
) -> list[Measurements | MeasureError]:
    """As `measure`, of many files; what cannot be measured is its error, as a value."""
    found: list[Measurements | MeasureError] = []
    readiness = Readiness(profile)
    for arrays in clips:
        try:
            found.append(_measure(arrays, profile, readiness, lanes))
        except MeasureError as error:
            found.append(error)
    return found


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
    return _measure(arrays, profile, Readiness(profile), lanes)


def _measure(arrays: Arrays, profile: Profile, readiness: Readiness, lanes: bool) -> Measurements:
    figures = arrays.figures_by(profile)
    reference = {"present": list(arrays.present), "meta_summary": arrays.metadata.summary}
    unmeasured: list[str] = []
    values: dict[str, object] = {}
    series: dict[str, AnyArray] = {}
    details: dict[str, AnyArray] = {}
    X, mask, timestamps, features = (
        figures.get(profile.named(role) or "") for role in ("points", "visibility", "timestamps", "features")
    )
    if X is not None and mask is not None and timestamps is not None:
        points = kin.to_points(X.array, len(profile.skeleton.points) if profile.skeleton else None)
        tracks = None if points is None else Tracks.of(points)
        # In X's own precision and layout, the reference's steps and ours are the same numbers.
        shared = tracks if points is not None and X.array.dtype == np.float32 and X.array.size == points.size else None
        fields, unmeasured = measure_reference(X, mask, timestamps, profile.reference, shared)
        vectors = arrays.vectors or measure_vectors(features)
        reference |= fields | vectors.fields
        if points is not None and tracks is not None:
            finite = shared is not None and X.finite
            values, series, details = _kinematics(points, tracks, finite, mask, timestamps.array, profile, lanes)
        if X.extremes != (0, 0):  # clips in which nothing was detected are alike, yet no copies of each other
            values["content"] = content_of(X.array, mask.array, timestamps.array)
        values |= vectors.values
        series |= vectors.series
        details |= vectors.details
    problems = tuple(structural(arrays, profile, figures))
    issues = readiness.issues(figures)
    return Measurements(reference, values, series, details, issues, problems, "; ".join(unmeasured) or None)


def _kinematics(
    points: AnyArray,
    tracks: Tracks,
    finite: bool,
    mask: Figures,
    timestamps: AnyArray,
    profile: Profile,
    lanes: bool,
) -> tuple[dict[str, object], dict[str, AnyArray], dict[str, AnyArray]]:
    """Our own figures, per-frame series, and what names the points behind them."""
    skeleton = profile.skeleton
    if skeleton and points.shape[1] != len(skeleton.points):
        skeleton = None
    visible = kin.to_visible(mask.array, points)
    seconds, own_clock = kin.clock(timestamps, len(points))
    with np.errstate(all="ignore"):
        moving = kin.motion(tracks, visible, seconds, skeleton, finite)
        bones = kin.measure_bones(moving, skeleton)
        changes = kin.bone_changes(bones, moving.body)
        speed, change = kin.worst(moving.speeds), kin.worst(changes)
        shown = _visible_points(visible, mask)
        still = np.zeros(len(points), dtype=bool)
        still[1:] = (tracks.fastest == 0) & (shown[1:] > 0)
        faults, fault_series, fault_details = _faults(tracks, moving, skeleton, seconds, profile.measuring)
        spec = profile.arrays.get(profile.named("points") or "")
        detected, detected_series, detected_details = measure_detection(
            moving, tracks, shown, still, skeleton, spec.range if spec else None, profile.measuring
        )
        values = _flat_values(moving, bones, speed, change) | faults
        jumps = _jumps(changes, bones.ends, values)
        poses = poses_of(tracks.xy, profile.skeleton)
    values["own_clock"] = own_clock
    values["frozen_frames"] = int(np.count_nonzero(still))
    values["frozen_longest"] = longest_run(still)
    values |= detected
    series: dict[str, AnyArray] = {"visible": shown, "speed": speed, "bone_change": change, "still": still}
    series |= detected_series | fault_series
    if lanes:
        series["motion"] = kin.mean_known(moving.speeds)
    if timestamps.ndim == 1 and timestamps.dtype.kind in "iuf":
        series["timestamps"] = timestamps
        values |= measure_time(timestamps)
    values["poses"] = poses
    return values, series, jumps | detected_details | fault_details


def _jumps(changes: AnyArray, ends: AnyArray, values: dict[str, object]) -> dict[str, AnyArray]:
    """The changes of bones' lengths that a limit can call too abrupt: `kin.bone_limit` is never below these."""
    bones, frames = (changes > kin.least_bone_limit(values)).nonzero()
    return {"jump_bones": ends[bones], "jump_sizes": changes[bones, frames]}


def _faults(
    tracks: Tracks, moving: kin.Motion, skeleton: Skeleton | None, seconds: AnyArray, rules: Measuring
) -> tuple[dict[str, object], dict[str, AnyArray], dict[str, AnyArray]]:
    """How strong faults of motion would be, frame by frame; nothing without a skeleton to go by."""
    anatomy = anatomy_of(skeleton) if skeleton is not None else without_skeleton(tracks.joints)
    elapsed = mov.elapsed_of(seconds)
    cut = mov.find_cuts(moving, anatomy, elapsed, rules.cut_floor)
    spikes = mov.find_spikes(tracks, moving, anatomy, elapsed, cut, rules)
    noise = mov.find_jitter(tracks, moving, anatomy)
    swaps = mov.find_swaps(tracks, moving, anatomy)
    swapped = (swaps.crossed > rules.swap_margin) | swaps.between
    spike = np.zeros(tracks.frames, np.float32)
    np.maximum.at(spike, spikes.frames, spikes.speeds)
    jitter = np.maximum.reduce(noise, axis=0, initial=0)
    known_cuts = cut[cut == cut]
    values: dict[str, object] = {
        "spike_max": float(np.maximum.reduce(spike, initial=0)),
        "cut_max": float(np.maximum.reduce(known_cuts)) if known_cuts.size else None,
        "jitter_max": float(np.maximum.reduce(jitter, initial=0)),
        "swap_frames": int(np.count_nonzero(swapped)),
    }
    series: dict[str, AnyArray] = {"spike": spike, "cut": cut, "jitter": jitter, "swapped": swapped}
    details: dict[str, AnyArray] = {
        "spike_points": spikes.points,
        "spike_frames": spikes.frames,
        "spike_speeds": spikes.speeds,
        "jitter": noise,
    }
    return values, series, details


def _flat_values(moving: kin.Motion, bones: kin.Bones, speed: AnyArray, change: AnyArray) -> dict[str, object]:
    """One figure each; None where there is nothing to measure."""
    speeds, cv, changes = np.sort(speed), np.sort(bones.cv_pct), np.sort(change)  # NaN and infinity come last
    known, finite = speeds[: speeds.searchsorted(np.nan)], speeds[: speeds.searchsorted(np.inf)]
    cv, changes = cv[: cv.searchsorted(np.inf)], changes[: changes.searchsorted(np.inf)]
    speed_median, speed_mad = kin.centre_and_spread_of_sorted(finite)
    change_median, change_mad = kin.centre_and_spread_of_sorted(changes)
    values: dict[str, object] = {
        "body_size": kin.summary(moving.body),
        "speed_p95": kin.summary(percentile_of_sorted(known, 95)) if known.size else None,
        "speed_max": kin.summary(known[-1]) if known.size else None,
        "speed_median": kin.summary(speed_median),
        "speed_mad": kin.summary(speed_mad),
        "bone_cv_median_pct": kin.summary(median_of_sorted(cv)) if cv.size else None,
        "bone_cv_max_pct": kin.summary(cv[-1]) if cv.size else None,
        "bone_change_median": kin.summary(change_median),
        "bone_change_mad": kin.summary(change_mad),
    }
    largest = kin.summary(changes[-1]) if changes.size else None
    stands_out = largest is not None and largest > change_median + kin.STANDS_OUT * change_mad
    values["bone_jump_max"] = largest if stands_out else None if largest is None else 0.0
    return values


def _visible_points(visible: AnyArray, mask: Figures) -> AnyArray:
    """Count of visible points in each frame, float32 (T,); NaN beyond the end of a mask that is too short."""
    if visible is mask.array:
        return mask.row_counts
    counts = row_counts(visible)
    if mask.array.ndim == 2 and 0 < len(mask.array) < len(counts):
        counts[len(mask.array) :] = np.nan
    return counts
