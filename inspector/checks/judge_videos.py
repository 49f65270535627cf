"""A measured data set of videos and its limits in, findings out, joined where they have one cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inspector.checks.arrays import AnyArray
from inspector.checks.dataset import DataSet
from inspector.checks.finding import Finding, Severity, to_ranges
from inspector.checks.video_causes import Causes, causes_of, number_of, share
from inspector.profiles.model import VideoRules

_SMALL_OBJECT_PCT = 25.0  # what covers more of the picture touches its edge anyhow
_STILL_PIXELS_PCT = 0.05  # where no object can be told: so few pixels that change are no motion
_FAR_OFF_SHARE = 10.0  # percent of the samples that show another path than their trajectory: the set fails
_LEAST_CAMERA_SIGMAS = 6.0  # a sample is off when it is this many times farther off than those the camera explains
_GREAT_IMBALANCE = 10.0
_NEAR_CHANCE = 0.15
_PAIRS_TOLD = 4


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """Which samples are what, by the limits; bool (N,) each.

    Attributes
    ----------
    static
        All frames are the same.
    still
        Not static, yet the object hardly moves.
    moving
        Neither, as far as it can be told: not where NaN or infinity is in every frame.
    at_border
        The object touches the edge in so many frames that the sample counts as at the border.
    off
        Shows another path than its trajectory.
    """

    static: AnyArray
    still: AnyArray
    moving: AnyArray
    blank: AnyArray
    at_border: AnyArray
    off: AnyArray


def sort_samples(dataset: DataSet, rules: VideoRules) -> Sorted:
    """Hold every sample against the limits."""
    figures, T = dataset.samples, dataset.layout.frames
    static = figures["static"]
    travel = figures["object_travel_pct"]
    with np.errstate(invalid="ignore"):
        hardly = np.where(
            np.isfinite(travel), travel < rules.still_travel_pct, figures["moving_pixels_pct"] < _STILL_PIXELS_PCT
        )
        small = figures["object_area_pct"] <= _SMALL_OBJECT_PCT
        border = small & (figures["border_frames"] * 100 >= rules.border_sample_pct * max(T, 1))
        border &= figures["border_frames"] > 0
        limit = rules.disagree_pct
        if dataset.camera is not None:
            diagonal = float(np.hypot(dataset.layout.height, dataset.layout.width))
            limit = max(limit, _LEAST_CAMERA_SIGMAS * dataset.camera.rms / diagonal * 100)
        off = figures["disagreement_pct"] > limit
    blank = figures["blank_frames"] > 0
    if T < 2:
        hardly = np.ones(len(static), dtype=bool)
    told = (figures["bad_frames"] < T) | (T < 2)  # else there is no frame to tell by
    still = ~static & hardly & told
    return Sorted(static, still, ~static & ~still & told, blank, border, off)


def judge_videos(
    dataset: DataSet, values: Mapping[str, Any], rules: VideoRules
) -> tuple[list[Finding], dict[str, object]]:
    """Findings that limits decide, and the figures that depend on limits.

    Parameters
    ----------
    values
        As `dataset_values` gives them.

    Returns
    -------
    findings, values
        The values are ``moving_samples`` (a count), lists of samples ``still_samples``, ``blank_samples``,
        ``border_samples``, ``disagree_samples``, and sentences: ``motion`` answers whether the videos show motion,
        ``causes`` joins what belongs together.
    """
    which = sort_samples(dataset, rules)
    why = causes_of(dataset, which.static, which.still, which.at_border, which.off)
    findings = [
        *_empty(dataset),
        *_duplicates(dataset, why, rules),
        *_near(dataset),
        *_static(dataset, which, why, rules),
        *_still(dataset, which, why, rules),
        *_blank(dataset, which, rules),
        *_border(dataset, which, why, values, rules),
        *_disagree(dataset, which, why),
        *_balance(dataset, values, rules),
        *_separability(values, rules),
    ]
    lists = {
        "still_samples": which.still,
        "blank_samples": which.blank,
        "border_samples": which.at_border,
        "disagree_samples": which.off,
    }
    found: dict[str, object] = {"moving_samples": int(which.moving.sum())}
    found |= {name: np.flatnonzero(where).tolist() for name, where in lists.items()}
    found["motion"] = motion_sentence(dataset, which, values)
    found["causes"] = list(why.sentences)
    return findings, found


def motion_sentence(dataset: DataSet, which: Sorted, values: Mapping[str, Any]) -> str:
    """Whether the videos show motion, in a sentence."""
    N, T = dataset.layout.samples, dataset.layout.frames
    if not N or not T:
        return "There is nothing that could move: the data set holds no frames."
    if T == 1:
        return "No: every video is a single frame."
    moving, static, still = (int(w.sum()) for w in (which.moving, which.static, which.still))
    if moving == N:
        text = f"Yes: {'the video shows' if N == 1 else f'all {N} videos show'} motion"
    elif moving:
        text = f"{moving} of {N} videos show motion"
    else:
        text = f"No: {'the video does not show' if N == 1 else f'none of the {N} videos shows'} motion"
    parts = [f"{static} {'does' if static == 1 else 'do'} not change at all"] if static else []
    parts += [f"{still} hardly {'moves' if still == 1 else 'move'}"] if still else []
    if parts:
        text += "; " + " and ".join(parts)
    if which.at_border.any() and values["border_frames_pct"] >= 50:
        text += f". In {values['border_frames_pct']:.0f} % of all frames the object is at the picture's edge, so that "
        text += "only its way along the edge can be seen"
    return f"{text}."


def _empty(dataset: DataSet) -> Iterator[Finding]:
    N, T = dataset.layout.samples, dataset.layout.frames
    if not N:
        yield Finding("EMPTY_CLIP", Severity.HIGH, f"{dataset.array} holds no samples: shape {_shape(dataset)}")
    elif not T or not dataset.layout.height or not dataset.layout.width:
        yield Finding("EMPTY_CLIP", Severity.HIGH, f"{dataset.array} holds no frames: shape {_shape(dataset)}")
    elif T == 1:
        text = "every video is a single frame, so nothing can be learned about motion"
        yield Finding("LOW_TEMPORAL_VARIATION", Severity.HIGH, text, samples=((0, N - 1),))


def _shape(dataset: DataSet) -> list[int]:
    return list(dataset.layout.shape)


def _duplicates(dataset: DataSet, why: Causes, rules: VideoRules) -> Iterator[Finding]:
    if not dataset.groups or not dataset.layout.frames:
        return
    N = dataset.layout.samples
    extra = sum(len(group) - 1 for group in dataset.groups)
    severity = Severity.HIGH if extra * 100 >= rules.duplicate_fail_pct * N else Severity.MEDIUM
    groups = number_of(len(dataset.groups), "group")
    text = f"{extra} of {N} samples ({share(extra, N)}) {'is a copy' if extra == 1 else 'are copies'} of others, in "
    text += f"{groups}; {N - extra} {'is' if N - extra == 1 else 'are'} unique"
    members = np.zeros(N, dtype=bool)
    members[[k for group in dataset.groups for k in group]] = True
    yield Finding("DUPLICATE_SAMPLES", severity, _with(text, why.duplicates), samples=to_ranges(members))


def _near(dataset: DataSet) -> Iterator[Finding]:
    if not dataset.near_groups:
        return
    N = dataset.layout.samples
    members = np.zeros(N, dtype=bool)
    members[[k for group in dataset.near_groups for k in group]] = True
    text = f"{int(members.sum())} of {N} samples ({share(int(members.sum()), N)}) show the path of another one, in "
    text += f"{number_of(len(dataset.near_groups), 'group')}: "
    told = [f"sample {b} is sample {a} {how}" for a, b, how in dataset.near[:_PAIRS_TOLD]]
    text += "; ".join(told)
    left = len(dataset.near) - len(told)
    text += f"; and {number_of(left, 'pair')} more" if left else ""
    yield Finding("NEAR_DUPLICATE_SAMPLES", Severity.MEDIUM, text, samples=to_ranges(members))


def _static(dataset: DataSet, which: Sorted, why: Causes, rules: VideoRules) -> Iterator[Finding]:
    count, N = int(which.static.sum()), dataset.layout.samples
    if not count:
        return
    severity = Severity.HIGH if count * 100 >= rules.static_fail_pct * N else Severity.MEDIUM
    text = f"{_of(count, N)} {'does' if count == 1 else 'do'} not change: "
    text += f"all {dataset.layout.frames} frames are the same"
    yield Finding("STATIC_VIDEO", severity, _with(text, why.static), samples=to_ranges(which.static))


def _still(dataset: DataSet, which: Sorted, why: Causes, rules: VideoRules) -> Iterator[Finding]:
    count, N = int(which.still.sum()), dataset.layout.samples
    if not count or dataset.layout.frames < 2:
        return
    severity = Severity.HIGH if count * 100 >= rules.static_fail_pct * N else Severity.MEDIUM
    travel = dataset.samples["object_travel_pct"][which.still]
    known = travel[np.isfinite(travel)]
    text = f"{_of(count, N)} hardly {'moves' if count == 1 else 'move'}"
    if known.size:
        text += f": the object's way spans at most {known.max():.1f} % of the picture's diagonal"
    yield Finding("LOW_TEMPORAL_VARIATION", severity, _with(text, why.still), samples=to_ranges(which.still))


def _blank(dataset: DataSet, which: Sorted, rules: VideoRules) -> Iterator[Finding]:
    if not which.blank.any():
        return
    N, T = dataset.layout.samples, dataset.layout.frames
    blank = dataset.samples["blank_frames"]
    whole, frames = int((blank == T).sum()), int(blank.sum())
    count = int(which.blank.sum())
    bad = frames * 100 >= rules.static_fail_pct * N * T
    text = f"{number_of(frames, 'frame')} in {number_of(count, 'sample')} {'shows' if frames == 1 else 'show'} nothing "
    text += "but the background"
    if whole:
        text += f"; {number_of(whole, 'sample')} {'is' if whole == 1 else 'are'} blank throughout"
    partly = np.flatnonzero(which.blank & (blank < T))
    if len(partly):
        first = int(partly[0])
        places = to_ranges(dataset.frames["blank"][first])
        text += f"; sample {first} in {_places(places)}"
    where = to_ranges(dataset.frames["blank"][0]) if N == 1 else ()
    severity = Severity.HIGH if bad else Severity.MEDIUM
    yield Finding("BLANK_FRAMES", severity, text, frames=where, samples=to_ranges(which.blank))


def _places(ranges: tuple[tuple[int, int], ...], most: int = 4) -> str:
    parts = [str(first) if first == last else f"{first} to {last}" for first, last in ranges[:most]]
    one = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    return f"{'frame' if one else 'frames'} {', '.join(parts)}{', …' if len(ranges) > most else ''}"


def _border(
    dataset: DataSet, which: Sorted, why: Causes, values: Mapping[str, Any], rules: VideoRules
) -> Iterator[Finding]:
    count, N = int(which.at_border.sum()), dataset.layout.samples
    if not count:
        return
    severity = Severity.HIGH if count * 100 >= rules.border_fail_pct * N else Severity.MEDIUM
    text = f"in {_of(count, N)} the object touches the picture's edge in "
    if N > 1:
        text += f"at least {rules.border_sample_pct:.0f} % of the frames, and in "
    text += f"{values['border_frames_pct']:.0f} % of all frames"
    frames = to_ranges(dataset.frames["at_border"][0]) if N == 1 else ()
    samples = to_ranges(which.at_border)
    yield Finding("OBJECT_AT_BORDER", severity, _with(text, why.border), frames=frames, samples=samples)


def _disagree(dataset: DataSet, which: Sorted, why: Causes) -> Iterator[Finding]:
    count, N = int(which.off.sum()), dataset.layout.samples
    if why.unrelated:
        yield Finding("VIDEO_TRAJECTORY_DISAGREE", Severity.MEDIUM, why.unrelated, samples=((0, N - 1),))
    if not count or dataset.camera is None:
        return
    severity = Severity.HIGH if count * 100 >= _FAR_OFF_SHARE * N else Severity.MEDIUM
    text = f"{_of(count, N)} {'shows' if count == 1 else 'show'} another path than "
    text += f"{'its trajectory' if count == 1 else 'their trajectories'}: with the camera that explains "
    text += f"{dataset.camera.explained} samples to {dataset.camera.rms:.1f} pixels, "
    worst = int(np.nanargmax(dataset.samples["disagreement_pct"]))
    text += f"sample {worst} is {dataset.camera.distance[worst]:.0f} pixels off"
    yield Finding("VIDEO_TRAJECTORY_DISAGREE", severity, _with(text, why.off), samples=to_ranges(which.off))


def _balance(dataset: DataSet, values: Mapping[str, Any], rules: VideoRules) -> Iterator[Finding]:
    classes = [each for each in dataset.classes if each.label not in dataset.outside]
    if len(classes) == 1 and dataset.layout.samples > 1:
        text = f"all {classes[0].count} samples are of one class, {classes[0].name}: nothing to tell apart"
        yield Finding("CLASS_IMBALANCE", Severity.LOW, text)
    if len(classes) < 2 or values["imbalance"] < rules.imbalance_ratio:
        return
    most, least = max(classes, key=lambda c: c.count), min(classes, key=lambda c: c.count)
    text = (
        f"{most.name} has {most.count} samples, {least.name} has {least.count}: {values['imbalance']:.1f} times as many"
    )
    severity = Severity.HIGH if values["imbalance"] >= _GREAT_IMBALANCE else Severity.MEDIUM
    where = to_ranges(dataset.labels == least.label) if dataset.labels is not None else ()
    yield Finding("CLASS_IMBALANCE", severity, text, samples=where)


def _separability(values: Mapping[str, Any], rules: VideoRules) -> Iterator[Finding]:
    accuracy, chance = values["separability"], values["separability_chance"]
    if accuracy is None or accuracy * 100 >= rules.separable_pct:
        return
    guessing = accuracy < chance + _NEAR_CHANCE
    text = f"displacement and path length alone tell the classes apart in {accuracy * 100:.0f} % of the cases; "
    text += f"guessing reaches {chance * 100:.0f} %"
    if guessing:
        text += ": the labels may not belong to these trajectories"
    yield Finding("CLASSES_NOT_SEPARABLE", Severity.MEDIUM if guessing else Severity.LOW, text)


def _of(count: int, samples: int) -> str:
    """So many of the samples; of a single video just that."""
    return "the video" if samples == 1 else f"{count} of {samples} samples ({share(count, samples)})"


def _with(text: str, cause: str) -> str:
    return f"{text}; {cause}" if cause else text
