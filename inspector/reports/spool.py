"""Records on their way into a report: appended to one file as they come, so that a kill loses none of them."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from inspector.audit.lines import path_of, to_flat, to_line
from inspector.audit.record import Record
from inspector.audit.scan import sort_key
from inspector.audit.stamp import stamp
from inspector.checks import Status
from inspector.errors import ReportError
from inspector.reports.atomic import beside, explained, make_folder

if sys.platform != "win32":
    import fcntl

_BLOCK = 1 << 20
STEM = "npz_audit_report"


class Spool:
    """Lines of JSON in a file, and where each path's line is.

    Parameters
    ----------
    folder
        Where the reports will be; made when missing.
    key
        What the records depend on besides the files, as a short name. A spool with a key,
        ``npz_audit_report.KEY.jsonl.part``, outlives a kill and is taken up again; one without is temporary.

    Raises
    ------
    ReportError
        When it cannot be written, or another audit is writing it.
    """

    def __init__(self, folder: Path, key: str | None) -> None:
        make_folder(folder)
        self._lines: dict[str, tuple[int, int]] = {}
        self._kept = key is not None
        self.path = beside(folder / STEM) if key is None else folder / f"{STEM}.{key}.jsonl.part"
        with explained(self.path):
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        self._file = io.FileIO(handle, "r+b")
        try:
            self._lock()
        except BaseException:
            self._file.close()
            raise

    def _lock(self) -> None:
        if sys.platform == "win32":  # two audits into one folder at once are the user's own affair
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReportError(f"{self.path} is in use: another audit is writing to this folder") from error
        except OSError:  # a file system without locks
            return

    def __len__(self) -> int:
        return len(self._lines)

    def take_over(self, paths: Sequence[str]) -> set[str]:
        """Keep the records of an earlier run that still hold; call it before anything is added.

        A record holds when its file has the size and time of change that it had; records of status ``error`` are
        never kept, since their reason may have passed. A torn last line is cut off.

        Returns
        -------
        set of str
            Those of `paths` that need not be audited again.
        """
        wanted = set(paths)
        offset = 0
        with explained(self.path):
            self._file.seek(0)
            with io.BufferedReader(io.FileIO(self._file.fileno(), "rb", closefd=False)) as lines:
                for line in lines:
                    if not line.endswith(b"\n"):
                        break
                    with contextlib.suppress(ReportError):  # not a record: audited again
                        self._keep(line, offset, wanted)
                    offset += len(line)
            self._file.truncate(offset)
        return set(self._lines)

    def _keep(self, line: bytes, offset: int, wanted: set[str]) -> None:
        flat = to_flat(line)
        path = path_of(flat)
        if path not in wanted:
            return
        self._lines.pop(path, None)  # a later line of the same file replaces it
        found = stamp(path)
        # a store that knows no time of change cannot say that nothing has changed
        same = (flat.get("size_bytes"), flat.get("mtime_ns")) == found and found[1] != -1
        if same and flat.get("status") in (Status.PASS, Status.WARN, Status.FAIL):
            self._lines[path] = (offset, len(line))

    def append(self, records: Iterable[Record]) -> None:
        """Add records; they are with the operating system when this returns.

        Raises
        ------
        ReportError
            When there is no space left, or the like; what was added before stays.
        """
        lines = [(record.path, record.line or to_line(record)) for record in records]
        offset = start = self._file.seek(0, os.SEEK_END)
        places: dict[str, tuple[int, int]] = {}
        for path, line in lines:
            places[path] = (offset, len(line))
            offset += len(line)
        data = memoryview(b"".join(line for _, line in lines))
        with explained(self.path):
            try:
                while data:
                    data = data[self._file.write(data) :]
            except OSError:
                with contextlib.suppress(OSError):
                    self._file.truncate(start)
                raise
        self._lines.update(places)

    def blocks(self) -> Iterator[bytes]:
        """All lines in the order of the paths, some at a time: those that lie one behind the other in the file."""
        start = end = 0
        for path in sorted(self._lines, key=sort_key):
            offset, length = self._lines[path]
            if offset != end or end - start >= _BLOCK:
                if end > start:
                    yield self._read(start, end - start)
                start = offset
            end = offset + length
        if end > start:
            yield self._read(start, end - start)

    def lines(self) -> Iterator[bytes]:
        """Each record's line, newline included, in the order of the paths."""
        for block in self.blocks():
            yield from block.splitlines(keepends=True)

    def line(self, path: str) -> bytes:
        """One record's line."""
        return self._read(*self._lines[path])

    def _read(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        data = b""
        while len(data) < length and (more := self._file.read(length - len(data))):
            data += more
        return data

    def close(self, done: bool) -> None:
        """Let go of the file; it stays for a later run when it has a key and is not done with."""
        unwanted = done or not self._kept or not self._lines
        if unwanted and os.name != "nt":  # while the lock is still held
            self._remove()
        self._file.close()
        if unwanted and os.name == "nt":  # where an open file cannot be removed
            self._remove()

    def _remove(self) -> None:
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
