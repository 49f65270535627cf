"""One view of a sample's path: names the point under the pointer, seeks on a click, turns when it is in space."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontInfo, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.gui import theme
from inspector.gui.panes.trajectory_callout import paint_callout
from inspector.gui.panes.trajectory_facts import place_words
from inspector.render.plot2d import Plane
from inspector.render.style import DARK, LIGHT, Style
from inspector.render.trajectory import TrajectoryPainter, View

USUAL = (-60.0, 30.0)
"""Azimuth and elevation that the view in space begins with, in degrees."""

_REACH = 10.0
_PER_PIXEL = 0.5  # degrees
_PER_KEY = 15.0
_SNAP = 45.0
_TITLE = 22
_TITLES: dict[View, str] = {"xy": "XY", "xz": "XZ", "3d": "3-D"}


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What all views of a sample share.

    Attributes
    ----------
    drawn
        The path and what lies behind it.
    path
        float64 (T', D), as in the file.
    numbers, others
        int64 (M,), float64 (M, T', D): the samples behind.
    """

    drawn: TrajectoryPainter
    path: npt.NDArray[np.float64]
    numbers: npt.NDArray[np.int64]
    others: npt.NDArray[np.float64]


class TrajectoryCanvas(QWidget):
    """Paints a `Scene` from one side.

    Signals
    -------
    frame_requested(int)
        A point of the path was clicked, in a view that does not turn.
    sample_requested(int)
        The path of another sample was clicked there.
    turned(float, float)
        Azimuth and elevation, in degrees, as the user wants them.
    """

    frame_requested = Signal(int)
    sample_requested = Signal(int)
    turned = Signal(float, float)

    def __init__(self, side: View, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side = side
        self._scene: Scene | None = None
        self._frame = 0
        self._angles = USUAL
        self._held: QPointF | None = None
        self._held_angles = USUAL
        self._pointer: QPointF | None = None
        self.setAccessibleName(f"Trajectory, {_TITLES[side]} view")
        if side == "3d":
            words = "Drag turns, with Shift in steps of 45 degrees; Up, Down, Page up and Page down turn; 0 turns back."
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        else:
            words = "A click on the path goes to that frame, one on a faint path to that sample."
        self.setAccessibleDescription(words)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def scene(self) -> Scene | None:
        """What is shown."""
        return self._scene

    @property
    def angles(self) -> tuple[float, float]:
        """Azimuth and elevation."""
        return self._angles

    @property
    def flat(self) -> bool:
        """Whether this view has nothing to show, since the path has no z."""
        return self._scene is not None and self.side not in self._scene.drawn.views

    def show_scene(self, scene: Scene | None, frame: int) -> None:
        """Show another sample or frame; None for nothing."""
        if scene is not self._scene or frame != self._frame:
            self._scene, self._frame = scene, frame
            self.update()

    def turn(self, azimuth: float, elevation: float) -> None:
        """See it from elsewhere; azimuth is taken around the circle, elevation stays within a right angle."""
        angles = ((azimuth + 180.0) % 360.0 - 180.0, min(max(elevation, -90.0), 90.0))
        if angles != self._angles:
            self._angles = angles
            self.turned.emit(*angles)
            self.update()

    def sizeHint(self) -> QSize:
        """A square, and its title."""
        return QSize(36 * theme.GRID, 36 * theme.GRID + _TITLE)

    def minimumSizeHint(self) -> QSize:
        """Small, yet large enough to see a shape."""
        return QSize(18 * theme.GRID, 18 * theme.GRID)

    # --- painting --------------------------------------------------------------------------------------------

    @property
    def area(self) -> QRectF:
        """Where the view is drawn, below its title."""
        return QRectF(0, _TITLE, self.width(), max(self.height() - _TITLE, 1))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The still picture, where the keys go, and what is under the pointer."""
        painter = QPainter(self)
        self.paint_still(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.accent(self.palette()), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._pointer is not None and self._held is None:
            self._paint_callout(painter, self._pointer)
        painter.end()

    def paint_still(self, painter: QPainter) -> None:
        """Title and path as of now, on any device, this widget's corner at the painter's origin."""
        style, palette = self.style_now(), self.palette()
        painter.fillRect(self.rect(), theme.canvas(palette))
        if self._scene is None or self.flat:
            self._paint_words(painter)
        else:
            azimuth, elevation = self._angles
            self._scene.drawn.paint(
                painter, self.area, self.side, frame=self._frame, azimuth=azimuth, elevation=elevation, style=style
            )
        title = QRectF(theme.GRID, 0, self.width() - 2 * theme.GRID, _TITLE)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _TITLES[self.side])

    def _paint_words(self, painter: QPainter) -> None:
        if self.flat:
            painter.setPen(theme.muted(self.palette()))
            words = "No z: this trajectory has two dimensions"
            place = self.area.toRect().adjusted(theme.GRID, 0, -theme.GRID, -_TITLE)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)

    def _paint_callout(self, painter: QPainter, pointer: QPointF) -> None:
        scene = self._scene
        if scene is None:
            return
        if (frame := self.frame_at(pointer)) is not None:
            place = QPointF(*self._places()[frame].tolist())
            paint_callout(painter, self, place, f"Frame {frame}", place_words(scene.path, frame))
        elif (other := self._other_at(pointer)) is not None:
            sample, place = other
            paint_callout(painter, self, place, f"Sample {sample}", "Click to show it")

    def style_now(self) -> Style:
        """Colours and sizes by the palette."""
        palette = self.palette()
        return replace(
            DARK if theme.is_dark(palette) else LIGHT,
            background=theme.canvas(palette).name(),
            outline=theme.line(palette).name(),
            label=float(QFontInfo(theme.caption_font()).pixelSize()),
        )

    # --- what is under the pointer ---------------------------------------------------------------------------

    def frame_at(self, place: QPointF) -> int | None:
        """The frame whose point of the path is nearest to a place of the widget, within reach, or None."""
        if self._scene is None or self.flat:
            return None
        return _nearest(self._places(), place)

    def sample_at(self, place: QPointF) -> int | None:
        """The other sample whose path has a point there; never in the view that turns."""
        found = self._other_at(place)
        return found[0] if found else None

    def _places(self) -> npt.NDArray[np.float64]:
        assert self._scene is not None
        azimuth, elevation = self._angles
        return self._scene.drawn.device(
            self.area, self.side, azimuth=azimuth, elevation=elevation, style=self.style_now()
        )

    def _other_at(self, place: QPointF) -> tuple[int, QPointF] | None:
        scene = self._scene
        if scene is None or self.flat or self.side == "3d" or not scene.others.size:
            return None
        drawn, axes = scene.drawn, (0, 1) if self.side == "xy" else (0, 2)
        plane = Plane.fitting(self.area, drawn.low, drawn.high, axes, self.style_now())
        frames = scene.others.shape[1]
        places = plane.map(scene.others.reshape(-1, scene.others.shape[2]))
        nearest = _nearest(places, place)
        if nearest is None:
            return None
        return int(scene.numbers[nearest // frames]), QPointF(*places[nearest].tolist())

    # --- hands -----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of what turns; ask for the frame, else the sample, under the pointer."""
        if event.button() != Qt.MouseButton.LeftButton or self._scene is None or self.flat:
            return
        if self.side == "3d":
            self._held, self._held_angles = event.position(), self._angles
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif (frame := self.frame_at(event.position())) is not None:
            self.frame_requested.emit(frame)
        elif (sample := self.sample_at(event.position())) is not None:
            self.sample_requested.emit(sample)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn while held; else name what is under the pointer."""
        self._pointer = event.position()
        if self._held is not None:
            moved = event.position() - self._held
            azimuth = self._held_angles[0] - moved.x() * _PER_PIXEL
            elevation = self._held_angles[1] + moved.y() * _PER_PIXEL
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                azimuth, elevation = round(azimuth / _SNAP) * _SNAP, round(elevation / _SNAP) * _SNAP
            self.turn(azimuth, elevation)
        elif self.side != "3d":
            over = self.frame_at(self._pointer) is not None or self.sample_at(self._pointer) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        if self._held is not None:
            self._held = None
            self.unsetCursor()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Turn back."""
        if event.button() == Qt.MouseButton.LeftButton and self.side == "3d":
            self.turn(*USUAL)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._pointer = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn by key: those that the window's shortcuts leave."""
        azimuth, elevation = self._angles
        turns = {
            Qt.Key.Key_Up: (azimuth, elevation + _PER_KEY),
            Qt.Key.Key_Down: (azimuth, elevation - _PER_KEY),
            Qt.Key.Key_PageUp: (azimuth - _PER_KEY, elevation),
            Qt.Key.Key_PageDown: (azimuth + _PER_KEY, elevation),
            Qt.Key.Key_0: USUAL,
        }
        wanted = turns.get(Qt.Key(event.key()))
        if wanted is None or self.side != "3d" or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        else:
            self.turn(*wanted)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that they go elsewhere."""
        super().focusOutEvent(event)
        self.update()


def _nearest(places: npt.NDArray[np.float64], place: QPointF) -> int | None:
    away = np.hypot(places[:, 0] - place.x(), places[:, 1] - place.y())
    away = np.where(np.isfinite(away), away, np.inf)
    nearest = int(away.argmin()) if away.size else -1
    return nearest if nearest >= 0 and away[nearest] <= _REACH else None
