"""One place where anything can be said to the user: the bus that takes it, the bar that shows it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QPainter, QPaintEvent, QPalette, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.audit.record import visible
from inspector.checks.finding import Status
from inspector.gui import icons, theme

INFO_MS = 6000
"""How long a plain notice stays; errors stay until dismissed."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said: an error with details, or a plain notice.

    Attributes
    ----------
    times
        How often it was said.
    about
        Path of the file it belongs to: it means nothing while another one is selected.
    """

    kind: Literal["error", "info"]
    title: str
    details: str = ""
    times: int = 1
    about: str | None = None


class MessageBus(QObject):
    """Takes messages from anywhere, any thread included; `posted` brings each to the UI thread.

    File names in them cannot make them read as something else.
    """

    posted = Signal(object)

    def error(self, title: str, details: str = "", about: str | None = None) -> None:
        """Say that something failed, in one sentence; `details` is text to copy (a traceback, a list of files)."""
        self.posted.emit(Message("error", _legible(title), _legible(details), about=about))

    def exception(self, error: BaseException, title: str = "", about: str | None = None) -> None:
        """Say that something failed as an exception tells it, after `title`; its traceback is the details."""
        words = str(error).strip() or type(error).__name__
        self.error(f"{title}: {words}" if title else words, "".join(traceback.format_exception(error)), about)

    def info(self, text: str, about: str | None = None) -> None:
        """Say that something was done; it goes away by itself."""
        self.posted.emit(Message("info", _legible(text), about=about))


def _legible(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))


class _Mark(QWidget):
    """The bolt of an error or the ring of a notice."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.kind = "info"
        self.setFixedSize(2 * theme.GRID, 2 * theme.GRID)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint_status(painter, self.rect(), Status.ERROR if self.kind == "error" else None, self.palette())
        painter.end()


class MessageBar(QWidget):
    """Shows the newest message; an error said again is counted, not repeated.

    Otherwise it shows a quiet text of the window's choice, and it is hidden when there is none.
    """

    def __init__(self, bus: MessageBus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Messages")
        self._messages: list[Message] = []
        self._quiet = ""
        self.dialog: DetailsDialog | None = None

        self._mark = _Mark(self)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._text.setAccessibleName("Message")
        self._more = QLabel(self)
        self._details = QToolButton(self)
        self._details.setText("Details…")
        self._details.setAccessibleName("Details of the message")
        self._details.clicked.connect(self.show_details)
        self._dismiss = QToolButton(self)
        self._dismiss.setText("Dismiss")
        self._dismiss.setAccessibleName("Dismiss the message")
        self._dismiss.clicked.connect(self.dismiss)

        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GRID, theme.HALF, theme.GRID, theme.HALF)
        row.setSpacing(theme.GRID)
        row.addWidget(self._mark)
        row.addWidget(self._text, 1)
        row.addWidget(self._more)
        row.addWidget(self._details)
        row.addWidget(self._dismiss)

        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.setInterval(INFO_MS)
        self._fade.timeout.connect(self._forget_notices)
        self.setFixedHeight(self.sizeHint().height())  # nothing moves when a message comes or goes
        bus.posted.connect(self.show_message)
        self._refresh()

    @property
    def messages(self) -> tuple[Message, ...]:
        """What is not dismissed yet, oldest first."""
        return tuple(self._messages)

    @Slot(object)
    def show_message(self, message: Message) -> None:
        """Put a message on top; one with the same words moves there and its count rises."""
        times = 1
        for old in self._messages:
            if (old.kind, old.title) == (message.kind, message.title):
                times += old.times
        self._messages = [m for m in self._messages if (m.kind, m.title) != (message.kind, message.title)]
        if message.kind == "info":
            self._messages = [m for m in self._messages if m.kind != "info"]
            self._fade.start()
        self._messages.append(replace(message, times=times))
        self._refresh()

    @Slot(object)
    def show_file(self, path: str | None) -> None:
        """Another file is selected: what was said about the one before goes."""
        self._keep([m for m in self._messages if m.about in (None, path)])

    def set_quiet(self, text: str) -> None:
        """What to show while there is no message."""
        if text != self._quiet:
            self._quiet = text
            self._refresh()

    @Slot()
    def dismiss(self) -> None:
        """Take the shown message away; the one before it comes back."""
        if self._messages:
            self._messages.pop()
        self._refresh()

    @Slot()
    def show_details(self) -> None:
        """Open the shown message's details in a window of their own."""
        if self._messages:
            message = self._messages[-1]
            self.dialog = DetailsDialog(message.title, message.details, self.window())
            self.dialog.show()

    @Slot()
    def _forget_notices(self) -> None:
        self._keep([m for m in self._messages if m.kind != "info"])

    def _keep(self, messages: list[Message]) -> None:
        if len(messages) < len(self._messages):
            self._messages = messages
            self._refresh()

    def _refresh(self) -> None:
        self.setVisible(bool(self._messages or self._quiet))
        for part in (self._mark, self._more, self._details, self._dismiss):
            part.setVisible(bool(self._messages))
        roles = QPalette.ColorRole
        self._text.setForegroundRole(roles.WindowText if self._messages else roles.PlaceholderText)
        if not self._messages:
            self._text.setText(self._quiet)
            self._text.setToolTip("")
            return
        shown = self._messages[-1]
        self._mark.kind = shown.kind
        self._mark.update()
        first_line = shown.title.strip().partition("\n")[0]
        times = f"  ({shown.times} times)" if shown.kind == "error" and shown.times > 1 else ""
        self._text.setText(first_line + times)
        self._text.setToolTip(shown.title)
        earlier = len(self._messages) - 1
        self._more.setText(f"{earlier} more" if earlier else "")
        self._details.setVisible(bool(shown.details))


class DetailsDialog(QDialog):
    """Text to read and copy."""

    def __init__(self, title: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Details")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(90 * theme.GRID, 50 * theme.GRID)
        heading = QLabel(title, self)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setWordWrap(True)
        heading.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text = QPlainTextEdit(details, self)
        self.text.setReadOnly(True)
        self.text.setFont(theme.mono_font())
        self.text.setAccessibleName("Details")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        copy = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self.copy)
        buttons.rejected.connect(self.reject)
        QShortcut(QKeySequence.StandardKey.Close, self, self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(theme.GRID)
        column.addWidget(heading)
        column.addWidget(self.text, 1)
        column.addWidget(buttons)
        self._title = title

    @Slot()
    def copy(self) -> None:
        """Put the title and the details on the clipboard."""
        QGuiApplication.clipboard().setText(f"{self._title}\n\n{self.text.toPlainText()}")
