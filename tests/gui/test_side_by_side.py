from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from inspector.audit import inspect_file
from inspector.gui.copies import Copy
from inspector.gui.main_window import MainWindow
from inspector.gui.panes.camera import Camera
from inspector.gui.panes.side_by_side import READ, SideBySidePane
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState
from tests.gui import support
from tests.support import hands
from tests.support.clips import clip_arrays, save_clip

FRAMES = 40


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A clip; it, cut; and three more of it."""
    arrays = clip_arrays(FRAMES)
    whole = save_clip(tmp_path / "whole.npz", arrays)
    cut = {name: array if isinstance(array, str) else array[12:] for name, array in arrays.items()}
    paths = [whole, save_clip(tmp_path / "cut.npz", cut)]
    paths += [save_clip(tmp_path / f"copy_{k}.npz", arrays) for k in range(3)]
    return [str(path) for path in paths]


@pytest.fixture
def pane(qtbot: QtBot, tasks: Tasks) -> SideBySidePane:
    pane = SideBySidePane(tasks)
    qtbot.addWidget(pane)
    pane.resize(900, 600)
    pane.show()
    return pane


def view(files: list[str], beside: int = 1, **changes: Any) -> ViewState:
    cut, *more = files[1:]
    copies = (Copy(cut, start=-12), *(Copy(path, exact=True) for path in more))
    shown = ViewState(
        files[0], inspection=inspect_file(files[0]), copies=copies, beside=copies[:beside], comparing=True
    )
    return replace(shown, **changes)


def show(qtbot: QtBot, pane: SideBySidePane, view: ViewState, tasks: Tasks) -> None:
    pane.show_view(view)
    qtbot.waitUntil(lambda: not tasks.busy)


def told(pane: SideBySidePane) -> list[tuple[str, str, str]]:
    """Name, relation and place of each clip that is shown."""
    return [
        (member.title.text(), member.relation.text(), member.place.text())
        for member in pane.members
        if not member.isHidden()
    ]


def test_the_same_moment_is_shown_of_each(qtbot: QtBot, pane: SideBySidePane, tasks: Tasks, files: list[str]) -> None:
    shown = view(files, frame=20)
    show(qtbot, pane, shown, tasks)
    (name, relation, place), (other, begins, there) = told(pane)
    assert (name, relation) == ("whole.npz", "the selected file")
    assert place.startswith("frame 20 / 39")
    assert (other, begins) == ("cut.npz", "begins 12 frames later")
    assert there.startswith("frame 8 / 27")
    assert pane.apart.text().startswith("On average 0.000 body sizes apart")
    assert [member.canvas.scene.frame for member in pane.members] == [20, 8]
    pane.show_view(replace(shown, frame=21))
    assert [member.canvas.scene.frame for member in pane.members] == [21, 9]


def test_a_copy_that_has_no_such_frame_says_so(
    qtbot: QtBot, pane: SideBySidePane, tasks: Tasks, files: list[str]
) -> None:
    show(qtbot, pane, view(files, frame=3), tasks)
    canvas = pane.members[1].canvas
    assert canvas.scene.words == "Not begun yet"
    assert not canvas.shows_something()
    assert pane.apart.text().startswith("Nothing to compare")


def test_what_was_asked_for_first_and_comes_late_is_dropped(
    qtbot: QtBot, pane: SideBySidePane, tasks: Tasks, files: list[str]
) -> None:
    shown = view(files, beside=1)
    pane.show_view(shown)
    assert pane.members[1].canvas.scene.words == "Loading…"
    pane.show_view(replace(shown, beside=shown.copies[1:2]))
    qtbot.waitUntil(lambda: not tasks.busy)
    assert set(pane._films) == {files[0], files[2]}
    pane.show_view(replace(shown, beside=()))  # closed
    assert tasks._channels[READ].waiting is None
    assert set(pane._films) == {files[0]}


def test_four_stand_as_the_room_allows(qtbot: QtBot, pane: SideBySidePane, tasks: Tasks, files: list[str]) -> None:
    show(qtbot, pane, view(files, beside=3), tasks)
    assert len(told(pane)) == 4
    assert pane.others.isVisible()
    pane.resize(700, 900)
    assert len({member.y() for member in pane.members}) == 2
    pane.resize(1600, 400)
    pane._grid.activate()
    assert len({member.y() for member in pane.members}) == 1
    show(qtbot, pane, view(files, beside=1), tasks)
    assert len(told(pane)) == 2


def test_others_are_picked_from_the_menu(qtbot: QtBot, pane: SideBySidePane, tasks: Tasks, files: list[str]) -> None:
    show(qtbot, pane, view(files, beside=3), tasks)
    pane.menu.aboutToShow.emit()
    entries = pane.menu.actions()
    assert [entry.isChecked() for entry in entries] == [True, True, True, False]
    assert entries[0].text() == "cut.npz\tbegins 12 frames later"
    with qtbot.waitSignal(pane.beside_picked) as asked:
        entries[3].trigger()
    assert asked.args[0][:3] == (files[4], files[1], files[2])
    with qtbot.waitSignal(pane.beside_picked) as asked:
        entries[0].trigger()
    assert asked.args[0][:3] == (files[2], files[3], files[4])


def test_one_picture_zooms_the_others(qtbot: QtBot, pane: SideBySidePane, tasks: Tasks, files: list[str]) -> None:
    shown = view(files, beside=2)
    mirrored = replace(shown.beside[0], mirrored=True)
    show(qtbot, pane, replace(shown, beside=(mirrored, shown.beside[1])), tasks)
    assert not pane.fit.isEnabled()
    pane.members[0].canvas.look(Camera(2.0, (0.25, 0.4)))
    assert pane.members[1].canvas.camera == Camera(2.0, (0.75, 0.4))
    assert pane.members[2].canvas.camera == Camera(2.0, (0.25, 0.4))
    pane.members[1].canvas.look(Camera(3.0, (0.7, 0.4)))
    assert pane.members[0].canvas.camera.centre == pytest.approx((0.3, 0.4))
    pane.fit.click()
    assert all(member.canvas.camera.fitted for member in pane.members)


def test_a_name_selects_its_file_and_the_wheel_steps(
    qtbot: QtBot, pane: SideBySidePane, tasks: Tasks, files: list[str]
) -> None:
    show(qtbot, pane, view(files, frame=20), tasks)
    with qtbot.waitSignal(pane.path_requested) as asked:
        pane.members[1].title.click()
    assert asked.args == [files[1]]
    with qtbot.waitSignal(pane.seek_requested) as sought:
        hands.wheel(pane.members[1].canvas, pane.members[1].canvas.rect().center(), -120, hands.SHIFT)
    assert sought.args == [21]


def test_everything_has_a_name(qtbot: QtBot, pane: SideBySidePane, tasks: Tasks, files: list[str]) -> None:
    show(qtbot, pane, view(files, beside=3), tasks)
    for member in pane.members:
        assert member.accessibleName()
        assert member.title.accessibleName()
        assert member.canvas.accessibleName()
    for button in (pane.others, pane.fit, pane.close_button):
        assert button.accessibleName()


def test_a_copy_that_cannot_be_read_says_why(
    qtbot: QtBot, pane: SideBySidePane, tasks: Tasks, files: list[str], tmp_path: Path
) -> None:
    broken = str(support.broken(tmp_path / "broken.npz"))
    show(qtbot, pane, _with(view(files), broken), tasks)
    assert pane.members[1].canvas.scene.words not in ("", "Loading…")


def _with(view: ViewState, path: str) -> ViewState:
    copies = (Copy(path, exact=True),)
    return replace(view, copies=copies, beside=copies)


# --- in the window --------------------------------------------------------------------------------------------


@pytest.fixture
def window(qtbot: QtBot, files: list[str], tmp_path: Path) -> Iterator[MainWindow]:
    support.clean(tmp_path / "zz_alone.npz", seed=5)
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    window.open_paths([tmp_path])
    qtbot.waitUntil(lambda: bool(window.session.view.copies) and not window.tasks.busy)
    yield window
    window.close()


def select(qtbot: QtBot, window: MainWindow, path: str) -> None:
    window.session.select(path)
    qtbot.waitUntil(lambda: not window.tasks.busy and window.session.view.inspection is not None)


def seen(widget: QWidget) -> bool:
    return widget.isVisible()


def test_copies_are_compared_and_left_again(qtbot: QtBot, window: MainWindow, files: list[str]) -> None:
    compare, keypoints = window.actions_["compare"], window.workspace.tabs.keypoints
    select(qtbot, window, files[0])
    assert compare.isEnabled()
    window.workspace.tabs.setCurrentWidget(window.workspace.tabs.arrays)
    compare.trigger()
    side = keypoints.side_by_side
    assert side is not None
    assert seen(side)
    assert window.workspace.tabs.currentWidget() is keypoints
    assert compare.isChecked()
    hands.key(window.workspace.files.view, Qt.Key.Key_Escape)
    assert not seen(side)
    assert seen(keypoints.canvas)
    assert not compare.isChecked()
    compare.trigger()
    side.close_button.click()
    assert seen(keypoints.canvas)


def test_a_file_without_copies_is_shown_by_itself(qtbot: QtBot, window: MainWindow, files: list[str]) -> None:
    alone = str(Path(files[0]).with_name("zz_alone.npz"))
    select(qtbot, window, files[0])
    window.actions_["compare"].trigger()
    select(qtbot, window, alone)
    assert not window.actions_["compare"].isEnabled()
    assert window.workspace.tabs.keypoints.canvas.isVisible()
    select(qtbot, window, files[2])
    side = window.workspace.tabs.keypoints.side_by_side
    assert side is not None
    assert side.isVisible()
    window.session.close()
    assert not window.session.view.copies


def test_files_are_compared_anew_only_where_they_changed(qtbot: QtBot, window: MainWindow, files: list[str]) -> None:
    session, before = window.session, window.session.copies
    session.look_across()
    qtbot.waitUntil(lambda: not window.tasks.busy)
    assert session.copies is before
    Path(files[1]).unlink()
    support.gappy(Path(files[1]))
    session.reaudit()
    qtbot.waitUntil(lambda: session.copies is not before)
    assert files[1] not in {copy.path for copy in session.copies.of(files[0])}


def test_lists_offer_it_by_a_right_click(window: MainWindow) -> None:
    compare = window.actions_["compare"]
    for view in (window.workspace.files.view, window.workspace.findings.list):
        assert view.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
        assert compare in view.actions()
    menus = [menu for menu in window.findChildren(QMenu) if compare in menu.actions()]
    assert [menu.title() for menu in menus] == ["&Tools"]
