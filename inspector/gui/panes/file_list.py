"""The list of files: search and filters above, verdicts and names, live counts below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.checks.codes import CODES
from inspector.checks.finding import Status
from inspector.gui import icons, theme
from inspector.gui.models.file_list import FIRST_TARGET, NAME, VERDICT, FileListModel
from inspector.gui.models.file_table import PENDING, Filter
from inspector.gui.models.rejudge import Bools
from inspector.gui.panes.class_box import ClassBox
from inspector.gui.panes.file_rows import ROW_HEIGHT, BadgeDelegate
from inspector.gui.panes.file_selection import give_selection, take_selection
from inspector.gui.panes.sort_menu import SortMenu

_TYPING_MS = 150
_NARROW = 4 * theme.GRID
_WIDEST_TARGET = 11 * theme.GRID
_NAME = 15 * theme.GRID  # below this, headings are cut before names
_WORDS: dict[Status | None, str] = {
    Status.PASS: "passed",
    Status.WARN: "with warnings",
    Status.FAIL: "failed",
    Status.ERROR: "could not be read",
    None: "waiting",
}
_ALWAYS_COUNTED = (Status.PASS, Status.WARN, Status.FAIL)


class FileView(QTableView):
    """The table itself: Enter and double-click ask for details, and rows that arrive do not push the others away."""

    opened = Signal(object)

    def __init__(self, model: FileListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files = model
        self._anchor: tuple[int, int] | None = None
        self._held: Bools | None = None
        self.setModel(model)
        self._badges, self._words = BadgeDelegate(self), QStyledItemDelegate(self)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Files")
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns = self.horizontalHeader()
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setMinimumSectionSize(3 * theme.GRID)
        columns.setHighlightSections(False)
        columns.setFont(theme.caption_font())
        self.setSortingEnabled(False)  # sorting by hand: `setSortingEnabled` sorts at once, and again at each reset
        columns.setSortIndicatorShown(True)
        columns.setSectionsClickable(True)
        columns.setSelectionModel(QItemSelectionModel(model, columns))  # else it asks every row whether it is selected
        columns.setSortIndicator(NAME, Qt.SortOrder.AscendingOrder)
        columns.sortIndicatorChanged.connect(model.sort)
        self.sort_menu = SortMenu(model, self)
        columns.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        columns.customContextMenuRequested.connect(self._ask_sort)
        model.about_to_move.connect(self._hold_place)
        model.moved.connect(self._keep_place)
        model.columnsInserted.connect(self.fit_columns)
        model.modelReset.connect(self.fit_columns)
        self.doubleClicked.connect(self._open)
        self.fit_columns()

    @Slot()
    def keyboardSearch(self, search: str) -> None:
        """Typed letters are shortcuts (N, L); the search field finds names."""

    def fit_columns(self) -> None:
        """Narrow columns for badges and counts, all the rest for the name."""
        last = self._files.findings_column
        narrow = {VERDICT: _NARROW, last: 5 * theme.GRID}
        heading = QFontMetrics(self.horizontalHeader().font())
        targets = {
            column: min(max(_NARROW, heading.horizontalAdvance(target) + 2 * theme.GRID), _WIDEST_TARGET)
            for column, target in enumerate(self._files.targets, FIRST_TARGET)
        }
        if self.viewport().width() - sum(narrow.values()) - sum(targets.values()) < _NAME:
            targets = dict.fromkeys(targets, _NARROW)  # names before headings, which have tooltips
        narrow |= targets
        for column, width in narrow.items():
            self.setColumnWidth(column, width)
            self.setItemDelegateForColumn(column, self._badges if column < last else self._words)
        self.setColumnWidth(NAME, max(10 * theme.GRID, self.viewport().width() - sum(narrow.values())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the name what there is."""
        super().resizeEvent(event)
        self.fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current file on every platform."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            event.accept()
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._files.path_at(index))

    @Slot(QPoint)
    def _ask_sort(self, at: QPoint) -> None:
        self.sort_menu.popup(self.horizontalHeader().mapToGlobal(at))

    @Slot()
    def _hold_place(self) -> None:
        """Remember where the current row is seen; where it is not, the top row, unless the list is at its top."""
        index, seen = self.currentIndex(), self.viewport().rect()
        if not (index.isValid() and seen.intersects(self.visualRect(index))):
            index = self.indexAt(seen.topLeft()) if self.verticalScrollBar().value() else QModelIndex()
        row = self._files.row_at(index)
        self._anchor = None if row is None else (row, self.visualRect(index).top())
        self._held = take_selection(self, self._files)

    @Slot()
    def _keep_place(self) -> None:
        give_selection(self, self._files, self._held)
        self._held = None
        if self._anchor is None:
            return
        row, top = self._anchor
        position = self._files.table.position(row) if row < len(self._files.table) else -1
        if position >= 0:
            self.updateGeometries()  # the new number of rows reaches the scroll bar late otherwise
            self.verticalScrollBar().setValue(position * ROW_HEIGHT - top)


class FileListPane(QWidget):
    """Search, filters, list and counts.

    Signals
    -------
    selected(str)
        A file was selected: show it.
    opened(str)
        A file was asked for with Enter or a double click: turn to its details.
    class_picked(str | None)
        Only files of this class are to be listed; None for all.
    """

    selected = Signal(object)  # as `str` Qt would lose what is not UTF-8 in a path
    opened = Signal(object)
    class_picked = Signal(object)

    def __init__(self, model: FileListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("File list")
        self.model = model
        self._path: str | None = None
        self._moving = False
        self.view = FileView(model, self)
        self.view.opened.connect(self.opened)
        self.view.selectionModel().currentRowChanged.connect(self._current_changed)
        self._build_filters()
        self._build_counts()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._apply)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._filters)
        column.addWidget(self.view, 1)
        column.addWidget(self._counts)
        self.setMinimumWidth(30 * theme.GRID)
        model.about_to_move.connect(self._about_to_move)
        model.moved.connect(self._moved)
        model.columnsInserted.connect(self._select_whole_rows)
        model.counts_changed.connect(self._show_counts)
        self._show_counts()

    def _build_filters(self) -> None:
        self._filters = QWidget(self)
        self.search = QLineEdit(self._filters)
        self.search.setPlaceholderText("Find by name")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setAccessibleName("Find files by name")
        self.search.setToolTip("Part of the name, any letter case (Ctrl+F)")
        self.search.textChanged.connect(self._typed)
        self.search.setAcceptDrops(False)  # files dropped here are for the window
        self.search.installEventFilter(self)
        self.codes = QComboBox(self._filters)
        self.codes.setAccessibleName("List only files with one kind of finding")
        self.codes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.codes.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.codes.addItem("All findings", "")
        self.codes.currentIndexChanged.connect(self._apply)
        self.classes = ClassBox(self._filters)
        self.classes.class_picked.connect(self.class_picked)
        column = QVBoxLayout(self._filters)
        column.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        column.setSpacing(theme.HALF)
        column.addWidget(self.search)
        column.addWidget(self.codes)
        column.addWidget(self.classes)

    def _build_counts(self) -> None:
        self._counts = QWidget(self)
        row = QHBoxLayout()
        row.setSpacing(0)
        self.buttons: dict[int, QToolButton] = {}
        for status in (Status.PASS, Status.WARN, Status.FAIL, Status.ERROR, None):
            button = QToolButton(self._counts)
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setIcon(icons.status_icon(status))
            button.setIconSize(QSize(14, 14))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFont(theme.tabular_font())
            button.setToolTip(f"List only files that {'are ' if status is None else ''}{_WORDS[status]}")
            button.toggled.connect(self._apply)
            self.buttons[PENDING if status is None else status.rank] = button
            row.addWidget(button)
        row.addStretch(1)
        self.listed = QLabel(self._counts)
        self.listed.setFont(theme.caption_font())
        self.listed.setTextFormat(Qt.TextFormat.PlainText)
        self.reset = QToolButton(self._counts)
        self.reset.setText("Show all")
        self.reset.setAutoRaise(True)
        self.reset.setAccessibleName("Take the filters away")
        self.reset.clicked.connect(self.clear_filters)
        shown = QHBoxLayout()
        shown.addWidget(self.listed, 1)
        shown.addWidget(self.reset)
        column = QVBoxLayout(self._counts)
        column.setContentsMargins(theme.GRID, theme.HALF, theme.GRID, theme.HALF)
        column.setSpacing(0)
        column.addLayout(shown)
        column.addLayout(row)

    def show_path(self, path: str | None) -> None:
        """Mark the selected file as the current row, and bring it into sight."""
        self._path = path
        if self._mark():
            self.view.scrollTo(self.view.currentIndex())

    def _mark(self) -> bool:
        """Make the selected file's row the current one, or none where it is not listed; whether that changed it."""
        row = None if self._path is None else self.model.table.row_of.get(self._path)
        target = QModelIndex() if row is None else self.model.index_of(row)
        selection = self.view.selectionModel()
        if not target.isValid():
            selection.clear()
            return False
        if self.model.row_at(selection.currentIndex()) == row and selection.hasSelection():
            return False
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        selection.setCurrentIndex(target, flags)
        return True

    def selected_paths(self) -> list[str]:
        """Files of all selected rows."""
        rows = self.view.selectionModel().selectedRows(NAME)
        return [self.model.path_at(index) for index in rows]

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def clear_filters(self) -> None:
        """List everything again."""
        for widget in (self.search, self.codes, *self.buttons.values()):
            widget.blockSignals(True)
        self.search.clear()
        self.codes.setCurrentIndex(0)
        for button in self.buttons.values():
            button.setChecked(False)
        for widget in (self.search, self.codes, *self.buttons.values()):
            widget.blockSignals(False)
        self._apply()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Down and Enter lead from the search field into the list, Escape empties it."""
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._apply()
                self.view.setFocus(Qt.FocusReason.TabFocusReason)
                if not self.view.currentIndex().isValid() and self.model.rowCount():
                    self.view.selectRow(0)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.search.clear()
                return True
        return False

    @Slot()
    def _typed(self) -> None:
        self._typing.start()

    @Slot()
    def _apply(self) -> None:
        self._typing.stop()
        chosen = frozenset(rank for rank, button in self.buttons.items() if button.isChecked())
        self.model.set_filter(Filter(chosen or None, self.codes.currentData() or "", self.search.text()))
        current = self.view.currentIndex()
        if current.isValid():
            self.view.scrollTo(current)

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._moving:
            self._path = self.model.path_at(current)
            self.selected.emit(self._path)

    @Slot()
    def _about_to_move(self) -> None:
        self._moving = True  # Qt makes a neighbour current when the current row goes: nobody selected that

    @Slot()
    def _moved(self) -> None:
        self._mark()
        self._moving = False

    @Slot()
    def _select_whole_rows(self) -> None:
        """A column that is new is in no selection yet."""
        selection = self.view.selectionModel()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        selection.select(selection.selection(), flags)

    @Slot()
    def _show_counts(self) -> None:
        counts = self.model.table.status_counts()
        for rank, button in self.buttons.items():
            status = None if rank == PENDING else list(Status)[rank]
            button.setText(f"{counts[rank]:,}")
            button.setAccessibleName(f"{counts[rank]} files {_WORDS[status]}")
            button.setVisible(bool(counts[rank]) or button.isChecked() or status in _ALWAYS_COUNTED)
        listed, total = self.model.rowCount(), len(self.model.table)
        filtered = self.model.table.filter != Filter()
        self.listed.setText(f"{listed:,} of {total:,} listed" if filtered else f"{total:,} files")
        self.reset.setVisible(filtered)
        self._fill_codes()
        table = self.model.table
        self.classes.show_classes(table.classes, table.class_of, table.filter.label)

    def _fill_codes(self) -> None:
        """Keep the kinds of findings up to date, without touching the box while it is open or nothing changed."""
        counts = self.model.table.code_counts
        chosen = self.codes.currentData()
        names = sorted(counts if not chosen else counts.keys() | {chosen})
        wanted = [("All findings", "")] + [
            (f"{CODES[name].title if name in CODES else name} ({counts[name]:,})", name) for name in names
        ]
        shown = [(self.codes.itemText(k), self.codes.itemData(k)) for k in range(self.codes.count())]
        if shown == wanted or self.codes.view().isVisible():
            return
        self.codes.blockSignals(True)
        if [name for _, name in shown] == [name for _, name in wanted]:
            for k, (text, _) in enumerate(wanted):
                self.codes.setItemText(k, text)
        else:
            self.codes.clear()
            for text, name in wanted:
                self.codes.addItem(text, name)
            self.codes.setCurrentIndex(max(0, self.codes.findData(chosen)))
        self.codes.blockSignals(False)
