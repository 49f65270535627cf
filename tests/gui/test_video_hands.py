"""The Video pane asks for what a person wants, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from inspector.checks.finding import Finding, Severity
from inspector.gui.messages import MessageBus
from inspector.gui.panes.video import VideoPane
from inspector.gui.tasks import Tasks
from inspector.gui.view import Subset, ViewState
from tests.gui.video_support import (
    WHITE,
    arrays_of,
    cell,
    dot,
    make,
    place,
    show,
    view_in,
)
from tests.support import hands
from tests.support.videos import dataset_arrays

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def bus() -> MessageBus:
    return MessageBus()


@pytest.fixture
def tasks(qtbot: QtBot, bus: MessageBus) -> Iterator[Tasks]:
    tasks = Tasks(bus)
    yield tasks
    assert tasks.close()


@pytest.fixture
def pane(qtbot: QtBot, tasks: Tasks) -> VideoPane:
    return make(qtbot, tasks)


@pytest.fixture
def view(pane: VideoPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> ViewState:
    return show(pane, qtbot, tasks, view_in(tmp_path))


# --- hands -----------------------------------------------------------------------------------------------------


def test_click_and_drag_in_the_strip_seek(pane: VideoPane, view: ViewState, qtbot: QtBot) -> None:
    heard: list[int] = []
    pane.seek_requested.connect(heard.append)
    target = pane.strip.viewport()
    hands.click(target, cell(pane, 3))
    assert heard == [3]
    hands.click(target, cell(pane, 0))  # is shown already
    hands.press(target, cell(pane, 5))
    hands.move(target, cell(pane, 6))
    hands.release(target, cell(pane, 6))
    hands.move(target, cell(pane, 7))
    assert heard == [3, 5, 6]


def test_keys_in_the_strip_seek(pane: VideoPane, view: ViewState) -> None:
    heard: list[int] = []
    pane.seek_requested.connect(heard.append)
    pane.show_view(replace(view, frame=3))
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
        hands.key(pane.strip, key)
    assert heard == [2, 4, 0, 7]


def test_shift_and_wheel_step_through_frames(pane: VideoPane, view: ViewState) -> None:
    heard: list[int] = []
    pane.seek_requested.connect(heard.append)
    pane.show_view(replace(view, frame=7))
    hands.wheel(pane.canvas, QPoint(50, 50), 120, SHIFT)
    hands.wheel(pane.canvas, QPoint(50, 50), -120, SHIFT)
    assert heard == [6, 7]
    assert pane.canvas.camera.fitted


def test_wheel_zooms_at_the_pointer_drag_pans_and_double_click_fits(
    pane: VideoPane, view: ViewState, qtbot: QtBot, tasks: Tasks
) -> None:
    at = place(pane, 12, 3)
    assert not pane.fit.isEnabled()
    hands.wheel(pane.canvas, at, 360)
    assert pane.canvas.camera.zoom > 1.5
    assert (place(pane, 12, 3) - at).manhattanLength() <= 2
    before = place(pane, 4, 4)
    hands.drag(pane.canvas, QPoint(100, 100), QPoint(130, 80))
    assert (place(pane, 4, 4) - before - QPoint(30, -20)).manhattanLength() <= 1
    show(pane, qtbot, tasks, replace(view, sample=3, frame=2))
    fitted = [pane.canvas.camera.fitted]
    hands.double_click(pane.canvas, at)
    assert [*fitted, pane.canvas.camera.fitted] == [False, True]
    for key, larger in ((Qt.Key.Key_Plus, True), (Qt.Key.Key_0, False)):
        hands.key(pane.canvas, key)
        assert (pane.canvas.camera.zoom > 1) is larger


def test_tells_the_pixel_under_the_pointer(pane: VideoPane, view: ViewState) -> None:
    x, y = dot(arrays_of(), 0, 0)
    assert pane.canvas.pixel_at(QPointF(place(pane, x, y))) == (x, y)
    assert pane.canvas.pixel_at(QPointF(1, 1)) is None
    assert pane.canvas.describe(x, y) == f"x {x}   y {y}\n0   0   1"
    without = pane.canvas.grab().toImage()
    hands.move(pane.canvas, place(pane, x, y))
    assert pane.canvas.grab().toImage() != without


# --- samples ---------------------------------------------------------------------------------------------------


def test_the_navigator_shows_where_the_sample_stands(
    pane: VideoPane, view: ViewState, qtbot: QtBot, tasks: Tasks
) -> None:
    navigator = pane.navigator
    heard: list[object] = []
    pane.sample_requested.connect(heard.append)
    pane.subset_requested.connect(heard.append)
    show(pane, qtbot, tasks, replace(view, sample=3))
    assert navigator.number.text() == "sample 3 / 5"
    assert not navigator.place.isVisible()
    subset = Subset(label=1, group=0)
    show(pane, qtbot, tasks, replace(view, sample=3, subset=subset, listed=np.array([1, 3, 5])))
    assert navigator.place.text() == "2 of 3"
    assert (navigator.classes.currentText(), navigator.groups.currentText()) == ("Circular (3)", "Group 1: 2 samples")
    show(pane, qtbot, tasks, replace(view, sample=2, subset=subset, listed=np.zeros(0, dtype=np.int64)))
    assert navigator.place.text() == "– of 0"
    assert not navigator.previous.isEnabled()
    assert heard == []


def test_steps_go_through_the_subset(pane: VideoPane, view: ViewState) -> None:
    heard: list[int] = []
    pane.sample_requested.connect(heard.append)
    pane.show_view(replace(view, sample=3, subset=Subset(label=1), listed=np.array([1, 3, 5])))
    hands.click(pane.navigator.previous)
    hands.click(pane.navigator.next)
    hands.key(pane.navigator.number, Qt.Key.Key_Up)
    hands.key(pane.navigator.number, Qt.Key.Key_Down)
    assert heard == [1, 5, 5, 1]
    pane.show_view(replace(view, sample=5, subset=Subset(label=1), listed=np.array([1, 3, 5])))
    assert (pane.navigator.previous.isEnabled(), pane.navigator.next.isEnabled()) == (True, False)


def test_page_keys_step_from_wherever_the_keyboard_is(pane: VideoPane, view: ViewState) -> None:
    heard: list[int] = []
    pane.sample_requested.connect(heard.append)
    pane.show_view(replace(view, sample=2))
    parts = [pane, pane.canvas, pane.strip, pane.navigator.number, pane.navigator.classes, pane.path, pane.facts]
    for part in parts:
        hands.key(part, Qt.Key.Key_PageUp)
        hands.key(part, Qt.Key.Key_PageDown)
    assert heard == [1, 3] * len(parts)
    pane.show_view(replace(view, sample=5))
    hands.key(pane, Qt.Key.Key_PageDown)
    assert len(heard) == 2 * len(parts)


def test_a_number_is_typed(pane: VideoPane, view: ViewState) -> None:
    heard: list[int] = []
    pane.sample_requested.connect(heard.append)
    number = pane.navigator.number
    number.selectAll()
    hands.key(number, Qt.Key.Key_4)
    assert heard == []
    hands.key(number, Qt.Key.Key_Return)
    assert heard == [4]


def test_filters_combine_and_are_cleared(pane: VideoPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    finding = Finding("STATIC_VIDEO", Severity.HIGH, "two <b>stand</b> still", samples=((2, 2), (4, 4)))
    view = show(pane, qtbot, tasks, view_in(tmp_path, findings=(finding,), subset=Subset(label=0)))
    navigator = pane.navigator
    assert [box.count() for box in (navigator.classes, navigator.findings, navigator.groups)] == [3, 2, 2]
    for box, index, wanted in (
        (navigator.classes, 2, Subset(label=1)),
        (navigator.classes, 0, Subset()),
        (navigator.findings, 1, Subset(label=0, finding=0)),
        (navigator.groups, 1, Subset(label=0, group=0)),
    ):
        with qtbot.waitSignal(pane.subset_requested) as asked:
            _pick(box, index)
        assert asked.args == [wanted]
        pane.show_view(replace(view, subset=Subset()))
        pane.show_view(view)
    with qtbot.waitSignal(pane.subset_requested) as asked:
        hands.click(navigator.clear)
    assert asked.args == [Subset()]
    pane.show_view(replace(view, subset=Subset()))
    assert not navigator.clear.isVisible()


def _pick(box: QComboBox, index: int) -> None:
    """As a person does: go to the line, then Return."""
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_filters_offer_only_what_exists(pane: VideoPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    arrays = dataset_arrays(3, 2, 16)
    del arrays["labels"]
    show(pane, qtbot, tasks, view_in(tmp_path, arrays))
    navigator = pane.navigator
    assert not any(box.isVisible() for box in (navigator.classes, navigator.findings, navigator.groups))


def test_a_wheel_that_passes_over_changes_nothing(pane: VideoPane, view: ViewState) -> None:
    heard: list[object] = []
    pane.sample_requested.connect(heard.append)
    pane.subset_requested.connect(heard.append)
    pane.canvas.setFocus()
    for box in (pane.navigator.number, pane.navigator.classes):
        hands.wheel(box, box.rect().center(), -120)
    assert heard == []


def test_facts_lead_to_copies(pane: VideoPane, view: ViewState, qtbot: QtBot, tasks: Tasks) -> None:
    show(pane, qtbot, tasks, replace(view, sample=2))
    assert pane.facts.words == "Linear  ·  static: every frame is the same  ·  same pixels as 4"
    with qtbot.waitSignal(pane.sample_requested) as asked:
        pane.facts.linkActivated.emit("sample:4")
    assert asked.args == [4]
    pane.show_view(replace(view, sample=2, subset=Subset(label=0)))
    with qtbot.waitSignal(pane.subset_requested) as wanted:
        pane.facts.linkActivated.emit("group:0")
    assert wanted.args == [Subset(label=0, group=0)]


def test_names_from_a_file_are_no_markup(pane: VideoPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    hostile = '<a href="sample:3">x</a><img src="file:///etc/passwd">'
    show(pane, qtbot, tasks, view_in(tmp_path, names={0: hostile}))
    assert hostile in pane.facts.words
    assert "<img" not in pane.facts.text()
    assert pane.facts.text().count("<a href") == 0
    assert "<img" not in pane.navigator.classes.toolTip()


# --- pictures --------------------------------------------------------------------------------------------------


def test_picture_is_copied_and_saved_without_the_callout(
    pane: VideoPane, view: ViewState, qtbot: QtBot, tasks: Tasks, bus: MessageBus, tmp_path: Path
) -> None:
    hands.move(pane.canvas, place(pane, 12, 12))
    target = tmp_path / "frame.png"
    with qtbot.waitSignal(pane.saved) as told:
        pane.pictures.save_image(str(target))
    assert told.args == [str(target)]
    saved = QImage(str(target))
    assert saved.size() == pane.canvas.size() * 2
    hands.click(pane.pictures.copy)
    copied = QGuiApplication.clipboard().image()
    assert copied.size() == saved.size()
    assert copied.pixelColor(place(pane, 12, 12) * 2) == saved.pixelColor(place(pane, 12, 12) * 2) == WHITE
    with qtbot.waitSignal(bus.posted) as posted:
        pane.pictures.save_image(str(tmp_path / "nowhere" / "frame.png"))
    assert "nowhere" in str(posted.args)


def test_save_asks_for_a_path_named_after_sample_and_frame(
    pane: VideoPane, view: ViewState, qtbot: QtBot, tmp_path: Path
) -> None:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    pane.show_view(replace(view, sample=4, frame=3))
    pane.pictures.save.click()
    dialog = pane.findChild(QFileDialog)
    assert dialog is not None
    assert Path(dialog.selectedFiles()[0]).name == "set_sample_00004_frame_00003.png"
    target = tmp_path / "chosen.png"
    with qtbot.waitSignal(pane.saved):
        dialog.fileSelected.emit(str(target))
    assert target.exists()
    dialog.reject()


# --- access ----------------------------------------------------------------------------------------------------


def test_everything_a_person_uses_has_a_name_and_is_reached_by_tab(pane: VideoPane, view: ViewState) -> None:
    subset = replace(view, sample=2, subset=Subset(label=0), listed=np.array([0, 2, 4]))
    pane.show_view(subset)
    navigator = pane.navigator
    used: list[QWidget] = [pane.canvas, pane.strip, pane.facts, navigator.number, navigator.classes, navigator.groups]
    used += [button for button in pane.findChildren(QAbstractButton) if button.isVisible()]
    assert all(part.accessibleName() for part in used)
    assert pane.facts.accessibleDescription() == pane.facts.words
    reached: set[QWidget] = set()
    part = pane.nextInFocusChain()
    while part is not None and part is not pane:
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(part)
        part = part.nextInFocusChain()
    assert {part.accessibleName() for part in used if part.isEnabled()} <= {part.accessibleName() for part in reached}
