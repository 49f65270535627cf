"""What an audit keeps of each record, to look across all files once they are read."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.audit.compact import bare
from inspector.audit.record import Record
from inspector.audit.scan import sort_key
from inspector.paths import is_url
from inspector.workers import one_thread_each

if TYPE_CHECKING:
    from inspector.audit.across import Across, Labels, Splits

_LOOK = "inspector.audit.across.look"


@dataclass(slots=True)
class Together:
    """Keeps of each record what a look across files needs, and the verdict.

    Attributes
    ----------
    labels, splits
        As read from the files that were given.
    result
        The look, once it was taken.
    """

    labels: Labels | None = None
    splits: Splits | None = None
    result: Across | None = None
    records: dict[str, Record] = field(default_factory=dict)

    def see(self, record: Record) -> None:
        """Keep what matters of a record; its figures are with the reports."""
        self.records[record.path] = bare(record)

    def prepare(self) -> None:
        """Import what the look needs, while there is something to wait for; once."""
        if _LOOK in sys.modules:
            return
        with one_thread_each():  # products of these sizes gain nothing by more, which would wait in busy loops
            import_module(_LOOK)  # with numpy, without which workers were started sooner

    def look(self, root: str | None) -> Iterator[tuple[str, Record, Record]]:
        """Take the look; yields path, old and new record of each file whose findings it changes."""
        self.prepare()
        from inspector.audit.across import across, with_across

        self.result = across(self.records.values(), self.splits, self.labels, root=root)
        for path, before in list(self.records.items()):
            after = with_across(before, self.result.findings.get(path, ()))
            if after is not before:
                self.records[path] = after
                yield path, before, after

    def ordered(self) -> Iterator[Record]:
        """What is kept of each record, in the order of the paths."""
        for path in sorted(self.records, key=sort_key):
            yield self.records[path]


def read_lists(labels: Path | None, splits: Iterable[str]) -> Together:
    """An empty one with the lists that were asked for.

    Raises
    ------
    UsageError
        When one cannot be read: names the file, the line, what was expected and what was found.
    """
    lists = tuple(splits)
    if labels is None and not lists:
        return Together()
    from inspector.audit.across import read_labels, read_splits

    return Together(
        labels=read_labels(labels) if labels is not None else None, splits=read_splits(lists) if lists else None
    )


def root_of(paths: tuple[str, ...]) -> str | None:
    """The folder audited, where there is one; a URL counts as one unless it is called like a file."""
    if len(paths) == 1 and is_url(paths[0]):
        return None if paths[0].lower().endswith(".npz") else paths[0].rstrip("/")
    return paths[0] if len(paths) == 1 and os.path.isdir(paths[0]) else None  # noqa: PTH112 - text with surrogates
