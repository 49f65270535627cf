"""Any array of any file: its values by pages, its figures, and a picture of it, all read in the background."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QToolButton, QVBoxLayout, QWidget

from inspector.archive import Member
from inspector.audit.array_picture import Picture
from inspector.audit.array_stats import Statistics
from inspector.audit.array_text import one_line, size_text
from inspector.audit.arrays import Held, Page, is_numeric, table_shape
from inspector.gui import icons, theme
from inspector.gui.panes import arrays_reading as reading
from inspector.gui.panes.arrays_list import MembersTable
from inspector.gui.panes.arrays_side import PICTURE, STATISTICS, ArraySide
from inspector.gui.panes.arrays_take import TakeOut
from inspector.gui.panes.arrays_values import ValuesView
from inspector.gui.panes.arrays_work import WorkLine
from inspector.gui.panes.parts import Prose, caption, hairline
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState

AUTOMATIC = 256_000_000
"""Arrays up to this many bytes get their statistics and picture unasked."""


class ArraysPane(QWidget):
    """The arrays of the shown file and the values of the selected one.

    Nothing is read while the pane is hidden; what is asked for is read through `tasks`, and answers to older
    requests are dropped.

    Signals
    -------
    seek_requested(int)
        A row that is a frame of the clip was clicked, or Enter pressed on it.
    """

    seek_requested = Signal(int)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Arrays")
        self._view = ViewState()
        self._shown: ViewState | None = None
        self._held: Held | None = None
        self._member: Member | None = None
        self._known: dict[str, Statistics] = {}  # of the shown file
        self._picture_of: tuple[str, tuple[int, ...]] | None = None
        self.work = WorkLine(tasks, "arrays.", self)
        self.taking = WorkLine(tasks, "arrays.", self)
        self.take = TakeOut(self.taking, self)
        self.list = MembersTable(self)
        self.values = ValuesView(self)
        self.side = ArraySide(self)
        self.status = Prose("What came of copying or saving", self)
        self.status.setMuted()
        self._name = caption("", self)
        self._name.setFont(self.font())
        self._build_tools()
        self.list.chosen.connect(self._choose)
        self.values.bar.changed.connect(self._cut_changed)
        self.values.row_clicked.connect(self._row_clicked)
        self.side.asked.connect(self._compute)
        self.side.frame_clicked.connect(self.seek_requested)
        self.side.currentChanged.connect(self._tab_changed)
        self.take.told.connect(self._tell)

        across = QSplitter(Qt.Orientation.Horizontal, self)
        across.setChildrenCollapsible(False)
        across.addWidget(self.values)
        across.addWidget(self.side)
        across.setStretchFactor(0, 1)
        across.setStretchFactor(1, 1)
        across.setSizes([600, 400])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.HALF)
        column.addWidget(self.list)
        column.addWidget(hairline(self))
        column.addLayout(self._tools)
        column.addWidget(across, 1)
        for line in (self.work, self.taking, self.status):
            column.addWidget(line)
        self.setFocusProxy(self.list)
        self.status.hide()
        self._nothing("Select a file")

    def _build_tools(self) -> None:
        self.follow = QToolButton(self)
        self.follow.setCheckable(True)
        self.follow.setAccessibleName("Show the row of the current frame, and follow it")
        self.follow.setToolTip("Show the row of the current frame, and follow it while the clip plays")
        self.follow.toggled.connect(self._follow)
        self.copy_button = QPushButton(icons.icon("copy"), "Copy page", self)
        self.copy_button.setToolTip("Copy the page shown, as tab-separated text with every digit")
        self.copy_button.clicked.connect(self.copy_page)
        self.save_button = QPushButton(icons.icon("export"), "Save array…", self)
        self.save_button.setToolTip("Save the whole array as .npy or .csv")
        self.save_button.clicked.connect(self.save)
        self._tools = QHBoxLayout()
        self._tools.setContentsMargins(theme.GRID, 0, theme.GRID, 0)
        self._tools.setSpacing(theme.GRID)
        self._tools.addWidget(self.values.bar)
        self._tools.addWidget(self._name, 1)
        for button in (self.follow, self.copy_button, self.save_button):
            self._tools.addWidget(button)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_view(self, view: ViewState) -> None:
        """Paint what differs from the view before; while hidden, only remember it."""
        self._view = view
        if self.isVisible():
            self._apply()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was asked for while hidden."""
        super().showEvent(event)
        self._apply()

    def hideEvent(self, event: QHideEvent) -> None:
        """A page need not be read for nobody; figures under way go on."""
        super().hideEvent(event)
        self.work.drop("page")

    def _apply(self) -> None:
        before, view = self._shown, self._view
        self._shown = view
        if before is None or view.inspection is not before.inspection:
            self._show_file(view)
        elif view.inspection is None:
            self._nothing("Reading…" if view.loading else "Select a file")
        elif view.frame != before.frame:
            self._show_frame()
        elif self._member is not None and self.values.waits and not self.work.busy("page"):
            self._read_page()  # hidden before it came

    def _show_file(self, view: ViewState) -> None:
        self.work.drop_all()
        if self._held is not None:
            self._held.close()
        self._held = None
        self._known = {}
        inspection = view.inspection
        # The array of the same name as in the file before, so that walking through files compares like with like.
        before, self._member = self._member.name if self._member else None, None
        if inspection is not None and inspection.members:
            self._held = Held(inspection.path, inspection.record.mtime_ns)
        elif inspection is not None:
            self._nothing("No arrays", inspection.record.error or "", error=True)
        else:
            self._nothing("Reading…" if view.loading else "Select a file")
        self.list.show_members(inspection.members if inspection else (), before)

    def _nothing(self, heading: str, text: str = "", *, error: bool = False) -> None:
        self.values.bar.clear()
        self.values.say(heading, text, error=error)
        self._name.clear()
        for widget in (self.side, self.follow, self.copy_button, self.save_button):
            widget.hide()

    @Slot(object)
    def _choose(self, member: Member) -> None:
        self.work.drop_all()
        self.status.hide()
        self._picture_of = None
        self._member = None
        if member.error is not None or member.shape is None or member.dtype is None:
            broken = member.error is not None
            self._nothing("Cannot be shown", member.error or "This member is not an array.", error=broken)
            return
        self._member = member
        table = not member.pickled and bool(member.shape)
        self._name.setText("" if table and len(member.shape) > 2 else one_line(member.name))
        self.save_button.setVisible(not member.pickled)
        self.copy_button.setVisible(table)
        self.follow.setVisible(self._timed)
        self.side.setVisible(table)
        if table:
            cells = table_shape(member.shape, member.dtype)
            self.values.bar.show_array(member.name, member.shape, cells, member.dtype.itemsize)
        else:
            self.values.bar.clear()
        self.values.wait()
        self._show_frame()
        self._read_page()
        if table:
            self._ask(STATISTICS)
            self._ask(PICTURE)

    # --- the current frame -----------------------------------------------------------------------------------

    @property
    def _timed(self) -> bool:
        """Whether the selected array has one entry a frame along its first axis."""
        member, view = self._member, self._shown
        return bool(member and view and view.frames and member.shape and member.shape[0] == view.frames)

    @property
    def _row_is_frame(self) -> bool:
        return self._timed and self._member is not None and len(self._member.shape or ()) <= 2

    def _show_frame(self) -> None:
        frame = self._shown.frame if self._shown and self._timed else None
        self.values.mark(frame if self._row_is_frame else None)
        self.side.show_frame(frame if self._row_is_frame else None)
        if frame is not None:
            self.follow.setText(f"Follow frame {frame}")
            self._follow(self.follow.isChecked())

    @Slot(bool)
    def _follow(self, on: bool) -> None:
        if not on or self._shown is None or not self._timed:
            return
        if self._row_is_frame:
            self.values.reveal_row(self._shown.frame)
        elif self.values.bar.spins:
            self.values.bar.spins[0].setValue(self._shown.frame)

    @Slot(int)
    def _row_clicked(self, row: int) -> None:
        if self._row_is_frame:
            self.seek_requested.emit(row)

    # --- reading ---------------------------------------------------------------------------------------------

    @Slot()
    def _cut_changed(self) -> None:
        self._read_page()
        if self._picture_of and self._member and self._picture_of != (self._member.name, self.values.bar.lead):
            self._ask(PICTURE)

    def _read_page(self) -> None:
        member, held = self._member, self._held
        if member is None or held is None:
            return
        words = f"Reading {one_line(member.name)}"
        if member.pickled or not member.shape:
            value = partial(reading.words_of, held, member.name)
            self.work.start("page", words, value, self.values.show_words, self._page_failed)
        else:
            page = partial(reading.page_of, held, member.name, self.values.bar.cut)
            self.work.start("page", words, page, self._page_read, self._page_failed)

    def _page_read(self, page: Page | None) -> None:
        if page is None:
            self.values.say("Stopped")
            return
        self.values.show_page(page)
        if self._row_is_frame:
            self._follow(self.follow.isChecked())

    def _page_failed(self, error: Exception) -> None:
        self.values.say("Could not be read", str(error) or type(error).__name__, error=True)

    @Slot(int)
    def _tab_changed(self, tab: int) -> None:
        if tab == PICTURE and self._picture_of is None:
            self._ask(PICTURE)

    def _ask(self, tab: int) -> None:
        """Compute what a tab shows, or offer to where that takes long."""
        member = self._member
        if member is None or member.shape is None or member.dtype is None:
            return
        if tab == STATISTICS and (known := self._known.get(member.name)) is not None:
            self.side.show_statistics(known, member.dtype)
        elif tab == PICTURE and (not is_numeric(member.dtype) or 0 in member.shape):
            self.side.say(PICTURE, "Only numbers have a picture.")
        elif tab == PICTURE and self.side.currentIndex() != PICTURE:
            self._picture_of = None  # drawn when the tab is looked at
        elif (cost := self._cost(tab)) > AUTOMATIC:
            text = f"{size_text(cost)} would be read, in the background; it can be stopped."
            self.side.say(tab, text, button=True)
        else:
            self._compute(tab)

    def _cost(self, tab: int) -> int:
        """Bytes to go through for a tab."""
        member = self._member
        if member is None or not member.shape:
            return 0
        return member.nbytes // (member.shape[0] or 1) if tab == PICTURE and len(member.shape) > 2 else member.nbytes

    @Slot(int)
    def _compute(self, tab: int) -> None:
        member, held = self._member, self._held
        if member is None or held is None:
            return
        failed, name = partial(self._side_failed, tab), one_line(member.name)
        if tab == STATISTICS:
            self.side.say(tab, "Computing…")
            figures = partial(reading.statistics_of, held, member.name)
            self.work.start("statistics", f"Statistics of {name}", figures, partial(self._figured, member), failed)
            return
        if self._picture_of is None:  # else the one before stays until the next is there
            self.side.say(tab, "Drawing…")
        lead = self.values.bar.lead
        self._picture_of = (member.name, lead)
        drawing = partial(reading.picture_of, held, member.name, lead)
        self.work.start("picture", f"Picture of {name}", drawing, partial(self._drawn, member, lead), failed)

    def _figured(self, member: Member, stats: Statistics | None) -> None:
        if stats is None or member.dtype is None:
            self.side.say(STATISTICS, "Stopped.", button=True)
            return
        self._known[member.name] = stats
        self.side.show_statistics(stats, member.dtype)

    def _drawn(self, member: Member, lead: tuple[int, ...], picture: Picture | None) -> None:
        if picture is None:
            self._picture_of = None
            self.side.say(PICTURE, "Stopped.", button=True)
            return
        timed, dimensions = self._row_is_frame, len(member.shape or ())
        if dimensions == 1:
            axes = ("frame" if timed else "row", "value")
        else:
            axes = ("frame", "column") if timed else ("column", "row")
        name = f"{one_line(member.name)}[{', '.join(map(str, lead))}]" if lead else one_line(member.name)
        self.side.show_picture(picture, name, timed=timed, square=dimensions > 2, axes=axes)
        self._show_frame()

    def _side_failed(self, tab: int, error: Exception) -> None:
        self.side.say(tab, str(error) or type(error).__name__)

    # --- taking values out -----------------------------------------------------------------------------------

    @Slot()
    def copy_page(self) -> None:
        """Put the page shown on the clipboard, tab-separated."""
        if self.values.model.page is not None:
            self.take.copy(self.values.model.page)

    @Slot()
    def save(self) -> None:
        """Ask for a file name and write the selected array to it."""
        if self._member is not None and self._shown is not None and self._shown.inspection is not None:
            self.take.save(self._shown.inspection, self._member.name)

    @Slot(str)
    def _tell(self, text: str) -> None:
        self.status.setText(text)
        self.status.show()
