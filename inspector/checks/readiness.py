"""Whether a file is ready for the targets of its profile, in the profile's own words."""

from __future__ import annotations

from collections.abc import Mapping

from inspector.checks.arrays import Figures
from inspector.profiles.model import Profile, Requirement, Target


def issues_of(target: Target, figures: Mapping[str, Figures]) -> tuple[str, ...]:
    """What the target lacks, in the order of its requirements; empty means ready.

    Parameters
    ----------
    figures
        Of what the file holds, by name; absent arrays are absent here.
    """
    found: list[str] = []
    for requirement in target.requires:
        if not _met(requirement, figures):
            found.append(_words(requirement.issue, figures))
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


def _met(rule: Requirement, figures: Mapping[str, Figures]) -> bool:
    held = [figures[name] for name in rule.arrays if name in figures]
    kind = rule.rule
    if len(held) < len(rule.arrays) and kind in ("present", "layout", "same_length"):
        return False
    if kind == "same_length":
        return len({of.shape[0] if of.shape else -1 for of in held}) == 1
    return kind == "present" or all(_holds(kind, of) for of in held)


def _holds(kind: str, of: Figures) -> bool:
    if kind == "layout":
        return of.layout_fits == (True, True)
    if kind == "finite":
        return of.finite
    if kind == "range":
        return of.spec.range is None or not of.outside(*of.spec.range)
    return of.monotonic


def _words(text: str, figures: Mapping[str, Figures]) -> str:
    """Fill in first-axis lengths; by replacement, so that braces in a user's profile cannot reach into objects."""
    for name, of in figures.items():
        text = text.replace("{" + name + "}", str(of.shape[0]) if of.shape else "none")
    return text
