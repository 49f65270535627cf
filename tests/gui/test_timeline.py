from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPalette, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.checks.finding import Finding, Severity
from inspector.gui.panes.finding_marks import ROW
from inspector.gui.panes.timeline import TimelinePane
from inspector.gui.view import Playback, ViewState
from tests.support import hands
from tests.support.views import inspection_of, still_clip, view_of

FRAMES = 100
SPIKE = Finding("SPEED_SPIKE", Severity.MEDIUM, "2 frames too fast", frames=((20, 20), (60, 61)))
GAP = Finding("LOW_VISIBILITY", Severity.HIGH, "few points", frames=((10, 80),))
WHOLE = Finding("BAD_META", Severity.MEDIUM, "no meta")
SHIFT = Qt.KeyboardModifier.ShiftModifier


def view(**changes: Any) -> ViewState:
    series = {
        "visible": np.full(FRAMES, 5, np.float32),
        "speed": np.linspace(0, 3, FRAMES, dtype=np.float32),
    }
    series["speed"][0] = np.nan
    inspection = inspection_of(still_clip(FRAMES), findings=(SPIKE, GAP, WHOLE), series=series)
    return view_of(inspection=inspection, **changes)


class Heard(list[object]):
    """What a pane asked for, in order."""

    def __init__(self, pane: TimelinePane) -> None:
        super().__init__()
        pane.seek_requested.connect(self._hear("seek"))
        pane.finding_requested.connect(self._hear("finding"))
        pane.span_requested.connect(self._hear("span"))
        pane.scrub_started.connect(self._hear("start"))
        pane.scrub_ended.connect(self._hear("end"))

    def _hear(self, name: str) -> Callable[..., None]:
        def hear(*values: object) -> None:
            self.append((name, *values))

        return hear


@pytest.fixture
def pane(qtbot: QtBot) -> TimelinePane:
    pane = TimelinePane()
    qtbot.addWidget(pane)
    pane.resize(700, 240)
    pane.show_view(view())
    pane.show()
    return pane


def lanes_at(pane: TimelinePane, frame: int) -> QPoint:
    return QPoint(round(pane.axis.x(frame)), pane.height() // 2)


def mark_at(pane: TimelinePane, frame: int, row: int) -> QPoint:
    return QPoint(round(pane.axis.x(frame)), 4 + ROW * row + ROW // 2)


def test_press_and_drag_seek(pane: TimelinePane, qtbot: QtBot) -> None:
    heard = Heard(pane)
    hands.drag(pane, lanes_at(pane, 30), lanes_at(pane, 33))
    assert heard == [("start",), ("seek", 30), ("seek", 33), ("end",)]


def test_press_beside_the_frames_does_nothing(pane: TimelinePane, qtbot: QtBot) -> None:
    heard = Heard(pane)
    hands.click(pane, QPoint(10, 120))
    hands.click(pane, QPoint(690, 120))
    assert heard == []


def test_shift_and_drag_mark_a_span(pane: TimelinePane, qtbot: QtBot) -> None:
    heard = Heard(pane)
    hands.drag(pane, lanes_at(pane, 50), lanes_at(pane, 40), SHIFT)
    assert heard == [("span", (40, 50))]


def test_a_click_outside_clears_the_span_and_one_inside_keeps_it(pane: TimelinePane, qtbot: QtBot) -> None:
    pane.show_view(view(playback=Playback(span=(40, 50))))
    heard = Heard(pane)
    hands.click(pane, lanes_at(pane, 45))
    assert ("span", None) not in heard
    hands.click(pane, lanes_at(pane, 70))
    assert ("span", None) in heard


def test_escape_clears_the_span(pane: TimelinePane, qtbot: QtBot) -> None:
    heard = Heard(pane)
    hands.key(pane, Qt.Key.Key_Escape)
    pane.show_view(view(playback=Playback(span=(40, 50))))
    hands.key(pane, Qt.Key.Key_Escape)
    assert heard == [("span", None)]


def test_a_mark_leads_to_its_finding_and_frame(pane: TimelinePane, qtbot: QtBot) -> None:
    heard = Heard(pane)
    hands.click(pane, mark_at(pane, 60, row=1))  # motion
    hands.click(pane, mark_at(pane, 40, row=0))  # detection
    assert heard == [("finding", 0), ("seek", 60), ("finding", 1), ("seek", 10)]


def test_wheel_zooms_at_the_pointer_and_double_click_resets(pane: TimelinePane, qtbot: QtBot) -> None:
    at = lanes_at(pane, 70)
    hands.wheel(pane, at, 480)
    assert pane.axis.zoomed
    assert pane.axis.frame(at.x()) == 70
    hands.double_click(pane, at)
    assert not pane.axis.zoomed


def test_keys_zoom(pane: TimelinePane, qtbot: QtBot) -> None:
    hands.key(pane, Qt.Key.Key_Plus)
    assert pane.axis.zoomed
    hands.key(pane, Qt.Key.Key_0)
    assert not pane.axis.zoomed


def test_playback_out_of_sight_is_followed(pane: TimelinePane) -> None:
    pane.zoom(10, pane.axis.x(5))
    pane.show_view(view(frame=1))
    assert pane.axis.start < 60
    pane.show_view(replace(view(), frame=90))
    assert pane.axis.start <= 90 < pane.axis.stop


def test_zoom_and_lanes_follow_the_size(pane: TimelinePane, qtbot: QtBot) -> None:
    pane.zoom(5, pane.axis.x(50))
    before = pane.axis
    pane.resize(900, 300)
    assert (pane.axis.start, pane.axis.stop) == (before.start, before.stop)
    assert pane.axis.width > before.width


def test_only_the_cursor_is_painted_while_frames_pass(pane: TimelinePane, qtbot: QtBot) -> None:
    shown = view()
    pane.show_view(shown)
    pane.grab()
    picture = pane._picture
    assert isinstance(picture, QPixmap)
    pane.show_view(replace(shown, frame=1))
    pane.grab()
    assert pane._picture is picture
    pane.show_view(replace(shown, frame=1, finding=0))
    pane.grab()
    assert pane._picture is not picture


def test_dark_palette_is_painted_at_once(pane: TimelinePane) -> None:
    light = pane.grab().toImage().pixelColor(5, 100).lightness()
    palette = QPalette(QColor("#1E2124"))
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#E6E9ED"))
    pane.setPalette(palette)
    assert pane.grab().toImage().pixelColor(5, 100).lightness() < light


def test_tips_say_what_is_there(pane: TimelinePane) -> None:
    told = pane.tip(QPointF(mark_at(pane, 60, row=1)))
    assert "SPEED_SPIKE" in told
    assert "2 frames too fast" in told
    lane = pane.tip(QPointF(pane.axis.x(99), pane.height() - 60))
    assert "frame 99" in lane
    assert "3.0 sizes/s" in lane
    assert pane.tip(QPointF(pane.axis.x(50), pane.height() - 4)) == ""


def test_a_tip_tells_of_all_marks_that_lie_over_each_other(pane: TimelinePane) -> None:
    codes = ("SPEED_SPIKE", "BONE_JUMP", "JITTER", "FROZEN_FRAMES")
    many = tuple(Finding(code, Severity.MEDIUM, f"about {code}", frames=((60, 60),)) for code in codes)
    pane.show_view(view_of(inspection=inspection_of(still_clip(FRAMES), findings=many)))
    rows = [pane.tip(QPointF(mark_at(pane, 60, row))) for row in range(2)]
    assert "about SPEED_SPIKE" in rows[0]
    assert "about BONE_JUMP" in rows[0]


def test_words_in_place_of_lanes(pane: TimelinePane, qtbot: QtBot) -> None:
    pane.show_view(ViewState())
    assert pane.words == "Select a clip"
    pane.show_view(ViewState(path="a.npz", loading=True))
    assert pane.words == "Loading…"
    pane.show_view(view_of(inspection=inspection_of(None)))
    assert pane.words == "This file has no frames"
    heard = Heard(pane)
    hands.click(pane, QPoint(300, 100))
    hands.key(pane, Qt.Key.Key_Plus)
    pane.grab()
    assert heard == []


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_short_clips(pane: TimelinePane, qtbot: QtBot, frames: int) -> None:
    series = {"visible": np.ones(frames, np.float32), "speed": np.full(frames, np.nan, np.float32)}
    pane.show_view(view_of(inspection=inspection_of(still_clip(frames), series=series), frame=frames - 1))
    pane.zoom(4, 300)
    pane.grab()
    heard = Heard(pane)
    pane.show_view(view_of(inspection=inspection_of(still_clip(frames), series=series), frame=-1))
    hands.click(pane, lanes_at(pane, frames - 1))
    assert ("seek", frames - 1) in heard


def test_focus_from_the_keyboard_is_visible(pane: TimelinePane, qtbot: QtBot) -> None:
    corner = pane.grab().toImage().pixelColor(0, 100)
    QApplication.sendEvent(pane, focus(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert pane.grab().toImage().pixelColor(0, 100) != corner
    QApplication.sendEvent(pane, focus(QEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason))
    assert pane.grab().toImage().pixelColor(0, 100) == corner


def focus(kind: QEvent.Type, reason: Qt.FocusReason) -> QEvent:
    return QFocusEvent(kind, reason)
