"""Above the plots of a folder: what moved limits would do, what the dots mean, which class, and in which order."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.checks.finding import Status
from inspector.gui import icons, theme
from inspector.gui.folder_view import FolderView
from inspector.gui.panes.class_box import ClassBox
from inspector.gui.panes.folder_dots import paint_dot
from inspector.gui.panes.folder_words import what_if

_MARKS = {Status.PASS: "pass", Status.WARN: "warn", Status.FAIL: "fail", Status.ERROR: "error"}


class FolderBar(QWidget):
    """Two rows, and one more where files are copies of each other.

    Signals
    -------
    limits_reset()
    profile_save_requested()
    rows_brushed(object)
        The files whose verdict the moved limits change, those that are copies, or None for all.
    class_picked(object)
        A class's name, or None for all.
    order_changed(bool)
        Whether each plot orders the files by value.
    """

    limits_reset = Signal()
    profile_save_requested = Signal()
    rows_brushed = Signal(object)
    class_picked = Signal(object)
    order_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: FolderView | None = None
        self.answer = _Line("What the moved limits change", self)
        self.list_button = self._button("List them", "List the files whose verdict the moved limits change")
        self.reset_button = self._button("Reset", "Put all limits back to what the profile says")
        self.save_button = self._button("Save profile…", "Write a profile with the limits as they are now")
        self.legend = _Legend(self)
        self.brush_button = QToolButton(self)
        self.brush_button.setIcon(icons.icon("cancel"))
        self.brush_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.brush_button.setAutoRaise(True)
        self.brush_button.setToolTip("List all files again (Escape in a plot)")
        self.classes = ClassBox(self)
        self.classes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.classes.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.copies = _Line("Copies among the files", self)
        self.copies_button = self._button("List them", "List the files that are copies of others")
        self.order = QComboBox(self)
        self.order.setAccessibleName("Order of the files from left to right")
        self.order.addItems(["In list order", "By value"])
        self._lay_out()
        self.list_button.clicked.connect(self._list_flips)
        self.reset_button.clicked.connect(self.limits_reset)
        self.save_button.clicked.connect(self.profile_save_requested)
        self.brush_button.clicked.connect(self._clear_brush)
        self.classes.class_picked.connect(self.class_picked)
        self.copies_button.clicked.connect(self._list_copies)
        self.order.currentIndexChanged.connect(self._pick_order)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setEnabled(False)
        return button

    def _lay_out(self) -> None:
        above, below = QHBoxLayout(), QHBoxLayout()
        for row in (above, below):
            row.setContentsMargins(theme.GRID, theme.HALF, theme.GRID, theme.HALF)
            row.setSpacing(theme.GRID)
        above.addWidget(self.answer, 1)
        for button in (self.list_button, self.reset_button, self.save_button):
            above.addWidget(button)
        below.addWidget(self.legend, 1)
        for widget in (self.brush_button, self.classes, self.order):
            below.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addLayout(below)
        self._together = QWidget(self)
        last = QHBoxLayout(self._together)
        last.setContentsMargins(theme.GRID, 0, theme.GRID, theme.HALF)
        last.setSpacing(theme.GRID)
        last.addWidget(self.copies, 1)
        last.addWidget(self.copies_button)
        column.addWidget(self._together)
        self._together.hide()
        self.brush_button.hide()

    def show_folder(self, view: FolderView) -> None:
        """Say what another view holds."""
        self._view = view
        self.answer.say(what_if(view))
        self.list_button.setEnabled(view.flips.changed > 0)
        self.reset_button.setEnabled(view.edited)
        self.save_button.setEnabled(view.edited)
        brushed = view.brushed
        self.brush_button.setVisible(brushed is not None)
        if brushed is not None:
            self.brush_button.setText(f"{brushed.size:,} {'file' if brushed.size == 1 else 'files'} brushed")
            self.brush_button.setAccessibleName(f"{self.brush_button.text()}: list all again")
        self.classes.show_classes(view.classes, view.class_of, view.picked_class)
        words = view.groups.words
        self._together.setVisible(bool(words))
        self.copies.say(words)
        self.copies_button.setEnabled(view.groups.rows.size > 0)

    @Slot()
    def _list_flips(self) -> None:
        if self._view is not None:
            self.rows_brushed.emit(self._view.flips.rows)

    @Slot()
    def _clear_brush(self) -> None:
        self.rows_brushed.emit(None)

    @Slot()
    def _list_copies(self) -> None:
        if self._view is not None:
            self.rows_brushed.emit(self._view.groups.rows)

    @Slot(int)
    def _pick_order(self, index: int) -> None:
        self.order_changed.emit(index == 1)


class _Line(QLabel):
    """One line of text that is cut where it has no room, and told in full by its tooltip."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = ""
        self.setAccessibleName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def words(self) -> str:
        """The whole text."""
        return self._words

    def say(self, text: str) -> None:
        """Show another text."""
        if text != self._words:
            self._words = text
            self.setAccessibleDescription(text)
            self._cut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        cut = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, self.width())
        self.setText(cut)
        self.setToolTip(self._words if cut != self._words else "")


class _Legend(QWidget):
    """The verdicts' marks, in one row that leaves out at the end what has no room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Legend")
        self.setAccessibleDescription(
            "Each file is a mark: a disc passes, a triangle has warnings, a cross fails, a diamond could not be read. "
            "Drag over marks to list only their files; click one to select its file."
        )
        self.setToolTip(self.accessibleDescription())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(0, 3 * theme.GRID)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Mark after mark."""
        painter = QPainter(self)
        painter.setFont(theme.caption_font())
        metrics = QFontMetricsF(painter.font())
        x = 0.0
        for status, words in _MARKS.items():
            width = metrics.horizontalAdvance(words)
            if x + 2 * theme.GRID + width > self.width():
                break
            colour = theme.status_colour(status, self.palette())
            paint_dot(painter, QPointF(x + theme.HALF, self.height() / 2), status, 7.0, colour)
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            place = QRectF(x + theme.GRID + theme.HALF, 0, width + 1, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
            x = place.right() + 2 * theme.GRID
        painter.end()
