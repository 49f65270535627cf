"""A pass over a large array: the next blocks are inflated while those before are measured; whoever waits goes first."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator

from inspector.archive import Wanted
from inspector.checks.arrays import AnyArray
from inspector.errors import ReadStoppedError

WORTH_THREADS = 32 << 20
"""Bytes of an array from which on a pass starts threads."""

_MOST_THREADS = 4  # who reads can feed no more
_PATIENCE_S = 0.1


def take_all(
    blocks: Iterator[tuple[int, AnyArray]],
    take: Callable[[int, AnyArray], None],
    *,
    threads: int,
    ordered: bool,
    wanted: Wanted | None = None,
) -> None:
    """Call `take` with every block.

    Reading is done here, taking in threads of its own: both let go of Python's lock most of the time. No more blocks
    are held than there are threads, and two.

    Parameters
    ----------
    threads
        For taking; with 0 it is done here too.
    ordered
        One block at a time, in their order; else several at once, in any.
    wanted
        Asked at every block.

    Raises
    ------
    ReadStoppedError
        Once it is not wanted any more.
    Exception
        The first that reading or taking raised; nothing runs any more then.
    """
    if threads <= 0:
        for first, block in _in_turn(blocks, wanted):
            take(first, block)
        return
    from concurrent.futures import Future, ThreadPoolExecutor  # most files do without

    count = 1 if ordered else min(threads, _MOST_THREADS)
    with ThreadPoolExecutor(count, "npz measuring") as pool:
        pending: deque[Future[None]] = deque()
        try:
            for first, block in _in_turn(blocks, wanted):
                pending.append(pool.submit(take, first, block))
                del block  # or one more would be held while the next is read
                while len(pending) > count:
                    pending.popleft().result()
            while pending:
                pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()


def _in_turn(blocks: Iterator[tuple[int, AnyArray]], wanted: Wanted | None) -> Iterator[tuple[int, AnyArray]]:
    for first, block in blocks:
        TURNS.give_way()
        if wanted is not None and not wanted():
            raise ReadStoppedError("the pass was given up: nobody waits for it any more")
        yield first, block
        del block


class Turns:
    """Who only works ahead lets those go first for whom somebody waits; for use from any thread of the process."""

    def __init__(self) -> None:
        self._waited_for = 0
        self._free = threading.Condition()

    @contextlib.contextmanager
    def first(self) -> Iterator[None]:
        """Somebody waits for what is done inside."""
        with self._free:
            self._waited_for += 1
        try:
            yield
        finally:
            with self._free:
                self._waited_for -= 1
                if not self._waited_for:
                    self._free.notify_all()

    def give_way(self) -> None:
        """Wait until nobody waits for anything else, though not for long: all comes forward in the end."""
        if self._waited_for:  # looked at without the lock: it is asked for every block
            with self._free:
                self._free.wait_for(self._nobody_waits, _PATIENCE_S)

    def _nobody_waits(self) -> bool:
        return not self._waited_for


TURNS = Turns()
"""Those of this process."""
