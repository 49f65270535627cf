"""The planters change just what they say: a benchmark that stands on them must not flatter or wrong the checks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.support.planting import HANDS, Clip, Kind, Planted, features_for, plant, seen
from tests.support.planting_arrays import KINDS

SEEDS = range(6)
T = 120
MOTION = "teleport cut_moved cut_other hands_swapped jitter_hand jitter_all frozen dropout pinned stuck".split()
MASKED = {"cut_other", "hands_swapped", "frozen", "hand_missing"}


def signing(frames: int = T, seed: int = 0) -> dict[str, Any]:
    """Two hands that move apart from each other, a face, a body; the left hand is lost for a while."""
    rng = np.random.default_rng(seed)
    t = np.arange(frames)[:, None]
    home = np.tile(0.5 + 0.1 * np.array([seed, seed]), (78, 1))
    home[HANDS["left hand"]], home[HANDS["right hand"]] = (0.65, 0.6), (0.3, 0.6)
    xy = home + rng.uniform(-0.06, 0.06, (78, 2)) + np.zeros((frames, 1, 1))
    xy += 0.004 * np.sin(t / 9)[:, :, None]
    for phase, points in enumerate(HANDS.values()):
        xy[:, points] += 0.08 * np.stack([np.sin(t / 7 + phase), np.cos(t / 5)], axis=-1)
    mask = np.ones((frames, 78), dtype=bool)
    mask[50:58, HANDS["left hand"]] = False
    xy[~mask] = 0
    return {
        "X": xy.reshape(frames, 156).astype(np.float32),
        "mask": mask,
        "timestamps_ms": (np.arange(frames) * 33).astype(np.int64),
        "meta": np.asarray("{}"),
    }


@pytest.fixture(scope="module")
def clip() -> Clip:
    made = signing()
    return {**made, "X2048": features_for(made, "clip")}


def planted_in(kind: Kind, clip: Clip, seed: int) -> Planted:
    planted = plant(kind, clip, "clip", seed, signing(150, 1))
    assert planted is not None
    return planted


def same(a: Any, b: Any) -> bool:
    return bool(a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes())


def points_changed(clip: Clip, planted: Planted) -> Any:
    """bool (T, 78)"""
    before, after = (np.asarray(c["X"]).reshape(-1, 78, 2) for c in (clip, planted.arrays))
    return ((before != after).any(axis=2)) | (clip["mask"] != planted.arrays["mask"])


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_something_changes_and_only_in_the_arrays_it_is_about(clip: Clip, kind: Kind) -> None:
    originals = {name: np.array(array) for name, array in clip.items()}
    for seed in SEEDS:
        planted = planted_in(kind, clip, seed)
        changed = {name for name, array in clip.items() if not same(array, planted.arrays[name])}
        if kind.features:
            assert changed == {"X2048"}
        elif kind.name.startswith("time_"):
            assert changed == {"timestamps_ms"}
        elif kind.name in ("wrong_dtype", "length_mismatch"):
            assert len(changed) == 1
        else:
            assert {"X"} <= changed <= {"X", "mask"}
            assert "mask" not in changed or kind.name in MASKED
        assert all(same(originals[name], clip[name]) for name in clip)
        assert planted.strength > 0
        assert planted.what


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_seeds_repeat_and_differ(clip: Clip, kind: Kind) -> None:
    first, again = planted_in(kind, clip, 1), planted_in(kind, clip, 1)
    assert first.what == again.what
    assert all(same(first.arrays[name], again.arrays[name]) for name in clip)
    assert len({planted_in(kind, clip, seed).what for seed in range(12)}) > 1


@pytest.mark.parametrize("name", [n for n in MOTION if not n.startswith("cut")])
def test_motion_changes_within_the_frames_and_points_that_it_names(clip: Clip, name: str) -> None:
    for seed in SEEDS:
        planted = planted_in(KINDS[name], clip, seed)
        changed = points_changed(clip, planted)
        assert planted.frames is not None
        assert planted.frames.any()
        assert not changed[~planted.frames].any()
        if planted.points:
            assert set(np.flatnonzero(changed.any(axis=0))) <= set(planted.points)
        assert (changed.any(axis=1)[planted.frames]).mean() > 0.5


@pytest.mark.parametrize("name", MOTION)
def test_a_clip_stays_in_the_picture(clip: Clip, name: str) -> None:
    for seed in SEEDS:
        X = planted_in(KINDS[name], clip, seed).arrays["X"]
        assert X.dtype == np.float32
        assert X.min() >= 0
        assert X.max() <= 1


@pytest.mark.parametrize("name", ["cut_moved", "cut_other"])
def test_a_cut_changes_all_that_follows_and_nothing_before(clip: Clip, name: str) -> None:
    for seed in SEEDS:
        planted = planted_in(KINDS[name], clip, seed)
        assert planted.frames is not None
        (first,) = np.flatnonzero(planted.frames)
        changed = points_changed(clip, planted)
        assert not changed[:first].any()
        assert changed[first:].any(axis=1).all()


def test_a_teleport_is_as_far_as_it_says_and_comes_back(clip: Clip) -> None:
    for seed in SEEDS:
        planted = planted_in(KINDS["teleport"], clip, seed)
        assert planted.frames is not None
        (point,) = planted.points
        before, after = (np.reshape(c["X"], (-1, 78, 2))[planted.frames, point] for c in (clip, planted.arrays))
        assert 1 <= planted.frames.sum() <= 3
        np.testing.assert_allclose(np.linalg.norm(after - before, axis=1), planted.strength, atol=1e-6)
        assert 0.15 <= planted.strength <= 0.6
        assert seen(clip)[planted.frames, point].all()


def test_swapped_hands_are_each_other(clip: Clip) -> None:
    for seed in SEEDS:
        planted = planted_in(KINDS["hands_swapped"], clip, seed)
        left, right = HANDS.values()
        for name, width in (("X", 2), ("mask", 1)):
            before, after = (np.reshape(c[name], (T, 78, width))[planted.frames] for c in (clip, planted.arrays))
            assert (before[:, left] == after[:, right]).all()
            assert (before[:, right] == after[:, left]).all()


def test_frozen_frames_repeat_the_one_before(clip: Clip) -> None:
    planted = planted_in(KINDS["frozen"], clip, 0)
    assert planted.frames is not None
    first = int(np.argmax(planted.frames))
    for name in ("X", "mask"):
        assert (planted.arrays[name][planted.frames] == clip[name][first - 1]).all()


def test_dropped_points_are_at_the_origin_and_still_visible(clip: Clip) -> None:
    for seed in SEEDS:
        planted = planted_in(KINDS["dropout"], clip, seed)
        changed = points_changed(clip, planted)
        assert (np.reshape(planted.arrays["X"], (-1, 78, 2))[changed] == 0).all()
        assert planted.arrays["mask"][changed].all()
        assert changed.sum() == planted.strength


def test_pinned_points_lie_on_an_edge_but_never_at_the_origin(clip: Clip) -> None:
    for seed in range(30):
        planted = planted_in(KINDS["pinned"], clip, seed)
        held = np.reshape(planted.arrays["X"], (-1, 78, 2))[planted.frames][:, list(planted.points)]
        assert np.isin(held, (0, 1)).any(axis=2).all()
        assert (held != 0).any(axis=2).all()
        assert planted.arrays["mask"][planted.frames][:, list(planted.points)].all()


def test_a_gap_leaves_one_long_step(clip: Clip) -> None:
    planted = planted_in(KINDS["time_gap"], clip, 0)
    steps = np.diff(planted.arrays["timestamps_ms"])
    assert planted.frames is not None
    assert (steps != 33).sum() == 1
    assert steps[np.argmax(planted.frames) - 1] == 33 * (planted.strength + 1)


def test_made_features_are_those_of_a_network_that_works(clip: Clip) -> None:
    features = clip["X2048"]
    assert features.shape == (T, 2048)
    assert features.dtype == np.float32
    assert features.min() == 0
    assert (features > 0).any(axis=0).all()
    assert features.std(axis=0).min() > 0
    assert same(features, features_for(clip, "clip"))
    assert not same(features, features_for(clip, "another"))


def test_dead_features_are_the_same_in_all_frames(clip: Clip) -> None:
    for seed in SEEDS:
        planted = planted_in(KINDS["dead_columns"], clip, seed)
        dead = np.ptp(planted.arrays["X2048"], axis=0) == 0
        assert dead.sum() == int(planted.strength * 2048)


def test_what_has_no_place_is_left_out(clip: Clip) -> None:
    nobody = {**clip, "X": np.zeros_like(clip["X"]), "mask": np.zeros_like(clip["mask"])}
    for name in (*MOTION, "hand_missing", "pixels"):
        assert plant(KINDS[name], nobody, "nobody", 0, nobody) is None
    bare = {name: array for name, array in clip.items() if name != "X2048"}
    one = {name: array[:1] if array.ndim else array for name, array in clip.items()}
    for kind in KINDS.values():
        assert not kind.features or plant(kind, bare, "bare", 0, clip) is None
        assert plant(kind, one, "one", 0, clip) is None
