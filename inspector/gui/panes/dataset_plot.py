"""One figure of all samples, class beside class: names the sample under the pointer, and asks for it on a click."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.gui import theme
from inspector.gui.models.dataset_points import DataSetPoints, Flags, Strips
from inspector.gui.panes.dataset_art import Frame, colour_of, frame_of, number, paint, paint_shown
from inspector.gui.panes.trajectory_callout import paint_callout
from inspector.gui.turns import Turns

LEAST = QSize(28 * theme.GRID, 20 * theme.GRID)

_REACH = 8.0
_AT_ONCE = 2_000  # points that are drawn in the turn that paints; more wait for a turn of their own


class StripPlot(QWidget):
    """Draws `Strips` once into a picture, and the shown sample on top of it.

    Parameters
    ----------
    turns
        Takes long drawing in turns of the event loop, one plot at a time.

    Signals
    -------
    sample_requested(int)
        A point was clicked, or the next one up or down was asked for by key.
    """

    sample_requested = Signal(int)

    def __init__(self, points: DataSetPoints, strips: Strips, turns: Turns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points, self.strips = points, strips
        self._turns = turns
        self._listed: Flags | None = None
        self._sample = -1
        self._picture: QPixmap | None = None
        self._stale, self._queued = True, False
        self._pointer: QPointF | None = None
        self.setAccessibleName(strips.metric.title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._describe()

    @property
    def sample(self) -> int:
        """The sample that is marked; -1 for none."""
        return self._sample

    @property
    def picture(self) -> QPixmap | None:
        """All but the marked sample, as last drawn."""
        return self._picture

    @property
    def frame(self) -> Frame:
        """How figures become pixels."""
        return frame_of(QSizeF(self.size()), self.strips, len(self.points.columns))

    def show_listed(self, listed: Flags | None) -> None:
        """Put these samples forward, bool (N,); None for all."""
        if listed is not self._listed:
            self._listed = listed
            self._forget()

    def show_sample(self, sample: int) -> None:
        """Mark another sample."""
        if sample != self._sample:
            self._sample = sample
            self._describe()
            self.update()

    def place(self, sample: int) -> QPointF | None:
        """Where a sample's point lies; None for one without this figure."""
        if not 0 <= sample < self.strips.values.size or self.points.column[sample] < 0:
            return None
        value = self.strips.values[sample]
        if not np.isfinite(value):
            return None
        frame = self.frame
        x = frame.x(float(self.points.column[sample]), float(self.points.across[sample]))
        return QPointF(float(x), float(frame.y(float(value))))

    def sample_at(self, place: QPointF) -> int | None:
        """The drawn sample nearest to a place, within reach; one that is listed goes before one that is not."""
        drawn, frame = self.points.drawn, self.frame
        x = frame.x(self.points.column[drawn].astype(np.float64), self.points.across[drawn])
        away = np.hypot(x - place.x(), frame.y(self.strips.values[drawn]) - place.y())
        away = np.where(np.isfinite(away) & (away <= _REACH), away, np.inf)
        if self._listed is not None:
            away += np.where(self._listed[drawn], 0.0, _REACH)
        nearest = int(away.argmin()) if away.size else -1
        return int(drawn[nearest]) if nearest >= 0 and np.isfinite(away[nearest]) else None

    def describe(self, sample: int) -> tuple[str, str]:
        """A sample in two lines: number and class, then the figure and what is wrong with it."""
        points = self.points
        column = points.columns[points.column[sample]]
        title = f"Sample {sample}" + ("" if column.label is None else f"  {column.name}")
        words = f"{self.strips.metric.title} {number(float(self.strips.values[sample]), self.strips.metric.unit)}"
        if points.static[sample]:
            words += "  ·  static"
        if points.copied[sample]:
            words += "  ·  duplicate"
        return title, words

    def sizeHint(self) -> QSize:
        """A little more than the least."""
        return LEAST * 1.25

    # --- painting --------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, the shown sample, and what is under the pointer."""
        if self._stale and not self._queued:
            if self.points.drawn.size <= _AT_ONCE:
                self._draw()
            else:
                self._queued = True
                self._turns.add(self._draw)
                self._turns.start()
        painter = QPainter(self)
        if self._picture is None:
            painter.fillRect(self.rect(), theme.canvas(self.palette()))
        else:
            painter.drawPixmap(self.rect(), self._picture)
        shown = self.place(self._sample)
        if shown is not None and not self._stale:
            paint_shown(painter, shown, colour_of(self.points, int(self.points.column[self._sample])), self.palette())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.accent(self.palette()), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        under = self.sample_at(self._pointer) if self._pointer is not None else None
        if under is not None and (place := self.place(under)) is not None:
            paint_callout(painter, self, place, *self.describe(under))
        painter.end()

    def _draw(self) -> None:
        sharpness = self.devicePixelRatioF()
        picture = QPixmap(self.size() * sharpness)
        picture.setDevicePixelRatio(sharpness)
        picture.fill(theme.canvas(self.palette()))
        painter = QPainter(picture)
        painter.setFont(self.font())
        paint(painter, self.frame, self.points, self.strips, self._listed, self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(theme.line(self.palette())), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()
        self._picture, self._stale, self._queued = picture, False, False
        self.update()

    def _forget(self) -> None:
        self._stale = True
        self.update()

    def _describe(self) -> None:
        words = self.strips.metric.meaning
        if 0 <= self._sample < self.strips.values.size and self.points.column[self._sample] >= 0:
            words += " " + ": ".join(self.describe(self._sample)) + "."
        self.setAccessibleDescription(f"{words} Up and Down go to the next sample of the class by this figure.")

    # --- hands -----------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Name what is under the pointer."""
        self._pointer = event.position()
        over = self.sample_at(self._pointer) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the sample under the pointer."""
        sample = self.sample_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if sample is not None:
            self.sample_requested.emit(sample)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._pointer = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down walk through the class by this figure."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if not step or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif (sample := self._beside(step)) is not None:
            self.sample_requested.emit(sample)

    def _beside(self, step: int) -> int | None:
        """The next sample of the shown one's class with a larger or smaller figure; of equal ones the next number."""
        if not 0 <= self._sample < self.strips.values.size:
            return None
        wanted = self.points.column == self.points.column[self._sample]
        wanted &= np.isfinite(self.strips.values)
        if self._listed is not None:
            wanted &= self._listed
        mine = np.flatnonzero(wanted)
        mine = mine[np.argsort(self.strips.values[mine], kind="stable")]
        here = np.flatnonzero(mine == self._sample)
        if not here.size:
            return int(mine[0]) if mine.size else None
        there = int(here[0]) + step
        return int(mine[there]) if 0 <= there < mine.size else None

    # --- what makes the picture stale ------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew at another size."""
        self._forget()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system from light to dark and back."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._forget()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that they go elsewhere."""
        super().focusOutEvent(event)
        self.update()
