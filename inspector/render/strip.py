"""The frames of a video side by side: where each goes, which one a point is on, and how they are drawn."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from inspector.render.pixels import resized
from inspector.render.style import Style
from inspector.render.text import text_font

PER_ROW = 16

# A cell is at most this many times as long one way as the other; what is longer stands in its middle.
_LONGEST = 3.0
# Without whole multiples, they are kept all the same where they fill this share of the room.
_NEARLY = 0.85


@dataclass(frozen=True, slots=True)
class StripLayout:
    """Cells in rows, from the top left at (0, 0).

    Attributes
    ----------
    count
        How many cells there are.
    columns
        Cells in a full row; at least 1.
    cell
        Size of a cell.
    picture
        Size of the picture in the middle of each cell.
    gap
        Between cells next to each other.
    caption
        Height left free below each row, for numbers.
    """

    count: int
    columns: int
    cell: QSizeF
    picture: QSizeF
    gap: float
    caption: float

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return math.ceil(self.count / self.columns)

    @property
    def size(self) -> QSizeF:
        """What all cells take, with the captions below them."""
        columns, rows = min(self.count, self.columns), self.rows
        if not rows:
            return QSizeF(0, 0)
        return QSizeF(columns * self._across - self.gap, rows * self._down - self.gap)

    @property
    def cells(self) -> tuple[QRectF, ...]:
        """The rectangle of each cell."""
        return tuple(self.cell_rect(index) for index in range(self.count))

    def cell_rect(self, index: int) -> QRectF:
        """The rectangle of one cell, without its caption."""
        row, column = divmod(index, self.columns)
        return QRectF(QPointF(column * self._across, row * self._down), self.cell)

    def picture_rect(self, index: int) -> QRectF:
        """Where the picture goes in a cell."""
        cell = self.cell_rect(index)
        # To whole pixels, or its own would lie between those of the screen.
        left = math.floor((cell.width() - self.picture.width()) / 2)
        top = math.floor((cell.height() - self.picture.height()) / 2)
        return QRectF(cell.topLeft() + QPointF(left, top), self.picture)

    def cell_at(self, point: QPointF) -> int | None:
        """The cell that a point is on, its caption included; None in gaps and outside."""
        if point.x() < 0 or point.y() < 0:
            return None
        column, across = divmod(point.x(), self._across)
        row, down = divmod(point.y(), self._down)
        index = int(row) * self.columns + int(column)
        if column >= self.columns or index >= self.count:
            return None
        return index if across < self.cell.width() and down < self.cell.height() + self.caption else None

    @property
    def _across(self) -> float:
        return self.cell.width() + self.gap

    @property
    def _down(self) -> float:
        return self.cell.height() + self.caption + self.gap


def strip_layout(
    count: int,
    width: float,
    frame: tuple[int, int],
    *,
    gap: float = 6.0,
    caption: float = 20.0,
    per_row: int = PER_ROW,
    least: float = 24.0,
    most: float = 256.0,
    sharpness: float = 1.0,
    whole: bool = True,
) -> StripLayout:
    """Lay frames out in rows as wide as there is room for.

    Parameters
    ----------
    count
        How many frames.
    width
        The room there is; with less than `least` one column sticks out of it.
    frame
        (width, height) of a frame in its own pixels.
    gap, caption
        Pixels between cells, and below each row for numbers; no numbers without any.
    per_row
        At most so many in a row; fewer where cells would be narrower than `least`.
    least, most
        Width of a cell.
    sharpness
        Pixels of the screen per pixel of the layout.
    whole
        Enlarge frames by whole multiples of the screen's pixels only, so that each of theirs is a crisp square, and
        leave the rest of the room free. False fills the room where much would be left.
    """
    across, down = max(1, frame[0]), max(1, frame[1])
    gap, caption = round(gap * sharpness) / sharpness, round(caption * sharpness) / sharpness
    columns = min(max(1, per_row), max(1, count), max(1, math.floor((width + gap) / (least + gap))))
    room = min(max(least, (width - gap * (columns - 1)) / columns), most) * sharpness
    # In pixels of the screen from here.
    scale = min(room / across, _LONGEST * room / down)
    if scale >= 1 and (whole or math.floor(scale) / scale >= _NEARLY):
        scale = math.floor(scale)
    shown = QSizeF(max(1, math.floor(across * scale)), max(1, math.floor(down * scale)))
    # A frame that is very long one way gets a cell that is not.
    wide = max(shown.width(), math.ceil(shown.height() / _LONGEST), math.ceil(least * sharpness))
    cell = QSizeF(min(wide, math.ceil(room)), max(shown.height(), math.ceil(shown.width() / _LONGEST)))
    return StripLayout(count, columns, cell / sharpness, shown / sharpness, gap, caption)


def paint_strip(
    painter: QPainter,
    images: Sequence[QImage],
    layout: StripLayout,
    *,
    current: int | None = None,
    flagged: Collection[int] = (),
    style: Style,
    first: int = 0,
) -> None:
    """Draw frames into their cells, numbered from `first`; the background is the caller's.

    Parameters
    ----------
    painter
        Its origin is the strip's top left corner; its state is left as found.
    images
        One a cell; null ones leave an empty frame, and so do those that are missing.
    current
        The cell with a ring around it.
    flagged
        Cells with a mark: a bar below the picture.
    """
    painter.save()
    for index in range(layout.count):
        place = layout.picture_rect(index)
        paint_framed(painter, images[index] if index < len(images) else QImage(), place, style)
    ring = max(1.0, min(3.0, layout.gap / 2))
    if current is not None and 0 <= current < layout.count:
        _outline(painter, layout.picture_rect(current), QColor(style.accent), ring)
    marked = frozenset(index for index in flagged if 0 <= index < layout.count)
    for index in marked:
        _mark(painter, layout.picture_rect(index), ring if layout.caption else 0.0, style)
    if layout.caption:
        _numbers(painter, layout, current, marked, style, first)
    painter.restore()


def paint_framed(painter: QPainter, image: QImage, place: QRectF, style: Style) -> None:
    """Draw a picture into a rectangle with a hairline around it; its pixels stay what they are (see `resized`)."""
    if not image.isNull():
        sharpness = painter.device().devicePixelRatio()
        fitting = resized(image, round(place.width() * sharpness), round(place.height() * sharpness))
        painter.drawImage(place, fitting, QRectF(fitting.rect()))
    _outline(painter, place, QColor(style.outline), 1.0)


def _outline(painter: QPainter, place: QRectF, colour: QColor, width: float) -> None:
    """A frame around a rectangle: outside of it, so that it hides no pixel."""
    painter.setPen(Qt.PenStyle.NoPen)
    out = place.adjusted(-width, -width, width, width)
    painter.fillRect(QRectF(out.left(), out.top(), out.width(), width), colour)
    painter.fillRect(QRectF(out.left(), place.bottom(), out.width(), width), colour)
    painter.fillRect(QRectF(out.left(), place.top(), width, place.height()), colour)
    painter.fillRect(QRectF(place.right(), place.top(), width, place.height()), colour)


def _mark(painter: QPainter, place: QRectF, away: float, style: Style) -> None:
    """A bar below a picture. On the picture it would hide what it is about: an object that sits in a corner."""
    painter.fillRect(QRectF(place.left(), place.bottom() + away + 1, place.width(), 3), QColor(style.warning))


def _numbers(
    painter: QPainter,
    layout: StripLayout,
    current: int | None,
    marked: Collection[int],
    style: Style,
    first: int,
) -> None:
    """Below each cell; where they do not fit, below every second, third and so on."""
    plain, strong = text_font(style.label), text_font(style.label, bold=True)
    needed = QFontMetricsF(strong).horizontalAdvance(str(first + layout.count - 1)) + 4
    step = max(1, math.ceil(needed / (layout.cell.width() + layout.gap)))
    spare = max(0.0, needed - layout.cell.width()) / 2
    for index in range(layout.count):
        if index % layout.columns % step and index != current:
            continue
        if current is not None and index != current and abs(index - current) < step:
            continue
        cell = layout.cell_rect(index)
        below = QRectF(cell.left() - spare, cell.bottom(), cell.width() + 2 * spare, layout.caption)
        painter.setFont(strong if index == current else plain)
        colour = style.text if index == current else style.warning if index in marked else style.caption
        painter.setPen(QColor(colour))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, str(first + index))
