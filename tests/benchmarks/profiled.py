"""Audit a folder in one process, and print which part of the program had the processor, in seconds, as JSON.

    python -m tests.benchmarks.profiled FOLDER OUT

Every millisecond on the processor a signal asks where the program is, and counts all the time since the last one for
it: the innermost of our modules that is at work. A call into a library is counted for the module that made it.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections import defaultdict
from types import FrameType

from inspector.cli import main as command_line
from tests.benchmarks.clocks import ROOT

_EVERY = 0.001
_INSPECTOR = f"{ROOT / 'inspector'}/"
_JUDGING = ("judge", "rules", "readiness", "verdict", "codes", "finding")
PARTS = ("read", "inflate", "measure", "judge", "record", "across", "reports", "rest")


def part_of(path: str) -> str | None:
    """Which part a module of ours belongs to, by its path below `inspector/`; None: look at its caller."""
    room, _, module = path.partition("/")
    if room == "archive":
        return "read" if module == "source.py" else "inflate"
    if room == "checks":
        return "judge" if module.startswith(_JUDGING) else "measure"
    if room == "audit":
        return "across" if module.startswith("across/") else "record"
    if room in ("reports", "commands"):
        return "reports"
    return None


class Shares:
    """Counts seconds for parts."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._last = time.process_time()

    def __call__(self, _signal: int, frame: FrameType | None) -> None:
        now = time.process_time()
        part = None
        while frame is not None and part is None:
            name = frame.f_code.co_filename
            if name.startswith(_INSPECTOR):
                part = part_of(name.removeprefix(_INSPECTOR))
            frame = frame.f_back
        self.seconds[part or "rest"] += now - self._last
        self._last = now


def main() -> None:
    folder, out = sys.argv[1:]
    shares = Shares()
    signal.signal(signal.SIGPROF, shares)
    signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
    try:
        command_line(["audit", folder, "--workers", "0", "--no-video", "--fail-on", "never", "--out", out])
    except SystemExit as ended:
        signal.setitimer(signal.ITIMER_PROF, 0)
        if ended.code:
            raise
    print(json.dumps({part: round(shares.seconds[part], 6) for part in PARTS}))


if __name__ == "__main__":
    main()
