from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from inspector.gui.actions import MENUS, SUBMENUS, Actions, Handler, specs
from inspector.gui.help_dialog import shortcut_rows

Nowhere = QModelIndex | QPersistentModelIndex


class Grid(QAbstractTableModel):
    def rowCount(self, parent: Nowhere = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def columnCount(self, parent: Nowhere = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def data(self, index: Nowhere, role: int = 0) -> object:
        return "n" if role == Qt.ItemDataRole.DisplayRole else None


class Bench(QMainWindow):
    """A window with one of each kind of widget, and what its actions did."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        names = [name for name in specs() if name not in SUBMENUS]
        self.made = Actions(self, {name: self._recorder(name) for name in names})
        self.line = QLineEdit()
        self.spin = QSpinBox()
        self.combo = QComboBox()
        self.combo.addItems(["one", "no", "next"])
        self.text = QPlainTextEdit()
        self.notes = QPlainTextEdit()
        self.notes.setReadOnly(True)
        self.button = QPushButton("push")
        self.check = QCheckBox("check")
        self.rows = QTableView()
        self.cells = QTableView()
        for view in (self.rows, self.cells):
            view.setModel(Grid(view))
        self.rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        page = QWidget()
        column = QVBoxLayout(page)
        for widget in (self.line, self.spin, self.combo, self.text, self.notes, self.button, self.check):
            column.addWidget(widget)
        column.addWidget(self.rows)
        column.addWidget(self.cells)
        self.setCentralWidget(page)

    def _recorder(self, name: str) -> Handler:
        def run(*_: object) -> None:
            self.done.append(name)

        return run

    def press(self, widget: QWidget, keys: str) -> list[str]:
        """What a key does while a widget has the focus."""
        self.done.clear()
        widget.setFocus()
        QTest.keySequence(widget, QKeySequence(keys))
        return list(self.done)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    window = Bench()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    yield window


def test_no_key_means_two_things() -> None:
    keys = [QKeySequence(key).toString() for spec in specs().values() for key in spec.keys]
    assert len(keys) == len(set(keys))


def test_shortcuts_that_were_promised() -> None:
    promised = {
        "play": "Space", "back": "Left", "forward": "Right", "back_10": "Shift+Left", "forward_10": "Shift+Right",
        "back_second": "Ctrl+Left", "forward_second": "Ctrl+Right", "first_frame": "Home", "last_frame": "End",
        "next_finding": "N", "previous_finding": "Shift+N", "next_file": "Ctrl+Down", "previous_file": "Ctrl+Up",
        "slower": "[", "faster": "]", "normal_speed": "Backspace", "loop": "L", "go_to_frame": "Ctrl+J",
        "open_files": "Ctrl+O", "open_folder": "Ctrl+Shift+O", "reaudit": "F5", "full_screen": "F11",
        "export.all": "Ctrl+E", "find": "Ctrl+F", "help": "?",
    }  # fmt: skip
    for name, key in promised.items():
        assert key in specs()[name].keys


def test_every_shortcut_stands_in_the_help() -> None:
    listed = [text for rows in shortcut_rows().values() for _, text in rows]
    expected = [spec.text for menu in MENUS.values() for spec in menu if spec.keys]
    assert len(listed) == len(expected)


def test_every_shortcut_works_from_a_list_of_rows(bench: Bench) -> None:
    for name, spec in specs().items():
        for key in spec.keys:
            assert bench.press(bench.rows, key) == [name], key


def test_rows_keep_up_down_and_enter(bench: Bench) -> None:
    bench.rows.selectRow(1)
    assert bench.press(bench.rows, "Down") == []
    assert bench.rows.currentIndex().row() == 2
    assert bench.press(bench.rows, "Return") == []


@pytest.mark.parametrize("field", ["line", "spin", "text"])
def test_nothing_but_window_commands_works_while_typing(bench: Bench, field: str) -> None:
    for name, spec in specs().items():
        for key in spec.keys:
            expected = [name] if spec.typing else []
            assert bench.press(getattr(bench, field), key) == expected, key


def test_typing_types(bench: Bench) -> None:
    bench.line.setFocus()
    QTest.keyClicks(bench.line, "n L[?,. 1")
    assert bench.line.text() == "n L[?,. 1"
    assert bench.done == []


def test_text_that_cannot_be_typed_into_takes_no_shortcuts(bench: Bench) -> None:
    assert bench.press(bench.notes, "N") == ["next_finding"]
    assert bench.press(bench.notes, "Space") == ["play"]


def test_buttons_keep_what_pushes_them(bench: Bench) -> None:
    assert bench.press(bench.button, "Space") == []
    assert bench.press(bench.check, "Space") == []
    assert bench.check.isChecked()
    assert bench.press(bench.button, "Right") == ["forward"]
    assert bench.press(bench.check, "N") == ["next_finding"]


def test_a_combo_box_keeps_what_picks_from_it(bench: Bench) -> None:
    assert bench.press(bench.combo, "N") == []
    assert bench.press(bench.combo, "Down") == []
    assert bench.combo.currentText() != "one"
    assert bench.press(bench.combo, "Ctrl+Right") == ["forward_second"]


def test_a_combo_box_that_is_not_typed_into_leaves_the_key_for_help(bench: Bench) -> None:
    assert bench.press(bench.combo, "?") == ["help"]
    assert bench.press(bench.combo, "F1") == ["help"]
    typed = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier, "?")
    assert not bench.made.guard.belongs_to(bench.combo, typed)  # as a keyboard sends it
    bench.combo.setEditable(True)
    assert bench.press(bench.combo, "?") == []
    assert bench.combo.currentText() == "one?"
    assert bench.press(bench.line, "?") == []
    assert bench.line.text() == "?"


def test_cells_keep_what_moves_between_them(bench: Bench) -> None:
    bench.cells.setCurrentIndex(bench.cells.model().index(0, 0))
    assert bench.press(bench.cells, "Right") == []
    assert bench.cells.currentIndex().column() == 1
    assert bench.press(bench.cells, "End") == []
    assert bench.press(bench.cells, "N") == ["next_finding"]


def test_a_widget_that_goes_while_it_has_the_focus_does_no_harm(qtbot: QtBot, bench: Bench) -> None:
    bench.line.setFocus()
    with qtbot.waitSignal(bench.line.destroyed):
        bench.line.deleteLater()
    assert bench.press(bench.rows, "N") == ["next_finding"]
