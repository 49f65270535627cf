"""The tabs of what a file holds: which there are, how each is built, and which one a file is shown in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QTabWidget, QWidget

from inspector.gui.dataset_tab import DataSetTab
from inspector.gui.panes.keypoints import KeypointsPane
from inspector.gui.panes.late import LatePane
from inspector.gui.preload import ARRAYS, TRAJECTORY, VIDEO
from inspector.gui.session import Session
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState

if TYPE_CHECKING:
    from inspector.audit import Inspection
    from inspector.gui.panes.arrays import ArraysPane
    from inspector.gui.panes.trajectory import TrajectoryPane
    from inspector.gui.panes.video import VideoPane


class FileTabs(QTabWidget):
    """Keypoints, Video, Trajectory, Arrays, Data set; all but the first are built when they are first looked at.

    A file opens in the tab that was picked last, or, where that has nothing to show of it, in its own: keypoints of a
    clip, videos of a data set, arrays of anything else. The data set of a clip is its folder.

    Signals
    -------
    saved(str)
        A picture was written to this path.
    """

    saved = Signal(str)

    def __init__(self, session: Session, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setAccessibleName("What the file holds")
        self._session = session
        self._tasks = tasks
        self._inspection: Inspection | None = None
        self._picked: QWidget | None = None
        self._comparing = False
        self._turning = False
        self.keypoints = KeypointsPane(self, tasks=tasks)
        self.video = LatePane(tasks, VIDEO, self._make_video, self)
        self.trajectory = LatePane(tasks, TRAJECTORY, self._make_trajectory, self)
        self.arrays = LatePane(
            tasks, ARRAYS, self._make_arrays, self, then=_prepare_plots, unfinished=_plots_are_unfinished
        )
        self.dataset = DataSetTab(tasks, self._connect, self)
        self._connect(self.keypoints)
        for pane, title in (
            (self.keypoints, "Keypoints"),
            (self.video, "Video"),
            (self.trajectory, "Trajectory"),
            (self.arrays, "Arrays"),
            (self.dataset, "Data set"),
        ):
            self.addTab(pane, title)
        self.currentChanged.connect(self._changed)
        self.tabBarClicked.connect(self._clicked)

    @property
    def shown(self) -> KeypointsPane | LatePane[VideoPane] | LatePane[ArraysPane] | DataSetTab:
        """The tab in front."""
        return self.currentWidget()  # type: ignore[return-value]  # only panes are put in

    @property
    def waits(self) -> bool:
        """Whether the tab in front is still to be built."""
        shown = self.shown
        return isinstance(shown, LatePane | DataSetTab) and shown.waits

    def show_view(self, view: ViewState) -> None:
        """Paint a view in the tab in front; another one gets it when it is turned to."""
        if view.inspection is not None and view.inspection is not self._inspection:
            before, self._inspection = self._inspection, view.inspection
            self._turn(view.inspection, again=before is not None and before.path == view.inspection.path)
        if bool(view.beside) != self._comparing:
            self._comparing = bool(view.beside)
            if self._comparing:
                self.setCurrentWidget(self.keypoints)
        self.shown.show_view(view)

    def focus_inside(self) -> QWidget:
        """What gets the keyboard in the tab in front."""
        return self.keypoints.canvas if self.currentWidget() is self.keypoints else self.currentWidget()

    def show_details(self) -> None:
        """Turn from the folder to the selected file, at once or as soon as it is read."""
        if self.currentWidget() is not self.dataset or not self.dataset.shows_files:
            return
        self._picked = None
        view = self._session.view
        if view.inspection is not None:
            self._turn(view.inspection)
        elif view.loading:
            self._inspection = None  # also where the same one comes back

    def _turn(self, inspection: Inspection, *, again: bool = False) -> None:
        holds: dict[QWidget, bool] = {
            self.keypoints: inspection.clip is not None,
            self.video: inspection.dataset is not None,
            self.trajectory: inspection.dataset is not None,
            self.dataset: True,
            self.arrays: bool(inspection.members),
        }
        own = next((tab for tab in (self.keypoints, self.video, self.arrays) if holds[tab]), self.keypoints)
        picked = self.currentWidget() if again else self._picked
        self._turning = True
        self.setCurrentWidget(picked if picked is not None and holds[picked] else own)
        self._turning = False

    @Slot(int)
    def _changed(self, index: int) -> None:
        if not self._turning:  # by a key
            self._picked = self.widget(index)
        self.shown.show_view(self._session.view)

    @Slot(int)
    def _clicked(self, index: int) -> None:
        self._picked = self.widget(index)

    # --- panes -----------------------------------------------------------------------------------------------

    def _make_video(self, parent: QWidget) -> VideoPane:
        from inspector.gui.panes.video import VideoPane

        pane = VideoPane(parent, tasks=self._tasks)
        self._connect(pane)
        return pane

    def _make_trajectory(self, parent: QWidget) -> TrajectoryPane:
        from inspector.gui.panes.trajectory import TrajectoryPane

        pane = TrajectoryPane(parent, tasks=self._tasks)
        self._connect(pane)
        return pane

    def _make_arrays(self, parent: QWidget) -> ArraysPane:
        from inspector.gui.panes.arrays import ArraysPane

        pane = ArraysPane(self._tasks, parent)
        self._connect(pane)
        return pane

    def _connect(self, pane: QObject) -> None:
        """Hear a pane for what it can ask."""
        session = self._session
        for name, hears in (
            ("seek_requested", session.seek),
            ("sample_requested", session.select_sample),
            ("subset_requested", session.set_subset),
            ("display_changed", session.set_display),
            ("comparing_changed", session.set_comparing),
            ("beside_picked", session.pick_beside),
            ("path_requested", session.select),
            ("saved", self.saved),
            ("limit_moved", session.set_limit),
            ("limit_released", session.commit_limits),
            ("limits_reset", session.reset_limits),
            ("profile_save_requested", self._ask_profile),
            ("rows_brushed", session.brush),
            ("class_picked", session.pick_class),
            ("row_requested", session.select_row),
            ("row_opened", session.open_row),
        ):
            signal = getattr(pane, name, None)
            if signal is not None:
                signal.connect(hears)

    @Slot()
    def _ask_profile(self) -> None:
        """Ask where to write the profile with the limits as they are now."""
        dialog = QFileDialog(self, "Save the profile", "", "Profiles (*.toml)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("toml")
        dialog.fileSelected.connect(self._session.save_profile)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _prepare_plots(pane: ArraysPane) -> None:
    pane.side.prepare()


def _plots_are_unfinished(pane: ArraysPane) -> bool:
    return pane.side.waits
