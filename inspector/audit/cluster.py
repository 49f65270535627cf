"""The same audit on a cluster: a dask scheduler, our own or somebody else's, and whether its workers fit."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import platform
import socket
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, InvalidStateError
from dataclasses import dataclass
from functools import partial
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from inspector import __version__
from inspector.audit.engine import Engine
from inspector.audit.stamp import stamp
from inspector.errors import InspectorError, UsageError
from inspector.paths import is_url
from inspector.workers import SETTINGS, starting

_T = TypeVar("_T")

CONNECT = 10.0
"""Seconds within which a scheduler answers."""

FIRST_WORKER = 60.0
"""Seconds within which there is a worker; who waits in a queue for longer starts the audit afterwards."""

NO_WORKERS = 600.0
"""Seconds without any worker after which an audit under way is given up."""

_EVERY = 2.0
_SAMPLES = 8
_EXTRA = "pip install 'npz-inspector[cluster]'"
_GO_ON = "; with --out DIR the same command goes on from what is done"
_LOGGERS = ("distributed", "tornado", "asyncio")


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker says of itself and of some paths; size -1 where a path cannot be looked at."""

    host: str
    versions: Mapping[str, str]
    sizes: Mapping[str, int]
    folder: str | None = None


def ask(paths: Sequence[str], folder: str | None) -> Report:
    """Runs in a worker: who it is, and what it sees of the paths, relative ones from `folder`."""
    problem = None
    if folder is not None:
        try:
            os.chdir(folder)
        except OSError as error:
            problem = error.strerror or str(error)
    return Report(socket.gethostname(), _versions(), {path: stamp(path)[0] for path in paths}, problem)


class TaskExecutor(Executor):
    """Tasks of a `distributed.Client` as futures of the standard library.

    `Client.get_executor` is not used: where a result was lost with its worker and cannot be computed again, its future
    never ends (seen in 2026.8), and that is just what a file that kills its process leads to.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:
        """Start a task; RuntimeError when the client is closed."""
        answer: Future[_T] = Future()
        task = self._client.submit(fn, *args, pure=False, **kwargs)

        def taken_back(ended: Future[_T]) -> None:
            if ended.cancelled():
                task.cancel()

        answer.add_done_callback(taken_back)
        self._client.loop.add_callback(_deliver, task, answer)
        return answer


async def _deliver(task: Any, answer: Future[_T]) -> None:
    """Hand on what comes of a task; runs in the client's loop."""
    try:
        found = await task
    except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - handed on to whoever waits
        outcome = partial(answer.set_exception, RuntimeError(str(error)) if not isinstance(error, Exception) else error)
    else:
        outcome = partial(answer.set_result, found)
    with contextlib.suppress(InvalidStateError):  # it was taken back meanwhile
        outcome()


class Cluster:
    """A connection to a scheduler whose workers were found fit.

    Parameters
    ----------
    client
        A `distributed.Client`.
    paths
        What will be audited: workers are asked whether they see some of it as it is here.

    Attributes
    ----------
    executor
        For `audit_many`.
    folder
        Where relative paths start, None when all are absolute.
    """

    def __init__(self, client: Any, paths: Sequence[str]) -> None:
        self._client = client
        self.executor = TaskExecutor(client)
        step = max(1, len(paths) // _SAMPLES)
        seen = {path: stamp(path)[0] for path in paths[::step][:_SAMPLES]}
        self._sizes = {path: size for path, size in seen.items() if size >= 0}
        relative = any(not is_url(path) and not Path(path).is_absolute() for path in paths)
        self.folder = str(Path.cwd()) if relative else None
        self._hosts: set[str] = set()
        self._threads, self._looked, self._last = 0, -_EVERY, time.monotonic()
        self.workers()

    def workers(self) -> int:
        """How many tasks the cluster runs at once, 1 when it has no worker just now; looked at now and then.

        Hosts that have come since are asked whether they fit.

        Raises
        ------
        InspectorError
            When the scheduler no longer answers, a host does not fit, or there were no workers for `NO_WORKERS`.
        """
        now = time.monotonic()
        if now - self._looked >= _EVERY:
            threads = self._ask_scheduler()
            self._require_fit(threads)
            self._looked, self._threads = now, sum(threads.values())
            if threads:
                self._last = now
            elif now - self._last > NO_WORKERS:
                raise InspectorError(f"the cluster has had no workers for {NO_WORKERS:.0f} s{_GO_ON}")
        return max(1, self._threads)

    def _ask_scheduler(self) -> dict[str, int]:
        where = self._client.scheduler.address if self._client.scheduler else "?"
        gone = f"the scheduler at {where} no longer answers{_GO_ON}"
        if self._client.status != "running":
            raise InspectorError(gone)
        try:
            return dict(self._client.sync(self._client.scheduler.ncores, callback_timeout=CONNECT))
        except (OSError, TimeoutError, RuntimeError) as error:
            raise InspectorError(gone) from error

    def _require_fit(self, threads: Mapping[str, int]) -> None:
        """Ask one worker of each host that is new; InspectorError names the host and what differs."""
        new = {urlsplit(address).hostname or address: address for address in threads}
        new = {host: address for host, address in new.items() if host not in self._hosts}
        if not new:
            return
        answers = self._client.run(ask, tuple(self._sizes), self.folder, workers=list(new.values()), on_error="return")
        for host, address in new.items():
            answer = answers.get(address)
            if isinstance(answer, OSError) or answer is None:  # it has gone meanwhile
                continue
            self._require_same(host, answer)
            self._hosts.add(host)

    def _require_same(self, host: str, answer: object) -> None:
        if not isinstance(answer, Report):
            raise InspectorError(
                f"the workers on {host} cannot run this audit: they need npz-inspector {__version__}, "
                f"as it is here ({type(answer).__name__}: {answer})"
            )
        name = host if answer.host == host else f"{answer.host} ({host})"
        for what, here in _versions().items():
            there = answer.versions.get(what, "not there")
            if here != there:
                raise InspectorError(
                    f"the workers on {name} would not give the same verdicts: {what} is {there} there and {here} here"
                )
        if answer.folder is not None:
            raise UsageError(f"the workers on {name} cannot enter {self.folder}, where paths start: {answer.folder}")
        for path, here_size in self._sizes.items():
            there_size = answer.sizes[path]
            if there_size < 0:
                raise UsageError(
                    f"the workers on {name} do not see {path}: they must see the same files under the same paths"
                )
            if there_size != here_size:
                raise UsageError(
                    f"the workers on {name} see another {path}: {there_size:,} bytes there, {here_size:,} here"
                )


@contextlib.contextmanager
def connected(engine: Engine, paths: Sequence[str], workers: int | None = None) -> Iterator[Cluster]:
    """A cluster to audit these paths on; one of our own ends with the context, somebody else's goes on.

    Parameters
    ----------
    workers
        Processes of a cluster of our own; None for one per processor.

    Raises
    ------
    UsageError
        When the extra is not installed, the scheduler file cannot be read, or workers do not see the paths.
    InspectorError
        When there is no scheduler or no worker in time, or workers run other versions.
    """
    if workers == 0:
        raise UsageError("workers: expected 1 or more with --engine dask, got 0")
    if engine.address is not None and workers is not None:
        raise UsageError("workers: a cluster that is running already has its own; leave --workers out")
    with _client(engine.address, workers) as client:
        yield Cluster(client, paths)


@contextlib.contextmanager
def _client(address: str | None, workers: int | None) -> Iterator[Any]:
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise UsageError(f"--engine dask needs dask.distributed, which is missing here: {_EXTRA}") from error
    with contextlib.ExitStack() as stack:
        stack.enter_context(_quiet())
        if address is None:
            # a death costs its batch at once: the files of it are read again, each in a process that may die
            stack.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": 0}))
            # Its threads, and the workers that they start, do not get this terminal's Ctrl-C; the tracker, which the
            # first of those threads would start, would let it through again.
            resource_tracker.ensure_running()
            with starting():
                where = stack.enter_context(
                    LocalCluster(
                        n_workers=workers,
                        threads_per_worker=1,
                        processes=True,
                        dashboard_address="127.0.0.1:0",
                        memory_limit=0,
                        silence_logs=logging.CRITICAL,
                        env=SETTINGS | {"MALLOC_TRIM_THRESHOLD_": str(64 << 20)},
                    )
                )
        else:
            where = _address(address)
        try:
            with warnings.catch_warnings():  # versions that differ are told below
                warnings.simplefilter("ignore")
                client = stack.enter_context(Client(where, timeout=CONNECT, set_as_default=False))
        except (OSError, TimeoutError, ValueError) as error:
            raise InspectorError(f"no dask scheduler answers at {where} within {CONNECT:.0f} s: {error}") from error
        try:
            client.wait_for_workers(1, timeout=FIRST_WORKER)
        except TimeoutError as error:
            raise InspectorError(
                f"the scheduler at {where} has no workers, and none came in {FIRST_WORKER:.0f} s; start some first"
            ) from error
        yield client


def _address(text: str) -> str:
    """Of a scheduler; read from its file where that is what was given."""
    if "://" in text or not (text.endswith(".json") or Path(text).exists()):
        return text
    try:
        found = json.loads(Path(text).read_text(encoding="utf-8"))["address"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{text}: expected a dask scheduler file with an address, found {error}") from error
    return str(found)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What the cluster's library tells its own log is told here in our words, where it matters."""
    names = [name for name in logging.root.manager.loggerDict if name.startswith(_LOGGERS)]
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _versions() -> dict[str, str]:
    """What verdicts depend on."""
    import numpy as np

    python = ".".join(platform.python_version_tuple()[:2])
    return {"npz-inspector": __version__, "numpy": np.__version__, "Python": python}
