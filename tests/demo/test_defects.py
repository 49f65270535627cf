"""Each planted defect is in the arrays, at the frames it claims and nowhere else."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from inspector.demo.capture import Arrays
from inspector.demo.damage import Damage
from inspector.demo.defects import DEFECTS
from inspector.demo.maker import Take, clean_arrays

Mask = npt.NDArray[np.bool_]
NAMES = [defect.plant.__name__.strip("_") for defect in DEFECTS]


def planted(name: str, seed: int = 0) -> tuple[Arrays, Damage]:
    defect = DEFECTS[NAMES.index(name)]
    take = Take("clip.npz", seed, 1, 1, ("hello", "rain"), defect, defect.features)
    clean = clean_arrays(take)
    before = {key: array.copy() for key, array in clean.items()}
    damage = defect.plant(clean, np.random.default_rng(seed))
    assert all(np.array_equal(clean[key], before[key]) for key in before), "the clean clip was changed"
    return clean, damage


def claimed(damage: Damage, T: int) -> Mask:
    out = np.zeros(T, dtype=bool)
    for first, last in damage.frames:
        assert 0 <= first <= last < T
        out[first : last + 1] = True
    return out


def changed(clean: npt.NDArray[Any], damaged: npt.NDArray[Any]) -> Mask:
    """Frames in which anything differs; NaN is a difference."""
    assert clean.shape == damaged.shape
    return np.asarray((clean != damaged).reshape(len(clean), -1).any(axis=1))


def points(arrays: Arrays) -> npt.NDArray[np.float32]:
    return np.asarray(arrays["X"].reshape(len(arrays["X"]), 78, 2))


TOUCHED = {
    "teleport": {"X"},
    "swapped": {"X"},
    "trembling": {"X"},
    "dead_rows": {"X2048"},
    "repeated_rows": {"X2048"},
    "missing_hand": {"X", "mask"},
    "frozen": {"X"},
    "bone_jump": {"X"},
    "long_dropout": {"X", "mask"},
    "nan_burst": {"X"},
    "pixels": {"X"},
    "visible_at_origin": {"X"},
    "clock_back": {"timestamps_ms"},
    "repeated_time": {"timestamps_ms"},
    "nan_features": {"X2048"},
}


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("name", TOUCHED)
def test_what_it_claims_and_nothing_else_is_changed(name: str, seed: int) -> None:
    clean, damage = planted(name, seed)
    T = len(clean["X"])
    assert damage.arrays.keys() == clean.keys()
    assert damage.kept == 1.0
    differs = np.zeros(T, dtype=bool)
    for key, array in clean.items():
        other = damage.arrays[key]
        assert (other.dtype, other.shape) == (array.dtype, array.shape)
        if key in TOUCHED[name]:
            differs |= changed(array, other)
        else:
            assert np.array_equal(array, other)
    assert np.array_equal(differs, claimed(damage, T))


def test_a_teleport_is_far_and_inside_the_picture() -> None:
    clean, damage = planted("teleport")
    xy = points(damage.arrays)
    (first, last), width = damage.frames[0], np.abs(points(clean)[0, 11, 0] - points(clean)[0, 12, 0])
    moved = np.linalg.norm(xy - points(clean), axis=2)
    assert (moved[first : last + 1].max(axis=1) * 30 / width > 30).all()
    assert (np.count_nonzero(moved[first], axis=0)) == 21
    assert xy.min() >= 0
    assert xy.max() <= 1


@pytest.mark.parametrize("seed", range(6))
def test_a_bone_jumps_where_it_says(seed: int) -> None:
    clean, damage = planted("bone_jump", seed)
    xy = points(damage.arrays)
    moved = np.flatnonzero((xy != points(clean)).any(axis=(0, 2)))
    assert moved.tolist() in ([15], [16])
    lengths = np.linalg.norm(xy[:, moved[0]] - xy[:, moved[0] - 2], axis=1)
    jumps = np.flatnonzero(np.abs(np.diff(lengths)) > 1.2 * np.median(lengths)) + 1
    (first, last) = damage.frames[0]
    assert jumps.tolist() == [first, last + 1]


def test_frozen_frames_are_equal_and_the_picture_goes_on_smoothly() -> None:
    _, damage = planted("frozen")
    X = damage.arrays["X"]
    (first, last) = damage.frames[0]
    still = np.flatnonzero((X[1:] == X[:-1]).all(axis=1)) + 1
    assert still.tolist() == list(range(first, last + 1))
    assert len(still) >= 20
    assert np.abs(X[last + 1] - X[last]).max() < 0.1


@pytest.mark.parametrize("seed", range(4))
def test_after_a_cut_the_person_is_elsewhere_and_smaller(seed: int) -> None:
    clean, damage = planted("cut", seed)
    before, after = points(clean), points(damage.arrays)
    ((k, last),) = damage.frames
    assert last == k and np.array_equal(before[:k], after[:k])
    widths = [np.linalg.norm(xy[k:, 11] - xy[k:, 12], axis=1) for xy in (before, after)]
    assert widths[1] == pytest.approx(0.8 * widths[0], rel=1e-4)
    assert np.linalg.norm(after[k, 11] - after[k - 1, 11]) > 0.2 * widths[0][0]
    assert 0 < after.min() <= after.max() < 1


def test_swapped_hands_are_apart() -> None:
    clean, damage = planted("swapped")
    before, after = points(clean), points(damage.arrays)
    frames = claimed(damage, len(before))
    assert np.array_equal(after[frames, 25:46], before[frames, 46:67])
    assert np.array_equal(after[frames, 46:67], before[frames, 25:46])
    width = np.linalg.norm(before[0, 11] - before[0, 12])
    assert np.linalg.norm(before[frames, 25] - before[frames, 46], axis=1).min() > 0.3 * width


def test_only_a_hand_trembles() -> None:
    clean, damage = planted("trembling")
    off = points(damage.arrays) - points(clean)
    moved = np.flatnonzero(off.any(axis=(0, 2))).tolist()
    assert moved in (list(range(25, 46)), list(range(46, 67)))
    width = np.linalg.norm(points(clean)[0, 11] - points(clean)[0, 12])
    assert off[claimed(damage, len(off))][:, moved].std() == pytest.approx(0.02 * width, rel=0.1)


@pytest.mark.parametrize("seed", range(6))
def test_a_pinned_fingertip_stays_while_its_finger_moves(seed: int) -> None:
    clean, damage = planted("pinned", seed)
    before, after = points(clean), points(damage.arrays)
    (point,) = np.flatnonzero((before != after).any(axis=(0, 2)))
    assert (point - 25) % 21 in (4, 8, 12, 16, 20)
    ((first, last),) = damage.frames
    assert (after[first : last + 1, point] == before[first, point]).all()
    width = np.linalg.norm(before[0, 11] - before[0, 12])
    assert np.linalg.norm(after[first : last + 1, point - 1] - after[first, point - 1], axis=1).max() > 0.1 * width
    assert np.linalg.norm(after[last + 1, point] - after[last, point]) < 0.15 * width


def test_features_that_are_dead_or_come_again() -> None:
    clean, damage = planted("dead_rows")
    rows = claimed(damage, len(clean["X2048"]))
    assert np.array_equal(~damage.arrays["X2048"].any(axis=1), rows)
    clean, damage = planted("repeated_rows")
    features, ((first, last),) = damage.arrays["X2048"], damage.frames
    assert (features[first : last + 1] == features[first - 1]).all()
    assert len(np.unique(features, axis=0)) == len(features) - (last + 1 - first)


def test_values_that_are_no_coordinates() -> None:
    clean, damage = planted("nan_burst")
    assert np.array_equal(np.isnan(damage.arrays["X"]).any(axis=1), claimed(damage, len(clean["X"])))
    clean, damage = planted("pixels")
    assert damage.arrays["X"].max() > 100
    clean, damage = planted("nan_features")
    assert np.isnan(damage.arrays["X2048"][damage.frames[0][0]]).all()


def test_detection_that_is_lost() -> None:
    _, damage = planted("missing_hand")
    mask, xy = damage.arrays["mask"], points(damage.arrays)
    gone = ~mask.any(axis=0)
    assert np.flatnonzero(gone).tolist() in (list(range(25, 46)), list(range(46, 67)))
    assert (xy[:, gone] == 0).all()
    _, damage = planted("long_dropout")
    few = damage.arrays["mask"].sum(axis=1) < 10
    assert np.array_equal(few, claimed(damage, len(few)))
    assert few.mean() > 0.5
    _, damage = planted("visible_at_origin")
    at_origin = (points(damage.arrays) == 0).all(axis=2) & damage.arrays["mask"]
    assert np.array_equal(at_origin.any(axis=1), claimed(damage, len(at_origin)))
    assert at_origin.mean() > 0.02


def test_clocks() -> None:
    _, damage = planted("clock_back")
    back = np.flatnonzero(np.diff(damage.arrays["timestamps_ms"]) < 0)
    assert back.tolist() == [first for first, _ in damage.frames]
    _, damage = planted("repeated_time")
    steps = np.diff(damage.arrays["timestamps_ms"])
    assert (np.flatnonzero(steps == 0) + 1).tolist() == [first for first, _ in damage.frames]
    assert steps.min() == 0


def test_a_gap_is_frames_that_were_lost() -> None:
    clean, damage = planted("gap")
    ((k, _),) = damage.frames
    lost = len(clean["X"]) - len(damage.arrays["X"])
    for key in ("X", "mask", "timestamps_ms"):
        assert np.array_equal(damage.arrays[key], np.delete(clean[key], np.s_[k : k + lost], axis=0))
    steps = np.diff(damage.arrays["timestamps_ms"])
    assert (np.flatnonzero(steps > 3 * np.median(steps)) + 1).tolist() == [k]


def test_arrays_of_the_wrong_kind() -> None:
    clean, damage = planted("float64")
    assert damage.arrays["X"].dtype == np.float64
    assert np.array_equal(damage.arrays["X"], clean["X"])
    clean, damage = planted("short_mask")
    T = len(clean["X"])
    assert np.array_equal(damage.arrays["mask"], clean["mask"][: damage.frames[0][0]])
    assert damage.frames == ((T - 3, T - 1),)
    clean, damage = planted("no_timestamps")
    assert clean.keys() - damage.arrays.keys() == {"timestamps_ms"}
    clean, damage = planted("truncated")
    assert damage.arrays.keys() == clean.keys()
    assert 0 < damage.kept < 1


def test_a_pickled_meta_is_an_object_array_of_a_plain_dict() -> None:
    _, damage = planted("pickled_meta")
    buffer = io.BytesIO()
    save: Any = np.savez
    save(buffer, **damage.arrays)
    member = zipfile.ZipFile(buffer).read("meta.npy")
    assert b"'|O'" in member
    with pytest.raises(ValueError, match="allow_pickle"):
        np.load(buffer)["meta"]
