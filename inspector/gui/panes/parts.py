"""Small parts that several panes show: captions, the notice of an empty pane, text that folds away."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QResizeEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.checks.finding import Severity, Status
from inspector.gui import icons, theme

SHAPES: dict[Severity, Status | None] = {
    Severity.CRITICAL: Status.ERROR,
    Severity.HIGH: Status.FAIL,
    Severity.MEDIUM: Status.WARN,
    Severity.LOW: None,
}
"""A severity's badge is the verdict's that it leads to: bolt, cross, triangle, ring."""

_TALLEST = 30 * theme.GRID


class Prose(QTextEdit):
    """Plain text to read, select and copy, as high as it needs to be.

    Unlike a label it breaks words that are longer than the line, such as paths, so that no text makes a pane wider.
    """

    colour: Callable[[], QColor] | None = None

    def __init__(self, name: str, parent: QWidget | None = None, *, centred: bool = False) -> None:
        super().__init__(parent)
        self._alignment = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self._fit()

    def text(self) -> str:
        """What is shown."""
        return self.toPlainText()

    def setText(self, text: str) -> None:
        """Show other text, never taken for markup."""
        self.setPlainText(text)
        self.selectAll()
        self.setAlignment(self._alignment)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._fit()

    def setMuted(self) -> None:
        """Write small and behind the rest."""
        self.setFont(theme.caption_font())
        self.setColour(theme.muted)

    def setColour(self, colour: Callable[[], QColor] | None) -> None:
        """Write in a colour of the theme; None: that of any text."""
        self.colour = colour
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system from light to dark and back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        palette = QPalette()  # nothing of its own but the text: all else stays the system's
        if self.colour is not None:
            palette.setColor(QPalette.ColorRole.Text, self.colour())
        if palette.color(QPalette.ColorRole.Text) != self.palette().color(QPalette.ColorRole.Text):
            self.setPalette(palette)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(min(_TALLEST, math.ceil(self.document().size().height())))


def caption(text: str = "", parent: QWidget | None = None) -> QLabel:
    """A line of small muted text."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(theme.caption_font())
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def hairline(parent: QWidget | None = None) -> QFrame:
    """A line of one pixel across."""
    frame = _Hairline(parent)
    frame.setFixedHeight(1)
    return frame


class _Hairline(QFrame):
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.line(self.palette()))
        painter.end()


class _Badge(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.status: Status | None = None
        self.setFixedHeight(4 * theme.GRID)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = self.height()
        box = QRect((self.width() - side) // 2, 0, side, side)
        icons.paint_status(painter, box, self.status, self.palette())
        painter.end()


class Notice(QWidget):
    """What a pane says when it has no rows to show: a large badge, a heading, and a few words to read or copy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._badge = _Badge(self)
        self._heading = QLabel(self)
        self._text = Prose("Explanation", self, centred=True)
        large = QFont(QApplication.font())
        large.setPointSizeF(large.pointSizeF() * 1.3)
        large.setWeight(QFont.Weight.DemiBold)
        self._heading.setFont(large)
        readable = QFont(QApplication.font())
        readable.setPointSizeF(readable.pointSizeF() * 1.1)
        self._text.setFont(readable)
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        self._heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._heading.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.GRID, 3 * theme.GRID, 2 * theme.GRID, 2 * theme.GRID)
        column.setSpacing(theme.GRID)
        column.addWidget(self._badge)
        column.addWidget(self._heading)
        column.addWidget(self._text)
        column.addStretch(1)

    @property
    def words(self) -> str:
        """Heading and text, as shown."""
        return "\n".join(part for part in (self._heading.text(), self._text.text()) if part)

    def say(self, heading: str, text: str = "", *, status: Status | None = None, badge: bool = False) -> None:
        """Show these words, with the badge of a verdict where `badge` is set."""
        self._badge.setVisible(badge)
        self._badge.status = status
        self._badge.update()
        self._heading.setText(heading)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(heading)
        self.setAccessibleDescription(text)


class Folded(QWidget):
    """A heading that opens and closes a read-only monospace text below it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QToolButton(self)
        self.button.setText(title)
        self.button.setAutoRaise(True)
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setArrowType(Qt.ArrowType.RightArrow)
        self.button.setAccessibleName(f"Show or hide {title}")
        self.text = read_only(title, self)
        self.text.setVisible(False)
        self.button.toggled.connect(self._fold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.button)
        column.addWidget(self.text, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def set_text(self, text: str) -> None:
        """Change the text; the box disappears when there is none."""
        if text != self.text.toPlainText():
            self.text.setPlainText(text)
        self.setVisible(bool(text))
        height = self.text.fontMetrics().lineSpacing() * min(12, text.count("\n") + 2) + theme.GRID
        self.text.setFixedHeight(height)

    def _fold(self, shown: bool) -> None:
        self.button.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self.text.setVisible(shown)


def read_only(name: str, parent: QWidget | None = None) -> QPlainTextEdit:
    """A box of monospace text to read and copy."""
    box = QPlainTextEdit(parent)
    box.setReadOnly(True)
    box.setFont(theme.mono_font())
    box.setFrameShape(QFrame.Shape.NoFrame)
    box.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    box.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustIgnored)
    box.setAccessibleName(name)
    return box
