"""The data set's classes and figures: what is drawn where, thinned and left out; what is asked for by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.checks.dataset import SAMPLE_METRICS, DataSet
from inspector.checks.finding import Severity
from inspector.gui import theme
from inspector.gui.models.dataset_points import MOST_AT_ONCE
from inspector.gui.panes.dataset import DataSetPane, summary_of
from inspector.gui.panes.dataset_classes import COLUMNS, ClassesModel, cells_of, rows_of, rows_tsv
from inspector.gui.panes.dataset_plot import StripPlot
from inspector.gui.tasks import Tasks
from inspector.gui.view import Subset, ViewState
from inspector.profiles.model import VideoRules
from inspector.render.palette import class_colour
from tests.gui.dataset_support import SHOWN, dataset, unknown, view
from tests.support import hands
from tests.support.views import view_of

RULES = VideoRules()


@pytest.fixture
def pane(qtbot: QtBot, tasks: Tasks) -> DataSetPane:
    pane = DataSetPane(tasks=tasks)
    qtbot.addWidget(pane)
    pane.resize(900, 700)
    pane.show()
    return pane


def shown(pane: DataSetPane, qtbot: QtBot, tasks: Tasks, what: ViewState) -> tuple[StripPlot, ...]:
    pane.show_view(what)
    qtbot.waitUntil(lambda: not tasks.busy)
    QApplication.processEvents()
    for plot in pane.grid.plots:
        plot.grab()
    return pane.grid.plots


# --- the table -------------------------------------------------------------------------------------------------


def test_model_keeps_qts_rules(qapp: QApplication, qtmodeltester: ModelTester) -> None:
    model = ClassesModel()
    model.set_rows(rows_of(dataset()))
    qtmodeltester.check(model, force_py=True)  # type: ignore[no-untyped-call]  # pytest-qt has no types here
    model.set_rows(())


def test_rows_say_what_was_measured_and_copy_in_full(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    held = dataset(displacement=np.array([0.1, np.nan, *[0.3] * 10]))
    first = replace(
        held.classes[0], name="Li\tnear", displacement_mean=0.123456, displacement_std=0.5, static_samples=3
    )
    shown(pane, qtbot, tasks, view(replace(held, classes=(first, *held.classes[1:]))))
    rows = pane.table.classes.rows
    assert [row.label for row in rows] == [None, 0, 1]
    assert cells_of(rows[0])[2] == f"{np.mean([0.1, *[0.3] * 10]):.3f} ± {np.std([0.1, *[0.3] * 10]):.3f}"
    assert cells_of(rows[1])[1:4] == ("6", "0.123 ± 0.500", "–")
    hands.click(pane.copy_button)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 4
    assert lines[2].split("\t")[:5] == ["Li near", "0", "6", "0.123456", "0.5"]
    assert {line.count("\t") for line in lines} == {10}
    assert rows_tsv(rows).endswith("\n")


def test_click_and_enter_on_a_row_ask_for_its_class(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    shown(pane, qtbot, tasks, view(dataset()))
    heard: list[Subset] = []
    pane.subset_requested.connect(heard.append)
    table = pane.table
    assert table.currentIndex().row() == 0
    hands.click(table.viewport(), table.visualRect(table.classes.index(2, 1)).center())
    assert heard == [Subset(label=1)]
    pane.show_view(view(dataset(), subset=Subset(label=1)))
    assert table.currentIndex().row() == 2
    hands.key(table, Qt.Key.Key_Up)
    hands.key(table, Qt.Key.Key_Return)
    assert heard[1:] == [Subset(label=0)]
    hands.click(table.viewport(), table.visualRect(table.classes.index(0, 0)).center())
    assert heard[2:] == [Subset()]


def test_another_subset_selects_no_class(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    held = view(dataset())
    shown(pane, qtbot, tasks, replace(held, subset=Subset(label=1)))
    assert pane.table.selectionModel().hasSelection()
    pane.show_view(replace(held, subset=Subset(group=0), listed=np.array([0, 4])))
    assert not pane.table.selectionModel().hasSelection()


# --- the plots -------------------------------------------------------------------------------------------------


def test_points_are_drawn_in_their_classes_colours(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    plot = shown(pane, qtbot, tasks, view(dataset()))[0]
    for sample in (8, 9):
        at = plot.place(sample)
        assert at is not None
        found, wanted = plot.grab().toImage().pixelColor(at.toPoint()), QColor(class_colour(sample % 2))
        assert abs(found.hsvHue() - wanted.hsvHue()) < 15
    upper, lower = plot.place(11), plot.place(1)
    assert upper is not None
    assert lower is not None
    assert upper.y() < lower.y()


def test_static_samples_and_duplicates_have_marks_of_their_own(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    pictures = []
    eighth, none, around = np.arange(12) == 8, np.zeros(12, dtype=bool), QRect(0, 0, 11, 11)
    for static, copied, known in ((none, none, 8.0), (eighth, none, 8.0), (none, eighth, 8.0), (none, none, np.nan)):
        figures = np.where(eighth, known, np.arange(12.0))
        held = dataset(static=static, group=np.where(copied, 0, -1), displacement=figures)
        plot = shown(pane, qtbot, tasks, view(held))[0]
        if (at := plot.place(8)) is not None:
            around.moveCenter(at.toPoint())
        pictures.append(plot.grab(around).toImage())
    assert all(a != b for a, b in itertools.combinations(pictures, 2))


def test_the_limit_is_a_line_with_its_words(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    plots = shown(pane, qtbot, tasks, view(dataset()))
    found = {}
    for plot in plots:
        image = plot.grab().toImage()
        y, wanted = int(plot.frame.y(RULES.disagree_pct)), theme.severity_colour(Severity.MEDIUM, plot.palette())
        rows = [[image.pixelColor(x, y + by) == wanted for x in range(image.width())] for by in (-1, 0, 1)]
        found[plot.strips.key] = max(map(sum, rows))
    assert found["disagreement_pct"] > 50
    assert found["displacement"] == 0


def test_clicking_a_point_asks_for_its_sample(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    plot = shown(pane, qtbot, tasks, view(dataset()))[3]
    at = plot.place(9)
    assert at is not None
    with qtbot.waitSignal(pane.sample_requested) as asked:
        hands.click(plot, at.toPoint())
    assert asked.args == [9]
    assert plot.sample_at(QPointF(plot.width() - 2, 2)) is None


def test_up_and_down_walk_by_figure(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    energy = np.array([0.0, 9, 0, 7, 0, 8, 0, 6, 0, np.nan, 0, 1])
    plots = shown(pane, qtbot, tasks, view(dataset(motion_energy=energy)))
    plot = next(p for p in plots if p.strips.key == "motion_energy")
    heard: list[int] = []
    pane.sample_requested.connect(heard.append)
    hands.key(plot, Qt.Key.Key_Up)
    hands.key(plot, Qt.Key.Key_Down)
    assert heard == [1, 3]
    pane.show_view(view(dataset(), sample=SHOWN))  # another data set: the old plot is gone, nothing is asked for
    assert heard == [1, 3]


def test_hover_names_sample_class_and_figure(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    plot = shown(pane, qtbot, tasks, view(dataset()))[0]
    assert plot.describe(2) == ("Sample 2  Linear", "Displacement 2  ·  static")
    assert plot.describe(4)[1].endswith("duplicate")
    before, at = plot.grab().toImage(), plot.place(7)
    assert at is not None
    hands.move(plot, at.toPoint())
    assert plot.grab().toImage() != before


def test_another_sample_moves_the_mark_and_keeps_the_pictures(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    held = view(dataset())
    plots = shown(pane, qtbot, tasks, held)
    keys = [plot.picture.cacheKey() for plot in plots if plot.picture]
    before = plots[0].grab().toImage()
    pane.show_view(replace(held, sample=8))
    pane.show_view(replace(held, sample=8, frame=3))
    assert plots[0].sample == 8
    assert plots[0].grab().toImage() != before
    assert "Sample 8" in plots[0].accessibleDescription()
    assert pane.grid.plots is plots
    assert [plot.picture.cacheKey() for plot in plots if plot.picture] == keys
    assert len(keys) == len(SAMPLE_METRICS)


def test_samples_outside_the_subset_step_back(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    held = view(dataset(), sample=11)
    plot = shown(pane, qtbot, tasks, held)[0]
    at = plot.place(8)
    assert at is not None
    strong = plot.grab().toImage().pixelColor(at.toPoint()).saturation()
    pane.show_view(replace(held, subset=Subset(label=1), listed=np.arange(1, 12, 2)))
    assert plot.grab().toImage().pixelColor(at.toPoint()).saturation() < strong / 2
    assert plot.picture is not None
    key = plot.picture.cacheKey()
    pane.show_view(replace(held, subset=Subset(label=1), listed=np.arange(1, 12, 2), frame=2))  # equal, not the same
    plot.grab()
    assert plot.picture.cacheKey() == key
    pane.show_view(replace(held, subset=Subset(finding=0), listed=np.array([8])))
    pane.show_view(replace(held, subset=Subset(finding=0), listed=np.array([3])))  # judged anew
    assert plot.grab().toImage().pixelColor(at.toPoint()).saturation() < strong / 2
    pane.show_view(held)
    assert plot.grab().toImage().pixelColor(at.toPoint()).saturation() == strong


def test_pictures_follow_size_and_palette(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    plot = shown(pane, qtbot, tasks, view(dataset()))[0]
    assert plot.picture is not None
    size = plot.picture.size()
    pane.resize(700, 600)
    plot.grab()
    assert plot.picture.size() != size
    palette = QPalette(QColor("#1E2124"))
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#E6E9ED"))
    pane.setPalette(palette)
    assert plot.grab().toImage().pixelColor(1, 1).lightness() < 60


def test_many_points_are_drawn_in_later_turns(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    count = 2 * MOST_AT_ONCE
    pane.show_view(view(dataset(count, labels=np.arange(count) % 2)))
    qtbot.waitUntil(lambda: bool(pane.grid.plots))
    first = pane.grid.plots[0]
    qtbot.waitUntil(lambda: first.picture is not None)
    assert f"of {count:,} samples are drawn" in pane.remarks.text()
    pane.show_view(view(dataset(count, labels=np.arange(count) % 2)))  # what waits to be drawn goes with its plots
    pane.show_view(view(dataset()))
    qtbot.waitUntil(lambda: not tasks.busy and len(pane.grid.plots) == len(SAMPLE_METRICS))
    assert pane.remarks.text() == ""


def test_limits_that_move_are_drawn_anew(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    held = view(dataset())
    shown(pane, qtbot, tasks, held)
    assert held.inspection is not None
    profile = held.inspection.profile
    other = type(profile)(profile.name, profile.title, kind="videos", videos=VideoRules(disagree_pct=33.0))
    shown(pane, qtbot, tasks, replace(held, inspection=replace(held.inspection, profile=other)))
    strips = next(p.strips for p in pane.grid.plots if p.strips.key == "disagreement_pct")
    assert strips.limit is not None
    assert strips.limit.value == 33.0


# --- odd data sets ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("odd", "classes"),
    [
        (dataset(labels=None), ["All samples"]),
        (dataset(labels=np.zeros(12, dtype=np.int64)), ["Linear"]),
        (dataset(labels=np.arange(5)), ["All samples"]),
        (dataset(frames=1), ["Linear", "Circular"]),
        (dataset(1), ["Linear"]),
        (dataset(**unknown(*SAMPLE_METRICS)), ["Linear", "Circular"]),
    ],
)
def test_odd_data_sets_are_shown(
    pane: DataSetPane, qtbot: QtBot, tasks: Tasks, odd: DataSet, classes: list[str]
) -> None:
    shown(pane, qtbot, tasks, view(odd, sample=0))
    assert pane.points is not None
    assert [column.name for column in pane.points.columns] == classes
    pane.grab()
    assert pane.table.classes.rowCount() >= 1
    assert pane.table.classes.columnCount() == len(COLUMNS)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (ViewState(), "Select a file"),
        (ViewState(path="a.npz", loading=True), "Reading…"),
        (view_of(), "no data set of videos"),
        (view(dataset(0)), "no samples"),
    ],
)
def test_words_in_place_of_plots(pane: DataSetPane, qtbot: QtBot, tasks: Tasks, what: ViewState, words: str) -> None:
    shown(pane, qtbot, tasks, view(dataset()))
    shown(pane, qtbot, tasks, what)
    assert words in pane.notice.words
    assert pane.notice.isVisible()
    assert not pane.table.isVisible()
    assert pane.grid.plots == ()


def test_summary_counts() -> None:
    assert summary_of(dataset()) == "12 samples of 4 frames  ·  2 classes  ·  1 static  ·  1 duplicate in 1 group"
    assert "no labels" in summary_of(dataset(labels=None))


def test_everything_a_person_uses_has_a_name(pane: DataSetPane, qtbot: QtBot, tasks: Tasks) -> None:
    plots = shown(pane, qtbot, tasks, view(dataset()))
    parts = [*plots, pane.table, pane.copy_button, pane.legend, pane.grid, pane.remarks, pane.summary]
    assert all(part.accessibleName() for part in parts)
    assert all(plot.focusPolicy() & Qt.FocusPolicy.TabFocus for plot in plots)
    assert pane.legend.sizeHint() != QSize()
