"""Verdicts of many files under other limits, from columns alone: no file is opened and no record is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.audit.record import Record
from inspector.checks.finding import Severity, Status
from inspector.checks.rules import NONE, RULES, Rule, ranks
from inspector.gui.models.file_columns import Floats, grown, is_number
from inspector.profiles.model import Limits

Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.int8]

_METRICS = {rule.code: tuple(dict.fromkeys(level.metric for level in rule.levels)) for rule in RULES}
_STATUS = np.array([Status.FAIL.rank] * 2 + [Status.WARN.rank] + [Status.PASS.rank] * 2, np.int8)
"""Status by the rank of the worst finding, `NONE` included."""
_STATUSES: list[int] = _STATUS.tolist()
_WORST = {Status.ERROR.rank: 0, Status.FAIL.rank: Severity.HIGH.rank, Status.WARN.rank: Severity.MEDIUM.rank}


@dataclass(frozen=True, slots=True, eq=False)
class Flips:
    """Files whose verdict is another one under other limits.

    Attributes
    ----------
    counts
        int64 (4, 4): files that went from one `Status.rank` to another; the diagonal holds those that stay.
    rows
        int64 (k,): those whose verdict differs, ascending.
    before, after
        int8 (k,): their ranks.
    """

    counts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    before: Bytes
    after: Bytes

    @property
    def changed(self) -> int:
        """How many files have another verdict."""
        return len(self.rows)

    def moved(self, before: Status, after: Status) -> int:
        """How many files went from one verdict to another."""
        return int(self.counts[before.rank, after.rank])

    @classmethod
    def between(cls, before: Bytes, after: Bytes, where: Bools) -> Flips:
        """What differs between two columns of ranks, int8 (n,), in the rows of a mask, bool (n,)."""
        size = len(Status)
        pairs = before[where].astype(np.int64) * size + after[where]
        rows = np.flatnonzero(where & (before != after))
        counts = np.bincount(pairs, minlength=size * size).reshape(size, size)
        return cls(counts, rows, before[rows], after[rows])

    @classmethod
    def none(cls) -> Flips:
        """Where nothing was judged anew."""
        empty = np.zeros(0, np.int8)
        return cls(np.zeros((len(Status), len(Status)), np.int64), np.zeros(0, np.int64), empty, empty)


class Grounds:
    """What each verdict rests on, apart from the limits.

    A finding whose code has a rule, but whose record lacks the rule's measurements (that of an older report), stays
    whatever the limits are.
    """

    def __init__(self) -> None:
        self._base = np.zeros(0, np.int8)
        self._fixed = np.zeros(0, np.int32)
        self._many: dict[str, npt.NDArray[np.int32]] = {}

    def base(self, size: int) -> Bytes:
        """Int8 (n,): rank of the worst finding that no limit moves, `NONE` without."""
        return self._base[:size]

    def grow(self, size: int) -> None:
        """Make room for so many files."""
        self._base = grown(self._base, size, NONE)
        self._fixed = grown(self._fixed, size, 0)
        self._many = {code: grown(column, size, 0) for code, column in self._many.items()}

    def forget(self, rows: npt.NDArray[np.int64]) -> None:
        """Empty many rows."""
        self._base[rows], self._fixed[rows] = NONE, 0
        for column in self._many.values():
            column[rows] = 0

    def put(self, rows: Sequence[int], records: Sequence[Record]) -> None:
        """Take records apart."""
        where = np.asarray(rows, np.int64)
        for column in self._many.values():
            column[where] = 0
        bases, fixed = [], []
        moved: dict[str, list[int]] = {}
        for row, record in zip(rows, records, strict=True):
            base, more = self._apart(row, record, moved)
            bases.append(base)
            fixed.append(more)
        self._base[where], self._fixed[where] = bases, fixed
        for code, found in moved.items():
            if code not in self._many:
                self._many[code] = np.zeros(len(self._base), np.int32)
            np.add.at(self._many[code], found, 1)

    @staticmethod
    def _apart(row: int, record: Record, found: dict[str, list[int]]) -> tuple[int, int]:
        """The worst rank that no limit moves, and how many findings none moves; rows of the others go into `found`."""
        base = moved = NONE
        fixed = 0
        for finding in record.findings:
            rank, code = finding.severity.rank, finding.code
            if code in _METRICS and _measured(code, record.measurements):
                moved = min(moved, rank)
                found.setdefault(code, []).append(row)
            else:
                base, fixed = min(base, rank), fixed + 1
        return _weighed(record, base, moved), fixed

    def findings(self, met: Mapping[str, Bools], size: int) -> npt.NDArray[np.int32]:
        """Int32 (n,): findings of each file, where rules ask for those of `met`; several of one code stay several."""
        total = self._fixed[:size].copy()
        for code, found in met.items():
            many = self._many.get(code)
            total += found if many is None else found * np.maximum(many[:size], 1)
        return total


def _measured(code: str, values: Mapping[str, object]) -> bool:
    return any(is_number(values.get(metric)) for metric in _METRICS[code])


def _weighed(record: Record, base: int, moved: int) -> int:
    """The rank that makes the record's own status, whatever else than findings it came from."""
    for target in record.wanted:
        if record.issues.get(target):
            base = min(base, Severity.HIGH.rank)
    status = record.status.rank
    if status < _STATUSES[min(base, moved)] or status > _STATUSES[base]:
        base = _WORST.get(status, NONE)
    return base


def statuses(base: Bytes, met: Iterable[npt.NDArray[np.int8]]) -> Bytes:
    """`Status.rank` of each file, int8 (n,), from what no limit moves and the ranks of all rules."""
    worst = base.copy()
    for column in met:
        np.minimum(worst, column, out=worst)
    found: Bytes = _STATUS.take(worst)
    return found


def judged(columns: Mapping[str, Floats], limits: Limits) -> dict[str, npt.NDArray[np.int8]]:
    """Ranks of all rules by code, int8 (n,)."""
    return {rule.code: ranks(rule, columns, limits) for rule in RULES}


def known(code: str, columns: Mapping[str, Floats]) -> Bools:
    """Files that have any of the measurements that a code's rule looks at, bool (n,)."""
    metrics = _METRICS[code]
    found = ~np.isnan(columns[metrics[0]])
    for metric in metrics[1:]:
        found |= ~np.isnan(columns[metric])
    return found


def affected(columns: Mapping[str, Floats], before: Limits, after: Limits, size: int) -> Bools:
    """Files whose findings may differ between two sets of limits, in their words or frames if not in their code.

    Returns
    -------
    ndarray
        bool (n,).
    """
    changed = {name for name in Limits.__struct_fields__ if getattr(before, name) != getattr(after, name)}
    found = np.zeros(size, np.bool_)
    rules = [rule for rule in RULES if changed & _limits(rule)]
    for rule in rules:
        for limits in (before, after):
            found |= ranks(rule, columns, limits) != NONE
    return found


def _limits(rule: Rule) -> set[str]:
    return {level.limit for level in rule.levels}
