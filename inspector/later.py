"""Imports that are put off until what they bring is asked for; light, since it stands at the door of every room."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def imported_later(package: str, places: Mapping[str, str]) -> Callable[[str], object]:
    """The ``__getattr__`` of a package (PEP 562) that imports a name when it is first asked for, and keeps it.

    Parameters
    ----------
    package
        Its ``__name__``.
    places
        Name -> module that has it; one that begins with a dot lies in the package.
    """

    def get(name: str) -> object:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found: object = getattr(import_module(places[name], package), name)
        vars(sys.modules[package])[name] = found
        return found

    return get
