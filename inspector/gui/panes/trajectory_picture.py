"""The views of a trajectory as one picture, to copy or to save."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter

from inspector.gui import theme
from inspector.gui.panes.trajectory_canvas import TrajectoryCanvas

_CAPTION = 3 * theme.GRID


def picture_of(canvases: Sequence[TrajectoryCanvas], words: str, sharpness: float = 2.0) -> QImage:
    """Views where they lie, without what is under the pointer, and a line of words below.

    Parameters
    ----------
    canvases
        At least one; all in one parent.
    sharpness
        Pixels of the picture for each of the window's.
    """
    whole = QRect()
    for canvas in canvases:
        whole = whole.united(canvas.geometry())
    image = QImage(
        round(whole.width() * sharpness), round((whole.height() + _CAPTION) * sharpness), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(sharpness)
    image.fill(theme.canvas(canvases[0].palette()))
    painter = QPainter(image)
    for canvas in canvases:
        painter.save()
        painter.translate(canvas.pos() - whole.topLeft())
        canvas.paint_still(painter)
        painter.restore()
    painter.setFont(theme.caption_font())
    painter.setPen(theme.muted(canvases[0].palette()))
    place = QRect(QPoint(theme.GRID, whole.height()), whole.size())
    place.setHeight(_CAPTION)
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
    painter.end()
    return image
