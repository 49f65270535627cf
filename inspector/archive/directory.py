"""The zip directory: what an archive says it holds, checked before any of it is believed.

Follows the .ZIP File Format Specification (APPNOTE 6.3), with zip64, comments and bytes in front of the archive.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from operator import attrgetter

from inspector.archive.damage import DamageError, shown
from inspector.archive.source import Source

STORED = 0
DEFLATED = 8
MAX_MEMBERS = 500_000
MAX_DIRECTORY = 128 << 20

# Two bits, for a distance and a length, are the least that can stand for the longest match, 258 bytes.
_DEFLATE_MOST = 1032
_DEFLATE_SLACK = 64

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\5\6"
_LOCATOR = struct.Struct("<4sLQL")
_LOCATOR_MARK = b"PK\6\7"
_END64 = struct.Struct("<4sQ2H2L4Q")
_END64_MARK = b"PK\6\6"
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_CENTRAL_MARK = b"PK\1\2"
_LOCAL = struct.Struct("<4s22x2H")
_LOCAL_MARK = b"PK\3\4"

_End = tuple[bytes, int, int, int, int, int, int, int]
_End64 = tuple[bytes, int, int, int, int, int, int, int, int, int]

_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_UTF8 = 0x0800
_METHODS = {9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstandard", 95: "xz"}
_OTHERS = {
    b"\x93NUMPY": "this is a single .npy array, not an .npz archive",
    b"\x89HDF": "this is an HDF5 file, not an .npz archive",
    b"\x1f\x8b": "this is a gzip file, not an .npz archive",
    b"\x80": "this looks like a Python pickle, not an .npz archive",
    _LOCAL_MARK: "it starts like an .npz archive but its directory, which comes last, is missing: "
    "it was cut short or is still being written",
}


class Entry:
    """One member as the directory describes it.

    Attributes
    ----------
    filename
        As `zipfile` would name it; `raw` is the same in the file's own bytes.
    at
        Where the member's local header starts in the file.
    end
        Where the directory starts: no member reaches beyond.
    least_reach
        The byte after the member's last, if its local header has no extra field.
    packed, size
        Bytes in the file, and bytes they inflate to.
    problem
        Why this member cannot be read, or None.
    """

    __slots__ = ("at", "crc", "end", "filename", "least_reach", "method", "packed", "problem", "raw", "size")

    def __init__(
        self, filename: str, raw: bytes, method: int, crc: int, packed: int, size: int, at: int, end: int
    ) -> None:
        self.filename, self.raw = filename, raw
        self.method, self.crc = method, crc
        self.packed, self.size = packed, size
        self.at, self.end = at, end
        self.least_reach = at + _LOCAL.size + len(raw) + packed
        self.problem: str | None = None


def read_directory(source: Source) -> list[Entry]:
    """Every member, in the directory's order.

    Raises
    ------
    DamageError
        If this is no zip archive, or the directory as a whole cannot be right. What is wrong with one member
        only is its `problem`.
    """
    start, length, offset, count = _find(source)
    if start < 0 or start < offset:
        raise DamageError(f"is damaged: a directory of {length:,} bytes at {offset:,} does not fit into the file")
    if count > MAX_MEMBERS or length > MAX_DIRECTORY:
        raise DamageError(
            f"holds {count:,} members in a directory of {length:,} bytes; at most {MAX_MEMBERS:,} are read"
        )
    data = bytes(source.read(start, length))
    entries: list[Entry] = []
    at = 0
    while at < length:
        if length - at < _CENTRAL.size or data[at : at + 4] != _CENTRAL_MARK:
            raise DamageError(f"is damaged: entry {len(entries)} of its directory is not one")
        at = _entry(data, at, start, start - offset, entries)
        if len(entries) > MAX_MEMBERS:
            raise DamageError(f"holds more than {MAX_MEMBERS:,} members, the most that are read")
    # Writers without zip64 let the count wrap at 65,536.
    if count != len(entries) and (count > 0xFFFF or count != len(entries) & 0xFFFF):
        raise DamageError(f"is damaged: its directory announces {count:,} members and lists {len(entries):,}")
    _find_overlaps(entries)
    return entries


def data_start(source: Source, entry: Entry) -> int:
    """Where the member's bytes start, once its local header has been found to agree with the directory."""
    head = bytes(source.read(entry.at, min(_LOCAL.size + len(entry.raw), entry.end - entry.at)))
    if len(head) < _LOCAL.size or not head.startswith(_LOCAL_MARK):
        raise DamageError(f"is not where the directory says, at byte {entry.at:,}")
    name_length: int
    extra_length: int
    _, name_length, extra_length = _LOCAL.unpack_from(head)
    name = head[_LOCAL.size :]
    if name_length != len(entry.raw) or name != entry.raw:
        found = shown(name.decode("utf-8", "replace"))
        raise DamageError(f"is called {found!r} where it is stored: the directory and the member disagree")
    start = entry.at + _LOCAL.size + name_length + extra_length
    if start + entry.packed > entry.end:
        raise DamageError(_beyond(start + entry.packed, entry.end))
    return start


def _find(source: Source) -> tuple[int, int, int, int]:
    """Where the directory is, its length, the offset it is declared at, and how many members it announces."""
    at, fields = _end_record(source)
    _, disk, directory_disk, _, count, length, offset, _ = fields
    if count == 0xFFFF or length == 0xFFFFFFFF or offset == 0xFFFFFFFF:
        found = _end_record64(source, at)
        if found is not None:
            at, (_, _, _, _, disk, directory_disk, _, count, length, offset) = found
        elif length == 0xFFFFFFFF or offset == 0xFFFFFFFF:
            raise DamageError("is damaged: the zip64 part of its directory is missing")
    if disk or directory_disk:
        raise DamageError("is one part of an archive that spans several files")
    return at - length, length, offset, count


def _end_record(source: Source) -> tuple[int, _End]:
    if source.size < _END.size:
        raise _not_an_archive(source)
    at = source.size - _END.size
    last = bytes(source.read(at, _END.size))
    if last[:4] == _END_MARK and last[-2:] == b"\0\0":
        return at, _END.unpack(last)
    start = max(0, at - 0xFFFF)
    tail = bytes(source.read(start, source.size - start))
    loose: tuple[int, _End] | None = None
    found = tail.rfind(_END_MARK, 0, len(tail) - _END.size + 4)
    while found >= 0:
        fields = _END.unpack_from(tail, found)
        reach = found + _END.size + fields[-1]
        if reach == len(tail):
            return start + found, fields
        if reach < len(tail) and loose is None:  # something was added to the file after its end
            loose = start + found, fields
        found = tail.rfind(_END_MARK, 0, found + 3)
    if loose is not None:
        return loose
    raise _not_an_archive(source)


def _end_record64(source: Source, end: int) -> tuple[int, _End64] | None:
    at = end - _LOCATOR.size
    if at < 0:
        return None
    mark, _, declared, _ = _LOCATOR.unpack(source.read(at, _LOCATOR.size))
    if mark != _LOCATOR_MARK:
        return None
    # Right before its locator unless it has an extension; where it is declared unless bytes stand in front.
    for place in (at - _END64.size, declared):
        if 0 <= place <= at - _END64.size:
            fields = _END64.unpack(source.read(place, _END64.size))
            if fields[0] == _END64_MARK:
                return place, fields
    return None


def _not_an_archive(source: Source) -> DamageError:
    if source.size == 0:
        return DamageError("is empty")
    first = bytes(source.read(0, min(8, source.size)))
    for mark, words in _OTHERS.items():
        if first.startswith(mark):
            return DamageError(f"cannot be read: {words}")
    return DamageError(f"is not an .npz archive: it starts with the bytes {first.hex(' ')}")


def _entry(data: bytes, at: int, start: int, shift: int, entries: list[Entry]) -> int:
    """Append the entry at `at`; return where the next one is."""
    (
        _, _, _, flags, method, _, _, crc, packed, size, name_length, extra_length, comment_length, _, _, _, offset,
    ) = _CENTRAL.unpack_from(data, at)  # fmt: skip
    extra: int = at + _CENTRAL.size + name_length
    after: int = extra + extra_length + comment_length
    if after > len(data):
        raise DamageError(f"is damaged: entry {len(entries)} of its directory runs out of the directory")
    raw = data[at + _CENTRAL.size : extra]
    problem = None
    if size == 0xFFFFFFFF or packed == 0xFFFFFFFF or offset == 0xFFFFFFFF:
        size, packed, offset, problem = _wide(data[extra : extra + extra_length], size, packed, offset)
    # cp437 is what a name without the flag is by the specification; it has a character for every byte.
    text = raw.decode("utf-8", "surrogateescape") if flags & _UTF8 else raw.decode("cp437")
    entry = Entry(text.partition("\0")[0], raw, method, crc, packed, size, offset + shift, start)
    entry.problem = problem or _problem(entry, flags)
    entries.append(entry)
    return after


def _wide(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int, str | None]:
    """The 64-bit values that stand in the extra field for those that are all ones, in this order."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            wide = [value[0] for value in struct.iter_unpack("<Q", field[: len(field) & ~7])]
            values = []
            for value in (size, packed, offset):
                if value == 0xFFFFFFFF:
                    if not wide:
                        return size, packed, offset, "has no zip64 sizes though its directory entry announces them"
                    values.append(wide.pop(0))
                else:
                    values.append(value)
            return values[0], values[1], values[2], None
        at += 4 + length
    return size, packed, offset, None


def _problem(entry: Entry, flags: int) -> str | None:
    packed, size = entry.packed, entry.size
    if flags & _ENCRYPTED:
        return "is encrypted"
    if entry.method == STORED:
        if packed != size:
            return f"is stored as it is, yet declares {size:,} bytes and takes {packed:,}"
    elif entry.method == DEFLATED:
        if size > packed * _DEFLATE_MOST + _DEFLATE_SLACK:
            return f"declares {size:,} bytes, more than {packed:,} compressed bytes can hold"
    else:
        name = _METHODS.get(entry.method, "unknown")
        return f"is compressed by method {entry.method} ({name}); stored and deflate (8) are read"
    return _beyond(entry.least_reach, entry.end) if entry.least_reach > entry.end else None


def _beyond(reach: int, end: int) -> str:
    return f"reaches to byte {reach:,}, but the members end at {end:,}: it was cut short or is damaged"


_place = attrgetter("at")


def _find_overlaps(entries: list[Entry]) -> None:
    """Members that share bytes are how a small file is made to inflate to terabytes."""
    placed = sorted(entries, key=_place)
    for entry, following in pairwise(placed):
        if entry.least_reach > following.at and not (entry.at == following.at and entry.raw == following.raw):
            entry.problem = entry.problem or f"overlaps the member {shown(following.filename)!r} in the file"
