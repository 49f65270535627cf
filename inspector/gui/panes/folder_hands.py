"""A folder's plot with hands: limits are dragged, stepped and typed, dots are picked, a range of them is brushed."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from inspector.gui.folder_limits import limit_range
from inspector.gui.models.folder_axis import rounded
from inspector.gui.models.folder_figures import number
from inspector.gui.panes.folder_art import paint_band, paint_note
from inspector.gui.panes.folder_field import LimitField
from inspector.gui.panes.folder_plot import FolderPlot
from inspector.gui.turns import Turns

_GRIP = 4.0
_FINE = 1 / 200  # of the axis: what Up and Down move
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}


class LivePlot(FolderPlot):
    """Asks for what is done to it.

    Signals
    -------
    limit_moved(str, float)
        A limit is being moved to a value.
    limit_released()
        It was let go.
    rows_brushed(object)
        Rows int64 (k,) in the range that was brushed; None takes the brush away.
    row_requested(int)
        A dot was clicked.
    row_opened(int)
        A dot was double-clicked.
    """

    limit_moved = Signal(str, float)
    limit_released = Signal()
    rows_brushed = Signal(object)
    row_requested = Signal(int)
    row_opened = Signal(int)

    def __init__(self, name: str, turns: Turns, parent: QWidget | None = None) -> None:
        super().__init__(name, turns, parent)
        self._active = 0
        self._held: int | None = None
        self._before = 0.0  # where the held limit was
        self._press: QPointF | None = None
        self._stepped = self._told = False
        self.field = LimitField(self)
        self.field.entered.connect(self._entered)

    def is_active(self, line: int) -> bool:
        """Whether a line is held or under the pointer, or the one that keys move."""
        if self._held is not None:
            return line == self._held
        over = self._line_at(self._pointer) if self._pointer is not None else None
        return line == (over if over is not None else self._active if self.hasFocus() else None)

    def is_told(self, line: int) -> bool:
        """Whether a line is dragged, was just moved by keys, or is under the pointer."""
        if self._held is not None or self._pointer is None:
            return line == (self._active if self._told else self._held)
        return line == self._line_at(self._pointer)

    # --- limits ----------------------------------------------------------------------------------------------

    def line_y(self, line: int) -> float | None:
        """Pixels from the top at which a line is drawn."""
        value = self.limit(self.figure.lines[line].limit)
        if value is None or math.isnan(value):
            return None
        return self.y_of(value)

    def _line_at(self, place: QPointF) -> int | None:
        """The line, or handle, under a place; of several the nearest."""
        room = self.room
        if place.x() > room.side.right():
            return None
        found: list[tuple[float, int]] = []
        for k in range(len(self.figure.lines)):
            if (y := self.line_y(k)) is not None:
                away = abs(place.y() - y)
                grip = room.tag(y).height() / 2 if place.x() < room.inside.left() else _GRIP
                if away <= grip:
                    found.append((away, k))
        return min(found)[1] if found else None

    def _set(self, line: int, value: float) -> None:
        """Move a limit to the nearest value that it takes."""
        name = self.figure.lines[line].limit
        low, high, whole = limit_range(name)
        value = min(max(float(round(value)) if whole else value, low), high)
        if value == self.limit(name):
            return
        self._own[name] = value
        self.describe()
        self.update()
        self.limit_moved.emit(name, value)

    def _drag(self, y: float) -> None:
        assert self._held is not None
        room = self.room
        whole = limit_range(self.figure.lines[self._held].limit)[2]
        self._set(self._held, self.axis.neat(room.share(y), 1 / max(room.inside.height(), 1.0), whole))

    def _step(self, steps: int) -> None:
        line = self.figure.lines[self._active]
        value = self.limit(line.limit)
        if value is None or math.isnan(value):
            return
        if limit_range(line.limit)[2]:
            self._set(self._active, value + steps)
        else:
            moved = self.axis.value(float(self.axis.share(value)) + steps * _FINE)
            self._set(self._active, rounded(moved, abs(moved - value)))
        self._stepped = self._told = True

    def _let_go(self) -> None:
        self._held, self._stepped = None, False
        self.unsetCursor()
        self.update()
        self.limit_released.emit()

    def edit(self, text: str = "") -> None:
        """Open the field for the active limit's number, beginning with `text` instead of what it is."""
        if not self.figure.lines or (y := self.line_y(self._active)) is None:
            return
        value = self.limit(self.figure.lines[self._active].limit)
        self.field.open(self.room.tag(y), text, "" if value is None else number(value))
        self.field.setAccessibleName(f"{self.figure.title}: limit")

    @Slot(float)
    def _entered(self, value: float) -> None:
        self._set(self._active, value)
        self._let_go()

    # --- mouse -----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a limit, or begin a brush."""
        if event.button() != Qt.MouseButton.LeftButton or self.scene is None:
            return
        line = self._line_at(event.position())
        if line is not None:
            self._held = self._active = line
            self._before = self.limit(self.figure.lines[line].limit) or 0.0
            self.setCursor(Qt.CursorShape.SizeVerCursor)
        else:
            self._press = event.position()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag a limit, widen the brush, or name what is under the pointer."""
        self._pointer, self._told = event.position(), False
        if self._held is not None:
            self._drag(event.position().y())
        elif self._press is None:
            over = self._line_at(self._pointer) is not None
            dot = not over and self.row_at(self._pointer) is not None
            shapes = Qt.CursorShape
            self.setCursor(shapes.SizeVerCursor if over else shapes.PointingHandCursor if dot else shapes.ArrowCursor)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let a limit go, list what was brushed, or pick the dot that was clicked; a click on nothing lists all."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._held is not None:
            self._let_go()
            return
        band, press, self._press = self._band(event.position()), self._press, None
        if band is not None:
            rows = self.rows_in(band)
            self.rows_brushed.emit(rows if rows.size else None)
        elif press is not None:
            row = self.row_at(press)
            if row is not None:
                self.row_requested.emit(row)
            elif self.room.inside.contains(press):
                self.rows_brushed.emit(None)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the dot's file, or the field for the limit's number."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        line = self._line_at(event.position())
        if line is not None:
            self._active = line
            self.edit()
        elif (row := self.row_at(event.position())) is not None:
            self.row_opened.emit(row)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._pointer = None
        self.update()
        super().leaveEvent(event)

    def _band(self, to: QPointF) -> QRectF | None:
        """What is brushed once the mouse has gone far enough; within the plot."""
        if self._press is None or (to - self._press).manhattanLength() < QApplication.startDragDistance():
            return None
        return QRectF(self._press, to).normalized().intersected(self.room.inside)

    def paint_over(self, painter: QPainter) -> None:
        """The brush on top of all, with how many files are under it."""
        held, self._pointer = self._pointer, None if self._press or self._held is not None else self._pointer
        super().paint_over(painter)
        self._pointer = held
        band = self._band(held) if held is not None else None
        if band is not None:
            paint_band(painter, band, self.palette())
            count = self.rows_in(band).size
            words = f"{count:,} {'file' if count == 1 else 'files'}"
            paint_note(painter, self.room, band.topRight(), words, self.palette())

    # --- keys ------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down and Page Up, Page Down move a limit, with Shift the next one; digits set it; Escape takes back."""
        key, keys = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Escape:
            self._escape(event)
        elif not self.figure.lines or keys & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            super().keyPressEvent(event)
        elif key in _STEPS and keys & Qt.KeyboardModifier.ShiftModifier:
            self._choose(1 if _STEPS[key] > 0 else -1)
        elif key in _STEPS:
            self._step(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit()
        elif event.text() and event.text() in "0123456789.,":
            self.edit(event.text())
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A limit that keys moved is let go with the key."""
        if self._stepped and not event.isAutoRepeat() and Qt.Key(event.key()) in _STEPS:
            self._let_go()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of what keys moved: they are released elsewhere."""
        if self._stepped:
            self._let_go()
        self._told = False
        super().focusOutEvent(event)

    def _choose(self, direction: int) -> None:
        """Move on to the limit above (+1) or below (-1)."""
        ordered = sorted(range(len(self.figure.lines)), key=lambda k: self.limit(self.figure.lines[k].limit) or 0.0)
        at = ordered.index(self._active) + direction
        self._active = ordered[min(max(at, 0), len(ordered) - 1)]
        self._told = True
        self.update()

    def _escape(self, event: QKeyEvent) -> None:
        if self._held is not None:
            self._set(self._held, self._before)
            self._let_go()
        elif self._press is not None:
            self._press = None
            self.update()
        elif self.scene is not None and self.scene.view.brushed is not None:
            self.rows_brushed.emit(None)
        else:
            super().keyPressEvent(event)
