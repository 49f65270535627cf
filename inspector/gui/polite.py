"""Work behind a window: it steps back, so that the window gets a processor whenever it wants one. No Qt."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import threading
from collections.abc import Sequence

from inspector.audit import Options, Record
from inspector.audit.job import audit_by_reading

_STEP_BACK = 10
_THREAD_BEHIND = 4  # somebody waits for what threads do, before what worker processes do


def audit_politely(paths: Sequence[str], options: Options) -> list[Record]:
    """As an audit without a window does; in a worker process with a lower priority than the window's."""
    _step_back()
    return audit_by_reading(paths, options)


@functools.cache
def _step_back() -> None:
    """Once in each process; never in the window's own."""
    import multiprocessing  # a worker has it already

    if multiprocessing.parent_process() is not None and hasattr(os, "nice"):
        os.nice(_STEP_BACK)


def thread_steps_back() -> None:
    """Give the thread that calls this a lower priority than the UI thread's; threads that it starts have it too.

    Linux only: elsewhere priorities are the whole process's.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a system that forbids it
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _THREAD_BEHIND)
