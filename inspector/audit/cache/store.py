"""Rows of the cache: what is known of each file, found by its path and believed while the file stays as it was."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from inspector.database import CacheError, is_damaged, limit_bytes, open_database, set_aside

_LEFT_BY_CLEANING = 0.8
_LEAST_LOOK = 16 << 20
"""Bytes that are written between two looks at how large the file is."""

_FIND = """
SELECT f.id, f.measuring, f.picking, f.size, f.modified, f.changed, f.judging, f.verdict
FROM folders d JOIN files f ON f.folder = d.id WHERE d.path = ? AND f.name = ?
"""
_INSERT = """
INSERT OR REPLACE INTO files (folder, name, measuring, picking, size, modified, changed, judging, verdict, evidence)
VALUES ((SELECT id FROM folders WHERE path = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_CLEAN = """
DELETE FROM files WHERE id IN (
    SELECT id FROM (
        SELECT f.id, SUM(LENGTH(f.verdict) + LENGTH(f.evidence)) OVER (ORDER BY d.used DESC, f.id DESC) AS total
        FROM files f JOIN folders d ON d.id = f.folder
    ) WHERE total > ?
)
"""


class Stamp(NamedTuple):
    """A file as it was: when any of this is other, so may be what it holds.

    Attributes
    ----------
    size
        Bytes.
    modified, changed
        Nanoseconds: of its content, and (where the system knows) of anything about it, which no program can set back.
    """

    size: int
    modified: int
    changed: int


class Known(NamedTuple):
    """A row, but for its evidence."""

    id: int
    measuring: bytes
    picking: bytes
    stamp: Stamp
    judging: bytes
    verdict: bytes


class Row(NamedTuple):
    """What is to be kept of one file."""

    path: str
    measuring: bytes
    picking: bytes
    stamp: Stamp
    judging: bytes
    verdict: bytes
    evidence: bytes


def stamp_of(path: str) -> Stamp | None:
    """How a file is now; None when it cannot be looked at."""
    try:
        found = os.stat(path)  # noqa: PTH116 - for every file, and a Path costs four times what this does
    except (OSError, ValueError):
        return None
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns)


class Store:
    """An open cache. Of its methods, any may raise `CacheError`; go on without it then.

    Parameters
    ----------
    path
        Of the file; made when missing or damaged.
    limit
        Bytes that it may take; what was not used for longest goes first.

    Raises
    ------
    CacheError
        When it cannot be opened.
    """

    def __init__(self, path: Path, limit: int | None = None) -> None:
        self._limit = limit_bytes() if limit is None else limit
        self._path = path
        self._connection = open_database(path)
        self._folders: set[bytes] = set()
        self._whole: dict[str, bytes] = {}
        self._held: dict[bytes, bool] = {}
        self._written = 0
        self._looked = 0

    def find(self, path: str) -> list[Known]:
        """All that is known of a file, by whatever it was measured."""
        place = self._place(path)
        if place is None or not self._holds(place[0]):
            return []
        rows = self._run(_FIND, place)
        self._folders.add(place[0])
        return [Known(row[0], row[1], row[2], Stamp(*row[3:6]), row[6], row[7]) for row in rows]

    def _holds(self, folder: bytes) -> bool:
        """Whether anything is known of a folder: asked once, not for each file of one that is new."""
        held = self._held.get(folder)
        if held is None:
            held = self._held[folder] = bool(self._run("SELECT 1 FROM folders WHERE path = ?", (folder,)))
        return held

    def evidence(self, number: int) -> bytes:
        """What a row can be judged by again; empty when it is gone."""
        found = self._run("SELECT evidence FROM files WHERE id = ?", (number,))
        return bytes(found[0][0]) if found else b""

    def keep(self, rows: Iterable[Row]) -> None:
        """Add rows, in place of what was known by the same measuring."""
        values = [
            (*place, row.measuring, row.picking, *row.stamp, row.judging, row.verdict, row.evidence)
            for row in rows
            if (place := self._place(row.path)) is not None
        ]
        if not values or not self._limit:
            return
        self._folders.update(value[0] for value in values)
        self._held.update((value[0], True) for value in values)
        with self._transaction():
            self._stamp_folders({value[0] for value in values})
            self._run_many(_INSERT, values)
        self._written += sum(len(value[-1]) + len(value[-2]) for value in values)
        if self._written - self._looked > _LEAST_LOOK:
            self._clean()

    def judged(self, verdicts: Sequence[tuple[bytes, bytes, int]]) -> None:
        """Note newer verdicts: (judging key, verdict, number of the row)."""
        with self._transaction():
            self._run_many("UPDATE files SET judging = ?, verdict = ? WHERE id = ?", verdicts)

    def close(self) -> None:
        """Say which folders were looked at, make room, and let go."""
        try:
            if self._folders:
                with self._transaction():
                    self._stamp_folders(self._folders, make=False)
            if self._written:
                self._clean()
        finally:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _place(self, path: str) -> tuple[bytes, bytes] | None:
        """Folder and name, whatever folder this process works in; None for what no file system has."""
        folder, name = os.path.split(path)
        whole = self._whole.get(folder)
        if whole is None:
            try:
                whole = self._whole[folder] = os.fsencode(os.path.abspath(folder))  # noqa: PTH100 - keeps links
            except (UnicodeEncodeError, ValueError):
                return None
        try:
            return whole, os.fsencode(name)
        except UnicodeEncodeError:
            return None

    def _stamp_folders(self, folders: Iterable[bytes], make: bool = True) -> None:
        now = int(time.time())
        if make:
            self._run_many("INSERT OR IGNORE INTO folders (path, used) VALUES (?, ?)", [(f, now) for f in folders])
        self._run_many("UPDATE folders SET used = ? WHERE path = ? AND used < ?", [(now, f, now) for f in folders])

    def _clean(self) -> None:
        """Make room when there is too little."""
        self._looked = self._written
        if (size := self._size()) <= self._limit:
            return
        ((held,),) = self._run("SELECT COALESCE(SUM(LENGTH(verdict) + LENGTH(evidence)), 0) FROM files", ())
        with self._transaction():
            self._run(_CLEAN, (int(held * self._limit * _LEFT_BY_CLEANING / size),))
            self._run("DELETE FROM folders WHERE id NOT IN (SELECT folder FROM files)", ())
        try:
            self._connection.executescript("PRAGMA incremental_vacuum")  # `execute` would give one page back
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _size(self) -> int:
        ((pages,),), ((free,),), ((width,),) = (
            self._run(f"PRAGMA {name}", ()) for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * width)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of what is written inside, or none of it."""
        self._run("BEGIN IMMEDIATE", ())
        try:
            yield
            self._run("COMMIT", ())
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()
            raise

    def _run(self, text: str, values: Sequence[object]) -> list[Any]:
        try:
            return self._connection.execute(text, values).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _run_many(self, text: str, values: Sequence[Sequence[object]]) -> None:
        try:
            self._connection.executemany(text, values)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _failed(self, error: sqlite3.Error) -> CacheError:
        """The error to raise; what is damaged is put aside, so that the next audit makes it anew."""
        if is_damaged(error):
            set_aside(self._path)
        return CacheError(f"{self._path}: {error}")
