"""Reports opened again in the window."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.audit import Options, Record, audit_file
from inspector.checks import Status
from inspector.gui.panes.findings import FindingsPane
from inspector.reports import write_reports
from tests.gui import support
from tests.gui.support import Desk


@pytest.fixture
def audits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths that were audited."""
    asked: list[str] = []

    def audit(paths: list[str], options: Options, **_: object) -> Iterator[list[Record]]:
        asked.extend(paths)
        yield [audit_file(path, options) for path in paths]

    monkeypatch.setattr("inspector.audit.audit_many", audit)
    return asked


def report_of(folder: Path) -> Path:
    """A report beside the five files, with their paths relative to it."""
    support.folder(folder)
    records = [audit_file(str(path), Options()) for path in sorted(folder.glob("*.npz"))]
    (path,) = write_reports(records, folder, ("jsonl",))
    path.write_text(path.read_text().replace(f"{folder}{os.sep}", ""))
    return path


def test_verdicts_are_there_without_an_audit_and_the_failing_file_is_shown(
    qtbot: QtBot, desk: Desk, tmp_path: Path, audits: list[str]
) -> None:
    report = report_of(tmp_path)
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    lines[2]["status"] = "fail"
    report.write_text("".join(json.dumps(line) + "\n" for line in lines))
    desk.session.open_paths([report])
    qtbot.waitUntil(desk.shows("c.npz"))
    qtbot.waitUntil(desk.idle)
    assert desk.statuses() == {"a.npz": "pass", "b.npz": "warn", "c.npz": "warn", "d.npz": "pass", "e.npz": "error"}
    assert (desk.session.view.finding, desk.session.view.frame) == (0, 25)
    assert audits == []
    assert desk.said == []


def test_a_missing_file_says_so_beside_what_the_report_found(
    qtbot: QtBot, desk: Desk, tmp_path: Path, audits: list[str]
) -> None:
    report = report_of(tmp_path)
    (tmp_path / "b.npz").unlink()
    (tmp_path / "e.npz").unlink()
    desk.session.open_paths([report])
    qtbot.waitUntil(desk.shows("e.npz"))
    desk.session.select(str(tmp_path / "b.npz"))
    qtbot.waitUntil(desk.shows("b.npz"))
    view = desk.session.view
    assert [finding.code for finding in view.findings]
    pane = FindingsPane()
    qtbot.addWidget(pane)
    pane.show_view(view)
    assert "b.npz" in pane.remark.text()
    assert pane.remark.text().startswith("The file is not there")
    assert pane.model.rowCount() == len(view.findings)
    assert desk.statuses()["b.npz"] == "warn"

    desk.session.reaudit()
    qtbot.waitUntil(lambda: len(audits) == 3)
    qtbot.waitUntil(desk.idle)
    assert {Path(path).name for path in audits} == {"a.npz", "c.npz", "d.npz"}
    assert desk.statuses()["b.npz"] == "warn"
    assert "2 of 5 files" in desk.said[-1].title


def test_files_are_read_by_the_profile_of_the_report(
    qtbot: QtBot, desk: Desk, tmp_path: Path, audits: list[str]
) -> None:
    path = support.clean(tmp_path / "a.npz")
    record = Record(str(path), Status.FAIL, profile="generic")
    (report,) = write_reports([record], tmp_path, ("jsonl",))
    desk.session.open_paths([report])
    qtbot.waitUntil(desk.shows("a.npz"))
    inspection = desk.session.view.inspection
    assert inspection is not None
    assert inspection.profile.name == "generic"


def test_paths_may_be_relative_to_the_current_folder(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, audits: list[str]
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    path = support.clean(here / "a.npz")
    (report,) = write_reports([Record("a.npz", Status.PASS)], there, ("jsonl",))
    monkeypatch.chdir(here)
    desk.session.open_paths([report, support.clean(there / "z.npz")])
    qtbot.waitUntil(desk.shows("a.npz"))
    qtbot.waitUntil(desk.idle)
    assert desk.session.view.path == str(path)
    assert audits == [str(there / "z.npz")]
    assert set(desk.statuses()) == {"a.npz", "z.npz"}


def test_a_broken_report_is_named_with_its_line(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    report = report_of(tmp_path)
    report.write_text(report.read_text() + "{no json\n")
    desk.session.open_paths([report])
    qtbot.waitUntil(desk.idle)
    assert desk.statuses() == {}
    assert [message.kind for message in desk.said] == ["error"]
    assert "line 6" in desk.said[0].title
