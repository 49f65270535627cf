"""A Video pane with small data sets to show in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from inspector.gui.panes.video import VideoPane
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState
from tests.support.videos import Arrays, dataset_arrays, dataset_inspection, dataset_view, save_dataset

BLUE, WHITE = QColor("#0000FF"), QColor("#FFFFFF")
SAMPLES, FRAMES, SIDE = 6, 8, 16


def make(qtbot: QtBot, tasks: Tasks) -> VideoPane:
    pane = VideoPane(tasks=tasks)
    qtbot.addWidget(pane)
    pane.resize(700, 500)
    pane.show()
    return pane


def arrays_of(**more: Any) -> Arrays:
    return dataset_arrays(SAMPLES, FRAMES, SIDE, static=(2,), copies=((2, 4),)) | more


def view_in(folder: Path, arrays: Arrays | None = None, name: str = "set.npz", **changes: Any) -> ViewState:
    arrays = arrays_of() if arrays is None else arrays
    inspected = {key: changes.pop(key) for key in ("findings", "axes", "names") if key in changes}
    path = save_dataset(folder / name, arrays)
    return dataset_view(dataset_inspection(path, arrays, **inspected), **changes)


def show(pane: VideoPane, qtbot: QtBot, tasks: Tasks, view: ViewState) -> ViewState:
    """Show a view until all is read."""
    pane.show_view(view)
    qtbot.waitUntil(lambda: not tasks.busy)
    return view


def dot(arrays: Arrays, sample: int, frame: int) -> tuple[int, int]:
    """The middle of the dot, (x, y) in pixels."""
    rows, columns = np.nonzero(arrays["videos"][sample, frame, 0] == 0)
    return int(columns.mean()), int(rows.mean())


def place(pane: VideoPane, x: float, y: float) -> QPoint:
    return pane.canvas.transform.map(QPointF(x + 0.5, y + 0.5)).toPoint()


def colour(pane: VideoPane, x: float, y: float) -> QColor:
    return pane.canvas.grab().toImage().pixelColor(place(pane, x, y))


def cell(pane: VideoPane, frame: int) -> QPoint:
    found = pane.strip.place_of(frame)
    assert found is not None
    return found.center().toPoint()
