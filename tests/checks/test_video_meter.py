"""Figures of single frames: known by hand, whatever the order of axes, the type, and the blocks they come in."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.checks import video_meter
from inspector.checks.video_meter import FRAME_FLAGS, FRAME_SERIES, VideoMeter, mean_dtype, to_tchw
from tests.checks.video_support import lines, metered, squares

Array = npt.NDArray[Any]
ORDERS = ("NTCHW", "NTHWC")
FLAT = ("variation", "still", "low", "high", "nan", "inf")
MOTION = ("motion", "moving")
PLACED = ("object_x", "object_y", "object_area", *FRAME_FLAGS)


def ordered(videos: Array, axes: str) -> Array:
    """(N, T, C, H, W) with its axes in another order; those that are left out have the length one."""
    kept = videos.reshape([size for axis, size in zip("NTCHW", videos.shape, strict=True) if axis in axes])
    left = [axis for axis in "NTCHW" if axis in axes]
    return np.ascontiguousarray(kept.transpose([left.index(axis) for axis in axes]))


def same(a: VideoMeter, b: VideoMeter, frames: tuple[str, ...] = (*FRAME_SERIES, *FRAME_FLAGS)) -> None:
    for name in frames:
        assert np.allclose(a.frames[name], b.frames[name], rtol=1e-4, atol=1e-4, equal_nan=True), name
    rounding = 1e-6 * max(1, np.nanmax(a.high, initial=0))
    for name in FLAT:
        assert np.allclose(getattr(a, name), getattr(b, name), rtol=1e-5, atol=rounding, equal_nan=True), name


def test_a_square_that_goes_right() -> None:
    meter = metered(squares(lines(2, 4)))
    shapes = {name: lane.shape for name, lane in meter.frames.items()}
    assert shapes == dict.fromkeys((*FRAME_SERIES, *FRAME_FLAGS), (2, 4))
    assert meter.frames["object_x"].tolist() == [[6, 7, 8, 9], [6, 8, 10, 12]]
    assert meter.frames["object_y"].tolist() == [[6] * 4, [7] * 4]
    assert (meter.frames["object_area"] == 9).all()
    # White is 1, 1, 1 and blue 0, 0, 1: two of three channels change; one pixel on uncovers 3 pixels and covers 3.
    assert np.isnan(meter.frames["motion"][:, 0]).all()
    assert meter.frames["motion"][:, 1:] == pytest.approx(np.array([[12 / 3072] * 3, [24 / 3072] * 3]))
    assert np.isnan(meter.frames["moving"][:, 0]).all()
    assert meter.frames["moving"][:, 1:] == pytest.approx(np.array([[600 / 1024] * 3, [1200 / 1024] * 3]))
    assert not any(meter.frames[name].any() for name in FRAME_FLAGS)
    assert (meter.low.tolist(), meter.high.tolist()) == ([0, 0], [1, 1])
    assert not meter.still.any() and not meter.nan.any() and not meter.inf.any()
    assert meter.variation == pytest.approx([0, 0], abs=1e-7)


def test_variation_is_that_of_the_frames_means() -> None:
    videos = np.zeros((1, 4, 1, 2, 2), np.float32)
    videos[0, :, 0, 0, 0] = [0, 1, 0, 1]  # means 0, 1/4, 0, 1/4
    meter = metered(videos)
    assert meter.variation.tolist() == [0.125]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.uint8, np.int16, np.bool_])
def test_variation_is_worked_out_as_numpy_does(dtype: Any) -> None:
    videos = (np.random.default_rng(1).random((2, 5, 3, 9, 9)) * (100 if np.dtype(dtype).kind in "iu" else 1)).round(3)
    held = videos.astype(dtype) if dtype is not np.bool_ else videos > 0.5
    assert metered(held).variation.tolist() == [video.mean(axis=(1, 2, 3)).std() for video in held]


def test_means_are_kept_as_numpy_keeps_them() -> None:
    for dtype in (np.bool_, np.uint8, np.int64, np.float16, np.float32, np.float64):
        assert mean_dtype(np.dtype(dtype)) == np.zeros(3, dtype).mean().dtype


def test_change_that_nobody_sees_is_motion_but_moves_no_pixel() -> None:
    videos = np.zeros((2, 2, 1, 4, 4), np.uint8)
    videos[:, :, 0, 3, 3] = 255
    videos[0, 1, 0, 0, 0] = 4
    videos[1, 1, 0, 0, 0] = 5
    meter = metered(videos)
    assert meter.frames["motion"][:, 1].tolist() == [4 / 16, 5 / 16]
    assert meter.frames["moving"][:, 1].tolist() == [0, 100 / 16]
    assert not meter.still.any()


def test_still_is_value_by_value() -> None:
    videos = np.full((3, 3, 1, 4, 4), 0.5, np.float32)
    videos[1, 2, 0, 3, 3] = np.nextafter(np.float32(0.5), np.float32(1))
    videos[2] = np.arange(16).reshape(4, 4) / 16
    assert metered(videos).still.tolist() == [True, False, True]


def test_a_changed_frame_in_the_middle_or_at_the_end_is_no_still_video() -> None:
    for changed in range(4):
        videos = np.zeros((1, 4, 1, 3, 3), np.float32)
        videos[0, changed, 0, 1, 1] = 1
        assert not metered(videos).still[0]
        for step in (1, 2, 3):
            assert not metered(videos[0], "TCHW", step).still[0]
    assert metered(videos[0] * 0, "TCHW", 1).still[0]


def test_nan_and_infinity_are_counted_by_frame_and_stand_for_nothing() -> None:
    videos = squares(lines(2, 4))
    clean = metered(videos)
    videos[0, 1, 0, 20, 20] = np.nan
    videos[0, 1, 1, 20, 20] = np.inf
    videos[1, 3, 2, 30, 0] = -np.inf
    meter = metered(videos)
    assert meter.nan.tolist() == [[0, 1, 0, 0], [0, 0, 0, 0]]
    assert meter.inf.tolist() == [[0, 1, 0, 0], [0, 0, 0, 1]]
    assert (meter.low.tolist(), meter.high.tolist()) == ([0, 0], [1, 1])
    for name in ("motion", "moving", *PLACED):  # the background is the median of all, and stands in for them
        assert np.array_equal(meter.frames[name], clean.frames[name], equal_nan=True), name


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_video_of_nothing_but_such_values(value: float) -> None:
    videos = squares(lines(2, 4))
    videos[1] = value
    meter = metered(videos)
    assert (meter.nan + meter.inf).tolist() == [[0] * 4, [3072] * 4]
    assert np.isnan(meter.low[1]) and np.isnan(meter.high[1])
    # Where values are missing, nobody can say whether the picture moves, nor that it is empty.
    assert not meter.frames["blank"].any() and np.isnan(meter.frames["object_x"][1]).all()
    assert not meter.still.any()
    assert np.isnan(meter.variation).tolist() == [False, True]


def test_a_blank_frame_with_a_missing_value_is_not_called_blank() -> None:
    videos = squares(lines(1, 4))
    videos[0, 1:3] = 1
    videos[0, 2, 0, 0, 0] = np.nan
    assert metered(videos).frames["blank"].tolist() == [[False, True, False, False]]


def test_digests_are_of_bytes_in_c_order() -> None:
    videos = squares(lines(3, 4))
    videos[2] = videos[0]
    meter = metered(np.asfortranarray(videos))
    assert meter.digests == [xxhash.xxh3_128(video.tobytes()).digest() for video in videos]
    assert meter.digests[0] == meter.digests[2] != meter.digests[1]


@pytest.mark.parametrize("axes", ORDERS)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", ">f4", ">f8", "uint8"])
def test_orders_and_types_give_the_same_figures(axes: str, dtype: str) -> None:
    videos = squares(lines(4, 5))
    scale = 255 if dtype == "uint8" else 1
    expected, got = metered(videos), metered(ordered(videos * scale, axes).astype(dtype), axes)
    motion = got.frames["motion"][:, 1:] / scale
    assert motion == pytest.approx(expected.frames["motion"][:, 1:], rel=2e-3)
    for name in ("moving", *PLACED):
        assert np.array_equal(got.frames[name], expected.frames[name], equal_nan=True), name
    assert (got.low / scale).tolist() == [0] * 4 and (got.high / scale).tolist() == [1] * 4


@pytest.mark.parametrize("axes", ["NTHW", "THW", "TCHW", "THWC", "NTHWC"])
def test_axes_may_be_left_out(axes: str) -> None:
    videos = squares(lines(1 if "N" not in axes else 4, 5))
    videos = videos[:, :, :1] if "C" not in axes else videos
    same(metered(ordered(videos, axes), axes), metered(videos))


def test_truth_values() -> None:
    videos = squares(lines(2, 4), colour=(0, 0, 0))[:, :, :1]
    same(metered(videos > 0.5), metered(videos))


@settings(deadline=None)
@given(
    st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 4), st.integers(1, 9), st.integers(1, 9)),
    st.sampled_from(["float32", "float64", "uint8", "uint16", "int8", "bool"]),
    st.sampled_from(ORDERS),
    st.integers(1, 5),
    st.booleans(),
)
def test_any_size_type_and_split(shape: tuple[int, ...], dtype: str, axes: str, step: int, fortran: bool) -> None:
    rng = np.random.default_rng(sum(shape))
    videos = (rng.random(shape) * 2).astype(dtype) if dtype in ("bool", "int8") else rng.random(shape) * 200
    videos = videos.astype(dtype)
    plain = metered(videos)
    held = ordered(videos, axes)
    split = metered(np.asfortranarray(held) if fortran else held, axes, step)
    same(plain, split)
    assert split.digests == [xxhash.xxh3_128(video.tobytes()).digest() for video in held]
    exact = videos.astype(np.float64)
    assert plain.low.tolist() == exact.min(axis=(1, 2, 3, 4)).tolist()
    assert plain.high.tolist() == exact.max(axis=(1, 2, 3, 4)).tolist()
    steps = np.abs(np.diff(exact, axis=1)).mean(axis=(2, 3, 4))
    assert plain.frames["motion"][:, 1:] == pytest.approx(steps, rel=1e-4, abs=1e-5)
    assert plain.still.tolist() == [bool((video == video[:1]).all()) for video in videos]


@pytest.mark.parametrize("step", [1, 2, 3, 5, 11, 12])
def test_samples_in_blocks_of_any_size(step: int) -> None:
    videos = squares(lines(11, 5))
    videos[3, 2, 0, 4] = np.nan
    whole, split = metered(videos), metered(videos, step=step)
    for name, lane in whole.frames.items():
        assert np.array_equal(lane, split.frames[name], equal_nan=True), name
    for name in FLAT:
        assert np.array_equal(getattr(whole, name), getattr(split, name), equal_nan=True), name
    assert whole.digests == split.digests


@pytest.mark.parametrize("step", [1, 2, 3, 7])
@pytest.mark.parametrize("axes", ["TCHW", "THWC"])
def test_one_video_frame_by_frame(step: int, axes: str) -> None:
    video = squares(lines(1, 8))
    video[0, 4, 0, 3, 3] = np.nan
    whole, split = metered(ordered(video, axes), axes), metered(ordered(video, axes), axes, step)
    same(whole, split)  # the background is plain here: every frame shows it
    assert whole.digests == split.digests and len(split.digests) == 1


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(0, 99))
def test_the_split_of_one_video_leaves_its_motion_alone(step: int, seed: int) -> None:
    video = np.random.default_rng(seed).random((9, 2, 8, 8), dtype=np.float32)
    video[:, 0, 0, 0] = 1  # the background, which is guessed from the first block, may be another
    same(metered(video, "TCHW"), metered(video, "TCHW", step), MOTION)


@pytest.mark.parametrize("chunk", [1, 4 * 3072, 3 * 4 * 3072])
def test_a_video_larger_than_what_is_measured_at_a_time(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    videos = squares(lines(2, 8))
    videos[1, 5, :, 9, 9] = np.inf
    whole = metered(videos)
    monkeypatch.setattr(video_meter, "_CHUNK", chunk)
    same(whole, metered(videos))


@pytest.mark.parametrize("shape", [(0, 4, 3, 8, 8), (3, 0, 3, 8, 8), (2, 1, 3, 8, 8), (2, 3, 3, 1, 1), (2, 3, 7, 1, 8)])
@pytest.mark.parametrize("dtype", ["float32", "uint8", "bool"])
def test_sizes_of_nothing_and_of_one(shape: tuple[int, ...], dtype: str) -> None:
    meter = metered(np.zeros(shape, dtype))
    N, T = shape[:2]
    assert all(lane.shape == (N, T) for lane in meter.frames.values())
    assert len(meter.digests) == N
    assert np.isnan(meter.frames["motion"][:, :1]).all()
    if meter.layout.shape and 0 not in shape:
        assert meter.frames["blank"].all()
        assert (meter.frames["motion"][:, 1:] == 0).all()
    assert meter.still.all() == (T > 0 or N == 0)


@pytest.mark.parametrize("axes", ["TCHW", "THW"])
def test_one_video_without_a_frame(axes: str) -> None:
    meter = metered(np.zeros([0, 3, 8, 8][: len(axes)], np.float32), axes)
    assert meter.frames["motion"].shape == (1, 0)
    assert len(meter.digests) == 1


def test_the_callers_array_is_left_as_it_was() -> None:
    videos = squares(lines(2, 4))
    videos[0, 0, 0, 0, 0] = np.nan
    before = videos.copy()
    metered(videos)
    assert np.array_equal(videos, before, equal_nan=True)


def test_frames_in_any_order_of_axes() -> None:
    frames = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    assert np.array_equal(to_tchw(frames, "TCHW"), frames)
    assert np.array_equal(to_tchw(frames.transpose(0, 2, 3, 1), "THWC"), frames)
    assert np.array_equal(to_tchw(frames.transpose(3, 2, 1, 0), "WHCT"), frames)
    assert np.array_equal(to_tchw(frames[:, 0], "THW"), frames[:, :1])
    assert np.array_equal(to_tchw(frames[:, 0].transpose(0, 2, 1), "TWH"), frames[:, :1])
