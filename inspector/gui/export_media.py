"""File > Export: pictures and films of the selected file, made off the UI thread, with a way to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QProgressDialog, QWidget

from inspector.audit.record import visible_path
from inspector.gui.messages import MessageBus
from inspector.gui.session import Session
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState

if TYPE_CHECKING:
    from inspector.audit.inspection import Inspection

SHEET, TRAJECTORIES, SAMPLE = "export.sheet", "export.trajectories", "export.sample"
FILMS = {f"export.film.{style}": style for style in ("preview", "detailed", "slowmo")}
"""Action -> the style of its film."""

MEDIA = (SHEET, TRAJECTORIES, *FILMS, SAMPLE)
"""Names of all actions here."""

_POLL_MS = 100
_SHOW_AFTER_MS = 400


def media_enabled(view: ViewState) -> dict[str, bool]:
    """Which of these actions there is something to do for."""
    clip = view.inspection is not None and view.inspection.clip is not None and len(view.inspection.clip) > 0
    dataset = view.dataset
    samples = dataset is not None and dataset.layout.samples > 0 and dataset.layout.frames > 0
    return {
        SHEET: clip or samples,
        TRAJECTORIES: samples and dataset is not None and dataset.trajectory is not None,
        **dict.fromkeys(FILMS, clip),
        SAMPLE: samples,
    }


@dataclass(slots=True)
class _Work:
    """How far a film is, and whether somebody wants it to end; written by one thread and read by another."""

    total: int
    done: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def tell(self, count: int) -> None:
        """So many frames are done."""
        self.done = count


class MediaExporter(QObject):
    """Asks for a file name and has a picture or a film of the selected file written there, one at a time.

    Signals
    -------
    saved(Path)
        The file that was written.
    """

    saved = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, bus: MessageBus, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._tasks = tasks
        self._bus = bus
        self._window = window
        self._work: _Work | None = None
        self._poll = QTimer(self)
        self._poll.setInterval(_POLL_MS)
        self._poll.timeout.connect(self._show_progress)
        self.folder = ""
        self.dialog: QFileDialog | None = None
        self.progress: QProgressDialog | None = None

    def ask(self, kind: str) -> None:
        """Ask where to, then write what one of `MEDIA` stands for, of what is selected now."""
        view = self._session.view
        if view.inspection is None or not media_enabled(view)[kind]:
            self._bus.info("There is nothing of this kind to export from the selected file.")
            return
        if self._work is not None:
            self._bus.info("One is being written: wait until it is done, or cancel it.")
            return
        ending = ".png" if kind in (SHEET, TRAJECTORIES) else ".mp4"
        words = "PNG picture (*.png)" if ending == ".png" else "MP4 film (*.mp4)"
        dialog = self.dialog = QFileDialog(self._window, "Export", self.folder, words)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending[1:])
        dialog.selectFile(_name(kind, view) + ending)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Export")
        dialog.fileSelected.connect(partial(self.write, kind, view.inspection, view.sample))
        dialog.finished.connect(self._closed)
        dialog.open()

    def write(self, kind: str, seen: Inspection, sample: int, path: str) -> None:
        """Write what one of `MEDIA` stands for, of an inspection, to a file."""
        out = Path(path)
        self.folder = str(out.parent)
        work = self._work = _Work(_frames(kind, seen))
        self._tasks.run(partial(_write, kind, seen, sample, out, work), partial(self._written, out), self._failed)
        progress = self.progress = QProgressDialog(
            f"Writing {visible_path(out.name)}", "Cancel", 0, work.total, self._window
        )
        progress.setWindowTitle("Export")
        progress.setAccessibleName("Progress of the export")
        progress.setMinimumDuration(_SHOW_AFTER_MS)
        progress.setAutoClose(False)
        progress.setAutoReset(False)
        progress.canceled.connect(self.cancel)
        self._poll.start()

    @Slot()
    def cancel(self) -> None:
        """End what is being written; nothing of it stays."""
        if self._work is not None:
            self._work.stopped.set()

    @Slot()
    def _show_progress(self) -> None:
        if self._work is not None and self.progress is not None and not self._work.stopped.is_set():
            self.progress.setValue(self._work.done)

    def _written(self, out: Path, _answer: None) -> None:
        self._end()
        self._bus.info(f"Saved {visible_path(str(out))}.")
        self.saved.emit(out)

    def _failed(self, error: Exception) -> None:
        stopped = self._work is not None and self._work.stopped.is_set()
        self._end()
        if stopped:
            self._bus.info("Cancelled: nothing was written.")
        else:
            self._bus.exception(error, "It could not be exported")

    def _end(self) -> None:
        self._poll.stop()
        self._work = None
        if self.progress is not None:
            self.progress.canceled.disconnect(self.cancel)
            self.progress.close()
            self.progress.deleteLater()
            self.progress = None

    @Slot()
    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def _name(kind: str, view: ViewState) -> str:
    stem = visible_path(Path(view.path or "").name.removesuffix(".npz")) or "export"
    if kind in FILMS:
        return f"{stem}_{FILMS[kind]}"
    return {SHEET: f"{stem}_frames", TRAJECTORIES: f"{stem}_trajectories"}.get(kind, f"{stem}_sample_{view.sample}")


def _frames(kind: str, seen: Inspection) -> int:
    """How many frames there are to count; 0, nobody knows how far it is, for a picture."""
    return len(seen.seconds) if kind == SAMPLE or kind in FILMS else 0


def _write(kind: str, seen: Inspection, sample: int, out: Path, work: _Work) -> None:
    """In a thread of its own; what draws and encodes is imported once somebody exports."""
    stopped: Callable[[], bool] = work.stopped.is_set
    if kind in FILMS:
        from inspector.reports.films import write_clip_film

        write_clip_film(seen, out, FILMS[kind], cancelled=stopped, progress=work.tell)
    elif kind == SAMPLE:
        from inspector.reports.films import write_sample_film

        rate = seen.profile.videos.frame_rate
        write_sample_film(seen.record, sample, out, rate=rate, cancelled=stopped, progress=work.tell)
    elif kind == TRAJECTORIES:
        from inspector.reports.pictures import write_trajectories

        write_trajectories(seen.record, out)
    else:
        from inspector.reports.pictures import write_clip_sheet, write_sheet

        if seen.dataset is None:
            write_clip_sheet(seen, out)
        else:
            write_sheet(seen.record, out)
