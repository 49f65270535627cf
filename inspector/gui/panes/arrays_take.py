"""Taking values out of the Arrays pane: the page to the clipboard, an array to a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from inspector.audit.array_export import FORMATS
from inspector.audit.arrays import Held, Page
from inspector.audit.inspection import Inspection
from inspector.audit.record import visible_path
from inspector.gui.panes.arrays_reading import saved, tsv_of
from inspector.gui.panes.arrays_work import WorkLine

_KINDS = "NumPy array (*.npy);;Comma-separated values (*.csv)"


class TakeOut(QObject):
    """Copies and saves through a line of its own, which goes on when another array or file is selected.

    Signals
    -------
    told(str)
        What came of it.
    """

    told = Signal(str)

    def __init__(self, work: WorkLine, parent: QWidget) -> None:
        super().__init__(parent)
        self._work, self._window = work, parent

    def copy(self, page: Page) -> None:
        """Put a page on the clipboard, tab-separated, every digit written."""
        self._work.start("copy", "Copying", partial(tsv_of, page), self._copied, self._failed)

    def save(self, inspection: Inspection, name: str) -> None:
        """Ask for a file name and write an array to it."""
        stem = "".join(c if c.isalnum() or c in "-_." else "_" for c in name)
        start = str(Path(inspection.path).with_name(f"{stem}.npy"))
        chosen, kind = QFileDialog.getSaveFileName(self._window, "Save array", start, _KINDS)
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() not in FORMATS:
            path = path.with_name(f"{path.name}{'.csv' if 'csv' in kind else '.npy'}")
        # Opened anew: the file shown may be another one before this is done.
        held = Held(inspection.path, inspection.record.mtime_ns)
        self._work.start(
            "save", f"Saving {visible_path(path.name)}", partial(saved, held, name, path), self._saved, self._failed
        )

    def _copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.told.emit("Page copied")

    def _saved(self, path: Path | None) -> None:
        self.told.emit(
            "Saving was stopped; nothing was written" if path is None else f"Saved {visible_path(str(path))}"
        )

    def _failed(self, error: Exception) -> None:
        self.told.emit(str(error) or type(error).__name__)
