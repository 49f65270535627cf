"""The measurements table: groups, limits, digits, search, copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.audit import inspect_file
from inspector.audit.inspection import Inspection
from inspector.audit.record import Record
from inspector.checks.finding import Status
from inspector.gui.models.limits import limit_of, unit_of
from inspector.gui.models.measurements import (
    LIMIT,
    NAME,
    UNIT,
    VALUE,
    MeasurementsModel,
    groups_of,
    rows_tsv,
    value_text,
)
from inspector.gui.panes.measurements import MeasurementsPane
from inspector.gui.view import ViewState
from inspector.profiles.model import Limits, Profile, Target
from tests.support.clips import clip_arrays, save_clip

PROFILE = Profile(
    "p", "P", kind="keypoints", targets={"iv3": Target("IV3-GRU", ())}, limits=Limits(dead_features_pct=2.0)
)


def inspection(meta: str = "", **measured: Any) -> Inspection:
    record = Record(
        "/d/x.npz",
        Status.WARN,
        fields={"present": ["X", "mask", "timestamps_ms"], "T": 40, "X_has_nan": True, "vel_p95": 1234567.0},
        issues={"iv3": ("X2048 missing", "and more"), "transformer": ()},
        wanted=("transformer",),
        measurements=measured,
    )
    return Inspection("/d/x.npz", record, PROFILE, meta=meta)


def names(model: MeasurementsModel) -> list[str]:
    return [row.name for group in model.groups for row in group.rows]


@pytest.fixture
def pane(qtbot: QtBot) -> MeasurementsPane:
    pane = MeasurementsPane()
    qtbot.addWidget(pane)
    pane.resize(320, 600)
    return pane


def test_model_keeps_qts_rules(qapp: QApplication, qtmodeltester: ModelTester) -> None:
    model = MeasurementsModel()
    model.set_groups(groups_of(inspection(speed_p95=1.0)))
    qtmodeltester.check(model, force_py=True)  # type: ignore[no-untyped-call]  # pytest-qt has no types here
    model.set_search("speed")
    model.set_groups(())


@pytest.mark.parametrize(
    ("value", "short", "exact"),
    [
        (0.123456789, "0.1235", "0.123456789"),
        (12345.678, "12346", "12345.678"),
        (1e-7, "1e-07", "1e-07"),
        (float("nan"), "NaN", "NaN"),
        (None, "–", "not measured"),
        (True, "True", "True"),
        (2**60, str(2**60), str(2**60)),
        ([348, 156], "[348, 156]", "[348, 156]"),
        ("a\nb", r"a\nb", r"a\nb"),
    ],
)
def test_figures_are_short_in_the_cell_and_whole_in_the_tooltip(value: object, short: str, exact: str) -> None:
    assert value_text(value) == (short, exact)


@pytest.mark.parametrize(
    ("name", "value", "text", "exceeded"),
    [
        ("dead_features_pct", 2.0, "≤ 2", False),
        ("dead_features_pct", 2.1, "≤ 2", True),
        ("mismatch_frames", 0, "< 1", False),
        ("pinned_longest", 8, "< 8", True),
        ("speed_spike_frames", 1, "≤ 0", True),
        ("seen_face_pct", 5.0, "> 5", True),
        ("seen_face_pct", 5.1, "> 5", False),
        ("X_has_nan", True, "False", True),
        ("timestamps_monotonic", True, "True", False),
    ],
)
def test_limits_are_those_of_the_profile(name: str, value: object, text: str, exceeded: bool) -> None:
    limit = limit_of(name, value, PROFILE)
    assert limit is not None
    assert (limit.text, limit.exceeded) == (text, exceeded)


@pytest.mark.parametrize("value", [None, float("nan"), "text"])
def test_no_limit_without_a_number(value: object) -> None:
    assert limit_of("dead_features_pct", value, PROFILE) is None
    assert limit_of("no_such_measurement", 1, PROFILE) is None


def test_units() -> None:
    assert [unit_of(n) for n in ("coverage_pct", "duration_ms", "speed_max", "T", "X_dtype")] == [
        "%",
        "ms",
        "body/s",
        "frames",
        "",
    ]


def test_groups_and_marks() -> None:
    groups = groups_of(inspection(dead_features_pct=7.0, speed_p95=3.25))
    assert [g.title for g in groups] == ["Readiness", "Measurements", "Reference"]
    readiness = [(r.name, r.value, r.status) for r in groups[0].rows]
    assert readiness == [
        ("IV3-GRU", "not ready", Status.WARN),
        ("X2048 missing", "", None),
        ("and more", "", None),
        ("transformer", "ready", Status.PASS),
    ]
    assert [(r.name, r.status) for r in groups[1].rows] == [("dead_features_pct", Status.WARN), ("speed_p95", None)]


def test_a_wanted_target_that_is_not_ready_fails() -> None:
    record = Record("x", Status.FAIL, issues={"iv3": ("missing",)}, wanted=("iv3",))
    assert groups_of(Inspection("x", record, PROFILE))[0].rows[0].status is Status.FAIL


def test_cells(pane: MeasurementsPane) -> None:
    pane.show_view(ViewState("x", inspection=inspection(dead_features_pct=7.25)))
    model = pane.model
    group = model.index(1, 0)
    cells = [model.index(0, column, group) for column in (NAME, VALUE, UNIT, LIMIT)]
    assert [c.data() for c in cells] == ["dead_features_pct", "7.25", "%", "≤ 2"]
    assert cells[VALUE].data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert not cells[VALUE].data(Qt.ItemDataRole.DecorationRole).isNull()
    assert "beyond its limit" in cells[VALUE].data(Qt.ItemDataRole.AccessibleDescriptionRole)
    wide = model.index(0, NAME, model.index(2, 0))
    assert wide.data() == "present: [X, mask, timestamps_ms]"


def test_search_keeps_what_matches_and_stays_for_the_next_file(pane: MeasurementsPane, qtbot: QtBot) -> None:
    pane.show_view(ViewState("x", inspection=inspection(speed_p95=1.0, frozen_frames=0)))
    QTest.keyClicks(pane.search, "Speed")
    assert names(pane.model) == ["speed_p95"]
    pane.show_view(ViewState("y", inspection=inspection(speed_max=1.0)))
    assert names(pane.model) == ["speed_max"]
    pane.search.clear()
    assert "T" in names(pane.model)


def test_copy_holds_every_digit(pane: MeasurementsPane) -> None:
    pane.show_view(ViewState("x", inspection=inspection(speed_p95=1 / 3)))
    pane.copy_button.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Group\tName\tValue\tUnit\tLimit"
    assert "Measurements\tspeed_p95\t0.3333333333333333\tbody/s\t" in lines
    assert all(line.count("\t") == 4 for line in lines)
    assert rows_tsv(()) == lines[0] + "\n"


def test_metadata_folds_away(pane: MeasurementsPane) -> None:
    pane.show_view(ViewState("x", inspection=inspection(meta='{\n  "fps": 30\n}')))
    pane.show()
    assert pane.meta.isVisible()
    assert not pane.meta.text.isVisible()
    pane.meta.button.click()
    assert pane.meta.text.isVisible()
    assert "fps" in pane.meta.text.toPlainText()
    pane.show_view(ViewState("y", inspection=inspection()))
    assert not pane.meta.isVisible()


def test_headings_that_were_closed_stay_closed(pane: MeasurementsPane) -> None:
    pane.show_view(ViewState("x", inspection=inspection(speed_p95=1.0)))
    pane.table.collapse(pane.model.index(1, 0))
    pane.show_view(ViewState("y", inspection=inspection(speed_p95=2.0)))
    assert [pane.table.isExpanded(pane.model.index(row, 0)) for row in range(3)] == [True, False, True]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ViewState(), "Select a file"),
        (ViewState("x", loading=True), "Reading…"),
        (
            ViewState("x", inspection=Inspection("x", Record("x", Status.ERROR, error="cut short"), PROFILE)),
            "Nothing measured\ncut short",
        ),
    ],
)
def test_what_it_says_without_figures(pane: MeasurementsPane, state: ViewState, words: str) -> None:
    pane.show_view(ViewState("x", inspection=inspection()))
    pane.show_view(state)
    pane.show()
    assert not pane.table.isVisible()
    assert pane.notice.words == words


def test_the_frame_alone_changes_nothing(pane: MeasurementsPane, qtbot: QtBot) -> None:
    shown = inspection()
    pane.show_view(ViewState("x", inspection=shown))
    with qtbot.assertNotEmitted(pane.model.modelReset):
        pane.show_view(ViewState("x", inspection=shown, frame=3))


def test_a_real_clip_fills_it(pane: MeasurementsPane, tmp_path: Path) -> None:
    path = save_clip(tmp_path / "clip.npz", clip_arrays(features=True))
    pane.show_view(ViewState(str(path), inspection=inspect_file(str(path))))
    shown = names(pane.model)
    assert {"coverage_pct", "speed_p95", "bone_len_cv_pct"} <= set(shown)
    assert pane.model.index(0, 0, pane.model.index(0, 0)).data() == "Transformer"
    assert pane.model.parent(pane.model.index(0, 0)) == QModelIndex()
    assert "clean.mp4" in pane.meta.text.toPlainText()
