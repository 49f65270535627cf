"""The cache command: what is kept of files that were audited, and its end."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from inspector.commands.answers import REPORTS
from inspector.commands.console import say, size
from inspector.database import CacheError, database_path, limit_bytes, open_database

_FILES = ("", "-wal", "-shm", ".damaged")
_DAY = 86_400


def run_show() -> int:
    """Say where it lies, how large it is and may be, and what it holds.

    Raises
    ------
    CacheError
        When it cannot be read.
    """
    path, limit = database_path(), limit_bytes()
    say(f"where   {path}")
    if not path.exists():
        say("size    nothing is kept yet")
    else:
        with _open(path, make=False) as connection:
            files, folders, answers, used = connection.execute(
                "SELECT (SELECT COUNT(*) FROM files), COUNT(*), (SELECT COUNT(*) FROM answers), MIN(used) FROM folders"
            ).fetchone()
        say(f"size    {size(_taken(path))}")
        say(f"files   {_number(files, 'file')} in {_number(folders, 'folder')}; {_number(answers, 'audit')}")
        if used is not None:
            days = max(0, int(time.time()) - used) // _DAY
            say(f"oldest  a folder that was last looked at {_number(days, 'day')} ago")
    say(f"limit   {size(limit)}" + (" (NPZ_INSPECTOR_CACHE_MB sets another)" if limit else ": nothing is kept or used"))
    return 0


def run_clear() -> int:
    """Empty it; audits under way go on.

    Raises
    ------
    CacheError
        When it cannot be written.
    """
    path = database_path()
    if not path.exists():
        say(f"{path}: nothing is kept yet")
        return 0
    before = _taken(path)
    with _open(path, make=True) as connection:  # not removed: others may have it open
        (files,) = connection.execute("SELECT COUNT(*) FROM files").fetchone()
        connection.executescript(
            "BEGIN IMMEDIATE; DELETE FROM files; DELETE FROM folders; DELETE FROM answers; COMMIT;"
            "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);"
        )
    path.with_name(path.name + ".damaged").unlink(missing_ok=True)
    shutil.rmtree(path.parent / REPORTS, ignore_errors=True)
    say(f"{path}: forgot {_number(files, 'file')}, {size(before - _taken(path))} given back")
    return 0


@contextmanager
def _open(path: Path, *, make: bool) -> Iterator[sqlite3.Connection]:
    try:
        with closing(open_database(path, make=make)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise CacheError(f"{path}: {error}") from error


def _taken(path: Path) -> int:
    """Bytes of all that lies there."""
    parts = (path.with_name(path.name + end) for end in _FILES)
    reports = (path.parent / REPORTS).rglob("*")
    return sum(part.stat().st_size for part in [*parts, *reports] if part.is_file())


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
