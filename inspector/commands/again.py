"""The answer to an audit that was asked before, of files none of which has changed since: printed, and nothing read.

Nothing here imports the engine: looking a folder up costs less than loading what would read it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
import zlib
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from inspector.commands.answers import (
    REPORTS,
    Answer,
    keep,
    keep_reports,
    out_of,
    program,
    request_of,
    stamp,
    stamps,
    survey,
)
from inspector.database import database_path, limit_bytes, open_database, unseal
from inspector.errors import InspectorError

if TYPE_CHECKING:
    from pathlib import Path

_DAY = 86_400
_CODES = ("\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[35m", "\x1b[0m")
"""What colours a verdict on a terminal; click puts them there and takes them out."""


def answer(arguments: Sequence[str]) -> int | None:
    """Answer an audit out of the cache.

    Parameters
    ----------
    arguments
        Of the program; anything but an audit is not answered.

    Returns
    -------
    int or None
        The exit code once all is printed and written; None, with nothing done, where it has to be taken again.
    """
    began = time.monotonic()
    if list(arguments[:1]) != ["audit"] or "--no-cache" in arguments:
        return None
    try:
        path = database_path()
        if not limit_bytes() or not path.exists():
            return None
        with closing(open_database(path, make=False)) as connection:
            found = _found(connection, arguments)
            if found is None:
                return None
            known, state = found
            if state != program() + survey(known.folders, known.files)[0] or not _has_reports(
                known, state, arguments, connection
            ):
                return None
    except (InspectorError, OSError, ValueError, TypeError, KeyError, sqlite3.Error):
        return None
    _say(known, time.monotonic() - began)
    return known.code


def _found(connection: sqlite3.Connection, arguments: Sequence[str]) -> tuple[Answer, bytes] | None:
    """The answer to these arguments, and how all that it depends on was then."""
    request = request_of(arguments)
    row = connection.execute("SELECT used, state, content FROM answers WHERE request = ?", (request,)).fetchone()
    if row is None:
        return None
    used, state, content = row
    if time.time() - used > _DAY:
        connection.execute("UPDATE answers SET used = ? WHERE request = ?", (int(time.time()), request))
    return Answer(**json.loads(unseal(content))), zlib.decompress(state)


def _has_reports(known: Answer, state: bytes, arguments: Sequence[str], connection: sqlite3.Connection) -> bool:
    """Whether the reports are where they are wanted; brings them there from where they lie."""
    typed = out_of(arguments)[0]
    if typed is None:
        return True
    place = os.path.abspath(typed)  # noqa: PTH100
    if os.path.isdir(place) and any(name.endswith(".jsonl.part") for name in os.listdir(place)):  # noqa: PTH112, PTH208
        return False  # an audit that was stopped, or is still at work
    source = next((folder for folder in (known.out[1], _kept(known)) if folder and _untouched(known, folder)), None)
    if source is None:
        return False
    if typed == known.out[0] and source == known.out[1]:
        return True
    if not (typed.isascii() and typed.isprintable()):  # printed with escapes, which others know
        return False
    _copy(known, source, typed, place)
    keep(connection, arguments, known, state)
    return True


def _kept(known: Answer) -> str:
    return str(database_path().parent / REPORTS / known.kept) if known.kept else ""


def _untouched(known: Answer, folder: str) -> bool:
    """Whether the reports in a folder are as they were written. A copy has its time; a link counts as a change."""
    exactly = 3 if folder == known.out[1] and not known.kept else 2
    found = [stamp(os.path.join(folder, name)) for name, _ in known.written]  # noqa: PTH118
    return all(
        now and now[:exactly] == tuple(left)[:exactly] for now, (_, left) in zip(found, known.written, strict=True)
    )


def _copy(known: Answer, source: str, typed: str, place: str) -> None:
    """Write the reports that lie elsewhere, all or none; the answer speaks of the new ones then."""
    from pathlib import Path  # only where something is written

    from inspector.reports.atomic import make_folder, write_whole

    names = [name for name, _ in known.written]
    if source != place:
        make_folder(Path(typed))
        write_whole({Path(typed, name): partial(_write, Path(source, name)) for name in names})
    known.out = typed, place
    known.written = stamps(place, names)
    known.named = [f"written: {Path(typed) / name}" for name in names]
    keep_reports(known)


def _write(source: Path, file: BinaryIO) -> None:
    file.write(source.read_bytes())


def _say(known: Answer, seconds: float) -> None:
    """Print what was printed then, but for the time that it took."""
    files = f"{known.total} file{'s' if known.total != 1 else ''}"
    colours = sys.stdout.isatty() and os.name != "nt"
    lines = [*known.lines, f"{known.totals}; {seconds:.1f} s", *known.named]
    try:
        sys.stderr.write(f"{files}, none changed since this was last asked\n")
        for line in lines if colours else map(_plain, lines):
            try:
                sys.stdout.write(line + "\n")
            except UnicodeEncodeError:  # a terminal without Unicode
                sys.stdout.write(line.encode("ascii", "backslashreplace").decode() + "\n")
        sys.stdout.flush()
        sys.stderr.writelines(note + "\n" for note in known.notes)
    except BrokenPipeError:  # the reader has gone; nor can Python flush what is left when it ends
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _plain(line: str) -> str:
    for code in _CODES:
        line = line.replace(code, "")
    return line
