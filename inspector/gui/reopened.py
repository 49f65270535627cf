"""A report opened again: its verdicts at once, and the files behind them when they are looked at. No Qt."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.audit import Options
from inspector.audit.record import Record, visible_path
from inspector.errors import InspectorError

if TYPE_CHECKING:
    import threading

    from inspector.audit import Inspection

GONE = "The file is not there"
_BATCH = 500


def is_report(path: str) -> bool:
    """Whether a path is meant as a report, not as data."""
    return path.lower().endswith(".jsonl") and not Path(path).is_dir()


def read_reports(paths: Sequence[str], cancel: threading.Event) -> Iterator[list[Record]]:
    """Records of reports, in batches, with absolute paths; nothing is given out of a report that is broken.

    Relative paths are those of the report's folder, or of the current one where only that has the file.

    Raises
    ------
    ReportError
        When a report cannot be read; the message names the line.
    """
    from inspector.reports import read_records

    for path in paths:
        records = read_records(Path(path))
        folder = os.path.dirname(path)  # noqa: PTH120 - a path as the system gave it
        for start in range(0, len(records), _BATCH):
            if cancel.is_set():
                return
            yield [replace(record, path=_found(record.path, folder)) for record in records[start : start + _BATCH]]


def _found(path: str, folder: str) -> str:
    beside = os.path.normpath(os.path.join(folder, path))  # noqa: PTH118 - leaves an absolute path as it is
    here = os.path.abspath(path)  # noqa: PTH100 - keeps `..` through links
    return here if not os.path.lexists(beside) and os.path.lexists(here) else beside


def inspect_reported(path: str, options: Options, record: Record) -> Inspection:
    """Read a file as its report judged it, unless `options` say otherwise; when it is gone, what the report says."""
    from inspector.audit import Inspection, inspect_file
    from inspector.profiles import load_profile

    if options == Options() and record.profile:
        with suppress(InspectorError, OSError):  # a profile of another machine: the file picks its own
            options = Options(profile=load_profile(record.profile), targets=record.wanted)
    if os.path.lexists(path):
        return inspect_file(path, options)
    profile = options.profile or load_profile("generic")
    words = f"{GONE}: {visible_path(path)}. This is what the report says of it."
    return Inspection(path, replace(record, error=f"{words} {record.error}" if record.error else words), profile)


def is_gone(record: Record) -> bool:
    """Whether a record is a report's, of a file that is not there."""
    return record.error is not None and record.error.startswith(GONE)


def present(paths: Sequence[str]) -> list[str]:
    """Those that exist."""
    return [path for path in paths if os.path.lexists(path)]
