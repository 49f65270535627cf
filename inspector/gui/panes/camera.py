"""Where the viewer stands: fitted, or zoomed in on a place; plain values that survive a resize."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform

from inspector.render.picture import Bounds, fit

ZOOM_STEP = 1.2
"""One notch of the wheel."""

_LEAST, _MOST = 0.5, 200.0


@dataclass(frozen=True, slots=True)
class Camera:
    """Zoom and place, relative to the fitted view.

    Attributes
    ----------
    zoom
        1 shows the whole.
    centre
        What is in the middle, in the data's units; None is the middle of the bounds.
    """

    zoom: float = 1.0
    centre: tuple[float, float] | None = None

    @property
    def fitted(self) -> bool:
        """Whether this is the view that fits."""
        return self == Camera()

    def transform(self, bounds: Bounds, into: QRectF) -> QTransform:
        """From the data's units to pixels of a rectangle that `bounds` (x0, y0, x1, y1) fits when not zoomed."""
        fitted = fit(bounds, into)
        if self.fitted:
            return fitted
        scale = fitted.m11() * self.zoom
        x, y = self.centre or ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
        middle = into.center()
        return QTransform(scale, 0, 0, scale, middle.x() - scale * x, middle.y() - scale * y)

    def zoomed(self, factor: float, at: QPointF, bounds: Bounds, into: QRectF) -> Camera:
        """Closer by a factor; what lies under `at`, in pixels, stays there."""
        zoom = min(max(self.zoom * factor, _LEAST), _MOST)
        here = self.transform(bounds, into).inverted()[0].map(at)
        scale = fit(bounds, into).m11() * zoom
        offset = at - into.center()
        return Camera(zoom, (here.x() - offset.x() / scale, here.y() - offset.y() / scale))

    def panned(self, by: QPointF, bounds: Bounds, into: QRectF) -> Camera:
        """The picture moved by so many pixels."""
        now = self.transform(bounds, into)
        centre = now.inverted()[0].map(into.center() - by)
        return Camera(self.zoom, (centre.x(), centre.y()))
