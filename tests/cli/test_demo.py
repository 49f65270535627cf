"""The demo command: sample data, reports, and a window where there is a screen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector import cli
from inspector.reports import read_records
from tests.cli.conftest import Run


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """What the window's module was asked for."""
    calls: list[tuple[str, list[str]]] = []

    class App:
        @staticmethod
        def run(paths: list[str], profile: str | None) -> int:
            calls.append(("run", paths))
            return 0

        @staticmethod
        def screenshot(paths: list[str], out: Path) -> None:
            calls.append(("screenshot", paths))
            out.write_bytes(b"PNG")

    monkeypatch.setattr(cli, "_app", lambda: App)
    return calls


def test_without_a_screen_reports_and_a_picture(run: Run, tmp_path: Path, app: list[tuple[str, list[str]]]) -> None:
    done = run("demo", tmp_path / "demo", "--clips", "3")
    assert done.code == 0
    clips = tmp_path / "demo" / "clips"
    assert app == [("screenshot", [str(clips)])]
    names = [str(path) for path in sorted(clips.glob("*.npz"))]
    assert [r.path for r in read_records(tmp_path / "demo" / "reports" / "npz_audit_report.jsonl")] == names
    assert sum(Path(name).name.startswith("clip_") for name in names) == 3
    assert not list((tmp_path / "demo" / "reports").rglob("*.mp4"))
    planted = json.loads((clips / "planted.json").read_text())
    assert planted and "planted defects" in done.err
    assert f"written: {tmp_path / 'demo' / 'screenshot.png'}" in done.out


def test_with_a_screen_the_window(
    run: Run, tmp_path: Path, app: list[tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.commands.console.has_screen", lambda: True)
    assert run("demo", tmp_path / "demo", "--clips", "1").code == 0
    assert app == [("run", [str(tmp_path / "demo" / "clips")])]
    assert (tmp_path / "demo" / "reports" / "npz_audit_summary.md").exists()


def test_a_folder_of_something_else_is_left_alone(run: Run, tmp_path: Path, app: list[object]) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "mine.npz").write_bytes(b"mine")
    done = run("demo", tmp_path)
    assert done.code == 2 and "choose another folder" in done.err and not app
    assert [p.name for p in (tmp_path / "clips").iterdir()] == ["mine.npz"]
