"""The panes beside each other, shown each new view and heard for what they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from inspector.gui import theme
from inspector.gui.messages import MessageBus
from inspector.gui.panes.file_list import FileListPane
from inspector.gui.panes.findings import FindingsPane
from inspector.gui.panes.measurements import MeasurementsPane
from inspector.gui.panes.parts import hairline
from inspector.gui.panes.timeline import TimelinePane
from inspector.gui.panes.transport import TransportBar
from inspector.gui.player import Player
from inspector.gui.session import Session
from inspector.gui.settings import Settings
from inspector.gui.tabs import FileTabs
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState

if TYPE_CHECKING:
    from inspector.audit import Inspection


class Workspace(QWidget):
    """List on the left, what is in the file in the middle, what is wrong with it on the right.

    It is empty until all `steps` were taken: together they are too long for one turn of the event loop.
    """

    def __init__(self, session: Session, tasks: Tasks, bus: MessageBus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks
        self._bus = bus
        self._timeline_wanted = True
        self._next_turn = QTimer(self)
        self._next_turn.setSingleShot(True)
        self._next_turn.timeout.connect(self._show_later)
        self._later: list[TimelinePane | FindingsPane | MeasurementsPane] = []
        self._inspection: Inspection | None = None
        self.steps = (self._build_list, self._build_clip, self._build_details, self._lay_out, self._begin)

    def _build_list(self) -> None:
        self.files = FileListPane(self._session.files, self)

    def _build_clip(self) -> None:
        self.player = Player(self)
        self.tabs = FileTabs(self._session, self._tasks, self)
        self.timeline = TimelinePane(self)
        self.transport = TransportBar(self)

    def _build_details(self) -> None:
        self.findings = FindingsPane(self)
        self.measurements = MeasurementsPane(self)

    def _begin(self) -> None:
        self._connect()
        self.show_view(self._session.view)

    def _lay_out(self) -> None:
        self.bottom = QWidget(self)
        below = QVBoxLayout(self.bottom)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.timeline, 1)
        below.addWidget(hairline(self))
        below.addWidget(self.transport)
        self._middle = _split(Qt.Orientation.Vertical, (self.tabs, 640, 1), (self.bottom, 232, 0))
        self.details = _split(Qt.Orientation.Vertical, (self.findings, 480, 1), (self.measurements, 392, 1))
        self._across = _split(
            Qt.Orientation.Horizontal, (self.files, 336, 0), (self._middle, 872, 1), (self.details, 392, 0)
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._across)

    def _connect(self) -> None:
        session = self._session
        session.view_changed.connect(self.show_view)
        session.path_changed.connect(self.files.show_path)
        session.details_wanted.connect(self.focus_details)
        self.files.selected.connect(session.select)
        self.files.opened.connect(session.inspect)
        self.files.class_picked.connect(session.pick_class)
        self.files.reset.clicked.connect(session.clear_brush)
        self.player.frame_due.connect(session.played)
        self.player.finished.connect(session.pause)
        for pane in (self.timeline, self.transport):
            pane.seek_requested.connect(session.seek)
        for source in (self.findings, self.timeline):
            source.finding_requested.connect(session.go_to_finding)
        self.findings.comparing_changed.connect(session.set_comparing)
        for scrubbed in (self.timeline, self.transport):
            scrubbed.scrub_started.connect(session.scrub_started)
            scrubbed.scrub_ended.connect(session.scrub_ended)
        self.timeline.span_requested.connect(session.set_span)
        self.tabs.saved.connect(self._saved)
        self.transport.playing_changed.connect(session.set_playing)
        self.transport.step_requested.connect(session.step)
        self.transport.loop_changed.connect(session.set_loop)
        self.transport.speed_changed.connect(session.set_speed)

    @property
    def waits(self) -> bool:
        """Whether something that is seen is still to be built or shown."""
        return bool(self._later) or self.tabs.waits

    @Slot(object)
    def show_view(self, view: ViewState) -> None:
        """Paint a view everywhere; the tab that is not seen gets it when it is."""
        self._show_bottom(view)
        self.tabs.show_view(view)
        for part in (self.transport, self.player):
            part.show_view(view)
        if view.inspection is not self._inspection:
            self._inspection = view.inspection
            self._later = [self.timeline, self.findings, self.measurements]
            self._next_turn.start()
        for pane in (self.timeline, self.findings, self.measurements):
            if pane not in self._later:
                pane.show_view(view)

    @Slot()
    def _show_later(self) -> None:
        """What takes long for a new file comes in turns of its own, so that keys and the picture need not wait."""
        self._later.pop(0).show_view(self._session.view)
        if self._later:
            self._next_turn.start()

    @Slot()
    def focus_details(self) -> None:
        """Give the keyboard to what the file holds."""
        self.tabs.show_details()
        self.tabs.focus_inside().setFocus(Qt.FocusReason.OtherFocusReason)

    def show_side(self, name: str, on: bool) -> None:
        """Show the list, the timeline (where there is anything to play) or the details, or put them away."""
        if name == "show_timeline":
            self._timeline_wanted = on
            self._show_bottom(self._session.view)
        else:
            {"show_list": self.files, "show_details": self.details}[name].setVisible(on)

    def _show_bottom(self, view: ViewState) -> None:
        """A file without frames leaves the room to its arrays; nothing moves while one is being read."""
        if view.inspection is not None or not self._timeline_wanted:
            self.bottom.setVisible(self._timeline_wanted and view.frames > 0)

    def save(self, settings: Settings) -> None:
        """Remember where the splitters stand."""
        for name, splitter in self._splitters().items():
            settings.set_layout(name, splitter.saveState())

    def restore(self, settings: Settings) -> None:
        """Put the splitters where they were."""
        for name, splitter in self._splitters().items():
            if (state := settings.layout(name)) is not None:
                splitter.restoreState(state)

    def _splitters(self) -> dict[str, QSplitter]:
        return {"across": self._across, "middle": self._middle, "details": self.details}

    @Slot(str)
    def _saved(self, path: str) -> None:
        self._bus.info(f"Saved {path}")


def _split(orientation: Qt.Orientation, *parts: tuple[QWidget, int, int]) -> QSplitter:
    """Parts with their sizes in a window of the usual size, and their shares of what a larger one has more."""
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(theme.HALF)
    for k, (widget, _, share) in enumerate(parts):
        splitter.addWidget(widget)
        splitter.setCollapsible(k, False)
        splitter.setStretchFactor(k, share)
    splitter.setSizes([size for _, size, _ in parts])
    return splitter
