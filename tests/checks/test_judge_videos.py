"""Every finding about videos: a clean set has none, a planted one is named where it is, and each limit holds."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from inspector.checks import CODES, Finding, Severity, Status, verdict
from inspector.checks.camera import Camera
from inspector.checks.dataset import ClassFigures, DataSet
from inspector.checks.judge_videos import judge_videos, sort_samples
from tests.checks.video_support import arrays, figures, judged, lines, rules, some, squares

Array = npt.NDArray[Any]
HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW


def judge(dataset: DataSet, limits: dict[str, Any] | None = None, **values: Any) -> dict[str, Finding]:
    return told(dataset, limits, **values)[0]


def told(
    dataset: DataSet, limits: dict[str, Any] | None = None, **values: Any
) -> tuple[dict[str, Finding], dict[str, Any]]:
    """Findings by code, and what of the record depends on limits; for other figures of the record see `values`."""
    known = {"separability": None, "separability_chance": None, "imbalance": None, "border_frames_pct": 0.0, **values}
    findings, found = judge_videos(dataset, known, rules(**(limits or {})))
    assert {f.code for f in findings} <= CODES.keys()
    assert len({f.code for f in findings}) == len(findings)
    return {f.code: f for f in findings}, found


def camera(samples: int = 20, frames: int = 10, rms: float = 0.1) -> Camera:
    """One that sees everything in the middle of the picture."""
    middle = np.full((samples, frames), 50.0)
    return Camera(np.eye(3, 4), middle, middle, np.zeros(samples), rms, samples)


def in_frames(samples: int, frames: int) -> Array:
    """bool (20, 10): so many samples in so many frames."""
    return some(samples)[:, None] & (np.arange(10) < frames)


def test_a_clean_set_has_no_findings() -> None:
    held = arrays()
    found, values = judged(held["videos"], held["labels"], held["trajectory_3d"])
    assert found == {}
    assert verdict(found.values()) is Status.PASS
    assert values["motion"] == "Yes: all 12 videos show motion."
    assert (values["moving_samples"], values["causes"]) == (12, [])
    lists = ("still_samples", "blank_samples", "border_samples", "disagree_samples")
    assert all(values[name] == [] for name in lists)
    assert judge(figures()) == {}


@pytest.mark.parametrize(("copies", "severity"), [(1, MEDIUM), (4, MEDIUM), (5, HIGH), (19, HIGH)])
def test_duplicates(copies: int, severity: Severity) -> None:
    found = judge(figures(groups=(tuple(range(copies + 1)),)))["DUPLICATE_SAMPLES"]
    assert (found.severity, found.samples) == (severity, ((0, copies),))  # 5 of 20 are the 25 % that fail
    assert f"{copies} of 20 samples ({copies * 5} %)" in found.message
    assert f"in 1 group; {20 - copies} {'is' if copies == 19 else 'are'} unique" in found.message


def test_duplicates_in_several_groups() -> None:
    found = judge(figures(groups=((1, 4), (2, 8, 9))))["DUPLICATE_SAMPLES"]
    assert found.samples == ((1, 2), (4, 4), (8, 9))
    assert "3 of 20 samples (15 %) are copies of others, in 2 groups; 17 are unique" in found.message
    assert judge(figures(groups=((1, 4),)), {"duplicate_fail_pct": 5.0})["DUPLICATE_SAMPLES"].severity is HIGH


@pytest.mark.parametrize(("count", "severity"), [(1, MEDIUM), (2, HIGH)])
def test_static(count: int, severity: Severity) -> None:
    found, values = told(figures(static=some(count), object_travel_pct=np.where(some(count), 0, 30)))
    assert list(found) == ["STATIC_VIDEO"]  # and not hardly moving as well
    static = found["STATIC_VIDEO"]
    assert (static.severity, static.samples) == (severity, ((0, count - 1),))  # 10 % of 20 fail
    assert f"{count} of 20 samples ({5 * count} %) do{'es' if count == 1 else ''} not change" in static.message
    assert "all 10 frames are the same" in static.message
    assert values["moving_samples"] == 20 - count
    assert values["motion"] == (
        f"{20 - count} of 20 videos show motion; {count} do{'es' if count == 1 else ''} not change at all."
    )


@pytest.mark.parametrize(("travel", "still"), [(1.999, True), (2.0, False), (0.0, True)])
def test_an_object_that_hardly_moves(travel: float, still: bool) -> None:
    found, values = told(figures(object_travel_pct=np.where(some(1), travel, 30)))
    assert list(found) == (["LOW_TEMPORAL_VARIATION"] if still else [])
    assert values["still_samples"] == ([0] if still else [])
    if still:
        low = found["LOW_TEMPORAL_VARIATION"]
        assert (low.severity, low.samples) == (MEDIUM, ((0, 0),))
        assert f"1 of 20 samples (5 %) hardly moves: the object's way spans at most {travel:.1f} %" in low.message
        assert values["motion"] == "19 of 20 videos show motion; 1 hardly moves."


def test_many_that_hardly_move_fail() -> None:
    assert judge(figures(object_travel_pct=np.where(some(2), 1, 30)))["LOW_TEMPORAL_VARIATION"].severity is HIGH
    limit = {"still_travel_pct": 0.5}
    assert judge(figures(object_travel_pct=np.where(some(2), 1, 30)), limit) == {}


@pytest.mark.parametrize(("moving", "still"), [(0.049, True), (0.05, False)])
def test_where_no_object_can_be_told_pixels_that_change_decide(moving: float, still: bool) -> None:
    found, _ = told(figures(object_travel_pct=np.nan, moving_pixels_pct=moving))
    assert ("LOW_TEMPORAL_VARIATION" in found) == still
    if still:
        assert "spans" not in found["LOW_TEMPORAL_VARIATION"].message


def test_a_video_without_one_good_frame_neither_moves_nor_rests() -> None:
    bad = figures(object_travel_pct=np.nan, moving_pixels_pct=0.0, bad_frames=np.where(some(2), 10, 9))
    sorted_ = sort_samples(bad, rules())
    assert not (sorted_.still | sorted_.moving | sorted_.static)[:2].any()
    assert sorted_.still[2:].all()


@pytest.mark.parametrize(
    ("samples", "frames", "severity"), [(1, 1, MEDIUM), (2, 9, MEDIUM), (2, 10, HIGH), (20, 1, HIGH)]
)
def test_blank_frames(samples: int, frames: int, severity: Severity) -> None:
    found, values = told(figures(blank=in_frames(samples, frames)))
    blank = found["BLANK_FRAMES"]
    assert (blank.severity, blank.samples) == (severity, ((0, samples - 1),))  # 20 of 200 frames are 10 %
    assert values["blank_samples"] == list(range(samples))
    assert f"{samples * frames} frame{'s' if samples * frames > 1 else ''} in {samples} sample" in blank.message
    assert ("blank throughout" in blank.message) == (frames == 10)
    if frames == 9:
        assert "sample 0 in frames 0 to 8" in blank.message


def test_blank_frames_of_one_video_are_named() -> None:
    blank = np.zeros((1, 10), bool)
    blank[0, [2, 3, 7]] = True
    assert judge(figures(1, blank=blank))["BLANK_FRAMES"].frames == ((2, 3), (7, 7))


@pytest.mark.parametrize(("frames", "counts"), [(4, False), (5, True), (10, True)])
def test_frames_at_the_border_that_make_a_sample_count(frames: int, counts: bool) -> None:
    found, values = told(figures(at_border=in_frames(1, frames)))
    assert list(found) == (["OBJECT_AT_BORDER"] if counts else [])
    assert values["border_samples"] == ([0] if counts else [])
    assert told(figures(at_border=in_frames(1, frames)), {"border_sample_pct": 30.0})[1]["border_samples"] == [0]
    assert told(figures(), {"border_sample_pct": 0.0})[1]["border_samples"] == []


@pytest.mark.parametrize(("samples", "severity"), [(4, MEDIUM), (5, HIGH)])
def test_samples_at_the_border_that_fail_the_set(samples: int, severity: Severity) -> None:
    found = judge(figures(at_border=in_frames(samples, 6)), border_frames_pct=15.0)["OBJECT_AT_BORDER"]
    assert (found.severity, found.samples, found.frames) == (severity, ((0, samples - 1),), ())
    assert "at least 50 % of the frames" in found.message and "15 %" in found.message


def test_what_covers_much_of_the_picture_touches_its_edge_anyhow() -> None:
    assert judge(figures(at_border=in_frames(5, 6), object_area_pct=25.1)) == {}
    assert "OBJECT_AT_BORDER" in judge(figures(at_border=in_frames(5, 6), object_area_pct=25.0))


def test_frames_at_the_border_of_one_video_are_named() -> None:
    touching = np.zeros((1, 10), bool)
    touching[0, 3:9] = True
    assert judge(figures(1, at_border=touching))["OBJECT_AT_BORDER"].frames == ((3, 8),)


@pytest.mark.parametrize(("off", "count", "severity"), [(4.0, 1, None), (4.01, 1, MEDIUM), (5, 2, HIGH)])
def test_videos_that_show_another_path(off: float, count: int, severity: Severity | None) -> None:
    found, values = told(figures(camera=camera(), disagreement_pct=np.where(some(count), off, 0.5)))
    assert list(found) == (["VIDEO_TRAJECTORY_DISAGREE"] if severity else [])
    assert values["disagree_samples"] == (list(range(count)) if severity else [])
    if severity:
        path = found["VIDEO_TRAJECTORY_DISAGREE"]
        assert (path.severity, path.samples) == (severity, ((0, count - 1),))  # two of 20 are 10 %
        assert f"show{'s' if count == 1 else ''} another path than" in path.message
        assert "explains 20 samples to 0.1 pixels, sample 0 is 0 pixels off" in path.message


def test_a_camera_that_explains_less_well_lets_more_pass() -> None:
    diagonal = 100 * 2**0.5
    for rms, off, found in ((1.5, 6.3, 0), (1.5, 6.4, 1), (0.5, 4.1, 1)):  # six times 1.5 pixels are 6.36 %
        figure = figures(camera=camera(rms=rms), disagreement_pct=np.where(some(1), off, 0))
        assert len(judge(figure)) == found, (rms, off, 6 * rms / diagonal)


def test_without_a_camera_no_sample_is_off() -> None:
    assert told(figures(disagreement_pct=np.nan))[1]["disagree_samples"] == []


def classes(*counts: int, outside: frozenset[int] = frozenset()) -> dict[str, Any]:
    labels = np.repeat(np.arange(len(counts)), counts)
    made = tuple(ClassFigures(k, f"class {k}", n, int(np.argmax(labels == k))) for k, n in enumerate(counts))
    return {"labels": labels, "classes": made, "outside": outside}


def balanced(*counts: int, outside: frozenset[int] = frozenset(), **limits: Any) -> dict[str, Finding]:
    samples = sum(counts)
    dataset = dataclasses.replace(figures(samples), **classes(*counts, outside=outside))
    inside = [n for k, n in enumerate(counts) if k not in outside]
    return judge(dataset, limits, imbalance=max(inside) / min(inside) if len(inside) > 1 else None)


@pytest.mark.parametrize(
    ("counts", "severity"),
    [
        ((5, 5), None),
        ((29, 10), None),
        ((30, 10), MEDIUM),
        ((99, 10), MEDIUM),
        ((100, 10), HIGH),
        ((30, 10, 20), MEDIUM),
    ],
)
def test_imbalance(counts: tuple[int, ...], severity: Severity | None) -> None:
    found = balanced(*counts)
    assert list(found) == (["CLASS_IMBALANCE"] if severity else [])
    if severity:
        finding = found["CLASS_IMBALANCE"]
        assert (finding.severity, finding.samples) == (severity, ((counts[0], counts[0] + 9),))  # the few
        assert f"class 0 has {counts[0]} samples, class 1 has 10" in finding.message


def test_imbalance_by_another_limit_and_without_labels_that_are_no_classes() -> None:
    assert "CLASS_IMBALANCE" in balanced(20, 10, imbalance_ratio=2.0)
    assert balanced(20, 20, 1, outside=frozenset({2})) == {}


def test_a_single_class() -> None:
    found = balanced(7)["CLASS_IMBALANCE"]
    assert (found.severity, found.samples) == (LOW, ())
    assert "all 7 samples are of one class, class 0" in found.message
    assert balanced(1) == {}


@pytest.mark.parametrize(
    ("accuracy", "chance", "severity"),
    [(None, None, None), (0.6, 0.5, None), (0.599, 0.25, LOW), (0.40, 0.25, LOW), (0.399, 0.25, MEDIUM)],
)
def test_separability(accuracy: float | None, chance: float | None, severity: Severity | None) -> None:
    found = judge(figures(), separability=accuracy, separability_chance=chance)
    assert list(found) == (["CLASSES_NOT_SEPARABLE"] if severity else [])
    if severity and accuracy and chance:
        text = found["CLASSES_NOT_SEPARABLE"].message
        assert found["CLASSES_NOT_SEPARABLE"].severity is severity
        assert f"{accuracy * 100:.0f} % of the cases; guessing reaches {chance * 100:.0f} %" in text
        assert ("the labels may not belong" in text) == (severity is MEDIUM)
    assert "CLASSES_NOT_SEPARABLE" in judge(
        figures(), {"separable_pct": 95.0}, separability=0.9, separability_chance=0.5
    )


@pytest.mark.parametrize(("samples", "frames"), [(0, 10), (20, 0)])
def test_nothing_to_judge(samples: int, frames: int) -> None:
    found, values = told(figures(samples, frames))
    assert list(found) == ["EMPTY_CLIP"]
    assert found["EMPTY_CLIP"].severity is HIGH
    assert str([samples, frames, 3, 100, 100]) in found["EMPTY_CLIP"].message
    assert "nothing that could move" in values["motion"]


def test_a_single_frame_shows_no_motion() -> None:
    found, values = told(figures(20, 1))
    assert list(found) == ["LOW_TEMPORAL_VARIATION"]
    low = found["LOW_TEMPORAL_VARIATION"]
    assert (low.severity, low.samples) == (HIGH, ((0, 19),))
    assert values["motion"] == "No: every video is a single frame."
    assert values["moving_samples"] == 0


@pytest.mark.parametrize(
    ("static", "still", "sentence"),
    [
        (0, 0, "Yes: all 20 videos show motion."),
        (3, 0, "17 of 20 videos show motion; 3 do not change at all."),
        (0, 3, "17 of 20 videos show motion; 3 hardly move."),
        (2, 1, "17 of 20 videos show motion; 2 do not change at all and 1 hardly moves."),
        (20, 0, "No: none of the 20 videos shows motion; 20 do not change at all."),
    ],
)
def test_do_the_videos_show_motion(static: int, still: int, sentence: str) -> None:
    hardly = some(static + still) & ~some(static)
    _, values = told(figures(static=some(static), object_travel_pct=np.where(hardly, 1, 30)))
    assert values["motion"] == sentence


def test_motion_along_the_edge_is_said_to_be_that() -> None:
    said = [told(figures(at_border=in_frames(20, 6)), border_frames_pct=pct)[1]["motion"] for pct in (49.0, 50.0)]
    assert said[0] == "Yes: all 20 videos show motion."
    assert "In 50 % of all frames the object is at the picture's edge" in said[1]


def test_one_video() -> None:
    held = arrays(1)
    found, values = judged(held["videos"][0], None, None, axes="TCHW")
    assert (found, values["motion"]) == ({}, "Yes: the video shows motion.")
    rest = np.repeat(held["videos"][0, :1], 8, axis=0)
    found, values = judged(rest, axes="TCHW")
    assert found["STATIC_VIDEO"].message.startswith("the video does not change: all 8 frames are the same")
    assert values["motion"].startswith("No: the video does not show motion")


def test_planted_in_pixels_and_found() -> None:
    held = arrays(24)
    places = lines(24)
    videos = held["videos"].copy()
    places[5] = places[5, 0]
    places[9, :, 0] = 30 - np.arange(8) % 2  # at the right edge, one pixel to and fro
    videos[5], videos[9] = squares(places)[5], squares(places)[9]
    videos[12], videos[15, 3:5] = videos[2], 1
    found, values = judged(videos, held["labels"], held["trajectory_3d"])
    where = {code: finding.samples for code, finding in found.items()}
    assert where["STATIC_VIDEO"] == ((5, 5),)
    assert where["DUPLICATE_SAMPLES"] == ((2, 2), (12, 12))
    assert where["BLANK_FRAMES"] == ((15, 15),)
    assert where["OBJECT_AT_BORDER"] == ((9, 9),)
    assert where["VIDEO_TRAJECTORY_DISAGREE"] == ((5, 5), (9, 9), (12, 12))
    assert where.keys() == {
        "STATIC_VIDEO",
        "DUPLICATE_SAMPLES",
        "BLANK_FRAMES",
        "OBJECT_AT_BORDER",
        "VIDEO_TRAJECTORY_DISAGREE",
    }
    assert values["moving_samples"] == 23
