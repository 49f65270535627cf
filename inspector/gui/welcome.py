"""What the window says while nothing is open."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from inspector.audit.record import visible_path
from inspector.gui import icons, theme
from inspector.gui.actions import Actions
from inspector.gui.words import short

_SHOWN_RECENT = 5


class Welcome(QWidget):
    """Open, drop, or go on with something recent.

    Signals
    -------
    path_requested(str)
        A recent path was picked.
    """

    path_requested = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Nothing is open")
        heading = QLabel("Drop .npz files or a folder here", self)
        large = QFont(QApplication.font())
        large.setPointSizeF(large.pointSizeF() * 1.6)
        heading.setFont(large)
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GRID)
        buttons.addStretch(1)
        for name, text in (("open_folder", "Open a folder"), ("open_files", "Open files")):
            button = QToolButton(self)
            button.setText(text)
            button.setIcon(actions[name].icon())
            button.setToolTip(actions[name].toolTip())
            button.clicked.connect(actions[name].trigger)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setIconSize(QSize(20, 20))
            button.setMinimumHeight(5 * theme.GRID)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(2 * theme.GRID)
        column.addStretch(2)
        column.addWidget(heading)
        column.addLayout(buttons)
        column.addSpacing(theme.GRID)
        column.addLayout(self._recent)
        column.addStretch(3)

    def show_recent(self, paths: Sequence[str]) -> None:
        """List what was opened lately."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for path in paths[:_SHOWN_RECENT]:
            button = QToolButton(self)
            button.setText(short(path))
            button.setIcon(icons.icon("folder" if Path(path).is_dir() else "open"))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setAccessibleName(f"Open {visible_path(path)}")
            button.clicked.connect(partial(self._request, path))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def _request(self, path: str, *_: bool) -> None:
        self.path_requested.emit(path)
