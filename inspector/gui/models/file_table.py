"""The file list as numpy columns: a million rows sort and filter in well under the blink of an eye. No Qt."""

from __future__ import annotations

import bisect
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from inspector.audit.record import Record, visible_path
from inspector.checks.finding import Status
from inspector.checks.rules import NONE
from inspector.gui.models.file_codes import Codes
from inspector.gui.models.file_columns import Columns, Floats, grown
from inspector.gui.models.file_filter import Filter, Selection
from inspector.gui.models.rejudge import Bools, Flips, Grounds, affected, judged, known, statuses
from inspector.profiles.model import Limits

Rows = npt.NDArray[np.int64]

PENDING = -1
"""In the status column: no record yet. Otherwise `Status.rank`."""

UNKNOWN, LACKING, READY, UNWANTED = -1, 0, 1, 2
"""In a readiness column. UNWANTED: not ready, but this file need not be."""

STATUSES = tuple(Status)

__all__ = ["LACKING", "PENDING", "READY", "STATUSES", "UNKNOWN", "UNWANTED", "FileTable", "Filter", "Rows", "Selection"]


class FileTable:
    """One row per file, in order of arrival; `order` says which are listed and where.

    Attributes
    ----------
    paths, names
        As given, and as listed (relative to the opened folder, any encoder takes it).
    records
        What is known of each row; None while it is pending.
    row_of
        Row by path.
    order
        int64: rows that pass the filter, in listed order.
    classes
        Names of the classes that files were joined with, sorted.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.names: list[str] = []
        self.records: list[Record | None] = []
        self.row_of: dict[str, int] = {}
        self.filter = Filter()
        self.sort: tuple[str, bool] = ("name", False)
        self.order: Rows = np.zeros(0, np.int64)
        self._folded: list[str] = []
        self._by_name: Rows = self.order
        self._status = np.zeros(0, np.int8)
        self._counts = np.zeros(0, np.int32)
        self._ready: dict[str, npt.NDArray[np.int8]] = {}
        self._codes = Codes()
        self._where: Rows | None = None
        self._columns = Columns()
        self._grounds = Grounds()
        self._profiles: dict[str, int] = {}
        self._profile = np.zeros(0, np.int16)
        self.classes: tuple[str, ...] = ()
        self._labels: Mapping[str, str] = {}
        self._class = np.zeros(0, np.int32)

    def __len__(self) -> int:
        return len(self.paths)

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
        return self._class[: len(self)]

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
        found = np.bincount(self.status + 1, minlength=len(STATUSES) + 1)
        return {rank: int(found[rank + 1]) for rank in range(PENDING, len(STATUSES))}

    def position(self, row: int) -> int:
        """Where a row is listed, or -1."""
        return int(self.positions(np.array([row]))[0])

    def positions(self, rows: npt.ArrayLike) -> Rows:
        """Where rows are listed, -1 for those that are not."""
        if self._where is None:
            self._where = np.full(len(self), -1, np.int64)
            self._where[self.order] = np.arange(len(self.order))
        return self._where[np.asarray(rows, np.int64)]

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

    def next_with_findings(self, row: int | None, direction: int) -> int | None:
        """The nearest listed row after (+1) or before (-1) this one that has findings; None at the end.

        A row that is not listed, or None, starts from the list's beginning (its end for -1).
        """
        listed = np.flatnonzero(self.counts[self.order] > 0)
        at = -1 if row is None else self.position(row)
        if direction > 0:
            later = listed[listed > at]
            return int(self.order[later[0]]) if later.size else None
        earlier = listed[listed < at] if at >= 0 else listed
        return int(self.order[earlier[-1]]) if earlier.size else None

    def first_failing(self) -> int:
        """The first listed row that is not ready or could not be read; else the first with warnings; else the first."""
        status = self.status[self.order]
        for wanted in ((Status.FAIL.rank, Status.ERROR.rank), (Status.WARN.rank,)):
            if (found := np.flatnonzero(np.isin(status, wanted))).size:
                return int(self.order[found[0]])
        return int(self.order[0])

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
        prefix = os.path.join(root, "") if root else ""  # noqa: PTH118 - paths here are text with surrogate escapes
        for path in paths:
            if path in self.row_of:
                continue
            self.row_of[path] = len(self.paths)
            self.paths.append(path)
            inside = prefix and path.startswith(prefix)
            name = visible_path(path[len(prefix) :] if inside else os.path.basename(path))  # noqa: PTH119 - as above
            self.names.append(name)
            self._folded.append(_fold(name))
        self.records.extend([None] * (len(self) - first))
        self._status = grown(self._status, len(self), PENDING)
        self._counts = grown(self._counts, len(self), 0)
        self._profile = grown(self._profile, len(self), 0)
        self._ready = {target: grown(column, len(self), UNKNOWN) for target, column in self._ready.items()}
        self._codes.grow(len(self))
        self._columns.grow(len(self))
        self._grounds.grow(len(self))
        self._class = grown(self._class, len(self), -1)
        self._classify(range(first, len(self)))
        self._insert_names(range(first, len(self)))
        self._where = None
        return np.arange(first, len(self))

    def shorten(self, size: int) -> None:
        """Forget the rows from this one on; call `arrange` to list the others."""
        for row in range(size, len(self)):
            self._clear(row)
            del self.row_of[self.paths[row]]
        gone = list(range(size, len(self)))
        self._columns.put(gone, [None] * len(gone))
        self._grounds.put(gone, [None] * len(gone))
        self._class[size:] = -1
        self.paths, self.names = self.paths[:size], self.names[:size]  # others may hold the lists as they were
        self.records, self._folded = self.records[:size], self._folded[:size]
        self._by_name = self._by_name[self._by_name < size]
        self._codes.shrink(size)
        self._columns.shrink(size)
        self.order = self.order[self.order < size]
        if self.filter.rows is not None:
            self.filter = replace(self.filter, rows=Selection.of(self.filter.rows.rows[self.filter.rows.rows < size]))
        self._where = None

    def set_records(self, rows: Sequence[int], records: Sequence[Record | None]) -> None:
        """Put verdicts into rows; None makes a row pending again. Call `arrange` when `depends_on_records`."""
        for row, record in zip(rows, records, strict=True):
            self._clear(row)
            self.records[row] = record
            if record is None:
                continue
            self._profile[row] = self._profiles.setdefault(record.profile, len(self._profiles))
            self._status[row] = record.status.rank
            self._counts[row] = len(record.findings)
            self._codes.put(row, {f.code for f in record.findings})
            for target, texts in record.issues.items():
                if target not in self._ready:
                    self._ready[target] = np.full(len(self._status), UNKNOWN, np.int8)
                wanted = target in record.wanted
                self._ready[target][row] = READY if not texts else LACKING if wanted else UNWANTED
        self._columns.put(rows, records)
        self._grounds.put(rows, records)

    def set_classes(self, labels: Mapping[str, str]) -> None:
        """Join files with classes: label by path. Files without one have none; those added later find theirs."""
        self._labels = labels
        self.classes = tuple(sorted(set(labels.values())))
        self._class = np.full(len(self._status), -1, np.int32)
        self._classify(range(len(self)))

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
        """Order by ``name``, ``status`` (worst first), ``findings`` or a target's name; equal rows stay by name."""
        self.sort = (column, descending)

    def arrange(self) -> Rows:
        """Work out `order` anew from filter and sort, and return it."""
        rows = self._by_name
        if (keep := self._passing()) is not None:
            rows = rows[keep[rows]]
        column, descending = self.sort
        if (key := self._sort_key(column)) is not None:
            key = key[rows]
            rows = rows[np.argsort(-key if descending else key, kind="stable")]
        elif descending:
            rows = rows[::-1]
        self.order = rows
        self._where = None
        return rows

    # --- inside ----------------------------------------------------------------------------------------------

    def _passing(self) -> npt.NDArray[np.bool_] | None:
        keep: npt.NDArray[np.bool_] | None = None
        if self.filter.statuses is not None:
            keep = np.isin(self.status, list(self.filter.statuses))
        if self.filter.code:
            found = self.has_code(self.filter.code)
            keep = found if keep is None else keep & found
        if needle := _fold(self.filter.text.strip()):
            found = np.fromiter((needle in name for name in self._folded), np.bool_, len(self))
            keep = found if keep is None else keep & found
        if self.filter.rows is not None:
            found = np.zeros(len(self), np.bool_)
            found[self.filter.rows.rows] = True
            keep = found if keep is None else keep & found
        if (label := self.filter.label) is not None:
            number = self.classes.index(label) if label in self.classes else len(self.classes)
            found = self.class_of == number
            keep = found if keep is None else keep & found
        return keep

    def _under(self, limits: Limits) -> npt.NDArray[np.int8]:
        return statuses(self.base, judged(self.columns, limits).values())

    def _classify(self, rows: range) -> None:
        if not self._labels:
            return
        number: dict[str | None, int] = {name: number for number, name in enumerate(self.classes)}
        label = self._labels.get
        self._class[rows.start : rows.stop] = [number.get(label(self.paths[row]), -1) for row in rows]

    def _sort_key(self, column: str) -> npt.NDArray[np.int16] | None:
        """16 bits, for which numpy's stable sort is a radix sort; None sorts by name alone."""
        if column == "status":
            return np.where(self.status == PENDING, len(STATUSES), self.status).astype(np.int16)
        if column == "findings":
            return np.minimum(self.counts, np.iinfo(np.int16).max).astype(np.int16)
        return self.readiness(column).astype(np.int16) if column in self._ready else None

    def _insert_names(self, new: range) -> None:
        """Keep `_by_name` sorted: new rows mostly follow the last, else each finds its place by bisection."""
        names = self._folded
        batch = sorted(new, key=names.__getitem__)
        old = self._by_name
        if not len(old) or not batch or names[old[-1]] <= names[batch[0]]:
            self._by_name = np.concatenate([old, np.array(batch, np.int64)])
            return
        rows = old.data  # plain ints, without a copy
        places = [bisect.bisect_right(rows, names[row], key=names.__getitem__) for row in batch]
        self._by_name = np.insert(old, places, batch)

    def _clear(self, row: int) -> None:
        if self.records[row] is None:
            return
        self._status[row] = PENDING
        self._counts[row] = 0
        self._codes.clear(row)
        for column in self._ready.values():
            column[row] = UNKNOWN


def _fold(name: str) -> str:
    """For comparing: any letter case, and folders sort before what their name is a part of, as paths do."""
    return name.casefold().replace("\\", "/").replace("/", "\0")
