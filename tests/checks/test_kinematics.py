"""Bones and body, on points whose distances are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from inspector.checks import kinematics as kin
from inspector.checks.tracks import Tracks
from inspector.profiles.model import Group, Skeleton

ARM = Skeleton("arm", "Arm", ("a", "b", "c"), (Group("all", "All", "#112233", (0, 1, 2)),), ((0, 1), (1, 2)))


def arm(upper: list[float], lower: list[float]) -> npt.NDArray[np.float32]:
    """Three points on a line, (T, 3, 2); the lengths of both bones in each frame."""
    points = np.ones((len(upper), 3, 2), np.float32)
    points[:, 1, 0] += np.array(upper, np.float32)
    points[:, 2, 0] = points[:, 1, 0] + np.array(lower, np.float32)
    return points


def bones(points: npt.NDArray[np.float32], visible: Any = True) -> kin.Bones:
    seen = np.broadcast_to(np.asarray(visible), points.shape[:2])
    with np.errstate(all="ignore"):
        tracks = Tracks.of(points)
        moving = kin.motion(tracks, np.ascontiguousarray(seen.T), np.arange(len(points)) / 10, ARM)
        return kin.measure_bones(moving, ARM, tracks.segments)


def test_lengths_mean_and_variation() -> None:
    found = bones(arm([1, 3, 1, 3], [2, 2, 2, 2]))
    assert found.lengths.tolist() == [[1, 3, 1, 3], [2, 2, 2, 2]]
    assert found.mean.tolist() == [[2], [2]]
    assert found.cv_pct.tolist() == [[50], [0]]


def test_frames_in_which_an_end_is_not_seen_do_not_count() -> None:
    visible = np.ones((4, 3), bool)
    visible[1, 0] = visible[3, 0] = False
    found = bones(arm([1, 9, 3, 9], [2, 2, 2, 2]), visible)
    assert np.array_equal(found.lengths[0], [1, np.nan, 3, np.nan], equal_nan=True)
    assert (found.mean[0], found.cv_pct[0]) == (2, 50)


@pytest.mark.parametrize("frames", [0, 1])
def test_a_bone_that_is_hardly_seen_has_no_variation(frames: int) -> None:
    visible = np.ones((4, 3), bool)
    visible[frames:, 0] = False
    assert np.isnan(bones(arm([1, 1, 1, 1], [2, 2, 2, 2]), visible).cv_pct).tolist() == [[True], [False]]


def test_a_bone_too_long_for_its_numbers_has_no_variation() -> None:
    assert np.isnan(bones(arm([1e30, 1e30], [2, 2])).cv_pct[0])  # its square is beyond float32


def test_body_without_pairs_of_its_own_is_the_usual_bone() -> None:
    with np.errstate(all="ignore"):
        points = arm([4, 4, 4], [-1, -1, -3])  # the lower one folded back: half of what it all spans is 2
        moving = kin.motion(Tracks.of(points), np.ones((3, 3), bool), np.arange(3) / 10, ARM)
    assert moving.body == 3.5  # of 1, 1, 3, 4, 4, 4
    assert moving.speeds[2, 2] == pytest.approx(2 / 3.5 * 10)  # two units in a tenth of a second
