"""Pictures for reports: every frame of a sample of each class, and where their objects go."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from inspector.render.pixels import as_array, motion_image, to_image
from inspector.render.strip import StripLayout, paint_framed, paint_strip, strip_layout
from inspector.render.style import LIGHT, Style
from inspector.render.text import text_font
from inspector.render.trajectory import TrajectoryPainter, paint_marks_legend

WIDTH = 1720

_MARGIN = 32.0
_GAP = 24.0
_TITLE, _CAPTION = 18.0, 14.0
_CAPTION_LINES = 3
# The picture of all frames: this large at least and at most, as the strip beside it leaves room.
_MOTION = (128.0, 256.0)
# Cells of a sheet; the second where it would otherwise be too high.
_CELLS = (160.0, 48.0, 24.0)
_PLOT_HEIGHT = 380.0
# QPainter's own coordinates end at 32767.
_HIGHEST = 30_000


@dataclass(frozen=True, slots=True, eq=False)
class SheetRow:
    """A sample on the sheet of frames.

    Attributes
    ----------
    title
        One line, such as "Class 0 (Linear), sample 6".
    caption
        What was found, such as "does not move: 16 identical frames"; wrapped.
    frames
        (T, H, W) or (T, H, W, C), as `to_image` takes them, or pictures.
    scale
        The value that means white in an array.
    flagged
        Frames with a mark.
    """

    title: str
    caption: str
    frames: npt.NDArray[np.generic] | Sequence[QImage]
    scale: float = 1.0
    flagged: Collection[int] = ()


@dataclass(frozen=True, slots=True, eq=False)
class TrajectoryRow:
    """A class on the sheet of trajectories.

    Attributes
    ----------
    title
        One line, such as "Class 0 (Linear), 50 samples".
    caption
        Figures of the class; wrapped.
    path
        (T, D) with D 2 or 3: the sample that is shown.
    others
        (M, T, D): the other samples.
    colour
        ``#RRGGBB``.
    """

    title: str
    caption: str
    path: npt.NDArray[np.generic]
    others: Sequence[npt.NDArray[np.generic]] | npt.NDArray[np.generic]
    colour: str


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of a sheet: how high it is, and how it is drawn with its top left corner at (0, 0)."""

    title: str
    height: float
    paint: Callable[[QPainter], None]


def dataset_sheet(rows: Sequence[SheetRow], style: Style = LIGHT, width: int = WIDTH, heading: str = "") -> QImage:
    """All frames of each sample in order, and at the right all of them on one picture.

    Parameters
    ----------
    rows
        One a class, any number of frames each. What no longer fits a picture is named below the rest.
    width
        Pixels; the height follows.
    heading
        One line above everything.

    Returns
    -------
    QImage
        RGB32.
    """
    prepared = [(row, *_pictures(row)) for row in rows]
    blocks: list[_Block] = []
    for most in _CELLS:
        blocks = [_frames_block(row, images, motion, width, most, style) for row, images, motion in prepared]
        if sum(block.height + _GAP for block in blocks) < _HIGHEST:
            break
    legend = "Right: all frames on one picture."
    if any(row.flagged for row in rows):
        legend = "Marked below: frames with a finding.   " + legend
    return _sheet(blocks, heading, style, width, lambda painter, place: _legend_text(painter, place, legend, style))


def trajectories_sheet(
    rows: Sequence[TrajectoryRow], style: Style = LIGHT, width: int = WIDTH, heading: str = ""
) -> QImage:
    """The path of one sample of each class from three sides, the others faint behind it.

    Parameters
    ----------
    rows
        One a class. What no longer fits a picture is named below the rest.
    width
        Pixels; the height follows.
    heading
        One line above everything.

    Returns
    -------
    QImage
        RGB32.
    """
    blocks = [_paths_block(row, width, style) for row in rows]
    return _sheet(blocks, heading, style, width, lambda painter, place: paint_marks_legend(painter, place, style))


def _pictures(row: SheetRow) -> tuple[list[QImage], QImage]:
    """A row's frames, and the one of all of them."""
    if isinstance(row.frames, np.ndarray):
        images = [to_image(frame, scale=row.scale) for frame in row.frames]
        return images, motion_image(row.frames, row.scale)
    images = list(row.frames)
    alike = len({(image.width(), image.height()) for image in images}) == 1
    return images, motion_image(as_array(images), 255) if alike else QImage()


def _frames_block(row: SheetRow, images: list[QImage], motion: QImage, width: int, most: float, style: Style) -> _Block:
    room = width - 2 * _MARGIN
    size = next(((image.width(), image.height()) for image in images if not image.isNull()), (1, 1))
    beside = min(_MOTION[0], room / 5)
    strip = strip_layout(len(images), room - beside - _GAP, size, most=most, whole=False)
    # The rest of the room is the last picture's, as far as the strip is high.
    spare = room - strip.size.width() - _GAP
    head = _head_height(row.caption, room - beside - _GAP)
    beside = max(beside, min(spare, _MOTION[1], head + strip.size.height() - strip.caption))
    whole = strip_layout(1, beside, size, caption=0, least=beside, most=beside, whole=False)
    height = head + (strip.size.height() if images else 0.0)
    if not motion.isNull():
        height = max(height, whole.size.height() + strip.caption)

    def paint(painter: QPainter) -> None:
        _paint_head(painter, row.title, row.caption, room - beside - _GAP, style)
        painter.save()
        painter.translate(0, head)
        paint_strip(painter, images, strip, flagged=row.flagged, style=style)
        painter.restore()
        if not motion.isNull():
            _paint_motion(painter, motion, whole, QPointF(round(room - beside), 0), len(images), style)

    return _Block(row.title, height, paint)


def _paint_motion(
    painter: QPainter, motion: QImage, layout: StripLayout, at: QPointF, count: int, style: Style
) -> None:
    painter.save()
    painter.translate(at)
    place = layout.picture_rect(0)
    paint_framed(painter, motion, place, style)
    painter.setFont(text_font(style.label + 1))
    painter.setPen(QColor(style.caption))
    cell = layout.cell_rect(0)
    below = QRectF(cell.left(), place.bottom() + 3, cell.width(), 18)
    text = "all frames on one" if count > 1 else "the only frame"
    painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()


def _paths_block(row: TrajectoryRow, width: int, style: Style) -> _Block:
    room = width - 2 * _MARGIN
    head = _head_height(row.caption, room)
    path = TrajectoryPainter(row.path, row.others, row.colour)
    plot = QSizeF((room - 2 * _GAP) // 3, _PLOT_HEIGHT)

    def paint(painter: QPainter) -> None:
        _paint_head(painter, row.title, row.caption, room, style)
        for number, view in enumerate(path.views):
            place = QRectF(QPointF(number * (plot.width() + _GAP), math.ceil(head)), plot)
            path.paint(painter, place, view, style=style)
        if not np.isfinite(path.path).any():
            painter.setFont(text_font(_CAPTION))
            painter.setPen(QColor(style.caption))
            painter.drawText(QRectF(QPointF(0, head), plot), Qt.AlignmentFlag.AlignCenter, "no path")

    return _Block(row.title, math.ceil(head) + plot.height(), paint)


def _head_height(caption: str, width: float) -> float:
    """What the title takes, and the caption's lines below it."""
    lines = _wrapped(caption, QFontMetricsF(text_font(_CAPTION)), width)
    height = QFontMetricsF(text_font(_TITLE, bold=True)).height()
    return math.ceil(height + len(lines) * QFontMetricsF(text_font(_CAPTION)).height() + 8)


def _paint_head(painter: QPainter, title: str, caption: str, width: float, style: Style) -> None:
    font = text_font(_TITLE, bold=True)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(QColor(style.text))
    painter.drawText(QPointF(0, metrics.ascent()), metrics.elidedText(_line(title), Qt.TextElideMode.ElideRight, width))
    font = text_font(_CAPTION)
    below = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(QColor(style.caption))
    for number, line in enumerate(_wrapped(caption, below, width)):
        painter.drawText(QPointF(0, metrics.height() + below.ascent() + number * below.height()), line)


def _wrapped(text: str, metrics: QFontMetricsF, width: float) -> list[str]:
    """Lines that fit a width, broken between words; the last one is elided where there would be too many."""
    lines: list[str] = []
    words = text.split()
    while words:
        fitting = len(words) if len(lines) == _CAPTION_LINES - 1 else 1
        if fitting == 1:
            while fitting < len(words) and metrics.horizontalAdvance(" ".join(words[: fitting + 1])) <= width:
                fitting += 1
        lines.append(metrics.elidedText(" ".join(words[:fitting]), Qt.TextElideMode.ElideRight, width))
        words = words[fitting:]
    return lines


def _line(text: str) -> str:
    """On one line, whatever a class is called."""
    return " ".join(text.split())


def _legend_text(painter: QPainter, place: QRectF, text: str, style: Style) -> None:
    painter.setFont(text_font(_CAPTION))
    painter.setPen(QColor(style.caption))
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _sheet(
    blocks: list[_Block],
    heading: str,
    style: Style,
    width: int,
    legend: Callable[[QPainter, QRectF], None],
) -> QImage:
    """Blocks below each other, with lines between them, a heading and a legend."""
    room = width - 2 * _MARGIN
    line = QFontMetricsF(text_font(_CAPTION)).height() + 4
    top = _MARGIN
    if heading:
        top += math.ceil(QFontMetricsF(text_font(_TITLE + 6, bold=True)).height() + 4)
    begin = top + line + 12
    shown, y = 0, begin
    while shown < len(blocks) and y + blocks[shown].height < _HIGHEST:
        y += blocks[shown].height + 2 * _GAP
        shown += 1
    missing = [block.title for block in blocks[shown:]]
    note = f"{len(missing)} more: {', '.join(map(_line, missing))}" if missing else "" if blocks else "no samples"
    height = y - (2 * _GAP if shown else 0) + (line + _GAP if note else 0) + _MARGIN

    image = QImage(max(1, width), math.ceil(height), QImage.Format.Format_RGB32)
    image.fill(QColor(style.background))
    painter = QPainter(image)
    painter.translate(_MARGIN, 0)
    if heading:
        font = text_font(_TITLE + 6, bold=True)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(style.text))
        text = metrics.elidedText(_line(heading), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(0, _MARGIN + metrics.ascent()), text)
    legend(painter, QRectF(0, top, room, line))
    y = begin
    for number, block in enumerate(blocks[:shown]):
        if number:
            painter.setPen(QPen(QColor(style.outline), 0))
            painter.drawLine(QPointF(0, round(y - _GAP)), QPointF(room, round(y - _GAP)))
        painter.save()
        painter.translate(0, math.ceil(y))
        block.paint(painter)
        painter.restore()
        y += block.height + 2 * _GAP
    if note:
        note = QFontMetricsF(text_font(_CAPTION)).elidedText(note, Qt.TextElideMode.ElideRight, room)
        _legend_text(painter, QRectF(0, height - _MARGIN - line, room, line), note, style)
    painter.end()
    return image
