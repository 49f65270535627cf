"""What a worker does with the paths it is given."""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.checks import Finding, Severity, Status

Auditor = Callable[[str, Options], Record]


@dataclass(frozen=True, slots=True)
class Job:
    """What workers do with each path; travels to a worker once, when it starts."""

    auditor: Auditor
    options: Options


def audit_by_reading(path: str, options: Options) -> Record:
    """As `audit_file`, which is imported where files are read: a process that only hands out work does without."""
    from inspector.audit.one import audit_file

    return audit_file(path, options)


def run_job(job: Job, paths: Sequence[str]) -> list[Record]:
    """Audit some files, in order; the function that an executor runs.

    An auditor that raises gives an ``error`` record for its file.
    """
    records = []
    for path in paths:
        try:
            records.append(job.auditor(path, job.options))
        except Exception as error:  # noqa: BLE001 - the boundary between one file and the others of its batch
            records.append(error_record(path, f"{type(error).__name__}: {error}", job))
    return records


def error_record(path: str, text: str, job: Job) -> Record:
    """The row of a file whose audit did not end."""
    profile = job.options.profile.name if job.options.profile else ""
    finding = Finding("UNREADABLE", Severity.CRITICAL, text)
    try:
        found = Path(path).stat()
        size, modified = found.st_size if stat.S_ISREG(found.st_mode) else -1, found.st_mtime_ns
    except (OSError, ValueError):
        size = modified = -1
    return Record(path, Status.ERROR, profile, findings=(finding,), error=text, size_bytes=size, mtime_ns=modified)


def death(exitcode: int | None) -> str:
    """Why a worker process ended, as a sentence."""
    if exitcode is None:
        how = "no exit code"
    elif exitcode < 0:
        how = f"signal {-exitcode}"
    else:
        how = f"exit code {exitcode}"
    hint = "; often a sign of too little memory" if exitcode == -9 else ""
    return f"the worker process died ({how}) while reading this file{hint}"
