"""The selected file's figures: what it is ready for, what was measured, and where a limit is exceeded."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from inspector.gui import icons, theme
from inspector.gui.models.measurements import (
    ICON_SIDE,
    LIMIT,
    NAME,
    UNIT,
    VALUE,
    MeasurementsModel,
    groups_of,
    rows_tsv,
)
from inspector.gui.panes.parts import Folded, Notice, hairline
from inspector.gui.view import ViewState


class MeasurementsPane(QWidget):
    """A searchable table of figures with their limits, and the file's metadata below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Measurements")
        self._view: ViewState | None = None
        self._closed: set[str] = set()  # headings that the user folded away
        self.model = MeasurementsModel(self)

        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search measurements")
        self.search.setAccessibleName("Search measurements")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._search)
        self.copy_button = QToolButton(self)
        self.copy_button.setIcon(icons.icon("copy"))
        self.copy_button.setAutoRaise(True)
        self.copy_button.setToolTip("Copy the measurements shown, as tab-separated text")
        self.copy_button.setAccessibleName("Copy measurements")
        self.copy_button.clicked.connect(self.copy)
        self._build_table()
        self.notice = Notice(self)
        self.meta = Folded("Metadata", self)

        top = QHBoxLayout()
        top.setContentsMargins(theme.HALF, theme.HALF, theme.HALF, theme.HALF)
        top.setSpacing(theme.HALF)
        top.addWidget(self.search, 1)
        top.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(hairline(self))
        column.addWidget(self.notice, 1)
        column.addWidget(self.table, 1)
        column.addWidget(self.meta)
        self.setFocusProxy(self.table)
        self.show_view(ViewState())

    def _build_table(self) -> None:
        self.table = QTreeView(self)
        self.table.setModel(self.model)
        self.table.setAccessibleName("Measurements")
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setUniformRowHeights(True)
        self.table.setIndentation(theme.GRID)
        self.table.setIconSize(QSize(ICON_SIDE, ICON_SIDE))
        self.table.setAllColumnsShowFocus(True)
        self.table.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.table.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(2 * theme.GRID)
        header.setFont(theme.caption_font())
        header.setSectionsMovable(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (VALUE, UNIT, LIMIT):  # measured once a file: Qt would measure all rows anew at each heading
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        self.table.collapsed.connect(self._closed_heading)
        self.table.expanded.connect(self._opened_heading)

    def show_view(self, view: ViewState) -> None:
        """Paint what differs from the view before."""
        before, self._view = self._view, view
        same = before is not None and view.inspection is before.inspection
        if same and before is not None and (view.path, view.loading) == (before.path, before.loading):
            return
        if not same:
            self.model.set_groups(groups_of(view.inspection) if view.inspection else ())
            self.meta.set_text(view.inspection.meta if view.inspection else "")
            self._unfold()
        measured = view.inspection is not None and bool(
            view.inspection.record.measurements or view.inspection.record.fields
        )
        self.notice.setVisible(not measured)
        self.table.setVisible(measured)
        self.search.setEnabled(measured)
        self.copy_button.setEnabled(measured)
        if view.inspection is None or not view.inspection.complete:
            self.notice.say("Reading…" if view.loading else "Select a file")
        else:
            self.notice.say("Nothing measured", view.inspection.record.error or "")

    def _unfold(self) -> None:
        header = self.table.header()
        for column, width in enumerate(self.model.widths()[1:], 1):
            header.resizeSection(column, width)
        for place, group in enumerate(self.model.groups):
            index = self.model.index(place, 0)
            self.table.setFirstColumnSpanned(place, QModelIndex(), True)
            self.table.setExpanded(index, group.title not in self._closed)
            for row, figure in enumerate(group.rows):
                if figure.wide:
                    self.table.setFirstColumnSpanned(row, index, True)

    @Slot(str)
    def _search(self, text: str) -> None:
        self.model.set_search(text)
        self._unfold()

    @Slot(QModelIndex)
    def _closed_heading(self, index: QModelIndex) -> None:
        self._closed.add(self.model.groups[index.row()].title)

    @Slot(QModelIndex)
    def _opened_heading(self, index: QModelIndex) -> None:
        self._closed.discard(self.model.groups[index.row()].title)

    @Slot()
    def copy(self) -> None:
        """Put the rows shown on the clipboard, values in full."""
        QGuiApplication.clipboard().setText(rows_tsv(self.model.groups))
