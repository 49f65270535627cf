"""A box seen from any side without perspective, with scale and names along three of its edges."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from inspector.render.axes import nice_ticks, tick_labels
from inspector.render.colour import mixed
from inspector.render.plot2d import NAMES
from inspector.render.style import Style
from inspector.render.text import text_font

Floats = npt.NDArray[np.float64]
Triple = tuple[float, float, float]

_CORNERS = np.array(list(itertools.product((-1.0, 1.0), repeat=3)))
# An edge seen at less than this length is seen from its end: nothing is written at it.
_SHORT = 28.0
_APART = 36.0
_TICK = 4.0


@dataclass(frozen=True, slots=True)
class Camera:
    """How three coordinates get onto the picture: z up, seen from `azimuth` and `elevation`.

    Attributes
    ----------
    centre
        Where the middle of the box is on the picture.
    middle, half
        Middle and half the extent of the box, in the data's units.
    azimuth, elevation
        Degrees: around z from the x axis, and up from the xy plane.
    scale
        Pixels per unit.
    """

    centre: tuple[float, float]
    middle: Triple
    half: Triple
    azimuth: float
    elevation: float
    scale: float

    @classmethod
    def fitting(cls, rect: QRectF, low: Floats, high: Floats, azimuth: float, elevation: float, style: Style) -> Camera:
        """As large as fits a rectangle from any azimuth, so that the box does not grow and shrink as it turns."""
        margin = 3.2 * style.label
        middle, half = (low + high) / 2, (high - low) / 2
        above = math.radians(elevation)
        across = math.hypot(half[0], half[1])
        up = abs(math.sin(above)) * across + abs(math.cos(above)) * float(half[2])
        scale = min(max(1.0, rect.width() / 2 - margin) / across, max(1.0, rect.height() / 2 - 0.8 * margin) / up)
        centre = rect.center()
        x, y, z = middle.tolist()
        a, b, c = half.tolist()
        return cls((centre.x(), centre.y()), (x, y, z), (a, b, c), azimuth, elevation, scale)

    def axes(self) -> tuple[Floats, Floats, Floats]:
        """Unit vectors (3,) of the data's space that go right, up, and toward the eye."""
        around, above = math.radians(self.azimuth), math.radians(self.elevation)
        sin_a, cos_a, sin_e, cos_e = math.sin(around), math.cos(around), math.sin(above), math.cos(above)
        return (
            np.array([-sin_a, cos_a, 0.0]),
            np.array([-sin_e * cos_a, -sin_e * sin_a, cos_e]),
            np.array([cos_e * cos_a, cos_e * sin_a, sin_e]),
        )

    def map(self, points: Floats) -> Floats:
        """(n, 3) points to (n, 2) places on the picture."""
        right, up, _ = self.axes()
        with np.errstate(invalid="ignore", over="ignore"):
            away = (points - np.array(self.middle)) * self.scale
            return np.stack([self.centre[0] + away @ right, self.centre[1] - away @ up], axis=1)

    def moved(self, by: QPointF) -> Camera:
        """The same, elsewhere."""
        centre = (self.centre[0] + by.x(), self.centre[1] + by.y())
        return Camera(centre, self.middle, self.half, self.azimuth, self.elevation, self.scale)


def paint_box(painter: QPainter, camera: Camera, style: Style) -> None:
    """The box's edges, those at the back fainter; a grid on its floor; scale and names."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground, line = QColor(style.background), QColor(style.outline)
    middle, half = np.array(camera.middle), np.array(camera.half)
    corners = middle + _CORNERS * half
    places = camera.map(corners)
    toward = _CORNERS * half @ camera.axes()[2]
    hidden = int(toward.argmin())
    _paint_floor(painter, camera, mixed(line, ground, 0.6))
    for a, b in itertools.combinations(range(8), 2):
        if np.count_nonzero(_CORNERS[a] != _CORNERS[b]) == 1:
            painter.setPen(QPen(mixed(line, ground, 0.6) if hidden in (a, b) else line, 1.0))
            painter.drawLine(QLineF(*places[a].tolist(), *places[b].tolist()))
    for axis in range(3):
        _paint_axis(painter, camera, axis, style)
    painter.restore()


def ticks_of(camera: Camera, axis: int) -> list[float]:
    """Values of the scale along one axis."""
    right, up, _ = camera.axes()
    length = 2 * camera.half[axis] * camera.scale * math.hypot(right[axis], up[axis])
    if length < _SHORT:
        return []
    low, high = camera.middle[axis] - camera.half[axis], camera.middle[axis] + camera.half[axis]
    return nice_ticks(low, high, min(5, max(2, int(length / _APART))))


def _paint_floor(painter: QPainter, camera: Camera, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.0))
    low = np.array(camera.middle) - np.array(camera.half)
    high = np.array(camera.middle) + np.array(camera.half)
    for axis, other in ((0, 1), (1, 0)):
        for value in ticks_of(camera, axis):
            ends = np.stack([low, low])
            ends[:, axis] = value
            ends[1, other] = high[other]
            painter.drawLine(QLineF(*camera.map(ends).ravel().tolist()))


def _paint_axis(painter: QPainter, camera: Camera, axis: int, style: Style) -> None:
    """Scale and name beside the edge that lies furthest out: lowest for x and y, leftmost for z."""
    ends = _edge(camera, axis)
    places = camera.map(ends)
    along = places[1] - places[0]
    length = math.hypot(*along.tolist())
    if length < _SHORT:
        return
    # Outward: across the edge, away from the middle of the box.
    out = np.array([along[1], -along[0]]) / length
    if out @ (places.mean(axis=0) - np.array(camera.centre)) < 0:
        out = -out
    font = text_font(style.label)
    metrics = QFontMetricsF(font)
    painter.setPen(QPen(QColor(style.neutral), 1.0))
    painter.drawLine(QLineF(*places.ravel().tolist()))
    ticks = ticks_of(camera, axis)
    texts = tick_labels(ticks)
    widest = max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
    painter.setFont(font)
    for value, text in zip(ticks, texts, strict=True):
        share = (value - ends[0, axis]) / (ends[1, axis] - ends[0, axis])
        at = places[0] + share * along
        tip = at + _TICK * out
        painter.setPen(QPen(QColor(style.neutral), 1.0))
        painter.drawLine(QLineF(*at.tolist(), *tip.tolist()))
        painter.setPen(QColor(style.caption))
        _text(painter, tip + 2 * out, out, text, metrics)
    bold = text_font(style.label + 1, bold=True)
    painter.setFont(bold)
    painter.setPen(QColor(style.text))
    beyond = _TICK + 5 + abs(out[0]) * widest + abs(out[1]) * metrics.height()
    _text(painter, places.mean(axis=0) + beyond * out, out, NAMES[axis], QFontMetricsF(bold))


def _edge(camera: Camera, axis: int) -> Floats:
    """(2, 3): the ends of the edge along an axis that is written at."""
    middle, half = np.array(camera.middle), np.array(camera.half)
    found = []
    for signs in itertools.product((-1.0, 1.0), repeat=2):
        ends = np.empty((2, 3))
        others = [other for other in range(3) if other != axis]
        ends[:, others] = middle[others] + np.array(signs) * half[others]
        ends[:, axis] = middle[axis] - half[axis], middle[axis] + half[axis]
        found.append(ends)
    places = [camera.map(ends).mean(axis=0) for ends in found]
    best = min(range(4), key=lambda i: float(places[i][0] if axis == 2 else -places[i][1]))
    return found[best]


def _text(painter: QPainter, at: Floats, out: Floats, text: str, metrics: QFontMetricsF) -> None:
    """Text that begins at a place and lies on its outer side."""
    width, height = metrics.horizontalAdvance(text), metrics.height()
    x = float(at[0]) + (float(out[0]) - 1) * width / 2
    y = float(at[1]) + (float(out[1]) - 1) * height / 2
    painter.drawText(QRectF(x - 2, y, width + 4, height), Qt.AlignmentFlag.AlignCenter, text)
