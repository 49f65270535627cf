"""The line that says what is known of a sample, with links to its copies and to its path."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from inspector.gui import theme
from inspector.gui.models.sample_facts import Fact


class FactLine(QLabel):
    """Facts one after another, as high as the longest yet, so that what is above it keeps its size.

    Signals
    -------
    sample_requested(int), group_requested(int), path_clicked()
        A link was followed.
    path_hovered(bool)
        The pointer, or the keyboard, came to the link of the path, or left it.
    """

    sample_requested = Signal(int)
    group_requested = Signal(int)
    path_clicked = Signal()
    path_hovered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)  # everything that comes from a file is escaped
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setFont(theme.caption_font())
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setContentsMargins(theme.GRID, theme.HALF, theme.GRID, theme.HALF)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._facts: tuple[Fact, ...] = ()
        self.linkActivated.connect(self._follow)
        self.linkHovered.connect(self._hover)
        self.show_facts(())

    @property
    def words(self) -> str:
        """What is said, without links."""
        return "  ·  ".join(fact.words for fact in self._facts)

    def show_facts(self, facts: Sequence[Fact], *, new: bool = False) -> None:
        """Say these; `new`: of another file, for which the room is measured anew."""
        self._facts = tuple(facts)
        self.setText("&nbsp; · &nbsp;".join(_markup(fact) for fact in self._facts))
        self.setAccessibleName("About this sample")
        self.setAccessibleDescription(self.words)
        self.setVisible(bool(self._facts))
        self._keep_room(anew=new)

    def _keep_room(self, *, anew: bool) -> None:
        one = self.fontMetrics().height() + 2 * theme.HALF
        needed = max(one, self.heightForWidth(max(1, self.width())))
        self.setFixedHeight(needed if anew else max(needed, self.minimumHeight()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure the room anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._keep_room(anew=True)

    def changeEvent(self, event: QEvent) -> None:
        """Links take their colour when the text is laid out: lay it out again for another palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.text():
            text = self.text()
            self.setText("")
            self.setText(text)

    def _follow(self, link: str) -> None:
        kind, _, value = link.partition(":")
        if kind == "sample":
            self.sample_requested.emit(int(value))
        elif kind == "group":
            self.group_requested.emit(int(value))
        elif kind == "path":
            self.path_clicked.emit()

    def _hover(self, link: str) -> None:
        self.path_hovered.emit(link.startswith("path:"))


def _markup(fact: Fact) -> str:
    links = ", ".join(f'<a href="{link.kind}:{link.value}">{html.escape(link.text)}</a>' for link in fact.links)
    return " ".join(part for part in (html.escape(fact.text), links) if part)
