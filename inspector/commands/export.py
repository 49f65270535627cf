"""The export commands: a film, a sheet of frames, or the trajectories of one file."""

from __future__ import annotations

import os
from pathlib import Path

from inspector.audit import Inspection, Options, inspect_file
from inspector.checks import Status
from inspector.commands.console import say
from inspector.commands.drawing import counted
from inspector.errors import ReportError, UsageError
from inspector.paths import is_url
from inspector.profiles import load_profile
from inspector.reports.text import why_error


def run_video(
    path: str, out: Path, style: str | None = None, sample: int | None = None, profile: str | None = None
) -> int:
    """Film a clip, or one sample of a data set of videos.

    Parameters
    ----------
    path
        The file.
    out
        The film, an ``.mp4``; one that is there is replaced.
    style
        Of a clip's film: preview, detailed or slowmo; preview by default.
    sample
        Of a data set; 0 by default.
    profile
        Name or file of the profile to read it by; None lets the file pick.

    Raises
    ------
    UsageError
        When the request fits no such file.
    ReportError, ArchiveError
        When there is nothing to film, or it cannot be read or written.
    """
    seen = _seen(path, out, ".mp4", profile)
    from inspector.reports.films import write_clip_film, write_sample_film

    if seen.dataset is not None:
        if style is not None:
            raise UsageError(f"{path} is a data set of videos: --style is for keypoint clips, --sample for these")
        with counted("filming", seen.dataset.layout.frames) as told:
            write_sample_film(seen.record, sample or 0, out, rate=seen.dataset.rate, progress=told)
    else:
        if sample is not None:
            raise UsageError(f"{path} is no data set of videos: it has no sample {sample}")
        with counted("filming", 0 if seen.clip is None else len(seen.clip)) as told:
            write_clip_film(seen, out, style or "preview", progress=told)
    say(f"written: {out}")
    return 0


def run_sheet(path: str, out: Path, profile: str | None = None) -> int:
    """Draw every frame of the first sample of each class, or 16 frames of a clip. Raises as `run_video`."""
    seen = _seen(path, out, ".png", profile)
    from inspector.reports.pictures import write_clip_sheet, write_sheet

    if seen.dataset is not None:
        write_sheet(seen.record, out)
    else:
        write_clip_sheet(seen, out)
    say(f"written: {out}")
    return 0


def run_trajectories(path: str, out: Path, profile: str | None = None) -> int:
    """Draw the trajectory of the first sample of each class. Raises as `run_video`."""
    seen = _seen(path, out, ".png", profile)
    from inspector.reports.pictures import write_trajectories

    write_trajectories(seen.record, out)
    say(f"written: {out}")
    return 0


def _seen(path: str, out: Path, ending: str, profile: str | None) -> Inspection:
    """The file, looked at; the request checked first."""
    if not is_url(path) and not os.path.lexists(path):
        raise UsageError(f"{path}: no such file")
    if out.suffix.lower() != ending:
        raise UsageError(f"{out}: expected a name that ends in {ending}")
    if not out.absolute().parent.is_dir():
        raise UsageError(f"{out}: there is no folder {out.absolute().parent}")
    options = Options(load_profile(profile) if profile is not None else None)
    seen = inspect_file(path, options)
    if seen.record.status is Status.ERROR:
        raise ReportError(f"{seen.record.file}: {why_error(seen.record)}")
    return seen
