"""The list of findings: each row has a badge, severity and title; the message; where."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from inspector.checks.finding import Finding
from inspector.gui import icons, theme
from inspector.gui.models.findings import FINDING_ROLE, FindingsModel, title_of, where_text
from inspector.gui.panes.parts import SHAPES

MEASURED_ROWS = 500
"""Up to so many rows, each is as high as its message needs; beyond, all are as high as one line, unmeasured."""

_MESSAGE_LINES = 3
_LEFT = 4 * theme.GRID
_PLACES = 6


class FindingsList(QTableView):
    """One column of a `FindingsModel`.

    A table, because its layout asks for no row that is not on screen; a `QListView` visits all of them.
    """

    def __init__(self, model: FindingsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings = model
        self._width = -1
        self.setModel(model)
        self.delegate = FindingDelegate(self)
        self.setItemDelegate(self.delegate)
        self.setAccessibleName("Findings, worst first")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        # A table fills selected rows before its delegate draws, in a colour no severity can be read on.
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Highlight, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.delegate.height(1))
        model.modelReset.connect(self._measure)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Messages wrap anew in another width."""
        super().resizeEvent(event)
        if self.viewport().width() != self._width:
            self._measure()

    @Slot()
    def _measure(self) -> None:
        """Give each row the height of its message, where there are few enough."""
        self._width = self.viewport().width()
        if self._findings.rowCount() <= MEASURED_ROWS:
            for row, finding in enumerate(self._findings.shown()):
                self.setRowHeight(row, self.delegate.height(self.delegate.lines(finding, self._width)))


class FindingDelegate(QStyledItemDelegate):
    """Draws rows of a `FindingsModel` that fit the view's width."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    def lines(self, finding: Finding, width: int) -> int:
        """How many lines the message takes in a row so wide."""
        return len(wrapped(finding.message, self._view.font(), width - _LEFT - theme.GRID, _MESSAGE_LINES))

    def height(self, lines: int) -> int:
        """Of a row whose message takes so many lines."""
        text = QFontMetricsF(self._view.font()).lineSpacing() * (1 + lines)
        return round(text + QFontMetricsF(theme.caption_font()).lineSpacing() + 2.5 * theme.GRID)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one row."""
        finding: Finding = index.data(FINDING_ROLE)
        rect, palette = option.rect, option.palette
        painter.save()
        self._background(painter, rect, option)
        right = rect.right() - theme.GRID
        y = float(rect.top() + theme.GRID)
        y = self._heading(painter, finding, rect.left(), right, y, palette)
        text = palette.color(QPalette.ColorRole.Text)
        width = right - rect.left() - _LEFT
        measured = index.model().rowCount() <= MEASURED_ROWS
        painter.setFont(self._view.font())
        painter.setPen(text)
        metrics = QFontMetricsF(self._view.font())
        for line in wrapped(finding.message, self._view.font(), width, _MESSAGE_LINES if measured else 1):
            painter.drawText(QPointF(rect.left() + _LEFT, y + metrics.ascent()), line)
            y += metrics.lineSpacing()
        small = theme.caption_font()
        metrics = QFontMetricsF(small)
        painter.setFont(small)
        painter.setPen(theme.muted(palette))
        where = metrics.elidedText(where_text(finding, _PLACES), Qt.TextElideMode.ElideRight, width)
        painter.drawText(QPointF(rect.left() + _LEFT, y + metrics.ascent() + 2), where)
        painter.restore()

    def _heading(
        self, painter: QPainter, finding: Finding, left: int, right: int, y: float, palette: QPalette
    ) -> float:
        """Badge, severity word, title; returns where the next line begins."""
        strong = QFont(self._view.font())
        strong.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(strong)
        side = 2 * theme.GRID - 2
        top = y + (metrics.lineSpacing() - side) / 2
        colour = theme.severity_colour(finding.severity, palette)
        icons.paint_status(
            painter, QRectF(left + theme.GRID + 1, top, side, side), SHAPES[finding.severity], palette, colour
        )
        painter.setFont(strong)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        word = finding.severity.value
        small = theme.caption_font()
        room = QFontMetricsF(small).horizontalAdvance(word) + theme.GRID
        title = metrics.elidedText(title_of(finding.code), Qt.TextElideMode.ElideRight, right - left - _LEFT - room)
        baseline = y + metrics.ascent()
        painter.drawText(QPointF(left + _LEFT, baseline), title)
        painter.setFont(small)
        painter.setPen(colour)
        painter.drawText(QPointF(right - room + theme.GRID, baseline), word)
        return y + metrics.lineSpacing()

    def _background(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem) -> None:
        """The selection is a tint and a bar, so that the severity's colour stays readable on it."""
        accent = theme.accent()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, _tint(accent, 48))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), accent)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, _tint(accent, 20))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.line(option.palette))


def wrapped(text: str, font: QFont, width: float, most: int) -> list[str]:
    """Lines of text that fit the width, at most so many; the last one is elided when there is more."""
    text = " ".join(text.split())
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    metrics = QFontMetricsF(font)
    lines: list[str] = []
    units = text.encode("utf-16-le", "surrogatepass")  # what Qt counts in
    layout.beginLayout()
    line = layout.createLine()
    while line.isValid():
        line.setLineWidth(max(1.0, width))
        start, stop = line.textStart() * 2, (line.textStart() + line.textLength()) * 2
        if len(lines) == most - 1:
            lines.append(
                metrics.elidedText(units[start:].decode("utf-16-le", "replace"), Qt.TextElideMode.ElideRight, width)
            )
            break
        lines.append(units[start:stop].decode("utf-16-le", "replace").rstrip())
        line = layout.createLine()
    layout.endLayout()
    return lines or [""]


def _tint(colour: QColor, alpha: int) -> QColor:
    tinted = QColor(colour)
    tinted.setAlpha(alpha)
    return tinted
