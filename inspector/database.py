"""The file behind the cache: opened by several processes at once, made anew when damaged, done without when in the way.

Imports nothing but the standard library, so that an audit that need not be taken again need not load the engine.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import zlib
from pathlib import Path

from inspector.errors import InspectorError
from inspector.paths import cache_dir

SCHEMA = 1
"""Raised whenever the tables change. An older file is made anew, a newer one is left alone."""

LIMIT_MB = 1024
"""Measurements of about 150,000 clips: more than most people audit in a month, and little beside the clips."""

_SETTLED_NS, _COARSE_NS, _FINE = 100_000_000, 2_000_000_000, 1_000_000
_SUM_BYTES = 4
_NAME = "measurements.sqlite"
_PATIENCE_SECONDS = 2.0
_PAGE_BYTES = 32768  # holds five clips; in smaller pages they take more room and twice the time
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_TABLES = """
CREATE TABLE folders (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, used INTEGER NOT NULL);
CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, folder INTEGER NOT NULL, name BLOB NOT NULL, measuring BLOB NOT NULL,
    picking BLOB NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL,
    judging BLOB NOT NULL, verdict BLOB NOT NULL, evidence BLOB NOT NULL,
    UNIQUE (folder, name, measuring)
);
CREATE TABLE answers (
    request BLOB PRIMARY KEY, used INTEGER NOT NULL, state BLOB NOT NULL, content BLOB NOT NULL
);
"""


class CacheError(InspectorError):
    """The cache cannot be used now; an audit goes on without it."""


def database_path() -> Path:
    """Where this user's cache lies; it may not exist."""
    return cache_dir() / _NAME


def limit_bytes() -> int:
    """How large it may grow: ``NPZ_INSPECTOR_CACHE_MB`` millions of bytes, else `LIMIT_MB`; 0 keeps nothing.

    Raises
    ------
    CacheError
        When the variable is no such number.
    """
    text = os.environ.get("NPZ_INSPECTOR_CACHE_MB", "").strip()
    if not text:
        return LIMIT_MB * 1_000_000
    if not text.isdecimal():
        raise CacheError(f"NPZ_INSPECTOR_CACHE_MB: expected a whole number of megabytes, got {text!r}")
    return int(text) * 1_000_000


def is_settled(modified: int, changed: int, now: int) -> bool:
    """Whether a file changed long enough ago that its next change will have other times of change.

    File systems count in ticks of some milliseconds, and old ones in whole seconds, even two.

    Parameters
    ----------
    modified, changed, now
        Nanoseconds: when its content changed, when anything about it did, and when somebody began to read it. One of
        the first two that is past is enough: the next change moves both to its own time.
    """
    times = (modified,) if os.name == "nt" else (modified, changed)  # there the second is when it was made
    return any(now - each > (_SETTLED_NS if each % _FINE else _COARSE_NS) for each in times)


def seal(content: bytes) -> bytes:
    """Content with a checksum before it."""
    return zlib.crc32(content).to_bytes(_SUM_BYTES, "little") + content


def unseal(sealed: bytes) -> bytes:
    """What was sealed.

    Raises
    ------
    ValueError
        When it is not as it was.
    """
    content = sealed[_SUM_BYTES:]
    if zlib.crc32(content).to_bytes(_SUM_BYTES, "little") != sealed[:_SUM_BYTES]:
        raise ValueError("what was kept is damaged")
    return content


def open_database(path: Path, *, make: bool = True) -> sqlite3.Connection:
    """Open the cache, making it when it is missing, damaged, or of an older version.

    The connection may move between threads, but must be used by one at a time.

    Parameters
    ----------
    make
        Else a file that is missing, damaged or of another version is an error, and is left as it is.

    Raises
    ------
    CacheError
        When it cannot be opened or made, or a newer version of this program made it.
    """
    try:
        return _opened(path, make)
    except sqlite3.DatabaseError as error:
        if not make or not is_damaged(error):
            raise CacheError(f"{path}: {error}") from error
    except OSError as error:
        raise CacheError(f"{path}: {error.strerror or error}") from error
    set_aside(path)
    try:
        return _opened(path, make)
    except sqlite3.Error as error:
        raise CacheError(f"{path}: {error}") from error
    except OSError as error:
        raise CacheError(f"{path}: {error.strerror or error}") from error


def is_damaged(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken, and not just locked, full or out of reach."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def set_aside(path: Path) -> None:
    """Rename a damaged file, so that the next one who opens it makes a new one; the last such file is kept."""
    for end in ("-wal", "-shm"):  # they belong to the damaged one, and would be taken for parts of the new one
        with contextlib.suppress(OSError):
            path.with_name(path.name + end).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        path.replace(path.with_name(path.name + ".damaged"))


def _opened(path: Path, make: bool) -> sqlite3.Connection:
    if make and not path.exists():
        _make(path)
    connection = _connect(path)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == SCHEMA:
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    if version > SCHEMA or not make:
        raise CacheError(f"{path}: expected version {SCHEMA} of the cache, found version {version}")
    set_aside(path)
    _make(path)
    return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, _PATIENCE_SECONDS, isolation_level=None, check_same_thread=False, uri=True)
    # What a power cut tears is found out by checksums, and lost measurements are made again: no wait for the disk.
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def _make(path: Path) -> None:
    """A new file is made whole under another name, so that nobody ever opens half of one."""
    import secrets  # slow to import, and needed once

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with contextlib.closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")
            connection.execute("PRAGMA journal_mode = WAL")  # readers and a writer do not wait for each other
        with contextlib.suppress(FileExistsError):  # another process was first: its file is as good
            os.link(temporary, path) if hasattr(os, "link") else temporary.rename(path)
    finally:
        for end in ("", "-wal", "-shm"):
            temporary.with_name(temporary.name + end).unlink(missing_ok=True)
