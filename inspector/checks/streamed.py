"""Figures of an array of any size, gathered block by block: the `generic` profile's measurements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from inspector.checks.arrays import AnyArray
from inspector.checks.finding import Finding, Severity, to_ranges


@dataclass(slots=True)
class Running:
    """What is known of an array after the blocks seen so far.

    Attributes
    ----------
    size, nan, inf
        Counts of values.
    low, high
        Extremes of the finite values; None before there is one.
    constant
        Whether every value so far equals the first (NaN equals NaN).
    bad_rows
        Indices along axis 0 that hold a NaN or an infinity, the first thousand of them.
    """

    size: int = 0
    nan: int = 0
    inf: int = 0
    low: float | None = None
    high: float | None = None
    constant: bool = True
    bad_rows: tuple[int, ...] = ()
    _first: AnyArray | None = None

    def update(self, start: int, block: AnyArray) -> None:
        """Take in one block.

        Parameters
        ----------
        start
            Index of its first row along axis 0.
        block
            (rows, ...) of a numeric or boolean dtype; 0-d for a 0-d array.
        """
        if not block.size:
            return
        first = block.reshape(-1)[:1] if self._first is None else self._first
        self._first = first.copy() if self._first is None else first
        self.size += block.size
        if block.dtype.kind in "fc":
            with np.errstate(all="ignore"):
                finite = np.isfinite(block)
            if not finite.all():
                nan = np.isnan(block)
                self.nan += int(nan.sum())
                self.inf += int((~finite & ~nan).sum())
                rows = np.flatnonzero(~finite.reshape(len(block), -1).all(axis=1)) if block.ndim else np.array([0])
                self.bad_rows = (self.bad_rows + tuple((rows + start).tolist()))[:1000]
                self.constant = self.constant and bool(nan.all() and np.isnan(first).all())
                block = block[finite]
            else:
                self.constant = self.constant and bool((block == first).all())
        else:
            self.constant = self.constant and bool((block == first).all())
        if block.size and block.dtype.kind in "fiub":
            low, high = float(block.min()), float(block.max())
            self.low = low if self.low is None else min(self.low, low)
            self.high = high if self.high is None else max(self.high, high)


def generic_values(figures: Mapping[str, Running]) -> dict[str, object]:
    """Flat measurements of a file without a profile of its own."""
    return {
        "numeric_arrays": len(figures),
        "values": sum(f.size for f in figures.values()),
        "nan_values": sum(f.nan for f in figures.values()),
        "inf_values": sum(f.inf for f in figures.values()),
    }


def generic_findings(figures: Mapping[str, Running], pickled: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """What can be said of any array: not finite, constant, or pickled.

    Parameters
    ----------
    pickled
        Object arrays by name, with what loading them would import beyond plain data.
    """
    for name, known in figures.items():
        if known.nan or known.inf:
            kinds = ", ".join(f"{n} {k}" for n, k in ((known.nan, "NaN"), (known.inf, "infinite")) if n)
            text = f"{name} holds {kinds} of {known.size} values"
            yield Finding("NON_FINITE", Severity.MEDIUM, text, samples=to_ranges(known.bad_rows))
        elif known.constant and known.size > 1:
            value = f" ({known.low:g})" if known.low is not None else ""
            yield Finding("CONSTANT_ARRAY", Severity.LOW, f"{name}: all {known.size} values are equal{value}")
    for name, imports in pickled.items():
        if imports:
            text = f"{name} is pickled; loading it would import {', '.join(imports[:5])}"
            yield Finding("PICKLED_ARRAY", Severity.CRITICAL, text)
        else:
            yield Finding("PICKLED_ARRAY", Severity.MEDIUM, f"{name} is pickled; it holds plain data only")
