"""The file list as numpy columns: a million rows sort and filter in well under the blink of an eye. No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from inspector.audit.record import Record
from inspector.checks.finding import Status
from inspector.checks.rules import NONE
from inspector.gui.models.file_arrange import Arranged, Arrangement, Key
from inspector.gui.models.file_classes import FileClasses
from inspector.gui.models.file_codes import Codes
from inspector.gui.models.file_columns import Columns, Floats, Room, grown
from inspector.gui.models.file_filter import Filter, Selection
from inspector.gui.models.file_names import FileNames, Texts
from inspector.gui.models.file_records import Records
from inspector.gui.models.name_order import Rows
from inspector.gui.models.rejudge import Bools, Flips, Grounds, affected, judged, known, statuses
from inspector.profiles.model import Limits

PENDING = -1
"""In the status column: no record yet. Otherwise `Status.rank`."""

UNKNOWN, LACKING, READY, UNWANTED = -1, 0, 1, 2
"""In a readiness column. UNWANTED: not ready, but this file need not be."""

STATUSES = tuple(Status)

SIZE = "size_bytes"
"""A sort by the files' sizes."""

__all__ = [
    "LACKING",
    "PENDING",
    "READY",
    "SIZE",
    "STATUSES",
    "UNKNOWN",
    "UNWANTED",
    "FileTable",
    "Filter",
    "Rows",
    "Selection",
]


class FileTable:
    """One row per file, in order of arrival; `order` says which are listed and where.

    Attributes
    ----------
    row_of
        Rows by path.
    records
        What is known of each row; None while it is pending.
    order
        int64: rows that pass the filter, in listed order.
    """

    def __init__(self) -> None:
        self.row_of = FileNames()
        self.records = Records(())
        self.filter = Filter()
        self.sort: tuple[str, bool] = ("name", False)
        self.order: Rows = np.zeros(0, np.int64)
        self._by_name: Rows = self.order
        self._where: Rows = self.order
        self._order_room, self._where_room = Room(), Room()
        self._status = np.zeros(0, np.int8)
        self._statuses = np.zeros(len(STATUSES) + 1, np.int64)  # how many, `PENDING` first
        self._counts = np.zeros(0, np.int32)
        self._ready: dict[str, npt.NDArray[np.int8]] = {}
        self._codes = Codes()
        self._sizes = np.zeros(0)  # NaN while unknown
        self._columns = Columns()
        self._grounds = Grounds()
        self._profiles: dict[str, int] = {}
        self._profile = np.zeros(0, np.int16)
        self._classes = FileClasses(0)

    def __len__(self) -> int:
        return len(self.row_of)

    @property
    def paths(self) -> Texts:
        """As given, as many as there are now."""
        return self.row_of.paths

    @property
    def names(self) -> Texts:
        """As listed (relative to the opened folder, any encoder takes it), as many as there are now."""
        return self.row_of.names

    @property
    def status(self) -> npt.NDArray[np.int8]:
        """Int8 (n,): `PENDING` or `Status.rank`."""
        return self._status[: len(self)]

    @property
    def counts(self) -> npt.NDArray[np.int32]:
        """Int32 (n,): findings."""
        return self._counts[: len(self)]

    @property
    def targets(self) -> tuple[str, ...]:
        """Targets that any record spoke of, in order of appearance."""
        return tuple(self._ready)

    def readiness(self, target: str) -> npt.NDArray[np.int8]:
        """Int8 (n,) of `UNKNOWN`, `LACKING`, `READY`, `UNWANTED`."""
        return self._ready[target][: len(self)]

    @property
    def columns(self) -> Mapping[str, Floats]:
        """Measurements: read-only float64 (n,) by name, NaN where a file has none."""
        return self._columns.view()

    @property
    def base(self) -> npt.NDArray[np.int8]:
        """Int8 (n,): rank of the worst finding that no limit moves, `rules.NONE` without."""
        return self._grounds.base(len(self))

    @property
    def class_of(self) -> npt.NDArray[np.int32]:
        """Int32 (n,): index into `classes`, -1 for files without."""
        return self._classes.numbers

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes that files were joined with, sorted."""
        return self._classes.names

    def judged_by(self, profiles: Collection[str]) -> Bools:
        """Rows whose verdict came from one of these profiles and could change with its limits, bool (n,)."""
        found = self.status > Status.ERROR.rank
        numbers = [number for name, number in self._profiles.items() if name in profiles]
        by_them: Bools = found & np.isin(self._profile[: len(self)], numbers)
        return by_them

    def profile_counts(self) -> dict[str, int]:
        """How many rows each profile judged."""
        known_rows = self._profile[: len(self)][self.status != PENDING]
        found = np.bincount(known_rows, minlength=len(self._profiles))
        return {name: int(found[number]) for name, number in self._profiles.items() if found[number]}

    def status_counts(self) -> dict[int, int]:
        """How many rows have each status, listed or not; keys are `PENDING` and the ranks."""
        return dict(zip(range(PENDING, len(STATUSES)), self._statuses.tolist(), strict=True))

    def position(self, row: int) -> int:
        """Where a row is listed, or -1."""
        return int(self._where[row]) if row < len(self._where) else -1

    def positions(self, rows: npt.ArrayLike) -> Rows:
        """Where rows are listed, -1 for those that are not."""
        asked = np.asarray(rows, np.int64)
        if len(self._where) == len(self):
            return self._where[asked]
        found = np.full(asked.shape, -1, np.int64)
        arranged = asked < len(self._where)
        found[arranged] = self._where[asked[arranged]]
        return found

    @property
    def code_counts(self) -> Counter[str]:
        """Files by the codes of their findings."""
        return self._codes.counts

    def has_code(self, code: str) -> npt.NDArray[np.bool_]:
        """Rows with a finding of this code, as bool (n,)."""
        return self._codes.has(code)

    def pending(self) -> Rows:
        """Rows without a record, in order of arrival."""
        return np.flatnonzero(self.status == PENDING)

    # --- change ----------------------------------------------------------------------------------------------

    def append(self, paths: Iterable[str], root: str = "") -> Rows:
        """Add pending rows; paths already there are left out. Call `arrange` to list them.

        Parameters
        ----------
        root
            Folder that names are shown relative to; empty shows the file's own name.

        Returns
        -------
        ndarray
            The new rows.
        """
        first = len(self)
        size = first + self.row_of.append(paths, root)
        self.records.resize(self.paths)
        self._status = grown(self._status, size, PENDING)
        self._statuses[0] += size - first
        self._counts = grown(self._counts, size, 0)
        self._profile = grown(self._profile, size, 0)
        self._ready = {target: grown(column, size, UNKNOWN) for target, column in self._ready.items()}
        self._codes.grow(size)
        self._sizes = grown(self._sizes, size, np.nan)
        self._columns.grow(size)
        self._grounds.grow(size)
        self._classes.grow(self.paths)
        return np.arange(first, size)

    def list_last(self) -> Rows:
        """List the rows that came since the last arrangement after all others, without one; empty where that cannot be.

        Only where nothing is filtered out: `arrange` puts them in their places.
        """
        if self.filter != Filter():
            return np.zeros(0, np.int64)
        first, listed = len(self._where), len(self.order)
        new = np.arange(first, len(self))
        self._where = self._where_room.extended(self._where, listed + np.arange(len(new)))
        self.order = self._order_room.extended(self.order, new)
        return new

    def shorten(self, size: int) -> None:
        """Forget the rows from this one on; call `arrange` to list the others."""
        gone = np.arange(size, len(self))
        self.forget(gone)
        self._statuses[0] -= len(gone)
        self.row_of.shorten(size)
        self.records.resize(self.paths)
        self._by_name = self._by_name[self._by_name < size]
        self._codes.shrink(size)
        self._classes.shrink(size)
        self._columns.shrink(size)
        self.order = self.order[self.order < size]
        self._where = np.full(size, -1, np.int64)
        self._where[self.order] = np.arange(len(self.order))
        if self.filter.rows is not None:
            self.filter = replace(self.filter, rows=Selection.of(self.filter.rows.rows[self.filter.rows.rows < size]))

    def set_records(self, rows: Sequence[int], records: Sequence[Record]) -> bool:
        """Put verdicts into rows. Call `arrange` when `depends_on_records`.

        Returns
        -------
        bool
            Whether figures are still to be placed by `catch_up`.
        """
        for row, record in zip(rows, records, strict=True):
            self._clear(row)
            self.records.put(row, record)
            self._profile[row] = self._profiles.setdefault(record.profile, len(self._profiles))
            rank = self._status[row] = record.status.rank
            self._statuses[0] -= 1
            self._statuses[1 + rank] += 1
            self._counts[row] = len(record.findings)
            self._sizes[row] = record.size_bytes if record.size_bytes >= 0 else np.nan
            self._codes.put(row, {f.code for f in record.findings})
            for target, texts in record.issues.items():
                if target not in self._ready:
                    self._ready[target] = np.full(len(self._status), UNKNOWN, np.int8)
                wanted = target in record.wanted
                self._ready[target][row] = READY if not texts else LACKING if wanted else UNWANTED
        self._grounds.put(rows, records)
        return self._columns.put(rows, records)

    def forget(self, rows: Rows) -> None:
        """Make rows pending again. Call `arrange` when `depends_on_records`."""
        self.records.forget(rows)
        self._status[rows], self._counts[rows], self._sizes[rows] = PENDING, 0, np.nan
        self._statuses = np.bincount(self.status + 1, minlength=len(self._statuses))
        for column in self._ready.values():
            column[rows] = UNKNOWN
        self._codes.forget(rows)
        self._columns.forget(rows)
        self._grounds.forget(rows)

    def catch_up(self) -> bool:
        """Place some figures of long lists (`Columns.catch_up`); whether any are left."""
        return self._columns.catch_up()

    def set_classes(self, labels: Mapping[str, str], numbers: npt.NDArray[np.int32] | None = None) -> None:
        """Join files with classes (`FileClasses.join`)."""
        self._classes = FileClasses(len(self))
        self._classes.join(labels, self.paths, numbers)

    def rejudge(self, limits: Limits, profiles: Collection[str], since: Limits | None = None) -> Flips:
        """Hold the measurements of the files that these profiles judged against other limits.

        Status, codes and counts of findings follow; records stay as they are, and so do files that could not be read.
        Call `arrange` when `depends_on_records`.

        Parameters
        ----------
        since
            What the flips are counted against; None: the verdicts as they stood before.
        """
        where, columns = self.judged_by(profiles), self.columns
        before = self.status.copy() if since is None else self._under(since)
        met = judged(columns, limits)
        after = statuses(self.base, met.values())
        np.copyto(self.status, after, where=where)
        self._statuses = np.bincount(self.status + 1, minlength=len(self._statuses))
        found = {code: rank != NONE for code, rank in met.items()}
        np.copyto(self.counts, self._grounds.findings(found, len(self)), where=where)
        for code, rows in found.items():
            self._codes.mark(code, rows, where & known(code, columns))
        return Flips.between(before, after, where)

    def flips(self, limits: Limits, profiles: Collection[str], since: Limits) -> Flips:
        """What `rejudge` would give back; nothing is changed."""
        return Flips.between(self._under(since), self._under(limits), self.judged_by(profiles))

    def affected(self, before: Limits, after: Limits, profiles: Collection[str]) -> Rows:
        """Rows of these profiles whose records may read otherwise under other limits."""
        return np.flatnonzero(self.judged_by(profiles) & affected(self.columns, before, after, len(self)))

    @property
    def depends_on_records(self) -> bool:
        """Whether a new verdict may move rows or change which are listed."""
        return self.sort[0] != "name" or self.filter.statuses is not None or bool(self.filter.code)

    def set_filter(self, new: Filter) -> None:
        """List only what passes; call `arrange` to see it."""
        self.filter = new

    def set_sort(self, column: str, descending: bool = False) -> None:
        """Order by ``name``, ``status`` (worst first), ``findings``, `SIZE`, a target's name or a measurement's.

        Equal rows stay by name.
        """
        self.sort = (column, descending)

    def arrange(self) -> Rows:
        """Work out `order` anew from filter and sort, and return it."""
        return self.adopt(self.arrangement().run())

    def arrangement(self) -> Arrangement:
        """All that `arrange` needs, to be worked out on another thread and given to `adopt`."""
        label = self.filter.label
        return Arrangement(
            names=self.row_of.folded,
            by_name=self._by_name,
            filter=self.filter,
            status=self.status,
            class_of=self.class_of,
            label=None if label is None else self.classes.index(label) if label in self.classes else len(self.classes),
            with_code=self._codes.asked(self.filter.code),
            key=self._sort_key(self.sort[0]),
            descending=self.sort[1],
        )

    def adopt(self, arranged: Arranged) -> Rows:
        """Take an order over; rows that came while it was worked out are last where nothing is filtered out."""
        self.order, self._where, self._by_name = arranged.order, arranged.where, arranged.by_name
        if len(self._where) < len(self):
            self.list_last()
        return self.order

    # --- inside ----------------------------------------------------------------------------------------------

    def _under(self, limits: Limits) -> npt.NDArray[np.int8]:
        return statuses(self.base, judged(self.columns, limits).values())

    def _sort_key(self, column: str) -> Callable[[], Key] | None:
        """Gives 16 bits a row; None sorts by name alone."""
        status, counts = self.status, self.counts
        if column == "status":
            return lambda: np.where(status == PENDING, len(STATUSES), status).astype(np.int16)
        if column == "findings":
            return lambda: np.minimum(counts, np.iinfo(np.int16).max).astype(np.int16)
        if column in self._ready:
            ready = self.readiness(column)
            return lambda: ready.astype(np.int16)
        figures = self._sizes[: len(self)] if column == SIZE else self.columns.get(column)
        return None if figures is None else lambda: figures

    def _clear(self, row: int) -> None:
        if not self.records.has(row):
            return
        self._statuses[1 + self._status[row]] -= 1
        self._statuses[0] += 1
        self._status[row] = PENDING
        self._counts[row] = 0
        self._codes.clear(row)
        for column in self._ready.values():
            column[row] = UNKNOWN
