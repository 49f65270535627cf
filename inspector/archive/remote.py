"""Files at URLs, through fsspec: s3, gs, http, memory, file and whatever else has a file system for it.

Requests cost tens of milliseconds and gigabytes cost money, so a small file is fetched whole, of a large one the tail,
which holds the directory, and then ranges that grow while they are read one after the other.
"""

from __future__ import annotations

import errno
import functools
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from inspector.archive.damage import shown
from inspector.errors import ArchiveChangedError, ArchiveError, UsageError

WHOLE = 8 << 20
"""Files up to this many bytes are fetched at once and read from memory."""

TAIL = 256 << 10
"""Bytes fetched first of a larger file: the directory of some thousand members."""

AHEAD = 256 << 10
MOST_AHEAD = 8 << 20
"""A range is fetched at least this far; the first of several in a row, and each twice the one before it up to this."""

_HELD = 3
_EXTRA = "pip install 'npz-inspector[cluster]'"
_LIBRARIES = {
    **dict.fromkeys(("s3", "s3a"), "s3fs"),
    **dict.fromkeys(("gs", "gcs"), "gcsfs"),
    **dict.fromkeys(("abfs", "abfss", "az", "adl"), "adlfs"),
    **dict.fromkeys(("http", "https"), "aiohttp"),
    **dict.fromkeys(("sftp", "ssh"), "paramiko"),
}
# As the file systems call them; the first that is there counts. `created` is what has no later time of change.
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "modified", "created")
_TAGS = ("ETag", "etag", "generation", "md5Hash", "content_md5", "ino")


class Found(NamedTuple):
    """What a file system says of a file; `tag` is another whenever the content is."""

    size: int
    mtime_ns: int
    tag: tuple[str, ...]


class RemoteSource:
    """One file at a URL; a `Source`.

    What changes is told after each range that is fetched, at the price of a request; a file that was fetched whole is
    one content, and only `require_same_file` asks for it again.
    """

    def __init__(self, url: str) -> None:
        self.path = url
        self._system, self._inner = file_system(url)
        self._lock = threading.Lock()
        self._closed = False
        self._whole: memoryview | None = None
        self._pieces: list[tuple[int, memoryview]] = []
        self._ahead, self._next = AHEAD, -1
        self._found = self._look()
        self.size, self.mtime_ns = self._found.size, self._found.mtime_ns
        if self.size <= WHOLE:
            self._whole = self._fetch(0, self.size)
        else:
            self._tail = self.size - TAIL, self._fetch(self.size - TAIL, TAIL)

    def read(self, offset: int, length: int) -> memoryview:
        """Exactly `length` bytes from `offset`; the caller has checked both against `size`."""
        whole = self._whole
        if whole is not None:
            return whole[offset : offset + length]
        self.require_same_content()
        parts: list[memoryview] = []
        end = offset + length
        while offset < end:
            part, ahead = self._held(offset, end - offset)
            if not part:
                part = self._fetch_more(offset, end - offset, ahead)
            parts.append(part)
            offset += len(part)
        return parts[0] if len(parts) == 1 else memoryview(b"".join(parts))

    def read_into(self, offset: int, out: memoryview) -> None:
        """Fill `out` (bytes) from `offset`, a bounded piece at a time."""
        for at in range(0, len(out), MOST_AHEAD):
            piece = out[at : at + MOST_AHEAD]
            piece[:] = self.read(offset + at, len(piece))

    def require_same_content(self) -> None:
        """Raise if it was closed: what has changed is told when the next range is fetched, and asks nobody here."""
        if self._closed:
            raise ArchiveError(f"{shown(self.path)} was closed")

    def require_same_file(self) -> None:
        """Raise if the URL no longer leads to what was opened."""
        self.require_same_content()
        self._compare()

    def close(self) -> None:
        """Let its bytes go; the connection is kept for other files."""
        self._closed, self._whole = True, None
        with self._lock:
            self._pieces = []

    def _held(self, offset: int, length: int) -> tuple[memoryview, int]:
        """What is there of a range, from its start on, and how far to fetch what is not."""
        with self._lock:
            for start, piece in (self._tail, *self._pieces):
                if start <= offset < start + len(piece):
                    held = piece[offset - start : offset - start + length]
                    break
            else:
                held = memoryview(b"")
            return held, min(2 * self._ahead, MOST_AHEAD) if offset == self._next else AHEAD

    def _fetch_more(self, offset: int, needed: int, ahead: int) -> memoryview:
        """What is needed and not there from `offset` on, as far as the tail, which is."""
        more = self._fetch(offset, min(max(needed, ahead), self._tail[0] - offset))
        self._compare()
        with self._lock:
            self._ahead, self._next = ahead, offset + len(more)
            if len(more) <= MOST_AHEAD:
                self._pieces = [(offset, more), *self._pieces[: _HELD - 1]]
        return more[:needed]

    def _fetch(self, offset: int, length: int) -> memoryview:
        if not length:
            return memoryview(b"")
        try:
            data = self._system.cat_file(self._inner, start=offset, end=offset + length)
        except Exception as error:  # each store's library has its own errors, most of them no OSError
            raise _unreadable(self.path, error) from error
        if len(data) != length:
            self._compare()
            raise ArchiveError(f"{shown(self.path)} gave {len(data):,} bytes of the {length:,} at byte {offset:,}")
        return memoryview(data)

    def _look(self) -> Found:
        try:
            return _found(self._system.info(self._inner))
        except Exception as error:
            raise _unreadable(self.path, error) from error

    def _compare(self) -> None:
        try:
            now = _found(self._system.info(self._inner))
        except FileNotFoundError as error:
            raise ArchiveChangedError(f"{shown(self.path)} was removed while it was open") from error
        except Exception as error:
            raise _unreadable(self.path, error) from error
        if now.size != self.size:
            raise ArchiveChangedError(
                f"{shown(self.path)} changed while it was open: it had {self.size:,} bytes, now {now.size:,}"
            )
        if now != self._found:
            raise ArchiveChangedError(f"{shown(self.path)} was written to while it was open")


def file_system(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it.

    Raises
    ------
    UsageError
        If there is none here; says what to install.
    """
    protocol = url.partition("://")[0].lower()
    try:
        from fsspec.core import get_filesystem_class

        kind = get_filesystem_class(protocol)
        options = kind._get_kwargs_from_urls(url)
        return _made(kind, tuple(sorted(options.items()))), str(kind._strip_protocol(url))
    except ImportError as error:
        if (error.name or "").partition(".")[0] == "fsspec":
            raise UsageError(f"{shown(url)}: URLs are read through fsspec, which is missing here: {_EXTRA}") from error
        library = _LIBRARIES.get(protocol)
        what = f"pip install {library}" if library else str(error)
        raise UsageError(f"{shown(url)}: a library for {protocol}:// is missing here: {what}") from error
    except ValueError as error:
        raise UsageError(f"{shown(url)}: there is no file system for {protocol}://: {error}") from error
    except Exception as error:  # a file system that wants more than a URL, or cannot be reached
        raise UsageError(f"{shown(url)}: {protocol}:// cannot be used: {_words(error)}") from error


def stamp_of_url(url: str) -> tuple[int, int]:
    """Size in bytes and time of change in ns since 1970 (-1: not known); OSError if there is no such file."""
    system, inner = file_system(url)
    try:
        found = _found(system.info(inner))
    except OSError:
        raise
    except Exception as error:
        raise OSError(_words(error)) from error
    return found.size, found.mtime_ns


def list_urls(url: str, recursive: bool) -> list[str]:
    """Every file below a URL; of a file, itself.

    Raises
    ------
    OSError
        If there is nothing, or it cannot be listed.
    UsageError
        As `file_system`.
    """
    system, inner = file_system(url)
    root = inner.rstrip("/")
    base = url.rstrip("/") if root else url.partition("://")[0] + "://"
    try:
        found = system.find(root, maxdepth=None if recursive else 1)
        if not found and not system.exists(root):
            raise FileNotFoundError(errno.ENOENT, "there is no such file or folder", url)
    except OSError:
        raise
    except Exception as error:
        raise OSError(_words(error)) from error
    return [base + str(path)[len(root) :] for path in found]


@functools.lru_cache(maxsize=64)
def _made(kind: Any, options: tuple[tuple[str, Any], ...]) -> Any:
    """One of our own: it remembers no listings, in which a file that has changed would look as it was."""
    system = kind(**dict(options), skip_instance_cache=True)
    if hasattr(system, "dircache"):
        system.dircache.use_listings_cache = False
    return system


def _found(info: Mapping[str, Any]) -> Found:
    if info.get("type") == "directory":
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    size = info.get("size")
    if not isinstance(size, int):
        raise OSError("its size is not known, without which no part of it can be asked for")
    time = next((info[name] for name in _TIMES if info.get(name) is not None), None)
    tag = tuple(str(info[name]) for name in _TAGS if info.get(name) is not None)
    return Found(size, _nanoseconds(time), tag)


def _nanoseconds(time: object) -> int:
    if isinstance(time, str):
        try:
            time = datetime.fromisoformat(time)
        except ValueError:
            return -1
    if isinstance(time, datetime):
        time = time.timestamp()
    # to the microsecond, which is what a float still holds
    return round(time * 1e6) * 1000 if isinstance(time, int | float) else -1


def _unreadable(url: str, error: Exception) -> ArchiveError:
    match error:
        case FileNotFoundError():
            reason = "does not exist"
        case IsADirectoryError():
            reason = "is a folder, not a regular file"
        case PermissionError():
            reason = "may not be read: permission denied"
        case _:
            reason = f"could not be read: {_words(error)}"
    return ArchiveError(f"{shown(url)} {reason}")


def _words(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
