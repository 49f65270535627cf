"""The frames of one video, pixel for pixel, each below a line that says what it is."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from inspector.render.pixels import Numbers, resized, to_image
from inspector.render.style import LIGHT
from inspector.render.text import text_font

_CAPTION = 40
_MARGIN = 12
_NARROWEST = 240  # the line has to be readable


def sample_images(frames: Numbers, scale: float, title: str, side: int) -> Iterator[QImage]:
    """Every frame, enlarged by a whole number.

    Parameters
    ----------
    frames
        (T, H, W, C), see `to_image`.
    scale
        The value that means white.
    title
        What the line says beside the frame's number.
    side
        Pixels that the longer side of a frame is to have, or as many as a whole number of times gives.

    Returns
    -------
    iterator of QImage
        RGB32, T of them. All are drawn into one image: copy one that is to outlive the next.
    """
    _, height, width, _ = frames.shape
    times = max(1, side // max(height, width))
    shown = QRectF(0, _CAPTION, width * times, height * times)
    image = QImage(round(max(shown.width(), _NARROWEST)), round(shown.bottom()), QImage.Format.Format_RGB32)
    shown.moveLeft((image.width() - round(shown.width())) // 2)
    for number, frame in enumerate(frames):
        image.fill(QColor(LIGHT.background))
        painter = QPainter(image)
        drawn = to_image(frame, scale=scale)
        painter.drawImage(shown.topLeft(), resized(drawn, round(shown.width()), round(shown.height())))
        line = QRectF(_MARGIN, 0, image.width() - 2 * _MARGIN, _CAPTION)
        painter.setFont(text_font(16))
        painter.setPen(QColor(LIGHT.text))
        reading = f"frame {number} / {len(frames) - 1}"
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, reading)
        room = line.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(reading) - _MARGIN, 0)
        text = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, round(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setPen(QColor(LIGHT.outline))
        painter.drawLine(0, _CAPTION - 1, image.width(), _CAPTION - 1)
        painter.end()
        yield image
