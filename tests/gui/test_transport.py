from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from inspector.gui.panes.transport import TransportBar
from inspector.gui.player import SPEEDS
from inspector.gui.view import Playback, ViewState
from tests.support import hands
from tests.support.views import still_clip, view_of


@pytest.fixture
def bar(qtbot: QtBot) -> TransportBar:
    bar = TransportBar()
    qtbot.addWidget(bar)
    bar.resize(900, 48)
    bar.show_view(view_of(still_clip(120), frame=37))
    bar.show()
    return bar


def test_says_where_the_clip_stands(bar: TransportBar) -> None:
    assert bar.frame_label.text() == "frame 37 / 119"
    assert bar.time_label.text() == "t = 3.70 s"
    assert bar.slider.value() == 37
    assert bar.slider.maximum() == 119
    assert "from 0" in bar.frame_label.toolTip()
    assert not bar.note.isVisible()


def test_says_when_the_clock_is_assumed(bar: TransportBar) -> None:
    bar.show_view(view_of(still_clip(5, own_clock=False)))
    assert bar.note.isVisible()
    assert bar.note.text() == "30 fps assumed"


def test_buttons_ask(bar: TransportBar, qtbot: QtBot) -> None:
    for button, signal, value in (
        (bar.first, bar.seek_requested, 0),
        (bar.back, bar.step_requested, -1),
        (bar.play, bar.playing_changed, True),
        (bar.forward, bar.step_requested, 1),
        (bar.last, bar.seek_requested, 119),
        (bar.loop, bar.loop_changed, True),
    ):
        with qtbot.waitSignal(signal) as asked:
            hands.click(button)
        assert asked.args == [value]


def test_play_button_becomes_pause(bar: TransportBar, qtbot: QtBot) -> None:
    bar.show_view(view_of(still_clip(120), playback=Playback(playing=True)))
    assert bar.play.accessibleName() == "Pause"
    with qtbot.waitSignal(bar.playing_changed) as asked:
        bar.play.click()
    assert asked.args == [False]


def test_pressing_the_slider_pauses_and_goes_where_it_is_clicked(bar: TransportBar, qtbot: QtBot) -> None:
    heard: list[object] = []
    bar.scrub_started.connect(lambda: heard.append("start"))
    bar.scrub_ended.connect(lambda: heard.append("end"))
    bar.seek_requested.connect(heard.append)
    middle = QPoint(bar.slider.width() // 2, bar.slider.height() // 2)
    hands.drag(bar.slider, middle, middle + QPoint(40, 0))
    assert heard[0] == "start"
    assert heard[-1] == "end"
    frames = [frame for frame in heard if isinstance(frame, int)]
    assert frames[0] in (59, 60)
    assert frames[-1] > 62


def test_a_late_answer_does_not_pull_the_slider_from_the_hand(bar: TransportBar, qtbot: QtBot) -> None:
    middle = QPoint(bar.slider.width() // 2, bar.slider.height() // 2)
    hands.press(bar.slider, middle)
    held = bar.slider.value()
    bar.show_view(view_of(still_clip(120), frame=5))
    assert bar.slider.value() == held
    hands.release(bar.slider, middle)


def test_showing_a_view_asks_for_nothing(bar: TransportBar, qtbot: QtBot) -> None:
    signals = [bar.seek_requested, bar.loop_changed, bar.speed_changed, bar.playing_changed, bar.step_requested]
    heard: list[object] = []
    for signal in signals:
        signal.connect(heard.append)
    bar.show_view(view_of(still_clip(30), frame=29, playback=Playback(playing=True, speed=4.0, loop=True)))
    bar.show_view(ViewState())
    assert heard == []


def test_speed_is_picked_and_shown(bar: TransportBar, qtbot: QtBot) -> None:
    assert bar.speed.count() == len(SPEEDS)
    assert bar.speed.currentText() == "1×"
    with qtbot.waitSignal(bar.speed_changed) as asked:
        hands.key(bar.speed, Qt.Key.Key_Down)
    assert asked.args == [2.0]
    view = view_of(still_clip(120))
    bar.show_view(replace(view, playback=Playback(speed=0.75)))
    assert bar.speed.currentText() == "0.75×"
    assert bar.speed.currentIndex() == 3
    bar.show_view(replace(view, playback=Playback(speed=4.0)))
    assert bar.speed.currentText() == "4×"


@pytest.mark.parametrize("view", [ViewState(), ViewState(path="a.npz", loading=True), view_of(still_clip(0))])
def test_nothing_to_play(bar: TransportBar, view: ViewState) -> None:
    bar.show_view(view)
    assert bar.frame_label.text() == "frame –"
    assert not bar.play.isEnabled()
    assert not bar.slider.isEnabled()


def test_everything_a_person_uses_has_a_name(bar: TransportBar) -> None:
    parts = [bar.first, bar.back, bar.play, bar.forward, bar.last, bar.slider, bar.loop, bar.speed]
    assert all(part.accessibleName() for part in parts)
    assert len({part.accessibleName() for part in parts}) == len(parts)
