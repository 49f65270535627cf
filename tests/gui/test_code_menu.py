from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from inspector.checks import Status
from inspector.gui.code_menu import CodeMenu
from inspector.gui.main_window import MainWindow
from inspector.gui.models.file_list import FileListModel
from tests.gui import support


def lines(menu: CodeMenu) -> list[str]:
    """What stands in the menu once it is opened; families in capitals, what is picked with a star."""
    menu.aboutToShow.emit()
    told = []
    for action in menu.actions():
        if action.isSeparator():
            told.append(action.text().upper())
        else:
            told.append(action.text().replace("\t", " ") + ("*" if action.isChecked() else ""))
    return told


def entry(menu: CodeMenu, code: str) -> QAction:
    menu.aboutToShow.emit()
    return next(action for action in menu.actions() if action.objectName() == code and action.isCheckable())


@pytest.fixture
def menu(qtbot: QtBot) -> CodeMenu:
    menu = CodeMenu(FileListModel())
    qtbot.addWidget(menu)
    return menu


def test_codes_stand_by_family_with_how_many_files_each(menu: CodeMenu) -> None:
    files = menu._files
    files.append(["a", "b", "c"])
    assert lines(menu) == ["All files 3*", "", "No findings"]
    files.set_records(
        [
            support.record("a", Status.WARN, "SPEED_SPIKE", "TIMESTAMP_GAP"),
            support.record("b", Status.WARN, "SPEED_SPIKE", "SPEED_SPIKE"),
            support.record("c", Status.WARN, "R&D"),
        ]
    )
    assert lines(menu) == [
        "All files 3*",
        *("TIME", "Gap in time  ·  TIMESTAMP_GAP 1"),
        *("MOTION", "Speed spike  ·  SPEED_SPIKE 2"),
        *("OTHER", "R&&D 1"),
    ]


def test_it_asks_for_what_is_picked(menu: CodeMenu, qtbot: QtBot) -> None:
    menu._files.append(["a"])
    menu._files.set_records([support.record("a", Status.WARN, "SPEED_SPIKE")])
    for code in ("SPEED_SPIKE", ""):
        with qtbot.waitSignal(menu.code_picked) as asked:
            entry(menu, code).trigger()
        assert asked.args == [code]


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    window.open_paths([support.folder(tmp_path)])
    qtbot.waitUntil(lambda: not window.tasks.busy and not window.session.audit.progress.busy)
    yield window
    window.close()


def test_menu_and_list_stay_in_step(window: MainWindow) -> None:
    menu, files = window.codes, window.workspace.files
    entry(menu, "TIMESTAMP_GAP").trigger()
    assert files.model.rowCount() == 2
    assert files.codes.currentData() == "TIMESTAMP_GAP"
    files.codes.setCurrentIndex(files.codes.findData("UNREADABLE"))
    assert entry(menu, "UNREADABLE").isChecked()
    assert not entry(menu, "TIMESTAMP_GAP").isChecked()
    entry(menu, "").trigger()
    assert files.model.rowCount() == 5
    assert files.codes.currentData() == ""


def test_stepping_goes_over_the_listed_files_and_their_listed_findings(qtbot: QtBot, window: MainWindow) -> None:
    session = window.session
    entry(window.codes, "TIMESTAMP_GAP").trigger()
    seen = []
    for _ in range(3):
        window.actions_["next_finding"].trigger()
        qtbot.waitUntil(lambda: not window.tasks.busy)
        view = session.view
        assert view.finding is not None
        seen.append((Path(view.path or "").name, view.findings[view.finding].code))
    assert seen == [("b.npz", "TIMESTAMP_GAP"), ("c.npz", "TIMESTAMP_GAP"), ("c.npz", "TIMESTAMP_GAP")]
