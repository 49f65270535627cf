"""A profile as TOML that `load_profile` reads back equal: what differs from a built-in one, or all of it."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec

from inspector.errors import ProfileError
from inspector.profiles.loading import builtin_profiles
from inspector.profiles.model import Profile, Skeleton
from inspector.profiles.skeletons import load_skeleton, skeleton_names
from inspector.profiles.tree import Tree

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_WIDE = 120


def write_profile(profile: Profile, path: Path) -> None:
    """Write a profile to a file, whole or not at all.

    A profile that differs little from a built-in one ``extends`` it. A skeleton that is not built in is written
    beside it, as ``STEM.skeleton.toml``.

    Raises
    ------
    ProfileError
        When the file cannot be written, or a text in the profile is not Unicode.
    """
    files: dict[Path, str] = {}
    skeleton = profile.skeleton
    name = "" if skeleton is None else _known(skeleton)
    if skeleton is not None and not name:
        beside = path.with_name(f"{path.stem}.skeleton.toml")
        files[beside] = _text(msgspec.to_builtins(skeleton), {})
        name = beside.name
    files[path] = _shortest(_tree(profile, name))
    staged: dict[Path, Path] = {}
    try:
        for target, text in files.items():
            staged[target] = _stage(target, text)
        for target, temporary in staged.items():
            temporary.replace(target)
    except UnicodeEncodeError as error:
        raise ProfileError(f"{path}: expected Unicode text, got {error.object[error.start : error.end]!r}") from None
    except OSError as error:
        raise ProfileError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        for temporary in staged.values():
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _stage(target: Path, text: str) -> Path:
    content = text.encode("utf-8")
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return temporary


def _known(skeleton: Skeleton) -> str:
    """Name of a built-in skeleton; empty for any other."""
    return next((name for name in skeleton_names() if load_skeleton(name) == skeleton), "")


def _tree(profile: Profile, skeleton: str) -> Tree:
    tree: Tree = msgspec.to_builtins(profile)
    tree["skeleton"] = skeleton  # empty: none, also where the extended profile has one
    return tree


def _shortest(tree: Tree) -> str:
    whole = _text(_without_none(tree), {})
    found = [whole]
    for base in builtin_profiles():
        if base.kind != tree["kind"]:
            continue
        old = _tree(base, "" if base.skeleton is None else _known(base.skeleton))
        changes = _difference(old, tree)
        if changes is not None:
            # Name and title are never taken from the extended profile.
            words: Tree = {"extends": base.name, "name": tree["name"], "title": tree["title"]}
            found.append(_text(words | changes, old))
    return min(found, key=len)


def _difference(old: Tree, new: Tree) -> Tree | None:
    """What has to be merged into one tree to get the other; None where a key would have to go."""
    if not old.keys() <= new.keys():
        return None
    out: Tree = {}
    for key, value in new.items():
        before = old.get(key)
        if key in old and value == before:
            continue
        if isinstance(value, dict) and isinstance(before, dict):
            inner = _difference(before, value)
            if inner is None:
                return None
            out[key] = inner
        elif value is None:
            if before is not None:
                return None
        else:
            out[key] = _without_none(value)
    return out


def _without_none(value: object) -> object:
    """TOML has no nothing: a key that is not there stands for it."""
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_none(item) for item in value]
    return value


def _text(tree: object, old: object) -> str:
    return "".join(_table(tree, old, ())).lstrip("\n")


def _table(tree: object, old: object, path: tuple[str, ...]) -> Iterator[str]:
    """A table's own values, each with what it was, then the tables in it."""
    assert isinstance(tree, dict)
    before = old if isinstance(old, dict) else {}
    values = {key: value for key, value in tree.items() if not isinstance(value, dict)}
    if path and (values or not tree):
        yield f"\n[{'.'.join(map(_key, path))}]\n"
    for key, value in values.items():
        line = f"{_key(key)} = {_value(value)}"
        was = before.get(key)
        plain = isinstance(was, int | float) and not isinstance(value, list)
        yield f"{line}  # was {_value(was)}\n" if plain else f"{line}\n"
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _table(value, before.get(key), (*path, key))


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _quoted(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        items = [_value(item) for item in value]
        line = f"[{', '.join(items)}]"
        nested = any(isinstance(item, dict) for item in value)
        return "[\n" + "".join(f"    {item},\n" for item in items) + "]" if nested and len(line) > _WIDE // 2 else line
    return repr(value)  # whole numbers and floats, inf included, read as in TOML


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    return f"\\u{ord(letter):04x}" if letter < " " or letter == "\x7f" else letter
