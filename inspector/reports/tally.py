"""Counts over many records, kept while they stream by."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inspector.audit.record import Record, columns_of, is_dataset
from inspector.audit.scan import sort_key
from inspector.checks import Severity, Status
from inspector.reports.text import why_error

if TYPE_CHECKING:
    from inspector.audit.across.result import Across

EXAMPLES = 3
ERRORS = 50


class Firsts:
    """Of all texts added, those of the first few paths in path order, whatever order they came in."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[tuple[list[str], str, str]] = []

    def add(self, path: str, text: str) -> None:
        """Offer one."""
        entry = (sort_key(path), path, text)
        if len(self._kept) < self._most or entry < self._kept[-1]:
            insort(self._kept, entry)
            del self._kept[self._most :]

    def takes(self, path: str) -> bool:
        """Whether one of this path would be kept: quicker than to make its text for nothing."""
        return len(self._kept) < self._most or sort_key(path) <= self._kept[-1][0]

    def discard(self, path: str) -> None:
        """Take a path out, if it is there; those that it kept out do not come back."""
        self._kept = [entry for entry in self._kept if entry[1] != path]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((path, text) for _, path, text in self._kept)


@dataclass(slots=True)
class CodeCount:
    """How often one finding code occurs with one severity."""

    files: int = 0
    findings: int = 0
    examples: Firsts = field(default_factory=lambda: Firsts(EXAMPLES))


@dataclass(slots=True)
class Tally:
    """What the summaries say.

    Attributes
    ----------
    ready
        Files ready, for each target.
    judged
        Files in which a target was looked at, for each target.
    issues
        How often each issue text occurs: what targets lack, and what an extra validator said.
    codes
        By severity and code.
    errors
        The first of the files that could not be read, with the reason.
    columns
        Names of all measurements that are single values.
    datasets
        Paths of the data sets of videos, in the order they came.
    across
        What a look across all files found, where one was taken.
    """

    total: int = 0
    statuses: Counter[Status] = field(default_factory=Counter)
    profiles: Counter[str] = field(default_factory=Counter)
    ready: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    issues: Counter[str] = field(default_factory=Counter)
    codes: dict[tuple[Severity, str], CodeCount] = field(default_factory=dict)
    errors: Firsts = field(default_factory=lambda: Firsts(ERRORS))
    columns: set[str] = field(default_factory=set)
    datasets: list[str] = field(default_factory=list)
    across: Across | None = None
    _schemas: set[str] = field(default_factory=set, repr=False, compare=False)

    def revise(self, before: Record, after: Record) -> None:
        """Count a record anew whose findings and status alone have changed."""
        self.statuses[before.status] -= 1
        self.statuses[after.status] += 1
        self._count_codes(before, -1)
        self._count_codes(after, 1)

    def add(self, record: Record) -> None:
        """Count one record."""
        self.total += 1
        self.statuses[record.status] += 1
        self.profiles[record.profile] += 1
        for target, texts in record.issues.items():
            self.judged[target] += 1
            self.ready[target] += not texts
            for text in texts:
                self.issues[text] += 1
        for text in record.legacy_issues:
            self.issues[text] += 1
        self._count_codes(record, 1)
        if record.status is Status.ERROR:
            self.errors.add(record.path, why_error(record))
        if is_dataset(record):
            self.datasets.append(record.path)
        if not record.columns:
            self.columns.update(columns_of(record.measurements))
        elif record.columns not in self._schemas:  # clips of one folder have few
            self._schemas.add(record.columns)
            self.columns.update(record.columns.split("\n"))

    def _count_codes(self, record: Record, one: int) -> None:
        seen = set()
        for finding in record.findings:
            key = (finding.severity, finding.code)
            count = self.codes.get(key) or self.codes.setdefault(key, CodeCount())
            count.findings += one
            if key not in seen:
                seen.add(key)
                count.files += one
                if one < 0:
                    count.examples.discard(record.path)
                elif count.examples.takes(record.path):
                    count.examples.add(record.path, record.file)
            if not count.files:
                del self.codes[key]
