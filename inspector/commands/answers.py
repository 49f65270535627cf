"""Answers to audits: what they depend on, and how they are kept. Imports no more than `again` does.

What an audit prints and writes follows from its arguments, the files' bytes, the profiles and the code. An answer is
kept with all of these, as sizes and times of change, and holds while each is as it was.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
import zlib
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress

from inspector import __version__
from inspector.database import CacheError, database_path, is_settled, limit_bytes, open_database, seal, unseal
from inspector.paths import resource

MOST_ANSWERS = 200
MOST_KEPT = 20
"""Answers of which the reports are kept too."""

REPORTS = "reports"
"""Folder with copies of reports, beside the cache."""

_MOST_REPORTS = 64 << 20
_MOST_STATE = 32 << 20
"""Bytes that say how all files are: of half a million. More are looked at one by one, as known files are."""

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - no pathlib needed
_NOT_ASKED = frozenset({"gui", "demo", "render", "__pycache__"})

_Stamp = tuple[int, int, int]


class Answer:
    """What an audit said and wrote, and what that depends on.

    A plain class: what makes such classes by itself takes longer to import than all that is done here.

    Parameters
    ----------
    folders
        Those that were listed.
    files
        Files that were named one by one, and those that say how to audit: profile, labels, lists of splits.
    code
        The exit code.
    total
        How many files were audited.
    lines
        What was printed before the line of totals, colours included.
    totals
        That line, but for the time.
    notes
        What was said on stderr at the end.
    out
        The folder of reports as it was typed, and whole; empty without.
    written
        Reports in it: name, and how it was left.
    kept
        Name of the folder with copies of them, beside the cache; empty without.
    named
        What was printed of them.
    """

    def __init__(
        self,
        folders: list[str],
        files: list[str],
        code: int,
        total: int,
        lines: list[str],
        totals: str,
        notes: list[str],
        out: tuple[str, str] = ("", ""),
        written: Sequence[tuple[str, _Stamp]] = (),
        named: Sequence[str] = (),
        kept: str = "",
    ) -> None:
        self.folders = folders
        self.files = files
        self.code = code
        self.total = total
        self.lines = lines
        self.totals = totals
        self.notes = notes
        self.out = out
        self.written = written
        self.named = named
        self.kept = kept


def out_of(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """The folder of reports among the arguments, as typed, and the other arguments."""
    out, others = None, []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            others += [argument, *rest]
        elif argument == "--out":
            out = next(rest, None)
        elif argument.startswith("--out="):
            out = argument.removeprefix("--out=")
        else:
            others.append(argument)
    return out, others


def request_of(arguments: Sequence[str]) -> bytes:
    """All that was asked, but for where reports go."""
    out, others = out_of(arguments)
    return json.dumps([others, out is None, "NO_COLOR" in os.environ, os.getcwd()]).encode()  # noqa: PTH109


def program() -> bytes:
    """Sizes and times of change of the code and the built-in profiles; it costs a millisecond."""
    found = [f"{__version__} {sys.version}"]
    rooms = [_PACKAGE, str(resource("profiles")), str(resource("skeletons"))]
    if not os.path.isdir(_PACKAGE):  # noqa: PTH112 - a frozen bundle
        rooms = rooms[1:]
        found.append(repr(stamp(sys.executable)))
    for room in rooms:  # grows while rooms inside are found
        with os.scandir(room) as entries:
            for entry in entries:
                name = entry.name
                if name.endswith((".py", ".toml")):
                    stat = entry.stat()
                    found.append(f"{entry.path}\0{stat.st_size}\0{stat.st_mtime_ns}")
                elif name not in _NOT_ASKED and entry.is_dir():
                    rooms.append(entry.path)
    return _joined(found)


def survey(folders: Sequence[str], files: Sequence[str]) -> tuple[bytes, list[str], list[tuple[int, int]]]:
    """Look at files without opening them.

    Parameters
    ----------
    folders
        Looked at by the names that `inspector.audit.scan` goes by, each for itself.
    files
        Further files.

    Returns
    -------
    state
        The names in the folders that a scan goes by, and the size and the times of change of each file.
    paths
        The files, as a scan names them.
    times
        When each last changed: its content, and anything about it; nanoseconds.

    Raises
    ------
    OSError
        When one is not there, or may not be looked at.
    """
    paths: list[str] = []
    times: list[tuple[int, int]] = []
    found: list[str] = []
    for folder in folders:
        prefix = "" if folder == os.curdir else folder if folder.endswith(os.sep) else folder + os.sep
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name[-4:].lower() == ".npz":
                    stat = entry.stat()
                    paths.append(prefix + name)
                    times.append((stat.st_mtime_ns, stat.st_ctime_ns))
                    found.append(f"{prefix}{name}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ctime_ns}")
                elif not name.startswith(".") and entry.is_dir():
                    found.append(prefix + name + os.sep)
    for path in files:
        stat = os.stat(path)  # noqa: PTH116
        paths.append(path)
        times.append((stat.st_mtime_ns, stat.st_ctime_ns))
        found.append(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ctime_ns}")
    return _joined(found), paths, times


def _joined(found: list[str]) -> bytes:
    return "\n".join([*sorted(found), ""]).encode("utf-8", "surrogateescape")


def stamps(folder: str, names: Iterable[str]) -> list[tuple[str, _Stamp]]:
    """How files in a folder were left."""
    return [(name, found) for name in names if (found := stamp(os.path.join(folder, name)))]  # noqa: PTH118


def stamp(path: str) -> _Stamp | None:
    """Size and times of change of a file, None when it cannot be looked at."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def keep(connection: sqlite3.Connection, arguments: Sequence[str], given: Answer, state: bytes) -> None:
    """Keep an answer, in place of an earlier one to the same request, and no more than the last few."""
    if len(state) > _MOST_STATE:
        return
    content = seal(json.dumps(vars(given)).encode())
    values = (request_of(arguments), int(time.time()), zlib.compress(state, 1), content)
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("INSERT OR REPLACE INTO answers (request, used, state, content) VALUES (?, ?, ?, ?)", values)
        connection.execute(
            "DELETE FROM answers WHERE rowid NOT IN (SELECT rowid FROM answers ORDER BY used DESC, rowid DESC LIMIT ?)",
            (MOST_ANSWERS,),
        )
        newest = "SELECT content FROM answers ORDER BY used DESC, rowid DESC LIMIT ?"
        last = connection.execute(newest, (MOST_KEPT,)).fetchall()
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.rollback()
        raise
    _drop_reports(content for (content,) in last)


def remember(arguments: Sequence[str], given: Answer, files: bytes) -> None:
    """Keep an answer where that can be done; `files` is their state, as `survey` gives it."""
    with suppress(CacheError, sqlite3.Error), closing(open_database(database_path())) as connection:
        keep(connection, arguments, given, program() + files)


def all_settled(times: Iterable[tuple[int, int]], began: int) -> bool:
    """Whether no file changed so shortly before `began` (nanoseconds) that it may change again unseen."""
    return all(is_settled(*each, began) for each in times)


def keep_reports(known: Answer) -> None:
    """Keep copies of the reports, should these be moved or removed; links where they lie on the same disk.

    A report that is edited where it lies changes its copy too, with its time, and neither is used again.
    """
    import secrets  # only where something is written
    import shutil

    size = sum(stamp[0] for _, stamp in known.written)
    known.kept = ""
    if size > min(_MOST_REPORTS, limit_bytes() // MOST_KEPT):
        return
    kept = secrets.token_hex(8)
    folder = database_path().parent / REPORTS / kept
    try:
        for name, _ in known.written:
            source, copy = os.path.join(known.out[1], name), folder / name  # noqa: PTH118
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                os.link(source, copy)
            except OSError:
                shutil.copy2(source, copy)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        return
    known.kept = kept


def _drop_reports(wanted: Iterable[bytes]) -> None:
    """Remove copies of reports of which no answer speaks any more."""
    folder = database_path().parent / REPORTS
    if folder.is_dir():
        spoken_of = {Answer(**json.loads(unseal(content))).kept for content in wanted}
        for each in folder.iterdir():
            if each.name not in spoken_of:
                import shutil

                shutil.rmtree(each, ignore_errors=True)
