"""Finding `.npz` files in folders, in batches while the search still runs."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from inspector.paths import is_url

FIRST_BATCH = 32
BATCH = 500
_PATIENCE = 0.1
"""Seconds after which a batch that is not full is handed on, so that a slow network disk still shows something."""

OnError = Callable[[str, OSError], None]


def scan(
    paths: Sequence[str | Path],
    recursive: bool = True,
    on_error: OnError | None = None,
    on_folder: Callable[[str], None] | None = None,
) -> Iterator[list[str]]:
    """Find the files to audit.

    In folders, what ends in ``.npz`` in any letter case counts, hidden or not; a macOS companion (``._a.npz`` beside
    ``a.npz``) does not, for it holds no arrays. Hidden folders (``.git``, ``.snapshot``) are entered only when they
    are given themselves. Links to folders are followed after everything else, and no folder is read twice, so loops
    end and a file is listed under its real folder. Pipes, devices and folders named ``x.npz`` are listed too: their
    audit says that they are no files.

    Parameters
    ----------
    paths
        Folders, and files whatever they are called, on this machine or by URL. A path given twice counts once.
    recursive
        Also search the folders inside folders.
    on_error
        Called with the path and the reason for each one that does not exist or cannot be listed.
    on_folder
        Called with each folder that is listed.

    Raises
    ------
    UsageError
        When nothing here reads a URL's kind; says what to install.

    Yields
    ------
    list of str
        A small batch soon, then about `BATCH` at a time, in no promised order (see `sort_key`). Relative paths stay
        relative; names that are not UTF-8 keep their bytes as surrogate escapes.
    """
    search = _Search(recursive, on_error or _ignore, on_folder or _ignore_folder)
    batch: list[str] = []
    size, due = FIRST_BATCH, time.monotonic() + _PATIENCE
    for path in search.run(paths):
        if path is not None:
            batch.append(path)
        if batch and (len(batch) >= size or time.monotonic() >= due):
            yield batch
            batch, size, due = [], BATCH, time.monotonic() + _PATIENCE
    if batch:
        yield batch


def sort_key(path: str) -> list[str]:
    """Order of `pathlib`, part by part: ``a/b`` comes before ``a-b``, as in ``sorted(folder.glob(...))``."""
    if os.name == "nt":
        return path.lower().replace("/", "\\").split("\\")
    return path.split("/")


def _ignore(_path: str, _error: OSError) -> None:
    """Nobody asked."""


def _ignore_folder(_folder: str) -> None:
    """Nor here."""


class _Search:
    """One walk: what was seen, and the links left for last."""

    def __init__(self, recursive: bool, on_error: OnError, on_folder: Callable[[str], None]) -> None:
        self.recursive = recursive
        self.on_error = on_error
        self.on_folder = on_folder
        self.folders: set[tuple[int, int]] = set()
        self.files: set[tuple[str, str]] = set()
        self.links: list[str] = []
        self.several = False  # paths were given, so that a file may come twice

    def run(self, paths: Sequence[str | Path]) -> Iterator[str | None]:
        """Paths of files; None now and then while there are none."""
        self.several = len(paths) > 1
        for given in paths:
            if isinstance(given, str) and is_url(given):
                yield from self.remote(given)
                continue
            path = os.fspath(Path(given))
            try:
                found = Path(path).stat()
            except (OSError, ValueError) as error:
                if os.path.lexists(path):  # a link to nothing: its audit says so
                    yield from self.given(path)
                else:
                    self.on_error(path, error if isinstance(error, OSError) else OSError(str(error)))
                continue
            if stat.S_ISDIR(found.st_mode):
                yield from self.tree(path)
            else:
                yield from self.given(path)
        while self.links:
            waiting, self.links = sorted(self.links, key=sort_key), []
            for path in waiting:
                yield from self.tree(path)

    def once(self, path: str, folder: str, name: str) -> Iterator[str]:
        """The path, unless the same name in the same folder (resolved) came before."""
        if not self.several:  # no folder is read twice; names of a million files would take 200 MB
            yield path
        elif (folder, name) not in self.files:
            self.files.add((folder, name))
            yield path

    def given(self, path: str) -> Iterator[str]:
        file = Path(path)
        yield from self.once(path, str(file.parent.resolve()), file.name)

    def remote(self, url: str) -> Iterator[str]:
        from inspector.archive.remote import list_urls  # local paths do without

        root = url.rstrip("/") + "/"
        try:
            found = list_urls(url, self.recursive)
        except OSError as error:
            self.on_error(url, error)
            return
        there = set(found)
        for path in found:
            folder, _, name = path.rpartition("/")
            if path.startswith(root):  # else it is the file that was given
                hidden = any(part.startswith(".") for part in path[len(root) :].split("/")[:-1])
                companion = name.startswith("._") and f"{folder}/{name[2:]}" in there
                if hidden or companion or not name.lower().endswith(".npz"):
                    continue
            yield from self.once(path, folder, name)

    def tree(self, root: str) -> Iterator[str | None]:
        stack = [root]
        while stack:
            folder = stack.pop()
            inner: list[str] = []
            yield from self.folder(folder, inner)
            stack += sorted(inner, key=sort_key, reverse=True)

    def folder(self, folder: str, inner: list[str]) -> Iterator[str | None]:
        """Files of one folder; real folders inside it are added to `inner`."""
        try:
            found = Path(folder).stat()
            if (found.st_dev, found.st_ino) in self.folders:
                return
            self.folders.add((found.st_dev, found.st_ino))
            prefix = "" if folder == os.curdir else folder if folder.endswith(os.sep) else folder + os.sep
            whole = str(Path(folder).resolve())
            self.on_folder(folder)
            with os.scandir(folder) as entries:
                for entry in entries:
                    yield from self.entry(entry, prefix, whole, inner)
        except OSError as error:
            self.on_error(folder, error)

    def entry(self, entry: os.DirEntry[str], prefix: str, whole: str, inner: list[str]) -> Iterator[str | None]:
        name = entry.name
        path = prefix + name
        if name.lower().endswith(".npz") and not (name.startswith("._") and os.path.lexists(prefix + name[2:])):
            yield from self.once(path, whole, name)
        if not self.recursive or name.startswith("."):
            return
        try:
            folder, link = entry.is_dir(), entry.is_symlink()
        except OSError:  # a link that leads to itself is no folder
            return
        if folder:
            (self.links if link else inner).append(path)
            yield None
