"""Runs of true places in rows of booleans."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from inspector.checks.segments import Segments

Bool = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]


def runs_of(where: Bool, shortest: int, segments: Segments | None = None) -> tuple[Index, Index, Index]:
    """Every run of true places along the rows of bool (m, N) that is at least so long.

    Parameters
    ----------
    segments
        Where clips lie: none of the runs goes over a border.

    Returns
    -------
    rows, firsts, lasts
        int64 (runs,), by row and then by place; ends are inclusive.
    """
    length = where.shape[1]
    begins, stops = where.copy(), where.copy()
    np.greater(where[:, 1:], where[:, :-1], out=begins[:, 1:])
    np.greater(where[:, :-1], where[:, 1:], out=stops[:, :-1])
    if segments is not None:
        begins[:, segments.starts] = where[:, segments.starts]
        stops[:, segments.ends - 1] = where[:, segments.ends - 1]
    firsts, lasts = begins.reshape(-1).nonzero()[0], stops.reshape(-1).nonzero()[0]
    long = lasts - firsts >= shortest - 1
    firsts, lasts = firsts[long], lasts[long]
    rows = firsts // length
    return rows, firsts - rows * length, lasts - rows * length


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
