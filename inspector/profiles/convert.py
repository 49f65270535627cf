"""Plain tree -> typed object, with msgspec's complaints put as file, key path, expected and got."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import inspect as types

from inspector.errors import ProfileError
from inspector.profiles.tree import KeyPath, Tree, choice, lookup, missing, nearest, wrong

T = TypeVar("T")

_AT = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<key>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>\d+)\]|(?P<any>\[\.\.\.\])")
_EXPECTED = re.compile(r"^Expected (?P<what>.+?)(?:, got .*)?$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<name>.*)`$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<name>.*)`$", re.DOTALL)

# Two threads that use a type for the first time make msgspec crash: each frees what the other has found out about it.
_one_at_a_time = threading.Lock()

# msgspec speaks of JSON; a profile's author writes TOML.
_WORDS = {
    "`str`": "text",
    "`int`": "a whole number",
    "`float`": "a number",
    "`bool`": "true or false",
    "`array`": "a list",
    "`object`": "a table",
    "`int | str`": "a whole number or text",
    "`array | null`": "a list",
}
_PATTERNS = {r"^#[0-9A-Fa-f]{6}$": 'a colour as in "#D55E00"'}


def convert(tree: Tree, kind: type[T], owner: Callable[[KeyPath], Path], also: tuple[str, ...] = ()) -> T:
    """Make the typed object, strictly: no unknown keys, no numbers in quotes.

    Parameters
    ----------
    owner
        The file that a key path comes from, for the message.
    also
        Top-level keys that the file may hold and the caller has dealt with.

    Raises
    ------
    ProfileError
        Naming file, key path, expected and got.
    """
    with _one_at_a_time:
        try:
            return msgspec.convert(tree, kind)
        except msgspec.ValidationError as error:
            raise _explain(str(error), tree, kind, owner, also) from None


def _explain(
    text: str, tree: Tree, kind: type, owner: Callable[[KeyPath], Path], also: tuple[str, ...]
) -> ProfileError:
    parts = _AT.match(text)
    what, place = (parts["what"], parts["key"] or "") if parts else (text, "")
    key = _key(place, text, tree, kind)
    declared = _type_at(types.type_info(kind), key)
    if unknown := _UNKNOWN.match(what):
        name = unknown["name"]
        known = [field.encode_name for field in declared.fields] if isinstance(declared, types.StructType) else []
        hint = nearest(name, [*known, *(() if key else also)])
        key = (*key, name)
        return wrong(owner(key), key, "a known key" if hint else choice(known), name, hint)
    if absent := _MISSING.match(what):
        key = (*key, absent["name"])
        return missing(owner(key[:-1]), key, _in_words(_type_at(types.type_info(kind), key)))
    if isinstance(declared, types.LiteralType):
        expected = choice(map(str, declared.values))
        hint = nearest(lookup(tree, key)[1], map(str, declared.values))
        return wrong(owner(key), key, expected, lookup(tree, key)[1], hint)
    expected = what
    if named := _EXPECTED.match(what):
        expected = named["what"]
        for pattern, words in _PATTERNS.items():
            expected = expected.replace(f"`str` matching regex {pattern!r}", words)
        for word, words in _WORDS.items():
            expected = expected.replace(word, words)
    return wrong(owner(key), key, re.sub(r"(\d)\.0\b", r"\1", expected), lookup(tree, key)[1])


def _key(place: str, text: str, tree: Tree, kind: type) -> KeyPath:
    """The key path that msgspec means. It writes ``[...]`` for "some key of this table": each is tried by itself."""
    key: KeyPath = ()
    for step in _STEP.finditer(place):
        if step["any"] is None:
            key = (*key, step["name"] or int(step["index"]))
            continue
        table = lookup(tree, key)[1]
        for name in table if isinstance(table, dict) else ():
            if _complains(_only(tree, key, name), kind) == text:
                key = (*key, name)
                break
    return key


def _complains(tree: object, kind: type) -> str:
    try:
        msgspec.convert(tree, kind)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def _only(tree: object, key: KeyPath, name: str) -> object:
    """The same tree, with nothing but `name` in the table at `key`."""
    if not key:
        return {name: tree[name]} if isinstance(tree, dict) else tree
    if isinstance(tree, dict) and isinstance(key[0], str):
        return {**tree, key[0]: _only(tree[key[0]], key[1:], name)}
    if isinstance(tree, list) and isinstance(key[0], int):
        return [_only(value, key[1:], name) if place == key[0] else value for place, value in enumerate(tree)]
    return tree


def _type_at(declared: types.Type | None, key: KeyPath) -> types.Type | None:
    """What the model declares at a key path; None where it declares nothing."""
    for part in key:
        if isinstance(declared, types.UnionType):
            declared = next((t for t in declared.types if not isinstance(t, types.NoneType)), None)
        if isinstance(declared, types.StructType):
            declared = next((field.type for field in declared.fields if field.encode_name == part), None)
        elif isinstance(declared, types.DictType):
            declared = declared.value_type
        elif isinstance(declared, types.VarTupleType):
            declared = declared.item_type
        elif isinstance(declared, types.TupleType) and isinstance(part, int):
            declared = declared.item_types[part] if part < len(declared.item_types) else None
        else:
            return None
    return declared


def _in_words(declared: types.Type | None) -> str:
    if isinstance(declared, types.LiteralType):
        return choice(map(str, declared.values))
    if isinstance(declared, types.VarTupleType | types.TupleType):
        return "a list"
    if isinstance(declared, types.StructType | types.DictType):
        return "a table"
    return "text" if isinstance(declared, types.StrType) else "a value"
