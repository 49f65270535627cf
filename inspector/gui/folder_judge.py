"""Limits moved by hand, and the verdicts of all files under them: live while one moves, for good when it is let go."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from inspector.errors import InspectorError
from inspector.gui.folder_audit import FolderAudit
from inspector.gui.folder_limits import EDITED, moved, names_of, with_limits
from inspector.gui.folder_view import FolderView, folder_view
from inspector.gui.models.file_list import FileListModel
from inspector.gui.models.rejudge import Flips
from inspector.gui.tasks import Tasks
from inspector.gui.together import Groups
from inspector.profiles.model import Limits, Profile

_BEAT_MS = 50  # between what a hand moves; the event loop paints meanwhile
_STREAM_MS = 100  # between what comes in by itself


class FolderJudge(QObject):
    """Keeps the verdicts of a `FileListModel` in step with the limits, and the picture of the folder up to date.

    The profile is the picked one, or the one that judged most files; it stays while any of its limits is moved.

    Signals
    -------
    changed(FolderView | None)
    committed(tuple[tuple[str, Profile], ...], ndarray)
        Files are to be judged by these (`Options.edited`); rows whose records may read otherwise by them.
    """

    changed = Signal(object)
    committed = Signal(object, object)

    def __init__(self, files: FileListModel, audit: FolderAudit, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files = files
        self._audit = audit
        self._tasks = tasks
        self._picked: Profile | None = None
        self._base: Profile | None = None
        self._limits = self._audited = Limits()  # as they are now, and as files are audited by them
        self._dragging = False
        self._brush: list[npt.ArrayLike | None] = []  # the newest one that is not applied yet
        self._due = self._rejudge_due = self._working = False
        self._known: dict[str, Profile | None] = {}
        self._path: str | None = None
        self._version = 0
        self._groups = Groups()
        self.view: FolderView | None = None
        self._beat = self._timer(_BEAT_MS)
        self._beat.timeout.connect(self._next_beat)
        self._stream = self._timer(_STREAM_MS)
        self._stream.timeout.connect(self._streamed)
        files.counts_changed.connect(self._later)
        files.moved.connect(self._later)
        audit.finished.connect(self._later)

    def _timer(self, interval: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        return timer

    @property
    def profile(self) -> Profile | None:
        """The profile with the limits as they are now."""
        return None if self._base is None else with_limits(self._base, self._limits)

    def judges(self, row: int) -> bool:
        """Whether a file is judged by the profile."""
        return self._base is not None and bool(self._files.table.judged_by(names_of(self._base))[row])

    # --- commands --------------------------------------------------------------------------------------------

    def pick(self, profile: Profile | None) -> None:
        """Judge by this profile, or by the one of most files; moved limits are forgotten."""
        if self._dragging:  # what nobody committed leaves no trace in the list
            self._limits, self._dragging, self._rejudge_due = self._audited, False, True
            self._apply()
        self._picked = profile
        self._take_base(profile)
        self._later()

    def move(self, name: str, value: float) -> None:
        """Move a limit, as a hand does: at any rate, the newest wins."""
        if self._base is None:
            return
        limits = moved(self._limits, name, value)
        if limits != self._limits:
            self._limits = limits
            self._dragging = self._rejudge_due = True
            self._hurry()

    def release(self) -> None:
        """Audit by the limits as they are now."""
        base = self._base
        if base is None:
            return
        before, self._dragging = self._audited, False
        if self._limits != before:
            self._apply()
            self._audited = self._limits
            rows = self._files.table.affected(before, self._limits, names_of(base))
            edited = () if self._limits == base.limits else ((base.name, with_limits(base, self._limits)),)
            self.committed.emit(edited, rows)
        self._work()

    def reset(self) -> None:
        """Put all limits back to what the profile says."""
        if self._base is not None and self._limits != self._base.limits:
            self._limits = self._base.limits
            self._rejudge_due = True
        self.release()

    def brush(self, rows: npt.ArrayLike | None) -> None:
        """List only these rows, or all: at any rate, the newest wins."""
        self._brush = [rows]
        self._hurry()

    def pick_class(self, label: str | None) -> None:
        """List only files of this class, or all."""
        self._files.set_label(label)
        self._work()

    def show_groups(self, groups: Groups) -> None:
        """Say what is known of copies among the files."""
        self._groups = groups
        self._later()

    def select(self, path: str | None) -> FolderView | None:
        """The same picture with another file selected; not emitted, for the selection is a part of more than this."""
        self._path = path
        if self.view is not None and self.view.selected != self._row():
            self._version += 1
            self.view = replace(self.view, version=self._version, selected=self._row())
        return self.view

    # --- when ------------------------------------------------------------------------------------------------

    def _hurry(self) -> None:
        if self._beat.isActive():
            self._due = True
        else:
            self._work()

    @Slot()
    def _next_beat(self) -> None:
        if self._due:
            self._work()

    @Slot()
    def _later(self) -> None:
        if self._working:
            return
        if not len(self._files.table):
            self._work()
        elif not self._stream.isActive():
            self._stream.start()

    @Slot()
    def _streamed(self) -> None:
        self._rejudge_due |= self._limits != self._audited  # records that came were judged by other limits
        self._work()

    def _work(self) -> None:
        self._stream.stop()
        self._due = False
        self._publish(self._apply())
        self._beat.start()

    # --- what ------------------------------------------------------------------------------------------------

    def _apply(self) -> Flips | None:
        """Bring the list in step with brush and limits; what flipped where that was judged."""
        flips = None
        self._working = True
        while self._brush:
            self._files.set_brush(self._brush.pop())
        if self._rejudge_due and self._base is not None:
            flips = self._files.rejudge(self._limits, names_of(self._base), since=self._base.limits)
        self._rejudge_due = False
        self._working = False
        return flips

    def _publish(self, flips: Flips | None) -> None:
        table = self._files.table
        if not self._dragging and (self._base is None or self._limits == self._audited == self._base.limits):
            self._take_base(self._picked or self._of_most())
        base = self._base
        if not len(table):
            view = None
        else:
            self._version += 1
            names = names_of(base) if base is not None else frozenset()
            if base is None or self._limits == base.limits:
                flips = Flips.none()
            elif flips is None:
                flips = table.flips(self._limits, names, base.limits)
            view = folder_view(
                table,
                self._version,
                self.profile,
                base,
                table.judged_by(names),
                flips,
                selected=self._row(),
                dragging=self._dragging,
                stale=self._audit.stale,
                groups=self._groups,
            )
        if view is not None or self.view is not None:
            self.view = view
            self.changed.emit(view)

    def _row(self) -> int | None:
        return None if self._path is None else self._files.table.row_of.get(self._path)

    def _take_base(self, profile: Profile | None) -> None:
        self._base = profile
        if profile is not None:
            self._limits = self._audited = profile.limits

    def _of_most(self) -> Profile | None:
        """The profile that judged most files; `generic` only where there is no other."""
        counts: dict[str, int] = {}
        for name, count in self._files.table.profile_counts().items():
            name = name.removesuffix(EDITED)
            counts[name] = counts.get(name, 0) + count
        counts.pop("", None)
        if not counts:
            return None
        name = max(counts, key=lambda name: (name != "generic", counts[name], name))
        if name not in self._known:
            self._known[name] = None
            self._tasks.run(partial(_loaded, name), partial(self._came, name))
        return self._known[name]

    def _came(self, name: str, profile: Profile | None) -> None:
        self._known[name] = profile
        self._later()


def _loaded(name: str) -> Profile | None:
    """A profile by the name in a record; None for one of another machine. Never on the UI thread."""
    from inspector.profiles import load_profile  # not before there is a record

    try:
        return load_profile(name)
    except (InspectorError, OSError):
        return None
