"""Beside the table: statistics with a histogram, and a heat map or line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFrame,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.audit.array_stats import Statistics, statistics_rows
from inspector.gui import theme
from inspector.gui.models.text import tip
from inspector.gui.panes.parts import Prose
from inspector.gui.turns import Turns

if TYPE_CHECKING:
    from inspector.audit.array_picture import Picture
    from inspector.gui.panes.arrays_plot import HistogramPlot, PicturePlot

STATISTICS, PICTURE = 0, 1

_ROWS, _LEAST = 12, 5


class ArraySide(QTabWidget):
    """Two tabs; each says in words what it waits for when it has nothing to show.

    Signals
    -------
    asked(int)
        A tab's *Compute* button was pressed.
    frame_clicked(int)
        A frame was clicked in the picture.
    """

    asked = Signal(int)
    frame_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setAccessibleName("Statistics and picture")
        self._stats: Statistics | None = None
        self._histogram: HistogramPlot | None = None
        self.plot: PicturePlot | None = None
        self._draw_picture: Callable[[PicturePlot], None] | None = None
        self._frame: int | None = None
        steps = (self._build_histogram, self._draw_histogram, self._build_picture, self._build_scale)
        self._building = Turns(steps, self)
        self.words = [Prose("About the statistics", self), Prose("About the picture", self)]
        for words in self.words:
            words.setMuted()
        self.buttons = [QPushButton("Compute"), QPushButton("Draw")]
        self.buttons[STATISTICS].clicked.connect(self._ask_statistics)
        self.buttons[PICTURE].clicked.connect(self._ask_picture)

        self.table = QTableWidget(0, 2, self)
        self.table.setAccessibleName("Statistics")
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setSizeAdjustPolicy(QAbstractItemView.SizeAdjustPolicy.AdjustToContents)
        self.table.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.table.horizontalHeader().hide()
        self.table.verticalHeader().hide()
        self._row_height = self.table.fontMetrics().height() + theme.HALF
        self.table.verticalHeader().setDefaultSectionSize(self._row_height)
        self.table.verticalHeader().setMinimumSectionSize(theme.GRID)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.log = QCheckBox("Logarithmic counts", self)
        self.log.toggled.connect(self._draw_histogram)
        self.hover = QLabel(self)
        self.hover.setFont(theme.caption_font())
        self.hover.setTextFormat(Qt.TextFormat.PlainText)

        first, self._statistics_column = self._page(STATISTICS)
        self._statistics_column.addWidget(self.table)
        self._statistics_column.addWidget(self.log)
        self._statistics_column.addStretch(1)
        second, self._picture_column = self._page(PICTURE)
        self._picture_column.addWidget(self.hover)
        self._picture_column.addStretch(1)
        self.addTab(first, "Statistics")
        self.addTab(second, "Picture")

    def _page(self, tab: int) -> tuple[QWidget, QVBoxLayout]:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.GRID, theme.GRID, 0, 0)
        column.setSpacing(theme.HALF)
        column.addWidget(self.words[tab])
        column.addWidget(self.buttons[tab], 0, Qt.AlignmentFlag.AlignLeft)
        return page, column

    @property
    def waits(self) -> bool:
        """Whether something to draw waits for a plot that is being built."""
        wanted = self._draw_picture is not None or (self._stats is not None and self._stats.histogram is not None)
        return wanted and not self._building.done

    def prepare(self) -> None:
        """Build both plots, in a few turns of the event loop, from modules that are imported by now."""
        self._building.start()

    def _build_histogram(self) -> None:
        from inspector.gui.panes.arrays_plot import HistogramPlot

        self._histogram = HistogramPlot(self)
        self._histogram.hide()
        self._statistics_column.insertWidget(3, self._histogram, 100)

    def _build_picture(self) -> None:
        from inspector.gui.panes.arrays_plot import PicturePlot

        self.plot = PicturePlot(self)
        self.plot.hide()
        self.plot.frame_clicked.connect(self.frame_clicked)
        self.plot.hovered.connect(self.hover.setText)
        self._picture_column.insertWidget(2, self.plot, 100)

    def _build_scale(self) -> None:
        assert self.plot is not None
        self.plot.add_scale()
        if self._draw_picture is not None:
            self._draw_picture(self.plot)

    @Slot()
    def _ask_statistics(self) -> None:
        self.asked.emit(STATISTICS)

    @Slot()
    def _ask_picture(self) -> None:
        self.asked.emit(PICTURE)

    # --- statistics ------------------------------------------------------------------------------------------

    def say(self, tab: int, text: str, *, button: bool = False) -> None:
        """Show words instead of figures or a picture."""
        self.words[tab].setText(text)
        self.words[tab].setVisible(bool(text))
        self.buttons[tab].setVisible(button)
        if tab == STATISTICS:
            self._stats = None
            self.table.hide()
            self.log.hide()
            if self._histogram is not None:
                self._histogram.hide()
        else:
            self.hover.clear()
            self._draw_picture = None
            if self.plot is not None:
                self.plot.hide()

    def show_statistics(self, stats: Statistics, dtype: np.dtype[np.generic]) -> None:
        """Show figures, and the histogram where there is one."""
        self.say(STATISTICS, "")
        self._stats = stats
        rows = statistics_rows(stats, dtype)
        self.table.setRowCount(len(rows))
        for row, (name, text) in enumerate(rows):
            for column, word in enumerate((name, text)):
                item = QTableWidgetItem(word)
                item.setToolTip(tip(word))
                if column:
                    item.setFont(theme.tabular_font())
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
        # As high as its rows, up to the dozen that leave room for the histogram.
        self.table.updateGeometry()
        self.table.setMaximumHeight((min(len(rows), _ROWS) if stats.histogram else len(rows)) * self._row_height + 2)
        self.table.setMinimumHeight(min(len(rows), _LEAST) * self._row_height + 2)
        self.table.show()
        self._draw_histogram()

    @Slot()
    def _draw_histogram(self) -> None:
        histogram = self._stats.histogram if self._stats else None
        self.log.setVisible(histogram is not None)
        if histogram is None:
            if self._histogram is not None:
                self._histogram.hide()
            return
        if self._histogram is None:
            self.prepare()
            return
        self._histogram.show_histogram(histogram, log=self.log.isChecked())
        self._histogram.show()

    # --- picture ---------------------------------------------------------------------------------------------

    def show_picture(self, picture: Picture, name: str, *, timed: bool, square: bool, axes: tuple[str, str]) -> None:
        """Show a heat map or a line."""
        from inspector.gui.panes.arrays_plot import caption_of  # loaded by now in a worker thread

        def draw(plot: PicturePlot) -> None:
            plot.show_picture(picture, timed=timed, square=square, axes=axes)
            plot.show_frame(self._frame)
            plot.show()

        self.say(PICTURE, caption_of(picture, name))
        self._draw_picture = draw
        if self.plot is not None and self._building.done:
            draw(self.plot)
        else:
            self.prepare()

    def show_frame(self, frame: int | None) -> None:
        """Mark the current frame in the picture."""
        self._frame = frame
        if self.plot is not None:
            self.plot.show_frame(frame)
