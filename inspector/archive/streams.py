"""A member's bytes in order, in bounded memory, from any position.

The reader asks `open_stream` for the bytes at a position and does not care how they are reached: a deflated member
is inflated from its start, and points to start nearer by can be kept here without a change elsewhere.
"""

from __future__ import annotations

from typing import Protocol, cast

import deflate
from zlib_ng import zlib_ng

from inspector.archive.damage import DamageError
from inspector.archive.directory import STORED, Entry
from inspector.archive.source import Source

_PACKED = 128 << 10
_FIRST = 1 << 10
_BLOCK = 1 << 20
_CORRUPT = cast("type[Exception]", zlib_ng.error)  # its stub calls the class an instance


class Stream(Protocol):
    """A member's bytes from `position` on; one reader at a time."""

    position: int

    def seek(self, position: int) -> None:
        """Go to a byte of the member."""

    def read_into(self, out: memoryview) -> None:
        """Fill `out` with the next bytes; DamageError if there are not so many."""

    def finish(self) -> None:
        """Raise DamageError unless the member ends at `position`."""


def open_stream(source: Source, entry: Entry, start: int) -> Stream:
    """The bytes of a member whose packed bytes begin at `start` in the file."""
    if entry.method == STORED:
        return StoredStream(source, start, entry.size)
    return DeflatedStream(source, start, entry.packed, entry.size)


class StoredStream:
    """Bytes as they lie in the file."""

    __slots__ = ("_size", "_source", "_start", "position")

    def __init__(self, source: Source, start: int, size: int) -> None:
        self._source, self._start, self._size = source, start, size
        self.position = 0

    def seek(self, position: int) -> None:
        """Go to a byte of the member; costs nothing."""
        self.position = position

    def read_into(self, out: memoryview) -> None:
        """Fill `out` with the next bytes."""
        if self.position + len(out) > self._size:
            raise DamageError(_short(self._size, self.position + len(out)))
        self._source.read_into(self._start + self.position, out)
        self.position += len(out)

    def finish(self) -> None:
        """Raise unless the member ends here."""
        if self.position != self._size:
            raise DamageError(_short(self.position, self._size))


class DeflatedStream:
    """Inflated as far as asked, at most about a megabyte at a time."""

    __slots__ = ("_chunk", "_fed", "_inflate", "_packed", "_size", "_source", "_start", "_waiting", "position")

    def __init__(self, source: Source, start: int, packed: int, size: int) -> None:
        self._source, self._start, self._packed, self._size = source, start, packed, size
        self._restart()

    def _restart(self) -> None:
        self._inflate = zlib_ng.decompressobj(-15)
        self._waiting: bytes = b""
        self._fed = 0
        self._chunk = _FIRST
        self.position = 0

    def seek(self, position: int) -> None:
        """Go to a byte of the member: inflate and drop what lies between, from the start if it lies behind."""
        if position < self.position:
            self._restart()
        while self.position < position:
            self._next(min(_BLOCK, position - self.position))

    def read_into(self, out: memoryview) -> None:
        """Fill `out` with the next bytes."""
        filled = 0
        while filled < len(out):
            piece = self._next(min(_BLOCK, len(out) - filled))
            out[filled : filled + len(piece)] = piece
            filled += len(piece)

    def finish(self) -> None:
        """Raise unless the compressed data end exactly here."""
        if self.position != self._size:
            raise DamageError(_short(self.position, self._size))
        if self._some(1):
            raise DamageError(_long(self._size))

    def _next(self, most: int) -> bytes:
        piece = self._some(most)
        if not piece:
            raise DamageError(_short(self.position, self._size))
        self.position += len(piece)
        return piece

    def _some(self, most: int) -> bytes:
        """Up to `most` bytes; none only where the compressed data say that they end."""
        while not self._inflate.eof:
            packed: bytes | memoryview = self._waiting
            if not packed:
                # A header needs few bytes, the data behind it many.
                packed = self._source.read(self._start + self._fed, min(self._chunk, self._packed - self._fed))
                self._fed += len(packed)
                self._chunk = _PACKED
            try:
                piece = self._inflate.decompress(packed, most)
            except _CORRUPT as error:
                raise DamageError(_corrupt(self.position)) from error
            self._waiting = self._inflate.unconsumed_tail
            if piece:
                return piece
            if not packed and not self._inflate.eof:
                raise DamageError(f"has compressed data that end early: {self.position:,} bytes of {self._size:,}")
        return b""


def inflate_whole(packed: memoryview, size: int) -> bytearray:
    """All bytes of a deflated member in one call; DamageError unless there are exactly `size` (1 to 2**32 - 1)."""
    try:
        data = deflate.deflate_decompress(packed, size)
    except deflate.DeflateError as error:
        raise DamageError(f"has damaged compressed data, or more than the {size:,} bytes that are declared") from error
    if len(data) != size:
        raise DamageError(_short(len(data), size))
    return data


def _short(found: int, declared: int) -> str:
    return f"holds {found:,} bytes, but {declared:,} are declared"


def _long(declared: int) -> str:
    return f"inflates to more than the {declared:,} bytes that are declared"


def _corrupt(position: int) -> str:
    return f"has damaged compressed data, after about {position:,} bytes"
