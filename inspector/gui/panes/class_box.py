"""The box that picks a class of the files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget


class ClassBox(QComboBox):
    """Classes that files were joined with, with how many files each; hidden where there are none.

    Signals
    -------
    class_picked(str | None)
        The user wants only this class, or all.
    """

    class_picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("List only files of one class")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._shown: tuple[tuple[str, ...], tuple[int, ...], int] = ((), (), 0)
        self.activated.connect(self._pick)
        self.hide()

    def show_classes(self, classes: Sequence[str], class_of: npt.NDArray[np.int32], picked: str | None) -> None:
        """Say which classes there are, and which is picked.

        Parameters
        ----------
        class_of
            int32 (n,): index into `classes`, -1 for files without.
        """
        if self.view().isVisible():
            return
        counts = np.bincount(class_of + 1, minlength=len(classes) + 1).tolist() if classes else [0]
        shown = tuple(classes), tuple(counts[1:]), counts[0]
        if shown != self._shown:
            self._shown = shown
            self.clear()
            self.addItem("All classes", None)
            for name, count in zip(classes, counts[1:], strict=True):
                self.addItem(f"{name} ({count:,})", name)
            self.setVisible(bool(classes))
        self.setCurrentIndex(max(0, -1 if picked is None else self.findData(picked)))

    @Slot(int)
    def _pick(self, _index: int) -> None:
        self.class_picked.emit(self.currentData())
