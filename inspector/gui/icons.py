"""Icons drawn as paths: crisp at any density, readable on light and dark, nothing to load."""

from __future__ import annotations

import functools

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPainterPath, QPalette, QPen, QPixmap, QPixmapCache
from PySide6.QtWidgets import QApplication

from inspector.checks.finding import Status
from inspector.gui import theme

Strokes = tuple[tuple[tuple[float, float], ...], ...]

# All shapes live in the unit square; stroke widths are in the same unit.
_STROKE = 0.09

_LINES: dict[str, Strokes] = {
    "open": (
        (
            (0.58, 0.08),
            (0.22, 0.08),
            (0.22, 0.92),
            (0.80, 0.92),
            (0.80, 0.30),
            (0.58, 0.08),
            (0.58, 0.30),
            (0.80, 0.30),
        ),
    ),
    "folder": (((0.08, 0.82), (0.08, 0.20), (0.38, 0.20), (0.48, 0.32), (0.92, 0.32), (0.92, 0.82), (0.08, 0.82)),),
    "cancel": (((0.22, 0.22), (0.78, 0.78)), ((0.78, 0.22), (0.22, 0.78))),
    "export": (
        ((0.50, 0.08), (0.50, 0.62)),
        ((0.28, 0.42), (0.50, 0.64), (0.72, 0.42)),
        ((0.12, 0.66), (0.12, 0.90), (0.88, 0.90), (0.88, 0.66)),
    ),
    "copy": (
        ((0.34, 0.34), (0.88, 0.34), (0.88, 0.92), (0.34, 0.92), (0.34, 0.34)),
        ((0.22, 0.68), (0.12, 0.68), (0.12, 0.08), (0.66, 0.08), (0.66, 0.20)),
    ),
    "next": (((0.36, 0.16), (0.68, 0.50), (0.36, 0.84)),),
    "previous": (((0.64, 0.16), (0.32, 0.50), (0.64, 0.84)),),
}
_SOLID: dict[str, Strokes] = {
    "play": (((0.24, 0.12), (0.88, 0.50), (0.24, 0.88)),),
    "pause": (
        ((0.22, 0.14), (0.42, 0.14), (0.42, 0.86), (0.22, 0.86)),
        ((0.58, 0.14), (0.78, 0.14), (0.78, 0.86), (0.58, 0.86)),
    ),
    "step_forward": (
        ((0.20, 0.16), (0.66, 0.50), (0.20, 0.84)),
        ((0.70, 0.16), (0.82, 0.16), (0.82, 0.84), (0.70, 0.84)),
    ),
    "step_back": (
        ((0.80, 0.16), (0.34, 0.50), (0.80, 0.84)),
        ((0.18, 0.16), (0.30, 0.16), (0.30, 0.84), (0.18, 0.84)),
    ),
}


def _polygons(strokes: Strokes, *, close: bool) -> QPainterPath:
    path = QPainterPath()
    for stroke in strokes:
        path.moveTo(*stroke[0])
        for point in stroke[1:]:
            path.lineTo(*point)
        if close:
            path.closeSubpath()
    return path


def _reload() -> QPainterPath:
    path = QPainterPath()
    circle = QRectF(0.16, 0.16, 0.68, 0.68)
    path.arcMoveTo(circle, 40)
    path.arcTo(circle, 40, 290)
    path.moveTo(0.58, 0.30)
    path.lineTo(0.80, 0.30)
    path.lineTo(0.82, 0.08)
    return path


def _loop() -> QPainterPath:
    path = _polygons(
        (((0.60, 0.06), (0.78, 0.24), (0.60, 0.42)), ((0.40, 0.58), (0.22, 0.76), (0.40, 0.94))), close=False
    )
    path.moveTo(0.78, 0.24)
    path.lineTo(0.28, 0.24)
    path.quadTo(0.10, 0.24, 0.10, 0.46)
    path.moveTo(0.22, 0.76)
    path.lineTo(0.72, 0.76)
    path.quadTo(0.90, 0.76, 0.90, 0.54)
    return path


def _search() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(0.42, 0.42), 0.28, 0.28)
    path.moveTo(0.63, 0.63)
    path.lineTo(0.90, 0.90)
    return path


@functools.cache
def _shape(name: str) -> tuple[QPainterPath, float]:
    """(path, stroke width) of an icon; width 0 is filled."""
    if name in _LINES:
        return _polygons(_LINES[name], close=False), _STROKE
    if name in _SOLID:
        return _polygons(_SOLID[name], close=True), 0.0
    return {"reload": _reload, "loop": _loop, "search": _search}[name](), _STROKE


@functools.cache
def _status_shape(status: Status | None) -> tuple[QPainterPath, float]:
    """(path, stroke width) of a verdict's badge; width 0 is filled."""
    if status == Status.PASS:  # by value: a model hands members of a StrEnum over as plain text
        return _polygons((((0.14, 0.54), (0.40, 0.80), (0.88, 0.22)),), close=False), 0.15
    if status == Status.FAIL:
        return _polygons((((0.2, 0.2), (0.8, 0.8)), ((0.8, 0.2), (0.2, 0.8))), close=False), 0.17
    if status == Status.ERROR:
        bolt = (((0.62, 0.02), (0.16, 0.58), (0.46, 0.58), (0.36, 0.98), (0.84, 0.38), (0.54, 0.38)),)
        return _polygons(bolt, close=True), 0.0
    path = QPainterPath()
    if status is None:
        path.addEllipse(QRectF(0.22, 0.22, 0.56, 0.56))
        return path, 0.10
    path = _polygons((((0.5, 0.08), (0.97, 0.90), (0.03, 0.90)),), close=True)
    path.addRect(QRectF(0.44, 0.36, 0.12, 0.26))  # even-odd: the exclamation mark is a hole
    path.addEllipse(QRectF(0.43, 0.68, 0.14, 0.14))
    path.setFillRule(Qt.FillRule.OddEvenFill)
    return path, 0.0


def _paint(painter: QPainter, rect: QRectF, shape: tuple[QPainterPath, float], colour: QColor) -> None:
    path, width = shape
    side = min(rect.width(), rect.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.center().x() - side / 2, rect.center().y() - side / 2)
    painter.scale(side, side)
    if width:
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.strokePath(path, QPen(colour, width, Qt.PenStyle.SolidLine, cap, join))
    else:
        painter.fillPath(path, colour)
    painter.restore()


def paint_status(
    painter: QPainter,
    rect: QRect | QRectF,
    status: Status | None,
    palette: QPalette | None = None,
    colour: QColor | None = None,
) -> None:
    """Draw a verdict's badge, centred and as large as fits: tick, triangle, cross, bolt; None (pending) is a ring.

    `colour` replaces the verdict's own, as on a selected row.
    """
    _paint(painter, QRectF(rect), _status_shape(status), colour or theme.status_colour(status, palette))


class _Engine(QIconEngine):
    """Paints when asked, so that one icon is right at any size, density and palette."""

    def __init__(self, name: str | None, status: Status | None = None) -> None:
        super().__init__()
        self._name, self._status = name, status

    def clone(self) -> _Engine:
        return _Engine(self._name, self._status)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        palette = QApplication.palette()
        if self._name is None:
            colour = theme.status_colour(self._status, palette)
            shape = _status_shape(self._status)
        else:
            group = QPalette.ColorGroup.Disabled if mode == QIcon.Mode.Disabled else QPalette.ColorGroup.Normal
            role = QPalette.ColorRole.HighlightedText if mode == QIcon.Mode.Selected else QPalette.ColorRole.ButtonText
            colour = palette.color(group, role)
            shape = _shape(self._name)
        margin = rect.width() / 16
        _paint(painter, QRectF(rect).adjusted(margin, margin, -margin, -margin), shape, colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Painted once for each size and palette: a button asks whenever it paints itself."""
        width, height = size.width(), size.height()
        key = f"{self._name}/{self._status}/{width}/{height}/{mode.value}/{QApplication.palette().cacheKey()}"
        pixmap = QPixmap()
        if not QPixmapCache.find(key, pixmap):
            pixmap = QPixmap(size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            self.paint(painter, QRect(0, 0, width, height), mode, state)
            painter.end()
            QPixmapCache.insert(key, pixmap)
        return pixmap


def icon(name: str) -> QIcon:
    """Icon by name.

    One of ``open folder reload cancel export copy next previous play pause step_forward step_back loop search``.
    """
    _shape(name)  # an unknown name fails here, not while painting
    return QIcon(_Engine(name))


def status_icon(status: Status | None) -> QIcon:
    """A verdict's badge as an icon, for buttons and menus."""
    return QIcon(_Engine(None, status))


def app_icon() -> QIcon:
    """The window's icon: a figure of points and bones, with a tick."""
    result = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#1F2933"))
        painter.drawRoundedRect(QRectF(0.02, 0.02, 0.96, 0.96), 0.2, 0.2)
        bones = (
            ((0.40, 0.26), (0.40, 0.56)),
            ((0.16, 0.34), (0.40, 0.42), (0.64, 0.30)),
            ((0.22, 0.84), (0.40, 0.56), (0.54, 0.84)),
        )
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.strokePath(
            _polygons(bones, close=False), QPen(QColor("#56B4E9"), 0.06, Qt.PenStyle.SolidLine, cap, join)
        )
        painter.setBrush(QColor("#E69F00"))
        for x, y in ((0.40, 0.22), (0.16, 0.34), (0.64, 0.30), (0.22, 0.84), (0.54, 0.84)):
            painter.drawEllipse(QPointF(x, y), 0.07, 0.07)
        tick = _polygons((((0.58, 0.70), (0.70, 0.82), (0.90, 0.56)),), close=False)
        painter.strokePath(tick, QPen(QColor("#5CC98A"), 0.09, Qt.PenStyle.SolidLine, cap, join))
        painter.end()
        result.addPixmap(pixmap)
    return result
