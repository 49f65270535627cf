"""A mouse and a keyboard for tests, typed (pytest-qt's own are not)."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def press(widget: QWidget, at: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(widget, LEFT, keys, at)


def move(widget: QWidget, to: QPoint) -> None:
    QTest.mouseMove(widget, to)


def release(widget: QWidget, at: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseRelease(widget, LEFT, keys, at)


def drag(widget: QWidget, at: QPoint, to: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    press(widget, at, keys)
    move(widget, to)
    release(widget, to, keys)


def click(widget: QWidget, at: QPoint | None = None) -> None:
    QTest.mouseClick(widget, LEFT, NONE, widget.rect().center() if at is None else at)


def double_click(widget: QWidget, at: QPoint) -> None:
    QTest.mouseDClick(widget, LEFT, NONE, at)


def key(widget: QWidget, which: Qt.Key) -> None:
    QTest.keyClick(widget, which)


def wheel(widget: QWidget, at: QPoint, by: int, keys: Qt.KeyboardModifier = NONE) -> None:
    """Turn by eighths of a degree: 120 is a notch away from the user."""
    there = widget.mapToGlobal(QPointF(at))
    nothing, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(
        widget, QWheelEvent(QPointF(at), there, QPoint(), QPoint(0, by), nothing, keys, phase, False)
    )
