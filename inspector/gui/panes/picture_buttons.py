"""Copying and saving what a pane shows, the same in every pane that has pictures; and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QToolButton, QWidget

from inspector.gui import icons
from inspector.gui.tasks import Tasks
from inspector.render.picture import write_png


def bar_button(parent: QWidget, text: str, tip: str, *, checkable: bool = False) -> QToolButton:
    """A flat button of the bar above a pane."""
    button = QToolButton(parent)
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setAccessibleDescription(tip)
    button.setAutoRaise(True)
    button.setCheckable(checkable)
    return button


class PictureButtons(QObject):
    """Two buttons: one puts a pane's picture on the clipboard, one writes it to a PNG file.

    Parameters
    ----------
    pane
        Whose picture it is; parent of buttons and dialogs.
    image
        Gives the picture as it is now.
    name
        Gives the file name to offer.
    tasks
        Writes off the UI thread and shows what goes wrong; without it pictures are written at once.

    Attributes
    ----------
    copy, save
        The buttons, for the pane to place.

    Signals
    -------
    saved(str)
        A picture was written to this path.
    """

    saved = Signal(str)

    def __init__(
        self, pane: QWidget, image: Callable[[], QImage], name: Callable[[], str], tasks: Tasks | None
    ) -> None:
        super().__init__(pane)
        self._pane, self._image, self._name, self._tasks = pane, image, name, tasks
        self.copy = bar_button(pane, "Copy image", "Put what is shown on the clipboard")
        self.save = bar_button(pane, "Save image…", "Write what is shown to a PNG file")
        self.copy.setIcon(icons.icon("copy"))
        self.save.setIcon(icons.icon("export"))
        self.copy.clicked.connect(self.copy_image)
        self.save.clicked.connect(self.ask_where_to_save)

    def enable(self, on: bool) -> None:
        """Switch both on or off."""
        self.copy.setEnabled(on)
        self.save.setEnabled(on)

    def copy_image(self) -> None:
        """Put what is shown on the clipboard."""
        QGuiApplication.clipboard().setImage(self._image())

    def ask_where_to_save(self) -> None:
        """Ask for a path, then save there."""
        dialog = QFileDialog(self._pane, "Save image", self._name(), "PNG picture (*.png)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(self.save_image)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_image(self, path: str) -> None:
        """Write what is shown as PNG.

        Raises
        ------
        ReportError
            Only without tasks; with them the message bar says what went wrong.
        """
        work = partial(_write, self._image(), path)
        if self._tasks is not None:
            self._tasks.run(work, self.saved.emit)
        else:
            self.saved.emit(work())


def _write(image: QImage, path: str) -> str:
    write_png(image, Path(path))
    return path
