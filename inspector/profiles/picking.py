"""Which profile a file fits, from the names and shapes of its arrays alone."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence

from inspector.profiles.layouts import held_names, layout_of, lengths_by_sample
from inspector.profiles.loading import builtin_profiles, load_profile
from inspector.profiles.model import Match, Profile

Shape = tuple[int, ...]


def shape_fits(
    shape: Shape | None, symbolic: Sequence[str | int], bindings: MutableMapping[str, int] | None = None
) -> bool:
    """Whether a shape has the form that a profile gives.

    Parameters
    ----------
    shape
        Of the array; None, where its header could not be read, fits anything.
    symbolic
        One entry a dimension: a number must be met exactly, a letter takes any size.
    bindings
        What letters stand for already. A fitting shape adds its own; one that does not fit leaves it as it was.

    Examples
    --------
    >>> sizes: dict[str, int] = {}
    >>> shape_fits((40, 156), ("T", 156), sizes), shape_fits((41,), ("T",), sizes)
    (True, False)
    """
    if shape is None:
        return True
    if len(shape) != len(symbolic):
        return False
    known = bindings if bindings is not None else {}
    bound: dict[str, int] = {}
    for size, expected in zip(shape, symbolic, strict=True):
        wanted = expected if isinstance(expected, int) else known.get(expected, bound.setdefault(expected, size))
        if size != wanted:
            return False
    known.update({letter: size for letter, size in bound.items() if letter not in known})
    return True


def pick_profile(shapes: Mapping[str, Shape | None], candidates: Sequence[Profile] | None = None) -> Profile:
    """The profile of the highest rank that fits, the earliest of equals; `generic` where none does.

    Parameters
    ----------
    shapes
        Shape of each array in the file, None for one whose header could not be read.
    candidates
        What to pick from; the built-in profiles when None.
    """
    fitting = [
        profile
        for profile in (builtin_profiles() if candidates is None else candidates)
        if any(_fits(match, profile, shapes) for match in profile.match)
    ]
    return max(fitting, key=lambda profile: profile.rank) if fitting else load_profile("generic")


def _fits(match: Match, profile: Profile, shapes: Mapping[str, Shape | None]) -> bool:
    held = {name: name for name in match.arrays if name in shapes} | held_names(profile, shapes)
    bindings: dict[str, int] = {}
    return (
        all(name in held for name in match.arrays)
        and all(shape_fits(shapes[held[name]], symbolic, bindings) for name, symbolic in match.shapes.items())
        and all(_has_layout(profile, name, shapes, held) for name in match.arrays)
    )


def _has_layout(profile: Profile, name: str, shapes: Mapping[str, Shape | None], held: Mapping[str, str]) -> bool:
    spec, shape = profile.arrays.get(name), shapes[held[name]]
    if spec is None or not spec.layouts or shape is None:
        return True
    return layout_of(shape, spec.layouts, lengths_by_sample(profile, shapes, held)) is not None
