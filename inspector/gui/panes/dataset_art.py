"""Paints the still part of one figure's plot: axis, limit, points by class, means; and the marks of its legend."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPalette, QPen, QPixmap, QPolygonF

from inspector.checks.finding import Severity
from inspector.gui import theme
from inspector.gui.models.dataset_points import DataSetPoints, Figures, Flags, Strips
from inspector.render.axes import tick_labels
from inspector.render.palette import class_colour

_DOT = 4.5
_CROSS = 2.75
_RING = 4.25
_CAP = 3.0  # half the width of a deviation's ends
_MEAN_AT = 0.4  # to the right of the class's points
_TITLE = 18
_NAMES = 16
_GUTTER = 5 * theme.GRID + theme.HALF
_OUTSIDE = 0.16  # opacity of samples that are not listed
_OPACITY = 0.75

Align = Qt.AlignmentFlag
Places = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the plot lies in its widget, and how figures become pixels."""

    inside: QRectF
    low: float
    high: float
    columns: int

    def x(self, column: Places | float, across: Places | float = 0.0) -> Places:
        """Pixels from the left of places in columns."""
        share = (np.asarray(column, dtype=np.float64) + 0.5 + across) / max(self.columns, 1)
        return np.asarray(self.inside.left() + share * self.inside.width())

    def y(self, value: Figures | float) -> Figures:
        """Pixels from the top of figures."""
        share = (np.asarray(value, dtype=np.float64) - self.low) / (self.high - self.low)
        return np.asarray(self.inside.bottom() - share * self.inside.height())


def frame_of(size: QSizeF, strips: Strips, columns: int) -> Frame:
    """Share out a widget: title above, names below, the axis's figures on the left."""
    inside = QRectF(_GUTTER, _TITLE + theme.HALF, size.width() - _GUTTER - theme.HALF, 0)
    inside.setBottom(max(size.height() - _NAMES - theme.HALF, inside.top() + 1))
    inside.setRight(max(inside.right(), inside.left() + 1))
    return Frame(inside, strips.low, strips.high, columns)


def number(value: float, unit: str = "") -> str:
    """A figure with 4 significant digits and its unit."""
    return f"{value + 0.0:.4g} {unit}".strip()


def paint(
    painter: QPainter, frame: Frame, points: DataSetPoints, strips: Strips, listed: Flags | None, palette: QPalette
) -> None:
    """Paint everything but the shown sample and the callout.

    Parameters
    ----------
    listed
        bool (N,): samples that are put forward; None for all.
    """
    _paint_title(painter, frame, strips, palette)
    _paint_axis(painter, frame, strips, palette)
    _paint_names(painter, frame, points, palette)
    painter.save()
    painter.setClipRect(frame.inside.toAlignedRect().adjusted(-2, -theme.HALF, 2, theme.HALF))
    for column in range(len(points.columns)):
        _paint_class(painter, frame, points, strips, column, listed, palette)
    _paint_limit(painter, frame, strips, palette)
    painter.restore()


def paint_mark(painter: QPainter, at: QPointF, kind: str, colour: QColor, palette: QPalette) -> None:
    """One mark as in the plots: ``dot``, ``static``, ``copy``, ``mean``, ``shown`` or ``limit``."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    x, y, one = at.x(), at.y(), np.zeros(1)
    match kind:
        case "dot":
            _paint_dots(painter, [at], colour)
        case "static":
            _paint_crosses(painter, one + x, one + y, colour)
        case "copy":
            _paint_dots(painter, [at], colour)
            _paint_rings(painter, one + x, one + y, colour)
        case "mean":
            _paint_mean(painter, x, y, 5.0, palette)
        case "shown":
            paint_shown(painter, at, colour, palette)
        case "limit":
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(_limit_pen(palette))
            painter.drawLine(QLineF(x - theme.GRID, y, x + theme.GRID, y))


def paint_shown(painter: QPainter, at: QPointF, colour: QColor, palette: QPalette) -> None:
    """The sample that is shown: large, with an outline."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(colour)
    painter.setPen(QPen(theme.canvas(palette), 4.5))
    painter.drawEllipse(at, 6.0, 6.0)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText), 2.0))
    painter.drawEllipse(at, 6.0, 6.0)


def colour_of(points: DataSetPoints, column: int) -> QColor:
    """A class's colour; the first where samples have no classes."""
    return QColor(class_colour(points.columns[column].place if column >= 0 else 0))


# --- the parts ---------------------------------------------------------------------------------------------------


def _paint_title(painter: QPainter, frame: Frame, strips: Strips, palette: QPalette) -> None:
    bold, small = QFont(painter.font()), theme.caption_font()
    bold.setWeight(QFont.Weight.DemiBold)
    row = QRectF(theme.GRID, 0, frame.inside.right() - theme.GRID, _TITLE)
    painter.setFont(bold)
    painter.setPen(palette.color(QPalette.ColorRole.WindowText))
    painter.drawText(row, Align.AlignLeft | Align.AlignVCenter, strips.metric.title)
    if strips.metric.unit:
        row.setLeft(row.left() + QFontMetricsF(bold).horizontalAdvance(strips.metric.title) + theme.HALF)
        painter.setFont(small)
        painter.setPen(theme.muted(palette))
        painter.drawText(row, Align.AlignLeft | Align.AlignVCenter, strips.metric.unit)


def _paint_axis(painter: QPainter, frame: Frame, strips: Strips, palette: QPalette) -> None:
    painter.setFont(theme.caption_font())
    inside = frame.inside
    height = QFontMetricsF(painter.font()).height()
    every = 1 if len(strips.ticks) * height * 1.25 <= inside.height() else 2
    for tick, words in zip(strips.ticks[::every], tick_labels(strips.ticks[::every]), strict=True):
        y = round(float(frame.y(tick))) + 0.5
        painter.setPen(QPen(theme.line(palette), 1))
        painter.drawLine(QLineF(inside.left(), y, inside.right(), y))
        painter.setPen(theme.muted(palette))
        label = QRectF(0, y - height / 2, inside.left() - theme.HALF, height)
        painter.drawText(label, Align.AlignRight | Align.AlignVCenter, words)


def _paint_names(painter: QPainter, frame: Frame, points: DataSetPoints, palette: QPalette) -> None:
    """Names of the classes below; where they have no room, every second, third ... one."""
    painter.setFont(theme.caption_font())
    painter.setPen(theme.muted(palette))
    metrics = QFontMetricsF(painter.font())
    wide = frame.inside.width() / max(len(points.columns), 1)
    every = max(1, int(np.ceil(5 * theme.GRID / wide)))
    for place in range(0, len(points.columns), every):
        room = wide * every - 1
        name = metrics.elidedText(points.columns[place].name, Qt.TextElideMode.ElideRight, room)
        at = QRectF(0, frame.inside.bottom() + theme.HALF, room, _NAMES)
        at.moveLeft(float(frame.x(float(place))) - room / 2)
        painter.drawText(at, Align.AlignCenter, name)


def _paint_class(
    painter: QPainter,
    frame: Frame,
    points: DataSetPoints,
    strips: Strips,
    column: int,
    listed: Flags | None,
    palette: QPalette,
) -> None:
    mine = points.drawn[(points.column[points.drawn] == column) & np.isfinite(strips.values[points.drawn])]
    colour = colour_of(points, column)
    groups = [(mine, _OPACITY)] if listed is None else [(mine[~listed[mine]], _OUTSIDE), (mine[listed[mine]], 1.0)]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for some, opacity in groups:
        if some.size:
            ink = QColor(colour)
            ink.setAlphaF(opacity)
            x, y = frame.x(points.column[some].astype(float), points.across[some]), frame.y(strips.values[some])
            static, copied = points.static[some], points.copied[some]
            moving = ~static
            _paint_dots(painter, _polygon(x[moving], y[moving]), ink)
            ink.setAlphaF(max(opacity, 0.9) if opacity > _OUTSIDE else opacity)
            _paint_crosses(painter, x[static], y[static], ink)
            _paint_rings(painter, x[copied], y[copied], ink)
    mean, deviation = float(strips.means[column]), float(strips.deviations[column])
    if np.isfinite(mean) and np.isfinite(deviation):
        half = abs(float(frame.y(mean) - frame.y(mean + deviation)))
        _paint_mean(painter, float(frame.x(float(column), _MEAN_AT)), float(frame.y(mean)), half, palette)


def _polygon(x: Places, y: Places) -> list[QPointF]:
    return [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]


def _paint_dots(painter: QPainter, places: list[QPointF], colour: QColor) -> None:
    """Stamp one dot everywhere: less than half the time that as many round points take."""
    sharpness, side = painter.device().devicePixelRatio(), math.ceil(_DOT) + 2
    dot = QPixmap(round(side * sharpness), round(side * sharpness))
    dot.setDevicePixelRatio(sharpness)
    dot.fill(Qt.GlobalColor.transparent)
    half = QPointF(side / 2, side / 2)
    on = QPainter(dot)
    on.setRenderHint(QPainter.RenderHint.Antialiasing)
    on.setPen(Qt.PenStyle.NoPen)
    on.setBrush(colour)
    on.drawEllipse(half, _DOT / 2, _DOT / 2)
    on.end()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # else each is resampled at its fraction of a pixel
    for place in places:
        painter.drawPixmap(place - half, dot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_crosses(painter: QPainter, x: Places, y: Places, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.5))
    c = _CROSS
    lines = [
        QLineF(a - c, b - s * c, a + c, b + s * c) for a, b in zip(x.tolist(), y.tolist(), strict=True) for s in (1, -1)
    ]
    painter.drawLines(lines)


def _paint_rings(painter: QPainter, x: Places, y: Places, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath()
    for a, b in zip(x.tolist(), y.tolist(), strict=True):
        path.addEllipse(QPointF(a, b), _RING, _RING)
    painter.drawPath(path)


def _paint_mean(painter: QPainter, x: float, y: float, half: float, palette: QPalette) -> None:
    """A diamond with a bar of one standard deviation up and down."""
    ink = palette.color(QPalette.ColorRole.WindowText)
    painter.setPen(QPen(ink, 1.25))
    painter.drawLines([QLineF(x, y - half, x, y + half)])
    painter.drawLines([QLineF(x - _CAP, y + s * half, x + _CAP, y + s * half) for s in (1, -1)])
    painter.setBrush(ink)
    r = _CAP + 0.5
    painter.setPen(QPen(theme.canvas(palette), 1.0))
    painter.drawPolygon(QPolygonF([QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)]))


def _limit_pen(palette: QPalette) -> QPen:
    pen = QPen(theme.severity_colour(Severity.MEDIUM, palette), 1.25)
    pen.setDashPattern([4, 3])
    return pen


def _paint_limit(painter: QPainter, frame: Frame, strips: Strips, palette: QPalette) -> None:
    """The profile's limit and what it is called; only the words, with an arrow, where it lies far above."""
    if strips.limit is None:
        return
    words = f"{strips.limit.words} {number(strips.limit.value, strips.metric.unit)}"
    painter.setFont(theme.caption_font())
    metrics = QFontMetricsF(painter.font())
    y = round(float(frame.y(strips.limit.value))) + 0.5 if strips.limit_within else frame.inside.top()
    if strips.limit_within:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(_limit_pen(palette))
        painter.drawLine(QLineF(frame.inside.left(), y, frame.inside.right(), y))
    else:
        words += " ↑"
    box = QRectF(0, 0, metrics.horizontalAdvance(words) + theme.GRID, metrics.height())
    box.moveTopRight(QPointF(frame.inside.right(), y + 1))
    if box.bottom() > frame.inside.bottom() or (strips.limit_within and y - frame.inside.top() > box.height() * 1.5):
        box.moveBottom(y - 1)
    halo = theme.canvas(palette)
    halo.setAlphaF(0.8)
    painter.fillRect(box, halo)
    painter.setPen(theme.severity_colour(Severity.MEDIUM, palette))
    painter.drawText(box, Align.AlignCenter, words)
