from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QFileSystemWatcher
from pytestqt.qtbot import QtBot

from inspector.audit import Inspection, Options, Record, inspect_file
from inspector.gui import session as session_module
from inspector.gui.session_watch import DiskWatch
from inspector.gui.view import Display, ViewState
from inspector.profiles import load_profile
from tests.gui import support
from tests.gui.support import Desk, folder


@pytest.fixture
def opened(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Desk:
    desk.session.open_paths([folder(tmp_path)])
    qtbot.waitUntil(desk.idle)
    return desk


def path(desk: Desk, name: str) -> str:
    table = desk.session.files.table
    return table.paths[table.names.index(name)]


# --- opening and auditing ------------------------------------------------------------------------------------


def test_a_folder_is_listed_judged_and_its_first_file_shown(opened: Desk) -> None:
    assert opened.statuses() == {"a.npz": "pass", "b.npz": "warn", "c.npz": "warn", "d.npz": "pass", "e.npz": "error"}
    assert opened.session.view.path == path(opened, "a.npz")
    assert opened.session.view.frames == 40
    assert opened.session.audit.progress.done == opened.session.audit.progress.total == 5
    assert opened.said == []


def test_what_does_not_exist_is_said_once(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    desk.session.open_paths([tmp_path / "nowhere", support.clean(tmp_path / "a.npz")])
    qtbot.waitUntil(desk.idle)
    assert desk.statuses() == {"a.npz": "pass"}
    assert [m.kind for m in desk.said] == ["error"]
    assert "nowhere" in desk.said[0].title


def test_opening_again_forgets_the_last_folder(qtbot: QtBot, opened: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    opened.session.open_paths([support.clean(other / "z.npz")])
    assert opened.session.view == replace(ViewState(), display=opened.session.view.display)
    qtbot.waitUntil(opened.idle)
    assert opened.statuses() == {"z.npz": "pass"}
    assert opened.session.view.path == str(other / "z.npz")
    opened.session.close()
    shown: str | None = opened.session.view.path
    assert shown is None
    assert opened.session.files.rowCount() == 0


class SlowAudit:
    """Stands for `audit_many`: one record, then it waits to be let on or cancelled."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.rounds: list[int] = []

    def __call__(self, paths: list[str], options: Options, **kwargs: Any) -> Iterator[list[Record]]:
        self.rounds.append(len(paths))
        cancel = kwargs["cancel"]
        for k, one in enumerate(paths):
            while k and not self.go.wait(0.005):
                if cancel.is_set():
                    return
            yield [support.record(one)]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowAudit]:
    audit = SlowAudit()
    monkeypatch.setattr("inspector.audit.audit_many", audit)
    yield audit
    audit.go.set()


def test_cancel_keeps_what_is_done_and_says_so(qtbot: QtBot, desk: Desk, tmp_path: Path, slow: SlowAudit) -> None:
    session = desk.session
    session.open_paths([folder(tmp_path)])
    qtbot.waitUntil(lambda: bool(slow.rounds) and session.audit.progress.done >= 1)
    qtbot.waitUntil(lambda: not session.audit.progress.scanning)
    session.cancel()
    qtbot.waitUntil(desk.idle)
    assert session.audit.progress.stopped
    pending = [name for name, status in desk.statuses().items() if not status]
    assert 0 < len(pending) < 5
    slow.go.set()
    session.reaudit()
    qtbot.waitUntil(desk.idle)
    assert slow.rounds == [5, 5]
    assert "" not in desk.statuses().values()
    assert not session.audit.progress.stopped


def test_rows_found_while_others_are_audited_get_their_turn(
    qtbot: QtBot, desk: Desk, tmp_path: Path, slow: SlowAudit, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = threading.Event()

    def scan(paths: object, **kwargs: object) -> Iterator[list[str]]:
        yield [f"/none/{k}.npz" for k in range(3)]
        assert more.wait(5)
        yield [f"/none/{k}.npz" for k in range(3, 5)]

    monkeypatch.setattr("inspector.gui.folder_audit.scan", scan)
    slow.go.set()
    desk.session.open_paths([tmp_path])
    qtbot.waitUntil(lambda: desk.session.audit.progress.done == 3)  # the scan goes on for longer than it is waited for
    more.set()
    qtbot.waitUntil(desk.idle)
    assert slow.rounds == [3, 2]
    assert "" not in desk.statuses().values()


def test_a_failing_audit_is_shown_and_ends(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> Iterator[list[Record]]:
        raise OSError("no processes left")

    monkeypatch.setattr("inspector.audit.audit_many", fail)
    desk.session.open_paths([folder(tmp_path)])
    qtbot.waitUntil(desk.idle)
    assert [m.title for m in desk.said] == ["The audit stopped: no processes left"]
    assert desk.session.audit.progress.stopped


def test_reaudit_sees_a_changed_file(qtbot: QtBot, opened: Desk, tmp_path: Path) -> None:
    support.gappy(tmp_path / "a.npz", frames=30)
    opened.session.seek(35)
    opened.session.reaudit([path(opened, "a.npz")])
    qtbot.waitUntil(opened.idle)
    assert opened.statuses()["a.npz"] == "warn"
    assert opened.session.view.frames == 30
    assert opened.session.view.frame == 29
    assert opened.session.view.findings


def test_profile_and_targets_judge_anew(qtbot: QtBot, opened: Desk) -> None:
    session = opened.session
    session.set_targets(("iv3",))
    qtbot.waitUntil(opened.idle)
    assert opened.statuses()["a.npz"] == "fail"
    session.set_profile(load_profile("generic"))
    qtbot.waitUntil(opened.idle)
    assert session.options == Options(profile=load_profile("generic"))
    assert opened.statuses()["a.npz"] != "fail"
    assert session.view.inspection is not None
    assert session.view.inspection.profile.name == "generic"


# --- selecting -----------------------------------------------------------------------------------------------


def test_latest_selection_wins(qtbot: QtBot, opened: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    held = path(opened, "b.npz")

    def read(at: str, options: Options, wanted: object = None) -> Inspection:
        if at == held:
            assert gate.wait(5)
        return inspect_file(at, options)

    monkeypatch.setattr(session_module, "inspect_file", read)
    seen: list[str] = []

    def note(view: ViewState) -> None:
        if view.inspection is not None:
            seen.append(Path(view.inspection.path).name)

    opened.session.view_changed.connect(note)
    opened.session.select(held)
    opened.session.select(path(opened, "c.npz"))
    qtbot.waitUntil(opened.shows("c.npz"))
    gate.set()
    qtbot.waitUntil(opened.idle)
    assert "b.npz" not in seen


def test_selecting_starts_at_the_beginning_and_stops_playing(qtbot: QtBot, opened: Desk) -> None:
    session = opened.session
    session.seek(12)
    session.set_span((3, 9))
    session.set_playing(True)
    session.select(path(opened, "d.npz"))
    assert not session.view.playback.playing
    qtbot.waitUntil(opened.shows("d.npz"))
    assert (session.view.frame, session.view.playback.span) == (0, None)


def test_an_inspection_fills_in_a_pending_row(qtbot: QtBot, desk: Desk, tmp_path: Path, slow: SlowAudit) -> None:
    session = desk.session
    session.open_paths([folder(tmp_path)])
    qtbot.waitUntil(lambda: session.files.rowCount() == 5)
    session.inspect(path(desk, "e.npz"))
    qtbot.waitUntil(lambda: desk.statuses()["e.npz"] == "error")
    assert desk.statuses()["d.npz"] == ""


def test_an_unreadable_file_is_shown_with_its_reason(qtbot: QtBot, opened: Desk) -> None:
    opened.session.select(path(opened, "e.npz"))
    qtbot.waitUntil(opened.shows("e.npz"))
    view = opened.session.view
    assert view.inspection is not None
    assert view.inspection.record.error
    assert view.frames == 0
    opened.session.step(1)
    opened.session.set_playing(True)
    assert (opened.session.view.frame, opened.session.view.playback.playing) == (0, False)


def test_a_defect_in_the_reader_is_said(qtbot: QtBot, opened: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(at: str, options: Options, wanted: object = None) -> Inspection:
        raise RuntimeError("defect")

    monkeypatch.setattr(session_module, "inspect_file", fail)
    opened.session.select(path(opened, "d.npz"))
    qtbot.waitUntil(lambda: bool(opened.said))
    assert opened.said[0].title == "d.npz could not be shown: defect"
    assert not opened.session.view.loading


def test_a_file_that_changes_on_disk_is_announced(qtbot: QtBot, opened: Desk, tmp_path: Path) -> None:
    support.gappy(tmp_path / "a.npz")
    qtbot.waitUntil(lambda: bool(opened.said))
    assert opened.said[0].kind == "info"
    assert "a.npz changed" in opened.said[0].title


def test_a_file_that_goes_away_is_announced(qtbot: QtBot, opened: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.npz").unlink()
    qtbot.waitUntil(lambda: bool(opened.said))
    assert "a.npz was removed" in opened.said[0].title
    assert opened.session.view.frames == 40


def test_a_change_that_is_told_late_is_not_announced(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    before, now = (str(support.clean(tmp_path / name)) for name in ("before.npz", "now.npz"))
    disk = DiskWatch(desk.bus)
    disk.watch(before)
    disk.watch(now)
    watcher = disk.findChild(QFileSystemWatcher)
    assert watcher is not None and watcher.files() == [now]
    for path in (before, now):
        watcher.fileChanged.emit(path)
    assert [(message.title.split()[0], message.about) for message in desk.said] == [("now.npz", now)]


def test_a_folder_without_archives_says_so(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    desk.session.open_paths([tmp_path])
    qtbot.waitUntil(desk.idle)
    assert [message.title for message in desk.said] == [f"No .npz files in {tmp_path}."]


def test_next_file_follows_the_list(qtbot: QtBot, opened: Desk) -> None:
    session = opened.session
    session.next_file(1)
    assert session.view.path == path(opened, "b.npz")
    session.next_file(-1)
    session.next_file(-1)
    assert session.view.path == path(opened, "a.npz")


# --- time and findings ---------------------------------------------------------------------------------------


def test_stepping_pauses_and_stays_inside(opened: Desk) -> None:
    session = opened.session
    session.set_playing(True)
    session.step(10)
    assert (session.view.frame, session.view.playback.playing) == (10, False)
    session.step_seconds(1.0)
    assert session.view.frame == 39  # 30 frames a second, 40 frames
    session.step(5)
    assert session.view.frame == 39
    session.step_seconds(-1.0)
    assert session.view.frame == 9
    session.go_to_end()
    assert session.view.frame == 39
    session.go_to_start()
    assert session.view.frame == 0


def test_playing_goes_on_from_a_seek_and_only_the_clock_moves_it(opened: Desk) -> None:
    session = opened.session
    session.played(5)
    assert session.view.frame == 0  # a late tick of a paused clock
    session.set_playing(True)
    session.played(5)
    session.seek(20)
    assert (session.view.frame, session.view.playback.playing) == (20, True)


def test_scrubbing_pauses_and_resumes_only_what_played(opened: Desk) -> None:
    session = opened.session
    session.scrub_started()
    session.scrub_ended()
    assert not session.view.playback.playing
    session.set_playing(True)
    session.scrub_started()
    assert not session.view.playback.playing
    session.seek(7)
    session.scrub_ended()
    assert session.view.playback.playing


def test_speed_steps_through_what_is_on_offer(opened: Desk) -> None:
    session = opened.session
    seen = []
    for direction in (1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1):
        session.change_speed(direction)
        seen.append(session.view.playback.speed)
    assert seen == sorted(seen[:4]) + sorted(seen[4:], reverse=True)
    assert seen[0] > 1 > seen[-1]
    session.set_speed(1.0)
    assert session.view.playback.speed == 1.0


def test_ends_are_those_of_the_span_first(opened: Desk) -> None:
    session = opened.session
    session.set_span((30, 10))
    assert session.view.playback.span == (10, 30)
    session.seek(20)
    session.go_to_end()
    assert session.view.frame == 30
    session.go_to_end()
    assert session.view.frame == 39


def walk(qtbot: QtBot, desk: Desk, direction: int, until: Callable[[], bool]) -> tuple[str, int | None, int]:
    desk.session.next_finding(direction)
    qtbot.waitUntil(until)
    view = desk.session.view
    return Path(view.path or "").name, view.finding, view.frame


def test_findings_are_walked_over_files(qtbot: QtBot, opened: Desk) -> None:
    settled = opened.idle
    assert walk(qtbot, opened, 1, settled) == ("b.npz", 0, 20)
    assert walk(qtbot, opened, 1, settled) == ("c.npz", 0, 25)
    assert walk(qtbot, opened, 1, settled)[:2] == ("e.npz", 0)
    assert walk(qtbot, opened, 1, settled)[:2] == ("e.npz", 0)
    assert "No findings after" in opened.said[-1].title
    assert walk(qtbot, opened, -1, settled) == ("c.npz", 0, 25)
    opened.session.seek(3)
    assert walk(qtbot, opened, -1, settled) == ("b.npz", 0, 20)
    assert walk(qtbot, opened, -1, settled)[:2] == ("b.npz", 0)


def test_walking_respects_order_and_filter(qtbot: QtBot, opened: Desk) -> None:
    files = opened.session.files
    files.set_filter(replace(files.table.filter, text="c"))
    assert walk(qtbot, opened, 1, opened.idle) == ("c.npz", 0, 25)


def test_going_to_a_finding_pauses_at_its_first_frame(qtbot: QtBot, opened: Desk) -> None:
    session = opened.session
    session.select(path(opened, "b.npz"))
    qtbot.waitUntil(opened.shows("b.npz"))
    session.set_playing(True)
    session.go_to_finding(0)
    assert (session.view.finding, session.view.frame, session.view.playback.playing) == (0, 20, False)
    session.go_to_finding(7)
    assert session.view.finding == 0


def test_display_survives_files(qtbot: QtBot, opened: Desk) -> None:
    opened.session.set_display(Display(trails=True))
    opened.session.select(path(opened, "b.npz"))
    qtbot.waitUntil(opened.shows("b.npz"))
    assert opened.session.view.display == Display(trails=True)


def test_views_are_only_sent_when_they_differ(opened: Desk) -> None:
    sent: list[ViewState] = []
    opened.session.view_changed.connect(sent.append)
    opened.session.seek(4)
    opened.session.seek(4)
    opened.session.set_loop(False)
    assert [view.frame for view in sent] == [4]
