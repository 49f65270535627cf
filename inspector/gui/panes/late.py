"""A tab that is built when it is first looked at: the window is shown sooner without it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Generic, Protocol, TypeVar, cast

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.gui.preload import imported, preload
from inspector.gui.tasks import Tasks
from inspector.gui.turns import Turns
from inspector.gui.view import ViewState

_SOON_MS = 120  # imports hold Python's lock: what was asked for together with the tab is painted first


class Pane(Protocol):
    """A widget that shows a view."""

    def show_view(self, view: ViewState) -> None:
        """Show a view."""


P = TypeVar("P", bound=Pane)


class LatePane(QWidget, Generic[P]):
    """Holds the place of a pane.

    Parameters
    ----------
    modules
        What the pane needs, imported off the UI thread.
    build
        Makes the pane, its signals connected; called once those are imported, with this widget as parent.
    then
        Called in a turn of its own after the first view was shown, to get on with what comes later.
    unfinished
        Whether something in a built pane is still to come.
    """

    def __init__(
        self,
        tasks: Tasks,
        modules: tuple[str, ...],
        build: Callable[[QWidget], P],
        parent: QWidget | None = None,
        *,
        then: Callable[[P], None] | None = None,
        unfinished: Callable[[P], bool] | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._modules = modules
        self._make = build
        self._unfinished = unfinished
        self.pane: P | None = None
        self._view = ViewState()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self._import)
        self._turns = Turns((self._build, self._catch_up), self)
        if then is not None:
            self._turns.add(partial(self._get_on, then))

    @property
    def waits(self) -> bool:
        """Whether the pane, or something in it that is seen, is still to be built."""
        if self.pane is None or not self._turns.done:
            return True
        return self._unfinished is not None and self._unfinished(self.pane)

    def show_view(self, view: ViewState) -> None:
        """Show a view, in a pane that is built for the first one, once its modules are imported."""
        self._view = view
        if self.pane is not None:
            self.pane.show_view(view)
        else:
            self.prepare()

    def prepare(self) -> None:
        """Build the pane in several turns of the event loop, once its modules are imported."""
        if imported(self._modules):
            self._turns.start()
        elif not self._soon.isActive():
            self._soon.start()

    def _import(self) -> None:
        self._tasks.latest(f"modules {self._modules[0]}", partial(preload, self._modules), self._imported)

    def _imported(self, _: None) -> None:
        self._turns.start()

    def _build(self) -> None:
        self.pane = pane = self._make(self)
        widget = cast("QWidget", pane)  # a type cannot say "a widget that is a Pane"
        self._column.addWidget(widget)
        self.setFocusProxy(widget)

    def _catch_up(self) -> None:
        assert self.pane is not None
        self.pane.show_view(self._view)

    def _get_on(self, then: Callable[[P], None]) -> None:
        assert self.pane is not None
        then(self.pane)
