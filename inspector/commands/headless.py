"""The audit command: from paths to reports, a summary and an exit code, without a screen."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from inspector import __version__
from inspector.audit import Options, Record, audit_many, scan
from inspector.audit.cache.reuse import audit_cached, user_cache
from inspector.audit.engine import LOCAL, Engine
from inspector.audit.legacy import load_validator
from inspector.audit.scan import sort_key
from inspector.checks import Status
from inspector.commands.across import Together, read_lists, root_of
from inspector.commands.console import COLOURS, as_printed, note, say
from inspector.commands.drawing import Drawings
from inspector.commands.progress import Progress, progress
from inspector.errors import UsageError
from inspector.paths import is_url
from inspector.reports.tally import Firsts, Tally
from inspector.reports.text import why_error

if TYPE_CHECKING:
    from inspector.reports.writer import ReportWriter

LINES = 40
"""Most files named on stdout; all of them are in the reports."""

INTERRUPTED = 130
TERMINATED = 143

_FAILS = {"fail": (Status.ERROR, Status.FAIL), "warn": (Status.ERROR, Status.FAIL, Status.WARN), "never": ()}


def every_format() -> tuple[str, ...]:
    """Names of all kinds of reports."""
    from inspector.reports.writer import FORMATS

    return tuple(FORMATS)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line.

    Attributes
    ----------
    profile
        Name or file; None lets each file pick its own.
    fail_on
        ``fail``, ``warn`` or ``never``: the mildest verdict that makes the exit code 1.
    command
        The command as typed, to say how to go on after a stop.
    pictures
        Whether pictures are drawn beside each assessment of a data set.
    films
        How many keypoint clips are filmed, the worst first; None: all if they are few.
    across
        Whether files are held against each other.
    labels
        A table of labels to join.
    splits
        ``NAME=FILE``: lists of the files in each split.
    engine
        Where the work is done.
    cache
        Whether files that have not changed need not be read again.
    arguments
        Of the program, as typed, by which its answer is found again; none: it is not kept.
    """

    paths: tuple[str, ...]
    out: Path | None = None
    profile: str | None = None
    targets: tuple[str, ...] = ()
    workers: int | None = None
    recursive: bool = True
    formats: tuple[str, ...] = field(default_factory=every_format)
    fail_on: str = "fail"
    validator: str | None = None
    command: str = ""
    pictures: bool = False
    films: int | None = 0
    across: bool = True
    labels: Path | None = None
    splits: tuple[str, ...] = ()
    engine: Engine = LOCAL
    cache: bool = True
    arguments: tuple[str, ...] = ()


@dataclass(slots=True)
class Run:
    """What is known so far.

    Attributes
    ----------
    paths
        The files, in order.
    folders
        Those that were listed.
    unlisted
        What could not be.
    began
        When it was begun, nanoseconds.
    """

    paths: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)
    began: int = field(default_factory=time.time_ns)
    tally: Tally = field(default_factory=Tally)
    lines: dict[Status, Firsts] = field(default_factory=lambda: {s: Firsts(LINES) for s in Status})
    written: list[Path] = field(default_factory=list)
    drawings: Drawings = field(default_factory=Drawings)
    together: Together = field(default_factory=Together)

    def see(self, record: Record) -> None:
        """Remember what will be looked at, printed or drawn of a record."""
        self.drawings.see(record)
        self.together.see(record)

    def say(self) -> None:
        """Choose the lines that are printed of files, now that nothing more is added to them."""
        for record in self.together.records.values():
            if record.status is not Status.PASS and (lines := self.lines[record.status]).takes(record.path):
                lines.add(record.path, f"{record.file}  {reason(record)}")


def run_audit(request: Request) -> int:
    """Audit, write reports, print what matters, then draw what was asked for.

    Returns
    -------
    int
        0: nothing at or above `fail_on`; 1: something was; 130, 143: stopped by Ctrl-C, by SIGTERM.

    Raises
    ------
    UsageError
        When a path, profile, target or validator does not exist, or there is nothing to audit.
    ReportError
        When reports cannot be written; the earlier ones are as they were.
    """
    options = make_options(request)
    missing = [path for path in request.paths if not is_url(path) and not os.path.lexists(path)]
    if missing:
        raise UsageError(f"{missing[0]}: no such file or folder")
    run = Run(together=read_lists(request.labels, request.splits))
    if request.out is not None:
        run.drawings = Drawings(request.pictures and "md" in request.formats, request.films)
    began = time.monotonic()
    stopped: list[int] = []
    with _stoppable(stopped):
        try:
            with progress() as shown:
                _find(request, run, shown)
                _audit(request, options, run, shown)
        except KeyboardInterrupt:
            _say_stopped(request, run)
            return TERMINATED if stopped else INTERRUPTED
        printed = _say_results(run, time.monotonic() - began)
        if request.out is not None:
            try:
                run.drawings.draw(request.out)
            except KeyboardInterrupt:
                note("stopped while drawing: the reports are written, and what was drawn before is kept")
                return TERMINATED if stopped else INTERRUPTED
    code = int(any(run.tally.statuses[status] for status in _FAILS[request.fail_on]))
    if request.cache and request.arguments:
        from inspector.commands.answered import remember

        remember(request, run, printed, totals(run.tally), code)
    return code


def make_options(request: Request) -> Options:
    """The audit's options, every name in them checked.

    Raises
    ------
    UsageError, ProfileError
        When one does not exist or cannot be used.
    """
    profile = None
    if request.profile is not None:
        from inspector.profiles import load_profile

        profile = load_profile(request.profile)
    if request.validator is not None:
        load_validator(request.validator)
    if profile is None and request.targets:
        from inspector.profiles import builtin_profiles

        known = sorted({target for each in builtin_profiles() for target in each.targets})
        unknown = [target for target in request.targets if target not in known]
        if unknown:
            raise UsageError(f"target {unknown[0]!r} is in no built-in profile; they have {', '.join(known)}")
    targets = request.targets or None
    return Options(profile, targets, request.validator, lines=request.out is not None, slim=True).checked()


def _find(request: Request, run: Run, shown: Progress) -> None:
    def cannot(path: str, error: OSError) -> None:
        run.unlisted.append(path)
        note(f"{path} cannot be listed: {error.strerror or error}")

    paths: list[str] = []
    for batch in scan(request.paths, request.recursive, cannot, run.folders.append):
        paths += batch
        shown.found(len(paths))
    if not paths:
        where = ", ".join(request.paths[:5]) + (", …" if len(request.paths) > 5 else "")
        how = "" if request.recursive else " (subfolders were not searched)"
        raise UsageError(f"nothing to audit: no .npz file in {where}{how}")
    run.paths = sorted(paths, key=sort_key)


def _audit(request: Request, options: Options, run: Run, shown: Progress) -> None:
    paths = run.paths
    with contextlib.ExitStack() as stack:
        writer = None
        left = paths
        if request.out is not None:
            from inspector.reports.writer import ReportWriter

            writer = stack.enter_context(ReportWriter(request.out, request.formats, resume_key(options)))
            run.tally = writer.tally
            left = writer.resume(paths, run.see)
        shown.start(len(paths), len(paths) - len(left))
        if request.across:  # workers that are starting take longer than this, and hold up who hands work to them
            run.together.prepare()
        # as they come, not in order: what is finished is on disk even while a large file holds its place up
        read = partial(_read, request)
        batches = audit_cached(left, options, user_cache() if request.cache else None, read)
        stack.enter_context(contextlib.closing(batches))
        for batch in batches:
            if writer is not None:
                writer.add(batch)
            for record in batch:
                if writer is None:
                    run.tally.add(record)
                run.see(record)
            shown.advance(len(batch), sum(record.status in _FAILS["fail"] for record in batch))
        if request.across:
            _look_across(request, run, writer)
        if writer is not None:
            run.written = writer.finish()


def _read(request: Request, paths: Sequence[str], options: Options) -> Generator[list[Record], None, None]:
    """Records as they come, from wherever the work was asked to be done."""
    if not (request.engine.dask and paths):
        yield from audit_many(paths, options, workers=request.workers, ordered=False)
        return
    from inspector.audit.cluster import connected  # brings the cluster's library in

    with connected(request.engine, paths, request.workers) as cluster:
        yield from audit_many(
            paths, options, workers=cluster.workers, executor=cluster.executor, folder=cluster.folder, ordered=False
        )


def _look_across(request: Request, run: Run, writer: ReportWriter | None) -> None:
    together = run.together
    changed = {path: (before, after) for path, before, after in together.look(root_of(request.paths))}
    if together.result is None:
        return
    if writer is not None:
        writer.look_across(together.result, changed)
    else:
        for before, after in changed.values():
            run.tally.revise(before, after)
    for record in together.result.missing:
        if writer is not None:
            writer.add([record])
        else:
            run.tally.add(record)
        run.see(record)


def resume_key(options: Options) -> str:
    """Short name of all that records depend on besides the files, for reports that are gone on with."""
    from inspector.profiles import builtin_profiles

    profiles = builtin_profiles() if options.profile is None else (options.profile,)
    parts = [__version__, *(p.digest() for p in profiles), repr(options.targets), repr(options.validator)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


@contextlib.contextmanager
def _stoppable(stopped: list[int]) -> Iterator[None]:
    """SIGTERM, a cluster's time limit, stops as Ctrl-C does."""

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def reason(record: Record) -> str:
    """Why a file does not pass, in a line."""
    if record.error is not None:
        return why_error(record)
    if not record.findings:
        return "; ".join(text for target in record.wanted for text in record.issues.get(target, ()))
    first, *others = dict.fromkeys(f.code for f in record.findings)
    also = f" (also {', '.join(others)})" if others else ""
    return f"{first}: {record.findings[0].message}{also}"


def totals(tally: Tally) -> str:
    """The counts in a line."""
    counts = ", ".join(f"{tally.statuses[status]} {status.value}" for status in reversed(Status))
    ready = ", ".join(f"{target} {tally.ready[target]}/{tally.total}" for target in tally.judged)
    files = f"{tally.total} file{'s' if tally.total != 1 else ''}"
    return f"{files}: {counts}" + (f"; ready for {ready}" if ready else "")


def _say_results(run: Run, seconds: float) -> list[str]:
    """Print what was found; what was printed before the line of totals."""
    run.say()
    worst = [(status, text) for status in Status for _, text in run.lines[status]][:LINES]
    lines = [(f"{status.value:<5}  {text}", COLOURS[status.value]) for status, text in worst]
    more = run.tally.total - run.tally.statuses[Status.PASS] - len(worst)
    if more:
        lines.append((f"and {more} more that do not pass" + ("" if run.written else "; --out DIR writes them all"), ""))
    if run.together.result is not None:
        from inspector.reports.across import sentences

        lines += [(f"across files: {sentence}", "") for sentence in sentences(run.together.result)]
    for text, colour in lines:
        say(text, colour=colour)
    say(f"{totals(run.tally)}; {seconds:.1f} s")
    for path in run.written[:LINES]:
        say(f"written: {path}")
    if len(run.written) > LINES:
        say(f"written: {len(run.written) - LINES} more")
    return [as_printed(text, colour) for text, colour in lines]


def _say_stopped(request: Request, run: Run) -> None:
    done = run.tally.total
    note(f"stopped: {done} of {len(run.paths)} files are done" if run.paths else "stopped while looking for files")
    if request.out is None:
        if done:
            note("nothing is kept without --out DIR")
    elif run.paths:
        note(f"they are kept in {request.out}; the same command goes on from there:")
        note(f"  {request.command}")
    if done:
        say(f"so far {totals(run.tally)}")
