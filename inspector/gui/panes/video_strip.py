"""All frames of a sample in rows of sixteen: where the eye compares, and a click seeks."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QToolTip, QWidget

from inspector.gui import theme
from inspector.gui.panes.video_strip_art import (
    NUMBER,
    SLOT,
    Strip,
    legend_height,
    number_rect,
    strip_picture,
    strip_style,
)
from inspector.render.pixels import resized
from inspector.render.strip import StripLayout, strip_layout
from inspector.render.text import text_font

_MARGIN = theme.GRID
_DIMMED = 0.35


class FrameStrip(QAbstractScrollArea):
    """Shows frames, the current one outlined, and asks for the one that is clicked or dragged over.

    Only the outline is painted anew when the current frame changes: the rest is kept as a picture.

    Signals
    -------
    seek_requested(int)
        Frame.
    """

    seek_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Frames")
        self.setAccessibleDescription("All frames of the sample. Click or drag to seek; arrow keys step.")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._strip = Strip()
        self._kinds = 0
        self._frame = 0
        self._dimmed = False
        self._most = 30 * theme.GRID
        self._layout = strip_layout(0, 100, (1, 1))
        self._picture: QPixmap | None = None
        self._arrange()

    @property
    def strip(self) -> Strip:
        """What is shown."""
        return self._strip

    @property
    def frame(self) -> int:
        """The current frame."""
        return self._frame

    @property
    def dimmed(self) -> bool:
        """Whether what is shown is about to be replaced."""
        return self._dimmed

    def show_strip(self, strip: Strip, frame: int) -> None:
        """Show other frames."""
        self._strip, self._frame = strip, frame
        self._arrange()

    def show_frame(self, frame: int) -> None:
        """Move the outline."""
        if frame != self._frame:
            self._frame = frame
            self._reveal()
            self.viewport().update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Show that what is seen is about to be replaced."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.viewport().update()

    def set_most_height(self, height: int) -> None:
        """Take no more room than this, but for one row; what does not fit is scrolled to."""
        if height != self._most:
            self._most = height
            self._arrange()

    def sizeHint(self) -> QSize:
        """As high as it was arranged to be."""
        return QSize(40 * theme.GRID, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """A few frames wide."""
        return QSize(20 * theme.GRID, self.minimumHeight())

    # --- places ----------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Lay frames out in the width there is; more rows than there is room for are scrolled through."""
        count, bar = len(self._strip.images), self.verticalScrollBar()
        self._kinds, self._picture = len(self._strip.kinds()), None
        self._layout = self._laid_out(self.width())
        scrolled = self._whole_height() > self._most and self._layout.rows > 1
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if scrolled else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        if scrolled:
            self._layout = self._laid_out(self.width() - bar.sizeHint().width())
        one_row = self._layout.cell.height() + self._layout.caption + 2 * theme.HALF
        height = min(self._whole_height(), max(self._most, math.ceil(one_row))) if count else 0
        self.setFixedHeight(height)
        bar.setRange(0, max(0, self._whole_height() - height))
        bar.setPageStep(max(1, height))
        bar.setSingleStep(math.ceil(one_row))
        self._reveal()
        self.viewport().update()

    def _laid_out(self, width: int) -> StripLayout:
        images = self._strip.images
        size = images[0].size() if images else QSize(1, 1)
        return strip_layout(
            len(images),
            max(1, width - 2 * _MARGIN),
            (size.width(), size.height()),
            caption=NUMBER + SLOT * self._kinds + 3,
            sharpness=self.devicePixelRatioF(),
            whole=False,
        )

    def _whole_height(self) -> int:
        return math.ceil(self._layout.size.height()) + legend_height(self._kinds > 0) + 2 * theme.HALF

    @property
    def _origin(self) -> QPointF:
        """Where the first cell is in the viewport before anything is scrolled."""
        spare = max(0.0, self.viewport().width() - 2 * _MARGIN - self._layout.size.width())
        return QPointF(_MARGIN + math.floor(spare / 2), theme.HALF)

    @property
    def _scrolled(self) -> QPointF:
        return self._origin - QPointF(0, self.verticalScrollBar().value())

    def frame_at(self, place: QPointF) -> int | None:
        """The frame at a place of the viewport, or None beside all."""
        cell = self._layout.cell_at(place - self._scrolled)
        return None if cell is None else self._strip.frame_of(cell)

    def place_of(self, frame: int) -> QRectF | None:
        """Where a frame is in the viewport, or None where it is not shown."""
        cell = self._strip.cell_of(frame)
        return None if cell is None else self._layout.picture_rect(cell).translated(self._scrolled)

    def _reveal(self) -> None:
        place, bar = self.place_of(self._frame), self.verticalScrollBar()
        if place is None or not bar.maximum():
            return
        bottom = place.bottom() + self._layout.caption
        if place.top() < theme.HALF:
            bar.setValue(bar.value() + math.floor(place.top()) - theme.HALF)
        elif bottom > self.viewport().height():
            bar.setValue(bar.value() + math.ceil(bottom - self.viewport().height()))

    # --- painting --------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The kept picture, and the outline of the current frame."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.canvas(self.palette()))
        if self._strip.images:
            if self._picture is None:
                self._picture = self._paint_all()
            painter.setOpacity(_DIMMED if self._dimmed else 1.0)
            painter.drawPixmap(QPointF(0, -self.verticalScrollBar().value()), self._picture)
            if not self._dimmed:
                self._paint_current(painter)
        painter.end()

    def _paint_all(self) -> QPixmap:
        sharp, shown = self.devicePixelRatioF(), self._layout.picture
        wide, high = round(shown.width() * sharp), round(shown.height() * sharp)
        strip = replace(self._strip, images=tuple(resized(image, wide, high) for image in self._strip.images))
        size = QSizeF(self.viewport().width(), self._whole_height())
        return strip_picture(strip, self._layout, size, self._origin, self.palette(), sharp)

    def _paint_current(self, painter: QPainter) -> None:
        place, cell = self.place_of(self._frame), self._strip.cell_of(self._frame)
        if place is None or cell is None:
            return
        painter.setPen(theme.accent(self.palette()))
        for side in range(1, 4):
            painter.drawRect(place.adjusted(-side, -side, side - 1, side - 1))
        font, text = text_font(strip_style(self.palette()).label, bold=True), str(self._frame)
        room = number_rect(self._layout, cell, self._kinds).translated(self._scrolled)
        width = QFontMetricsF(font).horizontalAdvance(text) + 6
        behind = QRectF(room.center().x() - width / 2, room.top() + 1, width, room.height() - 1)
        painter.fillRect(behind, theme.canvas(self.palette()))
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    # --- hands -----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the frame that is clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._seek(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while it is held."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event.position())

    def _seek(self, place: QPointF) -> None:
        frame = self.frame_at(place)
        if frame is not None and self._strip.cell_of(frame) != self._strip.cell_of(self._frame):
            self.seek_requested.emit(frame)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step by cells and rows, Home and End go to the ends; the page keys are the pane's."""
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._layout.columns,
            Qt.Key.Key_Down: self._layout.columns,
            Qt.Key.Key_Home: -self._layout.count,
            Qt.Key.Key_End: self._layout.count,
        }
        here, move = self._strip.cell_of(self._frame), moves.get(Qt.Key(event.key()))
        if move is None or here is None:
            event.ignore()
            return
        to = self._strip.frame_of(min(max(here + move, 0), self._layout.count - 1))
        if to != self._frame:
            self.seek_requested.emit(to)

    def viewportEvent(self, event: QEvent) -> bool:
        """The tool tip says what a frame's marks mean."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            frame = self.frame_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if frame is None else self._strip.describe(frame), self.viewport())
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay frames out anew, in another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system from light to dark and back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._picture = None
            self.viewport().update()
