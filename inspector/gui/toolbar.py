"""The toolbar: open, audit and how far it is, profile, targets, export."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QMenu, QProgressBar, QSizePolicy, QToolBar, QToolButton, QWidget

from inspector.gui import icons, theme
from inspector.gui.actions import Actions
from inspector.gui.folder_audit import Progress
from inspector.gui.pickers import Pickers


class AuditToolBar(QToolBar):
    """Text beside icons; what cannot be done now is grey."""

    def __init__(self, actions: Actions, pickers: Pickers, export: QMenu, parent: QWidget | None = None) -> None:
        super().__init__("Toolbar", parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(QSize(2 * theme.GRID, 2 * theme.GRID))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._actions = actions
        self._pickers = pickers
        self._add("open_files", "Open")
        self._add("open_folder", "Folder")
        self.addSeparator()
        self._add("reaudit", "Re-audit")
        self._add("cancel", "Cancel")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(20 * theme.GRID, theme.GRID)
        self.bar.setAccessibleName("Progress of the audit")
        self.count = QLabel(self)
        self.count.setFont(theme.tabular_font())
        self.count.setContentsMargins(theme.GRID, 0, theme.GRID, 0)
        self.count.setAccessibleName("Files audited")
        self._gap(theme.GRID)
        self._bar_shown = self.addWidget(self.bar)
        self.addWidget(self.count)
        spring = QWidget(self)
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spring)
        self.profile = self._menu_button(pickers.profiles, "The profile that files are judged by")
        self.target = self._menu_button(pickers.targets, "The targets that files must be ready for")
        self.addSeparator()
        self.export = self._menu_button(export, "Save reports, pictures and films (Ctrl+E saves all reports)")
        self.export.setText("Export")
        self.export.setIcon(icons.icon("export"))
        self.show_options()
        self.show_progress(Progress())

    def _add(self, name: str, text: str) -> None:
        """Add an action's button with a shorter text than its menu entry."""
        action = self._actions[name]
        self.addAction(action)
        button = self.widgetForAction(action)
        action.setIconText(text)
        button.setAccessibleName(action.toolTip())

    def _gap(self, width: int) -> None:
        gap = QWidget(self)
        gap.setFixedWidth(width)
        self.addWidget(gap)

    def _menu_button(self, menu: QMenu, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        self.addWidget(button)
        return button

    def show_options(self) -> None:
        """Say which profile and targets are picked."""
        self.profile.setText(f"Profile: {self._pickers.profile_text}")
        self.target.setText(f"Targets: {self._pickers.targets_text}")

    def show_progress(self, progress: Progress) -> None:
        """Say how far scan and audit are."""
        self._actions["cancel"].setEnabled(progress.busy)
        self._bar_shown.setVisible(progress.busy)
        self.bar.setUpdatesEnabled(False)  # else it paints at once, and with it all that waits for being painted
        if progress.scanning and not progress.auditing:
            self.bar.setRange(0, 0)  # nobody knows how many there are
        else:
            self.bar.setRange(0, max(1, progress.total))
            self.bar.setValue(progress.done)
        self.bar.setUpdatesEnabled(True)
        words = ""
        if progress.scanning:
            words = f"{progress.done:,} / {progress.total:,} found"
        elif progress.auditing:
            words = f"{progress.done:,} / {progress.total:,}"
        elif progress.stopped and progress.done < progress.total:
            words = f"stopped at {progress.done:,} / {progress.total:,}"
        self.count.setText(words)
