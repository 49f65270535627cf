"""Files that are whole or not there: written beside their place under a temporary name, then renamed."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from inspector.errors import ReportError

Write = Callable[[BinaryIO], None]
"""Writes one report's bytes."""


def make_folder(folder: Path) -> None:
    """Make the folder for reports.

    Raises
    ------
    ReportError
        When it cannot be made, or is a file.
    """
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)


def write_whole(files: dict[Path, Write]) -> None:
    """Write some files so that either all of them are new or all are as they were.

    Parameters
    ----------
    files
        Each file's place and what writes its bytes.

    Raises
    ------
    ReportError
        When one cannot be written: no space, no permission.
    """
    staged: dict[Path, Path] = {}
    try:
        for target, write in files.items():
            with explained(target):
                staged[target] = _stage(target, write)
        for target, temporary in staged.items():
            with explained(target):
                temporary.replace(target)
        for folder in {target.parent for target in staged}:
            sync_folder(folder)
    finally:
        for temporary in staged.values():
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _stage(target: Path, write: Write) -> Path:
    temporary = beside(target)
    try:
        with temporary.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def beside(target: Path) -> Path:
    """A hidden name in the same folder that nobody else uses."""
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")


def sync_folder(folder: Path) -> None:
    """Make renames in the folder last through a power cut, where the system can."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """What the operating system refuses inside becomes a `ReportError` that names the path."""
    try:
        yield
    except OSError as error:
        raise ReportError(f"{path} cannot be written: {error.strerror or error}") from error
