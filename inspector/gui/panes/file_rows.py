"""How a row of the file list is painted: badges by shape and colour, names cut in the middle."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from inspector.checks.finding import Status
from inspector.gui import icons, theme
from inspector.gui.models.file_list import READY_ROLE, STATUS_ROLE, VERDICT, Index
from inspector.gui.models.file_table import LACKING, READY, UNWANTED

ROW_HEIGHT = 3 * theme.GRID
_BADGE, _SMALL = 14, 10


class BadgeDelegate(QStyledItemDelegate):
    """Paints the verdict and target columns: the row's background as the style has it, and a badge."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache: dict[tuple[Status | None, int, float, bool, int], QPixmap] = {}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the background, then the badge."""
        widget = option.widget
        widget.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, widget)
        if index.column() == VERDICT:
            status = index.data(STATUS_ROLE)
            self._badge(painter, option, None if status is None else Status(status), _BADGE)
        elif (ready := index.data(READY_ROLE)) is not None:
            if ready == UNWANTED:
                self._dash(painter, option)
            elif ready in (READY, LACKING):
                self._badge(painter, option, Status.PASS if ready == READY else Status.FAIL, _SMALL)

    def _badge(self, painter: QPainter, option: QStyleOptionViewItem, status: Status | None, side: int) -> None:
        density = painter.device().devicePixelRatioF()
        key = (status, side, density, bool(option.state & QStyle.StateFlag.State_Selected), option.palette.cacheKey())
        pixmap = self._cache.get(key)
        if pixmap is None:
            pixmap = QPixmap(round(side * density), round(side * density))
            pixmap.setDevicePixelRatio(density)
            pixmap.fill(Qt.GlobalColor.transparent)
            brush = QPainter(pixmap)
            icons.paint_status(brush, QRectF(0, 0, side, side), status, colour=_colour(option, status))
            brush.end()
            self._cache[key] = pixmap
        centre = option.rect.center()
        painter.drawPixmap(centre.x() - side // 2 + 1, centre.y() - side // 2 + 1, pixmap)

    def _dash(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        centre = option.rect.center()
        painter.fillRect(centre.x() - 3, centre.y(), 7, 1, _colour(option, None))


def _colour(option: QStyleOptionViewItem, status: Status | None) -> QColor:
    palette = option.palette
    if option.state & QStyle.StateFlag.State_Selected:
        return palette.color(QPalette.ColorRole.HighlightedText)
    return theme.status_colour(status, palette)
