"""Where a plot's scale lines go, and what is written at them."""

from __future__ import annotations

import itertools
import math

# Steps that people count in.
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
# Beyond these, numbers are written with a power of ten.
_LARGE, _SMALL = 1e5, 1e-4


def nice_ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` multiples of a round step within a range, ends included.

    Empty where the range is empty or not finite, or so narrow that floats have no numbers in it.
    """
    if most < 1 or not (math.isfinite(low) and math.isfinite(high) and high > low):
        return []
    # Halves, since the range of the largest floats would overflow.
    rough = (high / 2 - low / 2) / most * 2
    if not (math.isfinite(rough) and rough > 1e-300):
        return []
    power = 10.0 ** math.floor(math.log10(rough))
    for step in (factor * power * more for more in (1, 10) for factor in _NICE):
        if not math.isfinite(low / step) or low + step == low:
            return []
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [number * step for number in range(first, last + 1)]
    return []


def tick_labels(ticks: list[float]) -> list[str]:
    """What to write at ticks: decimals that tell them apart, powers of ten where numbers are large or small."""
    if not ticks:
        return []
    largest = max(abs(tick) for tick in ticks)
    step = min((b - a for a, b in itertools.pairwise(ticks)), default=largest or 1.0)
    if largest >= _LARGE or 0 < step < _SMALL:
        texts = [_power(tick, step) for tick in ticks]
    else:
        decimals = _decimals(step) if len(ticks) > 1 else _decimals(ticks[0])
        texts = [f"{tick + 0.0:.{decimals}f}" for tick in ticks]
    return [text.replace("-", "\N{MINUS SIGN}") for text in texts]


def _power(value: float, step: float) -> str:
    """With a power of ten, and with the fewest digits that keep it apart from its neighbours."""
    if value == 0:
        return "0"
    for digits in range(16):
        text = f"{value:.{digits}e}"
        if abs(float(text) / step - value / step) < 1e-3:
            break
    mantissa, _, power = text.partition("e")
    return f"{mantissa}e{int(power)}"


def _decimals(value: float) -> int:
    """How many a number has, at most 8."""
    found = 0
    while found < 8 and abs(round(value, found) - value) > abs(value) * 1e-6:
        found += 1
    return found
