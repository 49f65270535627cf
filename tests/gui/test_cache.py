"""A folder that has not changed is judged in the window without opening its files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.audit import Options, Record
from inspector.audit.many import audit_many
from tests.audit.cache_support import settle
from tests.gui import support
from tests.gui.support import Desk


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were read, in order."""
    names: list[str] = []

    def counting(paths: list[str], options: Options, **settings: object) -> Iterator[list[Record]]:
        for batch in audit_many(paths, options, workers=0):
            names.extend(Path(record.path).name for record in batch)
            yield batch

    monkeypatch.setattr("inspector.audit.audit_many", counting)
    return names


@pytest.fixture
def opened(qtbot: QtBot, desk: Desk, tmp_path: Path, read: list[str]) -> Desk:
    for path in support.folder(tmp_path).iterdir():
        settle(path)
    desk.session.open_paths([tmp_path])
    qtbot.waitUntil(desk.idle)
    assert len(read) == 5
    read.clear()
    return desk


def test_an_unchanged_folder_is_not_read_again(qtbot: QtBot, opened: Desk, read: list[str], tmp_path: Path) -> None:
    before = opened.statuses()
    opened.session.reaudit()
    qtbot.waitUntil(opened.idle)
    assert opened.statuses() == before and set(before.values()) == {"pass", "warn", "error"}
    opened.session.open_paths([tmp_path])
    qtbot.waitUntil(opened.idle)
    assert opened.statuses() == before
    assert read == []


def test_a_file_edited_outside_is(qtbot: QtBot, opened: Desk, read: list[str], tmp_path: Path) -> None:
    settle(support.gappy(tmp_path / "d.npz"))
    opened.session.reaudit()
    qtbot.waitUntil(opened.idle)
    assert read == ["d.npz"]
    assert opened.statuses()["d.npz"] == "warn"


def test_limits_that_moved_judge_without_reading(qtbot: QtBot, opened: Desk, read: list[str]) -> None:
    qtbot.waitUntil(lambda: opened.session.folder.profile is not None)
    opened.session.set_limit("timestamp_gap_factor", 1e6)
    opened.session.commit_limits()
    qtbot.waitUntil(lambda: opened.statuses()["b.npz"] == "pass")
    opened.session.reaudit()
    qtbot.waitUntil(opened.idle)
    assert opened.statuses()["b.npz"] == "pass"
    assert read == []
