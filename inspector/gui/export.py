"""File > Export: reports of the audited files, written off the UI thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from inspector.gui.export_media import MediaExporter
from inspector.gui.messages import MessageBus
from inspector.gui.session import Session
from inspector.gui.tasks import Tasks

ALL = "all"
_AT_ONCE = 500  # records that are unpacked together
_NAMED = 6


class Exporter(QObject):
    """Asks for a folder and writes reports there.

    Attributes
    ----------
    media
        Writes pictures and films of the selected file.

    Signals
    -------
    saved(list of Path)
        The files that were written.
    """

    saved = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, bus: MessageBus, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._tasks = tasks
        self._bus = bus
        self._window = window
        self.media = MediaExporter(session, tasks, bus, window)
        self.folder = ""
        self.dialog: QFileDialog | None = None

    def ask(self, kind: str = ALL) -> None:
        """Ask for a folder, then write one kind of report, or ``all``."""
        if not self._session.audited:
            self._bus.info("Nothing to export yet: no file has been audited.")
            return
        dialog = self.dialog = QFileDialog(self._window, "Export reports to a folder", self.folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Export")
        dialog.fileSelected.connect(partial(self.write, kind))
        dialog.finished.connect(self._closed)
        dialog.open()

    def write(self, kind: str, folder: str) -> None:
        """Write one kind of report, or ``all``, of the files audited so far."""
        self.folder = folder
        records, across = self._session.files.table.records.frozen(), self._session.across

        def work() -> list[Path]:
            from inspector.reports import FORMATS, ReportWriter  # needed once somebody exports

            with ReportWriter(Path(folder), tuple(FORMATS) if kind == ALL else (kind,)) as writer:
                for start in range(0, len(records), _AT_ONCE):
                    writer.add(record for record in records[start : start + _AT_ONCE] if record is not None)
                if across is not None:
                    writer.look_across(across, {})  # the records have it already
                return writer.finish()

        count = self._session.audited
        self._tasks.run(work, partial(self._written, count, len(records) - count), self._failed)

    def _written(self, count: int, waiting: int, files: list[Path]) -> None:
        names = ", ".join(file.name for file in files[:_NAMED])
        if len(files) > _NAMED:
            names += f" and {len(files) - _NAMED} more"
        rest = f" {waiting} files are not audited yet and not in it." if waiting else ""
        self._bus.info(f"Saved {names} ({count} files) in {self.folder}.{rest}")
        self.saved.emit(files)

    def _failed(self, error: Exception) -> None:
        self._bus.exception(error, "The reports could not be written")

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
