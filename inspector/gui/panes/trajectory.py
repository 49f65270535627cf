"""The way that a sample's object takes: from the front, from above, and in space."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.gui import theme
from inspector.gui.models.dataset_points import place_of
from inspector.gui.panes.parts import Notice, caption, hairline
from inspector.gui.panes.picture_buttons import PictureButtons, bar_button
from inspector.gui.panes.trajectory_canvas import USUAL, Scene, TrajectoryCanvas
from inspector.gui.panes.trajectory_facts import facts_of, label_of, missing_words, others_of, path_of, place_words
from inspector.gui.panes.trajectory_marks import Marks
from inspector.gui.panes.trajectory_picture import picture_of
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState
from inspector.render.palette import class_colour
from inspector.render.trajectory import TrajectoryPainter, View

_SIDES: tuple[View, ...] = ("xy", "xz", "3d")
_ANGLES = (
    ("Front", "See x and z (3-D view)", (-90.0, 0.0)),
    ("Side", "See y and z (3-D view)", (0.0, 0.0)),
    ("Top", "See x and y (3-D view)", (-90.0, 90.0)),
    ("Turn back", "See it as at first (double-click or 0 in the 3-D view)", USUAL),
)
_NARROW = 80 * theme.GRID  # below it facts and coordinates take a line each
_NO_NUMBERS = np.zeros(0, dtype=np.int64)


class TrajectoryPane(QWidget):
    """Shows the trajectory of a view's sample.

    Parameters
    ----------
    tasks
        Writes pictures off the UI thread and shows what goes wrong; without it they are written at once.

    Signals
    -------
    seek_requested(int)
        A point of the path was clicked: its frame.
    sample_requested(int)
        The path of another sample was clicked.
    saved(str)
        A picture was written to this path.
    """

    seek_requested = Signal(int)
    sample_requested = Signal(int)
    saved = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, tasks: Tasks | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Trajectory")
        self._view = ViewState()
        self._scene: Scene | None = None
        self._behind = ""
        self.canvases = {side: TrajectoryCanvas(side, self) for side in _SIDES}
        self.others = bar_button(self, "Others", "The other samples of the class, faint behind")
        self.others.setCheckable(True)
        self.others.setChecked(True)
        self.angles = {text: bar_button(self, text, tip) for text, tip, _ in _ANGLES}
        self.pictures = PictureButtons(self, self.image, self._picture_name, tasks)
        self.marks = Marks(self)
        self.facts = caption(parent=self)
        self.facts.setAccessibleName("About this trajectory")
        self.place = caption(parent=self)
        self.place.setAccessibleName("The object at this frame")
        self.notice = Notice(self)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.canvases["3d"])
        self._say()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.HALF, theme.HALF, theme.HALF, theme.HALF)
        bar.setSpacing(theme.HALF)
        bar.addWidget(self.others)
        bar.addSpacing(theme.GRID)
        space = caption("3-D:", self)
        space.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        bar.addWidget(space)
        for button in self.angles.values():
            bar.addWidget(button)
        bar.addWidget(self.marks, 1)
        bar.addWidget(self.pictures.copy)
        bar.addWidget(self.pictures.save)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setContentsMargins(theme.GRID, theme.HALF, theme.GRID, theme.HALF)
        self._below.setSpacing(theme.HALF)
        self._below.addWidget(self.facts, 3)
        self._below.addWidget(self.place, 2)
        self._content = QWidget(self)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(1)
        self._arrangement: tuple[tuple[int, int, int, int], ...] = ()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(hairline(self))
        column.addLayout(self._grid, 1)
        column.addWidget(hairline(self))
        column.addLayout(self._below)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.notice)
        whole.addWidget(self._content, 1)
        self._arrange()

    def _connect(self) -> None:
        self.others.toggled.connect(self._take_sample)
        self.pictures.saved.connect(self.saved)
        space = self.canvases["3d"]
        for text, _, angles in _ANGLES:
            self.angles[text].clicked.connect(partial(_turn, space, angles))
        for canvas in self.canvases.values():
            canvas.frame_requested.connect(self._seek)
            canvas.sample_requested.connect(self.sample_requested)

    # --- what is shown ---------------------------------------------------------------------------------------

    @property
    def scene(self) -> Scene | None:
        """What the views draw; None where there is no trajectory."""
        return self._scene

    def show_view(self, view: ViewState) -> None:
        """Paint what differs from the view before."""
        before, self._view = self._view, view
        if view.dataset is not before.dataset or view.sample != before.sample:
            self._take_sample()
        elif view.frame != before.frame:
            self._show_frame()
        if view.inspection is not before.inspection or view.loading != before.loading:
            self._say()

    def _take_sample(self) -> None:
        """Make a scene of the shown sample."""
        dataset, sample = self._view.dataset, self._view.sample
        path = path_of(dataset, sample) if dataset is not None else None
        self._scene, self._behind = None, ""
        if dataset is not None and path is not None:
            numbers, many = others_of(dataset, sample) if self.others.isChecked() else (_NO_NUMBERS, 0)
            paths = np.asarray(dataset.trajectory)[numbers].astype(np.float64)
            colour = class_colour(place_of(dataset, label_of(dataset, sample)))
            self._scene = Scene(TrajectoryPainter(path, paths, colour), path, numbers, paths)
            if numbers.size < many:
                self._behind = f"  ·  {numbers.size} of {many:,} others are drawn"
            self.marks.show_colour(colour, bool(numbers.size))
            for button in self.angles.values():
                button.setEnabled(path.shape[1] == 3)
            self.facts.setText(facts_of(dataset, sample) + self._behind)
            self.facts.setToolTip(self.facts.text())
        self._show_frame()

    def _show_frame(self) -> None:
        frame = self._view.frame
        for canvas in self.canvases.values():
            canvas.show_scene(self._scene, frame)
        words = f"frame {frame}   {place_words(self._scene.path, frame)}" if self._scene is not None else ""
        self.place.setText(words)

    def _say(self) -> None:
        inspection = self._view.inspection
        self.notice.setVisible(self._scene is None)
        self._content.setVisible(self._scene is not None)
        if self._scene is not None:
            return
        if inspection is None or not inspection.complete:
            self.notice.say("Reading…" if self._view.loading else "Select a file")
        elif inspection.dataset is None or not inspection.dataset.layout.samples:
            self.notice.say("This file has no trajectory", inspection.record.error or "")
        else:
            self.notice.say("This file has no trajectory", missing_words(inspection))

    def _seek(self, frame: int) -> None:
        self.seek_requested.emit(min(frame, max(self._view.frames - 1, 0)))

    # --- pictures --------------------------------------------------------------------------------------------

    def image(self) -> QImage:
        """What is shown, with the line below."""
        return picture_of(tuple(self.canvases.values()), f"{self.facts.text()}  ·  {self.place.text()}")

    def _picture_name(self) -> str:
        return f"{Path(self._view.path or 'data').stem}_sample_{self._view.sample:05d}_trajectory.png"

    # --- where the views lie ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the views so that they are as large as they can be."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """In a row, two above one, or in a column: whichever gives the smallest of them the most room."""
        width, height = self.width(), self.height() - 9 * theme.GRID
        narrow = width < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._below.setDirection(way)
        side = Qt.AlignmentFlag.AlignLeft if narrow else Qt.AlignmentFlag.AlignRight
        self.place.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        choices: dict[tuple[tuple[int, int, int, int], ...], float] = {
            ((0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 1)): min(width / 3, height),
            ((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2)): min(width / 2, height / 2),
            ((0, 0, 1, 1), (1, 0, 1, 1), (2, 0, 1, 1)): min(width, height / 3),
        }
        best = max(choices, key=lambda choice: choices[choice])
        if best == self._arrangement:
            return
        self._arrangement = best
        for canvas, cell in zip(self.canvases.values(), best, strict=True):
            self._grid.addWidget(canvas, *cell)
        for line in range(3):
            self._grid.setColumnStretch(line, 1 if any(cell[1] <= line < cell[1] + cell[3] for cell in best) else 0)
            self._grid.setRowStretch(line, 1 if any(cell[0] == line for cell in best) else 0)


def _turn(canvas: TrajectoryCanvas, angles: tuple[float, float], _checked: bool = False) -> None:
    canvas.turn(*angles)
