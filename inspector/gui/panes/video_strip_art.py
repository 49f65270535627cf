"""What the strip of frames shows, and its picture without the outline of the current frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPalette, QPixmap

from inspector.gui import theme
from inspector.gui.models.sample_facts import Bools, Marks
from inspector.render.strip import StripLayout, paint_strip
from inspector.render.style import DARK, LIGHT, Style
from inspector.render.text import text_font

SLOT = 4.0
"""Height of the room for one kind of mark below a frame."""

NUMBER = 15.0
"""Height of a frame's number."""

_BAR = 3.0
_SWATCH = 14.0


@dataclass(frozen=True, slots=True)
class Kind:
    """What a bar below a frame says: in words, and in a colour on light and on dark."""

    field: str
    text: str
    colours: tuple[str, str]


KINDS = (
    Kind("border", "object at the border", ("#B54708", "#E3B341")),
    Kind("same", "same as the frame before", ("#57606A", "#9BA4AE")),
    Kind("blank", "blank", ("#A8407F", "#E08CBF")),
)
"""Each kind has its own place below a frame, from the top."""


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """What the strip shows.

    Attributes
    ----------
    images
        Pictures of frames ``first``, ``first + stride`` and so on.
    frames
        How many frames they stand for.
    marks
        Of all frames of the sample; None when they are not known.
    """

    images: Sequence[QImage] = ()
    first: int = 0
    stride: int = 1
    frames: int = 0
    marks: Marks | None = None

    def frame_of(self, cell: int) -> int:
        """The frame that a cell shows."""
        return self.first + cell * self.stride

    def cell_of(self, frame: int) -> int | None:
        """The cell that stands for a frame, or None outside."""
        inside = self.first <= frame < self.first + self.frames
        return (frame - self.first) // self.stride if inside else None

    def marked(self, kind: Kind) -> Bools:
        """bool, one a cell: whether any frame that it stands for has this mark."""
        found = np.zeros(len(self.images) * self.stride, dtype=np.bool_)
        if self.marks is not None:
            marked = getattr(self.marks, kind.field)[self.first : self.first + min(self.frames, len(found))]
            found[: len(marked)] = marked
        cells = found.reshape(len(self.images), self.stride)
        any_of: Bools = np.logical_or.reduce(cells, axis=1)
        return any_of

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of marks that occur."""
        return tuple(kind for kind in KINDS if self.marked(kind).any())

    def describe(self, frame: int) -> str:
        """A frame in a line: its number, then what is marked."""
        cell = self.cell_of(frame)
        if cell is None or cell >= len(self.images):
            return ""
        last = min(self.frame_of(cell + 1), self.first + self.frames) - 1
        name = f"frame {frame}" if self.stride == 1 else f"frames {self.frame_of(cell)} to {last}"
        said = [kind.text for kind in KINDS if self.marked(kind)[cell]]
        return ": ".join([name, ", ".join(said)] if said else [name])


def strip_style(palette: QPalette) -> Style:
    """The strip in the colours of the window."""
    return replace(
        DARK if theme.is_dark(palette) else LIGHT,
        background=theme.canvas(palette).name(),
        outline=theme.line(palette).name(),
        accent=theme.accent(palette).name(),
        caption=theme.muted(palette).name(),
    )


def legend_height(shown: bool) -> int:
    """Height of the line that says what the bars mean, where there are any."""
    return math.ceil(QFontMetricsF(theme.caption_font()).height()) + 2 if shown else 0


def number_rect(layout: StripLayout, cell: int, kinds: int) -> QRectF:
    """Where a cell's number goes, below its marks."""
    place = layout.cell_rect(cell)
    return QRectF(place.left() - 12, place.bottom() + 3 + kinds * SLOT, place.width() + 24, NUMBER)


def strip_picture(
    strip: Strip, layout: StripLayout, size: QSizeF, origin: QPointF, palette: QPalette, sharpness: float
) -> QPixmap:
    """All frames with their numbers and marks, and what the marks mean below them.

    Parameters
    ----------
    layout
        Its caption has room for the numbers, and for `SLOT` of each kind of mark that occurs.
    size
        Of the picture, in the widget's pixels.
    origin
        Where the first cell goes.
    """
    style, kinds, dark = strip_style(palette), strip.kinds(), theme.is_dark(palette)
    picture = QPixmap((size * sharpness).toSize())
    picture.setDevicePixelRatio(sharpness)
    picture.fill(QColor(style.background))
    painter = QPainter(picture)
    painter.translate(origin)
    for first in range(0, layout.count, layout.columns):  # by rows: frames are not always numbered one by one
        images = strip.images[first : first + layout.columns]
        painter.save()
        painter.translate(0, layout.cell_rect(first).top())
        paint_strip(painter, images, replace(layout, count=len(images), caption=0.0), style=style)
        painter.restore()
    for slot, kind in enumerate(kinds):
        for cell in np.flatnonzero(strip.marked(kind)).tolist():
            place = layout.picture_rect(cell)
            bar = QRectF(place.left(), place.bottom() + 4 + slot * SLOT, place.width(), _BAR)
            painter.fillRect(bar, QColor(kind.colours[dark]))
    _numbers(painter, strip, layout, style, len(kinds))
    _legend(painter, kinds, layout.size.height() + 1, style, dark)
    painter.end()
    return picture


def _numbers(painter: QPainter, strip: Strip, layout: StripLayout, style: Style, kinds: int) -> None:
    font = text_font(style.label)
    painter.setFont(font)
    painter.setPen(QColor(style.caption))
    widest = QFontMetricsF(font).horizontalAdvance(str(strip.frame_of(layout.count - 1))) + 4
    step = max(1, math.ceil(widest / (layout.cell.width() + layout.gap)))
    for cell in range(layout.count):
        if cell % layout.columns % step == 0:
            place = number_rect(layout, cell, kinds)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(strip.frame_of(cell)))


def _legend(painter: QPainter, kinds: Sequence[Kind], top: float, style: Style, dark: bool) -> None:
    font = theme.caption_font()
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(QColor(style.caption))
    x = 0.0
    for kind in kinds:
        painter.fillRect(QRectF(x, top + metrics.height() / 2 - 1, _SWATCH, _BAR), QColor(kind.colours[dark]))
        x += _SWATCH + 6
        painter.drawText(QPointF(x, top + metrics.ascent()), kind.text)
        x += metrics.horizontalAdvance(kind.text) + 2 * theme.GRID
