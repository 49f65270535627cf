"""Bytes of one file, by position; of a local one without ever blocking on what is not a regular file."""

from __future__ import annotations

import errno
import os
import stat
import threading
from typing import Protocol

from inspector.archive.damage import shown
from inspector.errors import ArchiveChangedError, ArchiveError

IN_MEMORY = 8 << 20
"""Files up to this many bytes are read at once and let go: one system call, one consistent content."""

_PIECE = 1 << 20
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFBLK: "a block device",
    stat.S_IFCHR: "a character device",
}
_REASONS = {
    errno.ENOENT: "does not exist",
    errno.ENOTDIR: "does not exist: a part of its path is not a folder",
    errno.ELOOP: "is a symbolic link that leads in a circle",
    errno.EACCES: "may not be read: permission denied",
    errno.EPERM: "may not be read: permission denied",
    errno.ENAMETOOLONG: "has too long a name",
}


class _Descriptor:
    """An open file, closed when nobody holds it: a reader in another thread never meets a reused number."""

    __slots__ = ("lock", "number")

    def __init__(self, number: int) -> None:
        self.number = number
        self.lock = threading.Lock()

    def __del__(self) -> None:
        os.close(self.number)

    def read(self, offset: int, length: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self.number, length, offset)
        with self.lock:
            os.lseek(self.number, offset, os.SEEK_SET)
            return os.read(self.number, length)


class Source(Protocol):
    """One file, open for reading by position, wherever it lies; safe to share between threads.

    Attributes
    ----------
    path
        As it was given.
    size, mtime_ns
        Of the file as it was opened; -1 for a time that is not known.

    Raises
    ------
    ArchiveError
        If there is no such file, it is not a regular file, or it may not be read.
    ArchiveChangedError
        From any method, if the file is no longer what was opened.
    """

    path: str
    size: int
    mtime_ns: int

    def read(self, offset: int, length: int) -> memoryview:
        """Exactly `length` bytes from `offset`; the caller has checked both against `size`."""

    def read_into(self, offset: int, out: memoryview) -> None:
        """Fill `out` (bytes) from `offset`, a bounded piece at a time."""

    def require_same_content(self) -> None:
        """Raise if what was opened is known to have been written to, cut, removed or replaced."""

    def require_same_file(self) -> None:
        """Raise if the path no longer leads to what was opened, or it has since been written to."""

    def close(self) -> None:
        """Let the file and its bytes go; a read in another thread still ends well."""


class LocalSource:
    """One regular file of this machine's file systems; a `Source`."""

    __slots__ = ("_file", "_identity", "_linked", "_whole", "mtime_ns", "path", "size")

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fsdecode(path)
        self._whole: memoryview | None = None
        self._file: _Descriptor | None = None
        try:
            # Looked at before it is opened: opening a device can already do something.
            _require_regular(self.path, os.stat(self.path))  # noqa: PTH116 - for every file: a Path costs four times this
            self._file = _Descriptor(os.open(self.path, _FLAGS))
            found = os.fstat(self._file.number)
            _require_regular(self.path, found)
        except (OSError, ValueError) as error:
            raise ArchiveError(f"{shown(self.path)} {_reason(error)}") from error
        self.size = found.st_size
        self.mtime_ns = found.st_mtime_ns
        self._identity = (found.st_dev, found.st_ino)
        self._linked = found.st_nlink > 0  # not every file system counts names
        if self.size <= IN_MEMORY:
            self._whole = memoryview(self._read(self._file, 0, self.size))

    def read(self, offset: int, length: int) -> memoryview:
        """Exactly `length` bytes from `offset`; the caller has checked both against `size`."""
        whole = self._whole
        if whole is not None:
            return whole[offset : offset + length]
        return memoryview(self._read(self._opened(), offset, length))

    def read_into(self, offset: int, out: memoryview) -> None:
        """Fill `out` (bytes) from `offset`, a bounded piece at a time."""
        whole = self._whole
        if whole is not None:
            out[:] = whole[offset : offset + len(out)]
            return
        file = self._opened()
        for at in range(0, len(out), _PIECE):
            piece = out[at : at + _PIECE]
            piece[:] = self._read(file, offset + at, len(piece))

    def require_same_content(self) -> None:
        """Raise if what was opened has since been written to, cut, removed or replaced."""
        self._compare(os.fstat(self._opened().number))

    def require_same_file(self) -> None:
        """Raise if the path no longer leads to what was opened, or it has since been written to."""
        self._opened()
        try:
            found = os.stat(self.path)  # noqa: PTH116 - as above
        except FileNotFoundError as error:
            raise ArchiveChangedError(f"{shown(self.path)} was removed while it was open") from error
        except OSError as error:
            raise ArchiveChangedError(f"{shown(self.path)} {_reason(error)}, unlike when it was opened") from error
        self._compare(found)
        if (found.st_dev, found.st_ino) != self._identity:
            raise ArchiveChangedError(f"{shown(self.path)} was replaced by another file while it was open")

    def close(self) -> None:
        """Let the file and its bytes go; a read in another thread still ends well."""
        self._file = self._whole = None

    def _opened(self) -> _Descriptor:
        file = self._file
        if file is None:
            raise ArchiveError(f"{shown(self.path)} was closed")
        return file

    def _read(self, file: _Descriptor, offset: int, length: int) -> bytes:
        try:
            data = file.read(offset, length)
            while len(data) < length:  # the system may give less than asked, most often for more than 2 GB
                more = file.read(offset + len(data), length - len(data))
                if not more:
                    break
                data += more
        except OSError as error:
            raise ArchiveError(f"{shown(self.path)} {_reason(error)}") from error
        # After the read, so that a change before and a change during it both show.
        self._compare(os.fstat(file.number))
        if len(data) < length:
            raise ArchiveError(f"{shown(self.path)} gave {len(data):,} bytes of the {length:,} at byte {offset:,}")
        return data

    def _compare(self, found: os.stat_result) -> None:
        if found.st_size != self.size:
            raise ArchiveChangedError(
                f"{shown(self.path)} changed while it was open: it had {self.size:,} bytes, now {found.st_size:,}"
            )
        if found.st_mtime_ns != self.mtime_ns:
            raise ArchiveChangedError(f"{shown(self.path)} was written to while it was open")
        if self._linked and not found.st_nlink:
            raise ArchiveChangedError(f"{shown(self.path)} was removed or replaced while it was open")


def _require_regular(path: str, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = _KINDS.get(stat.S_IFMT(found.st_mode), "a special file")
        raise ArchiveError(f"{shown(path)} is {kind}, not a regular file")


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return _REASONS.get(error.errno or 0) or f"could not be read: {error.strerror or error}"
    return f"is not a possible path: {error}"
