"""Starting the window: shown first, filled after."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QSocketNotifier, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from inspector import paths as places
from inspector.errors import InspectorError
from inspector.gui import icons, theme
from inspector.gui.garbage import UiGarbage
from inspector.gui.main_window import NAME, MainWindow
from inspector.gui.preload import READING, WORKSPACE, preload
from inspector.gui.qt_messages import unseen_windows
from inspector.gui.settings import Settings
from inspector.gui.turns import short_waits

if TYPE_CHECKING:
    from inspector.gui.messages import MessageBus

_PATIENCE_MS = 120_000
_LATER_MS = 1500  # the first file is read and shown by then


def run(paths: Sequence[str | Path] = (), profile: str | None = None) -> int:
    """Open the window on files and folders, and stay until it is closed.

    Parameters
    ----------
    profile
        Name or file of the profile to judge by, instead of the last one picked.

    Returns
    -------
    int
        Exit code.
    """
    app = application()
    window = MainWindow(Settings())
    garbage = UiGarbage(window)
    if paths:
        window.expect_files()
    with everything_shown(window.bus), _signals_close(window), short_waits():
        window.show()
        QTimer.singleShot(0, partial(_begin, window, list(paths), profile))
        code = app.exec()
    garbage.stop()
    return code


@unseen_windows()
def screenshot(
    paths: Sequence[str | Path],
    out: str | Path,
    dark: bool = False,
    size: tuple[int, int] = (1600, 950),
    inspect: str | None = None,
) -> Path:
    """Picture of the window once the audit is done, at the first finding of the worst file that can be drawn.

    Works without a screen.

    Parameters
    ----------
    inspect
        Path, or end of the path, of the file to show instead of the worst.

    Returns
    -------
    Path
        The PNG written.

    Raises
    ------
    InspectorError
        When the files are not ready in two minutes, or the picture cannot be written.
    """
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application()
    before = QApplication.palette()
    theme.apply("dark" if dark else "light")
    window = MainWindow()
    garbage = UiGarbage(window)
    try:
        window.resize(*size)
        window.show()
        session = window.session
        session.open_paths(paths)
        _wait(lambda: not session.audit.progress.busy)
        path = _to_show(window, inspect)
        if path is not None:
            session.select(path, "first")
            _wait(lambda: _all_shown(window))
        for _ in range(3):  # layouts settle, then everything is painted
            QCoreApplication.sendPostedEvents()
            QCoreApplication.processEvents()
        if not window.grab().save(str(out)):
            raise InspectorError(f"{out}: the picture could not be written")
    finally:
        window.close()
        garbage.stop()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.setPalette(before)
    return Path(out)


def application() -> QApplication:
    """The one `QApplication`, made when there is none yet."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    app.setApplicationName(places.APP_NAME)
    app.setApplicationDisplayName(NAME)
    app.setDesktopFileName(places.APP_NAME)
    QGuiApplication.setWindowIcon(icons.app_icon())
    return app


def _begin(window: MainWindow, paths: list[str | Path], profile: str | None) -> None:
    """What can wait until the window is seen: the panes' modules first, then what was to be opened."""
    modules = WORKSPACE + READING if paths else WORKSPACE  # not while the panes are painted: imports hold Python's lock
    window.tasks.run(partial(preload, modules), partial(_build, window, paths, profile))


def _build(window: MainWindow, paths: list[str | Path], profile: str | None, _: None) -> None:
    window.prepare(partial(_open, window, paths, profile))


def _open(window: MainWindow, paths: list[str | Path], profile: str | None) -> None:
    if profile is not None and (found := window.pickers.load(profile)) is not None:
        window.session.set_profile(found)
    if paths:
        window.open_paths(paths)
    window.tasks.run(partial(preload, READING), _nothing)
    QTimer.singleShot(_LATER_MS, window, partial(_prepare_arrays, window))


def _prepare_arrays(window: MainWindow) -> None:
    if window.session.audit.progress.scanning:
        QTimer.singleShot(_LATER_MS, window, partial(_prepare_arrays, window))
    else:
        window.workspace.tabs.arrays.prepare()


def _nothing(_: None) -> None:
    """All is imported."""


# --- exceptions and signals ----------------------------------------------------------------------------------


@contextmanager
def everything_shown(bus: MessageBus) -> Iterator[None]:
    """Exceptions that nobody caught are shown in the window, on any thread, and end nothing."""
    before, threads_before = sys.excepthook, threading.excepthook

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            before(kind, error, trace)
            return
        traceback.print_exception(kind, error, trace)
        bus.exception(error.with_traceback(trace), f"Unexpected {kind.__name__}")

    def show_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            show(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook, threading.excepthook = show, show_thread
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before, threads_before


class _SignalWatch(QObject):
    """Brings Ctrl-C to the event loop: handled where Python happens to be, it could close a window that is painting."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.reader, self.writer = socket.socketpair()
        for end in (self.reader, self.writer):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self.reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._came)

    @Slot()
    def _came(self) -> None:
        self.reader.recv(64)
        self._window.close()

    def note(self, _number: int, _frame: FrameType | None) -> None:
        """Its number is in the socket by now; that is all there is to do."""

    def stop(self) -> None:
        self._notifier.setEnabled(False)
        self.reader.close()
        self.writer.close()


@contextmanager
def _signals_close(window: MainWindow) -> Iterator[None]:
    """Ctrl-C and a polite kill close the window as a click would."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    watch = _SignalWatch(window)
    descriptor = signal.set_wakeup_fd(watch.writer.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, watch.note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        signal.set_wakeup_fd(descriptor)
        for number, handler in before.items():
            signal.signal(number, handler)
        watch.stop()


# --- picture -------------------------------------------------------------------------------------------------


def _wait(ready: Callable[[], bool]) -> None:
    """Run an event loop until `ready`, looked at whenever something is due."""
    loop, late = QEventLoop(), QTimer()
    look = QTimer()
    look.setInterval(20)
    late.setSingleShot(True)

    def check() -> None:
        if ready():
            loop.quit()

    look.timeout.connect(check)
    late.timeout.connect(partial(loop.exit, 1))
    look.start()
    late.start(_PATIENCE_MS)
    if not ready() and loop.exec():
        raise InspectorError(f"the window was not ready after {_PATIENCE_MS // 1000} seconds")


def _all_shown(window: MainWindow) -> bool:
    return window.session.view.inspection is not None and not window.tasks.busy and not window.workspace.waits


def _to_show(window: MainWindow, inspect: str | None) -> str | None:
    """Path of the file to show: the one asked for, else the worst that was measured."""
    table = window.session.files.table
    if inspect is not None:
        return next((path for path in table.paths if path.endswith(inspect)), None)
    known = [record for record in table.records if record is not None]
    drawable = [record for record in known if record.error is None] or known
    worst = min(drawable, key=lambda r: (r.status.rank, -len(r.findings), r.path), default=None)
    return None if worst is None else worst.path
