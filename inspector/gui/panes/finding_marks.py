"""The strip of findings above the lanes: a row for each severity that occurs, a mark where each finding is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen

from inspector.checks.finding import Finding, Severity
from inspector.gui import icons, theme
from inspector.gui.panes.parts import SHAPES
from inspector.gui.panes.time_axis import TimeAxis

ROW = 14
_BADGE = 11
_BAR = 3

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hit:
    """A mark under the pointer: which finding, and the first frame of that very range."""

    finding: int
    frame: int


class FindingMarks:
    """Where findings are in time, ready to draw and to point at.

    Parameters
    ----------
    findings
        Of the shown file; those without frames have no mark.
    """

    def __init__(self, findings: Sequence[Finding] = ()) -> None:
        self.findings = tuple(findings)
        found: dict[Severity, list[tuple[int, int, int]]] = {}
        for number, finding in enumerate(self.findings):
            for first, last in finding.frames:
                found.setdefault(finding.severity, []).append((first, last, number))
        self.rows: tuple[tuple[Severity, Index], ...] = tuple(
            (severity, np.array(sorted(found[severity]), dtype=np.int64)) for severity in Severity if severity in found
        )

    @property
    def height(self) -> int:
        """Pixels that the rows take."""
        return ROW * len(self.rows)

    def at(self, place: QPointF, top: float, axis: TimeAxis) -> Hit | None:
        """The mark at a place, the shortest where several lie over each other; `top` is the strip's upper edge."""
        row = int((place.y() - top) // ROW)
        if not 0 <= row < len(self.rows):
            return None
        ranges = self.rows[row][1]
        begin, end = _pixels(ranges, axis)
        short = end - begin < _BADGE
        middle = (begin + end) / 2
        reach_from = np.where(short, middle - _BADGE / 2, begin) - 1
        reach_to = np.where(short, middle + _BADGE / 2, end) + 1
        near = np.flatnonzero((reach_from <= place.x()) & (place.x() <= reach_to))
        if not near.size:
            return None
        length = ranges[near, 1] - ranges[near, 0]
        best = near[np.lexsort((np.abs(middle[near] - place.x()), length))[0]]
        return Hit(int(ranges[best, 2]), int(ranges[best, 0]))

    def paint(self, painter: QPainter, top: float, axis: TimeAxis, palette: QPalette, current: int | None) -> None:
        """Draw the rows from `top` down; the current finding's marks are drawn last and larger."""
        for row, (severity, ranges) in enumerate(self.rows):
            middle = top + ROW * (row + 0.5)
            colour = theme.severity_colour(severity, palette)
            own = ranges[:, 2] == (-1 if current is None else current)
            self._paint_row(painter, ranges[~own], middle, axis, palette, severity, colour, emphasis=False)
            self._paint_row(painter, ranges[own], middle, axis, palette, severity, colour, emphasis=True)

    @staticmethod
    def _paint_row(
        painter: QPainter,
        ranges: Index,
        middle: float,
        axis: TimeAxis,
        palette: QPalette,
        severity: Severity,
        colour: QColor,
        *,
        emphasis: bool,
    ) -> None:
        first, last = axis.sight
        ranges = ranges[(ranges[:, 1] >= first) & (ranges[:, 0] <= last)]
        if not len(ranges):
            return
        begin, end = _pixels(ranges, axis)
        begin, end = np.maximum(begin, axis.left), np.minimum(end, axis.left + axis.width)
        bar = QColor(colour)
        bar.setAlphaF(1.0 if emphasis else 0.55)
        for x0, x1 in _merged(begin, end):
            painter.fillRect(QRectF(x0, middle - _BAR / 2, max(x1 - x0, 1.0), _BAR), bar)
        side = _BADGE + 2 if emphasis else _BADGE
        alone = (end - begin < side) | (ranges[:, 0] == ranges[:, 1])
        for centre in apart(np.where(alone, (begin + end) / 2, begin + side / 2), side + 1):
            box = QRectF(centre - side / 2, middle - side / 2, side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.fillRect(box.adjusted(-1, -1, 1, 1), theme.canvas(palette))
            if emphasis:
                painter.setPen(QPen(colour, 1))
                painter.drawRect(box.adjusted(-1, -1, 0, 0))
            icons.paint_status(painter, box.adjusted(0.5, 0.5, -0.5, -0.5), SHAPES[severity], palette, colour)

    def bands(self, current: int | None, axis: TimeAxis) -> list[tuple[float, float]]:
        """Pixel stretches of the current finding's frames, for a shade behind the lanes."""
        if current is None or not 0 <= current < len(self.findings) or not self.findings[current].frames:
            return []
        ranges = np.array(self.findings[current].frames, dtype=np.int64)
        begin, end = _pixels(ranges, axis)
        begin, end = np.maximum(begin, axis.left), np.minimum(end, axis.left + axis.width)
        return [(x0, x1) for x0, x1 in _merged(begin, end) if x1 > x0]


def _pixels(ranges: Index, axis: TimeAxis) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Where each range begins and ends."""
    return axis.edges(ranges[:, 0]), axis.edges(ranges[:, 1] + 1)


def _merged(begin: npt.NDArray[np.float64], end: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
    """Stretches, ascending by their beginning, with those that touch joined: at most one a pixel."""
    reach = np.maximum.accumulate(end)
    fresh = np.r_[True, begin[1:] > reach[:-1] + 0.5]
    starts = np.flatnonzero(fresh)
    stops = np.r_[starts[1:] - 1, len(begin) - 1]
    return list(zip(begin[starts].tolist(), reach[stops].tolist(), strict=True))


def apart(places: npt.NDArray[np.float64], least: float) -> list[float]:
    """As many of the ascending places as there is room for, `least` pixels from each other."""
    kept: list[float] = []
    for place in np.unique(np.round(places)).tolist():
        if not kept or place - kept[-1] >= least:
            kept.append(place)
    return kept
