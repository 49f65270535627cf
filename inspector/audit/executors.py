"""What batches are handed to: a pool of our own that outlives deaths, or somebody else's executor."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Iterator, Sequence
from concurrent import futures
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

from inspector.audit.job import Job, death, error_record, run_job
from inspector.audit.processes import Isolated, begin, work
from inspector.audit.record import Record
from inspector.errors import InspectorError
from inspector.workers import context, starting


class LocalPool:
    """Our own pool of worker processes, made when first needed and again after a death."""

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
        How many it has, as far as anybody knows: decides how much is in flight.
    """

    def __init__(self, executor: Executor, workers: int, job: Job) -> None:
        self.job = job
        self.workers = workers
        self._executor = executor

    def submit(self, paths: Sequence[str]) -> Future[list[Record]]:
        """Start one batch; the options travel with it.

        Raises
        ------
        InspectorError
            When the executor does not work any more.
        """
        try:
            return self._executor.submit(run_job, self.job, paths)
        except RuntimeError as error:
            raise InspectorError(f"the executor given for the audit stopped working: {error}") from error

    def stop(self, pending: Collection[Future[list[Record]]]) -> None:
        """Take back what has not begun; the executor is its owner's."""
        for future in pending:
            future.cancel()

    def rescue(self, batches: Sequence[Sequence[str]], stop: threading.Event) -> Iterator[tuple[int, list[Record]]]:
        """Try the files of lost batches one by one; what fails alone is an ``error`` record.

        Raises
        ------
        InspectorError
            When the executor does not work any more.
        """
        for at, batch in enumerate(batches):
            records = []
            for path in batch:
                future = self.submit([path])
                while not futures.wait([future], timeout=0.1).done:
                    if stop.is_set():
                        return
                try:
                    records += future.result()
                except BrokenExecutor as error:
                    raise InspectorError(f"the executor given for the audit stopped working: {error}") from error
                except Exception as error:  # noqa: BLE001 - a cluster's own words for a worker that did not come back
                    text = f"the worker failed while reading this file: {type(error).__name__}: {error}"
                    records.append(error_record(path, text, self.job))
            yield at, records
