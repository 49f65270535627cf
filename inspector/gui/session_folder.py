"""All files together: which are listed, and the limits that they are judged by. What is open is `Session`'s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import numpy.typing as npt
from PySide6.QtCore import QObject, Slot

from inspector.audit.record import visible_path
from inspector.gui.folder_audit import FolderAudit
from inspector.gui.folder_judge import FolderJudge
from inspector.gui.folder_view import FolderView
from inspector.gui.messages import MessageBus
from inspector.gui.models.file_list import FileListModel
from inspector.gui.session_clip import ClipSession
from inspector.gui.tasks import Tasks
from inspector.profiles.model import Profile


class FolderSession(ClipSession):
    """The list of files with their verdicts, and what is asked of all of them at once."""

    def __init__(self, tasks: Tasks, bus: MessageBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._bus = bus
        self.files = FileListModel(self, tasks=tasks)
        self.audit = FolderAudit(self.files, tasks, bus, self)
        self.folder = FolderJudge(self.files, self.audit, tasks, self)
        self.folder.changed.connect(self._show_folder)

    # --- limits ----------------------------------------------------------------------------------------------

    @Slot(str, float)
    def set_limit(self, name: str, value: float) -> None:
        """Move a limit of the folder's profile: all files are judged by it at once, none is read."""
        self.folder.move(name, value)

    @Slot()
    def commit_limits(self) -> None:
        """Audit by the limits as they are now: the shown file, and those whose findings may read otherwise."""
        self.folder.release()

    @Slot()
    def reset_limits(self) -> None:
        """Judge and audit by what the profile said before its limits were moved."""
        self.folder.reset()

    @Slot(str)
    def save_profile(self, path: str) -> None:
        """Write the profile with the limits as they are now, under the file's own name."""
        profile = self.folder.profile
        if profile is None:
            self._bus.info("No file was judged yet, so there is no profile to save.")
            return
        file = Path(path) if path.lower().endswith(".toml") else Path(f"{path}.toml")
        named = msgspec.structs.replace(profile, name=file.stem, title=file.stem)
        self._tasks.run(partial(_write, named, file), partial(self._profile_saved, str(file)), self._profile_not_saved)

    # --- what is listed --------------------------------------------------------------------------------------

    @Slot(object)
    def brush(self, rows: npt.ArrayLike | None) -> None:
        """List only these rows of what passes else; None for all."""
        self.folder.brush(rows)

    @Slot()
    def clear_brush(self) -> None:
        """List all that passes else, of any class."""
        self.folder.brush(None)
        self.folder.pick_class(None)

    @Slot(object)
    def pick_class(self, label: str | None) -> None:
        """List only files of this class of what passes else; None for all."""
        self.folder.pick_class(label)

    def set_classes(self, labels: Mapping[str, str]) -> None:
        """Join files with classes: label by path."""
        self.files.set_classes(labels)

    # --- inside ----------------------------------------------------------------------------------------------

    @Slot(object)
    def _show_folder(self, view: FolderView | None) -> None:
        self._state = replace(self._state, folder=view)
        if not self._quiet.isActive():  # else the view comes soon, and with it the file that is being read
            self._emit()

    def _profile_saved(self, path: str, _: object) -> None:
        self._bus.info(f"Saved {visible_path(path)}")

    def _profile_not_saved(self, error: Exception) -> None:
        self._bus.exception(error, "The profile could not be saved")


def _write(profile: Profile, path: Path) -> None:
    from inspector.profiles.writing import write_profile

    write_profile(profile, path)
