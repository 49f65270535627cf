"""A picture to look into: the wheel zooms at the pointer, dragging pans, a double-click fits, keys do the same."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.gui.panes.camera import ZOOM_STEP, Camera
from inspector.render.picture import Bounds


class ZoomCanvas(QWidget):
    """What canvases have in common; each says what it shows, where that fits, and how it is painted.

    Signals
    -------
    camera_changed()
        Zoomed, panned or reset.
    step_requested(int)
        Shift+wheel: so many frames on, or back when negative.
    """

    camera_changed = Signal()
    step_requested = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAccessibleDescription("Wheel zooms, drag pans, double-click fits; plus, minus and 0 do the same.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._camera = Camera()
        self._held: QPointF | None = None
        self._pointer: QPointF | None = None

    # --- what each canvas says -------------------------------------------------------------------------------

    def shows_something(self) -> bool:
        """Whether there is a picture to look into."""
        raise NotImplementedError

    def bounds(self) -> Bounds:
        """(x0, y0, x1, y1) that the fitted view shows, in the picture's own units."""
        raise NotImplementedError

    def inside(self) -> QRectF:
        """Where on the widget that fits."""
        raise NotImplementedError

    def paint_scene(self, painter: QPainter) -> None:
        """Draw everything but what is under the pointer."""
        raise NotImplementedError

    def paint_pointed(self, painter: QPainter, pointer: QPointF) -> None:
        """Draw what is to be said of the place under the pointer."""
        raise NotImplementedError

    # --- the viewer ------------------------------------------------------------------------------------------

    @property
    def camera(self) -> Camera:
        """Where the viewer stands."""
        return self._camera

    @property
    def transform(self) -> QTransform:
        """From the picture's own units to this widget's pixels."""
        return self._camera.transform(self.bounds(), self.inside())

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
        self.paint_scene(painter)
        painter.end()
        return image

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The scene, and what is under the pointer."""
        painter = QPainter(self)
        self.paint_scene(painter)
        if self._pointer is not None and self._held is None:
            self.paint_pointed(painter, self._pointer)
        painter.end()

    # --- hands -----------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; with Shift, step through frames."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        if not self.shows_something() or not turned:
            event.ignore()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.step_requested.emit(-1 if turned > 0 else 1)
        else:
            self._zoom(ZOOM_STEP ** (turned / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) and self.shows_something():
            self._held = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while held; else tell what is under the pointer."""
        self._pointer = event.position()
        if self._held is not None:
            moved = event.position() - self._held
            self._held = event.position()
            self.look(self._camera.panned(moved, self.bounds(), self.inside()))
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
        if self.shows_something():
            self.look(self._camera.zoomed(factor, at, self.bounds(), self.inside()))
