from __future__ import annotations

import gc
import os
import threading
import weakref
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from inspector.audit import Options
from inspector.gui.garbage import UiGarbage
from inspector.gui.polite import audit_politely
from tests.gui import support


class Ring(QObject):
    """Garbage that only the cycle collector finds."""

    def __init__(self, died: list[threading.Thread]) -> None:
        super().__init__()
        self.itself = self
        weakref.finalize(self, lambda: died.append(threading.current_thread()))


def test_qt_objects_die_on_the_ui_thread_even_when_another_allocates(qtbot: QtBot) -> None:
    gc.enable()
    died: list[threading.Thread] = []
    garbage = UiGarbage()
    Ring(died)
    hoard: list[list[int]] = []
    worker = threading.Thread(target=lambda: hoard.extend([[k] for k in range(10_000)]))
    worker.start()
    worker.join()
    assert died == []
    qtbot.waitUntil(lambda: len(died) == 1)
    assert died == [threading.main_thread()]
    garbage.stop()
    assert gc.isenabled()


def test_what_was_set_aside_is_looked_through_once_nobody_works_in_the_window(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gc.enable()
    died: list[threading.Thread] = []
    garbage = UiGarbage()
    Ring(died)
    garbage.set_aside()
    gc.collect()
    assert died == []
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert died == []
    with monkeypatch.context() as patched:
        patched.setattr(gc, "get_freeze_count", lambda: 10**8)
        app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert died == []
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert died == [threading.main_thread()]
    garbage.stop()


def test_a_burst_of_objects_is_set_aside_and_a_few_are_not_looked_at(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    aside: list[bool] = []
    garbage = UiGarbage()
    counts = iter([0, 2_000, 2_000, 2_000, 1_000_000])

    def collect(generation: int = 2) -> int:
        looks.append(generation)
        return 0

    monkeypatch.setattr(gc, "get_count", lambda: (next(counts), 0, 0))
    monkeypatch.setattr(gc, "collect", collect)
    monkeypatch.setattr(garbage, "set_aside", lambda: aside.append(True))
    garbage.look()
    assert (looks, aside) == ([], [])
    for _ in range(3):
        garbage.look()
    assert (looks, aside) == ([1, 1, 2], [])
    garbage.look()
    assert (looks, aside) == ([1, 1, 2], [True])
    monkeypatch.undo()
    garbage.stop()


def _priority(path: str) -> int:
    audit_politely([path], Options())
    audit_politely([path], Options())
    return os.nice(0)


@pytest.mark.skipif(not hasattr(os, "nice"), reason="priorities are POSIX")
def test_workers_step_back_and_the_window_does_not(tmp_path: Path) -> None:
    path = str(support.clean(tmp_path / "a.npz"))
    before = os.nice(0)
    assert audit_politely([path], Options())[0].status.value == "pass"
    assert os.nice(0) == before
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert pool.submit(_priority, path).result() == min(before + 10, 19)
