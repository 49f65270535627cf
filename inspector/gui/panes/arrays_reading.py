"""What the Arrays pane runs in worker threads: plain functions of plain values, no widget in reach."""

from __future__ import annotations

import importlib
from pathlib import Path

from inspector.audit.array_export import save_array
from inspector.audit.array_object import Words, read_words
from inspector.audit.array_picture import Picture, picture
from inspector.audit.array_stats import Statistics, statistics
from inspector.audit.arrays import Cut, Held, Job, Page, page_tsv, read_page

_PLOTS = "inspector.gui.panes.arrays_plot"


def page_of(held: Held, name: str, cut: Cut, job: Job) -> Page | None:
    """One page of values."""
    return read_page(held.npz(), name, cut, job)


def words_of(held: Held, name: str, _job: Job) -> Words:
    """A value without a table, as text."""
    return read_words(held.npz(), name)


def statistics_of(held: Held, name: str, job: Job) -> Statistics | None:
    """Figures of a whole array."""
    found = statistics(held.npz(), name, job)
    _load_plots()
    return found


def picture_of(held: Held, name: str, lead: tuple[int, ...], job: Job) -> Picture | None:
    """A heat map or line."""
    drawn = picture(held.npz(), name, lead, job)
    _load_plots()
    return drawn


def tsv_of(page: Page, _job: Job) -> str:
    """A page as text for the clipboard."""
    return page_tsv(page)


def saved(held: Held, name: str, path: Path, job: Job) -> Path | None:
    """Write an array to a file of its own, and let the archive go."""
    try:
        return save_array(held.npz(), name, path, job)
    finally:
        held.close()


def _load_plots() -> None:
    """Import pyqtgraph here, where its 0.2 s hold nobody up; the pane then finds it loaded."""
    importlib.import_module(_PLOTS)
