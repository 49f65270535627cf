"""A large file is shown while it is read, and read no further than it is wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.audit import Inspection, Options, inspect_file
from inspector.audit.one import glance_at
from inspector.gui import session as session_module
from tests.gui.support import Desk, folder
from tests.support.videos import save_dataset


@pytest.fixture
def opened(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Desk:
    desk.session.open_paths([folder(tmp_path)])
    qtbot.waitUntil(desk.idle)
    return desk


def path(desk: Desk, name: str) -> str:
    table = desk.session.files.table
    return table.paths[table.names.index(name)]


class Slow:
    """A large data set whose reading waits to be let on, and what it is asked with."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go = threading.Event()
        self.wanted: list[Callable[[], bool]] = []
        self.path = str(save_dataset(folder / "large.npz"))
        monkeypatch.setattr("inspector.audit.one.LARGE", 0)
        monkeypatch.setattr(session_module, "inspect_file", self.inspect)

    def inspect(self, at: str, options: Options, wanted: Callable[[], bool]) -> Inspection:
        if at == self.path:
            self.wanted.append(wanted)
            assert self.go.wait(20)
        return inspect_file(at, options)


def test_a_large_file_is_looked_at_while_it_is_read(
    qtbot: QtBot, opened: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(tmp_path, monkeypatch)
    session = opened.session
    before = dict(opened.statuses())
    session.select(slow.path, "first")
    qtbot.waitUntil(lambda: session.view.dataset is not None)
    view = session.view
    assert view.inspection is not None and not view.inspection.complete
    assert (view.loading, view.findings, len(view.listed)) == (True, (), 12)
    session.select_sample(7)
    session.seek(3)
    assert opened.statuses() == before
    slow.go.set()
    qtbot.waitUntil(lambda: not session.view.loading)
    view = session.view
    assert view.inspection is not None and view.inspection.complete
    assert (view.path, view.sample, view.frame) == (slow.path, 7, 3)
    assert view.inspection.record == inspect_file(slow.path, Options()).record


def test_a_file_that_is_left_is_read_no_further(
    qtbot: QtBot, opened: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(tmp_path, monkeypatch)
    opened.session.select(slow.path)
    qtbot.waitUntil(lambda: bool(slow.wanted))
    assert slow.wanted[0]()
    opened.session.select(path(opened, "b.npz"))
    assert not slow.wanted[0]()
    slow.go.set()
    qtbot.waitUntil(lambda: opened.session.view.inspection is not None and not opened.session.view.loading)
    assert opened.session.view.path == path(opened, "b.npz")


def test_a_glance_that_comes_last_changes_nothing(
    qtbot: QtBot, opened: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(tmp_path, monkeypatch)
    slow.go.set()
    late, glanced = threading.Event(), threading.Event()

    def glance(at: str, options: Options) -> Inspection | None:
        assert late.wait(20)
        glanced.set()
        return glance_at(at, options)

    monkeypatch.setattr(session_module, "glance_at", glance)
    opened.session.select(slow.path)
    qtbot.waitUntil(lambda: opened.session.view.inspection is not None)
    whole = opened.session.view
    assert whole.inspection is not None and whole.inspection.complete
    late.set()
    qtbot.waitUntil(lambda: glanced.is_set() and opened.idle())
    assert opened.session.view.inspection is whole.inspection
    assert not opened.session.view.loading
