from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import QTimer
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from inspector.gui.messages import Message, MessageBus
from inspector.gui.tasks import Tasks


@pytest.fixture
def bus(qtbot: QtBot) -> MessageBus:
    return MessageBus()


@pytest.fixture
def tasks(bus: MessageBus) -> Iterator[Tasks]:
    tasks = Tasks(bus)
    yield tasks
    assert tasks.close()


def posted(bus: MessageBus) -> list[Message]:
    said: list[Message] = []
    bus.posted.connect(said.append)
    return said


def test_answer_comes_on_the_ui_thread_and_work_does_not(qtbot: QtBot, tasks: Tasks) -> None:
    seen: list[tuple[threading.Thread, threading.Thread]] = []
    tasks.run(threading.current_thread, lambda worker: seen.append((worker, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(seen))
    worker, caller = seen[0]
    assert worker is not threading.main_thread()
    assert caller is threading.main_thread()


def test_only_the_newest_answer_of_a_channel_arrives(qtbot: QtBot, tasks: Tasks) -> None:
    gate = threading.Event()
    started: list[int] = []
    answers: list[int] = []

    def work(n: int) -> int:
        started.append(n)
        assert gate.wait(5)
        return n

    for n in range(10):
        tasks.latest("inspect", lambda n=n: work(n), answers.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(started) == 2)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert answers == [9]
    assert sorted(started) == [0, 1, 9]  # what was overtaken before it started never ran


def test_channels_do_not_overtake_each_other(qtbot: QtBot, tasks: Tasks) -> None:
    answers: list[str] = []
    tasks.latest("a", lambda: "a", answers.append)
    tasks.latest("b", lambda: "b", answers.append)
    qtbot.waitUntil(lambda: sorted(answers) == ["a", "b"])


def test_dropped_channel_stays_silent(qtbot: QtBot, tasks: Tasks) -> None:
    answers: list[int] = []
    tasks.latest("x", lambda: 1, answers.append)
    tasks.drop("x")
    qtbot.waitUntil(lambda: not tasks.busy)
    assert answers == []


def test_failure_goes_to_failed_else_to_the_bus(qtbot: QtBot, bus: MessageBus, tasks: Tasks) -> None:
    said = posted(bus)
    errors: list[Exception] = []
    tasks.run(lambda: 1 / 0, lambda _: None, errors.append)
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert isinstance(errors[0], ZeroDivisionError)
    assert said == []
    tasks.latest("x", lambda: 1 / 0, lambda _: None)
    qtbot.waitUntil(lambda: len(said) == 1)
    assert said[0].title == "division by zero"
    assert "ZeroDivisionError" in said[0].details


def test_one_bad_answer_does_not_lose_the_next(qtbot: QtBot, tasks: Tasks) -> None:
    gate = threading.Event()
    answers: list[int] = []

    def bad(_: bool) -> None:
        raise ValueError("in a slot")

    with qtbot.captureExceptions() as caught:
        tasks.run(lambda: gate.wait(5), bad)
        tasks.run(lambda: gate.wait(5), lambda _: answers.append(1))
        gate.set()
        qtbot.waitUntil(lambda: answers == [1] and not tasks.busy)
    assert [kind for kind, _, _ in caught] == [ValueError]


def test_run_takes_turns(qtbot: QtBot, tasks: Tasks) -> None:
    answers: list[int] = []
    for n in range(50):
        tasks.run(lambda n=n: n, answers.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: sorted(answers) == list(range(50)))


def test_stream_keeps_order_and_ends_once(qtbot: QtBot, tasks: Tasks) -> None:
    items: list[int] = []
    ends: list[int] = []

    def source(cancel: threading.Event) -> Iterator[list[int]]:
        for k in range(200):
            yield [2 * k, 2 * k + 1]

    tasks.stream("s", source, items.extend, lambda: ends.append(len(items)))
    qtbot.waitUntil(lambda: bool(ends))
    assert items == list(range(400))
    assert ends == [400]


def test_a_long_stream_is_handed_over_in_turns(qtbot: QtBot, tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.gui.tasks._BUDGET_S", 0.0)
    sizes: list[int] = []
    between: list[int] = []
    ends: list[int] = []
    look = QTimer()

    def batch(items: list[int]) -> None:
        sizes.append(len(items))
        QTimer.singleShot(0, look, lambda: between.append(len(sizes)))

    tasks.stream("s", lambda _: iter([range(20_000)]), batch, lambda: ends.append(sum(sizes)))
    qtbot.waitUntil(lambda: bool(ends))
    assert ends == [20_000]
    assert max(sizes) <= 2_000
    assert between[:3] == [1, 2, 3]


def test_a_batch_that_fails_does_not_stop_the_stream(qtbot: QtBot, tasks: Tasks) -> None:
    items: list[int] = []
    ends: list[bool] = []

    def batch(some: list[int]) -> None:
        items.extend(some)
        if some[0] == 0:
            raise ValueError("no")

    with capture_exceptions() as caught:
        tasks.stream("s", lambda _: iter([range(5_000)]), batch, lambda: ends.append(True))
        qtbot.waitUntil(lambda: bool(ends))
    assert items == list(range(5_000))
    assert [kind for kind, _, _ in caught] == [ValueError]


def test_cancelled_stream_still_says_that_it_ended(qtbot: QtBot, tasks: Tasks) -> None:
    items: list[int] = []
    ends: list[bool] = []

    def source(cancel: threading.Event) -> Iterator[list[int]]:
        yield [1]
        assert cancel.wait(5)

    cancel = tasks.stream("s", source, items.extend, lambda: ends.append(cancel.is_set()))
    qtbot.waitUntil(lambda: items == [1])
    cancel.set()
    qtbot.waitUntil(lambda: ends == [True])


def test_newer_stream_silences_the_older(qtbot: QtBot, tasks: Tasks) -> None:
    got: list[str] = []
    ends: list[str] = []
    closed = threading.Event()

    def endless(cancel: threading.Event) -> Iterator[list[str]]:
        try:
            while not cancel.wait(0.001):
                yield ["old"]
        finally:
            closed.set()

    first = tasks.stream("s", endless, got.extend, lambda: ends.append("old"))
    tasks.stream("s", lambda _: iter([["new"]]), got.extend, lambda: ends.append("new"))
    qtbot.waitUntil(lambda: ends == ["new"])
    assert first.is_set()
    assert got == ["new"]
    assert closed.wait(5)


def test_failing_stream_hands_over_what_came_before(qtbot: QtBot, bus: MessageBus, tasks: Tasks) -> None:
    said = posted(bus)
    items: list[int] = []
    ends: list[int] = []

    def source(cancel: threading.Event) -> Iterator[Sequence[int]]:
        yield (1, 2)
        raise OSError("disk gone")

    tasks.stream("s", source, items.extend, lambda: ends.append(1))
    qtbot.waitUntil(lambda: len(said) == 1)
    assert (items, ends, said[0].title) == ([1, 2], [], "disk gone")


def test_nothing_is_called_after_close(qtbot: QtBot, bus: MessageBus) -> None:
    tasks = Tasks(bus)
    answers: list[object] = []
    started = threading.Event()

    def source(cancel: threading.Event) -> Iterator[list[int]]:
        started.set()
        while not cancel.wait(0.001):
            yield [1]

    tasks.stream("s", source, answers.append, lambda: answers.append("end"))
    tasks.latest("x", lambda: started.wait(5), answers.append)
    assert started.wait(5)
    assert tasks.close()
    tasks.run(lambda: 1, answers.append)
    tasks.latest("x", lambda: 1, answers.append)
    assert tasks.stream("s", source, answers.append, lambda: None).is_set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert answers == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere priorities are the whole process's")
def test_work_steps_back_behind_the_window(qtbot: QtBot, tasks: Tasks) -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    found: list[int] = []
    tasks.run(priority, found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert found[0] > priority()
