from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from inspector.checks.codes import CODES
from inspector.checks.finding import Finding, Severity
from inspector.gui import theme
from inspector.gui.models.families import by_family, family_of, ordered, title_of
from inspector.gui.panes.finding_marks import ROW, FindingMarks, Hit
from inspector.gui.panes.time_axis import TimeAxis

AXIS = TimeAxis.whole(100, 0, 1000)

GAP = Finding("TIMESTAMP_GAP", Severity.MEDIUM, "a gap", frames=((40, 40),))
DARK = Finding("LOW_VISIBILITY", Severity.HIGH, "few points", frames=((10, 80),))
HAND = Finding("GROUP_MISSING", Severity.LOW, "no left hand", frames=((10, 80),))
SPIKE = Finding("SPEED_SPIKE", Severity.MEDIUM, "2 spikes", frames=((20, 20), (60, 61)))
BONE = Finding("BONE_JUMP", Severity.MEDIUM, "a bone", frames=((58, 64),))
WHOLE = Finding("BAD_META", Severity.MEDIUM, "no meta")


def at(marks: FindingMarks, frame: int, row: int) -> list[Hit]:
    return list(marks.at(QPointF(AXIS.x(frame), ROW * (row + 0.5)), 0, AXIS))


def painted(marks: FindingMarks) -> QImage:
    picture = QImage(1000, max(1, marks.height), QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    marks.paint(painter, 0, AXIS, theme.light_palette(), None)
    painter.end()
    return picture


def has_ink(picture: QImage, frame: int, row: int) -> bool:
    x, top = round(AXIS.x(frame)), ROW * row
    return any(picture.pixelColor(x, y) != QColor("white") for y in range(top, top + ROW))


def test_a_row_for_each_family_that_is_somewhere() -> None:
    marks = FindingMarks((SPIKE, DARK, GAP, WHOLE, BONE))
    assert [row.title for row in marks.rows] == ["Time", "Detection", "Motion"]
    assert marks.height == 3 * ROW
    assert FindingMarks((WHOLE,)).rows == ()
    assert FindingMarks().height == 0


def test_broken_arrays_and_broken_values_share_a_row() -> None:
    short = Finding("LENGTH_MISMATCH", Severity.HIGH, "", frames=((90, 99),))
    nan = Finding("NON_FINITE", Severity.HIGH, "", frames=((3, 3),))
    assert [row.title for row in FindingMarks((short, nan)).rows] == ["Values"]


def test_codes_of_plugins_come_last() -> None:
    theirs = Finding("THEIR_OWN", Severity.CRITICAL, "", frames=((1, 1),))
    assert [row.title for row in FindingMarks((theirs, SPIKE)).rows] == ["Motion", "Other"]


def test_a_long_finding_does_not_hide_one_of_another_family(qtbot: QtBot) -> None:
    picture = painted(FindingMarks((DARK, SPIKE)))
    assert has_ink(picture, 60, row=0)
    assert has_ink(picture, 60, row=1)
    assert not has_ink(picture, 90, row=0)
    assert not has_ink(picture, 40, row=1)


def test_the_shortest_is_hit_first() -> None:
    marks = FindingMarks((SPIKE, DARK, WHOLE, BONE))
    assert at(marks, 60, row=1) == [Hit(0, 60), Hit(3, 58)]
    assert at(marks, 64, row=1) == [Hit(3, 58)]
    assert at(marks, 95, row=1) == []
    assert at(marks, 60, row=0) == [Hit(1, 10)]
    assert at(marks, 60, row=2) == at(marks, 60, row=-1) == []


def test_of_equally_long_ones_the_worse_is_hit_and_seen(qtbot: QtBot) -> None:
    marks = FindingMarks((HAND, DARK))
    assert [hit.finding for hit in at(marks, 50, row=0)] == [1, 0]
    bar = painted(marks).pixelColor(round(AXIS.x(50)), ROW // 2)
    red = theme.severity_colour(Severity.HIGH, theme.light_palette())
    assert abs(bar.hue() - red.hue()) < 8


def test_bands_of_a_hundred_thousand_ranges_are_at_most_one_a_pixel() -> None:
    many = Finding("SPEED_SPIKE", Severity.LOW, "", frames=tuple((k, k) for k in range(0, 200_000, 2)))
    axis = TimeAxis.whole(200_000, 70, 600)
    bands = FindingMarks((many,)).bands(0, axis)
    assert len(bands) <= 600
    assert bands[0][0] == 70
    assert bands[-1][1] == pytest.approx(670, abs=1)


def test_families_stand_in_the_order_of_the_codes() -> None:
    grouped = by_family(["SPEED_SPIKE", "BAD_META", "THEIR_OWN", "BONE_JUMP", "TIMESTAMP_GAP"])
    assert grouped == {
        "file": ["BAD_META"],
        "time": ["TIMESTAMP_GAP"],
        "motion": ["BONE_JUMP", "SPEED_SPIKE"],
        "other": ["THEIR_OWN"],
    }
    assert list(grouped) == ["file", "time", "motion", "other"]
    assert ordered(family_of(code) for code in np.random.default_rng(0).permutation(list(CODES))) == list(
        dict.fromkeys(code.family for code in CODES.values())
    )
    assert (title_of("SPEED_SPIKE"), title_of("THEIR_OWN")) == ("Speed spike", "THEIR_OWN")
