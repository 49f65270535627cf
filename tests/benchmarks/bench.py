"""What every line of the table is measured with: how much, where files lie, and our program as a process."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.clocks import Cost, run
from tests.benchmarks.made import Made
from tests.e2e.screen import Screen

PYTHON = sys.executable


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured.

    Attributes
    ----------
    clips
        In the folder that is audited.
    used_clips
        In the folder that the window audits while it is used.
    megabytes
        Of the large file of videos, inflated.
    growth_files, growth_megabytes
        Sizes at which growth is measured.
    runs
        Pairs.
    rows, proxy_rows
        Of the list, and of the list's peer, `QSortFilterProxyModel`.
    seconds
        How long the window is used at most.
    """

    clips: int
    used_clips: int
    megabytes: int
    growth_files: tuple[int, ...]
    growth_megabytes: tuple[int, ...]
    runs: int
    rows: int
    proxy_rows: tuple[int, ...]
    seconds: int


SCALES = {
    "tiny": Scale(6, 30, 3, (3, 6, 12), (1, 2, 4), 1, 2000, (200,), 5),
    "light": Scale(300, 300, 300, (100, 1000, 10_000), (10, 100, 1000), 3, 10**6, (10_000,), 40),
    "heavy": Scale(
        2130, 2000, 4000, (100, 1000, 10_000, 100_000), (10, 100, 1000, 4000, 10_000), 5, 10**6, (10_000, 100_000), 120
    ),
}


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of the benchmarks.

    Attributes
    ----------
    home
        For caches, settings and reports, each run's own; not kept.
    reference
        A script ``FOLDER OUT`` that audits in the reference's way, or None.
    """

    scale: Scale
    made: Made
    home: Path
    reference: Path | None = None
    workers: int = 2
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def fresh(self, what: str) -> Path:
        """A folder that nobody has used."""
        path = self.home / f"{what}_{next(self._numbers)}"
        path.mkdir(parents=True)
        return path

    def env(self, cache: Path | None = None) -> dict[str, str]:
        """Settings of its own; the cache given, or an empty one."""
        return {
            "NPZ_INSPECTOR_CONFIG": str(self.home / "config"),
            "NPZ_INSPECTOR_CACHE": str(cache or self.fresh("cache")),
        }

    def audit(
        self, path: Path, *options: str, cache: Path | None = None, reports: bool = True, every: float = 0.0
    ) -> Cost:
        """One audit as a whole process; with reports in a new folder, and with an empty cache unless one is given."""
        command = [PYTHON, "-m", "inspector", "audit", str(path), "--fail-on", "never", *options]
        out = self.fresh("out")
        kept = cache or self.fresh("cache")
        cost = run([*command, *(["--out", str(out)] if reports else [])], self.env(kept), every)
        for folder in (out, kept) if cache is None else (out,):
            shutil.rmtree(folder)
        return cost

    def script(self, module: str, *arguments: str, env: dict[str, str] | None = None) -> Cost:
        """A module of this folder as a process."""
        return run([PYTHON, "-m", f"tests.benchmarks.{module}", *arguments], {**self.env(), **(env or {})})


@contextmanager
def screen() -> Iterator[tuple[str, dict[str, str]]]:
    """What is drawn on, in words and as an environment: an X server of our own, the user's, or none."""
    if shutil.which("Xvfb") is not None:
        server = Screen()
        try:
            yield "Xvfb", {"DISPLAY": server.display, "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.close()
    elif os.environ.get("DISPLAY"):
        yield "X screen", {"QT_QPA_PLATFORM": "xcb"}
    else:
        yield "offscreen", {"QT_QPA_PLATFORM": "offscreen"}
