"""Whether a file is ready for the targets of its profile, in the profile's own words."""

from __future__ import annotations

from collections.abc import Mapping

from inspector.checks.arrays import Figures
from inspector.profiles.model import Profile, Requirement, Target


class Readiness:
    """What files of one profile lack for each of its targets.

    Arrays that are sound meet most of what a target asks for; what is left is worked out once, for many files.
    """

    def __init__(self, profile: Profile) -> None:
        self._targets = [(name, target, _Rest(target, profile)) for name, target in profile.targets.items()]

    def issues(self, figures: Mapping[str, Figures]) -> dict[str, tuple[str, ...]]:
        """Of each target as `issues_of` has them."""
        return {
            name: () if rest.met_by(figures) else issues_of(target, figures) for name, target, rest in self._targets
        }


class _Rest:
    """What a target asks for besides sound arrays."""

    def __init__(self, target: Target, profile: Profile) -> None:
        rules = target.requires
        self._names = tuple(dict.fromkeys(name for rule in rules for name in rule.arrays))
        self._same = [rule.arrays for rule in rules if rule.rule == "same_length"]
        self._more = [
            (rule.rule, name)
            for rule in rules
            for name in rule.arrays
            if rule.rule == "monotonic"
            or (rule.rule == "finite" and not (name in profile.arrays and profile.arrays[name].finite))
        ]

    def met_by(self, figures: Mapping[str, Figures]) -> bool:
        """Whether nothing is lacking for certain; False where it takes a closer look."""
        for name in self._names:
            if name not in figures or not figures[name].sound:
                return False
        for names in self._same:
            if len({figures[name].shape[0] for name in names}) > 1:
                return False
        return all(_holds(rule, figures[name]) for rule, name in self._more)


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
