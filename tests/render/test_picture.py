from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from inspector.errors import ReportError
from inspector.render.colour import mixed
from inspector.render.picture import fit, frame_image, write_png
from inspector.render.skeleton import SkeletonPainter
from inspector.render.style import DARK
from tests.support.views import CORNERS, SKELETON

sizes = st.floats(1, 4000)


@given(x=st.floats(-100, 100), y=st.floats(-100, 100), w=st.floats(0.01, 500), h=st.floats(0.01, 500), a=sizes, b=sizes)
def test_fit_keeps_aspect_centres_and_fills(x: float, y: float, w: float, h: float, a: float, b: float) -> None:
    into = QRectF(3, 5, a, b)
    transform = fit((x, y, x + w, y + h), into)
    assert transform.m11() == transform.m22()
    shown = transform.mapRect(QRectF(x, y, w, h))
    assert shown.center().x() == pytest.approx(into.center().x(), abs=1e-3)
    assert shown.center().y() == pytest.approx(into.center().y(), abs=1e-3)
    assert min(into.width() - shown.width(), into.height() - shown.height()) == pytest.approx(0, abs=1e-3)
    assert shown.width() <= into.width() + 1e-3
    assert shown.height() <= into.height() + 1e-3


def test_fit_has_y_down() -> None:
    transform = fit((0, 0, 1, 1), QRectF(0, 0, 10, 10))
    assert transform.map(QPointF(0, 0)) == QPointF(0, 0)
    assert transform.map(QPointF(0, 1)) == QPointF(0, 10)


def test_frame_image_stands_on_the_styles_background(qtbot: QtBot) -> None:
    skeleton = SkeletonPainter(CORNERS[None], np.ones((1, 5), bool), SKELETON)
    image = frame_image(skeleton, 0, (0, 0, 1, 1), (120, 80), DARK)
    assert (image.width(), image.height()) == (120, 80)
    assert image.pixelColor(0, 0) == QColor(DARK.background)
    colours = {image.pixelColor(x, y).name().upper() for x in range(120) for y in range(80)}
    assert {"#D55E00", "#0072B2"} <= colours


def test_png_is_written_whole(tmp_path: Path) -> None:
    image = QImage(6, 4, QImage.Format.Format_RGB32)
    image.fill(QColor("#0072B2"))
    target = tmp_path / "frame.png"
    write_png(image, target)
    assert QImage(str(target)).pixelColor(5, 3) == QColor("#0072B2")
    assert [p.name for p in tmp_path.iterdir()] == ["frame.png"]


def test_failed_png_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "frame.png"
    target.write_bytes(b"before")
    with pytest.raises(ReportError, match=r"frame\.png"):
        write_png(QImage(), target)
    assert target.read_bytes() == b"before"
    with pytest.raises(ReportError, match="nowhere"):
        write_png(QImage(6, 4, QImage.Format.Format_RGB32), tmp_path / "nowhere" / "frame.png")


def test_mixed_goes_from_behind_to_the_colour() -> None:
    black, white = QColor("#000000"), QColor("#FFFFFF")
    assert mixed(black, white, 1) == black
    assert mixed(black, white, 0) == white
    assert mixed(black, white, 0.5).red() == 128
