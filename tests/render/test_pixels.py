from __future__ import annotations

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PySide6.QtGui import QColor, QImage

from inspector.render.pixels import (
    as_array,
    contrast_limits,
    difference_overlay,
    motion_image,
    resized,
    to_image,
)

MAGENTA = "#ff00ff"
WHITE, BLACK = "#ffffff", "#000000"


def colour(image: QImage, x: int = 0, y: int = 0) -> str:
    return image.pixelColor(x, y).name()


def colours(image: QImage) -> set[str]:
    return {colour(image, x, y) for x in range(image.width()) for y in range(image.height())}


def dotted(x: int, y: int, size: int = 16) -> np.ndarray:
    """A dot of 2x2 pixels, dark blue on white."""
    frame = np.ones((size, size, 3), dtype=np.float32)
    frame[y : y + 2, x : x + 2] = (0, 0, 0.5)
    return frame


def test_a_red_pixel_stays_where_and_what_it_is() -> None:
    frame = np.zeros((2, 3, 3), np.float32)
    frame[1, 2] = (1, 0, 0)
    image = to_image(frame)
    assert (image.width(), image.height()) == (3, 2)
    assert colour(image, 2, 1) == "#ff0000"
    assert colour(image, 2, 0) == BLACK


@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 1), (1, 1, 3), (1, 1, 4)])
@pytest.mark.parametrize(
    ("dtype", "scale"),
    [
        ("f2", 1),
        ("<f4", 1),
        (">f4", 1),
        (">f8", 1),
        ("u1", 255),
        (">u2", 65535),
        ("i4", 255),
        (">i8", 255),
        ("?", 1),
        ("?", 255),
        ("f4", 255),
        ("i1", 127),
    ],
)
def test_white_is_white_in_every_type(shape: tuple[int, ...], dtype: str, scale: float) -> None:
    white = np.full(shape, True if dtype == "?" else scale, dtype=dtype)
    assert colour(to_image(white, scale=scale)) == WHITE
    assert colour(to_image(np.zeros_like(white), scale=scale)) == BLACK


@given(hnp.arrays(np.uint8, (3, 4, 3)))
def test_bytes_and_their_shares_of_white_give_the_same_picture(frame: np.ndarray) -> None:
    image = to_image(frame, scale=255)
    assert (as_array([image])[0] == frame).all()
    assert to_image((frame / 255).astype(np.float32)) == image
    assert to_image((frame / 255).astype(">f8")) == image
    assert to_image(frame.astype(np.int64), scale=255) == image


@given(
    hnp.arrays(
        st.sampled_from([np.dtype(code) for code in ("f2", "f4", "f8", ">f4")]),
        (2, 3, 3),
        elements=st.floats(width=16, allow_nan=True, allow_infinity=True),
    ),
    st.floats(-10, 10),
    st.floats(-10, 10),
)
def test_any_values_become_a_picture_and_broken_ones_are_loud(frame: np.ndarray, low: float, high: float) -> None:
    image = to_image(frame, low=low, high=high)
    for y, x in np.argwhere(~np.isfinite(frame).all(axis=2)).tolist():
        assert colour(image, x, y) == MAGENTA
    exact = frame.astype(np.float64)
    if low < high:
        for y, x in np.argwhere((exact >= high).all(axis=2) & np.isfinite(exact).all(axis=2)).tolist():
            assert colour(image, x, y) == WHITE


def test_nan_in_one_channel_is_enough_and_only_that_pixel() -> None:
    frame = np.full((1, 3, 3), 0.5)
    frame[0, 1, 2] = np.nan
    frame[0, 2, 0] = -np.inf
    assert [colour(to_image(frame), x) for x in range(3)] == ["#808080", MAGENTA, MAGENTA]


def test_values_beyond_floats_of_32_bits_are_clipped_not_broken() -> None:
    assert [colour(to_image(np.array([[1e300, -1e300]])), x) for x in range(2)] == [WHITE, BLACK]
    assert colour(to_image(np.array([[1e300, 0]]), scale=2e300)) == "#808080"


def test_range_is_stretched_and_clipped() -> None:
    frame = np.array([[0.0, 0.4, 0.45, 0.5, 1.0]])
    shown = [colour(to_image(frame, low=0.4, high=0.5), x) for x in range(5)]
    assert shown == [BLACK, BLACK, "#808080", WHITE, WHITE]
    assert colour(to_image(frame, low=1, high=0)) == WHITE
    stepped = to_image(frame, low=0.45, high=0.45)
    assert [colour(stepped, x) for x in range(5)] == [BLACK, BLACK, WHITE, WHITE, WHITE]


def test_opacity_is_kept_and_not_stretched() -> None:
    image = to_image(np.array([[[1, 0, 0, 0.5]]]), low=0.9, high=1)
    assert image.pixelColor(0, 0) == QColor(255, 0, 0, 128)


def test_a_picture_outlives_its_array() -> None:
    frame = np.ones((64, 64, 3), np.float32)
    image = to_image(frame)
    frame[:] = 0
    del frame
    gc.collect()
    assert colours(image) == {WHITE}


@pytest.mark.parametrize("shape", [(0, 4), (4, 0, 3), (0, 0, 1)])
def test_frames_without_pixels_are_null(shape: tuple[int, ...]) -> None:
    assert to_image(np.zeros(shape)).isNull()
    assert difference_overlay(None, np.zeros(shape)).isNull()
    assert motion_image(np.zeros((2, *shape))).isNull()


@pytest.mark.parametrize(
    "frame", [np.zeros(3), np.zeros((2, 2, 2)), np.zeros((1, 2, 2, 3)), np.zeros((2, 2), complex), np.full((2, 2), "a")]
)
def test_what_is_no_picture_is_refused(frame: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected numbers of shape"):
        to_image(frame)


@pytest.mark.parametrize("options", [{"scale": 0}, {"scale": np.nan}, {"low": np.inf}, {"high": np.nan}])
def test_what_is_no_range_is_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected a positive scale"):
        to_image(np.zeros((2, 2)), **options)


def test_contrast_reaches_a_dot_of_one_pixel() -> None:
    frames = np.full((4, 32, 32, 1), 0.6)
    frames[2, 5, 5] = 0.4
    frames[0, 0, 0] = np.nan
    assert contrast_limits(frames) == (0.4, 0.6)
    assert contrast_limits(np.array([[0, 51]], np.uint8), 255) == (0.0, 0.2)


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=4, max_side=3)))
def test_contrast_is_always_a_range(frames: np.ndarray) -> None:
    low, high = contrast_limits(frames)
    assert low < high
    assert np.isfinite([low, high]).all()


@pytest.mark.parametrize(
    ("value", "limits"), [(0.3, (0, 1)), (1.0, (0, 1)), (7.0, (0, 7)), (-2.0, (-2, 1)), (np.nan, (0, 1))]
)
def test_contrast_of_one_value_is_the_usual_range(value: float, limits: tuple[float, float]) -> None:
    assert contrast_limits(np.full((2, 3, 3), value)) == limits


def test_difference_shows_where_the_dot_was_and_is() -> None:
    image = difference_overlay(dotted(2, 3), dotted(10, 3))
    was, now, still = (image.pixelColor(x, y) for x, y in ((2, 3), (10, 3), (6, 12)))
    assert was.blue() > was.red() + 80  # brighter
    assert now.red() > now.blue() + 80  # darker
    assert still.red() == still.green() == still.blue()


def test_nothing_changed_is_grey() -> None:
    for image in (difference_overlay(None, dotted(2, 3)), difference_overlay(dotted(2, 3), dotted(2, 3))):
        assert len(colours(image)) == 2
        assert all(QColor(name).saturation() == 0 for name in colours(image))


def test_a_small_change_is_seen_and_a_larger_one_more() -> None:
    before = np.full((1, 3), 0.5)
    image = difference_overlay(before, before + np.array([0, 0.05, 0.5]))
    assert [image.pixelColor(x, 0).saturation() > 20 * x for x in (1, 2)] == [True, True]
    assert image.pixelColor(1, 0).saturation() < image.pixelColor(2, 0).saturation()


def test_difference_of_bytes_does_not_wrap() -> None:
    bright, dark = np.full((1, 1), 200, np.uint8), np.full((1, 1), 10, np.uint8)
    darker = difference_overlay(bright, dark, 255).pixelColor(0, 0)
    assert darker.red() > darker.blue()
    brighter = difference_overlay(dark, bright, 255).pixelColor(0, 0)
    assert brighter.blue() > brighter.red()


def test_broken_values_in_a_difference() -> None:
    broken, whole = np.array([[np.nan, 0.5]]), np.array([[0.5, 0.5]])
    assert colour(difference_overlay(whole, broken)) == MAGENTA
    assert difference_overlay(broken, whole).pixelColor(0, 0).saturation() == 0


def test_difference_refuses_other_shapes() -> None:
    with pytest.raises(ValueError, match="one shape"):
        difference_overlay(np.zeros((2, 2)), np.zeros((2, 3)))


def test_motion_image_holds_the_dot_of_every_frame() -> None:
    places = [(1, 1), (5, 9), (12, 3), (12, 3)]
    image = motion_image(np.stack([dotted(x, y) for x, y in places]))
    for x, y in places:
        assert colour(image, x, y) == "#000080"
    assert colour(image, 8, 14) == WHITE
    assert len(colours(image)) == 2


def test_motion_image_of_a_still_video_is_its_frame() -> None:
    """Even where the dot is the median."""
    assert motion_image(np.stack([dotted(3, 3)] * 5)) == to_image(dotted(3, 3))


def test_motion_image_on_a_patterned_ground_takes_the_median() -> None:
    ground = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    frames = np.repeat(ground[None], 5, axis=0)
    frames[2, 4, 4] = 0
    image = motion_image(frames)
    assert colour(image, 4, 4) == BLACK
    assert colour(image, 7, 7) == WHITE


def test_motion_image_keeps_what_is_broken_in_any_frame() -> None:
    frames = np.ones((4, 2, 2, 1))
    frames[2, 0, 1] = np.nan
    frames[3, 1, 0] = np.inf
    image = motion_image(frames)
    assert [colour(image, x, y) for x, y in ((1, 0), (0, 1), (0, 0))] == [MAGENTA, MAGENTA, WHITE]


@pytest.mark.parametrize("times", [1, 2, 7])
def test_whole_multiples_repeat_pixels(times: int) -> None:
    frame = np.zeros((4, 3), np.uint8)
    frame[1, 2] = 255
    image = as_array([resized(to_image(frame, scale=255), 3 * times, 4 * times)])[0, ..., 0]
    assert (image == np.kron(frame, np.ones((times, times), np.uint8))).all()


def test_shrinking_keeps_a_dot_of_one_pixel() -> None:
    frame = np.ones((512, 512), np.float32)
    frame[101, 77] = 0
    image = resized(to_image(frame), 64, 64)
    assert colours(image) - {WHITE}


def test_a_null_picture_stays_one() -> None:
    assert resized(QImage(), 4, 4).isNull()
    assert as_array([]).shape == (0, 0, 0, 3)
