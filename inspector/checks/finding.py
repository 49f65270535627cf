"""What a check says: severity, finding, and the ranges that point at where."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    import numpy.typing as npt

Ranges = tuple[tuple[int, int], ...]
"""Inclusive ``(first, last)`` pairs, ascending, counted from 0."""


_FEW = 64


class Severity(StrEnum):
    """How much a finding weighs, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


class Status(StrEnum):
    """The verdict on a file, worst first."""

    ERROR = "error"
    FAIL = "fail"
    WARN = "warn"
    PASS = "pass"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


_RANKS: dict[str, int] = {member: place for kind in (Severity, Status) for place, member in enumerate(kind)}


class Finding(Struct, frozen=True):
    """One thing that is wrong, and where.

    Attributes
    ----------
    code
        Stable name, part of the reports' contract.
    target
        The target that cannot be ready because of it, or None.
    frames, points, samples
        Where; empty when it concerns the whole file.
    """

    code: str
    severity: Severity
    message: str
    target: str | None = None
    frames: Ranges = ()
    points: Ranges = ()
    samples: Ranges = ()

    def as_json(self) -> dict[str, Any]:
        """Plain containers, keys in the order of the contract."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "target": self.target,
            "frames": [list(r) for r in self.frames],
            "points": [list(r) for r in self.points],
            "samples": [list(r) for r in self.samples],
        }


def to_ranges(where: npt.ArrayLike) -> Ranges:
    """Inclusive ranges of a boolean vector's true places, or of ascending indices.

    Parameters
    ----------
    where
        Boolean array of shape (n,), or integer indices in any order.

    Examples
    --------
    >>> to_ranges([3, 4, 5, 9])
    ((3, 5), (9, 9))
    """
    import numpy as np  # reports and lists of findings do without

    array = np.asarray(where)
    index = array.nonzero()[0] if array.dtype == np.bool_ else np.unique(array.astype(np.int64))
    if index.size <= _FEW:
        return _few_ranges(index.tolist())
    breaks = np.flatnonzero(index[1:] - index[:-1] > 1)
    firsts = [int(index[0]), *index[breaks + 1].tolist()]
    return tuple(zip(firsts, [*index[breaks].tolist(), int(index[-1])], strict=True))


def _few_ranges(places: list[int]) -> Ranges:
    """As `to_ranges`, of few ascending places: quicker one by one than with arrays."""
    if not places:
        return ()
    found: list[tuple[int, int]] = []
    first = last = places[0]
    for place in places:
        if place > last + 1:
            found.append((first, last))
            first = place
        last = place
    found.append((first, last))
    return tuple(found)


def count(ranges: Ranges) -> int:
    """How many frames, points or samples the ranges hold."""
    return sum([last - first + 1 for first, last in ranges])


def verdict(findings: Iterable[Finding], unready: bool = False) -> Status:
    """Fail on a critical or high finding or a wanted target that is not ready, warn on a medium one, else pass."""
    worst = min((f.severity.rank for f in findings), default=Severity.LOW.rank)
    if unready or worst <= Severity.HIGH.rank:
        return Status.FAIL
    return Status.WARN if worst == Severity.MEDIUM.rank else Status.PASS
