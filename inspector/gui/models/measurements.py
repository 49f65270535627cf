"""One file's figures as a two-level tree: readiness, our measurements, the reference's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from inspector.audit.array_text import one_line
from inspector.audit.inspection import Inspection
from inspector.checks.finding import Status
from inspector.gui import icons, theme
from inspector.gui.models.limits import limit_of, note_of, unit_of
from inspector.gui.models.text import tip

AnyIndex = QModelIndex | QPersistentModelIndex

COLUMNS = ("Name", "Value", "Unit", "Limit")
NAME, VALUE, UNIT, LIMIT = range(4)

ICON_SIDE = theme.GRID + theme.HALF
_CELL_MARGIN = theme.GRID
_NO_INDEX = QModelIndex()
_UNSEEN = frozenset({"poses"})  # a thousand characters that no person reads
_LONG_VALUE = 12  # more characters than this take a line of their own, or the names would have no room
_SHORT_LIST = 8  # of a longer one the count is shown, and the first few
_GROUP = 0  # internal id of a heading; a row under heading g has g + 1


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes
    ----------
    exact
        The value in full, for tooltips and copying.
    status
        PASS for what is ready, FAIL for what is not, WARN for a limit that is exceeded; None: nothing to say.
    wide
        Takes the whole width: a sentence, or a name with a long value.
    """

    name: str
    value: str = ""
    exact: str = ""
    unit: str = ""
    limit: str = ""
    status: Status | None = None
    note: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and its rows."""

    title: str
    rows: tuple[Row, ...]


def value_text(value: object) -> tuple[str, str]:
    """A figure as shown (floats with 4 significant digits) and in full."""
    match value:
        case None:
            return "–", "not measured"
        case bool() | int():
            return str(value), str(value)
        case float() if math.isnan(value):
            return "NaN", "NaN"
        case float():
            short = f"{value:.0f}" if 1e4 <= abs(value) < 1e9 else f"{value:.4g}"
            return short, repr(value)
        case dict():
            shown = ", ".join(f"{key} {value_text(v)[0]}" for key, v in value.items())
            return shown, "\n".join(f"{key}: {value_text(v)[1]}" for key, v in value.items())
        case list() | tuple() if value and all(isinstance(v, dict) for v in value):
            return f"{len(value)} entries", "\n".join(", ".join(value_text(v)[1].split("\n")) for v in value)
        case list() | tuple():
            exact = f"[{', '.join(value_text(v)[1] for v in value)}]"
            return (exact if len(value) <= _SHORT_LIST else f"{len(value)}: {exact[1:40]} …"), exact
    text = one_line(str(value))
    return text, text


def groups_of(inspection: Inspection) -> tuple[Group, ...]:
    """Everything measured of a file, in reading order; headings without rows are left out."""
    record, profile = inspection.record, inspection.profile
    ready: list[Row] = []
    for target, lacks in record.issues.items():
        known = profile.targets.get(target)
        wanted = target in record.wanted
        word = "ready" if not lacks else "not ready"
        status = Status.PASS if not lacks else Status.FAIL if wanted else Status.WARN
        note = f"Target {target}, {'wanted' if wanted else 'not wanted'} of this file."
        title, unit = known.title if known else target, "" if wanted else "optional"
        ready.append(Row(title, word, word, unit, status=status, note=note))
        ready += [Row(text, wide=True) for text in lacks]
    figures = [_row(name, value, inspection) for name, value in record.measurements.items() if name not in _UNSEEN]
    reference = [_row(name, value, inspection) for name, value in record.fields.items()]
    groups = (
        Group("Readiness", tuple(ready)),
        Group("Measurements", tuple(figures)),
        Group("Reference", tuple(reference)),
    )
    return tuple(group for group in groups if group.rows)


def _row(name: str, value: object, inspection: Inspection) -> Row:
    short, exact = value_text(value)
    limit = limit_of(name, value, inspection.profile)
    status = Status.WARN if limit and limit.exceeded else None
    wide = len(short) > _LONG_VALUE
    return Row(name, short, exact, unit_of(name), limit.text if limit else "", status, note_of(name), wide)


def rows_tsv(groups: tuple[Group, ...]) -> str:
    """The rows as lines of tab-separated group, name, value in full, unit and limit, below a line of headings."""
    lines = ["\t".join(("Group", *COLUMNS))]
    lines += ["\t".join((group.title, r.name, r.exact, r.unit, r.limit)) for group in groups for r in group.rows]
    return "\n".join(lines) + "\n"


class MeasurementsModel(QAbstractItemModel):
    """Headings with their figures below."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._all: tuple[Group, ...] = ()
        self._shown: tuple[Group, ...] = ()
        self._search = ""

    @property
    def groups(self) -> tuple[Group, ...]:
        """What is shown."""
        return self._shown

    def set_groups(self, groups: tuple[Group, ...]) -> None:
        """Show another file's figures; the search stays."""
        self._change(groups, self._search)

    def set_search(self, text: str) -> None:
        """Show only rows whose name, value or limit holds the text; empty: all."""
        self._change(self._all, text.strip().casefold())

    def _change(self, groups: tuple[Group, ...], search: str) -> None:
        self.beginResetModel()
        self._all, self._search = groups, search
        matching = (Group(g.title, tuple(r for r in g.rows if _matches(r, search))) for g in groups)
        self._shown = tuple(g for g in matching if g.rows)
        self.endResetModel()

    def row_at(self, index: AnyIndex) -> Row | None:
        """The figure at an index; None for a heading."""
        if not index.isValid() or index.internalId() == _GROUP:
            return None
        return self._shown[index.internalId() - 1].rows[index.row()]

    def widths(self) -> tuple[int, ...]:
        """Pixels that each column needs for its heading and for all rows shown; 0 for the name, which gets the rest."""
        found = [0] * len(COLUMNS)
        fonts = {VALUE: theme.tabular_font(), UNIT: theme.caption_font(), LIMIT: QApplication.font()}
        for column, font in fonts.items():
            words = {self._text(row, column) for group in self._shown for row in group.rows}
            metrics, heading = QFontMetrics(font), QFontMetrics(theme.caption_font())
            widest = max(map(metrics.horizontalAdvance, words), default=0)
            found[column] = max(widest, heading.horizontalAdvance(COLUMNS[column])) + _CELL_MARGIN
        if any(row.limit and row.status is not None for group in self._shown for row in group.rows):
            found[VALUE] += ICON_SIDE + theme.HALF
        return tuple(found)

    # --- Qt --------------------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: AnyIndex = _NO_INDEX) -> QModelIndex:
        """Index of a heading, or of a figure below one."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _GROUP)

    def parent(self, index: AnyIndex = _NO_INDEX) -> QModelIndex:  # type: ignore[override]  # Qt overloads parent()
        """The heading above a figure."""
        if not index.isValid() or index.internalId() == _GROUP:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, _GROUP)

    def rowCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        """Headings at the top, figures below a heading."""
        if not parent.isValid():
            return len(self._shown)
        if parent.internalId() != _GROUP or parent.column() != 0:
            return 0
        return len(self._shown[parent.row()].rows)

    def columnCount(self, _parent: AnyIndex = _NO_INDEX) -> int:
        """Name, value, unit, limit."""
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Column titles; figures' headings stand over their right edge."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, colour and badge of a cell."""
        if not index.isValid():
            return None
        row, column = self.row_at(index), index.column()
        if row is None:
            return self._heading(index, role)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.FontRole if column == VALUE:
                return theme.tabular_font()
            case Qt.ItemDataRole.FontRole if column == UNIT:
                return theme.caption_font()
            case Qt.ItemDataRole.ForegroundRole:
                return self._colour(row, column)
            case Qt.ItemDataRole.DecorationRole if column == VALUE and row.limit and row.status is not None:
                return icons.status_icon(row.status)
            case Qt.ItemDataRole.SizeHintRole if column == NAME:
                return _row_size()
            case Qt.ItemDataRole.ToolTipRole:
                return tip("\n".join(filter(None, (self._summary(row), row.note))))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._text(row, column) or None
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._summary(row)
        return None

    def _heading(self, index: AnyIndex, role: int) -> Any:
        if index.column() == NAME:
            match role:
                case Qt.ItemDataRole.DisplayRole:
                    return self._shown[index.row()].title
                case Qt.ItemDataRole.FontRole:
                    font = theme.caption_font()
                    font.setBold(True)
                    return font
                case Qt.ItemDataRole.ForegroundRole:
                    return theme.muted()
                case Qt.ItemDataRole.SizeHintRole:
                    return _row_size()
        return None

    def _text(self, row: Row, column: int) -> str:
        if row.wide:
            return (f"{row.name}: {row.value}" if row.value else row.name) if column == NAME else ""
        return {NAME: row.name, VALUE: row.value, UNIT: row.unit, LIMIT: row.limit}[column]

    def _colour(self, row: Row, column: int) -> Any:
        if column == VALUE and row.status is not None:
            return theme.status_colour(row.status)
        return theme.muted() if column in (UNIT, LIMIT) or not row.value else None

    def _summary(self, row: Row) -> str:
        text = f"{row.name}: {row.exact}" if row.exact else row.name
        if row.unit:
            text += f" {row.unit}"
        if row.limit and row.status is Status.WARN:
            return f"{text}, beyond its limit {row.limit}"
        return f"{text} (limit {row.limit})" if row.limit else text


def _row_size() -> QSize:
    return QSize(0, QFontMetrics(theme.tabular_font()).height() + theme.HALF)


def _matches(row: Row, search: str) -> bool:
    return not search or any(search in text.casefold() for text in (row.name, row.value, row.limit))


def _alignment(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column == VALUE else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter
