"""Modules that the window needs sooner or later, imported off the UI thread so that nobody waits for them."""

from __future__ import annotations

from importlib import import_module

WORKSPACE = ("inspector.gui.workspace",)
"""What the panes are made of."""

READING = ("numpy.ma", "inspector.profiles.loading", "inspector.audit.one", "inspector.audit.many")
"""What listing, auditing and inspecting take."""

ARRAYS = ("inspector.gui.panes.arrays", "inspector.gui.panes.arrays_plot")
"""The tab of arrays, with the plotting library."""

VIDEO = ("inspector.gui.panes.video",)
TRAJECTORY = ("inspector.gui.panes.trajectory",)
DATASET = ("inspector.gui.panes.dataset",)
"""The tabs of a data set of videos."""

FOLDER = ("inspector.gui.panes.folder",)
"""The plots of a folder."""

_DONE: set[tuple[str, ...]] = set()


def preload(modules: tuple[str, ...]) -> None:
    """Import them."""
    for name in modules:
        import_module(name)
    _DONE.add(modules)


def imported(modules: tuple[str, ...]) -> bool:
    """Whether `preload` is done with them; a module that is half imported makes whoever needs it wait."""
    return modules in _DONE
