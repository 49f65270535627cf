"""What drawing needs where there is no window: Qt's fonts, without a screen."""

from __future__ import annotations

import sys
from pathlib import Path

from inspector.errors import ReportError

_HELD: list[object] = []  # Qt takes its application away with the last reference


def ensure_gui() -> None:
    """Have Qt ready to draw text, in this process and from now on.

    In a window it is. Elsewhere an application is made that shows nothing; call it in the main thread.

    Raises
    ------
    ReportError
        Where Qt cannot be loaded, such as on a machine without its system libraries.
    """
    try:
        from PySide6.QtCore import QCoreApplication, QLibraryInfo, QPluginLoader
        from PySide6.QtGui import QGuiApplication
    except ImportError as error:
        raise ReportError(f"nothing can be drawn here, Qt cannot be loaded: {error}") from error
    made = QCoreApplication.instance()
    if isinstance(made, QGuiApplication):
        return
    if made is not None:
        raise ReportError("nothing can be drawn here: Qt was started without its fonts")
    arguments = [sys.argv[0] or "npz-inspector"]
    if sys.platform.startswith("linux"):
        # No display is asked for: one that is named and cannot be reached would end the process, and so would a
        # plugin that cannot be loaded.
        folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
        loader = QPluginLoader(str(folder / "libqoffscreen.so"))
        if not loader.load():
            raise ReportError(f"nothing can be drawn here, Qt cannot be started: {loader.errorString()}")
        arguments += ["-platform", "offscreen"]
    _HELD.append(QGuiApplication(arguments))
