"""The Arrays tab, built when it is first looked at: the window is shown sooner without it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.gui.preload import ARRAYS, imported, preload
from inspector.gui.tasks import Tasks
from inspector.gui.turns import Turns
from inspector.gui.view import ViewState

if TYPE_CHECKING:
    from inspector.gui.panes.arrays import ArraysPane

_SOON_MS = 120  # imports hold Python's lock: what was asked for together with the tab is painted first


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
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._import)
        self._turns = Turns((self._build, self._catch_up, self._prepare_plots), self)

    @property
    def waits(self) -> bool:
        """Whether the pane, or a plot in it that has something to draw, is still to be built."""
        return not self._turns.done or (self.pane is not None and self.pane.side.waits)

    def show_view(self, view: ViewState) -> None:
        """Show a view, in a pane that is built for the first one, once its modules are imported."""
        self._view = view
        if self.pane is not None:
            self.pane.show_view(view)
        else:
            self.prepare()

    def prepare(self) -> None:
        """Build the pane and its plots, in several turns of the event loop, once their modules are imported."""
        if imported(ARRAYS):
            self._turns.start()
        elif not self._soon.isActive():
            self._soon.start()

    def _import(self) -> None:
        self._tasks.latest("arrays modules", partial(preload, ARRAYS), self._imported)

    def _imported(self, _: None) -> None:
        self._turns.start()

    def _build(self) -> None:
        from inspector.gui.panes.arrays import ArraysPane

        self.pane = ArraysPane(self._tasks, self)
        self.pane.seek_requested.connect(self.seek_requested)
        self._column.addWidget(self.pane)
        self.setFocusProxy(self.pane)

    def _catch_up(self) -> None:
        assert self.pane is not None
        self.pane.show_view(self._view)

    def _prepare_plots(self) -> None:
        assert self.pane is not None
        self.pane.side.prepare()
