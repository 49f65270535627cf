"""The shortcuts, as the table of actions has them."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from inspector import __version__
from inspector.gui import theme
from inspector.gui.actions import HABITS, MENUS

_CELL = "padding: 2px 12px 2px 0"


def shortcut_rows() -> dict[str, list[tuple[str, str]]]:
    """(keys, what they do) by menu, for every action that has a shortcut."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for title, menu in MENUS.items():
        for spec in menu:
            if spec.keys:
                keys = "  ".join(_native(key) for key in spec.keys)
                rows.setdefault(_plain(title), []).append((keys, _plain(spec.text)))
    return rows


class HelpDialog(QDialog):
    """All shortcuts on one page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(92 * theme.GRID, 84 * theme.GRID)
        self.page = QTextBrowser(self)
        self.page.setHtml(_page())
        self.page.setAccessibleName("Shortcuts")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.page, 1)
        column.addWidget(buttons)


def about_text() -> str:
    """A few words on what this is."""
    return (
        f"<h3>NPZ Inspector {html.escape(__version__)}</h3>"
        "<p>Audits, shows and explains machine-learning data in NumPy .npz files.</p>"
        "<p>Nothing in a file is ever executed, and no file is ever changed.</p>"
    )


def _page() -> str:
    sections = [*shortcut_rows().items(), ("Mouse and list", list(HABITS))]
    columns: tuple[list[str], list[str]] = ([], [])
    for title, rows in sections:
        shorter = min(columns, key=lambda column: sum(part.count("<tr>") for part in column))
        cells = "".join(
            f"<tr><td style='{_CELL}'><b>{html.escape(keys)}</b></td><td style='{_CELL}'>{html.escape(text)}</td></tr>"
            for keys, text in rows
        )
        shorter.append(f"<h4>{html.escape(title)}</h4><table>{cells}</table>")
    left, right = ("".join(column) for column in columns)
    return f"<table width='100%'><tr><td width='50%'>{left}</td><td width='50%'>{right}</td></tr></table>"


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _plain(text: str) -> str:
    return text.replace("&", "").rstrip("…")
