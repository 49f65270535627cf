"""Which files have findings of which code, as bits in numpy columns. No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from inspector.gui.models.file_columns import grown

Bools = npt.NDArray[np.bool_]
_WORD = 64  # codes per mask column


class Codes:
    """A bit a code and file.

    Attributes
    ----------
    counts
        Files by code; a code that no file has is not there.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._bits: dict[str, int] = {}
        self._masks: list[npt.NDArray[np.uint64]] = []
        self._size = 0

    def grow(self, size: int) -> None:
        """Make room for so many files."""
        self._size = size
        self._masks = [grown(mask, size, 0) for mask in self._masks]

    def shrink(self, size: int) -> None:
        """Forget the files, which are empty, from this one on."""
        self._size = size

    def has(self, code: str) -> Bools:
        """Files with a finding of this code, as bool (n,)."""
        return self.asked(code)()

    def asked(self, code: str) -> Callable[[], Bools]:
        """Gives what `has` would, on any thread, of as many files as there are now."""
        number, size = self._bits.get(code), self._size
        if number is None:
            return lambda: np.zeros(size, np.bool_)
        mask, bit = self._masks[number // _WORD][:size], np.uint64(1 << number % _WORD)
        return lambda: (mask & bit) != 0

    def put(self, row: int, codes: Iterable[str]) -> None:
        """Say which codes an empty row has, each named once."""
        for code in codes:
            self.counts[code] += 1
            mask, bit = self._bit(code)
            mask[row] |= bit

    def clear(self, row: int) -> None:
        """Empty a row; other limits may have changed its codes since they were put there."""
        words = [int(mask[row]) for mask in self._masks]
        for code, number in self._bits.items():
            if words[number // _WORD] >> number % _WORD & 1:
                self._recount(code, -1)
        for mask in self._masks:
            mask[row] = 0

    def forget(self, rows: npt.NDArray[np.int64]) -> None:
        """Empty many rows, each named once."""
        for code, number in self._bits.items():
            found = self._masks[number // _WORD][rows] & np.uint64(1 << number % _WORD)
            self._recount(code, -int(np.count_nonzero(found)))
        for mask in self._masks:
            mask[rows] = 0

    def mark(self, code: str, found: Bools, where: Bools) -> None:
        """Say which rows of a mask have a finding of a code; both bool (n,)."""
        turned = where & (self.has(code) != found)
        if not turned.any():
            return
        mask, bit = self._bit(code)
        mask[: self._size][turned] ^= bit
        self._recount(code, 2 * int(np.count_nonzero(turned & found)) - int(np.count_nonzero(turned)))

    def _recount(self, code: str, more: int) -> None:
        self.counts[code] += more
        if not self.counts[code]:
            del self.counts[code]

    def _bit(self, code: str) -> tuple[npt.NDArray[np.uint64], np.uint64]:
        """The mask column of a code and its bit in there, made where they are not yet."""
        number = self._bits.setdefault(code, len(self._bits))
        while number // _WORD >= len(self._masks):
            self._masks.append(grown(np.zeros(0, np.uint64), max(self._size, 1), 0))
        return self._masks[number // _WORD], np.uint64(1 << number % _WORD)
