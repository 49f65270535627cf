"""Auditing behind a window: workers step back, so that it gets a processor whenever it wants one. No Qt."""

from __future__ import annotations

import functools
import multiprocessing
import os

from inspector.audit import Options, Record

_STEP_BACK = 5


def audit_politely(path: str, options: Options) -> Record:
    """As `audit_file`; in a worker process with a lower priority than the window's."""
    from inspector.audit import audit_file  # the window itself only names this function

    _step_back()
    return audit_file(path, options)


@functools.cache
def _step_back() -> None:
    """Once in each process; never in the window's own."""
    if multiprocessing.parent_process() is not None and hasattr(os, "nice"):
        os.nice(_STEP_BACK)
