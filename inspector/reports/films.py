"""Films: a clip in the three styles of the reference, and one sample of a data set of videos."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from inspector.audit import Inspection, Record, inspect_file
from inspector.audit.pixels import Pixels
from inspector.audit.record import visible
from inspector.errors import ReportError
from inspector.render.clip_film import STYLES, FilmStyle, clip_images
from inspector.render.film import write_film
from inspector.render.sample_film import sample_images
from inspector.reports.atomic import make_folder
from inspector.reports.datasets import dataset_of
from inspector.reports.drawing import ensure_gui
from inspector.reports.figures import VideoFigures, figures_of
from inspector.reports.folders import stems

Cancel = Callable[[], bool]
Told = Callable[[int], None]

RATE = 8
"""Frames per second of a sample's film where its profile says nothing."""


def clip_films(
    path: str,
    folder: Path,
    styles: Sequence[str] = tuple(STYLES),
    *,
    stem: str | None = None,
    cancelled: Cancel | None = None,
    progress: Told | None = None,
) -> Iterator[Path]:
    """Film a clip, and yield each film as soon as it is whole.

    Parameters
    ----------
    path
        The clip's file.
    folder
        Made when missing; gets one ``<stem>_<style>.mp4`` for each style.
    styles
        Names out of `STYLES`.
    stem
        What the films are called; the file's own name by default.
    cancelled
        Asked before each frame.
    progress
        Told how many frames of all films are done.

    Returns
    -------
    iterator of Path
        The films written.

    Raises
    ------
    ReportError
        When the file holds no clip, or a film cannot be written.
    Cancelled
        When `cancelled` said so; whole films stay.
    """
    seen = inspect_file(path)
    name = stem or stems([path])[path]
    frames = 0
    for style in styles:
        make_folder(folder)
        out = folder / f"{name}_{style}.mp4"
        told = None if progress is None else _after(progress, frames)
        frames += write_clip_film(seen, out, style, cancelled=cancelled, progress=told)
        yield out


def _after(progress: Told, before: int) -> Told:
    def told(count: int) -> None:
        progress(before + count)

    return told


def write_clip_film(
    seen: Inspection,
    out: Path,
    style: str = "detailed",
    *,
    cancelled: Cancel | None = None,
    progress: Told | None = None,
) -> int:
    """Film a clip that was read already in one style; its frame count is returned. Raises as `clip_films`."""
    clip = seen.clip
    if clip is None or not len(clip):
        raise ReportError(f"{seen.path} holds no clip of moving points to film{_reason(seen)}")
    ensure_gui()
    title = visible(stems([seen.path])[seen.path])
    images = clip_images(clip.points, clip.visible, clip.seconds, seen.skeleton, clip.bounds, film_style(style), title)
    return write_film(out, images, STYLES[style].rate, cancelled=cancelled, progress=progress)


def _reason(seen: Inspection) -> str:
    return f": {seen.record.error}" if seen.record.error else ""


def film_style(name: str) -> FilmStyle:
    """The style of that name.

    Raises
    ------
    ReportError
        When there is none.
    """
    if name not in STYLES:
        raise ReportError(f"style: expected one of {', '.join(STYLES)}, got {name!r}")
    return STYLES[name]


def write_sample_film(
    record: Record,
    sample: int,
    out: Path,
    *,
    side: int = 512,
    rate: float = RATE,
    cancelled: Cancel | None = None,
    progress: Told | None = None,
) -> int:
    """Film one sample of a data set of videos, enlarged so that its pixels are seen, each frame with its number.

    Parameters
    ----------
    record
        Of the file, as audited.
    side
        What the longer side of a frame is enlarged to, as near as whole multiples come; a larger one stays as it is.
    rate
        Frames per second, rounded to whole ones.

    Returns
    -------
    int
        The number of frames.

    Raises
    ------
    ReportError
        When the record is of no data set, or the film cannot be written.
    ArchiveError
        When the file cannot be read, or holds no such sample.
    Cancelled
        When `cancelled` said so.
    """
    dataset = dataset_of(record)
    figures = figures_of(record)
    if not 0 <= sample < figures.samples:
        raise ReportError(f"{record.file}: sample: expected 0 to {figures.samples - 1}, got {sample}")
    ensure_gui()
    pixels = Pixels(record.path, dataset, record.mtime_ns)
    try:
        frames = pixels.sample(sample)
        images = sample_images(frames, figures.full_scale or 1.0, _title(sample, figures), side)
        return write_film(out, images, max(1, round(rate)), cancelled=cancelled, progress=progress)
    finally:
        pixels.close()


def _title(sample: int, figures: VideoFigures) -> str:
    """What a sample is, safe to show."""
    label = figures.label_of(sample)
    if label is None:
        return f"sample {sample}"
    called = figures.class_names().get(label, "")
    return visible(f"sample {sample}  ·  class {label} ({called})" if called else f"sample {sample}  ·  class {label}")
