"""What types cannot say about a profile: names that must exist, ranges, shapes, dtypes, placeholders."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from inspector.profiles.layouts import AXES
from inspector.profiles.model import ArraySpec, Profile, Requirement
from inspector.profiles.tree import KeyPath, choice, complaint, key_text, missing, nearest, value_text, wrong

Owner = Callable[[KeyPath], Path]

DTYPES = frozenset(
    ["bool", "float16", "float32", "float64", "complex64", "complex128"]
    + [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
)
"""The dtypes a profile can ask for: names that read the same on every machine."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_BRACES = re.compile(r"[{}]")


def check(profile: Profile, owner: Owner) -> None:
    """Raise `ProfileError` at the first thing that does not hold; `owner` tells the file a key path comes from."""
    if not profile.name:
        raise wrong(owner(("name",)), ("name",), "a name", profile.name)
    for name, spec in profile.arrays.items():
        _array(("arrays", name), name, spec, owner)
    _names(profile, owner)
    for place, match in enumerate(profile.match):
        key: KeyPath = ("match", place)
        if not match.arrays:
            raise wrong(owner(key), (*key, "arrays"), "at least one array", [])
        _known((*key, "arrays"), match.arrays, profile.arrays, owner)
        for name, shape in match.shapes.items():
            if name not in match.arrays:
                where = (*key, "shapes", name)
                raise wrong(owner(where), where, f"{choice(match.arrays)}, as this match lists", name)
            _shape((*key, "shapes", name), shape, owner)
    for title, target in profile.targets.items():
        key = ("targets", title)
        if target.wanted not in {"always", "never", *profile.arrays}:
            known = ["always", "never", *profile.arrays]
            where = (*key, "wanted")
            raise wrong(owner(where), where, choice(known), target.wanted, nearest(target.wanted, known))
        for place, requirement in enumerate(target.requires):
            _requirement((*key, "requires", place), requirement, profile.arrays, owner)
    _points(profile, owner)
    if profile.kind == "videos" and not any(s.role == "videos" and s.layouts for s in profile.arrays.values()):
        expected = 'an array with the role "videos" and its layouts, as the kind "videos" needs'
        raise missing(owner(()), ("arrays",), expected)


def _names(profile: Profile, owner: Owner) -> None:
    """No two arrays go by one name."""
    taken = {name: name for name in profile.arrays}
    for name, spec in profile.arrays.items():
        for place, other in enumerate(spec.names):
            where = ("arrays", name, "names", place)
            if other in taken:
                raise wrong(owner(where), where, f"a name that {taken[other]} does not go by", other)
            taken[other] = name


def _array(key: KeyPath, name: str, spec: ArraySpec, owner: Owner) -> None:
    if not name or _BRACES.search(name):
        raise wrong(owner(key), key, "an array's name without { and }", name)
    if spec.dtype and spec.dtype not in DTYPES:
        where = (*key, "dtype")
        raise wrong(owner(where), where, choice(DTYPES), spec.dtype, nearest(spec.dtype, sorted(DTYPES)))
    if spec.range is not None and not (spec.range[0] <= spec.range[1] and any(map(math.isfinite, spec.range))):
        where = (*key, "range")
        raise wrong(owner(where), where, "[lowest, highest]", list(spec.range))
    _shape((*key, "shape"), spec.shape, owner)
    for place, axes in enumerate(spec.layouts):
        if len(set(axes)) != len(axes) or not set("THW") <= set(axes) <= set(AXES) or "N" in axes[1:]:
            where = (*key, "layouts", place)
            expected = "axes as in NTCHW: T, H and W once each, perhaps C, and N, which comes first"
            raise wrong(owner(where), where, expected, axes)


def _shape(key: KeyPath, shape: tuple[str | int, ...], owner: Owner) -> None:
    for place, size in enumerate(shape):
        if size < 0 if isinstance(size, int) else not size.isidentifier():
            where = (*key, place)
            raise wrong(owner(where), where, 'a size of 0 or more, or a letter for it as in "T"', size)


def _known(key: KeyPath, names: Iterable[str], arrays: Iterable[str], owner: Owner) -> None:
    known = list(arrays)
    for place, name in enumerate(names):
        if name not in known:
            where = (*key, place)
            raise wrong(owner(where), where, f"{choice(known)}, as [arrays] lists", name, nearest(name, known))


def _requirement(key: KeyPath, requirement: Requirement, arrays: dict[str, ArraySpec], owner: Owner) -> None:
    listed: KeyPath = (*key, "arrays")
    least = 2 if requirement.rule == "same_length" else 1
    if len(set(requirement.arrays)) < least:
        raise wrong(owner(listed), listed, f"at least {least} of the arrays", list(requirement.arrays))
    _known(listed, requirement.arrays, arrays, owner)
    for place, name in enumerate(requirement.arrays):
        spec = arrays[name]
        where = (*listed, place)
        if requirement.rule == "layout" and not (spec.shape or spec.dtype):
            raise complaint(owner(where), where, "an array with a shape or a dtype", f'"{name}", which has neither')
        if requirement.rule == "range" and spec.range is None:
            raise complaint(owner(where), where, "an array with a range", f'"{name}", which has none')
    where = (*key, "issue")
    if not requirement.issue:
        raise wrong(owner(where), where, "the text to report", requirement.issue)
    for name in _PLACEHOLDER.findall(requirement.issue):
        if name not in arrays:
            hint = nearest(name, arrays)
            raise wrong(owner(where), where, f"placeholders that name {choice(arrays)}", f"{{{name}}}", hint)
    if _BRACES.search(_PLACEHOLDER.sub("", requirement.issue)):
        raise wrong(owner(where), where, "{ and } only around an array's name", requirement.issue)


def _points(profile: Profile, owner: Owner) -> None:
    """The arrays of points and visibility hold the skeleton's number of points."""
    if profile.kind == "keypoints" and profile.named("points") is None:
        raise missing(owner(()), ("arrays",), 'an array with the role "points", as the kind "keypoints" needs')
    if profile.skeleton is None:
        return
    points = len(profile.skeleton.points)
    for name, spec in profile.arrays.items():
        fixed = [size for size in spec.shape[1:] if isinstance(size, int)]
        if not fixed or len(fixed) != len(spec.shape) - 1:
            continue
        numbers = math.prod(fixed)
        fits = numbers in ((2 * points, 3 * points) if spec.role == "points" else (points,))
        if spec.role in ("points", "visibility") and not fits:
            where: KeyPath = ("arrays", name, "shape")
            few = "2 or 3 numbers" if spec.role == "points" else "one number"
            if owner(where) != owner(()) == owner(("skeleton",)):
                # The shape comes from an extended profile: what the author wrote is the skeleton.
                where = ("skeleton",)
                expected = f"{few} for each of its points in {key_text(('arrays', name, 'shape'))}"
                got = f'"{profile.skeleton.name}" with {points} points for {value_text(list(spec.shape))}'
                raise complaint(owner(where), where, expected, got)
            expected = f"{few} for each of the {points} points of skeleton {profile.skeleton.name}"
            raise wrong(owner(where), where, expected, list(spec.shape))
