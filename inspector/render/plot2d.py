"""A plane seen straight on: equal units both ways, scale lines and names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from inspector.render.axes import nice_ticks, tick_labels
from inspector.render.colour import mixed
from inspector.render.style import Style
from inspector.render.text import text_font

NAMES = ("x", "y", "z")

# Pixels between scale lines, at least.
_APART = 56.0
_SMALLEST = 24.0


@dataclass(frozen=True, slots=True)
class Plane:
    """How two coordinates get onto the picture: the second one up.

    Attributes
    ----------
    area
        Where the plot is, without what is written beside it.
    axes
        Which two of x, y, z (0, 1, 2) go right and up.
    middle
        What is in the middle of the area.
    scale
        Pixels per unit.
    """

    area: QRectF
    axes: tuple[int, int]
    middle: tuple[float, float]
    scale: float

    @classmethod
    def fitting(
        cls,
        rect: QRectF,
        low: npt.NDArray[np.float64],
        high: npt.NDArray[np.float64],
        axes: tuple[int, int],
        style: Style,
    ) -> Plane:
        """As large as fits a rectangle with what is written beside the axes; the area fills it, beyond the limits."""
        metrics = QFontMetricsF(text_font(style.label))
        height = metrics.height()
        right, up = axes

        def leaving(left: float) -> Plane:
            area = rect.adjusted(left, height / 2 + 1, -height, -2 * height - 6)
            if area.width() < _SMALLEST or area.height() < _SMALLEST:
                area = QRectF(rect)
            scale = min(area.width() / (high[right] - low[right]), area.height() / (high[up] - low[up]))
            middle = (float(low[right] + high[right]) / 2, float(low[up] + high[up]) / 2)
            return cls(area, axes, middle, float(scale))

        # The numbers at the side decide how much room is left, and the room decides the numbers: two rounds settle it.
        texts = tick_labels(leaving(4 * height).ticks(1))
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
        return leaving(round(min(max(widest, 2 * height), rect.width() / 3) + height + 10))

    def map(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """(n, 3) points to (n, 2) places on the picture."""
        centre = self.area.center()
        with np.errstate(invalid="ignore", over="ignore"):
            across = centre.x() + (points[:, self.axes[0]] - self.middle[0]) * self.scale
            down = centre.y() - (points[:, self.axes[1]] - self.middle[1]) * self.scale
        return np.stack([across, down], axis=1)

    def ticks(self, way: int) -> list[float]:
        """Values of the scale lines: 0 for those along the picture, 1 for those up."""
        length = self.area.height() if way else self.area.width()
        half = length / 2 / self.scale
        return nice_ticks(self.middle[way] - half, self.middle[way] + half, max(2, int(length / _APART)))

    def moved(self, by: QPointF) -> Plane:
        """The same, elsewhere."""
        return Plane(self.area.translated(by), self.axes, self.middle, self.scale)


def paint_grid(painter: QPainter, plane: Plane, style: Style) -> None:
    """Scale lines, what they stand for, and the names of the axes."""
    area, font = plane.area, text_font(style.label)
    metrics = QFontMetricsF(font)
    height = metrics.height()
    centre = area.center()
    line = mixed(QColor(style.outline), QColor(style.background), 0.6)
    painter.setFont(font)
    for way in (0, 1):
        ticks = plane.ticks(way)
        for value, text in zip(ticks, tick_labels(ticks), strict=True):
            away = (value - plane.middle[way]) * plane.scale
            painter.setPen(QPen(line, 0))
            if way == 0:
                x = round(centre.x() + away)
                painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
                place = QRectF(x - 60, area.bottom() + 3, 120, height)
                flag = Qt.AlignmentFlag.AlignHCenter
            else:
                y = round(centre.y() - away)
                painter.drawLine(QLineF(area.left(), y, area.right(), y))
                place = QRectF(area.left() - 206, y - height / 2, 200, height)
                flag = Qt.AlignmentFlag.AlignRight
            painter.setPen(QColor(style.caption))
            painter.drawText(place, flag | Qt.AlignmentFlag.AlignVCenter, text)
    painter.setPen(QPen(QColor(style.neutral), 0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area)
    painter.setPen(QColor(style.text))
    painter.setFont(text_font(style.label + 1, bold=True))
    below = QRectF(area.left(), area.bottom() + height + 2, area.width(), height + 4)
    painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, NAMES[plane.axes[0]])
    widest = max((metrics.horizontalAdvance(text) for text in tick_labels(plane.ticks(1))), default=0.0)
    beside = QRectF(area.left() - widest - height - 10, centre.y() - height, height, 2 * height)
    painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, NAMES[plane.axes[1]])
