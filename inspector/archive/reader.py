"""An open .npz archive: what it holds, and arrays or rows of them, nothing of which is believed unchecked."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from inspector.archive.access import Access
from inspector.archive.damage import DamageError, shown
from inspector.archive.directory import DEFLATED, Entry, read_directory
from inspector.archive.member import Member
from inspector.archive.npy import Array, Header
from inspector.archive.pickles import decode_pickle, pickle_imports
from inspector.archive.source import LocalSource, Source
from inspector.archive.streams import Wanted
from inspector.errors import ArchiveError, PickledMemberError
from inspector.paths import is_url

RAW_LIMIT = 64 << 20


class NpzFile:
    """An open archive; a context manager, safe to read from several threads.

    Every method that reads raises `ArchiveError` with one sentence that names file, member, expected and found,
    and `ArchiveChangedError` if the file is no longer the one that was opened. What is wrong with one member
    leaves the others readable. Nothing in the file is ever executed.

    Parameters
    ----------
    revisit
        Whether places in large deflated arrays are remembered, in up to 42 MB for each of them, so that rows which any
        reader of the file has passed are found again in milliseconds. Not worth it for one pass.

    Attributes
    ----------
    path
        As it was given.
    size_bytes, mtime_ns
        Of the file as it was opened.
    """

    def __init__(self, path: str | os.PathLike[str], revisit: bool = True) -> None:
        self._source = _source(path)
        self.path = self._source.path
        self.size_bytes = self._source.size
        self.mtime_ns = self._source.mtime_ns
        try:
            self._entries = read_directory(self._source)
        except DamageError as damage:
            raise ArchiveError(f"{shown(self.path)} {damage}") from damage
        self._access = Access(self._source, revisit)
        # As numpy does: the last of several members with one name counts, and a full name before a shortened one.
        self._by_name = {_short(entry): entry for entry in self._entries}
        self._by_name.update({entry.filename: entry for entry in self._entries})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go; reading afterwards is an ArchiveError. Arrays that were read stay good."""
        self._source.close()

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all members as ``numpy.load(...).files`` lists them; no member is touched."""
        return tuple(_short(entry) for entry in self._entries)

    @functools.cached_property
    def members(self) -> tuple[Member, ...]:
        """Each distinct member with its header read, in file order; a bad one carries its `error`."""
        last = {entry.filename: entry for entry in self._entries}
        return tuple(self._describe(entry) for entry in last.values())

    @property
    def checksums(self) -> tuple[tuple[str, int, int], ...]:
        """Name, CRC-32 and inflated size of each member, as the directory declares them; no member is touched."""
        return tuple((_short(entry), entry.crc, entry.size) for entry in self._entries)

    def member(self, name: str) -> Member:
        """One member, by its name with or without ``.npy``."""
        return self._describe(self._entry(name))

    def read(self, name: str, limit: int | None = None) -> Array:
        """A whole array, its checksum verified.

        Parameters
        ----------
        limit
            The most bytes the array may have; None for what this machine's memory can hold.

        Returns
        -------
        array
            In the file's byte order and in the member's own (C or Fortran) order. It owns its memory.

        Raises
        ------
        MemberTooLargeError
            If it has more; decided before memory is taken.
        PickledMemberError
            If it holds Python objects: see `decoded`.
        """
        entry = self._entry(name)
        try:
            return self._access.array(entry, limit)
        except DamageError as damage:
            raise self._error(entry, damage) from damage

    def rows(self, name: str, start: int, stop: int, wanted: Wanted | None = None) -> Array:
        """``array[start:stop]`` along the first axis, clamped as a slice is, in memory of about its own size.

        Of a stored member only these rows' bytes are read. A deflated one is inflated from the nearest place before
        them that any read of the file has passed: its start, or a few milliseconds of work away. Every array in Fortran
        order is gone through whole. The checksum, which only whole members have, is not verified.

        Parameters
        ----------
        wanted
            Asked now and then, in the thread that reads.

        Raises
        ------
        ReadStoppedError
            Once the rows are not wanted any more.
        """
        entry = self._entry(name)
        try:
            header = self._access.plain_header(entry)
            if not header.shape:
                raise DamageError("is a single value, without rows")
            first, last, _ = slice(start, stop).indices(header.shape[0])
            return self._access.rows(entry, header, first, max(0, last - first), wanted)
        except DamageError as damage:
            raise self._error(entry, damage) from damage

    def blocks(self, name: str, max_bytes: int = 4 << 20) -> Iterator[tuple[int, Array]]:
        """All rows, as ``(first row, rows)`` of at most `max_bytes` (but at least one row), the checksum verified last.

        A 0-d array is one block, shape (); an array without rows has none. Memory is about one block; only an array
        of several dimensions in Fortran order is read whole up to 256 MB, and beyond that in blocks of at least
        64 MB, each of them a pass over the whole.
        """
        entry = self._entry(name)
        try:
            header = self._access.plain_header(entry)
        except DamageError as damage:
            raise self._error(entry, damage) from damage
        return self._blocks(entry, header, max(1, max_bytes))

    def raw(self, name: str, limit: int | None = RAW_LIMIT) -> bytes:
        """A member's bytes, header and all, their checksum verified; MemberTooLargeError over `limit` bytes."""
        entry = self._entry(name)
        try:
            return bytes(self._access.whole_bytes(entry, limit))
        except DamageError as damage:
            raise self._error(entry, damage) from damage

    def decoded(self, name: str) -> object:
        """The value in an object array, as far as it is made of plain things: see `decode_pickle`.

        Returns
        -------
        value
            For 0-d the object itself, else nested lists. Of an array without objects, the array.

        Raises
        ------
        PickledMemberError
            If its pickle is damaged or too large.
        """
        entry = self._entry(name)
        data = self._pickle(entry)
        if data is None:
            return self.read(name)
        try:
            return decode_pickle(data)
        except PickledMemberError as error:
            raise PickledMemberError(f"{self._place(entry)} {error}") from error

    def imports(self, name: str) -> tuple[str, ...]:
        """What numpy would import, and could run, to read an object array: see `pickle_imports`; of others nothing."""
        data = self._pickle(self._entry(name))
        return () if data is None else pickle_imports(data)

    def check_unchanged(self) -> None:
        """Raise ArchiveChangedError if the path no longer leads to the file that was opened, unwritten since."""
        self._source.require_same_file()

    def _entry(self, name: str) -> Entry:
        entry = self._by_name.get(name)
        if entry is None:
            held = ", ".join(shown(held, 60) for held in sorted(set(self.names))[:12])
            more = ", ..." if len(self.names) > 12 else ""
            raise ArchiveError(f"{shown(self.path)} has no member '{shown(name)}'; it holds {held or 'nothing'}{more}")
        return entry

    def _place(self, entry: Entry) -> str:
        return f"{shown(self.path)}: member '{shown(_short(entry))}'"

    def _error(self, entry: Entry, damage: DamageError) -> ArchiveError:
        return damage.kind(f"{self._place(entry)} {damage}")

    def _describe(self, entry: Entry) -> Member:
        header: Header | None = None
        problem: str | None = None
        try:
            header = self._access.header(entry)
        except DamageError as damage:
            # Text or pictures beside the arrays are no error; what is called an array and is none is.
            if entry.problem or entry.filename.endswith(".npy") or self._looks_npy(entry):
                problem = str(damage)
        short = _short(entry)
        return Member(
            name=short if self._by_name[short] is entry else entry.filename,
            filename=entry.filename,
            shape=header.shape if header else None,
            dtype=header.dtype if header else None,
            fortran=bool(header and header.fortran),
            compressed=entry.method == DEFLATED,
            size=entry.size,
            packed=entry.packed,
            error=problem,
        )

    def _looks_npy(self, entry: Entry) -> bool:
        try:
            return self._access.is_npy(entry)
        except DamageError:
            return True

    def _pickle(self, entry: Entry) -> bytes | None:
        try:
            header = self._access.header(entry)
            if not header.dtype.hasobject:
                return None
            return bytes(memoryview(self._access.whole_bytes(entry, RAW_LIMIT))[header.start :])
        except DamageError as damage:
            raise self._error(entry, damage) from damage

    def _blocks(self, entry: Entry, header: Header, max_bytes: int) -> Iterator[tuple[int, Array]]:
        try:
            yield from self._access.blocks(entry, header, max_bytes)
        except DamageError as damage:
            raise self._error(entry, damage) from damage


def open_npz(path: str | os.PathLike[str], revisit: bool = True) -> NpzFile:
    """Open an archive: its directory is read and checked, its members are not.

    Costs milliseconds for a file of any size, and never blocks: pipes, devices and folders are refused unopened.

    Parameters
    ----------
    path
        A path, or the URL of a file (``s3://bucket/a.npz``), which is read by range through fsspec.
    revisit
        See `NpzFile`.

    Raises
    ------
    ArchiveError
        If it is not a regular, readable zip archive; the message says what it is.
    UsageError
        If it is a URL of a kind that nothing here reads; the message says what to install.
    """
    return NpzFile(path, revisit)


def _source(path: str | os.PathLike[str]) -> Source:
    text = os.fspath(path)
    if is_url(text):
        from inspector.archive.remote import RemoteSource  # local files do without

        return RemoteSource(text)
    return LocalSource(path)


def _short(entry: Entry) -> str:
    return entry.filename.removesuffix(".npy")
