"""Start the program again and again on a real X screen, and print how long until its window is mapped and painted.

    python tests/benchmarks/start.py [FILE_OR_FOLDER ...] [--runs 9] [--modules]

The clock runs from before the process is made. An X client of its own hears of the mapped window in the moment, and
looks at one of its pixels until that has another colour than the bare screen. Beside the program stand an empty
`QMainWindow` with numpy imported, which is the floor, and `npzsee` where it is installed. Every path given is started
by itself, after a start without any. `--modules` prints what was imported before the window was shown.
"""

from __future__ import annotations

import argparse
import ctypes
import ctypes.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from select import select

from tests.e2e.screen import ROOT, Screen

_PATIENCE_S = 30.0
_LOOK_S = 0.001
_STRUCTURE, _MAP_NOTIFY = 1 << 19, 19
_ALL_PLANES, _Z_PIXMAP = ctypes.c_ulong(-1), 2
_EVENT_BYTES = 192  # of an XEvent on every platform
_LEAST = 200  # pixels: smaller windows are helpers
_FLOOR = """
import sys, numpy
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1600, 944)
window.show()
app.exec()
"""
_MODULES = """
import sys
from PySide6.QtCore import QTimer
from inspector.gui import app
class Window(app.MainWindow):
    def show(self):
        super().show()
        print(*sorted(sys.modules), sep='\\n')
        QTimer.singleShot(0, self.close)
app.MainWindow = Window
app.run(sys.argv[1:])
"""


class Watcher:
    """An X client that hears when a window is mapped, and sees when it is painted."""

    def __init__(self, display: str) -> None:
        self._x = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        pointer, number = ctypes.c_void_p, ctypes.c_ulong
        self._x.XOpenDisplay.restype = pointer
        self._x.XDefaultRootWindow.restype = number
        self._x.XDefaultRootWindow.argtypes = [pointer]
        self._x.XSelectInput.argtypes = [pointer, number, ctypes.c_long]
        for name in ("XPending", "XFlush", "XConnectionNumber"):
            getattr(self._x, name).argtypes = [pointer]
        self._x.XNextEvent.argtypes = [pointer, pointer]
        self._x.XGetImage.restype = pointer
        self._x.XGetImage.argtypes = [pointer, number, *[ctypes.c_int] * 2, *[ctypes.c_uint] * 2, number, ctypes.c_int]
        self._x.XGetPixel.restype = number
        self._x.XGetPixel.argtypes = [pointer, ctypes.c_int, ctypes.c_int]
        self._x.XDestroyImage.argtypes = [pointer]
        self._x.XGetGeometry.argtypes = [pointer, number, *[pointer] * 7]
        self._display = self._x.XOpenDisplay(display.encode())
        self._root = self._x.XDefaultRootWindow(self._display)
        self._x.XSelectInput(self._display, self._root, _STRUCTURE)
        self._x.XFlush(self._display)

    def mapped(self, begun: float) -> tuple[int, float]:
        """The next large window that is mapped, and when that was, in seconds since `begun`."""
        event = (ctypes.c_char * _EVENT_BYTES)()
        while True:
            if not self._x.XPending(self._display):
                left = begun + _PATIENCE_S - time.perf_counter()
                if not select([self._x.XConnectionNumber(self._display)], [], [], max(left, 0))[0]:
                    raise SystemExit(f"no window after {_PATIENCE_S:.0f} s")
                continue
            self._x.XNextEvent(self._display, event)
            if ctypes.c_int.from_buffer(event).value == _MAP_NOTIFY:
                now = time.perf_counter() - begun
                window = ctypes.c_ulong.from_buffer(event, 5 * ctypes.sizeof(ctypes.c_void_p)).value
                if self._width(window) >= _LEAST:
                    return window, now

    def painted(self, begun: float, bare: int) -> float:
        """When the screen's middle has another colour than the bare screen, in seconds since `begun`."""
        while (colour := self.colour()) == bare:
            select([], [], [], _LOOK_S)
            if time.perf_counter() - begun > _PATIENCE_S:
                raise SystemExit(f"nothing painted after {_PATIENCE_S:.0f} s; the screen is {colour:#x}")
        return time.perf_counter() - begun

    def colour(self) -> int:
        """Of a pixel in the screen's middle."""
        image = self._x.XGetImage(self._display, self._root, 640, 400, 1, 1, _ALL_PLANES, _Z_PIXMAP)
        pixel = int(self._x.XGetPixel(image, 0, 0))
        self._x.XDestroyImage(image)
        return pixel

    def _width(self, window: int) -> int:
        root = ctypes.c_ulong()
        x, y = ctypes.c_int(), ctypes.c_int()
        width, height, border, depth = (ctypes.c_uint() for _ in range(4))
        refs = [ctypes.byref(value) for value in (root, x, y, width, height, border, depth)]
        return width.value if self._x.XGetGeometry(self._display, window, *refs) else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--modules", action="store_true")
    args = parser.parse_args()
    screen = Screen()
    with tempfile.TemporaryDirectory() as home:
        try:
            _run(args, screen, home)
        finally:
            screen.close()


def _run(args: argparse.Namespace, screen: Screen, home: str) -> None:
    env = {
        **os.environ,
        "DISPLAY": screen.display,
        "QT_QPA_PLATFORM": "xcb",
        "PYTHONPATH": str(ROOT),
        "NPZ_INSPECTOR_CONFIG": f"{home}/config",
        "NPZ_INSPECTOR_CACHE": f"{home}/cache",
        "PYTHONPYCACHEPREFIX": f"{home}/compiled",  # an installed program is compiled
    }
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    ours = [sys.executable, "-m", "inspector"]
    if args.modules:
        subprocess.run([sys.executable, "-c", _MODULES, *args.paths], env=env, check=True)
        return
    starts = {"empty QMainWindow and numpy": [sys.executable, "-c", _FLOOR], "npz-inspector": ours}
    starts |= {f"npz-inspector {Path(path).name}": [*ours, path] for path in args.paths}
    if peer := shutil.which("npzsee"):
        starts["npzsee"] = [peer, *args.paths[:1]]
    watcher = Watcher(screen.display)
    bare = watcher.colour()
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in starts}
    for _ in range(args.runs + 1):  # the first brings all files into memory
        for name, command in starts.items():
            times[name].append(_once(command, env, watcher, bare))
    print(f"{'ms, median (best .. worst)':40s} {'mapped':>22s} {'painted':>22s}")
    for name, found in times.items():
        mapped, painted = zip(*found[1:], strict=True)
        print(f"{name[:40]:40s} {_told(mapped):>22s} {_told(painted):>22s}")


def _once(command: Sequence[str], env: dict[str, str], watcher: Watcher, bare: int) -> tuple[float, float]:
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=env)
    try:
        _, mapped = watcher.mapped(begun)
        return mapped, watcher.painted(begun, bare)
    finally:
        process.kill()
        process.wait()
        while watcher.colour() != bare:  # the server takes the window away a little later
            select([], [], [], _LOOK_S)


def _told(seconds: Sequence[float]) -> str:
    best, median, worst = (1000 * f(seconds) for f in (min, statistics.median, max))
    return f"{median:.0f} ({best:.0f} .. {worst:.0f})"


if __name__ == "__main__":
    main()
