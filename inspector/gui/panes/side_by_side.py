"""A clip beside its copies: the same moment in each of them, played in step."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from inspector.audit import Options
from inspector.audit.inspection import Inspection
from inspector.audit.record import visible_path
from inspector.gui import theme
from inspector.gui.copies import Copy, distance
from inspector.gui.panes.camera import Camera
from inspector.gui.panes.keypoint_canvas import KeypointCanvas
from inspector.gui.panes.parts import caption, hairline
from inspector.gui.panes.picture_buttons import bar_button
from inspector.gui.panes.side_member import Film, SideMember, apart_text
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState
from inspector.profiles.model import Profile
from inspector.render.style import Layers

READ = "beside"

_WORDS = 7 * theme.GRID  # above and below each picture


class SideBySidePane(QWidget):
    """Shows the selected clip and the copies that a view puts beside it.

    All canvases are looked into alike: zooming one zooms the others.

    Parameters
    ----------
    tasks
        Reads the copies.

    Signals
    -------
    comparing_changed(bool)
        False: go back to the selected clip alone.
    beside_picked(tuple[str, ...])
        Show these copies rather than others.
    path_requested(str)
        Select this file.
    seek_requested(int)
        Frame of the selected clip.
    """

    comparing_changed = Signal(bool)
    beside_picked = Signal(object)
    path_requested = Signal(object)  # as `str` Qt would lose what is not UTF-8 in a path
    seek_requested = Signal(int)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Clips side by side")
        self._tasks = tasks
        self._view = ViewState()
        self._films: dict[str, Film] = {}
        self._asked: tuple[str, ...] = ()
        self._across = 1
        self._leading = False  # one canvas leads the others
        self.members: list[SideMember] = []
        self.heading = caption("", self)
        self.others = bar_button(self, "Others", "Which copies are shown")
        self.others.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.others)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.others.setMenu(self.menu)
        self.fit = bar_button(self, "Fit", "Show the whole pictures (double-click or 0)")
        self.fit.clicked.connect(self._fit)
        self.close_button = bar_button(self, "Close", "Back to the selected clip alone (Esc)")
        self.close_button.clicked.connect(self._close)
        self.apart = caption("", self)
        self._lay_out()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.GRID, theme.HALF, theme.HALF, theme.HALF)
        bar.setSpacing(theme.HALF)
        bar.addWidget(self.heading, 1)
        for button in (self.others, self.fit, self.close_button):
            bar.addWidget(button)
        below = QHBoxLayout()
        below.setContentsMargins(theme.GRID, theme.HALF, theme.GRID, theme.HALF)
        below.addWidget(self.apart, 1)
        self._grid = QGridLayout()
        self._grid.setSpacing(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(hairline(self))
        column.addLayout(self._grid, 1)
        column.addWidget(hairline(self))
        column.addLayout(below)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_view(self, view: ViewState) -> None:
        """Show a view's clip and what it puts beside it."""
        before, self._view = self._view, view
        inspection = view.inspection
        if inspection is not None and inspection is not before.inspection:
            if before.inspection is not None and before.path == view.path:
                self._films.clear()  # read again, so the others may have changed, too
            self._films[inspection.path] = Film.of(inspection)
        if (view.path, view.beside, view.copies) != (before.path, before.beside, before.copies):
            self._show_files()
        self._read()
        self._show_frames()

    def _show_files(self) -> None:
        view = self._view
        files: list[tuple[str, Copy | None]] = [(view.path or "", None), *((c.path, c) for c in view.beside)]
        self._place(len(files) if view.beside else 0)
        folder = _folder_of([path for path, _ in files])
        for member, (path, copy) in zip(self.members, files, strict=False):
            member.show_file(path, copy, folder)
        many, shown = len(view.copies), len(view.beside)
        self.heading.setText(f"{_count(many)} of this recording" + (f", {shown} shown" if shown < many else ""))
        self.others.setVisible(shown < many)
        wanted = {path for path, _ in files}
        self._films = {path: film for path, film in self._films.items() if path in wanted}

    def _place(self, count: int) -> None:
        """Have so many members, and put them where they belong."""
        while len(self.members) < count:
            member = SideMember(self)
            member.path_requested.connect(self.path_requested)
            member.canvas.camera_changed.connect(partial(self._lead, member.canvas))
            member.canvas.step_requested.connect(self._step)
            self.members.append(member)
        self._across = across = self._columns(count)
        for number, member in enumerate(self.members):
            self._grid.removeWidget(member)
            member.setVisible(number < count)
            if number < count:
                self._grid.addWidget(member, number // across, number % across)
        for line in range(max(len(self.members), 2)):
            self._grid.setColumnStretch(line, 1 if line < across else 0)
            self._grid.setRowStretch(line, 1 if line * across < count else 0)

    def _columns(self, count: int) -> int:
        """All in a row, but four two by two where that makes the pictures larger."""
        in_a_row = self.width() / 4, self.height() - _WORDS
        two_by_two = self.width() / 2, self.height() / 2 - _WORDS
        return 2 if count == 4 and min(two_by_two) > min(in_a_row) else count

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand as the room allows."""
        super().resizeEvent(event)
        count = len(self._view.beside) + 1
        if self._view.beside and self._columns(count) != self._across:
            self._place(count)

    def _read(self) -> None:
        view = self._view
        missing = tuple(copy.path for copy in view.beside if copy.path not in self._films)
        if not missing:
            self._asked = ()
            self._tasks.drop(READ)
        elif view.inspection is not None and missing != self._asked:
            self._asked = missing
            self._tasks.latest(READ, partial(_inspected, missing, view.inspection.profile), self._take)

    def _take(self, inspections: Sequence[Inspection]) -> None:
        self._asked = ()
        for inspection in inspections:
            self._films[inspection.path] = Film.of(inspection)
        self._show_frames()

    def _show_frames(self) -> None:
        view, display = self._view, self._view.display
        if not view.beside:
            return
        layers = Layers(display.bones, display.hidden_points, display.trails, display.ids)
        shown = self._films.get(view.path or "")
        self.members[0].show_frame(shown, view.frame, layers, None)
        found: list[float] = []
        for member, copy in zip(self.members[1:], view.beside, strict=False):
            film, away = self._films.get(copy.path), float("nan")
            if shown and film and shown.posed and film.posed:
                away = distance(shown.posed, view.frame, film.posed, copy)
            found.append(away)
            member.show_frame(film, copy.frame(view.frame), layers, away if len(view.beside) > 1 else None)
        known = [away for away in found if np.isfinite(away)]
        said = f"On average {apart_text(float(np.mean(known)))}" if known else "Nothing to compare"
        self.apart.setText(f"{said} at this frame. Where in the picture they are, and how large, does not count.")
        self._show_fit()

    # --- what is asked for -----------------------------------------------------------------------------------

    @Slot()
    def _close(self) -> None:
        self.comparing_changed.emit(False)

    def _step(self, frames: int) -> None:
        self.seek_requested.emit(min(max(self._view.frame + frames, 0), max(self._view.frames - 1, 0)))

    @Slot()
    def _fill_menu(self) -> None:
        self.menu.clear()
        shown = [copy.path for copy in self._view.beside]
        folder = _folder_of([copy.path for copy in self._view.copies])
        for copy in self._view.copies:
            name = visible_path(copy.path[len(folder) :].lstrip("/\\")).replace("&", "&&")
            action = self.menu.addAction(f"{name}\t{copy.words}")
            action.setCheckable(True)
            action.setChecked(copy.path in shown)
            action.triggered.connect(partial(self._toggle, copy.path))

    def _toggle(self, path: str, *_: bool) -> None:
        """Show a copy before the others, or after all those that are not shown."""
        shown = [copy.path for copy in self._view.beside]
        others = [other for other in shown if other != path]
        hidden = [copy.path for copy in self._view.copies if copy.path not in (*shown, path)]
        self.beside_picked.emit((*others, *hidden) if path in shown else (path, *others))

    # --- looking into them -----------------------------------------------------------------------------------

    def _lead(self, canvas: KeypointCanvas) -> None:
        """The other canvases look where one of them looks; into a mirror image at the mirrored place."""
        if not self._leading:
            self._leading = True
            flipped = self._flipped(canvas)
            for member in self.members:
                if member.canvas is not canvas:
                    member.canvas.look(_same_place(canvas, member.canvas, flipped != self._flipped(member.canvas)))
            self._leading = False
        self._show_fit()

    def _flipped(self, canvas: KeypointCanvas) -> bool:
        copies = dict(zip((member.canvas for member in self.members[1:]), self._view.beside, strict=False))
        return canvas in copies and copies[canvas].mirrored

    @Slot()
    def _fit(self) -> None:
        for member in self.members:
            member.canvas.fit()

    def _show_fit(self) -> None:
        self.fit.setEnabled(any(not member.canvas.camera.fitted for member in self.members))


def _same_place(of: KeypointCanvas, to: KeypointCanvas, mirrored: bool) -> Camera:
    """Where a canvas has to look to show what another one shows, each in its own units."""
    camera = of.camera
    if camera.centre is None:
        return camera
    x0, y0, x1, y1 = of.bounds()
    across, down = (camera.centre[0] - x0) / (x1 - x0), (camera.centre[1] - y0) / (y1 - y0)
    x2, y2, x3, y3 = to.bounds()
    across = 1 - across if mirrored else across
    return replace(camera, centre=(x2 + across * (x3 - x2), y2 + down * (y3 - y2)))


def _inspected(paths: Sequence[str], profile: Profile) -> list[Inspection]:
    """Read files; never on the UI thread."""
    from inspector.audit.one import inspect_file  # takes a while the first time

    return [inspect_file(path, Options(profile=profile)) for path in paths]


def _folder_of(paths: Sequence[str]) -> str:
    """The folder that all files lie in; empty where there is none."""
    try:
        return os.path.commonpath([os.path.dirname(path) for path in paths])  # noqa: PTH120 - as the system gave it
    except ValueError:  # different drives
        return ""


def _count(copies: int) -> str:
    return "1 copy" if copies == 1 else f"{copies} copies"
