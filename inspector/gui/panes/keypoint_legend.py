"""The row below the canvas: each group's colour, name, and how many of its points are seen at this frame."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from inspector.gui import theme

_DOT = 8.0
_GAP = 2 * theme.GRID
Align = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True)
class Entry:
    """One group at one frame; an empty colour is a group that has none of its own."""

    title: str
    colour: str
    visible: int
    total: int


class KeypointLegend(QWidget):
    """Painted in one go, so that counts may change with each frame without laying anything out again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Groups of points")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._entries: tuple[Entry, ...] = ()
        self._missing = 0

    @property
    def text(self) -> str:
        """What the row says."""
        parts = [f"{e.title} {e.visible}/{e.total}" for e in self._entries]
        return " · ".join([*parts, self._remark()] if self._missing else parts)

    def show_entries(self, entries: tuple[Entry, ...], missing: int) -> None:
        """Show groups, and how many points have no position at all."""
        if (entries, missing) != (self._entries, self._missing):
            self._entries, self._missing = entries, missing
            self.update()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(0, 3 * theme.GRID)

    def _remark(self) -> str:
        return f"{self._missing} {'point' if self._missing == 1 else 'points'} not detected" if self._missing else ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """All groups and the remark."""
        painter = QPainter(self)
        muted = theme.muted(self.palette())
        text = self.palette().color(QPalette.ColorRole.WindowText)
        names, figures = theme.caption_font(), theme.tabular_font()
        figures.setPointSizeF(names.pointSizeF())
        name_size, figure_size = QFontMetricsF(names), QFontMetricsF(figures)
        remark = name_size.horizontalAdvance(self._remark())
        titled = self._fits(name_size, figure_size, self.width() - remark - 2 * _GAP)
        x, middle = float(theme.GRID), self.height() / 2
        for entry in self._entries:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colour = QColor(entry.colour) if entry.colour else muted
            painter.setPen(QPen(colour, 1.25))
            painter.setBrush(colour if entry.visible else Qt.BrushStyle.NoBrush)  # hollow, like what is not seen
            painter.drawEllipse(QRectF(x, middle - _DOT / 2, _DOT, _DOT).adjusted(0.6, 0.6, -0.6, -0.6))
            x += _DOT + theme.HALF
            if titled:
                painter.setFont(names)
                painter.setPen(text)
                width = name_size.horizontalAdvance(entry.title)
                painter.drawText(
                    QRectF(x, 0, width + 1, self.height()), Align.AlignVCenter | Align.AlignLeft, entry.title
                )
                x += width + theme.HALF
            painter.setFont(figures)
            painter.setPen(muted)
            width = _room(figure_size, entry)
            place = QRectF(x, 0, width, self.height())
            painter.drawText(place, Align.AlignVCenter | Align.AlignLeft, f"{entry.visible}/{entry.total}")
            x += width + _GAP
        space = QRectF(0, 0, self.width() - theme.GRID, self.height())
        if x + remark < space.right():
            painter.setFont(names)
            painter.setPen(muted)
            painter.drawText(space, Align.AlignVCenter | Align.AlignRight, self._remark())
        painter.end()

    def _fits(self, names: QFontMetricsF, figures: QFontMetricsF, width: float) -> bool:
        """Whether there is room for the groups' names beside their counts."""
        wanted = sum(
            _DOT + 2 * theme.HALF + names.horizontalAdvance(e.title) + _room(figures, e) + _GAP for e in self._entries
        )
        return wanted <= width

    def event(self, event: QEvent) -> bool:
        """The tool tip says all of it, however narrow the row."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.text.replace(" · ", "\n"), self)
            return True
        return super().event(event)


def _room(figures: QFontMetricsF, entry: Entry) -> float:
    """Width of the widest count, so that nothing moves while the clip plays."""
    return figures.horizontalAdvance(f"{entry.total}/{entry.total}") + 1
