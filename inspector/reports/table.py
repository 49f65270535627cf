"""`npz_audit_report.csv`: one row per file, the reference's columns first."""

from __future__ import annotations

import re
from typing import BinaryIO

from inspector.checks import Severity
from inspector.audit.lines import Flat
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
_NO_FINDINGS: Flat = {**{f"findings_{s.value}": 0 for s in Severity}, "codes": ""}
_SPECIAL = re.compile('[,"\r\n;\t]').search


def write_csv(report: Report, file: BinaryIO) -> None:
    """Write the table.

    As in the reference an absent value is an empty cell, and booleans are ``True`` and ``False``; NaN and infinities
    are ``nan``, ``inf``, ``-inf``. No cell runs as a formula: a path that begins like one gets ``./`` in front,
    another text an apostrophe.
    """
    names = columns(report)
    file.write(_row([_quoted(name) for name in names]))
    for flat in report.flats():
        value = {**flat, **_own(flat)}.get
        # Numbers first and here, since nearly all cells are.
        file.write(_row([str(v) if type(v := value(name)) in _NUMBERS else _cell(name, v) for name in names]))


def _own(flat: Flat) -> Flat:
    findings = flat.get("findings")
    if not findings:
        return _NO_FINDINGS
    counts = {f"findings_{s.value}": sum(f["severity"] == s for f in findings) for s in Severity}
    return {**counts, "codes": " ".join(dict.fromkeys(f["code"] for f in findings))}


def _cell(name: str, value: object) -> str:
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, str):
        if value.startswith(_FORMULA):
            value = ("./" if name == "file" else "'") + value
        return _quoted(value)
    return str(value)


def _quoted(text: str) -> str:
    """Quoted where the csv module would, and where a reader that splits at semicolons or tabs needs it."""
    if _SPECIAL(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _row(cells: list[str]) -> bytes:
    return (",".join(cells) + "\r\n").encode()
