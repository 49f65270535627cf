"""`npz_audit_report.csv`: one row per file, the reference's columns first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct, defstruct

from inspector.audit.lines import to_flat
from inspector.checks import Severity
from inspector.reports.report import Report

REFERENCE_COLUMNS = (
    "file T coverage_pct low_vis_frames vel_p95 vel_max vel_spike_frames bone_len_cv_pct bone_outlier_frames "
    "X_out_of_range X_has_nan X_has_inf timestamps_monotonic temporal_consistent transformer_ready iv3_ready"
).split()
OWN_COLUMNS = ["status", "profile", "error", *(f"findings_{s.value}" for s in Severity), "codes"]

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What makes a spreadsheet run a cell when the text begins with it."""


def columns(report: Report) -> list[str]:
    """All column names: the reference's, ours, readiness for further targets, then each single measurement by name."""
    fixed = [*REFERENCE_COLUMNS, *OWN_COLUMNS]
    fixed += [f"{t}_ready" for t in sorted(report.tally.judged) if f"{t}_ready" not in fixed]
    return fixed + sorted(report.tally.columns.difference(fixed))


_NUMBERS = frozenset((int, float, bool))
_SPECIAL = re.compile('[,"\r\n;\t]').search
_ODD = re.compile(f"^[{re.escape(''.join(_FORMULA))}]|" + '[,"\r\n;\t]').search
_FIRST_OWN = len(REFERENCE_COLUMNS) + OWN_COLUMNS.index(f"findings_{Severity.CRITICAL.value}")
_SEVERITIES = [severity.value for severity in Severity]
_COUNTED = len(_SEVERITIES) + 1
"""Columns that are not read but counted: findings of each severity, and their codes."""


class _Code(Struct):
    """What the table says of a finding."""

    code: str
    severity: str


def write_csv(report: Report, file: BinaryIO) -> None:
    """Write the table.

    As in the reference an absent value is an empty cell, and booleans are ``True`` and ``False``; NaN and infinities
    are ``nan``, ``inf``, ``-inf``. No cell runs as a formula: a path that begins like one gets ``./`` in front,
    another text an apostrophe.
    """
    names = columns(report)
    file.write(_row([_quoted(name) for name in names]))
    read = _reader([*names[:_FIRST_OWN], *names[_FIRST_OWN + _COUNTED :]])
    rows = []
    for line in report.lines():
        values, findings = read(line)
        # numbers first and here, since nearly all cells are
        cells = [
            str(value) if type(value) in _NUMBERS else "" if value is None else _cell(name, value)
            for name, value in values
        ]
        cells[_FIRST_OWN:_FIRST_OWN] = _counted(findings)
        rows.append(_row(cells))
        if len(rows) == _AT_ONCE:
            file.writelines(rows)
            rows.clear()
    file.writelines(rows)


_AT_ONCE = 1024
_Row = tuple[Iterable[tuple[str, object]], Sequence[_Code]]


def _reader(names: Sequence[str]) -> Callable[[bytes], _Row]:
    """What takes these fields out of a line, names beside them, and the findings; all else is passed over."""
    keys = [f"c{place}" for place in range(len(names))]
    row = defstruct(
        "Row",
        [*((key, Any, None) for key in keys), ("findings", tuple[_Code, ...], ()), ("non_finite", Any, None)],
        rename=dict(zip(keys, names, strict=True)),
    )
    decode = msgspec.json.Decoder(row).decode
    values_of = attrgetter(*keys)

    def read(line: bytes) -> _Row:
        try:
            found: Any = decode(line)
        except (msgspec.DecodeError, RecursionError):
            found = None
        if found is None or found.non_finite is not None:
            flat = to_flat(line)
            return [(name, flat.get(name)) for name in names], msgspec.convert(
                flat.get("findings", ()), tuple[_Code, ...]
            )
        return zip(names, values_of(found), strict=True), found.findings

    return read


def _counted(findings: Sequence[_Code]) -> list[str]:
    if not findings:
        return _NO_FINDINGS
    severities = [finding.severity for finding in findings]
    counts = [str(severities.count(severity)) for severity in _SEVERITIES]
    return [*counts, _cell("codes", " ".join(dict.fromkeys(finding.code for finding in findings)))]


_NO_FINDINGS = ["0"] * len(_SEVERITIES) + [""]


def _cell(name: str, value: object) -> str:
    if isinstance(value, str):
        if not _ODD(value):
            return value
        if value.startswith(_FORMULA):
            value = ("./" if name == "file" else "'") + value
        return _quoted(value)
    return "" if isinstance(value, list | dict) else str(value)


def _quoted(text: str) -> str:
    """Quoted where the csv module would, and where a reader that splits at semicolons or tabs needs it."""
    if _SPECIAL(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _row(cells: list[str]) -> bytes:
    return (",".join(cells) + "\r\n").encode()
