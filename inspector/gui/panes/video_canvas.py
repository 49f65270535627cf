"""The frame that is shown, large: zooms at the pointer, pans, and tells the values of the pixel under it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.audit.pixels import AnyArray
from inspector.gui import theme
from inspector.gui.panes import video_art
from inspector.gui.panes.camera import ZOOM_STEP, Camera
from inspector.gui.panes.video_art import Entry
from inspector.gui.panes.video_paths import PathLayer, Paths
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


class VideoCanvas(QWidget):
    """Paints a `Scene`; knows nothing of files or playback.

    Signals
    -------
    camera_changed()
        Zoomed, panned or reset.
    step_requested(int)
        Shift+wheel: so many frames on, or back when negative.
    """

    camera_changed = Signal()
    step_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Video canvas")
        self.setAccessibleDescription("Wheel zooms, drag pans, double-click fits; plus, minus and 0 do the same.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._scene = Scene(QImage())
        self._camera = Camera()
        self._layer = PathLayer()
        self._held: QPointF | None = None
        self._pointer: QPointF | None = None

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self._scene

    @property
    def camera(self) -> Camera:
        """Where the viewer stands."""
        return self._camera

    @property
    def transform(self) -> QTransform:
        """From the frame's pixels, whose first one spans 0 to 1, to this widget's."""
        return self._camera.transform(self._bounds, self._inside())

    def show_scene(self, scene: Scene) -> None:
        """Show another frame; another size of frames ends the zoom."""
        if not scene.image.isNull() and scene.image.size() != self._scene.image.size():
            self.look(Camera())
        self._scene = scene
        self.update()

    def look(self, camera: Camera) -> None:
        """Move the viewer."""
        if camera != self._camera:
            self._camera = camera
            self.camera_changed.emit()
            self.update()

    def fit(self) -> None:
        """Show the whole."""
        self.look(Camera())

    def image(self, sharpness: float = 2.0) -> QImage:
        """What is shown, without the pointer's callout, as a picture `sharpness` times as dense as the widget."""
        image = QImage(self.size() * sharpness, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(sharpness)
        painter = QPainter(image)
        self._paint(painter)
        painter.end()
        return image

    def sizeHint(self) -> QSize:
        """A comfortable square."""
        return QSize(60 * theme.GRID, 48 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        """Small, yet large enough to see what moves."""
        return QSize(20 * theme.GRID, 12 * theme.GRID)

    # --- painting --------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The scene, and what is under the pointer."""
        painter = QPainter(self)
        self._paint(painter)
        if self._pointer is not None and self._held is None and not self._scene.dimmed:
            pixel = self.pixel_at(self._pointer)
            if pixel is not None:
                self._paint_callout(painter, pixel)
        painter.end()

    def _paint(self, painter: QPainter) -> None:
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

    @property
    def _bounds(self) -> Bounds:
        size = self._scene.image.size()
        return 0.0, 0.0, float(max(1, size.width())), float(max(1, size.height()))

    def _inside(self) -> QRectF:
        """Where the frame fits: enlarged by a whole number, and on whole pixels of the widget."""
        space = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        _, _, width, height = self._bounds
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

    # --- hands -----------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; with Shift, step through frames."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        if self._scene.image.isNull() or not turned:
            event.ignore()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.step_requested.emit(-1 if turned > 0 else 1)
        else:
            self._zoom(ZOOM_STEP ** (turned / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        held = event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)
        if held and not self._scene.image.isNull():
            self._held = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while held; else tell the pixel under the pointer."""
        self._pointer = event.position()
        if self._held is not None:
            moved = event.position() - self._held
            self._held = event.position()
            self.look(self._camera.panned(moved, self._bounds, self._inside()))
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let the picture go."""
        self._held = None
        self.unsetCursor()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._pointer = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus, minus and 0 zoom."""
        middle = QRectF(self.rect()).center()
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(ZOOM_STEP, middle)
        elif event.key() == Qt.Key.Key_Minus:
            self._zoom(1 / ZOOM_STEP, middle)
        elif event.key() == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    def _zoom(self, factor: float, at: QPointF) -> None:
        if not self._scene.image.isNull():
            self.look(self._camera.zoomed(factor, at, self._bounds, self._inside()))


def _value_text(value: np.generic) -> str:
    return f"{float(value):.4g}" if value.dtype.kind == "f" else str(value.item())
