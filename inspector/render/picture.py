"""A frame as a picture: where it goes on the canvas, how it gets into a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QIODevice, QRectF, QSaveFile
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter, QTransform

from inspector.errors import ReportError
from inspector.render.skeleton import SkeletonPainter
from inspector.render.style import USUAL, Layers, Style

Bounds = tuple[float, float, float, float]


def fit(bounds: Bounds, into: QRectF) -> QTransform:
    """The transform that centres `bounds` (x0, y0, x1, y1) in a rectangle, as large as fits, aspect kept."""
    x0, y0, x1, y1 = bounds
    scale = min(into.width() / (x1 - x0), into.height() / (y1 - y0))
    middle = into.center()
    return QTransform(scale, 0, 0, scale, middle.x() - scale * (x0 + x1) / 2, middle.y() - scale * (y0 + y1) / 2)


def frame_image(
    skeleton: SkeletonPainter,
    frame: int,
    bounds: Bounds,
    size: tuple[int, int],
    style: Style,
    layers: Layers = USUAL,
) -> QImage:
    """One frame on its background.

    Parameters
    ----------
    bounds
        What the picture shows, in the clip's units.
    size
        (width, height) in pixels.

    Returns
    -------
    QImage
        RGB32.
    """
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(style.background))
    margin = min(size) * 0.03
    inside = QRectF(image.rect()).adjusted(margin, margin, -margin, -margin)
    painter = QPainter(image)
    skeleton.paint(painter, frame, fit(bounds, inside), style, layers)
    painter.end()
    return image


def write_png(image: QImage, path: Path) -> None:
    """Write a picture under a temporary name and put it in place when it is whole.

    Raises
    ------
    ReportError
        When it cannot be written; a file that was there before is left as it was.
    """
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise ReportError(f"cannot write {path}: {file.errorString()}")
    writer = QImageWriter(file, QByteArray(b"PNG"))
    if not writer.write(image):
        file.cancelWriting()
        raise ReportError(f"cannot write {path}: {writer.errorString()}")
    if not file.commit():
        raise ReportError(f"cannot write {path}: {file.errorString()}")
