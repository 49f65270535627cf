"""Where files about one of many go below the folder of reports, under names that any system takes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from inspector.audit.record import printable_path
from inspector.audit.scan import sort_key
from inspector.reports.atomic import Write
from inspector.reports.report import Report

ASSESSMENT = "assessment.md"
FILMS = "sample_animations"

_LONGEST = 120  # bytes of a stem: what comes after it must fit, too
_UNSAFE = re.compile(r"[^\w.+=-]+")
_TAKEN = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|npz_audit_.*|sample_animations", re.IGNORECASE)


def stems(paths: Iterable[str]) -> dict[str, str]:
    """A name for each file: its own without the ending, as far as any system takes it, and no two alike."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for path in paths:
        own = re.split(r"[/\\]", printable_path(path))[-1].removesuffix(".npz")
        short = _UNSAFE.sub("_", own).encode()[:_LONGEST].decode(errors="ignore")
        safe = short.strip(".") or "file"
        if _TAKEN.fullmatch(safe):
            safe = f"{safe}_"
        name, number = safe, 1
        while name.casefold() in used:  # as file systems compare that do not tell A from a
            number += 1
            name = f"{safe}-{number}"
        used.add(name.casefold())
        found[path] = name
    return found


def dataset_folders(paths: Iterable[str]) -> dict[str, Path]:
    """The folder, below that of the reports, for what is written of each data set; that one itself when it is alone."""
    ordered = sorted(paths, key=sort_key)
    if len(ordered) == 1:
        return {ordered[0]: Path()}
    return {path: Path(name) for path, name in stems(ordered).items()}


def write_assessments(report: Report) -> dict[Path, Write]:
    """The assessment of each data set of videos."""
    folders = dataset_folders(report.tally.datasets)
    return {folder / ASSESSMENT: partial(_write, report, path) for path, folder in folders.items()}


def _write(report: Report, path: str, file: BinaryIO) -> None:
    from inspector.reports.assessment import assessment  # an audit of clips does without

    file.write(assessment(report.record(path), datetime.now()).encode())
