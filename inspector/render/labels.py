"""Small numbers beside points, readable on any background, each rendered once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from inspector.render.style import Style

_HALO = 1.5
_AWAY = 4.0


class Labels:
    """Draws numbers with a halo; keeps the picture of each, because outlined text is slow to draw."""

    def __init__(self) -> None:
        self._made: dict[int, QImage] = {}
        self._made_for: tuple[Style, float] | None = None

    def paint(
        self, painter: QPainter, numbers: npt.NDArray[np.intp], places: npt.NDArray[np.float64], style: Style
    ) -> None:
        """Draw each number up and right of its place, an (n, 2) array of painter pixels."""
        sharpness = painter.device().devicePixelRatio()
        if self._made_for != (style, sharpness):
            self._made, self._made_for = {}, (style, sharpness)
        for number, (x, y) in zip(numbers.tolist(), places.tolist(), strict=True):
            image = self._made.get(number)
            if image is None:
                image = self._made[number] = _render(str(number), style, sharpness)
            painter.drawImage(QPointF(x + _AWAY, y - _AWAY - image.height() / sharpness), image)


def _render(text: str, style: Style, sharpness: float) -> QImage:
    font = QFont()
    font.setPixelSize(round(style.label))
    metrics = QFontMetricsF(font)
    width = int(metrics.horizontalAdvance(text) + 2 * _HALO + 1)
    height = int(metrics.ascent() + 2 * _HALO)
    image = QImage(int(width * sharpness), int(height * sharpness), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(sharpness)
    image.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addText(QPointF(_HALO, metrics.ascent()), font, text)
    halo = QColor(style.background)
    halo.setAlphaF(0.85)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(
        path, QPen(halo, 2 * _HALO, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.fillPath(path, QColor(style.text))
    painter.end()
    return image
