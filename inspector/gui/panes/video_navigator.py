"""Which sample is shown and which ones are stepped through: one line of controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QWidget,
)

from inspector.gui import icons, theme
from inspector.gui.models.sample_facts import Choice, class_choices, finding_choices, group_choices, neighbour
from inspector.gui.models.text import tip
from inspector.gui.view import Subset, ViewState

_PAGES = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class SampleNavigator(QWidget):
    """Shows the sample's number and the filters of a view, and asks for others.

    Signals
    -------
    sample_requested(int)
        Number, counted from 0.
    subset_requested(object)
        `Subset` to step through.
    """

    sample_requested = Signal(int)
    subset_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Samples")
        self._view = ViewState()
        self.previous = self._button("previous", "Previous sample", "Page Up")
        self.next = self._button("next", "Next sample", "Page Down")
        self.number = _SampleBox(self)
        self.place = QLabel(self)
        self.place.setFont(theme.tabular_font())
        self.place.setTextFormat(Qt.TextFormat.PlainText)
        self.place.setAccessibleName("Place among the samples listed")
        self.classes = _Filter("Class", self)
        self.findings = _Filter("Finding", self)
        self.groups = _Filter("Duplicates", self)
        self.clear = self._button("cancel", "All samples", "")
        self._lay_out()
        self.previous.clicked.connect(self._previous)
        self.next.clicked.connect(self._next)
        self.number.stepped.connect(self.step)
        self.number.valueChanged.connect(self.sample_requested)
        self.classes.activated.connect(self._pick_class)
        self.findings.activated.connect(self._pick_finding)
        self.groups.activated.connect(self._pick_group)
        self.clear.clicked.connect(self._clear)
        self._refresh(everything=True)

    def _button(self, icon: str, name: str, key: str) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(2 * theme.GRID, 2 * theme.GRID))
        button.setAccessibleName(name)
        button.setToolTip(f"{name} ({key})" if key else name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.HALF, theme.HALF, theme.HALF, theme.HALF)
        row.setSpacing(theme.HALF)
        row.addWidget(self.previous)
        row.addWidget(self.number)
        row.addWidget(self.next)
        row.addWidget(self.place)
        row.addSpacing(theme.GRID)
        for box in (self.classes, self.findings, self.groups):
            row.addWidget(box, 1)
        row.addWidget(self.clear)
        row.addStretch(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_view(self, view: ViewState) -> None:
        """Show a view; nothing is emitted by it."""
        before, self._view = self._view, view
        new = view.inspection is not before.inspection
        if new or view.sample != before.sample or view.subset != before.subset:
            self._refresh(everything=new)

    def _refresh(self, *, everything: bool) -> None:
        view, dataset = self._view, self._view.dataset
        total = dataset.layout.samples if dataset else 0
        if everything:
            self.setEnabled(total > 0)
            self.number.take(total)
            self.classes.offer(class_choices(dataset) if dataset else ())
            self.findings.offer(finding_choices(view.findings) if dataset else ())
            self.groups.offer(group_choices(dataset) if dataset else ())
        back, on = (neighbour(view.listed, view.sample, step) is not None for step in (-1, 1))
        self.number.show_number(view.sample, back=back, on=on)
        self.previous.setEnabled(back)
        self.next.setEnabled(on)
        self.classes.choose(view.subset.label)
        self.findings.choose(view.subset.finding)
        self.groups.choose(view.subset.group)
        filtered = view.subset != Subset()
        self.clear.setVisible(filtered)
        self.place.setVisible(filtered)
        self.place.setText(self._place() if filtered else "")

    def _place(self) -> str:
        view = self._view
        if view.sample in view.listed:
            return f"{int(view.listed.searchsorted(view.sample)) + 1} of {len(view.listed)}"
        return f"– of {len(view.listed)}"

    # --- hands -----------------------------------------------------------------------------------------------

    def step(self, direction: int) -> None:
        """Ask for the next sample listed, or the one before when negative."""
        found = neighbour(self._view.listed, self._view.sample, direction)
        if found is not None:
            self.sample_requested.emit(found)

    def _previous(self) -> None:
        self.step(-1)

    def _next(self) -> None:
        self.step(1)

    def _pick_class(self, _index: int) -> None:
        self.subset_requested.emit(replace(self._view.subset, label=self.classes.value))

    def _pick_finding(self, _index: int) -> None:
        self.subset_requested.emit(replace(self._view.subset, finding=self.findings.value))

    def _pick_group(self, _index: int) -> None:
        self.subset_requested.emit(replace(self._view.subset, group=self.groups.value))

    def _clear(self) -> None:
        self.subset_requested.emit(Subset())


class _SampleBox(QSpinBox):
    """A number to type; its arrows step through the samples listed."""

    stepped = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Sample")
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFont(theme.tabular_font())
        self.setPrefix("sample ")
        self.setMinimumWidth(17 * theme.GRID)
        self._back = self._on = False

    def take(self, total: int) -> None:
        """Take numbers of so many samples."""
        with QSignalBlocker(self):
            self.setRange(0, max(0, total - 1))
            self.setSuffix(f" / {max(0, total - 1)}")
        self.setToolTip(f"{total} samples, counted from 0 as in the findings")

    def show_number(self, number: int, *, back: bool, on: bool) -> None:
        """Show a sample, and whether there are others to step to."""
        self._back, self._on = back, on
        with QSignalBlocker(self):
            self.setValue(number)

    def stepBy(self, steps: int) -> None:
        """Ask for the next one listed, which may be far."""
        self.stepped.emit(1 if steps > 0 else -1)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Towards where there is one."""
        flags = QAbstractSpinBox.StepEnabledFlag
        back = flags.StepDownEnabled if self._back else flags.StepNone
        return back | flags.StepUpEnabled if self._on else back

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the page keys to the pane."""
        if event.key() in _PAGES:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only where the keyboard is: a wheel that passes over must not change the sample."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class _Filter(QComboBox):
    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(9)
        self.setMaximumWidth(34 * theme.GRID)
        self._name = name

    @property
    def value(self) -> int | None:
        """What the chosen line stands for."""
        value = self.currentData()
        return value if isinstance(value, int) else None

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these, or nothing at all."""
        with QSignalBlocker(self):
            self.clear()
            for index, choice in enumerate(choices):
                self.addItem(choice.text, choice.value)
                self.setItemData(index, tip(choice.tip) if choice.tip else "", Qt.ItemDataRole.ToolTipRole)
        self.setVisible(len(choices) > 1)

    def choose(self, value: int | None) -> None:
        """Show the line that stands for this."""
        index = next((i for i in range(self.count()) if self.itemData(i) == value), -1)
        with QSignalBlocker(self):
            self.setCurrentIndex(index)
        self.setToolTip(tip(f"{self._name}: {self.currentText()}"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As usual, but what does not fit ends in dots."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width() - theme.HALF
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the page keys to the pane."""
        if event.key() in _PAGES:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignored: a wheel that passes over must not change what is listed."""
        event.ignore()
