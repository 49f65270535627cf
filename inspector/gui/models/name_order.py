"""Sorting and searching a million names as bytes in one numpy array, without holding Python's lock. No Qt."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

Text = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

END = 10
"""A line feed: no name that is shown holds one."""

_WORD = 8  # bytes of a name in the first key
_STEP = 5  # and in the others, beside the number of the group
_MOST = 1 << 8 * (_WORD - _STEP)
_SPARSE = 16  # bytes a match: below, looking each up is dearer than counting in all names
_SAMPLE = 100_000
_MERGED = 4  # as many old names as new ones, and they are merged; below, all are sorted


class Names:
    """Names as they were at one moment.

    Bytes of UTF-8 compare as the code points that they stand for, so names are compared by words of eight bytes.

    Parameters
    ----------
    text
        uint8 (m,): names in UTF-8 without zero bytes, each ended by `END`.
    ends
        int64 (n,): where that byte of each is; n up to 2**24.
    """

    def __init__(self, text: Text, ends: Rows) -> None:
        self._text = text[: int(ends[-1]) + 1] if len(ends) else text[:0]
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    def order(self, known: Rows | None = None) -> Rows:
        """Rows by name, equal names in order of arrival.

        Parameters
        ----------
        known
            int64 (k,): this of the first k, from before there were more.

        Returns
        -------
        ndarray
            int64 (n,).
        """
        if len(self) > _MOST:
            raise ValueError(f"names: expected at most {_MOST:,} in one list, got {len(self):,}")
        if known is None or len(known) < _MERGED * (len(self) - len(known)):
            return self._sorted(np.arange(len(self)))
        if len(known) == len(self):
            return known
        new = self._sorted(np.arange(len(known), len(self)))
        return np.insert(known, self._places(new, known), new)

    def containing(self, part: bytes) -> npt.NDArray[np.bool_]:
        """Which names hold a part, bool (n,)."""
        found = np.zeros(len(self), np.bool_)
        whole, ends = self._text, self._ends
        if END in part or len(part) > len(whole):
            return found
        if not part:
            found[:] = True
            return found
        last = len(whole) - len(part) + 1
        rare = min(range(len(part)), key=lambda k: int(np.count_nonzero(whole[:_SAMPLE] == part[k])))
        at = np.flatnonzero(whole[rare : rare + last] == part[rare])
        for k, byte in enumerate(part):
            if k != rare:
                at = at[whole[at + k] == byte]
        if len(at) * _SPARSE < len(whole):
            found[np.searchsorted(ends, at)] = True
        elif len(at):
            hit = np.zeros(len(whole), np.bool_)
            hit[at] = True
            np.logical_or.reduceat(hit, self._starts, out=found)
        return found

    # --- inside ----------------------------------------------------------------------------------------------

    @cached_property
    def _starts(self) -> Rows:
        starts = np.zeros(len(self), np.int64)
        starts[1:] = self._ends[:-1] + 1
        return starts

    @cached_property
    def _words(self) -> Words:
        """The eight bytes from each byte on as a number, as many as there are bytes; those beyond the end are zeros."""
        padded = np.zeros(len(self._text) + _WORD, np.uint8)
        padded[: len(self._text)] = self._text
        return np.ndarray((len(self._text),), ">u8", padded.data, strides=(1,))

    def _word(self, rows: Rows, depth: int) -> Words:
        """Bytes `depth` .. `depth` + 7 of names; those after a name's end are zeros."""
        ends = self._ends[rows]
        at = self._starts[rows] + depth
        left = ends - at
        word: Words = self._words[np.minimum(at, ends)].astype(np.uint64)
        beyond = (8 * np.clip(_WORD - left, 0, _WORD - 1)).astype(np.uint64)
        word = np.left_shift(np.right_shift(word, beyond), beyond)
        word[left <= 0] = 0
        return word

    def _sorted(self, rows: Rows) -> Rows:
        """Some rows, ascending ones, by name.

        From one step to the next some bytes more are looked at, and only of names that are equal so far: all names
        that begin alike are a group, sorted by its number and their next bytes.
        """
        order = rows.copy()
        tied, group = np.arange(len(rows)), np.zeros(len(rows), np.uint64)  # places that are not settled
        depth, step = 0, _WORD
        while len(tied):
            rows = order[tied]
            key = self._word(rows, depth)
            if not key.any():  # all are over
                break
            if step < _WORD:
                key = key >> np.uint64(8 * (_WORD - step)) | group << np.uint64(8 * step)
            depth += step
            step = _STEP
            if key[0] == key[-1] and (key == key[0]).all():
                continue
            found = np.argsort(key)
            key = key[found]
            order[tied] = rows[found]
            tied, group = _unsettled(key, tied)
        if len(tied):  # the same name several times
            order[tied] = order[tied][np.lexsort((order[tied], group))]
        return order

    def _places(self, rows: Rows, known: Rows) -> Rows:
        """Where rows belong in an order of others, after equal names: bisection, of all at once."""
        low, high = np.zeros(len(rows), np.int64), np.full(len(rows), len(known), np.int64)
        while (open_ := np.flatnonzero(low < high)).size:
            middle = (low[open_] + high[open_]) // 2
            before = self._before(rows[open_], known[middle])
            high[open_[before]] = middle[before]
            low[open_[~before]] = middle[~before] + 1
        return low

    def _before(self, rows: Rows, others: Rows) -> npt.NDArray[np.bool_]:
        """Whether the name of each row comes before that of the other one."""
        found = np.zeros(len(rows), np.bool_)
        undecided = np.arange(len(rows))
        depth = 0
        while undecided.size:
            one, other = self._word(rows[undecided], depth), self._word(others[undecided], depth)
            found[undecided] = one < other
            undecided = undecided[(one == other) & (one != 0)]
            depth += _WORD
        return found


def _unsettled(key: Words, places: Rows) -> tuple[Rows, Words]:
    """Of sorted keys, the places of those that come more than once, and numbers of their groups."""
    differs = np.empty(len(key) + 1, np.bool_)
    differs[0] = differs[-1] = True
    np.not_equal(key[1:], key[:-1], out=differs[1:-1])
    several = ~(differs[:-1] & differs[1:])
    return places[several], np.cumsum(differs[:-1][several], dtype=np.uint64)
