"""The command line: arguments in, an exit code out. What a command needs is imported when it runs."""

from __future__ import annotations

import gc
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import click

from inspector import __version__
from inspector.errors import InspectorError, UsageError
from inspector.paths import is_url

PROGRAM = "npz-inspector"
OPEN = "(open)"
"""Name of the command that is meant when none is given: one that no file is likely to have."""

FILE = click.Path(readable=False)
FOLDER = click.Path(path_type=Path, readable=False)
MAIN_OPTIONS = ("--version", "--help", "-h")


class Commands(click.Group):
    """A group whose first argument is a path when it is no command; after ``--`` it always is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command in that was left out."""
        if not args or args[0] not in (*MAIN_OPTIONS, *self.commands):
            args = [OPEN, *args]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, _ctx: click.Context) -> list[str]:
        """What may follow the program's name."""
        return ["[PATH]... | COMMAND [ARGS]..."]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name=PROGRAM)
def cli() -> None:
    """Inspect .npz files of machine-learning data.

    With PATHs, files or folders, or with nothing at all, the window opens. A file that is called like a command goes
    after --, as in: npz-inspector -- audit
    """


@cli.command(OPEN, hidden=True)
@click.argument("paths", nargs=-1, type=FILE)
@click.option("--profile", metavar="NAME|FILE", help="Judge every file by this profile.")
def open_window(paths: tuple[str, ...], profile: str | None) -> int:
    """Open the window on files and folders."""
    for path in paths:
        if is_url(path):
            raise UsageError(f"{path}: the window opens what is on this machine; {PROGRAM} audit and show read URLs")
        if not os.path.lexists(path):
            raise UsageError(f"{path}: no such file, folder or command{_guess(path)}")
    return _window([*paths], profile)


def _guess(word: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, [name for name in cli.commands if name != OPEN], n=1)
    return f"; did you mean {PROGRAM} {close[0]}?" if close else ""


def _window(paths: list[str], profile: str | None) -> int:
    from inspector.commands.console import has_screen

    if not has_screen() and not os.environ.get("QT_QPA_PLATFORM"):
        raise UsageError(
            "there is no screen to open a window on (DISPLAY and WAYLAND_DISPLAY are not set); "
            f"{PROGRAM} audit works without one"
        )
    return int(_app().run(paths, profile))


def _app() -> ModuleType:
    try:
        from inspector.gui import app
    except ImportError as error:
        raise UsageError(f"the window cannot start, a library is missing: {error}") from error
    return app


@cli.command()
@click.argument("paths", nargs=-1, type=FILE, metavar="PATH...")
@click.option("--file", "files", multiple=True, type=FILE, help="A file to audit; the same as PATH.")
@click.option("--dir", "folders", multiple=True, type=FILE, help="A folder to audit; the same as PATH.")
@click.option("--out", type=FOLDER, metavar="DIR", help="Write reports here.")
@click.option("--profile", metavar="NAME|FILE", help="Judge every file by this profile, not by the one that fits it.")
@click.option("--target", "targets", multiple=True, metavar="NAME", help="What files must be ready for; repeatable.")
@click.option("--workers", type=click.IntRange(min=0), metavar="N", help="Processes; 0 works in this one.")
@click.option(
    "--engine",
    default="local",
    show_default=True,
    metavar="local|dask[=ADDRESS]",
    help="Where: processes here, a dask cluster started here, or the one of a scheduler's address or file.",
)
@click.option("--no-recursive", is_flag=True, help="Do not search subfolders.")
@click.option("--format", "formats", default="csv,jsonl,md", show_default=True, help="Which reports to write.")
@click.option(
    "--fail-on",
    type=click.Choice(["fail", "warn", "never"]),
    default="fail",
    show_default=True,
    help="The mildest verdict that makes the exit code 1.",
)
@click.option("--validator", metavar="MODULE:FUNCTION", help="Also ask this validator of yours; it is run.")
@click.option("--labels", type=FOLDER, metavar="FILE.csv", help="Join labels: columns file, gloss, cat, occluded.")
@click.option("--split", "splits", multiple=True, metavar="NAME=FILE", help="List of a split's files; may be repeated.")
@click.option("--no-cache", is_flag=True, help="Read every file, and keep nothing of what is found.")
@click.option("--no-across", is_flag=True, help="Do not look for copies, leaks between splits and the like.")
@click.option("--no-video", is_flag=True, help="Make no films.")
@click.option("--video", type=click.IntRange(min=1), metavar="N", help="Make films of the N worst keypoint clips.")
def audit(
    paths: tuple[str, ...],
    files: tuple[str, ...],
    folders: tuple[str, ...],
    out: Path | None,
    profile: str | None,
    targets: tuple[str, ...],
    workers: int | None,
    engine: str,
    no_recursive: bool,
    formats: str,
    fail_on: str,
    validator: str | None,
    labels: Path | None,
    splits: tuple[str, ...],
    no_cache: bool,
    no_across: bool,
    no_video: bool,
    video: int | None,
) -> int:
    """Audit files and folders without a window.

    The verdicts go to stdout, progress to stderr; with --out also npz_audit_report.csv, npz_audit_report.jsonl and
    npz_audit_summary.md. A stopped audit goes on where it was when the same command is given again with --out.
    Hidden folders are left out unless they are given themselves.

    Files are also held against each other: copies, also under another name, cut, sped up or mirrored; the same
    recording in two splits (folders called train, val, test ..., or lists given with --split); labels (--labels)
    without a file and files without a label.

    Of a data set of videos --out also gets assessment.md, dataset_visual_inspection.png and
    trajectory_patterns_validation.png, of several each in a folder of its own. Of keypoint clips, when there are at
    most 12, it gets sample_animations with three films of each: preview, detailed and slow motion.

    Exit code: 0 when nothing is at or above --fail-on, 1 when something is (a file that cannot be read counts as
    fail), 2 when there is nothing to audit or reports cannot be written, 130 after Ctrl-C.
    """
    wanted = (*paths, *files, *folders)
    if not wanted:
        raise click.UsageError("nothing to audit: give a file or folder")
    if no_video and video is not None:
        raise click.UsageError("--video and --no-video: give one of them")
    if video is not None and out is None:
        raise click.UsageError("--video needs --out DIR, where the films go")
    if no_across and (labels is not None or splits):
        raise click.UsageError("--no-across and --labels or --split: give one of them")
    from inspector.audit.engine import Engine
    from inspector.commands.headless import Request, run_audit
    from inspector.reports import parse_formats

    request = Request(
        wanted,
        out,
        profile,
        tuple(dict.fromkeys(targets)),
        workers,
        not no_recursive,
        parse_formats(formats),
        fail_on,
        validator,
        shlex.join([PROGRAM, *sys.argv[1:]]),
        pictures=True,
        films=0 if no_video else video,
        across=not no_across,
        labels=labels,
        splits=splits,
        engine=Engine.parse(engine),
        cache=not no_cache,
        arguments=click.get_current_context().find_root().obj or (),
    )
    return run_audit(request)


PROFILE = click.option("--profile", metavar="NAME|FILE", help="Read the file by this profile.")


@cli.group()
def export() -> None:
    """Make a film or a picture of one file."""


@export.command()
@click.argument("file", type=FILE)
@click.argument("out", type=FOLDER, metavar="OUT.mp4")
@click.option(
    "--style",
    type=click.Choice(["preview", "detailed", "slowmo"]),
    help="Of a keypoint clip: 30 frames a second; 15, larger, with frame and time; or 10.  [default: preview]",
)
@click.option("--sample", type=click.IntRange(min=0), metavar="N", help="Of a data set of videos.  [default: 0]")
@PROFILE
def video(file: str, out: Path, style: str | None, sample: int | None, profile: str | None) -> int:
    """Film a keypoint clip, or one sample of a data set of videos, as OUT.mp4."""
    from inspector.commands.export import run_video

    return run_video(file, out, style, sample, profile)


@export.command()
@click.argument("file", type=FILE)
@click.argument("out", type=FOLDER, metavar="OUT.png")
@PROFILE
def sheet(file: str, out: Path, profile: str | None) -> int:
    """Draw frames side by side as OUT.png.

    Of a data set of videos all frames of the first sample of each class; of a keypoint clip 16, evenly taken.
    """
    from inspector.commands.export import run_sheet

    return run_sheet(file, out, profile)


@export.command()
@click.argument("file", type=FILE)
@click.argument("out", type=FOLDER, metavar="OUT.png")
@PROFILE
def trajectories(file: str, out: Path, profile: str | None) -> int:
    """Draw where objects go as OUT.png: XY, XZ and in space.

    Shows the first sample of each class of a data set of videos, the others faint behind it.
    """
    from inspector.commands.export import run_trajectories

    return run_trajectories(file, out, profile)


@cli.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--profile", metavar="NAME|FILE", help="Judge the file by this profile.")
def show(file: str, as_json: bool, profile: str | None) -> int:
    """Show the arrays, the verdict and the findings of one file."""
    from inspector.commands.show import run_show

    return run_show(file, profile, as_json)


@cli.group(invoke_without_command=True)
@click.pass_context
def cache(context: click.Context) -> int:
    """Show what is kept of files that were audited, so that they need not be read again.

    Kept are measurements, by each file's path, size and times of change; verdicts are always by the limits of now.
    NPZ_INSPECTOR_CACHE says where, NPZ_INSPECTOR_CACHE_MB how much (0: nothing). audit --no-cache does without.
    """
    if context.invoked_subcommand is not None:
        return 0
    from inspector.commands.cache import run_show

    return run_show()


@cache.command()
def clear() -> int:
    """Forget all of it."""
    from inspector.commands.cache import run_clear

    return run_clear()


@cli.command()
@click.argument(
    "folder", type=click.Path(path_type=Path, readable=False), metavar="[DIR]", default="npz-inspector-demo"
)
@click.option("--clips", type=click.IntRange(min=1), default=32, show_default=True, help="How many clips to make.")
def demo(folder: Path, clips: int) -> int:
    """Make sample clips and data sets of videos in DIR, audit them and open the window.

    Some have planted defects, listed in planted.json. The reports are in DIR/reports. Where there is no screen
    a picture of the window is written to DIR/screenshot.png instead.
    """
    from inspector.commands.console import has_screen, note, say
    from inspector.commands.headless import Request, run_audit
    from inspector.demo import make_demo

    data = folder / "clips"
    made = make_demo(data, clips)
    kinds = f"{len(made.clips)} clips and {len(made.datasets)} data sets"
    note(f"made {kinds} in {data}, with {len(made.planted)} planted defects")
    run_audit(Request((str(data),), folder / "reports", fail_on="never"))
    if has_screen():
        return _window([str(data)], None)
    picture = folder / "screenshot.png"
    _app().screenshot([str(data)], picture)
    say(f"written: {picture}")
    say("no screen here, so no window was opened")
    return 0


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code."""
    if getattr(sys, "frozen", False):  # a worker of a frozen bundle starts here too
        from multiprocessing import freeze_support

        freeze_support()
    typed = tuple(sys.argv[1:] if arguments is None else arguments)
    try:
        code = cli.main(list(typed), PROGRAM, standalone_mode=False, obj=typed)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except InspectorError as error:
        from inspector.commands.console import note

        note(f"{PROGRAM}: {error}")
        code = 2
    except BrokenPipeError:
        from inspector.commands.console import silence

        silence()
        code = 0
    gc.freeze()  # the end of the process frees all there is: nobody need look for garbage first
    sys.exit(code or 0)
