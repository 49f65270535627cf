"""A data set's classes in a table that asks for one of them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from inspector.checks.dataset import DataSet
from inspector.gui import theme
from inspector.gui.panes.dataset_classes import ClassesModel, rows_of, rows_tsv

_MOST_ROWS = 7  # before the table scrolls


class ClassesTable(QTableView):
    """Shows a `ClassesModel`; a click or Enter on a row asks for its class.

    Signals
    -------
    class_requested(object)
        Label, or None for all samples.
    """

    class_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classes = ClassesModel(self)
        self.setModel(self.classes)
        self.setAccessibleName("Classes of the data set")
        self.setAccessibleDescription("A click or Enter on a row shows the samples of that class only.")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.verticalHeader().hide()
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(QFontMetrics(theme.tabular_font()).height() + theme.HALF)
        header = self.horizontalHeader()
        header.setFont(theme.caption_font())
        header.setHighlightSections(False)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(self._ask)
        self.activated.connect(self._ask)

    def show_dataset(self, dataset: DataSet) -> None:
        """Show its classes."""
        self.classes.set_rows(rows_of(dataset))
        for column, width in enumerate(self.classes.widths()):
            self.setColumnWidth(column, width)
        self._fit()

    def show_class(self, label: int | None, *, only: bool = True) -> None:
        """Select a class's row; none unless the class is the `only` thing that samples are chosen by."""
        row = self.classes.row_of(label) if only else -1
        if row < 0:
            self.clearSelection()
        elif row != self.currentIndex().row() or not self.selectionModel().hasSelection():
            self.selectRow(row)

    def copy(self) -> None:
        """Put the table on the clipboard, figures in full."""
        QGuiApplication.clipboard().setText(rows_tsv(self.classes.rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copying takes the whole table; Enter asks for the class."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _ask(self, index: QModelIndex) -> None:
        if index.isValid():
            self.class_requested.emit(self.classes.rows[index.row()].label)

    def _fit(self) -> None:
        """As high as its rows, up to a few."""
        shown = min(self.classes.rowCount(), _MOST_ROWS)
        wide = sum(self.classes.widths()) > self.width()
        bar = self.horizontalScrollBar().sizeHint().height() if wide else 0
        heading = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(heading + shown * self.verticalHeader().defaultSectionSize() + bar + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave room for the bar where the columns do not fit."""
        super().resizeEvent(event)
        self._fit()
