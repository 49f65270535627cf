"""A screen of our own, the window on it, and hands: Xvfb and xdotool."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("Xvfb", "xdotool", "import")
WIDTH, HEIGHT = 1600, 1000
_DEADLINE = 60.0


def missing() -> list[str]:
    """Tools that this machine lacks."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def until(ready: Callable[[], object], what: str, deadline: float = _DEADLINE) -> None:
    """Look again and again until a condition holds; a clear failure when it never does."""
    end = time.monotonic() + deadline
    while not ready():
        assert time.monotonic() < end, f"waited {deadline:.0f} s in vain for {what}"
        select_nothing(0.03)


def select_nothing(seconds: float) -> None:
    """Let the other processes run."""
    import select

    select.select([], [], [], seconds)


class Screen:
    """An X server that nobody sees."""

    def __init__(self) -> None:
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            self.display = f":{pipe.readline().strip()}"

    def close(self) -> None:
        self._server.terminate()
        self._server.wait(10)

    def run(self, *command: str) -> str:
        """Output of a command on this screen; empty when it fails, as a search that finds nothing does."""
        done = subprocess.run(command, env={**os.environ, "DISPLAY": self.display}, capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else ""

    def picture(self, path: Path, top: int = 0) -> bytes:
        """What is seen from `top` downward; also saved, to be looked at when a test fails."""
        self.run("import", "-window", "root", "-crop", f"{WIDTH}x{HEIGHT - top}+0+{top}", "+repage", str(path))
        return path.read_bytes()


class Window:
    """`python -m inspector` on a screen."""

    def __init__(self, screen: Screen, home: Path, *arguments: str) -> None:
        self.screen = screen
        self.home = home
        self._errors = home / "stderr.txt"
        env = os.environ | {
            "DISPLAY": screen.display,
            "QT_QPA_PLATFORM": "xcb",
            "NPZ_INSPECTOR_CONFIG": str(home / "config"),
            "PYTHONPATH": str(ROOT),
            "PYTHONFAULTHANDLER": "1",
        }
        with self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "inspector", *arguments], env=env, cwd=home, stderr=errors, stdout=errors
            )

    @property
    def errors(self) -> str:
        """What it printed."""
        return self._errors.read_text("utf-8", "replace")

    def seen(self) -> list[tuple[str, str]]:
        """Number and title of each window that is seen."""
        numbers = self.screen.run("xdotool", "search", "--onlyvisible", "--name", ".").split()
        return [(one, self.screen.run("xdotool", "getwindowname", one).strip()) for one in numbers]

    def wait_for(self, title: str) -> None:
        """Until a window has this in its title; it gets the keyboard, for there is no window manager."""
        found: list[str] = []

        def there() -> bool:
            # One look finds the title and the window: a second may miss what the first saw, while windows come and go.
            found[:] = [number for number, name in self.seen() if title in name]
            return bool(found) or self.process.poll() is not None

        until(there, title)
        assert self.process.poll() is None, self.errors
        self.screen.run("xdotool", "windowfocus", "--sync", found[-1])

    def key(self, *keys: str) -> None:
        """Press keys, by their X names."""
        self.screen.run("xdotool", "key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Write."""
        self.screen.run("xdotool", "type", "--clearmodifiers", text)

    def click(self, x: int, y: int, *, times: int = 1) -> None:
        """Press the left button somewhere."""
        self.screen.run("xdotool", "mousemove", "--sync", str(x), str(y))
        self.screen.run("xdotool", "click", "--repeat", str(times), "--delay", "60", "1")

    def press(self, x: int, y: int) -> None:
        """Press the left button somewhere, and hold it."""
        self.screen.run("xdotool", "mousemove", "--sync", str(x), str(y), "mousedown", "1")

    def pull(self, x: int, y: int) -> None:
        """Move the pointer, whatever is held."""
        self.screen.run("xdotool", "mousemove", "--sync", str(x), str(y))

    def release(self) -> None:
        """Let go of the left button."""
        self.screen.run("xdotool", "mouseup", "1")

    def changed_by(self, action: Callable[[], object], what: str) -> None:
        """Do something and wait until the picture is another one."""
        before = self.screen.picture(self.home / "before.png")
        action()
        until(lambda: self.screen.picture(self.home / "after.png") != before, f"{what} to be seen")

    def pressed_until_changed(self, key: str, what: str) -> None:
        """Press a key, and again when nothing comes of it: it is not taken while a file is being read."""
        before = self.screen.picture(self.home / "before.png")
        presses = 0

        def changed() -> bool:
            nonlocal presses
            if presses % 20 == 0:
                self.key(key)
            presses += 1
            return self.screen.picture(self.home / "after.png") != before

        until(changed, f"{what} to be seen")

    def still(self, top: int = 0) -> None:
        """Wait until the picture stays as it is: three in a row, for a file that is being read changes it late.

        `top` leaves out what lies above: the cursor of a text field never stops blinking.
        """
        last = [b"", b""]

        def same() -> bool:
            last.append(self.screen.picture(self.home / "still.png", top))
            return len(set(last[-3:])) == 1

        until(same, "the picture to stand still")

    def offspring(self) -> set[int]:
        """Process numbers of its children and theirs."""
        found: set[int] = set()
        waiting = [self.process.pid]
        while waiting:
            try:
                texts = [one.read_text() for one in Path(f"/proc/{waiting.pop()}/task").glob("*/children")]
            except OSError:
                continue
            children = {int(number) for text in texts for number in text.split()}
            waiting += children - found
            found |= children
        return found

    def ended(self, timeout: float = _DEADLINE) -> int:
        """Exit code, once it is there."""
        return self.process.wait(timeout)

    def interrupt(self) -> None:
        """Ctrl-C in the terminal."""
        self.process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """Whatever a failed test left."""
        for one in self.offspring():
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)


def alive(number: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
