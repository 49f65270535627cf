"""The data set as a whole: its classes in a table, and every figure of every sample, class beside class."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from inspector.checks.dataset import DataSet
from inspector.gui import icons, theme
from inspector.gui.models.dataset_points import DataSetPoints, Flags, name_of, points_of
from inspector.gui.panes.dataset_grid import Legend, PlotGrid
from inspector.gui.panes.dataset_table import ClassesTable
from inspector.gui.panes.parts import Notice, Prose, caption, hairline
from inspector.gui.tasks import Tasks
from inspector.gui.view import Subset, ViewState
from inspector.profiles.model import VideoRules

_CHANNEL = "dataset points"


class DataSetPane(QWidget):
    """Shows the data set of a view.

    Parameters
    ----------
    tasks
        Lays points out off the UI thread.

    Signals
    -------
    sample_requested(int)
        A point was clicked.
    subset_requested(Subset)
        Only one class, or all samples again.
    """

    sample_requested = Signal(int)
    subset_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, tasks: Tasks) -> None:
        super().__init__(parent)
        self.setAccessibleName("Data set")
        self._tasks = tasks
        self._view = ViewState()
        self._listed: Flags | None = None
        self.summary = caption(parent=self)
        self.summary.setAccessibleName("What the data set holds")
        self.copy_button = QToolButton(self)
        self.copy_button.setIcon(icons.icon("copy"))
        self.copy_button.setText("Copy table")
        self.copy_button.setToolTip("Copy the classes' figures in full, as tab-separated text")
        self.copy_button.setAccessibleName("Copy table")
        self.copy_button.setAutoRaise(True)
        self.table = ClassesTable(self)
        self.legend = Legend(self)
        self.grid = PlotGrid(self)
        self.answer = Prose("Whether the videos show motion", self)
        self.remarks = Prose("What is not shown", self)
        self.remarks.setMuted()
        self.notice = Notice(self)
        self._lay_out()
        self.copy_button.clicked.connect(self.table.copy)
        self.table.class_requested.connect(self._ask_class)
        self.grid.sample_requested.connect(self.sample_requested)
        self.setFocusProxy(self.table)
        self._say()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(theme.GRID, theme.HALF, theme.HALF, theme.HALF)
        top.addWidget(self.summary, 1)
        top.addWidget(self.copy_button)
        motion = QVBoxLayout()
        motion.setContentsMargins(theme.GRID, 0, theme.GRID, theme.GRID)
        motion.addWidget(self.answer)
        below = QVBoxLayout()
        below.setContentsMargins(theme.GRID, theme.HALF, theme.GRID, theme.HALF)
        below.addWidget(self.remarks)
        self._content = QWidget(self)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(motion)
        column.addWidget(hairline(self))
        column.addWidget(self.table)
        column.addWidget(hairline(self))
        column.addWidget(self.legend)
        column.addWidget(hairline(self))
        column.addWidget(self.grid, 1)
        column.addLayout(below)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.notice)
        whole.addWidget(self._content, 1)

    # --- what is shown ---------------------------------------------------------------------------------------

    @property
    def points(self) -> DataSetPoints | None:
        """What the plots draw; None until it is laid out."""
        return self._points

    _points: DataSetPoints | None = None

    def show_view(self, view: ViewState) -> None:
        """Paint what differs from the view before."""
        before, self._view = self._view, view
        if view.dataset is not before.dataset:
            self._take(view)
        elif _rules(view) != _rules(before):
            self._ask_points(view)
        if view.inspection is not before.inspection or view.loading != before.loading:
            self._say()
        if view.dataset is None:
            return
        if view.dataset is not before.dataset or view.subset != before.subset or view.listed is not before.listed:
            self._take_subset(view, view.dataset)
        self.grid.show_sample(view.sample)

    def _take(self, view: ViewState) -> None:
        self._points = None
        self.grid.show_points(None)
        self._remark("")
        self._tasks.drop(_CHANNEL)
        if view.inspection is not None and view.inspection.complete and view.dataset and view.dataset.layout.samples:
            self.summary.setText(summary_of(view.dataset))
            motion = view.inspection.record.measurements.get("motion") if view.inspection else None
            self.answer.setText(f"Do the videos show motion? {motion}" if motion else "")
            self.answer.setVisible(bool(motion))
            self.table.show_dataset(view.dataset)
            self._ask_points(view)

    def _ask_points(self, view: ViewState) -> None:
        rules = _rules(view)
        if view.dataset is not None and view.dataset.layout.samples and rules is not None:
            work = partial(points_of, view.dataset, rules)
            self._tasks.latest(_CHANNEL, work, self._show_points)

    def _show_points(self, points: DataSetPoints) -> None:
        self._points = points
        self.grid.show_points(points)
        self.grid.show_listed(self._listed)
        self.grid.show_sample(self._view.sample)
        self._remark("\n".join(points.remarks))

    def _remark(self, text: str) -> None:
        self.remarks.setText(text)
        self.remarks.setVisible(bool(text))

    def _take_subset(self, view: ViewState, dataset: DataSet) -> None:
        subset, count, before = view.subset, dataset.layout.samples, self._listed
        self._listed = None
        if subset != Subset():
            self._listed = np.zeros(count, dtype=bool)
            self._listed[view.listed[(view.listed >= 0) & (view.listed < count)]] = True
            if before is not None and np.array_equal(before, self._listed):
                self._listed = before  # plots that have drawn these keep their pictures
        self.grid.show_listed(self._listed)
        if count:
            self.table.show_class(subset.label, only=subset in (Subset(), Subset(label=subset.label)))

    def _say(self) -> None:
        view, dataset = self._view, self._view.dataset
        inspection = view.inspection if view.inspection and view.inspection.complete else None
        has = inspection is not None and dataset is not None and dataset.layout.samples > 0
        self.notice.setVisible(not has)
        self._content.setVisible(has)
        if has:
            return
        if inspection is None:
            self.notice.say("Reading…" if view.loading else "Select a file")
        elif dataset is None:
            self.notice.say("This file is no data set of videos", inspection.record.error or "")
        else:
            self.notice.say("This data set has no samples", f"Its array {dataset.array} is {dataset.layout.shape}.")

    # --- what is asked for -----------------------------------------------------------------------------------

    def _ask_class(self, label: int | None) -> None:
        self.subset_requested.emit(Subset(label=label))


def _rules(view: ViewState) -> VideoRules | None:
    return view.inspection.profile.videos if view.inspection is not None else None


def summary_of(dataset: DataSet) -> str:
    """A data set in a line: samples, classes, static ones and duplicates."""
    count = dataset.layout.samples
    parts = [f"{count:,} {'sample' if count == 1 else 'samples'} of {dataset.layout.frames} frames"]
    if dataset.labels is None:
        parts.append("no labels")
    else:
        classes = len(dataset.classes)
        parts.append(name_of(dataset, dataset.classes[0].label) if classes == 1 else f"{classes} classes")
    static = int(np.count_nonzero(dataset.samples.get("static", np.zeros(0))))
    parts.append(f"{static:,} static" if static else "none static")
    extra = sum(len(group) - 1 for group in dataset.groups)
    groups = len(dataset.groups)
    copies = f"{extra:,} {'duplicate' if extra == 1 else 'duplicates'}"
    parts.append(f"{copies} in {groups} {'group' if groups == 1 else 'groups'}" if extra else "no duplicates")
    return "  ·  ".join(parts)
