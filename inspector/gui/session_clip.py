"""The shown file: its state, the view made of it, and the commands that move within it. Knows of no other file."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from inspector.gui.player import SPEEDS
from inspector.gui.samples import nearest, stepped
from inspector.gui.state import SessionState, frame_after, place_of, resolve
from inspector.gui.view import Display, Playback, Subset, ViewState

_QUIET_MS = 120  # a file that is read sooner than this replaces the one before without an empty window between


class ClipSession(QObject):
    """Which frame and finding of the shown file are looked at, and how it plays.

    Signals
    -------
    view_changed(ViewState)
        Anything that a pane shows is different.
    """

    view_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = SessionState()
        self._shown = resolve(self._state)
        self._resume = False
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_QUIET_MS)
        self._quiet.timeout.connect(self._emit)

    @property
    def view(self) -> ViewState:
        """What the panes are to show now."""
        return resolve(self._state)

    def seek(self, frame: int) -> None:
        """Go to a frame; what plays goes on from there."""
        self._show(replace(self._state, frame=self._clamp(frame)))

    def played(self, frame: int) -> None:
        """The playback clock shows this frame."""
        if self.view.playback.playing:
            self._show(replace(self._state, frame=self._clamp(frame)))

    def step(self, frames: int) -> None:
        """Go some frames forward or back, and pause."""
        self._pause_at(self._clamp(self.view.frame + frames))

    def step_seconds(self, seconds: float) -> None:
        """Go forward or back by the clip's own time, and pause."""
        self._pause_at(frame_after(self.view.inspection, self.view.frame, seconds))

    def go_to_start(self) -> None:
        """First frame, or the first of the span."""
        span = self.view.playback.span
        self.seek(span[0] if span and self.view.frame > span[0] else 0)

    def go_to_end(self) -> None:
        """Last frame, or the last of the span."""
        span = self.view.playback.span
        self.seek(span[1] if span and self.view.frame < span[1] else self.view.frames - 1)

    def set_playing(self, playing: bool) -> None:
        """Play or pause."""
        self._set_playback(replace(self._state.playback, playing=playing and self.view.frames > 1))

    def toggle_playing(self) -> None:
        """Play if paused, pause if playing."""
        self.set_playing(not self.view.playback.playing)

    def pause(self) -> None:
        """Pause; also what happens at the end."""
        self.set_playing(False)

    def scrub_started(self) -> None:
        """The slider is held: pause until it is let go."""
        self._resume = self.view.playback.playing
        self.pause()

    def scrub_ended(self) -> None:
        """The slider was let go: play on if it played before."""
        if self._resume:
            self._resume = False
            self.set_playing(True)

    def set_speed(self, speed: float) -> None:
        """Play this many times as fast as the clip's own clock."""
        self._set_playback(replace(self._state.playback, speed=speed))

    def change_speed(self, direction: int) -> None:
        """The next faster (+1) or slower (-1) speed on offer."""
        now = self.view.playback.speed
        beyond = [speed for speed in SPEEDS if (speed - now) * direction > 0]
        if beyond:
            self.set_speed(min(beyond) if direction > 0 else max(beyond))

    def set_loop(self, loop: bool) -> None:
        """Begin again at the end, or stop there."""
        self._set_playback(replace(self._state.playback, loop=loop))

    def set_span(self, span: tuple[int, int] | None) -> None:
        """Keep playing within these frames; None for the whole clip."""
        self._set_playback(replace(self._state.playback, span=span))

    def set_display(self, display: Display) -> None:
        """Draw other things on the canvas."""
        self._show(replace(self._state, display=display))

    def go_to_finding(self, index: int) -> None:
        """Go to where a finding of the shown file begins, and pause."""
        view = self.view
        if view.inspection is None or not 0 <= index < len(view.findings):
            return
        sample, frame = place_of(view.inspection, index, view.sample)
        playback = replace(self._state.playback, playing=False)
        frame = view.frame if frame is None else frame
        self._show(replace(self._state, finding=index, sample=sample, frame=frame, playback=playback))

    # --- samples of a data set -------------------------------------------------------------------------------

    def select_sample(self, sample: int) -> None:
        """Show another sample, at the same frame; what plays plays on."""
        self._show(replace(self._state, sample=sample))

    def step_sample(self, samples: int) -> None:
        """Show a sample further on or back in the subset."""
        view = self.view
        self.select_sample(stepped(view.listed, view.sample, samples))

    def set_subset(self, subset: Subset) -> None:
        """Step through these samples only, and show one of them."""
        state = replace(self._state, subset=subset)
        view = resolve(state)
        self._show(replace(state, sample=nearest(view.listed, view.sample)))

    # --- inside ----------------------------------------------------------------------------------------------

    def _clamp(self, frame: int) -> int:
        return min(max(frame, 0), max(self.view.frames - 1, 0))

    def _pause_at(self, frame: int) -> None:
        self._show(replace(self._state, frame=frame, playback=replace(self._state.playback, playing=False)))

    def _set_playback(self, playback: Playback) -> None:
        self._show(replace(self._state, playback=playback))

    def _show(self, state: SessionState) -> None:
        self._state = state
        self._emit()

    @Slot()
    def _emit(self) -> None:
        self._quiet.stop()
        view = resolve(self._state)
        if view != self._shown:
            self._shown = view
            self.view_changed.emit(view)
