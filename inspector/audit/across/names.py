"""Which files a name in a list means, and how files are named to people."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from inspector.audit.record import visible_path
from inspector.paths import is_url

SUFFIX = ".npz"
_SHOWN = 3


def common_folder(paths: Sequence[str]) -> str:
    """The deepest folder that holds all of them; empty when there is none, as on different drives."""
    if not paths:
        return ""
    if any(map(is_url, paths)):  # which commonpath would take apart
        first, last = (f(path.split("/")[:-1] for path in paths) for f in (min, max))
        same = [one == other for one, other in zip(first, last, strict=False)]
        shared = first[: [*same, False].index(False)]
        return "/".join(shared) if len(shared) > 2 else ""  # scheme, nothing, and the store at least
    try:
        return os.path.commonpath([os.path.dirname(path) or os.curdir for path in paths])  # noqa: PTH120 - bytes stay
    except ValueError:
        return ""


def relative(path: str, root: str) -> str:
    """A path below the root, as it is shown."""
    inner = path
    if root and path.startswith(root):
        inner = path[len(root) :].lstrip("/") if is_url(root) else os.path.relpath(path, root)
    return visible_path(inner)


def few(paths: Sequence[str], root: str) -> str:
    """At most three of them by name."""
    named = ", ".join(relative(path, root) for path in paths[:_SHOWN])
    more = len(paths) - _SHOWN
    return f"{named} and {more} more" if more > 0 else named


def parts_of(text: str) -> tuple[str, ...]:
    """A name or path as its parts, the last without ``.npz``; either slash parts them."""
    parts = [part for part in text.strip().replace("\\", "/").split("/") if part not in ("", ".")]
    if parts and parts[-1].lower().endswith(SUFFIX) and len(parts[-1]) > len(SUFFIX):
        parts[-1] = parts[-1][: -len(SUFFIX)]
    return tuple(parts)


class Files:
    """Files by the ends of their paths.

    Parameters
    ----------
    paths
        As the operating system names them.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_stem: defaultdict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for path in paths:
            parts = parts_of(path)
            if parts:
                self._by_stem[parts[-1].casefold()].append((parts, path))

    def find(self, text: str) -> list[str]:
        """The files that a line of a list means.

        A stem or name means every file of that name, in whatever folder; a path the files whose paths end so. Where
        the list knows folders that lie above the files here, or gives another suffix, as of the video that a clip was
        made of, or other letter case, the name alone decides if only one file has it.
        """
        wanted = parts_of(text)
        if not wanted:
            return []
        found = self._ending(wanted)
        if found:
            return found
        stem = PurePath(wanted[-1]).stem
        if stem != wanted[-1] and (found := self._ending((*wanted[:-1], stem))):
            return found
        for name in dict.fromkeys((wanted[-1], stem)):
            alike = self._by_stem.get(name.casefold(), [])
            if len(alike) == 1:
                return [alike[0][1]]
        return []

    def _ending(self, wanted: tuple[str, ...]) -> list[str]:
        alike = self._by_stem.get(wanted[-1].casefold(), [])
        return [path for parts, path in alike if parts[-len(wanted) :] == wanted]
