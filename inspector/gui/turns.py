"""The UI thread's turns: long work in several of them, and no long wait for one among other threads."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QObject, QTimer, Slot

_SWITCH_S = 0.0001
_PAUSE_MS = 5  # a timer without a pause is always the next that is due: others wait for all the steps
_TURN_S = 0.015  # of steps in one turn; the last of them may take longer


@contextmanager
def short_waits() -> Iterator[None]:
    """Let a thread that runs Python yield to the UI thread sooner.

    Qt asks Python for every cell that it paints, and each time the interpreter lock may be in other hands: by
    Python's own setting for 5 ms, so that painting a table while modules were imported took a quarter of a second.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class Turns(QObject):
    """Takes steps one by one, few in a turn of the event loop: input is heard and windows are painted between.

    Parameters
    ----------
    steps
        In order. They may use what earlier ones left.
    parent
        No step is taken once it is gone.
    """

    def __init__(self, steps: Sequence[Callable[[], None]], parent: QObject) -> None:
        super().__init__(parent)
        self._steps = list(steps)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._next)
        self._begun: float | None = None
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.timeout.connect(self._turn_over)

    @property
    def has_time(self) -> bool:
        """Whether the present turn of the event loop has time for a step at once, since it was asked first."""
        if self._begun is None:
            self._begun = time.monotonic()
            self._over.start(0)
        return time.monotonic() - self._begun < _TURN_S

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return not self._steps

    def add(self, step: Callable[[], None]) -> None:
        """Take this one last."""
        self._steps.append(step)

    def start(self) -> None:
        """Go on with what is left, beginning in the next turn."""
        if self._steps and not self._timer.isActive():
            self._timer.start()

    def finish(self) -> None:
        """Take what is left at once, for somebody who needs it now."""
        while self._steps:
            self._steps.pop(0)()
        self._timer.stop()

    @Slot()
    def _turn_over(self) -> None:
        self._begun = None

    @Slot()
    def _next(self) -> None:
        self._timer.stop()
        end = time.monotonic() + _TURN_S
        try:
            while self._steps:
                self._steps.pop(0)()
                if time.monotonic() >= end:
                    break
        finally:
            self.start()
