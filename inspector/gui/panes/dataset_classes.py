"""Rows on a data set's classes: how many samples, how far they go, how much they move; and their item model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter, QPixmap

from inspector.checks.dataset import ClassFigures, DataSet
from inspector.gui import theme
from inspector.render.palette import class_colour

AnyIndex = QModelIndex | QPersistentModelIndex

COLUMNS = (
    "Class",
    "Samples",
    "Displacement",
    "Path length",
    "Variation, first",
    "Variation, mean",
    "Motion energy",
    "Static",
)
_TIPS = (
    "Click a row to see only that class",
    "How many samples there are",
    "From start to end of the trajectory: mean ± standard deviation",
    "Length of the trajectory: mean ± standard deviation",
    "Standard deviation of the frames' means, of the class's first sample",
    "Standard deviation of the frames' means, mean over the samples",
    "Mean absolute difference of consecutive frames, full scale = 1, mean over the samples",
    "Samples whose frames are all the same",
)
_MARK = theme.GRID + 2
_NO_INDEX = QModelIndex()


@dataclass(frozen=True, slots=True)
class Row:
    """A class, or with label None all samples; `colour` is empty for those."""

    label: int | None
    figures: ClassFigures
    colour: str


def rows_of(dataset: DataSet) -> tuple[Row, ...]:
    """All samples first, then each class."""
    rows = [Row(None, _all_samples(dataset), "")]
    if dataset.labels is not None:
        rows += [Row(figures.label, figures, class_colour(place)) for place, figures in enumerate(dataset.classes)]
    return tuple(rows)


def _all_samples(dataset: DataSet) -> ClassFigures:
    def figures(key: str) -> Any:
        found = dataset.samples.get(key, np.zeros(0))
        return found[np.isfinite(found)]

    def mean(key: str) -> float | None:
        return float(figures(key).mean()) if figures(key).size else None

    def spread(key: str) -> float | None:
        return float(figures(key).std()) if figures(key).size else None

    first = dataset.samples.get("frame_variation", np.zeros(0))[:1].tolist()
    return ClassFigures(
        label=-1,
        name="All samples",
        count=dataset.layout.samples,
        first=0,
        displacement_mean=mean("displacement"),
        displacement_std=spread("displacement"),
        path_length_mean=mean("path_length"),
        path_length_std=spread("path_length"),
        frame_variation_first=first[0] if first else None,
        frame_variation_mean=mean("frame_variation"),
        motion_energy_mean=mean("motion_energy"),
        static_samples=int(np.count_nonzero(dataset.samples.get("static", np.zeros(0)))),
    )


def cells_of(row: Row) -> tuple[str, ...]:
    """What a row shows, column by column; an en dash where nothing could be measured."""
    f = row.figures
    return (
        f.name,
        f"{f.count:,}",
        _both(f.displacement_mean, f.displacement_std),
        _both(f.path_length_mean, f.path_length_std),
        _one(f.frame_variation_first, ".6f"),
        _one(f.frame_variation_mean, ".6f"),
        _one(f.motion_energy_mean, ".5f"),
        f"{f.static_samples:,}",
    )


def rows_tsv(rows: tuple[Row, ...]) -> str:
    """Lines of tab-separated figures in full, means and deviations apart, below a line of headings."""
    lines = ["Class\tLabel\tSamples\tDisplacement\t±\tPath length\t±\tVariation, first\tVariation, mean\tMotion energy"]
    lines[0] += "\tStatic"
    for row in rows:
        f = row.figures
        figures = (
            f.displacement_mean,
            f.displacement_std,
            f.path_length_mean,
            f.path_length_std,
            f.frame_variation_first,
            f.frame_variation_mean,
            f.motion_energy_mean,
        )
        name = " ".join(f.name.split())  # no tab or newline of a name breaks the table
        cells = [name, "" if row.label is None else str(row.label), str(f.count)]
        cells += ["" if v is None or not math.isfinite(v) else repr(float(v)) for v in figures]
        lines.append("\t".join([*cells, str(f.static_samples)]))
    return "\n".join(lines) + "\n"


def _one(value: float | None, form: str) -> str:
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:{form}}" if abs(value) < 1e4 else f"{value:.4g}"


def _both(mean: float | None, deviation: float | None) -> str:
    if mean is None or not math.isfinite(mean):
        return "–"
    return f"{_one(mean, '.3f')} ± {_one(deviation, '.3f')}"


class ClassesModel(QAbstractTableModel):
    """Rows of `Row`."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._cells: list[tuple[str, ...]] = []
        self._marks: dict[str, QIcon] = {}

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """Show another data set."""
        self.beginResetModel()
        self._rows, self._cells = rows, [cells_of(row) for row in rows]
        self.endResetModel()

    def row_of(self, label: int | None) -> int:
        """Where a class stands; -1 for one that is not there."""
        return next((place for place, row in enumerate(self._rows) if row.label == label), -1)

    def widths(self) -> tuple[int, ...]:
        """Pixels that each column needs."""
        cells, heading = QFontMetrics(theme.tabular_font()), QFontMetrics(theme.caption_font())
        found = []
        for column, title in enumerate(COLUMNS):
            widest = max((cells.horizontalAdvance(row[column]) for row in self._cells[:200]), default=0)
            found.append(max(widest, heading.horizontalAdvance(title)) + 2 * theme.GRID)
        found[0] += _MARK + theme.GRID
        return tuple(found)

    def rowCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        """All samples, and each class."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _NO_INDEX) -> int:
        """See `COLUMNS`."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles, and what they mean."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section]
            case Qt.ItemDataRole.ToolTipRole:
                return _TIPS[section]
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, colour and mark of a cell."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row, column = self._rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._cells[index.row()][column]
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.FontRole:
                return theme.tabular_font()
            case Qt.ItemDataRole.DecorationRole if column == 0:
                if row.colour not in self._marks:
                    self._marks[row.colour] = _mark(row.colour)
                return self._marks[row.colour]
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.figures.name}, {COLUMNS[column].lower()}: {self._cells[index.row()][column]}"
            case Qt.ItemDataRole.ToolTipRole:
                return _TIPS[column] if column else row.figures.name
        return None


def _mark(colour: str) -> QIcon:
    """A dot in the class's colour; nothing for all samples."""
    picture = QPixmap(2 * _MARK, 2 * _MARK)
    picture.fill(Qt.GlobalColor.transparent)
    if colour:
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(QRectF(2, 2, 2 * _MARK - 4, 2 * _MARK - 4))
        painter.end()
    picture.setDevicePixelRatio(2.0)
    return QIcon(picture)


def _alignment(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter
