"""What an audit draws once its reports are safe: pictures of data sets, films of clips. Qt comes in only then."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from bisect import insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from inspector.audit.record import Record, is_dataset
from inspector.audit.scan import sort_key
from inspector.checks import Severity, Status
from inspector.commands.console import note, say
from inspector.commands.progress import EVERY
from inspector.errors import InspectorError

FEW = 12
"""Clips of an audit that are all filmed without being asked for."""

STYLES = ("preview", "detailed", "slowmo")
"""Names of `inspector.render.clip_film.STYLES`, for those who do without Qt."""


LISTED = 40
"""Most pictures named on stdout."""


class _Clip(NamedTuple):
    """A clip that can be filmed, the worst first."""

    rank: tuple[int, int, int]
    place: list[str]
    path: str
    frames: int


@dataclass(slots=True)
class Drawings:
    """Remembers, while records go by, what will be drawn of them.

    Attributes
    ----------
    pictures
        Whether data sets are drawn.
    films
        How many clips are filmed, the worst first; None: all if they are few.
    """

    pictures: bool = False
    films: int | None = 0
    datasets: list[Record] = field(default_factory=list)
    clips: int = 0
    worst: list[_Clip] = field(default_factory=list)

    def see(self, record: Record) -> None:
        """Remember a record as far as it will be drawn."""
        if is_dataset(record):
            if self.pictures:
                self.datasets.append(record)
            return
        frames = record.fields.get("T")
        if self.films == 0 or record.status is Status.ERROR or not isinstance(frames, int) or frames < 1:
            return
        self.clips += 1
        if self.films is None and self.clips > FEW:
            return
        worst = min((f.severity.rank for f in record.findings), default=Severity.LOW.rank + 1)
        rank = record.status.rank, worst, -len(record.findings)
        insort(self.worst, _Clip(rank, sort_key(record.path), record.path, frames))
        del self.worst[FEW if self.films is None else self.films :]

    @property
    def unfilmed(self) -> str:
        """Why clips that could be filmed are not; empty where they are, or none was to be."""
        if self.films is not None or self.clips <= FEW:
            return ""
        return (
            f"no films: {self.clips} clips are more than {FEW}; --video N films the N worst, "
            "npz-inspector export video one of them"
        )

    def __bool__(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.datasets or (self.worst and not self.unfilmed))

    def draw(self, out: Path) -> None:
        """Draw all of it below the folder of reports; what cannot be drawn is a note."""
        if self.datasets:
            self._draw_datasets(out)
        if self.unfilmed:
            note(self.unfilmed)
        elif self.worst:
            self._film(out)

    def _draw_datasets(self, out: Path) -> None:
        from inspector.reports.folders import dataset_folders

        folders = dataset_folders(record.path for record in self.datasets)
        written: list[Path] = []
        for record in sorted(self.datasets, key=lambda each: sort_key(each.path)):
            with _noted(f"{record.file}: no pictures"):
                from inspector.reports.pictures import write_pictures

                written += write_pictures(record, out / folders[record.path])
        for path in written[:LISTED]:
            say(f"written: {path}")
        if len(written) > LISTED:
            say(f"written: {len(written) - LISTED} more pictures in {out}")

    def _film(self, out: Path) -> None:
        from inspector.reports.folders import FILMS, stems

        folder = out / FILMS
        chosen = sorted(self.worst, key=lambda each: each.place)
        names = stems(each.path for each in chosen)
        written = done = 0
        try:
            with counted("filming", len(STYLES) * sum(each.frames for each in chosen)) as told:
                for each in chosen:
                    with _noted(f"{each.path}: no films"):
                        from inspector.reports.films import clip_films

                        told_here = _further(told, done)
                        for _ in clip_films(each.path, folder, stem=names[each.path], progress=told_here):
                            written += 1
                    done += len(STYLES) * each.frames
        finally:
            if written:
                say(f"written: {written} films in {folder}")


def _further(told: Callable[[int], None], before: int) -> Callable[[int], None]:
    def further(count: int) -> None:
        told(before + count)

    return further


@contextlib.contextmanager
def _noted(what: str) -> Iterator[None]:
    """What goes wrong inside is a line on stderr: the reports are written, and the next file may do better."""
    try:
        yield
    except InspectorError as error:
        note(f"{what}: {error}")
    except ImportError as error:
        note(f"{what}: a library is missing: {error}")
    except Exception as error:  # noqa: BLE001 - the boundary: a picture that fails must not take the audit's exit code
        note(f"{what}: unexpected {type(error).__name__}: {error}")


@contextlib.contextmanager
def counted(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yields what takes the number of frames done so far: a bar on a terminal, a line now and then anywhere else."""
    if sys.stderr.isatty() and os.environ.get("TERM", "").lower() not in ("dumb", "unknown"):
        with _bar(what, total) as told:
            yield told
        return
    said = time.monotonic()

    def say_seldom(count: int) -> None:
        nonlocal said
        if time.monotonic() - said >= EVERY:
            said = time.monotonic()
            note(f"{what}: {count}/{total} frames")

    yield say_seldom


@contextlib.contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)

        def told(count: int) -> None:
            bar.update(task, completed=count)

        yield told
