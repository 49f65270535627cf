"""The one place where the window's state changes: commands come in, a frozen view goes out to the panes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

from inspector.audit import Options
from inspector.audit.record import Record, printable_path
from inspector.gui.folder_audit import FolderAudit
from inspector.gui.messages import MessageBus
from inspector.gui.models.file_list import FileListModel
from inspector.gui.player import SPEEDS
from inspector.gui.reopened import inspect_reported, is_gone, is_report, present
from inspector.gui.state import SessionState, arrived, first_frame, frame_after, resolve
from inspector.gui.tasks import Tasks
from inspector.gui.view import Display, Playback, ViewState
from inspector.profiles.model import Profile

if TYPE_CHECKING:
    from inspector.audit import Inspection

INSPECT, PRESENT = "inspect", "present"
_QUIET_MS = 120  # a file that is read sooner than this replaces the one before without an empty window between


class Session(QObject):
    """The open folder, the shown file and how it plays.

    Signals
    -------
    view_changed(ViewState)
        Anything that a pane shows is different.
    path_changed(str | None)
        Another file is selected; comes before its inspection is there.
    roots_changed(tuple[str, ...])
        Other files or folders are open.
    options_changed(Options)
    details_wanted()
        The user asked to look at the file, not just to select it.
    """

    view_changed = Signal(object)
    path_changed = Signal(object)
    roots_changed = Signal(object)
    options_changed = Signal(object)
    details_wanted = Signal()

    def __init__(self, tasks: Tasks, bus: MessageBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._bus = bus
        self._state = SessionState()
        self._shown = resolve(self._state)
        self._roots: tuple[str, ...] = ()
        self._resume = False
        self._of_report = False
        self.files = FileListModel(self)
        self.audit = FolderAudit(self.files, tasks, bus, self)
        self.audit.scanned.connect(self._select_first)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_QUIET_MS)
        self._quiet.timeout.connect(self._emit)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._file_changed)

    @property
    def view(self) -> ViewState:
        """What the panes are to show now."""
        return resolve(self._state)

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
        self._tasks.drop(INSPECT)
        self._resume = False
        playback = replace(self._state.playback, playing=False, span=None)
        self._state = replace(
            self._state, path=path, loading=path is not None, landing=landing, frame=0, finding=None, playback=playback
        )
        self._watch(None)
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
        wanted = self.files.table.paths if paths is None else [p for p in paths if p in self.files.table.row_of]
        if self._of_report:  # the others keep the report's verdict
            self._tasks.latest(PRESENT, partial(present, list(wanted)), partial(self._reaudit_present, len(wanted)))
        elif wanted:
            self._reaudit(wanted)

    def cancel(self) -> None:
        """Stop scanning and auditing; what is done stays."""
        self.audit.cancel()

    def set_profile(self, profile: Profile | None) -> None:
        """Judge every file by this profile; None lets each pick its own. All files are audited again."""
        self._set_options(replace(self.options, profile=profile, targets=None))

    def set_targets(self, targets: tuple[str, ...] | None) -> None:
        """Say which targets must be ready; None takes the profile's own wish. All files are audited again."""
        self._set_options(replace(self.options, targets=targets))

    # --- time ------------------------------------------------------------------------------------------------

    def seek(self, frame: int) -> None:
        """Go to a frame; what plays goes on from there."""
        self._show(replace(self._state, frame=self._clamp(frame)))

    def played(self, frame: int) -> None:
        """The playback clock shows this frame."""
        if self.view.playback.playing:
            self._show(replace(self._state, frame=self._clamp(frame)))

    def step(self, frames: int) -> None:
        """Go some frames forward or back, and pause."""
        self._pause_at(self._clamp(self.view.frame + frames))

    def step_seconds(self, seconds: float) -> None:
        """Go forward or back by the clip's own time, and pause."""
        self._pause_at(frame_after(self.view.inspection, self.view.frame, seconds))

    def go_to_start(self) -> None:
        """First frame, or the first of the span."""
        span = self.view.playback.span
        self.seek(span[0] if span and self.view.frame > span[0] else 0)

    def go_to_end(self) -> None:
        """Last frame, or the last of the span."""
        span = self.view.playback.span
        self.seek(span[1] if span and self.view.frame < span[1] else self.view.frames - 1)

    def set_playing(self, playing: bool) -> None:
        """Play or pause."""
        self._set_playback(replace(self._state.playback, playing=playing and self.view.frames > 1))

    def toggle_playing(self) -> None:
        """Play if paused, pause if playing."""
        self.set_playing(not self.view.playback.playing)

    def pause(self) -> None:
        """Pause; also what happens at the end."""
        self.set_playing(False)

    def scrub_started(self) -> None:
        """The slider is held: pause until it is let go."""
        self._resume = self.view.playback.playing
        self.pause()

    def scrub_ended(self) -> None:
        """The slider was let go: play on if it played before."""
        if self._resume:
            self._resume = False
            self.set_playing(True)

    def set_speed(self, speed: float) -> None:
        """Play this many times as fast as the clip's own clock."""
        self._set_playback(replace(self._state.playback, speed=speed))

    def change_speed(self, direction: int) -> None:
        """The next faster (+1) or slower (-1) speed on offer."""
        now = self.view.playback.speed
        beyond = [speed for speed in SPEEDS if (speed - now) * direction > 0]
        if beyond:
            self.set_speed(min(beyond) if direction > 0 else max(beyond))

    def set_loop(self, loop: bool) -> None:
        """Begin again at the end, or stop there."""
        self._set_playback(replace(self._state.playback, loop=loop))

    def set_span(self, span: tuple[int, int] | None) -> None:
        """Keep playing within these frames; None for the whole clip."""
        self._set_playback(replace(self._state.playback, span=span))

    def set_display(self, display: Display) -> None:
        """Draw other things on the canvas."""
        self._show(replace(self._state, display=display))

    # --- findings --------------------------------------------------------------------------------------------

    def go_to_finding(self, index: int) -> None:
        """Go to where a finding of the shown file begins, and pause."""
        view = self.view
        if view.inspection is None or not 0 <= index < len(view.findings):
            return
        frame = first_frame(view.inspection, index)
        playback = replace(self._state.playback, playing=False)
        self._show(replace(self._state, finding=index, frame=view.frame if frame is None else frame, playback=playback))

    def next_finding(self, direction: int) -> None:
        """The next (+1) or previous (-1) finding; after a file's last one, the next listed file's first."""
        view = self.view
        if view.inspection is not None:
            to = (-1 if view.finding is None else view.finding) + direction
            if 0 <= to < len(view.findings):
                self.go_to_finding(to)
                return
        row = self.files.table.next_with_findings(self.row, direction)
        if row is None:
            self._bus.info("No findings after this one." if direction > 0 else "No findings before this one.")
        else:
            self.select(self.files.table.paths[row], "first" if direction > 0 else "last")

    # --- inside ----------------------------------------------------------------------------------------------

    def _reaudit(self, paths: Sequence[str]) -> None:
        table = self.files.table
        self.audit.audit([table.row_of[path] for path in paths])
        if self._state.path in paths:
            self.reinspect()

    def _reaudit_present(self, asked: int, paths: list[str]) -> None:
        if missing := asked - len(paths):
            self._bus.info(f"Not there, so the verdict of the report stays: {missing:,} of {asked:,} files.")
        if paths := [path for path in paths if path in self.files.table.row_of]:
            self._reaudit(paths)

    def _read(self, path: str) -> None:
        row = self.files.table.row_of.get(path)
        record = self.files.table.records[row] if self._of_report and row is not None else None
        work: partial[Inspection] = (
            partial(inspect_file, path, self.options)
            if record is None
            else partial(inspect_reported, path, self.options, record)
        )
        self._tasks.latest(INSPECT, work, self._inspected, self._not_inspected)

    def _inspected(self, inspection: Inspection) -> None:
        landing = self._state.landing
        self._state = arrived(self._state, inspection)
        row = self.files.table.row_of.get(inspection.path)
        gone = is_gone(inspection.record)
        if row is not None and not gone and self.files.table.records[row] != inspection.record:
            self.audit.take(inspection.record)
        self._watch(inspection.path)
        if landing is not None:
            self._land(landing)
        self._emit()

    def _not_inspected(self, error: Exception) -> None:
        name = printable_path(Path(self._state.path or "").name)
        self._bus.exception(error, f"{name} could not be shown")
        self._show(replace(self._state, loading=False, landing=None))

    def _land(self, landing: Literal["first", "last"]) -> None:
        if self._state.loading:
            self._state = replace(self._state, landing=landing)
        elif self.view.findings:
            self.go_to_finding(0 if landing == "first" else len(self.view.findings) - 1)

    @Slot()
    def _select_first(self) -> None:
        if self._state.path is not None or not self.files.rowCount():
            return
        if self._of_report:
            self.select(self.files.table.paths[self.files.table.first_failing()], "first")
        else:
            self.select(self.files.table.paths[int(self.files.table.order[0])])

    def _set_options(self, options: Options) -> None:
        if options != self.options:
            self.audit.options = options
            self.options_changed.emit(options)
            self.reaudit()

    def _clamp(self, frame: int) -> int:
        return min(max(frame, 0), max(self.view.frames - 1, 0))

    def _pause_at(self, frame: int) -> None:
        self._show(replace(self._state, frame=frame, playback=replace(self._state.playback, playing=False)))

    def _set_playback(self, playback: Playback) -> None:
        self._show(replace(self._state, playback=playback))

    def _show(self, state: SessionState) -> None:
        self._state = state
        self._emit()

    @Slot()
    def _emit(self) -> None:
        self._quiet.stop()
        view = resolve(self._state)
        if view != self._shown:
            self._shown = view
            self.view_changed.emit(view)

    def _watch(self, path: str | None) -> None:
        if old := self._watcher.files():
            self._watcher.removePaths(old)
        if path is not None and Path(path).is_file():
            self._watcher.addPath(path)

    @Slot(str)
    def _file_changed(self, path: str) -> None:
        name = printable_path(Path(path).name)
        if os.path.lexists(path):
            self._bus.info(f"{name} changed on disk; F5 reads it again.")
        else:
            self._bus.info(f"{name} was removed; what is shown was read before.")


def inspect_file(path: str, options: Options) -> Inspection:
    """Read and judge a file; never on the UI thread."""
    from inspector.audit.one import inspect_file as inspect  # takes a while the first time

    return inspect(path, options)


def _common_folder(roots: tuple[str, ...]) -> str:
    """Folder that listed names are relative to; empty for files alone, which are listed by their own names."""
    folders = [root for root in roots if Path(root).is_dir()]
    if not folders:
        return ""
    try:
        return os.path.commonpath(folders)
    except ValueError:  # different drives
        return ""
