"""Clean data sets are clean, by plain arithmetic that knows nothing of how they were made."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.demo.motion import Floats
from inspector.demo.trajectories import CLASSES, some_paths
from inspector.demo.videos import BLACK, DARK, ORANGE, Style, VideoSet, camera_for, draw, make_videos

STYLES = {
    "white": Style(),
    "dark": DARK,
    "uint8": Style(dtype="uint8"),
    "channels last": Style(layout="NTHWC", background=(0.5, 0.5, 0.5), dot=(0.9, 0.9, 0.9)),
    "grey": Style(layout="NTHW", background=(1.0,), dot=(0.2,)),
    "wide": Style(height=48, width=96),
    "deep": Style(perspective=0.7, radius=4.0),
    "flat": Style(perspective=0.0, frames=9),
}
N = 24


@pytest.fixture(scope="module", params=STYLES)
def made(request: pytest.FixtureRequest) -> VideoSet:
    return make_videos(N, STYLES[request.param], 4)


def weights(made: VideoSet) -> Floats:
    """How unlike the first pixel each pixel is, shape (N, T, H, W): the corner is background."""
    shown = made.arrays["videos"].astype(np.float64)
    channel = {"NTCHW": 2, "NTHWC": 4}.get(made.style.layout)
    shown = np.expand_dims(shown, 2) if channel is None else np.moveaxis(shown, channel, 2)
    return np.asarray(np.abs(shown - shown[..., :1, :1]).sum(axis=2))


def centroids(made: VideoSet) -> Floats:
    seen = weights(made)
    total = seen.sum(axis=(2, 3))
    x = (seen.sum(axis=2) * np.arange(seen.shape[3])).sum(axis=2) / total
    y = (seen.sum(axis=3) * np.arange(seen.shape[2])).sum(axis=2) / total
    return np.stack([x, y], axis=-1)


def fitted(points: Floats, seen: Floats) -> Floats:
    """Where the best pinhole camera sees points (M, 3), which were seen at (M, 2): direct linear transform."""
    homogeneous = np.column_stack([(points - points.mean(axis=0)) / points.std(), np.ones(len(points))])
    middle, size = seen.mean(axis=0), seen.std()
    x, y = ((seen - middle) / size).T[:, :, None]
    none = np.zeros_like(homogeneous)
    rows = np.block([[homogeneous, none, -x * homogeneous], [none, homogeneous, -y * homogeneous]])
    camera = np.linalg.svd(rows, full_matrices=False)[2][-1].reshape(3, 4)
    projected = homogeneous @ camera.T
    return np.asarray(projected[:, :2] / projected[:, 2:] * size + middle)


def test_arrays_are_those_of_a_data_set(made: VideoSet) -> None:
    style = made.style
    T, C, H, W = style.frames, style.channels, style.height, style.width
    shapes = {"NTCHW": (N, T, C, H, W), "NTHWC": (N, T, H, W, C), "NTHW": (N, T, H, W)}
    videos, labels = made.arrays["videos"], made.arrays["labels"]
    assert (videos.shape, videos.dtype) == (shapes[style.layout], np.dtype(style.dtype))
    assert (labels.shape, labels.dtype) == ((N,), np.dtype(np.int64))
    assert np.bincount(labels).tolist() == [N // 4] * 4
    assert made.arrays["trajectory_3d"].shape == (N, T, 3)
    assert made.arrays["trajectory_3d"].dtype == np.float64
    for name in ("equations", "descriptions"):
        assert made.arrays[name].shape == (N,) and made.arrays[name].dtype.kind == "U"
    assert all(text.startswith(CLASSES[label]) for text, label in zip(made.arrays["descriptions"], labels, strict=True))


def test_values_fill_their_range_and_do_not_leave_it(made: VideoSet) -> None:
    shown = made.arrays["videos"]
    full = 255 if made.style.dtype == "uint8" else 1
    colours = np.array([made.style.background, made.style.dot]) * full
    assert shown.min() == pytest.approx(colours.min())
    assert shown.max() == pytest.approx(colours.max())
    assert shown.max() <= full


def test_no_two_samples_and_no_two_frames_in_a_row_are_alike(made: VideoSet) -> None:
    shown = made.arrays["videos"]
    assert len({video.tobytes() for video in shown}) == N
    assert (shown[:, 1:] != shown[:, :-1]).reshape(N, shown.shape[1] - 1, -1).any(axis=2).all()


def test_the_whole_dot_is_inside_the_picture_and_moves(made: VideoSet) -> None:
    seen = weights(made)
    border = seen.copy()
    border[..., 2:-2, 2:-2] = 0
    assert not border.any()
    assert (seen > 0).any(axis=(2, 3)).all()
    travel = np.linalg.norm(np.ptp(centroids(made), axis=1), axis=1)
    assert travel.min() > 0.05 * np.hypot(*seen.shape[2:])


def test_each_video_shows_its_trajectory(made: VideoSet) -> None:
    seen, points = centroids(made), made.arrays["trajectory_3d"]
    off = np.linalg.norm(seen - made.camera.project(points), axis=-1)
    assert off.max() < 0.05, "as its own camera has it"
    off = np.linalg.norm(seen.reshape(-1, 2) - fitted(points.reshape(-1, 3), seen.reshape(-1, 2)), axis=1)
    assert off.max() < 0.5, "and as any pinhole camera that fits"
    strange = np.roll(seen, 1, axis=0).reshape(-1, 2)
    off = np.linalg.norm(strange - fitted(points.reshape(-1, 3), strange), axis=1)
    assert np.median(off) > 3, "but not those of others"


def test_the_dot_has_its_size_and_keeps_its_light() -> None:
    made = make_videos(6, Style(radius=5.0), 1)
    area = weights(made).sum(axis=(2, 3)) / 2  # blue differs from white in two channels
    assert area == pytest.approx(np.full_like(area, np.pi * 25), rel=0.01)


def test_same_seed_same_arrays_other_seed_others() -> None:
    style = Style(noise=0.05)
    one, two, other = (make_videos(5, style, seed).arrays for seed in (3, 3, 4))
    assert all(np.array_equal(one[name], two[name]) for name in one)
    assert not np.array_equal(one["videos"], other["videos"])
    assert not np.array_equal(one["trajectory_3d"], other["trajectory_3d"])


def test_noise_has_its_strength_and_stays_in_range() -> None:
    style = Style(background=(0.5, 0.5, 0.5), dot=(0.9, 0.9, 0.9), noise=0.1)
    shown = make_videos(4, style, 0).arrays["videos"]
    corner = shown[..., :3, :3]
    assert float(corner.std()) == pytest.approx(0.1, rel=0.05)
    assert 0 <= shown.min() < shown.max() <= 1


def test_displacement_and_length_tell_the_classes_apart() -> None:
    labels = np.arange(400) % 4
    points = some_paths(labels, 16, np.random.default_rng(0)).points
    displacement = np.linalg.norm(points[:, -1] - points[:, 0], axis=1)
    length = np.linalg.norm(np.diff(points, axis=1), axis=2).sum(axis=1)
    figures = np.column_stack([displacement, length])
    apart = np.linalg.norm(figures[:, None] - figures[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    assert (labels[apart.argmin(axis=1)] == labels).mean() > 0.98
    assert length[labels == 0] == pytest.approx(displacement[labels == 0])


def test_equations_give_the_points() -> None:
    labels = np.array([0, 1, 2, 3] * 3)
    made = make_videos(12, seed=2)
    paths = some_paths(labels, 7, np.random.default_rng(1))
    for points, equation in zip(paths.points, paths.equations, strict=True):
        for k, t in enumerate(np.linspace(0, 1, 7)):
            assert [evaluated(part, t) for part in equation.split(", ")] == pytest.approx(points[k], abs=0.01)
    assert len(set(made.arrays["equations"].tolist())) == 12


def evaluated(formula: str, t: float) -> float:
    """The right side of ``x = 1.2 + 0.4·cos(0.1 +5.9·t)`` or of ``x = 0.1 +0.2·t -0.3·t²``."""
    text = formula.partition(" = ")[2]
    if "(" not in text:
        first, *others = text.split()
        powers = {"t": t, "t²": t**2}
        return float(first) + sum(float(o.partition("·")[0]) * powers[o.partition("·")[2]] for o in others)
    outer, _, inner = text.rstrip(")").partition("(")
    centre, _, rest = outer.partition(" + ")
    radius, _, function = rest.partition("·")
    phase, speed = inner.split()
    angle = float(phase) + float(speed.partition("·")[0]) * t
    return float(centre) + float(radius) * float({"cos": np.cos, "sin": np.sin}[function](angle))


@settings(max_examples=25, deadline=None)
@given(
    samples=st.integers(0, 5),
    frames=st.integers(0, 4),
    height=st.integers(24, 40),
    width=st.integers(24, 40),
    perspective=st.floats(0, 0.8),
    layout=st.sampled_from(["NTCHW", "NTHWC"]),
)
def test_any_size_has_room_for_its_paths(
    samples: int, frames: int, height: int, width: int, perspective: float, layout: Any
) -> None:
    style = Style(frames, height, width, layout, background=BLACK, dot=ORANGE, perspective=perspective, radius=4.0)
    made = make_videos(samples, style)
    assert made.centres.shape == (samples, frames, 2)
    size = np.array([width - 1, height - 1])
    assert (made.centres >= style.margin - 1e-6).all()
    assert (made.centres <= size - style.margin + 1e-6).all()
    assert np.isfinite(camera_for(made.arrays["trajectory_3d"], style).scale)


def test_a_frame_without_a_dot_is_background() -> None:
    shown: npt.NDArray[np.float32] = draw(DARK, np.full((1, 2, 2), np.nan), np.random.default_rng(0))
    assert (shown == np.array(BLACK, np.float32)[:, None, None]).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"layout": "NTHW"},
        {"background": (1.0,)},
        {"perspective": 1.0},
        {"height": 12},
        {"background": (1.0, 1.0), "dot": (0.0, 0.0)},
    ],
)
def test_a_style_that_cannot_be_drawn_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"cannot hold|perspective|no room"):
        Style(**wrong)
