"""A TOML file as a plain tree: reading it, merging two, and saying what is wrong at one key path."""

from __future__ import annotations

import difflib
import math
import re
import stat
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path

from inspector.errors import ProfileError

Tree = dict[str, object]
KeyPath = tuple[str | int, ...]

MAX_BYTES = 1 << 20
"""Profiles are written by hand: one larger than this is some other file."""

MAX_DEPTH = 16
"""The model is five levels deep; what goes on and on would only end in a stack overflow."""

_LINE = re.compile(r"\(at line (\d+)")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_INT64 = range(-(2**63), 2**63)
_LONGEST = 60


def read(path: Path) -> Tree:
    """Parse one TOML file.

    Raises
    ------
    ProfileError
        If it is not a small regular file of valid TOML 1.0; names the file, and the line where there is one.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ProfileError(f"{path}: expected a TOML file, got something that is not a regular file")
        if status.st_size > MAX_BYTES:
            raise ProfileError(f"{path}: expected a file of at most {MAX_BYTES} bytes, got {status.st_size}")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        got = error.object[error.start]
        raise ProfileError(f"{path}: line {line}: expected UTF-8 text, got the byte 0x{got:02x}") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ProfileError(f"{path}: expected a TOML file, got: {why}") from None
    try:
        tree: Tree = tomllib.loads(text)
    except RecursionError:
        raise ProfileError(f"{path}: expected valid TOML, got lists or tables nested too deep") from None
    except ValueError as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found else len(text.splitlines())
        raise ProfileError(f"{path}: line {line}: expected valid TOML, got: {error}") from None
    _check_values(path, tree)
    return tree


def _check_values(path: Path, tree: Tree) -> None:
    # TOML allows nan, and Python's parser integers of any size: neither can be compared or stored.
    for key, value in walk(tree):
        if len(key) > MAX_DEPTH:
            raise ProfileError(f"{path}: {key_text(key[:3])}: expected at most {MAX_DEPTH} levels, got more")
        if isinstance(value, float) and math.isnan(value):
            raise wrong(path, key, "a number", value)
        if isinstance(value, int) and value not in _INT64:
            raise wrong(path, key, "a whole number of at most 64 bits", value)


def walk(value: object, key: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Every key path and value of a tree, parents before children."""
    yield key, value
    if isinstance(value, dict):
        for name, child in value.items():
            yield from walk(child, (*key, name))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from walk(child, (*key, index))


def merge(base: Tree, over: Tree) -> Tree:
    """A new tree: tables of both merged key by key, every other value of `over` in place of `base`'s."""
    out = dict(base)
    for key, value in over.items():
        old = out.get(key)
        out[key] = merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return out


def lookup(tree: object, key: KeyPath) -> tuple[bool, object]:
    """Whether the tree holds a value at `key`, and that value."""
    for part in key:
        if isinstance(tree, list):
            if not isinstance(part, int) or part >= len(tree):
                return False, None
            tree = tree[part]
        elif isinstance(tree, dict) and part in tree:
            tree = tree[part]
        else:
            return False, None
    return True, tree


def wrong(path: Path, key: KeyPath, expected: str, got: object, hint: str = "") -> ProfileError:
    """The error for a value: file, key path, expected and got."""
    return ProfileError(f"{path}: {key_text(key)}: expected {expected}, got {value_text(got)}{hint}")


def complaint(path: Path, key: KeyPath, expected: str, got: str) -> ProfileError:
    """The same, where `got` is said in words."""
    return ProfileError(f"{path}: {key_text(key)}: expected {expected}, got {got}")


def missing(path: Path, key: KeyPath, expected: str) -> ProfileError:
    """The error for a key that must be there and is not."""
    return complaint(path, key, expected, "nothing")


def user_file(what: str, name: str, known: Sequence[str], beside: Path | None = None) -> Path:
    """The file meant by a name that is not built in: one that exists, or a name that only a file would have.

    Raises
    ------
    ProfileError
        When it is neither, naming the built-in ones.
    """
    path = (beside or Path()) / name
    if not name or not (path.exists() or name.endswith(".toml") or "/" in name or "\\" in name):
        raise ProfileError(f"{what}: expected {name_or_file(known)}, got {value_text(name)}{nearest(name, known)}")
    return path


def key_text(key: KeyPath) -> str:
    """A key path as TOML writes it, list places in brackets: ``targets.iv3.requires[0].issue``."""
    out = ""
    for part in key:
        if isinstance(part, int):
            out += f"[{part}]"
        else:
            name = part if _BARE_KEY.fullmatch(part) else '"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"'
            out += f".{name}" if out else name
    return out or "the file"


def value_text(value: object) -> str:
    """A value as TOML writes it, shortened."""
    text = _toml(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 4] + " ..."


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.encode("unicode_escape").decode().replace('"', '\\"') + '"'
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        return "a table of " + ", ".join(map(str, value)) if value else "an empty table"
    return str(value)


def choice(names: Iterable[str]) -> str:
    """``one of "a", "b"``, sorted."""
    listed = sorted(names)
    return f"one of {', '.join(map(_toml, listed))}" if listed else "nothing"


def name_or_file(known: Iterable[str]) -> str:
    """What may stand where a built-in thing or a file of the user's is asked for."""
    return f"{choice(known)} or the path of a .toml file"


def nearest(name: object, names: Sequence[str] | Iterable[str]) -> str:
    """`` (did you mean "x"?)`` for the known name most like `name`; empty when none is."""
    close = difflib.get_close_matches(str(name), list(names), n=1)
    return f" (did you mean {_toml(close[0])}?)" if close else ""
