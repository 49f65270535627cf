"""What is written over a frame: a legend, and the callout of the pixel under the pointer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen

from inspector.gui import theme

_SWATCH = 18.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a legend; an empty colour is a mere remark."""

    text: str
    colour: str = ""
    dashed: bool = False
    block: bool = False  # a patch of colour, not a line


def paint_legend(painter: QPainter, into: QRect, entries: Sequence[Entry], palette: QPalette) -> None:
    """Lines of a legend in the bottom left corner."""
    if not entries:
        return
    painter.save()
    font = theme.caption_font()
    metrics = QFontMetricsF(font)
    high = metrics.height() + 2
    width = max(metrics.horizontalAdvance(e.text) + (_SWATCH + theme.GRID if e.colour else 0) for e in entries)
    box = QRectF(0, 0, width + 2 * theme.GRID, high * len(entries) + theme.GRID)
    box.moveBottomLeft(QPointF(into.left() + theme.HALF, into.bottom() - theme.HALF))
    behind = theme.canvas(palette)
    behind.setAlphaF(0.85)
    painter.fillRect(box, behind)
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for index, entry in enumerate(entries):
        row = QRectF(box.left() + theme.GRID, box.top() + theme.HALF + index * high, width, high)
        if entry.colour:
            middle, left = row.center().y(), row.left()
            if entry.block:
                painter.fillRect(QRectF(left + 4, middle - 5, 10, 10), QColor(entry.colour))
            else:
                style = Qt.PenStyle.DashLine if entry.dashed else Qt.PenStyle.SolidLine
                painter.setPen(QPen(QColor(entry.colour), 2, style))
                painter.drawLine(QPointF(left, middle), QPointF(left + _SWATCH, middle))
            row.setLeft(left + _SWATCH + theme.GRID)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText) if entry.colour else theme.muted(palette))
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, entry.text)
    painter.restore()


def paint_callout(
    painter: QPainter, into: QRect, place: QRectF, lines: Sequence[str], palette: QPalette, font: QFont
) -> None:
    """A box with a heading and smaller lines beside a place, inside a rectangle."""
    small = theme.caption_font()
    head, rest = QFontMetricsF(font), QFontMetricsF(small)
    width = max([head.horizontalAdvance(lines[0]), *(rest.horizontalAdvance(line) for line in lines[1:])])
    box = QRectF(0, 0, width + 2 * theme.GRID, head.height() + rest.height() * (len(lines) - 1) + theme.GRID)
    box.moveBottomLeft(place.topRight() + QPointF(theme.GRID, -theme.GRID))
    if box.right() > into.right():
        box.moveRight(place.left() - theme.GRID)
    if box.top() < into.top():
        box.moveTop(place.bottom() + theme.GRID)
    painter.fillRect(box, palette.color(QPalette.ColorRole.ToolTipBase))
    painter.setPen(QPen(theme.line(palette), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    inside = box.adjusted(theme.GRID, theme.HALF, -theme.GRID, -theme.HALF)
    painter.setPen(palette.color(QPalette.ColorRole.ToolTipText))
    painter.setFont(font)
    painter.drawText(inside, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, lines[0])
    painter.setFont(small)
    for index, line in enumerate(lines[1:]):
        row = QRectF(inside.left(), inside.top() + head.height() + index * rest.height(), inside.width(), rest.height())
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft, line)
