"""Verdicts under other limits: columns against plain Python, record by record."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.audit import Record, audit_file
from inspector.checks import Finding, Severity, Status
from inspector.checks.rules import METRICS, NONE, RULES, rank
from inspector.gui.models.file_columns import COLUMNS
from inspector.gui.models.file_table import PENDING, FileTable, Filter, Selection
from inspector.profiles import Limits, load_profile
from tests.gui.support import record
from tests.support.judged import judged_record, plain_status

PROFILE = "fslr-keypoints"
NAMES = {PROFILE}
KEPT = Limits(speed_spike=25.0, group_missing_pct=95.0)


def table_of(records: list[Record]) -> FileTable:
    table = FileTable()
    table.append([r.path for r in records])
    table.set_records(range(len(records)), records)
    table.arrange()
    return table


def synthetic(count: int, seed: int, limits: Limits = KEPT) -> list[Record]:
    rng = np.random.default_rng(seed)
    return [judged_record(f"/r/{k}", rng, limits) for k in range(count)]


def picture(table: FileTable) -> tuple[list[int], list[int], dict[str, list[bool]], dict[str, int]]:
    codes = {rule.code: table.has_code(rule.code).tolist() for rule in RULES}
    return table.status.tolist(), table.counts.tolist(), codes, dict(table.code_counts)


@st.composite
def other_limits(draw: st.DrawFn) -> Limits:
    shares = st.floats(0, 100)
    return msgspec.structs.replace(
        KEPT,
        speed_spike=draw(st.floats(0.1, 100)),
        camera_cut=draw(st.floats(0.01, 2)),
        bone_jump=draw(st.floats(0.1, 4)),
        jitter=draw(st.floats(0.01, 0.5)),
        group_missing_pct=draw(shares),
        low_visibility_pct=draw(shares),
        low_visibility_fail_pct=draw(shares),
        frozen_frames=draw(st.integers(1, 30)),
        swap_frames=draw(st.integers(1, 5)),
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9999))
def test_own_limits_change_nothing(seed: int) -> None:
    table = table_of(synthetic(60, seed))
    before = picture(table)
    flips = table.rejudge(KEPT, NAMES)
    assert flips.changed == 0
    assert picture(table) == before
    assert flips.counts.sum() == np.count_nonzero(table.status != Status.ERROR.rank)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9999), other_limits())
def test_other_limits_judge_as_plain_python_does(seed: int, limits: Limits) -> None:
    records = synthetic(60, seed)
    table = table_of(records)
    flips = table.rejudge(limits, NAMES)
    expected = [plain_status(r, limits).rank for r in records]
    assert table.status.tolist() == expected
    changed = [row for row, r in enumerate(records) if r.status.rank != expected[row]]
    assert flips.rows.tolist() == changed
    assert flips.before.tolist() == [records[row].status.rank for row in changed]
    assert flips.after.tolist() == [expected[row] for row in changed]
    for rule in RULES:
        held = [rank(rule, r.measurements, limits) != NONE for r in records]
        assert table.has_code(rule.code).tolist() == held
        assert table.code_counts.get(rule.code, 0) == sum(held)
    governed = {rule.code for rule in RULES}
    for row, r in enumerate(records):
        codes = [f.code for f in r.findings]
        held_by = [rule.code for rule in RULES if rank(rule, r.measurements, limits) != NONE]
        fixed = sum(code not in governed for code in codes)
        assert table.counts[row] == fixed + sum(max(codes.count(code), 1) for code in held_by)
    assert table.flips(limits, NAMES, KEPT).rows.tolist() == changed
    back = table.rejudge(KEPT, NAMES, since=limits)
    assert back.rows.tolist() == changed
    assert picture(table) == picture(table_of(records))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9999), other_limits())
def test_who_is_not_affected_has_the_same_findings(seed: int, limits: Limits) -> None:
    records = synthetic(60, seed)
    affected = set(table_of(records).affected(KEPT, limits, NAMES).tolist())
    for row, r in enumerate(records):
        ranks = [[rank(rule, r.measurements, each) for rule in RULES] for each in (KEPT, limits)]
        assert row in affected or ranks[0] == ranks[1]


def test_a_finding_whose_words_change_is_affected_though_its_code_stays() -> None:
    fast = Record("/r/a", Status.WARN, PROFILE, measurements={"spike_max": 60.0})
    slow = Record("/r/b", Status.PASS, PROFILE, measurements={"spike_max": 3.0})
    table = table_of([fast, slow])
    assert table.affected(KEPT, msgspec.structs.replace(KEPT, speed_spike=30.0), NAMES).tolist() == [0]
    assert table.affected(KEPT, KEPT, NAMES).tolist() == []


def test_every_limit_is_one_that_a_rule_reads() -> None:
    """Else moving it would have to measure all files again: see `affected`."""
    assert {level.limit for rule in RULES for level in rule.levels} == set(Limits.__struct_fields__)


def test_files_that_errors_other_profiles_or_nobody_judged_stay() -> None:
    fast = {"spike_max": 99.0}
    records = [
        Record("/r/error", Status.ERROR, PROFILE, measurements=fast, error="broken"),
        Record("/r/other", Status.PASS, "mine", measurements=fast),
        Record("/r/judged", Status.PASS, PROFILE, measurements=fast),
    ]
    table = table_of(records)
    table.append(["/r/pending"])
    flips = table.rejudge(KEPT, NAMES)
    assert table.status.tolist() == [Status.ERROR.rank, Status.PASS.rank, Status.WARN.rank, PENDING]
    assert table.judged_by(NAMES).tolist() == [False, False, True, False]
    assert table.counts.tolist() == [0, 0, 1, 0]
    assert flips.moved(Status.PASS, Status.WARN) == flips.changed == 1
    table.forget(np.array([2]))
    assert table.code_counts == {}
    assert not table.has_code("SPEED_SPIKE").any()


def test_a_verdict_without_its_measurement_stays() -> None:
    old = record("/r/old", Status.WARN, "SPEED_SPIKE")  # of a report that knows nothing of spike_max
    table = table_of([old])
    assert table.base.tolist() == [Severity.MEDIUM.rank]
    assert table.rejudge(msgspec.structs.replace(KEPT, speed_spike=1000.0), NAMES).changed == 0
    assert table.has_code("SPEED_SPIKE").all()


def test_a_target_that_is_not_ready_fails_whatever_the_limits_are() -> None:
    unready = Record("/r/a", Status.FAIL, PROFILE, issues={"t": ("no X",)}, wanted=("t",))
    unwanted = Record("/r/b", Status.PASS, PROFILE, issues={"t": ("no X",)})
    table = table_of([unready, unwanted])
    assert table.base.tolist() == [Severity.HIGH.rank, NONE]
    table.rejudge(KEPT, NAMES)
    assert table.status.tolist() == [Status.FAIL.rank, Status.PASS.rank]


def test_real_clips_keep_their_verdicts_under_their_own_limits(shared_data: Path) -> None:
    records = [audit_file(str(path)) for path in sorted((shared_data / "clips").rglob("*.npz"))[::35]]
    table = table_of(records)
    before = picture(table)
    assert table.rejudge(load_profile(PROFILE).limits, NAMES).changed == 0
    assert picture(table) == before
    for name in ("T", "coverage_pct", "speed_p95"):
        said = [r.fields.get(name, r.measurements.get(name)) for r in records]
        np.testing.assert_array_equal(table.columns[name], np.array(said, np.float64))


def test_columns_hold_what_records_say_and_nan_for_the_rest() -> None:
    first = Record("/r/a", Status.PASS, PROFILE, {"T": 7}, measurements={"spike_max": 2, "seen_face_pct": 40.5})
    odd = Record("/r/b", Status.PASS, PROFILE, {"T": "seven"}, measurements={"spike_max": [1], "jitter_max": 10**400})
    table = table_of([first, odd])
    table.append(["/r/c"])
    assert set(COLUMNS) | {"seen_face_pct"} == set(table.columns)
    assert set(METRICS) <= set(COLUMNS)
    np.testing.assert_array_equal(table.columns["T"], [7, np.nan, np.nan])
    np.testing.assert_array_equal(table.columns["spike_max"], [2, np.nan, np.nan])
    np.testing.assert_array_equal(table.columns["jitter_max"], [np.nan] * 3)
    np.testing.assert_array_equal(table.columns["seen_face_pct"], [40.5, np.nan, np.nan])
    with pytest.raises(ValueError, match="read-only"):
        table.columns["T"][0] = 1
    table.forget(np.array([0]))
    assert all(np.isnan(column[0]) for column in table.columns.values())


def test_brush_and_class_are_further_filters() -> None:
    table = table_of([record(f"/r/{k}", Status.PASS if k % 2 else Status.WARN) for k in range(6)])
    table.set_classes({"/r/1": "b", "/r/2": "a", "/r/3": "a", "/r/9": "c"})
    assert table.classes == ("a", "b", "c")
    assert table.class_of.tolist() == [-1, 1, 0, 0, -1, -1]
    table.append(["/r/9"])
    assert table.class_of[6] == 2

    def listed(new: Filter) -> list[int]:
        table.set_filter(new)
        return list(table.arrange())

    brush = Selection.of([4, 1, 3, 3])
    assert brush.rows.tolist() == [1, 3, 4]
    assert listed(Filter(rows=brush)) == [1, 3, 4]
    assert listed(Filter(label="a")) == [2, 3]
    assert listed(Filter(label="nobody")) == []
    assert listed(Filter(frozenset({Status.PASS.rank}), text="3", rows=brush, label="a")) == [3]


def test_findings_of_one_code_that_are_several_stay_several() -> None:
    missing = [Finding("GROUP_MISSING", Severity.LOW, hand) for hand in ("left", "right")]
    found = Record("/r/a", Status.PASS, PROFILE, findings=tuple(missing), measurements={"unseen_any_pct": 97.0})
    table = table_of([found])
    assert table.rejudge(KEPT, NAMES).changed == 0
    assert table.counts.tolist() == [2]
    table.rejudge(msgspec.structs.replace(KEPT, group_missing_pct=98.0), NAMES)
    assert table.counts.tolist() == [0]
    table.rejudge(KEPT, NAMES)
    assert table.counts.tolist() == [2]
