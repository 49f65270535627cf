"""Files of videos that are odd or damaged: each a clear record, whatever is in them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from inspector.audit import Options, audit_file, inspect_file
from inspector.checks import Status
from inspector.profiles import load_profile
from tests.audit.video_support import FIELDS, audit, codes, save
from tests.checks.video_support import arrays

Array = npt.NDArray[Any]
CLEAN = arrays(8, 6)
VIDEOS, LABELS, PATH = CLEAN["videos"], CLEAN["labels"], CLEAN["trajectory_3d"]


def with_(where: Any, value: float, of: Array = VIDEOS) -> Array:
    changed = of.astype(np.float64 if of is PATH else of.dtype)
    changed[where] = value
    return changed


ODD_VIDEOS: dict[str, tuple[Array, list[str], str]] = {
    "no samples": (VIDEOS[:0], ["EMPTY_CLIP"], "videos holds no samples: shape [0, 6, 3, 32, 32]"),
    "no frames": (VIDEOS[:, :0], ["EMPTY_CLIP"], "videos holds no frames: shape [8, 0, 3, 32, 32]"),
    "one frame": (VIDEOS[:, :1], ["LOW_TEMPORAL_VARIATION"], "single frame"),
    "NaN": (with_(np.s_[2, 1:3], np.nan), ["NON_FINITE"], "videos holds 6144 NaN values in 1 of 8 samples; sample 2"),
    "infinity": (with_(np.s_[3, 2, 0, 1, 1], np.inf), ["NON_FINITE"], "videos holds 1 infinite values in 1 of 8"),
    "minus infinity": (with_(np.s_[3, 2, 0, 1, 1], -np.inf), ["NON_FINITE"], "sample 3 from frame 2"),
    "nothing but NaN": (
        np.full_like(VIDEOS, np.nan),
        ["DUPLICATE_SAMPLES", "NON_FINITE"],
        "147456 NaN values in 8 of 8",
    ),
    "a sample of NaN": (with_(4, np.nan), ["NON_FINITE"], "in 1 of 8 samples; sample 4 from frame 0"),
    "bytes": ((VIDEOS * 255).astype(np.uint8), [], ""),
    "wide integers": ((VIDEOS * 65535).astype(np.uint16), [], ""),
    "truth values": (VIDEOS > 0.5, [], ""),
    "one channel": (VIDEOS[:, :, :1], [], ""),
    "four channels": (np.concatenate([VIDEOS, VIDEOS[:, :, :1]], axis=2), [], ""),
    "seven channels": (np.concatenate([VIDEOS, VIDEOS, VIDEOS[:, :, :1]], axis=2), [], ""),
    "one colour": (
        np.full_like(VIDEOS, 0.5),
        ["BLANK_FRAMES", "DUPLICATE_SAMPLES", "STATIC_VIDEO"],
        "nothing but the background",
    ),
    "one row": (VIDEOS[:, :, :, :1], ["BLANK_FRAMES", "DUPLICATE_SAMPLES", "STATIC_VIDEO"], "8 samples are blank"),
    "one column": (VIDEOS[..., :1], ["BLANK_FRAMES", "DUPLICATE_SAMPLES", "STATIC_VIDEO"], "8 of 8 samples (100 %)"),
    "one pixel": (VIDEOS[..., :1, :1], ["BLANK_FRAMES", "DUPLICATE_SAMPLES", "STATIC_VIDEO"], "8 of 8 samples (100 %)"),
    "huge": (VIDEOS * np.float32(1e38), ["OUT_OF_RANGE"], "videos has values outside [0,1] in 8 of 8 samples"),
    "huge both ways": ((VIDEOS * 2 - 1) * np.float32(3e38), ["OUT_OF_RANGE"], "from -3e+38 to 3e+38"),
    "huge for float16": ((VIDEOS * 60000).astype(np.float16), ["OUT_OF_RANGE"], "from 0 to 60000"),
    "around zero": (VIDEOS * 2 - 1, ["OUT_OF_RANGE"], "outside [0,1] in 8 of 8 samples, from -1 to 1"),
    "integers from end to end": (
        np.where(VIDEOS > 0.5, 2**63 - 1, -(2**63)),
        ["OUT_OF_RANGE"],
        "outside [0,65535] in 8 of 8 samples",
    ),
}


@pytest.mark.parametrize("name", ODD_VIDEOS)
def test_odd_videos(tmp_path: Path, name: str) -> None:
    videos, expected, words = ODD_VIDEOS[name]
    held = {"videos": videos, "labels": LABELS[: len(videos)], "trajectory_3d": PATH[: len(videos), : videos.shape[1]]}
    record = audit(tmp_path, **held)
    assert codes(record) == expected
    assert any(words in f.message for f in record.findings) or not expected
    assert (record.status, record.error) == (Status.FAIL if expected else Status.PASS, None)
    assert sorted(record.measurements) == sorted(FIELDS)
    assert record.measurements["videos_shape"] == list(videos.shape)


def test_samples_and_frames_of_values_that_are_no_numbers(tmp_path: Path) -> None:
    found = audit(tmp_path, videos=with_(np.s_[2:4, 1:3, :, 0, 0], np.nan)).findings[0]
    assert (found.code, found.samples, found.frames) == ("NON_FINITE", ((2, 3),), ())
    alone = audit(tmp_path, videos=with_(np.s_[0, 1:3, :, 0, 0], np.nan)[0]).findings[0]
    assert (alone.code, alone.samples, alone.frames) == ("NON_FINITE", ((0, 0),), ((1, 2),))


@pytest.mark.parametrize(
    ("value", "severity"),
    [(1.0, None), (1.0009, "low"), (1.0011, "high"), (-0.0009, "low"), (-0.0011, "high"), (1.4, "high")],
)
def test_how_far_beyond_its_range_a_value_may_be(tmp_path: Path, value: float, severity: str | None) -> None:
    record = audit(tmp_path, videos=with_(np.s_[3, 2, 0, 30, 30], value))
    assert [f.severity for f in record.findings] == ([severity] if severity else [])
    if severity:
        assert record.findings[0].samples == ((3, 3),)
        assert record.status is (Status.PASS if severity == "low" else Status.FAIL)


ODD_LABELS: dict[str, tuple[Any, list[str], str]] = {
    "one class": (LABELS * 0, ["CLASS_IMBALANCE"], "all 8 samples are of one class, Linear"),
    "too short": (LABELS[:5], ["LENGTH_MISMATCH"], "labels holds 5 labels for 8 samples"),
    "too long": (np.arange(12) % 2, ["LENGTH_MISMATCH"], "labels holds 12 labels for 8 samples"),
    "absent": (None, [], ""),
    "one-hot": (np.eye(2)[LABELS], [], ""),
    "one column": (LABELS[:, None], [], ""),
    "text": (np.array(["arc", "line"])[LABELS], [], ""),
    "bytes": (np.array([b"arc", b"\xff"])[LABELS], [], ""),
    "pickled text": (np.array(["arc", "line"], dtype=object)[LABELS], ["PICKLED_ARRAY"], "labels is pickled"),
    "pickled numbers": (LABELS.astype(object), ["PICKLED_ARRAY"], "plain data only"),
    "floats": (LABELS.astype(float), [], ""),
    "half floats": (LABELS.astype(np.float16), [], ""),
    "truth values": (LABELS.astype(bool), [], ""),
    "fractions": (LABELS + 0.5, ["LABEL_OUT_OF_RANGE"], "labels: 8 labels are no whole numbers, such as 0.5"),
    "negative": (LABELS - 1, ["CLASS_IMBALANCE", "LABEL_OUT_OF_RANGE"], "labels: 4 labels outside 0 to 3: -1"),
    "beyond the last": (LABELS * 4, ["CLASS_IMBALANCE", "LABEL_OUT_OF_RANGE"], "labels: 4 labels outside 0 to 3: 4"),
    "a single number": (np.array(3), ["BAD_SHAPE"], "labels: expected one label a sample, shape [8], found []"),
    "three axes": (np.zeros((8, 2, 2)), ["BAD_SHAPE"], "found [8, 2, 2]"),
    "complex": (LABELS.astype(complex), ["BAD_DTYPE"], "labels: expected whole numbers or text, found complex128"),
    "dates": (LABELS.astype("M8[s]"), ["BAD_DTYPE"], "found datetime64[s]"),
}


@pytest.mark.parametrize("name", ODD_LABELS)
def test_odd_labels(tmp_path: Path, name: str) -> None:
    labels, expected, words = ODD_LABELS[name]
    record = audit(tmp_path, **CLEAN | {"labels": labels})
    assert codes(record) == expected
    assert any(words in f.message for f in record.findings) or not expected
    assert record.error is None and record.measurements["moving_samples"] == 8
    good = labels is not None and not {"BAD_SHAPE", "BAD_DTYPE", "LENGTH_MISMATCH"} & set(expected)
    assert bool(record.measurements["classes"]) == bool(record.measurements["labels"]) == good


def test_names_of_the_classes(tmp_path: Path) -> None:
    def named(**more: Any) -> list[str]:
        return [c["name"] for c in audit(tmp_path, **CLEAN | more).measurements["classes"]]

    assert named() == ["Linear", "Circular"]
    assert named(trajectory_3d=None) == ["class 0", "class 1"]
    for names in (np.array(["a", "b", "c"]), np.array([b"a", b"b"]), np.array(["a", "b"], dtype=object)):
        assert named(class_names=names) == named(trajectory_3d=None, label_names=names) == ["a", "b"]
    assert named(class_names=np.zeros((2, 2))) == ["Linear", "Circular"]
    assert named(labels=np.array(["x", "y"])[LABELS], class_names=np.array(["a", "b"])) == ["x", "y"]
    record = audit(tmp_path, **CLEAN | {"class_names": np.array(["a"])})
    assert "LABEL_OUT_OF_RANGE" in codes(record)


BAD_PATH = "trajectory_3d: expected numbers of shape [N,T,2] or [N,T,3], found "
ODD_PATHS: dict[str, tuple[Any, list[str], str]] = {
    "absent": (None, [], ""),
    "in a plane": (PATH[..., :2], [], ""),
    "at rest": (PATH * 0 + 1, [], ""),
    "whole numbers": (np.rint(PATH * 100).astype(int), [], ""),
    "half floats": (PATH.astype(np.float16), [], ""),
    "with NaN": (with_(1, np.nan, PATH), ["NON_FINITE"], "trajectory_3d holds NaN or infinity in 1 of 8 samples"),
    "nothing but NaN": (PATH * np.nan, ["NON_FINITE"], "in 8 of 8 samples"),
    "too few": (PATH[:5], ["LENGTH_MISMATCH"], "trajectory_3d holds 5 trajectories for 8 videos"),
    "too short": (PATH[:, :4], ["LENGTH_MISMATCH"], "trajectory_3d has 4 positions a sample, the videos have 6 frames"),
    "one position": (PATH[:, :1], ["LENGTH_MISMATCH"], "1 positions a sample"),
    "no position": (PATH[:, :0], ["LENGTH_MISMATCH"], "0 positions a sample"),
    "one axis": (PATH[0, 0], ["BAD_SHAPE"], f"{BAD_PATH}float64 [3]"),
    "of one sample": (PATH[0], ["BAD_SHAPE"], f"{BAD_PATH}float64 [6, 3]"),
    "four numbers": (np.zeros((8, 6, 4)), ["BAD_SHAPE"], f"{BAD_PATH}float64 [8, 6, 4]"),
    "text": (PATH.astype(str), ["BAD_SHAPE"], f"{BAD_PATH}<U32 [8, 6, 3]"),
    "complex": (PATH.astype(complex), ["BAD_SHAPE"], f"{BAD_PATH}complex128 [8, 6, 3]"),
    "pickled": (PATH.astype(object), ["PICKLED_ARRAY"], "trajectory_3d is pickled"),
}


@pytest.mark.parametrize("name", ODD_PATHS)
def test_odd_trajectories(tmp_path: Path, name: str) -> None:
    path, expected, words = ODD_PATHS[name]
    record = audit(tmp_path, **CLEAN | {"trajectory_3d": path})
    assert codes(record) == expected
    assert any(words in f.message for f in record.findings) or not expected
    assert record.error is None and record.measurements["moving_samples"] == 8
    sees = {"in a plane", "whole numbers", "half floats", "with NaN", "pickled"}
    assert (record.measurements["camera"] is not None) == (name in sees)


@pytest.mark.parametrize(
    ("videos", "code", "words"),
    [
        (VIDEOS.astype(np.complex64), "BAD_DTYPE", "videos: expected numbers, found complex64"),
        (np.full((2, 2, 3, 8, 8), "x"), "BAD_DTYPE", "videos: expected numbers, found <U1"),
        (VIDEOS[:2].astype(object), "BAD_DTYPE", "videos: expected numbers, found pickled Python objects"),
        (
            VIDEOS[0, 0, 0],
            "BAD_SHAPE",
            "videos: expected axes such as NTCHW, NTHWC, NTHW, TCHW, THWC, THW, found shape",
        ),
        (np.float32(3), "BAD_SHAPE", "found shape []"),
        (VIDEOS[None], "BAD_SHAPE", "found shape [1, 8, 6, 3, 32, 32]"),
        (None, "MISSING_ARRAY", "expected one named videos"),
    ],
)
def test_what_cannot_be_measured_is_one_clear_error(tmp_path: Path, videos: Any, code: str, words: str) -> None:
    options = Options(load_profile("trajectory-videos"))
    record = audit(tmp_path, options, videos=videos, labels=LABELS)
    assert record.status is Status.ERROR
    assert code in codes(record)
    assert words in str(record.error) and "a.npz" in str(record.error)
    assert record.measurements == {} and inspect_file(record.path, options).dataset is None


def test_arrays_that_nobody_knows_are_named(tmp_path: Path) -> None:
    record = audit(tmp_path, **CLEAN | {"extra": np.zeros(3), "meta": np.array("{}")})
    assert [(f.code, f.message) for f in record.findings] == [
        ("UNEXPECTED_ARRAY", "not part of trajectory-videos: extra")
    ]


def damage(path: str, member: str) -> None:
    """Flip a bit in the middle of a member's data."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(f"{member}.npy")
    data = bytearray(Path(path).read_bytes())
    data[info.header_offset + info.compress_size // 2 + 60] ^= 1
    Path(path).write_bytes(data)


@pytest.mark.parametrize("compressed", [False, True])
def test_damaged_videos_are_an_error_that_names_them(tmp_path: Path, compressed: bool) -> None:
    path = save(
        tmp_path / "a.npz", {**CLEAN, "videos": np.random.default_rng(0).random(VIDEOS.shape)}, compressed=compressed
    )
    damage(path, "videos")
    record = audit_file(path)
    assert (record.status, codes(record)) == (Status.ERROR, ["UNREADABLE"])
    assert "a.npz" in str(record.error) and "videos" in str(record.error)


@pytest.mark.parametrize("member", ["labels", "trajectory_3d"])
def test_what_lies_beside_them_may_be_damaged(tmp_path: Path, member: str) -> None:
    path = save(tmp_path / "a.npz", CLEAN)
    damage(path, member)
    record = audit_file(path)
    assert (record.status, codes(record)) == (Status.FAIL, ["UNREADABLE"])
    assert member in str(record.error) and member in record.findings[0].message
    assert record.measurements["moving_samples"] == 8
    assert inspect_file(path).dataset is not None
