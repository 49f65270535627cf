"""Getting at one member's bytes, header, rows and blocks; what goes wrong is told without the place."""

from __future__ import annotations

import os
from collections.abc import Iterator

import deflate
import numpy as np

from inspector.archive.checkpoints import SPACING, Checkpoints, shared_checkpoints
from inspector.archive.damage import DamageError
from inspector.archive.directory import DEFLATED, Entry, data_start
from inspector.archive.fortran import fortran_rows
from inspector.archive.npy import MAGIC, Array, Buffer, Header, as_array, checked_values, header_end, parse_header
from inspector.archive.source import Source
from inspector.archive.streams import Stream, Wanted, inflate_whole, open_stream, require_wanted
from inspector.errors import MemberTooLargeError, PickledMemberError

AT_ONCE = 64 << 20
"""Deflated members up to this many bytes are inflated in one call, larger ones in bounded pieces."""

_SMALL = 4 << 20
_PIECE = 1 << 20
_PREFIX = 512
_FORTRAN_WHOLE = 256 << 20
_FORTRAN_BLOCK = 64 << 20


class Access:
    """Reads members of one archive; every method may raise DamageError. Safe to share between threads.

    Parameters
    ----------
    revisit
        Whether it is worth some memory to find rows again: see `checkpoints`.
    """

    def __init__(self, source: Source, revisit: bool = True) -> None:
        self._source, self._revisit = source, revisit
        self._places: dict[Entry, Checkpoints] = {}
        self._starts: dict[Entry, int] = {}
        self._headers: dict[Entry, Header | str] = {}

    def require_usable(self, entry: Entry) -> None:
        """Raise if the directory already shows that the member cannot be read, or the file has changed."""
        if entry.problem is not None:
            raise DamageError(entry.problem)
        self._source.require_same_content()

    def header(self, entry: Entry) -> Header:
        """The member's .npy header, read once; so is the news that it has none."""
        header = self._headers.get(entry)
        if header is None:
            try:
                self.require_usable(entry)
                prefix = self._prefix(entry, _PREFIX)
                end = header_end(prefix, entry.size)
                header = parse_header(prefix if end <= len(prefix) else self._prefix(entry, end), entry.size)
            except DamageError as damage:
                header = str(damage)  # not the exception: it would keep its frames alive
            self._headers[entry] = header
        if isinstance(header, str):
            raise DamageError(header)
        return header

    def plain_header(self, entry: Entry) -> Header:
        """The header of an array that can be read as it is, looked at again if the file has changed."""
        self.require_usable(entry)
        return _plain(self.header(entry))

    def is_npy(self, entry: Entry) -> bool:
        """Whether the member starts as an .npy array does."""
        self.require_usable(entry)
        return bytes(self._prefix(entry, len(MAGIC))) == MAGIC

    def whole_bytes(self, entry: Entry, limit: int | None) -> Buffer:
        """All of a member's bytes, their checksum verified, in memory of their own."""
        self.require_usable(entry)
        _require_within(entry.size, limit)
        data: Buffer
        if entry.method == DEFLATED and 0 < entry.size <= AT_ONCE and entry.packed <= 2 * AT_ONCE:
            data = inflate_whole(self._source.read(self._start(entry), entry.packed), entry.size)
        else:
            data = _memory(entry.size)
            stream = self._stream(entry)
            stream.read_into(data)
            stream.finish()
        _verify(entry, deflate.crc32(data))
        return data

    def array(self, entry: Entry, limit: int | None) -> Array:
        """The whole array, its checksum verified."""
        header = self._headers.get(entry)
        if entry.size > AT_ONCE or (limit is not None and entry.size > limit):
            header = self.plain_header(entry)
            _require_within(header.nbytes, limit)
        data = self.whole_bytes(entry, None)
        if not isinstance(header, Header):
            header = self._headers[entry] = parse_header(data, entry.size)
        return as_array(data, _plain(header))

    def rows(self, entry: Entry, header: Header, first: int, count: int, wanted: Wanted | None = None) -> Array:
        """Rows ``first`` to ``first + count``, which the array has; given up once they are unwanted."""
        if wanted is not None:
            require_wanted(wanted)
        if entry.method == DEFLATED and entry.size <= _SMALL:
            return self.array(entry, None)[first : first + count]
        if header.fortran and len(header.shape) > 1:
            return checked_values(fortran_rows(self._stream(entry, wanted=wanted), header, first, count))
        return _next_rows(self._stream(entry, header.start + first * header.row_bytes, wanted), header, count)[1]

    def blocks(self, entry: Entry, header: Header, max_bytes: int) -> Iterator[tuple[int, Array]]:
        """All rows in order, the checksum verified last (first, where they are one block)."""
        if not header.shape or header.nbytes <= max_bytes:
            array = self.array(entry, None)
            if array.ndim == 0 or len(array):
                yield 0, array
        elif header.fortran and len(header.shape) > 1:
            yield from self._fortran_blocks(entry, header, max_bytes)
        else:
            stream = self._stream(entry)
            head = bytearray(header.start)
            stream.read_into(memoryview(head))
            crc = deflate.crc32(head)
            step = max(1, max_bytes // header.row_bytes)
            for first in range(0, header.shape[0], step):
                data, rows = _next_rows(stream, header, min(step, header.shape[0] - first))
                crc = deflate.crc32(data, crc)
                yield first, rows
                del data, rows  # or the next block would be made beside this one
            stream.finish()
            _verify(entry, crc)

    def _fortran_blocks(self, entry: Entry, header: Header, max_bytes: int) -> Iterator[tuple[int, Array]]:
        length = header.shape[0]
        if header.nbytes <= _FORTRAN_WHOLE:
            whole = self.array(entry, None)
            step = max(1, max_bytes // header.row_bytes)
            for first in range(0, length, step):
                yield first, whole[first : first + step]
            return
        step = max(1, max(max_bytes, _FORTRAN_BLOCK) // header.row_bytes)
        for first in range(0, length, step):
            yield first, self.rows(entry, header, first, min(step, length - first))
        stream = self._stream(entry)
        crc = 0
        while stream.position < entry.size:
            piece = bytearray(min(_PIECE, entry.size - stream.position))
            stream.read_into(memoryview(piece))
            crc = deflate.crc32(piece, crc)
        stream.finish()
        _verify(entry, crc)

    def _start(self, entry: Entry) -> int:
        start = self._starts.get(entry)
        if start is None:
            start = self._starts[entry] = data_start(self._source, entry)
        return start

    def _stream(self, entry: Entry, position: int = 0, wanted: Wanted | None = None) -> Stream:
        start = self._start(entry)
        places = self._places_of(entry, start) if self._revisit and entry.method == DEFLATED else None
        stream = open_stream(self._source, entry, start, places, wanted)
        stream.seek(position)
        return stream

    def _places_of(self, entry: Entry, start: int) -> Checkpoints | None:
        if entry.packed < SPACING and entry.size < _SMALL:
            return None
        places = self._places.get(entry)
        if places is None:
            source = self._source
            member = (source.path, source.size, source.mtime_ns, start, entry.packed, entry.size, entry.crc)
            places = self._places[entry] = shared_checkpoints(member)
        return places

    def _prefix(self, entry: Entry, length: int) -> Buffer:
        prefix = bytearray(min(length, entry.size))
        self._stream(entry).read_into(memoryview(prefix))
        return prefix


def _plain(header: Header) -> Header:
    if header.dtype.hasobject:
        raise DamageError("holds Python objects, which only code from the file could rebuild", PickledMemberError)
    return header


def _next_rows(stream: Stream, header: Header, count: int) -> tuple[memoryview, Array]:
    data = _memory(count * header.row_bytes)
    stream.read_into(data)
    rows: Array = np.ndarray((count, *header.shape[1:]), header.dtype, data)
    return data, checked_values(rows)


def _require_within(size: int, limit: int | None) -> None:
    if limit is not None and size > limit:
        raise DamageError(
            f"holds {size:,} bytes, more than the {limit:,} allowed at once; rows and blocks can still be read",
            MemberTooLargeError,
        )


def _memory(size: int) -> memoryview:
    """Uninitialised bytes; DamageError where the machine has not so many."""
    try:
        # Asked beforehand because Linux hands out memory that it does not have and kills whoever uses it.
        if size > 1 << 30 and size > _machine_memory():
            raise MemoryError
        return np.empty(size, np.uint8).data
    except (MemoryError, ValueError) as error:
        raise DamageError(
            f"needs {size:,} bytes of memory, more than this machine gives; rows and blocks can still be read",
            MemberTooLargeError,
        ) from error


def _machine_memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows, which refuses by itself
        return 1 << 62


def _verify(entry: Entry, crc: int) -> None:
    if crc != entry.crc:
        raise DamageError(f"is damaged: its checksum is {crc:08x}, the directory says {entry.crc:08x}")
