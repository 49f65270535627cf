"""Draws the path of a sample's object from three sides; the window, pictures and films all draw through here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from inspector.render.colour import mixed
from inspector.render.palette import class_colour
from inspector.render.plot2d import Plane, paint_grid
from inspector.render.plot3d import Camera, paint_box
from inspector.render.style import Style
from inspector.render.text import text_font

View = Literal["xy", "xz", "3d"]
Points = npt.NDArray[np.float64]

# Coordinates beyond are pulled in, so that differences and squares of them stay finite.
_HUGE = 1e100
_FAR = 1e6
# Share of the greatest extent that each axis has at least, so that a straight path is not squeezed to a line.
_THINNEST = 0.2
_MARGIN = 0.06
_DOTTED_FRAMES = 64


class TrajectoryPainter:
    """Knows a path and others to compare it with; draws it from any side, up to any frame.

    Parameters
    ----------
    path
        (T, D) with D 2 or 3, y up; what is not finite breaks the line.
    others
        (M, T', D), or M arrays of (T', D): other samples of the class, drawn faint behind.
    colour
        ``#RRGGBB``; the first class's by default.

    Raises
    ------
    ValueError
        When shapes disagree.
    """

    def __init__(
        self,
        path: npt.ArrayLike,
        others: Sequence[npt.ArrayLike] | npt.NDArray[np.generic] = (),
        colour: str = class_colour(0),
    ) -> None:
        self.path = _checked(path)
        self.dimensions = int(np.shape(path)[1])
        self.colour = colour
        behind = [_checked(other) for other in others]
        if any(np.shape(other)[1] != self.dimensions for other in others):
            raise ValueError(f"expected others of {self.dimensions} dimensions, as the path has")
        self.low, self.high = _limits([self.path, *behind])
        self._steps = _steps(behind)  # (n, 2 ends, 3)
        self._made: dict[View, tuple[object, QImage]] = {}

    def __len__(self) -> int:
        return len(self.path)

    @property
    def views(self) -> tuple[View, ...]:
        """The sides from which there is something to see."""
        return ("xy", "xz", "3d") if self.dimensions == 3 else ("xy",)

    def device(
        self, rect: QRectF, view: View, *, azimuth: float = -60.0, elevation: float = 30.0, style: Style
    ) -> Points:
        """(T, 2) places of the path's points on the picture; non-finite where there is none."""
        return _mapped(self._scene(rect, view, azimuth, elevation, style), self.path)

    def paint(
        self,
        painter: QPainter,
        rect: QRectF,
        view: View,
        *,
        frame: int | None = None,
        azimuth: float = -60.0,
        elevation: float = 30.0,
        style: Style,
    ) -> None:
        """Draw one view, its background and axes included.

        Parameters
        ----------
        painter
            Open on any paint device; its state is left as found.
        rect
            Where, with everything that is written beside the axes.
        view
            ``xy`` and ``xz`` from the front and above, in equal units; ``3d`` without perspective.
        frame
            How far the object has gone; None or a frame past the last: all the way, and no cursor.
        azimuth, elevation
            Where ``3d`` is seen from, in degrees: around z from the x axis, and up from the xy plane.
        """
        if rect.width() < 2 or rect.height() < 2:
            return
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        scene = self._scene(rect, view, azimuth, elevation, style)
        painter.drawImage(rect.topLeft(), self._background(painter, rect, view, scene, style))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_path(painter, _mapped(scene, self.path), frame, style)
        painter.restore()

    def _scene(self, rect: QRectF, view: View, azimuth: float, elevation: float, style: Style) -> Plane | Camera:
        if view == "3d":
            return Camera.fitting(rect, self.low, self.high, azimuth, elevation, style)
        return Plane.fitting(rect, self.low, self.high, (0, 1) if view == "xy" else (0, 2), style)

    def _background(self, painter: QPainter, rect: QRectF, view: View, scene: Plane | Camera, style: Style) -> QImage:
        """All that does not change from frame to frame, drawn once."""
        sharpness = painter.device().devicePixelRatio()
        key = (rect.width(), rect.height(), scene.moved(-rect.topLeft()), style, sharpness, self.colour)
        kept = self._made.get(view)
        if kept is not None and kept[0] == key:
            return kept[1]
        image = QImage(
            max(1, round(rect.width() * sharpness)),
            max(1, round(rect.height() * sharpness)),
            QImage.Format.Format_RGB32,
        )
        image.setDevicePixelRatio(sharpness)
        image.fill(QColor(style.background))
        on = QPainter(image)
        on.translate(-rect.topLeft())
        behind = QColor(style.background)
        if isinstance(scene, Camera):
            paint_box(on, scene, style)
            on.setRenderHint(QPainter.RenderHint.Antialiasing)
            # What lies in the air has no depth without a shadow on the floor.
            floor = self.path.copy()
            floor[:, 2] = self.low[2]
            _draw_steps(on, _steps([_mapped(scene, floor)]), mixed(QColor(style.neutral), behind, 0.45), 1.5)
        else:
            paint_grid(on, scene, style)
            on.setClipRect(scene.area)
            on.setRenderHint(QPainter.RenderHint.Antialiasing)
        others = _mapped(scene, self._steps.reshape(-1, 3)).reshape(-1, 2, 2)
        _draw_steps(on, others, mixed(QColor(style.neutral), behind, 0.35), 1.0)
        path = _mapped(scene, self.path)
        _draw_steps(on, _steps([path]), mixed(QColor(self.colour), behind, 0.6), 1.5)
        on.end()
        self._made[view] = (key, image)
        return image

    def _paint_path(self, painter: QPainter, places: Points, frame: int | None, style: Style) -> None:
        """The way so far, then the marks on it."""
        last = len(places) - 1
        gone = last if frame is None or frame > last else max(frame, 0)
        colour, ground = QColor(self.colour), QColor(style.background)
        _draw_steps(painter, _steps([places[: gone + 1]]), colour, 2.25)
        there = np.isfinite(places[:, 0])  # no point has only one place
        if len(places) <= _DOTTED_FRAMES:
            painter.setPen(Qt.PenStyle.NoPen)
            for chosen, shade in ((slice(gone + 1, None), mixed(colour, ground, 0.65)), (slice(0, gone + 1), colour)):
                painter.setBrush(shade)
                for x, y in places[chosen][there[chosen]].tolist():
                    painter.drawEllipse(QPointF(x, y), 2.5, 2.5)
        which = np.flatnonzero(there)
        if not which.size:
            return
        _paint_start(painter, QPointF(*places[which[0]].tolist()), colour, ground)
        _paint_end(painter, QPointF(*places[which[-1]].tolist()), colour, ground)
        if frame is not None and 0 <= frame <= last and there[frame]:
            painter.setBrush(QColor(style.accent))
            painter.setPen(QPen(ground, 1.5))
            painter.drawEllipse(QPointF(*places[frame].tolist()), 5.0, 5.0)


def paint_marks_legend(painter: QPainter, rect: QRectF, style: Style) -> None:
    """What the marks and lines mean, on one line."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = text_font(style.label + 4)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    colour, ground = QColor(style.text), QColor(style.background)
    faint = mixed(QColor(style.neutral), ground, 0.7)
    x, y = rect.left(), rect.center().y()
    for text in ("start", "end", "other samples"):
        if text == "start":
            _paint_start(painter, QPointF(x + 10, y), colour, ground)
        elif text == "end":
            _paint_end(painter, QPointF(x + 10, y), colour, ground)
        else:
            painter.setPen(QPen(faint, 1.5))
            painter.drawLine(QPointF(x, y), QPointF(x + 20, y))
        painter.setPen(QColor(style.caption))
        width = metrics.horizontalAdvance(text)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(x + 26, rect.top(), width + 4, rect.height()), flags, text)
        x += 26 + width + 28
    painter.restore()


def _paint_start(painter: QPainter, at: QPointF, colour: QColor, ground: QColor) -> None:
    painter.setBrush(ground)
    painter.setPen(QPen(colour, 2.0))
    painter.drawEllipse(at, 7.5, 7.5)


def _paint_end(painter: QPainter, at: QPointF, colour: QColor, ground: QColor) -> None:
    """So much smaller than the start that both are seen on one spot."""
    painter.setBrush(colour)
    painter.setPen(QPen(ground, 1.0))
    painter.drawRect(QRectF(at.x() - 4.5, at.y() - 4.5, 9, 9))


def _checked(path: npt.ArrayLike) -> Points:
    """As (T, 3) floats, NaN for what is not finite and zero for z where there is none."""
    points = np.asarray(path)
    if points.ndim != 2 or points.shape[1] not in (2, 3) or points.dtype.kind not in "buif":
        raise ValueError(f"expected a path (T, 2) or (T, 3) of numbers, got {points.dtype} {points.shape}")
    found = np.zeros((len(points), 3))
    finite = np.isfinite(points)
    found[:, : points.shape[1]] = np.where(finite, np.clip(points, -_HUGE, _HUGE), np.nan)
    found[~finite.all(axis=1)] = np.nan
    return found


def _limits(paths: list[Points]) -> tuple[Points, Points]:
    """Least and greatest (3,) of all paths with a margin; never equal."""
    points = np.concatenate(paths)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return np.zeros(3), np.ones(3)
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, (high - low) / 2
    least = max(float(np.abs(middle).max()) * 1e-9, 1e-100)
    if half.max() <= least:  # nothing moves: a range in which that is plain to see
        half[:] = max(float(np.abs(middle).max()) * 0.1, least) if middle.any() else 1.0
    half = np.maximum(half, _THINNEST * half.max()) * (1 + 2 * _MARGIN)
    return middle - half, middle + half


def _steps(paths: list[Points]) -> Points:
    """(n, 2 ends, D): the lines between points next to each other that have two finite ends."""
    lines = [np.stack([path[:-1], path[1:]], axis=1) for path in paths if len(path) > 1]
    if not lines:
        return np.empty((0, 2, paths[0].shape[1] if paths else 3))
    found = np.concatenate(lines)
    whole: Points = found[np.isfinite(found).all(axis=(1, 2))]
    return whole


def _mapped(scene: Plane | Camera, points: Points) -> Points:
    """(n, 2) places on the picture; those far outside are pulled in: the rasteriser would take very long for them."""
    places: Points = np.clip(scene.map(points), -_FAR, _FAR)
    return places


def _draw_steps(painter: QPainter, steps: Points, colour: QColor, width: float) -> None:
    if len(steps):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLines([QLineF(*row) for row in steps.reshape(-1, 4).tolist()])
