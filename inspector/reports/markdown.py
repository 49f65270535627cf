"""Pieces of Markdown in which nothing from a file can become markup, and numbers as people write them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from inspector.audit.record import visible
from inspector.reports.figures import to_ranges

NAME = 60
"""Characters of a name that are shown."""

_MARKS = re.compile(r"([\\`*~|]|(?<!\w)_|_(?!\w))")


def prose(text: str) -> str:
    """Any text inside a line of Markdown: shown as it is, with no markup of its own."""
    safe = html.escape(visible(text), quote=False).strip()
    safe = _MARKS.sub(r"\\\1", safe).replace("](", "]\\(").replace("][", "]\\[")
    return safe.replace("://", "\\://").replace("www.", "www\\.")  # else GitHub makes links of them


def plain(name: str) -> str:
    """A name inside a block of code: one line of sensible length."""
    seen = visible(name)
    return seen if len(seen) <= NAME else seen[: NAME - 1] + "…"


def block(lines: Iterable[str]) -> list[str]:
    """A block of code."""
    return ["```", *lines, "```"]


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> list[str]:
    """A table; its first `left` columns are text, the others numbers."""
    rule = "|".join("---" if place < left else "---:" for place in range(len(head)))
    return [_row(head), f"|{rule}|", *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def ranges(samples: Iterable[int], most: int | None = 40) -> str:
    """Sample numbers as in ``4, 6-9``; at most so many runs of them."""
    found = to_ranges(samples)
    shown = found if most is None else found[:most]
    parts = [str(first) if first == last else f"{first}-{last}" for first, last in shown]
    left = sum(last - first + 1 for first, last in found[len(shown) :])
    return ", ".join(parts) + (f" and {left} more" if left else "")


def share(part: float, whole: float) -> str:
    """A part of a whole as in ``15%``; small ones as in ``0.5%``, and never 0 or 100 unless it is."""
    return percent(100 * part / whole) if whole else "0%"


def percent(value: float) -> str:
    """A percentage without digits that say nothing."""
    if 0 < value < 1 or 99 < value < 100:
        return f"{min(max(value, 0.1), 99.9):.1f}%"
    return f"{value:.0f}%"


def figure(value: float | None, digits: int = 3) -> str:
    """A number, or a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}"


def many(count: int, thing: str) -> str:
    """A count with its noun: ``1 sample``, ``2 samples``."""
    ending = "" if count == 1 else "es" if thing.endswith("s") else "s"
    return f"{count} {thing}{ending}"
