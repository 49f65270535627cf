"""Paints the part of the timeline that stays while a clip plays: lanes, limits, ticks, gutters, marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPalette, QPen

from inspector.checks.finding import Severity
from inspector.gui import theme
from inspector.gui.panes.finding_marks import ROW, FindingMarks, apart
from inspector.gui.panes.lanes import Lane, Places, outline, runs
from inspector.gui.panes.time_axis import TimeAxis

LEFT = 9 * theme.GRID
RIGHT = 12 * theme.GRID
LEAST_LANE = 4 * theme.GRID

_TICK_ROW = 14
_TICKS_APART = 64.0
_INSET = 3.0  # lines keep off the lane's edges
_CUT = 5.0  # size of the mark of a value that was cut off

Align = Qt.AlignmentFlag
Line = list[QPointF]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the timeline's parts lie, top to bottom.

    Attributes
    ----------
    marks, lanes, ticks
        (top, bottom) of each part.
    """

    width: float
    marks: tuple[float, float]
    lanes: tuple[tuple[float, float], ...]
    ticks: tuple[float, float]

    @property
    def left(self) -> float:
        """Where frames begin."""
        return float(LEFT)

    @property
    def span(self) -> float:
        """How wide the frames are."""
        return max(self.width - LEFT - RIGHT, 1.0)

    @property
    def bottom(self) -> float:
        """Where the lanes end."""
        return self.ticks[0]


def arrange(width: float, height: float, marks: FindingMarks, lanes: int) -> Layout:
    """Share out the height: marks and ticks take what they need, lanes the rest in equal parts."""
    top = float(theme.HALF)
    begin = top + marks.height + (theme.HALF if marks.height else 0)
    end = max(height - 2 * _TICK_ROW - theme.HALF, begin + lanes)
    each = (end - begin) / max(lanes, 1)
    parts = tuple((round(begin + each * i) + 0.0, round(begin + each * (i + 1)) + 0.0) for i in range(lanes))
    return Layout(width, (top, top + marks.height), parts, (end, height))


def least_height(marks: FindingMarks, lanes: int, lane: float = LEAST_LANE) -> int:
    """Pixels below which nothing can be made out."""
    return int(3 * theme.HALF + marks.height + lanes * lane + 2 * _TICK_ROW)


def paint(
    painter: QPainter,
    layout: Layout,
    axis: TimeAxis,
    lanes: Sequence[Lane],
    marks: FindingMarks,
    seconds: Places,
    palette: QPalette,
    current: int | None,
) -> None:
    """Paint everything but the cursor, the readouts and the span.

    Parameters
    ----------
    seconds
        float64 (T,): when each frame is.
    current
        Index of the finding to put forward, or None.
    """
    painter.setFont(theme.caption_font())
    _paint_ticks(painter, layout, axis, seconds, palette)
    _paint_bands(painter, layout, axis, marks, palette, current)
    for lane, (top, bottom) in zip(lanes, layout.lanes, strict=True):
        _paint_lane(painter, lane, axis, top, bottom, palette)
        painter.setPen(QPen(theme.line(palette), 1))
        painter.drawLine(QLineF(0, bottom - 0.5, layout.width, bottom - 0.5))
    if marks.rows:
        painter.setPen(theme.muted(palette))
        top = layout.marks[0]
        for number, row in enumerate(marks.rows):
            name = QRectF(theme.GRID, top + ROW * number, LEFT, ROW)
            painter.drawText(name, Align.AlignLeft | Align.AlignVCenter, row.title)
        marks.paint(painter, top, axis, palette, current)
        edge = layout.lanes[0][0] if layout.lanes else layout.bottom
        painter.setPen(QPen(theme.line(palette), 1))
        painter.drawLine(QLineF(0, edge - 0.5, layout.width, edge - 0.5))


def _paint_bands(
    painter: QPainter, layout: Layout, axis: TimeAxis, marks: FindingMarks, palette: QPalette, current: int | None
) -> None:
    if current is None or not 0 <= current < len(marks.findings):
        return
    shade = theme.severity_colour(marks.findings[current].severity, palette)
    shade.setAlphaF(0.16)
    top = layout.marks[1]
    for x0, x1 in marks.bands(current, axis):
        painter.fillRect(QRectF(x0, top, max(x1 - x0, 1.0), layout.bottom - top), shade)


def _paint_ticks(painter: QPainter, layout: Layout, axis: TimeAxis, seconds: Places, palette: QPalette) -> None:
    top = layout.ticks[0] + theme.HALF / 2
    grid, text = QPen(theme.line(palette), 1), theme.muted(palette)
    faint = QColor(theme.line(palette))
    faint.setAlphaF(0.55)
    rows = (
        ("Time", [(_moment(s), x) for s, x in axis.second_ticks(seconds, _TICKS_APART)]),
        ("Frame", [(str(f), axis.x(f)) for f in axis.frame_ticks(_TICKS_APART * 0.75)]),
    )
    for row, (title, ticks) in enumerate(rows):
        line = QRectF(0, top + row * _TICK_ROW, LEFT, _TICK_ROW)
        painter.setPen(text)
        painter.drawText(line.adjusted(theme.GRID, 0, 0, 0), Align.AlignLeft | Align.AlignVCenter, title)
        for label, x in ticks:
            if row == 0:
                painter.setPen(QPen(faint, 1))
                painter.drawLine(QLineF(round(x) + 0.5, layout.marks[1], round(x) + 0.5, layout.bottom))
                painter.setPen(grid)
                painter.drawLine(QLineF(round(x) + 0.5, layout.bottom, round(x) + 0.5, layout.bottom + 3))
            painter.setPen(text)
            painter.drawText(QRectF(x - 40, line.top(), 80, _TICK_ROW), Align.AlignCenter, label)


def _moment(second: float) -> str:
    if second >= 60:
        return f"{int(second // 60)}:{second % 60:04.1f}".removesuffix(".0")
    return f"{second + 0.0:.6g} s"  # no minus before a zero


def _paint_lane(painter: QPainter, lane: Lane, axis: TimeAxis, top: float, bottom: float, palette: QPalette) -> None:
    ink = palette.color(QPalette.ColorRole.WindowText)
    _paint_names(painter, lane, top, bottom, palette, ink)
    ceiling, floor = top + _INSET, bottom - _INSET
    inside = QRectF(axis.left, top, axis.width, bottom - top)
    xs, values = outline(lane.values, axis)
    shown = np.minimum(values, lane.top)
    ys = floor - (floor - ceiling) * np.maximum(shown, 0) / lane.top
    lines = [_polyline(xs[a:b], ys[a:b]) for a, b in runs(values)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(inside)
    ink.setAlphaF(0.8)
    _paint_lines(painter, lines, floor, ink, axis.scale, area=lane.area)
    if lane.limit is not None and lane.limit <= lane.top:
        level = floor - (floor - ceiling) * lane.limit / lane.top
        passed = bool((values < lane.limit if lane.area else values > lane.limit).any())
        wrong = theme.severity_colour(Severity.MEDIUM, palette) if passed else theme.muted(palette)
        beyond = inside.adjusted(0, level - top, 0, 0) if lane.area else inside.adjusted(0, 0, 0, level - bottom)
        painter.setClipRect(beyond)
        if passed:
            _paint_lines(painter, lines, floor, wrong, axis.scale, area=False)
        painter.setClipRect(inside)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        dots = QPen(wrong, 1)
        dots.setDashPattern([2, 4])
        painter.setPen(dots)
        painter.drawLine(QLineF(axis.left, round(level), axis.left + axis.width, round(level)))
        ink = wrong if passed else ink
    _paint_cuts(painter, xs[values > lane.top], top, ink)
    painter.restore()


def _paint_names(painter: QPainter, lane: Lane, top: float, bottom: float, palette: QPalette, ink: QColor) -> None:
    painter.setPen(ink)
    gutter = QRectF(theme.GRID, top, LEFT - 1.5 * theme.GRID, bottom - top)
    painter.drawText(gutter, Align.AlignLeft | Align.AlignVCenter, lane.title)
    metrics = QFontMetricsF(painter.font())
    if bottom - top >= metrics.height() * 2:
        painter.setPen(theme.muted(palette))
        painter.drawText(gutter.adjusted(0, 1, 0, 0), Align.AlignRight | Align.AlignTop, f"{lane.top:.{lane.digits}f}")
        painter.drawText(gutter.adjusted(0, 0, 0, -1), Align.AlignRight | Align.AlignBottom, "0")


def _polyline(xs: Places, ys: Places) -> Line:
    return [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]


def _paint_lines(
    painter: QPainter, lines: Sequence[Line], floor: float, ink: QColor, scale: float, *, area: bool
) -> None:
    """Draw stretches of a line; one that has a single frame becomes a dot, or a bar where the lane is filled."""
    if area:
        fill = QColor(ink)
        fill.setAlphaF(ink.alphaF() * 0.16)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # the line on its edge is smooth
        for line in lines:
            _paint_area(painter, line, floor, fill, dense=scale < 0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, 1.0))
    for line in lines:
        if len(line) > 1:
            painter.drawPolyline(line)
        else:
            half = min(max(scale / 2, 0.75), 2.0)
            painter.drawLine(QPointF(line[0].x() - half, line[0].y()), QPointF(line[0].x() + half, line[0].y()))


def _paint_area(painter: QPainter, line: Line, floor: float, fill: QColor, *, dense: bool) -> None:
    if dense:  # high and low of each pixel column in turn: a polygon of that many turns takes ten times as long
        painter.setPen(QPen(fill, 1.0))
        painter.drawLines([QLineF(p.x(), p.y(), p.x(), floor) for p in line[::2]])
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawPolygon([QPointF(line[0].x(), floor), *line, QPointF(line[-1].x(), floor)])


def _paint_cuts(painter: QPainter, xs: Places, top: float, ink: QColor) -> None:
    """Small arrows at the upper edge where values go beyond it."""
    if not xs.size:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    for x in apart(xs, _CUT):
        painter.drawPolygon([QPointF(x - _CUT / 2, top + _CUT), QPointF(x + _CUT / 2, top + _CUT), QPointF(x, top + 1)])
