"""The object on its background: of any colour, plain, noisy or textured; faint, at the edge, of two colours, absent."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.checks import video_scene
from inspector.checks.video_scene import full_scale, scene_of, seen_in
from tests.checks.video_support import SIDE, lines, squares

Array = npt.NDArray[Any]
EDGES = ("left", "right", "top", "bottom")
PLACES = lines(2, 8)[1:]  # x = 6, 8, ... 20; y = 7
FEW = 1 / 255


def look(video: Array) -> dict[str, Array]:
    """What is seen in float32 (T, C, H, W) frames by the scene that they are of."""
    seen = scene_of(video).look(video)
    assert set(seen) == {"object_x", "object_y", "object_area", "blank", *EDGES}
    return seen


def on(background: Array, places: Array = PLACES, colour: Any = 1.0, half: int = 1) -> Array:
    """A square before a picture (C, H, W)."""
    mark = squares(places, background=0.0, colour=1.0, half=half)[0] > 0
    shown = np.asarray(colour, np.float32).reshape(-1, 1, 1)
    return np.where(mark, shown, background).astype(np.float32)


def waves() -> Array:
    """A smooth picture of many colours between 0.1 and 0.5."""
    return np.fromfunction(lambda c, y, x: 0.3 + 0.2 * np.sin(x / 4 + c) * np.cos(y / 5), (3, SIDE, SIDE))


def seen_on_its_way(seen: dict[str, Array], within: float = 0.0) -> bool:
    way = np.abs(seen["object_x"] - PLACES[0, :, 0]), np.abs(seen["object_y"] - PLACES[0, :, 1])
    return bool((way[0] <= within).all() and (way[1] <= within).all() and not seen["blank"].any())


@pytest.mark.parametrize("scale", [1, 255, 65535])
@pytest.mark.parametrize(
    ("background", "colour"),
    [
        (1.0, (0, 0, 1)),
        (0.0, 1.0),
        (0.5, 0.0),
        ((0.2, 0.6, 0.3), (0.9, 0.1, 0.1)),
        ((0, 0, 1), (0, 0.2, 1)),
        (0.5, 0.6),
    ],
)
def test_a_plain_background_of_any_colour(background: Any, colour: Any, scale: int) -> None:
    video = squares(PLACES, background=background, colour=colour)[0] * np.float32(scale)
    assert scene_of(video).scale == scale
    seen = look(video)
    assert (seen["object_area"] == 9).all()
    assert seen_on_its_way(seen, 1e-4)


def test_background_and_threshold_in_numbers() -> None:
    scene = scene_of(squares(PLACES, background=0.75, colour=0.25)[0])
    assert scene.background.tolist() == [[[0.75]]] * 3
    assert scene.threshold == 0.125  # a quarter of how far the object stands out
    assert (scene.scale, scene.noisy) == (1.0, False)


def test_how_faint_an_object_may_be() -> None:
    assert seen_on_its_way(look(squares(PLACES, background=0.5, colour=0.5 + 6.5 * FEW)[0]), 1e-4)
    seen = look(squares(PLACES, background=0.5, colour=0.5 + 5.5 * FEW)[0])
    assert seen["blank"].all() and np.isnan(seen["object_x"]).all() and not seen["object_area"].any()


def test_what_stands_out_by_little_beside_something_that_does_by_much_is_no_part_of_it() -> None:
    video = squares(PLACES, background=0.0, colour=1.0)[0]
    video[:, :, 25:28, 25:28] = 0.24  # a shadow; a quarter of the object is the limit
    assert seen_on_its_way(look(video), 1e-5)
    video[:, :, 25:28, 25:28] = 0.26
    assert (look(video)["object_area"] == 18).all()


@pytest.mark.parametrize("sigma", [0.005, 0.02, 0.05, 0.08])
def test_noise(sigma: float) -> None:
    video = squares(PLACES, background=0.6, colour=(0.1, 0.1, 0.6), half=3)[0]
    noise = np.random.default_rng(0).normal(0, sigma, video.shape)
    assert seen_on_its_way(look((video + noise).astype(np.float32)), 0.25)


def test_noise_alone_is_no_object() -> None:
    noise = np.random.default_rng(0).normal(0.6, 0.03, (8, 3, SIDE, SIDE)).astype(np.float32)
    scene = scene_of(noise)
    assert scene.noisy
    assert scene.background.reshape(-1) == pytest.approx(0.6, abs=0.02)
    assert look(noise)["blank"].all()


def test_noise_clipped_at_white() -> None:
    video = squares(PLACES, half=3)[0]
    noise = np.random.default_rng(0).normal(0, 0.04, video.shape)
    assert seen_on_its_way(look(np.clip(video + noise, 0, 1).astype(np.float32)), 0.25)


@pytest.mark.parametrize("sigma", [0.0, 0.01])
def test_texture_that_stays_is_background(sigma: float) -> None:
    video = on(waves())
    video += np.random.default_rng(0).normal(0, sigma, video.shape).astype(np.float32)
    assert scene_of(video).background.shape == (3, SIDE, SIDE)
    assert seen_on_its_way(look(video), 0.05 if sigma == 0 else 0.1)


def test_a_gradient_and_an_object_within_its_colours() -> None:
    grey = np.broadcast_to(np.linspace(0, 1, SIDE), (3, SIDE, SIDE))
    assert seen_on_its_way(look(on(grey, colour=(1, 0, 0))), 0.05)


def test_random_pixels_that_stay() -> None:
    assert seen_on_its_way(look(on(np.random.default_rng(0).random((3, SIDE, SIDE)) * 0.5)), 0.1)


@pytest.mark.parametrize("colour", [1.0, 0.0, 0.5, (0.9, 0.1, 0.4)])
def test_a_blank_frame_of_any_colour(colour: Any) -> None:
    for video in (squares(PLACES)[0], on(waves())):
        video[3] = np.asarray(colour, np.float32).reshape(-1, 1, 1)
        seen = look(video)
        assert np.flatnonzero(seen["blank"]).tolist() == [3]
        assert np.isnan(seen["object_x"]).tolist() == np.isnan(seen["object_y"]).tolist() == seen["blank"].tolist()
        assert seen["object_area"].tolist() == [9, 9, 9, 0, 9, 9, 9, 9]
        assert not any(seen[edge].any() for edge in EDGES)


def test_how_much_a_frame_of_another_colour_may_vary_and_still_be_blank() -> None:
    for level, blank in ((5.5, True), (6.5, False)):
        video = squares(PLACES)[0]
        video[3] = 0.25
        video[3, :, 5:9] += level * FEW
        assert look(video)["blank"][3] == blank


def test_a_video_of_one_colour_is_blank() -> None:
    for colour in (0.0, 0.3, 1.0, 200.0):
        seen = look(np.full((4, 3, 8, 8), colour, np.float32))
        assert seen["blank"].all() and np.isnan(seen["object_x"]).all()


@pytest.mark.parametrize(
    ("x", "y", "touched"),
    [
        (1, 16, "left"),
        (2, 16, ""),
        (0, 16, "left"),
        (30, 16, "right"),
        (29, 16, ""),
        (31, 16, "right"),
        (16, 1, "top"),
        (16, 2, ""),
        (16, 30, "bottom"),
        (16, 29, ""),
        (0, 0, "left top"),
        (31, 0, "right top"),
        (0, 31, "left bottom"),
        (31, 31, "right bottom"),
    ],
)
def test_which_edge_it_touches(x: int, y: int, touched: str) -> None:
    seen = look(squares(np.array([[[x, y], [16, 16]]]))[0])
    assert [edge for edge in EDGES if seen[edge][0]] == touched.split()
    assert not any(seen[edge][1] for edge in EDGES)
    inside_x, inside_y = (np.clip([place - 1, place, place + 1], 0, 31) for place in (x, y))
    assert seen["object_x"][0] == pytest.approx(np.unique(inside_x).mean())
    assert seen["object_y"][0] == pytest.approx(np.unique(inside_y).mean())
    assert seen["object_area"][0] == np.unique(inside_x).size * np.unique(inside_y).size


def test_an_object_of_two_colours_is_one() -> None:
    video = squares(PLACES, half=2)[0]
    for frame, (x, y) in zip(video, PLACES[0].tolist(), strict=True):
        frame[:, y - 2 : y + 3, x - 2 : x + 3] = np.array([0, 0, 1])[:, None, None]
        frame[:, y - 2 : y + 3, x : x + 3] = np.array([1, 0, 0])[:, None, None]  # as far from white as blue is
    seen = look(video)
    assert (seen["object_area"] == 25).all()
    assert seen_on_its_way(seen, 1e-5)


def test_places_are_weighted_by_how_far_a_pixel_stands_out() -> None:
    video = np.zeros((1, 1, 9, 9), np.float32)
    video[0, 0, 4, 3], video[0, 0, 4, 4] = 1.0, 0.5  # x = (3 * 1 + 4 * 0.5) / 1.5
    seen = look(video)
    assert (seen["object_x"][0], seen["object_y"][0]) == (pytest.approx(10 / 3), 4)


def test_what_covers_most_of_the_picture_is_the_scene() -> None:
    video = np.zeros((12, 1, 16, 16), np.float32)
    for frame, rows in zip(video, [*[3] * 10, 8, 9], strict=True):
        frame[0, :rows] = 1.0
    seen = look(video)
    assert seen["object_area"].tolist() == [48] * 10 + [128, 0]  # half of it may be
    assert np.isnan(seen["object_x"]).tolist() == [False] * 11 + [True]
    assert not seen["blank"].any()
    assert seen["top"].tolist() == [True] * 11 + [False]


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 7])
def test_any_number_of_channels(channels: int) -> None:
    video = np.ones((8, channels, SIDE, SIDE), np.float32)
    video[:, -1:] = squares(PLACES, colour=0.0)[0, :, :1]  # only the last one shows it
    assert seen_on_its_way(look(video), 1e-5)


@pytest.mark.parametrize("shape", [(2, 3, 1, 1), (2, 3, 1, 8), (2, 3, 8, 1)])
def test_sizes_of_one(shape: tuple[int, ...]) -> None:
    scene = scene_of(np.ones(shape, np.float32))
    assert scene.background.shape == (shape[1], 1, 1)


@pytest.mark.parametrize(
    ("largest", "scale"),
    [(-3, 1), (0, 1), (1, 1), (1.5, 1), (1.51, 255), (200, 255), (382.5, 255), (383, 65535), (1e9, 65535)],
)
def test_full_scale(largest: float, scale: float) -> None:
    assert full_scale(largest) == scale


@settings(deadline=None)
@given(
    size=st.integers(1, 9000),
    kinds=st.sampled_from([1, 2, 7, 300, 10**6]),
    seed=st.integers(0, 99),
    ascending=st.booleans(),
)
def test_the_middle_is_the_median(size: int, kinds: int, seed: int, ascending: bool) -> None:
    values = np.random.default_rng(seed).integers(0, kinds, size).astype(np.float32) / np.float32(kinds)
    values = np.sort(values) if ascending else values
    assert video_scene._middle(values) == np.median(values)


def test_a_lump_among_the_values_misleads_no_median() -> None:
    values = np.concatenate([np.zeros(5001), np.arange(5000) + 1.0]).astype(np.float32)
    values[::19] = 1e6  # just those that the guess is made from
    assert video_scene._middle(values) == np.median(values)
    assert np.isnan(video_scene._middle(np.zeros(0, np.float32)))


def test_means_of_nine_treat_what_lies_outside_as_background() -> None:
    values = np.random.default_rng(0).random((3, 5, 4), dtype=np.float32)
    padded = np.pad(values, ((0, 0), (1, 1), (1, 1)))
    wanted = sum(padded[:, y : y + 5, x : x + 4] for y in range(3) for x in range(3)) / 9
    np.testing.assert_allclose(video_scene._mean_of_nine(values), wanted, rtol=1e-5)
    np.testing.assert_allclose(
        video_scene._mean_of_nine(values[:, :, :1])[0, 0, 0], values[0, :2, 0].sum() / 9, rtol=1e-5
    )


@pytest.mark.parametrize("noise", [0.0, 0.002, 0.05])
def test_a_video_seen_whole_is_seen_as_in_parts(noise: float) -> None:
    video = squares(PLACES, background=0.25, colour=0.75)[0]
    video = (video + np.random.default_rng(0).normal(0, noise, video.shape)).astype(np.float32)
    scene, seen = seen_in(video, video.min(axis=(1, 2, 3)), video.max(axis=(1, 2, 3)))
    low = video.min(axis=(1, 2, 3))
    parts = [
        scene_of(video).look(video[first : first + 3], *([low[first : first + 3]] if first else []))
        for first in range(0, len(video), 3)
    ]
    assert scene.threshold == scene_of(video).threshold
    for name, series in seen.items():
        np.testing.assert_array_equal(series, np.concatenate([part[name] for part in parts]))


@pytest.mark.parametrize("background", [0.0, 0.1, 0.25, 0.75])
def test_how_dark_a_video_may_be_changes_no_digit(background: float) -> None:
    video = squares(PLACES, background=background, colour=(0.3, 0.5, 0.7))[0]
    scene, low = scene_of(video), video.min(axis=(1, 2, 3))
    away = video_scene._away(video, scene.background, noisy=False)
    np.testing.assert_array_equal(video_scene._away(video, scene.background, False, low), away)
    np.testing.assert_array_equal(away, np.abs(video - scene.background).max(axis=1))


@given(st.integers(0, 2**32), st.sampled_from([0.2, 0.45, 0.55, 0.9]), st.integers(1, 4))
def test_the_colour_of_most_pixels_is_what_the_grid_finds(seed: int, share: float, channels: int) -> None:
    rng = np.random.default_rng(seed)
    pixels = rng.random((channels, 5000), dtype=np.float32)
    colour = rng.random(channels, dtype=np.float32)
    same = rng.random(5000) < share
    pixels[:, same] = colour[:, None]
    shared = video_scene._shared(pixels)
    assert (shared is not None) == (share > 0.5)
    if shared is not None:
        assert shared.tolist() == colour.tolist() == video_scene._commonest(pixels, 1.0).tolist()


def test_channels_that_agree_apart_are_no_colour_of_most_pixels() -> None:
    pixels = np.linspace(0, 1, 2000, dtype=np.float32).reshape(2, 1000)
    pixels[0, :600], pixels[1, 400:] = 0.25, 0.5
    assert video_scene._shared(pixels) is None
    pixels[0, :950] = 0.25
    shared = video_scene._shared(pixels)
    assert shared is not None and shared.tolist() == [0.25, 0.5]
