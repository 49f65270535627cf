"""Lines of the table about the window: shown, scrubbed, its list sorted, how long it did not answer; and films.

Most are measured by the scripts beside this one, each in a process of its own; what those print is read here.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.bench import PYTHON, Bench, screen
from tests.benchmarks.clocks import FailedError, run
from tests.benchmarks.rows import Goal, Row

_PEER_PROGRAMS = ("npzsee", "silx", "napari")
_OFFSCREEN = """
import sys
from PySide6.QtCore import QTimer
from inspector.gui import app
class Window(app.MainWindow):
    def show(self):
        super().show()
        QTimer.singleShot(0, self.close)
vars(app)["MainWindow"] = Window
app.run(sys.argv[1:])
"""
_BARE = """
import sys, numpy
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1600, 944)
window.show()
QTimer.singleShot(0, window.close)
app.exec()
"""
_START = re.compile(r"^(\S.*?)\s+([\d.]+) \([^)]*\)\s+([\d.]+) \([^)]*\)\s*$", re.MULTILINE)
_FRAME = re.compile(r"median +([\d.]+) ms  p95 +([\d.]+) ms")
_GAP = re.compile(r"^ *([\d.]+) +([\d.]+) +([\d.]+)  (\S.*)$", re.MULTILINE)
_CHANGE = re.compile(r"^ +((?:sort|filter) by [\w ]+?) +median +([\d.]+) ms, longest turn +(\d+) ms", re.MULTILINE)
_PROXY = re.compile(r"sort ([\d.]+) s  filter ([\d.]+) s")
_FILM = re.compile(r"^ +(\w+) .*? ([\d.]+) frames/s.*?(?:peer +([\d.]+) frames/s.*)?$", re.MULTILINE)
_LONGEST_MS = 50


def there(module: str) -> bool:
    """Whether this folder has such a script."""
    return importlib.util.find_spec(f"tests.benchmarks.{module}") is not None


def window(bench: Bench) -> Iterator[Row]:
    """From the start of the process until the window is seen."""
    folder = bench.made.clips("keypoints", bench.scale.clips)
    if there("start") and shutil.which("Xvfb"):
        text = bench.script("start", "--runs", str(3 * bench.scale.runs), str(folder)).out
        for name, mapped, painted in _figures(_START, text):
            goal = Goal("value", 700) if name.startswith("npz-inspector") else None
            yield Row("window", f"{name}: painted", (float(painted),), "ms", goal=goal, note=f"mapped {mapped} ms")
    else:
        yield from _offscreen(bench, folder)
    absent = [name for name in _PEER_PROGRAMS if shutil.which(name) is None]
    if absent:
        yield Row("window", f"  peers not installed: {', '.join(absent)}")


def _offscreen(bench: Bench, folder: Path) -> Iterator[Row]:
    words = "no start.py here" if not there("start") else "no Xvfb here"
    turns: list[list[float]] = []
    for _ in range(bench.scale.runs + 1):  # the first brings all files into memory
        env = {**bench.env(), "QT_QPA_PLATFORM": "offscreen"}
        starts = ([PYTHON, "-c", _OFFSCREEN], [PYTHON, "-c", _OFFSCREEN, str(folder)], [PYTHON, "-c", _BARE])
        turns.append([run(command, env).wall for command in starts])
    alone, given, bare = zip(*turns[1:], strict=True)
    note = f"offscreen, to the end of the process: {words}"
    yield Row("window", "window shown", alone, "s", "bare PySide6 and numpy", bare, Goal("value", 0.7), note)
    yield Row("window", "window shown, a folder given", given, "s", "bare PySide6 and numpy", bare, Goal("value", 0.7))


def scrub(bench: Bench) -> Iterator[Row]:
    """One frame of a clip: canvas, legend and lanes repainted."""
    clip = min(bench.made.clips("keypoints", bench.scale.clips).glob("*.npz"))
    peers = [name for name in ("pyqtgraph", "matplotlib") if importlib.util.find_spec(name)]
    with screen() as (where, env):
        turns: list[dict[str, float]] = []
        for _ in range(bench.scale.runs):
            found = _figures(_FRAME, bench.script("scrub", str(clip), "--frames", "400", env=env).out)
            turn = {"plain": float(found[0][1]), "decked": float(found[-1][1])}
            for peer in peers:
                found = _figures(_FRAME, bench.script("peers", peer, str(clip), env=env).out)
                turn[peer] = float(found[0][1])
            turns.append(turn)
    ours = tuple(turn["plain"] for turn in turns)
    for peer in peers:
        theirs = tuple(turn[peer] for turn in turns)
        yield Row("scrub", f"one frame scrubbed, p95, {where}", ours, "ms", peer, theirs, Goal("value", 8))
    for peer in sorted({"pyqtgraph", "matplotlib"} - {*peers}):
        yield Row("scrub", f"  {peer} is not installed")
    decked = tuple(turn["decked"] for turn in turns)
    yield Row("scrub", "  the same with trails and ids", decked, "ms")


def lists(bench: Bench) -> Iterator[Row]:
    """A list of a million rows."""
    for count in bench.scale.proxy_rows:
        env = {"QT_QPA_PLATFORM": "offscreen"}
        sort, only = _figures(_PROXY, bench.script("peers", "proxy", str(count), env=env).out)[0]
        yield Row(
            "lists",
            f"QSortFilterProxyModel over {count:,} rows: sorted",
            (float(sort),),
            "s",
            note=f"filtered {only} s",
        )
    if not there("lists"):
        yield Row("lists", f"a list of {bench.scale.rows:,} rows, ours: not measured", note="lists.py is not there")
        return
    arguments = ("--rows", str(bench.scale.rows), "--runs", str(bench.scale.runs))
    with screen() as (where, env):
        text = bench.script("lists", *arguments, env=env).out
    for what, ms, turn in _figures(_CHANGE, text):
        note = f"{where}; longest turn of the window's thread {turn} ms"
        yield Row("lists", f"{bench.scale.rows:,} rows, {what}", (float(ms),), "ms", goal=Goal("value", 200), note=note)


def stalls(bench: Bench) -> Iterator[Row]:
    """The longest time that the window's thread did not answer."""
    audited = bench.made.clips("full", bench.scale.used_clips)
    big = bench.made.videos(bench.scale.megabytes)
    cases = (
        (f"{bench.scale.used_clips:,} clips audited", audited),
        (f"a file of {bench.scale.megabytes:,} MB shown", big),
    )
    for words, path in cases:
        with screen() as (where, env):
            text = bench.script("stalls", str(path), "--seconds", str(bench.scale.seconds), env=env).out
        gaps = [(float(wall), float(own), phase) for wall, own, _, phase in _GAP.findall(text)]
        late = [gap for gap in gaps if gap[0] > _LONGEST_MS]
        if "phase" not in text:
            raise FailedError(f"stalls.py told nothing: {text[-200:]!r}")
        wall, own, phase = max(gaps, default=(0.0, 0.0, "none over 33 ms"))
        note = f"{where}; {phase}; {len(late)} over {_LONGEST_MS} ms; without what others' turns took: {own:g} ms"
        yield Row("stalls", f"longest stall, {words}", (wall,), "ms", goal=Goal("value", _LONGEST_MS), note=note)


def mp4(bench: Bench) -> Iterator[Row]:
    """Films of a clip."""
    clip = min(bench.made.clips("keypoints", bench.scale.clips).glob("*.npz"))
    env = {"QT_QPA_PLATFORM": "offscreen"}
    text = bench.script("films", str(clip), "--runs", str(bench.scale.runs), "--frames", "60", env=env).out
    note = text.partition("; ")[2].splitlines()[0] if "no peer" in text else ""
    for style, ours, peer in _figures(_FILM, text):
        theirs = (1000 / float(peer),) if peer else ()
        what, mine = f"film, {style}: a frame", (1000 / float(ours),)
        yield Row("mp4", what, mine, "ms", "matplotlib" if peer else "", theirs, Goal("gain", 15), note)


def _figures(pattern: re.Pattern[str], text: str) -> list[tuple[str, ...]]:
    """All that a script told in this form."""
    found = pattern.findall(text)
    if not found:
        raise FailedError(f"expected {pattern.pattern!r}, got {text[-200:]!r}")
    return found
