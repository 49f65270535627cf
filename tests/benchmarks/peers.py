"""What other tools need for the same thing; each prints one line of figures.

python -m tests.benchmarks.peers pyqtgraph CLIP [--frames 400]    scatter, bones and lanes with a cursor, repainted
python -m tests.benchmarks.peers matplotlib CLIP [--frames 60]    the same by Agg
python -m tests.benchmarks.peers proxy ROWS                       QSortFilterProxyModel: sorted, then filtered
"""

from __future__ import annotations

import argparse
import importlib
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QApplication, QTableView

from inspector.audit import inspect_file
from inspector.audit.inspection import Clip

_WARM = 20
Index = QModelIndex | QPersistentModelIndex


def with_pyqtgraph(clip: Clip, bones: np.ndarray[Any, Any], app: QApplication) -> Callable[[int], None]:
    """Repaint one frame, as a script of few lines does it."""
    pg = importlib.import_module("pyqtgraph")
    window = pg.GraphicsLayoutWidget(size=(900, 1100))
    plot = window.addPlot(row=0, col=0)
    plot.setRange(xRange=(0, 1), yRange=(0, 1))
    plot.invertY()
    points, lines = pg.ScatterPlotItem(size=7), pg.PlotCurveItem(connect="pairs")
    plot.addItem(points)
    plot.addItem(lines)
    cursors = []
    for row, values in enumerate(_lanes(clip), 1):
        lane = window.addPlot(row=row, col=0)
        lane.plot(values)
        cursors.append(lane.addLine(x=0))
    window.show()

    def show(frame: int, _kept: Any = window) -> None:
        xy = clip.points[frame]
        points.setData(xy[:, 0], xy[:, 1])
        ends = xy[bones].reshape(-1, 2)
        lines.setData(ends[:, 0], ends[:, 1])
        for cursor in cursors:
            cursor.setValue(frame)
        app.processEvents()

    return show


def with_matplotlib(clip: Clip, bones: np.ndarray[Any, Any]) -> Callable[[int], None]:
    """Draw one frame whole, in memory."""
    figures, agg, collections = (
        importlib.import_module(f"matplotlib.{name}") for name in ("figure", "backends.backend_agg", "collections")
    )
    figure = figures.Figure(figsize=(9, 11))
    canvas = agg.FigureCanvasAgg(figure)
    axes = figure.subplots(4, 1, height_ratios=[6, 1, 1, 1])
    axes[0].set(xlim=(0, 1), ylim=(1, 0))
    points = axes[0].scatter([], [], s=30)
    lines = axes[0].add_collection(collections.LineCollection([]))
    cursors = []
    for lane, values in zip(axes[1:], _lanes(clip), strict=True):
        lane.plot(values)
        cursors.append(lane.axvline(0))

    def show(frame: int) -> None:
        points.set_offsets(clip.points[frame])
        lines.set_segments(clip.points[frame][bones])
        for cursor in cursors:
            cursor.set_xdata([frame, frame])
        canvas.draw()

    return show


def _lanes(clip: Clip) -> list[np.ndarray[Any, Any]]:
    steps = np.linalg.norm(np.diff(clip.points, axis=0, prepend=clip.points[:1]), axis=2)
    return [clip.visible.sum(axis=1), np.nan_to_num(steps).max(axis=1), np.nan_to_num(steps).mean(axis=1)]


def scrub(path: str, frames: int, peer: str) -> str:
    """Median and 95th percentile of one frame, ms, frames at random."""
    app = QApplication([])
    inspection = inspect_file(path)
    clip, skeleton = inspection.clip, inspection.skeleton
    if clip is None or skeleton is None:
        raise SystemExit(f"{path} holds no clip")
    bones = np.array(skeleton.bones)
    show = with_pyqtgraph(clip, bones, app) if peer == "pyqtgraph" else with_matplotlib(clip, bones)
    spent = []
    for frame in np.random.default_rng(0).integers(0, len(clip), frames + _WARM).tolist():
        start = time.perf_counter()
        show(frame)
        spent.append((time.perf_counter() - start) * 1000)
    p50, p95 = np.percentile(spent[_WARM:], [50, 95])
    return f"{peer} median {p50:.2f} ms  p95 {p95:.2f} ms"


class Rows(QAbstractTableModel):
    """A table of names and numbers, asked for cell by cell."""

    def __init__(self, count: int) -> None:
        super().__init__()
        rng = np.random.default_rng(0)
        self.rows = [(f"clip_{k:07d}", k % 5, float(v)) for k, v in enumerate(rng.random(count))]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return self.rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None


def proxy(count: int) -> str:
    """Seconds to sort so many rows by a number, and to filter them by a text that few have."""
    app = QApplication([])
    model = QSortFilterProxyModel()
    model.setSourceModel(Rows(count))
    view = QTableView()
    view.setModel(model)
    view.show()
    start = time.perf_counter()
    model.sort(2)
    app.processEvents()
    between = time.perf_counter()
    model.setFilterFixedString("77")
    app.processEvents()
    spent = between - start, time.perf_counter() - between
    return f"sort {spent[0]:.4f} s  filter {spent[1]:.4f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=("pyqtgraph", "matplotlib", "proxy"))
    parser.add_argument("what", help="a clip, or how many rows")
    parser.add_argument("--frames", type=int, default=None)
    args = parser.parse_args()
    if args.peer == "proxy":
        print(proxy(int(args.what)))
    else:
        print(scrub(args.what, args.frames or (400 if args.peer == "pyqtgraph" else 60), args.peer))


if __name__ == "__main__":
    main()
