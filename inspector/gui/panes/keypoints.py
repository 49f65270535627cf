"""The clip itself: points and bones in motion, and what of them is drawn; beside its copies where that is wanted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from inspector.checks.finding import Finding
from inspector.gui import theme
from inspector.gui.panes.keypoint_canvas import KeypointCanvas, Scene
from inspector.gui.panes.keypoint_legend import Entry, KeypointLegend
from inspector.gui.panes.parts import hairline
from inspector.gui.panes.picture_buttons import PictureButtons, bar_button
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState
from inspector.render.colour import mixed
from inspector.render.skeleton import SkeletonPainter
from inspector.render.style import Layers

if TYPE_CHECKING:
    from inspector.gui.panes.side_by_side import SideBySidePane

_NORMALISED = (0.0, 0.0, 1.0, 1.0)
_TOGGLES = (
    ("bones", "Bones", "Lines between points"),
    ("hidden_points", "Hidden", "Points that were not detected, hollow, where the file keeps a position for them"),
    ("trails", "Trails", "Where visible points came from, over the last 12 frames"),
    ("ids", "Ids", "Each point's index"),
)


class KeypointsPane(QWidget):
    """Shows the frame of a view, and asks for other layers or frames.

    Parameters
    ----------
    tasks
        Writes pictures and reads copies off the UI thread and shows what goes wrong; without it pictures are written at
        once, and a clip is shown by itself.

    Signals
    -------
    display_changed(Display)
        What the user wants drawn.
    seek_requested(int)
        Frame.
    saved(str)
        A picture was written to this path.
    comparing_changed(bool), beside_picked(tuple[str, ...]), path_requested(str)
        As `SideBySidePane`'s.
    """

    display_changed = Signal(object)
    seek_requested = Signal(int)
    saved = Signal(str)
    comparing_changed = Signal(bool)
    beside_picked = Signal(object)
    path_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, tasks: Tasks | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Keypoints")
        self._tasks = tasks
        self._view = ViewState()
        self.side_by_side: SideBySidePane | None = None
        self._skeleton: SkeletonPainter | None = None
        self._bounds = _NORMALISED
        self._finding: Finding | None = None
        self._named: tuple[int, ...] = ()
        self._when = np.empty((0, 2), dtype=np.int64)
        self.canvas = KeypointCanvas(self)
        self.legend = KeypointLegend(self)
        self.toggles = {field: bar_button(self, text, tip, checkable=True) for field, text, tip in _TOGGLES}
        self.fit = bar_button(self, "Fit", "Show the whole picture (double-click or 0)")
        self.pictures = PictureButtons(self, self.canvas.image, self._picture_name, tasks)
        self._lay_out()
        self._connect()
        self.show_view(self._view)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.HALF, theme.HALF, theme.HALF, theme.HALF)
        bar.setSpacing(theme.HALF)
        for button in self.toggles.values():
            bar.addWidget(button)
        bar.addSpacing(theme.GRID)
        bar.addWidget(self.fit)
        bar.addStretch(1)
        bar.addWidget(self.pictures.copy)
        bar.addWidget(self.pictures.save)
        alone = QWidget(self)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(alone)
        column = QVBoxLayout(alone)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(hairline(self))
        column.addWidget(self.canvas, 1)
        column.addWidget(hairline(self))
        column.addWidget(self.legend)

    def _connect(self) -> None:
        for button in self.toggles.values():
            button.clicked.connect(self._ask_display)
        self.fit.clicked.connect(self.canvas.fit)
        self.pictures.saved.connect(self.saved)
        self.canvas.camera_changed.connect(self._camera_changed)
        self.canvas.step_requested.connect(self._step)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_view(self, view: ViewState) -> None:
        """Show a view."""
        if self._tasks is not None and (view.beside or self.side_by_side is not None):
            self._compare(view, self._tasks)
        if view.beside and self._pages.currentIndex():
            return
        if view.inspection is not self._view.inspection:
            self._take_clip(view)
        if view.inspection is not self._view.inspection or view.finding != self._view.finding:
            self._take_finding(view)
        self._view = view
        for field, button in self.toggles.items():
            button.setChecked(bool(getattr(view.display, field)))
        skeleton, display = self._skeleton, view.display
        for control in (*self.toggles.values(), self.pictures.copy, self.pictures.save):
            control.setEnabled(skeleton is not None)
        layers = Layers(
            bones=display.bones,
            hidden=display.hidden_points,
            trails=display.trails,
            ids=display.ids,
            square=self._bounds == _NORMALISED,
        )
        self.canvas.show_scene(
            Scene(skeleton, self._bounds, view.frame, layers, self._named, self._ring_colour(), self.words)
        )
        self._camera_changed()
        if skeleton is None or not 0 <= view.frame < len(skeleton):
            self.legend.show_entries((), 0)
            return
        counts = skeleton.counts(view.frame)
        entries = tuple(
            Entry(layer.title, layer.colour, seen, of)
            for layer, (seen, of) in zip(skeleton.layers, counts, strict=True)
            if of
        )
        self.legend.show_entries(entries, int((~skeleton.placed(view.frame)).sum()))

    @property
    def words(self) -> str:
        """What is said in place of a picture; empty while there is one."""
        view = self._view
        if self._skeleton is not None:
            return ""
        if view.inspection is None:
            return "Loading…" if view.loading else "Select a clip"
        if view.inspection.record.error:
            return f"This file has no keypoints to show\n{view.inspection.record.error}"
        return "This file has no keypoints"

    def _compare(self, view: ViewState, tasks: Tasks) -> None:
        """Show the clip beside its copies, or again by itself."""
        side = self.side_by_side
        if side is None:
            from inspector.gui.panes.side_by_side import SideBySidePane  # few clips have copies

            side = self.side_by_side = SideBySidePane(tasks, self)
            self._pages.addWidget(side)
            for name in ("comparing_changed", "beside_picked", "path_requested", "seek_requested"):
                getattr(side, name).connect(getattr(self, name))
        side.show_view(view)
        self._pages.setCurrentIndex(1 if view.beside else 0)

    def _take_clip(self, view: ViewState) -> None:
        inspection = view.inspection
        clip = inspection.clip if inspection else None
        if inspection is None or clip is None or not len(clip):
            self._skeleton, self._bounds = None, _NORMALISED
        else:
            self._skeleton = SkeletonPainter(clip.points, clip.visible, inspection.skeleton)
            self._bounds = clip.bounds

    def _take_finding(self, view: ViewState) -> None:
        """Remember what the current finding names; it may have a hundred thousand ranges, and frames come fast."""
        known = view.finding is not None and 0 <= view.finding < len(view.findings)
        self._finding = view.findings[view.finding] if known and view.finding is not None else None
        named, frames = (self._finding.points, self._finding.frames) if self._finding else ((), ())
        self._named = tuple(p for first, last in named for p in range(first, last + 1))
        self._when = np.array(frames, dtype=np.int64).reshape(-1, 2)

    def _ring_colour(self) -> str:
        """The current finding's colour: strong in its frames, faint in others."""
        if self._finding is None:
            return ""
        colour = theme.severity_colour(self._finding.severity, self.palette())
        before = int(np.searchsorted(self._when[:, 0], self._view.frame, side="right")) - 1
        if len(self._when) and not (before >= 0 and self._view.frame <= self._when[before, 1]):
            colour = mixed(colour, theme.canvas(self.palette()), 0.35)
        return colour.name()

    def _camera_changed(self) -> None:
        self.fit.setEnabled(self._skeleton is not None and not self.canvas.camera.fitted)

    # --- what is asked for -----------------------------------------------------------------------------------

    def _ask_display(self) -> None:
        wanted = {field: button.isChecked() for field, button in self.toggles.items()}
        self.display_changed.emit(replace(self._view.display, **wanted))

    def _step(self, frames: int) -> None:
        self.seek_requested.emit(min(max(self._view.frame + frames, 0), max(self._view.frames - 1, 0)))

    # --- pictures --------------------------------------------------------------------------------------------

    def _picture_name(self) -> str:
        return f"{Path(self._view.path or 'clip').stem}_frame_{self._view.frame:05d}.png"
