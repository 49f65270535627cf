"""How the points of clips move, and what was seen of them: our own figures, of several clips at once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inspector.checks import kinematics as kin
from inspector.checks.anatomy import anatomy_of, without_skeleton
from inspector.checks.arrays import AnyArray, longest_run, ones
from inspector.checks.detection import measure_detection
from inspector.checks.fingerprint import poses_of
from inspector.checks.motion import elapsed_of, find_cuts, find_jitter, find_spikes
from inspector.checks.segments import Index, Segments, known_in_rows, medians, sort_rows
from inspector.checks.swaps import find_swaps
from inspector.checks.timing import measure_times
from inspector.checks.tracks import Tracks
from inspector.profiles.model import Measuring, Profile, Skeleton

Found = tuple[dict[str, object], dict[str, AnyArray], dict[str, AnyArray]]
"""Flat values, per-frame series and details of one clip, as in `Measurements`."""

_Flat = list[dict[str, object]]
_Series = dict[str, AnyArray]


@dataclass(frozen=True, slots=True, eq=False)
class Clips:
    """What the clips hold.

    Attributes
    ----------
    points
        float32 (T, J, 2) of each clip; J is the same.
    masks, timestamps
        As in the files.
    tracks
        The same points, of all clips.
    finite
        Whether no coordinate is NaN or infinite, where that is known.
    """

    points: Sequence[AnyArray]
    masks: Sequence[AnyArray]
    timestamps: Sequence[AnyArray]
    tracks: Tracks
    finite: bool


def measure_moving(clips: Clips, profile: Profile, lanes: bool) -> list[Found]:
    """Our own figures, per-frame series, and what names the points behind them, of each clip.

    Parameters
    ----------
    lanes
        Also make the series that only a person looks at.
    """
    tracks, segments = clips.tracks, clips.tracks.segments
    skeleton = profile.skeleton
    if skeleton and tracks.joints != len(skeleton.points):
        skeleton = None
    shown, counts = _shown(clips)
    seconds, own_clock = kin.clocks(clips.timestamps, segments)
    with np.errstate(all="ignore"):
        moving = kin.motion(tracks, shown, seconds, skeleton, clips.finite)
        bones = kin.measure_bones(moving, skeleton, segments)
        changes = kin.bone_changes(bones, moving, segments)
        speed, change = kin.worst(moving.speeds), kin.worst(changes)
        still = (tracks.fastest == 0) & (counts > 0)
        values = _flat_values(moving, bones, speed, change, segments)
        faults, series, noise, spikes = _faults(tracks, moving, skeleton, seconds, profile.measuring)
        spec = profile.arrays.get(profile.named("points") or "")
        detected = measure_detection(
            moving, tracks, counts, still, skeleton, spec.range if spec else None, profile.measuring
        )
        poses = poses_of(tracks, profile.skeleton)
        jumps = _jumps(changes, bones.ends, values, segments)
    series |= {"visible": counts, "speed": speed, "bone_change": change, "still": still} | detected.series
    if lanes:
        series["motion"] = kin.mean_known(moving.speeds)
    stills = segments.count(still).tolist()
    timed = [clip for clip, stamps in enumerate(clips.timestamps) if stamps.ndim == 1 and stamps.dtype.kind in "iuf"]
    times = dict(zip(timed, measure_times([clips.timestamps[clip] for clip in timed]), strict=True))
    out: list[Found] = []
    for clip, frames in enumerate(segments.slices):
        flat = values[clip] | faults[clip]
        flat["own_clock"] = own_clock[clip]
        flat["frozen_frames"] = stills[clip]
        flat["frozen_longest"] = longest_run(still[frames]) if stills[clip] else 0
        flat |= detected.values[clip]
        of_frames = {name: each[frames] for name, each in series.items()}
        if clip in times:
            of_frames["timestamps"] = clips.timestamps[clip]
            flat |= times[clip]
        flat["poses"] = poses[clip]
        details = jumps[clip] | detected.details(clip, frames) | spikes[clip] | {"jitter": noise[:, frames]}
        out.append((flat, of_frames, details))
    return out


def _shown(clips: Clips) -> tuple[kin.Bool, AnyArray]:
    """What masks call visible, bool (J, N), and how many points in each frame, float32 (N,).

    NaN beyond the end of a mask that is too short.
    """
    tracks = clips.tracks
    shown = np.empty((tracks.joints, tracks.frames), bool)
    visible = []
    for frames, mask, points in zip(tracks.segments.slices, clips.masks, clips.points, strict=True):
        visible.append(kin.to_visible(mask, points))
        shown[:, frames] = visible[-1].T
    counts: AnyArray = ones(tracks.joints) @ shown.astype(np.float32)
    for frames, mask, seen in zip(tracks.segments.slices, clips.masks, visible, strict=True):
        if seen is not mask and mask.ndim == 2 and 0 < len(mask) < len(seen):
            counts[frames.start + len(mask) : frames.stop] = np.nan
    return shown, counts


def _jumps(changes: AnyArray, ends: AnyArray, values: _Flat, segments: Segments) -> list[_Series]:
    """Of each clip the changes of bones' lengths that a limit can call too abrupt: `kin.bone_limit` is never below."""
    limits = np.array([kin.least_bone_limit(each) for each in values])
    least = np.nextafter(limits.astype(np.float32), np.float32(-1))  # rounding must not lose one
    bones, frames = (changes > segments.spread(least)).nonzero()
    clip = segments.of[frames]
    order = clip.argsort(kind="stable")
    sizes, bones = changes[bones[order], frames[order]], ends[bones[order]]
    borders = clip[order].searchsorted(np.arange(len(segments) + 1)).tolist()
    return [
        {"jump_bones": bones[first:end], "jump_sizes": sizes[first:end]} for first, end in itertools.pairwise(borders)
    ]


def _faults(
    tracks: Tracks, moving: kin.Motion, skeleton: Skeleton | None, seconds: AnyArray, rules: Measuring
) -> tuple[_Flat, _Series, AnyArray, list[_Series]]:
    """How strong faults of motion would be, frame by frame; nothing without a skeleton to go by.

    Returns
    -------
    values
        Of each clip.
    series
        (N,) of all clips.
    noise
        float32 (groups, N).
    spikes
        Of each clip the steps that are spikes, as in `Measurements.details`.
    """
    segments = tracks.segments
    anatomy = anatomy_of(skeleton) if skeleton is not None else without_skeleton(tracks.joints)
    elapsed = elapsed_of(seconds, segments)
    cut = find_cuts(moving, anatomy, elapsed, rules.cut_floor)
    spikes = find_spikes(tracks, moving, anatomy, elapsed, cut, rules)
    noise = find_jitter(tracks, moving, anatomy)
    swaps = find_swaps(tracks, moving, anatomy)
    swapped = (swaps.crossed > rules.swap_margin) | swaps.between
    spike = np.zeros(tracks.frames, np.float32)
    for frames, found in zip(segments.slices, spikes, strict=True):
        if found.frames.size:
            np.maximum.at(spike[frames], found.frames, found.speeds)
    jitter = np.maximum.reduce(noise, axis=0, initial=0)
    columns = {
        "spike_max": segments.largest(spike).tolist(),
        "cut_max": [None if most != most else most for most in np.fmax.reduceat(cut, segments.starts).tolist()],
        "jitter_max": segments.largest(jitter).tolist(),
        "swap_frames": segments.count(swapped).tolist(),
    }
    series: _Series = {"spike": spike, "cut": cut, "jitter": jitter, "swapped": swapped}
    details: list[_Series] = [
        {"spike_points": found.points, "spike_frames": found.frames, "spike_speeds": found.speeds} for found in spikes
    ]
    return _by_clip(columns), series, noise, details


def _by_clip(columns: dict[str, list[object]]) -> _Flat:
    """Columns of one value a clip as a dictionary for each clip."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _flat_values(moving: kin.Motion, bones: kin.Bones, speed: AnyArray, change: AnyArray, segments: Segments) -> _Flat:
    """One figure each, of each clip; None where there is nothing to measure."""
    speeds, changes = sort_rows(segments.rows(speed)), sort_rows(segments.rows(change))
    cv = sort_rows(bones.cv_pct.T) if len(bones.cv_pct) else np.full((len(segments), 1), np.nan, np.float32)
    known, lengths, steady = known_in_rows(speeds), _finite_in_rows(changes), _finite_in_rows(cv)
    speed_median, speed_mad = kin.centres_and_spreads(speeds, _finite_in_rows(speeds))
    change_median, change_mad = kin.centres_and_spreads(changes, lengths)
    largest = _last(changes, lengths)
    stands_out = largest > change_median + kin.STANDS_OUT * change_mad
    jump = np.where(stands_out, largest, np.where(largest == largest, 0.0, np.nan))
    columns = {
        "body_size": moving.bodies,
        "speed_p95": _percentiles(speeds, known, 95),
        "speed_max": _last(speeds, known),
        "speed_median": speed_median,
        "speed_mad": speed_mad,
        "bone_cv_median_pct": medians(cv, steady),
        "bone_cv_max_pct": _last(cv, steady),
        "bone_change_median": change_median,
        "bone_change_mad": change_mad,
        "bone_jump_max": jump,
    }
    return _by_clip({name: _summaries(values) for name, values in columns.items()})


def _finite_in_rows(ordered: AnyArray) -> Index:
    out: Index = np.count_nonzero(ordered < np.inf, axis=1)
    return out


def _last(ordered: AnyArray, counts: Index) -> AnyArray:
    """The largest of the first `counts` values of each row, float64; NaN for none."""
    out: AnyArray = ordered[np.arange(len(ordered)), np.maximum(counts - 1, 0)].astype(np.float64)
    out[counts == 0] = np.nan
    return out


def _percentiles(ordered: AnyArray, counts: Index, q: float) -> AnyArray:
    """The q-th percentile of the first `counts` values of each row, linear between ranks as numpy's default is."""
    at = np.arange(len(ordered))
    place = q / 100 * (counts - 1)
    below = np.clip(place.astype(np.int64), 0, np.maximum(counts - 2, 0))
    above = np.clip(below + 1, 0, np.maximum(counts - 1, 0))
    share, low, high = place - below, ordered[at, below], ordered[at, above]
    gap = high - low
    out: AnyArray = np.where(share >= 0.5, high - gap * (1 - share), low + gap * share)
    out[counts == 0] = np.nan
    return out


def _summaries(values: AnyArray) -> list[object]:
    """Figures for a report: None where there is none, or none that is finite."""
    known = np.isfinite(values)
    return [value if fine else None for value, fine in zip(values.tolist(), known.tolist(), strict=True)]
