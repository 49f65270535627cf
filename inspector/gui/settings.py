"""What the window remembers between runs: an ini file in this user's config folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields

from PySide6.QtCore import QByteArray, QSettings

from inspector import paths
from inspector.gui.view import Display

RECENT = 10
LISTS = 50
"""Folders whose labels and splits are remembered."""
THEMES = ("system", "light", "dark")


class Settings:
    """Typed access; what cannot be read is as if it had never been saved."""

    def __init__(self) -> None:
        file = paths.config_dir() / "window.ini"
        self._ini = QSettings(str(file), QSettings.Format.IniFormat)

    def save(self) -> None:
        """Write to disk now."""
        self._ini.sync()

    @property
    def recent(self) -> list[str]:
        """Paths opened lately, newest first."""
        value = self._ini.value("recent", [])
        values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [text for text in values if isinstance(text, str) and text][:RECENT]

    def add_recent(self, path: str) -> None:
        """Put a path on top of the recent ones."""
        self._ini.setValue("recent", [path, *(p for p in self.recent if p != path)][:RECENT])

    def clear_recent(self) -> None:
        """Forget them."""
        self._ini.remove("recent")

    def layout(self, name: str) -> QByteArray | None:
        """Geometry of a window or splitter as it was saved."""
        value = self._ini.value(f"layout/{name}")
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def set_layout(self, name: str, state: QByteArray) -> None:
        """Save the geometry of a window or splitter."""
        self._ini.setValue(f"layout/{name}", state)

    def lists(self, root: str) -> tuple[str, tuple[str, ...]]:
        """Labels and splits that a folder had: a path, and paths; empty without."""
        found = self._all_lists().get(root)
        if not isinstance(found, list):
            return "", ()
        texts = [text for text in found if isinstance(text, str)]
        return (texts[0], tuple(texts[1:])) if texts else ("", ())

    def set_lists(self, root: str, labels: str, splits: Sequence[str]) -> None:
        """Remember labels and splits of a folder, and forget those of the folder that had them first of too many."""
        known = {folder: each for folder, each in self._all_lists().items() if folder != root}
        if labels or splits:
            known[root] = [labels, *splits]
        self.set_text("lists", json.dumps(dict(list(known.items())[-LISTS:])))

    def _all_lists(self) -> dict[str, object]:
        try:
            found = json.loads(self.text("lists", "{}"))
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def text(self, name: str, default: str = "") -> str:
        """A text saved under a name."""
        value = self._ini.value(f"window/{name}", default)
        return value if isinstance(value, str) else default

    def set_text(self, name: str, value: str) -> None:
        """Save a text under a name."""
        self._ini.setValue(f"window/{name}", value)

    def flag(self, name: str, default: bool) -> bool:
        """A yes or no saved under a name."""
        return {"true": True, "false": False}.get(self.text(name), default)

    def set_flag(self, name: str, value: bool) -> None:
        """Save a yes or no under a name."""
        self.set_text(name, "true" if value else "false")

    @property
    def theme(self) -> str:
        """One of `THEMES`."""
        value = self.text("theme", THEMES[0])
        return value if value in THEMES else THEMES[0]

    @property
    def display(self) -> Display:
        """What was drawn on the canvas."""
        return Display(**{f.name: self.flag(f"display/{f.name}", bool(f.default)) for f in fields(Display)})

    def set_display(self, display: Display) -> None:
        """Save what is drawn on the canvas."""
        for name, value in asdict(display).items():
            self.set_flag(f"display/{name}", value)
