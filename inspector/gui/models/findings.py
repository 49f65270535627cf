"""One file's findings as rows: filtered and ordered by arrays of positions, so that 100,000 cost milliseconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from inspector.checks.codes import CODES
from inspector.checks.finding import Finding, Ranges, Severity
from inspector.gui.models.text import tip

Indices = npt.NDArray[np.int64]
AnyIndex = QModelIndex | QPersistentModelIndex

FINDING_ROLE = int(Qt.ItemDataRole.UserRole)
"""The `Finding` itself."""

# By identity: hashing an enum member runs Python code, ten times slower, and there may be 100,000 findings.
_RANK = {id(severity): rank for rank, severity in enumerate(Severity)}
_SHOWN_RANGES = 40
_NO_INDEX = QModelIndex()
_NONE: Indices = np.empty(0, np.int64)


def title_of(code: str) -> str:
    """What a code is called; the code itself where it has no words."""
    known = CODES.get(code)
    return known.title if known else code


def ranges_text(ranges: Ranges, most: int = _SHOWN_RANGES) -> str:
    """``12–15, 40``: 0-based, inclusive; what is beyond `most` ranges is counted, not listed."""
    parts = [str(first) if first == last else f"{first}–{last}" for first, last in ranges[:most]]
    if len(ranges) > most:
        parts.append(f"… {len(ranges) - most} more")
    return ", ".join(parts)


def where_text(finding: Finding, most: int = _SHOWN_RANGES) -> str:
    """``frames 12–15, 40 · points 3``; ``whole file`` when the finding has no place."""
    parts = []
    for name, ranges in (("frame", finding.frames), ("sample", finding.samples), ("point", finding.points)):
        if ranges:
            single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
            parts.append(f"{name if single else f'{name}s'} {ranges_text(ranges, most)}")
    return " · ".join(parts) or "whole file"


def finding_line(finding: Finding) -> str:
    """One line of text for the clipboard: severity, code, message and place, separated by tabs."""
    message = " ".join(finding.message.split())
    return f"{finding.severity.value}\t{finding.code}\t{message}\t{where_text(finding)}"


class FindingsModel(QAbstractListModel):
    """The findings that pass the filter, worst first, else in the record's order.

    A row's position in the record is its *index*; rows move when the filter changes, indices do not.
    """

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._findings: tuple[Finding, ...] = ()
        self._ranks: Indices = _NONE  # of the severity of each
        self._ordered: Indices = _NONE  # every index, worst first
        self._shown: Indices = _NONE  # those that pass the filter
        self._rows: Indices = _NONE  # index -> row, -1 where hidden
        self._count = 0
        self._severities: frozenset[Severity] | None = None
        self._code: str | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, in the record's order."""
        return self._findings

    def set_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show another file's findings; the filter stays."""
        self.beginResetModel()
        self._findings = findings
        self._ranks = np.fromiter((_RANK[id(f.severity)] for f in findings), np.int64, len(findings))
        self._ordered = np.argsort(self._ranks, kind="stable")
        self._select()
        self.endResetModel()

    def set_filter(self, severities: Collection[Severity] | None, code: str | None) -> None:
        """Show only these severities (None: all) and this code (None: all)."""
        wanted = None if severities is None else frozenset(severities)
        if (wanted, code) == (self._severities, self._code):
            return
        self.beginResetModel()
        self._severities, self._code = wanted, code
        self._select()
        self.endResetModel()

    def _select(self) -> None:
        passes = np.ones(len(self._findings), dtype=bool)
        if self._severities is not None:
            passes &= np.isin(self._ranks, [_RANK[id(severity)] for severity in self._severities])
        if self._code is not None:
            passes &= np.fromiter((f.code == self._code for f in self._findings), bool, len(self._findings))
        self._shown = self._ordered[passes[self._ordered]]
        self._rows = np.full(len(self._findings), -1)
        self._rows[self._shown] = np.arange(self._shown.size)
        self._count = int(self._shown.size)

    def severity_counts(self) -> dict[Severity, int]:
        """How many findings of each severity there are, filter aside."""
        counted = np.bincount(self._ranks, minlength=len(Severity)).tolist()
        return dict(zip(Severity, counted, strict=True))

    def code_counts(self) -> dict[str, int]:
        """How many findings of each code there are, filter aside, in the order of their titles."""
        counted = Counter(f.code for f in self._findings)
        return {code: counted[code] for code in sorted(counted, key=title_of)}

    def index_of_row(self, row: int) -> int:
        """Position in the record of the finding shown in a row."""
        return int(self._shown[row])

    def row_of_index(self, index: int | None) -> int | None:
        """Row that shows a finding; None where the filter hides it."""
        if index is None or not 0 <= index < len(self._rows) or self._rows[index] < 0:
            return None
        return int(self._rows[index])

    def shown(self, most: int | None = None) -> list[Finding]:
        """The findings that pass the filter, in the order of the rows; the first `most` of them."""
        return [self._findings[i] for i in self._shown[:most]]

    # --- Qt --------------------------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        """Rows shown."""
        return 0 if parent.isValid() else self._count

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The finding for its delegate; words for copying, tooltips and screen readers."""
        if not index.isValid() or not 0 <= index.row() < self._count:
            return None
        finding = self._findings[self._shown[index.row()]]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{finding.severity.value.upper()} {title_of(finding.code)}: {finding.message}"
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return where_text(finding)
            case Qt.ItemDataRole.ToolTipRole:
                return tip(f"{finding.code} · {finding.severity.value}\n{finding.message}\n{where_text(finding)}")
            case _ if role == FINDING_ROLE:
                return finding
        return None
