"""How worker processes start; imports nothing, so that they can start while the engine is still being imported.

Processes are never forked from this one, which may run threads and a window: a fork server (POSIX) imports the
engine once and forks workers from there, elsewhere they are spawned.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext, SpawnContext

FORK_SERVER = "NPZ_INSPECTOR_FORK_SERVER"
"""In the environment of the fork server, and of what it forks."""

SETTINGS = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"),
    # glibc gives the top of the heap back after each file, and every page of it costs a fault with the next.
    "MALLOC_TOP_PAD_": str(16 << 20),
}
"""Environment of any worker."""

_OURS = SETTINGS | {FORK_SERVER: "1"}
_PRELOAD = ["inspector.audit.ready"]
"""Imported once by the fork server."""


def context() -> ForkServerContext | SpawnContext:
    """How worker processes start here."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(_PRELOAD)
    return server


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_environment = threading.Lock()


@contextlib.contextmanager
def one_thread_each() -> Iterator[None]:
    """A BLAS library that is loaded inside uses one thread, as do processes started inside, which keep some memory."""
    with _environment:
        before = {name: os.environ.get(name) for name in _OURS}
        os.environ.update(_OURS)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


@contextlib.contextmanager
def parenthood() -> Iterator[None]:
    """Inside, this process may start others even if it is a daemon, as a cluster's worker often is."""
    process = multiprocessing.current_process()
    daemon = process.daemon
    if not daemon:
        yield
        return
    process.daemon = False
    try:
        yield
    finally:
        process.daemon = True


@contextlib.contextmanager
def starting() -> Iterator[None]:
    """Processes started inside are as `one_thread_each` says, and do not get this terminal's Ctrl-C."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        with one_thread_each():
            yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def warm_up() -> None:
    """Let the fork server, where there is one, import the engine on another core while this process does too."""
    if isinstance(context(), ForkServerContext):
        from multiprocessing import forkserver

        with starting():
            forkserver.ensure_running()
