"""The one door from the UI thread to other threads, and back.

Work runs in daemon threads; its answer is called on the UI thread. Whatever raises surfaces once: in the
caller's `failed`, or in the message bar when there is none.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from inspector.gui.messages import MessageBus
from inspector.gui.polite import thread_steps_back

T = TypeVar("T")
Failed = Callable[[Exception], None]

TICK_MS = 66
"""How often streams hand over what they have: about 15 times a second."""

_BUDGET_S = 0.004  # answers and batches in one turn of the event loop, before painting gets its turn
_LEAST_AT_ONCE, _MOST_AT_ONCE = 100, 2_000  # items of a stream in one turn
_BATCH_S = 0.006  # what a batch should take
_PER_CHANNEL = 2  # a slow old request does not hold up the newest
_FREE_THREADS = 4
_IDLE = "npz idle"


class _Channel:
    """What runs, and the one request that waits; a newer one takes its place."""

    def __init__(self) -> None:
        self.generation = 0
        self.running = 0
        self.waiting: Callable[[], None] | None = None


class _Stream(Generic[T]):
    """Items between the thread that makes them and the tick that takes them."""

    def __init__(self, batch: Callable[[list[T]], None], done: Callable[[], None], failed: Failed) -> None:
        self.batch, self.done, self.failed = batch, done, failed
        self.cancel = threading.Event()
        self.items: deque[T] = deque()
        self.most = _LEAST_AT_ONCE
        self.ended = False
        self.error: Exception | None = None

    def hand_over(self) -> None:
        """Hand over what there is, or as much of it as took about as long as a batch should."""
        taken = [self.items.popleft() for _ in range(min(len(self.items), self.most))]
        if taken:
            begun = time.monotonic()
            self.batch(taken)
            enough = len(taken) * _BATCH_S / max(time.monotonic() - begun, 1e-6)
            self.most = round(min(max(enough, _LEAST_AT_ONCE), 2 * self.most, _MOST_AT_ONCE))


class _Worker:
    """A thread that does one piece of work after another."""

    def __init__(self) -> None:
        self._work: SimpleQueue[tuple[str, Callable[[], None]] | None] = SimpleQueue()
        self.idle = True
        self.thread = threading.Thread(target=self._run, name=_IDLE, daemon=True)
        self.thread.start()

    def take(self, name: str, body: Callable[[], None]) -> None:
        self.idle = False
        self._work.put((name, body))

    def end(self) -> None:
        self._work.put(None)

    def _run(self) -> None:
        thread_steps_back()
        while (work := self._work.get()) is not None:
            self.thread.name = f"npz {work[0]}"
            work[1]()
            del work  # what it holds is not kept until there is other work
            self.thread.name = _IDLE
            self.idle = True


class Tasks(QObject):
    """Runs work off the UI thread and calls back on it.

    All methods belong to the UI thread. Callbacks are dropped, never called late, once a newer request of the same
    channel was made, the channel was dropped, or `close` was called.

    Parameters
    ----------
    bus
        Where failures without a `failed` of their own are shown.
    """

    _wake = Signal()

    def __init__(self, bus: MessageBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._answers: deque[Callable[[], None]] = deque()
        self._channels: dict[str, _Channel] = {}
        self._free: deque[Callable[[], None]] = deque()
        self._free_running = 0
        self._streams: dict[str, _Stream[Any]] = {}
        self._workers: list[_Worker] = []
        self._lock = threading.Lock()
        self._closed = False
        self._wake.connect(self._drain, Qt.ConnectionType.QueuedConnection)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._deliver)
        self._round: list[str] = []  # channels that wait for their batch of this tick
        self._more_answers, self._more_batches = QTimer(self), QTimer(self)
        for timer, go_on in ((self._more_answers, self._drain), (self._more_batches, self._deliver_round)):
            timer.setSingleShot(True)
            timer.timeout.connect(go_on)

    @property
    def busy(self) -> bool:
        """Whether any work is under way or any answer is still to be called."""
        if self._closed:
            return False
        channels = any(c.running or c.waiting for c in self._channels.values())
        return bool(channels or self._free_running or self._free or self._streams or self._answers)

    def latest(
        self, channel: str, work: Callable[[], T], done: Callable[[T], None], failed: Failed | None = None
    ) -> None:
        """Run `work`; only the answer to the newest request of this channel is called back.

        Requests that never started because a newer one came are not run at all.
        """
        if self._closed:
            return
        line = self._channels.setdefault(channel, _Channel())
        line.generation += 1
        generation = line.generation

        def wanted() -> bool:
            return line.generation == generation

        def finished() -> None:
            line.running -= 1
            if line.waiting is not None:
                start, line.waiting = line.waiting, None
                line.running += 1
                start()

        start = partial(self._start, f"latest {channel}", work, done, failed, wanted, finished)
        if line.running < _PER_CHANNEL:
            line.running += 1
            start()
        else:
            line.waiting = start

    def drop(self, channel: str) -> None:
        """Forget the channel's requests and end its stream: nothing of them is called back any more."""
        if (line := self._channels.get(channel)) is not None:
            line.generation += 1
            line.waiting = None
        if (stream := self._streams.pop(channel, None)) is not None:
            stream.cancel.set()

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Failed | None = None) -> None:
        """Run `work` after those asked for before it have started, and call `done` with what it returns."""
        if self._closed:
            return

        def finished() -> None:
            self._free_running -= 1
            self._start_free()

        self._free.append(partial(self._start, "run", work, done, failed, _always, finished))
        self._start_free()

    def stream(
        self,
        channel: str,
        source: Callable[[threading.Event], Iterable[Sequence[T]]],
        batch: Callable[[list[T]], None],
        done: Callable[[], None],
        failed: Failed | None = None,
    ) -> threading.Event:
        """Take what `source` yields, piece by piece, as it comes.

        Parameters
        ----------
        source
            Called in the thread with the cancel event; what it returns yields sequences of items.
        batch
            Gets a list of items, in order, about 15 times a second while there are any.
        done
            Called once after the last batch, also when the event ended the stream early; not when `failed` was.

        Returns
        -------
        threading.Event
            Setting it asks the source to end. A newer stream of the channel sets it and drops this one's items.
        """
        self.drop(channel)
        stream = _Stream(batch, done, failed or self._bus.exception)
        if self._closed:
            stream.cancel.set()
            return stream.cancel
        self._streams[channel] = stream
        self._spawn(f"stream {channel}", partial(_pump, stream, source))
        self._tick.start()
        return stream.cancel

    def close(self, timeout: float = 3.0) -> bool:
        """End everything: no callback comes after this; threads get `timeout` seconds to return.

        Returns
        -------
        bool
            Whether all threads ended in time. Those that did not are daemons and end with the process.
        """
        with self._lock:
            self._closed = True
        for channel in [*self._channels, *self._streams]:
            self.drop(channel)
        self._free.clear()
        self._answers.clear()
        self._round.clear()
        for timer in (self._tick, self._more_answers, self._more_batches):
            timer.stop()
        deadline = time.monotonic() + timeout
        for worker in self._workers:
            worker.end()
        for worker in self._workers:
            worker.thread.join(max(0.0, deadline - time.monotonic()))
        return not any(worker.thread.is_alive() for worker in self._workers)

    # --- threads ---------------------------------------------------------------------------------------------

    def _spawn(self, name: str, body: Callable[[], None]) -> None:
        """In a thread that has nothing to do, else in a new one: starting one waits until it runs, up to 20 ms."""
        worker = next((worker for worker in self._workers if worker.idle), None)
        if worker is None:
            worker = _Worker()
            self._workers.append(worker)
        worker.take(name, body)

    def _start(
        self,
        name: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Failed | None,
        wanted: Callable[[], bool],
        finished: Callable[[], None],
    ) -> None:
        def body() -> None:
            call: Callable[[], None]
            try:
                answer = work()
            except Exception as error:  # noqa: BLE001 - the boundary: every failure of a task is shown by `failed`
                call = partial(failed or self._bus.exception, error)
            else:
                call = partial(done, answer)
            self._post(partial(_answer, finished, wanted, call))

        self._spawn(name, body)

    def _start_free(self) -> None:
        while self._free and self._free_running < _FREE_THREADS:
            self._free_running += 1
            self._free.popleft()()

    def _post(self, answer: Callable[[], None]) -> None:
        with self._lock:  # after close the signal's owner may be gone
            if not self._closed:
                self._answers.append(answer)
                self._wake.emit()

    # --- UI thread -------------------------------------------------------------------------------------------

    @Slot()
    def _drain(self) -> None:
        deadline = time.monotonic() + _BUDGET_S
        try:
            while self._answers:
                self._answers.popleft()()
                if time.monotonic() >= deadline:
                    break
        finally:  # also when an answer raised: the others still come
            if self._answers and not self._closed:
                self._more_answers.start(0)  # an event posted now would come before those that paint

    @Slot()
    def _deliver(self) -> None:
        if not self._round:
            self._round = list(self._streams)
        self._deliver_round()

    @Slot()
    def _deliver_round(self) -> None:
        deadline = time.monotonic() + _BUDGET_S
        try:
            while self._round:
                self._deliver_batch(self._round.pop(0))
                if time.monotonic() >= deadline:
                    break
        finally:
            if self._round and not self._closed:
                self._more_batches.start(0)
        if not self._streams:
            self._tick.stop()

    def _deliver_batch(self, channel: str) -> None:
        if (stream := self._streams.get(channel)) is not None:  # an earlier batch may have dropped it
            ended = stream.ended  # read before the items: what was put in before the end is then seen
            stream.hand_over()
            if self._streams.get(channel) is not stream:
                return
            if stream.items:
                self._round.append(channel)  # in another turn, after the other streams
            elif ended:
                del self._streams[channel]
                if stream.error is not None:
                    stream.failed(stream.error)
                else:
                    stream.done()


def _always() -> bool:
    return True


def _answer(finished: Callable[[], None], wanted: Callable[[], bool], call: Callable[[], None]) -> None:
    finished()
    if wanted():
        call()


def _pump(stream: _Stream[T], source: Callable[[threading.Event], Iterable[Sequence[T]]]) -> None:
    try:
        for items in source(stream.cancel):
            stream.items.extend(items)
            if stream.cancel.is_set():
                break
    except Exception as error:  # noqa: BLE001 - the boundary: `_deliver` hands it to `failed`
        stream.error = error
    finally:
        stream.ended = True
