"""Values of arrays as text: short for a cell, exact for a tooltip, round-trip for the clipboard and CSV."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

AnyArray = npt.NDArray[Any]

# Significant digits that tell any two neighbouring values of a type apart.
_EXACT_DIGITS = {2: 5, 4: 9, 8: 17}
_CELL_DIGITS = 8
_LONG_TEXT = 200


@dataclass(frozen=True, slots=True)
class CellFormat:
    """How the cells of one page are written, so that decimal points stand under each other.

    Attributes
    ----------
    decimals
        Digits after the point for floats, 8 significant digits for the largest of them; a value so small that it
        would keep fewer than 3 is written with an exponent. None: numbers too large for that, 8 digits each.
    """

    decimals: int | None = None

    @classmethod
    def of(cls, values: AnyArray) -> CellFormat:
        """The format that suits these values, of any shape and dtype."""
        if values.dtype.kind != "f":
            return cls()
        size = np.abs(values[np.isfinite(values) & (values != 0)])
        if not size.size:
            return cls(decimals=1)
        largest = float(size.max())
        if not 1e-4 <= largest < 10**_CELL_DIGITS:
            return cls()
        if bool((size == np.floor(size)).all()):
            return cls(decimals=1)
        before = max(1, math.floor(math.log10(largest)) + 1)
        return cls(decimals=max(1, min(_CELL_DIGITS - before, _EXACT_DIGITS.get(values.dtype.itemsize, 17) - before)))

    def cell(self, value: object) -> str:
        """Text of one value for a table's cell; a float's last digits may be rounded away, nothing else is."""
        if isinstance(value, np.floating):
            if not np.isfinite(value):
                return odd_text(value)
            if value == 0:
                return f"{value:.{self.decimals or 1}f}"
            if self.decimals is None:
                return f"{value:.{_CELL_DIGITS}g}"
            text = f"{value:.{self.decimals}f}"
            small = abs(value) < 10.0 ** (2 - self.decimals)
            return f"{value:.3e}" if small and float(text) != float(value) else text
        text = exact_text(value)
        return text if len(text) <= _LONG_TEXT else f"{text[: _LONG_TEXT - 1]}…"


def is_odd(value: object) -> bool:
    """Whether a value is NaN, infinite or not a time: what a table should mark."""
    if isinstance(value, np.datetime64 | np.timedelta64):
        return bool(np.isnat(value))
    return isinstance(value, np.inexact) and not bool(np.isfinite(value))


def odd_text(value: np.floating[Any]) -> str:
    """``NaN``, ``+inf`` or ``-inf``."""
    if np.isnan(value):
        return "NaN"
    return "+inf" if value > 0 else "-inf"


def exact_text(value: object) -> str:
    """Text that tells this value from any other of its type: 9 significant digits for float32, 17 for float64."""
    match value:
        case np.bool_() | bool():
            return "True" if value else "False"
        case np.floating() if not np.isfinite(value):
            return odd_text(value)
        case np.floating():
            digits = _EXACT_DIGITS.get(value.dtype.itemsize)
            return str(value) if digits is None else f"{value:.{digits}g}"  # longdouble: the shortest that is exact
        case _:
            return plain_text(value)


def plain_text(value: object) -> str:
    """The shortest text that reads back as the same value, one line: for TSV and CSV."""
    match value:
        case np.bool_() | bool():
            return "True" if value else "False"
        case np.datetime64() | np.timedelta64() | np.number():
            return str(value)
        case np.str_() | str():
            return one_line(str(value))
        case np.bytes_() | bytes():
            return one_line(bytes(value).decode("utf-8", "backslashreplace"))
        case np.void() if value.dtype.names:
            return ", ".join(f"{name}: {plain_text(value[name])}" for name in value.dtype.names)
        case np.void():
            return value.tobytes().hex()
        case np.ndarray():
            return one_line(np.array2string(value, threshold=16, separator=", "))
        case _:
            return one_line(str(value))


def one_line(text: str) -> str:
    """Text whose control characters, line ends and lone surrogates are written out, so that it stays in its cell."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def shape_text(shape: tuple[int, ...] | None) -> str:
    """``(200, 16, 3)``, as numpy writes it; empty when unknown."""
    return "" if shape is None else str(tuple(shape))


def size_text(count: int) -> str:
    """Bytes in the unit that leaves at most four digits: ``212 B``, ``1.4 MB`` (powers of 1000)."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 999.5:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 99.95 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
