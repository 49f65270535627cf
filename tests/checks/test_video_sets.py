"""A data set as a whole, each of its figures known by hand."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.checks.dataset import SAMPLE_METRICS
from inspector.checks.video_meter import VideoMeter
from inspector.checks.video_sets import dataset_values, same_digests, separability
from inspector.profiles import Layout
from tests.checks.video_support import SIDE, arrays, figures, lines, measured, squares

DIAGONAL = SIDE * 2**0.5


def clean(**changes: Any) -> dict[str, Any]:
    held = arrays() | changes
    return {"videos": held["videos"], "labels": held["labels"], "trajectory": held["trajectory_3d"]}


def test_every_figure_of_every_sample() -> None:
    dataset, _ = measured(**clean())
    one, two = np.arange(12) % 2 == 0, np.arange(12) % 2 == 1
    expected = {
        "displacement": (0.7, 1.4),  # 7 steps of 0.1 or 0.2
        "path_length": (0.7, 1.4),
        "frame_variation": (0, 0),  # the same number of pixels is blue in every frame
        "motion_energy": (12 / 3072, 24 / 3072),
        "moving_pixels_pct": (600 / 1024, 1200 / 1024),
        "object_travel_pct": (700 / DIAGONAL, 1400 / DIAGONAL),
        "object_area_pct": (900 / 1024, 900 / 1024),
        "border_frames": (0, 0),
        "blank_frames": (0, 0),
        "disagreement_pct": (0, 0),
        "static": (False, False),
        "group": (-1, -1),
        "bad_values": (0, 0),
        "bad_frames": (0, 0),
    }
    assert dataset.samples.keys() == expected.keys() >= SAMPLE_METRICS.keys()
    for name, (first, second) in expected.items():
        held = dataset.samples[name]
        assert held.shape == (12,)
        assert held[one] == pytest.approx(first, abs=1e-6), name
        assert held[two] == pytest.approx(second, abs=1e-6), name
    assert all(dataset.samples[name].dtype == np.float64 for name in SAMPLE_METRICS)
    assert dataset.samples["static"].dtype == bool
    assert dataset.samples["group"].dtype == dataset.samples["bad_values"].dtype == np.int64


def test_every_figure_of_every_frame() -> None:
    dataset, _ = measured(**clean())
    lanes = dataset.frames
    series = "motion moving object_x object_y object_area projected_x projected_y".split()
    assert set(lanes) == {*series, "at_border", "blank", "bad"}
    assert all(lane.shape == (12, 8) for lane in lanes.values())
    assert all(lanes[name].dtype == np.float32 for name in series[:5])
    assert {lanes[name].dtype for name in ("at_border", "blank", "bad")} == {np.dtype(bool)}
    x, y = np.moveaxis(lines(), -1, 0)
    assert lanes["object_x"].tolist() == x.tolist() and lanes["object_y"].tolist() == y.tolist()
    assert lanes["projected_x"] == pytest.approx(x, abs=1e-3) and lanes["projected_y"] == pytest.approx(y, abs=1e-3)
    assert dataset.seconds.tolist() == [k / 8 for k in range(8)]


def test_every_field_of_the_record() -> None:
    _, values = measured(**clean())
    camera, classes = values.pop("camera"), values.pop("classes")
    assert values.pop("frame_variation_mean") == pytest.approx(0, abs=1e-7)
    assert values.pop("motion_energy_mean") == pytest.approx(18 / 3072)
    assert values.pop("moving_pixels_pct") == pytest.approx(900 / 1024)
    assert camera == {"rms_px": pytest.approx(0, abs=1e-3), "samples": 12, "outside_pct": 0}
    assert values == {
        "videos": "videos",
        "videos_shape": [12, 8, 3, 32, 32],
        "videos_dtype": "float32",
        "layout": "NTCHW",
        "samples": 12,
        "frames": 8,
        "height": 32,
        "width": 32,
        "channels": 3,
        "value_min": 0,
        "value_max": 1,
        "nan_values": 0,
        "inf_values": 0,
        "full_scale": 1,
        "labels": [0, 1] * 6,
        "duplicates": {"unique": 12, "extra": 0, "groups": []},
        "near_duplicates": {"groups": [], "pairs": []},
        "static_samples": [],
        "duplicate_samples": 0,
        "static_count": 0,
        "border_frames_pct": 0,
        "blank_frames": 0,
        "bad_samples": [],
        "separability": 1,
        "separability_chance": 0.5,
        "imbalance": 1,
    }
    assert [(c["label"], c["name"], c["count"], c["first"]) for c in classes] == [
        (0, "class 0", 6, 0),
        (1, "class 1", 6, 1),
    ]
    for place, each in enumerate(classes, start=1):
        assert each["displacement_mean"] == each["path_length_mean"] == pytest.approx(0.7 * place)
        assert each["displacement_std"] == each["path_length_std"] == pytest.approx(0, abs=1e-9)
        assert each["frame_variation_first"] == each["frame_variation_mean"] == pytest.approx(0, abs=1e-7)
        assert each["motion_energy_mean"] == pytest.approx(12 * place / 3072)
        assert each["static_samples"] == 0


def test_classes_have_the_figures_of_their_own_samples() -> None:
    path = np.zeros((5, 3, 2))
    path[:, 2, 0] = [1, 5, 2, 7, 6]  # there in one step; sample 1 by a detour
    path[1, 1, 1] = 12
    videos = np.zeros((5, 3, 1, 4, 4), np.float32)
    videos[:4, 1, 0, 0, 0] = [0.16, 0.32, 0.48, 0.64]  # means 0, 0.01 k, 0: std is 0.01 k * sqrt(2) / 3
    _, values = measured(videos, np.array([3, 1, 3, 1, 1]), path)
    one, three = values["classes"]
    sd = 0.01 * 2**0.5 / 3
    assert (one["label"], one["count"], one["first"], one["static_samples"]) == (1, 3, 1, 1)
    assert (three["label"], three["count"], three["first"], three["static_samples"]) == (3, 2, 0, 0)
    assert one["displacement_mean"] == pytest.approx(6) and one["displacement_std"] == pytest.approx((2 / 3) ** 0.5)
    assert one["path_length_mean"] == pytest.approx((12 + 13 + 7 + 6) / 3)
    assert three["displacement_mean"] == 1.5 and three["displacement_std"] == 0.5  # ddof 0
    assert one["frame_variation_first"] == pytest.approx(2 * sd) and one["frame_variation_mean"] == pytest.approx(
        2 * sd
    )
    assert three["frame_variation_first"] == pytest.approx(sd) and three["frame_variation_mean"] == pytest.approx(
        2 * sd
    )
    assert one["motion_energy_mean"] == pytest.approx((0.02 + 0.04 + 0) / 3)
    assert three["motion_energy_mean"] == pytest.approx((0.01 + 0.03) / 2)


def test_duplicates_static_border_and_blank() -> None:
    places = lines(6, 8)
    places[1] = places[1, 0]  # rests
    places[2, :6, 0] = 1  # at the left edge in six frames
    videos = squares(places)
    videos[4] = videos[3]
    videos[5] = videos[0]
    videos[3, 2:5] = 1  # blank, and no copy any more
    videos[0, 0, 0, 0, 0] = videos[5, 0, 0, 0, 0] = np.nan
    dataset, values = measured(videos)
    assert dataset.groups == ((0, 5),)
    assert dataset.samples["group"].tolist() == [0, -1, -1, -1, -1, 0]
    assert values["duplicates"] == {"unique": 5, "extra": 1, "groups": [[0, 5]]}
    assert (values["static_samples"], values["static_count"], values["duplicate_samples"]) == ([1], 1, 1)
    assert dataset.samples["border_frames"].tolist() == [0, 0, 6, 0, 0, 0]
    assert values["border_frames_pct"] == 600 / 48
    assert dataset.samples["blank_frames"].tolist() == [0, 0, 0, 3, 0, 0]
    assert (values["blank_frames"], values["bad_samples"], values["nan_values"]) == (3, [0, 5], 2)
    assert dataset.samples["object_area_pct"][3] == 900 / 1024  # of the frames that show it
    assert dataset.samples["object_travel_pct"][1] == 0


@pytest.mark.parametrize(("axis", "place"), [(0, 1), (0, 30), (1, 1), (1, 30)])
def test_each_edge_is_a_border(axis: int, place: int) -> None:
    places = lines(2, 8)
    places[1, 2:5, axis] = place
    dataset, values = measured(squares(places))
    assert dataset.samples["border_frames"].tolist() == [0, 3]
    assert np.flatnonzero(dataset.frames["at_border"][1]).tolist() == [2, 3, 4]
    assert values["border_frames_pct"] == 300 / 16


def test_without_trajectories_and_labels() -> None:
    dataset, values = measured(arrays()["videos"])
    assert (dataset.camera, dataset.labels, dataset.trajectory, dataset.classes) == (None, None, None, ())
    for name in ("displacement", "path_length", "disagreement_pct"):
        assert np.isnan(dataset.samples[name]).all()
    for name in ("separability", "separability_chance", "imbalance", "camera"):
        assert values[name] is None
    assert values["classes"] == values["labels"] == []
    assert "projected_x" not in dataset.frames


def test_a_trajectory_of_another_length_has_figures_but_no_camera() -> None:
    held = clean(trajectory_3d=arrays()["trajectory_3d"][:, :4])
    dataset, values = measured(**held)
    assert dataset.samples["displacement"][:2] == pytest.approx([0.3, 0.6])
    assert dataset.camera is values["camera"] is None


def test_a_trajectory_with_nan_leaves_its_class_the_others() -> None:
    held = clean()
    held["trajectory"] = held["trajectory"].copy()
    held["trajectory"][0, 3] = np.nan
    held["trajectory"][1] = np.nan
    dataset, values = measured(**held)
    assert dataset.samples["displacement"][:2] == pytest.approx([0.7, np.nan], nan_ok=True)
    assert np.isnan(dataset.samples["path_length"][:2]).all()
    assert values["classes"][0]["path_length_mean"] == pytest.approx(0.7)
    assert values["classes"][1]["path_length_mean"] == pytest.approx(1.4)
    assert dataset.camera is not None and dataset.camera.explained == 11


def test_how_far_a_video_is_from_its_trajectory() -> None:
    held = clean()
    places = lines()
    places[3, :, 1] += 6
    dataset, values = measured(squares(places), held["labels"], held["trajectory"])
    off = dataset.samples["disagreement_pct"]
    assert off[3] == pytest.approx(600 / DIAGONAL, rel=1e-3)
    assert np.delete(off, 3) == pytest.approx(0, abs=1e-3)
    assert values["camera"]["samples"] == 11


def test_the_share_of_places_outside_the_picture() -> None:
    places = lines()
    places[:, :, 0] -= 7  # x from -1: the object is cut off
    path = np.concatenate([places, 0 * places[..., :1]], axis=2).astype(float)
    _, values = measured(squares(places), None, path)
    assert values["camera"]["outside_pct"] == 100 / 8  # the first of eight frames


@pytest.mark.parametrize(
    ("dtype", "factor", "scale"),
    [
        ("float32", 1, 1),
        ("float64", 255, 255),
        ("float32", 65535, 65535),
        ("uint8", 255, 255),
        ("uint8", 1, 255),
        ("int8", 127, 255),
        ("int16", 255, 255),
        ("int64", 1, 255),
        ("uint16", 65535, 65535),
        ("float16", 1, 1),
    ],
)
def test_full_scale_and_figures_in_units_of_it(dtype: str, factor: float, scale: float) -> None:
    videos = (squares(lines(4, 8)) * factor).astype(dtype)
    dataset, values = measured(videos)
    assert values["full_scale"] == dataset.full_scale == scale
    assert values["videos_dtype"] == dtype
    assert values["value_max"] == factor
    energy = np.array([12, 24, 12, 24]) / 3072 * factor / scale
    assert dataset.samples["motion_energy"] == pytest.approx(energy, rel=1e-5)
    assert dataset.frames["motion"][:, 1:] == pytest.approx(np.repeat(energy[:, None], 7, axis=1), rel=1e-5)


def test_full_scale_is_that_of_most_samples() -> None:
    videos = squares(lines(5, 4))
    videos[0] *= 255
    assert measured(videos)[1]["full_scale"] == 1
    videos[1:3] *= 255
    assert measured(videos)[1]["full_scale"] == 255
    assert measured(np.full((2, 2, 1, 8, 8), np.nan, np.float32))[1]["full_scale"] == 1


def test_truth_values() -> None:
    dataset, values = measured(squares(lines(4, 8)) > 0.5)
    assert (values["full_scale"], values["videos_dtype"], values["value_max"]) == (1, "bool", 1)
    assert dataset.samples["motion_energy"] == pytest.approx(np.array([12, 24, 12, 24]) / 3072)


def test_a_video_by_itself() -> None:
    held = arrays(1)
    whole, _ = measured(held["videos"], None, held["trajectory_3d"])
    dataset, values = measured(held["videos"][0], None, held["trajectory_3d"], axes="TCHW")
    assert (values["samples"], values["frames"], values["videos_shape"]) == (1, 8, [8, 3, 32, 32])
    for name, held_figures in whole.samples.items():
        assert np.allclose(held_figures, dataset.samples[name], equal_nan=True), name


@pytest.mark.parametrize("shape", [(0, 4, 3, 8, 8), (3, 0, 3, 8, 8), (3, 1, 3, 8, 8), (1, 2, 1, 1, 1)])
def test_sizes_of_nothing_and_of_one(shape: tuple[int, ...]) -> None:
    dataset, values = measured(np.ones(shape, np.float32), np.zeros(shape[0], int), np.zeros((*shape[:2], 3)))
    json.dumps(values, allow_nan=False)
    assert values["samples"] == shape[0] and values["frames"] == shape[1]
    assert dataset.samples["static"].tolist() == [shape[1] > 1] * shape[0]
    if not shape[0]:
        assert values["value_min"] is None and values["classes"] == []


def test_figures_that_are_not_known_are_null() -> None:
    _, values = measured(np.full((3, 2, 1, 8, 8), np.inf, np.float32), np.array([0, 1, 1]), np.full((3, 2, 3), np.nan))
    json.dumps(values, allow_nan=False)
    assert values["value_min"] is values["value_max"] is values["frame_variation_mean"] is None
    assert values["inf_values"] == 3 * 2 * 64
    assert all(each["displacement_mean"] is None for each in values["classes"])


def test_labels_are_left_out_of_a_very_long_record() -> None:
    dataset = figures(100_001, 1, labels=np.zeros(100_001, np.int64), group=-1)
    assert dataset_values(dataset, _empty_meter())["labels"] == []
    dataset = figures(3, 1, labels=np.array([1, 0, 1]))
    assert dataset_values(dataset, _empty_meter())["labels"] == [1, 0, 1]


def _empty_meter() -> VideoMeter:
    return VideoMeter(Layout("NTHW", (1, 1, 1, 1)), np.dtype(np.float32))


def test_imbalance_is_of_classes_that_are_ones() -> None:
    labels = np.array([0] * 6 + [1] * 4 + [-1] * 2)
    assert measured(arrays()["videos"], labels)[1]["imbalance"] == 1.5
    assert measured(arrays()["videos"], np.zeros(12, int))[1]["imbalance"] is None


@given(st.lists(st.binary(max_size=1), max_size=20))
def test_groups_of_the_same(digests: list[bytes]) -> None:
    groups = same_digests(digests)
    assert all(len(group) > 1 and list(group) == sorted(group) for group in groups)
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)
    together = {(a, b) for group in groups for a in group for b in group}
    expected = {(a, b) for a, x in enumerate(digests) for b, y in enumerate(digests) if x == y and digests.count(x) > 1}
    assert together == expected


def apart(displacement: Any, path_length: Any, labels: Any) -> tuple[float | None, float | None]:
    held = np.asarray(displacement, float)
    return separability(
        figures(len(held), 2, labels=np.asarray(labels), displacement=held, path_length=np.asarray(path_length, float))
    )


def test_classes_told_apart_by_their_nearest_sample() -> None:
    assert apart([1, 1.1, 5, 5.1], [2, 2, 2, 2], [0, 0, 1, 1]) == (1, 0.5)
    assert apart([2, 2, 2, 2], [1, 1.1, 5, 5.1], [0, 0, 1, 1]) == (1, 0.5)
    assert apart([1, 1.1, 5, 5.1], [2, 2, 2, 2], [0, 1, 0, 1]) == (0, 0.5)


def test_accuracy_is_the_mean_over_classes() -> None:
    # Six of class 0 close together; of class 1 two are close, two lie among class 0.
    where = [0, 0.1, 0.2, 0.3, 0.42, 0.5, 9, 9.1, 0.21, 0.31]
    accuracy, chance = apart(where, [1] * 10, [0] * 6 + [1] * 4)
    right = 4 / 6  # 0.2 and 0.3 have one of class 1 nearest
    assert accuracy == pytest.approx((right + 0.5) / 2)
    assert chance == 0.5


def test_each_figure_counts_in_units_of_its_own_spread() -> None:
    # Path lengths are told in another unit: 10 of it is near, as seen from 90.
    assert apart([0, 0, 0, 1, 1, 1], [0, 10, 90, 0, 10, 90], [0, 0, 0, 1, 1, 1]) == (1, 0.5)
    assert apart([0, 10, 90, 0, 10, 90], [0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1]) == (1, 0.5)


@pytest.mark.parametrize(
    ("displacement", "labels"),
    [
        ([1, 2, 3], [0, 0, 0]),
        ([1, 2, 3], [0, 1, 2]),
        ([1, 1, 1, 1], [0, 0, 1, 1]),
        ([], []),
        ([np.nan] * 4, [0, 0, 1, 1]),
    ],
)
def test_nothing_to_tell_apart(displacement: Any, labels: Any) -> None:
    assert apart(displacement, np.ones(len(displacement)), labels) == (None, None)


def test_a_class_of_one_sample_does_not_count() -> None:
    assert apart([1, 1.1, 5, 5.1, 9], [2] * 5, [0, 0, 1, 1, 2]) == (1, 0.5)


def test_thousands_of_samples_are_compared_by_some() -> None:
    labels = np.arange(4000) % 2
    assert (
        apart(labels * 5.0, np.ones(4000), labels) == (1, 0.5) or apart(labels * 5.0, np.ones(4000), labels)[0] is None
    )
