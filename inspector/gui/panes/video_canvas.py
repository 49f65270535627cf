"""The frame that is shown, large: zooms at the pointer, pans, and tells the values of the pixel under it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from inspector.audit.pixels import AnyArray
from inspector.gui import theme
from inspector.gui.panes import video_art
from inspector.gui.panes.camera import Camera
from inspector.gui.panes.video_art import Entry
from inspector.gui.panes.video_paths import PathLayer, Paths
from inspector.gui.panes.zoom_canvas import ZoomCanvas
from inspector.render.picture import Bounds

_MARGIN = theme.GRID
_DIMMED = 0.35
_NO_PATHS = Paths()


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What the canvas shows.

    Attributes
    ----------
    image
        The frame's picture; null where there is none: then `words` are shown.
    pixels
        (H, W, C) values of that frame in the file's dtype, for the callout; None where they are not known.
    frame
        Its number in the sample.
    paths
        Of the sample, where they are to be drawn.
    legend
        What colours mean.
    dimmed
        Another sample is on its way.
    """

    image: QImage
    pixels: AnyArray | None = None
    frame: int = 0
    paths: Paths = _NO_PATHS
    legend: tuple[Entry, ...] = ()
    dimmed: bool = False
    words: str = ""


class VideoCanvas(ZoomCanvas):
    """Paints a `Scene`; knows nothing of files or playback."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Video canvas", parent)
        self._scene = Scene(QImage())
        self._layer = PathLayer()

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self._scene

    def shows_something(self) -> bool:
        """Whether there is a frame."""
        return not self._scene.image.isNull()

    def show_scene(self, scene: Scene) -> None:
        """Show another frame; another size of frames ends the zoom."""
        if not scene.image.isNull() and scene.image.size() != self._scene.image.size():
            self.look(Camera())
        self._scene = scene
        self.update()

    def sizeHint(self) -> QSize:
        """A comfortable square."""
        return QSize(60 * theme.GRID, 48 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        """Small, yet large enough to see what moves."""
        return QSize(20 * theme.GRID, 12 * theme.GRID)

    # --- painting --------------------------------------------------------------------------------------------

    def paint_pointed(self, painter: QPainter, pointer: QPointF) -> None:
        """Tell the pixel under the pointer."""
        pixel = None if self._scene.dimmed else self.pixel_at(pointer)
        if pixel is not None:
            self._paint_callout(painter, pixel)

    def paint_scene(self, painter: QPainter) -> None:
        """Draw the frame, or words."""
        scene, palette = self._scene, self.palette()
        painter.fillRect(self.rect(), theme.canvas(palette))
        if scene.image.isNull():
            painter.setPen(theme.muted(palette))
            space = self.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
            painter.drawText(space, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, scene.words)
            return
        transform = self.transform
        place = transform.mapRect(QRectF(scene.image.rect()))
        painter.save()
        painter.setOpacity(_DIMMED if scene.dimmed else 1.0)
        # Only a frame that does not fit is smoothed: its pixels are smaller than the screen's.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, transform.m11() < 1)
        painter.drawImage(place, scene.image, QRectF(scene.image.rect()))
        painter.restore()
        painter.setPen(theme.line(palette))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
        if not scene.dimmed:
            self._layer.paint(painter, scene.paths, scene.frame, scene.image, transform, self.rect(), palette)
            video_art.paint_legend(painter, self.rect(), scene.legend, palette)

    def _paint_callout(self, painter: QPainter, pixel: tuple[int, int]) -> None:
        x, y = pixel
        place = self.transform.mapRect(QRectF(x, y, 1, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if place.width() >= 3:
            for pen, by in ((QColor("#FFFFFF"), 0), (QColor("#000000"), 1)):
                painter.setPen(pen)
                painter.drawRect(place.adjusted(-by, -by, by - 1, by - 1))
        video_art.paint_callout(
            painter, self.rect(), place, self.describe(x, y).split("\n"), self.palette(), self.font()
        )

    def bounds(self) -> Bounds:
        """In pixels of the frame, whose first one spans 0 to 1."""
        size = self._scene.image.size()
        return 0.0, 0.0, float(max(1, size.width())), float(max(1, size.height()))

    def inside(self) -> QRectF:
        """Where the frame fits: enlarged by a whole number, and on whole pixels of the widget."""
        space = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        _, _, width, height = self.bounds()
        factor = min(space.width() / width, space.height() / height)
        if factor < 1:
            return space
        factor = math.floor(factor)
        fitted = QRectF(0, 0, width * factor, height * factor)
        fitted.moveCenter(space.center())
        fitted.moveTopLeft(QPointF(math.floor(fitted.left()), math.floor(fitted.top())))
        return fitted

    # --- what is under the pointer ---------------------------------------------------------------------------

    def pixel_at(self, place: QPointF) -> tuple[int, int] | None:
        """The (x, y) of the frame's pixel at a place of the widget, or None beside the frame."""
        scene = self._scene
        if scene.image.isNull():
            return None
        found = self.transform.inverted()[0].map(place)
        x, y = math.floor(found.x()), math.floor(found.y())
        return (x, y) if 0 <= x < scene.image.width() and 0 <= y < scene.image.height() else None

    def describe(self, x: int, y: int) -> str:
        """A pixel in two lines: where it is, then its values as in the file."""
        pixels = self._scene.pixels
        if pixels is None or not (y < pixels.shape[0] and x < pixels.shape[1]):
            return f"x {x}   y {y}"
        values = "   ".join(_value_text(value) for value in pixels[y, x])
        return f"x {x}   y {y}\n{values}"


def _value_text(value: np.generic) -> str:
    return f"{float(value):.4g}" if value.dtype.kind == "f" else str(value.item())
