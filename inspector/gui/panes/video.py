"""The videos of a data set: the current frame large, all frames below it, and a way to every sample."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from inspector.gui import theme
from inspector.gui.models import sample_facts
from inspector.gui.panes.parts import hairline
from inspector.gui.panes.picture_buttons import PictureButtons, bar_button
from inspector.gui.panes.video_art import Entry
from inspector.gui.panes.video_canvas import Scene, VideoCanvas
from inspector.gui.panes.video_facts import FactLine
from inspector.gui.panes.video_feed import SampleFeed
from inspector.gui.panes.video_navigator import SampleNavigator
from inspector.gui.panes.video_paths import MEASURED, PROJECTED, Paths
from inspector.gui.panes.video_reading import Part
from inspector.gui.panes.video_strip import FrameStrip
from inspector.gui.panes.video_strip_art import Strip
from inspector.gui.tasks import Tasks
from inspector.gui.view import Display, ViewState
from inspector.render.pixels import BRIGHTER, DARKER

_STRIP_SHARE = 0.34  # of the pane's height, at most
_TOGGLES = (
    ("difference", "Difference", "What changed since the frame before, in colour, on a muted frame"),
    ("contrast", "Contrast", "Stretch to the darkest and brightest value of the sample"),
)


class VideoPane(QWidget):
    """Shows the sample and frame of a view, and asks for others.

    Page Up and Page Down step through the samples listed.

    Parameters
    ----------
    tasks
        Reads, draws and writes off the UI thread.

    Signals
    -------
    seek_requested(int), sample_requested(int)
        Frame; sample. Both are counted from 0.
    subset_requested(object)
        `Subset` of the samples to step through.
    display_changed(object)
        `Display` that the user wants.
    saved(str)
        A picture was written to this path.
    """

    seek_requested = Signal(int)
    sample_requested = Signal(int)
    subset_requested = Signal(object)
    display_changed = Signal(object)
    saved = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, tasks: Tasks) -> None:
        super().__init__(parent)
        self.setAccessibleName("Video")
        self._view = ViewState()
        self._hovered = False
        self.feed = SampleFeed(tasks, self)
        self.canvas = VideoCanvas(self)
        self.strip = FrameStrip(self)
        self.facts = FactLine(self)
        self.navigator = SampleNavigator(self)
        self.toggles = {field: bar_button(self, text, tip, checkable=True) for field, text, tip in _TOGGLES}
        self.path = bar_button(self, "Path", "The object's path, and that of its trajectory", checkable=True)
        self.fit = bar_button(self, "Fit", "Show the whole frame (double-click or 0)")
        self.pictures = PictureButtons(self, self.canvas.image, self._picture_name, tasks)
        self.setFocusProxy(self.canvas)
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.HALF, theme.HALF, theme.HALF, theme.HALF)
        bar.setSpacing(theme.HALF)
        for button in (*self.toggles.values(), self.path):
            bar.addWidget(button)
        bar.addSpacing(theme.GRID)
        bar.addWidget(self.fit)
        bar.addStretch(1)
        bar.addWidget(self.pictures.copy)
        bar.addWidget(self.pictures.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(hairline(self))
        column.addWidget(self.canvas, 1)
        column.addWidget(hairline(self))
        column.addWidget(self.strip)
        column.addWidget(self.facts)
        column.addWidget(hairline(self))
        column.addWidget(self.navigator)

    def _connect(self) -> None:
        for button in self.toggles.values():
            button.clicked.connect(self._ask_display)
        self.path.toggled.connect(self._show_frame)
        self.fit.clicked.connect(self.canvas.fit)
        self.pictures.saved.connect(self.saved)
        self.canvas.camera_changed.connect(self._camera_changed)
        self.canvas.step_requested.connect(self._step)
        self.strip.seek_requested.connect(self.seek_requested)
        self.navigator.sample_requested.connect(self.sample_requested)
        self.navigator.subset_requested.connect(self.subset_requested)
        self.facts.sample_requested.connect(self.sample_requested)
        self.facts.group_requested.connect(self._pick_group)
        self.facts.path_clicked.connect(self.path.toggle)
        self.facts.path_hovered.connect(self._hover_path)
        self.feed.changed.connect(self._take_part)
        self.feed.slow.connect(self._show_waiting)
        self.feed.drawn.connect(self._show_frame)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_view(self, view: ViewState) -> None:
        """Show a view; what is not in memory yet comes when it has been read."""
        before, self._view = self._view, view
        new = view.inspection is not before.inspection
        self.navigator.show_view(view)
        self.feed.show_view(view)
        if new or replace(view, frame=before.frame) != before:
            self._refresh(new=new)
        elif view.frame != before.frame:
            self._show_frame()

    @property
    def words(self) -> str:
        """What is said in place of a picture; empty while there is one."""
        view = self._view
        if self.feed.error:
            return self.feed.error
        if self.feed.part is not None:
            return ""
        if view.inspection is None:
            return "Loading…" if view.loading else "Select a file"
        if view.dataset is None:
            return "This file has no videos"
        if not view.dataset.layout.samples or not view.dataset.layout.frames:
            return "Its videos are empty"
        return "Loading…"

    def _take_part(self) -> None:
        """Other frames are in memory, or none."""
        part, dataset, strip = self.feed.part, self._view.dataset, Strip()
        if part is not None and dataset is not None:
            strip = Strip(
                part.thumbs, part.key.first, part.stride, len(part), sample_facts.marks(dataset, part.key.sample)
            )
        self.strip.set_dimmed(False)
        self.strip.show_strip(strip, self._view.frame)
        self._show_frame()

    def _show_waiting(self) -> None:
        """It takes long enough to be seen: dim what is shown meanwhile."""
        self.strip.set_dimmed(True)
        self._show_frame()

    def _refresh(self, *, new: bool = False) -> None:
        """Everything but the picture."""
        view = self._view
        for field, button in self.toggles.items():
            button.setChecked(bool(getattr(view.display, field)))
        for button in self.toggles.values():
            button.setEnabled(self.feed.has_videos)
        known = view.dataset.frames if view.dataset else {}
        self.path.setEnabled(self.feed.has_videos and ("object_x" in known or "projected_x" in known))
        self.facts.show_facts(sample_facts.facts(view.dataset, view.sample) if view.dataset else (), new=new)
        self._show_frame()

    def _show_frame(self) -> None:
        """The frame of the view, of what is in memory."""
        part, view = self.feed.part, self._view
        for control in (self.pictures.copy, self.pictures.save):
            control.setEnabled(part is not None)
        if part is None or not len(part):
            self.canvas.show_scene(Scene(QImage(), words=self.words))
            self._camera_changed()
            return
        index = min(max(view.frame - part.key.first, 0), len(part) - 1)
        paths = Paths()
        if view.dataset is not None and self.feed.current and (self.path.isChecked() or self._hovered):
            paths = Paths(*sample_facts.paths(view.dataset, part.key.sample))
        self.canvas.show_scene(
            Scene(
                image=self.feed.image(index),
                pixels=part.frames[index],
                frame=part.key.first + index,
                paths=paths,
                legend=self._legend(part, paths),
                dimmed=self.feed.waiting,
            )
        )
        if self.feed.current:
            self.strip.show_frame(view.frame)
        self._camera_changed()

    def _legend(self, part: Part, paths: Paths) -> tuple[Entry, ...]:
        entries = []
        if part.key.look.difference:
            entries += [Entry("became brighter", _name(BRIGHTER), block=True)]
            entries += [Entry("became darker", _name(DARKER), block=True)]
        if paths.measured is not None:
            entries.append(Entry("the object's path", MEASURED))
        if paths.projected is not None:
            entries.append(Entry("its trajectory, projected", PROJECTED, dashed=True))
        if part.key.look.contrast:
            low, high = (limit * part.key.look.scale for limit in part.limits)
            entries.append(Entry(f"black is {low:.4g}, white {high:.4g}"))
        return tuple(entries)

    # --- hands -----------------------------------------------------------------------------------------------

    def _camera_changed(self) -> None:
        self.fit.setEnabled(not self.canvas.camera.fitted and not self.canvas.scene.image.isNull())

    def _ask_display(self) -> None:
        """Ask for what the buttons say; the next view sets them."""
        wanted = {field: button.isChecked() for field, button in self.toggles.items()}
        display: Display = replace(self._view.display, **wanted)
        self.display_changed.emit(display)

    def _step(self, frames: int) -> None:
        self.seek_requested.emit(min(max(self._view.frame + frames, 0), max(self._view.frames - 1, 0)))

    def _pick_group(self, group: int) -> None:
        self.subset_requested.emit(replace(self._view.subset, group=group))

    def _hover_path(self, hovered: bool) -> None:
        self._hovered = hovered
        self._show_frame()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page Up and Page Down: the sample before, the sample after."""
        if event.key() == Qt.Key.Key_PageUp:
            self.navigator.step(-1)
        elif event.key() == Qt.Key.Key_PageDown:
            self.navigator.step(1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to the frame."""
        super().resizeEvent(event)
        self.strip.set_most_height(round(self.height() * _STRIP_SHARE))

    # --- pictures --------------------------------------------------------------------------------------------

    def _picture_name(self) -> str:
        view, stem = self._view, Path(self._view.path or "videos").stem
        return f"{stem}_sample_{view.sample:05d}_frame_{view.frame:05d}.png"


def _name(colour: tuple[int, int, int]) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)
