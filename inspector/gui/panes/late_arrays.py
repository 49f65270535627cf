"""The Arrays tab, built when it is first looked at: the window is shown sooner without it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.gui.preload import ARRAYS, imported, preload
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState

if TYPE_CHECKING:
    from inspector.gui.panes.arrays import ArraysPane


class LateArrays(QWidget):
    """Holds the place of an `ArraysPane` and passes on what it asks for."""

    seek_requested = Signal(int)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.pane: ArraysPane | None = None
        self._view = ViewState()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_view(self, view: ViewState) -> None:
        """Show a view, in a pane that is built for the first one, once its modules are imported."""
        self._view = view
        if self.pane is not None:
            self.pane.show_view(view)
        elif imported(ARRAYS):
            self._build(None)
        else:
            self._tasks.latest("arrays modules", partial(preload, ARRAYS), self._build)

    def _build(self, _: None) -> None:
        from inspector.gui.panes.arrays import ArraysPane

        if self.pane is None:
            self.pane = ArraysPane(self._tasks, self)
            self.pane.seek_requested.connect(self.seek_requested)
            self._column.addWidget(self.pane)
            self.setFocusProxy(self.pane)
        self.pane.show_view(self._view)
