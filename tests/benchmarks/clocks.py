"""Run a command and say what it cost: wall time, processor time and peak memory of it and all that it starts. Linux."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SET_CHILD_SUBREAPER = 36
_SESSION = 3  # of the fields of /proc/PID/stat that follow the name


class FailedError(Exception):
    """A command ended with an exit code that says so; with the end of what it printed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took.

    Attributes
    ----------
    wall
        Seconds until the command itself ended.
    processor, main
        Seconds on a processor: of all its processes until the last one ended, and of the first one alone.
    rss, pss
        Highest sum over its processes, bytes, as sampled; 0 where that was not asked for. In `rss` what they share
        counts for each, in `pss` once.
    out
        What it printed.
    """

    wall: float
    processor: float
    main: float
    rss: int
    pss: int
    out: str


def run(
    command: Sequence[str], env: Mapping[str, str] | None = None, every: float = 0.0, codes: Sequence[int] = (0, 1)
) -> Cost:
    """Run a command to its end.

    Parameters
    ----------
    env
        Added to the environment; this checkout is always what is imported.
    every
        Seconds between looks at its memory; 0 for none, which disturbs it less.
    codes
        Exit codes that are fine.

    Raises
    ------
    FailedError
        If it ends with another one.
    """
    _adopt_orphans(True)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        rss = pss = 0
        try:
            watch = os.pidfd_open(process.pid)
            try:
                while not select.select([watch], [], [], every or None)[0]:
                    now_rss, now_pss = _memory(process.pid)
                    rss, pss = max(rss, now_rss), max(pss, now_pss)
            finally:
                os.close(watch)
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        main = usage.ru_utime + usage.ru_stime
        processor = main + _orphans(process.pid)
        _adopt_orphans(False)
        out.seek(0)
        printed = out.read().decode(errors="replace")
        if process.returncode not in codes:
            err.seek(0)
            said = (err.read().decode(errors="replace").strip() or printed.strip()).splitlines()
            raise FailedError(f"exit code {process.returncode}: {' | '.join(said[-3:])}")
    return Cost(wall, processor, main, rss, pss, printed)


def _adopt_orphans(adopt: bool) -> None:
    """Whether processes whose parent ends first, as a fork server, come to this one, which then sees their time."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0)


def _orphans(group: int) -> float:
    """Processor seconds of what outlived the command; waits until all of it has ended."""
    seconds = 0.0
    while True:
        try:
            _, _, usage = os.wait4(-group, 0)
        except ChildProcessError:
            return seconds
        seconds += usage.ru_utime + usage.ru_stime


def _memory(session: int) -> tuple[int, int]:
    """Bytes that all processes of a session have in memory: RSS, PSS."""
    rss = pss = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            if int((folder / "stat").read_bytes().rpartition(b")")[2].split()[_SESSION]) != session:
                continue
            for line in (folder / "smaps_rollup").read_bytes().splitlines():
                name, _, value = line.partition(b":")
                if name == b"Rss":
                    rss += int(value.split()[0]) << 10
                elif name == b"Pss":
                    pss += int(value.split()[0]) << 10
        except (OSError, IndexError):  # it ended meanwhile
            continue
    return rss, pss
