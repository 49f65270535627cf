"""The real program on a real (if unseen) screen, driven by mouse and keyboard."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.screen import HEIGHT, WIDTH, Window, alive, until
from tests.gui import support
from tests.support.videos import dataset_arrays, save_dataset

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Xvfb is for Linux"),
]

Start = Callable[..., Window]
NAME = "NPZ Inspector"
FIRST_ROW, ROW = 144, 24
"""Where the list begins in a window of the usual size, and how high its rows are."""


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "signs"
    folder.mkdir()
    return support.folder(folder)


def ready(window: Window, first: str = "a.npz") -> Window:
    window.wait_for(f"{first} – signs – {NAME}")
    window.still()
    return window


def ends_well(window: Window) -> None:
    children = window.offspring()
    window.key("ctrl+q")
    assert window.ended() == 0
    assert window.errors == ""
    until(lambda: not any(map(alive, children)), "its processes to end")


def test_from_list_to_finding_to_playing(start: Start, clips: Path) -> None:
    window = ready(start(clips))
    window.click(150, FIRST_ROW + ROW)
    window.wait_for("b.npz")
    window.key("Down")
    window.wait_for("c.npz")
    window.click(150, FIRST_ROW, times=2)
    window.wait_for("a.npz")
    window.key("n")
    window.wait_for("b.npz")
    window.still()
    window.pressed_until_changed("Right", "the next frame")
    window.still()
    window.key("bracketleft", "bracketleft", "l")  # slow and in a loop: it still plays when looked at
    window.still()
    window.changed_by(lambda: window.key("space"), "the play button")
    window.changed_by(lambda: None, "the next frames by themselves")
    window.key("space")
    window.still()
    window.changed_by(lambda: window.click(WIDTH // 2, HEIGHT - 220), "a seek in the timeline")
    ends_well(window)


def test_typing_in_the_search_field_filters_and_plays_nothing(start: Start, clips: Path) -> None:
    window = ready(start(clips))
    window.key("ctrl+f")
    window.type("d.n")
    window.still(top=FIRST_ROW - ROW)
    window.key("Return")  # into the list, whose only row is d
    window.wait_for("d.npz")
    ends_well(window)


def test_export_writes_the_reports(start: Start, clips: Path, tmp_path: Path) -> None:
    window = ready(start(clips))
    out = tmp_path / "reports"
    out.mkdir()
    window.key("ctrl+e")
    window.wait_for("Export reports")
    window.key("ctrl+a")
    window.type(str(out))
    window.key("Return")
    names = ["npz_audit_report.csv", "npz_audit_report.jsonl", "npz_audit_summary.md"]
    until(lambda: all((out / name).exists() for name in names), "the reports")
    assert (out / names[0]).read_text().count("\n") == 6
    window.wait_for(NAME)
    ends_well(window)


def test_window_and_choices_come_back(start: Start, clips: Path) -> None:
    window = ready(start(clips))
    window.changed_by(lambda: window.key("alt+v", "r"), "trails in the View menu")
    window.still()
    ends_well(window)
    ini = (window.home / "config" / "window.ini").read_text()
    assert "display\\trails=true" in ini
    assert str(clips) in ini
    again = ready(start(clips))
    ends_well(again)


def many(folder: Path, count: int = 4000) -> Path:
    """One clip under many names: enough to be audited for a while."""
    folder.mkdir()
    clip = support.clean(folder / "0000.npz", frames=300)
    for k in range(1, count):
        os.link(clip, folder / f"{k:04d}.npz")
    return folder


@pytest.mark.parametrize("way", ["quit", "interrupt"])
def test_closing_while_auditing_leaves_nothing_behind(start: Start, tmp_path: Path, way: str) -> None:
    window = start(many(tmp_path / "signs"))
    window.wait_for(NAME)
    until(lambda: len(window.offspring()) >= 2, "worker processes")
    children = window.offspring()
    if way == "quit":
        window.key("ctrl+q")
    else:
        window.interrupt()
    assert window.ended(10) == 0
    assert window.errors == ""
    until(lambda: not any(map(alive, children)), "its processes to end")


def test_a_broken_file_alone(start: Start, tmp_path: Path) -> None:
    window = start(support.broken(tmp_path / "odd <b>&.npz"))
    window.wait_for("odd <b>&.npz")
    window.still()
    ends_well(window)


def test_a_data_set_is_stepped_through_and_shows_its_differences(start: Start, tmp_path: Path) -> None:
    file = save_dataset(tmp_path / "moving.npz", dataset_arrays())
    window = start(file)
    window.wait_for("moving.npz")
    window.still()
    window.changed_by(lambda: window.key("alt+Down"), "the next sample")
    window.still()
    window.pressed_until_changed("Right", "the next frame")
    window.still()
    window.changed_by(lambda: window.key("d"), "differences in colour")
    window.still()
    window.changed_by(lambda: window.key("alt+Up"), "the sample before")
    window.still()
    ends_well(window)
    assert "display\\difference=true" in (window.home / "config" / "window.ini").read_text()
