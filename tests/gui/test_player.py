from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from inspector.gui.player import Player
from inspector.gui.view import Playback, ViewState
from tests.support.views import still_clip, view_of


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Rig:
    """A player with a clock in hand and a record of what it said."""

    def __init__(self, seconds: list[float] | None, **playback: object) -> None:
        self.clock = Clock()
        self.player = Player(clock=self.clock)
        self.said: list[int] = []
        self.ends = 0
        self.player.frame_due.connect(self.said.append)
        self.player.finished.connect(self._end)
        self.player.set_clip(None if seconds is None else np.array(seconds, dtype=np.float64))
        self.player.set_playback(Playback(**playback))  # type: ignore[arg-type]

    def _end(self) -> None:
        self.ends += 1

    def after(self, seconds: float) -> list[int]:
        self.clock.now += seconds
        self.player.tick()
        said, self.said[:] = list(self.said), []
        return said


@pytest.fixture
def _app(qtbot: QtBot) -> None:
    """Timers need an application."""


pytestmark = pytest.mark.usefixtures("_app")


def test_follows_the_clips_own_time_not_a_rate() -> None:
    rig = Rig([0.0, 0.1, 0.15, 0.9])
    rig.player.play()
    assert rig.after(0.05) == []
    assert rig.after(0.05) == [1]
    assert rig.after(0.05) == [2]
    assert rig.after(0.5) == []
    assert rig.after(0.25) == [3]


def test_late_window_skips_to_the_frame_that_is_due() -> None:
    rig = Rig([i / 30 for i in range(90)])
    rig.player.play()
    assert rig.after(1.001) == [30]


def test_speed_changes_from_here_on() -> None:
    rig = Rig([float(i) for i in range(20)], speed=0.5)
    rig.player.play()
    assert rig.after(4.0) == [2]
    rig.player.set_playback(Playback(speed=4.0))
    assert rig.after(1.0) == [6]


def test_ends_after_the_last_frames_own_time_and_starts_over() -> None:
    rig = Rig([0.0, 1.0, 2.0])
    rig.player.play()
    assert rig.after(2.5) == [2]
    assert rig.ends == 0
    assert rig.after(0.5) == []
    assert (rig.ends, rig.player.playing) == (1, False)
    rig.player.play()
    assert rig.after(0.0) == [0]


def test_loop_wraps_without_losing_time() -> None:
    rig = Rig([0.0, 1.0, 2.0], loop=True)
    rig.player.play()
    assert rig.after(4.2) == [1]
    assert rig.after(0.8) == [2]
    assert rig.ends == 0


def test_span_holds_play_and_loop() -> None:
    rig = Rig([float(i) for i in range(10)], loop=True, span=(3, 5))
    rig.player.play()
    assert rig.after(0.0) == [3]
    assert [rig.after(1.0) for _ in range(4)] == [[4], [5], [3], [4]]


def test_span_beyond_the_clip_is_cut() -> None:
    rig = Rig([0.0, 1.0], span=(1, 99))
    rig.player.play()
    assert rig.after(0.0) == [1]
    assert rig.after(5.0) == []
    assert rig.ends == 1


def test_seek_goes_on_from_there() -> None:
    rig = Rig([float(i) for i in range(10)])
    rig.player.play()
    rig.after(0.9)
    rig.player.seek(6)
    assert rig.after(0.5) == []
    assert rig.after(0.5) == [7]


def test_no_clip_never_plays() -> None:
    rig = Rig(None)
    rig.player.play()
    assert not rig.player.playing


@pytest.mark.parametrize("seconds", [[0.0], [0.0, 0.0, 0.0], [5.0, 5.0]])
@pytest.mark.parametrize("loop", [True, False])
def test_no_time_in_the_clip_neither_spins_nor_divides_by_zero(seconds: list[float], loop: bool) -> None:
    rig = Rig(seconds, loop=loop)
    rig.player.play()
    frames = [frame for _ in range(200) for frame in rig.after(1 / 60)]
    assert set(frames) <= set(range(len(seconds)))
    assert len(frames) <= 100  # 30 a second for 200/60 s
    assert rig.player.playing is loop


def test_frames_at_one_moment_go_by_together() -> None:
    rig = Rig([0.0, 1.0, 1.0, 1.0, 2.0])
    rig.player.play()
    assert rig.after(1.0) == [3]


def test_loop_over_a_span_that_lasts_no_time() -> None:
    rig = Rig([0.0, 1.0, 1.0, 1.0, 2.0], loop=True, span=(1, 2))
    rig.player.play()
    assert all(1 <= frame <= 2 for _ in range(50) for frame in rig.after(0.1))
    assert rig.player.playing


def test_standstill_of_hours_is_cut_short() -> None:
    rig = Rig([0.0, 1.0, 100_000.0])
    rig.player.play()
    rig.after(1.0)
    assert rig.after(5.0) == [2]


def test_timer_waits_for_the_next_frame(qtbot: QtBot) -> None:
    player = Player()
    player.set_clip(np.array([0.0, 0.01, 0.02]))
    said: list[int] = []
    player.frame_due.connect(said.append)
    with qtbot.waitSignal(player.finished, timeout=5000):
        player.play()
    assert said[-1] == 2
    assert said == sorted(set(said))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.floats(0, 2), min_size=0, max_size=12),
    waits=st.lists(st.floats(0, 3), min_size=1, max_size=30),
    speed=st.sampled_from([0.1, 1.0, 4.0]),
    loop=st.booleans(),
    span=st.none() | st.tuples(st.integers(0, 14), st.integers(0, 14)).map(sorted).map(tuple),
)
def test_says_only_frames_that_exist_and_always_ends(
    steps: list[float], waits: list[float], speed: float, loop: bool, span: tuple[int, int] | None
) -> None:
    times = list(np.cumsum([0.0, *steps]))
    rig = Rig(times, speed=speed, loop=loop, span=span)
    rig.player.play()
    said = rig.after(0.0) + [frame for wait in waits for frame in rig.after(wait)]
    first, last = (0, len(times) - 1) if span is None else (min(s, len(times) - 1) for s in span)
    assert all(first <= frame <= last for frame in said)
    if not loop:
        rig.after(1e6)
        rig.after(1e6)
        assert not rig.player.playing


def view_at(seconds: list[float], **changes: Any) -> ViewState:
    clip = still_clip(len(seconds))
    return view_of(replace(clip, seconds=np.array(seconds, dtype=np.float64)), **changes)


def test_follows_the_window(qtbot: QtBot) -> None:
    rig = Rig(None)
    view = view_at([float(i) for i in range(10)])
    rig.player.show_view(view)
    assert not rig.player.playing

    playing = replace(view, playback=Playback(playing=True))
    rig.player.show_view(playing)
    assert rig.after(1.0) == [1]
    rig.player.show_view(replace(playing, frame=1))  # what the window answers to frame 1
    assert rig.after(0.5) == []
    rig.player.show_view(replace(playing, frame=7))  # someone else sought
    assert rig.after(1.0) == [8]
    rig.player.show_view(replace(playing, frame=8, playback=Playback(playing=False)))
    assert rig.after(9.0) == []


def test_another_clip_starts_where_the_window_says() -> None:
    rig = Rig(None)
    rig.player.show_view(view_at([0.0, 1.0, 2.0], frame=2, playback=Playback(playing=True)))
    assert rig.after(0.0) == [0]
    rig.player.show_view(view_at([0.0, 0.5, 4.0], frame=1, playback=Playback(playing=True)))
    assert rig.player.playing
    assert rig.after(3.4) == []
    assert rig.after(0.2) == [2]


def test_a_clip_that_goes_away_stops_it() -> None:
    rig = Rig(None)
    playing = view_at([0.0, 1.0], playback=Playback(playing=True))
    rig.player.show_view(playing)
    rig.player.show_view(ViewState(path="b.npz", loading=True, playback=Playback(playing=True)))
    assert not rig.player.playing
