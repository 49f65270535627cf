"""Says when the shown file is changed on disk by somebody else."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Slot

from inspector.audit.record import visible_path
from inspector.gui.messages import MessageBus


class DiskWatch(QObject):
    """Watches one file at a time."""

    def __init__(self, bus: MessageBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._path: str | None = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._changed)

    def watch(self, path: str | None) -> None:
        """Watch this file instead of the one before; None watches nothing."""
        if old := self._watcher.files():
            self._watcher.removePaths(old)
        self._path = path
        if path is not None and Path(path).is_file():
            self._watcher.addPath(path)

    @Slot(str)
    def _changed(self, path: str) -> None:
        if path != self._path:  # told late: another file is watched by now
            return
        name = visible_path(Path(path).name)
        if os.path.lexists(path):
            self._bus.info(f"{name} changed on disk; F5 reads it again.", about=path)
        else:
            self._bus.info(f"{name} was removed; what is shown was read before.", about=path)
