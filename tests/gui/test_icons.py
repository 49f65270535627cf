from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.checks.finding import Status
from inspector.gui import icons


def image(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal, side: int = 16) -> QImage:
    return icon.pixmap(side, side, mode).toImage()


def test_kept_pictures_differ_by_name_verdict_size_and_mode(qtbot: QtBot) -> None:
    copy = icons.icon("copy")
    assert image(copy) == image(icons.icon("copy"))
    others = [image(icons.icon("export")), image(copy, QIcon.Mode.Disabled), image(copy, side=24)]
    others += [image(icons.status_icon(status)) for status in (None, *Status)]
    for k, one in enumerate([image(copy), *others]):
        assert all(one != other for other in others[k:])


@pytest.mark.parametrize("colour", ["#ff0000", "#00ff00"])
def test_kept_pictures_follow_the_palette(qtbot: QtBot, colour: str) -> None:
    before, palette = QApplication.palette(), QPalette()
    copy = icons.icon("copy")
    was = image(copy)
    palette.setColor(QPalette.ColorRole.ButtonText, QColor(colour))
    QApplication.setPalette(palette)
    try:
        now = image(copy)
    finally:
        QApplication.setPalette(before)
    assert now != was
    assert {
        now.pixelColor(x, y).name() for x in range(16) for y in range(16) if now.pixelColor(x, y).alpha() == 255
    } == {colour}
    assert image(copy) == was
