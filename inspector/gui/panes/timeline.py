"""The clip over time: lanes of what was measured, findings above them, one cursor through all."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from inspector.gui import theme
from inspector.gui.panes import lane_art, lane_overlay
from inspector.gui.panes.finding_marks import FindingMarks, Hit
from inspector.gui.panes.lane_art import LEFT, RIGHT
from inspector.gui.panes.lanes import Lane, Places, lanes_of
from inspector.gui.panes.time_axis import TimeAxis
from inspector.gui.samples import marks
from inspector.gui.view import ViewState

_ZOOM_STEP = 1.25
_PREFERRED_LANE = 6 * theme.GRID
_TOLD = 3  # findings that a tip tells of at most
_EMPTY: Places = np.zeros(0)


class TimelinePane(QWidget):
    """Shows lanes and findings over frames, and asks to go where it is clicked.

    Drag seeks; the wheel zooms at the pointer, Shift+wheel or a sideways wheel moves along; Shift+drag marks a span,
    a click outside it or Escape clears it; a double-click shows the whole clip again.

    Signals
    -------
    seek_requested(int)
        Frame.
    finding_requested(int)
        Index into the view's findings; a `seek_requested` with the frame of the clicked mark follows.
    span_requested(object)
        (first, last) frame, or None.
    scrub_started(), scrub_ended()
        A drag that seeks begins and ends.
    """

    seek_requested = Signal(int)
    finding_requested = Signal(int)
    span_requested = Signal(object)
    scrub_started = Signal()
    scrub_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription("Lanes of measurements over frames. Drag to seek, Shift and drag to mark a span.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._view = ViewState()
        self._lanes: tuple[Lane, ...] = ()
        self._marks = FindingMarks()
        self._seconds = _EMPTY
        self._axis = TimeAxis.whole(0, LEFT, 1)
        self._layout = lane_art.arrange(1, 1, self._marks, 0)
        self._picture: QPixmap | None = None
        self._scrubbing = False
        self._span_from: int | None = None
        self._by_key = False  # the focus came from the keyboard, so it is shown

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_view(self, view: ViewState) -> None:
        """Show a view; while only the frame changes, only the cursor and the readouts are painted anew."""
        before, self._view = self._view, view
        if view.inspection is not before.inspection:
            self._take_clip()
        elif view.sample != before.sample:
            self._take_sample()
        elif view.finding != before.finding:
            self._repaint_all()
        if view.frame != before.frame and not self._scrubbing and self.frames:
            axis = self._axis.showing(view.frame)
            if axis is not self._axis:
                self._set_axis(axis)
        if view.playback.span != before.playback.span or (view.loading, view.path) != (before.loading, before.path):
            self.update()
        elif view.frame != before.frame:
            self._update_cursor(before.frame)
            self._update_cursor(view.frame)
            self.update(self._readouts())

    @property
    def frames(self) -> int:
        """Frames of the shown clip; 0 when there is nothing to show."""
        return len(self._seconds)

    @property
    def axis(self) -> TimeAxis:
        """Which frames are in sight, and where."""
        return self._axis

    @property
    def words(self) -> str:
        """What is said in place of lanes; empty while there are some."""
        if self.frames:
            return ""
        if self._view.loading:
            return "Loading…"
        return "This file has no frames" if self._view.inspection else "Select a clip"

    def _take_clip(self) -> None:
        inspection = self._view.inspection
        self._seconds = inspection.seconds if inspection else _EMPTY
        self._scrubbing, self._span_from = False, None
        self._axis = TimeAxis.whole(self.frames, LEFT, 1)
        self._take_sample()

    def _take_sample(self) -> None:
        """Lanes and marks of the clip, or of one sample of a data set; the axis stays as it is."""
        inspection, sample = self._view.inspection, self._view.sample
        if inspection is None or not self.frames:
            self._lanes, self._marks = (), FindingMarks()
        else:
            self._lanes = lanes_of(inspection, sample)
            self._marks = FindingMarks(marks(inspection, sample))
        self.setMinimumHeight(self.minimumSizeHint().height())
        self.updateGeometry()
        self._arrange()

    def _arrange(self) -> None:
        self._layout = lane_art.arrange(self.width(), self.height(), self._marks, len(self._lanes))
        self._axis = self._axis.resized(self._layout.left, self._layout.span)
        self._repaint_all()

    def _set_axis(self, axis: TimeAxis) -> None:
        self._axis = axis
        self._repaint_all()

    def _repaint_all(self) -> None:
        self._picture = None
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Every lane can just be made out."""
        return QSize(LEFT + RIGHT + 20 * theme.GRID, lane_art.least_height(self._marks, max(1, len(self._lanes))))

    def sizeHint(self) -> QSize:
        """Every lane at its usual height."""
        height = lane_art.least_height(self._marks, max(3, len(self._lanes)), _PREFERRED_LANE)
        return QSize(LEFT + RIGHT + 60 * theme.GRID, height)

    # --- painting --------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lanes from the picture kept of them, the rest anew."""
        painter = QPainter(self)
        if not self.frames:
            self._paint_words(painter)
        else:
            picture = self._picture
            if picture is None or picture.devicePixelRatio() != self.devicePixelRatioF():
                picture = self._draw_picture()
            painter.drawPixmap(0, 0, picture)
            frame, span, palette = self._view.frame, self._view.playback.span, self.palette()
            if span is not None:
                lane_overlay.paint_span(painter, self._layout, self._axis, span, palette)
            lane_overlay.paint_cursor(painter, self._layout, self._axis, frame, palette)
            lane_overlay.paint_readouts(painter, self._layout, self._lanes, frame, palette)
        if self._by_key:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.accent(self.palette()), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _draw_picture(self) -> QPixmap:
        sharpness = self.devicePixelRatioF()
        picture = QPixmap(self.size() * sharpness)
        picture.setDevicePixelRatio(sharpness)
        picture.fill(theme.canvas(self.palette()))
        painter = QPainter(picture)
        lane_art.paint(
            painter,
            self._layout,
            self._axis,
            self._lanes,
            self._marks,
            self._seconds,
            self.palette(),
            self._view.finding,
        )
        painter.end()
        self._picture = picture
        return picture

    def _paint_words(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme.canvas(self.palette()))
        painter.setPen(theme.muted(self.palette()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.words)

    def _readouts(self) -> QRect:
        return QRect(self.width() - RIGHT, 0, RIGHT, self.height())

    def _update_cursor(self, frame: int) -> None:
        self.update(QRect(int(self._axis.x(frame)) - 7, 0, 15, self.height()))

    # --- hands -----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Seek, go to a finding, or begin a span."""
        place = event.position()
        if event.button() != Qt.MouseButton.LeftButton or not self._over_frames(place):
            super().mousePressEvent(event)
            return
        frame = self._axis.frame(place.x())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._span_from = frame
        elif hits := self._marks_at(place):
            self.finding_requested.emit(hits[0].finding)
            self.seek_requested.emit(hits[0].frame)
        else:
            span = self._view.playback.span
            if span is not None and not span[0] <= frame <= span[1]:
                self.span_requested.emit(None)
            self._scrubbing = True
            self.scrub_started.emit()
            self._seek(frame)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on seeking or spanning; show what can be clicked."""
        place = event.position()
        if self._span_from is not None:
            frame = self._axis.frame(place.x())
            span = (min(frame, self._span_from), max(frame, self._span_from))
            if span != self._view.playback.span and span[0] < span[1]:
                self.span_requested.emit(span)
        elif self._scrubbing:
            self._seek(self._axis.frame(place.x()))
        elif self._marks_at(place):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End seeking or spanning."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        if self._span_from is not None and self._axis.frame(event.position().x()) == self._span_from:
            self.span_requested.emit(None)
        self._span_from = None
        self._end_scrub()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole clip."""
        if event.button() == Qt.MouseButton.LeftButton and not self._marks_at(event.position()):
            self.reset_zoom()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer, or move along."""
        if not self.frames:
            event.ignore()
            return
        turned = event.angleDelta()
        sideways = turned.x() if turned.x() else turned.y()
        if abs(turned.x()) > abs(turned.y()) or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._set_axis(self._axis.moved(-sideways / 120 * (self._axis.stop - self._axis.start) / 10))
        elif turned.y():
            self.zoom(_ZOOM_STEP ** (turned.y() / 120), event.position().x())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape clears the span; plus, minus and 0 zoom."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self._view.playback.span is not None:
            self.span_requested.emit(None)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal) and self.frames:
            self.zoom(_ZOOM_STEP, self._axis.x(self._view.frame))
        elif key == Qt.Key.Key_Minus and self.frames:
            self.zoom(1 / _ZOOM_STEP, self._axis.x(self._view.frame))
        elif key == Qt.Key.Key_0:
            self.reset_zoom()
        else:
            super().keyPressEvent(event)

    def zoom(self, factor: float, x: float) -> None:
        """Show fewer frames, larger; the time at pixel `x` stays where it is."""
        self._set_axis(self._axis.magnified(factor, x))

    def reset_zoom(self) -> None:
        """Show the whole clip."""
        self._set_axis(TimeAxis.whole(self.frames, self._layout.left, self._layout.span))

    def _seek(self, frame: int) -> None:
        if frame != self._view.frame:
            self.seek_requested.emit(frame)

    def _end_scrub(self) -> None:
        if self._scrubbing:
            self._scrubbing = False
            self.scrub_ended.emit()

    def _over_frames(self, place: QPointF) -> bool:
        layout, slack = self._layout, theme.GRID
        return self.frames > 0 and layout.left - slack <= place.x() <= layout.left + layout.span + slack

    def _marks_at(self, place: QPointF) -> tuple[Hit, ...]:
        return self._marks.at(place, self._layout.marks[0], self._axis) if self._over_frames(place) else ()

    # --- events ----------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Tool tips say what is under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def tip(self, place: QPointF) -> str:
        """What is under the pointer, in words."""
        if hits := self._marks_at(place):
            named = [self._marks.findings[hit.finding] for hit in hits[:_TOLD]]
            told = [f"{finding.severity.upper()}  {finding.code}\n{finding.message}" for finding in named]
            more = [f"and {len(hits) - _TOLD} more"] if len(hits) > _TOLD else []
            return "\n\n".join(told + more)
        frame = self._axis.frame(place.x())
        for lane, (top, bottom) in zip(self._lanes, self._layout.lanes, strict=True):
            if top <= place.y() < bottom:
                moment = f"frame {frame}, {self._seconds[frame]:.2f} s: {lane.reading(frame)} {lane.unit}"
                limit = "" if lane.limit is None else f"\nLimit: {lane.limit:.{lane.digits}f} {lane.unit}"
                return f"{moment}\n{lane.meaning}{limit}"
        return ""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus where it came from the keyboard."""
        self._by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No longer show the focus."""
        self._by_key = False
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Paint anew in other colours or fonts."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._repaint_all()
        super().changeEvent(event)
