"""Dots by the hundred thousand: which pixel each falls on is worked out once, then whole grids of pixels are stamped.

Drawing takes the same few milliseconds for 100 dots and for a million, and another colour of some costs as little.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen, QPolygonF

from inspector.checks.finding import Status
from inspector.gui import theme

Rows = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
Shares = npt.NDArray[np.float64]

PALE = 0.22
"""Opacity of files that are not listed."""

_SIZES = ((400, 7.0), (2_500, 5.5), (20_000, 4.0))  # up to so many files, dots of this many pixels
_SMALLEST = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Files that look the same."""

    status: Status
    pale: bool
    rows: Rows


def layers_of(status: npt.NDArray[np.int8], listed: npt.NDArray[np.bool_]) -> tuple[Layer, ...]:
    """What to draw in which order: files that are not listed below the others, the worst verdicts on top.

    Parameters
    ----------
    status
        int8 (n,): `Status.rank`, -1 for files that wait, which are not drawn.
    listed
        bool (n,).
    """
    all_listed = bool(listed.all())
    found = []
    for pale in (True, False):
        if pale and all_listed:
            continue
        for verdict in reversed(Status):
            mine = status == verdict.rank
            if not all_listed:
                mine &= ~listed if pale else listed
            if (rows := np.flatnonzero(mine)).size:
                found.append(Layer(verdict, pale, rows))
    return tuple(found)


def dot_size(count: int) -> float:
    """How large the dots of so many files are, in pixels of the window."""
    return next((size for most, size in _SIZES if count <= most), _SMALLEST)


class Dots:
    """Where the files' dots fall in a picture of so many pixels.

    Parameters
    ----------
    across, up
        float64 (n,): shares of the width from the left, and of the height from below; NaN for no dot.
    width, height
        Of the picture, in its own pixels.
    sharpness
        Of these pixels, how many make one of the window.
    """

    def __init__(self, across: Shares, up: Shares, width: int, height: int, sharpness: float = 1.0) -> None:
        self.width, self.height, self.sharpness = max(width, 1), max(height, 1), sharpness
        self.size = dot_size(len(up)) * sharpness
        self._reach = math.ceil(self.size * 0.7) + 1
        self._line = -(-(self.width + 2 * self._reach) // 4) * 4
        known = np.isfinite(up)
        x = np.clip(np.nan_to_num(across) * self.width, 0, self.width - 1).astype(np.int32)
        y = np.clip((1 - np.nan_to_num(up)) * self.height, 0, self.height - 1).astype(np.int32)
        self.known = known
        self._cells = np.where(known, y * np.int32(self._line) + x, np.int32(self.height * self._line))
        self._mask = np.zeros(self.height * self._line + 1, np.uint8)  # the last cell takes files without a dot

    @property
    def x(self) -> Places:
        """Pixels from the left, int32 (n,); of no meaning where `known` is False."""
        found: Places = self._cells % self._line
        return found

    @property
    def y(self) -> Places:
        """Pixels from the top, int32 (n,); of no meaning where `known` is False."""
        found: Places = self._cells // self._line
        return found

    def place(self, row: int) -> tuple[int, int]:
        """Pixels from the left and from the top of one file's dot."""
        y, x = divmod(int(self._cells[row]), self._line)
        return x, y

    def nearest(self, x: float, y: float, reach: float, listed: npt.NDArray[np.bool_]) -> int | None:
        """The file whose dot is nearest to a place, in pixels; one that is listed goes before one that is not.

        Parameters
        ----------
        reach
            No dot farther away counts.
        listed
            bool (n,).
        """
        near = np.flatnonzero(self.known & (np.abs(self.x - np.int32(x)) <= reach))
        away = np.hypot(self.x[near] - x, self.y[near] - y)
        away = np.where(away <= reach, away, np.inf) + np.where(listed[near], 0.0, reach)
        best = int(away.argmin()) if away.size else -1
        return int(near[best]) if best >= 0 and np.isfinite(away[best]) else None

    def within(self, left: float, top: float, right: float, bottom: float) -> Rows:
        """Files whose dots lie in a rectangle, in pixels; ascending."""
        x, y = self.x, self.y
        return np.flatnonzero(self.known & (x >= left - 1) & (x <= right) & (y >= top - 1) & (y <= bottom))

    def picture(self, layers: tuple[Layer, ...], palette: QPalette) -> QImage:
        """All dots on nothing; their plot begins `margin` from the left and from the top."""
        width, height = self._line, self.height + 2 * self._reach
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        for layer in layers:
            colour = theme.status_colour(layer.status, palette)
            pixels = _shades(colour.rgb(), PALE if layer.pale else 1.0)[self._stamped(layer)]
            painter.drawImage(0, 0, QImage(pixels.data, width, height, 4 * width, image.format()))
        painter.end()
        image.setDevicePixelRatio(self.sharpness)
        return image

    @property
    def margin(self) -> float:
        """How far the picture reaches over the plot on the left and at the top, in pixels of the window."""
        return self._reach / self.sharpness

    def _stamped(self, layer: Layer) -> npt.NDArray[np.uint8]:
        """Opacity of each pixel, 0 to 255: the mark of this verdict wherever one of its files is."""
        mask, line = self._mask, self._line
        mask[:] = 0
        mask[self._cells[layer.rows]] = 255
        cells = mask[:-1]
        stamped = np.zeros(
            (self.height + 2 * self._reach + 1) * line, np.uint8
        )  # the last line takes what reaches beyond
        shade = np.empty_like(cells)
        before = -1
        for opacity, row, column in _stamp(layer.status, self.size, self._reach):
            if opacity != before:
                np.bitwise_and(cells, np.uint8(opacity), out=shade)
                before = opacity
            at = row * line + column
            part = stamped[at : at + len(cells)]
            np.maximum(part, shade, out=part)
        return stamped


@functools.lru_cache(maxsize=64)
def _shades(colour: int, opacity: float) -> npt.NDArray[np.uint32]:
    """A colour in 256 opacities, premultiplied."""
    alpha = np.arange(256) * opacity
    parts = [alpha, *((colour >> shift & 255) * alpha / 255 for shift in (16, 8, 0))]
    a, r, g, b = (part.round().astype(np.uint32) for part in parts)
    shades: npt.NDArray[np.uint32] = a << np.uint32(24) | r << np.uint32(16) | g << np.uint32(8) | b
    return shades


@functools.lru_cache(maxsize=64)
def _stamp(status: Status, size: float, reach: int) -> tuple[tuple[int, int, int], ...]:
    """(opacity, row, column) of each pixel of a verdict's mark, by opacity."""
    side = 2 * reach + 1
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    paint_dot(painter, QPointF(side / 2, side / 2), status, size, QColor(Qt.GlobalColor.white))
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(side, -1)[:, :side] >> 24
    return tuple(sorted((int(pixels[y, x]), int(y), int(x)) for y, x in np.argwhere(pixels > 0)))


def paint_dot(painter: QPainter, at: QPointF, status: Status, size: float, colour: QColor) -> None:
    """One verdict's mark: a disc, a triangle, a cross or a diamond."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    x, y, half = at.x(), at.y(), size / 2
    if status is Status.WARN:
        r = half * 1.3
        corners = [QPointF(x, y - r), QPointF(x + r, y + r * 0.8), QPointF(x - r, y + r * 0.8)]
        painter.drawPolygon(QPolygonF(corners))
    elif status is Status.FAIL:
        r = half * 1.05
        painter.setPen(QPen(colour, max(size * 0.32, 1.2)))
        painter.drawLine(QPointF(x - r, y - r), QPointF(x + r, y + r))
        painter.drawLine(QPointF(x - r, y + r), QPointF(x + r, y - r))
    elif status is Status.ERROR:
        r = half * 1.35
        painter.drawPolygon(QPolygonF([QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)]))
    else:
        r = half * 0.92
        painter.drawEllipse(QRectF(x - r, y - r, 2 * r, 2 * r))
