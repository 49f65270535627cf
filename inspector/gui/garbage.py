"""Python's cycle collector, kept on the UI thread and to a few milliseconds at a time.

Left alone it runs in whichever thread happens to allocate, and a Qt object that it finds in a worker thread is
destroyed there: memory is corrupted, and some time later the process aborts.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication

_EVERY_MS = 100  # what came since the last look is looked through in one go: rarer would be longer
_FEW = 700  # objects; Python's own threshold
_MANY = 5_000  # looking through them takes some 5 ms
_TOO_MANY = 20_000
_MOST_SET_ASIDE = 1_500_000  # beyond this the window would be seen to hang when the user comes back at once
_FULL_EVERY = 15  # looks
_DEAR_S = 0.008


class UiGarbage(QObject):
    """While it lives, garbage is collected by a timer on the thread that made it, and by nothing else.

    Looking through everything takes as long as there are objects: 75 ms with the verdicts of 65,000 files. So what is
    there to stay is set aside (`gc.freeze`): all that is left once looking through it has become dear, and a burst
    of new objects, which are imported or loaded. Garbage among them waits until nobody works in the window.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        self._looks = 0  # since the last one at all
        self._grown = 0  # objects that came since then, and stayed
        self._set_aside = False
        gc.disable()
        gc.freeze()  # what start-up made stays
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        if isinstance(app := QGuiApplication.instance(), QGuiApplication):
            app.applicationStateChanged.connect(self._state_changed)

    @Slot()
    def look(self) -> None:
        """Collect among new objects, now and then among all that are not set aside."""
        new = gc.get_count()[0]
        if new + self._grown > _TOO_MANY:
            self.set_aside()
        elif new > _FEW:
            self._looks += 1
            self._grown += new
            if self._grown < _MANY and self._looks < _FULL_EVERY:
                self._grown -= gc.collect(1)
            else:
                self._look_at_all()

    def _look_at_all(self) -> None:
        begun = time.thread_time()
        gc.collect()
        if time.thread_time() - begun > _DEAR_S:
            self.set_aside()
        self._looks = self._grown = 0

    def set_aside(self) -> None:
        """Look no more at what is there now."""
        gc.freeze()
        self._looks = self._grown = 0
        self._set_aside = True

    @Slot(Qt.ApplicationState)
    def _state_changed(self, state: Qt.ApplicationState) -> None:
        """Look also through what was set aside, while another program has the user's attention."""
        away = state != Qt.ApplicationState.ApplicationActive
        if away and self._set_aside and self._timer.isActive() and gc.get_freeze_count() < _MOST_SET_ASIDE:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            self._set_aside = False

    def stop(self) -> None:
        """Hand collecting back to Python."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()
