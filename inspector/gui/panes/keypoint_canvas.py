"""The surface on which a skeleton moves: zooms at the pointer, pans, and names the point under it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.gui import theme
from inspector.gui.panes.camera import ZOOM_STEP, Camera
from inspector.render.picture import Bounds
from inspector.render.skeleton import SkeletonPainter
from inspector.render.style import DARK, LIGHT, Layers, Style

_REACH = 12.0  # how far from a point the pointer may be, in pixels
_MARGIN = 2 * theme.GRID
_UNIT: Bounds = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Scene:
    """What the canvas shows.

    Attributes
    ----------
    skeleton
        The clip, or None: then `words` are shown.
    bounds
        (x0, y0, x1, y1) that the fitted view shows, in the clip's units.
    rings
        Points to put a ring around, in this colour.
    """

    skeleton: SkeletonPainter | None = None
    bounds: Bounds = _UNIT
    frame: int = 0
    layers: Layers = field(default_factory=Layers)
    rings: tuple[int, ...] = ()
    ring_colour: str = ""
    words: str = ""


class KeypointCanvas(QWidget):
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
        self.setAccessibleName("Keypoint canvas")
        self.setAccessibleDescription("Wheel zooms, drag pans, double-click fits; plus, minus and 0 do the same.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._scene = Scene()
        self._camera = Camera()
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
        """From the clip's units to this widget's pixels."""
        return self._camera.transform(self._scene.bounds, self._inside(self.size()))

    def show_scene(self, scene: Scene) -> None:
        """Show another frame, clip or choice of layers; another clip's bounds end the zoom."""
        if scene.bounds != self._scene.bounds:
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
        return QSize(60 * theme.GRID, 60 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        """Small, yet large enough to see a body."""
        return QSize(20 * theme.GRID, 15 * theme.GRID)

    # --- painting --------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The scene, and what is under the pointer."""
        painter = QPainter(self)
        self._paint(painter)
        if self._pointer is not None and self._held is None:
            self._paint_callout(painter, self._pointer)
        painter.end()

    def _paint(self, painter: QPainter) -> None:
        scene, style = self._scene, self._style()
        painter.fillRect(self.rect(), QColor(style.background))
        if scene.skeleton is not None:
            scene.skeleton.paint(painter, scene.frame, self.transform, style, scene.layers, scene.rings)
        elif scene.words:
            painter.setPen(theme.muted(self.palette()))
            space = self.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
            painter.drawText(space, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, scene.words)

    def _style(self) -> Style:
        palette = self.palette()
        base = DARK if theme.is_dark(palette) else LIGHT
        return replace(
            base,
            background=theme.canvas(palette).name(),
            outline=theme.line(palette).name(),
            ring=self._scene.ring_colour or base.ring,
        )

    def _paint_callout(self, painter: QPainter, pointer: QPointF) -> None:
        point = self.point_at(pointer)
        if point is None or self._scene.skeleton is None:
            return
        xy = self._scene.skeleton.device(self._scene.frame, self.transform)[point]
        place = QPointF(float(xy[0]), float(xy[1]))
        title, line = self.describe(point).split("\n")
        small = QFontMetricsF(theme.caption_font())
        width = max(QFontMetricsF(self.font()).horizontalAdvance(title), small.horizontalAdvance(line))
        box = QRectF(0, 0, width + 2 * theme.GRID, self.fontMetrics().height() + small.height() + theme.GRID)
        box.moveBottomLeft(place + QPointF(theme.GRID, -theme.GRID))
        if box.right() > self.width():
            box.moveRight(place.x() - theme.GRID)
        if box.top() < 0:
            box.moveTop(place.y() + theme.GRID)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(text, 1.5))
        painter.drawEllipse(place, 6, 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(box, self.palette().color(QPalette.ColorRole.ToolTipBase))
        painter.setPen(QPen(theme.line(self.palette()), 1))
        painter.drawRect(box)
        inside = box.adjusted(theme.GRID, theme.HALF, -theme.GRID, -theme.HALF)
        painter.setPen(self.palette().color(QPalette.ColorRole.ToolTipText))
        painter.setFont(self.font())
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)
        painter.setFont(theme.caption_font())
        painter.drawText(inside, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, line)

    @staticmethod
    def _inside(size: QSize) -> QRectF:
        return QRectF(0, 0, size.width(), size.height()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    # --- what is under the pointer ---------------------------------------------------------------------------

    def point_at(self, place: QPointF) -> int | None:
        """The drawn point nearest to a place of the widget, within reach, or None."""
        scene = self._scene
        if scene.skeleton is None or not 0 <= scene.frame < len(scene.skeleton):
            return None
        xy = scene.skeleton.device(scene.frame, self.transform)
        drawn = scene.skeleton.placed(scene.frame)
        if not scene.layers.hidden:
            drawn &= scene.skeleton.visible[scene.frame]
        away = np.where(drawn, np.hypot(xy[:, 0] - place.x(), xy[:, 1] - place.y()), np.inf)
        nearest = int(away.argmin()) if away.size else -1
        return nearest if nearest >= 0 and away[nearest] <= _REACH else None

    def describe(self, point: int) -> str:
        """A point of the present frame in two lines: name and index, then position and whether it was detected."""
        skeleton, frame = self._scene.skeleton, self._scene.frame
        if skeleton is None:
            return "\n"
        name = skeleton.skeleton.points[point] if skeleton.skeleton else "point"
        x, y = skeleton.points[frame, point].tolist()
        state = "visible" if skeleton.visible[frame, point] else "hidden"
        return f"{name.replace('_', ' ')}  {point}\nx {x:.4g}   y {y:.4g}   {state}"

    # --- hands -----------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; with Shift, step through frames."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        if self._scene.skeleton is None or not turned:
            event.ignore()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.step_requested.emit(-1 if turned > 0 else 1)
        else:
            self._zoom(ZOOM_STEP ** (turned / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) and self._scene.skeleton:
            self._held = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while held; else name the point under the pointer."""
        self._pointer = event.position()
        if self._held is not None:
            moved = event.position() - self._held
            self._held = event.position()
            self.look(self._camera.panned(moved, self._scene.bounds, self._inside(self.size())))
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
        self.look(self._camera.zoomed(factor, at, self._scene.bounds, self._inside(self.size())))
