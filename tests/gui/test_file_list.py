from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.checks import Status
from inspector.gui.models.file_list import NAME, PATH_ROLE, STATUS_ROLE, VERDICT, FileListModel
from inspector.gui.models.file_table import PENDING, Filter
from inspector.gui.panes.file_list import FileListPane
from inspector.gui.tasks import Tasks
from tests.gui.support import record


def filled(count: int = 30) -> FileListModel:
    model = FileListModel()
    model.append([f"/d/f{k:03d}.npz" for k in range(count)], "/d")
    return model


def name(model: FileListModel, row: int) -> str:
    return str(model.index(row % model.rowCount(), NAME).data())


def names(model: FileListModel) -> list[str]:
    return [str(model.index(row, NAME).data()) for row in range(model.rowCount())]


def test_model_stands_every_kind_of_change(qapp: QApplication, qtmodeltester: ModelTester) -> None:
    model = FileListModel()
    qtmodeltester.check(model, force_py=True)  # type: ignore[no-untyped-call]  # stays attached: checks every later signal
    rng = random.Random(3)
    pool = [f"/d/{rng.randrange(10**6)}.npz" for _ in range(300)]
    for step in range(60):
        match step % 6:
            case 0:
                model.append(pool[5 * step : 5 * step + 25], "/d")
            case 1:
                some = rng.sample(model.table.paths, 12)
                model.set_records([record(p, rng.choice(list(Status)), *"XY"[: rng.randrange(3)]) for p in some])
            case 2:
                model.set_filter(Filter(text=rng.choice(["", "1", "23", "zz"])))
            case 3:
                model.sort(rng.randrange(model.columnCount()), rng.choice(list(Qt.SortOrder)))
            case 4:
                model.set_filter(Filter(rng.choice([None, frozenset({PENDING}), frozenset({1, 2})])))
            case 5 if step == 41:
                model.set_records([record(model.table.paths[0], transformer=(), iv3=("no",))])
        if step % 9 == 8:
            model.set_brush(rng.sample(range(len(model.table)), len(model.table) // 2) if step % 2 else None)
            model.shorten(len(model.table) - rng.randrange(20))
    assert model.rowCount() == len(model.table.order)
    model.clear()
    assert model.rowCount() == 0


def test_a_long_list_takes_in_new_files_after_a_while(qtbot: QtBot) -> None:
    model = filled(1500)
    assert model.rowCount() == 1500
    model.append(["/d/f000a.npz"], "/d")
    assert model.rowCount() == 1501
    model.set_records([record("/d/f000a.npz", Status.FAIL, "X")])
    assert model.index_of(1500).row() == 1500
    qtbot.waitUntil(lambda: model.index_of(1500).row() == 1)
    assert names(model)[:3] == ["f000.npz", "f000a.npz", "f001.npz"]
    assert model.index_of(1500, VERDICT).data(STATUS_ROLE) == Status.FAIL


def test_rows_taken_off_the_end_leave_nothing_behind(qapp: QApplication) -> None:
    model = filled(8)
    model.set_records([record(path, Status.WARN, "X", transformer=()) for path in model.table.paths[4:]])
    model.set_classes(dict.fromkeys(model.table.paths, "a"))
    model.set_brush([2, 7])
    model.shorten(6)
    assert names(model) == ["f002.npz"]
    model.set_brush([2, 7])
    assert names(model) == ["f002.npz"]
    model.set_brush(None)
    assert model.table.code_counts == {"X": 2}
    model.append(["/d/g.npz"], "/d")
    assert names(model)[-2:] == ["f005.npz", "g.npz"]
    new = model.table.row_of["/d/g.npz"]
    assert (model.table.status[new], model.table.counts[new], model.table.class_of[new]) == (PENDING, 0, -1)
    assert not model.table.has_code("X")[new]


def test_classes_are_picked_in_the_list(qtbot: QtBot) -> None:
    model = filled(5)
    pane = make_pane(qtbot, model)
    assert not pane.classes.isVisible()
    model.set_classes({"/d/f001.npz": "bye", "/d/f002.npz": "hello", "/d/f004.npz": "hello"})
    assert pane.classes.isVisible()
    assert [pane.classes.itemText(k) for k in range(pane.classes.count())] == ["All classes", "bye (1)", "hello (2)"]
    with qtbot.waitSignal(pane.class_picked) as asked:
        pane.classes.setFocus()
        QTest.keyClick(pane.classes, Qt.Key.Key_End)
    assert asked.args == ["hello"]
    model.set_label("hello")
    assert (pane.classes.currentData(), pane.listed.text()) == ("hello", "2 of 5 listed")


def test_held_indexes_follow_their_rows(qapp: QApplication) -> None:
    model = filled()
    held = {model.table.paths[row]: QPersistentModelIndex(model.index_of(row)) for row in (3, 17, 29)}
    model.append(["/d/f001a.npz", "/d/f020a.npz", "/d/zz.npz"], "/d")
    model.sort(NAME, Qt.SortOrder.DescendingOrder)
    assert {index.data(PATH_ROLE) for index in held.values()} == set(held)
    assert all(index.data(PATH_ROLE) == path for path, index in held.items())
    model.set_filter(Filter(text="f017"))
    assert [held[path].isValid() for path in sorted(held)] == [False, True, False]


def test_what_the_cells_say(qapp: QApplication) -> None:
    model = filled(2)
    model.set_records([record("/d/f000.npz", Status.FAIL, "BONE_JUMP", "JITTER", transformer=("no X",), iv3=("no",))])
    row = [model.index(0, column) for column in range(model.columnCount())]
    assert [model.headerData(c, Qt.Orientation.Horizontal) for c in range(5)] == ["", "Name", "transformer", "iv3", "#"]
    assert row[NAME].data() == "f000.npz"
    assert row[VERDICT].data(STATUS_ROLE) == "fail"
    assert model.index(1, VERDICT).data(STATUS_ROLE) is None
    assert row[4].data() == "2"
    spoken = [index.data(Qt.ItemDataRole.AccessibleTextRole) for index in row]
    assert spoken == ["fail", None, "transformer: not ready", "iv3: not needed", "2 findings"]
    tip = str(row[NAME].data(Qt.ItemDataRole.ToolTipRole))
    assert "transformer: no X" in tip
    assert "BONE_JUMP happened" in tip


def make_pane(qtbot: QtBot, model: FileListModel) -> FileListPane:
    pane = FileListPane(model)
    qtbot.addWidget(pane)
    pane.resize(320, 400)
    pane.show()
    return pane


def test_current_row_keeps_its_place_on_screen_while_rows_stream_in(qtbot: QtBot) -> None:
    model = filled(200)
    pane = make_pane(qtbot, model)
    pane.show_path("/d/f100.npz")
    before = pane.view.visualRect(pane.view.currentIndex()).top()
    model.append([f"/d/a{k}.npz" for k in range(500)], "/d")
    assert pane.view.currentIndex().data(PATH_ROLE) == "/d/f100.npz"
    assert pane.view.visualRect(pane.view.currentIndex()).top() == before
    assert pane.selected_paths() == ["/d/f100.npz"]


def test_filtering_the_current_row_away_selects_nothing_else(qtbot: QtBot) -> None:
    model = filled()
    pane = make_pane(qtbot, model)
    asked: list[str] = []
    pane.selected.connect(asked.append)
    pane.show_path("/d/f005.npz")
    asked.clear()
    pane.search.setText("f02")
    qtbot.waitUntil(lambda: model.rowCount() == 10)
    assert asked == []
    assert not pane.view.currentIndex().isValid()
    assert "10 of 30" in pane.listed.text()
    pane.clear_filters()
    assert pane.view.currentIndex().data(PATH_ROLE) == "/d/f005.npz"
    assert asked == []


def test_keys_and_double_click(qtbot: QtBot) -> None:
    model = filled()
    pane = make_pane(qtbot, model)
    selected: list[str] = []
    opened: list[str] = []
    pane.selected.connect(selected.append)
    pane.opened.connect(opened.append)
    pane.show_path("/d/f000.npz")
    QTest.keyClick(pane.view, Qt.Key.Key_Down)
    assert selected[-1] == "/d/f001.npz"
    QTest.keyClick(pane.view, Qt.Key.Key_Return)
    assert opened == ["/d/f001.npz"]
    place = pane.view.visualRect(model.index(4, NAME)).center()
    QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert selected[-1] == "/d/f004.npz"
    assert opened[-1] == "/d/f004.npz"


def test_letters_are_shortcuts_and_select_nothing(qtbot: QtBot) -> None:
    pane = make_pane(qtbot, filled())
    pane.show_path("/d/f001.npz")
    QTest.keyClick(pane.view, Qt.Key.Key_F)
    assert pane.view.currentIndex().data(PATH_ROLE) == "/d/f001.npz"


def test_a_new_column_is_part_of_the_selected_row(qtbot: QtBot) -> None:
    model = filled(3)
    pane = make_pane(qtbot, model)
    pane.show_path("/d/f001.npz")
    model.set_records([record("/d/f000.npz", transformer=())])
    assert len(pane.view.selectedIndexes()) == model.columnCount() == 4


def test_counts_and_codes_are_live_and_filter(qtbot: QtBot) -> None:
    model = filled(4)
    pane = make_pane(qtbot, model)
    model.set_records(
        [
            record("/d/f000.npz"),
            record("/d/f001.npz", Status.WARN, "JITTER"),
            record("/d/f002.npz", Status.WARN, "JITTER", "BONE_JUMP"),
        ]
    )
    assert pane.buttons[Status.PASS.rank].text() == "1"
    assert pane.buttons[Status.WARN.rank].text() == "2"
    assert pane.buttons[PENDING].text() == "1"
    assert sorted(pane.codes.itemData(k) for k in range(pane.codes.count())) == ["", "BONE_JUMP", "JITTER"]
    pane.buttons[Status.WARN.rank].click()
    assert names(model) == ["f001.npz", "f002.npz"]
    pane.codes.setCurrentIndex(pane.codes.findData("BONE_JUMP"))
    assert names(model) == ["f002.npz"]
    pane.reset.click()
    assert len(names(model)) == 4


def test_a_file_leaves_the_filtered_list_once_it_is_judged(qtbot: QtBot) -> None:
    model = filled(3)
    model.set_filter(Filter(frozenset({PENDING})))
    model.set_records([record("/d/f001.npz")])
    qtbot.waitUntil(lambda: names(model) == ["f000.npz", "f002.npz"])


def test_header_click_sorts_worst_first(qtbot: QtBot) -> None:
    model = filled(3)
    pane = make_pane(qtbot, model)
    model.set_records([record("/d/f000.npz"), record("/d/f001.npz", Status.ERROR), record("/d/f002.npz", Status.WARN)])
    header = pane.view.horizontalHeader()
    place = header.viewport().rect().center()
    place.setX(header.sectionPosition(VERDICT) + 4)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert names(model) in (["f001.npz", "f002.npz", "f000.npz"], ["f000.npz", "f002.npz", "f001.npz"])


def test_search_leads_into_the_list(qtbot: QtBot) -> None:
    model = filled()
    pane = make_pane(qtbot, model)
    pane.search.setText("f01")
    QTest.keyClick(pane.search, Qt.Key.Key_Down)
    assert model.rowCount() == 10
    assert pane.view.currentIndex().data(PATH_ROLE) == "/d/f010.npz"
    QTest.keyClick(pane.search, Qt.Key.Key_Escape)
    assert pane.search.text() == ""


def test_headings_give_way_to_names_where_there_is_no_room(qtbot: QtBot) -> None:
    model = FileListModel()
    model.append(["/d/a.npz"])
    model.set_records([record("/d/a.npz", transformer=(), iv3=())])
    pane = FileListPane(model)
    qtbot.addWidget(pane)
    pane.show()
    widths = {}
    for width in (500, 240):
        pane.resize(width, 400)
        columns = [pane.view.columnWidth(column) for column in range(model.columnCount())]
        assert sum(columns) <= pane.view.viewport().width()
        widths[width] = columns
    assert widths[500][2] > widths[500][3] == widths[240][2] == widths[240][3]


def test_a_name_that_is_not_utf8_is_selected_as_it_is(qtbot: QtBot) -> None:
    path = "/d/bad\udcff\udcfe.npz"
    model = FileListModel()
    model.append([path])
    pane = FileListPane(model)
    qtbot.addWidget(pane)
    seen: list[object] = []
    pane.selected.connect(seen.append)
    pane.opened.connect(seen.append)
    pane.view.selectRow(0)
    QTest.keyClick(pane.view, Qt.Key.Key_Return)
    assert seen == [path, path]
    assert pane.selected_paths() == [path]


def ordered(qtbot: QtBot, tasks: Tasks, count: int = 30_000) -> FileListModel:
    """A list that is long enough to be put into order on another thread."""
    model = FileListModel(tasks=tasks)
    for start in range(0, count, 5000):
        some = range(start, min(start + 5000, count))
        model.append([f"/d/f{(k * 7919) % count:06d}.npz" for k in some], "/d")
    qtbot.waitUntil(
        lambda: not tasks.busy and [name(model, row) for row in (0, -1)] == ["f000000.npz", f"f{count - 1:06d}.npz"]
    )
    return model


def test_a_long_list_is_ordered_on_another_thread_and_the_newest_request_wins(qtbot: QtBot, tasks: Tasks) -> None:
    model = ordered(qtbot, tasks)
    before = model.index(0, NAME).data()
    model.sort(NAME, Qt.SortOrder.DescendingOrder)
    model.set_filter(Filter(text="29"))
    model.sort(NAME)
    assert model.index(0, NAME).data() == before
    with qtbot.waitSignal(model.moved):
        pass
    assert names(model) == sorted(f"f{k:06d}.npz" for k in range(30_000) if "29" in str(k).zfill(6))
    qtbot.waitUntil(lambda: not tasks.busy)
    assert names(model)[0] == "f000029.npz"


def test_what_comes_while_a_long_list_is_ordered_is_listed_last_and_then_in_its_place(
    qtbot: QtBot, tasks: Tasks, qtmodeltester: ModelTester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.gui.models.file_list._SLOW", 1100)
    model = ordered(qtbot, tasks, 1200)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.sort(NAME, Qt.SortOrder.DescendingOrder)
    model.append(["/d/g.npz", "/d/a.npz"], "/d")
    assert names(model)[-2:] == ["g.npz", "a.npz"]
    qtbot.waitUntil(lambda: names(model)[:1] == ["g.npz"])
    assert names(model)[-2:] == ["f000000.npz", "a.npz"]
    model.set_filter(Filter(text="f00"))
    model.append(["/d/f00x.npz"], "/d")
    assert model.rowCount() == 1202
    qtbot.waitUntil(lambda: names(model)[:1] == ["f00x.npz"])
    model.clear()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert model.rowCount() == 0


def test_an_order_of_files_that_are_gone_is_not_taken(qtbot: QtBot, tasks: Tasks) -> None:
    model = ordered(qtbot, tasks, 25_000)
    model.sort(NAME, Qt.SortOrder.DescendingOrder)
    model.shorten(10)
    assert model.rowCount() == 10
    qtbot.waitUntil(lambda: not tasks.busy)
    assert model.rowCount() == 10
    assert names(model) == sorted(names(model), reverse=True)


def test_selection_and_place_stay_over_orders_and_filters(qtbot: QtBot, tasks: Tasks) -> None:
    model = ordered(qtbot, tasks)
    pane = make_pane(qtbot, model)
    pane.show()
    pane.show_path("/d/f012345.npz")
    top = pane.view.visualRect(pane.view.currentIndex()).top()
    changes: tuple[Callable[[], None], ...] = (
        partial(model.sort, NAME, Qt.SortOrder.DescendingOrder),
        partial(model.set_filter, Filter(text="5")),
        partial(model.set_filter, Filter()),
        partial(model.append, ["/d/z.npz"], "/d"),
    )
    for change in changes:
        with qtbot.waitSignal(model.moved):
            change()
        assert pane.view.currentIndex().data() == "f012345.npz"
        assert pane.selected_paths() == ["/d/f012345.npz"]
        assert abs(pane.view.visualRect(pane.view.currentIndex()).top() - top) <= 1


def test_thousands_of_selected_rows_stay_selected(qtbot: QtBot, tasks: Tasks) -> None:
    model = ordered(qtbot, tasks)
    pane = make_pane(qtbot, model)
    pane.show_path("/d/f000100.npz")
    selection = QItemSelection(model.index(100, 0), model.index(20_099, model.findings_column))
    pane.view.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select)
    with qtbot.waitSignal(model.moved):
        model.sort(NAME, Qt.SortOrder.DescendingOrder)
    assert sorted(pane.selected_paths()) == [f"/d/f{k:06d}.npz" for k in range(100, 20_100)]
    with qtbot.waitSignal(model.moved):
        model.set_filter(Filter(text="f0001"))
    assert sorted(pane.selected_paths()) == [f"/d/f{k:06d}.npz" for k in range(100, 200)]


def test_files_are_sorted_by_size_and_figures_from_the_headers_menu(qtbot: QtBot) -> None:
    model = filled(4)
    pane = make_pane(qtbot, model)
    for k, (size, spike) in enumerate([(5, 1.0), (9, None), (7, 3.0)]):
        found = record(f"/d/f{k:03d}.npz")
        model.set_records([replace(found, size_bytes=size, measurements={"spike_max": spike})])
    menu = pane.view.sort_menu

    def pick(place: int) -> str:
        menu.aboutToShow.emit()
        menu.actions()[place].trigger()
        menu.aboutToShow.emit()
        assert [action.isChecked() for action in menu.actions()].index(True) == place
        return " ".join(name[3] for name in names(model))

    assert pick(0) == "1 2 0 3"
    assert pick(0) == "0 2 1 3"
    assert pick(1) == "2 0 1 3"
    assert pane.view.horizontalHeader().sortIndicatorSection() == -1
    model.sort(NAME)
    assert names(model)[0] == "f000.npz"
