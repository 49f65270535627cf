"""What has no table: a single value, and pickled objects, as bounded text. Nothing is unpickled."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from inspector.archive import Member
from inspector.audit.array_text import AnyArray, exact_text, shape_text, size_text
from inspector.checks.arrays import foreign_imports
from inspector.errors import ArchiveError

TEXT_LIMIT = 200_000
"""Characters shown of one value."""

_READ_LIMIT = 64 << 20
_LINES = 2000
_DEPTH = 12
_FLAT = 100


class ObjectReader(Protocol):
    """What is needed of an open archive (see `inspector.archive.NpzFile`)."""

    def member(self, name: str) -> Member:
        """Header of one array."""
        ...

    def read(self, name: str, limit: int | None = None) -> AnyArray:
        """A whole array."""
        ...

    def imports(self, name: str) -> tuple[str, ...]:
        """What unpickling an array would import."""
        ...

    def decoded(self, name: str) -> object:
        """The plain value inside a pickled array."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """A value as text.

    Attributes
    ----------
    note
        What the reader should know of it, in a sentence; empty when there is nothing.
    alarming
        The note warns of code that loading the file the usual way would run.
    """

    text: str
    note: str = ""
    alarming: bool = False


def read_words(npz: ObjectReader, name: str) -> Words:
    """A 0-d array's value, or what a pickled array holds and would do.

    Raises
    ------
    ArchiveError
        Where the member cannot be read.
    """
    member = npz.member(name)
    if member.pickled:
        return _pickled(npz, name)
    value: object = npz.read(name, _READ_LIMIT)[()]
    if isinstance(value, str | bytes):
        text = value if isinstance(value, str) else bytes(value).decode("utf-8", "backslashreplace")
        return _text(text)
    return Words(exact_text(value))


def _text(text: str) -> Words:
    note = f"{len(text):,} characters"
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if isinstance(content, dict | list):
        text, note = "\n".join(_json(content)), f"{note} of JSON, indented here"
    return Words(_cut(text), note)


def _json(value: object, head: str = "", tail: str = "", indent: str = "") -> Iterator[str]:
    """JSON a line an item, but lists that fit on one line: a hundred point numbers do not need a hundred lines."""
    flat = json.dumps(value, ensure_ascii=False)
    items: list[tuple[str, object]]
    if isinstance(value, dict):
        items = [(f"{json.dumps(key, ensure_ascii=False)}: ", item) for key, item in value.items()]
        short = not items
    elif isinstance(value, list):
        items = [("", item) for item in value]
        short = len(flat) <= _FLAT and not any(isinstance(item, dict | list) for item in value)
    else:
        items, short = [], True
    if short:
        yield f"{indent}{head}{flat}{tail}"
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield f"{indent}{head}{opening}"
    for number, (name, item) in enumerate(items, 1):
        yield from _json(item, name, "," if number < len(items) else "", f"{indent}  ")
    yield f"{indent}{closing}{tail}"


def _cut(text: str) -> str:
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= TEXT_LIMIT else f"{text[:TEXT_LIMIT]}\n… {len(text) - TEXT_LIMIT:,} characters more"


def _pickled(npz: ObjectReader, name: str) -> Words:
    """A note of what it would import, and the value where that is plain data."""
    note = "Pickled Python objects: never loaded, only read as data."
    try:
        imports = npz.imports(name)
    except ArchiveError as error:
        return Words("", f"{note} {error}", alarming=True)
    foreign = foreign_imports(imports)
    if foreign:
        note += f" Loading it would import {', '.join(foreign[:20])}{' …' if len(foreign) > 20 else ''}."
    else:
        note += " It holds plain data only."
    try:
        value = npz.decoded(name)
    except ArchiveError as error:
        return Words("", f"{note} Its value is not shown: {error}", alarming=True)
    return Words(_cut("\n".join(outline(value))), note, alarming=bool(foreign))


def outline(value: object, most: int = _LINES) -> Iterator[str]:
    """Lines that show nested plain data, one item a line, at most so many and 12 levels deep."""
    for count, line in enumerate(_outline(value, "", "", 0)):
        if count == most:
            yield "… more"
            return
        yield line


def _outline(value: object, label: str, indent: str, depth: int) -> Iterator[str]:
    if isinstance(value, Mapping | list | tuple | set | frozenset) and len(value):
        if (flat := _flat(value)) is not None:
            yield f"{indent}{label}{flat}"
        elif depth >= _DEPTH:
            yield f"{indent}{label}{type(value).__name__} of {len(value)}"
        else:
            yield f"{indent}{label}{type(value).__name__} of {len(value)}"
            items = value.items() if isinstance(value, Mapping) else enumerate(value)
            for key, item in items:
                yield from _outline(item, f"{_scalar(key)}: ", f"{indent}  ", depth + 1)
        return
    for number, line in enumerate(_scalar(value).splitlines() or [""]):
        yield f"{indent}{label if not number else '  '}{line}"


def _flat(
    value: Mapping[object, object] | list[object] | tuple[object, ...] | set[object] | frozenset[object],
) -> str | None:
    """A short list of scalars on one line; None for anything else."""
    if isinstance(value, Mapping) or len(value) > _FLAT:
        return None
    if any(isinstance(item, Mapping | list | tuple | set | frozenset | np.ndarray) for item in value):
        return None
    text = f"[{', '.join(_scalar(item) for item in value)}]"
    return text if len(text) <= _FLAT and "\n" not in text else None


def _scalar(value: object) -> str:
    if isinstance(value, np.ndarray):
        about = f"array {shape_text(value.shape)} {value.dtype}, {size_text(value.nbytes)}"
        if value.dtype.hasobject:
            return about
        return f"{about}\n{np.array2string(value, threshold=60, edgeitems=3, max_line_width=100)}"
    if isinstance(value, np.generic):
        return exact_text(value)
    if isinstance(value, str):
        return repr(value) if len(value) <= TEXT_LIMIT else f"{value[:1000]!r}… {len(value):,} characters"
    if isinstance(value, bytes):
        return repr(value[:1000]) + (f"… {len(value):,} bytes" if len(value) > 1000 else "")
    return str(value)
