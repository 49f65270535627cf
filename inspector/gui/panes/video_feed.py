"""Brings the frames that a view asks for, one sample at a time, and keeps the last one until the next is there."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from inspector.audit.arrays import Job
from inspector.audit.pixels import Pixels
from inspector.errors import InspectorError
from inspector.gui.panes.video_reading import Key, Look, Part, draw, frame_image, part_start, read_part
from inspector.gui.samples import following
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState

_SLOW_MS = 150  # a sample that is there sooner takes the other's place without anything in between


class SampleFeed(QObject):
    """Reads and draws samples in threads; answers that the view no longer wants are dropped.

    Signals
    -------
    changed()
        Another `part`, or an `error`.
    slow()
        What was asked for takes long enough to be seen; `waiting` is set.
    drawn()
        The picture of a large frame is there.
    """

    changed = Signal()
    slow = Signal()
    drawn = Signal()

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._view = ViewState()
        self._pixels: Pixels | None = None
        self._asked: Key | None = None
        self._travel = 1
        self._reading, self._ahead = Job(), Job()  # who asks for something else stops them
        self._made: tuple[Key, int, QImage] | None = None  # a large frame's picture
        self.part: Part | None = None
        self.error = ""
        self.waiting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SLOW_MS)
        self._timer.timeout.connect(self._wait)

    @property
    def has_videos(self) -> bool:
        """Whether the view's file has any."""
        return self._pixels is not None

    @property
    def current(self) -> bool:
        """Whether `part` is of the view's file, sample and frame, if not yet in its colours."""
        return self.part is not None and self._asked is not None and self._same_frames(self.part, self._asked)

    def show_view(self, view: ViewState) -> None:
        """Bring what a view shows."""
        before, self._view = self._view, view
        if view.inspection is not before.inspection and not self._is_same_file():
            self._take_file()
        elif view.sample != before.sample:
            self._travel = 1 if view.sample > before.sample else -1
        self._ask()

    def image(self, index: int) -> QImage:
        """The picture of a frame of `part`; of large frames the last one that was made, until this one is."""
        part = self.part
        if part is None:
            return QImage()
        if part.images:
            return part.images[index]
        if self._made is None or self._made[:2] != (part.key, index):
            self._tasks.latest("video frame", partial(frame_image, part, index), partial(self._drawn, part.key, index))
        if self._made is not None and self._made[0] == part.key:
            return self._made[2]
        return part.thumbs[index // part.stride].scaled(part.frames.shape[2], part.frames.shape[1])

    def close(self) -> None:
        """Let the file go."""
        self._reading.stop()
        self._ahead.stop()
        if self._pixels is not None:
            self._pixels.close()
            self._pixels = None

    def _is_same_file(self) -> bool:
        """Whether the view's videos are those that are open: a glance at the file came first."""
        pixels, dataset, inspection = self._pixels, self._view.dataset, self._view.inspection
        if pixels is None or dataset is None or inspection is None:
            return False
        file = inspection.path, inspection.record.mtime_ns, dataset.array, dataset.layout
        return file == (pixels.path, pixels.mtime_ns, pixels.array, pixels.layout)

    def _take_file(self) -> None:
        """Let the file before go; its last sample stays until the first of this one is there."""
        self._tasks.drop("video next")
        self.close()
        view, dataset = self._view, self._view.dataset
        self._travel = 1
        if view.inspection is not None and dataset is not None and dataset.layout.samples and dataset.layout.frames:
            self._pixels = Pixels(view.inspection.path, dataset, view.inspection.record.mtime_ns)
        else:
            self._tasks.drop("video sample")
            self._asked = None
            self._settle(None, "")

    def _ask(self) -> None:
        view, dataset, pixels = self._view, self._view.dataset, self._pixels
        if pixels is None or dataset is None:
            return
        look = Look(dataset.full_scale, view.display.difference, view.display.contrast)
        key = Key(pixels, view.sample, part_start(pixels, view.frame), look)
        if key == self._asked:
            return
        self._asked, self.error = key, ""
        self._reading.stop()
        self._ahead.stop()
        self._reading = Job()
        work = partial(read_part, key, self._reading.is_wanted)
        if self.part is not None and self._same_frames(self.part, key):  # in other colours, or gone and come back
            work = partial(draw, key, self.part.frames)
        elif not self.waiting and not self._timer.isActive():
            self._timer.start()
        self._tasks.latest("video sample", work, partial(self._arrived, key), partial(self._failed, key))

    @staticmethod
    def _same_frames(part: Part, key: Key) -> bool:
        return replace(part.key, look=key.look) == key

    def _arrived(self, key: Key, part: Part) -> None:
        if key != self._asked:
            return
        self._settle(part, "")
        if numbers := following(self._view.listed, key.sample, self._travel, key.pixels.ahead):
            self._ahead = Job()
            work = partial(key.pixels.read_ahead, numbers, self._ahead.is_wanted)
            self._tasks.latest("video next", work, _ignore, _ignore)

    def _failed(self, key: Key, error: Exception) -> None:
        if key == self._asked:
            text = str(error) if isinstance(error, InspectorError) else f"{type(error).__name__}: {error}"
            self._settle(None, text)

    def _settle(self, part: Part | None, error: str) -> None:
        """What was asked for is there, or never will be."""
        self._timer.stop()
        self.part, self.error, self.waiting, self._made = part, error, False, None
        self.changed.emit()

    def _wait(self) -> None:
        self.waiting = True
        self.slow.emit()

    def _drawn(self, key: Key, index: int, image: QImage) -> None:
        if self.part is not None and self.part.key == key:
            self._made = key, index, image
            self.drawn.emit()


def _ignore(_answer: object) -> None:
    """What was read ahead lies in memory; what could not be will say so when it is asked for."""
