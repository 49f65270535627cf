"""The surface on which a skeleton moves: zooms at the pointer, pans, and names the point under it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QWidget

from inspector.gui import theme
from inspector.gui.panes.camera import Camera
from inspector.gui.panes.zoom_canvas import ZoomCanvas
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


class KeypointCanvas(ZoomCanvas):
    """Paints a `Scene`; knows nothing of files or playback."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Keypoint canvas", parent)
        self._scene = Scene()

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self._scene

    def shows_something(self) -> bool:
        """Whether there is a clip."""
        return self._scene.skeleton is not None

    def bounds(self) -> Bounds:
        """In the clip's units."""
        return self._scene.bounds

    def inside(self) -> QRectF:
        """All but a margin."""
        return QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    def show_scene(self, scene: Scene) -> None:
        """Show another frame, clip or choice of layers; another clip's bounds end the zoom."""
        if scene.bounds != self._scene.bounds:
            self.look(Camera())
        self._scene = scene
        self.update()

    def sizeHint(self) -> QSize:
        """A comfortable square."""
        return QSize(60 * theme.GRID, 60 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        """Small, yet large enough to see a body."""
        return QSize(20 * theme.GRID, 15 * theme.GRID)

    # --- painting --------------------------------------------------------------------------------------------

    def paint_scene(self, painter: QPainter) -> None:
        """Draw the frame, or words."""
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

    def paint_pointed(self, painter: QPainter, pointer: QPointF) -> None:
        """Name the point under the pointer."""
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
