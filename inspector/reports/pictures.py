"""Pictures of a file: every frame of a sample of each class, where their objects go, and the frames of a clip."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.audit import Inspection, Record
from inspector.audit.pixels import Pixels
from inspector.audit.record import visible
from inspector.errors import ReportError
from inspector.render.clip_sheet import clip_sheet
from inspector.render.palette import class_colour
from inspector.render.picture import write_png
from inspector.render.sheets import SheetRow, TrajectoryRow, dataset_sheet, trajectories_sheet
from inspector.render.skeleton import SkeletonPainter
from inspector.reports.assessment_question import SHEET, TRAJECTORIES, expected
from inspector.reports.atomic import make_folder
from inspector.reports.datasets import dataset_of, read_trajectory
from inspector.reports.drawing import ensure_gui
from inspector.reports.figures import ClassLine, VideoFigures, figures_of
from inspector.reports.folders import stems
from inspector.reports.markdown import many

CLASSES = 60
"""Most classes on a picture."""

_OTHERS = 300  # paths behind the one that is shown; more are one grey area


def write_pictures(record: Record, folder: Path) -> list[Path]:
    """Write the pictures that go beside a data set's assessment.

    Parameters
    ----------
    record
        Of the file, as audited; the pixels are read from its path in one pass.
    folder
        Made when missing.

    Returns
    -------
    list of Path
        ``dataset_visual_inspection.png`` and, where there are trajectories, ``trajectory_patterns_validation.png``.

    Raises
    ------
    ReportError
        When the record is of no data set, nothing can be drawn here, or a picture cannot be written.
    ArchiveError
        When the file cannot be read.
    """
    figures = figures_of(record)
    dataset_of(record)
    written = []
    make_folder(folder)
    if figures.samples:
        written.append(write_sheet(record, folder / SHEET))
    if figures.has_trajectory:
        written.append(write_trajectories(record, folder / TRAJECTORIES))
    return written


def write_sheet(record: Record, out: Path) -> Path:
    """Draw every frame of the first sample of each class, with what was found of it. Raises as `write_pictures`."""
    dataset = dataset_of(record)
    figures = figures_of(record)
    if not figures.samples:
        raise ReportError(f"{record.file} holds no samples to draw")
    ensure_gui()
    firsts = _firsts(figures)
    pixels = Pixels(record.path, dataset, record.mtime_ns)
    try:
        frames = dict(pixels.samples([sample for sample, _ in firsts]))
    finally:
        pixels.close()
    rows = [
        SheetRow(_sample_title(sample, each), _capital(expected(sample, figures)), frames[sample], dataset.full_scale)
        for sample, each in firsts
    ]
    write_png(dataset_sheet(rows, heading=_heading(record, figures)), out)
    return out


def write_trajectories(record: Record, out: Path) -> Path:
    """Draw the path of the first sample of each class, the others of the class faint. Raises as `write_pictures`."""
    paths = read_trajectory(record.path)
    dataset = dataset_of(record)
    figures = figures_of(record)
    ensure_gui()
    rows = []
    for place, (sample, each) in enumerate(_firsts(figures)):
        if sample >= len(paths):
            continue
        of_class = np.arange(len(paths))
        if each is not None:
            known = dataset.labels is not None and len(dataset.labels) == len(paths)
            of_class = np.flatnonzero(dataset.labels == each.label) if known else of_class[:0]
        rows.append(
            TrajectoryRow(
                _class_title(sample, each),
                _metrics(each),
                paths[sample],
                paths[_some(of_class[of_class != sample])],
                class_colour(place),
            )
        )
    if not rows:
        raise ReportError(f"{record.file} holds no trajectories to draw")
    write_png(trajectories_sheet(rows, heading=_heading(record, figures)), out)
    return out


def write_clip_sheet(seen: Inspection, out: Path) -> Path:
    """Draw frames of a clip, evenly taken from its first to its last.

    Raises
    ------
    ReportError
        When the file holds no clip, nothing can be drawn here, or the picture cannot be written.
    """
    clip = seen.clip
    if clip is None or not len(clip):
        why = f": {seen.record.error}" if seen.record.error else ""
        raise ReportError(f"{seen.path} holds no frames to draw{why}")
    ensure_gui()
    skeleton = SkeletonPainter(clip.points, clip.visible, seen.skeleton)
    heading = visible(f"{stems([seen.path])[seen.path]}: {many(len(clip), 'frame')}, {clip.seconds[-1]:.2f} s")
    write_png(clip_sheet(skeleton, clip.seconds, clip.bounds, heading), out)
    return out


def _firsts(figures: VideoFigures) -> list[tuple[int, ClassLine | None]]:
    """The first sample of each class; of a data set without classes, its first one."""
    found: list[tuple[int, ClassLine | None]] = [
        (each.first, each) for each in figures.classes if each.first is not None and 0 <= each.first < figures.samples
    ]
    return found[:CLASSES] or [(0, None)]


def _sample_title(sample: int, each: ClassLine | None) -> str:
    return f"Sample {sample}" if each is None else f"Class {_name(each)}, sample {sample}"


def _class_title(sample: int, each: ClassLine | None) -> str:
    return f"Sample {sample}" if each is None else f"Class {_name(each)}, {many(each.count, 'sample')}; sample {sample}"


def _name(each: ClassLine) -> str:
    return visible(f"{each.label} ({each.name})" if each.name else str(each.label))


def _metrics(each: ClassLine | None) -> str:
    if each is None or each.displacement_mean is None or each.path_length_mean is None:
        return ""
    return (
        f"Mean ± std of the class: displacement {each.displacement_mean:.3f} ± {each.displacement_std or 0:.3f}, "
        f"path length {each.path_length_mean:.3f} ± {each.path_length_std or 0:.3f}"
    )


def _some(which: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """At most so many of them, evenly taken."""
    return which[:: max(1, math.ceil(len(which) / _OTHERS))]


def _heading(record: Record, figures: VideoFigures) -> str:
    return visible(f"{stems([record.path])[record.path]}: {many(figures.samples, 'sample')}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
