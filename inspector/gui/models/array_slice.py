"""One page of an array as a table: only what is on screen becomes text."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from inspector.audit.array_text import exact_text, is_odd
from inspector.audit.arrays import Page
from inspector.checks.finding import Severity
from inspector.gui import theme
from inspector.gui.models.text import tip

AnyIndex = QModelIndex | QPersistentModelIndex

_NO_INDEX = QModelIndex()
# As numbers, which is what views ask with: looking a role up by its name takes longer than the answer.
_TEXT, _TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)
_ALIGNMENT, _COLOUR = int(Qt.ItemDataRole.TextAlignmentRole), int(Qt.ItemDataRole.ForegroundRole)
_GROUND = int(Qt.ItemDataRole.BackgroundRole)
_ANSWERED = frozenset({_TEXT, _TIP, _ALIGNMENT, _COLOUR, _GROUND})
_HEADED = frozenset({_TEXT, _GROUND})
_LEFT_KINDS = "USVO"
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PageModel(QAbstractTableModel):
    """Values of a page, its rows and columns numbered as in the array."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._page: Page | None = None
        self._marked: int | None = None

    @property
    def page(self) -> Page | None:
        """What is shown."""
        return self._page

    def set_page(self, page: Page | None) -> None:
        """Show another page; the marked row stays, by its number in the array."""
        self.beginResetModel()
        self._page = page
        self.endResetModel()

    def mark(self, row: int | None) -> tuple[int | None, int | None]:
        """Tint the row with this number in the array, such as the current frame's.

        No signal says so, for a view would paint all its cells again, 30 times a second while a clip plays.

        Returns
        -------
        tuple
            The rows of the table that a view must paint again: the one before and this one, None where not on the page.
        """
        before, self._marked = self._marked, row
        return (None, None) if before == row else (self.local_row(before), self.local_row(row))

    def local_row(self, number: int | None) -> int | None:
        """Row of the table that shows this row of the array; None where it is not on the page."""
        if number is None or self._page is None:
            return None
        local = number - self._page.cut.row
        return local if 0 <= local < self._page.rows else None

    def rowCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        """Rows of the page."""
        return 0 if parent.isValid() or self._page is None else self._page.rows

    def columnCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        """Columns of the page."""
        return 0 if parent.isValid() or self._page is None else self._page.columns

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Indices in the array; field names over a structured type's columns."""
        if role not in _HEADED or self._page is None or section < 0:
            return None
        vertical = orientation == Qt.Orientation.Vertical
        if role == _TEXT:
            if vertical:
                return str(self._page.cut.row + section)
            names = self._page.values.dtype.names
            if self._page.values.ndim == 1 and names:
                return names[section] if section < len(names) else None
            return str(self._page.cut.column + section) if self._page.two_axes else "value"
        return _tint() if vertical and section == self.local_row(self._marked) else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A value as text, exact in the tooltip; NaN and infinities in a colour of their own."""
        page = self._page
        if role not in _ANSWERED or page is None or not index.isValid():  # a view asks for all roles of every cell
            return None
        if role == _TEXT:
            return page.format.cell(page.value(index.row(), index.column()))
        if role == _ALIGNMENT:
            return _LEFT if page.values.dtype.kind in _LEFT_KINDS else _RIGHT
        if role == _COLOUR:
            odd = is_odd(page.value(index.row(), index.column()))
            return theme.severity_colour(Severity.HIGH) if odd else None
        if role == _GROUND:
            return _tint() if index.row() == self.local_row(self._marked) else None
        return tip(self._place(page, index))

    def _place(self, page: Page, index: AnyIndex) -> str:
        row, column = page.cut.row + index.row(), page.cut.column + index.column()
        text = exact_text(page.value(index.row(), index.column()))
        if page.values.ndim == 1:
            return f"{page.name}[{row}].{(page.values.dtype.names or ())[index.column()]}\n{text}"
        places = [*map(str, page.cut.lead), str(row), *([str(column)] if page.two_axes else [])]
        return f"{page.name}[{', '.join(places)}]\n{text}"


def _tint() -> QColor:
    colour = theme.accent()
    colour.setAlpha(64)
    return colour
