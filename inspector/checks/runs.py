"""Runs of true places in rows of booleans."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from inspector.checks.segments import Segments

Bool = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]


def runs_of(where: Bool, shortest: int) -> tuple[Index, Index, Index]:
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


class Places:
    """Where points of clips are in some state.

    Attributes
    ----------
    by_axis
        bool (m, J, N): for each of m reasons.
    at
        int64 (k,): the places of (J, N), in its memory, for any reason, in order.
    begins
        int64 (J n + 1,): how many of these come before each clip's part of each point's row.
    counts
        int64 (J, n): how many there are of each point in each clip.
    """

    def __init__(self, by_axis: Bool, segments: Segments) -> None:
        self.by_axis = by_axis
        where = np.logical_or.reduce(by_axis, axis=0) if len(by_axis) > 1 else by_axis[0]
        joints, frames = where.shape
        self.at: Index = where.reshape(-1).nonzero()[0]
        parts = np.arange(0, joints * frames, frames)[:, None] + segments.starts
        self.begins: Index = np.append(self.at.searchsorted(parts.reshape(-1)), self.at.size)
        self.counts: Index = (self.begins[1:] - self.begins[:-1]).reshape(joints, -1)
