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

_PLAIN = {float, int, bool, type(None), np.float64}

COLUMNS: tuple[str, ...] = (*METRICS, *_FIELDS, *_FIGURES)
"""Measurements that always have a column, in the order in which they are plotted; `seen_*_pct` come as they are met."""


class Columns:
    """A float64 column a measurement, NaN where a file has none."""

    def __init__(self) -> None:
        self._columns: dict[str, Floats] = {name: np.zeros(0) for name in COLUMNS}
        self._met: set[tuple[str, int]] = set()
        self._size = 0

    def grow(self, size: int) -> None:
        """Make room for so many files."""
        self._size = size
        self._columns = {name: grown(column, size, np.nan) for name, column in self._columns.items()}

    def shrink(self, size: int) -> None:
        """Forget the files, which are empty, from this one on."""
        self._size = size

    def view(self) -> Mapping[str, Floats]:
        """Float64 (n,) by name, read-only; they show later changes of these rows."""
        found = {name: column[: self._size] for name, column in self._columns.items()}
        for column in found.values():
            column.setflags(write=False)
        return MappingProxyType(found)

    def put(self, rows: Sequence[int], records: Sequence[Record | None]) -> None:
        """Take over what records say; None empties its row."""
        where = np.asarray(rows, np.int64)
        fields: list[Mapping[str, Any]] = []
        figures: list[Mapping[str, Any]] = []
        for record in records:
            fields.append({} if record is None else record.fields)
            figures.append({} if record is None else record.measurements)
            if record is not None and (kind := (record.profile, len(record.measurements))) not in self._met:
                self._meet(kind, record)
        for name, column in self._columns.items():
            source = fields if name in _FIELDS else figures
            column[where] = _numbers([values.get(name) for values in source])

    def _meet(self, kind: tuple[str, int], record: Record) -> None:
        """Look for groups of points only in the first record of its kind: a million records have the same names."""
        self._met.add(kind)
        for name in record.measurements:
            if name.startswith("seen_") and name.endswith("_pct") and name not in self._columns:
                self._columns[name] = grown(np.zeros(0), max(self._size, 1), np.nan)


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


def grown(column: npt.NDArray[_N], size: int, fill: float) -> npt.NDArray[_N]:
    """The column with room for `size` rows, doubling so that a million appends copy little."""
    if size <= len(column):
        return column
    larger = np.full(max(size, 2 * len(column), 64), fill, column.dtype)
    larger[: len(column)] = column
    return larger
