"""What of a folder's plot is drawn once and kept: axis and words, dots and distribution, each while it holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xxhash
from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from inspector.gui import theme
from inspector.gui.models.folder_axis import Axis, axis_of
from inspector.gui.models.folder_figures import Figure
from inspector.gui.panes.folder_art import Room, counts_of, paint_ground, paint_side, room_of, ticks_of
from inspector.gui.panes.folder_dots import Dots, Layer
from inspector.gui.panes.folder_scene import Scene

Figures = npt.NDArray[np.float64]


class PlotPicture:
    """The still part of one plot.

    Parameters
    ----------
    plot
        Says how large, in which colours and fonts.

    Attributes
    ----------
    axis
        As fitted last.
    dots
        Where the files are in `picture`; None while there is none.
    ticks
        Marks at the axis: pixels from the top, and words.
    picture
        All but limits, the selected file and what is under the pointer.
    """

    def __init__(self, plot: QWidget, figure: Figure) -> None:
        self._plot = plot
        self._figure = figure
        self.axis = Axis()
        self.dots: Dots | None = None
        self.ticks: list[tuple[float, str]] = []
        self.picture: QPixmap | None = None
        self._ground: QPixmap | None = None
        self._bins = np.zeros(0, np.int16)
        self._places: tuple[object, ...] = ()
        self._fitted: tuple[object, ...] = ()
        self._looks: tuple[Layer, ...] | None = None
        self._wanted: tuple[object, ...] = ()

    def fit(self, scene: Scene, values: Figures, limits: Sequence[float], *, moving: bool) -> None:
        """Look at what is to be shown, and make the axis fit; never under a hand that drags a limit (`moving`).

        Parameters
        ----------
        values
            float64 (n,). The same array may hold other figures than the last time.
        """
        plot = self._plot
        figures = (xxhash.xxh3_64_intdigest(np.ascontiguousarray(values).data), len(values))
        if figures != self._fitted or not (moving or self.axis.holds(limits)):
            self._fitted = figures
            self.axis = axis_of(values, limits, self._figure.whole)
        order = 0 if scene.by_value else scene.arranged
        look = (plot.size(), plot.devicePixelRatioF(), plot.palette().cacheKey(), plot.font().key())
        self._wanted = (figures, order, self.axis, look)

    @property
    def moved(self) -> bool:
        """Whether dots lie elsewhere than drawn: milliseconds for 100,000."""
        return self._wanted != self._places

    def recoloured(self, scene: Scene) -> bool:
        """Whether dots look otherwise than drawn."""
        return scene.layers is not self._looks

    def draw(self, scene: Scene, values: Figures) -> None:
        """Draw what `fit` looked at, no more of it than changed."""
        room, palette = room_of(QSizeF(self._plot.size())), self._plot.palette()
        if self.moved or self.dots is None or self._ground is None:
            self.dots, count = self._place(scene, values, room)
            self._ground = self._grounded(room, count, len(values))
            self._places = self._wanted
        self._looks = scene.layers
        picture = QPixmap(self._ground)
        painter = QPainter(picture)
        paint_side(painter, room, scene.layers, counts_of(scene.layers, self._bins, room.bins), palette)
        corner = room.inside.topLeft() - QPointF(self.dots.margin, self.dots.margin)
        painter.drawImage(corner, self.dots.picture(scene.layers, palette))
        painter.end()
        self.picture = picture

    def drop(self) -> None:
        """Keep nothing by the hundred thousand."""
        self.dots = self._ground = self.picture = self._looks = None
        self._bins = np.zeros(0, np.int16)
        self._places = self._fitted = ()

    def _place(self, scene: Scene, values: Figures, room: Room) -> tuple[Dots, int]:
        """Where the dots lie, and how many there are."""
        up = np.clip(self.axis.share(values), 0.0, 1.0)
        known = np.isfinite(up)
        count = int(np.count_nonzero(known))
        if scene.by_value:
            across = np.empty(len(values))
            across[np.argsort(values, kind="stable")] = (np.arange(len(values)) + 0.5) / max(count, 1)  # NaN comes last
        else:
            across = (scene.places + 0.5) / max(len(values), 1)
        bins = np.minimum(np.nan_to_num(up) * room.bins, room.bins - 1).astype(np.int16)
        self._bins = np.where(known, bins, np.int16(room.bins))
        sharpness, inside = self._plot.devicePixelRatioF(), room.inside
        width, height = round(inside.width() * sharpness), round(inside.height() * sharpness)
        return Dots(across, up, width, height, sharpness), count

    def _grounded(self, room: Room, count: int, rows: int) -> QPixmap:
        plot, palette = self._plot, self._plot.palette()
        ground = QPixmap(plot.size() * plot.devicePixelRatioF())
        ground.setDevicePixelRatio(plot.devicePixelRatioF())
        ground.fill(theme.canvas(palette))
        self.ticks = ticks_of(room, self.axis, self._figure.whole)
        painter = QPainter(ground)
        painter.setFont(plot.font())
        paint_ground(painter, room, self._figure, self.ticks, count, rows, palette)
        painter.setPen(QPen(theme.line(palette), 1))
        painter.drawLine(0, plot.height() - 1, plot.width(), plot.height() - 1)
        painter.end()
        return ground
