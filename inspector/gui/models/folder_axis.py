"""A plot's value axis: linear, or logarithmic around 0 where figures span decades. Pure numpy, no Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.render.axes import nice_ticks, tick_labels

Figures = npt.NDArray[np.float64]

MOST = 1e150
"""Figures beyond it, either way, are drawn as this much: differences would overflow."""

_DECADES = 12.0  # how many times the usual figure the largest one or a limit may be on a linear axis
_BELOW, _ABOVE = 0.04, 0.10  # room at the ends, as shares of the axis; above there is some to drag a limit into
_LEAST = 1e-100  # a span below it is none
_EDGE = 0.03  # a limit so close to an end asks for more room


@dataclass(frozen=True, slots=True)
class Axis:
    """How figures become shares of a plot's height, 0 at the bottom.

    Attributes
    ----------
    low, high
        Figures at the ends; low < high.
    linear
        0: the axis is linear. Else it is sign(v) log(1 + |v| / linear): linear up to about this figure, then
        logarithmic.
    """

    low: float = 0.0
    high: float = 1.0
    linear: float = 0.0

    def share(self, values: Figures | float) -> Figures:
        """Shares of the height; NaN stays NaN."""
        low, high = self._bent(self.low), self._bent(self.high)
        return np.asarray((self._bent(values) - low) / (high - low))

    def value(self, share: float) -> float:
        """The figure at a share of the height."""
        low, high = float(self._bent(self.low)), float(self._bent(self.high))
        bent = low + share * (high - low)
        return bent if not self.linear else math.copysign(math.expm1(abs(bent)) * self.linear, bent)

    def _bent(self, values: Figures | float) -> Figures:
        held = np.clip(np.asarray(values, np.float64), -MOST, MOST)
        return np.copysign(np.log1p(np.abs(held) / self.linear), held) if self.linear else held

    def holds(self, values: Sequence[float]) -> bool:
        """Whether all of these lie on the axis and not right at its ends, but for 0."""
        shares = [float(self.share(value)) for value in values if value]
        return all(_EDGE <= share <= 1 - _EDGE for share in shares)

    def ticks(self, most: int, whole: bool = False) -> list[tuple[float, str]]:
        """At most about `most` figures to mark, and what to write at them.

        Parameters
        ----------
        whole
            Whether only whole numbers occur.
        """
        if not self.linear:
            marks = [mark for mark in nice_ticks(self.low, self.high, most) if not whole or mark == round(mark)]
            return list(zip(marks, tick_labels(marks), strict=True))
        kept: list[tuple[float, float]] = []
        apart = 0.8 / max(most, 1)
        for mark in self._decades(whole):  # the rounder ones first
            share = float(self.share(mark))
            if 0 <= share <= 1 and all(abs(share - other) >= apart for _, other in kept):
                kept.append((mark, share))
        return [(mark, _short(mark)) for mark, _ in sorted(kept)]

    def _decades(self, whole: bool) -> list[float]:
        largest = max(abs(self.low), abs(self.high))
        first, last = math.floor(math.log10(self.linear)), math.ceil(math.log10(largest))
        every = max(1, (last - first) // 8)
        powers = range(last - (last - first) // every * every, last + 1, every)
        rounder = [factor * 10.0**power for factor in (1, 5, 2) for power in powers]
        marks = [0.0, *(mark for mark in rounder if not whole or mark >= 1)]
        return [*marks, *(-mark for mark in marks[1:])] if self.low < 0 else marks

    def neat(self, share: float, step: float, whole: bool = False) -> float:
        """The roundest figure that nobody could tell from the one at a share of the height.

        Parameters
        ----------
        step
            What can be told apart, as a share of the height: one pixel.
        """
        value = self.value(share)
        if whole:
            return float(round(value))
        apart = abs(self.value(share + step / 2) - self.value(share - step / 2))
        return rounded(value, apart)


def rounded(value: float, apart: float) -> float:
    """A figure rounded to the power of ten right below `apart`; `apart` 0 leaves it."""
    if not (apart > 0 and math.isfinite(apart) and math.isfinite(value)):
        return value
    return round(value, min(max(-math.floor(math.log10(apart)), -300), 300))


def axis_of(values: Figures, limits: Sequence[float], whole: bool = False) -> Axis:
    """An axis that shows all finite figures and all limits.

    It is logarithmic where the largest of them is more than 12 times the usual (median) figure or a limit, 0 left out,
    and begins at 0 unless all lie far above it.

    Parameters
    ----------
    values
        float64 (n,), NaN where there is none.
    whole
        Whether only whole numbers occur.
    """
    known = np.clip(values[np.isfinite(values)], -MOST, MOST)
    ends = [*limits, *((float(known.min()), float(known.max())) if known.size else ())] or [0.0, 1.0]
    least, most = min(ends), max(ends)
    if least > 0 and most - least > 0.3 * most:
        least = 0.0
    most = max(most, 0.0) if least < 0 else most
    if most - least < _LEAST:
        half = 0.5 * abs(least) if abs(least) > _LEAST else 0.5
        least, most = least - half, most + half
    largest = max(abs(least), abs(most))
    sizes = np.abs(known[known != 0])
    usual = min(
        [*(abs(limit) for limit in limits if limit), *([float(np.median(sizes))] if sizes.size else [])], default=0
    )
    linear = 0.0
    if sizes.size and largest > _DECADES * usual:
        fine = min(usual, float(np.percentile(sizes, 10)))
        linear = 1.0 if whole else max(fine, largest * 1e-6)
        least = min(least, 0.0) if least < linear else least
    flat = Axis(least, most, linear)
    return Axis(flat.value(-_BELOW), flat.value(1 + _ABOVE), linear)


def _short(value: float) -> str:
    """A round figure in few letters."""
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    size = abs(value)
    return sign + (
        f"{size:g}" if size == 0 or 1e-3 <= size < 1e5 else f"{size:.0e}".replace("e+0", "e").replace("e-0", "e-")
    )
