"""Points held at the picture's edge, or stuck: against a person who leaves the picture, which is no fault."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.checks.edges import SHORTEST
from inspector.checks.pinned import joined_points
from inspector.checks.runs import runs_of
from inspector.profiles import load_skeleton
from tests.support.clips import Arrays, clip_arrays
from tests.support.measuring import findings, measured, profile

HAND = slice(46, 67)


def xy(arrays: Arrays) -> npt.NDArray[np.float32]:
    """A view of X as points."""
    view: npt.NDArray[np.float32] = arrays["X"].reshape(len(arrays["X"]), 78, 2)
    return view


def moved(frames: int, way: npt.NDArray[Any], points: Any = slice(None)) -> Arrays:
    """A person of whom some points go a way, (T, 2), clipped at the picture's edge."""
    arrays = clip_arrays(frames)
    xy(arrays)[:, points] = np.clip(xy(arrays)[:, points] + way[:, None], 0, 1)
    return arrays


def down(frames: int, depth: float) -> npt.NDArray[np.float64]:
    """Down by a depth and up again."""
    return np.column_stack([np.zeros(frames), depth * np.sin(np.pi * np.arange(frames) / (frames - 1))])


def pinned(arrays: Arrays, **limits: Any) -> Any:
    return findings(arrays, profile(**limits)).get("POINT_PINNED")


# --- at the edge -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", [0, 9, 13, 16, 24, 29, 46, 60, 70, 75])
@pytest.mark.parametrize(("axis", "edge"), [(0, 0.0), (0, 1.0), (1, 0.0), (1, 1.0)])
def test_a_point_that_jumps_to_the_edge(point: int, axis: int, edge: float) -> None:
    arrays = clip_arrays(60)
    xy(arrays)[20:35, point, axis] = edge
    found = pinned(arrays)
    assert (found.frames, found.points) == (((20, 34),), ((point, point),))
    assert "for 15 frames from frame 20" in found.message


@pytest.mark.parametrize(("frames", "found"), [(7, False), (8, True)])
def test_the_boundary(frames: int, found: bool) -> None:
    arrays = clip_arrays()
    xy(arrays)[20 : 20 + frames, 60, 0] = 1
    assert (pinned(arrays) is not None) is found
    assert measured(arrays).values["pinned_longest"] == frames
    assert pinned(arrays, pinned_frames=frames) is not None


def test_runs_too_short_to_be_looked_at() -> None:
    arrays = clip_arrays()
    xy(arrays)[20 : 20 + SHORTEST - 1, 60, 0] = 1
    assert measured(arrays).values["pinned_longest"] == 0


def test_in_a_corner() -> None:
    arrays = clip_arrays()
    xy(arrays)[20:30, 60] = 1
    assert pinned(arrays).points == ((60, 60),)


def test_several_points_at_once() -> None:
    arrays = clip_arrays(60)
    xy(arrays)[10:20, [3, 50, 70], 1] = 0
    found = pinned(arrays)
    assert found.points == ((3, 3), (50, 50), (70, 70))
    assert "3 points in all" in found.message


@pytest.mark.parametrize("point", [0, 16, 29, 46, 60])
def test_for_the_whole_clip(point: int) -> None:
    arrays = clip_arrays(60)
    xy(arrays)[:, point, 0] = 0
    assert pinned(arrays).frames == ((0, 59),)


def test_seen_only_while_pinned() -> None:
    arrays = clip_arrays(60)
    arrays["mask"][:, 60] = False
    arrays["mask"][20:40, 60] = True
    xy(arrays)[:, 60, 0] = 1
    assert pinned(arrays).frames == ((20, 39),)


# --- a person who leaves the picture -----------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [0.25, 0.4, 0.6])
def test_a_person_who_goes_down_out_of_the_picture(depth: float) -> None:
    arrays = moved(90, down(90, depth))
    got = measured(arrays)
    assert got.values["edge_pct"] > 1
    assert got.values["pinned_longest"] == 0
    assert "POINT_PINNED" not in findings(arrays)


def test_an_arm_that_swings_out_fast() -> None:
    # 0.1 a frame is half a shoulder width: fast, but the arm's points go together.
    arrays = moved(60, down(60, 2.0), [14, 16, 18, 20, 22, *range(46, 67)])
    assert measured(arrays).values["edge_pct"] > 1
    assert pinned(arrays) is None


def test_hips_below_the_picture_all_the_time() -> None:
    arrays = moved(60, np.full((60, 2), [0, 0.22]))
    assert (xy(arrays)[:, 23:25, 1] == 1).all()
    assert pinned(arrays) is None


def test_one_hip_seen_and_below_the_picture_all_the_time() -> None:
    arrays = moved(60, np.full((60, 2), [0, 0.22]))
    arrays["mask"][:, 24] = False
    assert pinned(arrays) is None


def test_the_way_along_the_edge_does_not_matter() -> None:
    way = down(90, 0.4)
    way[:, 0] = 0.1 * np.sin(np.arange(90))
    assert pinned(moved(90, way)) is None


# --- stuck -------------------------------------------------------------------------------------------------------


def waving(frames: int = 60) -> Arrays:
    """A hand that goes to and fro by half a shoulder width."""
    return moved(frames, np.column_stack([0.1 * np.sin(np.arange(frames) / 5), np.zeros(frames)]), HAND)


@pytest.mark.parametrize("point", [46, 50, 57, 66])
def test_a_point_that_stays_while_its_hand_goes_on(point: int) -> None:
    assert pinned(waving()) is None
    arrays = waving()
    xy(arrays)[20:40, point] = xy(arrays)[20, point]
    found = pinned(arrays)
    assert (found.frames, found.points) == (((20, 39),), ((point, point),))


@pytest.mark.parametrize(("frames", "found"), [(7, False), (8, True)])
def test_the_boundary_of_stuck(frames: int, found: bool) -> None:
    arrays = waving()
    xy(arrays)[20 : 20 + frames, 57] = xy(arrays)[20, 57]
    assert (pinned(arrays) is not None) is found


def test_frozen_frames_are_another_matter() -> None:
    arrays = waving()
    arrays["X"][20:40] = arrays["X"][20]
    found = findings(arrays)
    assert "FROZEN_FRAMES" in found
    assert "POINT_PINNED" not in found


def test_a_point_that_is_late_after_frozen_frames_is_not_stuck() -> None:
    arrays = waving()
    arrays["X"][20:36] = arrays["X"][20]
    xy(arrays)[36:40, 57] = xy(arrays)[20, 57]
    assert measured(arrays).values["pinned_longest"] == 0


def test_nobody_moves() -> None:
    arrays = clip_arrays()
    arrays["X"][:] = arrays["X"][0]
    arrays["X"][:, 0] += np.linspace(0, 0.001, 40, dtype=np.float32)  # the tip of the nose, by half a hundredth
    assert pinned(arrays) is None


def test_a_corner_holds_a_clipped_point_still() -> None:
    way = np.column_stack([np.full(60, 0.7), down(60, 0.8)[:, 1]])
    arrays = moved(60, way, [16, 18, 20, 22, *range(46, 67)])
    held = (xy(arrays)[:, 60] == 1).all(axis=1)
    assert held.sum() > 10
    assert pinned(arrays) is None


def test_undetected_points_are_not_stuck() -> None:
    arrays = waving()
    arrays["mask"][10:40, 50:60] = False
    xy(arrays)[10:40, 50:60] = 0
    assert measured(arrays).values["pinned_longest"] == 0


# --- what it rests on --------------------------------------------------------------------------------------------


def test_without_a_skeleton_nothing_is_said() -> None:
    arrays = clip_arrays()
    xy(arrays)[20:30, 60, 0] = 1
    by = msgspec.structs.replace(profile(), skeleton=None)
    assert measured(arrays, by).values["pinned_longest"] is None
    assert "POINT_PINNED" not in findings(arrays, by)


def test_without_a_range_there_is_no_edge() -> None:
    base = profile()
    spec = msgspec.structs.replace(base.arrays["X"], range=None)
    by = msgspec.structs.replace(base, arrays=base.arrays | {"X": spec})
    arrays = clip_arrays()
    xy(arrays)[20:30, 60, 0] = 1
    got = measured(arrays, by)
    assert got.values["edge_pct"] is None
    assert got.values["pinned_longest"] == 0


def test_the_series_says_how_long_each_run_is() -> None:
    arrays = clip_arrays()
    xy(arrays)[10:20, 60, 0] = 1
    xy(arrays)[15:30, 70, 1] = 0
    got = measured(arrays).series["pinned"]
    assert got.tolist() == [0] * 10 + [10] * 5 + [15] * 15 + [0] * 10


def test_edge_share() -> None:
    arrays = clip_arrays()
    arrays["mask"][:20] = False
    xy(arrays)[20:30, 60, 0] = 1
    assert measured(arrays).values["edge_pct"] == pytest.approx(10 / (20 * 78) * 100)


def test_points_are_joined_by_bones_and_contours_or_by_their_group() -> None:
    joined = joined_points(load_skeleton("mediapipe-78"))
    assert set(joined[15]) - {15} == {13, 17, 19, 21, 25}
    assert {9, 0, 1} <= set(joined[10])
    assert set(joined[75]) - {75} <= set(range(67, 78))
    assert len(set(joined[75])) > 4


@settings(deadline=None)
@given(
    st.lists(st.lists(st.booleans(), min_size=9, max_size=9), min_size=0, max_size=4),
    st.integers(1, 4),
)
def test_runs_cover_what_is_true(rows: list[list[bool]], shortest: int) -> None:
    where = np.array(rows, bool).reshape(len(rows), 9)
    covered = np.zeros_like(where)
    for row, first, last in zip(*runs_of(where, shortest), strict=True):
        assert where[row, first : last + 1].all()
        assert last - first + 1 >= shortest
        assert first == 0 or not where[row, first - 1]
        covered[row, first : last + 1] = True
    if shortest == 1:
        assert np.array_equal(covered, where)
