"""Thousands of selected rows over a new order of the list: Qt would hold each of them by itself, for seconds."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QTableView

from inspector.gui.models.file_list import FileListModel
from inspector.gui.models.rejudge import Bools

MANY = 500
"""Selected rows that Qt can look after."""

RUNS = 1000
"""Stretches of selected rows, one below the other; with more of them painting would take long."""


def take_selection(view: QTableView, files: FileListModel) -> Bools | None:
    """Take many selected rows out of Qt's hands before rows move; None where they are few, or all.

    Returns
    -------
    ndarray or None
        bool (n,): rows of the table.
    """
    selection = view.selectionModel().selection()
    stretches = [selection.at(k) for k in range(selection.count())]
    count = sum(one.height() for one in stretches)
    if not MANY < count < files.rowCount():
        return None
    view.selectionModel().select(QItemSelection(), QItemSelectionModel.SelectionFlag.Clear)
    rows = np.zeros(len(files.table), np.bool_)
    for one in stretches:
        rows[files.rows_between(one.top(), one.bottom())] = True
    return rows


def give_selection(view: QTableView, files: FileListModel, rows: Bools | None) -> None:
    """Select rows that `take_selection` took, where they are listed now; none where they are scattered too far."""
    if rows is None:
        return
    listed = files.rows_between(0, files.rowCount() - 1)
    selected = np.zeros(len(listed) + 2, np.bool_)
    selected[1:-1] = np.concatenate([rows, np.zeros(max(0, len(files.table) - len(rows)), np.bool_)])[listed]
    edges = np.flatnonzero(selected[1:] != selected[:-1])
    if len(edges) > 2 * RUNS:
        return
    found = QItemSelection()
    for top, after in edges.reshape(-1, 2).tolist():
        found.select(files.index(top, 0), files.index(after - 1, files.findings_column))
    view.selectionModel().select(found, QItemSelectionModel.SelectionFlag.Select)
