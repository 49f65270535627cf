from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from inspector.gui.panes.camera import Camera

BOUNDS = (0.0, 0.0, 2.0, 1.0)
INTO = QRectF(10, 10, 400, 300)


def test_fitted_shows_the_bounds() -> None:
    shown = Camera().transform(BOUNDS, INTO).mapRect(QRectF(0, 0, 2, 1))
    assert (shown.left(), shown.width(), shown.center().y()) == (10, 400, INTO.center().y())


@given(
    turns=st.lists(st.tuples(st.floats(0.3, 3), st.floats(0, 420), st.floats(0, 320)), min_size=1, max_size=8),
)
def test_zoom_keeps_what_is_under_the_pointer(turns: list[tuple[float, float, float]]) -> None:
    camera = Camera()
    for factor, x, y in turns:
        at = QPointF(x, y)
        under = camera.transform(BOUNDS, INTO).inverted()[0].map(at)
        camera = camera.zoomed(factor, at, BOUNDS, INTO)
        back = camera.transform(BOUNDS, INTO).map(under)
        assert back.x() == pytest.approx(x, abs=1e-3)
        assert back.y() == pytest.approx(y, abs=1e-3)


def test_pan_moves_by_pixels_at_any_zoom() -> None:
    camera = Camera().zoomed(5, QPointF(50, 60), BOUNDS, INTO)
    before = camera.transform(BOUNDS, INTO).map(QPointF(1, 0.5))
    after = camera.panned(QPointF(30, -20), BOUNDS, INTO).transform(BOUNDS, INTO).map(QPointF(1, 0.5))
    assert after.x() - before.x() == pytest.approx(30)
    assert after.y() - before.y() == pytest.approx(-20)


def test_zoom_has_ends() -> None:
    near, far = Camera(), Camera()
    for _ in range(100):
        near = near.zoomed(2, QPointF(0, 0), BOUNDS, INTO)
        far = far.zoomed(0.5, QPointF(0, 0), BOUNDS, INTO)
    assert near.zoom == 200
    assert far.zoom == 0.5


def test_place_survives_a_resize() -> None:
    camera = Camera().zoomed(4, QPointF(300, 200), BOUNDS, INTO)
    assert camera.centre is not None
    middle = QRectF(0, 0, 90, 700).center()
    x, y = camera.centre
    assert camera.transform(BOUNDS, QRectF(0, 0, 90, 700)).map(QPointF(x, y)) == middle
