"""The profiles and skeletons that ship: they load, hold together, and say what the reference says."""

from __future__ import annotations

import pickle
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from inspector.paths import resource
from inspector.profiles import (
    Limits,
    Profile,
    Skeleton,
    builtin_names,
    builtin_profiles,
    load_profile,
    load_skeleton,
    skeleton_names,
)

FSLR = "fslr-keypoints"
SIZES = {
    "coco-17": 17,
    "human36m-17": 17,
    "mediapipe-78": 78,
    "mediapipe-holistic": 543,
    "openpose-body-25": 25,
}


def skeletons() -> list[Skeleton]:
    return [load_skeleton(name) for name in skeleton_names()]


def ends(skeleton: Skeleton) -> list[tuple[int, int]]:
    return [*skeleton.bones, *skeleton.contours, *skeleton.pairs, *skeleton.body]


def test_names_are_the_files() -> None:
    assert builtin_names() == tuple(sorted(path.stem for path in resource("profiles").iterdir()))
    assert {FSLR, "generic"} <= set(builtin_names())
    assert SIZES.keys() <= set(skeleton_names())


@pytest.mark.parametrize("name", builtin_names())
def test_profile_is_named_like_its_file(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert profile in builtin_profiles()


def test_builtins_are_loaded_once_highest_rank_first() -> None:
    profiles = builtin_profiles()
    assert profiles is builtin_profiles()
    assert load_profile(FSLR) is load_profile(FSLR)
    assert all(one.rank >= two.rank for one, two in pairwise(profiles))
    assert profiles[-1].name == "generic"


@pytest.mark.parametrize("name", skeleton_names())
def test_skeleton_holds_together(name: str) -> None:
    skeleton = load_skeleton(name)
    count = len(skeleton.points)
    assert skeleton.name == name
    assert SIZES.get(name, count) == count
    assert len(set(skeleton.points)) == count
    assert all(0 <= point < count for pair in ends(skeleton) for point in pair)
    assert sorted(point for group in skeleton.groups for point in group.points) == list(range(count))
    assert skeleton.source
    assert skeleton.body


@pytest.mark.parametrize("skeleton", skeletons(), ids=lambda s: s.name)
def test_pairs_join_left_to_right(skeleton: Skeleton) -> None:
    for left, right in skeleton.pairs:
        names = skeleton.points[left], skeleton.points[right]
        if not names[0].startswith("face_") or "_left_" in names[0]:
            assert names[0].replace("left", "right") == names[1]
    paired = {point for pair in skeleton.pairs for point in pair}
    sided = {i for i, name in enumerate(skeleton.points) if "left" in name or "right" in name}
    assert sided <= paired


@pytest.mark.parametrize("skeleton", skeletons(), ids=lambda s: s.name)
def test_bones_mirror_each_other(skeleton: Skeleton) -> None:
    other = dict(skeleton.pairs) | {right: left for left, right in skeleton.pairs}
    bones = {frozenset(bone) for bone in skeleton.bones}
    assert {frozenset(other.get(point, point) for point in bone) for bone in bones} == bones
    lines = {frozenset(line) for line in skeleton.contours}
    assert not bones & lines
    assert {frozenset(other.get(point, point) for point in line) for line in lines} == lines


def test_mediapipe_78_joins_what_it_should() -> None:
    skeleton = load_skeleton("mediapipe-78")
    named = {(skeleton.points[a], skeleton.points[b]) for a, b in skeleton.bones}
    assert ("left_elbow", "left_wrist") in named
    assert ("right_shoulder", "right_elbow") in named
    assert ("left_hand_wrist", "left_pinky_mcp") in named
    assert ("right_index_finger_dip", "right_index_finger_tip") in named
    for first in (25, 46):
        hand = range(first, first + 21)
        assert sum(a in hand and b in hand for a, b in skeleton.bones) == 20
    assert {group.name: group.colour for group in skeleton.groups} == {
        "pose": "#D55E00",
        "left_hand": "#0072B2",
        "right_hand": "#009E73",
        "face": "#E69F00",
    }
    wrists = {(skeleton.points[a], skeleton.points[b]) for a, b in skeleton.contours}
    assert {("left_wrist", "left_hand_wrist"), ("right_wrist", "right_hand_wrist")} <= wrists


def test_holistic_agrees_with_its_own_78() -> None:
    few, all_points = load_skeleton("mediapipe-78"), load_skeleton("mediapipe-holistic")
    assert all_points.points[:25] == few.points[:25]
    assert all_points.points[501:] == few.points[25:67]
    assert all_points.points[33] == "face_0"
    assert all_points.points[500] == "face_467"


def test_the_limits_are_written_out_as_the_model_has_them() -> None:
    assert load_profile(FSLR).limits == Limits()


def test_the_references_texts_and_order() -> None:
    targets = load_profile(FSLR).targets
    assert {name: [r.issue for r in target.requires] for name, target in targets.items()} == {
        "transformer": [
            "X shape/dtype incorrect (expected [T,156] float32)",
            "mask shape/dtype incorrect (expected [T,78] bool)",
            "timestamps incorrect (expected [T] int64)",
            "temporal dimension mismatch among X/mask/timestamps",
            "non-finite values in X",
            "X outside [0,1] range (expected normalized)",
            "timestamps not monotonic",
        ],
        "iv3": [
            "X2048 missing (required for IV3-GRU)",
            "X2048 shape/dtype incorrect (expected [T,2048] float32)",
            "X2048 temporal mismatch: X({X}) vs X2048({X2048})",
            "non-finite values in X2048",
        ],
    }
    assert [r.stops for r in targets["iv3"].requires] == [True, False, False, False]
    assert (targets["transformer"].wanted, targets["iv3"].wanted) == ("always", "X2048")
    assert list(targets) == ["transformer", "iv3"]


def test_the_references_constants() -> None:
    reference = load_profile(FSLR).reference
    assert (reference.low_visible_points, reference.spike_sigma, reference.bone_outlier_z) == (10, 3.0, 3.5)
    expected = "5-7 7-9 6-8 8-10 11-13 13-15 12-14 14-16 5-6 5-11 6-12 11-12"
    assert " ".join(f"{a}-{b}" for a, b in reference.bones) == expected


@pytest.mark.parametrize("profile", builtin_profiles(), ids=lambda p: p.name)
def test_profiles_travel_between_processes(profile: Profile) -> None:
    back = pickle.loads(pickle.dumps(profile))
    assert back == profile
    assert back.digest() == profile.digest()


def test_dtypes_are_numpys() -> None:
    for spec in load_profile(FSLR).arrays.values():
        assert not spec.dtype or np.dtype(spec.dtype).name == spec.dtype


def test_hands_hang_on_the_right_arms_of_real_clips(shared_data: Path) -> None:
    skeleton = load_skeleton("mediapipe-78")
    at = {name: index for index, name in enumerate(skeleton.points)}
    near: list[tuple[float, float]] = []
    for path in sorted((shared_data / "clips" / "fsl").glob("*.npz"))[:10]:
        with np.load(path) as clip:
            points, seen = clip["X"].reshape(-1, 78, 2), clip["mask"]
        for side, other in (("left", "right"), ("right", "left")):
            hand = at[f"{side}_hand_wrist"]
            frames = seen[:, hand]
            if frames.any():
                own, wrong = (points[frames, hand] - points[frames, at[f"{s}_wrist"]] for s in (side, other))
                near.append((float(np.median(np.hypot(*own.T))), float(np.median(np.hypot(*wrong.T)))))
    assert near
    assert sum(own < wrong for own, wrong in near) == len(near)
