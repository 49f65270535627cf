"""Many files: batches over worker processes, streamed back, with no file able to take the others down."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import threading
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent import futures
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Protocol

from inspector.audit.executors import BorrowedPool, LocalPool
from inspector.audit.job import Auditor, Job, audit_by_reading, run_job
from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.errors import UsageError
from inspector.paths import is_url
from inspector.workers import processors

FEW_FILES = 24
FEW_BYTES = 64 << 20
"""Fewer files and bytes than these are audited here: starting processes would take longer than the work.

A file that kills its process would then end this one. That takes a defect in a native library or a system out of
memory, so it is risked where little else can be lost; with more files the work goes to processes.
"""

BATCH_FILES = 64
BATCH_BYTES = 16 << 20
"""A batch ends at the first of these: about a tenth of a second of work, so that results flow and cancelling bites.

A task of a cluster costs milliseconds by itself, so batches are `BorrowedPool.scale` times that there.
"""

IN_FLIGHT = 3
"""Batches per worker that are under way at once: one being read, one waiting in its queue, one on the way."""

_UNASKED = 2 << 20
"""What a file at a URL counts as: asking would be a request, and reading it takes several."""

_POLL = 0.1
_MOST_WORKERS = 61  # what Windows can wait for at once

Batch = tuple[str, ...]
_Results = Generator[tuple[int, list[Record]], None, None]


class _Pool(Protocol):
    steady: bool
    scale: int

    @property
    def workers(self) -> int: ...
    def submit(self, paths: Sequence[str]) -> Future[list[Record]]: ...
    def rescue(self, batches: Sequence[Sequence[str]], stop: threading.Event) -> Iterator[tuple[int, list[Record]]]: ...
    def stop(self, pending: Collection[Future[list[Record]]]) -> None: ...


def audit_many(
    paths: Sequence[str],
    options: Options,
    *,
    workers: int | Callable[[], int] | None = None,
    executor: Executor | None = None,
    folder: str | None = None,
    cancel: threading.Event | None = None,
    ordered: bool = True,
    auditor: Auditor = audit_by_reading,
) -> Generator[list[Record], None, None]:
    """Audit files in parallel.

    Parameters
    ----------
    paths
        Files, audited in this order.
    workers
        Processes to use. None decides: none at all for few and small files (`FEW_FILES`, `FEW_BYTES`), else one per
        processor this process may run on. 0 works in this process.
    executor
        Use this one instead of a pool of our own; `workers` then says how many it has, or is a function that says
        how many it has now. It is not shut down. The options travel with each batch.
    folder
        Where relative paths start in workers of an executor that were started elsewhere: they go there.
    cancel
        When set, nothing more is started, workers of our own are ended and the iteration is over soon after.
    ordered
        Yield records in the order of `paths`; else as they come, which loses fewest when the process is killed.
    auditor
        What to do with files; must be importable in a worker.

    Yields
    ------
    list of Record
        One per file in all, some at a time.

    Raises
    ------
    InspectorError
        When no worker can be started, or the executor given breaks.
    """
    stop = cancel or threading.Event()
    job = Job(auditor, options, folder)
    if executor is None and (workers == 0 or (workers is None and _few(paths))):
        yield from _here(paths, job, stop)
        return
    if isinstance(workers, int) and workers < 0:
        raise UsageError(f"workers: expected 0 or more, got {workers}")
    pool: _Pool
    if executor is not None:
        pool = BorrowedPool(executor, workers or 2 * processors(), job)
    else:
        count = min((workers if isinstance(workers, int) else 0) or processors(), _MOST_WORKERS)
        pool = LocalPool(min(count, max(1, len(paths))), job)
    with contextlib.closing(_run(pool, _batches(paths, lambda: pool.workers, pool.scale), stop)) as results:
        begun = False
        try:
            for found in _in_order(results) if ordered else (records for _, records in results):
                begun = True
                yield found
        except (ImportError, NotImplementedError, OSError) as error:  # no semaphores here: no pool, same verdicts
            if begun or executor is not None:  # a cluster that cannot be reached must not turn into this machine
                raise
            logging.getLogger(__name__).warning("no worker processes here (%s); auditing in one process", error)
            yield from _here(paths, job, stop)


def _few(paths: Sequence[str]) -> bool:
    return len(paths) < FEW_FILES and sum(map(_size, paths)) < FEW_BYTES


def _size(path: str) -> int:
    if is_url(path):
        return _UNASKED
    try:
        return os.stat(path).st_size  # noqa: PTH116 - for every file, and a Path costs four times what this does
    except (OSError, ValueError):
        return 0


def _here(paths: Sequence[str], job: Job, stop: threading.Event) -> Iterator[list[Record]]:
    for batch in _batches(paths, 2, 1):
        if stop.is_set():
            return
        yield run_job(job, batch)


def _batches(paths: Sequence[str], workers: int | Callable[[], int], scale: int) -> Iterator[Batch]:
    """Consecutive paths by number and bytes; smaller towards the end, so that no worker is left waiting."""
    start = 0
    most_bytes = BATCH_BYTES * scale
    while start < len(paths):
        count = workers if isinstance(workers, int) else workers()
        most = min(BATCH_FILES * scale, max(1, math.ceil((len(paths) - start) / (2 * count))))
        end, size = start + 1, _size(paths[start])
        while end < start + most and size < most_bytes:
            size += _size(paths[end])
            end += 1
        yield tuple(paths[start:end])
        start = end


def _run(pool: _Pool, batches: Iterator[Batch], stop: threading.Event) -> _Results:
    """Records of each batch with its number, as they come; at most `IN_FLIGHT` batches per worker are under way."""
    pending: dict[Future[list[Record]], tuple[int, Batch]] = {}
    lost: list[tuple[int, Batch]] = []
    numbered, more = enumerate(batches), True
    try:
        while not stop.is_set():
            while more and (pool.steady or not lost) and len(pending) < IN_FLIGHT * pool.workers:
                task = next(numbered, None)
                if task is None:
                    more = False
                    break
                try:
                    pending[pool.submit(task[1])] = task
                except BrokenExecutor:  # a worker died since the last look
                    lost.append(task)
            if not pending and not lost:
                return
            for future in futures.wait(pending, _POLL, futures.FIRST_COMPLETED).done:
                task = pending.pop(future)
                try:
                    records = future.result()
                except Exception:  # noqa: BLE001 - whatever it was, the batch's files are tried one by one below
                    lost.append(task)
                else:
                    yield task[0], records
            # a broken pool fails all that was under way; a steady one is done with the rest first
            if lost and not pending and not (more and pool.steady):
                for at, records in pool.rescue([batch for _, batch in lost], stop):
                    yield lost[at][0], records
                lost.clear()
    finally:
        pool.stop(pending)


def _in_order(results: Iterator[tuple[int, list[Record]]]) -> Iterator[list[Record]]:
    waiting: dict[int, list[Record]] = {}
    due = 0
    for number, records in results:
        waiting[number] = records
        while due in waiting:
            yield waiting.pop(due)
            due += 1
