"""Paths and files in a few words, for menus and the line at the bottom."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale

from inspector.audit.record import Record, visible_path
from inspector.gui.reopened import is_gone
from inspector.gui.view import ViewState


def short(path: str, most: int = 80) -> str:
    """A path as it fits in a menu: the home folder as ``~``, cut in front where it is long; ``&`` is doubled."""
    text, home = visible_path(path), str(Path.home())
    if text.startswith(home):
        text = "~" + text[len(home) :]
    if len(text) > most:
        text = "…" + text[-most:]
    return text.replace("&", "&&")


def remark(record: Record) -> str:
    """What of a file could not be measured, or that it is gone, as a sentence; empty when all is well."""
    if record.error is None:
        return ""
    return record.error if is_gone(record) else f"Not everything could be measured: {record.error}"


def about_file(view: ViewState) -> str:
    """One line about the selected file: where it is, how large, what it is judged as."""
    if view.path is None:
        return ""
    parts = [visible_path(view.path)]
    if view.inspection is not None:
        record = view.inspection.record
        if record.size_bytes >= 0:
            parts.append(QLocale.c().formattedDataSize(record.size_bytes))
        parts.append(f"judged as {view.inspection.profile.title}")
    return "  ·  ".join(parts)
