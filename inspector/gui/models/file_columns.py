"""Flat measurements of many files as numpy columns, filled in batches. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from inspector.audit.record import Record
from inspector.checks.rules import METRICS

Floats = npt.NDArray[np.float64]
_N = TypeVar("_N", bound=np.generic)

_FIELDS = ("T", "duration_ms", "coverage_pct", "vel_p95", "vel_max", "bone_len_cv_pct", "low_vis_frames")
_FIGURES = ("speed_p95", "speed_max", "bone_cv_max_pct", "bone_cv_median_pct", "body_size", "visible_at_origin_pct")

_ROOM = 1 << 20  # values that room is made for in one go
_LONG = 20_000

_PLAIN = {float, int, bool, type(None), np.float64}

COLUMNS: tuple[str, ...] = (*METRICS, *_FIELDS, *_FIGURES)
"""Measurements that always have a column, in the order in which they are plotted; `seen_*_pct` come as they are met."""


class Columns:
    """A float64 column a measurement, NaN where a file has none; memory is taken once any file has one.

    For a million files that takes long: 10 ms a column. So `put` makes room for few at a time, and what it could not
    place shows after `catch_up`.
    """

    def __init__(self) -> None:
        self._columns: dict[str, Floats] = {}  # with room for more files
        self._names = dict.fromkeys(COLUMNS)  # an ordered set
        self._met: set[tuple[str, int]] = set()
        self._size = 0
        self._late: dict[str, list[tuple[npt.NDArray[np.int64], Floats]]] = {}

    def grow(self, size: int) -> None:
        """Make room for so many files."""
        for name, column in self._columns.items():
            self._columns[name] = _filled(column, self._size, size)
        self._size = size

    def shrink(self, size: int) -> None:
        """Forget the files, which are empty, from this one on."""
        self._size = size

    def view(self) -> Mapping[str, Floats]:
        """Float64 (n,) by name, read-only; they show later changes of these rows, once any file has such a value."""
        found: dict[str, Floats] = dict.fromkeys(self._names, np.broadcast_to(np.float64(np.nan), self._size))
        for name, column in self._columns.items():
            found[name] = column[: self._size]
            found[name].setflags(write=False)
        return MappingProxyType(found)

    def put(self, rows: Sequence[int], records: Sequence[Record]) -> bool:
        """Take over what records say. Whether anything is left for `catch_up`."""
        where = np.asarray(rows, np.int64)
        fields: list[Mapping[str, Any]] = []
        figures: list[Mapping[str, Any]] = []
        for record in records:
            fields.append(record.fields)
            figures.append(record.measurements)
            if (kind := (record.profile, len(record.measurements))) not in self._met:
                self._meet(kind, record)
        for name in self._names:
            source = fields if name in _FIELDS else figures
            numbers = _numbers([values.get(name) for values in source])
            if name in self._columns:
                self._columns[name][where] = numbers
            elif name in self._late or not np.isnan(numbers).all():
                self._late.setdefault(name, []).append((where, numbers))
        return self.catch_up()

    def forget(self, rows: npt.NDArray[np.int64]) -> None:
        """Empty many rows, each named once."""
        if len(rows) == self._size:
            self._columns, self._late = {}, {}
        while self.catch_up():
            continue
        for column in self._columns.values():
            column[rows] = np.nan

    def catch_up(self) -> bool:
        """Place some of what `put` could not; whether anything is left."""
        room = _ROOM
        for name in list(self._late):
            if room < _ROOM and room < self._size:
                break
            room -= self._size
            column = self._columns[name] = _filled(np.zeros(0), 0, self._size)
            for where, numbers in self._late.pop(name):
                column[where] = numbers
        return bool(self._late)

    def _meet(self, kind: tuple[str, int], record: Record) -> None:
        """Look for groups of points only in the first record of its kind: a million records have the same names."""
        self._met.add(kind)
        for name in record.measurements:
            if name.startswith("seen_") and name.endswith("_pct"):
                self._names.setdefault(name)


def _filled(column: Floats, before: int, size: int) -> Floats:
    """The column with NaN in its new rows. A long one gets room for many: memory that nobody wrote to costs nothing."""
    if size > len(column):
        larger = np.empty(max(size, 2 * len(column), 64 if size < _LONG else _ROOM))
        larger[:before] = column[:before]
        column = larger
    column[before:size] = np.nan
    return column


def is_number(value: object) -> bool:
    """Whether a measurement stands in a column: a number other than NaN."""
    return isinstance(value, int | float) and value == value


def _numbers(values: list[Any]) -> Floats:
    if set(map(type, values)) <= _PLAIN:  # the usual case, and fast; None becomes NaN
        try:
            return np.array(values, np.float64)
        except OverflowError:
            pass
    return np.array([_number(value) for value in values], np.float64)


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float) else np.nan
    except OverflowError:
        return np.nan


class Room:
    """Memory behind an array that others hold as it was while more is put after its end."""

    def __init__(self) -> None:
        self._memory = np.zeros(0, np.int64)

    def extended(self, array: npt.NDArray[np.int64], more: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Both, one after the other; copied only where the array is another one than was given out last."""
        size = len(array) + len(more)
        if array.base is not self._memory or size > len(self._memory):
            self._memory = np.empty(size + max(size // 4, 1024), np.int64)
            self._memory[: len(array)] = array
        self._memory[len(array) : size] = more
        return self._memory[:size]


def grown(column: npt.NDArray[_N], size: int, fill: float) -> npt.NDArray[_N]:
    """The column with room for `size` rows, doubling so that a million appends copy little."""
    if size <= len(column):
        return column
    room = max(size, 2 * len(column), 64)
    larger = np.full(room, fill, column.dtype) if fill else np.zeros(room, column.dtype)  # the system's own zeros
    larger[: len(column)] = column
    return larger
