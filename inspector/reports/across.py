"""What was found across files, in words: a line for each kind of thing, and a section of the summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from inspector.audit.across.names import relative
from inspector.audit.across.result import Across
from inspector.reports.escape import escaped
from inspector.reports.markdown import prose

LISTED = 20
"""Most groups, pairs or classes that the summary names; findings name the others."""


def sentences(result: Across) -> Iterator[str]:
    """What was found across files, a line for each kind of thing."""
    if result.duplicates:
        files = sum(map(len, result.duplicates))
        yield f"{_n(len(result.duplicates), 'group')} of files with the same content, {files} files in all"
    if result.near:
        files = sum(map(len, result.near_groups))
        yield f"{_n(len(result.near), 'pair')} of near duplicates, {files} files in all"
    if result.splits:
        sizes = ", ".join(f"{split} {count}" for split, count in sorted(Counter(result.splits.values()).items()))
        leaks = f"{_n(len(result.leaks), 'recording')} in more than one" if result.leaks else "none shares a recording"
        yield f"splits: {sizes}; {leaks}"
    if result.joined is not None:
        classes = _n(len(result.classes), "class", "classes") if result.classes else "no classes"
        yield f"labels: {len(result.joined.of)} of {result.files} files, {classes}"
    for finding in result.dataset:
        yield f"{finding.code}: {finding.message}"
    if result.missing:
        yield f"{_n(len(result.missing), 'file')} named in lists and not there"


def _n(n: int, one: str, many: str = "") -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"


def section(result: Across) -> list[str]:
    """Lines of Markdown under a heading of their own; none where there is nothing to say."""
    said = list(sentences(result))
    if not said:
        return []
    lines = ["## Across files", "", *(f"- {prose(text)}" for text in said)]
    lines += _named("Same content", [_names(group, result.root) for group in result.duplicates])
    pairs = [
        f"{_names([pair.a], result.root)} is " + pair.relation(pair.a).format(_names([pair.b], result.root))
        for pair in result.near
    ]
    lines += _named("Near duplicates", pairs)
    lines += _named("In more than one split", [_names(group, result.root) for group in result.leaks])
    if result.classes:
        ordered = sorted(result.classes.items(), key=lambda item: (-item[1], item[0]))
        lines += ["", "| class | files |", "|---|---:|"]
        lines += [f"| {escaped(name)} | {count} |" for name, count in ordered[:LISTED]]
        if len(ordered) > LISTED:
            lines += ["", f"and {len(ordered) - LISTED} more classes"]
    return lines


def _names(paths: Sequence[str], root: str) -> str:
    return ", ".join(escaped(relative(path, root)) for path in paths[:LISTED])


def _named(title: str, texts: Sequence[str]) -> list[str]:
    if not texts:
        return []
    lines = ["", f"### {title}", "", *(f"- {text}" for text in texts[:LISTED])]
    return lines if len(texts) <= LISTED else [*lines, f"- and {len(texts) - LISTED} more"]
