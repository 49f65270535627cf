"""The menu that lists only files with one kind of finding."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from inspector.gui.models.families import by_family, title_of
from inspector.gui.models.file_list import FileListModel


class CodeMenu(QMenu):
    """Kinds of findings that the open files have, by family, with how many files each; filled when it is opened.

    Signals
    -------
    code_picked(str)
        List only files with a finding of this code; empty for all files.
    """

    code_picked = Signal(str)

    def __init__(self, files: FileListModel, parent: QWidget | None = None) -> None:
        super().__init__("Findings", parent)
        self._files = files
        self._one = QActionGroup(self)
        self.aboutToShow.connect(self._fill)

    @Slot()
    def _fill(self) -> None:
        table = self._files.table
        counts, picked = table.code_counts, table.filter.code
        self.clear()  # and with the entries what the group held
        self._add("All files", len(table), "")
        for family, codes in by_family(counts.keys() | ({picked} if picked else set())).items():
            self.addSection(family.capitalize())
            for code in codes:
                title = title_of(code)
                self._add(title if title == code else f"{title}  ·  {code}", counts[code], code)
        if not counts:
            self.addSeparator()
            self.addAction(QAction("No findings", self, enabled=False))

    def _add(self, title: str, files: int, code: str) -> None:
        action = self.addAction(f"{title.replace('&', '&&')}\t{files:,}")
        action.setObjectName(code)
        action.setCheckable(True)
        self._one.addAction(action)
        action.setChecked(code == self._files.table.filter.code)
        action.triggered.connect(partial(self._pick, code))

    def _pick(self, code: str, *_: bool) -> None:
        self.code_picked.emit(code)
