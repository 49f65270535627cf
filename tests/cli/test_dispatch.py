"""What a first argument means, and what is imported for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from inspector import __version__, cli
from tests.cli.conftest import Run
from tests.conftest import ROOT


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], str | None]]:
    """Windows that would have opened: their paths and profile."""
    calls: list[tuple[list[str], str | None]] = []

    def window(paths: list[str], profile: str | None) -> int:
        calls.append((paths, profile))
        return 0

    monkeypatch.setattr(cli, "_window", window)
    return calls


@pytest.mark.parametrize(
    ("arguments", "paths", "profile"),
    [
        ([], [], None),
        (["a.npz"], ["a.npz"], None),
        (["a.npz", "sub"], ["a.npz", "sub"], None),
        (["--", "audit"], ["audit"], None),
        (["--", "-x.npz"], ["-x.npz"], None),
        (["--profile", "generic", "a.npz"], ["a.npz"], "generic"),
        (["a.npz", "--profile", "generic"], ["a.npz"], "generic"),
    ],
)
def test_paths_open_the_window(
    run: Run,
    opened: list[tuple[list[str], str | None]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    paths: list[str],
    profile: str | None,
) -> None:
    for name in ("a.npz", "audit", "-x.npz"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    assert run(*arguments).code == 0
    assert opened == [(paths, profile)]


def test_a_word_that_is_nothing(run: Run, opened: list[object]) -> None:
    done = run("aduit", "clips")
    assert done.code == 2 and not opened
    assert done.err == "npz-inspector: aduit: no such file, folder or command; did you mean npz-inspector audit?\n"
    assert "did you mean" not in run("/nowhere/x.npz").err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_no_screen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = run()
    assert done.code == 2
    assert done.err.startswith("npz-inspector: there is no screen to open a window on")


def test_version_and_help(run: Run) -> None:
    assert run("--version").out == f"npz-inspector, version {__version__}\n"
    whole = run("--help").out
    assert "npz-inspector [PATH]... | COMMAND" in whole and cli.OPEN not in whole
    for name, command in cli.cli.commands.items():
        if command.hidden:
            continue
        assert name in whole
        done = run(name, "--help")
        assert done.code == 0 and done.out.startswith(f"Usage: npz-inspector {name}")
        assert all(p.help for p in command.params if isinstance(p, click.Option))


@pytest.mark.parametrize(
    "arguments",
    [["audit"], ["audit", "x", "--workers", "-1"], ["audit", "x", "--fail-on", "low"], ["show"], ["--bogus"]],
)
def test_bad_usage_is_2_and_short(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.code == 2 and done.out == "" and "Traceback" not in done.err and len(done.err.splitlines()) <= 5


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--version"], {"numpy", "rich", "msgspec", "PySide6", "multiprocessing", "inspector.audit"}),
        (["audit", "--help"], {"numpy", "rich", "msgspec", "PySide6", "multiprocessing", "inspector.audit"}),
        (["audit", "--workers", "0", "gone"], {"rich", "PySide6", "inspector.gui"}),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(arguments: list[str], absent: set[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "inspector", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "click" in loaded and not loaded & absent
