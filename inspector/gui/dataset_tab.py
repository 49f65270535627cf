"""The tab of many at once: the samples of a data set of videos where one is shown, else the files of the folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from inspector.gui.panes.late import LatePane
from inspector.gui.preload import DATASET, FOLDER
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState

if TYPE_CHECKING:
    from inspector.gui.panes.dataset import DataSetPane
    from inspector.gui.panes.folder import FolderPane


class DataSetTab(QStackedWidget):
    """Two panes, one of which is seen; each is built when it is first looked at.

    Parameters
    ----------
    connect
        Hears a new pane's signals.
    """

    def __init__(self, tasks: Tasks, connect: Callable[[QWidget], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._hear = connect
        self.samples = LatePane(tasks, DATASET, self._make_samples, self)
        self.files = LatePane(tasks, FOLDER, self._make_files, self)
        for pane in (self.files, self.samples):
            self.addWidget(pane)
        self.setFocusProxy(self.files)

    @property
    def waits(self) -> bool:
        """Whether the pane in front is still to be built."""
        return self._front.waits

    @property
    def shows_files(self) -> bool:
        """Whether the folder is in front."""
        return self.currentWidget() is self.files

    def show_view(self, view: ViewState) -> None:
        """Show a view in the pane that fits it; the one in front stays there while a file is being read."""
        if view.inspection is not None or not view.loading:
            front = self.samples if view.dataset is not None else self.files
            self.setCurrentWidget(front)
            self.setFocusProxy(front)
        self._front.show_view(view)

    @property
    def _front(self) -> LatePane[DataSetPane] | LatePane[FolderPane]:
        return self.files if self.shows_files else self.samples

    def _make_samples(self, parent: QWidget) -> DataSetPane:
        from inspector.gui.panes.dataset import DataSetPane

        pane = DataSetPane(parent, tasks=self._tasks)
        self._hear(pane)
        return pane

    def _make_files(self, parent: QWidget) -> FolderPane:
        from inspector.gui.panes.folder import FolderPane

        pane = FolderPane(parent)
        self._hear(pane)
        return pane
