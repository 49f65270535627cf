"""Blocks are all taken, few are held, whatever fails ends it, and who is waited for goes first."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator

import numpy as np
import pytest

from inspector.audit.passes import TURNS, Turns, take_all
from inspector.checks.arrays import AnyArray


def blocks(count: int) -> Iterator[tuple[int, AnyArray]]:
    for number in range(count):
        yield number, np.full(3, number)


@pytest.mark.parametrize(("threads", "ordered"), [(0, False), (1, False), (3, False), (3, True)])
def test_each_block_is_taken_once(threads: int, ordered: bool) -> None:
    taken: list[tuple[int, int]] = []
    names: set[str] = set()

    def take(first: int, block: AnyArray) -> None:
        names.add(threading.current_thread().name)
        taken.append((first, int(block.sum())))

    take_all(blocks(50), take, threads=threads, ordered=ordered)
    assert (taken if ordered or not threads else sorted(taken)) == [(k, 3 * k) for k in range(50)]
    assert (threading.current_thread().name in names) is (threads == 0)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("npz measuring")]


def test_few_blocks_are_held_at_once() -> None:
    held: set[int] = set()
    most = 0

    def watched() -> Iterator[tuple[int, AnyArray]]:
        nonlocal most
        for number in range(30):
            block = np.zeros(4)
            held.add(number)
            weakref.finalize(block, held.discard, number)
            most = max(most, len(held))
            yield number, block
            del block

    take_all(watched(), lambda first, block: None, threads=2, ordered=False)
    assert 1 <= most <= 4


@pytest.mark.parametrize("threads", [0, 2])
def test_what_reading_raises_comes_through(threads: int) -> None:
    def broken() -> Iterator[tuple[int, AnyArray]]:
        yield from blocks(5)
        raise ValueError("damaged")

    taken: list[int] = []
    with pytest.raises(ValueError, match="damaged"):
        take_all(broken(), lambda first, block: taken.append(first), threads=threads, ordered=False)
    assert set(taken) <= {0, 1, 2, 3, 4}


@pytest.mark.parametrize("threads", [0, 2])
def test_what_taking_raises_comes_through_and_ends_the_reading(threads: int) -> None:
    read = 0

    def counted() -> Iterator[tuple[int, AnyArray]]:
        nonlocal read
        for found in blocks(1000):
            read += 1
            yield found

    def take(first: int, block: AnyArray) -> None:
        if first == 7:
            raise ValueError("odd")

    with pytest.raises(ValueError, match="odd"):
        take_all(counted(), take, threads=threads, ordered=False)
    assert read < 20


def test_a_pass_waits_while_somebody_reads() -> None:
    turns, went_on = Turns(), threading.Event()
    waiting = threading.Event()

    def wait() -> None:
        waiting.set()
        turns.give_way()
        went_on.set()

    turns.give_way()  # nobody: at once
    thread = threading.Thread(target=wait)
    with turns.first(), turns.first():
        thread.start()
        assert waiting.wait(10)
        assert not went_on.wait(0.02)
    assert went_on.wait(10)
    thread.join()


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.audit.passes._PATIENCE_S", 0.01)
    with TURNS.first():
        take_all(blocks(3), lambda first, block: None, threads=0, ordered=True)
    assert TURNS._waited_for == 0
