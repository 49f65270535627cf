from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from inspector.render.pixels import to_image
from inspector.render.strip import StripLayout, paint_strip, strip_layout
from inspector.render.style import DARK, LIGHT, Style


@pytest.fixture(autouse=True)
def _fonts(qtbot: QtBot) -> Iterator[None]:
    """Text on a QImage needs an application."""
    yield


layouts = st.builds(
    strip_layout,
    st.integers(0, 70),
    st.floats(1, 2400),
    st.tuples(st.integers(1, 600), st.integers(1, 600)),
    gap=st.floats(0, 20),
    caption=st.floats(0, 30),
    per_row=st.integers(1, 20),
    sharpness=st.sampled_from([1.0, 1.5, 2.0]),
    whole=st.booleans(),
)


def drawn(layout: StripLayout, images: list[QImage], style: Style = LIGHT, **options: object) -> QImage:
    size = layout.size
    image = QImage(int(size.width()) + 8, int(size.height()) + 8, QImage.Format.Format_RGB32)
    image.fill(QColor(style.background))
    painter = QPainter(image)
    painter.translate(4, 4)
    paint_strip(painter, images, layout, style=style, **options)  # type: ignore[arg-type]
    painter.end()
    return image


def checkers() -> QImage:
    return to_image(np.indices((8, 8)).sum(axis=0) % 2)


@given(layouts)
def test_cells_do_not_overlap_and_lie_in_the_strip(layout: StripLayout) -> None:
    cells = layout.cells
    assert len(cells) == layout.count
    for a in range(len(cells)):
        for b in range(a):
            shared = cells[a].intersected(cells[b])
            assert shared.width() < 1e-6 or shared.height() < 1e-6
    for cell in cells:
        assert cell.left() >= 0
        assert cell.right() <= layout.size.width() + 1e-6
        assert cell.bottom() + layout.caption <= layout.size.height() + 1e-6


@given(layouts)
def test_pictures_lie_in_their_cells(layout: StripLayout) -> None:
    for index, cell in enumerate(layout.cells):
        assert cell.adjusted(-1, -1, 1, 1).contains(layout.picture_rect(index))


@given(layouts)
def test_a_cell_is_found_at_its_middle_and_corner(layout: StripLayout) -> None:
    for index, cell in enumerate(layout.cells):
        assert layout.cell_at(cell.center()) == index
        assert layout.cell_at(cell.topLeft() + QPointF(1e-3, 1e-3)) == index


@given(layouts, st.floats(-50, 3000), st.floats(-50, 3000))
def test_a_point_is_on_the_cell_that_is_found_or_on_none(layout: StripLayout, x: float, y: float) -> None:
    found = layout.cell_at(QPointF(x, y))
    holding = [i for i, c in enumerate(layout.cells) if c.adjusted(0, 0, 0, layout.caption).contains(QPointF(x, y))]
    if found is None:
        # A rectangle counts its own edge in.
        assert all(
            min(abs(x - c.right()), abs(y - c.bottom() - layout.caption), abs(x - c.left()), abs(y - c.top())) < 1e-6
            for c in (layout.cell_rect(i) for i in holding)
        )
    else:
        assert found in holding


@given(st.integers(1, 60), st.floats(24, 2000))
def test_the_room_is_kept_and_cells_are_never_too_small(count: int, width: float) -> None:
    layout = strip_layout(count, width, (64, 64))
    assert layout.size.width() <= width + 1
    assert layout.cell.width() >= 23
    assert layout.columns <= 16


def test_rows_wrap_at_sixteen_and_earlier_where_it_is_narrow() -> None:
    wide = strip_layout(40, 2000, (64, 64))
    assert (wide.columns, wide.rows) == (16, 3)
    assert wide.cell_rect(16).left() == 0
    assert wide.cell_rect(16).top() > wide.cell_rect(15).bottom()
    narrow = strip_layout(16, 24 * 4 + 6 * 3, (64, 64))
    assert (narrow.columns, narrow.rows) == (4, 4)


def test_frames_are_enlarged_by_whole_multiples() -> None:
    assert strip_layout(16, 1400, (64, 64)).picture.width() == 64
    assert strip_layout(8, 1400, (64, 64)).picture.width() == 128
    assert strip_layout(4, 600, (64, 64), sharpness=1.5).picture.width() == 128  # 192 of the screen's
    assert 64 < strip_layout(16, 1400, (64, 64), whole=False).picture.width() < 128
    assert strip_layout(1, 600, (600, 300)).picture.height() == 128
    assert strip_layout(0, 600, (64, 64)).size.isNull()


def test_enlarged_pixels_are_not_smoothed() -> None:
    layout = strip_layout(2, 200, (8, 8), caption=0)
    image = drawn(layout, [checkers(), checkers()])
    for index in range(2):
        place = layout.picture_rect(index).translated(4, 4).toRect()
        inside = image.copy(place)
        found = {inside.pixelColor(x, y).name() for x in range(inside.width()) for y in range(inside.height())}
        assert found == {"#000000", "#ffffff"}
        step = place.width() // 8
        assert inside.pixelColor(step - 1, 0) != inside.pixelColor(step, 0)


def test_marks_hide_no_pixel_of_a_frame() -> None:
    layout = strip_layout(3, 300, (8, 8))
    plain = drawn(layout, [checkers()] * 3)
    marked = drawn(layout, [checkers()] * 3, current=1, flagged=(0, 1, 2, 99))
    assert plain != marked
    for index in range(3):
        place = layout.picture_rect(index).translated(4, 4).toRect()
        assert plain.copy(place) == marked.copy(place)


@pytest.mark.parametrize("style", [LIGHT, DARK])
def test_the_current_frame_and_flagged_ones_are_told_apart(style: Style) -> None:
    layout = strip_layout(3, 300, (8, 8))
    image = drawn(layout, [checkers()] * 3, style, current=0, flagged=[2])

    def around(index: int) -> set[str]:
        place = layout.picture_rect(index).translated(4, 4).toRect().adjusted(-2, -2, 2, 9)
        inside = layout.picture_rect(index).translated(4, 4).toRect()
        spots = [(x, y) for x in range(place.left(), place.right()) for y in range(place.top(), place.bottom())]
        return {image.pixelColor(x, y).name().upper() for x, y in spots if not inside.contains(x, y)}

    assert [style.accent in around(index) for index in range(3)] == [True, False, False]
    assert [style.warning in around(index) for index in range(3)] == [False, False, True]


def test_missing_pictures_leave_their_place_empty() -> None:
    layout = strip_layout(3, 300, (8, 8), caption=0)
    image = drawn(layout, [checkers(), QImage()])
    for index in (1, 2):
        middle = layout.cell_rect(index).center().toPoint()
        assert image.pixelColor(middle.x() + 4, middle.y() + 4) == QColor(LIGHT.background)


def test_numbers_take_the_caption_and_start_where_told() -> None:
    layout = strip_layout(2, 300, (8, 8))

    def numbers(first: int = 0) -> QImage:
        image = drawn(layout, [checkers()] * 2, first=first)
        return image.copy(0, int(layout.cell.height()) + 6, image.width(), int(layout.caption))

    blank = numbers().copy()
    blank.fill(QColor(LIGHT.background))
    assert numbers() != blank
    assert numbers() != numbers(first=30)
