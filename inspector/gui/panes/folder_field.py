"""Where a limit's number is typed, on top of its handle."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from inspector.gui import theme


class LimitField(QLineEdit):
    """Open while it has the keyboard; it lies on the plot whose limit it sets.

    Signals
    -------
    entered(float)
        A finite number, with a decimal point or comma.
    """

    entered = Signal(float)

    def __init__(self, plot: QWidget) -> None:
        super().__init__(plot)
        self._plot = plot
        self.setFont(theme.caption_font())
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setToolTip("Enter sets the limit, Escape leaves it")
        self.hide()
        self.returnPressed.connect(self._enter)

    def open(self, tag: QRectF, text: str, present: str) -> None:
        """Appear at a handle, with what was typed so far or the present number to be typed over."""
        size = self.sizeHint().height()
        top = round(tag.center().y()) - size // 2
        self.move(QPoint(2, min(max(top, 0), max(self._plot.height() - size, 0))))
        self.resize(8 * theme.GRID, size)
        self.setText(text or present)
        if not text:
            self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sets the limit, Escape leaves it as it is; neither is for the plot below."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close: what was not entered does not count."""
        super().focusOutEvent(event)
        self.hide()

    @Slot()
    def _enter(self) -> None:
        try:
            value = float(self.text().replace(",", ".").replace("\N{MINUS SIGN}", "-"))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.selectAll()
            return
        self._leave()
        self.entered.emit(value)

    def _leave(self) -> None:
        self._plot.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
