"""Colour arithmetic for pictures."""

from __future__ import annotations

from PySide6.QtGui import QColor


def mixed(colour: QColor, behind: QColor, opacity: float) -> QColor:
    """The opaque colour that a colour of some opacity (0-1) has before another one."""

    def part(front: int, back: int) -> int:
        return round(front * opacity + back * (1 - opacity))

    return QColor(
        part(colour.red(), behind.red()), part(colour.green(), behind.green()), part(colour.blue(), behind.blue())
    )
