"""Whether a file is ready for the targets of its profile, in the profile's own words."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np

from inspector.checks.arrays import AnyArray, Figures, is_monotonic
from inspector.profiles.model import ArraySpec, Profile, Requirement, Target


def issues_of(
    target: Target, profile: Profile, arrays: Mapping[str, AnyArray], figures: Mapping[str, Figures]
) -> tuple[str, ...]:
    """What the target lacks, in the order of its requirements; empty means ready.

    Parameters
    ----------
    arrays
        What the file holds, by name; absent arrays are absent here.
    figures
        Of the same arrays.
    """
    found: list[str] = []
    for requirement in target.requires:
        if not _met(requirement, profile, arrays, figures):
            found.append(_words(requirement.issue, arrays))
            if requirement.stops:
                break
    return tuple(found)


def wanted_targets(profile: Profile, present: tuple[str, ...], asked: tuple[str, ...] | None) -> tuple[str, ...]:
    """The targets a file must be ready for: those asked for, else what the profile wants of a file like this."""
    if asked is not None:
        return tuple(name for name in profile.targets if name in asked)
    return tuple(n for n, target in profile.targets.items() if target.wanted == "always" or target.wanted in present)


def target_of(name: str | None, profile: Profile) -> str | None:
    """The first target that needs an array, or None."""
    return next((t for t, target in profile.targets.items() if any(name in r.arrays for r in target.requires)), None)


def layout_fits(array: AnyArray, spec: ArraySpec) -> tuple[bool, bool]:
    """Whether the number of dimensions and the fixed ones are as specified, and whether the dtype is."""
    shape = not spec.shape or (
        array.ndim == len(spec.shape)
        and all(not isinstance(want, int) or want == got for want, got in zip(spec.shape, array.shape, strict=True))
    )
    return shape, not spec.dtype or array.dtype == _dtype(spec.dtype)


@functools.cache
def _dtype(name: str) -> np.dtype[Any]:
    return np.dtype(name)


def _met(rule: Requirement, profile: Profile, arrays: Mapping[str, AnyArray], figures: Mapping[str, Figures]) -> bool:
    held = [name for name in rule.arrays if name in arrays]
    if rule.rule in ("present", "layout", "same_length") and len(held) < len(rule.arrays):
        return False
    match rule.rule:
        case "present":
            return True
        case "layout":
            return all(all(layout_fits(arrays[n], profile.arrays[n])) for n in held)
        case "same_length":
            return len({len(arrays[n]) if arrays[n].ndim else -1 for n in held}) == 1
        case "finite":
            return all(figures[n].finite for n in held)
        case "range":
            return all(not figures[n].outside(*bounds) for n in held if (bounds := profile.arrays[n].range))
        case "monotonic":
            return all(is_monotonic(arrays[n]) for n in held)


def _words(text: str, arrays: Mapping[str, AnyArray]) -> str:
    """Fill in first-axis lengths; by replacement, so that braces in a user's profile cannot reach into objects."""
    for name, array in arrays.items():
        text = text.replace("{" + name + "}", str(len(array)) if array.ndim else "none")
    return text
