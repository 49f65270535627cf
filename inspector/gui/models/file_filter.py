"""Which rows of the file table are listed, as the pane asks for it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Rows picked one by one, as by a brush.

    Attributes
    ----------
    rows
        int64 (k,), ascending.
    """

    rows: npt.NDArray[np.int64]

    @classmethod
    def of(cls, rows: npt.ArrayLike) -> Selection:
        """Rows in any order, each once."""
        found = np.unique(np.asarray(rows, np.int64))
        found.setflags(write=False)
        return cls(found)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are listed.

    Attributes
    ----------
    statuses
        Ranks, `PENDING` included; None for all.
    code
        Only files with a finding of this code; empty for all.
    text
        Part of the name, in any letter case.
    rows
        Only these; None for all.
    label
        Only files of this class; None for all.
    """

    statuses: frozenset[int] | None = None
    code: str = ""
    text: str = ""
    rows: Selection | None = None
    label: str | None = None
