"""The Arrays pane: figures and pictures, the current frame, what is copied and saved."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from inspector.audit import inspect_file
from inspector.audit.array_picture import Line
from inspector.gui.messages import MessageBus
from inspector.gui.panes import arrays as arrays_module
from inspector.gui.panes.arrays import ArraysPane
from inspector.gui.panes.arrays_side import PICTURE, STATISTICS
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState
from tests.gui.array_support import Later, cell, choose, clip, figure, file_of, inspect_all, make, show
from tests.support.clips import clip_arrays, save_clip


@pytest.fixture
def pane(qtbot: QtBot, tasks: Tasks) -> ArraysPane:
    return make(qtbot, tasks)


# --- figures and pictures -------------------------------------------------------------------------------------


def test_large_arrays_are_gone_through_only_when_asked(
    pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrays_module, "AUTOMATIC", 100)
    show(pane, qtbot, tasks, file_of(tmp_path, a=np.arange(100).reshape(10, 10)))
    assert "800 B would be read" in pane.side.words[STATISTICS].text()
    assert not pane.side.table.isVisible()
    pane.side.buttons[STATISTICS].click()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert pane.side.table.isVisible()
    assert cell(pane, 9, 9) == "99"


def test_figures_can_be_stopped_and_asked_for_again(qtbot: QtBot, tmp_path: Path) -> None:
    tasks = Later(MessageBus())
    pane = make(qtbot, tasks)
    inspection = file_of(tmp_path, a=np.arange(100).reshape(10, 10))
    pane.show()
    pane.show_view(ViewState(inspection.path, inspection=inspection))
    pane.work.stop_button.click()
    tasks.answer("statistics")
    assert pane.side.words[STATISTICS].text() == "Stopped."
    assert pane.side.buttons[STATISTICS].isVisible()
    pane.side.buttons[STATISTICS].click()
    tasks.answer("statistics")
    assert pane.side.table.isVisible()


def test_figures_are_kept_while_the_file_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    tasks = Later(MessageBus())
    pane = make(qtbot, tasks)
    inspection = file_of(tmp_path, a=np.zeros(3), b=np.ones(3))
    pane.show()
    pane.show_view(ViewState(inspection.path, inspection=inspection))
    tasks.answer("statistics")
    choose(pane, "b")
    choose(pane, "a")
    assert "arrays.statistics" not in dict(tasks.waiting)
    assert figure(pane, 0) == "3"


def test_a_line_shows_how_long_work_is_under_way(qtbot: QtBot, tmp_path: Path) -> None:
    tasks = Later(MessageBus())
    pane = make(qtbot, tasks)
    inspection = file_of(tmp_path, a=np.zeros(3))
    pane.show()
    pane.show_view(ViewState(inspection.path, inspection=inspection))
    qtbot.waitUntil(pane.work.isVisible)
    for channel in ("page", "statistics"):
        tasks.answer(channel)
    assert not pane.work.isVisible()


@pytest.mark.parametrize("array", [np.array(["a", "b"]), np.zeros(2, dtype="i4,f4"), np.zeros(2, "M8[s]")])
def test_only_numbers_have_a_picture(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path, array: Any) -> None:
    pane.side.setCurrentIndex(PICTURE)
    show(pane, qtbot, tasks, file_of(tmp_path, a=array))
    assert pane.side.words[PICTURE].text() == "Only numbers have a picture."


def test_a_line_for_one_axis_and_colours_follow_the_palette(
    pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    pane.side.setCurrentIndex(PICTURE)
    show(pane, qtbot, tasks, clip(tmp_path), "timestamps_ms")
    plot = pane.side.plot
    assert plot is not None
    assert isinstance(plot._picture, Line)
    assert plot.getAxis("bottom").labelText == "frame"
    light = plot.backgroundBrush().color()
    dark = QPalette(QColor("#202020"), QColor("#202020"))
    dark.setColor(QPalette.ColorRole.Window, QColor("#101010"))
    dark.setColor(QPalette.ColorRole.WindowText, QColor("#f0f0f0"))
    pane.setPalette(dark)
    assert plot.backgroundBrush().color() != light


def test_counts_can_be_logarithmic(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    show(pane, qtbot, tasks, file_of(tmp_path, a=np.array([0] * 1000 + [1])))
    histogram = pane.side._histogram
    assert histogram is not None
    assert histogram._bars.opts["y1"].tolist() == [1000, 1]
    pane.side.log.click()
    np.testing.assert_allclose(histogram._bars.opts["y1"], [3, 0])


def test_the_picture_tells_what_lies_under_the_cursor(
    pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    pane.side.setCurrentIndex(PICTURE)
    show(pane, qtbot, tasks, file_of(tmp_path, a=np.arange(24.0).reshape(2, 3, 4)))
    plot = pane.side.plot
    assert plot is not None
    plot._moved(plot.box.mapViewToScene(QPointF(2.5, 1.5)))
    assert pane.side.hover.text() == "row 1, column 2: 6"
    plot._moved(QPointF(-5, -5))
    assert pane.side.hover.text() == ""


def test_pyqtgraph_is_not_imported_by_the_pane_itself() -> None:
    import subprocess

    code = "import sys; import inspector.gui.panes.arrays; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- the current frame ----------------------------------------------------------------------------------------


def tinted(pane: ArraysPane) -> list[int]:
    role = Qt.ItemDataRole.BackgroundRole
    return [row for row in range(pane.values.model.rowCount()) if cell(pane, row, 0, role) is not None]


def test_the_row_of_the_frame_is_marked_in_table_and_picture(
    pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    inspection = clip(tmp_path)
    pane.side.setCurrentIndex(PICTURE)
    show(pane, qtbot, tasks, inspection, "X", frame=7)
    assert tinted(pane) == [7]
    pane.show_view(ViewState(inspection.path, inspection=inspection, frame=8))
    assert tinted(pane) == [8]
    plot = pane.side.plot
    assert plot is not None
    assert plot._cursor.isVisible()
    assert plot._cursor.value() == 8.5
    assert plot.getAxis("bottom").labelText == "frame"


def test_arrays_of_another_length_have_no_frame(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    inspection = clip(tmp_path, extra=np.zeros((41, 2)))
    members = inspect_all(inspection)
    pane.side.setCurrentIndex(PICTURE)
    show(pane, qtbot, tasks, members, "extra", frame=7)
    assert tinted(pane) == []
    assert not pane.follow.isVisible()
    asked: list[int] = []
    pane.seek_requested.connect(asked.append)
    click(pane, qtbot, 3)
    assert asked == []


def click(pane: ArraysPane, qtbot: QtBot, row: int) -> None:
    rect: QRect = pane.values.table.visualRect(pane.values.model.index(row, 0))
    QTest.mouseClick(pane.values.table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())


def test_a_click_on_a_row_seeks(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    show(pane, qtbot, tasks, clip(tmp_path), "mask")
    with qtbot.waitSignal(pane.seek_requested) as asked:
        click(pane, qtbot, 5)
    assert asked.args == [5]


def test_following_scrolls_to_the_row(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    arrays = clip_arrays(1500)
    inspection = inspect_file(str(save_clip(tmp_path / "long.npz", arrays)))
    show(pane, qtbot, tasks, inspection, "X", frame=3)
    pane.follow.click()
    pane.show_view(ViewState(inspection.path, inspection=inspection, frame=1400))
    qtbot.waitUntil(lambda: not tasks.busy)
    local = pane.values.model.local_row(1400)
    assert local is not None
    assert pane.values.table.visualRect(pane.values.model.index(local, 0)).isValid()
    assert tinted(pane) == [local]


def test_following_moves_the_first_axis_of_deeper_arrays(
    pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    points = np.random.default_rng(0).random((40, 78, 2)).astype(np.float32)
    inspection = inspect_all(clip(tmp_path, points=points))
    show(pane, qtbot, tasks, inspection, "points", frame=0)
    pane.follow.click()
    pane.show_view(ViewState(inspection.path, inspection=inspection, frame=9))
    qtbot.waitUntil(lambda: not tasks.busy)
    assert cell(pane, 77, 1) == f"{points[9, 77, 1]:.7f}"


# --- taking values out ----------------------------------------------------------------------------------------


def test_the_page_and_a_selection_are_copied(pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    show(pane, qtbot, tasks, file_of(tmp_path, a=np.array([[0.1, 2], [3, 4]], np.float32)))
    pane.copy_button.click()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert QGuiApplication.clipboard().text() == "0.1\t2.0\n3.0\t4.0\n"
    pane.values.table.selectColumn(1)
    pane.values.table.setFocus()
    pane.values.copy_selection()
    assert QGuiApplication.clipboard().text() == "2.0\n4.0\n"


@pytest.mark.parametrize(
    ("typed", "kind", "written"),
    [("out.npy", "", "out.npy"), ("out", "Comma-separated values (*.csv)", "out.csv"), ("out.x", "", "out.x.npy")],
)
def test_an_array_is_saved(
    pane: ArraysPane,
    qtbot: QtBot,
    tasks: Tasks,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    kind: str,
    written: str,
) -> None:
    proposed: list[str] = []

    def ask(_parent: object, _title: str, start: str, _kinds: str) -> tuple[str, str]:
        proposed.append(Path(start).name)
        return str(tmp_path / typed), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    show(pane, qtbot, tasks, file_of(tmp_path, **{"a/b": np.arange(3)}))
    pane.save_button.click()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert proposed == ["a_b.npy"]
    assert (tmp_path / written).is_file()
    assert pane.status.text() == f"Saved {tmp_path / written}"


def test_what_could_not_be_saved_is_said(
    pane: ArraysPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "a.npy"), ""))
    show(pane, qtbot, tasks, file_of(tmp_path, a=np.arange(3)))
    pane.save_button.click()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert "could not be written" in pane.status.text()
