"""The window: puts menus, toolbar, panes and messages together; what they do is in their own modules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from inspector.audit import Options
from inspector.audit.record import visible_path
from inspector.gui import theme
from inspector.gui.actions import MENUS, Actions, Handler
from inspector.gui.code_menu import CodeMenu
from inspector.gui.commands import commands
from inspector.gui.dialogs import Dialogs
from inspector.gui.export import Exporter
from inspector.gui.export_media import media_enabled
from inspector.gui.messages import MessageBar, MessageBus
from inspector.gui.pickers import Pickers
from inspector.gui.session import Session
from inspector.gui.settings import THEMES, Settings
from inspector.gui.tasks import Tasks
from inspector.gui.together import Lists
from inspector.gui.toolbar import AuditToolBar
from inspector.gui.turns import Turns
from inspector.gui.view import ViewState
from inspector.gui.welcome import Welcome
from inspector.gui.words import about_file, short

if TYPE_CHECKING:
    from inspector.gui.panes.file_list import FileListPane
    from inspector.gui.workspace import Workspace

NAME = "NPZ Inspector"
SIDES = ("show_list", "show_timeline", "show_details")
TABLES, TEXTS = (".csv", ".tsv"), (".txt", ".lst")
_NEEDS_CLIP = (
    *("play", "back", "forward", "back_10", "forward_10", "back_second", "forward_second"),
    *("first_frame", "last_frame", "go_to_frame"),
)
_NEEDS_FILES = (
    *("reaudit", "reaudit_selected", "find", "close", "next_finding", "previous_finding", "next_file"),
    *("labels", "splits", "previous_file", "export.all", "export.csv", "export.jsonl", "export.md"),
)


class MainWindow(QMainWindow):
    """Everything a user sees.

    Parameters
    ----------
    settings
        None neither restores nor saves anything.

    Signals
    -------
    closed()
        All work was stopped.
    """

    closed = Signal()

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        room = self.screen().availableSize()  # saved geometry, where there is one, comes later
        self.resize(min(200 * theme.GRID, room.width()), min(118 * theme.GRID, room.height()))
        self.settings = settings
        self.bus = MessageBus(self)
        self.tasks = Tasks(self.bus, self)
        self.session = Session(self.tasks, self.bus, self)
        self.exporter = Exporter(self.session, self.tasks, self.bus, self)
        self.pickers = Pickers(self.bus, self)
        self._workspace: Workspace | None = None
        self._building: Turns | None = None
        self.dialogs = Dialogs(self.session, self)
        self.actions_ = Actions(self, self._handlers())
        self.welcome = Welcome(self.actions_, self)
        self.messages = MessageBar(self.bus, self)
        self._lay_out()
        self._connect()
        self._restore()
        self._show_roots(())
        self._show_view(self.session.view)

    def _handlers(self) -> dict[str, Handler]:
        found = commands(self.session, self.dialogs, self.exporter, self._files)
        found |= {f"theme.{name}": partial(self.set_theme, name) for name in THEMES}
        found |= {name: partial(self._show_side, name) for name in SIDES}
        return found | {"full_screen": self.set_full_screen, "quit": self.close}

    @property
    def workspace(self) -> Workspace:
        """The panes. Built when first needed, if `prepare` did not: the window is on the screen by then."""
        self._build().finish()
        assert self._workspace is not None
        return self._workspace

    def prepare(self, ready: Callable[[], None]) -> None:
        """Build the panes in several turns of the event loop, then call `ready` in another one."""
        turns = self._build()
        turns.add(partial(QTimer.singleShot, 0, self, ready))
        turns.start()

    def _build(self) -> Turns:
        if self._building is None:
            from inspector.gui.workspace import Workspace

            self._space = Workspace(self.session, self.tasks, self.bus, self)
            self._building = Turns((*self._space.steps, self._take_in), self)
        return self._building

    def _take_in(self) -> None:
        space = self._workspace = self._space
        self.pages.addWidget(space)
        for view, names in (
            (space.files.view, ("compare", "reaudit_selected")),
            (space.findings.list, ("compare",)),
        ):
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
            view.addActions([self.actions_[name] for name in names])
        for name in SIDES:
            space.show_side(name, self.actions_[name].isChecked())
        if self.settings is not None:
            space.restore(self.settings)

    def _files(self) -> FileListPane:
        return self.workspace.files

    def _show_side(self, name: str, on: bool) -> None:
        self.workspace.show_side(name, on)

    def _lay_out(self) -> None:
        menus: dict[str, QMenu] = {}
        for title in MENUS:
            menus |= self.actions_.fill(self.menuBar().addMenu(title), title)
        self._recent = menus["recent"]
        self._recent.aboutToShow.connect(self._fill_recent)
        self.codes = CodeMenu(self.session.files, self)
        for name, menu in (("profile", self.pickers.profiles), ("target", self.pickers.targets), ("codes", self.codes)):
            menus[name].menuAction().setMenu(menu)
        self.toolbar = AuditToolBar(self.actions_, self.pickers, menus["export"], self)
        self.addToolBar(self.toolbar)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.welcome)
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addWidget(self.messages)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        session = self.session
        session.view_changed.connect(self._show_view)
        session.path_changed.connect(self.messages.show_file)
        session.path_changed.connect(self._show_copies)
        session.roots_changed.connect(self._show_roots)
        session.options_changed.connect(self._show_options)
        session.lists_changed.connect(self._show_lists)
        session.audit.progress_changed.connect(self.toolbar.show_progress)
        self.pickers.profile_picked.connect(session.set_profile)
        self.pickers.targets_picked.connect(session.set_targets)
        self.codes.code_picked.connect(self._list_code)
        self.welcome.path_requested.connect(self._open_one)

    # --- what is shown ---------------------------------------------------------------------------------------

    @Slot(object)
    def _show_view(self, view: ViewState) -> None:
        actions = self.actions_
        actions.enable(_NEEDS_CLIP, view.frames > 0)
        actions["whole_clip"].setEnabled(view.playback.span is not None)
        actions["loop"].setChecked(view.playback.loop)
        for name, on in asdict(view.display).items():
            actions[name].setChecked(on)
        for name, on in media_enabled(view).items():
            actions[name].setEnabled(on)
        actions.enable(("next_sample", "previous_sample"), view.dataset is not None)
        self._show_copies()
        self._show_title(view.path)
        self.messages.set_quiet(about_file(view))

    @Slot()
    def _show_copies(self) -> None:
        """Also while the file is still being read: its context menu may be open by then."""
        view = self.session.view
        self.actions_["compare"].setEnabled(bool(view.copies) and view.dataset is None)
        self.actions_["compare"].setChecked(view.comparing)

    @Slot(object)
    def _show_roots(self, roots: tuple[str, ...]) -> None:
        self.pages.setCurrentWidget(self.workspace if roots else self.welcome)
        if roots:
            self.workspace.files.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.actions_.enable(_NEEDS_FILES, bool(roots))
        self.actions_["forget_lists"].setEnabled(False)
        if self.settings is not None:
            for root in reversed(roots):
                self.settings.add_recent(root)
            self.welcome.show_recent(self.settings.recent)
            self.session.restore_lists(*self.settings.lists(roots[0] if roots else ""))
        self._show_title(self.session.view.path)

    @Slot(object)
    def _show_options(self, options: Options) -> None:
        self.pickers.show_options(options)
        self.toolbar.show_options()

    @Slot(object)
    def _show_lists(self, lists: Lists) -> None:
        self.actions_["forget_lists"].setEnabled(bool(lists))
        if self.settings is not None and self.session.roots:
            self.settings.set_lists(self.session.roots[0], lists.labels_path, lists.split_paths)

    def _show_title(self, path: str | None) -> None:
        roots = self.session.roots
        opened = Path(roots[0]).name if len(roots) == 1 and roots[0] != path else ""
        parts = [Path(path).name if path else "", opened, NAME]
        title = " – ".join(visible_path(part) for part in parts if part)
        if title != self.windowTitle():
            self.setWindowTitle(title)

    # --- commands that need the window -----------------------------------------------------------------------

    def expect_files(self) -> None:
        """Show an empty page: files are about to be opened."""
        self.pages.setCurrentIndex(self.pages.addWidget(QWidget(self)))

    def open_paths(self, paths: Sequence[str | Path]) -> None:
        """Open files and folders."""
        self.session.open_paths(paths)

    def set_full_screen(self, on: bool) -> None:
        """Fill the screen, or stop."""
        self.setWindowState(
            self.windowState() | Qt.WindowState.WindowFullScreen
            if on
            else self.windowState() & ~Qt.WindowState.WindowFullScreen
        )

    def set_theme(self, name: str) -> None:
        """Light, dark, or as the system has it."""
        theme.apply(name)
        self.actions_[f"theme.{name}"].setChecked(True)
        if self.settings is not None:
            self.settings.set_text("theme", name)

    @Slot(str)
    def _open_one(self, path: str) -> None:
        self.open_paths([path])

    @Slot()
    def _fill_recent(self) -> None:
        self._recent.clear()
        recent = self.settings.recent if self.settings is not None else []
        for path in recent:
            self._recent.addAction(short(path)).triggered.connect(partial(self._open_recent, path))
        if recent and self.settings is not None:
            self._recent.addSeparator()
            self._recent.addAction("Forget these").triggered.connect(self.settings.clear_recent)
        else:
            self._recent.addAction(QAction("Nothing yet", self._recent, enabled=False))

    def _open_recent(self, path: str, *_: bool) -> None:
        self.open_paths([path])

    @Slot(str)
    def _list_code(self, code: str) -> None:
        """By way of the list's own box, so that both say the same."""
        box = self._files().codes
        box.setCurrentIndex(max(0, box.findData(code)))

    # --- settings --------------------------------------------------------------------------------------------

    def _restore(self) -> None:
        """Look as when it was closed."""
        for name in SIDES:
            self.actions_[name].setChecked(self.settings is None or self.settings.flag(name, True))
        if self.settings is None:
            return
        if (geometry := self.settings.layout("window")) is not None:
            self.restoreGeometry(geometry)
        self.session.set_display(self.settings.display)
        theme_name = self.settings.theme
        self.actions_[f"theme.{theme_name}"].setChecked(True)
        if theme_name != THEMES[0]:
            theme.apply(theme_name)
        if (source := self.settings.text("profile")) and (profile := self.pickers.load(source)) is not None:
            self.session.set_profile(profile)

    def _save(self) -> None:
        if self.settings is None:
            return
        self.settings.set_layout("window", self.saveGeometry())
        if self._workspace is not None:
            self._workspace.save(self.settings)
        self.settings.set_display(self.session.view.display)
        self.settings.set_text("profile", self.pickers.source)
        for name in SIDES:
            self.settings.set_flag(name, self.actions_[name].isChecked())
        self.settings.save()

    # --- events ----------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped; a table is labels of the open files, and texts are lists of their splits."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if not paths:
            return
        event.acceptProposedAction()
        labels = [path for path in paths if path.lower().endswith(TABLES)]
        splits = [path for path in paths if path.lower().endswith(TEXTS)]
        if others := [path for path in paths if path not in (*labels, *splits)]:
            self.open_paths(others)
        if not self.session.roots:
            self.bus.info("Open the files first, then drop their labels or splits.")
            return
        if labels:
            self.session.load_labels(labels[-1])
        if splits:
            self.session.load_splits(splits)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the copies, then the full screen."""
        if event.key() == Qt.Key.Key_Escape and self.session.view.beside:
            self.session.set_comparing(False)
        elif event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.set_full_screen(False)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Tick the menu entry also when the desktop made the window full or not."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.actions_["full_screen"].setChecked(self.isFullScreen())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the look, stop all work, then go."""
        self._save()
        self.exporter.media.cancel()
        self.tasks.close()
        super().closeEvent(event)
        self.closed.emit()
