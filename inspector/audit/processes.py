"""What worker processes do first, and one that may die alone; `inspector.workers` says how they start."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait

from inspector.audit.job import Job, error_record, run_job
from inspector.audit.record import Record
from inspector.errors import InspectorError
from inspector.workers import context, parenthood, starting

_job: Job | None = None


def begin(job: Job) -> None:
    """First thing in a worker."""
    global _job
    _job = job
    gc.freeze()  # the engine stays: no need to look through it for garbage again and again
    gc.set_threshold(10_000)  # once for several files instead of several times for each: their cycles are few
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()


def _end_with_parent() -> None:
    """A pool's worker waits for work for ever once its parent was killed: it holds both ends of the queue itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def work(paths: Sequence[str]) -> list[Record]:
    """What a pool runs in a worker that has begun."""
    if _job is None:
        raise RuntimeError("a worker started without its job")
    return run_job(_job, paths)


def _serve(pipe: Connection, job: Job) -> None:
    """Life of an isolated worker: a path comes in, its record goes out."""
    begin(job)
    with contextlib.suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            (record,) = run_job(job, [pipe.recv()])
            pipe.send(record)


class Isolated:
    """One process that reads one file at a time, so that a death has a name.

    Parameters
    ----------
    stopped
        Asked while a file is read; when true the file is given up.
    """

    def __init__(self, job: Job, stopped: Callable[[], bool]) -> None:
        self._job = job
        self._stopped = stopped
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None

    def audit(self, path: str) -> Record | int | None:
        """The file's record, the exit code of the process it killed, or None when stopped.

        Raises
        ------
        InspectorError
            When no process can be started at all.
        """
        pipe = self._pipe or self._start()
        try:
            pipe.send(path)
            while not pipe.poll(0.05):
                if self._stopped():
                    return None
            answer = pipe.recv()
        except (EOFError, OSError):
            return self.close()
        return answer if isinstance(answer, Record) else error_record(path, "no answer from the worker", self._job)

    def _start(self) -> Connection:
        pipe, theirs = multiprocessing.Pipe()
        process = context().Process(target=_serve, args=(theirs, self._job), daemon=True)
        with starting(), parenthood():
            process.start()
        theirs.close()
        self._process, self._pipe = process, pipe
        try:
            pipe.recv()
        except (EOFError, OSError) as error:
            code = self.close()
            raise InspectorError(f"worker processes cannot be started here (exit code {code})") from error
        return pipe

    def close(self) -> int:
        """End the process; its exit code."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if process is None or pipe is None:
            return 0
        pipe.close()
        if self._stopped():
            process.kill()
        process.join(5)  # it died by itself, or ends on the closed pipe
        if process.exitcode is None:
            process.kill()
            process.join()
        return process.exitcode or 0


def run_apart(job: Job, paths: Sequence[str]) -> list[Record | int]:
    """As `run_job`, in a process that files may kill; of those that do, its exit code. Runs in somebody's worker."""
    with contextlib.closing(Isolated(job, lambda: False)) as worker:
        return [worker.audit(path) or 0 for path in paths]
