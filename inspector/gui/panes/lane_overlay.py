"""Paints the part of the timeline that changes with each frame: span, cursor and readouts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen

from inspector.checks.finding import Severity
from inspector.gui import theme
from inspector.gui.panes.lane_art import RIGHT, Layout
from inspector.gui.panes.lanes import Lane
from inspector.gui.panes.time_axis import TimeAxis

_UNIT_ROOM = 6.5 * theme.GRID
_HANDLE = 5.0

Align = Qt.AlignmentFlag


def paint_span(painter: QPainter, layout: Layout, axis: TimeAxis, span: tuple[int, int], palette: QPalette) -> None:
    """Veil the lanes outside the span (first, last frame) and mark its ends."""
    accent = theme.accent(palette)
    veil = QColor(theme.canvas(palette))
    veil.setAlphaF(0.65)
    left, right, top = layout.left, layout.left + layout.span, layout.marks[1]
    begin = min(max(axis.edge(span[0]), left), right)
    end = min(max(axis.edge(span[1] + 1), left), right)
    height = layout.bottom - top
    painter.fillRect(QRectF(left, top, begin - left, height), veil)
    painter.fillRect(QRectF(end, top, right - end, height), veil)
    painter.fillRect(QRectF(begin, layout.bottom - 3, end - begin, 3), accent)
    painter.setPen(QPen(accent, 1))
    for x in (begin, end):
        painter.drawLine(QLineF(x, top, x, layout.bottom))


def paint_cursor(painter: QPainter, layout: Layout, axis: TimeAxis, frame: int, palette: QPalette) -> None:
    """Draw the line through all lanes at a frame, if it is in sight."""
    x, accent = axis.x(frame), theme.accent(palette)
    if not layout.left <= x <= layout.left + layout.span:
        return
    painter.setPen(QPen(accent, 1.5))
    painter.drawLine(QLineF(x, 0, x, layout.bottom + 2))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(accent)
    painter.drawPolygon([QPointF(x - _HANDLE, 0), QPointF(x + _HANDLE, 0), QPointF(x, _HANDLE + 1)])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_readouts(painter: QPainter, layout: Layout, lanes: Sequence[Lane], frame: int, palette: QPalette) -> None:
    """Write each lane's value at a frame at the right, with its unit; one beyond its limit in the limit's colour."""
    figures, small = theme.tabular_font(), theme.caption_font()
    text, muted = palette.color(QPalette.ColorRole.WindowText), theme.muted(palette)
    wrong = theme.severity_colour(Severity.MEDIUM, palette)
    left, unit = layout.width - RIGHT, layout.width - _UNIT_ROOM
    for lane, (top, bottom) in zip(lanes, layout.lanes, strict=True):
        painter.setFont(figures)
        painter.setPen(wrong if lane.beyond(frame) else text)
        place = QRectF(left, top, unit - left, bottom - top)
        painter.drawText(place, Align.AlignRight | Align.AlignVCenter, lane.reading(frame))
        painter.setFont(small)
        painter.setPen(muted)
        place = QRectF(unit + theme.HALF, top, layout.width - unit - theme.HALF, bottom - top)
        painter.drawText(place, Align.AlignLeft | Align.AlignVCenter, lane.unit)
