"""The plots of a data set, small and beside each other, as many in a row as fit; and the legend of their marks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QWidget

from inspector.gui import theme
from inspector.gui.models.dataset_points import DataSetPoints, Flags
from inspector.gui.panes.dataset_art import paint_mark
from inspector.gui.panes.dataset_plot import LEAST, StripPlot
from inspector.gui.turns import Turns

_MOST_COLUMNS = 5
_KINDS = (
    ("dot", "sample"),
    ("static", "static"),
    ("copy", "duplicate"),
    ("shown", "shown"),
    ("mean", "mean ± std"),
    ("limit", "limit"),
)


class PlotGrid(QScrollArea):
    """A `StripPlot` for each figure.

    Signals
    -------
    sample_requested(int)
    """

    sample_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots: tuple[StripPlot, ...] = ()
        self._across = 0
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Plots of the data set")
        self.show_points(None)

    def show_points(self, points: DataSetPoints | None) -> None:
        """Make a plot for each figure; None for none."""
        inside = _Sheet()
        turns = Turns((), inside)  # what was still to be drawn goes with the plots it was for
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        strips = points.strips if points is not None else ()
        self.plots = tuple(StripPlot(points, s, turns, inside) for s in strips) if points is not None else ()
        for plot in self.plots:
            plot.sample_requested.connect(self.sample_requested)
        self._across = 0
        self._lay_out()
        self.setWidget(inside)

    def show_listed(self, listed: Flags | None) -> None:
        """Put these samples forward."""
        for plot in self.plots:
            plot.show_listed(listed)

    def show_sample(self, sample: int) -> None:
        """Mark another sample."""
        for plot in self.plots:
            plot.show_sample(sample)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many in a row as fit now."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        across = min(max(self.viewport().width() // LEAST.width(), 1), _MOST_COLUMNS, max(len(self.plots), 1))
        if len(self.plots):
            rows = -(-len(self.plots) // across)
            across = -(-len(self.plots) // rows)  # no row is left with one plot only
        if across == self._across:
            return
        self._across = across
        for place, plot in enumerate(self.plots):
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


class Legend(QWidget):
    """What the marks in the plots mean, in one row that leaves out at the end what has no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Legend")
        self.setAccessibleDescription(
            "Dots are samples, crosses static ones, rings duplicates, a large dot the shown sample; diamonds are means "
            "with their standard deviation, dashed lines limits."
        )
        self.setToolTip(self.accessibleDescription())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(0, 3 * theme.GRID)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Mark after mark."""
        painter = QPainter(self)
        muted, middle = theme.muted(self.palette()), self.height() / 2
        metrics = QFontMetricsF(theme.caption_font())
        x = float(theme.GRID)
        for kind, words in _KINDS:
            width = metrics.horizontalAdvance(words)
            if x + 3 * theme.GRID + width > self.width():
                break
            paint_mark(painter, QPointF(x + theme.GRID, middle), kind, muted, self.palette())
            painter.setFont(theme.caption_font())
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            place = QRectF(x + 2 * theme.GRID + theme.HALF, 0, width + 1, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
            x = place.right() + 2 * theme.GRID
        painter.end()
