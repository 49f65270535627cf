"""What a worker does with the paths it is given."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.audit.stamp import stamp
from inspector.checks import Finding, Severity, Status

Auditor = Callable[[Sequence[str], Options], list[Record]]
"""Audits some files, a record for each, in order."""


@dataclass(frozen=True, slots=True)
class Job:
    """What workers do with the paths they are given; travels to a worker of our own once, when it starts.

    Attributes
    ----------
    folder
        Where relative paths start in a worker that was started elsewhere; None leaves it where it is.
    """

    auditor: Auditor
    options: Options
    folder: str | None = None


def audit_by_reading(paths: Sequence[str], options: Options) -> list[Record]:
    """As `audit_files`, which is imported where files are read: a process that only hands out work does without."""
    from inspector.audit.one import audit_files

    return audit_files(paths, options)


def run_job(job: Job, paths: Sequence[str]) -> list[Record]:
    """Audit some files, in order; the function that an executor runs.

    When the auditor raises, the files are tried one by one; one that it raises for alone gets an ``error`` record.
    """
    from inspector.audit.compact import finished  # as above

    if job.folder is not None:
        os.chdir(job.folder)
    return finished(_audited(job, paths), job.options)


def _audited(job: Job, paths: Sequence[str]) -> list[Record]:
    try:
        return job.auditor(paths, job.options)
    except Exception as error:  # noqa: BLE001 - the boundary between one file and the others of its batch
        if len(paths) > 1:
            return [record for path in paths for record in _audited(job, [path])]
        return [error_record(path, f"{type(error).__name__}: {error}", job) for path in paths]


def error_record(path: str, text: str, job: Job) -> Record:
    """The row of a file whose audit did not end."""
    profile = job.options.profile.name if job.options.profile else ""
    finding = Finding("UNREADABLE", Severity.CRITICAL, text)
    size, modified = stamp(path)
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
