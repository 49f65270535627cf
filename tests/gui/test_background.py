from __future__ import annotations

import gc
import os
import threading
import weakref
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
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
    worker = threading.Thread(target=lambda: hoard.extend([[k] for k in range(50_000)]))
    worker.start()
    worker.join()
    assert died == []
    qtbot.waitUntil(lambda: len(died) == 1)
    assert died == [threading.main_thread()]
    garbage.stop()
    assert gc.isenabled()


def _priority(path: str) -> int:
    audit_politely(path, Options())
    audit_politely(path, Options())
    return os.nice(0)


@pytest.mark.skipif(not hasattr(os, "nice"), reason="priorities are POSIX")
def test_workers_step_back_and_the_window_does_not(tmp_path: Path) -> None:
    path = str(support.clean(tmp_path / "a.npz"))
    before = os.nice(0)
    assert audit_politely(path, Options()).status.value == "pass"
    assert os.nice(0) == before
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert pool.submit(_priority, path).result() == min(before + 5, 19)
