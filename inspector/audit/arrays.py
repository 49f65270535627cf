"""Looking into any array of any size: one page of a 2-D cut, or what a pickled array would do.

Only what is asked for is read: rows by position, and a page never takes more than a few megabytes, whatever the
array's size. Nothing is ever unpickled.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from inspector.archive import Member, NpzFile, Wanted, open_npz
from inspector.audit.array_text import AnyArray, CellFormat, plain_text, shape_text, size_text
from inspector.audit.passes import TURNS
from inspector.errors import ArchiveChangedError, ArchiveError, MeasureError, ReadStoppedError

STEP_LIMIT = 512_000_000
"""Bytes that one index of an array's first axis may take; more is not read for a page or a picture."""

_PART = 8_000_000
_PAGE_BYTES = 32_000_000


class Reader(Protocol):
    """What is needed of an open archive (see `inspector.archive.NpzFile`)."""

    def member(self, name: str) -> Member:
        """Header of one array."""
        ...

    def read(self, name: str, limit: int | None = None) -> AnyArray:
        """A whole array."""
        ...

    def rows(self, name: str, start: int, stop: int, wanted: Wanted | None = None) -> AnyArray:
        """Rows start..stop of the first axis; ReadStoppedError once they are unwanted."""
        ...

    def blocks(self, name: str, max_bytes: int = 4 << 20) -> Iterator[tuple[int, AnyArray]]:
        """First row and rows, block by block."""
        ...


class Held:
    """An archive that stays open while it is looked into, opened when first needed; for use from any thread.

    Parameters
    ----------
    mtime_ns
        Of the file that is meant; negative when unknown.
    """

    def __init__(self, path: str, mtime_ns: int = -1) -> None:
        self._path, self._mtime_ns = path, mtime_ns
        self._npz: NpzFile | None = None
        self._closed = False
        self._lock = threading.Lock()

    def npz(self) -> NpzFile:
        """The open archive.

        Raises
        ------
        ArchiveChangedError
            If it is no longer the file that was meant.
        """
        with self._lock:
            if self._closed:
                raise ArchiveError(f"{self._path}: was closed")
            if self._npz is None:
                npz = open_npz(self._path)
                if self._mtime_ns not in (-1, npz.mtime_ns):
                    npz.close()
                    raise ArchiveChangedError(f"{self._path}: was written to since it was audited; audit it again")
                self._npz = npz
            return self._npz

    def close(self) -> None:
        """Let the file go; what still reads it gets an ArchiveError."""
        with self._lock:
            self._closed = True
            if self._npz is not None:
                self._npz.close()


class Job:
    """A handle on something long: who started it may stop it, who does it says how far it is.

    Attributes
    ----------
    fraction
        0 to 1; written by the thread that works, read by any other.
    """

    def __init__(self) -> None:
        self.fraction = 0.0
        self._stop = threading.Event()

    def stop(self) -> None:
        """Ask the work to end soon, without a result."""
        self._stop.set()

    def is_stopped(self) -> bool:
        """Whether the work should end."""
        return self._stop.is_set()

    def is_wanted(self) -> bool:
        """Whether it should go on."""
        return not self._stop.is_set()


@dataclass(frozen=True, slots=True)
class Cut:
    """A rectangle of a 2-D cut through an array.

    Attributes
    ----------
    lead
        One index for every axis before the last two.
    row, rows
        First row and number of rows: the last axis but one (axis 0 of a 1-D array).
    column, columns
        First column and number of columns: the last axis.
    """

    lead: tuple[int, ...] = ()
    row: int = 0
    rows: int = 1
    column: int = 0
    columns: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """The values of one cut.

    Attributes
    ----------
    values
        2-D, (rows, columns) of the cut; 1-D for a 1-D array of a structured type, whose fields are the columns.
    """

    name: str
    cut: Cut
    values: AnyArray
    format: CellFormat = field(default_factory=CellFormat)
    two_axes: bool = True  # False: the column is no index of the array, as for a 1-D one

    @property
    def rows(self) -> int:
        """Rows held."""
        return len(self.values)

    @property
    def columns(self) -> int:
        """Columns held."""
        return int(self.values.shape[1]) if self.values.ndim == 2 else len(self.values.dtype.names or ())

    def value(self, row: int, column: int) -> object:
        """One value, as numpy's scalar; row and column count from the page's own corner."""
        line = self.values[row]
        value: object = line[column]
        return value


def table_shape(shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> tuple[int, int]:
    """Rows and columns of the table that shows an array of this shape: its last two axes."""
    match shape:
        case ():
            return 1, 1
        case (rows,):
            return rows, len(dtype.names or ("",))
        case (*_, rows, columns):
            return rows, columns
    raise AssertionError(shape)


def page_size(table: tuple[int, int], itemsize: int) -> tuple[int, int]:
    """Rows and columns of a page: at most 1000 by 4096, half a million values and 32 MB."""
    columns = max(1, min(table[1], 4096, _PAGE_BYTES // max(1, itemsize)))
    return max(1, min(table[0], 1000, 500_000 // columns, _PAGE_BYTES // max(1, columns * itemsize))), columns


def is_numeric(dtype: np.dtype[np.generic] | None) -> bool:
    """Whether values can be averaged and drawn: bool, integer, float or complex."""
    return dtype is not None and dtype.kind in "biufc"


def shape_of(member: Member) -> tuple[tuple[int, ...], np.dtype[np.generic]]:
    """Shape and dtype of a member that has values to show.

    Raises
    ------
    ArchiveError
        Where the header could not be read, or there is none.
    """
    if member.shape is None or member.dtype is None:
        raise ArchiveError(member.error or f"{member.filename}: not an array")
    return member.shape, member.dtype


def read_page(npz: Reader, name: str, cut: Cut, job: Job | None = None) -> Page | None:
    """The values of one cut.

    Parameters
    ----------
    cut
        What lies outside the array is left out; indices in `lead` must be inside.

    Returns
    -------
    Page or None
        None when the job was stopped.

    Raises
    ------
    MeasureError
        If the cut, or one step along axis 0, takes more memory than a page may.
    """
    try:
        with TURNS.first():
            return _read_page(npz, name, cut, job.is_wanted if job else None)
    except ReadStoppedError:
        return None


def _read_page(npz: Reader, name: str, cut: Cut, wanted: Wanted | None) -> Page:
    shape, dtype = shape_of(npz.member(name))
    rows, columns = table_shape(shape, dtype)
    row_stop, column_stop = min(rows, cut.row + cut.rows), min(columns, cut.column + cut.columns)
    across = slice(cut.column, column_stop)
    if max(0, row_stop - cut.row) * max(0, column_stop - cut.column) * dtype.itemsize > _PAGE_BYTES:
        raise MeasureError(f"{name}: a page of {cut.rows} rows takes more than {size_text(_PAGE_BYTES)}")
    if not shape:
        values = npz.read(name).reshape(1, 1)
    elif len(shape) == 1:
        values = npz.rows(name, cut.row, row_stop, wanted)
        if dtype.names is None:
            values = values.reshape(-1, 1)
    elif len(shape) == 2:
        parts = []
        check_step(npz.member(name))
        for start, stop in _parts(cut.row, row_stop, columns * dtype.itemsize):
            parts.append(npz.rows(name, start, stop, wanted)[:, across].copy())
        values = np.concatenate(parts) if parts else np.empty((0, max(0, column_stop - cut.column)), dtype)
    else:
        values = read_step(npz, name, cut.lead, wanted)[cut.row : row_stop, across].copy()
    return Page(name, cut, values, CellFormat.of(values), len(shape) > 1)


def read_step(npz: Reader, name: str, lead: tuple[int, ...], wanted: Wanted | None = None) -> AnyArray:
    """The 2-D cut at these leading indices of an array of three axes or more.

    Raises
    ------
    MeasureError
        If an index lies outside, or one step along axis 0 takes more than `STEP_LIMIT` bytes.
    """
    shape = shape_of(npz.member(name))[0]
    if len(lead) != len(shape) - 2 or any(not 0 <= i < n for i, n in zip(lead, shape, strict=False)):
        raise MeasureError(f"{name}: expected indices within {shape_text(shape[:-2])}, got {lead}")
    check_step(npz.member(name))
    step: AnyArray = npz.rows(name, lead[0], lead[0] + 1, wanted)[0][lead[1:]]
    return step


def page_tsv(page: Page) -> str:
    """The page as lines of tab-separated values, each written so that it reads back as the same value."""
    if page.values.ndim == 1:
        return "".join("\t".join(plain_text(v) for v in line) + "\n" for line in page.values)
    # Rows of numbers are turned to text by numpy in one go: str() of each scalar takes four times as long.
    if page.values.dtype.kind in "biu":
        return "".join("\t".join(map(str, line)) + "\n" for line in page.values.tolist())
    return "".join("\t".join(map(plain_text, line)) + "\n" for line in page.values)


def check_step(member: Member) -> None:
    """Refuse an array of which not even one step along axis 0 is to be held in memory.

    Raises
    ------
    MeasureError
        If that step takes more than `STEP_LIMIT` bytes.
    """
    shape, dtype = shape_of(member)
    size = math.prod(shape[1:]) * dtype.itemsize
    if size > STEP_LIMIT:
        raise MeasureError(
            f"{member.name}: one step along axis 0 takes {size_text(size)}; at most {size_text(STEP_LIMIT)} is read"
        )


def _parts(start: int, stop: int, row_bytes: int) -> Iterator[tuple[int, int]]:
    """Runs of rows that together take at most `_PART` bytes, or one row."""
    step = max(1, _PART // max(1, row_bytes))
    for first in range(start, stop, step):
        yield first, min(stop, first + step)
