"""The findings list: order, filter, what a click asks for, what an empty pane says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.audit.inspection import Inspection
from inspector.audit.record import Record
from inspector.checks.codes import CODES
from inspector.checks.finding import Finding, Ranges, Severity, Status
from inspector.gui.copies import Copy
from inspector.gui.models.findings import FindingsModel, finding_line, ranges_text, title_of, where_text
from inspector.gui.panes.findings import MOST_COPIED, FindingsPane
from inspector.gui.panes.findings_rows import wrapped
from inspector.gui.view import ViewState
from inspector.profiles.model import Profile
from tests.gui.support import finding
from tests.support.views import inspection_of, still_clip

PROFILE = Profile("p", "P", kind="keypoints")

FINDINGS = (
    Finding("SPEED_SPIKE", Severity.MEDIUM, "fast at frame 7", frames=((7, 7),)),
    Finding("NON_FINITE", Severity.CRITICAL, "X holds 3 NaN", "transformer", frames=((3, 5), (9, 9))),
    Finding("GROUP_MISSING", Severity.LOW, "left hand not detected", points=((25, 45),)),
    Finding("SPEED_SPIKE", Severity.MEDIUM, "fast at frame 40", frames=((40, 41),)),
    Finding("NOT_A_CODE", Severity.HIGH, "<b>bold</b>\nand more"),
)


def view(
    findings: tuple[Finding, ...] = FINDINGS,
    status: Status = Status.FAIL,
    *,
    finding: int | None = None,
    error: str | None = None,
    issues: dict[str, tuple[str, ...]] | None = None,
) -> ViewState:
    record = Record(
        "/d/clip.npz", status, findings=findings, error=error, issues=issues or {}, wanted=tuple(issues or ())
    )
    return ViewState("/d/clip.npz", inspection=Inspection("/d/clip.npz", record, PROFILE), finding=finding)


@pytest.fixture
def pane(qtbot: QtBot) -> FindingsPane:
    pane = FindingsPane()
    qtbot.addWidget(pane)
    pane.resize(320, 600)
    return pane


def shown(pane: FindingsPane) -> list[int]:
    return [pane.model.index_of_row(row) for row in range(pane.model.rowCount())]


def test_model_keeps_qts_rules(qapp: QApplication, qtmodeltester: ModelTester) -> None:
    model = FindingsModel()
    model.set_findings(FINDINGS)
    qtmodeltester.check(model, force_py=True)  # type: ignore[no-untyped-call]  # pytest-qt has no types here
    model.set_filter({Severity.MEDIUM}, None)
    model.set_findings(FINDINGS[:1])
    model.set_findings(())


@pytest.mark.parametrize(
    ("ranges", "text"),
    [((), ""), (((4, 4),), "4"), (((12, 15), (40, 40)), "12–15, 40"), (((1, 1), (3, 3), (5, 9)), "1, 3, … 1 more")],
)
def test_ranges_read_well(ranges: Ranges, text: str) -> None:
    assert ranges_text(ranges, 2) == text


def test_places_read_well() -> None:
    assert where_text(FINDINGS[0]) == "frame 7"
    assert where_text(FINDINGS[1]) == "frames 3–5, 9"
    assert where_text(FINDINGS[2]) == "points 25–45"
    assert where_text(FINDINGS[4]) == "whole file"
    assert finding_line(FINDINGS[4]) == "high\tNOT_A_CODE\t<b>bold</b> and more\twhole file"


def test_worst_first_then_as_in_the_record(pane: FindingsPane) -> None:
    pane.show_view(view())
    assert shown(pane) == [1, 4, 0, 3, 2]


def test_a_click_asks_for_the_index_in_the_record(pane: FindingsPane, qtbot: QtBot) -> None:
    pane.show_view(view())
    pane.show()
    middle = pane.list.visualRect(pane.model.index(2)).center()
    with qtbot.waitSignal(pane.finding_requested) as asked:
        QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert asked.args == [0]


def test_enter_asks_once_and_arrows_only_describe(pane: FindingsPane, qtbot: QtBot) -> None:
    asked: list[int] = []
    pane.finding_requested.connect(asked.append)
    pane.show_view(view(finding=1))
    with qtbot.waitExposed(pane):
        pane.show()
    pane.list.setFocus()
    QTest.keyClick(pane.list, Qt.Key.Key_Down)
    assert asked == []
    assert "NOT_A_CODE" in pane.detail.toPlainText()
    QTest.keyClick(pane.list, Qt.Key.Key_Return)
    assert asked == [4]


def test_the_current_finding_is_selected_and_in_sight_without_asking_back(pane: FindingsPane) -> None:
    asked: list[int] = []
    pane.finding_requested.connect(asked.append)
    many = FINDINGS * 30
    pane.show_view(view(many))
    pane.show()
    state = view(many, finding=len(many) - 3)
    pane.show_view(state)
    row = pane.model.row_of_index(len(many) - 3)
    assert row == len(many) - 1
    assert pane.list.currentIndex().row() == row
    assert pane.list.viewport().rect().intersects(pane.list.visualRect(pane.list.currentIndex()))
    assert asked == []


def test_severities_and_kinds_filter_and_show_all_ends_it(pane: FindingsPane) -> None:
    pane.show_view(view())
    pane.show()
    assert pane.chips[Severity.MEDIUM].text() == "2"
    pane.chips[Severity.MEDIUM].click()
    assert shown(pane) == [1, 4, 2]
    assert pane.shown.text() == "3 of 5 shown"
    pane.chips[Severity.MEDIUM].click()
    pane.codes.setCurrentIndex(pane.codes.findData("SPEED_SPIKE"))
    assert shown(pane) == [0, 3]
    pane.show_all_button.click()
    assert shown(pane) == [1, 4, 0, 3, 2]
    assert not pane.shown.isVisible()


def test_the_kind_is_kept_only_where_the_next_file_has_it(pane: FindingsPane) -> None:
    pane.show_view(view())
    pane.codes.setCurrentIndex(pane.codes.findData("SPEED_SPIKE"))
    pane.show_view(view(FINDINGS[:3]))
    assert shown(pane) == [0]
    pane.show_view(view(FINDINGS[1:3]))
    assert shown(pane) == [0, 1]


def test_a_finding_that_the_filter_hides_is_not_selected(pane: FindingsPane) -> None:
    pane.show_view(view(finding=0))
    pane.chips[Severity.MEDIUM].click()
    assert not pane.list.currentIndex().isValid()
    pane.chips[Severity.MEDIUM].click()
    assert pane.list.currentIndex().row() == 2


def test_it_says_what_a_finding_means_and_what_to_do(pane: FindingsPane) -> None:
    pane.show_view(view(finding=1))
    text = pane.detail.toPlainText()
    words = CODES["NON_FINITE"]
    for part in (words.title, words.meaning, words.advice, "frames 3–5, 9", "transformer"):
        assert part in text


def test_words_from_a_file_are_never_markup(pane: FindingsPane) -> None:
    assert title_of("NOT_A_CODE") == "NOT_A_CODE"
    pane.show_view(view((Finding("<i>X</i>", Severity.LOW, "<img src='x'>"),), finding=0))
    assert "<i>X</i>" in pane.detail.toPlainText()
    assert "&lt;img" in pane.model.index(0).data(Qt.ItemDataRole.ToolTipRole)


def test_copy(pane: FindingsPane, qtbot: QtBot) -> None:
    pane.show_view(view(finding=3))
    with qtbot.waitExposed(pane):
        pane.show()
    pane.list.setFocus()
    QTest.keyClick(pane.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == finding_line(FINDINGS[3])
    pane.copy_button.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "/d/clip.npz"
    assert lines[1:] == [finding_line(FINDINGS[i]) for i in (1, 4, 0, 3, 2)]


@pytest.mark.parametrize(
    ("state", "words", "listed"),
    [
        (ViewState(), "Select a file", False),
        (ViewState("/d/x.npz", loading=True), "Reading…", False),
        (view((), Status.PASS), "No findings", False),
        (view((), Status.FAIL, issues={"iv3": ("X2048 missing",)}), "Not ready\niv3: X2048 missing", False),
        (
            view((Finding("UNREADABLE", Severity.CRITICAL, "cut short"),), Status.ERROR, error="cut short"),
            "cut short",
            False,
        ),
        (view(FINDINGS[:1], Status.ERROR, error="array missing"), "array missing", True),
        (view(), None, True),
    ],
)
def test_what_it_says_without_rows(pane: FindingsPane, state: ViewState, words: str | None, listed: bool) -> None:
    pane.show_view(view())
    pane.show_view(state)
    pane.show()
    assert pane.notice.isVisible() == (words is not None)
    if words:
        assert words in pane.notice.words
    assert pane.list.isVisible() == listed


def test_what_could_not_be_measured_is_said_beside_the_findings(pane: FindingsPane) -> None:
    pane.show_view(view(FINDINGS[:1], Status.WARN, error="timestamps are text"))
    pane.show()
    assert pane.remark.isVisible()
    assert "timestamps are text" in pane.remark.text()


def test_nothing_is_rebuilt_when_only_the_frame_moves(pane: FindingsPane, qtbot: QtBot) -> None:
    state = view(finding=1)
    pane.show_view(state)
    with qtbot.assertNotEmitted(pane.model.modelReset):
        pane.show_view(ViewState(state.path, inspection=state.inspection, frame=9, finding=1))


def test_a_hundred_thousand_rows_are_not_measured_one_by_one(
    pane: FindingsPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tuple(Finding("SPEED_SPIKE", Severity.MEDIUM, f"frame {i}", frames=((i, i),)) for i in range(100_000))
    read: list[int] = []
    original = FindingsModel.data

    def counted(self: FindingsModel, index: QModelIndex, role: int) -> object:
        read.append(index.row())
        return original(self, index, role)

    monkeypatch.setattr(FindingsModel, "data", counted)
    pane.show()
    pane.show_view(view(many, Status.WARN, finding=99_999))
    pane.grab()
    assert pane.model.rowCount() == 100_000
    assert pane.list.currentIndex().row() == 99_999
    assert len(set(read)) < 50


def test_copying_very_many_findings_is_bounded(pane: FindingsPane) -> None:
    many = tuple(Finding("SPEED_SPIKE", Severity.MEDIUM, f"frame {i}") for i in range(MOST_COPIED + 1234))
    pane.show_view(view(many, Status.WARN))
    pane.copy_all()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 1 + MOST_COPIED + 1
    assert lines[-1].startswith("and 1,234 more")


def test_rows_are_as_high_as_their_messages(pane: FindingsPane) -> None:
    pane.show()
    pane.show_view(view((Finding("BAD_META", Severity.LOW, "short"), Finding("BAD_META", Severity.LOW, "long " * 40))))
    heights = [pane.list.rowHeight(row) for row in (0, 1)]
    assert heights[0] < heights[1]
    pane.resize(900, 600)
    pane.grab()
    assert pane.list.rowHeight(1) < heights[1]


@pytest.mark.parametrize("text", ["", "one", "a " * 300, "x" * 900, "\U0001f600 " * 200])
def test_wrapping_keeps_to_its_lines_and_loses_nothing_but_the_end(pane: FindingsPane, text: str) -> None:
    lines = wrapped(text, pane.font(), 200, 3)
    assert 1 <= len(lines) <= 3
    joined = "".join(lines).replace(" ", "")
    assert text.replace(" ", "").startswith(joined.rstrip("…"))


def test_copies_are_compared_from_the_finding_that_tells_of_them(pane: FindingsPane, qtbot: QtBot) -> None:
    inspection = inspection_of(still_clip())
    told = (finding("SPEED_SPIKE", 3), finding("DUPLICATE_FILE"))
    inspection = replace(inspection, record=replace(inspection.record, findings=told))
    alone = ViewState(inspection.path, inspection=inspection, finding=1)
    pane.show_view(alone)
    pane.show()
    assert not pane.compare.isVisible()
    copied = replace(alone, copies=(Copy("x", exact=True),))
    pane.show_view(copied)
    assert pane.compare.isVisible()
    with qtbot.waitSignal(pane.comparing_changed) as asked:
        pane.compare.click()
    assert asked.args == [True]
    pane.show_view(replace(copied, comparing=True))
    with qtbot.waitSignal(pane.comparing_changed) as asked:
        pane.compare.click()
    assert asked.args == [False]
    pane.show_view(replace(copied, finding=0))
    assert not pane.compare.isVisible()


def test_a_file_that_is_not_there_is_called_so(pane: FindingsPane) -> None:
    words = "labels.csv, line 3 names it, and there is no such file"
    missing = Finding("FILE_MISSING", Severity.HIGH, words)
    inspection = inspection_of(None)
    record = replace(inspection.record, status=Status.ERROR, findings=(missing,), error=words)
    pane.show_view(ViewState(inspection.path, inspection=replace(inspection, record=record)))
    assert pane.notice.words.startswith(CODES["FILE_MISSING"].title)
