"""Frames of a keypoint clip side by side on one picture."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from inspector.render.picture import Bounds, frame_image
from inspector.render.skeleton import SkeletonPainter
from inspector.render.style import LIGHT
from inspector.render.text import text_font

FRAMES = 16
"""Frames on a sheet."""

_CELL, _GAP, _LINE, _HEAD = 340, 16, 26, 64


def clip_sheet(skeleton: SkeletonPainter, seconds: npt.NDArray[np.float64], bounds: Bounds, heading: str) -> QImage:
    """Frames evenly taken from the first to the last, each with its number and time.

    Parameters
    ----------
    skeleton
        Of at least one frame.
    seconds
        float64 (T,): when each frame is.
    bounds
        What each picture shows, in the clip's units.
    """
    frames = sorted(set(np.linspace(0, len(skeleton) - 1, FRAMES).round().astype(int).tolist()))
    columns = math.ceil(math.sqrt(len(frames)))
    rows = math.ceil(len(frames) / columns)
    width, height = columns * (_CELL + _GAP) + _GAP, rows * (_CELL + _LINE + _GAP) + _HEAD
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.background))
    painter = QPainter(image)
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(text_font(24, bold=True))
    elided = painter.fontMetrics().elidedText(heading, Qt.TextElideMode.ElideRight, width - 2 * _GAP)
    painter.drawText(QRectF(_GAP, 0, width - 2 * _GAP, _HEAD), Qt.AlignmentFlag.AlignVCenter, elided)
    painter.setFont(text_font(14))
    for place, frame in enumerate(frames):
        row, column = divmod(place, columns)
        corner = QPointF(_GAP + column * (_CELL + _GAP), _HEAD + row * (_CELL + _LINE + _GAP))
        painter.drawImage(corner, frame_image(skeleton, frame, bounds, (_CELL, _CELL), LIGHT))
        painter.setPen(QColor(LIGHT.caption))
        below = QRectF(corner.x(), corner.y() + _CELL, _CELL, _LINE)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"frame {frame}  ·  {seconds[frame]:.2f} s")
    painter.end()
    return image
