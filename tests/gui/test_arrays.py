"""The Arrays pane: models, and values that are read in the background, by pages."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.archive import open_npz
from inspector.audit import inspect_file
from inspector.audit.array_picture import HeatMap
from inspector.audit.arrays import Cut, Page, read_page
from inspector.gui.messages import MessageBus
from inspector.gui.models.array_slice import PageModel
from inspector.gui.models.members import COLUMNS, MembersModel
from inspector.gui.panes import arrays_reading
from inspector.gui.panes.arrays import ArraysPane
from inspector.gui.panes.arrays_bar import SliceBar
from inspector.gui.panes.arrays_side import PICTURE, STATISTICS
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState
from tests.gui.array_support import Later, cell, choose, clip, figure, file_of, make, show
from tests.support.clips import clip_arrays


@pytest.fixture
def pane(qtbot: QtBot, tasks: Tasks) -> ArraysPane:
    return make(qtbot, tasks)


# --- models ---------------------------------------------------------------------------------------------------


def page(folder: Path, array: Any, cut: Cut) -> Page:
    np.savez(folder / "page.npz", a=array)
    with open_npz(folder / "page.npz") as npz:
        found = read_page(npz, "a", cut)
    assert found is not None
    return found


def test_models_keep_qts_rules(qapp: QApplication, qtmodeltester: ModelTester, tmp_path: Path) -> None:
    members = MembersModel()
    members.set_members(clip(tmp_path).members)
    qtmodeltester.check(members, force_py=True)  # type: ignore[no-untyped-call]  # pytest-qt has no types here
    members.set_members(())
    values = PageModel()
    values.set_page(page(tmp_path, np.arange(12.0).reshape(4, 3), Cut(rows=4, columns=3)))
    qtmodeltester.check(values, force_py=True)  # type: ignore[no-untyped-call]  # pytest-qt has no types here
    values.mark(2)
    values.set_page(page(tmp_path, np.zeros(3, dtype="i4,f4"), Cut(rows=3, columns=2)))
    values.set_page(None)


def test_members_say_what_they_are(tmp_path: Path) -> None:
    inspection = file_of(
        tmp_path,
        a=np.asfortranarray(np.zeros((4, 2))),
        o=np.array({"x": 1}, dtype=object),
        e=np.empty((0, 3)),
        s=np.zeros(1, ">i2"),
    )
    model = MembersModel()
    model.set_members(inspection.members)
    rows = [[model.index(row, column).data() for column in range(len(COLUMNS))] for row in range(4)]
    assert [r[6] for r in rows] == ["Fortran order", "pickled Python objects", "empty", ""]
    assert rows[0][:3] == ["a", "(4, 2)", "float64"]
    assert rows[0][5] == "as is"
    assert rows[3][2] == "int16 (>i2)"
    assert model.index(1, 6).data(Qt.ItemDataRole.DecorationRole) is not None


def test_cells_are_numbered_as_in_the_array_and_exact_in_the_tooltip(tmp_path: Path) -> None:
    model = PageModel()
    array = np.linspace(0, 1, 2 * 50 * 6, dtype=np.float32).reshape(2, 50, 6)
    array[1, 41, 4] = np.nan
    model.set_page(page(tmp_path, array, Cut((1,), 40, 5, 3, 3)))
    assert model.headerData(1, Qt.Orientation.Vertical) == "41"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "4"
    assert model.index(1, 1).data() == "NaN"
    assert isinstance(model.index(1, 1).data(Qt.ItemDataRole.ForegroundRole), QColor)
    assert model.index(0, 0).data(Qt.ItemDataRole.ForegroundRole) is None
    exact = model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert f"a[1, 40, 3]\n{array[1, 40, 3]:.9g}" in exact


def test_words_in_cells_are_no_markup(tmp_path: Path) -> None:
    model = PageModel()
    model.set_page(page(tmp_path, np.array(["<b>x</b>\n"]), Cut(rows=1)))
    assert model.index(0, 0).data() == r"<b>x</b>\n"
    assert "&lt;b&gt;" in model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert model.headerData(0, Qt.Orientation.Horizontal) == "value"


# --- reading --------------------------------------------------------------------------------------------------


def test_it_reads_nothing_while_hidden(qtbot: QtBot, tmp_path: Path) -> None:
    tasks = Later(MessageBus())
    pane = make(qtbot, tasks)
    inspection = clip(tmp_path)
    pane.show_view(ViewState(inspection.path, inspection=inspection))
    assert tasks.waiting == []
    pane.show()
    assert [channel for channel, _ in tasks.waiting] == ["arrays.page", "arrays.statistics"]


def test_a_page_that_was_dropped_by_hiding_is_read_when_shown_again(qtbot: QtBot, tmp_path: Path) -> None:
    tasks = Later(MessageBus())
    pane = make(qtbot, tasks)
    inspection = clip(tmp_path)
    pane.show()
    pane.show_view(ViewState(inspection.path, inspection=inspection))
    pane.hide()
    assert "arrays.page" not in dict(tasks.waiting)
    pane.show()
    tasks.answer("page")
    assert cell(pane, 0, 0)


def test_values_and_figures_come_from_another_thread(
    pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[threading.Thread] = set()

    def watched(*args: Any) -> Any:
        threads.add(threading.current_thread())
        return read_page(*args)

    monkeypatch.setattr(arrays_reading, "read_page", watched)
    inspection = clip(tmp_path)
    show(pane, qtbot, tasks, inspection, "X")
    X = clip_arrays()["X"]
    assert cell(pane, 39, 155) == f"{X[39, 155]:.7f}"
    assert threading.main_thread() not in threads
    assert threads
    assert figure(pane, 0) == "6,240"


def test_an_answer_for_another_array_is_not_shown(qtbot: QtBot, tmp_path: Path) -> None:
    tasks = Later(MessageBus())
    pane = make(qtbot, tasks)
    inspection = file_of(tmp_path, a=np.zeros((2, 2)), b=np.ones((3, 3)))
    pane.show()
    pane.show_view(ViewState(inspection.path, inspection=inspection))
    stale = list(tasks.waiting)
    choose(pane, "b")
    assert {channel for channel, _ in stale} <= set(tasks.dropped)
    tasks.answer("page")
    assert cell(pane, 2, 2) == "1.0"


def test_the_same_array_is_chosen_in_the_next_file(
    pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    (tmp_path / "one").mkdir()
    show(pane, qtbot, tasks, clip(tmp_path / "one"), "mask")
    show(pane, qtbot, tasks, clip(tmp_path))
    page = pane.values.model.page
    assert page is not None
    assert page.name == "mask"


def test_any_cut_of_many_axes(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    array = np.arange(2 * 3 * 4 * 5 * 6).reshape(2, 3, 4, 5, 6)
    show(pane, qtbot, tasks, file_of(tmp_path, videos=array))
    for spin, index in zip(pane.values.bar.spins, (1, 2, 3), strict=True):
        spin.setValue(index)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert cell(pane, 4, 5) == str(array[1, 2, 3, 4, 5])
    pane.side.setCurrentIndex(PICTURE)
    qtbot.waitUntil(lambda: not tasks.busy and not pane.side.waits)
    drawn = pane.side.plot
    assert drawn is not None
    assert isinstance(drawn._picture, HeatMap)
    np.testing.assert_array_equal(drawn._picture.values, array[1, 2, 3])
    pane.values.bar.spins[0].setValue(0)
    qtbot.waitUntil(lambda: not tasks.busy)
    np.testing.assert_array_equal(drawn._picture.values, array[0, 2, 3])
    assert "videos[0, 2, 3]" in pane.side.words[PICTURE].text()


def test_long_arrays_come_by_pages(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    show(pane, qtbot, tasks, file_of(tmp_path, a=np.arange(2500)))
    rows = pane.values.bar.rows
    assert rows.isVisible()
    assert pane.values.model.rowCount() == 1000
    rows.next.click()
    rows.next.click()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert (pane.values.model.rowCount(), cell(pane, 499, 0)) == (500, "2499")
    assert not rows.next.isEnabled()
    rows.first.setValue(1234)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert cell(pane, 0, 0) == "1234"
    rows.previous.click()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert cell(pane, 0, 0) == "234"


def test_axes_beyond_six_take_another_line(qtbot: QtBot) -> None:
    bar = SliceBar()
    qtbot.addWidget(bar)
    bar.show_array("deep", (2,) * 20, (2, 2), 8)
    assert len(bar.spins) == 18
    bar.show()
    places = [spin.mapTo(bar, spin.rect().topLeft()) for spin in bar.spins]
    assert len({p.y() for p in places}) == 3
    bar.show_array("flat", (4, 4), (4, 4), 8)
    assert bar.lead == ()
    assert not bar.isVisible()


@pytest.mark.parametrize("array", [np.empty((0, 3)), np.empty((3, 0)), np.empty(0), np.empty((0, 2, 2))])
def test_empty_arrays_are_shown_empty(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path, array: Any) -> None:
    show(pane, qtbot, tasks, file_of(tmp_path, a=array))
    pane.side.setCurrentIndex(PICTURE)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert pane.values.model.rowCount() * pane.values.model.columnCount() == 0


def test_single_values_and_pickles_are_text(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    inspection = file_of(tmp_path, meta='{"fps": 30}', o=np.array({"x": print}, dtype=object), n=np.float32(0.1))
    show(pane, qtbot, tasks, inspection, "meta")
    assert pane.values.text.toPlainText() == '{\n  "fps": 30\n}'
    show(pane, qtbot, tasks, inspection, "n")
    assert pane.values.text.toPlainText() == "0.100000001"
    assert pane.save_button.isVisible()
    show(pane, qtbot, tasks, inspection, "o")
    assert "builtins.print" in pane.values.note.text()
    assert not pane.save_button.isVisible()
    assert not pane.side.isVisible()


def test_a_member_that_cannot_be_read_says_why(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    inspection = file_of(tmp_path, a=np.zeros(3))
    broken = replace(inspection.members[0], error="declares 3 rows", shape=None, dtype=None)
    show(pane, qtbot, tasks, replace(inspection, members=(broken,)))
    assert pane.values.notice.words == "Cannot be shown\ndeclares 3 rows"


def test_a_file_that_changed_is_said_to_have(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    inspection = file_of(tmp_path, a=np.zeros(3))
    np.savez(inspection.path, a=np.ones(4))
    show(pane, qtbot, tasks, replace(inspection, record=replace(inspection.record, mtime_ns=5)))
    assert "audit it again" in pane.values.notice.words
    assert "audit it again" in pane.side.words[STATISTICS].text()


@pytest.mark.parametrize(
    ("state", "words"),
    [(ViewState(), "Select a file"), (ViewState("x", loading=True), "Reading…")],
)
def test_what_it_says_without_a_file(pane: ArraysPane, state: ViewState, words: str) -> None:
    pane.show()
    pane.show_view(state)
    assert pane.values.notice.words == words
    assert not pane.save_button.isVisible()


def test_real_files_of_many_kinds(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, shared_data: Path) -> None:
    pane.side.setCurrentIndex(PICTURE)
    for path in sorted((shared_data / "npz").glob("*.npz")):
        inspection = inspect_file(str(path))
        for member in inspection.members[:12]:
            show(pane, qtbot, tasks, inspection, member.name)
            if member.error is None and member.shape is not None:
                assert pane.values.notice.words in ("", "Reading…"), member
