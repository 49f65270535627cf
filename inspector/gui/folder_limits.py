"""Limits that are moved by hand: what numbers they take, and the profile that they make. No Qt."""

from __future__ import annotations

import functools
import math
from typing import get_type_hints

import msgspec

from inspector.profiles.model import Limits, Profile

EDITED = " (edited)"
"""Ends the name of a profile whose limits were moved: a report by it is none by the profile it was made of."""
_LEAST = 1e-3  # of what must be more than 0: finer than any plot shows


@functools.cache
def _ranges() -> dict[str, tuple[float, float, bool]]:
    found: dict[str, tuple[float, float, bool]] = {}
    for name, hint in get_type_hints(Limits, include_extras=True).items():
        low, high = -math.inf, math.inf
        for meta in getattr(hint, "__metadata__", ()):
            low = meta.ge if meta.ge is not None else low
            low = meta.gt + _LEAST if meta.gt is not None else low
            high = meta.le if meta.le is not None else high
        found[name] = (low, high, getattr(hint, "__origin__", hint) is int)
    return found


def limit_range(name: str) -> tuple[float, float, bool]:
    """Lowest and highest number that a field of `Limits` takes (infinite where there is none), and whether it is whole.

    Raises
    ------
    KeyError
        For a name that is no limit.
    """
    return _ranges()[name]


def moved(limits: Limits, name: str, value: float) -> Limits:
    """The limits with one of them at a number, or at the nearest one that it takes; NaN moves nothing.

    Raises
    ------
    KeyError
        For a name that is no limit.
    """
    low, high, whole = limit_range(name)
    if math.isnan(value):
        return limits
    value = min(max(value, low), high)
    if whole and math.isinf(value):
        return limits
    return msgspec.structs.replace(limits, **{name: round(value) if whole else float(value)})


def with_limits(profile: Profile, limits: Limits) -> Profile:
    """The profile with these limits, under its own name only where nothing differs."""
    if limits == profile.limits:
        return profile
    words = {"name": profile.name + EDITED, "title": profile.title + EDITED}
    return msgspec.structs.replace(profile, limits=limits, **words)


def names_of(profile: Profile) -> frozenset[str]:
    """What records call a profile, edited or not."""
    return frozenset((profile.name, profile.name + EDITED))
