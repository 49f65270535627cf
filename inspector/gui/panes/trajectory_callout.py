"""What is said beside the point under the pointer: a title and a line, in a small box that stays inside."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from inspector.gui import theme

_RING = 6.0


def paint_callout(painter: QPainter, widget: QWidget, place: QPointF, title: str, line: str) -> None:
    """Put a ring around a place of the widget and words beside it."""
    palette, font, small = widget.palette(), widget.font(), theme.caption_font()
    usual, little = QFontMetricsF(font), QFontMetricsF(small)
    width = max(usual.horizontalAdvance(title), little.horizontalAdvance(line)) + 2 * theme.GRID + 1
    box = QRectF(0, 0, width, usual.height() + little.height() + theme.GRID)
    box.moveBottomLeft(place + QPointF(theme.GRID, -theme.GRID))
    if box.right() > widget.width():
        box.moveRight(place.x() - theme.GRID)
    if box.top() < 0:
        box.moveTop(place.y() + theme.GRID)
    box.moveLeft(max(box.left(), 0.0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText), 1.5))
    painter.drawEllipse(place, _RING, _RING)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(box, palette.color(QPalette.ColorRole.ToolTipBase))
    painter.setPen(QPen(theme.line(palette), 1))
    painter.drawRect(box)
    inside = box.adjusted(theme.GRID, theme.HALF, -theme.GRID, -theme.HALF)
    painter.setPen(palette.color(QPalette.ColorRole.ToolTipText))
    painter.setFont(font)
    painter.drawText(inside, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)
    painter.setFont(small)
    painter.drawText(inside, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, line)
