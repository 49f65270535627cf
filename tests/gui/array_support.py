"""An Arrays pane with files to show in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from inspector.archive import open_npz
from inspector.audit import Inspection, inspect_file
from inspector.gui.messages import MessageBus
from inspector.gui.panes.arrays import ArraysPane
from inspector.gui.tasks import Failed, Tasks
from inspector.gui.view import ViewState
from tests.support.clips import clip_arrays, save_clip

T = TypeVar("T")


class Later(Tasks):
    """Answers when told to, in any order, so that stale ones can be made."""

    def __init__(self, bus: MessageBus) -> None:
        super().__init__(bus)
        self.waiting: list[tuple[str, Callable[[], None]]] = []
        self.dropped: list[str] = []

    def latest(
        self, channel: str, work: Callable[[], T], done: Callable[[T], None], failed: Failed | None = None
    ) -> None:
        def answer() -> None:
            done(work())

        self.waiting = [*((c, a) for c, a in self.waiting if c != channel), (channel, answer)]

    def drop(self, channel: str) -> None:
        self.dropped.append(channel)
        self.waiting = [(c, a) for c, a in self.waiting if c != channel]

    def answer(self, channel: str) -> None:
        """Call what waits on a channel."""
        for name, call in list(self.waiting):
            if name == f"arrays.{channel}":
                self.waiting.remove((name, call))
                call()


def make(qtbot: QtBot, tasks: Tasks) -> ArraysPane:
    pane = ArraysPane(tasks)
    qtbot.addWidget(pane)
    pane.resize(900, 640)
    return pane


def clip(folder: Path, **more: Any) -> Inspection:
    path = save_clip(folder / "clip.npz", clip_arrays() | more)
    return inspect_file(str(path))


def file_of(folder: Path, **content: Any) -> Inspection:
    path = folder / "other.npz"
    np.savez(path, **content)
    return inspect_file(str(path))


def show(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, inspection: Inspection, name: str = "", frame: int = 0) -> None:
    """Show a file, and one of its arrays, until all is read."""
    pane.show()
    pane.show_view(ViewState(inspection.path, inspection=inspection, frame=frame))
    if name:
        choose(pane, name)
    qtbot.waitUntil(lambda: not tasks.busy and not pane.side.waits)


def choose(pane: ArraysPane, name: str) -> None:
    members = pane.list.members.members
    pane.list.selectRow([m.name for m in members].index(name))


def cell(pane: ArraysPane, row: int, column: int, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> Any:
    return pane.values.model.index(row, column).data(role)


def figure(pane: ArraysPane, row: int) -> str:
    item = pane.side.table.item(row, 1)
    assert item is not None
    return item.text()


def inspect_all(inspection: Inspection) -> Inspection:
    with open_npz(inspection.path) as npz:
        return replace(inspection, members=npz.members)
