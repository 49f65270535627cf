"""Which files are open, which one is shown and how they are judged; what moves within it is `ClipSession`'s."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal, Slot

from inspector.audit import Options
from inspector.audit.record import Record, visible_path
from inspector.gui.messages import MessageBus
from inspector.gui.models.file_steps import first_failing, next_with_findings
from inspector.gui.models.file_table import PENDING, Rows
from inspector.gui.reopened import inspect_reported, is_gone, is_report, present
from inspector.gui.session_lists import ListsSession
from inspector.gui.session_watch import DiskWatch
from inspector.gui.state import arrived
from inspector.gui.tasks import Tasks
from inspector.gui.together import is_missing
from inspector.gui.view import Subset
from inspector.gui.walk import first_to_see, step
from inspector.profiles.model import Profile

if TYPE_CHECKING:
    from inspector.archive import Wanted
    from inspector.audit import Inspection

INSPECT, GLANCE, PRESENT = "inspect", "glance", "present"


class Session(ListsSession):
    """The one place where the window's state changes: commands come in, a frozen view goes out to the panes.

    Signals
    -------
    path_changed(str | None)
        Another file is selected; comes before its inspection is there.
    roots_changed(tuple[str, ...])
        Other files or folders are open.
    options_changed(Options)
    details_wanted()
        The user asked to look at the file, not just to select it.
    """

    path_changed = Signal(object)
    roots_changed = Signal(object)
    options_changed = Signal(object)
    details_wanted = Signal()

    def __init__(self, tasks: Tasks, bus: MessageBus, parent: QObject | None = None) -> None:
        super().__init__(tasks, bus, parent)
        self._roots: tuple[str, ...] = ()
        self._unwanted = threading.Event()
        self.audit.scanned.connect(self._select_first)
        self.folder.committed.connect(self._limits_committed)
        self._disk = DiskWatch(bus, self)

    @property
    def options(self) -> Options:
        """How files are judged."""
        return self.audit.options

    @property
    def roots(self) -> tuple[str, ...]:
        """What was opened, as absolute paths."""
        return self._roots

    @property
    def row(self) -> int | None:
        """The selected file's row in the table."""
        return None if self._state.path is None else self.files.table.row_of.get(self._state.path)

    @property
    def audited(self) -> int:
        """How many files have a verdict."""
        return len(self.files.table) - self.files.table.status_counts()[PENDING]

    def records(self) -> list[Record]:
        """Verdicts so far, in the order the files were found."""
        return [record for record in self.files.table.records if record is not None]

    # --- files -----------------------------------------------------------------------------------------------

    def open_paths(self, paths: Sequence[str | Path]) -> None:
        """Close what is open, list these files and what these folders hold, and audit it."""
        roots = tuple(dict.fromkeys(os.path.abspath(path) for path in paths))  # noqa: PTH100 - keeps `..` through links
        if not roots:
            return
        self.select(None)
        self._forget()
        self._roots = roots
        reports = tuple(filter(is_report, roots))
        others = tuple(root for root in roots if root not in reports)
        self._of_report = bool(reports)
        self.roots_changed.emit(roots)
        if reports:
            folders = tuple(os.path.dirname(report) for report in reports)  # noqa: PTH120 - as the system gave it
            self.audit.open_reports(reports, others, _common_folder(folders + others))
        else:
            self.audit.open(roots, _common_folder(roots))

    def close(self) -> None:
        """Close everything that is open."""
        self.select(None)
        self._forget()
        self._roots = ()
        self._of_report = False
        self.audit.close()
        self.roots_changed.emit(())

    def select(self, path: str | None, landing: Literal["first", "last"] | None = None) -> None:
        """Show a file; with `landing`, go to its first or last finding. The newest request wins."""
        if path == self._state.path:
            if path is not None and landing is not None:
                self._land(landing)
            return
        self._drop_reading()
        self._resume = False
        playback = replace(self._state.playback, playing=False, span=None)
        self._state = replace(
            self._state,
            path=path,
            loading=path is not None,
            landing=landing,
            sample=0,
            subset=Subset(),
            frame=0,
            finding=None,
            playback=playback,
            folder=self.folder.select(path),
            copies=self.copies.of(path),
            beside=(),
        )
        self._disk.watch(None)
        self.path_changed.emit(path)
        if path is None:
            self._state = replace(self._state, inspection=None)
            self._emit()
        else:
            self._read(path)
            self._quiet.start()

    def inspect(self, path: str) -> None:
        """Select a file and turn to its details."""
        self.select(path)
        self.details_wanted.emit()

    def reinspect(self) -> None:
        """Read the selected file again, as after a change on disk; the place in it is kept."""
        if self._state.path is not None:
            self._show(replace(self._state, loading=True))
            self._read(self._state.path)

    def select_row(self, row: int) -> None:
        """Select the file of a row of the table."""
        if 0 <= row < len(self.files.table):
            self.select(self.files.table.paths[row])

    def open_row(self, row: int) -> None:
        """Select the file of a row and turn to its details."""
        if 0 <= row < len(self.files.table):
            self.inspect(self.files.table.paths[row])

    def next_file(self, direction: int) -> None:
        """Select the file listed after (+1) or before (-1) the selected one."""
        count = self.files.rowCount()
        row = self.row
        at = -1 if row is None else self.files.table.position(row)
        to = at + direction if at >= 0 else (0 if direction > 0 else count - 1)
        if 0 <= to < count:
            self.select(self.files.table.paths[int(self.files.table.order[to])])

    def reaudit(self, paths: Sequence[str] | None = None) -> None:
        """Audit these files again, all when None, and read the shown one again if it is among them."""
        wanted = self._there(paths)
        if paths is None:
            self.read_lists_again()
        if self._of_report:  # the others keep the report's verdict
            work = partial(present, self.files.table.paths.at(wanted))
            self._tasks.latest(PRESENT, work, partial(self._reaudit_present, len(wanted)))
        elif wanted.size:
            self._reaudit(wanted)

    def cancel(self) -> None:
        """Stop scanning and auditing; what is done stays."""
        self.audit.cancel()

    def set_profile(self, profile: Profile | None) -> None:
        """Judge every file by this profile; None lets each pick its own. All files are audited again."""
        self.folder.pick(profile)
        self._set_options(replace(self.options, profile=profile, targets=None, edited=()))

    def set_targets(self, targets: tuple[str, ...] | None) -> None:
        """Say which targets must be ready; None takes the profile's own wish. All files are audited again."""
        self._set_options(replace(self.options, targets=targets))

    # --- findings --------------------------------------------------------------------------------------------

    def next_finding(self, direction: int) -> None:
        """The next (+1) or previous (-1) finding; after a file's last one, the next listed file's first.

        Where only files with one kind of finding are listed, only findings of that kind are gone to.
        """
        view = self.view
        if view.inspection is not None:
            to = step(view.findings, view.finding, direction, self.files.table.filter.code)
            if to is not None:
                self.go_to_finding(to)
                return
        row = next_with_findings(self.files.table, self.row, direction)
        if row is None:
            self._bus.info("No findings after this one." if direction > 0 else "No findings before this one.")
        else:
            self.select(self.files.table.paths[row], "first" if direction > 0 else "last")

    # --- inside ----------------------------------------------------------------------------------------------

    def _reaudit(self, rows: Rows) -> None:
        self.audit.audit(rows)
        if self.row is not None and (rows == self.row).any():
            self.reinspect()

    def _reaudit_present(self, asked: int, paths: list[str]) -> None:
        if missing := asked - len(paths):
            self._bus.info(f"Not there, so the verdict of the report stays: {missing:,} of {asked:,} files.")
        rows = self._rows(paths)
        if (listed := rows[rows >= 0]).size:
            self._reaudit(listed)

    def _drop_reading(self) -> None:
        """Whatever is being read of a file is not wanted any more."""
        self._unwanted.set()
        self._tasks.drop(INSPECT)
        self._tasks.drop(GLANCE)

    def _read(self, path: str) -> None:
        self._drop_reading()
        self._unwanted = threading.Event()
        row = self.files.table.row_of.get(path)
        known = None if row is None else self.files.table.records[row]
        record = known if self._of_report else None
        work: partial[Inspection] = (
            partial(inspect_missing, path, self.options, known)
            if known is not None and is_missing(known)
            else partial(inspect_file, path, self.options, partial(_still_wanted, self._unwanted))
            if record is None
            else partial(inspect_reported, path, self.options, record)
        )
        self._tasks.latest(INSPECT, work, self._inspected, self._not_inspected)
        if known is None or not is_missing(known):
            self._tasks.latest(GLANCE, partial(glance_at, path, self.options), self._glanced)

    def _glanced(self, inspection: Inspection | None) -> None:
        """A large file can be looked at while it is read, unless there is more of it already."""
        if inspection is not None and self.view.inspection is None:
            self._state = arrived(self._state, inspection)
            self._emit()

    def _inspected(self, inspection: Inspection) -> None:
        landing = self._state.landing
        inspection = replace(inspection, record=self._together(inspection.record))
        self._state = arrived(self._state, inspection)
        row = self.files.table.row_of.get(inspection.path)
        gone = is_gone(inspection.record)
        if row is not None and not gone and self.files.table.records[row] != inspection.record:
            self.audit.take(inspection.record)
        self._disk.watch(inspection.path)
        if landing is not None:
            self._land(landing)
        self._emit()

    def _not_inspected(self, error: Exception) -> None:
        path = self._state.path
        self._bus.exception(error, f"{visible_path(Path(path or '').name)} could not be shown", about=path)
        self._show(replace(self._state, loading=False, landing=None))

    def _land(self, landing: Literal["first", "last"]) -> None:
        if self._state.loading:
            self._state = replace(self._state, landing=landing)
        else:
            code = self.files.table.filter.code
            to = first_to_see(self.view.findings, 1 if landing == "first" else -1, code)
            if to is not None:
                self.go_to_finding(to)

    @Slot()
    def _select_first(self) -> None:
        if self._state.path is not None or not self.files.rowCount():
            return
        if self._of_report:
            self.select(self.files.table.paths[first_failing(self.files.table)], "first")
        else:
            self.select(self.files.table.paths[int(self.files.table.order[0])])

    @Slot(object, object)
    def _limits_committed(self, edited: tuple[tuple[str, Profile], ...], rows: Rows) -> None:
        self.audit.options = replace(self.options, edited=edited)
        self.options_changed.emit(self.options)
        table = self.files.table
        if self._of_report:
            self._tasks.latest(PRESENT, partial(present, table.paths.at(rows)), self._refresh_present)
        else:
            self.audit.refresh(rows)
        row = self.row
        if row is not None and self.folder.judges(row):
            self.reinspect()

    def _refresh_present(self, paths: list[str]) -> None:
        rows = self._rows(paths)
        self.audit.refresh(rows[rows >= 0])

    def _rows(self, paths: Sequence[str]) -> Rows:
        return self.files.table.row_of.find(paths)

    def _set_options(self, options: Options) -> None:
        if options != self.options:
            self.audit.options = options
            self.options_changed.emit(options)
            self.reaudit()


def _still_wanted(unwanted: threading.Event) -> bool:
    return not unwanted.is_set()


def inspect_file(path: str, options: Options, wanted: Wanted | None = None) -> Inspection:
    """Read and judge a file; never on the UI thread."""
    from inspector.audit.one import inspect_file as inspect  # takes a while the first time

    return inspect(path, options, wanted)


def glance_at(path: str, options: Options) -> Inspection | None:
    """What can be shown of a large file at once; never on the UI thread."""
    from inspector.audit.one import glance_at as glance

    return glance(path, options)


def inspect_missing(path: str, options: Options, record: Record) -> Inspection:
    """What is known of a file that only lists know, or the file if it is there by now; never on the UI thread."""
    from inspector.audit import Inspection
    from inspector.profiles import load_profile

    if os.path.lexists(path):
        return inspect_file(path, options)
    return Inspection(path, record, options.profile or load_profile("generic"))


def _common_folder(roots: tuple[str, ...]) -> str:
    """Folder that listed names are relative to; empty for files alone, which are listed by their own names."""
    folders = [root for root in roots if Path(root).is_dir()]
    if not folders:
        return ""
    try:
        return os.path.commonpath(folders)
    except ValueError:  # different drives
        return ""
