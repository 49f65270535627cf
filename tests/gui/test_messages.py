from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from inspector.gui.messages import MessageBar, MessageBus


def make(qtbot: QtBot) -> tuple[MessageBus, MessageBar]:
    bus = MessageBus()
    bar = MessageBar(bus)
    qtbot.addWidget(bar)
    return bus, bar


def shown(bar: MessageBar) -> str:
    return next(label.text() for label in bar.findChildren(QLabel) if label.accessibleName() == "Message")


def test_repeated_errors_are_counted_not_repeated(qtbot: QtBot) -> None:
    bus, bar = make(qtbot)
    assert bar.isHidden()
    for k in range(3):
        bus.error("Cannot read a.npz", f"details {k}")
    assert not bar.isHidden()
    assert [(m.times, m.details) for m in bar.messages] == [(3, "details 2")]
    assert "3 times" in shown(bar)


def test_dismissing_brings_the_one_before_back(qtbot: QtBot) -> None:
    bus, bar = make(qtbot)
    bus.error("first")
    bus.error("second")
    assert shown(bar) == "second"
    bar.dismiss()
    assert shown(bar) == "first"
    bar.dismiss()
    assert bar.isHidden()
    bar.dismiss()


def test_a_notice_does_not_hide_errors_for_good(qtbot: QtBot) -> None:
    bus, bar = make(qtbot)
    bus.error("broken")
    bus.info("3 reports written")
    bus.info("4 reports written")
    assert [m.title for m in bar.messages] == ["broken", "4 reports written"]
    bar.dismiss()
    assert shown(bar) == "broken"


def test_what_is_said_of_a_file_goes_when_another_is_selected(qtbot: QtBot) -> None:
    bus, bar = make(qtbot)
    bus.error("disk full")
    bus.exception(OSError("a.npz is gone"), about="/a.npz")
    bus.info("a.npz changed", about="/a.npz")
    bar.show_file("/a.npz")
    assert shown(bar) == "a.npz changed"
    bar.show_file("/b.npz")
    assert [m.title for m in bar.messages] == ["disk full"]
    assert shown(bar) == "disk full"
    bus.info("a.npz changed", about="/a.npz")
    bar.show_file(None)
    assert shown(bar) == "disk full"


def test_a_name_cannot_turn_the_words_around(qtbot: QtBot) -> None:
    bus, bar = make(qtbot)
    bus.error("\u202ezpn.exe failed", "first\n\u202esecond")
    assert shown(bar) == "\\u202ezpn.exe failed"
    assert bar.messages[-1].details == "first\n\\u202esecond"


def test_markup_is_shown_as_text(qtbot: QtBot) -> None:
    bus, bar = make(qtbot)
    bus.error("<b>x</b> & y")
    assert shown(bar) == "<b>x</b> & y"


def test_details_can_be_copied(qtbot: QtBot) -> None:
    bus, bar = make(qtbot)
    bus.error("broken", "line 1\nline 2")
    bar.show_details()
    assert bar.dialog is not None
    bar.dialog.copy()
    assert QGuiApplication.clipboard().text() == "broken\n\nline 1\nline 2"
    bar.dialog.close()
