"""Several clips laid end to end along time, so that one pass over long arrays measures them all.

A clip is a hundred frames long: numpy spends more time on being called than on its numbers. What concerns a clip as a
whole is found by pieces (`Segments`), and nothing in a clip's figures may depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checks.arrays import AnyArray

Index = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


class Segments:
    """Where each clip lies.

    Parameters
    ----------
    lengths
        Frames of each clip, at least one.

    Attributes
    ----------
    lengths, starts, ends
        int64 (n,); a clip's frames are ``starts`` to ``ends`` - 1.
    frames
        Of all clips together, N.
    """

    def __init__(self, lengths: Sequence[int]) -> None:
        self.lengths: Index = np.array(lengths, np.int64)
        self.ends: Index = self.lengths.cumsum()
        self.starts: Index = self.ends - self.lengths
        self.frames = int(self.ends[-1])

    def __len__(self) -> int:
        return len(self.lengths)

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """Each clip's frames."""
        return tuple(map(slice, self.starts.tolist(), self.ends.tolist()))

    @cached_property
    def of(self) -> Index:
        """The clip of each frame, int64 (N,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def spread(self, values: AnyArray) -> AnyArray:
        """One value for each clip, (…, n), as one for each of its frames, (…, N)."""
        if len(self) == 1:
            return np.broadcast_to(values, (*values.shape[:-1], self.frames))
        return np.repeat(values, self.lengths, axis=-1)

    def largest(self, values: AnyArray) -> AnyArray:
        """Largest of each clip, (…, N) to (…, n); NaN where one of them is."""
        return np.maximum.reduceat(values, self.starts, axis=-1)

    def least(self, values: AnyArray) -> AnyArray:
        """Smallest of each clip, (…, N) to (…, n); NaN where one of them is."""
        return np.minimum.reduceat(values, self.starts, axis=-1)

    def total(self, values: AnyArray) -> AnyArray:
        """Sum over each clip, (…, N) to (…, n), in the precision of the values."""
        return np.add.reduceat(values, self.starts, axis=-1)

    def count(self, where: Bool) -> Index:
        """How many places of each clip are true, bool (…, N) to int64 (…, n)."""
        out: Index = np.add.reduceat(where.view(np.int8), self.starts, axis=-1, dtype=np.int64)
        return out

    @cached_property
    def _places(self) -> tuple[Index, int]:
        """Where each frame goes in a table of one row a clip, and how long its rows are."""
        longest = int(self.lengths.max())
        rows = np.arange(len(self)) * longest - self.starts
        return np.arange(self.frames) + np.repeat(rows, self.lengths), longest

    def rows(self, values: AnyArray, fill: Any = np.nan) -> AnyArray:
        """Values (…, N) as one row a clip, (n, …, longest), filled up at the end; all of a row lie together."""
        places, longest = self._places
        shape = (*values.shape[:-1], len(self) * longest)
        table = np.full(shape, fill, values.dtype)
        table[..., places] = values
        out: AnyArray = np.moveaxis(table.reshape(*values.shape[:-1], len(self), longest), -2, 0)
        return out


def sort_rows(table: AnyArray) -> AnyArray:
    """All values of each row of (n, …), ascending, NaN last: (n, m)."""
    out: AnyArray = np.sort(table.reshape(len(table), -1), axis=1)
    return out


def known_in_rows(ordered: AnyArray) -> Index:
    """How many values of each row (n, m), sorted, are not NaN, int64 (n,)."""
    out: Index = np.count_nonzero(ordered == ordered, axis=1)
    return out


def medians(ordered: AnyArray, counts: Index) -> AnyArray:
    """Median of the first `counts` values of each row (n, m), sorted, in their own precision; NaN for none."""
    at = np.arange(len(ordered))
    upper = ordered[at, np.minimum(counts // 2, ordered.shape[1] - 1)]
    lower = ordered[at, np.maximum((counts - 1) // 2, 0)]
    out: AnyArray = np.where(counts % 2 == 1, upper, (lower + upper) / ordered.dtype.type(2))
    out[counts == 0] = np.nan
    return out
