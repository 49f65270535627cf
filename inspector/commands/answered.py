"""Keeps what an audit said, where the next one that asks the same will surely be told the same; see `again`."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from inspector.audit.cache.reuse import are_kept, user_cache
from inspector.checks import Status
from inspector.commands import answers
from inspector.commands.console import as_printed
from inspector.errors import InspectorError
from inspector.profiles import profile_files

if TYPE_CHECKING:
    from inspector.commands.across import Together
    from inspector.commands.drawing import Drawings


class _Request(Protocol):
    """What is looked at of a request; it is made by who calls this."""

    @property
    def arguments(self) -> tuple[str, ...]: ...
    @property
    def paths(self) -> tuple[str, ...]: ...
    @property
    def out(self) -> Path | None: ...
    @property
    def profile(self) -> str | None: ...
    @property
    def validator(self) -> str | None: ...
    @property
    def labels(self) -> Path | None: ...
    @property
    def splits(self) -> tuple[str, ...]: ...


class _Run(Protocol):
    """And of what came of it."""

    paths: list[str]
    folders: list[str]
    unlisted: list[str]
    began: int
    written: list[Path]
    drawings: Drawings
    together: Together


def remember(request: _Request, run: _Run, printed: list[str], totals: str, code: int) -> None:
    """Keep the answer of an audit that is over.

    Nothing is kept where a picture or a film was drawn, where a folder could not be listed, where the reason of an
    error may pass, and of files that changed a moment ago.

    Parameters
    ----------
    printed
        What was printed before the line of totals.
    """
    cache = user_cache()
    if cache is None or request.validator is not None or run.unlisted or (request.out is not None and run.drawings):
        return
    try:
        found = _answer(request, run, printed, totals, code)
        if found is not None and are_kept(_errors(run), cache):
            answers.remember(request.arguments, *found)
    except (InspectorError, OSError, ValueError, sqlite3.Error):  # it is taken again, then
        return


def _answer(
    request: _Request, run: _Run, printed: list[str], totals: str, code: int
) -> tuple[answers.Answer, bytes] | None:
    typed, _ = answers.out_of(request.arguments)
    if (typed and Path(typed)) != request.out:
        return None
    asked = _lists(request)
    files = [os.fspath(Path(path)) for path in request.paths if not Path(path).is_dir()]
    state, paths, times = answers.survey(run.folders, [*files, *asked])
    if set(paths) != {*run.paths, *asked} or not answers.all_settled(times, run.began):
        return None
    kept = answers.Answer(
        folders=run.folders,
        files=[*files, *asked],
        code=code,
        total=len(run.paths),
        lines=printed,
        totals=as_printed(totals),
        notes=[],
    )
    if request.out is not None and typed is not None:
        names = [os.fspath(path.relative_to(request.out)) for path in run.written]
        place = os.path.abspath(typed)  # noqa: PTH100 - as `again` has it
        kept.out, kept.written = (typed, place), answers.stamps(place, names)
        kept.named = [as_printed(f"written: {path}") for path in run.written]
        answers.keep_reports(kept)
        kept.notes = [run.drawings.unfilmed] if run.drawings.unfilmed else []
    return kept, state


def _lists(request: _Request) -> list[str]:
    """Files that say how to audit."""
    files = [] if request.profile is None else [os.fspath(path) for path in profile_files(request.profile)]
    files += [] if request.labels is None else [os.fspath(request.labels)]
    return files + [given.partition("=")[2] for given in request.splits]


def _errors(run: _Run) -> list[str]:
    """Files that could not be read; not those that were only listed somewhere."""
    return [
        record.path
        for record in run.together.records.values()
        if record.status is Status.ERROR and not any(finding.code == "FILE_MISSING" for finding in record.findings)
    ]
