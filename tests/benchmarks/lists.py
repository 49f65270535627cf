"""Fill a list of files in batches, then sort and filter it in every way, and tell how long and how much memory it took.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/lists.py [--rows 10000 100000 1000000] [--runs 5] [--peer]

The list is the window's own: model, view and pane over it, shown. For each change two times are told: until the rows
are in their new order and painted, and the longest turn of the UI thread on the way there, by a timer that ticks every
5 ms. A third of the files have records, at most 100,000. Memory is this process's peak, each size in a process of its
own. `--peer` puts a `QSortFilterProxyModel` over a plain model beside it, with 10,000 rows.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QEventLoop,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
)
from PySide6.QtWidgets import QApplication, QTableView

from inspector.gui import app as window
from inspector.gui.messages import MessageBus
from inspector.gui.models.file_list import NAME, VERDICT, FileListModel
from inspector.gui.models.file_table import SIZE, Filter
from inspector.gui.panes.file_list import FileListPane
from inspector.gui.tasks import Tasks
from inspector.gui.turns import short_waits
from inspector.profiles import load_profile
from tests.support.judged import judged_record

PROFILE = "fslr-keypoints"
_BATCH, _MOST_RECORDS, _TICK_MS, _PEER_ROWS = 2000, 100_000, 5, 10_000
_ROOT = "/data/clips"


class Heart:
    """Notes the longest time between two ticks."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)
        self.begin()

    def begin(self) -> None:
        self.worst, self._last = 0.0, time.perf_counter()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.worst, self._last = max(self.worst, now - self._last), now


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--one", type=int, help="this many rows, in this process")
    args = parser.parse_args()
    if args.one is None:
        for rows in args.rows:
            subprocess.run([sys.executable, __file__, "--one", str(rows), "--runs", str(args.runs)], check=True)
        if args.peer:
            _peer(window.application(), args.runs)
        return
    with short_waits():
        _ours(window.application(), args.one, args.runs)


def _paths(rows: int) -> list[str]:
    """Names in no order, a thousand to a folder."""
    numbers = np.random.default_rng(0).permutation(rows).tolist()
    return [f"{_ROOT}/{number % max(rows // 1000, 1):04d}/clip_{number:08d}.npz" for number in numbers]


def _ours(app: QApplication, rows: int, runs: int) -> None:
    tasks = Tasks(MessageBus())
    model = FileListModel(tasks=tasks)
    pane = FileListPane(model)
    pane.resize(340, 900)
    pane.show()
    paths, heart = _paths(rows), Heart()
    app.processEvents()
    print(f"\n{rows:,} files")
    before = _peak()
    spent, begun = [], time.perf_counter()
    heart.begin()
    for start in range(0, rows, _BATCH):
        turn = time.perf_counter()
        model.append(paths[start : start + _BATCH], _ROOT)
        spent.append(time.perf_counter() - turn)
        app.processEvents()
    model.arrange()
    _settle(app, tasks)
    print(
        f"  in batches of {_BATCH:,}: {time.perf_counter() - begun:.2f} s in all, median {_ms(spent)} ms a batch, "
        f"longest turn {heart.worst * 1000:.0f} ms, {(_peak() - before) / rows:.0f} bytes a row"
    )
    before = _peak()
    _audited(app, model, paths[: min(rows // 3, _MOST_RECORDS)])
    print(f"  {(_peak() - before) / min(rows // 3, _MOST_RECORDS):.0f} bytes more for each that was audited")
    _settle(app, tasks)
    turned, straight = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
    changes: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        "sort by name": (partial(model.sort, NAME, turned), partial(model.sort, NAME, straight)),
        "sort by verdict": (partial(model.sort, VERDICT, straight), partial(model.sort, NAME, straight)),
        "sort by size": (partial(model.sort_by, SIZE, True), partial(model.sort, NAME, straight)),
        "sort by a measurement": (partial(model.sort_by, "spike_max", True), partial(model.sort, NAME, straight)),
        "filter by text": (partial(model.set_filter, Filter(text="123")), partial(model.set_filter, Filter())),
        "filter by verdict": (
            partial(model.set_filter, Filter(frozenset({1, 2}))),
            partial(model.set_filter, Filter()),
        ),
    }
    for what, (there, back) in changes.items():
        times, turns = [], []
        for change in (there, back) * runs:
            heart.begin()
            begun = time.perf_counter()
            change()
            _settle(app, tasks)
            times.append(time.perf_counter() - begun)
            app.processEvents()
            turns.append(heart.worst)
        print(
            f"  {what:22s} median {_ms(times):>5s} ms, longest turn {max(turns) * 1000:4.0f} ms (median {_ms(turns)})"
        )
    tasks.close()


def _audited(app: QApplication, model: FileListModel, paths: list[str]) -> None:
    limits, rng = load_profile(PROFILE).limits, np.random.default_rng(0)
    for start in range(0, len(paths), 500):
        records = [judged_record(path, rng, limits) for path in paths[start : start + 500]]
        model.set_records([replace(record, size_bytes=int(rng.integers(1 << 20))) for record in records])
        app.processEvents()


def _settle(app: QApplication, tasks: Tasks) -> None:
    """Until what was asked for is in order and painted."""
    while tasks.busy:
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    app.processEvents()


def _peer(app: QApplication, runs: int) -> None:
    names = [path.removeprefix(f"{_ROOT}/") for path in _paths(_PEER_ROWS)]
    source, proxy, view = _Plain(names), QSortFilterProxyModel(), QTableView()
    proxy.setSourceModel(source)
    view.setModel(proxy)
    view.show()
    app.processEvents()
    print(f"\n{_PEER_ROWS:,} files in a QSortFilterProxyModel")
    for what, there, back in (
        ("sort by name", partial(proxy.sort, 0, Qt.SortOrder.DescendingOrder), partial(proxy.sort, 0)),
        ("filter by text", partial(proxy.setFilterFixedString, "123"), partial(proxy.setFilterFixedString, "")),
    ):
        times = []
        for change in (there, back) * runs:
            begun = time.perf_counter()
            change()
            app.processEvents()
            times.append(time.perf_counter() - begun)
        print(f"  {what:22s} median {_ms(times):>5s} ms, all of it one turn")


class _Plain(QAbstractTableModel):
    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self._names = names

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 1

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        return self._names[index.row()] if role == Qt.ItemDataRole.DisplayRole else None


def _peak() -> int:
    """Bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.1f}"


if __name__ == "__main__":
    main()
