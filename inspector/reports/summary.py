"""`npz_audit_summary.md`: the reference's head, then verdicts, findings and errors."""

from __future__ import annotations

import html
from datetime import datetime
from typing import BinaryIO

from inspector.audit.record import printable_path, visible
from inspector.checks import CODES, Severity, Status
from inspector.reports.across import section
from inspector.reports.escape import escaped
from inspector.reports.report import Report
from inspector.reports.tally import EXAMPLES, CodeCount, Tally

TOP_ISSUES = 20


def write_summary(report: Report, file: BinaryIO) -> None:
    """Write the summary: the reference's lines to the letter, then ours."""
    file.write(summary(report.tally, datetime.now()).encode())


def summary(tally: Tally, when: datetime) -> str:
    """The summary as Markdown; nothing from a file's name or content is taken for markup."""
    total = tally.total
    lines = [
        f"# NPZ Audit Summary ({when.isoformat(timespec='seconds')})",
        "",
        f"- Files audited: **{total}**",
        f"- Transformer ready: **{tally.ready['transformer']}/{total}**",
        f"- IV3-GRU ready: **{tally.ready['iv3']}/{total}**",
        "",
        "## Top issues (counts)",
    ]
    issues = sorted(tally.issues.items(), key=lambda item: (-item[1], item[0]))
    lines += [f"- {_issue(text)}: {count}" for text, count in issues[:TOP_ISSUES]]
    lines += ["", *_verdicts(tally)]
    if tally.codes:
        lines += ["", *_findings(tally)]
    if tally.across is not None and (said := section(tally.across)):
        lines += ["", *said]
    if tally.statuses[Status.ERROR]:
        lines += ["", *_errors(tally)]
    return "\n".join(lines) + "\n"


def _verdicts(tally: Tally) -> list[str]:
    lines = ["## Verdicts", "", "| verdict | files | share |", "|---|---:|---:|"]
    for status in reversed(Status):
        count = tally.statuses[status]
        lines.append(f"| {status.value} | {count} | {100 * count / max(1, tally.total):.1f} % |")
    profiles = ", ".join(f"{escaped(name)} ({n})" for name, n in sorted(tally.profiles.items()) if name)
    if profiles:
        lines += ["", f"Judged by profile: {profiles}."]
    return lines


def _findings(tally: Tally) -> list[str]:
    lines = ["## Findings"]
    for severity in Severity:
        found = [(code, count) for (level, code), count in tally.codes.items() if level is severity]
        if found:
            found.sort(key=lambda item: (-item[1].files, item[0]))
            lines += ["", f"### {severity.value.capitalize()}", ""]
            lines += [_code(code, count) for code, count in found]
    return lines


def _code(code: str, count: CodeCount) -> str:
    known = CODES.get(code)
    title = f" ({known.title})" if known else ""
    files = f"{count.files} file{'s' if count.files != 1 else ''}"
    examples = ", ".join(escaped(file) for _, file in count.examples)
    advice = f" {known.advice}" if known else ""
    which = f"{files}, such as" if count.files > EXAMPLES else f"{files}:"
    return f"- **{escaped(code)}**{title}: {which} {examples}.{advice}"


def _errors(tally: Tally) -> list[str]:
    lines = ["## Errors", ""]
    lines += [f"- {escaped(printable_path(path))}: {escaped(text)}" for path, text in tally.errors]
    left = tally.statuses[Status.ERROR] - len(lines) + 2
    return lines if left <= 0 else [*lines, f"- and {left} more, in the table"]


def _issue(text: str) -> str:
    """An issue's text: to the letter as far as it cannot become HTML or a link."""
    return html.escape(visible(text), quote=False).replace("](", "]\\(")
