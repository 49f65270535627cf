"""A clip's frames as pictures for a film: the skeleton, a legend of its groups and, where wanted, a caption."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from inspector.profiles.model import Skeleton
from inspector.render.film_text import Caption, Legend
from inspector.render.picture import Bounds, fit
from inspector.render.skeleton import SkeletonPainter
from inspector.render.style import LIGHT, Layers

# All films are laid out on a square of so many pixels and drawn as much larger as their side is.
_SIDE = 640.0
_MARGIN = 12.0
_CAPTION = 32.0
_BELOW = 4.0
_UNIT: Bounds = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class FilmStyle:
    """One way to film a clip.

    Attributes
    ----------
    rate
        Frames per second. Every frame of the clip is shown once, whatever the clip's own clock says.
    side
        Width and height in pixels.
    info
        Whether a caption says which clip, frame and time it is.
    """

    name: str
    title: str
    rate: int
    side: int
    info: bool


STYLES: dict[str, FilmStyle] = {
    style.name: style
    for style in (
        FilmStyle("preview", "Preview", 30, 800, info=False),
        FilmStyle("detailed", "Detailed", 15, 1080, info=True),
        FilmStyle("slowmo", "Slow motion", 10, 960, info=True),
    )
}


def clip_images(
    points: npt.NDArray[np.float32],
    visible: npt.NDArray[np.bool_],
    seconds: npt.NDArray[np.float64],
    skeleton: Skeleton | None,
    bounds: Bounds,
    style: FilmStyle,
    title: str,
) -> Iterator[QImage]:
    """Every frame of a clip, drawn on a light ground.

    Parameters
    ----------
    points
        float32 (T, J, 2), y down; non-finite where there is no position.
    visible
        bool (T, J). Points that have a position but are not visible are hollow.
    seconds
        float64 (T,): when each frame is.
    skeleton
        Of J points, or None: all points in one colour, no bones.
    bounds
        What is shown, in the clip's units; where it is the unit square, its outline is drawn.
    title
        What the caption calls the clip.

    Returns
    -------
    iterator of QImage
        RGB32, T of them. All are drawn into one image: copy one that is to outlive the next.

    Raises
    ------
    ValueError
        At once, when shapes or point counts disagree.
    """
    if seconds.shape != points.shape[:1]:
        raise ValueError(f"expected seconds ({len(points)},), got {seconds.shape}")
    return _Film(SkeletonPainter(points, visible, skeleton), seconds, bounds, style, title).images()


class _Film:
    """What stays the same from frame to frame: where things go, and a ground with everything that never moves."""

    def __init__(
        self,
        skeleton: SkeletonPainter,
        seconds: npt.NDArray[np.float64],
        bounds: Bounds,
        style: FilmStyle,
        title: str,
    ) -> None:
        self._skeleton = skeleton
        self._unit = bounds == _UNIT
        self._scale = style.side / _SIDE
        inner = QRectF(_MARGIN, 0, _SIDE - 2 * _MARGIN, _SIDE - _BELOW)
        top = _CAPTION if style.info else _MARGIN
        row = QRectF(inner.x(), 0, inner.width(), _CAPTION)
        self._caption = Caption(row, seconds, title, LIGHT) if style.info and len(seconds) else None
        self._legend = Legend(skeleton, inner, LIGHT)
        self._fit = fit(bounds, QRectF(inner.x(), top, inner.width(), self._legend.top - _BELOW - top))
        legend = QRectF(0, self._legend.top, _SIDE, _SIDE)
        self._rows = tuple(self._pixels(place) for place in ([row, legend] if self._caption else [legend]))
        self._ground = self._draw_ground(style.side)

    def _draw_ground(self, side: int) -> QImage:
        ground = QImage(side, side, QImage.Format.Format_RGB32)
        ground.fill(QColor(LIGHT.background))
        painter = QPainter(ground)
        painter.scale(self._scale, self._scale)
        # A frame that no clip has is only the outline.
        self._skeleton.paint(painter, -1, self._fit, LIGHT, Layers(square=self._unit))
        self._legend.paint_names(painter)
        if self._caption is not None:
            self._caption.paint_title(painter)
        painter.end()
        return ground

    def images(self) -> Iterator[QImage]:
        """All frames, each drawn over the one before."""
        image = self._ground.copy()
        layers = Layers(square=False)
        changed: tuple[QRect, ...] = ()
        for frame in range(len(self._skeleton)):
            painter = QPainter(image)
            # The ground comes back only where something was drawn: all of it would take as long as the skeleton does.
            for place in changed:
                painter.drawImage(place, self._ground, place)
            changed = (*self._rows, self._figure(frame))
            painter.scale(self._scale, self._scale)
            self._skeleton.paint(painter, frame, self._fit, LIGHT, layers)
            self._legend.paint_counts(painter, frame)
            if self._caption is not None:
                self._caption.paint_reading(painter, frame)
            painter.end()
            yield image

    def _figure(self, frame: int) -> QRect:
        """The pixels that a frame's skeleton may touch."""
        places = self._skeleton.device(frame, self._fit)[self._skeleton.placed(frame)]
        if not len(places):
            return QRect()
        (left, top), (right, bottom) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
        reach = max(*LIGHT.point, *LIGHT.bone)
        return self._pixels(QRectF(left, top, right - left, bottom - top).adjusted(-reach, -reach, reach, reach))

    def _pixels(self, place: QRectF) -> QRect:
        inside = place.intersected(QRectF(0, 0, _SIDE, _SIDE))
        return QTransform.fromScale(self._scale, self._scale).mapRect(inside).toAlignedRect()
