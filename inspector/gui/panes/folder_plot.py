"""One figure of all files of a folder: dots, distribution and limits, drawn in layers that are kept while they hold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.checks.finding import Status
from inspector.gui import theme
from inspector.gui.models.folder_axis import Axis
from inspector.gui.models.folder_figures import Figure, figure_of, number
from inspector.gui.panes.folder_art import (
    Room,
    paint_line,
    paint_marks,
    paint_note,
    paint_origin,
    room_of,
)
from inspector.gui.panes.folder_picture import PlotPicture
from inspector.gui.panes.folder_scene import Scene
from inspector.gui.panes.trajectory_callout import paint_callout
from inspector.gui.turns import Turns

LEAST = QSize(30 * theme.GRID, 20 * theme.GRID)

_REACH = 7.0
_AT_ONCE = 20_000  # files whose places are worked out in the turn that paints; more wait for a turn of their own


class FolderPlot(QWidget):
    """Draws one figure of a `Scene`; `LivePlot` is the one with hands.

    Parameters
    ----------
    turns
        Takes long work in turns of the event loop, one plot at a time.
    """

    def __init__(self, name: str, turns: Turns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.figure: Figure = figure_of(name)
        self.still = PlotPicture(self, self.figure)
        self._turns = turns
        self._scene: Scene | None = None
        self._queued = False
        self._own: dict[str, float] = {}  # limits as moved here, until the folder's view has them
        self._pointer: QPointF | None = None
        self.setAccessibleName(self.figure.title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # --- what is shown ---------------------------------------------------------------------------------------

    @property
    def scene(self) -> Scene | None:
        """What is drawn, or will be in the next turn that paints."""
        return self._scene

    @property
    def waits(self) -> bool:
        """Whether it shows what was before until a later turn."""
        return self._queued

    @property
    def axis(self) -> Axis:
        """How figures become heights."""
        return self.still.axis

    @property
    def picture(self) -> QPixmap | None:
        """All but limits, the selected file and what is under the pointer, as last drawn."""
        return self.still.picture

    @property
    def room(self) -> Room:
        """Where the parts lie."""
        return room_of(QSizeF(self.size()))

    @property
    def values(self) -> npt.NDArray[np.float64]:
        """The figure of each file, float64 (n,), NaN where there is none."""
        if self._scene is None:
            return np.zeros(0)
        return self._scene.view.columns[self.name][: self._scene.view.rows]

    def show_scene(self, scene: Scene) -> None:
        """Draw another scene in the next turn that paints; plots out of sight cost nothing."""
        before, self._scene = self._scene, scene
        if not scene.view.dragging:
            self._own.clear()
        if before is None or self._lines_of(before) != self._lines_of(scene):
            self.describe()
        if self.visibleRegion().isEmpty() and not self._queued:
            self.still.drop()
        self.update()

    def limit(self, name: str) -> float | None:
        """Where a limit stands now; None while nothing was judged."""
        if name in self._own:
            return self._own[name]
        view = self._scene.view if self._scene is not None else None
        return None if view is None or view.profile is None else float(view.limit(name))

    def place(self, row: int) -> QPointF | None:
        """Where a file's dot lies; None for one without."""
        dots, inside = self.still.dots, self.room.inside
        if dots is None or not 0 <= row < len(dots.known) or not dots.known[row]:
            return None
        x, y = dots.place(row)
        return inside.topLeft() + QPointF(x + 0.5, y + 0.5) / dots.sharpness

    def row_at(self, place: QPointF) -> int | None:
        """The file whose dot is nearest to a place, within reach; one that is listed goes before one that is not."""
        dots, scene, inside = self.still.dots, self._scene, self.room.inside
        if dots is None or scene is None or len(dots.known) != scene.view.rows:
            return None
        if not inside.adjusted(-_REACH, -_REACH, _REACH, _REACH).contains(place):
            return None
        at = (place - inside.topLeft()) * dots.sharpness
        return dots.nearest(at.x(), at.y(), _REACH * dots.sharpness, scene.view.listed)

    def rows_in(self, band: QRectF) -> npt.NDArray[np.int64]:
        """Files whose dots lie in a rectangle, ascending."""
        dots, inside = self.still.dots, self.room.inside
        if dots is None:
            return np.zeros(0, np.int64)
        low, high = (
            (band.topLeft() - inside.topLeft()) * dots.sharpness,
            (band.bottomRight() - inside.topLeft()) * dots.sharpness,
        )
        return dots.within(low.x(), low.y(), high.x(), high.y())

    def sizeHint(self) -> QSize:
        """A little more than the least."""
        return LEAST * 1.2

    def describe(self) -> None:
        """Say in words what is drawn, for those who do not see it."""
        limits = [(line, self.limit(line.limit)) for line in self.figure.lines]
        lines = [f"{line.words(number(value, self.figure.unit))}." for line, value in limits if value is not None]
        keys = "Up and Down move the limit, digits set it." if lines else ""
        self.setAccessibleDescription(" ".join(filter(None, [self.figure.note, *lines, keys])))

    def _lines_of(self, scene: Scene) -> list[float]:
        view = scene.view
        return [float(view.limit(line.limit)) for line in self.figure.lines] if view.profile is not None else []

    # --- painting --------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, the limits, the selected file, and what is under the pointer."""
        self._refresh()
        painter = QPainter(self)
        picture = self.picture
        if picture is None or picture.deviceIndependentSize() != QSizeF(self.size()):
            painter.fillRect(self.rect(), theme.canvas(self.palette()))
        else:
            painter.drawPixmap(0, 0, picture)
            self.paint_over(painter)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.accent(self.palette()), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def paint_over(self, painter: QPainter) -> None:
        """What moves: limits, the selected file, and the file under the pointer."""
        scene, room = self._scene, self.room
        if scene is None:
            return
        lines = [
            (k, line, value)
            for k, line in enumerate(self.figure.lines)
            if (value := self.limit(line.limit)) is not None
        ]
        tags = [self.y_of(value) for _, _, value in lines]
        paint_marks(painter, room, self.still.ticks, tags, self.palette())
        for (k, line, value), y in zip(lines, tags, strict=True):
            if scene.view.edited and scene.view.original is not None:
                was = float(getattr(scene.view.original, line.limit))
                if was != value and -0.01 <= (share := float(self.axis.share(was))) <= 1.01:
                    paint_origin(painter, room, room.y(share), self.palette())
            paint_line(painter, room, y, number(value), line.severity, self.palette(), active=self.is_active(k))
            if self.is_told(k):
                words = line.words(number(value, self.figure.unit))
                paint_note(painter, room, QPointF(room.inside.left(), y), words, self.palette())
        self._paint_selected(painter, scene)
        under = self.row_at(self._pointer) if self._pointer is not None else None
        if under is not None and (place := self.place(under)) is not None:
            paint_callout(painter, self, place, *self.words(under))

    def is_active(self, _line: int) -> bool:
        """Whether a line is the one that keys or the pointer would move."""
        return False

    def is_told(self, _line: int) -> bool:
        """Whether it is said beside a line what it does."""
        return False

    def y_of(self, value: float) -> float:
        """Pixels from the top at which a limit is drawn: within the plot."""
        return self.room.y(min(max(float(self.axis.share(value)), 0.0), 1.0))

    def words(self, row: int) -> tuple[str, str]:
        """A file in two lines: its name, then the figure and the verdict."""
        scene = self._scene
        assert scene is not None
        verdict = list(Status)[scene.view.status[row]].value if scene.view.status[row] >= 0 else "waiting"
        return scene.view.names[row], f"{number(float(self.values[row]), self.figure.unit)}  ·  {verdict}"

    def _paint_selected(self, painter: QPainter, scene: Scene) -> None:
        row = scene.view.selected
        if row is None or (place := self.place(row)) is None or not 0 <= row < scene.view.rows:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.canvas(self.palette()), 4))
        painter.drawEllipse(place, 6.5, 6.5)
        painter.setPen(QPen(self.palette().windowText().color(), 1.75))
        painter.drawEllipse(place, 6.5, 6.5)

    def _refresh(self) -> None:
        """Draw anew what no longer holds: at once, or for many files in a later turn.

        Where dots moved that is always so; else once the plots drawn before took long enough. Colours of the plot
        whose limit is in a hand are never late.
        """
        scene, still = self._scene, self.still
        if scene is None or self._queued:
            return
        many = scene.view.rows > _AT_ONCE
        late = many and not (self._own or self._turns.has_time)
        if not late:
            self._fit(scene)
            late = many and still.moved
        if late:
            self._queued = True
            self._turns.add(self._later)
            self._turns.start()
        elif still.moved or still.recoloured(scene):
            still.draw(scene, self.values)

    def _fit(self, scene: Scene) -> None:
        limits = [value for line in self.figure.lines if (value := self.limit(line.limit)) is not None]
        self.still.fit(scene, self.values, limits, moving=scene.view.dragging or bool(self._own))

    def _later(self) -> None:
        self._queued = False
        if self._scene is not None and not self.visibleRegion().isEmpty():
            self._fit(self._scene)
            if self.still.moved or self.still.recoloured(self._scene):
                self.still.draw(self._scene, self.values)
                self.update()

    # --- what makes the picture stale ------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew at another size."""
        super().resizeEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system from light to dark and back."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that they go elsewhere."""
        super().focusOutEvent(event)
        self.update()
