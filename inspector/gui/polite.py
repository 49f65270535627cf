"""Auditing behind a window: workers step back, so that it gets a processor whenever it wants one. No Qt."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence

from inspector.audit import Options, Record
from inspector.audit.job import audit_by_reading

_STEP_BACK = 5


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
