"""Histogram, heat map and line of one array, drawn by pyqtgraph.

Importing this module imports pyqtgraph (0.2 s): the pane does it in a worker thread, the first time there is
something to draw.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.audit.array_picture import HeatMap, Line, Picture, finite_range
from inspector.audit.array_stats import Histogram
from inspector.checks.finding import Severity
from inspector.gui import theme

MAP = "viridis"
"""Even in lightness and safe for colour-blind eyes."""

_LINE_WIDTH = 1.5
_MOST = 1e150
_MARGINS = (0, theme.GRID, theme.GRID, 0)


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph carries no types
    """One set of axes in the window's own colours; the wheel zooms, dragging pans, a double click shows all."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.setMinimumHeight(12 * theme.GRID)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # what is left over, all of it
        self.hideButtons()
        self.getPlotItem().layout.setContentsMargins(*_MARGINS)
        self.box.disableAutoRange()
        self.scene().sigMouseClicked.connect(self._clicked)

    @property
    def box(self) -> pg.ViewBox:
        """What holds the drawn items."""
        return self.getPlotItem().getViewBox()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system from light to dark and back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._dressed:  # Qt sends one while it is being made
            self.dress()

    def dress(self) -> None:
        """Take over the palette's colours."""
        self._dressed = True
        self.setBackground(theme.canvas(self.palette()))
        for side in ("left", "bottom", "right", "top"):
            axis = self.getAxis(side)
            axis.setPen(theme.line(self.palette()))
            axis.setTextPen(theme.muted(self.palette()))
            axis.setTickFont(theme.caption_font())
            axis.enableAutoSIPrefix(False)
        self.redraw()

    def redraw(self) -> None:
        """Draw again in the colours that hold now."""

    def label(self, bottom: str, left: str) -> None:
        """Name both axes."""
        style = {"color": theme.muted(self.palette()).name(), "font-size": f"{theme.caption_font().pointSizeF():g}pt"}
        self.setLabel("bottom", bottom, **style)
        self.setLabel("left", left, **style)

    def show_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show exactly this part, and come back to it on a double click."""
        self._home = (x, y)
        self.box.setRange(xRange=x, yRange=y, padding=0.02)

    def at(self, scene: QPointF) -> QPointF | None:
        """Where a point of the scene lies on the axes; None outside."""
        if not self.box.sceneBoundingRect().contains(scene):
            return None
        return QPointF(self.box.mapSceneToView(scene))

    def _clicked(self, event: object) -> None:
        if getattr(event, "double", bool)():
            self.show_range(*self._home)

    _dressed = False
    _home: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 1.0), (0.0, 1.0))


class HistogramPlot(Plot):
    """How often values occur, on a plain or a logarithmic scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Histogram", parent)
        self._histogram: Histogram | None = None
        self._log = False
        # Kept and changed, never replaced: a dropped item may be collected, and so destroyed, in a worker thread.
        self._bars = pg.BarGraphItem(x0=[0], x1=[1], y0=[0], y1=[0])
        self.addItem(self._bars)
        self.box.setMouseEnabled(x=False, y=False)
        self.dress()

    def show_histogram(self, histogram: Histogram | None, *, log: bool) -> None:
        """Draw these counts."""
        self._histogram, self._log = histogram, log
        self.redraw()

    def redraw(self) -> None:
        """Draw again in the colours that hold now."""
        if self._histogram is None:
            return
        edges, counts = self._histogram.edges, self._histogram.counts
        # A logarithm has no zero: empty bins lie on the floor at half a value, single ones still stand above it.
        heights = np.log10(np.maximum(counts, 0.5)) if self._log else counts.astype(np.float64)
        floor = float(np.log10(0.5)) if self._log else 0.0
        colour = theme.accent(self.palette())
        gap = 0.1 if self._histogram.whole else 0.0
        self._bars.setOpts(
            x0=edges[:-1] + gap, x1=edges[1:] - gap, y0=np.full(counts.size, floor), y1=heights, brush=colour, pen=None
        )
        self.label("value", "count")
        axis, range_y = self.getAxis("left"), (floor, max(1.0, float(heights.max())))
        if not self._log:  # the axis takes powers of its range: it must never see counts while it is logarithmic
            axis.setLogMode(False)
        self.show_range((float(edges[0]), float(edges[-1])), range_y)
        axis.setLogMode(self._log)


class PicturePlot(Plot):
    """A heat map or a line, with the current frame marked where the first axis is the clip's time.

    It can draw after `add_scale`: the two together are too long for one turn of the event loop.

    Signals
    -------
    frame_clicked(int)
        A frame was clicked in a picture whose axis is time.
    hovered(str)
        What lies under the cursor; empty outside.
    """

    frame_clicked = Signal(int)
    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Picture of the array", parent)
        self._picture: Picture | None = None
        self._timed = self._square = False
        self._axes = ("column", "row")
        self._image = pg.ImageItem(axisOrder="row-major")
        self._image.setColorMap(pg.colormap.get(MAP))
        self._image.setVisible(False)
        self.addItem(self._image)
        self._curves = [pg.PlotCurveItem(connect="finite"), pg.PlotCurveItem(connect="finite")]
        self._band = pg.FillBetweenItem(*self._curves)
        for item in (*self._curves, self._band):
            self.addItem(item)
        self._cursor = pg.InfiniteLine(angle=90)
        self._cursor.setZValue(10)
        self._cursor.setVisible(False)
        self.addItem(self._cursor)
        self.scene().sigMouseMoved.connect(self._moved)

    def add_scale(self) -> None:
        """Build what tells the colours' values, and dress all."""
        self._scale = pg.ColorBarItem(colorMap=MAP, interactive=False, width=theme.GRID + theme.HALF)
        self.getPlotItem().layout.addItem(self._scale, 2, 5)
        self.dress()

    def show_picture(
        self, picture: Picture | None, *, timed: bool, square: bool = False, axes: tuple[str, str]
    ) -> None:
        """Draw this.

        Parameters
        ----------
        timed
            Rows are the clip's frames: they run from left to right, else from top to bottom.
        square
            Draw rows and columns at one scale, as for images.
        axes
            Names of the horizontal and the vertical axis.
        """
        self._picture, self._timed, self._axes = picture, timed, axes
        self._square = square and isinstance(picture, HeatMap)
        self.redraw()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep pixels square where they are."""
        super().resizeEvent(event)
        if self._dressed:
            self._fit()

    def _fit(self) -> None:
        """Give the axes the picture's own proportions by leaving room beside or below them.

        pyqtgraph's aspect lock keeps the axes' size and shows what lies outside the array instead.
        """
        left, top, right, bottom = _MARGINS
        layout = self.getPlotItem().layout
        if self._square and isinstance(self._picture, HeatMap):
            layout.setContentsMargins(left, top, right, bottom)
            layout.activate()
            width, height = self.box.width(), self.box.height()
            scale = min(width / self._picture.columns, height / self._picture.rows)
            right += max(0, round(width - scale * self._picture.columns))
            bottom += max(0, round(height - scale * self._picture.rows))
        layout.setContentsMargins(left, top, right, bottom)

    def show_frame(self, frame: int | None) -> None:
        """Mark a frame by a vertical line."""
        self._cursor.setVisible(frame is not None and self._timed)
        if frame is not None:
            self._cursor.setPos(frame + (0.5 if isinstance(self._picture, HeatMap) else 0.0))

    def redraw(self) -> None:
        """Draw again in the colours that hold now."""
        heat = isinstance(self._picture, HeatMap)
        self._image.setVisible(heat)
        self._scale.setVisible(heat)
        self._scale.setMaximumWidth(16777215 if heat else 0)
        for item in (*self._curves, self._band):
            item.setVisible(isinstance(self._picture, Line))
        self._cursor.setPen(pg.mkPen(theme.severity_colour(Severity.HIGH, self.palette()), width=2))
        if isinstance(self._picture, HeatMap):
            self._draw_heat(self._picture)
        elif isinstance(self._picture, Line):
            self._draw_line(self._picture)

    def _draw_heat(self, heat: HeatMap) -> None:
        values = _drawable(heat.values.T if self._timed else heat.values)
        width, height = (heat.rows, heat.columns) if self._timed else (heat.columns, heat.rows)
        levels = finite_range(values)
        self._image.setImage(values, autoLevels=False, levels=levels)
        self._image.setRect(QRectF(0, 0, *self._covered(heat)))
        self._scale.setLevels(levels)
        axis = self._scale.axis
        axis.setTextPen(theme.muted(self.palette()))
        axis.setPen(theme.line(self.palette()))
        axis.setTickFont(theme.caption_font())
        self.box.invertY(True)
        self.label(*self._axes)
        self.show_range((0, width), (0, height))

    def _covered(self, heat: HeatMap) -> tuple[float, float]:
        """Width and height of the image in rows and columns: the last block may reach beyond the array."""
        rows, columns = heat.values.shape[0] * heat.row_step, heat.values.shape[1] * heat.column_step
        return (rows, columns) if self._timed else (columns, rows)

    def _draw_line(self, line: Line) -> None:
        x = (np.arange(line.low.size) + (0.5 if line.step > 1 else 0.0)) * line.step
        colour = theme.accent(self.palette())
        low, high = _drawable(line.low), _drawable(line.high)
        for curve, values in zip(self._curves, (low, high), strict=True):
            curve.setPen(pg.mkPen(colour, width=_LINE_WIDTH if line.step == 1 else 1))
            curve.setData(x, values)
        fill = QColor(colour)
        fill.setAlpha(120)
        self._band.setBrush(fill)
        self.box.invertY(False)
        self.label(*self._axes)
        self.show_range((0.0, max(1.0, line.rows - 1.0)), finite_range(np.concatenate([low, high])))

    # --- the mouse -------------------------------------------------------------------------------------------

    def _cell(self, place: QPointF) -> tuple[int, int] | None:
        """Row and column of the array at a place of the axes; column 0 for a line; None beside it."""
        picture = self._picture
        if isinstance(picture, Line):
            row = round(place.x())
            return (row, 0) if 0 <= row < picture.rows else None
        if picture is None:
            return None
        across, down = int(np.floor(place.x())), int(np.floor(place.y()))
        row, column = (across, down) if self._timed else (down, across)
        return (row, column) if 0 <= row < picture.rows and 0 <= column < picture.columns else None

    def _moved(self, scene: QPointF) -> None:
        place = self.at(scene)
        cell = self._cell(place) if place is not None else None
        self.hovered.emit(self._describe(*cell) if cell else "")

    def _describe(self, row: int, column: int) -> str:
        picture = self._picture
        if isinstance(picture, Line):
            low, high = (_number(v[row // picture.step]) for v in (picture.low, picture.high))
            return f"{row}: {low}" if picture.step == 1 else f"{row}: {low} to {high} over {picture.step} values"
        assert picture is not None
        value = _number(picture.values[row // picture.row_step, column // picture.column_step])
        mean = picture.row_step * picture.column_step > 1
        return f"row {row}, column {column}: {value}{' on average' if mean else ''}"

    def _clicked(self, event: object) -> None:
        super()._clicked(event)
        place = self.at(getattr(event, "scenePos", QPointF)())
        cell = self._cell(place) if place is not None and self._timed else None
        if cell is not None:
            self.frame_clicked.emit(cell[0])


def _number(value: npt.NDArray[np.float64] | np.float64) -> str:
    return f"{float(value):.6g}" if np.isfinite(value) else "no finite value"


def _drawable(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Values whose differences do not overflow while axes are laid out; what lies beyond 1e150 is drawn there."""
    return np.clip(values, -_MOST, _MOST)


def caption_of(picture: Picture, name: str) -> str:
    """What was drawn and at what coarseness, in a sentence."""
    if isinstance(picture, Line):
        if picture.step == 1:
            return f"{name}: every value"
        return f"{name}: lowest and highest of every {picture.step} values"
    size = f"{picture.rows} × {picture.columns}"
    if picture.row_step * picture.column_step == 1:
        return f"{name}: every value of {size}"
    return f"{name}: means over {picture.row_step} × {picture.column_step} of {size}"
