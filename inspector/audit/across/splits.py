"""Which split each file is in: by the folders it lies in, or by lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.audit.across.names import Files
from inspector.errors import UsageError

FOLDERS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "dev",
    "test": "test",
    "testing": "test",
    "eval": "eval",
}
"""Names of folders that stand for a split, in small letters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list."""

    split: str
    text: str
    source: str
    line: int

    @property
    def where(self) -> str:
        """For messages."""
        return f"{self.source}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Splits:
    """Lists of files, read.

    Attributes
    ----------
    names
        Of the splits, in the order given.
    entries
        Every line that names a file.
    """

    names: tuple[str, ...]
    entries: tuple[Entry, ...]


def read_splits(given: Sequence[str]) -> Splits:
    """Read lists of files.

    Parameters
    ----------
    given
        ``NAME=FILE`` for each: a text file with a file's name, stem or path on each line. Blank lines and lines that
        begin with ``#`` are left out. A name may come more than once.

    Raises
    ------
    UsageError
        When one is no ``NAME=FILE``, a file cannot be read, is no text, or names no file.
    """
    entries: list[Entry] = []
    names: list[str] = []
    for one in given:
        name, equals, source = (part.strip() for part in one.partition("="))
        if not (name and equals and source):
            raise UsageError(f"split: expected NAME=FILE, as in train=train.txt, got {one!r}")
        names.append(name)
        before = len(entries)
        for line, text in enumerate(read_text(source).splitlines(), 1):
            if text.strip() and not text.lstrip().startswith("#"):
                entries.append(Entry(name, text.strip(), source, line))
        if len(entries) == before:
            raise UsageError(f"{source}: expected the name of a file on each line, found none")
    return Splits(tuple(dict.fromkeys(names)), tuple(entries))


def read_text(source: str | Path) -> str:
    """A text file's content: UTF-8 with or without a byte order mark, or UTF-16 with one.

    Raises
    ------
    UsageError
        When it cannot be read or is no such text; the message names the line.
    """
    try:
        data = Path(source).read_bytes()
    except (OSError, ValueError) as error:
        raise UsageError(f"{source} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(
            f"{source}: line {line}: expected text in UTF-8, found byte 0x{data[error.start]:02x}"
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise UsageError(f"{source}: line {line}: expected text, found a zero byte")
    return text


def splits_of_folders(paths: Sequence[str], root: str) -> dict[str, str]:
    """Path -> split, for the files that lie in a folder called so below the root; the outermost counts."""
    above = len(_folders(root)) if root not in ("", ".") else 0
    out = {}
    known: dict[str, str | None] = {}
    for path in paths:
        folder = path[: 1 + max(path.rfind("/"), path.rfind("\\"))]
        if folder not in known:
            known[folder] = _split_of([part.lower() for part in _folders(folder)[above:]])
        if (split := known[folder]) is not None:
            out[path] = split
    return out


def _split_of(folders: Sequence[str]) -> str | None:
    return next((FOLDERS[folder] for folder in folders if folder in FOLDERS), None)


def _folders(path: str) -> list[str]:
    return [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]


def splits_of_lists(lists: Splits, files: Files) -> tuple[dict[str, tuple[Entry, ...]], tuple[Entry, ...]]:
    """The entries of each file that is listed, and the entries that no file belongs to."""
    found: dict[str, list[Entry]] = {}
    missing = []
    for entry in lists.entries:
        paths = files.find(entry.text)
        if not paths:
            missing.append(entry)
        for path in paths:
            found.setdefault(path, []).append(entry)
    return {path: tuple(entries) for path, entries in found.items()}, tuple(missing)


def apart(splits: Mapping[str, str], paths: Sequence[str]) -> bool:
    """Whether the files are in more than one split."""
    return len({splits[path] for path in paths if path in splits}) > 1
