"""Where the object goes and where its trajectory says it should, over the frame and, when it leaves it, beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPalette, QPen, QPixmap, QTransform

from inspector.gui import theme
from inspector.gui.models.sample_facts import Path
from inspector.render.picture import Bounds, fit

_LEAST, _MOST = 112.0, 260.0  # side of the overview
_ROUND = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
_RING = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Two paths of one sample, each (T, 2) in pixels, the middle of the first one being (0, 0), or None.

    Attributes
    ----------
    measured
        Where the object is.
    projected
        Where its trajectory lies, as the camera sees it.
    """

    measured: Path | None = None
    projected: Path | None = None

    def styled(self) -> Sequence[tuple[Path, str, bool]]:
        """Each path there is, the lower one first, with its colour and whether it is dashed."""
        both = ((self.projected, PROJECTED, True), (self.measured, MEASURED, False))
        return [(path, colour, dashed) for path, colour, dashed in both if path is not None]

    def extent(self, width: int, height: int) -> Bounds:
        """(x0, y0, x1, y1) of both paths and the frame."""
        known = [path[np.isfinite(path).all(axis=1)] + 0.5 for path, _, _ in self.styled()]
        corners = np.concatenate([*known, [[0.0, 0.0], [width, height]]])
        (x0, y0), (x1, y1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        return x0, y0, x1, y1


MEASURED, PROJECTED = "#D55E00", "#009E73"
"""Colours of the two paths, seen on white and on black; they are told apart by dashes as well."""


class PathLayer:
    """Draws paths; keeps their picture while only the frame changes, because soft wide lines are slow to draw."""

    def __init__(self) -> None:
        self._kept: tuple[object, QPixmap] | None = None

    def paint(
        self,
        painter: QPainter,
        paths: Paths,
        frame: int,
        image: QImage,
        transform: QTransform,
        canvas: QRect,
        palette: QPalette,
    ) -> None:
        """Lines through all places and rings at a frame's; an overview where a path leaves the frame.

        Parameters
        ----------
        transform
            From the frame's pixels, whose first one spans 0 to 1, to the canvas.
        """
        styled = paths.styled()
        if not styled:
            return
        extent = paths.extent(image.width(), image.height())
        aside = extent != (0.0, 0.0, float(image.width()), float(image.height()))
        box = _beside(canvas, transform.mapRect(QRectF(image.rect()))) if aside else QRectF()
        overview = fit(extent, box.adjusted(theme.GRID, theme.GRID, -theme.GRID, -theme.GRID))
        painter.save()
        if aside:
            place = overview.mapRect(QRectF(image.rect()))
            painter.fillRect(box, palette.color(QPalette.ColorRole.Window))
            painter.drawImage(place, image, QRectF(image.rect()))
            painter.setPen(theme.muted(palette))
            painter.drawRect(place)
        painter.drawPixmap(0, 0, self._lines(painter, styled, transform, overview, box, canvas.size()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for path, colour, _ in styled:
            _paint_ring(painter, path, frame, transform, colour, halo=True)
            if aside:
                _paint_ring(painter, path, frame, overview, colour, halo=False)
        if aside:
            painter.setPen(theme.line(palette))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.restore()

    def _lines(
        self,
        painter: QPainter,
        styled: Sequence[tuple[Path, str, bool]],
        transform: QTransform,
        overview: QTransform,
        box: QRectF,
        size: QSize,
    ) -> QPixmap:
        sharp = painter.device().devicePixelRatio()
        key = ([(path.tobytes(), colour) for path, colour, _ in styled], transform, overview, box, size, sharp)
        if self._kept is None or self._kept[0] != key:
            picture = QPixmap(size * sharp)
            picture.setDevicePixelRatio(sharp)
            picture.fill(Qt.GlobalColor.transparent)
            lines = QPainter(picture)
            lines.setRenderHint(QPainter.RenderHint.Antialiasing)
            for path, colour, dashed in styled:
                _paint_line(lines, path, transform, colour, dashed=dashed, halo=True)
            lines.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            lines.fillRect(box, Qt.GlobalColor.transparent)
            lines.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            for path, colour, dashed in styled if not box.isEmpty() else ():
                _paint_line(lines, path, overview, colour, dashed=dashed, halo=False)
            lines.end()
            self._kept = key, picture
        return self._kept[1]


def _beside(canvas: QRect, frame: QRectF) -> QRectF:
    """A square in the upper right corner: as large as the room beside the frame, within reason."""
    room = canvas.right() - frame.right() - 3 * theme.GRID
    side = math.floor(min(max(room, _LEAST), _MOST, canvas.height() - 2.0 * theme.GRID))
    return QRectF(canvas.right() - theme.GRID - side, canvas.top() + theme.GRID, side, side)


def _paint_line(painter: QPainter, path: Path, transform: QTransform, colour: str, *, dashed: bool, halo: bool) -> None:
    """A line through all places, broken where there is none; a halo sets it off from the frame below."""
    line, broken = QPainterPath(), True
    for x, y in path.tolist():
        if not (math.isfinite(x) and math.isfinite(y)):
            broken = True
            continue
        place = transform.map(QPointF(x + 0.5, y + 0.5))
        if broken:
            line.moveTo(place)
        else:
            line.lineTo(place)
        broken = False
    if halo:
        painter.strokePath(line, QPen(_glow(), 4, Qt.PenStyle.SolidLine, *_ROUND))
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    painter.strokePath(line, QPen(QColor(colour), 1.6, style, *_ROUND))


def _paint_ring(painter: QPainter, path: Path, frame: int, transform: QTransform, colour: str, *, halo: bool) -> None:
    if not 0 <= frame < len(path) or not np.isfinite(path[frame]).all():
        return
    here = transform.map(QPointF(*(path[frame] + 0.5).tolist()))
    if halo:
        painter.setPen(QPen(_glow(), 4.5))
        painter.drawEllipse(here, _RING, _RING)
    painter.setPen(QPen(QColor(colour), 2.0))
    painter.drawEllipse(here, _RING, _RING)


def _glow() -> QColor:
    glow = QColor("#FFFFFF")
    glow.setAlphaF(0.7)
    return glow
