"""Skeletons: `resources/skeletons/*.toml` and users' own files of the same form.

Two short forms keep the files readable. A list of points may hold ranges (``"25..29"``), and what
`bones` and `contours` list are chains: ``[11, 13, 15]`` joins 11 to 13 and 13 to 15. In `pairs` two
ranges of one length pair up point by point. In names, ``"face_{0..467}"`` stands for 468 points.
"""

from __future__ import annotations

import functools
import os
import re
from itertools import pairwise
from pathlib import Path

from inspector.paths import resource
from inspector.profiles import tree
from inspector.profiles.convert import convert
from inspector.profiles.model import Skeleton
from inspector.profiles.tree import KeyPath, Tree

MOST_POINTS = 100_000

_RANGE = re.compile(r"(\d{1,6})\.\.(\d{1,6})")
_NAMES = re.compile(r"\{(\d{1,6})\.\.(\d{1,6})\}")


@functools.cache
def skeleton_names() -> tuple[str, ...]:
    """Names of the built-in skeletons, sorted."""
    return tuple(sorted(path.stem for path in resource("skeletons").glob("*.toml")))


def load_skeleton(name_or_path: str | os.PathLike[str], *, beside: Path | None = None) -> Skeleton:
    """A built-in skeleton by name, or one from a file.

    Parameters
    ----------
    beside
        Folder that a relative path starts from; the working folder when None.

    Raises
    ------
    ProfileError
        Naming the file, the key path, expected and got; for an unknown name, the known ones.
    """
    name = os.fspath(name_or_path)
    if name in skeleton_names():
        return _builtin(name)
    return _from_file(tree.user_file("skeleton", name, skeleton_names(), beside))


@functools.cache
def _builtin(name: str) -> Skeleton:
    return _from_file(resource("skeletons", f"{name}.toml"))


def _from_file(path: Path) -> Skeleton:
    raw = tree.read(path)
    raw = {"name": path.stem, "title": raw.get("name", path.stem), **raw}
    names = _expand_names(path, raw.get("points"))
    if names is not None:
        raw["points"] = list(names)
        _expand_indices(path, raw, names)
    skeleton = convert(raw, Skeleton, lambda _key: path)
    _check_groups(path, skeleton)
    return skeleton


def _expand_names(path: Path, value: object) -> tuple[str, ...] | None:
    """Names of the points, ranges written out; None leaves the complaint about a wrong type to the model."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        return None
    names: dict[str, None] = {}
    for place, text in enumerate(value):
        key: KeyPath = ("points", place)
        found = _NAMES.search(text)
        first, last = (int(found[1]), int(found[2])) if found else (0, 0)
        if last < first or len(names) + last - first >= MOST_POINTS:
            raise tree.wrong(path, key, f"at most {MOST_POINTS} names, numbered upwards", text)
        for number in range(first, last + 1):
            name = f"{text[: found.start()]}{number}{text[found.end() :]}" if found else text
            if not name or name in names:
                raise tree.wrong(path, key, "a name that no other point has", name)
            names[name] = None
    if not names:
        raise tree.wrong(path, ("points",), "at least one name", value)
    return tuple(names)


def _expand_indices(path: Path, raw: Tree, names: tuple[str, ...]) -> None:
    """Write out ranges, chains and paired ranges in place of their short forms."""
    groups = raw.get("groups")
    if isinstance(groups, list):
        raw["groups"] = [
            {**group, "points": _indices(path, ("groups", place, "points"), group["points"], names)}
            if isinstance(group, dict) and "points" in group
            else group
            for place, group in enumerate(groups)
        ]
    for field in ("bones", "contours", "pairs", "body"):
        lists = raw.get(field)
        if not isinstance(lists, list):
            continue
        joined: dict[frozenset[int], list[int]] = {}
        for place, value in enumerate(lists):
            key: KeyPath = (field, place)
            found = _sides(path, key, value, names) if field == "pairs" else _chain(path, key, value, names)
            for a, b in found:
                if a == b or frozenset((a, b)) in joined:
                    raise tree.wrong(path, key, "two different points, joined once", [a, b])
                joined[frozenset((a, b))] = [a, b]
        raw[field] = list(joined.values())


def _chain(path: Path, key: KeyPath, value: object, names: tuple[str, ...]) -> list[tuple[int, int]]:
    points = _indices(path, key, value, names)
    if len(points) < 2:
        raise tree.wrong(path, key, "a list of two or more points", value)
    return list(pairwise(points))


def _sides(path: Path, key: KeyPath, value: object, names: tuple[str, ...]) -> list[tuple[int, int]]:
    if not isinstance(value, list) or len(value) != 2:
        raise tree.wrong(path, key, "a list of the left point and the right", value)
    left, right = (_indices(path, (*key, side), [value[side]], names) for side in (0, 1))
    if len(left) != len(right):
        raise tree.wrong(path, key, "two ranges of one length", value)
    return list(zip(left, right, strict=True))


def _indices(path: Path, key: KeyPath, value: object, names: tuple[str, ...]) -> list[int]:
    """Point indices, ranges written out, each inside the skeleton."""
    if not isinstance(value, list):
        raise tree.wrong(path, key, "a list of points", value)
    out: list[int] = []
    for item in value:
        found = _RANGE.fullmatch(item) if isinstance(item, str) else None
        if found and int(found[1]) <= int(found[2]) < len(names):
            out += range(int(found[1]), int(found[2]) + 1)
        elif isinstance(item, int) and not isinstance(item, bool) and 0 <= item < len(names):
            out.append(item)
        else:
            raise tree.wrong(
                path, key, f'points from 0 to {len(names) - 1}, each a number or a range as in "0..4"', item
            )
    return out


def _check_groups(path: Path, skeleton: Skeleton) -> None:
    """Every point in exactly one group, every group with a name of its own; left and right are two points each."""
    seen: dict[int, str] = {}
    titles: set[str] = set()
    for place, group in enumerate(skeleton.groups):
        if group.name in titles:
            raise tree.wrong(path, ("groups", place, "name"), "a name that no other group has", group.name)
        titles.add(group.name)
        for point in group.points:
            if point in seen:
                label = f"{point} ({skeleton.points[point]})"
                also = f'"{seen[point]}"' if seen[point] != group.name else "this one already"
                raise tree.complaint(
                    path, ("groups", place, "points"), "each point in one group", f"{label}, which is in {also}"
                )
            seen[point] = group.name
    if left_out := [f"{i} ({name})" for i, name in enumerate(skeleton.points) if i not in seen]:
        shown = ", ".join(left_out[:5]) + (", ..." if len(left_out) > 5 else "")
        raise tree.complaint(path, ("groups",), "every point in a group", f"none for {shown}")
    paired: set[int] = set()
    for pair in skeleton.pairs:
        for point in pair:
            if point in paired:
                raise tree.complaint(
                    path, ("pairs",), "each point in one pair", f"{point} ({skeleton.points[point]}) twice"
                )
            paired.add(point)
