"""Runs of true places in rows of booleans."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Index = npt.NDArray[np.int64]


def runs_of(where: npt.NDArray[np.bool_], shortest: int) -> tuple[Index, Index, Index]:
    """Every run of true places along the rows of bool (n, T) that is at least so long.

    Returns
    -------
    rows, firsts, lasts
        int64 (runs,), by row and then by place; ends are inclusive.
    """
    n, length = where.shape
    padded = np.zeros((n, length + 2), dtype=bool)
    padded[:, 1:-1] = where
    flat = padded.reshape(-1)
    changes = np.flatnonzero(flat[1:] != flat[:-1])  # rows end in False, so starts and stops take turns
    starts, stops = changes[::2], changes[1::2]
    long = stops - starts >= shortest
    starts, stops = starts[long], stops[long]
    rows = starts // (length + 2)
    firsts = starts - rows * (length + 2)
    return rows, firsts, firsts + (stops - starts) - 1
