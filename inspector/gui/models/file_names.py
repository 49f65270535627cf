"""Paths of a million files and the names they are listed by, in numpy columns of bytes: some 60 bytes a file. No Qt."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

import numpy as np
import numpy.typing as npt

from inspector.audit.record import visible_path
from inspector.gui.models.file_columns import grown
from inspector.gui.models.name_order import END, Names, Rows

_END = bytes([END])
_EXACT = "surrogatepass"  # whatever a system calls a file comes back as it was
_MUCH, _VERY_MUCH = 1 << 20, 96 << 20
_FRESH = 4096  # files that were not sorted into the index yet, at least
_SEPARATORS = "/" if os.sep == "/" else "/" + os.sep


class Texts(Sequence[str]):
    """Texts of files as they were at one moment, made when they are asked for."""

    def __init__(self, size: int, text: Callable[[int], str]) -> None:
        self._size = size
        self._text = text

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, key: int) -> str: ...
    @overload
    def __getitem__(self, key: slice) -> list[str]: ...
    def __getitem__(self, key: int | slice) -> str | list[str]:
        if isinstance(key, slice):
            return [self._text(row) for row in range(*key.indices(self._size))]
        row = int(key)
        if not -self._size <= row < self._size:
            raise IndexError(f"file: expected one of {self._size:,}, got {row:,}")
        return self._text(row % self._size)

    def __iter__(self) -> Iterator[str]:
        return map(self._text, range(self._size))

    def at(self, rows: npt.ArrayLike) -> Texts:
        """Those of some rows, in that order."""
        chosen = np.asarray(rows, np.int64)
        return Texts(len(chosen), lambda place: self._text(int(chosen[place])))


class _Bytes:
    """Pieces of text one after another, each with where it ends."""

    def __init__(self, after: bytes = b"") -> None:
        self.text = np.zeros(0, np.uint8)
        self.ends = np.zeros(0, np.int64)
        self._after = len(after)  # bytes that follow each

    def append(self, first: int, joined: bytes, lengths: Sequence[int]) -> None:
        """Put pieces into the rows from this one on; each of these lengths, and joined with what follows them."""
        start = int(self.ends[first - 1]) + self._after if first else 0
        if start + len(joined) > len(self.text) > _MUCH:
            self.text = grown(self.text, _VERY_MUCH, 0)  # once: memory that nobody wrote to costs nothing
        self.text = grown(self.text, start + len(joined), 0)
        self.text[start : start + len(joined)] = np.frombuffer(joined, np.uint8)
        self.ends = grown(self.ends, first + len(lengths), 0)
        steps = np.asarray(lengths, np.int64)
        steps[1:] += self._after
        self.ends[first : first + len(lengths)] = start + np.cumsum(steps)

    def reader(self) -> Callable[[int], bytes]:
        """Pieces by row, as they are now."""
        text, ends, after = self.text, self.ends, self._after

        def read(row: int) -> bytes:
            return text[int(ends[row - 1]) + after if row else 0 : int(ends[row])].tobytes()

        return read

    def part(self) -> None:
        """Write no more into what readers hold."""
        self.text, self.ends = self.text.copy(), self.ends.copy()


class FileNames:
    """Paths in order of arrival, each once; rows are found by path."""

    def __init__(self) -> None:
        self._size = 0
        self._folders: list[tuple[str, str]] = []  # as given, and as listed before a file's own name
        self._folder_of: dict[tuple[str, str], int] = {}
        self._folder = np.zeros(0, np.int32)
        self._own = _Bytes()
        self._folded = _Bytes(_END)
        self._keys = np.zeros(0, np.int64)  # hashes of paths, ascending, and their rows
        self._rows = np.zeros(0, np.int32)
        self._fresh: dict[int, int] = {}  # the same of the newest
        self._twins: dict[str, int] = {}  # rows of paths that share their hash with an earlier one

    def __len__(self) -> int:
        return self._size

    @property
    def paths(self) -> Texts:
        """As given."""
        return Texts(self._size, self._paths())

    @property
    def names(self) -> Texts:
        """As listed: relative to the opened folder, and any encoder takes it."""
        own, folder, folders = self._own.reader(), self._folder, self._folders

        def name(row: int) -> str:
            return visible_path(folders[int(folder[row])][1] + own(row).decode("utf-8", _EXACT))

        return Texts(self._size, name)

    @property
    def folded(self) -> Names:
        """Names as they are compared (`fold`), to be sorted and searched."""
        return Names(self._folded.text, self._folded.ends[: self._size])

    # --- rows by path ----------------------------------------------------------------------------------------

    def get(self, path: str) -> int | None:
        """Row of a path; None where it is not listed."""
        row = int(self.find([path])[0])
        return None if row < 0 else row

    def __contains__(self, path: str) -> bool:
        return self.get(path) is not None

    def __getitem__(self, path: str) -> int:
        row = self.get(path)
        if row is None:
            raise KeyError(path)
        return row

    def find(self, paths: Sequence[str]) -> Rows:
        """Rows of paths, int64 (k,), -1 for those that are not listed."""
        keys = np.fromiter(map(hash, paths), np.int64, len(paths))
        rows = self._sorted_in(keys)
        fresh = self._fresh
        path_of = self._paths()
        for k, key in enumerate(keys.tolist()):
            row = fresh.get(key, -1) if rows[k] < 0 else int(rows[k])
            if row >= 0 and path_of(row) != paths[k]:
                row = self._twins.get(paths[k], -1)
            rows[k] = row
        return rows

    # --- change ----------------------------------------------------------------------------------------------

    def append(self, paths: Iterable[str], root: str = "") -> int:
        """Add paths that are not there yet; how many those were. Names are relative to `root`, where they can be."""
        prefix = os.path.join(root, "") if root else ""  # noqa: PTH118 - paths here are text with surrogate escapes
        new = self._unknown(list(paths))
        first = self._size
        own, listed = [], []
        numbers = np.empty(len(new), np.int32)
        last, number, shown = None, 0, ""
        for k, path in enumerate(new):
            cut = max(map(path.rfind, _SEPARATORS)) + 1
            folder = path[:cut]
            if folder != last:
                last, number = folder, self._number(folder, prefix)
                shown = self._folders[number][1]
            own.append(path[cut:])
            listed.append(shown + path[cut:])
            numbers[k] = number
        self._folder = grown(self._folder, first + len(new), 0)
        self._folder[first : first + len(new)] = numbers
        self._own.append(first, *_joined(own, ""))
        self._folded.append(first, *_joined(_all_folded(listed), "\n"))
        self._size += len(new)
        return len(new)

    def shorten(self, size: int) -> None:
        """Forget the paths from this row on; texts that others hold stay."""
        self._own.part()
        self._folded.part()
        self._folder = self._folder.copy()
        self._size = size
        stays = self._rows < size
        self._keys, self._rows = self._keys[stays], self._rows[stays]
        self._fresh = {key: row for key, row in self._fresh.items() if row < size}
        self._twins = {path: row for path, row in self._twins.items() if row < size}

    # --- inside ----------------------------------------------------------------------------------------------

    def _paths(self) -> Callable[[int], str]:
        own, folder, folders = self._own.reader(), self._folder, self._folders

        def path(row: int) -> str:
            return folders[int(folder[row])][0] + own(row).decode("utf-8", _EXACT)

        return path

    def _number(self, folder: str, prefix: str) -> int:
        found = self._folder_of.get((folder, prefix))
        if found is None:
            inside = bool(prefix) and folder.startswith(prefix)
            found = self._folder_of[folder, prefix] = len(self._folders)
            self._folders.append((folder, folder[len(prefix) :] if inside else ""))
        return found

    def _sorted_in(self, keys: Rows) -> Rows:
        rows = np.full(len(keys), -1, np.int64)
        if len(self._keys):
            at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            there = self._keys[at] == keys
            rows[there] = self._rows[at[there]]
        return rows

    def _unknown(self, paths: list[str]) -> list[str]:
        """Those that are not listed, each once, and put into the index as the next rows."""
        keys = np.fromiter(map(hash, paths), np.int64, len(paths))
        known = self._sorted_in(keys) >= 0
        fresh, new = self._fresh, list[str]()
        for key, maybe, path in zip(keys.tolist(), known.tolist(), paths, strict=True):
            row = self._size + len(new)
            if maybe or key in fresh:
                other = fresh.get(key, -1)
                same = new[other - self._size] == path if other >= self._size else path in self
                if same or path in self._twins:
                    continue
                self._twins[path] = row
            else:
                fresh[key] = row
            new.append(path)
        if len(fresh) > max(_FRESH, len(self._keys) // 16):
            self._sort_in()
        return new

    def _sort_in(self) -> None:
        keys = np.fromiter(self._fresh, np.int64, len(self._fresh))
        rows = np.fromiter(self._fresh.values(), np.int32, len(self._fresh))
        order = np.argsort(keys)
        places = np.searchsorted(self._keys, keys[order])
        self._keys = np.insert(self._keys, places, keys[order])
        self._rows = np.insert(self._rows, places, rows[order])
        self._fresh = {}


def fold(name: str) -> str:
    """For comparing: any letter case, and folders sort before what their name is a part of, as paths do."""
    return name.casefold().replace("\\", "/").replace("/", "\x01")


def _all_folded(names: list[str]) -> list[str]:
    """Paths below the root as they are compared; one call for all of them where they are plain."""
    joined = "\n".join(names)
    if joined.isascii() and joined.replace("\n", "").isprintable():
        folded = fold(joined).split("\n")
        if len(folded) == len(names):
            return folded
    return [fold(visible_path(name)) for name in names]


def _joined(texts: list[str], after: str) -> tuple[bytes, list[int]]:
    joined = "".join([text + after for text in texts]) if after else "".join(texts)
    if joined.isascii():
        return joined.encode("ascii"), list(map(len, texts))
    pieces = [text.encode("utf-8", _EXACT) for text in texts]
    return b"".join(piece + after.encode() for piece in pieces), list(map(len, pieces))
