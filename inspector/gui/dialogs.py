"""The windows that ask or tell: what to open, where to go, which keys there are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from inspector.gui.session import Session


class Dialogs(QObject):
    """Opens each one and brings its answer to the session; none holds up the window."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window

    def ask_files(self) -> None:
        """Ask for files to open."""
        dialog = QFileDialog(
            self._window, "Open files", self._near(), "NumPy archives and reports (*.npz *.jsonl);;All files (*)"
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._session.open_paths)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_folder(self) -> None:
        """Ask for a folder to open."""
        dialog = QFileDialog(self._window, "Open a folder", self._near())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._open)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_labels(self) -> None:
        """Ask for the table of the files' labels."""
        dialog = QFileDialog(self._window, "Labels of the files", self._inside(), "Tables (*.csv *.tsv);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._session.load_labels)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_splits(self) -> None:
        """Ask for lists of the files of each split."""
        kinds = "Lists of files (*.txt *.lst *.csv);;All files (*)"
        dialog = QFileDialog(
            self._window, "One list for each split, called as it: train.txt, test.txt", self._inside(), kinds
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._session.load_splits)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_frame(self) -> None:
        """Ask for a frame to go to."""
        view = self._session.view
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle("Go to frame")
        dialog.setLabelText(f"Frame, 0 to {view.frames - 1}:")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(0, max(0, view.frames - 1))
        dialog.setIntValue(view.frame)
        dialog.intValueSelected.connect(self._session.seek)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def show_help(self) -> None:
        """All shortcuts."""
        from inspector.gui.help_dialog import HelpDialog

        HelpDialog(self._window).show()

    def show_about(self) -> None:
        """What this is."""
        from inspector.gui.help_dialog import about_text

        ok = QMessageBox.StandardButton.Ok
        box = QMessageBox(QMessageBox.Icon.NoIcon, "About NPZ Inspector", about_text(), ok, self._window)
        box.setIconPixmap(self._window.windowIcon().pixmap(64, 64))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    @Slot(str)
    def _open(self, folder: str) -> None:
        self._session.open_paths([folder])

    def _inside(self) -> str:
        """In the folder that is open."""
        roots = self._session.roots
        return (roots[0] if Path(roots[0]).is_dir() else self._near()) if roots else ""

    def _near(self) -> str:
        """Beside what is open."""
        roots = self._session.roots
        return str(Path(roots[0]).parent) if roots else ""
