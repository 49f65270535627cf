"""One plot of a folder under mouse and keyboard, and what of it is drawn anew when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.gui import theme
from inspector.gui.folder_view import FolderView
from inspector.gui.panes import folder_picture, folder_plot
from inspector.gui.panes.folder_dots import Dots
from inspector.gui.panes.folder_hands import LivePlot
from inspector.gui.panes.folder_scene import Stage
from inspector.gui.turns import Turns
from inspector.profiles.model import Limits
from tests.gui.folder_support import ORIGINAL, brushed, columns, folder
from tests.support import hands

Make = Callable[..., LivePlot]


class Heard:
    """All that a plot asked for."""

    def __init__(self, plot: LivePlot) -> None:
        self.said: list[tuple[Any, ...]] = []
        plot.limit_moved.connect(lambda name, value: self.said.append((name, value)))
        plot.limit_released.connect(lambda: self.said.append(("released",)))
        plot.rows_brushed.connect(lambda rows: self.said.append(("brushed", None if rows is None else rows.tolist())))
        plot.row_requested.connect(lambda row: self.said.append(("row", row)))
        plot.row_opened.connect(lambda row: self.said.append(("opened", row)))


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    around = QWidget()
    qtbot.addWidget(around)
    around.resize(320, 200)

    def plot(name: str = "spike_max", view: FolderView | None = None, *, by_value: bool = False) -> LivePlot:
        made = LivePlot(name, Turns((), around), around)
        made.resize(300, 180)
        around.show()
        made.show()
        show(made, view or folder(), by_value=by_value)
        return made

    return plot


def show(plot: LivePlot, view: FolderView, stage: Stage | None = None, *, by_value: bool = False) -> None:
    plot.show_scene((stage or Stage()).scene(view, by_value))
    plot.grab()


def line_at(plot: LivePlot, line: int = 0) -> QPoint:
    """The middle of a limit's handle."""
    y = plot.line_y(line)
    assert y is not None
    return QPoint(15, round(y))


def dot(plot: LivePlot, row: int) -> QPoint:
    place = plot.place(row)
    assert place is not None
    return place.toPoint()


def empty(plot: LivePlot) -> QPoint:
    """A place without dots and limits: above the first dots, which are low."""
    return (plot.room.inside.topLeft() + QPointF(10, 6)).toPoint()


# --- limits ------------------------------------------------------------------------------------------------------


def test_dragging_a_limit_moves_it_live_and_lets_it_go(make: Make) -> None:
    plot = make()
    heard = Heard(plot)
    at = line_at(plot)
    hands.press(plot, at)
    assert plot.cursor().shape() == Qt.CursorShape.SizeVerCursor
    for step in (10, 20):
        hands.move(plot, at + QPoint(60, step))
    moved = [value for _, value in heard.said]
    assert [name for name, _ in heard.said] == ["speed_spike"] * 2
    assert 10 > moved[0] > moved[1] > 0
    assert plot.limit("speed_spike") == moved[1]  # though the folder's view does not have it yet
    hands.release(plot, at + QPoint(60, 20))
    assert heard.said[2:] == [("released",)]
    assert plot.limit("speed_spike") == moved[1]
    show(plot, folder(limits=replace_limit("speed_spike", 8.0)))
    assert plot.limit("speed_spike") == 8.0


def replace_limit(name: str, value: float) -> Limits:
    return msgspec.structs.replace(ORIGINAL, **{name: value})


def test_a_limit_under_the_hand_keeps_its_axis_and_gets_room_afterwards(make: Make) -> None:
    plot = make()
    at, axis = line_at(plot), plot.axis
    hands.press(plot, at)
    hands.move(plot, QPoint(at.x(), 1))
    top = plot.limit("speed_spike")
    assert top == pytest.approx(axis.high, rel=0.01)
    show(plot, folder(limits=replace_limit("speed_spike", axis.high), dragging=True))
    assert plot.axis == axis
    hands.release(plot, QPoint(at.x(), 1))
    show(plot, folder(limits=replace_limit("speed_spike", axis.high)))
    assert plot.axis.high > axis.high


def test_escape_while_dragging_puts_the_limit_back(make: Make) -> None:
    plot = make()
    heard = Heard(plot)
    hands.press(plot, line_at(plot))
    hands.move(plot, line_at(plot) + QPoint(0, 30))
    hands.key(plot, Qt.Key.Key_Escape)
    assert heard.said[-2:] == [("speed_spike", 10.0), ("released",)]


def test_up_and_down_step_the_limit_and_let_it_go_with_the_key(make: Make) -> None:
    plot = make()
    heard = Heard(plot)
    plot.setFocus()
    hands.key(plot, Qt.Key.Key_Up)
    (name, first), released = heard.said
    assert (name, released) == ("speed_spike", ("released",))
    assert 10 < first < 10.5
    hands.key(plot, Qt.Key.Key_PageDown)
    assert heard.said[2][1] < 9.5
    assert "Warns above" in plot.accessibleDescription()


def test_a_count_steps_by_one_and_never_below_what_it_may_be(make: Make) -> None:
    plot = make("swap_frames")
    heard = Heard(plot)
    for _ in range(3):
        hands.key(plot, Qt.Key.Key_Down)
    assert [said for said in heard.said if said != ("released",)] == [("swap_frames", 1.0)]


def test_digits_open_the_field_and_enter_sets_the_limit(make: Make) -> None:
    plot = make()
    heard = Heard(plot)
    plot.setFocus()
    hands.key(plot, Qt.Key.Key_1)
    assert plot.field.isVisible()
    assert plot.field.text() == "1"
    assert plot.field.accessibleName()
    plot.field.setText("2,5")
    hands.key(plot.field, Qt.Key.Key_Return)
    assert heard.said == [("speed_spike", 2.5), ("released",)]
    assert not plot.field.isVisible()


@pytest.mark.parametrize("text", ["", "fast", "nan", "inf"])
def test_what_is_no_number_is_not_taken(make: Make, text: str) -> None:
    plot = make()
    heard = Heard(plot)
    hands.key(plot, Qt.Key.Key_Return)
    assert plot.field.text() == "10"
    plot.field.setText(text)
    hands.key(plot.field, Qt.Key.Key_Return)
    assert plot.field.isVisible()
    hands.key(plot.field, Qt.Key.Key_Escape)
    assert not plot.field.isVisible()
    assert heard.said == []


def test_numbers_beyond_what_a_limit_takes_become_its_end(make: Make) -> None:
    plot = make("low_visibility_pct")
    heard = Heard(plot)
    hands.double_click(plot, line_at(plot, 1))
    plot.field.setText("150")
    hands.key(plot.field, Qt.Key.Key_Return)
    assert heard.said[0] == ("low_visibility_fail_pct", 100.0)


def test_shift_picks_the_other_limit_of_a_plot(make: Make, qtbot: QtBot) -> None:
    plot = make("low_visibility_pct")
    plot.window().activateWindow()
    plot.setFocus()
    qtbot.waitUntil(plot.hasFocus)
    assert [plot.is_active(k) for k in (0, 1)] == [True, False]
    QTest.keyClick(plot, Qt.Key.Key_Up, hands.SHIFT)
    assert [plot.is_active(k) for k in (0, 1)] == [False, True]


def test_a_figure_without_limit_has_no_line_and_takes_no_keys(make: Make) -> None:
    plot = make("duration_ms")
    heard = Heard(plot)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_5, Qt.Key.Key_Return):
        hands.key(plot, key)
    assert heard.said == []
    assert not plot.field.isVisible()


def test_nothing_can_be_moved_before_anything_was_judged(make: Make) -> None:
    plot = make(view=folder(profile=None, original=None))
    heard = Heard(plot)
    hands.key(plot, Qt.Key.Key_Up)
    hands.drag(plot, QPoint(15, 60), QPoint(15, 90))
    assert ("released",) not in heard.said
    assert plot.limit("speed_spike") is None


# --- files -------------------------------------------------------------------------------------------------------


def test_a_click_on_a_dot_asks_for_its_file_and_a_second_opens_it(make: Make) -> None:
    plot = make()
    heard = Heard(plot)
    hands.click(plot, dot(plot, 15))
    hands.double_click(plot, dot(plot, 15))
    assert ("row", 15) in heard.said
    assert heard.said[-1] == ("opened", 15)


def test_a_brush_picks_the_files_under_it(make: Make) -> None:
    plot = make()
    heard = Heard(plot)
    hands.drag(plot, dot(plot, 12) - QPoint(4, -4), dot(plot, 16) + QPoint(4, -4))
    assert heard.said == [("brushed", [12, 13, 14, 15, 16])]


def test_a_brush_over_nothing_and_a_click_on_nothing_list_all(make: Make) -> None:
    plot = make(view=brushed([3, 4]))
    heard = Heard(plot)
    hands.click(plot, empty(plot))
    hands.drag(plot, empty(plot), empty(plot) + QPoint(30, 12))
    hands.key(plot, Qt.Key.Key_Escape)
    assert heard.said == [("brushed", None)] * 3


def test_escape_without_a_brush_is_left_to_the_window(make: Make) -> None:
    plot = make()
    heard = Heard(plot)
    hands.key(plot, Qt.Key.Key_Escape)
    assert heard.said == []


def test_files_by_value_ascend_and_those_without_come_last(make: Make) -> None:
    held = columns()
    held["spike_max"] = held["spike_max"][::-1].copy()
    held["spike_max"][4] = np.nan
    plot = make(view=folder(held), by_value=True)
    places = [place for row in range(19, -1, -1) if (place := plot.place(row)) is not None]
    assert len(places) == 19
    assert np.all(np.diff([place.x() for place in places]) > 0)
    assert plot.place(4) is None


def test_a_dot_is_told_by_name_figure_and_verdict(make: Make) -> None:
    assert make().words(12) == ("clip_12.npz", "13 body/s  ·  warn")
    assert make("duration_ms").words(19) == ("clip_19.npz", "5000 ms  ·  warn")


# --- what is drawn when ------------------------------------------------------------------------------------------


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with each time that places are worked out."""
    made: list[int] = []

    class Counted(Dots):
        def __init__(self, *args: Any) -> None:
            made.append(1)
            super().__init__(*args)

    monkeypatch.setattr(folder_picture, "Dots", Counted)
    return made


def test_another_verdict_is_another_colour_at_the_same_places(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made, stage = counted(monkeypatch), Stage()
    plot = make()
    show(plot, folder(), stage)
    before, first = len(made), plot.grab().toImage()
    show(plot, folder(limits=replace_limit("speed_spike", 9.0), dragging=True), stage)
    assert len(made) == before
    assert plot.grab().toImage() != first


def test_figures_that_came_meanwhile_are_drawn_though_their_column_is_the_same(make: Make) -> None:
    held = columns()
    plot, stage = make(view=folder(held)), Stage()
    show(plot, folder(held), stage)
    held["spike_max"][3] = 19.0
    show(plot, folder(held), stage)
    third, last = plot.place(3), plot.place(18)
    assert third is not None and last is not None
    assert third.y() == last.y()


def test_nothing_is_drawn_anew_for_another_selection(make: Make) -> None:
    plot, stage = make(), Stage()
    show(plot, folder(), stage)
    before = plot.picture
    show(plot, replace(folder(), selected=5), stage)
    assert plot.picture is before


def test_many_files_wait_for_a_turn_of_their_own(make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_plot, "_AT_ONCE", 10)
    plot = make()
    assert plot.picture is None
    qtbot.waitUntil(lambda: plot.picture is not None)
    assert plot.place(3) is not None


def test_a_plot_out_of_sight_keeps_nothing(make: Make) -> None:
    plot = make()
    assert plot.place(3) is not None
    plot.hide()
    plot.show_scene(Stage().scene(folder(), False))
    assert plot.picture is None
    assert plot.row_at(QPointF(100, 100)) is None


def test_another_theme_is_painted_at_once(make: Make) -> None:
    plot = make()
    before = plot.grab().toImage().pixelColor(150, 30).lightness()
    plot.setPalette(theme.dark_palette())
    assert plot.grab().toImage().pixelColor(150, 30).lightness() < before
