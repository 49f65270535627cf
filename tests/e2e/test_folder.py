"""A whole folder on a real screen: a limit is dragged, and copies are compared."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from inspector.demo import make_demo
from inspector.reports import read_records
from tests.e2e.screen import Window, until
from tests.e2e.test_window import FIRST_ROW, NAME, ROW, ends_well

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Xvfb is for Linux"),
]

Start = Callable[..., Window]
DATA_SET = 667, 63
"""The tab."""
SPIKES = range(484, 642), 909
"""Where the plot of speed spikes stands in a window of the usual size: from top to bottom, and its left edge."""
LEFT, MIDDLE, RIGHT = 340, 771, 1203
"""Where the clip, or two of them, are shown."""
POSE = QColor("#D55E00")


@pytest.fixture
def window(start: Start, tmp_path: Path) -> Window:
    make_demo(tmp_path / "signs", clips=12, videos=False)
    window = start(tmp_path / "signs")
    window.wait_for(f"clip_01_play.npz – signs – {NAME}")
    window.still()
    return window


def seen(window: Window) -> QImage:
    image = QImage.fromData(window.screen.picture(window.home / "seen.png"))
    assert not image.isNull()
    return image


def handle(window: Window) -> tuple[int, int]:
    """The middle of the handle in the plot of speed spikes: the only thing in colour at its left edge."""
    image, (rows, left) = seen(window), SPIKES
    coloured = [y for y in rows if image.pixelColor(left + 6, y).hsvSaturation() > 120]
    assert 10 <= len(coloured) <= 20, "the plot of speed spikes is not where it was"
    return left + 20, coloured[len(coloured) // 2]


def statuses(window: Window, out: Path) -> dict[str, str]:
    """Verdicts by name, as exported."""
    out.mkdir()
    window.key("ctrl+e")
    window.wait_for("Export reports")
    window.key("ctrl+a")
    window.type(str(out))
    window.key("Return")
    report = out / "npz_audit_report.jsonl"
    until(report.exists, "the report")
    window.wait_for(NAME)
    window.still()
    return {Path(record.path).stem: record.status.value for record in read_records(report)}


def test_a_limit_that_is_dragged_turns_verdicts(window: Window, tmp_path: Path) -> None:
    before = statuses(window, tmp_path / "before")
    window.click(*DATA_SET)
    window.still()
    x, y = handle(window)
    window.press(x, y)
    top = SPIKES[0].start + 4
    window.changed_by(lambda: window.pull(x, y - 40), "the limit on its way")
    window.pull(x, top)
    window.still()
    window.release()
    window.still()
    after = statuses(window, tmp_path / "after")
    assert {name: (before[name], after[name]) for name in before if before[name] != after[name]} == {
        "clip_03_drink": ("warn", "pass")
    }
    ends_well(window)


def test_a_copy_is_shown_beside_its_original(window: Window) -> None:
    window.click(150, FIRST_ROW + 12 * ROW)
    window.wait_for("clip_13_wave.npz")
    window.still()
    alone = drawn(window)
    window.changed_by(lambda: window.key("ctrl+d"), "the copy")
    window.still()
    left, right = drawn(window)
    assert abs(left - right) < 0.1 * left  # the same clip, twice
    window.changed_by(lambda: window.key("Escape"), "the clip alone")
    window.still()
    assert drawn(window) == alone
    ends_well(window)


def drawn(window: Window) -> tuple[int, int]:
    """Pixels in the colour of bodies, in the left and the right half of the middle of the window."""
    image = seen(window)

    def count(first: int, last: int) -> int:
        return sum(image.pixelColor(x, y) == POSE for x in range(first, last) for y in range(150, 620))

    return count(LEFT, MIDDLE), count(MIDDLE, RIGHT)
