"""The strip of findings above the lanes: a row for each family that occurs, a mark where each finding is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen

from inspector.checks.finding import Finding, Severity
from inspector.gui import icons, theme
from inspector.gui.models.families import family_of, ordered
from inspector.gui.panes.parts import SHAPES
from inspector.gui.panes.time_axis import TimeAxis

ROW = 14
_BADGE = 11
_BAR = 3
_SEVERITIES = tuple(Severity)

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hit:
    """A mark under the pointer: which finding, and the first frame of that very range."""

    finding: int
    frame: int


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """The marks of one family.

    Attributes
    ----------
    title
        What it is called beside the row.
    ranges
        int64 (n, 4): first frame, last frame, number of the finding, rank of its severity; ascending.
    """

    title: str
    ranges: Index


class FindingMarks:
    """Where findings are in time, ready to draw and to point at.

    Families have rows of their own, so that a long finding of one kind does not lie over short ones of another.

    Parameters
    ----------
    findings
        Of the shown file; those without frames have no mark.
    """

    def __init__(self, findings: Sequence[Finding] = ()) -> None:
        self.findings = tuple(findings)
        found: dict[str, list[tuple[int, int, int, int]]] = {}
        for number, finding in enumerate(self.findings):
            family = family_of(finding.code)
            family = "values" if family == "file" else family  # what is wrong with arrays, either way
            for first, last in finding.frames:
                found.setdefault(family, []).append((first, last, number, finding.severity.rank))
        self.rows: tuple[Row, ...] = tuple(
            Row(family.capitalize(), np.array(sorted(found[family]), dtype=np.int64)) for family in ordered(found)
        )

    @property
    def height(self) -> int:
        """Pixels that the rows take."""
        return ROW * len(self.rows)

    def row_at(self, y: float, top: float) -> Row | None:
        """The row at a height; `top` is the strip's upper edge."""
        number = int((y - top) // ROW)
        return self.rows[number] if 0 <= number < len(self.rows) else None

    def at(self, place: QPointF, top: float, axis: TimeAxis) -> tuple[Hit, ...]:
        """The marks at a place: the shortest first, of equally long ones the most severe; one for each finding."""
        row = self.row_at(place.y(), top)
        if row is None:
            return ()
        begin, end = _pixels(row.ranges, axis)
        short = end - begin < _BADGE
        middle = (begin + end) / 2
        reach_from = np.where(short, middle - _BADGE / 2, begin) - 1
        reach_to = np.where(short, middle + _BADGE / 2, end) + 1
        near = np.flatnonzero((reach_from <= place.x()) & (place.x() <= reach_to))
        ranges = row.ranges[near]
        best = np.lexsort((np.abs(middle[near] - place.x()), ranges[:, 3], ranges[:, 1] - ranges[:, 0]))
        hits: dict[int, Hit] = {}
        for first, _, number, _ in ranges[best].tolist():
            hits.setdefault(number, Hit(number, first))
        return tuple(hits.values())

    def paint(self, painter: QPainter, top: float, axis: TimeAxis, palette: QPalette, current: int | None) -> None:
        """Draw the rows from `top` down: the severe over the others, the current finding's marks last and larger."""
        for number, row in enumerate(self.rows):
            middle = top + ROW * (number + 0.5)
            own = row.ranges[:, 2] == (-1 if current is None else current)
            for rank in np.unique(row.ranges[:, 3])[::-1].tolist():
                severity, marks = _SEVERITIES[rank], row.ranges[~own & (row.ranges[:, 3] == rank)]
                colour = theme.severity_colour(severity, palette)
                self._paint_row(painter, marks, middle, axis, palette, severity, colour, emphasis=False)
            if own.any():
                severity = self.findings[int(row.ranges[own][0, 2])].severity
                colour = theme.severity_colour(severity, palette)
                self._paint_row(painter, row.ranges[own], middle, axis, palette, severity, colour, emphasis=True)

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
