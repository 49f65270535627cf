"""Pictures of a file: every frame of a sample of each class, where their objects go, and the frames of a clip."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from inspector.audit import Inspection, Record
from inspector.audit.pixels import Pixels
from inspector.audit.record import visible
from inspector.errors import ReportError
from inspector.render.palette import class_colour
from inspector.render.picture import frame_image, write_png
from inspector.render.sheets import SheetRow, TrajectoryRow, dataset_sheet, trajectories_sheet
from inspector.render.skeleton import SkeletonPainter
from inspector.render.style import LIGHT
from inspector.render.text import text_font
from inspector.reports.assessment_question import SHEET, TRAJECTORIES, expected
from inspector.reports.atomic import make_folder
from inspector.reports.datasets import dataset_of, read_trajectory
from inspector.reports.drawing import ensure_gui
from inspector.reports.figures import ClassLine, VideoFigures, figures_of
from inspector.reports.folders import stems
from inspector.reports.markdown import many

CLASSES = 60
"""Most classes on a picture."""

FRAMES = 16
"""Frames of a clip on its sheet."""

_OTHERS = 300  # paths behind the one that is shown; more are one grey area
_CELL, _GAP, _LINE, _HEAD = 340, 16, 26, 64


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
    frames = sorted(set(np.linspace(0, len(clip) - 1, FRAMES).round().astype(int).tolist()))
    columns = math.ceil(math.sqrt(len(frames)))
    rows = math.ceil(len(frames) / columns)
    width, height = columns * (_CELL + _GAP) + _GAP, rows * (_CELL + _LINE + _GAP) + _HEAD
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.background))
    painter = QPainter(image)
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(text_font(24, bold=True))
    heading = visible(f"{stems([seen.path])[seen.path]}: {many(len(clip), 'frame')}, {clip.seconds[-1]:.2f} s")
    elided = painter.fontMetrics().elidedText(heading, Qt.TextElideMode.ElideRight, width - 2 * _GAP)
    painter.drawText(QRectF(_GAP, 0, width - 2 * _GAP, _HEAD), Qt.AlignmentFlag.AlignVCenter, elided)
    painter.setFont(text_font(14))
    for place, frame in enumerate(frames):
        row, column = divmod(place, columns)
        corner = QPointF(_GAP + column * (_CELL + _GAP), _HEAD + row * (_CELL + _LINE + _GAP))
        painter.drawImage(corner, frame_image(skeleton, frame, clip.bounds, (_CELL, _CELL), LIGHT))
        painter.setPen(QColor(LIGHT.caption))
        below = QRectF(corner.x(), corner.y() + _CELL, _CELL, _LINE)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"frame {frame}  ·  {clip.seconds[frame]:.2f} s")
    painter.end()
    write_png(image, out)
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
