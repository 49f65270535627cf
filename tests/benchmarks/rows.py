"""Lines of a table of measurements: ours, a peer's, and how they compare pair by pair."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Seconds = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted of a line.

    Attributes
    ----------
    of
        ``gain``: the peer's value over ours; ``cost``: ours over the peer's; ``value``: ours alone.
    limit
        At least this for ``gain``, at most this for the others.
    """

    of: Literal["gain", "cost", "value"]
    limit: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line.

    Attributes
    ----------
    line
        Which line of the table, as ``--only`` knows it.
    what
        Words.
    ours, peer
        Values of each run, in turn: the k-th of one was taken beside the k-th of the other. Both empty: only words.
    unit
        Of both.
    """

    line: str
    what: str
    ours: Seconds = ()
    unit: str = "s"
    peer_name: str = ""
    peer: Seconds = ()
    goal: Goal | None = None
    note: str = ""

    @property
    def ratios(self) -> Seconds:
        """Pair by pair: gains, or costs where the goal is one."""
        if not self.peer or not self.ours:
            return ()
        pairs = zip(self.ours, self.peer, strict=False)
        costs = self.goal is not None and self.goal.of == "cost"
        return tuple((a / b if costs else b / a) for a, b in pairs if a > 0 and b > 0)

    @property
    def holds(self) -> bool | None:
        """Whether the median reaches the goal; None where there is no goal or no figure."""
        if self.goal is None or not self.ours:
            return None
        if self.goal.of == "value":
            return statistics.median(self.ours) <= self.goal.limit
        if not self.ratios:
            return None
        ratio = statistics.median(self.ratios)
        return ratio >= self.goal.limit if self.goal.of == "gain" else ratio <= self.goal.limit


def shown(row: Row) -> str:
    """The line as text."""
    if not row.ours and row.goal is None:
        return f"  {row.what}" + (f"  [{row.note}]" if row.note else "")
    parts = [f"  {row.what:58s}", f"{_told(row.ours, row.unit):>22s}"]
    if row.peer_name:
        parts.append(f"  {row.peer_name:>22s} {_told(row.peer, row.unit):>22s}")
    if row.ratios:
        low, high = min(row.ratios), max(row.ratios)
        way = "ours/peer" if row.goal is not None and row.goal.of == "cost" else "peer/ours"
        parts.append(f"  {way} {_short(statistics.median(row.ratios))} ({_short(low)} .. {_short(high)})")
    if row.goal is not None:
        sign, what = (">=", "x") if row.goal.of == "gain" else ("<=", "x" if row.goal.of == "cost" else row.unit)
        word = {True: "holds", False: "MISSED", None: "not measured"}[row.holds]
        parts.append(f"  goal {sign} {row.goal.limit:g} {what}: {word}")
    if row.note:
        parts.append(f"  [{row.note}]")
    return "".join(parts).rstrip()


def _told(values: Sequence[float], unit: str) -> str:
    if not values:
        return "-"
    median = f"{_short(statistics.median(values))} {unit}"
    return f"{median} ({_short(min(values))})" if len(values) > 1 else median


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"
