"""The playback clock: says which frame is due, in the clip's own time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from inspector.gui.view import Playback, ViewState

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Speeds on offer, slowest first; 1 is the clip's own."""

Seconds = npt.NDArray[np.float64]

_ASSUMED_STEP = 1 / 30
# No screen shows more than this, so no frame is announced sooner after the last one (seconds).
_SHORTEST_WAIT = 1 / 125
# A clip whose clock stands still for hours would look like a player that hangs; it moves on after this (seconds).
_LONGEST_WAIT = 5.0
# Rounding must not make a frame miss its own moment (seconds).
_EPSILON = 1e-6


class Player(QObject):
    """Announces frames as they fall due; draws and decides nothing.

    It holds the rate: when the window is late, it goes to the frame that is due now and the ones between are
    skipped, so work never queues up.

    Parameters
    ----------
    clock
        Seconds from any beginning, never falling; a monotonic one of Qt's when None.
    """

    frame_due = Signal(int)
    finished = Signal()

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] | None = None) -> None:
        super().__init__(parent)
        self._clock = clock or _monotonic()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self._times: Seconds = np.zeros(1)  # (T + 1,): when each frame is due, and when the last one is over
        self._settings = Playback()
        self._view = ViewState()
        self._playing = False
        self._frame = 0
        self._anchor = (0.0, 0.0)  # a moment of the clock, and the clip's time then

    @property
    def playing(self) -> bool:
        """Whether frames are being announced."""
        return self._playing

    @property
    def frame(self) -> int:
        """The frame last announced or sought."""
        return self._frame

    def show_view(self, view: ViewState) -> None:
        """Follow the window's state: another clip, play or pause, speed, loop, span, a seek by someone else."""
        before, self._view = self._view, view
        if view.inspection is not before.inspection:
            self.set_clip(view.inspection.seconds if view.inspection else None)
            self._frame = view.frame
        if view.playback != self._settings:
            self.set_playback(view.playback)
        if view.frame != self._frame:
            self.seek(view.frame)
        if view.playback.playing and view.frames:
            if not self._playing:
                self.play()
        else:
            self.pause()

    def set_clip(self, seconds: Seconds | None) -> None:
        """Take a clip's frame times, (T,), never decreasing, and stand at frame 0; None for no clip."""
        self.pause()
        self._times = _due_times(np.zeros(0) if seconds is None else seconds)
        self._frame = 0

    def set_playback(self, settings: Playback) -> None:
        """Take speed, loop and span; whether it plays is for `play` and `pause` to say."""
        if self._playing:
            self._anchor = (self._clock(), self._now())
        self._settings = settings
        if self._playing:
            self._wait()

    def play(self) -> None:
        """Go on from the present frame; from the beginning when it is the last one or lies outside the span."""
        first, last = self._limits()
        if last < 0 or self._playing:
            return
        self._playing = True
        if first <= self._frame < last:
            self._hold(self._frame)
            self._wait()
        else:  # told by the timer, not from within: whoever called is still showing the frame before
            self._hold(first)
            self._timer.start(0)

    def pause(self) -> None:
        """Stop where it is."""
        self._playing = False
        self._timer.stop()

    def seek(self, frame: int) -> None:
        """Go on from another frame; says nothing."""
        self._frame = frame
        self._hold(frame)
        if self._playing:
            self._wait()

    def tick(self) -> None:
        """Announce the frame that is due, if it is another one, and wait for the next."""
        if not self._playing:
            return
        first, last = self._limits()
        begin, over = float(self._times[first]), float(self._times[last + 1])
        over = max(over, begin + _SHORTEST_WAIT)  # a span of frames that share one moment lasts no time at all
        now = self._now()
        if now >= over and not self._settings.loop:
            self._announce(last)
            self.pause()
            self.finished.emit()
            return
        if not begin <= now < over:
            now = begin + (now - begin) % (over - begin) if now >= over else begin
            self._anchor = (self._clock(), now)
        self._announce(min(max(self._frame_at(now), first), last))
        if self._playing:  # whoever was told may have paused
            self._wait()

    def _announce(self, frame: int) -> None:
        if frame != self._frame:
            self._frame = frame
            self.frame_due.emit(frame)

    def _limits(self) -> tuple[int, int]:
        """First and last frame that play; (0, -1) without a clip."""
        end = len(self._times) - 2
        if self._settings.span is None or end < 0:
            return 0, end
        first, last = self._settings.span
        first = min(max(first, 0), end)
        return first, min(max(last, first), end)

    def _hold(self, frame: int) -> None:
        """Count from a frame's own time, as of now."""
        self._anchor = (self._clock(), float(self._times[min(max(frame, 0), len(self._times) - 1)]))

    def _now(self) -> float:
        """The clip's time."""
        moment, time = self._anchor
        return time + (self._clock() - moment) * self._settings.speed

    def _frame_at(self, time: float) -> int:
        return int(np.searchsorted(self._times[:-1], time + _EPSILON, side="right")) - 1

    def _wait(self) -> None:
        """Set the timer to when the next frame is due; cut a very long wait short."""
        last = self._limits()[1]
        now = self._now()
        following = int(np.searchsorted(self._times, now + _EPSILON, side="right"))
        due = float(self._times[min(max(following, 0), last + 1)])
        wait = (due - now) / self._settings.speed
        if wait > _LONGEST_WAIT:
            self._anchor = (self._clock(), due - _LONGEST_WAIT * self._settings.speed)
            wait = _LONGEST_WAIT
        self._timer.start(int(np.ceil(max(wait, _SHORTEST_WAIT) * 1000)))


def _monotonic() -> Callable[[], float]:
    timer = QElapsedTimer()
    timer.start()

    def seconds() -> float:
        return timer.nsecsElapsed() / 1e9

    return seconds


def _due_times(seconds: Seconds) -> Seconds:
    """Frame times with the end of the last frame after them, so that every clip lasts a while.

    The last frame is given the median step. Where no time goes by at all, 30 frames a second are assumed.
    """
    if not len(seconds):
        return np.zeros(1)
    steps = np.diff(seconds)
    steps = steps[steps > 0]
    if not len(steps):
        return np.arange(len(seconds) + 1, dtype=np.float64) * _ASSUMED_STEP
    over = float(seconds[-1]) + float(np.median(steps))
    return np.concatenate([seconds, np.array([over])])
