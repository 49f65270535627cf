"""Fonts of what is written beside drawn data."""

from __future__ import annotations

from PySide6.QtGui import QFont


def text_font(pixels: float, *, bold: bool = False) -> QFont:
    """The application's font at a height, with figures of one width."""
    font = QFont()
    font.setPixelSize(max(1, round(pixels)))
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setBold(bold)
    return font
