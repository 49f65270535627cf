"""The list of a file's arrays."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from inspector.archive import Member
from inspector.gui import theme
from inspector.gui.models import members as columns
from inspector.gui.models.members import MembersModel

_SHOWN, _LEAST = 7, 3


class MembersTable(QTableView):
    """As high as its rows, up to seven of them; three where room is scarce.

    Signals
    -------
    chosen(Member)
        Another member became the current one.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.members = MembersModel(self)
        self.setModel(self.members)
        self.setAccessibleName("Arrays of the file")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        rows, header = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setMinimumSectionSize(theme.GRID)
        rows.setDefaultSectionSize(self.fontMetrics().height() + theme.GRID)
        header.setFont(theme.caption_font())
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(50)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(columns.NAME, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(columns.NAME, 20 * theme.GRID)
        header.setSectionResizeMode(columns.NOTE, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(self._row_changed)

    def show_members(self, members: tuple[Member, ...], preferred: str | None) -> None:
        """Show another file's members and choose one: the preferred name where there is one, else the first."""
        self.members.set_members(members)
        row, header = self.verticalHeader().defaultSectionSize(), self.horizontalHeader().sizeHint().height()
        self.setMinimumHeight(header + min(_LEAST, len(members)) * row + 2)
        self.setMaximumHeight(header + min(_SHOWN, len(members)) * row + 2)
        self.setVisible(bool(members))
        if members:
            row = next((i for i, member in enumerate(members) if member.name == preferred), 0)
            self.setCurrentIndex(self.members.index(row, 0))

    @Slot(QModelIndex)
    def _row_changed(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.members.members[index.row()])
