"""What a report is written from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inspector.audit.lines import Flat, to_flat, to_record
from inspector.audit.record import Record
from inspector.reports.atomic import Write
from inspector.reports.spool import Spool
from inspector.reports.tally import Tally


@dataclass(frozen=True, slots=True)
class Report:
    """All records of an audit, in the order of their paths and as often as wanted, without holding them."""

    spool: Spool
    tally: Tally

    def blocks(self) -> Iterator[bytes]:
        """As lines of JSON, some at a time."""
        return self.spool.blocks()

    def lines(self) -> Iterator[bytes]:
        """As lines of JSON, newline included."""
        return self.spool.lines()

    def flats(self) -> Iterator[Flat]:
        """As flat objects."""
        return map(to_flat, self.spool.lines())

    def records(self) -> Iterator[Record]:
        """As records."""
        return map(to_record, self.flats())

    def record(self, path: str) -> Record:
        """The record of one file."""
        return to_record(to_flat(self.spool.line(path)))


def nothing_more(_report: Report) -> dict[Path, Write]:
    """What most formats write besides their one file."""
    return {}


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of report.

    Attributes
    ----------
    filename
        Its name in the folder of reports.
    title
        What the window calls it.
    write
        Writes the report's bytes.
    also
        Further files that depend on the records: each one's place below the folder, and what writes its bytes.
    """

    filename: str
    title: str
    write: Callable[[Report, BinaryIO], None]
    also: Callable[[Report], dict[Path, Write]] = nothing_more
