"""Long requests of the Arrays pane: each can be stopped, and a line shows how far they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from inspector.audit.arrays import Job
from inspector.gui import theme
from inspector.gui.tasks import Tasks

T = TypeVar("T")

_SHOW_AFTER_MS = 400
_POLL_MS = 100


class WorkLine(QWidget):
    """Runs work through `Tasks`, one request a channel, and shows a bar once that takes long."""

    def __init__(self, tasks: Tasks, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._prefix = tasks, prefix
        self._jobs: dict[str, tuple[str, Job]] = {}
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(theme.GRID)
        self._bar.setAccessibleName("Progress")
        self.stop_button = QToolButton(self)
        self.stop_button.setText("Stop")
        self.stop_button.setAccessibleName("Stop what is being computed")
        self.stop_button.clicked.connect(self.stop)
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.GRID, theme.HALF, theme.GRID, theme.HALF)
        line.setSpacing(theme.GRID)
        line.addWidget(self._words)
        line.addWidget(self._bar, 1)
        line.addWidget(self.stop_button)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_SHOW_AFTER_MS)
        self._late.timeout.connect(self._appear)
        self._poll = QTimer(self)
        self._poll.setInterval(_POLL_MS)
        self._poll.timeout.connect(self._update)
        self.hide()

    def start(
        self,
        channel: str,
        words: str,
        work: Callable[[Job], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Run `work` and call back; whatever ran on this channel is stopped and its answer dropped."""
        self.drop(channel)
        job = Job()
        self._jobs[channel] = (words, job)
        if not self._late.isActive() and not self.isVisible():
            self._late.start()
        ended = partial(self._ended, channel, job)
        self._tasks.latest(
            f"{self._prefix}{channel}", partial(work, job), partial(_both, ended, done), partial(_both, ended, failed)
        )

    def busy(self, channel: str) -> bool:
        """Whether something runs on a channel."""
        return channel in self._jobs

    def drop(self, channel: str) -> None:
        """Stop what runs on a channel and forget its answer."""
        if (entry := self._jobs.pop(channel, None)) is not None:
            entry[1].stop()
            self._tasks.drop(f"{self._prefix}{channel}")
            self._settle()

    @Slot()
    def stop(self) -> None:
        """Ask everything to end; the answers, without a result, still come."""
        for _, job in self._jobs.values():
            job.stop()

    def drop_all(self) -> None:
        """Stop everything and forget the answers."""
        for channel in list(self._jobs):
            self.drop(channel)

    def _ended(self, channel: str, job: Job) -> None:
        if channel in self._jobs and self._jobs[channel][1] is job:
            del self._jobs[channel]
        self._settle()

    def _settle(self) -> None:
        if not self._jobs:
            self._late.stop()
            self._poll.stop()
            self.hide()

    @Slot()
    def _appear(self) -> None:
        if self._jobs:
            self._update()
            self.show()
            self._poll.start()

    @Slot()
    def _update(self) -> None:
        if self._jobs:
            self._words.setText(", ".join(words for words, _ in self._jobs.values()))
            self._bar.setValue(round(1000 * min(job.fraction for _, job in self._jobs.values())))


def _both(first: Callable[[], None], then: Callable[[T], None], answer: T) -> None:
    first()
    then(answer)
