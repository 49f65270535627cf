"""What batches are handed to: a pool of our own that outlives deaths, or somebody else's executor."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent import futures
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import TypeVar

from inspector.audit.job import Job, death, error_record, run_job
from inspector.audit.processes import Isolated, begin, run_apart, work
from inspector.audit.record import Record
from inspector.errors import InspectorError
from inspector.workers import context, starting

_T = TypeVar("_T")
_R = TypeVar("_R")
_Answers = Sequence[Record | int | None]


class LocalPool:
    """Our own pool of worker processes, made when first needed and again after a death.

    Attributes
    ----------
    steady
        Whether the others go on when one batch is lost.
    scale
        Times the usual size of batches that tasks should have.
    """

    steady = False
    scale = 1

    def __init__(self, workers: int, job: Job) -> None:
        self.workers = workers
        self.job = job
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, paths: Sequence[str]) -> Future[list[Record]]:
        """Start one batch."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.workers, context(), begin, (self.job,))
        with starting():
            return self._pool.submit(work, paths)

    def stop(self, pending: Collection[Future[list[Record]]]) -> None:
        """End the workers: at once when work is pending (they only read), else in their own time.

        Pending futures fail by that. They must not be cancelled: a pool that breaks stumbles over cancelled ones.
        """
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((getattr(pool, "_processes", None) or {}).values())
        if pending:
            for process in processes:
                process.terminate()
        pool.shutdown(wait=not pending)

    def rescue(self, batches: Sequence[Sequence[str]], stop: threading.Event) -> Iterator[tuple[int, list[Record]]]:
        """Audit what a broken pool lost, so that the culprit is named and everything else done.

        Several isolated processes share the batches; a file that kills its process is tried once more with nothing
        else running, because the system may have killed it for the memory that the others took.

        Yields
        ------
        (int, list of Record)
            Position in `batches`, and its records.
        """
        self.stop(())
        yield from _in_isolation(self.job, batches, stop, self.workers)


def _in_isolation(
    job: Job, batches: Sequence[Sequence[str]], stop: threading.Event, workers: int
) -> Iterator[tuple[int, list[Record]]]:
    halt = threading.Event()

    def stopped() -> bool:
        return halt.is_set() or stop.is_set()

    def together(batch: Sequence[str]) -> list[Record | int | None]:
        with contextlib.closing(Isolated(job, stopped)) as worker:
            return [None if stopped() else worker.audit(path) for path in batch]

    threads = ThreadPoolExecutor(min(workers, len(batches)), thread_name_prefix="isolated")
    try:
        answers = list(threads.map(together, batches))
    finally:
        halt.set()
        threads.shutdown()
    with contextlib.closing(Isolated(job, stop.is_set)) as alone:
        for at, batch in enumerate(batches):
            records = []
            for path, answer in zip(batch, answers[at], strict=True):
                again = alone.audit(path) if isinstance(answer, int) else answer
                if again is None:
                    return
                records.append(error_record(path, death(again), job) if isinstance(again, int) else again)
            yield at, records


class BorrowedPool:
    """An executor that belongs to somebody else (a cluster's, a test's): never shut down here.

    Parameters
    ----------
    workers
        How many it has, as far as anybody knows, or what tells it whenever asked: decides how much is in flight.
    """

    steady = True
    scale = 4

    def __init__(self, executor: Executor, workers: int | Callable[[], int], job: Job) -> None:
        self.job = job
        self._executor = executor
        self._workers = workers

    @property
    def workers(self) -> int:
        """How many it has now.

        Raises
        ------
        InspectorError
            Where the executor's owner says that it does not work any more.
        """
        return self._workers if isinstance(self._workers, int) else self._workers()

    def submit(self, paths: Sequence[str]) -> Future[list[Record]]:
        """Start one batch; the options travel with it.

        Raises
        ------
        InspectorError
            When the executor does not work any more.
        """
        return self._start(run_job, paths)

    def stop(self, pending: Collection[Future[list[_R]]]) -> None:
        """Take back what has not begun; the executor is its owner's."""
        for future in pending:
            future.cancel()

    def rescue(self, batches: Sequence[Sequence[str]], stop: threading.Event) -> Iterator[tuple[int, list[Record]]]:
        """Audit what was lost with its worker, in processes beside the workers, so that the culprit is named.

        A file that kills its process is tried once more with nothing else of ours running; where a worker cannot have
        processes beside it, files are tried one by one in the worker itself, and what fails so is an ``error`` record.

        Raises
        ------
        InspectorError
            When the executor does not work any more.
        """
        apart = list(self._apart(batches, stop))
        for at, (batch, answers) in enumerate(zip(batches, apart, strict=False)):
            records = []
            for path, answer in zip(batch, answers, strict=True):
                record = answer if isinstance(answer, Record) else self._alone(path, answer, stop)
                if record is None:
                    return
                records.append(record)
            yield at, records

    def _start(self, function: Callable[[Job, Sequence[str]], _T], paths: Sequence[str]) -> Future[_T]:
        try:
            return self._executor.submit(function, self.job, paths)
        except RuntimeError as error:
            raise InspectorError(f"the executor given for the audit stopped working: {error}") from error

    def _apart(
        self, batches: Sequence[Sequence[str]], stop: threading.Event
    ) -> Iterator[Sequence[Record | int | None]]:
        """Records of each batch in turn, exit codes of processes that files killed, None for what was lost again."""
        waiting: deque[Future[list[Record | int]]] = deque()
        begun = 0
        for batch in batches:
            while begun < len(batches) and len(waiting) < self.workers:
                waiting.append(self._start(run_apart, batches[begun]))
                begun += 1
            answer = self._answer(waiting.popleft(), stop)
            if stop.is_set():
                self.stop(waiting)
                return
            yield [None] * len(batch) if isinstance(answer, Exception) else answer

    def _alone(self, path: str, code: int | None, stop: threading.Event) -> Record | None:
        """The record of a file that was lost twice, or None when stopped."""
        if code is not None:
            found = self._answer(self._start(run_apart, [path]), stop)
            if not isinstance(found, Exception):
                again = found[0]
                return error_record(path, death(again), self.job) if isinstance(again, int) else again
        answer = self._answer(self.submit([path]), stop)
        if stop.is_set():
            return None
        if isinstance(answer, Exception):
            text = f"the worker failed while reading this file: {type(answer).__name__}: {answer}"
            return error_record(path, text, self.job)
        return answer[0]

    def _answer(self, future: Future[list[_R]], stop: threading.Event) -> list[_R] | Exception:
        """What came of a task, or of being stopped meanwhile."""
        while not futures.wait([future], timeout=0.1).done:
            if stop.is_set():
                future.cancel()
                return futures.CancelledError()
            _ = self.workers  # raises when they will not come back
        try:
            return future.result()
        except BrokenExecutor as error:
            raise InspectorError(f"the executor given for the audit stopped working: {error}") from error
        except Exception as error:  # noqa: BLE001 - a cluster's own words for a worker that did not come back
            return error
