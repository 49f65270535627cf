"""From one file of the list to the next that there is something to say of. No Qt."""

from __future__ import annotations

import numpy as np

from inspector.checks.finding import Status
from inspector.gui.models.file_table import FileTable


def next_with_findings(table: FileTable, row: int | None, direction: int) -> int | None:
    """The nearest listed row after (+1) or before (-1) this one that has findings; None at the end.

    A row that is not listed, or None, starts from the list's beginning (its end for -1).
    """
    listed = np.flatnonzero(table.counts[table.order] > 0)
    at = -1 if row is None else table.position(row)
    if direction > 0:
        later = listed[listed > at]
        return int(table.order[later[0]]) if later.size else None
    earlier = listed[listed < at] if at >= 0 else listed
    return int(table.order[earlier[-1]]) if earlier.size else None


def first_failing(table: FileTable) -> int:
    """The first listed row that is not ready or could not be read; else the first with warnings; else the first."""
    status = table.status[table.order]
    for wanted in ((Status.FAIL.rank, Status.ERROR.rank), (Status.WARN.rank,)):
        if (found := np.flatnonzero(np.isin(status, wanted))).size:
            return int(table.order[found[0]])
    return int(table.order[0])
