"""The reference's figures: worked out by hand, at its edges, and against its own records of real clips."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from inspector.checks.arrays import Figures
from inspector.checks.meta import read_metadata
from inspector.checks.reference import NO_MOTION, basic_fields, measure_features, motion_fields, own_tracks
from inspector.errors import MeasureError
from inspector.profiles import load_profile
from tests.support.clips import clip_arrays

CONSTANTS = load_profile("fslr-keypoints").reference


def fields(X: Any = None, mask: Any = None, timestamps_ms: Any = None, **_: Any) -> dict[str, Any]:
    figures = Figures(X)
    basic = basic_fields(figures, Figures(mask), Figures(timestamps_ms), CONSTANTS)[0]
    tracks = own_tracks(figures.array)
    return basic | (NO_MOTION if tracks is None else motion_fields(tracks, CONSTANTS, figures.finite)[0])


def unmeasured(X: Any = None, mask: Any = None, timestamps_ms: Any = None, **_: Any) -> list[str]:
    return basic_fields(Figures(X), Figures(mask), Figures(timestamps_ms), CONSTANTS)[1]


def still(frames: int = 10) -> dict[str, Any]:
    """All points at (0.5, 0.5), all visible, 10 ms apart."""
    return {
        "X": np.full((frames, 156), 0.5, np.float32),
        "mask": np.ones((frames, 78), bool),
        "timestamps_ms": np.arange(frames, dtype=np.int64) * 10,
    }


def test_order_of_fields() -> None:
    expected = (
        "T X_shape mask_shape ts_shape X_dtype mask_dtype ts_dtype X_has_nan X_has_inf X_out_of_range "
        "timestamps_monotonic duration_ms temporal_consistent has_mask coverage_pct min_visible max_visible "
        "low_vis_frames vel_p95 vel_max vel_spike_frames bone_len_cv_pct bone_outlier_frames"
    ).split()
    assert list(fields(**still())) == expected


def test_velocity_of_one_step() -> None:
    clip = still(20)
    clip["X"][10:, 0] += np.float32(0.3)  # point 0 steps once by (0.3, 0.4)
    clip["X"][10:, 1] += np.float32(0.4)
    got = fields(**clip)
    assert got["vel_max"] == pytest.approx(0.5, rel=1e-6)
    assert got["vel_p95"] == 0.0
    assert got["vel_spike_frames"] == 1


def test_a_spike_needs_more_than_three_deviations() -> None:
    # One step of n differs, by a: the median is 0 and the deviation a x sqrt(n - 1) / n, a third of a from n = 8 on.
    for frames, expected in ((8, 0), (9, 1)):
        clip = still(frames)
        clip["X"][-1, 0] = 0.9
        assert fields(**clip)["vel_spike_frames"] == expected


def test_bones_are_pooled() -> None:
    clip = still()
    xy = clip["X"].reshape(10, 78, 2)
    xy[:, 5] = (0.1, 0.5)  # the bones that end at 5 (5-7, 5-6, 5-11) have length 0.4, nine have 0
    got = fields(**clip)
    mean, std = 0.1, math.sqrt((3 * 0.3**2 + 9 * 0.1**2) / 12)
    assert got["bone_len_cv_pct"] == pytest.approx(std / mean * 100, rel=1e-5)
    assert got["bone_outlier_frames"] == 0


def test_a_bone_outlier_frame() -> None:
    clip = still(40)
    clip["X"].reshape(40, 78, 2)[20, 7] = (0.9, 0.5)
    assert fields(**clip)["bone_outlier_frames"] == 1


def test_coverage_of_a_mask_with_an_axis_too_many() -> None:
    clip = still()
    clip["mask"][2, :70] = False
    got = fields(**clip | {"mask": clip["mask"][:, :, None]})
    assert got["mask_shape"] == [10, 78, 1]
    assert got["coverage_pct"] == pytest.approx(710 / 780 * 100)
    assert (got["min_visible"], got["max_visible"]) == (8, 78)


def test_coverage() -> None:
    clip = still()
    clip["mask"][:3] = False
    clip["mask"][0, :9] = True
    clip["mask"][1, :10] = True
    got = fields(**clip)
    assert got["coverage_pct"] == pytest.approx((7 * 78 + 19) / 780 * 100)
    assert (got["min_visible"], got["max_visible"], got["low_vis_frames"]) == (0, 78, 2)


@pytest.mark.parametrize("frames", [0, 1])
def test_short_clips(frames: int) -> None:
    got = fields(**still(frames))
    assert got["T"] == frames
    assert got["has_mask"] is (frames > 0)
    assert (got["vel_p95"], got["vel_max"], got["vel_spike_frames"]) == (0.0, 0.0, 0)
    assert (got["duration_ms"], got["timestamps_monotonic"]) == (0, True)


def test_nan_is_in_range_and_infinity_is_not() -> None:
    clip = still()
    clip["X"][3, 0], clip["X"][4, 0] = np.nan, np.inf
    got = fields(**clip)
    assert (got["X_has_nan"], got["X_has_inf"], got["X_out_of_range"]) == (True, True, 1)


def test_all_nan() -> None:
    got = fields(**still() | {"X": np.full((10, 156), np.nan, np.float32)})
    assert math.isnan(got["vel_p95"])
    assert math.isnan(got["vel_max"])
    assert math.isnan(got["bone_len_cv_pct"])
    assert (got["vel_spike_frames"], got["bone_outlier_frames"]) == (0, 0)


def test_unsigned_coordinates_do_not_wrap() -> None:
    clip = still() | {"X": np.tile(np.array([[3], [1]], np.uint8), (5, 156))}
    assert fields(**clip)["vel_max"] == pytest.approx(math.sqrt(8))


def test_a_mask_of_255_counts_once() -> None:
    assert fields(**still() | {"mask": np.full((10, 78), 255, np.uint8)})["coverage_pct"] == 100.0


def test_a_mask_with_nan_is_measured_and_said() -> None:
    mask = np.ones((10, 78), np.float32)
    mask[0] = np.nan
    assert fields(**still() | {"mask": mask})["coverage_pct"] == pytest.approx(90.0)
    assert "found NaN" in unmeasured(**still() | {"mask": mask})[0]


@pytest.mark.parametrize(
    ("timestamps", "duration"),
    [
        (np.arange(10, dtype=np.int32) * 5, 45),
        (np.arange(10, dtype=">i8") * 5, 45),
        (np.arange(10, dtype=np.uint64)[::-1] * np.uint64(5), -45),
        (np.array([np.iinfo(np.int64).min] + [0] * 8 + [np.iinfo(np.int64).max]), 2**64 - 1),
        (np.arange(10) * 5.25, 47),
        (np.array([np.nan] + [1.0] * 9), None),
        (np.arange(10).astype("M8[ms]"), None),
        (np.arange(10).astype("U4"), None),
        (np.arange(20).reshape(10, 2), None),
        (np.arange(10) > 3, None),
    ],
)
def test_duration_is_exact_or_null(timestamps: npt.NDArray[Any], duration: int | None) -> None:
    clip = still() | {"timestamps_ms": timestamps}
    assert fields(**clip)["duration_ms"] == duration
    assert bool(unmeasured(**clip)) is (duration is None)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("X", np.zeros((10, 155), np.float32)),
        ("X", np.zeros(10, np.float32)),
        ("X", np.float32(1)),
        ("X", np.full((10, 156), "a")),
        ("X", np.zeros((10, 156), bool)),
        ("X", np.zeros((10, 0), np.float32)),
        ("mask", np.ones(10, bool)),
        ("mask", np.bool_(True)),
        ("timestamps_ms", np.int64(4)),
    ],
)
def test_what_cannot_be_measured_names_array_expected_and_found(name: str, array: Any) -> None:
    array = np.asarray(array)
    with pytest.raises(MeasureError) as caught:
        fields(**still() | {name: array})
    text = str(caught.value)
    assert text.startswith(f"{name}: expected ")
    assert str(array.dtype) in text


@pytest.mark.parametrize("layout", [(10, 78, 2), (10, 78, 3), (10, 8, 2), (10, 2)])
def test_other_layouts_are_measured(layout: tuple[int, ...]) -> None:
    got = fields(**still() | {"X": np.zeros(layout, np.float32)})
    assert got["X_shape"] == list(layout)
    assert got["vel_max"] == 0.0


def test_feature_figures() -> None:
    rng = np.random.default_rng(1)
    features = rng.random((50, 2048), dtype=np.float32)
    got = measure_features(Figures(features))
    exact = features.astype(np.float64)
    assert got["X2048_mean"] == pytest.approx(exact.mean(), rel=1e-6)
    assert got["X2048_std"] == pytest.approx(exact.std(), rel=1e-6)
    assert (got["X2048_min"], got["X2048_max"]) == (float(features.min()), float(features.max()))


def test_feature_figures_leave_nan_out() -> None:
    features = np.arange(8, dtype=np.float32).reshape(2, 4)
    features[0, 0] = np.nan
    got = measure_features(Figures(features))
    assert (got["X2048_min"], got["X2048_max"], got["X2048_mean"]) == (1.0, 7.0, 4.0)


def test_no_features_no_fields() -> None:
    empty = np.zeros((0, 2048), np.float32)
    assert measure_features(None) == {}
    assert measure_features(Figures(empty)) == {}


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        (json.dumps({str(k): k for k in range(10)}), [str(k) for k in range(8)]),
        (b'{"a": 1}', ["a"]),
        ("not json", ["_error"]),
        (b"\xff{}", ["_error"]),
        (ValueError("two values"), ["_error"]),
        ("[1, 2]", None),
        ("3", None),
        ({"a": 1}, None),
        (None, None),
    ],
)
def test_meta_summary(meta: object, expected: list[str] | None) -> None:
    assert read_metadata(meta).summary == expected


def test_clean_clip_is_ready() -> None:
    got = fields(**{k: v for k, v in clip_arrays().items() if k != "meta"})
    assert got["temporal_consistent"] is True
    assert got["X_out_of_range"] == 0
