from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from inspector.errors import ReportError
from inspector.profiles.model import Group, Skeleton
from inspector.render.clip_film import STYLES, FilmStyle, clip_images
from inspector.render.film import write_film
from inspector.render.style import LIGHT
from tests.support.views import CORNERS, SKELETON

UNIT = (0.0, 0.0, 1.0, 1.0)
BARE = FilmStyle("bare", "Bare", 10, 320, info=False)
TOLD = FilmStyle("told", "Told", 10, 320, info=True)
Pixels = npt.NDArray[np.uint8]  # (height, width, 3)


@pytest.fixture(autouse=True)
def _fonts(qtbot: QtBot) -> Iterator[None]:
    """Text on a QImage needs an application."""
    yield


def film(
    frames: int = 3,
    style: FilmStyle = BARE,
    *,
    points: npt.NDArray[np.float32] | None = None,
    visible: npt.NDArray[np.bool_] | None = None,
    skeleton: Skeleton | None = SKELETON,
    title: str = "Clip",
) -> list[Pixels]:
    points = np.repeat(CORNERS[None], frames, axis=0) if points is None else points
    visible = np.ones(points.shape[:2], dtype=bool) if visible is None else visible
    seconds = np.arange(len(points)) / 10
    return [pixels(image) for image in clip_images(points, visible, seconds, skeleton, UNIT, style, title)]


def pixels(image: QImage) -> Pixels:
    assert image.format() == QImage.Format.Format_RGB32
    shape = (image.height(), image.width(), 4)
    return np.frombuffer(image.constBits(), np.uint8).reshape(shape)[..., 2::-1].copy()


def rgb(colour: str) -> npt.NDArray[np.int_]:
    shown = QColor(colour)
    return np.array([shown.red(), shown.green(), shown.blue()])


def of_colour(image: Pixels, colour: str) -> npt.NDArray[np.bool_]:
    wanted = rgb(colour)
    near: npt.NDArray[np.bool_] = np.abs(image.astype(int) - wanted).max(axis=2) <= 3
    return near


def ink_rows(image: Pixels) -> npt.NDArray[np.intp]:
    return np.flatnonzero((~of_colour(image, LIGHT.background)).any(axis=1))


def outline_rows(image: Pixels) -> npt.NDArray[np.intp]:
    """The upper and the lower edge of the unit square."""
    return np.flatnonzero(of_colour(image, LIGHT.outline).sum(axis=1) > 100)


def test_the_three_styles_are_the_references() -> None:
    assert {name: (s.rate, s.side, s.info) for name, s in STYLES.items()} == {
        "preview": (30, 800, False),
        "detailed": (15, 1080, True),
        "slowmo": (10, 960, True),
    }
    assert all(name == style.name for name, style in STYLES.items())


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())
@pytest.mark.parametrize("frames", [1, 4])
def test_a_clip_becomes_a_film(tmp_path: Path, style: FilmStyle, frames: int) -> None:
    path = tmp_path / "clip.mp4"
    points = np.repeat(CORNERS[None], frames, axis=0)
    images = clip_images(points, np.ones((frames, 5), bool), np.arange(frames) / 30, SKELETON, UNIT, style, "Clip")
    assert write_film(path, images, style.rate) == frames
    with av.open(str(path)) as opened:
        stream = opened.streams.video[0]
        assert (stream.width, stream.height) == (style.side, style.side)
        assert stream.frames == frames
        assert stream.average_rate == style.rate


def test_a_point_moves_in_the_decoded_film(tmp_path: Path) -> None:
    style = FilmStyle("large", "Large", 10, 640, info=False)
    points = np.repeat(CORNERS[None], 9, axis=0)
    points[:, [0, 3], 0] = np.linspace(0.2, 0.7, 9)[:, None]
    images = clip_images(points, np.ones((9, 5), bool), np.arange(9) / 10, SKELETON, UNIT, style, "Clip")
    write_film(tmp_path / "clip.mp4", images, style.rate)
    with av.open(str(tmp_path / "clip.mp4")) as opened:
        shown = [frame.to_ndarray(format="rgb24")[:500].astype(int) for frame in opened.decode(video=0)]
    orange = [np.nonzero(frame[..., 0] - frame[..., 2] > 100)[1].mean() for frame in shown]
    assert np.diff(orange) == pytest.approx((orange[-1] - orange[0]) / 8, abs=2)
    assert orange[-1] - orange[0] > 250


def test_no_frames_are_no_film(tmp_path: Path) -> None:
    for style in (BARE, TOLD):
        none = np.empty((0, 5, 2), np.float32)
        images = clip_images(none, np.empty((0, 5), bool), np.empty(0), SKELETON, UNIT, style, "Clip")
        with pytest.raises(ReportError, match="no frames"):
            write_film(tmp_path / "clip.mp4", images, 10)


@pytest.mark.parametrize("style", [BARE, TOLD])
def test_nothing_of_the_frame_before_shines_through(style: FilmStyle) -> None:
    rng = np.random.default_rng(0)
    points = rng.uniform(-0.2, 1.2, (12, 5, 2)).astype(np.float32)
    points[4], points[8, 1] = np.nan, 1e9
    visible = rng.random((12, 5)) > 0.3
    seconds = np.arange(12) / 10

    def images(order: list[int]) -> list[Pixels]:
        drawn = clip_images(points[order], visible[order], seconds[order], SKELETON, UNIT, style, "Clip")
        return [pixels(image) for image in drawn]

    there, back = images(list(range(12))), images(list(range(11, -1, -1)))
    rows = slice(20, None)  # the caption counts on
    for one, other in zip(there, reversed(back), strict=True):
        assert (one[rows] == other[rows]).all()


def test_groups_have_their_colours_in_figure_and_legend() -> None:
    image = film(1)[0]
    for colour in ("#D55E00", "#0072B2"):
        rows = np.flatnonzero(of_colour(image, colour).any(axis=1))
        assert rows.min() < 100
        assert rows.max() > 300


def test_invisible_points_are_hollow_and_counted() -> None:
    visible = np.ones((1, 5), dtype=bool)
    visible[0, [0, 3]] = False
    solid, hollow = film(1)[0], film(visible=visible, points=CORNERS[None])[0]
    assert of_colour(hollow, "#D55E00")[:290].sum() < of_colour(solid, "#D55E00")[:290].sum() / 2
    assert (hollow[295:] != solid[295:]).any()


@pytest.mark.parametrize("style", [BARE, TOLD])
def test_words_and_figure_keep_apart(style: FilmStyle) -> None:
    """Even points in the corners of what is shown touch neither caption nor legend."""
    points = np.array([[[0, 0], [1, 0], [1, 1], [0, 1], [0.5, 0.5]]], dtype=np.float32)
    figure = film(points=points, style=style)[0]
    gone = film(points=np.full_like(points, np.nan), style=style)[0]
    outline = outline_rows(gone)
    words = [row for row in ink_rows(gone) if row < outline.min() - 8 or row > outline.max() + 8]
    dots = of_colour(figure, LIGHT.neutral) | of_colour(figure, "#D55E00") | of_colour(figure, "#0072B2")
    inside = np.flatnonzero(dots[: outline.max() + 6].any(axis=1))
    assert words
    assert not set(inside.tolist()) & set(words)
    assert outline.max() - outline.min() > 0.82 * style.side


def test_the_caption_says_where_the_film_stands() -> None:
    first, second = film(2, TOLD)
    changed = np.nonzero((first != second).any(axis=2))
    assert changed[0].size
    assert changed[0].max() < 20
    assert changed[1].min() > 160  # the title stays
    bare = film(2)
    assert (bare[0] == bare[1]).all()


@pytest.mark.parametrize("title", ["x" * 500, "two\nlines", "no \udcff utf-8", "", "<b>&amp;"])
def test_any_title_fits(title: str) -> None:
    image, plain = film(1, TOLD, title=title)[0], film(1, TOLD, title="")[0]
    rows, columns = np.nonzero((image != plain).any(axis=2))
    reading = np.flatnonzero((~of_colour(plain[:14], LIGHT.background)).any(axis=0)).min()
    assert bool(rows.size) == bool(title)
    assert (rows < 20).all()
    assert (columns < reading - 4).all()


def test_a_legend_too_wide_takes_more_rows() -> None:
    groups = tuple(Group(f"g{n}", f"A group named {n}", "#D55E00", (n,)) for n in range(5))
    crowded = Skeleton("crowd", "Crowd", tuple("abcde"), groups, ())
    one, many = film(1)[0], film(1, skeleton=crowded)[0]
    assert outline_rows(many).max() < outline_rows(one).max()
    assert of_colour(many, LIGHT.background)[:, -6:].all()


def test_points_without_a_skeleton_or_a_place() -> None:
    points = np.full((2, 7, 2), np.nan, np.float32)
    assert len(film(points=points, skeleton=None, style=TOLD)) == 2


def test_shapes_that_disagree_are_told_at_once() -> None:
    with pytest.raises(ValueError, match="seconds"):
        clip_images(CORNERS[None], np.ones((1, 5), bool), np.zeros(2), SKELETON, UNIT, BARE, "Clip")
    with pytest.raises(ValueError, match="expected 5 points"):
        clip_images(CORNERS[None, :4], np.ones((1, 4), bool), np.zeros(1), SKELETON, UNIT, BARE, "Clip")
