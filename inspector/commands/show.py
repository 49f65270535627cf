"""The show command: what one file holds and what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from inspector.archive import Member, open_npz
from inspector.audit import Inspection, Options, inspect_file
from inspector.audit.lines import Flat, to_line
from inspector.checks import Finding, Ranges, Status
from inspector.commands.console import COLOURS, say, size
from inspector.errors import InspectorError
from inspector.profiles import load_profile
from inspector.reports.text import why_error

META = 160
"""Characters of the metadata that are shown; --json and the window have all of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One array as its header describes it; `imports` is what unpickling it would import."""

    member: Member
    imports: tuple[str, ...] = ()

    def as_json(self) -> Flat:
        """Plain containers."""
        member = self.member
        return {
            "name": member.name,
            "filename": member.filename,
            "shape": None if member.shape is None else list(member.shape),
            "dtype": None if member.dtype is None else str(member.dtype),
            "fortran_order": member.fortran,
            "compressed": member.compressed,
            "size_bytes": member.size,
            "packed_bytes": member.packed,
            "pickled": member.pickled,
            "imports": list(self.imports),
            "error": member.error,
        }


def run_show(path: str, profile: str | None = None, as_json: bool = False) -> int:
    """Print a file's arrays, verdict and findings.

    Parameters
    ----------
    path
        The file.
    profile
        Name or file of the profile to judge by; None lets the file pick.
    as_json
        Print one JSON object: ``arrays`` and the file's ``record`` as in the report.

    Returns
    -------
    int
        1 when the file cannot be read, else 0.
    """
    seen = inspect_file(path, Options(load_profile(profile) if profile is not None else None))
    rows = _rows(seen)
    if as_json:
        record = json.loads(to_line(seen.record))
        say(json.dumps({"arrays": [row.as_json() for row in rows], "record": record}, indent=2), literal=True)
    else:
        _print(seen, rows)
    return int(seen.record.status is Status.ERROR)


def _rows(seen: Inspection) -> list[Row]:
    rows = [Row(member) for member in seen.members]
    if not any(row.member.pickled for row in rows):
        return rows
    try:
        with open_npz(seen.path) as npz:
            return [Row(row.member, npz.imports(row.member.name)) if row.member.pickled else row for row in rows]
    except InspectorError:  # damaged pickles: the findings say so
        return rows


def _print(seen: Inspection, rows: list[Row]) -> None:
    record = seen.record
    say(f"{record.file}  ({size(record.size_bytes)}, {len(rows)} arrays)")
    table = [("array", "shape", "type", "size", "stored"), *map(_cells, rows)]
    widths = [max(len(line[column]) for line in table) for column in range(5)]
    for line in table if rows else ():
        say("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    for row in rows:
        if row.imports:
            say(f"  {row.member.name} is pickled: reading it the usual way would import {', '.join(row.imports)}")
        if row.member.error:
            say(f"  {row.member.name}: {row.member.error}")
    say()
    facts = [("profile", record.profile), ("verdict", record.status.value)]
    if record.error:
        facts.append(("error", why_error(record)))
    for target, texts in record.issues.items():
        wanted = "" if target in record.wanted else ", not wanted here"
        facts.append((target, f"not ready{wanted}: {'; '.join(texts)}" if texts else f"ready{wanted}"))
    if seen.meta:
        facts.append(("meta", " ".join(seen.meta.split())[:META]))
    width = max(len(name) for name, _ in facts)
    for name, text in facts:
        say(f"{name.ljust(width)}  {text}")
    for finding in record.findings:
        say(
            f"{finding.severity.value.upper():<8}  {finding.code}: {finding.message}{_where(finding)}",
            colour=COLOURS["warn" if finding.severity.rank > 1 else "fail"],
        )


def _cells(row: Row) -> tuple[str, str, str, str, str]:
    member = row.member
    shape = "?" if member.shape is None else " × ".join(map(str, member.shape)) or "one value"
    stored = f"{'deflated' if member.compressed else 'as is'}, {size(member.packed)}"
    order = ", Fortran order" if member.fortran else ""
    return member.name, shape, ("?" if member.dtype is None else str(member.dtype)) + order, size(member.size), stored


def _where(finding: Finding) -> str:
    places = [("frames", finding.frames), ("points", finding.points), ("samples", finding.samples)]
    told = [f"{word} {_ranges(ranges)}" for word, ranges in places if ranges]
    return f" [{'; '.join(told)}]" if told else ""


def _ranges(ranges: Ranges, most: int = 12) -> str:
    parts = [str(first) if first == last else f"{first}-{last}" for first, last in ranges[:most]]
    return ", ".join(parts) + (f" and {len(ranges) - most} more" if len(ranges) > most else "")
