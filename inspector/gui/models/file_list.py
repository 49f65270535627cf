"""The file table as a Qt model: what the list pane shows and how rows move when filter, sort or verdicts change."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal, Slot

from inspector.audit.record import Record
from inspector.gui.models.file_arrange import Arranged, gap
from inspector.gui.models.file_table import PENDING, STATUSES, FileTable, Filter, Rows, Selection
from inspector.gui.models.file_words import readiness, summary, verdict
from inspector.gui.models.rejudge import Flips
from inspector.gui.models.text import tip
from inspector.gui.tasks import Tasks
from inspector.profiles.model import Limits

Index = QModelIndex | QPersistentModelIndex

STATUS_ROLE = int(Qt.ItemDataRole.UserRole)
"""Text of the `Status`, or None while pending."""
READY_ROLE = STATUS_ROLE + 1
"""In a target's column: `READY`, `LACKING`, `UNWANTED` or `UNKNOWN`; None in the other columns."""
PATH_ROLE = STATUS_ROLE + 2

VERDICT, NAME, FIRST_TARGET = 0, 1, 2
ARRANGE = "arrange"

_LONG = 1000  # rows: more than anybody sees at once
_SLOW = 20_000  # rows that are put into order on another thread; fewer take less than 10 ms
_ARRANGE_MS = 400  # rows that move at every batch of verdicts could not be read or clicked
_SHARE = 4  # times as long as ordering takes is waited before rows that came are ordered
_CATCH_UP_MS = 20
_NOWHERE = QModelIndex()


class FileListModel(QAbstractTableModel):
    """Columns: verdict, name, one per target, findings. Owns its `FileTable`; all changes go through here.

    Signals
    -------
    about_to_move(), moved()
        Around any change of which rows are listed or where, so that a view can keep its place.
    counts_changed()
        Verdicts, codes or the number of listed rows changed.

    Parameters
    ----------
    tasks
        Orders long lists on another thread: rows move when they are ordered, and the newest request wins. None orders
        all of them at once.
    """

    about_to_move = Signal()
    moved = Signal()
    counts_changed = Signal()

    def __init__(self, parent: QObject | None = None, *, tasks: Tasks | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.table = FileTable()
        self._order: Rows = self.table.order
        self._targets: tuple[str, ...] = ()
        self._answers: dict[int, Callable[[int, int], object]] = {
            int(Qt.ItemDataRole.DisplayRole): self._text,
            int(Qt.ItemDataRole.TextAlignmentRole): self._alignment,
            int(Qt.ItemDataRole.ToolTipRole): self._tooltip,
            int(Qt.ItemDataRole.AccessibleTextRole): self._spoken,
            STATUS_ROLE: self._status,
            READY_ROLE: self._ready,
            PATH_ROLE: self._path,
        }
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_ARRANGE_MS)
        self._late.timeout.connect(self._arrange_late)
        self._ordering: float | None = None  # since when
        self._again = False  # rows came meanwhile
        self._catch_up = QTimer(self)
        self._catch_up.setInterval(_CATCH_UP_MS)
        self._catch_up.timeout.connect(self._place_figures)

    # --- what Qt asks ----------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Listed files."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Verdict, name, targets, findings."""
        return 0 if parent.isValid() else FIRST_TARGET + len(self._targets) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, says and means."""
        answer = self._answers.get(role)  # most roles that a view asks for, and it asks for all, have none
        if answer is None or not index.isValid():
            return None
        return answer(int(self._order[index.row()]), index.column())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Short texts with their long forms as tooltips."""
        if orientation == Qt.Orientation.Vertical or not 0 <= section < self.columnCount():
            return None
        named = {VERDICT: ("", "Verdict"), NAME: ("Name", "Name"), self.findings_column: ("#", "Number of findings")}
        if section in named:
            text, tip = named[section]
        else:
            target = self._targets[section - FIRST_TARGET]
            text, tip = target, f"Ready for {target}"
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return tip
        if role == Qt.ItemDataRole.TextAlignmentRole and section == NAME:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column, as a click on its header asks."""
        if column < 0:
            return
        names = ("status", "name", *self._targets, "findings")
        self.sort_by(names[column], order == Qt.SortOrder.DescendingOrder)

    def sort_by(self, key: str, descending: bool = False) -> None:
        """Order by anything that `FileTable.set_sort` takes."""
        self.table.set_sort(key, descending)
        self.arrange()

    # --- what the session and the pane ask -------------------------------------------------------------------

    @property
    def findings_column(self) -> int:
        """Index of the last column."""
        return FIRST_TARGET + len(self._targets)

    @property
    def targets(self) -> tuple[str, ...]:
        """Targets that have a column."""
        return self._targets

    def row_at(self, index: Index) -> int | None:
        """Row of the table that an index shows."""
        return int(self._order[index.row()]) if index.isValid() else None

    def rows_between(self, first: int, last: int) -> Rows:
        """Rows of the table that are listed from one place to another, both included."""
        return self._order[first : last + 1]

    def path_at(self, index: Index) -> str:
        """Path of the file that a valid index shows; unlike through `data`, bytes that are not UTF-8 survive."""
        return self.table.paths[int(self._order[index.row()])]

    def index_of(self, row: int, column: int = NAME) -> QModelIndex:
        """Where a row of the table is listed; invalid when it is not."""
        position = self.table.position(row)
        return self.index(position, column) if position >= 0 else QModelIndex()

    def clear(self) -> None:
        """Forget all files; the filter and the sort stay."""
        self._stop_ordering()
        self._late.stop()
        self.about_to_move.emit()
        self.beginResetModel()
        fresh = FileTable()
        fresh.filter, fresh.sort = Filter(), self.table.sort
        if fresh.sort[0] not in ("name", "status", "findings"):
            fresh.sort = ("name", False)
        self.table = fresh
        self._order, self._targets = fresh.order, ()
        self.endResetModel()
        self.moved.emit()
        self.counts_changed.emit()

    def append(self, paths: Iterable[str], root: str = "") -> None:
        """Add files as pending rows, each where the sort puts it; once the list is long, last for a while."""
        if not len(self.table.append(paths, root)):
            return
        if len(self._order) < _LONG:
            self.arrange()
            return
        if (new := self.table.list_last()).size:
            self.beginInsertRows(QModelIndex(), len(self._order), len(self._order) + len(new) - 1)
            self._order = self.table.order
            self.endInsertRows()
        self._order_soon()

    def set_filter(self, new: Filter) -> None:
        """List only what passes; what was brushed and the class stay picked."""
        now = self.table.filter
        self._filter(replace(new, rows=now.rows, label=now.label))

    def set_brush(self, rows: npt.ArrayLike | None) -> None:
        """List only these rows of what passes else; None for all. Rows that are gone by now are left out."""
        if rows is not None:
            picked = np.asarray(rows, np.int64)
            rows = picked[picked < len(self.table)]
        self._filter(replace(self.table.filter, rows=None if rows is None else Selection.of(rows)))

    def set_label(self, label: str | None) -> None:
        """List only files of this class of what passes else; None for all."""
        self._filter(replace(self.table.filter, label=label))

    def set_classes(self, labels: Mapping[str, str], numbers: npt.NDArray[np.int32] | None = None) -> None:
        """Join files with classes (`FileTable.set_classes`). A class that is gone is picked no more."""
        self.table.set_classes(labels, numbers)
        if self.table.filter.label not in (None, *self.table.classes):
            self.table.set_filter(replace(self.table.filter, label=None))
        self.arrange()

    def rejudge(self, limits: Limits, profiles: Collection[str], since: Limits | None = None) -> Flips:
        """Verdicts under other limits (`FileTable.rejudge`), painted at once; rows move after a while."""
        flips = self.table.rejudge(limits, profiles, since)
        if len(self._order):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, self.findings_column))
        if self.table.depends_on_records:
            self._order_soon()
        self.counts_changed.emit()
        return flips

    def set_records(self, records: Sequence[Record]) -> None:
        """Put verdicts into the rows of their paths; files that are not in the table are left out."""
        rows = self.table.row_of.find([record.path for record in records]).tolist()
        known = [(row, record) for row, record in zip(rows, records, strict=True) if row >= 0]
        self._put([row for row, _ in known], [record for _, record in known])

    def shorten(self, size: int) -> None:
        """Take the rows from this one on out of the list."""
        self._stop_ordering()
        self.about_to_move.emit()
        self._move(self._order, self._order[self._order < size])
        self.table.shorten(size)
        self.moved.emit()
        self.arrange()

    def set_pending(self, rows: npt.ArrayLike) -> None:
        """Forget the verdicts of some rows."""
        found = np.asarray(rows, np.int64)
        if found.size:
            self.table.forget(found)
            self._verdicts_changed(found)

    @Slot()
    def arrange(self) -> None:
        """Work out anew which rows are listed and where; indexes that others hold follow their rows."""
        self._late.stop()
        self._again = False
        if self._tasks is None or len(self.table) < _SLOW:
            self._stop_ordering()
            self._take(self.table.arrangement().run())
        else:
            self._ordering = time.monotonic()
            self._tasks.latest(ARRANGE, self.table.arrangement().run, self._ordered)

    # --- inside ----------------------------------------------------------------------------------------------

    def _order_soon(self) -> None:
        if not self._late.isActive():
            self._late.start()

    @Slot()
    def _arrange_late(self) -> None:
        """For what came by itself, which never takes the place of a request that is under way."""
        if self._ordering is None:
            self.arrange()
        else:
            self._again = True

    def _stop_ordering(self) -> None:
        if self._ordering is not None and self._tasks is not None:
            self._tasks.drop(ARRANGE)
        self._ordering = None

    def _ordered(self, arranged: Arranged) -> None:
        assert self._ordering is not None
        took, self._ordering = time.monotonic() - self._ordering, None
        self._late.setInterval(max(_ARRANGE_MS, round(1000 * _SHARE * took)))
        self._take(arranged)
        if self._again:
            self._again = False
            self._order_soon()

    def _take(self, arranged: Arranged) -> None:
        old, new = self._order, self.table.adopt(arranged)
        if len(old) != len(new) or not np.array_equal(old, new):
            self.about_to_move.emit()
            self._move(old, new)
            self.moved.emit()
        self.counts_changed.emit()

    @Slot()
    def _place_figures(self) -> None:
        if not self.table.catch_up():
            self._catch_up.stop()
        self.counts_changed.emit()

    def _filter(self, new: Filter) -> None:
        if new != self.table.filter:
            self.table.set_filter(new)
            self.arrange()

    def _put(self, rows: Sequence[int], records: Sequence[Record]) -> None:
        if not rows:
            return
        if self.table.set_records(rows, records):
            self._catch_up.start()
        if new := [target for target in self.table.targets if target not in self._targets]:
            self.beginInsertColumns(QModelIndex(), self.findings_column, self.findings_column + len(new) - 1)
            self._targets += tuple(new)
            self.endInsertColumns()
        self._verdicts_changed(rows)

    def _verdicts_changed(self, rows: npt.ArrayLike) -> None:
        positions = self.table.positions(rows)
        listed = positions[positions >= 0]
        if listed.size:  # views repaint only what is in sight, so one range costs no more than many
            first, last = int(listed.min()), int(listed.max())
            self.dataChanged.emit(self.index(first, 0), self.index(last, self.findings_column))
        if self.table.depends_on_records:
            self._order_soon()
        self.counts_changed.emit()

    def _move(self, old: Rows, new: Rows) -> None:
        """From one order to another by steps that Qt knows: reorder, remove at the end, insert, reorder."""
        size = len(self.table)
        stays = np.zeros(size, np.bool_)
        stays[new] = True
        keep = stays[old]
        if not keep.all():
            kept = int(keep.sum())
            self._reorder(np.concatenate([old[keep], old[~keep]]))
            self.beginRemoveRows(QModelIndex(), kept, len(old) - 1)
            self._order = self._order[:kept]
            self.endRemoveRows()
        if len(self._order) < len(new):
            was = np.zeros(size, np.bool_)
            was[self._order] = True
            added = new[~was[new]]
            where = gap(self._order, new)
            at = len(self._order) if where is None else where
            self.beginInsertRows(QModelIndex(), at, at + len(added) - 1)
            self._order = np.concatenate([self._order[:at], added, self._order[at:]])
            self.endInsertRows()
        self._reorder(new)

    def _reorder(self, new: Rows) -> None:
        """Same rows, another order."""
        if np.array_equal(self._order, new):
            return
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        old = self._order
        self._order = new
        moved = []
        if held:
            where = np.zeros(len(self.table), np.int64)
            where[new] = np.arange(len(new))
            moved = [self.index(int(where[old[index.row()]]), index.column()) for index in held]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _text(self, row: int, column: int) -> str | None:
        if column == NAME:
            return self.table.names[row]
        if column == self.findings_column and (count := int(self.table.counts[row])):
            return str(count)
        return None

    def _alignment(self, _row: int, column: int) -> Qt.AlignmentFlag | None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return right if column == self.findings_column else None

    def _status(self, row: int, _column: int) -> str | None:
        rank = int(self.table.status[row])
        return None if rank == PENDING else STATUSES[rank].value

    def _ready(self, row: int, column: int) -> int | None:
        if not FIRST_TARGET <= column < self.findings_column:
            return None
        return int(self.table.readiness(self._targets[column - FIRST_TARGET])[row])

    def _path(self, row: int, _column: int) -> str:
        return self.table.paths[row]

    def _tooltip(self, row: int, _column: int) -> str:
        return tip(summary(self.table, row))

    def _spoken(self, row: int, column: int) -> str | None:
        if column == VERDICT:
            return verdict(self.table, row)
        if FIRST_TARGET <= column < self.findings_column:
            return readiness(self.table, row, self._targets[column - FIRST_TARGET])
        return f"{self.table.counts[row]} findings" if column == self.findings_column else None
