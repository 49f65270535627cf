"""A file's arrays as rows: name, shape, type, sizes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from inspector.archive import Member
from inspector.audit.array_text import one_line, shape_text, size_text
from inspector.checks.finding import Status
from inspector.gui import icons, theme
from inspector.gui.models.text import tip

AnyIndex = QModelIndex | QPersistentModelIndex

COLUMNS = ("Name", "Shape", "Type", "Inflated", "In file", "Stored", "Note")
NAME, SHAPE, TYPE, INFLATED, IN_FILE, STORED, NOTE = range(7)

_NO_INDEX = QModelIndex()


def note_of(member: Member) -> str:
    """What is special about a member, in a few words."""
    if member.error is not None:
        return member.error
    if member.pickled:
        return "pickled Python objects"
    if member.shape is None:
        return "not an array"
    if member.shape and 0 in member.shape:
        return "empty"
    return "Fortran order" if member.fortran and len(member.shape) > 1 else ""


def dtype_text(member: Member) -> str:
    """The name of a type; the field names of a structured one; byte order where it is not this machine's."""
    dtype = member.dtype
    if dtype is None:
        return ""
    if dtype.names:
        return "{" + ", ".join(dtype.names) + "}"
    return str(dtype) if dtype.isnative else f"{dtype.name} ({dtype.str})"


class MembersModel(QAbstractTableModel):
    """The members of one archive, in file order."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._members: tuple[Member, ...] = ()

    def set_members(self, members: tuple[Member, ...]) -> None:
        """Show another file's members."""
        self.beginResetModel()
        self._members = members
        self.endResetModel()

    @property
    def members(self) -> tuple[Member, ...]:
        """What is shown."""
        return self._members

    def rowCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        """One row a member."""
        return 0 if parent.isValid() else len(self._members)

    def columnCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        """Name, shape, type, sizes, storage, note."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Column titles."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, colour and badge of a cell."""
        if not index.isValid():
            return None
        member, column = self._members[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(member, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.FontRole if column in (SHAPE, INFLATED, IN_FILE):
                return theme.tabular_font()
            case Qt.ItemDataRole.ForegroundRole if column == NOTE:
                return theme.status_colour(status) if (status := _status(member)) else theme.muted()
            case Qt.ItemDataRole.DecorationRole if column == NOTE and (status := _status(member)):
                return icons.status_icon(status)
            case Qt.ItemDataRole.ToolTipRole:
                about = f"{shape_text(member.shape)} {member.dtype or ''}".strip()
                return tip("\n".join(filter(None, (one_line(member.filename), about, note_of(member)))))
        return None

    def _text(self, member: Member, column: int) -> str:
        match column:
            case 0:
                return one_line(member.name)
            case 1:
                return shape_text(member.shape)
            case 2:
                return dtype_text(member)
            case 3:
                return size_text(member.size)
            case 4:
                return size_text(member.packed)
            case 5:
                if not member.compressed:
                    return "as is"
                return f"deflated to {100 * member.packed / member.size:.2g} %" if member.size else "deflated"
        return one_line(note_of(member))


def _status(member: Member) -> Status | None:
    if member.error is not None:
        return Status.ERROR
    return Status.WARN if member.pickled else None


def _alignment(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column in (INFLATED, IN_FILE) else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter
