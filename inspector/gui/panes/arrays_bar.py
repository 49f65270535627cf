"""Which part of an array is shown: an index for each leading axis, and pages of rows and columns."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QToolButton, QVBoxLayout, QWidget

from inspector.audit.array_text import one_line
from inspector.audit.arrays import Cut, page_size
from inspector.gui import icons, theme

_IN_A_LINE = 6


class Pager(QWidget):
    """Steps through `total` things, `length` at a time; hidden where one page holds them all.

    Signals
    -------
    moved()
        Another first one was chosen.
    """

    moved = Signal()

    def __init__(self, noun: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._noun = noun
        self.start, self.length, self.total = 0, 1, 0
        self._label = QLabel(noun, self)
        self.first = QSpinBox(self)
        self.first.setAccessibleName(f"First of the {noun} shown")
        self.first.setKeyboardTracking(False)
        self.first.valueChanged.connect(self.go)
        self._end = QLabel(self)
        self._end.setFont(theme.tabular_font())
        self.previous = self._button("previous", f"Previous {noun}")
        self.next = self._button("next", f"Next {noun}")
        self.previous.clicked.connect(self._back)
        self.next.clicked.connect(self._on)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.HALF)
        for widget in (self._label, self.first, self._end, self.previous, self.next):
            line.addWidget(widget)

    def _button(self, icon: str, words: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icons.icon(icon))
        button.setAutoRaise(True)
        button.setToolTip(words)
        button.setAccessibleName(words)
        return button

    def show_range(self, total: int, length: int) -> None:
        """Start over with so many."""
        self.total, self.length, self.start = total, length, 0
        self.first.blockSignals(True)
        self.first.setRange(0, max(0, min(total - 1, 2**31 - 1)))
        self.first.setSingleStep(length)
        self.first.blockSignals(False)
        self.setVisible(total > length)
        self._update()

    @Slot(int)
    def go(self, start: int) -> None:
        """Let the page begin here."""
        start = max(0, min(start, self.total - 1))
        if start != self.start:
            self.start = start
            self._update()
            self.moved.emit()

    def reveal(self, place: int) -> None:
        """Go to the page that holds a place, if another one is shown."""
        if not self.start <= place < self.start + self.length:
            self.go(place // self.length * self.length)

    @Slot()
    def _back(self) -> None:
        self.go(self.start - self.length)

    @Slot()
    def _on(self) -> None:
        self.go(self.start + self.length)

    def _update(self) -> None:
        last = min(self.total, self.start + self.length) - 1
        self._end.setText(f"– {last} of {self.total:,}")
        self.previous.setEnabled(self.start > 0)
        self.next.setEnabled(last < self.total - 1)
        self.first.blockSignals(True)
        self.first.setValue(self.start)
        self.first.blockSignals(False)


class SliceBar(QWidget):
    """Chooses the 2-D cut: ``videos[ 3 , 0 , 2 , :, :]``, rows and columns by pages.

    Signals
    -------
    changed()
        Another part is wanted: see `cut`.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spins: list[QSpinBox] = []
        self.rows = Pager("rows", self)
        self.columns = Pager("columns", self)
        self.rows.moved.connect(self.changed)
        self.columns.moved.connect(self.changed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.HALF)
        self._axes: QWidget | None = None
        self._pages = QWidget(self)
        pages = QHBoxLayout(self._pages)
        pages.setContentsMargins(0, 0, 0, 0)
        pages.setSpacing(2 * theme.GRID)
        pages.addWidget(self.rows)
        pages.addWidget(self.columns)
        pages.addStretch(1)
        self._column.addWidget(self._pages)

    @property
    def lead(self) -> tuple[int, ...]:
        """Indices of the leading axes."""
        return tuple(spin.value() for spin in self.spins)

    @property
    def cut(self) -> Cut:
        """What is chosen."""
        return Cut(self.lead, self.rows.start, self.rows.length, self.columns.start, self.columns.length)

    def show_array(self, name: str, shape: tuple[int, ...], table: tuple[int, int], itemsize: int) -> None:
        """Start at the first page of the first cut of an array.

        Parameters
        ----------
        table
            Rows and columns of its 2-D cut.
        """
        height, width = page_size(table, itemsize)
        self.rows.show_range(table[0], height)
        self.columns.show_range(table[1], width)
        self._pages.setVisible(table[0] > height or table[1] > width)
        self._build_axes(name, shape[:-2])
        self.setVisible(bool(self.spins) or not self._pages.isHidden())

    def clear(self) -> None:
        """Nothing to choose."""
        self._pages.hide()
        self._build_axes("", ())
        self.hide()

    def _build_axes(self, name: str, lead: tuple[int, ...]) -> None:
        if self._axes is not None:
            self._column.removeWidget(self._axes)
            self._axes.hide()
            self._axes.deleteLater()
            self._axes = None
        self.spins = []
        if not lead:
            return
        self._axes = QWidget(self)
        lines = QVBoxLayout(self._axes)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.HALF)
        line = self._line(lines)
        head = QLabel(f"{one_line(name)[:24]} [", self._axes)
        head.setTextFormat(Qt.TextFormat.PlainText)
        line.addWidget(head)
        for axis, length in enumerate(lead):
            if axis and not axis % _IN_A_LINE:
                line.addStretch(1)
                line = self._line(lines)
            spin = QSpinBox(self._axes)
            spin.setRange(0, min(length - 1, 2**31 - 1))
            spin.setEnabled(length > 1)
            spin.setKeyboardTracking(False)
            spin.setAccessibleName(f"Index on axis {axis}")
            spin.setToolTip(f"Axis {axis}: 0 to {length - 1}")
            spin.valueChanged.connect(self.changed)
            self.spins.append(spin)
            line.addWidget(spin)
            line.addWidget(QLabel(",", self._axes))
        line.addWidget(QLabel(":, : ]", self._axes))
        line.addStretch(1)
        self._column.insertWidget(0, self._axes)

    def _line(self, lines: QVBoxLayout) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme.HALF)
        lines.addLayout(line)
        return line
