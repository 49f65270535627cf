"""What the list of files can be sorted by beside its columns: sizes, and every figure that any file has."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu, QTableView

from inspector.gui.models.file_list import FileListModel
from inspector.gui.models.file_table import SIZE
from inspector.gui.models.folder_figures import figure_of


class SortMenu(QMenu):
    """Filled when it is opened; the largest comes first, and once more turns that around."""

    def __init__(self, files: FileListModel, view: QTableView) -> None:
        super().__init__("Sort by", view)
        self._files = files
        self._view = view
        self.aboutToShow.connect(self._fill)

    @Slot()
    def _fill(self) -> None:
        self.clear()
        table = self._files.table
        held = [name for name, column in table.columns.items() if np.isfinite(column).any()]
        for name, title in [(SIZE, "Size"), *sorted(((name, figure_of(name).title) for name in held), key=_by_title)]:
            action = self.addAction(title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(table.sort[0] == name)
            action.triggered.connect(partial(self._sort, name))

    def _sort(self, name: str, *_: bool) -> None:
        key, descending = self._files.table.sort
        self._view.horizontalHeader().setSortIndicator(-1, self._view.horizontalHeader().sortIndicatorOrder())
        self._files.sort_by(name, not descending if key == name else True)


def _by_title(entry: tuple[str, str]) -> str:
    return entry[1].casefold()
