"""Every finding: a clean clip has none, a planted defect is named where it is, and the boundary holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inspector.checks import CODES, Severity
from inspector.checks.judge import judge
from inspector.checks.judge_time import in_order
from tests.support.clips import clip_arrays
from tests.support.measuring import findings, measured, profile


def clip(**changes: Any) -> dict[str, Any]:
    return clip_arrays() | changes


def xy(arrays: dict[str, Any]) -> Any:
    return arrays["X"].reshape(len(arrays["X"]), 78, 2)


def test_clean() -> None:
    assert findings(clip()) == {}
    assert findings(clip_arrays(features=True), wanted=("transformer", "iv3")) == {}


@pytest.mark.parametrize(
    ("name", "array", "code"),
    [
        ("X", np.full((40, 154), 0.5, np.float32), "BAD_SHAPE"),
        ("X", clip_arrays()["X"].astype(np.float64), "BAD_DTYPE"),
        ("X", clip_arrays()["X"].astype(">f4"), "BAD_DTYPE"),
        ("mask", np.ones((40, 77), bool), "BAD_SHAPE"),
        ("mask", np.ones((40, 78), np.uint8), "BAD_DTYPE"),
        ("mask", np.ones((39, 78), bool), "LENGTH_MISMATCH"),
        ("timestamps_ms", np.arange(40, dtype=np.int32) * 33, "BAD_DTYPE"),
        ("timestamps_ms", np.arange(41, dtype=np.int64) * 33, "LENGTH_MISMATCH"),
    ],
)
def test_structure_names_the_array_and_blocks_the_target(name: str, array: Any, code: str) -> None:
    found = findings(clip(**{name: array}))
    assert found[code].severity is Severity.HIGH
    assert found[code].target == "transformer"
    assert name in found[code].message
    assert measured(clip(**{name: array})).issues["transformer"]


def test_length_mismatch_names_the_rows_without_a_partner() -> None:
    assert findings(clip(mask=np.ones((30, 78), bool)))["LENGTH_MISMATCH"].frames == ((30, 39),)


def test_empty_clip() -> None:
    arrays = clip_arrays(0)
    assert findings(arrays)["EMPTY_CLIP"].severity is Severity.CRITICAL
    assert measured(arrays).issues["transformer"] == ()  # as in the reference


@pytest.mark.parametrize("frames", [1, 2])
def test_very_short_clips_have_no_findings(frames: int) -> None:
    assert findings(clip_arrays(frames)) == {}


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        ("{", "no JSON"),
        ("[1]", "list"),
        (b"\xff", "not UTF-8"),
        ({"a": 1}, "dict"),
        (ValueError("<U1 of shape [2]"), "[2]"),
    ],
)
def test_bad_meta(meta: object, words: str) -> None:
    found = findings(clip(meta=meta))
    assert list(found) == ["BAD_META"]
    assert words in found["BAD_META"].message


def test_unexpected_array() -> None:
    found = findings(clip(extra=np.zeros(3)))
    assert found["UNEXPECTED_ARRAY"].severity is Severity.LOW
    assert "extra" in found["UNEXPECTED_ARRAY"].message


def test_non_finite_names_frames_and_points() -> None:
    arrays = clip()
    xy(arrays)[4:7, 9, 1] = np.nan
    xy(arrays)[30, 3, 0] = np.inf
    found = findings(arrays)["NON_FINITE"]
    assert (found.frames, found.points) == (((4, 6), (30, 30)), ((3, 3), (9, 9)))
    assert "NaN and infinity in 4 of" in found.message


def test_non_finite_features_do_not_fail_a_clip_that_does_not_need_them() -> None:
    arrays = clip_arrays(features=True)
    arrays["X2048"][5, 5] = np.nan
    assert findings(arrays, wanted=("transformer", "iv3"))["NON_FINITE"].severity is Severity.HIGH
    assert findings(arrays, wanted=("transformer",))["NON_FINITE"].severity is Severity.MEDIUM


def test_out_of_range_boundary() -> None:
    arrays = clip()
    xy(arrays)[:, 8, 0] = 1.0
    assert "OUT_OF_RANGE" not in findings(arrays)
    xy(arrays)[12, 8, 0] = np.nextafter(np.float32(1), np.float32(2))
    found = findings(arrays)["OUT_OF_RANGE"]
    assert (found.frames, found.points) == (((12, 12),), ((8, 8),))


def test_constant() -> None:
    arrays = clip()
    arrays["X"][:] = arrays["X"][0]
    assert "CONSTANT_ARRAY" in findings(arrays)
    arrays["X"][39, 0] += np.float32(1e-3)
    assert "CONSTANT_ARRAY" not in findings(arrays)


def test_nothing_detected_at_all_fails_though_the_reference_calls_it_ready() -> None:
    arrays = clip(X=np.zeros((40, 156), np.float32), mask=np.zeros((40, 78), bool))
    by = profile()
    assert measured(arrays).issues["transformer"] == ()
    worst = judge(measured(arrays, by), by, ("transformer",))[0]
    assert worst.severity is Severity.HIGH


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_points_that_are_no_numbers_are_not_seen(value: float) -> None:
    arrays = clip()
    xy(arrays)[5:15, 25:46, 0] = value  # the left hand, in ten of forty frames
    found = measured(arrays)
    assert found.values["seen_left_hand_pct"] == 75
    _, left, *_ = found.details["group_seen"]
    assert not left[5:15].any()
    assert left.sum() == 30


def test_a_teleport_is_a_spike() -> None:
    arrays = clip()
    xy(arrays)[17, 46:67] += np.float32(0.4)
    found = findings(arrays)["SPEED_SPIKE"]
    assert (found.frames, found.points) == (((17, 17),), ((46, 66),))  # away in one frame


def test_appearing_from_the_origin_is_no_spike() -> None:
    arrays = clip()
    arrays["mask"][10:20, 25:67] = False
    xy(arrays)[10:20, 25:67] = 0
    assert "SPEED_SPIKE" not in findings(arrays)
    assert "BONE_JUMP" not in findings(arrays)
    assert measured(arrays).reference["vel_spike_frames"] > 0  # what the reference makes of it


def test_speed_is_in_body_sizes_per_second() -> None:
    arrays = clip_arrays(30)
    points = xy(arrays)
    points[:] = 0.5
    points[:, 11], points[:, 12] = (0.4, 0.5), (0.6, 0.5)  # shoulders 0.2 apart
    points[:, 40, 0] = 0.2 + np.arange(30) * 0.01  # 0.01 per frame = 0.05 bodies x 30 frames/s
    arrays["timestamps_ms"] = np.arange(30, dtype=np.int64) * 100 // 3
    values = measured(arrays).values
    assert values["body_size"] == pytest.approx(0.2, rel=1e-5)
    assert values["speed_max"] == pytest.approx(1.5, rel=0.05)


def test_a_bone_that_jumps() -> None:
    arrays = clip()
    points = xy(arrays)
    length = np.linalg.norm(points[0, 13] - points[0, 15])
    points[20, 15] = points[20, 13] + (points[20, 15] - points[20, 13]) * (1 + 2.5)
    points[:] = np.clip(points, 0, 1)
    assert length > 0
    found = findings(arrays)
    assert found["BONE_JUMP"].frames == ((20, 21),)
    assert found["BONE_JUMP"].points == ((13, 13), (15, 15))


@pytest.mark.parametrize(("run", "found"), [(2, False), (3, True)])
def test_frozen_frames(run: int, found: bool) -> None:
    arrays = clip()
    arrays["X"][10 : 11 + run] = arrays["X"][10]
    got = findings(arrays)
    assert ("FROZEN_FRAMES" in got) is found
    if found:
        assert got["FROZEN_FRAMES"].frames == ((11, 10 + run),)


def test_a_moved_limit_moves_the_verdict_without_measuring_again() -> None:
    arrays = clip()
    arrays["mask"][:32, 25:46] = False
    once = measured(arrays)
    assert not [f for f in judge(once, profile()) if f.code == "GROUP_MISSING"]
    assert [f for f in judge(once, profile(group_missing_pct=80.0)) if f.code == "GROUP_MISSING"]


def test_every_code_has_words() -> None:
    for code, words in CODES.items():
        assert code == code.upper()
        assert words.title
        assert words.meaning.endswith((".", "!"))
        assert words.advice.endswith((".", "!"))


def test_clocks_in_order_together_or_alone() -> None:
    fine = np.array([0, 33, 66])
    clocks = {
        "fine": (fine, True),
        "one frame": (fine[:1], True),
        "no frames": (fine[:0], True),
        "absent": (None, True),
        "before zero": (fine - 1, False),
        "one before zero": (fine[:1] - 1, False),
        "again": (np.array([0, 33, 33]), False),
        "backward": (np.array([0, 66, 33]), False),
        "late": (fine + 10**9, True),
        "too large to tell apart": (fine + 2**53, False),
        "another type": (fine.astype(np.float64), False),
    }
    assert in_order([clock for clock, _ in clocks.values()]) == [expected for _, expected in clocks.values()]
    assert {name: in_order([clock]) for name, (clock, _) in clocks.items()} == {n: [e] for n, (_, e) in clocks.items()}
    assert in_order([]) == []
