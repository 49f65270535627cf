"""A file of the list in words. No Qt."""

from __future__ import annotations

from inspector.gui.models.file_table import LACKING, PENDING, READY, STATUSES, UNKNOWN, UNWANTED, FileTable

_TOLD_FINDINGS = 6
_READINESS = {UNKNOWN: "unknown", LACKING: "not ready", READY: "ready", UNWANTED: "not needed"}


def summary(table: FileTable, row: int) -> str:
    """Name, verdict and the worst that was found, a line each."""
    record = table.records[row]
    lines = [table.names[row]]
    if record is None:
        return "\n".join([*lines, "waiting for its audit"])
    lines.append(f"{verdict(table, row)}, judged by {record.profile or 'no profile'}")
    if record.error:
        lines.append(record.error)
    lines += [f"{target}: {text}" for target in record.wanted for text in record.issues.get(target, ())]
    worst = sorted(record.findings, key=lambda f: f.severity.rank)
    lines += [f"{f.severity.value}: {f.message}" for f in worst[:_TOLD_FINDINGS] if f.message != record.error]
    if (more := len(worst) - _TOLD_FINDINGS) > 0:
        lines.append(f"and {more} more")
    return "\n".join(lines)


def verdict(table: FileTable, row: int) -> str:
    """The status as it is read out."""
    rank = int(table.status[row])
    return "pending" if rank == PENDING else STATUSES[rank].value


def readiness(table: FileTable, row: int, target: str) -> str:
    """Whether it is ready for a target, as it is read out."""
    return f"{target}: {_READINESS[int(table.readiness(target)[row])]}"
