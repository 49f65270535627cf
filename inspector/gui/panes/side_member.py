"""One of several clips that are shown side by side: its name, how it relates, its picture, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from inspector.audit.inspection import Inspection
from inspector.audit.record import visible_path
from inspector.gui import theme
from inspector.gui.copies import Copy, Posed
from inspector.gui.panes.keypoint_canvas import KeypointCanvas, Scene
from inspector.gui.panes.parts import caption
from inspector.render.skeleton import SkeletonPainter
from inspector.render.style import Layers

_NORMALISED = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """A clip ready to be drawn and measured; without `posed` it has no points, and `words` say why."""

    painter: SkeletonPainter | None
    posed: Posed | None
    words: str = ""

    @classmethod
    def of(cls, inspection: Inspection) -> Film:
        """What an inspection shows."""
        clip = inspection.clip
        if clip is None or not len(clip):
            return cls(None, None, inspection.record.error or "This file has no keypoints")
        body = inspection.record.measurements.get("body_size")
        size = float(body) if isinstance(body, int | float) else float("nan")
        painter = SkeletonPainter(clip.points, clip.visible, inspection.skeleton)
        return cls(painter, Posed(clip, inspection.skeleton, size))


class SideMember(QWidget):
    """Shows one frame of one clip.

    Signals
    -------
    path_requested(str)
        The file's name was clicked: select it.
    """

    path_requested = Signal(object)  # as `str` Qt would lose what is not UTF-8 in a path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = ""
        self._name = ""
        self.film: Film | None = None
        self.title = QToolButton(self)
        self.title.setAutoRaise(True)
        self.title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.title.clicked.connect(self._clicked)
        self.relation = caption("", self)
        self.canvas = KeypointCanvas(self)
        self.place = caption("", self)
        heading = QHBoxLayout()
        heading.setContentsMargins(theme.HALF + 1, 0, theme.GRID, 0)  # the button has a margin of its own
        heading.addWidget(self.title)
        heading.addStretch(1)
        words = QVBoxLayout()
        words.setContentsMargins(theme.GRID, 0, theme.GRID, theme.HALF)
        words.addWidget(self.relation)
        below = QVBoxLayout()
        below.setContentsMargins(theme.GRID, theme.HALF, theme.GRID, theme.HALF)
        below.addWidget(self.place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.HALF, 0, 0)
        column.setSpacing(0)
        column.addLayout(heading)
        column.addLayout(words)
        column.addWidget(self.canvas, 1)
        column.addLayout(below)

    def show_file(self, path: str, copy: Copy | None, folder: str) -> None:
        """Say which file this is, and how it relates; None: it is the one that the others are compared with."""
        self._path = path
        self._name = visible_path(path[len(folder) :].lstrip("/\\") if folder and path.startswith(folder) else path)
        self.relation.setText("the selected file" if copy is None else copy.words)
        strong = self.title.font()
        strong.setBold(copy is None)
        self.title.setFont(strong)
        self.title.setToolTip(visible_path(path) if copy is None else f"Select {visible_path(path)}")
        self.title.setAccessibleName(f"Select {self._name}")
        self.setAccessibleName(f"{Path(self._name).name}: {self.relation.text()}")
        self.canvas.setAccessibleName(f"Keypoints of {Path(self._name).name}")
        self._elide()

    def show_frame(self, film: Film | None, frame: int, layers: Layers, away: float | None) -> None:
        """Show a frame, or words where the file is not read yet or has no such frame.

        Parameters
        ----------
        away
            Body sizes from the selected file; None for that file itself, NaN where it cannot be told.
        """
        self.film = film
        painter, posed = (film.painter, film.posed) if film else (None, None)
        if film is None or painter is None or posed is None:
            self.canvas.show_scene(Scene(words=film.words if film else "Loading…"))
            self.place.setText("")
            return
        bounds = posed.clip.bounds
        layers = Layers(layers.bones, layers.hidden, layers.trails, layers.ids, square=bounds == _NORMALISED)
        last = len(painter) - 1
        inside = 0 <= frame <= last
        words = "" if inside else "Not begun yet" if frame < 0 else "Over"
        self.canvas.show_scene(Scene(painter if inside else None, bounds, max(frame, 0), layers, words=words))
        if not inside:
            self.place.setText(f"{last + 1} frames")
            return
        told = f"frame {frame} / {last}   {posed.clip.seconds[frame]:.2f} s"
        if away is not None:
            told += f"   {apart_text(away)}"
        self.place.setText(told)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the name to what fits."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = self.width() - 4 * theme.GRID
        metrics = self.title.fontMetrics()
        self.title.setText(metrics.elidedText(self._name, Qt.TextElideMode.ElideLeft, room).replace("&", "&&"))

    def _clicked(self) -> None:
        self.path_requested.emit(self._path)


def apart_text(away: float) -> str:
    """A distance in words."""
    return "distance unknown" if away != away else f"{away:.3f} body sizes apart"
