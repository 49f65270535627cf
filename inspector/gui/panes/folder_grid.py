"""The plots of a folder beside each other, as many in a row as fit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from inspector.gui import theme
from inspector.gui.panes.folder_hands import LivePlot
from inspector.gui.panes.folder_plot import LEAST
from inspector.gui.panes.folder_scene import Scene
from inspector.gui.turns import Turns

_MOST_COLUMNS = 6


class FolderGrid(QScrollArea):
    """A `LivePlot` for each figure; only those in sight cost anything.

    Signals
    -------
    limit_moved(str, float)
    limit_released()
    rows_brushed(object)
    row_requested(int)
    row_opened(int)
        As of the plots.
    """

    limit_moved = Signal(str, float)
    limit_released = Signal()
    rows_brushed = Signal(object)
    row_requested = Signal(int)
    row_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots: dict[str, LivePlot] = {}
        self._across = 0
        self._sheet = _Sheet()
        self._turns = Turns((), self._sheet)
        self._grid = QGridLayout(self._sheet)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self.setWidget(self._sheet)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Plots of the folder")

    def show_scene(self, scene: Scene, names: Sequence[str]) -> None:
        """Show a scene in plots of these figures, in this order."""
        if tuple(names) != tuple(self.plots):
            self._make(names)
        for plot in self.plots.values():
            plot.show_scene(scene)

    def clear(self) -> None:
        """Take all plots away."""
        if self.plots:
            self._make(())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many in a row as fit now."""
        super().resizeEvent(event)
        self._lay_out()

    def _make(self, names: Sequence[str]) -> None:
        kept = {name: self.plots[name] for name in names if name in self.plots}
        for name, plot in self.plots.items():
            if name not in kept:
                plot.hide()
                plot.deleteLater()
        self.plots = {name: kept.get(name) or self._plot(name) for name in names}
        before: QWidget | None = None
        for plot in self.plots.values():
            if before is not None:
                QWidget.setTabOrder(before, plot)
            before = plot
        self._across = 0
        self._lay_out()

    def _plot(self, name: str) -> LivePlot:
        plot = LivePlot(name, self._turns, self._sheet)
        plot.limit_moved.connect(self.limit_moved)
        plot.limit_released.connect(self.limit_released)
        plot.rows_brushed.connect(self.rows_brushed)
        plot.row_requested.connect(self.row_requested)
        plot.row_opened.connect(self.row_opened)
        return plot

    def _lay_out(self) -> None:
        across = min(max(self.viewport().width() // LEAST.width(), 1), _MOST_COLUMNS, max(len(self.plots), 1))
        if across == self._across:
            return
        self._across = across
        for place, plot in enumerate(self.plots.values()):
            self._grid.addWidget(plot, place // across, place % across)
            plot.show()
        for column in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < across else 0)


class _Sheet(QWidget):
    """What the plots lie on: a row that is not full ends in the same colour."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.canvas(self.palette()))
        painter.end()
