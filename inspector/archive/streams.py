"""A member's bytes in order, in bounded memory, from any position.

The reader asks `open_stream` for the bytes at a position and does not care how they are reached: a deflated member
is inflated from the nearest place before it that somebody passed, see `checkpoints`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

import deflate
from zlib_ng import zlib_ng

from inspector.archive.checkpoints import Checkpoint, Checkpoints, Inflate
from inspector.archive.damage import DamageError
from inspector.archive.directory import STORED, Entry
from inspector.archive.source import Source
from inspector.errors import ReadStoppedError

Wanted = Callable[[], bool]
"""Whether anybody still waits for what is read; asked about every megabyte."""

_PACKED = 64 << 10
_FIRST = 1 << 10
_BLOCK = 1 << 20
_CORRUPT = cast("type[Exception]", zlib_ng.error)  # its stub calls the class an instance


def require_wanted(wanted: Wanted) -> None:
    """Raise unless somebody still waits."""
    if not wanted():
        raise DamageError("is not waited for any more", ReadStoppedError)


class Stream(Protocol):
    """A member's bytes from `position` on; one reader at a time."""

    position: int

    def seek(self, position: int) -> None:
        """Go to a byte of the member; ReadStoppedError, as the damage's kind, once it is unwanted."""

    def read_into(self, out: memoryview) -> None:
        """Fill `out` with the next bytes; DamageError if there are not so many."""

    def finish(self) -> None:
        """Raise DamageError unless the member ends at `position`."""


def open_stream(
    source: Source, entry: Entry, start: int, places: Checkpoints | None = None, wanted: Wanted | None = None
) -> Stream:
    """The bytes of a member whose packed bytes begin at `start` in the file.

    Parameters
    ----------
    places
        Of a deflated member: where to go on from, and where to leave more for others.
    """
    if entry.method == STORED:
        return StoredStream(source, start, entry.size)
    return DeflatedStream(source, start, entry.packed, entry.size, places, wanted)


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

    __slots__ = (
        "_chunk", "_fed", "_inflate", "_packed", "_places", "_size", "_source", "_start", "_waiting", "_wanted",
        "position",
    )  # fmt: skip

    def __init__(
        self,
        source: Source,
        start: int,
        packed: int,
        size: int,
        places: Checkpoints | None = None,
        wanted: Wanted | None = None,
    ) -> None:
        self._source, self._start, self._packed, self._size = source, start, packed, size
        self._places, self._wanted = places, wanted
        self._restart()

    def _restart(self, place: Checkpoint | None = None) -> None:
        self._inflate = cast("Inflate", zlib_ng.decompressobj(-15)) if place is None else place.state.copy()
        self._waiting: bytes = b""
        self._fed = 0 if place is None else place.fed
        self._chunk = _FIRST
        self.position = 0 if place is None else place.position

    def seek(self, position: int) -> None:
        """Go to a byte of the member: inflate and drop what lies between it and the nearest known place before it."""
        place = self._places.before(position) if self._places is not None else None
        if position < self.position or (place is not None and place.position > self.position):
            self._restart(place)
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
        if self._wanted is not None:
            require_wanted(self._wanted)
        piece = b""
        if self._places is not None and self._places.wants(self.position, self._fed - len(self._waiting)):
            piece = self._leave_place(self._places)
        piece = piece or self._some(most)
        if not piece:
            raise DamageError(_short(self.position, self._size))
        self.position += len(piece)
        return piece

    def _leave_place(self, places: Checkpoints) -> bytes:
        """Let others go on from here; the byte that was written meanwhile, if any."""
        try:
            # Without input, so that the state holds none: what waits is ours, and read anew from where it lies.
            piece = self._inflate.decompress(b"", 1)
        except _CORRUPT as error:
            raise DamageError(_corrupt(self.position)) from error
        if not self._inflate.eof:
            fed = self._fed - len(self._waiting)
            places.add(Checkpoint(self.position + len(piece), fed, self._inflate.copy()))
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
