"""The values of one array: a table of one page, or text for what has no table."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from inspector.audit.array_object import Words
from inspector.audit.array_text import plain_text
from inspector.audit.arrays import Page
from inspector.checks.finding import Status
from inspector.gui import theme
from inspector.gui.models.array_slice import PageModel
from inspector.gui.panes.arrays_bar import SliceBar
from inspector.gui.panes.parts import Notice, Prose, read_only

_SAMPLED = 12
_WIDEST = 60 * theme.GRID
_COPY_LIMIT = 20_000


class _Header(QHeaderView):
    """Asks for the room of its last label, the widest, where Qt's own asks 200 labels for theirs, again and again."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self.setFont(theme.caption_font())
        self.setHighlightSections(False)
        self.setSectionsClickable(True)

    def sizeHint(self) -> QSize:
        """Of the last section."""
        return self.sectionSizeFromContents(self.count() - 1) if self.count() else super().sizeHint()


class ValuesView(QWidget):
    """Shows a page as a table, words, or a notice; `bar` chooses the page and stands where the pane puts it.

    Signals
    -------
    row_clicked(int)
        A cell in this row of the array was clicked, or Enter pressed on it.
    """

    row_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waits = False
        self.model = PageModel(self)
        self.bar = SliceBar(self)
        self.table = QTableView(self)
        self.table.setHorizontalHeader(_Header(Qt.Orientation.Horizontal, self.table))
        self.table.setVerticalHeader(_Header(Qt.Orientation.Vertical, self.table))
        self.table.setModel(self.model)
        self.table.setFont(theme.tabular_font())
        self.table.setAccessibleName("Values")
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setWordWrap(False)
        self.table.setCornerButtonEnabled(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().setMinimumSectionSize(theme.GRID)
        self.table.verticalHeader().setDefaultSectionSize(QFontMetrics(self.font()).height() + theme.HALF)
        self.table.horizontalHeader().setMinimumSectionSize(3 * theme.GRID)
        self.table.clicked.connect(self._clicked)
        copy = QKeySequence(QKeySequence.StandardKey.Copy)
        QShortcut(copy, self.table, self.copy_selection, context=Qt.ShortcutContext.WidgetShortcut)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(key), self.table, self._entered, context=Qt.ShortcutContext.WidgetShortcut)

        self.note = Prose("About the value", self)
        self.text = read_only("Value", self)
        words = QWidget(self)
        column = QVBoxLayout(words)
        column.setContentsMargins(theme.GRID, theme.GRID, 0, 0)
        column.addWidget(self.note)
        column.addWidget(self.text, 1)
        self.notice = Notice(self)
        self._stack = QStackedWidget(self)
        for page in (self.table, words, self.notice):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addWidget(self._stack, 1)

    @property
    def waits(self) -> bool:
        """Whether nothing has come since `wait`."""
        return self._waits

    def wait(self) -> None:
        """Say that something is being read."""
        self.say("Reading…")
        self._waits = True

    def show_page(self, page: Page) -> None:
        """Show the values of a page."""
        self._waits = False
        same = self.model.page is not None and self.model.page.name == page.name
        self.model.set_page(page)
        if not same:
            self.table.horizontalHeader().setDefaultSectionSize(self._width(page))
            self.table.scrollToTop()
        # Text in a single column takes the width there is.
        self.table.horizontalHeader().setStretchLastSection(page.columns == 1 and page.values.dtype.kind in "USV")
        self._stack.setCurrentIndex(0)

    def show_words(self, words: Words) -> None:
        """Show a value as text, with a note above."""
        self._waits = False
        self.model.set_page(None)
        self.note.setText(words.note)
        self.note.setVisible(bool(words.note))
        self.note.setColour(partial(theme.status_colour, Status.WARN) if words.alarming else None)
        self.text.setPlainText(words.text)
        self.text.setVisible(bool(words.text))
        self._stack.setCurrentIndex(1)

    def say(self, heading: str, text: str = "", *, error: bool = False) -> None:
        """Show a notice instead of values."""
        self._waits = False
        self.model.set_page(None)
        self.notice.say(heading, text, status=Status.ERROR, badge=error)
        self._stack.setCurrentIndex(2)

    def mark(self, number: int | None) -> None:
        """Tint a row of the array, and take the tint off the one before."""
        for local in self.model.mark(number):
            if local is not None:
                top, height = self.table.rowViewportPosition(local), self.table.rowHeight(local)
                for view in (self.table.viewport(), self.table.verticalHeader().viewport()):
                    view.update(0, top, view.width(), height)

    def reveal_row(self, number: int) -> None:
        """Scroll to a row of the array; the pager first, where it is on another page."""
        local = self.model.local_row(number)
        if local is None:
            self.bar.rows.reveal(number)
        else:
            across = self.table.horizontalScrollBar().value()
            self.table.scrollTo(self.model.index(local, 0), QAbstractItemView.ScrollHint.EnsureVisible)
            self.table.horizontalScrollBar().setValue(across)

    def _width(self, page: Page) -> int:
        """Of all columns: what a sample of the cells needs."""
        metrics = QFontMetrics(theme.tabular_font())
        rows = {round(i * max(0, page.rows - 1) / _SAMPLED) for i in range(_SAMPLED + 1)} if page.rows else set()
        columns = (
            {round(i * max(0, page.columns - 1) / _SAMPLED) for i in range(_SAMPLED + 1)} if page.columns else set()
        )
        texts = [page.format.cell(page.value(r, c)) for r in rows for c in columns]
        texts += [str(self.model.headerData(c, Qt.Orientation.Horizontal)) for c in columns]
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        return min(_WIDEST, max(5 * theme.GRID, widest + 2 * theme.GRID))

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        if self.model.page is not None:
            self.row_clicked.emit(self.model.page.cut.row + index.row())

    @Slot()
    def _entered(self) -> None:
        if self.table.currentIndex().isValid():
            self._clicked(self.table.currentIndex())

    @Slot()
    def copy_selection(self) -> None:
        """Put the selected cells on the clipboard, tab-separated; at most some 20,000."""
        page = self.model.page
        selected = self.table.selectionModel().selection()
        if page is None or selected.isEmpty():
            return
        lines: list[str] = []
        count = 0
        for block in (selected.at(i) for i in range(selected.count())):
            columns = range(block.left(), block.right() + 1)
            for row in range(block.top(), block.bottom() + 1):
                if count > _COPY_LIMIT:
                    break
                lines.append("\t".join(plain_text(page.value(row, column)) for column in columns))
                count += len(columns)
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
