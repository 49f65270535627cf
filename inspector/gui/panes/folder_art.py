"""Paints the parts of one figure's plot over a folder: title, axis, distribution, limits, brush."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen, QPolygonF

from inspector.checks.finding import Severity
from inspector.gui import theme
from inspector.gui.models.folder_axis import Axis
from inspector.gui.models.folder_figures import Figure
from inspector.gui.panes.folder_dots import PALE, Layer

Align = Qt.AlignmentFlag

GUTTER = 6 * theme.GRID + 6
"""Left of the dots: the axis's figures, and the handles of limits."""

_TITLE = 22
_SIDE = 5 * theme.GRID
_BELOW = theme.GRID
_GAP = 6
_BIN = 4.0
_TAG = 17


@dataclass(frozen=True, slots=True)
class Room:
    """Where the parts of a plot lie: dots, and the distribution beside them."""

    inside: QRectF
    side: QRectF

    def y(self, share: float) -> float:
        """Pixels from the top, of a share of the height."""
        return self.inside.bottom() - share * self.inside.height()

    def share(self, y: float) -> float:
        """A share of the height, within the plot, of pixels from the top."""
        return min(max((self.inside.bottom() - y) / self.inside.height(), 0.0), 1.0)

    @property
    def bins(self) -> int:
        """How many bars the distribution has."""
        return max(1, int(self.inside.height() / _BIN))

    def tag(self, y: float) -> QRectF:
        """Where a limit's handle lies, left of the plot."""
        y = min(max(y, self.inside.top()), self.inside.bottom())
        return QRectF(2, y - _TAG / 2, GUTTER - 10, _TAG)


def room_of(size: QSizeF) -> Room:
    """Share out a widget."""
    height = max(size.height() - _TITLE - _BELOW, 1.0)
    width = max(size.width() - GUTTER - _SIDE - _GAP - theme.GRID, 1.0)
    inside = QRectF(GUTTER, _TITLE, width, height)
    return Room(inside, QRectF(inside.right() + _GAP, _TITLE, _SIDE, height))


def paint_ground(
    painter: QPainter,
    room: Room,
    figure: Figure,
    ticks: Sequence[tuple[float, str]],
    known: int,
    rows: int,
    palette: QPalette,
) -> None:
    """Title, unit, how many files have the figure where not all do, and the axis's lines."""
    bold, small = QFont(painter.font()), theme.caption_font()
    bold.setWeight(QFont.Weight.DemiBold)
    row = QRectF(theme.GRID, 0, room.side.right() - theme.GRID, _TITLE)
    few = f"{known:,} of {rows:,}" if known < rows else ""
    room_right = QFontMetricsF(small).horizontalAdvance(few) + theme.GRID if few else 0.0
    painter.setFont(bold)
    painter.setPen(palette.color(QPalette.ColorRole.WindowText))
    metrics = QFontMetricsF(bold)
    title = metrics.elidedText(figure.title, Qt.TextElideMode.ElideRight, row.width() - room_right)
    painter.drawText(row, Align.AlignLeft | Align.AlignVCenter, title)
    painter.setFont(small)
    painter.setPen(theme.muted(palette))
    painter.drawText(row, Align.AlignRight | Align.AlignVCenter, few)
    row.setLeft(row.left() + metrics.horizontalAdvance(title) + theme.HALF)
    if row.width() - room_right > QFontMetricsF(small).horizontalAdvance(figure.unit):
        painter.drawText(row, Align.AlignLeft | Align.AlignVCenter, figure.unit)
    _paint_axis(painter, room, ticks, palette)


def _paint_axis(painter: QPainter, room: Room, ticks: Sequence[tuple[float, str]], palette: QPalette) -> None:
    inside = room.inside
    painter.setPen(QPen(theme.line(palette), 1))
    for y, _ in ticks:
        painter.drawLine(QLineF(inside.left(), round(y) + 0.5, inside.right(), round(y) + 0.5))
    x = round(room.side.left()) - 0.5
    painter.drawLine(QLineF(x, inside.top(), x, inside.bottom()))


def ticks_of(room: Room, axis: Axis, whole: bool) -> list[tuple[float, str]]:
    """Where the axis has marks, in pixels from the top, and what is written there."""
    high = QFontMetricsF(theme.caption_font()).height()
    most = max(2, min(7, int(room.inside.height() / (1.5 * high))))
    found = [(room.y(float(axis.share(value))), words) for value, words in axis.ticks(most, whole)]
    return [(y, words) for y, words in found if y >= room.inside.top() + 2]


def paint_marks(
    painter: QPainter, room: Room, ticks: Sequence[tuple[float, str]], tags: Sequence[float], palette: QPalette
) -> None:
    """What is written at the axis, but where the handle of a limit lies (`tags`, pixels from the top)."""
    painter.setFont(theme.caption_font())
    painter.setPen(theme.muted(palette))
    high = QFontMetricsF(painter.font()).height()
    for y, words in ticks:
        if all(abs(y - tag) >= (high + _TAG) / 2 - 2 for tag in tags):
            label = QRectF(0, y - high / 2, room.inside.left() - theme.GRID, high)
            painter.drawText(label, Align.AlignRight | Align.AlignVCenter, words)


def counts_of(layers: Sequence[Layer], bins: npt.NDArray[np.int16], most: int) -> npt.NDArray[np.int64]:
    """How many files of each layer fall into each bin.

    Parameters
    ----------
    bins
        int16 (n,): bin of each file, `most` for those without a figure.

    Returns
    -------
    ndarray
        int64 (layers, most).
    """
    counted = [np.bincount(bins[layer.rows], minlength=most + 1)[:most] for layer in layers]
    return np.array(counted, np.int64).reshape(len(layers), most)


def paint_side(
    painter: QPainter, room: Room, layers: Sequence[Layer], counts: npt.NDArray[np.int64], palette: QPalette
) -> None:
    """The distribution as bars to the right, of the verdicts' colours; any file is seen."""
    most = int(counts.sum(axis=0).max(initial=0))
    if not most:
        return
    high = room.inside.height() / counts.shape[1]
    ordered = sorted(range(len(layers)), key=lambda k: layers[k].pale)  # listed ones begin at the axis
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    starts = np.zeros(counts.shape[1])
    for k in ordered:
        colour = theme.status_colour(layers[k].status, palette)
        colour.setAlphaF(PALE if layers[k].pale else 0.85)
        for place in np.flatnonzero(counts[k]).tolist():
            width = max(counts[k, place] / most * room.side.width(), 1.0)
            top = room.inside.bottom() - (place + 1) * high
            painter.fillRect(QRectF(room.side.left() + starts[place], top, width, max(high - 1, 1.0)), colour)
            starts[place] = min(starts[place] + width, room.side.width())


def paint_line(
    painter: QPainter, room: Room, y: float, words: str, severity: Severity, palette: QPalette, *, active: bool
) -> None:
    """A limit right across, with its value on the handle at its left."""
    colour = theme.severity_colour(severity, palette)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(colour, 2.0 if active else 1.25))
    sharp = round(y) + 0.5
    painter.drawLine(QLineF(room.inside.left() - 3, sharp, room.side.right(), sharp))
    tag = room.tag(sharp)
    tip = QPointF(room.inside.left() - 3, sharp)
    right = tag.right() - 5
    corners = [tag.topLeft(), QPointF(right, tag.top()), tip, QPointF(right, tag.bottom()), tag.bottomLeft()]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.canvas(palette), 1))
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF(corners))
    painter.setFont(_fitting(theme.caption_font(), words, tag.width() - 8))
    painter.setPen(theme.canvas(palette))
    painter.drawText(tag.adjusted(2, 0, -5, 0), Align.AlignRight | Align.AlignVCenter, words)


def _fitting(font: QFont, words: str, room: float) -> QFont:
    width = QFontMetricsF(font).horizontalAdvance(words)
    if width > room:
        font.setPointSizeF(max(font.pointSizeF() * room / width, 5.0))
    return font


def paint_origin(painter: QPainter, room: Room, y: float, palette: QPalette) -> None:
    """Where the limit was before it was moved."""
    pen = QPen(theme.muted(palette), 1)
    pen.setDashPattern([2, 3])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen)
    painter.drawLine(QLineF(room.inside.left(), round(y) + 0.5, room.side.right(), round(y) + 0.5))


def paint_band(painter: QPainter, band: QRectF, palette: QPalette) -> None:
    """What is being brushed."""
    colour = QColor(theme.accent(palette))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(colour, 1))
    colour.setAlphaF(0.15)
    painter.setBrush(colour)
    painter.drawRect(band)


def paint_note(painter: QPainter, room: Room, at: QPointF, words: str, palette: QPalette) -> None:
    """A few words in a box beside a place, within the plot."""
    painter.setFont(theme.caption_font())
    metrics = QFontMetricsF(painter.font())
    box = QRectF(0, 0, metrics.horizontalAdvance(words) + theme.GRID, metrics.height() + 2)
    box.moveBottomLeft(at + QPointF(theme.GRID, -3))
    box.moveRight(min(box.right(), room.side.right()))
    box.moveLeft(max(box.left(), room.inside.left()))
    if box.top() < room.inside.top():
        box.moveTop(at.y() + 4)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(palette.color(QPalette.ColorRole.ToolTipBase))
    painter.setPen(QPen(theme.line(palette), 1))
    painter.drawRect(box)
    painter.setPen(palette.color(QPalette.ColorRole.ToolTipText))
    painter.drawText(box, Align.AlignCenter, words)
