"""How far an audit is: a bar on a terminal, a line now and then anywhere else; always on stderr."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from inspector.commands.console import note

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

EVERY = 10.0
"""Seconds between lines where there is no terminal."""


class Progress:
    """Plain lines, few of them."""

    def __init__(self) -> None:
        self._total = self._done = self._bad = 0
        self._began = self._said = time.monotonic()

    def found(self, count: int) -> None:
        """So many files were found so far."""
        if self._due():
            note(f"{count} files found so far")

    def start(self, total: int, done: int) -> None:
        """Auditing begins; `done` of the files need no work."""
        self._total, self._done = total, done
        self._began = self._said = time.monotonic()
        left = f", {done} of them already done" if done else ""
        note(f"auditing {total} file{'s' if total != 1 else ''}{left}")

    def advance(self, count: int, bad: int) -> None:
        """`count` more files are done, `bad` of them fail or cannot be read."""
        self._done += count
        self._bad += bad
        if self._due():
            note(f"{self._done}/{self._total} audited, {self._bad} not fit")

    def _due(self) -> bool:
        now = time.monotonic()
        if now - self._said < EVERY:
            return False
        self._said = now
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to clear."""


class Bar(Progress):
    """A bar that clears itself."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        super().__init__()
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
        )
        self._bar: RichProgress = RichProgress(*columns, console=Console(stderr=True), transient=True)
        self._task: TaskID = self._bar.add_task("looking for files", total=None)

    def found(self, count: int) -> None:
        """Count up; nobody knows to what."""
        self._bar.update(self._task, completed=count)

    def start(self, total: int, done: int) -> None:
        """The bar has an end now."""
        self._bar.reset(self._task, total=total, completed=done, description="auditing")

    def advance(self, count: int, bad: int) -> None:
        """Move on."""
        self._bad += bad
        words = f"auditing, {self._bad} not fit" if self._bad else "auditing"
        self._bar.update(self._task, advance=count, description=words)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()


def progress() -> Progress:
    """What fits where stderr goes."""
    # A dumb terminal, such as an editor's, cannot move its cursor: a bar would not show there.
    return (
        Bar() if sys.stderr.isatty() and os.environ.get("TERM", "").lower() not in ("dumb", "unknown") else Progress()
    )
