from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl, qInstallMessageHandler, qWarning
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QWidget,
)
from pytestqt.qtbot import QtBot

from inspector.gui import app
from inspector.gui.main_window import NAME, SIDES, MainWindow
from inspector.gui.messages import MessageBus
from inspector.gui.qt_messages import unseen_windows
from inspector.gui.settings import Settings
from inspector.gui.view import Display
from inspector.reports import read_records
from tests.gui import support

Make = Callable[[], MainWindow]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    palette = QApplication.palette()
    made: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(Settings())
        qtbot.addWidget(window)
        made.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in made:
        window.close()
    QApplication.setPalette(palette)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.tasks.busy and not window.session.audit.progress.busy)


@pytest.fixture
def opened(qtbot: QtBot, make: Make, tmp_path: Path) -> MainWindow:
    window = make()
    window.open_paths([support.folder(tmp_path)])
    settle(qtbot, window)
    return window


def action(window: MainWindow, name: str) -> QAction:
    return window.actions_[name]


def test_nothing_open_says_what_to_do(make: Make) -> None:
    window = make()
    assert window.pages.currentWidget() is window.welcome
    assert window.windowTitle() == NAME
    assert not action(window, "play").isEnabled()
    assert not action(window, "export.all").isEnabled()


def test_a_folder_fills_the_window(opened: MainWindow, tmp_path: Path) -> None:
    assert opened.pages.currentWidget() is opened.workspace
    assert opened.windowTitle() == f"a.npz – {tmp_path.name} – {NAME}"
    assert action(opened, "play").isEnabled()
    assert not action(opened, "cancel").isEnabled()
    assert opened.workspace.files.model.rowCount() == 5


def test_going_to_a_finding_shows_it_everywhere(qtbot: QtBot, opened: MainWindow) -> None:
    action(opened, "next_finding").trigger()
    settle(qtbot, opened)
    assert opened.windowTitle().startswith("b.npz")
    assert opened.workspace.transport.slider.value() == 20
    assert opened.workspace.files.selected_paths() == [opened.session.view.path]


def test_playing_runs_through_the_clip_and_stops(qtbot: QtBot, opened: MainWindow) -> None:
    opened.session.set_speed(4)
    seen: list[int] = []
    opened.session.view_changed.connect(lambda view: seen.append(view.frame))
    action(opened, "play").trigger()
    qtbot.waitUntil(lambda: opened.session.view.frame == 39 and not opened.session.view.playback.playing)
    assert seen == sorted(seen)
    assert len(set(seen)) > 3


def test_a_file_without_keypoints_shows_its_arrays(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    other = tmp_path / "more"
    other.mkdir()
    support.flat(other / "flat.npz")
    support.clean(other / "sign.npz")
    opened.open_paths([other])
    qtbot.waitUntil(lambda: opened.workspace.tabs.currentWidget() is opened.workspace.tabs.arrays)
    settle(qtbot, opened)
    assert opened.workspace.bottom.isHidden()
    opened.session.next_file(1)
    qtbot.waitUntil(lambda: opened.workspace.tabs.currentWidget() is opened.workspace.tabs.keypoints)
    assert not opened.workspace.bottom.isHidden()


def test_enter_in_the_list_turns_to_the_details(qtbot: QtBot, opened: MainWindow) -> None:
    opened.activateWindow()
    files = opened.workspace.files
    files.view.setFocus()
    files.opened.emit(opened.session.view.path)
    qtbot.waitUntil(lambda: opened.workspace.tabs.keypoints.canvas.hasFocus())


def test_layers_switch_from_menu_and_pane(opened: MainWindow) -> None:
    action(opened, "trails").trigger()
    assert opened.session.view.display == Display(trails=True)
    assert opened.workspace.tabs.keypoints.toggles["trails"].isChecked()
    opened.workspace.tabs.keypoints.toggles["trails"].click()
    assert opened.session.view.display == Display()
    assert not action(opened, "trails").isChecked()


def test_sides_can_be_put_away(opened: MainWindow) -> None:
    space = opened.workspace
    sides = {"show_list": space.files, "show_timeline": space.bottom, "show_details": space.details}
    assert sides.keys() == set(SIDES)
    for name, side in sides.items():
        action(opened, name).trigger()
        assert side.isHidden(), name
        action(opened, name).trigger()
        assert not side.isHidden(), name


def test_full_screen_and_back(opened: MainWindow) -> None:
    action(opened, "full_screen").trigger()
    assert opened.isFullScreen()
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert not opened.isFullScreen()
    assert not action(opened, "full_screen").isChecked()


def test_export_writes_and_says_so(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with qtbot.waitSignal(opened.exporter.saved) as saved:
        opened.exporter.write("all", str(out))
    assert sorted(out.iterdir()) == sorted(saved.args[0])
    statuses = [r.status.value for r in read_records(out / "npz_audit_report.jsonl")]
    assert statuses == ["pass", "warn", "warn", "pass", "error"]
    assert "5 files" in opened.messages.messages[-1].title


def test_export_that_fails_says_why(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    opened.exporter.write("csv", str(blocked))
    qtbot.waitUntil(lambda: bool(opened.messages.messages))
    assert opened.messages.messages[-1].kind == "error"
    assert blocked.read_text() == "no folder"


def drop(window: MainWindow, *urls: QUrl) -> bool:
    data = QMimeData()
    data.setUrls(list(urls))
    where, buttons, keys = QPointF(5, 5), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), Qt.DropAction.CopyAction, data, buttons, keys)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(where, Qt.DropAction.CopyAction, data, buttons, keys))
    return enter.isAccepted()


def test_files_and_folders_are_dropped(qtbot: QtBot, make: Make, tmp_path: Path) -> None:
    window = make()
    inside = tmp_path / "in"
    inside.mkdir()
    one, two = support.clean(tmp_path / "one.npz"), support.clean(inside / "two.npz")
    assert not drop(window, QUrl("https://example.org/x.npz"))
    assert drop(window, QUrl.fromLocalFile(str(one)), QUrl.fromLocalFile(str(inside)))
    settle(qtbot, window)
    assert sorted(window.session.files.table.paths) == sorted([str(one), str(two)])


def test_labels_are_dropped_and_come_back_with_their_folder(
    qtbot: QtBot, opened: MainWindow, make: Make, tmp_path: Path
) -> None:
    labels, split = tmp_path / "labels.csv", tmp_path / "train.txt"
    labels.write_text("file,gloss\na,hello\nb,bye\ngone,bye\n")
    split.write_text("a\nb\n")
    assert not action(opened, "forget_lists").isEnabled()
    assert drop(opened, QUrl.fromLocalFile(str(labels)), QUrl.fromLocalFile(str(split)))
    settle(qtbot, opened)
    assert action(opened, "forget_lists").isEnabled()
    box = opened.workspace.files.classes
    assert [box.itemText(k) for k in range(box.count())] == ["All classes", "bye (1)", "hello (1)"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    qtbot.waitUntil(lambda: opened.session.files.rowCount() == 1)
    opened.close()
    again = make()
    again.open_paths([tmp_path])
    settle(qtbot, again)
    assert again.session.lists.split_paths == (str(split),)
    assert again.session.files.table.classes == ("bye", "hello")
    assert again.session.files.table.names[-1] == "gone.npz"
    action(again, "forget_lists").trigger()
    settle(qtbot, again)
    assert not again.workspace.files.classes.isVisible()
    assert again.settings is not None
    assert again.settings.lists(str(tmp_path)) == ("", ())


def test_export_has_what_was_found_across_files(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,gloss\na,hello\ngone,bye\n")
    opened.session.load_labels(str(tmp_path / "labels.csv"))
    settle(qtbot, opened)
    with qtbot.waitSignal(opened.exporter.saved):
        opened.exporter.write("all", str(tmp_path / "out"))
    records = {Path(r.path).name: r for r in read_records(tmp_path / "out" / "npz_audit_report.jsonl")}
    assert [finding.code for finding in records["gone.npz"].findings] == ["FILE_MISSING"]
    assert "LABEL_MISSING" in {finding.code for finding in records["d.npz"].findings}
    summary = (tmp_path / "out" / "npz_audit_summary.md").read_text()
    assert "## Across files" in summary
    assert "labels: 1 of 5 files" in summary


def test_labels_without_files_are_not_taken(make: Make, tmp_path: Path) -> None:
    window = make()
    assert drop(window, QUrl.fromLocalFile(str(tmp_path / "labels.csv")))
    assert window.messages.messages[-1].title.startswith("Open the files first")


def test_labels_and_splits_are_asked_for(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    for name, mode in (("labels", QFileDialog.FileMode.ExistingFile), ("splits", QFileDialog.FileMode.ExistingFiles)):
        action(opened, name).trigger()
        dialog = opened.findChild(QFileDialog)
        assert dialog is not None
        assert dialog.fileMode() == mode
        assert dialog.directory().absolutePath() == str(tmp_path)
        gone = dialog.destroyed
        with qtbot.waitSignal(gone):
            dialog.reject()


def test_what_was_set_comes_back(qtbot: QtBot, opened: MainWindow, make: Make, tmp_path: Path) -> None:
    opened.session.set_display(Display(ids=True, bones=False))
    opened.set_theme("dark")
    action(opened, "show_timeline").trigger()
    opened.pickers.profile_picked.emit(opened.pickers.load("generic"))
    settle(qtbot, opened)
    opened.close()
    again = make()
    assert again.session.view.display == Display(ids=True, bones=False)
    assert action(again, "theme.dark").isChecked()
    assert again.workspace.bottom.isHidden()
    assert again.pickers.profile_text == "generic"
    assert again.settings is not None
    assert again.settings.recent == [str(tmp_path)]


def texts(menu: QMenu) -> list[str]:
    menu.aboutToShow.emit()
    return [entry.text() for entry in menu.actions() if not entry.isSeparator()]


def test_profile_menu_lists_and_picks(qtbot: QtBot, opened: MainWindow) -> None:
    assert texts(opened.pickers.profiles)[0] == "By the arrays of each file"
    assert texts(opened.pickers.profiles)[-1] == "From a file…"
    opened.pickers.profiles.actions()[-3].trigger()
    settle(qtbot, opened)
    assert opened.session.options.profile is not None
    assert opened.session.options.profile.name in opened.toolbar.profile.text()
    opened.pickers.profiles.aboutToShow.emit()
    opened.pickers.profiles.actions()[0].trigger()
    assert opened.toolbar.profile.text() == "Profile: by file"
    settle(qtbot, opened)


def test_targets_are_picked_one_by_one(qtbot: QtBot, opened: MainWindow) -> None:
    menu = opened.pickers.targets
    assert len(texts(menu)) == 4
    for wanted in (("transformer",), ("transformer", "iv3"), ("iv3",), None):
        menu.aboutToShow.emit()
        before = opened.session.options.targets or ()
        name = next(n for n in ("transformer", "iv3") if (n in before) != (n in (wanted or ())))
        next(a for a in menu.actions() if name in a.text().lower() and "must" in a.text()).trigger()
        assert opened.session.options.targets == wanted
    settle(qtbot, opened)


def test_a_wrong_profile_file_is_explained(make: Make, tmp_path: Path) -> None:
    window = make()
    wrong = tmp_path / "mine.toml"
    wrong.write_text("kind = 3\n")
    assert window.pickers.load(str(wrong)) is None
    assert "mine.toml" in window.messages.messages[-1].title


def test_recent_folders_open_again(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    action(opened, "close").trigger()
    assert opened.pages.currentIndex() == opened.pages.indexOf(opened.welcome)
    recent = next(b for b in opened.welcome.findChildren(QAbstractButton) if str(tmp_path.name) in b.text())
    recent.click()
    settle(qtbot, opened)
    assert opened.session.roots == (str(tmp_path),)


def test_help_and_about_open(qtbot: QtBot, make: Make) -> None:
    window = make()
    before = set(QApplication.topLevelWidgets())
    action(window, "help").trigger()
    action(window, "about").trigger()
    fresh = [widget for widget in QApplication.topLevelWidgets() if widget not in before and widget.isVisible()]
    assert len(fresh) == 2
    for widget in fresh:
        widget.close()


def test_everything_that_is_used_has_a_name(opened: MainWindow) -> None:
    kinds = (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView)
    nameless = [
        f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        for kind in kinds
        for widget in opened.findChildren(kind)
        if widget.isVisibleTo(opened)
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and not widget.objectName().startswith("qt_")
        and "Header" not in type(widget).__name__
        and type(widget.parent()) is not QLineEdit
        and type(widget.parent()) is not QComboBox
    ]
    assert nameless == []


def test_closing_while_auditing_is_prompt(
    qtbot: QtBot, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(paths: object, options: object, *, cancel: threading.Event, **_: object) -> Iterator[list[object]]:
        begun.set()
        cancel.wait(20)
        ended.set()
        yield from ()

    monkeypatch.setattr("inspector.audit.audit_many", endless)
    window = make()
    window.open_paths([support.folder(tmp_path)])
    qtbot.waitUntil(begun.is_set)  # what is known of the files is looked up before
    assert action(window, "cancel").isEnabled()
    with qtbot.waitSignal(window.closed):
        window.close()
    assert ended.is_set()


def test_uncaught_exceptions_are_shown_not_fatal(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    bus = MessageBus()
    said: list[object] = []
    bus.posted.connect(said.append)

    def fail() -> None:
        raise LookupError("nobody caught this")

    with app.everything_shown(bus):
        try:
            fail()
        except LookupError:
            sys.excepthook(*sys.exc_info())
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: len(said) == 2)
    assert "Unexpected LookupError: nobody caught this" in str(said[0])
    assert "in fail" in str(said[1])
    assert "nobody caught this" in capsys.readouterr().err


def test_picture_shows_the_worst_file_at_its_finding(qtbot: QtBot, qtlog: Any, tmp_path: Path) -> None:
    palette = QApplication.palette()
    out = app.screenshot([support.folder(tmp_path)], tmp_path / "window.png", dark=True, size=(1200, 800))
    assert out.read_bytes().startswith(b"\x89PNG")
    assert QApplication.palette() == palette
    assert qtlog.records == []  # of windows that nobody sees, nothing is said


def test_only_the_one_line_that_means_nothing_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[str] = []
    theirs = qInstallMessageHandler(lambda _kind, _context, text: heard.append(text))
    try:
        with unseen_windows():
            qWarning("This plugin does not support propagateSizeHints()")
            qWarning("This plugin does not support raise()")
        qWarning("This plugin does not support propagateSizeHints()")
        qInstallMessageHandler(None)
        with unseen_windows():
            qWarning("said by Qt")
    finally:
        qInstallMessageHandler(theirs)
    assert heard == ["This plugin does not support raise()", "This plugin does not support propagateSizeHints()"]
    assert capsys.readouterr().err == "said by Qt\n"


def test_a_notice_about_a_file_goes_with_it(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    support.gappy(tmp_path / "a.npz")
    qtbot.waitUntil(lambda: bool(opened.messages.messages))
    opened.session.next_file(1)
    assert [message.title for message in opened.messages.messages] == []
    opened.bus.info("Saved it")
    opened.session.next_file(1)
    assert [message.title for message in opened.messages.messages] == ["Saved it"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any name")
def test_no_name_is_drawn_as_another(qtbot: QtBot, make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "data\u2067"
    folder.mkdir()
    support.gappy(folder / "clip\u202ezpn.exe.npz")
    support.clean(folder / "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627.npz")
    window = make()
    window.open_paths([folder])
    settle(qtbot, window)
    names = window.session.files.table.names
    assert sorted(names) == ["clip\\u202ezpn.exe.npz", "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627.npz"]
    assert window.windowTitle() == f"clip\\u202ezpn.exe.npz – data\\u2067 – {NAME}"
    window.bus.error(f"{folder}: no", str(folder))
    window.messages.show_details()
    window._fill_recent()
    told = [f"{action.text()} {action.toolTip()}" for action in window.findChildren(QAction)]
    for widget in window.findChildren(QWidget):
        told += [str(widget.property(name)) for name in ("text", "plainText", "toolTip", "accessibleName")]
    assert [text for text in told if "\u202e" in text or "\u2067" in text] == []
    assert sum("data\\u2067" in text for text in told) >= 4
