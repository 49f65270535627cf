"""Writing reports: records in while an audit runs, whole files out at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from inspector.audit.lines import to_flat, to_record
from inspector.audit.record import Record
from inspector.errors import UsageError
from inspector.reports.atomic import Write, make_folder, write_whole
from inspector.reports.report import Format, Report
from inspector.reports.spool import Spool
from inspector.reports.tally import Tally

if TYPE_CHECKING:
    from inspector.audit.across import Across
_AT_ONCE = 256


def write_jsonl(report: Report, file: BinaryIO) -> None:
    """Write one record a line."""
    file.writelines(report.blocks())


def write_csv(report: Report, file: BinaryIO) -> None:
    """Write the table; see `inspector.reports.table`."""
    from inspector.reports import table  # as the others here: needed once the audit is over

    table.write_csv(report, file)


def write_summary(report: Report, file: BinaryIO) -> None:
    """Write the summary; see `inspector.reports.summary`."""
    from inspector.reports import summary

    summary.write_summary(report, file)


def write_assessments(report: Report) -> dict[Path, Write]:
    """Write the assessment of each data set; see `inspector.reports.folders`."""
    from inspector.reports import folders

    return folders.write_assessments(report)


FORMATS: dict[str, Format] = {
    "csv": Format("npz_audit_report.csv", "Table (CSV)", write_csv),
    "jsonl": Format("npz_audit_report.jsonl", "Records (JSON lines)", write_jsonl),
    "md": Format("npz_audit_summary.md", "Summary (Markdown)", write_summary, write_assessments),
}
"""Every kind of report by the name that the command line knows; a further one needs a line here and nothing else."""


def parse_formats(text: str) -> tuple[str, ...]:
    """Names of formats from ``csv,md``.

    Raises
    ------
    UsageError
        When one is unknown or there is none.
    """
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise UsageError(f"format: expected some of {','.join(FORMATS)}, got {unknown[0] if unknown else text!r}")
    return names


class ReportWriter:
    """Takes records as they come and writes all reports at the end.

    Every record is in a file of its own kind (see `Spool`) as soon as `add` returns. Reports of an earlier audit stay
    as they are until `finish` has written every new one.

    Parameters
    ----------
    out
        Folder of the reports; made when missing.
    formats
        Names out of `FORMATS`.
    key
        Names what the records depend on besides the files: profile, targets, version. With it an audit that was
        killed can be gone on with by the next writer of the same key; None writes without a trace.

    Attributes
    ----------
    tally
        Counts over all records so far.

    Raises
    ------
    ReportError
        When the folder cannot be written, or another audit is writing to it.
    """

    def __init__(self, out: Path | str, formats: Sequence[str] = tuple(FORMATS), key: str | None = None) -> None:
        self.out = Path(out)
        self.formats = tuple(FORMATS[name] for name in formats)
        self.tally = Tally()
        self._spool = Spool(self.out, key)
        self._done = False

    def resume(self, paths: Sequence[str], seen: Callable[[Record], None] | None = None) -> list[str]:
        """Take over what an earlier run with this key finished and what still holds.

        Parameters
        ----------
        paths
            All files of this audit.
        seen
            Called with each record taken over.

        Returns
        -------
        list of str
            Those still to be audited, in the order given.
        """
        taken = self._spool.take_over(paths)
        for path in paths:
            if path in taken:
                record = to_record(to_flat(self._spool.line(path)))
                self.tally.add(record)
                if seen is not None:
                    seen(record)
        return [path for path in paths if path not in taken]

    def add(self, records: Iterable[Record]) -> None:
        """Add finished records.

        Raises
        ------
        ReportError
            When they cannot be stored.
        """
        batch = list(records)
        self._spool.append(batch)
        for record in batch:
            self.tally.add(record)

    def look_across(self, result: Across, changed: Mapping[str, tuple[Record, Record]]) -> None:
        """Take what was found across files into the records it concerns, and into the reports.

        Parameters
        ----------
        changed
            By path, a record as it was and as it is now; only findings and status count.

        Raises
        ------
        ReportError
            When they cannot be stored.
        """
        self.tally.across = result
        revised = list(changed.values())
        for start in range(0, len(revised), _AT_ONCE):
            some = revised[start : start + _AT_ONCE]
            self._spool.append(self._revised(after) for _, after in some)
            for before, after in some:
                self.tally.revise(before, after)

    def _revised(self, after: Record) -> Record:
        whole = to_record(to_flat(self._spool.line(after.path)))
        return replace(whole, findings=after.findings, status=after.status)

    def finish(self) -> list[Path]:
        """Write every report, then let them take the places of the old ones.

        Returns
        -------
        list of Path
            The files written.

        Raises
        ------
        ReportError
            When one cannot be written; all old ones are then as they were, and the records are kept for another try.
        """
        report = Report(self._spool, self.tally)
        files: dict[Path, Write] = {self.out / f.filename: partial(f.write, report) for f in self.formats}
        for each in self.formats:
            files |= {self.out / place: write for place, write in each.also(report).items()}
        for folder in {path.parent for path in files}:
            make_folder(folder)
        write_whole(files)
        self._done = True
        return list(files)

    def close(self) -> None:
        """Let go; what was added and not finished is kept for the next writer of the same key."""
        self._spool.close(self._done)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def write_reports(records: Iterable[Record], out: Path | str, formats: Sequence[str] = tuple(FORMATS)) -> list[Path]:
    """Write reports of records that are at hand.

    Parameters
    ----------
    records
        In any order; the reports are in the order of the paths.
    out, formats
        As for `ReportWriter`.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ReportError
        When they cannot be written; earlier reports are then as they were.
    """
    with ReportWriter(out, formats) as writer:
        writer.add(records)
        return writer.finish()
