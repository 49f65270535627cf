"""A known camera is found again from what it shows, though some samples show something else; and none where none is."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from inspector.checks.camera import Camera, Sight, find_camera

Array = npt.NDArray[Any]
Pixels = tuple[Array, Array]
SIZE = HEIGHT, WIDTH = 48, 64
N, T = 40, 16
REACH = 3
"""An object spans so many pixels from its middle."""


def paths(samples: int = N, frames: int = T, axes: int = 3, seed: int = 0) -> Array:
    """Curved ways of all sizes through space, (N, T, D), within 1.6 of the origin."""
    rng = np.random.default_rng(seed)
    start, way, phase = (rng.uniform(-1, 1, (samples, 1, axes)) for _ in range(3))
    t = np.linspace(0, 1, frames)[None, :, None]
    found: Array = 0.7 * start + 0.6 * way * t + 0.3 * np.sin(6 * t + 6 * phase)
    return found


def pinhole(points: Array, focal: float = 60.0, distance: float = 4.0, turn: float = 0.4) -> Pixels:
    """Pixels by a camera so far from the origin, turned about y."""
    turned = points @ np.array([[np.cos(turn), 0, -np.sin(turn)], [0, 1, 0], [np.sin(turn), 0, np.cos(turn)]])
    x, y, z = np.moveaxis(turned, -1, 0)
    return 31.5 + focal * x / (z + distance), 23.5 - focal * y / (z + distance)


def affine(points: Array, seed: int = 0) -> Pixels:
    a, b = np.random.default_rng(seed).normal(0, 10, (2, points.shape[-1]))
    return 31.5 + points @ a, 23.5 + points @ b


def sight(x: Array, y: Array, clamped: bool = False) -> Sight:
    """What is seen of an object; one that leaves the picture is drawn at its edge."""
    no = np.zeros(x.shape, bool)
    if not clamped:
        return Sight(x, y, no, no, no, no)
    x, y = np.clip(x, 0, WIDTH - 1), np.clip(y, 0, HEIGHT - 1)
    return Sight(x, y, x < REACH, x > WIDTH - 1 - REACH, y < REACH, y > HEIGHT - 1 - REACH)


def found(trajectory: Array, seen: Sight) -> Camera:
    camera = find_camera(trajectory, seen, SIZE)
    assert camera is not None
    assert camera.projected_x.shape == camera.projected_y.shape == trajectory.shape[:2]
    assert camera.distance.shape == trajectory.shape[:1]
    return camera


def error(camera: Camera, x: Array, y: Array) -> float:
    return float(np.hypot(camera.projected_x - x, camera.projected_y - y).max())


@given(st.floats(20, 200), st.floats(3, 30), st.floats(-3, 3), st.integers(0, 99))
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])  # to shrink would take minutes
def test_a_pinhole_camera(focal: float, distance: float, turn: float, seed: int) -> None:
    points = paths(12, seed=seed)
    x, y = pinhole(points, focal, distance, turn)
    camera = found(points, sight(x, y))
    assert error(camera, x, y) < 1e-3
    assert camera.explained == 12
    assert camera.rms < 1e-3 and (camera.distance < 1e-3).all()


def test_the_matrix_takes_positions_to_pixels() -> None:
    points = paths()
    x, y = pinhole(points)
    camera = found(points, sight(x, y))
    assert camera.matrix.shape == (3, 4)
    pixels = np.concatenate([points, np.ones((N, T, 1))], axis=2) @ camera.matrix.T
    assert pixels[..., 0] / pixels[..., 2] == pytest.approx(x, abs=1e-6)
    assert pixels[..., 1] / pixels[..., 2] == pytest.approx(y, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_an_object_held_at_the_edge_counts_along_the_edge_only(seed: int) -> None:
    points = paths(seed=seed)
    x, y = pinhole(points, 240.0)
    seen = sight(x, y, clamped=True)
    edge = seen.left | seen.right | seen.top | seen.bottom
    assert 0.3 < edge.mean() < 0.9  # much of it is hidden
    camera = found(points, seen)
    assert error(camera, x, y) < 0.1
    assert camera.distance == pytest.approx(0, abs=0.1)


def test_an_object_at_the_edge_that_should_be_inside_is_off() -> None:
    points = paths()
    x, y = pinhole(points)
    held_x, held_y = x.copy(), y.copy()
    held_x[5], held_x[6], held_y[7], held_y[8] = 1, WIDTH - 2, 1, HEIGHT - 2
    seen = sight(held_x, held_y, clamped=True)
    camera = found(points, seen)
    assert error(camera, x, y) < 0.1
    assert camera.distance[5] == pytest.approx(np.sqrt((np.maximum(x[5] - 1, 0) ** 2).mean()), abs=0.1)
    assert camera.distance[6] == pytest.approx(np.sqrt((np.minimum(x[6] - 62, 0) ** 2).mean()), abs=0.1)
    assert camera.distance[7] == pytest.approx(np.sqrt((np.maximum(y[7] - 1, 0) ** 2).mean()), abs=0.1)
    assert camera.distance[8] == pytest.approx(np.sqrt((np.minimum(y[8] - 46, 0) ** 2).mean()), abs=0.1)
    assert camera.explained == N - 4


@pytest.mark.parametrize("clamped", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_samples_that_are_mixed_up_are_told_from_the_others(clamped: bool, seed: int) -> None:
    points = paths(seed=seed)
    x, y = pinhole(points, 160.0 if clamped else 60.0)
    order = np.arange(N)
    order[:12] = np.roll(order[:12], 1)  # 30 %
    camera = found(points, sight(x[order], y[order], clamped))
    assert error(camera, x, y) < 0.1
    assert camera.distance[12:].max() < 0.1
    assert camera.rms < 0.1
    if not clamped:
        true = np.sqrt(((x[order] - x) ** 2 + (y[order] - y) ** 2).mean(axis=1))
        assert camera.distance == pytest.approx(true, abs=0.1)
        assert camera.explained == int((true <= 0.03 * np.hypot(*SIZE)).sum())


def test_noise_in_what_is_seen() -> None:
    points = paths()
    x, y = pinhole(points)
    noise = np.random.default_rng(1).normal(0, 0.2, (2, N, T))
    camera = found(points, sight(x + noise[0], y + noise[1]))
    assert np.hypot(camera.projected_x - x, camera.projected_y - y).mean() < 0.1
    assert camera.rms == pytest.approx(0.2 * 2**0.5, rel=0.1)


@pytest.mark.parametrize("axes", [2, 3])
def test_an_affine_camera(axes: int) -> None:
    points = paths(axes=axes)
    x, y = affine(points)
    camera = found(points, sight(x, y))
    assert error(camera, x, y) < 1e-6
    assert camera.matrix.shape == (3, axes + 1)


def test_a_plane_in_perspective() -> None:
    points = paths(axes=2)
    x, y = pinhole(np.concatenate([points, 0.3 * points[..., :1]], axis=2))
    assert error(found(points, sight(x, y)), x, y) < 1e-3


@pytest.mark.parametrize("clamped", [False, True])
@pytest.mark.parametrize("flat", [[2], [1], [0, 2], [1, 2]])
def test_trajectories_in_a_plane_or_on_a_line(flat: list[int], clamped: bool) -> None:
    points = paths()
    points[..., flat] = 0.25
    x, y = pinhole(points, 120.0)
    camera = found(points, sight(x, y, clamped))
    assert camera.distance.max() < 0.1
    assert error(camera, x, y) < 0.1


@pytest.mark.parametrize(("unit", "shift"), [(1e6, 1e7), (1e-6, 0.0), (1.0, -500.0)])
def test_positions_in_any_unit(unit: float, shift: float) -> None:
    points = paths()
    x, y = pinhole(points)
    assert error(found(points * unit + shift, sight(x, y)), x, y) < 0.01


def test_frames_without_an_object_and_samples_with_nan() -> None:
    points = paths()
    x, y = pinhole(points)
    seen_x, seen_y = x.copy(), y.copy()
    seen_x[0, 5:9] = seen_y[0, 5:9] = np.nan
    seen_x[1, 2:] = seen_y[1, 2:] = np.nan  # two frames are left, too few to judge
    points[2, 3] = np.nan
    camera = found(points, sight(seen_x, seen_y))
    known = np.isfinite(points).all(axis=2) & np.isfinite(seen_x)
    assert np.hypot(camera.projected_x - x, camera.projected_y - y)[known].max() < 1e-3
    assert np.isnan(camera.distance).tolist() == [k == 1 for k in range(N)]
    assert camera.explained == N - 1


@pytest.mark.parametrize("seed", range(4))
def test_no_camera_for_paths_that_have_nothing_to_do_with_the_videos(seed: int) -> None:
    assert find_camera(paths(seed=seed + 50), sight(*pinhole(paths(seed=seed))), SIZE) is None


def test_no_camera_where_every_sample_has_its_own() -> None:
    points = paths()
    views = [affine(points[k], seed=k) for k in range(N)]
    assert find_camera(points, sight(*np.stack(views, axis=1)), SIZE) is None


@pytest.mark.parametrize(("right", "there"), [(0.5, True), (0.3, False)])
def test_two_in_five_samples_have_to_be_explained(right: float, there: bool) -> None:
    points = paths()
    x, y = pinhole(points)
    wrong = int(N * (1 - right))
    x[:wrong], y[:wrong] = pinhole(paths(seed=99))[0][:wrong], pinhole(paths(seed=98))[1][:wrong]
    assert (find_camera(points, sight(x, y), SIZE) is not None) == there


@pytest.mark.parametrize(("samples", "frames"), [(0, 16), (1, 16), (40, 0), (40, 1), (40, 2)])
def test_no_camera_where_there_is_too_little_to_see(samples: int, frames: int) -> None:
    points = paths()[:samples, :frames]
    assert find_camera(points, sight(*pinhole(points)), SIZE) is None


@pytest.mark.parametrize("which", ["points", "sight", "edges", "at rest"])
def test_no_camera_where_nothing_is_known(which: str) -> None:
    points = paths()
    x, y = pinhole(points)
    seen = sight(x, y)
    if which == "points":
        points[:] = np.nan
    elif which == "sight":
        seen = sight(x * np.nan, y * np.nan)
    elif which == "edges":
        every = np.ones(x.shape, bool)
        seen = Sight(x, y, every, every, every, every)
    else:
        points[:] = 0.5
    assert find_camera(points, seen, SIZE) is None


def test_the_same_camera_every_time() -> None:
    points = paths()
    x, y = pinhole(points)
    x[:12], y[:12] = np.roll(x[:12], 1, axis=0), np.roll(y[:12], 1, axis=0)
    first, second = (found(points, sight(x, y, clamped=True)) for _ in range(2))
    assert np.array_equal(first.matrix, second.matrix)


def test_thousands_of_samples_are_judged_by_some_and_measured_all() -> None:
    points = paths(2500, 4)
    x, y = pinhole(points)
    x[7], y[7] = x[8], y[8] + 20
    camera = found(points, sight(x, y))
    assert error(camera, *pinhole(points)) < 0.1
    assert camera.explained == 2499
    assert np.flatnonzero(camera.distance > 5).tolist() == [7]
