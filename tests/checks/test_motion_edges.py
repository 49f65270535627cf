"""Where faults of motion begin and end: what is left out, what is shared out, and which frames are named."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from inspector.checks.anatomy import anatomy_of
from inspector.checks.judge_motion import motion_counts
from inspector.checks.motion import elapsed_of
from inspector.checks.segments import Segments
from inspector.profiles import load_skeleton
from tests.support.clips import Arrays, clip_arrays
from tests.support.measuring import findings, measured, profile

BODY = 0.2  # from shoulder to shoulder
LEFT, RIGHT = slice(25, 46), slice(46, 67)
LEFT_ARM, RIGHT_ARM = [13, 15, 17, 19, 21], [14, 16, 18, 20, 22]
TRUNK = [*range(25), *range(67, 78)]


def xy(arrays: Arrays) -> npt.NDArray[np.float32]:
    """A view of X as points."""
    view: npt.NDArray[np.float32] = arrays["X"].reshape(len(arrays["X"]), 78, 2)
    return view


def hide(arrays: Arrays, frames: Any, points: Any) -> None:
    """Undetected points are at (0, 0)."""
    xy(arrays)[frames, points], arrays["mask"][frames, points] = 0, False


# --- spikes ------------------------------------------------------------------------------------------------------


def test_no_time_is_shorter_than_half_of_the_usual() -> None:
    elapsed = elapsed_of(np.array([0, 0.04, 0.041, 0.12, 0.16, 5, 5.1, 0]), Segments([5, 2, 1]))
    assert elapsed == pytest.approx([0.04, 0.04, 0.02, 0.079, 0.04, 0.1, 0.1, 0])


def test_a_point_that_jumps_at_a_cut_is_the_cuts() -> None:
    arrays = clip_arrays(60)
    xy(arrays)[30:] += np.float32(0.05)
    xy(arrays)[30:, 33] += np.float32(0.12)
    found = findings(arrays)
    assert "CAMERA_CUT" in found and "SPEED_SPIKE" not in found


@pytest.mark.parametrize(("frames", "found"), [(15, True), (16, False)])
def test_a_clip_of_few_frames_has_no_level_of_its_own(frames: int, found: bool) -> None:
    arrays = clip_arrays(frames)
    xy(arrays)[::2, 33] += np.float32(0.12)
    assert ("SPEED_SPIKE" in findings(arrays)) is found


def test_an_arm_that_comes_into_sight_is_not_left_by_its_hand() -> None:
    arrays = clip_arrays(60)
    hide(arrays, slice(0, 30), LEFT_ARM)
    xy(arrays)[30:, LEFT] += np.float32(0.12)
    xy(arrays)[30:, LEFT_ARM] += np.float32(0.12)
    assert measured(arrays).values["spike_max"] == 0


def test_a_step_off_the_arm_counts_by_three_fifths() -> None:
    arrays = clip_arrays(60)
    arrays["timestamps_ms"] = np.arange(60, dtype=np.int64) * 40
    xy(arrays)[30:, RIGHT, 1] -= np.float32(0.15)
    assert measured(arrays).values["spike_max"] == pytest.approx(0.6 * 0.15 / BODY / 0.04, rel=0.02)


def test_a_jump_takes_no_longer_than_a_twentieth_of_a_second() -> None:
    arrays = clip_arrays(60, fps=10)
    xy(arrays)[30:, 33, 0] += np.float32(0.12)
    assert measured(arrays).values["spike_max"] == pytest.approx(0.12 / BODY / 0.05, rel=0.15)


def test_neighbours_are_two_bones_away_at_most() -> None:
    near = anatomy_of(load_skeleton("mediapipe-78")).neighbours
    assert set(near[33].tolist()) == {31, 32}  # the index finger's tip: its last two joints
    assert {25, 15} <= set(near[26].tolist()) and 13 not in near[26]


@pytest.mark.parametrize(("away", "frames"), [(5, ((30, 34),)), (6, ((30, 30), (36, 36)))])
def test_a_point_was_away_for_five_frames_at_most(away: int, frames: Any) -> None:
    arrays = clip_arrays(60)
    xy(arrays)[30 : 30 + away, 40] += np.float32(0.12)
    assert findings(arrays)["SPEED_SPIKE"].frames == frames


def test_frames_with_spikes_are_counted_not_points() -> None:
    arrays = clip_arrays(60)
    xy(arrays)[30, [24, 75]] += np.float32(0.12)
    by = profile()
    assert motion_counts(measured(arrays, by), by.limits)["speed_spike_frames"] == 2  # there and back


# --- cuts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seen", "known"), [(9, True), (8, False)])
def test_a_quarter_of_body_and_face_tells_a_cut(seen: int, known: bool) -> None:
    arrays = clip_arrays(60)
    xy(arrays)[30:] += np.float32(0.05)
    hide(arrays, slice(None), TRUNK[11 + seen :])
    hide(arrays, slice(None), TRUNK[:11])
    assert np.isfinite(measured(arrays).series["cut"][30]) == known
    assert ("CAMERA_CUT" in findings(arrays)) is known


def test_a_step_over_a_longer_time_is_shared_out() -> None:
    arrays = clip_arrays(60)
    arrays["timestamps_ms"] = np.arange(60, dtype=np.int64) * 40
    xy(arrays)[30:, :, 1] += np.float32(0.04)
    at_once = measured(arrays).values["cut_max"]
    arrays["timestamps_ms"][30:] += 40
    assert measured(arrays).values["cut_max"] == pytest.approx(at_once / 2, rel=1e-3)


def test_most_of_the_points_make_a_cut_whatever_the_others_do() -> None:
    arrays = clip_arrays(60)
    xy(arrays)[30:, TRUNK[:20], 1] += np.float32(0.0145)  # 0.0725 of the body, and the mean is 0.04
    assert measured(arrays).values["cut_max"] == pytest.approx(0.0725, rel=0.1)
    assert findings(arrays)["CAMERA_CUT"].frames == ((30, 30),)


def test_only_steps_over_the_limit_are_cuts() -> None:
    arrays = clip_arrays(60)
    xy(arrays)[20:, :, 1] += np.float32(0.04)
    xy(arrays)[40:, :, 1] += np.float32(0.03)
    cut = measured(arrays).series["cut"]
    found = findings(arrays, profile(camera_cut=float(cut[40]) * 1.01))
    assert found["CAMERA_CUT"].frames == ((20, 20),)


# --- left and right ----------------------------------------------------------------------------------------------


def exchange(arrays: Arrays, first: int, last: int) -> None:
    left, right = np.array(load_skeleton("mediapipe-78").pairs).T
    part = xy(arrays)[first : last + 1].copy()
    xy(arrays)[first : last + 1, left], xy(arrays)[first : last + 1, right] = part[:, right], part[:, left]


@pytest.mark.parametrize("frames", [(0, 19), (45, 59)])
def test_the_fewer_frames_are_the_exchanged_ones(frames: tuple[int, int]) -> None:
    arrays = clip_arrays(60)
    exchange(arrays, *frames)
    assert findings(arrays)["LEFT_RIGHT_SWAP"].frames == (frames,)


def test_hands_that_touch_are_not_swapped_where_an_arm_is_lost() -> None:
    arrays = clip_arrays(60)
    hide(arrays, slice(None), LEFT_ARM)
    xy(arrays)[20:30, LEFT] += xy(arrays)[20:30, 46:47] - xy(arrays)[20:30, 25:26] + np.float32(0.01)
    assert "LEFT_RIGHT_SWAP" not in findings(arrays)


# --- trembling, frozen frames ------------------------------------------------------------------------------------


def test_fingers_that_are_not_seen_say_nothing() -> None:
    arrays = clip_arrays(60)
    part = xy(arrays)[20:35, RIGHT]
    part += np.random.default_rng(4).normal(0, 0.03 * BODY, part.shape).astype(np.float32)
    whole = measured(arrays).details["jitter"][2, 22:33]
    hide(arrays, slice(None), slice(47, 51))  # the thumb, of which two chains are made
    rest = measured(arrays).details["jitter"][2, 22:33]
    assert (rest >= whole).all() and (rest > whole).any()  # the middle one of five of which two are unknown


def test_fingertips_that_come_and_go_do_not_tremble() -> None:
    arrays = clip_arrays(60)
    hide(arrays, slice(None, None, 2), [50, 54, 58, 62, 66])
    assert measured(arrays).values["jitter_max"] < 0.002


def test_only_runs_that_are_long_enough_are_frozen() -> None:
    arrays = clip_arrays(60)
    arrays["X"][10:13], arrays["X"][30:35] = arrays["X"][10], arrays["X"][30]
    found = findings(arrays)["FROZEN_FRAMES"]
    assert found.frames == ((31, 34),)
    assert found.message == "4 frames repeat the one before exactly, in 1 run"


# --- detection ---------------------------------------------------------------------------------------------------


def test_a_point_from_afar_is_not_excused_by_what_it_is_joined_to() -> None:
    arrays = clip_arrays(60)
    xy(arrays)[:, 16] = 0.03  # a wrist in the corner, and its thumb is not
    xy(arrays)[30:33, 22] = 0
    xy(arrays)[:, 20] = 0  # the same wrist's index finger is never anywhere else
    got = measured(arrays)
    assert np.flatnonzero(got.details["mismatch_points"]).tolist() == [22]
    assert np.flatnonzero(got.series["mismatch"]).tolist() == [30, 31, 32]


def test_a_hand_that_is_all_there_is_weighs_as_all() -> None:
    base = profile()
    assert base.skeleton is not None
    hand = tuple(group for group in base.skeleton.groups if group.name == "left_hand")
    by = msgspec.structs.replace(base, skeleton=msgspec.structs.replace(base.skeleton, groups=hand))
    arrays = clip_arrays(40)
    hide(arrays, slice(None), LEFT)
    assert findings(arrays, by)["GROUP_MISSING"].severity.value == "high"
