"""Auditors for tests of many files: quick, importable in a worker, and some of them deadly."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path

import numpy as np

from inspector.audit.job import Auditor
from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.checks import Status


def for_each(auditor: Callable[[str, Options], Record]) -> Auditor:
    """What audits one file as what audits some, one after the other; a decorator."""

    @wraps(auditor)
    def over(paths: Sequence[str], options: Options) -> list[Record]:
        return [auditor(path, options) for path in paths]

    return over


@for_each
def plain(path: str, options: Options) -> Record:
    """Passes every file, and says which process did."""
    profile = options.profile.name if options.profile else "generic"
    return Record(path, Status.PASS, profile, measurements={"pid": os.getpid()}, size_bytes=0, mtime_ns=0)


@for_each
def deadly(path: str, options: Options) -> Record:
    """Ends its process for files called ``exit…``, is killed for ``kill…``, raises for ``raise…``."""
    name = Path(path).name
    if name.startswith("exit"):
        os._exit(3)
    if name.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("raise"):
        raise ValueError("an auditor that breaks its promise")
    if name.startswith("secret"):
        return Record(path, Status.PASS, measurements={"not picklable": threading.Lock()})
    return plain([path], options)[0]


@for_each
def company(path: str, options: Options) -> Record:
    """Ends its process for ``big…`` unless a file of that name with ``.alone`` exists, which its first death makes."""
    mark = Path(path + ".alone")
    if Path(path).name.startswith("big"):
        tries = mark.read_text() if mark.exists() else ""
        mark.write_text(tries + "x")
        if len(tries) < 2:
            os._exit(9)
    return plain([path], options)[0]


@for_each
def stuck(path: str, options: Options) -> Record:
    """Never ends for ``stuck…``."""
    if Path(path).name.startswith("stuck"):
        threading.Event().wait()
    return plain([path], options)[0]


@for_each
def threads(path: str, options: Options) -> Record:
    """Reports what the worker was started with."""
    figures = {
        "blas": os.environ.get("OPENBLAS_NUM_THREADS"),
        "sigint": signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
        "numpy": np.__version__,
    }
    return Record(path, Status.PASS, measurements=figures)


@for_each
def unhurried(path: str, options: Options) -> Record:
    """Takes a moment over each file."""
    threading.Event().wait(0.01)
    return plain([path], options)[0]


@for_each
def here(path: str, options: Options) -> Record:
    """Tells where a relative path leads."""
    return Record(path, Status.PASS, measurements={"whole": str(Path(path).resolve())})


def deadly_check(path: str, **_wanted: bool) -> list[str]:
    """As a user's validator: kills the process that reads ``kill…``."""
    if Path(path).name.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    return []
