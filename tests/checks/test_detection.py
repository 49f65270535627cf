"""What was seen: few points, missing groups, points at (0, 0); on a person whose places are known."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.checks.detection import unseen
from inspector.checks.finding import Severity
from inspector.checks.judge import judge
from inspector.checks.rules import NONE, RULES, rank
from inspector.profiles import load_profile, load_skeleton
from tests.support.clips import Arrays, clip_arrays
from tests.support.measuring import findings, measured, profile

LEFT, RIGHT, FACE = slice(25, 46), slice(46, 67), slice(67, 78)
MINE = ("LOW_VISIBILITY", "GROUP_MISSING", "MASK_MISMATCH", "POINT_PINNED")


def xy(arrays: Arrays) -> npt.NDArray[np.float32]:
    """A view of X as points."""
    view: npt.NDArray[np.float32] = arrays["X"].reshape(len(arrays["X"]), 78, 2)
    return view


def test_a_clean_person_has_none_of_them() -> None:
    assert not set(findings(clip_arrays(60))) & set(MINE)


# --- few points --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("visible", "found"), [(10, False), (9, True)])
def test_low_visibility(visible: int, found: bool) -> None:
    arrays = clip_arrays()
    arrays["mask"][5:8, visible:] = False
    got = findings(arrays)
    assert ("LOW_VISIBILITY" in got) is found
    if found:
        assert (got["LOW_VISIBILITY"].severity, got["LOW_VISIBILITY"].frames) == (Severity.MEDIUM, ((5, 7),))
        assert "3 of 40 frames (8 %)" in got["LOW_VISIBILITY"].message


@pytest.mark.parametrize(("frames", "severity"), [(19, Severity.MEDIUM), (20, Severity.HIGH)])
def test_mostly_invisible_fails(frames: int, severity: Severity) -> None:
    arrays = clip_arrays()
    arrays["mask"][:frames, 5:] = False
    assert findings(arrays)["LOW_VISIBILITY"].severity is severity


def test_a_share_of_frames_may_be_allowed_to_show_few() -> None:
    arrays = clip_arrays()
    arrays["mask"][5:9, 5:] = False  # a tenth
    assert "LOW_VISIBILITY" in findings(arrays, profile(low_visibility_pct=9.9))
    assert "LOW_VISIBILITY" not in findings(arrays, profile(low_visibility_pct=10.0))


def test_how_many_are_few_is_a_matter_of_measuring() -> None:
    base = profile()
    by = msgspec.structs.replace(base, measuring=msgspec.structs.replace(base.measuring, low_visible_points=21))
    arrays = clip_arrays()
    arrays["mask"][5:8, 20:] = False
    assert "LOW_VISIBILITY" not in findings(arrays, base)
    assert findings(arrays, by)["LOW_VISIBILITY"].frames == ((5, 7),)


# --- groups ------------------------------------------------------------------------------------------------------


def missing(arrays: Arrays) -> list[tuple[Severity, str]]:
    by = profile()
    found = [f for f in judge(measured(arrays), by) if f.code == "GROUP_MISSING"]
    worst = rank(next(r for r in RULES if r.code == "GROUP_MISSING"), measured(arrays).values, by.limits)
    assert min((f.severity.rank for f in found), default=NONE) == worst
    return [(f.severity, f.message.split(" not ")[0]) for f in found]


def test_groups_weigh_what_they_mean() -> None:
    arrays = clip_arrays()
    assert missing(arrays) == []
    arrays["mask"][:, LEFT] = False
    assert missing(arrays) == [(Severity.LOW, "Left hand")]
    arrays["mask"][:, RIGHT] = False
    assert missing(arrays) == [(Severity.MEDIUM, "Left hand"), (Severity.MEDIUM, "Right hand")]
    arrays["mask"][:, FACE] = False
    assert [s for s, _ in missing(arrays)] == [Severity.MEDIUM] * 3
    arrays["mask"][:, :25] = False
    assert [s for s, _ in missing(arrays)] == [Severity.HIGH] * 4


def test_a_face_weighs_more_than_a_hand() -> None:
    arrays = clip_arrays()
    arrays["mask"][:, FACE] = False
    assert missing(arrays) == [(Severity.MEDIUM, "Face")]
    arrays["mask"][:, LEFT] = False
    assert missing(arrays) == [(Severity.MEDIUM, "Face"), (Severity.LOW, "Left hand")]


def test_group_missing_boundary_and_place() -> None:
    arrays = clip_arrays()
    arrays["mask"][:38, FACE] = False  # 95 %
    found = findings(arrays)["GROUP_MISSING"]
    assert (found.frames, found.points) == (((0, 37),), ((67, 77),))
    assert "95 %" in found.message
    arrays["mask"][37, 67] = True
    assert "GROUP_MISSING" not in findings(arrays)


def test_shares_of_groups_unseen() -> None:
    def of(**seen_pct: float) -> dict[str, Any]:
        shares = np.array([[100.0, share] for share in seen_pct.values()]).reshape(-1, 2)
        return {name: each[1] for name, each in unseen(list(seen_pct), shares).items()}

    assert of(pose=90.0, left_hand=20.0, right_hand=70.0, face=80.0) == {
        "unseen_any_pct": 80.0,
        "unseen_both_hands_pct": 30.0,
        "unseen_body_pct": 20.0,
        "unseen_all_pct": 10.0,
    }
    assert set(of().values()) == {None}
    assert of(pose=90.0)["unseen_both_hands_pct"] is None
    assert of(left_hand=1.0, right_hand=2.0)["unseen_body_pct"] is None


# --- visible, yet at (0, 0) --------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", [slice(50, 51), slice(0, 1), LEFT, FACE, slice(3, 9)])
def test_points_lost_with_the_mask_left_true(points: slice) -> None:
    arrays = clip_arrays(300)
    xy(arrays)[100:103, points] = 0
    found = findings(arrays)["MASK_MISMATCH"]
    assert (found.frames, found.points) == (((100, 102),), ((points.start, points.stop - 1),))
    assert found.severity is Severity.MEDIUM


@pytest.mark.parametrize("frames", [slice(0, 5), slice(35, 40), slice(0, 40)])
def test_points_lost_at_the_ends_of_a_clip(frames: slice) -> None:
    arrays = clip_arrays()
    xy(arrays)[frames, 60] = 0
    assert findings(arrays)["MASK_MISMATCH"].frames == ((frames.start, frames.stop - 1),)


def test_the_boundary_is_one_frame() -> None:
    arrays = clip_arrays()
    xy(arrays)[10, 50] = 0
    assert "MASK_MISMATCH" in findings(arrays)
    assert "MASK_MISMATCH" not in findings(arrays, profile(mask_mismatch_frames=2))
    arrays["mask"][10, 50] = False  # as undetected points are
    assert "MASK_MISMATCH" not in findings(arrays)


def leaving(step: float, frames: int = 60) -> Arrays:
    """A wrist that goes out of the picture by the corner at (0, 0) and comes back."""
    arrays = clip_arrays(frames)
    way = np.abs(np.arange(frames) - frames // 2) - 8
    track = np.clip(way * step, 0, 0.4)
    xy(arrays)[:, 22] = track[:, None]  # a thumb, joined to the wrist
    return arrays


def test_a_point_that_leaves_by_the_corner_belongs_there() -> None:
    arrays = leaving(0.05)
    values = measured(arrays).values
    assert values["visible_at_origin_pct"] > 0
    assert values["mismatch_frames"] == 0
    assert "MASK_MISMATCH" not in findings(arrays)


def test_a_point_that_goes_to_the_corner_from_afar_does_not() -> None:
    # 0.1 to each side is 0.14 away: 0.7 of the 0.2 from shoulder to shoulder
    assert findings(leaving(0.1))["MASK_MISMATCH"].frames == ((22, 38),)


def test_a_clip_that_starts_in_the_corner() -> None:
    arrays = leaving(0.03)
    cut = {name: values[30:] if isinstance(values, np.ndarray) else values for name, values in arrays.items()}
    assert not xy(cut)[0, 22].any()
    assert "MASK_MISMATCH" not in findings(cut)


def test_a_point_that_never_leaves_the_corner_is_excused_by_what_it_is_joined_to() -> None:
    arrays = clip_arrays()
    xy(arrays)[:, 22] = 0
    assert "MASK_MISMATCH" in findings(arrays)
    xy(arrays)[:, 16] = 0.03
    assert "MASK_MISMATCH" not in findings(arrays)


def test_where_it_is_is_in_the_series() -> None:
    arrays = clip_arrays()
    xy(arrays)[10:14, 50:52] = 0
    got = measured(arrays)
    assert np.flatnonzero(got.series["mismatch"]).tolist() == [10, 11, 12, 13]
    assert np.flatnonzero(got.details["mismatch_points"]).tolist() == [50, 51]


# --- any clip ----------------------------------------------------------------------------------------------------


@st.composite
def damaged(draw: st.DrawFn) -> Arrays:
    """A person with things done to the points, mask, clock and features that the checks look for, in any mixture."""
    frames = draw(st.integers(1, 40))
    arrays = clip_arrays(frames, features=draw(st.booleans()))
    spans = st.tuples(st.integers(0, frames), st.integers(0, frames), st.integers(0, 77), st.integers(0, 78))
    for first, last, low, high in draw(st.lists(spans, max_size=4)):
        kind = draw(st.sampled_from(["hide", "lose", "edge", "hold", "far", "nan", "time", "rows", "columns"]))
        span, points = slice(min(first, last), max(first, last)), slice(min(low, high), max(low, high))
        if kind == "hide":
            arrays["mask"][span, points] = False
        elif kind == "time":
            arrays["timestamps_ms"][span] += draw(st.integers(-300, 900))
        elif kind in ("rows", "columns") and "X2048" in arrays:
            columns = slice(None) if kind == "rows" else slice(20 * points.start, 20 * points.stop)
            rows = span if kind == "rows" else slice(None)
            arrays["X2048"][rows, columns] = draw(st.sampled_from([0.0, 0.5]))
        elif kind == "hold" and span.start < frames:
            xy(arrays)[span, points] = xy(arrays)[span.start, points]
        else:
            values = {"lose": 0.0, "far": 0.9, "nan": np.nan, "edge": 1.0}
            where = (..., 1) if kind == "edge" else (...,)
            xy(arrays)[span, points][where] = values.get(kind, 0.5)
    return arrays


@settings(deadline=None, max_examples=60)
@given(damaged(), st.sampled_from(["fslr-keypoints", "no skeleton", "another skeleton"]))
def test_a_finding_is_there_exactly_when_its_rule_says_so(arrays: Arrays, by: str) -> None:
    base = load_profile("fslr-keypoints")
    other = {"no skeleton": None, "another skeleton": load_skeleton("coco-17")}
    chosen = msgspec.structs.replace(base, skeleton=other.get(by, base.skeleton))
    got = measured(arrays, chosen)
    ranks: dict[str, int] = {}
    for found in judge(got, chosen):
        ranks[found.code] = min(ranks.get(found.code, NONE), found.severity.rank)
    for rule in RULES:
        assert ranks.get(rule.code, NONE) == rank(rule, got.values, chosen.limits), rule.code


def test_frames_and_points_are_those_of_the_clip() -> None:
    arrays: dict[str, Any] = clip_arrays()
    xy(arrays)[10:20, 30] = 0
    xy(arrays)[10:20, 55, 0] = 1
    for found in judge(measured(arrays), profile()):
        assert all(0 <= first <= last < 40 for first, last in found.frames)
        assert all(0 <= first <= last < 78 for first, last in found.points)
