"""Labels of files from a table: read, and joined to the files."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inspector.audit.across.names import Files, parts_of
from inspector.audit.across.splits import read_text
from inspector.errors import UsageError

KNOWN = ("file", "gloss", "cat", "occluded")
_CLASS = ("gloss", "cat")
_DELIMITERS = ",;\t"
_YES = frozenset("1 true yes y t".split())
_NO = frozenset("0 false no n f".split())


@dataclass(frozen=True, slots=True)
class Label:
    """One row.

    Attributes
    ----------
    file
        As the table has it.
    gloss, cat
        Empty where the table has no such column, or nothing in it.
    occluded
        None where it is not said.
    extra
        The other columns.
    line
        Where the row ends in the table, from 1.
    """

    file: str
    gloss: str = ""
    cat: str = ""
    occluded: bool | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    line: int = 0

    @property
    def values(self) -> tuple[str, str, bool | None]:
        """What two rows of one file must agree on."""
        return self.gloss, self.cat, self.occluded


@dataclass(frozen=True, slots=True)
class Labels:
    """A table of labels, read.

    Attributes
    ----------
    source
        The table's path.
    columns
        Their names in the table's order; the known ones in small letters.
    rows
        In the table's order.
    """

    source: str
    columns: tuple[str, ...]
    rows: tuple[Label, ...]

    @property
    def class_column(self) -> str | None:
        """The column that names a file's class: ``gloss``, or else ``cat``."""
        return next((name for name in _CLASS if name in self.columns), None)

    def join(self, paths: Sequence[str]) -> Joined:
        """Find the file of each row and the row of each file."""
        files = Files(paths)
        found: dict[str, list[Label]] = {}
        missing: dict[tuple[str, ...], Label] = {}
        for row in self.rows:
            hits = files.find(row.file)
            if not hits:
                missing.setdefault(parts_of(row.file), row)
            for path in hits:
                found.setdefault(path, []).append(row)
        kept, conflicts, repeats = {}, {}, {}
        for path, rows in found.items():
            if len({row.values for row in rows}) > 1:
                conflicts[path] = tuple(rows)
            elif len(rows) > 1:
                repeats[tuple(row.line for row in rows)] = tuple(rows)
            kept[path] = rows[0]
        return Joined(self, kept, tuple(missing.values()), conflicts, tuple(repeats.values()))


@dataclass(frozen=True, slots=True)
class Joined:
    """Labels and files, brought together.

    Attributes
    ----------
    of
        Path -> its row; of several, the first.
    missing
        Rows that no file belongs to.
    conflicts
        Path -> its rows, where they say different things.
    repeats
        Rows that say the same of one file more than once.
    """

    table: Labels
    of: Mapping[str, Label]
    missing: tuple[Label, ...]
    conflicts: Mapping[str, tuple[Label, ...]]
    repeats: tuple[tuple[Label, ...], ...]

    def class_of(self, path: str) -> str:
        """The class of a file; empty where it has none, or several rows disagree."""
        row, column = self.of.get(path), self.table.class_column
        if row is None or column is None or path in self.conflicts:
            return ""
        return row.gloss if column == "gloss" else row.cat

    def classes(self) -> Counter[str]:
        """How many files each class has."""
        return Counter(name for path in self.of if (name := self.class_of(path)))


def read_labels(path: str | Path) -> Labels:
    """Read a table of labels.

    Parameters
    ----------
    path
        CSV with a header that holds ``file`` and any of ``gloss``, ``cat`` and ``occluded``, in any order and letter
        case; other columns are kept. Commas, semicolons or tabs; quotes; any line ends; with or without a byte order
        mark.

    Raises
    ------
    UsageError
        When it cannot be read or is no such table; the message names file, line, expected and found.
    """
    source = str(path)
    text = read_text(path)
    delimiter = _delimiter(text)
    rows = _rows(source, text, delimiter)
    line, header = next(rows, (1, []))
    columns = _columns(source, line, header)
    labels = tuple(_label(source, columns, line, cells) for line, cells in rows)
    return Labels(source, columns, labels)


def _delimiter(text: str) -> str:
    """The one that makes most columns of the first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=lambda mark: (_has_file(first, mark), first.count(mark)))


def _has_file(first: str, mark: str) -> bool:
    return any(cell.strip().strip('"').strip().lower() == "file" for cell in first.split(mark))


def _rows(source: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with the line on which each ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise UsageError(f"{source}: line {reader.line_num}: expected a row of a table, found {error}") from error


def _columns(source: str, line: int, header: Sequence[str]) -> tuple[str, ...]:
    names = tuple(name.lower() if name.lower() in KNOWN else name for name in header)
    found = ", ".join(names) or "nothing"
    if "file" not in names:
        raise UsageError(f"{source}: line {line}: expected a header with a column 'file', found {found}")
    twice = [name for name, times in Counter(names).items() if name and times > 1]
    if twice:
        raise UsageError(f"{source}: line {line}: expected each column once, found {twice[0]!r} twice")
    return names


def _label(source: str, columns: Sequence[str], line: int, cells: Sequence[str]) -> Label:
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        raise UsageError(f"{source}: line {line}: expected {len(columns)} values, found {len(cells)}")
    row = dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))
    if not parts_of(row["file"]):
        raise UsageError(f"{source}: line {line}: expected the name of a file, found {row['file']!r}")
    extra = {name: value for name, value in row.items() if name not in KNOWN}
    occluded = _occluded(source, line, row.get("occluded", ""))
    return Label(row["file"], row.get("gloss", ""), row.get("cat", ""), occluded, extra, line)


def _occluded(source: str, line: int, text: str) -> bool | None:
    if not text:
        return None
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise UsageError(f"{source}: line {line}: expected 1 or 0, true or false in 'occluded', found {text!r}")
