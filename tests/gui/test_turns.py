from __future__ import annotations

import sys
from functools import partial

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from inspector.gui.turns import Turns, short_waits


@pytest.mark.parametrize(("turn", "together"), [(0.0, False), (60.0, True)])
def test_other_events_are_handled_between_steps_that_take_long(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, turn: float, together: bool
) -> None:
    monkeypatch.setattr("inspector.gui.turns._TURN_S", turn)
    parent, happened = QObject(), list[str]()

    def step(name: str) -> None:
        QTimer.singleShot(0, parent, partial(happened.append, f"event after {name}"))
        happened.append(name)

    turns = Turns([partial(step, "a"), partial(step, "b")], parent)
    turns.start()
    turns.start()
    assert happened == []
    qtbot.waitUntil(lambda: len(happened) == 4)
    events = ["event after a", "event after b"]
    assert happened == (["a", "b", *events] if together else ["a", events[0], "b", events[1]])
    assert turns.done


def test_a_turn_has_time_again_once_other_events_were_handled(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.gui.turns._TURN_S", 0.02)
    parent, asked = QObject(), list[bool]()
    turns = Turns((), parent)

    def use_up() -> None:
        asked.append(turns.has_time)
        while turns.has_time:
            asked.append(True)
        asked.append(False)

    for _ in range(2):
        QTimer.singleShot(0, parent, use_up)
        qtbot.waitUntil(lambda: asked[-1:] == [False])
        assert asked[0]
        asked.clear()


def test_what_is_left_can_be_had_at_once_and_is_done_once(qtbot: QtBot) -> None:
    parent, happened = QObject(), list[int]()
    turns = Turns([partial(happened.append, k) for k in range(3)], parent)
    turns.add(partial(happened.append, 3))
    turns.start()
    qtbot.waitUntil(lambda: happened != [])
    turns.finish()
    assert happened == [0, 1, 2, 3]
    turns.start()
    turns.finish()
    assert happened == [0, 1, 2, 3]


def test_a_step_that_fails_keeps_no_other_from_being_taken(qtbot: QtBot) -> None:
    parent, happened = QObject(), list[int]()

    def fail() -> None:
        raise ValueError("no")

    turns = Turns([fail, partial(happened.append, 1)], parent)
    with capture_exceptions() as caught:
        turns.start()
        qtbot.waitUntil(lambda: happened == [1])
    assert [kind for kind, _, _ in caught] == [ValueError]


def test_threads_yield_sooner_only_meanwhile() -> None:
    before = sys.getswitchinterval()
    with pytest.raises(ValueError, match="no"), short_waits():
        assert sys.getswitchinterval() < 0.001
        raise ValueError("no")
    assert sys.getswitchinterval() == before
