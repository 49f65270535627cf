"""Use the window while it lists, audits and shows files, and print how long its thread did not answer.

A timer ticks every 5 ms. A tick that comes late is told with what the thread did meanwhile: time on a processor, time
ready but without one (other programs had them), and the rest, most of it waiting for Python's lock. Linux only.

QT_QPA_PLATFORM=xcb python tests/benchmarks/stalls.py FOLDER [--early-arrays] [--over 33] [--seconds 60] [--stacks]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from inspector.gui import app
from inspector.gui.main_window import MainWindow
from inspector.gui.settings import Settings
from inspector.gui.workspace import Workspace

_TICK_MS = 5
_SAMPLED_S = 0.004


@dataclass
class Gap:
    """One late tick: all times in seconds."""

    phase: str
    wall: float
    processor: float
    queued: float
    stacks: list[str] = field(default_factory=list)

    @property
    def own(self) -> float:
        """Without the time in which other programs had the processors."""
        return self.wall - self.queued


class Heart(QObject):
    """Ticks, and notes what came late; a thread looks at what keeps it."""

    def __init__(self, over: float, stacks: bool) -> None:
        super().__init__()
        self.phase = "start"
        self.gaps: list[Gap] = []
        self._over, self._stacks = over, list[str]()
        self._me = threading.get_ident()
        self._stopped = threading.Event()
        self._schedule = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._last = self._now()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)
        if stacks:
            threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        self._timer.stop()

    def _now(self) -> tuple[float, float, float]:
        return time.perf_counter(), time.thread_time(), int(self._schedule.read_text().split()[1]) / 1e9

    def _tick(self) -> None:
        wall, processor, queued = (now - last for now, last in zip(self._now(), self._last, strict=True))
        if wall > self._over:
            self.gaps.append(Gap(self.phase, wall, processor, queued, self._stacks))
        self._stacks = []
        self._last = self._now()

    def _watch(self) -> None:
        while not self._stopped.wait(_SAMPLED_S):
            if time.perf_counter() - self._last[0] > self._over / 2 and (frame := sys._current_frames().get(self._me)):
                calls = [f"{Path(f.filename).name}:{f.lineno}:{f.name}" for f in traceback.extract_stack(frame)]
                self._stacks.append(" < ".join(call for call in calls[-6:][::-1] if "stalls.py" not in call))


class User(QObject):
    """Clicks, types and looks around, one thing after another; each step says how many milliseconds it waits."""

    def __init__(self, window: MainWindow, heart: Heart, early_arrays: bool, seconds: float) -> None:
        super().__init__(window)
        self._window, self._heart, self._early_arrays = window, heart, early_arrays
        self._end = time.monotonic() + seconds
        self._steps = self._all()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)
        self._timer.start(0)

    def _next(self) -> None:
        wait = next(self._steps, None)
        if wait is None or time.monotonic() > self._end:
            self._heart.stop()
            self._window.close()
        else:
            self._timer.start(wait)

    def _all(self) -> Iterator[int]:
        window, heart = self._window, self._heart
        heart.phase = "until the first file"
        while window.session.view.inspection is None:
            yield _TICK_MS
        space = window.workspace
        if self._early_arrays:
            heart.phase = "arrays at once"
            _turn(space, space.tabs.arrays)
            yield 1500
            _turn(space, space.tabs.keypoints)
        heart.phase = "first seconds"
        yield 2000
        yield from self._use(space) if window.session.view.dataset is None else self._use_dataset(space)
        heart.phase = "rest of the audit"
        while window.session.audit.progress.busy:
            yield 100
        heart.phase = "idle"
        yield 3000

    def _use(self, space: Workspace) -> Iterator[int]:
        heart, files = self._heart, space.files
        view, header = files.view, files.view.horizontalHeader()
        for row in range(3, 11):
            heart.phase = "click rows"
            _click(view.viewport(), view.visualRect(files.model.index(row, 1)).center())
            yield 250
        for _ in range(12):
            heart.phase = "hold the down key"
            QTest.keyClick(view, Qt.Key.Key_Down)
            yield 33
        for frame in range(0, 120, 3):
            heart.phase = "scrub"
            self._window.session.seek(frame)
            yield 16
        heart.phase = "play"
        self._window.session.set_playing(True)
        yield 1500
        self._window.session.set_playing(False)
        for _ in range(2):
            heart.phase = "arrays tab"
            _turn(space, space.tabs.arrays)
            yield 900
            heart.phase = "arrays: picture and statistics"
            if (pane := space.tabs.arrays.pane) is not None:
                for tab in (1, 0):
                    _click(pane.side.tabBar(), pane.side.tabBar().tabRect(tab).center())
                    yield 500
            heart.phase = "arrays: next file"
            for row in (12, 13):
                _click(view.viewport(), view.visualRect(files.model.index(row, 1)).center())
                yield 700
            heart.phase = "keypoints tab"
            _turn(space, space.tabs.keypoints)
            yield 400
        for text in ("1", "12", "123", ""):
            heart.phase = "search"
            files.search.setText(text)
            yield 300
        for column in (0, files.model.findings_column, 1):
            heart.phase = "sort"
            _click(header.viewport(), QPoint(header.sectionViewportPosition(column) + 6, header.height() // 2))
            yield 500
        for button in list(files.buttons.values())[:3]:
            heart.phase = "filter"
            button.click()
            yield 400
            button.click()
            yield 300
        for dark in ("dark", "light"):
            heart.phase = "change the theme"
            self._window.set_theme(dark)
            yield 300

    def _use_dataset(self, space: Workspace) -> Iterator[int]:
        heart, session = self._heart, self._window.session
        for tab in (space.tabs.video, space.tabs.trajectory, space.tabs.dataset) * 2:
            heart.phase = f"turn to {space.tabs.tabText(space.tabs.indexOf(tab))}"
            _turn(space, tab)
            yield 1200
            name = space.tabs.tabText(space.tabs.indexOf(tab))
            for _ in range(20):
                heart.phase = f"{name}: next sample"
                session.step_sample(7)
                yield 60
            for frame in range(session.view.frames):
                heart.phase = f"{name}: scrub"
                session.seek(frame)
                yield 16
        _turn(space, space.tabs.video)
        for on in (True, False):
            heart.phase = "difference"
            session.set_display(replace(session.view.display, difference=on))
            yield 400
        for finding in range(len(session.view.findings)):
            heart.phase = "next finding"
            session.go_to_finding(finding)
            yield 300
        for dark in ("dark", "light"):
            heart.phase = "change the theme"
            self._window.set_theme(dark)
            yield 400


def _turn(space: Workspace, tab: QWidget) -> None:
    bar = space.tabs.tabBar()
    _click(bar, bar.tabRect(space.tabs.indexOf(tab)).center())


def _click(widget: QWidget, place: QPoint) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--early-arrays", action="store_true", help="open that tab as soon as a file is shown")
    parser.add_argument("--over", type=float, default=33, help="milliseconds; shorter gaps are not told")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--stacks", action="store_true", help="also tell where the thread was; costs a little itself")
    args = parser.parse_args()
    os.environ["NPZ_INSPECTOR_CONFIG"] = tempfile.mkdtemp()
    hearts: list[Heart] = []

    def watched(settings: Settings | None = None) -> MainWindow:
        window = MainWindow(settings)
        hearts.append(Heart(args.over / 1000, args.stacks))
        User(window, hearts[0], args.early_arrays, args.seconds)
        return window

    vars(app)["MainWindow"] = watched  # `run` makes the window, and is to be measured whole
    app.run([args.folder])
    print(f"{'ms':>6s} {'own':>6s} {'proc.':>6s}  phase")
    for gap in sorted(hearts[0].gaps, key=lambda gap: -gap.own):
        print(f"{gap.wall * 1000:6.1f} {gap.own * 1000:6.1f} {gap.processor * 1000:6.1f}  {gap.phase}")
        for stack in gap.stacks:
            print(f"{'':23s}{stack}")


if __name__ == "__main__":
    main()
