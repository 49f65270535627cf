"""Profiles: built in by name, or a user's own TOML file that may extend another."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from inspector.errors import ProfileError
from inspector.paths import resource
from inspector.profiles import rules, tree
from inspector.profiles.convert import convert
from inspector.profiles.model import Profile
from inspector.profiles.skeletons import load_skeleton, skeleton_names
from inspector.profiles.tree import KeyPath, Tree


@functools.cache
def builtin_names() -> tuple[str, ...]:
    """Names of the built-in profiles, sorted."""
    return tuple(sorted(path.stem for path in resource("profiles").glob("*.toml")))


@functools.cache
def builtin_profiles() -> tuple[Profile, ...]:
    """Every built-in profile, highest rank first; loaded once."""
    return tuple(sorted(map(_builtin, builtin_names()), key=lambda profile: -profile.rank))


def load_profile(name_or_path: str | os.PathLike[str]) -> Profile:
    """A built-in profile by name, or one from a file.

    In the file, ``extends`` names a built-in profile or a file beside it: tables are merged key by key,
    values and lists replace those of the extended one. The name is the file's own (by default its stem).

    Raises
    ------
    ProfileError
        Naming the file, the key path, expected and got; for an unknown name, the known ones.
    """
    name = os.fspath(name_or_path)
    if name in builtin_names():
        return _builtin(name)
    return _from_file(tree.user_file("profile", name, builtin_names()))


def profile_files(name_or_path: str | os.PathLike[str]) -> tuple[Path, ...]:
    """The files of one's own that a profile is read from: itself, what it extends, its skeleton; not built-in ones.

    Raises
    ------
    ProfileError
        As `load_profile`.
    """
    name = os.fspath(name_or_path)
    if name in builtin_names():
        return ()
    layers = _layers(tree.user_file("profile", name, builtin_names()))
    files = [layer.path for layer in layers]
    for layer in layers:
        skeleton = layer.tree.get("skeleton")
        if isinstance(skeleton, str) and skeleton:
            files += [] if skeleton in skeleton_names() else [layer.path.parent / skeleton]
            break
    return tuple(files)


@functools.cache
def _builtin(name: str) -> Profile:
    return _from_file(resource("profiles", f"{name}.toml"))


@dataclass(frozen=True, slots=True)
class _Layer:
    """One file's own words."""

    path: Path
    tree: Tree


def _from_file(path: Path) -> Profile:
    layers = _layers(path)

    def owner(key: KeyPath) -> Path:
        # Lists and values are replaced whole, so the first layer that has the key is where it was written.
        return next((layer.path for layer in layers if tree.lookup(layer.tree, key)[0]), path)

    merged: Tree = {}
    for layer in reversed(layers):
        merged = tree.merge(merged, layer.tree)
    top = layers[0].tree
    name = top.get("name", path.stem)
    # A name or title taken from the extended profile would make two profiles look like one in every report.
    merged |= {"name": name, "title": top.get("title", name)}
    merged.pop("extends", None)
    skeleton = merged.pop("skeleton", "")
    profile = convert(merged, Profile, owner, also=("extends",))
    if skeleton != "":
        profile = _with_skeleton(profile, skeleton, owner(("skeleton",)))
    rules.check(profile, owner)
    return profile


def _with_skeleton(profile: Profile, value: object, path: Path) -> Profile:
    name = _named(path, "skeleton", value, skeleton_names())
    return msgspec.structs.replace(profile, skeleton=load_skeleton(name, beside=path.parent))


def _layers(path: Path) -> list[_Layer]:
    """The file and what it extends, nearest first."""
    layers: list[_Layer] = []
    seen: list[Path] = []
    while True:
        layers.append(_Layer(path, tree.read(path)))
        seen.append(path.resolve())
        base = layers[-1].tree.get("extends")
        if base is None:
            return layers
        path = _extended(path, base)
        if path.resolve() in seen:
            chain = " -> ".join(p.name for p in [*seen, path.resolve()])
            raise _extends_error(layers[-1].path, "a profile that does not lead back to itself", f"{base} ({chain})")


def _extended(path: Path, value: object) -> Path:
    base = _named(path, "extends", value, builtin_names())
    return resource("profiles", f"{base}.toml") if base in builtin_names() else path.parent / base


def _named(path: Path, key: str, value: object, known: Sequence[str]) -> str:
    """A value that names something built in or a file beside this one."""
    if not isinstance(value, str):
        raise tree.wrong(path, (key,), tree.name_or_file(known), value)
    if value not in known and not (path.parent / value).exists():
        raise tree.wrong(path, (key,), tree.name_or_file(known), value, tree.nearest(value, known))
    return value


def _extends_error(path: Path, expected: str, got: str) -> ProfileError:
    return tree.complaint(path, ("extends",), expected, got)
