"""What tells a clip from others: the same for the same content, and nothing else; a path that its pieces share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inspector.checks.fingerprint import (
    LEAST_FRAMES,
    UNSURE,
    content_of,
    content_of_checksums,
    poses_of,
    read_poses,
)
from inspector.checks.tracks import Tracks
from inspector.profiles import Skeleton, load_skeleton
from tests.support.moving import Floats, moving_points

SKELETON = load_skeleton("mediapipe-78")
ANY = hnp.arrays(st.sampled_from(["f4", "f8", "i8", "u1", "?"]), hnp.array_shapes(max_dims=3, max_side=6))


def text_of(points: Floats, skeleton: Skeleton | None = SKELETON) -> str | None:
    (text,) = poses_of(Tracks.of(points), skeleton)
    return text


@given(ANY, ANY)
def test_content_is_that_of_the_arrays_alone(one: np.ndarray, other: np.ndarray) -> None:
    assert content_of(one, other) == content_of(np.asfortranarray(one), other.copy())


@given(ANY, st.data())
def test_every_changed_bit_changes_the_content(array: np.ndarray, data: st.DataObject) -> None:
    raw = bytearray(array.tobytes())
    bit = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[bit // 8] ^= 1 << bit % 8
    assert content_of(array) != content_of(np.frombuffer(bytes(raw), array.dtype).reshape(array.shape))


def test_shape_type_and_order_are_content() -> None:
    zeros = np.zeros((4, 6), np.float32)
    others = [zeros.reshape(6, 4), zeros.astype(np.int32), zeros.astype(">f4")]
    assert len({content_of(array) for array in (zeros, *others)}) == 4
    assert content_of(zeros, zeros[:2]) != content_of(zeros[:2], zeros)


def test_nothing_has_no_content() -> None:
    assert content_of(None, np.zeros((0, 5))) is None
    assert content_of(np.array([None])) is None


def test_content_of_checksums() -> None:
    members = [("a", 7, 100), ("b", 8, 200)]
    assert content_of_checksums(members) == content_of_checksums(members[::-1])
    assert content_of_checksums([*members, ("meta", 1, 9)], leave_out="meta") == content_of_checksums(members)
    for changed in ([("a", 6, 100), members[1]], [("a", 7, 101), members[1]], [("c", 7, 100), members[1]]):
        assert content_of_checksums(changed) != content_of_checksums(members)
    alone = content_of_checksums(members[:1])
    assert alone is not None and alone.startswith(UNSURE) and len(alone) == 32
    assert content_of_checksums([("a", 0, 0)]) is None


def test_a_path_survives_its_text() -> None:
    points = moving_points(90, seed=1)
    text = text_of(points)
    poses = read_poses(text)
    assert text is not None and len(text) < 1200
    assert poses is not None and (poses.frames, poses.step, poses.path.shape) == (90, 2, (12, 45))
    middle = (points[:, 11] + points[:, 12]) / 2
    size = np.hypot(*(points[:, 11] - points[:, 12]).T) + np.hypot(*(points[:, 0] - middle).T)
    expected = ((points[:, 15, 0] - middle[:, 0]) / size).reshape(45, 2).mean(axis=1)
    assert poses.path[3] == pytest.approx(expected, abs=0.02)
    assert poses.unit == pytest.approx(np.median(size), rel=0.01)


@pytest.mark.parametrize("text", [None, 7, "", "AAAA", "no base64!", "QQ=="])
def test_other_texts_are_no_path(text: object) -> None:
    assert read_poses(text) is None


def test_a_torn_text_is_no_path() -> None:
    text = text_of(moving_points(40, seed=2))
    assert text is not None and read_poses(text[:-8]) is None


def test_a_piece_has_the_path_of_the_whole() -> None:
    points = moving_points(60, seed=3)
    whole, piece = read_poses(text_of(points)), read_poses(text_of(points[20:50]))
    assert whole is not None and piece is not None
    assert piece.path[:5] == pytest.approx(whole.path[:5, 20:50], abs=0.01)


def test_a_piece_has_marks_of_the_whole() -> None:
    points = moving_points(300, seed=4)
    whole, piece = read_poses(text_of(points)), read_poses(text_of(points[100:200]))
    assert whole is not None and piece is not None
    at = dict(zip(whole.marks.tolist(), whole.marked.tolist(), strict=True))
    shared = [(at[mark], frame) for mark, frame in zip(piece.marks.tolist(), piece.marked, strict=True) if mark in at]
    assert len(shared) >= 5
    assert {int(a) - int(b) for a, b in shared} == {100}


@pytest.mark.parametrize("exchanged", [False, True])
def test_a_mirrored_frame_has_its_mark(exchanged: bool) -> None:
    points = moving_points(40, seed=5)
    mirrored = points * np.array([-1, 1], np.float32) + np.array([1, 0], np.float32)
    if exchanged:
        pairs = np.array(SKELETON.pairs)
        mirrored[:, pairs.ravel()] = mirrored[:, pairs[:, ::-1].ravel()]
    one, other = read_poses(text_of(points)), read_poses(text_of(mirrored))
    assert one is not None and other is not None
    assert len(np.intersect1d(one.marks, other.marks)) >= 0.8 * len(one.marks)


def test_undetected_points_are_bridged_for_a_moment_and_left_out_for_longer() -> None:
    points = moving_points(40, seed=6)
    gone = points.copy()
    gone[10:14, 15] = 0
    known, bridged = read_poses(text_of(points)), read_poses(text_of(gone))
    assert known is not None and bridged is not None
    assert np.abs(known.path[3] - bridged.path[3]).max() < 0.1
    gone[5:30, 15] = 0
    longer = read_poses(text_of(gone))
    assert longer is not None and longer.path[3, 10:25] == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_places_that_are_no_numbers_are_undetected(value: float) -> None:
    points = moving_points(40, seed=6)
    lost, other = points.copy(), points.copy()
    lost[10:14, 15], other[10:14, 15] = 0, value
    assert text_of(other) == text_of(lost) is not None


def test_no_path_where_there_is_nothing_to_go_by() -> None:
    points = moving_points(40, seed=7)
    assert text_of(points[: LEAST_FRAMES - 1]) is None
    assert text_of(points, None) is None
    assert text_of(np.zeros_like(points)) is None
    assert text_of(np.full_like(points, np.nan)) is None
    assert text_of(np.full_like(points, 0.5)) is None
    assert text_of(points[:, :70]) is None


@pytest.mark.parametrize("name", ["coco-17", "openpose-body-25", "human36m-17", "mediapipe-holistic"])
def test_other_skeletons(name: str) -> None:
    skeleton = load_skeleton(name)
    rng = np.random.default_rng(8)
    points = rng.uniform(0.2, 0.8, (30, len(skeleton.points), 2)).astype(np.float32)
    assert read_poses(text_of(points, skeleton)) is not None


def test_a_skeleton_without_names_goes_by_its_body_and_pairs() -> None:
    named = load_skeleton("coco-17")
    bare = Skeleton(
        "bare", "bare", tuple(f"p{i}" for i in range(17)), named.groups, named.bones, pairs=named.pairs, body=named.body
    )
    points = np.random.default_rng(9).uniform(0.2, 0.8, (30, 17, 2)).astype(np.float32)
    found, other = read_poses(text_of(points, bare)), read_poses(text_of(points, named))
    assert found is not None and other is not None and found.layout != other.layout
    alone = Skeleton("alone", "alone", bare.points, bare.groups, bare.bones)
    assert text_of(points, alone) is None


def test_no_path_where_the_shoulders_are_hardly_seen() -> None:
    points = moving_points(60, seed=3)
    points[18:, 11] = 0
    assert text_of(points) is not None
    points[17:, 11] = 0
    assert text_of(points) is None


def test_frames_that_come_again_have_one_mark() -> None:
    points = moving_points(80, seed=4)
    points[4:74] = points[4]
    poses = read_poses(text_of(points))
    assert poses is not None and len(set(poses.marks.tolist())) == len(poses.marks) > 5


def test_who_comes_nearer_has_the_same_path() -> None:
    points = moving_points(60, seed=5)
    middle = (points[:, 11:12] + points[:, 12:13]) / 2
    scale = np.linspace(0.6, 1.4, 60)[:, None, None]
    nearer = np.asarray(middle + (points - middle) * scale, np.float32)
    one, other = read_poses(text_of(points)), read_poses(text_of(nearer))
    assert one is not None and other is not None
    assert other.path[:10] == pytest.approx(one.path[:10], abs=0.02)
