"""Draws one frame of a clip's points and bones; the window, pictures and videos all draw through here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from inspector.profiles.model import Skeleton
from inspector.render.colour import mixed
from inspector.render.labels import Labels
from inspector.render.layers import Layer, Pairs, layers_of
from inspector.render.style import USUAL, Layers, Style

Device = npt.NDArray[np.float64]

# Positions this far outside the picture are pulled in: the rasteriser would take very long for them.
_FAR = 1e6
_TRAIL_STEPS = 4
# A step of a trail shorter than this is not worth a line.
_STILL = 0.5
_POINT_OF_SPACING = 0.42
_BONE_OF_SPACING = 0.14


@dataclass(frozen=True, slots=True)
class _Still:
    """One frame as it is drawn.

    Attributes
    ----------
    xy
        (J, 2): places on the picture.
    seen, shown
        bool (J,): which points were detected, and which are drawn.
    scale
        Pixels per unit of the clip.
    """

    xy: Device
    seen: npt.NDArray[np.bool_]
    shown: npt.NDArray[np.bool_]
    scale: float


class SkeletonPainter:
    """Knows a clip and how it is joined; draws any of its frames.

    Parameters
    ----------
    points
        float32 (T, J, 2), y down; non-finite where there is no position.
    visible
        bool (T, J).
    skeleton
        Names, groups and bones of the J points, or None: all points in one colour, no bones.

    Raises
    ------
    ValueError
        When shapes or point counts disagree.
    """

    def __init__(
        self, points: npt.NDArray[np.float32], visible: npt.NDArray[np.bool_], skeleton: Skeleton | None = None
    ) -> None:
        if points.ndim != 3 or points.shape[2] != 2 or visible.shape != points.shape[:2]:
            raise ValueError(f"expected points (T, J, 2) and visible (T, J), got {points.shape} and {visible.shape}")
        self.points = points
        self.visible = visible
        self.skeleton = skeleton
        self.layers = layers_of(points, visible, skeleton)
        self._owner = np.zeros(points.shape[1], dtype=np.intp)
        for number, layer in enumerate(self.layers):
            self._owner[layer.points] = number
        self._labels = Labels()

    def __len__(self) -> int:
        return len(self.points)

    def placed(self, frame: int) -> npt.NDArray[np.bool_]:
        """(J,): which points have a position in a frame.

        Undetected points sit at exactly (0, 0): that is no position unless the point is visible there.
        """
        xy = self.points[frame]
        placed: npt.NDArray[np.bool_] = np.isfinite(xy).all(axis=1) & (self.visible[frame] | (xy != 0).any(axis=1))
        return placed

    def counts(self, frame: int) -> tuple[tuple[int, int], ...]:
        """For each layer, how many of its points are visible in a frame, and of how many."""
        seen = self.visible[frame]
        return tuple((int(seen[layer.points].sum()), len(layer.points)) for layer in self.layers)

    def device(self, frame: int, transform: QTransform) -> Device:
        """(J, 2) positions of a frame's points on the picture; non-finite where there is none."""
        return _map(self.points[frame], transform)

    def paint(
        self,
        painter: QPainter,
        frame: int,
        transform: QTransform,
        style: Style,
        layers: Layers = USUAL,
        highlight: Collection[int] = (),
    ) -> None:
        """Draw one frame; the background is the caller's.

        Parameters
        ----------
        painter
            Open on any paint device; its state is left as found.
        transform
            From the clip's units to the painter's pixels: scaling and moving only.
        highlight
            Indices of points to put a ring around.
        """
        painter.save()
        if layers.square:
            painter.setPen(QPen(QColor(style.outline), 0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(transform.mapRect(QRectF(0, 0, 1, 1)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if 0 <= frame < len(self):
            self._paint(painter, frame, transform, style, layers, highlight)
        painter.restore()

    def _paint(
        self,
        painter: QPainter,
        frame: int,
        transform: QTransform,
        style: Style,
        layers: Layers,
        highlight: Collection[int],
    ) -> None:
        xy = self.device(frame, transform)
        placed = self.placed(frame)
        seen = self.visible[frame] & placed
        shown = placed if layers.hidden else seen
        still = _Still(xy, seen, shown, max(abs(transform.m11()), abs(transform.m22())))
        if layers.trails:
            self._paint_trails(painter, frame, transform, style)
        if layers.bones:
            for layer in self.layers:
                _paint_lines(painter, layer, still, style)
        for layer in self.layers:
            _paint_points(painter, layer, still, style)
        marked = [j for j in highlight if 0 <= j < len(xy) and placed[j]]
        if marked:
            _paint_rings(painter, xy[marked], style)
        if layers.ids:
            which = np.flatnonzero(shown)
            self._labels.paint(painter, which, xy[which], style)

    def _paint_trails(self, painter: QPainter, frame: int, transform: QTransform, style: Style) -> None:
        """Where visible points were in the frames before, fading with age, broken where one was not seen."""
        first = max(0, frame - style.trail_frames)
        recent = self.points[first : frame + 1]
        seen = self.visible[first : frame + 1] & np.isfinite(recent).all(axis=2)
        path = _map(recent, transform)
        steps = seen[1:] & seen[:-1] & (np.abs(path[1:] - path[:-1]).max(axis=2) > _STILL)
        when, who = np.nonzero(steps)
        lines = np.concatenate([path[when, who], path[when + 1, who]], axis=1)
        age = (frame - first - 1 - when) * _TRAIL_STEPS // style.trail_frames
        shade = self._owner[who] * _TRAIL_STEPS + (_TRAIL_STEPS - 1 - age)
        for value in np.unique(shade).tolist():
            layer, fresh = divmod(value, _TRAIL_STEPS)
            opacity = 0.6 * (fresh + 1) / _TRAIL_STEPS
            painter.setPen(_pen(_colour(self.layers[layer], style, opacity), 1.0))
            painter.drawLines([QLineF(*row) for row in lines[shade == value].tolist()])


def _map(points: npt.NDArray[np.float32], transform: QTransform) -> Device:
    scale = np.array([transform.m11(), transform.m22()])
    moved = np.array([transform.dx(), transform.dy()])
    with np.errstate(invalid="ignore"):
        places: Device = np.clip(points * scale + moved, -_FAR, _FAR)
    return places


def _sized(wanted: float, limits: tuple[float, float]) -> float:
    """A size within its limits; the largest where the wanted one is unknown."""
    least, most = limits
    return most if not np.isfinite(wanted) else min(max(wanted, least), most)


def _colour(layer: Layer, style: Style, opacity: float = 1.0) -> QColor:
    """A layer's colour, thinned by mixing it with the background: lines that let light through are six times slower."""
    full = QColor(layer.colour or style.neutral)
    return full if opacity >= 1 else mixed(full, QColor(style.background), opacity)


def _pen(colour: QColor, width: float) -> QPen:
    # Flat ends: points lie on them anyway, and round ones are drawn six times slower.
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)


def _segments(xy: Device, pairs: Pairs) -> list[QLineF]:
    return [QLineF(*row) for row in xy[pairs].reshape(-1, 4).tolist()]


def _paint_lines(painter: QPainter, layer: Layer, still: _Still, style: Style) -> None:
    width = _sized(_BONE_OF_SPACING * layer.spacing * still.scale, style.bone)
    for pairs, wide in ((layer.contours, style.contour), (layer.bones, width)):
        sure = still.seen[pairs].all(axis=1)
        unsure = still.shown[pairs].all(axis=1) & ~sure
        if unsure.any():
            painter.setPen(_pen(_colour(layer, style, style.faint), 1.0))
            painter.drawLines(_segments(still.xy, pairs[unsure]))
        if sure.any():
            painter.setPen(_pen(_colour(layer, style), wide))
            painter.drawLines(_segments(still.xy, pairs[sure]))


def _paint_points(painter: QPainter, layer: Layer, still: _Still, style: Style) -> None:
    """Hollow marks first, so that what was seen lies on top."""
    size = _sized(_POINT_OF_SPACING * layer.spacing * still.scale, style.point)
    colour = _colour(layer, style)
    seen, xy = still.seen[layer.points], still.xy
    hollow = layer.points[still.shown[layer.points] & ~seen]
    filled = layer.points[seen]
    if hollow.size:
        painter.setPen(_pen(colour, 1.0))
        painter.setBrush(QColor(style.background))
        for x, y in xy[hollow].tolist():
            painter.drawEllipse(QPointF(x, y), size / 2, size / 2)
    if filled.size:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for x, y in xy[filled].tolist():
            painter.drawEllipse(QPointF(x, y), size / 2, size / 2)


def _paint_rings(painter: QPainter, xy: Device, style: Style) -> None:
    radius = style.point[1]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((style.background, 3.5), (style.ring, 1.75)):
        painter.setPen(_pen(QColor(colour), width))
        for x, y in xy.tolist():
            painter.drawEllipse(QPointF(x, y), radius, radius)
