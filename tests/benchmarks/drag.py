"""Drag a limit over many files in a real window, and time it from the pointer's move until all that is seen is painted.

    python tests/benchmarks/drag.py [--files 100000] [--moves 40] [--limit speed_spike] [--size 1600x1000]

The window stands on an X server of its own (Xvfb); records are made up and put into its list. Each move of the pointer
on the limit's handle is followed until every plot in sight and the list have been painted with the new verdicts, and
the X server has taken it. With --every-ms the pointer rests between moves, so that they come at that rate.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, Slot
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from inspector.audit import Record
from inspector.checks import Finding, Severity, verdict
from inspector.checks.rules import METRICS, NONE, RULES, rank
from inspector.gui import app
from inspector.gui.folder_judge import FolderJudge
from inspector.gui.folder_view import FolderView
from inspector.gui.main_window import MainWindow
from inspector.gui.panes.folder_hands import LivePlot
from inspector.gui.turns import short_waits
from inspector.profiles import load_profile
from inspector.profiles.model import Limits
from tests.e2e.screen import Screen

PROFILE = "fslr-keypoints"
_SEVERITIES = tuple(Severity)
_PATIENCE_S = 60.0


class Painted(QObject):
    """Knows which widgets are still to be painted since the folder was judged last, and by which limits."""

    def __init__(self, judge: FolderJudge, widgets: list[QWidget]) -> None:
        super().__init__()
        self.widgets = widgets
        self.waiting: set[int] = set()
        self.view = judge.view
        judge.changed.connect(self._judged)
        for widget in widgets:
            widget.installEventFilter(self)

    def with_limit(self, name: str, value: float | None) -> bool:
        """Whether all are painted since the limit has this value."""
        late = any(isinstance(widget, LivePlot) and widget.waits for widget in self.widgets)
        return self.view is not None and self.view.limit(name) == value and not self.waiting and not late

    @Slot(object)
    def _judged(self, view: FolderView | None) -> None:
        self.view = view
        self.waiting = {id(widget) for widget in self.widgets}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.waiting.discard(id(watched))
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--moves", type=int, default=40)
    parser.add_argument("--limit", default="speed_spike")
    parser.add_argument("--size", default="1600x1000")
    parser.add_argument("--every-ms", type=int, default=0)
    args = parser.parse_args()
    screen = Screen()
    os.environ |= {"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}
    try:
        _run(args)
    finally:
        screen.close()


def _run(args: argparse.Namespace) -> None:
    app.application()
    window = MainWindow()
    window.move(0, 0)
    window.resize(*map(int, args.size.split("x")))
    window.show()
    plot = _filled(window, args.files, args.limit)
    seen = [w for w in window.workspace.findChildren(LivePlot) if not w.visibleRegion().isEmpty()]
    print(f"{args.files:,} files, {len(seen)} plots in sight, window of {args.size}, {args.limit} dragged")
    rows = window.workspace.files.view.viewport()
    with short_waits():
        times, own, turned = _dragged(plot, args, Painted(window.session.folder, [*seen, rows]))
    print(f"{len(times)} moves that changed the limit, up to {turned:,} verdicts turned")
    for name, found in (("from move to painted", sorted(times)), ("of it on a processor", sorted(own))):
        p95 = found[int(0.95 * (len(found) - 1))]
        median = statistics.median(found)
        print(f"{name}:  median {median * 1000:6.1f} ms, p95 {p95 * 1000:6.1f}, worst {found[-1] * 1000:.1f}")
    window.close()


def _filled(window: MainWindow, count: int, limit: str) -> LivePlot:
    """The window with that many records, its folder in front; the plot that has the limit, in sight."""
    session, space = window.session, window.workspace
    limits, rng = load_profile(PROFILE).limits, np.random.default_rng(0)
    window.pages.setCurrentWidget(space)
    for start in range(0, count, 1000):
        records = [_record(f"/r/{k:06}.npz", rng, limits) for k in range(start, min(start + 1000, count))]
        session.files.append([record.path for record in records], "/r")
        session.files.set_records(records)
        QApplication.processEvents()
    session.files.arrange()
    space.tabs.setCurrentWidget(space.tabs.dataset)
    _until(lambda: not space.waits and session.folder.profile is not None)
    pane = space.tabs.dataset.files.pane
    assert pane is not None
    _until(lambda: any(line.limit == limit for p in pane.grid.plots.values() for line in p.figure.lines))
    plot = next(p for p in pane.grid.plots.values() if any(line.limit == limit for line in p.figure.lines))
    pane.grid.ensureWidgetVisible(plot)
    _until(lambda: plot.picture is not None and not window.tasks.busy)
    _rest(1.5)
    return plot


def _record(path: str, rng: np.random.Generator, limits: Limits) -> Record:
    """A clip with one fault in a few: most figures well below their limits, as in a folder that one works with."""
    values = {name: float(rng.exponential(1.0)) * 0.25 * _scale(name, limits) for name in METRICS}
    worst = ((rule.code, rank(rule, values, limits)) for rule in RULES)
    findings = tuple(Finding(code, _SEVERITIES[found], code) for code, found in worst if found != NONE)
    fields = {"T": int(rng.integers(1, 300)), "duration_ms": int(rng.integers(100, 10_000))}
    return Record(
        path, verdict(findings), PROFILE, fields, {"transformer": ()}, ("transformer",), findings, dict(values)
    )


def _scale(name: str, limits: Limits) -> float:
    """Where the metric's own limit lies."""
    level = next(level for rule in RULES for level in rule.levels if level.metric == name)
    return float(getattr(limits, level.limit))


def _dragged(plot: LivePlot, args: argparse.Namespace, painted: Painted) -> tuple[list[float], list[float], int]:
    line = next(k for k, one in enumerate(plot.figure.lines) if one.limit == args.limit)
    y = plot.line_y(line)
    assert y is not None
    handle = plot.room.tag(y).center()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(plot, left, none, handle.toPoint())
    inside = plot.room.inside
    times: list[float] = []
    own: list[float] = []
    turned = 0
    for share in 0.5 - 0.4 * np.cos(np.linspace(0, 4 * np.pi, args.moves)):
        place = QPointF(handle.x(), inside.top() + float(share) * inside.height()).toPoint()
        before = plot.limit(args.limit)
        start, worked = time.perf_counter(), time.thread_time()
        _move(plot, place)
        wanted = plot.limit(args.limit)
        if wanted == before:
            continue

        _until(partial(painted.with_limit, args.limit, wanted))
        QGuiApplication.sync()
        times.append(time.perf_counter() - start)
        own.append(time.thread_time() - worked)
        turned = max(turned, painted.view.flips.changed if painted.view is not None else 0)
        if args.every_ms:
            _rest(args.every_ms / 1000 - times[-1])
    QTest.mouseRelease(plot, left, none, place)
    return times, own, turned


def _move(plot: LivePlot, place: QPoint) -> None:
    """As a hand that holds the button: `QTest.mouseMove` moves the pointer, and the event comes when it comes."""
    at = QPointF(place)
    buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, at, plot.mapToGlobal(at), Qt.MouseButton.NoButton, buttons, none)
    QApplication.sendEvent(plot, event)


def _rest(seconds: float) -> None:
    """Let the window do what it has to do."""
    end = time.monotonic() + seconds
    _until(lambda: time.monotonic() >= end)


def _until(ready: Callable[[], object]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not ready():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        assert time.monotonic() < end, "waited in vain"


if __name__ == "__main__":
    main()
