"""All clips of a folder against the limits: a plot for each figure, limits to drag, files to brush."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.gui.folder_view import FolderView
from inspector.gui.panes.folder_bar import FolderBar
from inspector.gui.panes.folder_grid import FolderGrid
from inspector.gui.panes.folder_scene import Stage
from inspector.gui.panes.folder_words import why_empty
from inspector.gui.panes.parts import Notice, hairline
from inspector.gui.view import ViewState


class FolderPane(QWidget):
    """Shows the folder of a view.

    Signals
    -------
    limit_moved(str, float)
        A limit is being moved to a value; comes at any rate.
    limit_released()
        It was let go.
    limits_reset()
    profile_save_requested()
    rows_brushed(object)
        Only these rows, int64 (k,), are to be listed; None for all.
    class_picked(object)
        Only this class is; None for all.
    row_requested(int)
        A file is to be selected.
    row_opened(int)
        And looked at.
    """

    limit_moved = Signal(str, float)
    limit_released = Signal()
    limits_reset = Signal()
    profile_save_requested = Signal()
    rows_brushed = Signal(object)
    class_picked = Signal(object)
    row_requested = Signal(int)
    row_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Folder")
        self._view: FolderView | None = None
        self._names: tuple[str, ...] = ()
        self._stage = Stage()
        self._by_value = False
        self.bar = FolderBar(self)
        self.grid = FolderGrid(self)
        self.notice = Notice(self)
        self._content = QWidget(self)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(hairline(self))
        column.addWidget(self.grid, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.notice)
        whole.addWidget(self._content, 1)
        self._connect()
        self.setFocusProxy(self.bar.order)
        self._show(None)

    def _connect(self) -> None:
        for part in (self.bar, self.grid):
            part.rows_brushed.connect(self.rows_brushed)
        self.grid.limit_moved.connect(self.limit_moved)
        self.grid.limit_released.connect(self.limit_released)
        self.grid.row_requested.connect(self.row_requested)
        self.grid.row_opened.connect(self.row_opened)
        self.bar.limits_reset.connect(self.limits_reset)
        self.bar.profile_save_requested.connect(self.profile_save_requested)
        self.bar.class_picked.connect(self.class_picked)
        self.bar.order_changed.connect(self._reorder)

    def show_view(self, view: ViewState) -> None:
        """Paint the view's folder if it is another one than before."""
        if view.folder is not self._view:
            self._show(view.folder)

    def _show(self, view: FolderView | None) -> None:
        before, self._view = self._view, view
        if view is None:
            self._names = ()
        elif before is None or not (view.dragging and self._names):  # looking through all columns takes milliseconds
            self._names = view.plotted()
        self._content.setVisible(bool(self._names))
        self.notice.setVisible(not self._names)
        if view is None or not self._names:
            self.notice.say(*why_empty(view))
            self.grid.clear()
            return
        self.bar.show_folder(view)
        self.grid.show_scene(self._stage.scene(view, self._by_value), self._names)

    @Slot(bool)
    def _reorder(self, by_value: bool) -> None:
        self._by_value = by_value
        if self._view is not None and self._names:
            self.grid.show_scene(self._stage.scene(self._view, by_value), self._names)
