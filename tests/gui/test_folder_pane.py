"""The folder's pane: which plots, what the bar says and asks, why there is nothing; and the tab that it lies in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QFileDialog
from pytestqt.qtbot import QtBot

from inspector.checks.finding import Status
from inspector.gui.panes.folder import FolderPane
from inspector.gui.panes.folder_words import HINT, what_if, why_empty
from inspector.gui.tabs import FileTabs
from inspector.gui.together import Groups
from inspector.gui.workspace import Workspace
from tests.gui import support
from tests.gui.folder_support import ORIGINAL, brushed, columns, folder, shown, waiting
from tests.gui.support import Desk
from tests.support import hands
from tests.support.videos import dataset_arrays, save_dataset


@pytest.fixture
def pane(qtbot: QtBot) -> FolderPane:
    pane = FolderPane()
    qtbot.addWidget(pane)
    pane.resize(800, 600)
    pane.show()
    return pane


def heard(pane: FolderPane) -> list[tuple[Any, ...]]:
    said: list[tuple[Any, ...]] = []
    for name in ("limit_moved", "limits_reset", "profile_save_requested", "rows_brushed", "class_picked"):
        getattr(pane, name).connect(lambda *args, name=name: said.append((name, *args)))
    return said


def limits(**changed: float) -> Any:
    return msgspec.structs.replace(ORIGINAL, **changed)


# --- plots -------------------------------------------------------------------------------------------------------


def test_each_figure_that_any_file_has_gets_a_plot_rules_first(pane: FolderPane) -> None:
    pane.show_view(shown(folder()))
    assert list(pane.grid.plots) == ["low_visibility_pct", "spike_max", "swap_frames", "duration_ms"]
    assert [bool(plot.figure.lines) for plot in pane.grid.plots.values()] == [True, True, True, False]


def test_a_figure_that_comes_later_gets_its_plot_between_those_that_stay(pane: FolderPane) -> None:
    pane.show_view(shown(folder()))
    before = pane.grid.plots["spike_max"]
    held = columns()
    held["jitter_max"] = np.ones(20)
    pane.show_view(shown(folder(held)))
    assert list(pane.grid.plots)[3] == "jitter_max"
    assert pane.grid.plots["spike_max"] is before


def test_plots_ask_through_the_pane(pane: FolderPane) -> None:
    pane.show_view(shown(folder()))
    said = heard(pane)
    hands.key(pane.grid.plots["swap_frames"], Qt.Key.Key_Up)
    assert said == [("limit_moved", "swap_frames", 3.0)]


def test_order_by_value_reaches_the_plots(pane: FolderPane) -> None:
    pane.show_view(shown(folder()))
    pane.bar.order.setCurrentIndex(1)
    scenes = [plot.scene for plot in pane.grid.plots.values()]
    assert all(scene is not None and scene.by_value for scene in scenes)


def test_plots_are_as_many_in_a_row_as_fit(pane: FolderPane) -> None:
    pane.show_view(shown(folder()))
    QApplication.processEvents()
    tops = {plot.y() for plot in pane.grid.plots.values()}
    pane.resize(300, 600)
    QApplication.processEvents()
    assert len(tops) == 2
    assert len({plot.y() for plot in pane.grid.plots.values()}) == 4


def test_everything_that_is_used_has_a_name(pane: FolderPane) -> None:
    pane.show_view(shown(brushed([1], limits=limits(speed_spike=5.0))))
    for widget in [*pane.findChildren(QAbstractButton), *pane.bar.findChildren(QComboBox)]:
        assert widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text())
    for plot in pane.grid.plots.values():
        assert plot.accessibleName()
        assert ("Up and Down" in plot.accessibleDescription()) == bool(plot.figure.lines)


# --- the bar -----------------------------------------------------------------------------------------------------


def test_what_if_counts_verdicts_that_turn() -> None:
    assert what_if(folder()) == HINT
    text = what_if(folder(limits=limits(speed_spike=7.0)))
    assert text == "speed_spike 10 → 7: 3 files pass → warn; 9 → 6 pass"
    assert what_if(folder(limits=limits(speed_spike=10.5))) == "speed_spike 10 → 10.5: no verdict changes"
    text = what_if(folder(limits=limits(low_visibility_fail_pct=70.0, speed_spike=11.0), stale=2))
    assert text == (
        "low_visibility_fail_pct 50 → 70, speed_spike 10 → 11: 1 file warn → pass, 1 file fail → warn; "
        "9 → 10 pass. 2 files are audited again"
    )


def test_many_moved_limits_are_counted() -> None:
    text = what_if(folder(limits=limits(speed_spike=11.0, jitter=1.0, camera_cut=2.0, bone_jump=3.0)))
    assert text.startswith("4 limits moved: 1 file warn → pass")


def test_buttons_wait_for_a_moved_limit_and_list_what_it_turns(pane: FolderPane) -> None:
    bar, said = pane.bar, heard(pane)
    buttons = (bar.list_button, bar.reset_button, bar.save_button)
    pane.show_view(shown(folder()))
    assert not any(button.isEnabled() for button in buttons)
    pane.show_view(shown(folder(limits=limits(speed_spike=8.0))))
    for button in buttons:
        hands.click(button)
    assert [name for name, *_ in said] == ["rows_brushed", "limits_reset", "profile_save_requested"]
    assert said[0][1].tolist() == [8, 9]
    assert bar.answer.words.startswith("speed_spike 10 → 8")
    assert bar.answer.accessibleDescription() == bar.answer.words


def test_a_brush_is_told_and_taken_away(pane: FolderPane) -> None:
    pane.show_view(shown(folder()))
    assert not pane.bar.brush_button.isVisible()
    pane.show_view(shown(brushed([2, 3, 4])))
    said = heard(pane)
    assert pane.bar.brush_button.text() == "3 files brushed"
    hands.click(pane.bar.brush_button)
    assert said == [("rows_brushed", None)]


def test_classes_are_picked_where_they_are_known(pane: FolderPane) -> None:
    box = pane.bar.classes
    pane.show_view(shown(folder()))
    assert not box.isVisible()
    known: dict[str, Any] = {"classes": ("hello", "thanks"), "class_of": np.array([0, 1, 1, -1] * 5, np.int32)}
    pane.show_view(shown(folder(**known)))
    assert [box.itemText(k) for k in range(box.count())] == ["All classes", "hello (5)", "thanks (10)"]
    said = heard(pane)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Home):
        hands.key(box, key)
    assert said == [("class_picked", "hello"), ("class_picked", "thanks"), ("class_picked", None)]
    pane.show_view(shown(folder(**known, picked_class="thanks")))
    assert box.currentData() == "thanks"


# --- nothing to show ---------------------------------------------------------------------------------------------


def test_copies_are_told_and_listed(pane: FolderPane) -> None:
    pane.show_view(shown(folder()))
    assert not pane.bar.copies.isVisible()
    found = Groups(1, 1, np.array([2, 5]))
    pane.show_view(shown(folder(groups=found)))
    assert pane.bar.copies.words == "1 group of copies, 2 files, 1 across splits"
    asked: list[Any] = []
    pane.rows_brushed.connect(asked.append)
    hands.click(pane.bar.copies_button)
    assert [rows.tolist() for rows in asked] == [[2, 5]]
    pane.show_view(shown(folder(groups=Groups(notes=("uneven",)))))
    assert pane.bar.copies.isVisible()
    assert not pane.bar.copies_button.isEnabled()


def test_a_pane_without_plots_says_why(pane: FolderPane) -> None:
    videos = folder({"spike_max": np.full(3, np.nan)}, status=np.full(3, Status.PASS.rank, np.int8))
    broken = folder({"spike_max": np.full(3, np.nan)}, status=np.zeros(3, np.int8))
    for view, heading in (
        (None, "No folder is open"),
        (waiting(5), "Auditing…"),
        (waiting(5, 2), "Auditing…"),
        (videos, "No clips of keypoints here"),
        (broken, "No file could be read"),
    ):
        assert why_empty(view)[0] == heading
        pane.show_view(shown(folder()))
        pane.show_view(shown(view))
        assert pane.notice.isVisible()
        assert pane.notice.words.startswith(heading)
        assert not pane.grid.plots
    assert "2 of 5 files" in why_empty(waiting(5, 2))[1]


def test_plots_grow_while_files_are_audited(pane: FolderPane) -> None:
    pane.show_view(shown(waiting(20)))
    held = columns()
    held["spike_max"][5:] = np.nan
    status = np.where(np.arange(20) < 5, Status.PASS.rank, -1).astype(np.int8)
    pane.show_view(shown(folder(held, status=status)))
    plot = pane.grid.plots["spike_max"]
    plot.grab()
    assert plot.place(4) is not None
    assert plot.place(5) is None


# --- the tab -----------------------------------------------------------------------------------------------------


@pytest.fixture
def tabs(desk: Desk, qtbot: QtBot) -> FileTabs:
    tabs = FileTabs(desk.session, desk.tasks)
    qtbot.addWidget(tabs)
    tabs.resize(800, 600)
    tabs.show()
    desk.session.view_changed.connect(tabs.show_view)
    desk.session.details_wanted.connect(tabs.show_details)
    return tabs


def opened(desk: Desk, qtbot: QtBot, tabs: FileTabs, root: Path) -> FolderPane:
    desk.session.open_paths([root])
    tabs.setCurrentWidget(tabs.dataset)
    qtbot.waitUntil(lambda: desk.idle() and not tabs.waits)
    pane = tabs.dataset.files.pane
    assert pane is not None
    qtbot.waitUntil(lambda: bool(pane.grid.plots) and pane.grid.plots["gap_ratio"].limit("jitter") is not None)
    return pane


def row(desk: Desk, name: str) -> int:
    return desk.session.files.table.names.index(name)


def test_the_tab_shows_the_folder_of_a_clip_and_the_samples_of_a_data_set(
    desk: Desk, qtbot: QtBot, tabs: FileTabs, tmp_path: Path
) -> None:
    support.clean(tmp_path / "a.npz")
    save_dataset(tmp_path / "b.npz", dataset_arrays())
    pane = opened(desk, qtbot, tabs, tmp_path)
    assert pane.isVisible()
    desk.session.next_file(1)
    qtbot.waitUntil(lambda: desk.shows("b.npz")() and not tabs.dataset.shows_files)
    assert tabs.currentWidget() is tabs.dataset
    desk.session.select(None)
    assert tabs.dataset.shows_files


def test_a_file_picked_in_a_plot_stays_in_the_tab_and_one_that_is_opened_leaves_it(
    desk: Desk, qtbot: QtBot, tabs: FileTabs, tmp_path: Path
) -> None:
    pane = opened(desk, qtbot, tabs, support.folder(tmp_path))
    pane.row_requested.emit(row(desk, "b.npz"))
    qtbot.waitUntil(desk.shows("b.npz"))
    assert tabs.currentWidget() is tabs.dataset
    desk.session.reinspect()
    qtbot.waitUntil(desk.idle)
    assert tabs.currentWidget() is tabs.dataset
    pane.row_opened.emit(row(desk, "c.npz"))
    qtbot.waitUntil(desk.shows("c.npz"))
    assert tabs.currentWidget() is tabs.keypoints
    tabs.setCurrentWidget(tabs.dataset)
    pane.row_opened.emit(row(desk, "c.npz"))
    assert tabs.currentWidget() is tabs.keypoints


def test_a_limit_moved_in_a_plot_turns_verdicts_and_comes_back(
    desk: Desk, qtbot: QtBot, tabs: FileTabs, tmp_path: Path
) -> None:
    pane = opened(desk, qtbot, tabs, support.folder(tmp_path))
    before = desk.statuses()
    plot = pane.grid.plots["gap_ratio"]
    hands.key(plot, Qt.Key.Key_Return)
    plot.field.setText("1000")
    hands.key(plot.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.statuses() != before and desk.idle())
    assert pane.bar.answer.words.startswith("timestamp_gap_factor")
    assert "2 files warn → pass" in pane.bar.answer.words
    hands.click(pane.bar.reset_button)
    qtbot.waitUntil(lambda: desk.idle() and desk.statuses() == before)
    assert pane.bar.answer.words == HINT


def test_a_brush_lists_its_files_only(desk: Desk, qtbot: QtBot, tabs: FileTabs, tmp_path: Path) -> None:
    pane = opened(desk, qtbot, tabs, support.folder(tmp_path))
    pane.rows_brushed.emit(np.sort([row(desk, "a.npz"), row(desk, "d.npz")]))
    qtbot.waitUntil(lambda: list(desk.statuses()) == ["a.npz", "d.npz"])
    pane.rows_brushed.emit(None)
    qtbot.waitUntil(lambda: len(desk.statuses()) == 5)


def test_show_all_in_the_list_takes_the_brush_away_too(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    space = Workspace(desk.session, desk.tasks, desk.bus)
    qtbot.addWidget(space)
    for step in space.steps:
        step()
    space.show()
    opened(desk, qtbot, space.tabs, support.folder(tmp_path)).rows_brushed.emit(np.array([0]))
    qtbot.waitUntil(lambda: len(desk.statuses()) == 1)
    hands.click(space.files.reset)
    qtbot.waitUntil(lambda: len(desk.statuses()) == 5)


def test_save_profile_asks_where(desk: Desk, qtbot: QtBot, tabs: FileTabs, tmp_path: Path) -> None:
    support.clean(tmp_path / "a.npz")
    pane = opened(desk, qtbot, tabs, tmp_path)
    pane.profile_save_requested.emit()
    (dialog,) = tabs.findChildren(QFileDialog)
    target = tmp_path / "strict.toml"
    dialog.fileSelected.emit(str(target))
    dialog.close()
    qtbot.waitUntil(target.exists)
