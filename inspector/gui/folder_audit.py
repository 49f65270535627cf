"""Scanning folders and auditing what is found, in the background, into the file list."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from inspector.audit import Options, scan
from inspector.audit.record import Record, visible_path
from inspector.gui.messages import MessageBus
from inspector.gui.models.file_columns import grown
from inspector.gui.models.file_list import FileListModel
from inspector.gui.models.file_table import PENDING, Rows
from inspector.gui.polite import audit_politely
from inspector.gui.reopened import read_reports
from inspector.gui.tasks import Tasks

SCAN, AUDIT = "scan", "audit"
_IMPATIENT_MS = 800  # a scan that takes longer than this is audited while it goes on
_TOLD_ERRORS = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the scan and the audit are.

    Attributes
    ----------
    done, total
        Files with a verdict, and files listed.
    stopped
        The last audit was cancelled or failed.
    """

    scanning: bool = False
    auditing: bool = False
    done: int = 0
    total: int = 0
    stopped: bool = False

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return self.scanning or self.auditing


class FolderAudit(QObject):
    """Fills a `FileListModel`: paths while they are found, verdicts as they come.

    Signals
    -------
    progress_changed(Progress)
    scanned()
        A scan ended, or files came by another way; the list holds all that was found.
    finished()
        Nothing is under way any more.
    reported(list of Record)
        A report says so; they were listed as they are.

    Attributes
    ----------
    together
        Gives each record that comes what is known of its file beside others.
    """

    progress_changed = Signal(object)
    scanned = Signal()
    finished = Signal()
    reported = Signal(object)

    def __init__(self, files: FileListModel, tasks: Tasks, bus: MessageBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.files = files
        self.options = Options()
        self._tasks = tasks
        self._bus = bus
        self._progress = Progress()
        self.together: Callable[[Record], Record] = _alone
        self._root = ""
        self._missing: list[str] = []
        self._cancels: list[threading.Event] = []
        self._searched = False
        self._stopping = False
        self._asked = 0  # rows up to here were asked for in this audit or an earlier one
        self._extra = 0
        self._stale = np.zeros(0, np.bool_)  # rows whose verdict stands until it is replaced
        self._impatient = QTimer(self)
        self._impatient.setSingleShot(True)
        self._impatient.setInterval(_IMPATIENT_MS)
        self._impatient.timeout.connect(self._audit_new)

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._progress

    @property
    def root(self) -> str:
        """The folder that names are relative to; empty where there is none."""
        return self._root

    def open(self, paths: Sequence[str], root: str) -> None:
        """Forget everything, list what the paths hold, and audit it; names are listed relative to `root`."""
        self.close()
        self._root = root
        self._scan(paths)

    def open_reports(self, reports: Sequence[str], paths: Sequence[str], root: str) -> None:
        """Forget everything, list what reports say, unaudited, then go on as `open` with the other paths."""
        self.close()
        self._root = root
        self._show(Progress(scanning=True))
        go_on = partial(self._scan, paths)
        source = partial(read_reports, reports)
        self._cancels = [self._tasks.stream(SCAN, source, self._reported, go_on, partial(self._not_reported, go_on))]

    def _reported(self, records: list[Record]) -> None:
        self.reported.emit(records)
        self._list(records)

    def _list(self, records: Sequence[Record]) -> None:
        self.files.append([record.path for record in records], self._root)
        self.files.set_records(records)
        self._count()

    def _not_reported(self, go_on: Callable[[], None], error: Exception) -> None:
        self._bus.exception(error, "The report could not be opened")
        go_on()

    def _scan(self, paths: Sequence[str]) -> None:
        self._searched = bool(paths)
        self._show(replace(self._progress, scanning=True))
        missing = self._missing = []

        def source(cancel: threading.Event) -> Iterator[list[str]]:
            for found in scan(paths, on_error=lambda path, error: missing.append(f"{visible_path(path)}: {error}")):
                if cancel.is_set():
                    return
                yield found

        self._cancels = [self._tasks.stream(SCAN, source, self._found, self._scan_done, self._scan_failed)]
        self._impatient.start()

    def close(self) -> None:
        """Stop, and empty the list."""
        self._impatient.stop()
        self._tasks.drop(SCAN)
        self._tasks.drop(AUDIT)
        self._cancels = []
        self._stopping = False
        self._asked = self._extra = 0
        self._stale = np.zeros(0, np.bool_)
        self.files.clear()
        self._show(Progress())

    def audit(self, rows: Rows) -> None:
        """Audit some rows again; an audit under way starts over with them and what it had left."""
        under_way = self._progress.auditing
        self._tasks.drop(AUDIT)
        self.files.set_pending(rows)
        self._set_stale(rows, False)
        self._start(self._left(pending=True) if under_way else rows)

    def refresh(self, rows: Rows) -> None:
        """Audit some rows again that keep their verdicts meanwhile; an audit under way starts over, as in `audit`."""
        self._set_stale(rows, True)
        if self._progress.auditing or self.stale:
            self._tasks.drop(AUDIT)
            self._start(self._left(pending=self._progress.busy and not self._stopping))

    @property
    def stale(self) -> int:
        """How many verdicts stand only until they are replaced."""
        return int(np.count_nonzero(self._stale))

    def _set_stale(self, rows: Rows, stale: bool) -> None:
        if stale or self._stale.any():
            self._stale = grown(self._stale, len(self.files.table), 0)
            self._stale[rows] = stale

    def cancel(self) -> None:
        """Stop scanning and auditing soon; what is done stays."""
        self._impatient.stop()
        self._stopping = self._progress.busy
        for event in self._cancels:
            event.set()

    def take(self, record: Record) -> None:
        """Put a verdict that came by another way into the list."""
        self._judged([record])

    def list_missing(self, records: Sequence[Record]) -> None:
        """List files that are not there, with what is said of them."""
        before = len(self.files.table)
        if records:
            self._list(records)
        self._extra += len(self.files.table) - before

    @property
    def extra(self) -> int:
        """How many of the last rows are files that are not there."""
        return self._extra

    def withdraw(self) -> None:
        """Take files that are not there out of the list."""
        if self._extra:
            self.files.shorten(len(self.files.table) - self._extra)
            self._extra = 0
            self._asked = min(self._asked, len(self.files.table))
            self._count()

    def audit_more(self, paths: Sequence[str]) -> None:
        """List further files, and audit those that are new; none that is not there may be listed."""
        before = len(self.files.table)
        self.files.append(paths, self._root)
        if len(self.files.table) > before:
            self._count()
            self.scanned.emit()
            self._audit_new()

    # --- scan ------------------------------------------------------------------------------------------------

    def _found(self, paths: list[str]) -> None:
        self.files.append(paths, self._root)
        self._count()

    def _scan_done(self) -> None:
        self._impatient.stop()
        self.files.arrange()
        self._show(replace(self._progress, scanning=False))
        if self._missing:
            first, *more = self._missing
            title = f"{first} (and {len(more)} more)" if more else first
            self._bus.error(f"Cannot be listed: {title}", "\n".join(self._missing[:_TOLD_ERRORS]))
        elif self._searched and not self._stopping and not len(self.files.table):
            self._bus.info(f"No .npz files in {visible_path(self._root)}." if self._root else "No .npz files.")
        self.scanned.emit()
        self._go_on()

    def _scan_failed(self, error: Exception) -> None:
        self._bus.exception(error, "The folder could not be listed")
        self._scan_done()

    # --- audit -----------------------------------------------------------------------------------------------

    @Slot()
    def _audit_new(self) -> None:
        """Audit rows that were never asked for; those found meanwhile are the next round's."""
        if self._progress.auditing:
            return
        rows = self.files.table.pending()
        rows = rows[rows >= self._asked]
        if rows.size:
            self._start(rows)
        elif not self._progress.scanning:
            self._end(stopped=False)

    def _start(self, rows: Rows) -> None:
        """Audit rows, in the order the user sees them."""
        places = self.files.table.positions(rows)
        known = self.files.table.paths
        self._asked = len(known)
        options = self.options

        def source(cancel: threading.Event) -> Iterator[list[Record]]:
            from inspector.audit import audit_many  # takes a while the first time, and this is not the UI thread
            from inspector.audit.cache.reuse import audit_cached, user_cache

            paths = known.at(_as_listed(rows, places))
            read = partial(audit_many, cancel=cancel, ordered=False, auditor=audit_politely)
            return audit_cached(paths, options, user_cache(), read, cancel)

        self._stopping = False
        self._show(replace(self._progress, auditing=True, stopped=False))
        self._cancels.append(self._tasks.stream(AUDIT, source, self._judged, self._audit_done, self._audit_failed))
        self._count()

    def _left(self, *, pending: bool) -> Rows:
        """Rows whose verdict is to be replaced, and those that are to get one."""
        rows = np.flatnonzero(self._stale)
        return np.union1d(self.files.table.pending(), rows) if pending else rows

    def _judged(self, records: list[Record]) -> None:
        if self.stale:
            rows = self.files.table.row_of.find([record.path for record in records])
            self._set_stale(rows[rows >= 0], False)
        self.files.set_records([self.together(record) for record in records])
        self._count()

    def _audit_done(self) -> None:
        self._show(replace(self._progress, auditing=False))
        self._go_on()

    def _audit_failed(self, error: Exception) -> None:
        self._bus.exception(error, "The audit stopped")
        self.cancel()
        self._audit_done()

    def _go_on(self) -> None:
        """After a scan or a round: the next round, or the end once both are over."""
        if not self._stopping:
            self._audit_new()
        elif not self._progress.busy:
            self._end(stopped=True)

    def _end(self, *, stopped: bool) -> None:
        self._cancels = []
        self._stopping = False
        self.files.arrange()
        self._show(replace(self._progress, stopped=stopped))
        self.finished.emit()

    def _count(self) -> None:
        counts = self.files.table.status_counts()
        total = sum(counts.values())
        done = total - counts[PENDING] - self.stale
        self._show(replace(self._progress, done=done, total=total))

    def _show(self, progress: Progress) -> None:
        if progress != self._progress:
            self._progress = progress
            self.progress_changed.emit(progress)


def _as_listed(rows: Rows, places: Rows) -> Rows:
    """By their places in the list; those that are filtered out last."""
    seen = places >= 0
    return np.concatenate([rows[seen][places[seen].argsort()], rows[~seen]])


def _alone(record: Record) -> Record:
    return record
