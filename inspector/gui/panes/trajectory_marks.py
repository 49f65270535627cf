"""What the marks on a drawn path mean."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.gui import theme
from inspector.render.palette import class_colour


class Marks(QWidget):
    """What the marks on a path mean, at the right end of its row; what has no room is left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Marks")
        self.setAccessibleDescription("A ring is the start, a square the end, a dot the current frame.")
        self.setToolTip(self.accessibleDescription())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._colour, self._others = class_colour(0), True

    def show_colour(self, colour: str, others: bool) -> None:
        """Show marks in a class's colour, and the line of other samples where there are some."""
        if (colour, others) != (self._colour, self._others):
            self._colour, self._others = colour, others
            self.update()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(0, 3 * theme.GRID)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Start, end, frame and other samples, as many as fit."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.caption_font())
        metrics, middle = QFontMetricsF(painter.font()), self.height() / 2
        wide = {
            words: metrics.horizontalAdvance(words) + 3 * theme.GRID
            for words in ("start", "end", "frame", *(("others",) if self._others else ()))
        }
        while wide and sum(wide.values()) > self.width() - theme.HALF:
            wide.popitem()
        x = self.width() - theme.HALF - sum(wide.values())
        for words, width in wide.items():
            self._paint_mark(painter, QPointF(x + theme.GRID, middle), words)
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            place = QRectF(x + 2 * theme.GRID, 0, width, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
            x += width
        painter.end()

    def _paint_mark(self, painter: QPainter, at: QPointF, words: str) -> None:
        colour, ground = QColor(self._colour), self.palette().color(QPalette.ColorRole.Window)
        match words:
            case "start":
                painter.setPen(QPen(colour, 2.0))
                painter.setBrush(ground)
                painter.drawEllipse(at, 5.0, 5.0)
            case "end":
                painter.fillRect(QRectF(at.x() - 4, at.y() - 4, 8, 8), colour)
            case "frame":
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.accent(self.palette()))
                painter.drawEllipse(at, 4.5, 4.5)
            case _:
                painter.setPen(QPen(theme.muted(self.palette()), 1.0))
                painter.drawLine(at - QPointF(theme.GRID, 0), at + QPointF(5, 0))
