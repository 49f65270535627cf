"""Faults of motion: for each a clip without, one with, and one at the limit; all on a person whose places are known."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.checks import rules
from inspector.checks.anatomy import anatomy_of, without_skeleton
from inspector.checks.finding import Severity
from inspector.checks.judge import judge
from inspector.profiles import load_profile, load_skeleton
from inspector.profiles.model import Profile
from tests.support.clips import Arrays, clip_arrays
from tests.support.measuring import findings, measured, profile

BODY = 0.2  # from shoulder to shoulder
LEFT, RIGHT, FACE = slice(25, 46), slice(46, 67), slice(67, 78)
MOTION = ("SPEED_SPIKE", "CAMERA_CUT", "LEFT_RIGHT_SWAP", "JITTER", "BONE_JUMP", "FROZEN_FRAMES")


def xy(arrays: Arrays) -> npt.NDArray[np.float32]:
    """A view of X as points."""
    view: npt.NDArray[np.float32] = arrays["X"].reshape(len(arrays["X"]), 78, 2)
    return view


def shares(code: str, arrays: Arrays, **limits: Any) -> bool:
    return code in findings(arrays, profile(**limits))


def between(code: str, arrays: Arrays, limit: str, value: float) -> None:
    """Found by a limit just below the measured value, not by one just above."""
    assert shares(code, arrays, **{limit: value * 0.999})
    assert not shares(code, arrays, **{limit: value * 1.001})


def test_a_clean_person_has_none_of_them() -> None:
    assert not set(findings(clip_arrays(60))) & set(MOTION)


# --- spikes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", [0, 13, 16, 22, 24, 29, 46, 60, 70, 75])
@pytest.mark.parametrize("away", [1, 3])
def test_a_point_that_is_elsewhere_for_some_frames(point: int, away: int) -> None:
    arrays = clip_arrays(60)
    xy(arrays)[30 : 30 + away, point] += np.float32(0.12)
    found = findings(arrays)["SPEED_SPIKE"]
    assert (found.severity, found.frames) == (Severity.MEDIUM, ((30, 29 + away),))
    assert found.points == ((point, point),)


def test_a_point_that_stays_where_it_jumped_is_named_at_the_jump() -> None:
    arrays = clip_arrays(60)
    xy(arrays)[30:, 40] += np.float32(0.12)
    assert findings(arrays)["SPEED_SPIKE"].frames == ((30, 30),)


def test_spike_boundary_in_body_sizes_per_second() -> None:
    arrays = clip_arrays(60)
    arrays["timestamps_ms"] = np.arange(60, dtype=np.int64) * 40
    xy(arrays)[30:, 33, 0] += np.float32(0.1)  # half a body in 0.04 s
    value = measured(arrays).values["spike_max"]
    assert value == pytest.approx(0.1 / BODY / 0.04, rel=0.05)
    between("SPEED_SPIKE", arrays, "speed_spike", value)


def test_a_point_that_comes_back_at_once_counts_more() -> None:
    stays, back = clip_arrays(60), clip_arrays(60)
    xy(stays)[30:, 33, 0] += np.float32(0.05)
    xy(back)[30:32, 33, 0] += np.float32(0.05)
    once, twice = (measured(arrays).values["spike_max"] for arrays in (stays, back))
    assert twice == pytest.approx(1.8 * once, rel=0.05)
    assert "SPEED_SPIKE" not in findings(stays)
    assert findings(back)["SPEED_SPIKE"].frames == ((30, 31),)
    late = clip_arrays(60)
    xy(late)[30:34, 33, 0] += np.float32(0.05)  # away for four frames: a movement of its own
    assert "SPEED_SPIKE" not in findings(late)


def test_a_hand_that_moves_as_one_with_its_arm_is_no_spike() -> None:
    arrays = clip_arrays(60)
    arm = [14, 16, 18, 20, 22, *range(46, 67)]
    xy(arrays)[30:, arm] += np.float32(0.12)
    assert "SPEED_SPIKE" not in findings(arrays)


def test_a_hand_that_leaves_its_arm_is_one() -> None:
    arrays = clip_arrays(60)
    xy(arrays)[30:32, RIGHT] -= np.float32(0.2)
    found = findings(arrays)["SPEED_SPIKE"]
    assert (found.frames, found.points) == (((30, 31),), ((46, 66),))


def test_a_point_that_was_not_seen_before_is_no_spike() -> None:
    arrays = clip_arrays(60)
    arrays["mask"][10:20, RIGHT] = False
    xy(arrays)[10:20, RIGHT] = 0
    found = findings(arrays)
    assert not {"SPEED_SPIKE", "BONE_JUMP"} & set(found)
    assert measured(arrays).reference["vel_spike_frames"] > 0  # what the reference makes of it


def test_stamps_that_bunch_up_make_no_speed() -> None:
    arrays = clip_arrays(60)
    arrays["timestamps_ms"][30:] -= arrays["timestamps_ms"][30] - arrays["timestamps_ms"][29] - 1
    assert "SPEED_SPIKE" not in findings(arrays)


def test_a_clip_whose_points_always_jump_is_judged_by_its_own_level() -> None:
    arrays = clip_arrays(60)
    away = np.random.default_rng(3).normal(0.12, 0.03, 30).astype(np.float32)
    xy(arrays)[::2, 33] += away[:, None]
    assert "SPEED_SPIKE" not in findings(arrays)
    xy(arrays)[31, 33] += np.float32(0.5)
    assert findings(arrays)["SPEED_SPIKE"].frames[0][0] == 31


# --- cuts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [lambda p: p + np.float32(0.05), lambda p: 0.5 + (p - 0.5) * np.float32(0.7)])
def test_the_whole_body_elsewhere_is_a_cut_and_nothing_else(change: Any) -> None:
    arrays = clip_arrays(60)
    xy(arrays)[30:] = change(xy(arrays)[30:])
    found = findings(arrays)
    assert found["CAMERA_CUT"].frames == ((30, 30),)
    assert "SPEED_SPIKE" not in found


def test_cut_boundary_in_body_sizes() -> None:
    arrays = clip_arrays(60)
    xy(arrays)[30:, :, 1] += np.float32(0.03)
    value = measured(arrays).values["cut_max"]
    assert value == pytest.approx(0.03 / BODY, rel=0.05)
    between("CAMERA_CUT", arrays, "camera_cut", value)


def test_hands_that_go_far_are_no_cut() -> None:
    arrays = clip_arrays(60)
    for arm in ([13, 15, 17, 19, 21, *range(25, 46)], [14, 16, 18, 20, 22, *range(46, 67)]):
        xy(arrays)[30:, arm] -= np.float32(0.1)
    assert "CAMERA_CUT" not in findings(arrays)


# --- left and right ----------------------------------------------------------------------------------------------


def exchange(arrays: Arrays, first: int, last: int, left: Any, right: Any) -> None:
    for of in (xy(arrays), arrays["mask"]):
        part = of[first : last + 1].copy()
        of[first : last + 1, left], of[first : last + 1, right] = part[:, right], part[:, left]


def test_swapped_hands_are_named_frame_by_frame() -> None:
    arrays = clip_arrays(60)
    exchange(arrays, 20, 26, LEFT, RIGHT)
    found = findings(arrays)["LEFT_RIGHT_SWAP"]
    assert (found.frames, found.points, found.severity) == (((20, 26),), ((25, 66),), Severity.MEDIUM)


def test_one_hand_on_the_other_arm() -> None:
    arrays = clip_arrays(60)
    arrays["mask"][:, LEFT] = False
    xy(arrays)[:, LEFT] = 0
    exchange(arrays, 20, 26, LEFT, RIGHT)
    assert findings(arrays)["LEFT_RIGHT_SWAP"].frames == ((20, 26),)
    xy(arrays)[:, [13, 15, 17, 19, 21]] = 0  # nor is there an arm that it could be held against
    arrays["mask"][:, [13, 15, 17, 19, 21]] = False
    assert findings(arrays)["LEFT_RIGHT_SWAP"].frames == ((20, 26),)


def test_arms_that_are_swapped_along_with_the_hands() -> None:
    arrays = clip_arrays(60)
    pairs = np.array(load_skeleton("mediapipe-78").pairs)
    exchange(arrays, 20, 26, pairs[:, 0], pairs[:, 1])
    assert findings(arrays)["LEFT_RIGHT_SWAP"].frames == ((20, 26),)


def test_one_arm_with_its_hand_in_the_place_of_the_other() -> None:
    arrays = clip_arrays(60)
    side = [13, 15, 17, 19, 21, *range(25, 46)], [14, 16, 18, 20, 22, *range(46, 67)]
    arrays["mask"][:, side[0]] = False
    xy(arrays)[:, side[0]] = 0
    exchange(arrays, 20, 26, *side)
    assert findings(arrays)["LEFT_RIGHT_SWAP"].frames == ((20, 26),)


def test_hands_swapped_without_their_mask() -> None:
    arrays = clip_arrays(60)
    arrays["mask"][:, LEFT] = False
    xy(arrays)[:, LEFT] = 0
    points = xy(arrays)[20:27].copy()
    xy(arrays)[20:27, LEFT], xy(arrays)[20:27, RIGHT] = points[:, RIGHT], points[:, LEFT]
    found = findings(arrays)
    assert found["LEFT_RIGHT_SWAP"].frames == ((20, 26),)
    assert found["MASK_MISMATCH"].frames == ((20, 26),)


def test_swap_boundary_in_frames() -> None:
    arrays = clip_arrays(60)
    exchange(arrays, 20, 26, LEFT, RIGHT)
    assert shares("LEFT_RIGHT_SWAP", arrays, swap_frames=7)
    assert not shares("LEFT_RIGHT_SWAP", arrays, swap_frames=8)


def test_hands_that_meet_are_not_swapped() -> None:
    arrays = clip_arrays(60)
    points = xy(arrays)
    for arm in ([15, 17, 19, 21, *range(25, 46)], [16, 18, 20, 22, *range(46, 67)]):
        points[20:30, arm] += np.array([0.5 - points[0, arm[0], 0], 0], np.float32)
    assert "LEFT_RIGHT_SWAP" not in findings(arrays)


# --- trembling ---------------------------------------------------------------------------------------------------


def tremble(arrays: Arrays, points: slice, sigma: float, first: int = 20, frames: int = 10) -> None:
    part = xy(arrays)[first : first + frames, points]
    part += np.random.default_rng(4).normal(0, sigma, part.shape).astype(np.float32)


@pytest.mark.parametrize("group", [LEFT, RIGHT, FACE, slice(0, 25)])
def test_points_that_shake_each_for_itself(group: slice) -> None:
    arrays = clip_arrays(60)
    tremble(arrays, group, 0.02 * BODY)
    found = findings(arrays)["JITTER"]
    assert found.points == ((group.start, group.stop - 1),)
    (first, last), *more = found.frames
    assert not more
    assert abs(first - 20) <= 2
    assert abs(last - 29) <= 2


def test_noise_is_measured_in_body_sizes() -> None:
    arrays = clip_arrays(600)
    tremble(arrays, slice(0, 78), 0.03 * BODY, 0, 600)
    noise = measured(arrays).details["jitter"][:, 20:-20]
    # What four of five frames have is a little less than the usual one has.
    assert ((np.median(noise, axis=1) > 0.03 * 0.7) & (np.median(noise, axis=1) < 0.03)).all()


def test_jitter_boundary() -> None:
    arrays = clip_arrays(60)
    tremble(arrays, RIGHT, 0.03 * BODY)
    between("JITTER", arrays, "jitter", measured(arrays).values["jitter_max"])


def test_a_fast_hand_does_not_tremble() -> None:
    arrays = clip_arrays(60)
    beat = np.sin(np.arange(60) * 1.2)[:, None, None] * np.array([0.05, 0.02])
    xy(arrays)[:, [16, 18, 20, 22, *range(46, 67)]] += beat.astype(np.float32)
    assert "JITTER" not in findings(arrays)


def test_a_single_jump_is_no_trembling() -> None:
    arrays = clip_arrays(60)
    tremble(arrays, RIGHT, 0.05 * BODY, frames=1)
    assert "JITTER" not in findings(arrays)


# --- bones, frozen frames ----------------------------------------------------------------------------------------


def test_a_bone_that_jumps() -> None:
    arrays = clip_arrays(60)
    points = xy(arrays)
    points[20, 15] += (points[20, 15] - points[20, 13]) * np.float32(2.5)
    found = findings(arrays)["BONE_JUMP"]
    assert (found.frames, found.points) == (((20, 21),), ((13, 13), (15, 15)))
    between("BONE_JUMP", arrays, "bone_jump", measured(arrays).values["bone_jump_max"])


@pytest.mark.parametrize(("run", "found"), [(2, False), (3, True)])
def test_frozen_frames(run: int, found: bool) -> None:
    arrays = clip_arrays(60)
    arrays["X"][10 : 11 + run] = arrays["X"][10]
    got = findings(arrays)
    assert ("FROZEN_FRAMES" in got) is found
    if found:
        assert got["FROZEN_FRAMES"].frames == ((11, 10 + run),)


def test_nothing_seen_does_not_freeze() -> None:
    arrays = clip_arrays(60)
    arrays["X"][10:20], arrays["mask"][10:20] = 0, False
    assert "FROZEN_FRAMES" not in findings(arrays)


# --- all of them -------------------------------------------------------------------------------------------------


def test_pixel_units_change_nothing() -> None:
    arrays = clip_arrays(60)
    tremble(arrays, RIGHT, 0.03 * BODY)
    xy(arrays)[40, 33] += np.float32(0.2)
    once = set(findings(arrays)) & set(MOTION)
    arrays["X"] = arrays["X"] * np.float32(640)
    assert set(findings(arrays)) & set(MOTION) == once == {"JITTER", "SPEED_SPIKE", "BONE_JUMP"}


@pytest.mark.parametrize("name", ["coco-17", "openpose-body-25", "human36m-17", "mediapipe-holistic"])
def test_skeletons_of_other_layouts(name: str) -> None:
    skeleton = load_skeleton(name)
    anatomy = anatomy_of(skeleton)
    assert anatomy_of(skeleton) is anatomy
    assert anatomy.neighbours.shape[0] == len(skeleton.points)
    assert (anatomy.neighbours != np.arange(len(skeleton.points))[:, None]).all()
    assert anatomy.chains.shape == (4, 5 * len(anatomy.chained))
    assert len(anatomy.chain_noise) == 5 * len(anatomy.chained)


@given(
    frames=st.integers(1, 40),
    joints=st.integers(1, 90),
    seed=st.integers(0, 2**16),
    bad=st.sampled_from([0.0, np.nan, np.inf, 1e30]),
)
def test_any_shape_is_measured_and_rule_and_finding_agree(frames: int, joints: int, seed: int, bad: float) -> None:
    rng = np.random.default_rng(seed)
    points = rng.random((frames, joints, 2), dtype=np.float32)
    points[rng.random((frames, joints)) < 0.05] = bad
    arrays = {
        "X": points.reshape(frames, -1),
        "mask": rng.random((frames, joints)) < 0.9,
        "timestamps_ms": np.cumsum(rng.integers(-5, 60, frames)),
    }
    by = load_profile("fslr-keypoints")
    agree(arrays, by)
    agree(arrays, msgspec.structs.replace(by, skeleton=None))


def agree(arrays: Arrays, by: Profile) -> None:
    once = measured(arrays, by)
    found = {f.code: f.severity.rank for f in judge(once, by)}
    for code in MOTION:
        assert found.get(code, rules.NONE) == rules.rank(rules.BY_CODE[code], once.values, by.limits), code


def test_points_of_which_nothing_is_known() -> None:
    anatomy = without_skeleton(5)
    assert anatomy.neighbours.tolist()[0][:4] == [1, 2, 3, 4]
    assert anatomy.trunk.tolist() == [0, 1, 2, 3, 4]
    assert without_skeleton(1).neighbours.tolist() == [[0] * 8]
