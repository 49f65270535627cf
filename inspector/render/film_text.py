"""The words on a film's frames: a caption above the figure and a legend below, each with parts that never move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from inspector.render.skeleton import SkeletonPainter
from inspector.render.style import Style

_TEXT = 13  # height of the font; all measures are in pixels of the painter
_ROW = 24.0
_GAP = 20.0
_HALF = 6.0
_DOT = 8.0
_MUTED = QColor("#57606A")


def _font() -> QFont:
    """Text whose digits stand under each other."""
    font = QFont()
    font.setPixelSize(_TEXT)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _one_line(text: str) -> str:
    """Text of any kind as a line that can be drawn: names may hold newlines and bytes that are not UTF-8."""
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def _baseline(metrics: QFontMetricsF, middle: float) -> float:
    return middle + metrics.capHeight() / 2


class Caption:
    """Which clip on the left; on the right which frame and when, in the words of the window.

    Parameters
    ----------
    room
        Where it goes, in painter pixels.
    seconds
        float64 (T,): when each frame is.
    title
        Cut in its middle where it is too long.
    """

    def __init__(self, room: QRectF, seconds: npt.NDArray[np.float64], title: str, style: Style) -> None:
        self._seconds, self._last = seconds, len(seconds) - 1
        self._font, self._colour = _font(), QColor(style.text)
        metrics = QFontMetricsF(self._font)
        # Room for the widest figures, so that nothing moves while the film runs.
        time = max((metrics.horizontalAdvance(_when(s)) for s in (seconds.min(), seconds.max())), default=0.0)
        frame = metrics.horizontalAdvance(self._which(self._last))
        self._metrics, self._y = metrics, _baseline(metrics, room.center().y())
        self._time_end, self._frame_end = room.right(), room.right() - time - _GAP
        self._x = room.left()
        self._title = metrics.elidedText(
            _one_line(title), Qt.TextElideMode.ElideMiddle, self._frame_end - frame - _GAP - room.left()
        )

    def _which(self, frame: int) -> str:
        return f"frame {frame} / {self._last}"

    def paint_title(self, painter: QPainter) -> None:
        """What stays."""
        painter.setFont(self._font)
        painter.setPen(self._colour)
        painter.drawText(QPointF(self._x, self._y), self._title)

    def paint_reading(self, painter: QPainter, frame: int) -> None:
        """What changes with the frame."""
        painter.setFont(self._font)
        painter.setPen(_MUTED)
        for text, end in ((self._which(frame), self._frame_end), (_when(self._seconds[frame]), self._time_end)):
            painter.drawText(QPointF(end - self._metrics.horizontalAdvance(text), self._y), text)


def _when(seconds: float) -> str:
    return f"t = {seconds:.2f} s"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A group in the legend: which of the skeleton's layers, and where its dot, name and count begin."""

    layer: int
    title: str
    colour: QColor
    x: float
    name_x: float
    count_x: float
    middle: float


class Legend:
    """Each group's colour and name, how many of its points are visible, and how many have no place at all.

    As many rows as it takes, ending at the bottom of its room.

    Parameters
    ----------
    room
        Its bottom is the legend's.
    """

    def __init__(self, skeleton: SkeletonPainter, room: QRectF, style: Style) -> None:
        self._skeleton, self._style, self._font = skeleton, style, _font()
        self._metrics = QFontMetricsF(self._font)
        shown = [(number, layer) for number, layer in enumerate(skeleton.layers) if layer.points.size]
        total = skeleton.points.shape[1]
        x, row = room.left(), 0
        places: list[tuple[int, float, int]] = []
        for number, layer in shown:
            width = self._width(layer.title, layer.points.size)
            if x > room.left() and x + width > room.right():
                x, row = room.left(), row + 1
            places.append((number, x, row))
            x += width + _GAP
        # The remark stands at the right end of the last row, or alone in one more.
        if x > room.left() and x + self._metrics.horizontalAdvance(_remark(total)) > room.right():
            row += 1
        self.top = room.bottom() - (row + 1) * _ROW
        self._remark_end = QPointF(room.right(), self._line(row))
        self._entries = tuple(self._entry(number, x, line) for number, x, line in places)

    def _width(self, title: str, points: int) -> float:
        return _DOT + _HALF + self._advance(title) + _HALF + self._advance(f"{points}/{points}")

    def _advance(self, text: str) -> float:
        return self._metrics.horizontalAdvance(text)

    def _middle(self, row: int) -> float:
        return self.top + (row + 0.5) * _ROW

    def _line(self, row: int) -> float:
        return _baseline(self._metrics, self._middle(row))

    def _entry(self, number: int, x: float, row: int) -> _Entry:
        layer = self._skeleton.layers[number]
        name = x + _DOT + _HALF
        colour = QColor(layer.colour or self._style.neutral)
        return _Entry(
            number, layer.title, colour, x, name, name + self._advance(layer.title) + _HALF, self._middle(row)
        )

    def paint_names(self, painter: QPainter) -> None:
        """What stays."""
        painter.setFont(self._font)
        painter.setPen(QColor(self._style.text))
        for entry in self._entries:
            painter.drawText(QPointF(entry.name_x, _baseline(self._metrics, entry.middle)), entry.title)

    def paint_counts(self, painter: QPainter, frame: int) -> None:
        """What changes with the frame: counts, and dots that are hollow, like points, while nothing is visible."""
        counts = self._skeleton.counts(frame)
        missing = int((~self._skeleton.placed(frame)).sum())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for entry in self._entries:
            painter.setPen(QPen(entry.colour, 1.25))
            painter.setBrush(entry.colour if counts[entry.layer][0] else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(entry.x + _DOT / 2, entry.middle), _DOT / 2 - 0.6, _DOT / 2 - 0.6)
        painter.setFont(self._font)
        painter.setPen(_MUTED)
        for entry in self._entries:
            seen, total = counts[entry.layer]
            painter.drawText(QPointF(entry.count_x, _baseline(self._metrics, entry.middle)), f"{seen}/{total}")
        if missing:
            text = _remark(missing)
            painter.drawText(self._remark_end - QPointF(self._advance(text), 0), text)


def _remark(missing: int) -> str:
    return f"{missing} not detected"
