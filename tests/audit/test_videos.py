"""Files of videos: real ones to the last digit, the same ones stored in other ways, planted faults, large ones."""

from __future__ import annotations

import json
import math
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.audit import Record, audit_file, inspect_file
from inspector.checks import Status
from inspector.demo.video_defects import VIDEO_DEFECTS, plant
from inspector.demo.videos import Style, make_videos
from tests.audit.video_support import FIELDS, audit, codes, save
from tests.checks.video_support import arrays, lines, squares
from tests.house.fresh import first_to_load, run
from tests.house.imports import QT

Array = npt.NDArray[Any]
OLD, NEW = "20260124_1546_full_dataset.npz", "20260125_dataset_200_regenerated.npz"
STORED = frozenset(
    {"content", "videos", "videos_shape", "videos_dtype", "layout", "full_scale", "value_min", "value_max", "channels"}
)
"""Fields that tell how the videos are stored."""


def same(expected: Any, got: Any) -> bool:
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(name in got and same(value, got[name]) for name, value in expected.items())
    if isinstance(expected, list):
        return isinstance(got, list) and len(expected) == len(got) and all(map(same, expected, got))
    if isinstance(expected, float):
        return isinstance(got, float) and math.isclose(expected, got, rel_tol=1e-6, abs_tol=1e-12)
    return bool(expected == got)


@pytest.fixture(scope="module")
def real(shared_data: Path) -> dict[str, Record]:
    return {name: audit_file(str(shared_data / "videos" / name)) for name in (OLD, NEW)}


def test_every_figure_of_the_real_data(real: dict[str, Record], shared_data: Path) -> None:
    expected = json.loads((shared_data / "expected" / "videos.json").read_text("utf-8"))
    assert expected.keys() == real.keys()
    for name, figures in expected.items():
        for field, value in figures.items():
            assert same(value, real[name].measurements[field]), (name, field)


def test_the_digits_that_were_printed_of_it(real: dict[str, Record]) -> None:
    values = real[OLD].measurements
    printed = [
        f"Class {c['label']} ({c['name']}): Displacement: {c['displacement_mean']:.3f} ± {c['displacement_std']:.3f}, "
        f"Path: {c['path_length_mean']:.3f} ± {c['path_length_std']:.3f}, {c['frame_variation_first']:.4f}"
        for c in values["classes"]
    ]
    assert printed == [
        "Class 0 (Linear): Displacement: 0.296 ± 0.097, Path: 0.987 ± 0.177, 0.0000",
        "Class 1 (Circular): Displacement: 0.064 ± 0.030, Path: 2.938 ± 0.540, 0.0023",
        "Class 2 (Helical): Displacement: 0.973 ± 0.206, Path: 5.138 ± 0.564, 0.0024",
        "Class 3 (Parabolic): Displacement: 0.531 ± 0.176, Path: 1.083 ± 0.212, 0.0023",
    ]
    assert values["videos_shape"] == [200, 16, 3, 64, 64]
    assert (values["value_min"], values["value_max"], values["nan_values"], values["inf_values"]) == (0, 1, 0, 0)
    assert [c["count"] for c in values["classes"]] == [50] * 4 and values["imbalance"] == 1
    assert (values["duplicates"]["unique"], values["duplicate_samples"]) == (170, 30)


def test_what_is_wrong_with_it_and_why(real: dict[str, Record]) -> None:
    record = real[OLD]
    assert (record.status, record.profile, record.error) == (Status.FAIL, "trajectory-videos", None)
    assert codes(record) == ["DUPLICATE_SAMPLES", "OBJECT_AT_BORDER", "STATIC_VIDEO"]
    said = {f.code: f.message for f in record.findings}
    assert "34 of 200 samples (17 %) do not change" in said["STATIC_VIDEO"]
    assert "30 of 200 samples (15 %) are copies of others, in 4 groups; 170 are unique" in said["DUPLICATE_SAMPLES"]
    joined = record.measurements["causes"][0]
    for words in (
        "ll 30 duplicates are among the 34 samples that do not change",
        "one of the picture's 4 corners while the trajectories differ",
        "they lead out of the picture",
        "3 of the 4 groups mix labels",
    ):
        assert words in said["DUPLICATE_SAMPLES"] and words in joined
    assert record.measurements["motion"].startswith("166 of 200 videos show motion; 34 do not change at all")
    assert record.measurements["border_frames_pct"] == pytest.approx(98.0625)
    assert record.measurements["camera"]["samples"] == 200 and record.measurements["camera"]["rms_px"] < 0.2
    assert record.measurements["separability"] > 0.8


def test_the_regenerated_set_has_the_same_fault(real: dict[str, Record]) -> None:
    record = real[NEW]
    assert codes(record) == ["DUPLICATE_SAMPLES", "LOW_TEMPORAL_VARIATION", "OBJECT_AT_BORDER", "STATIC_VIDEO"]
    assert record.measurements["still_samples"] == [94, 118, 131]
    assert "2 of the 4 groups mix labels" in record.measurements["causes"][0]


def test_a_clean_file(tmp_path: Path) -> None:
    record = audit(tmp_path, **arrays())
    assert (record.status, record.profile, record.findings, record.error) == (
        Status.PASS,
        "trajectory-videos",
        (),
        None,
    )
    assert record.fields == {"present": ["videos", "labels", "trajectory_3d"]}
    assert sorted(record.measurements) == sorted(FIELDS)
    assert [c["name"] for c in record.measurements["classes"]] == ["Linear", "Circular"]
    assert Record.from_json(record.as_json()).measurements == record.measurements


def test_what_the_window_gets(tmp_path: Path) -> None:
    inspection = inspect_file(save(tmp_path / "a.npz", arrays()))
    assert inspection.dataset is not None
    assert inspection.record == audit_file(str(tmp_path / "a.npz"))
    assert inspection.seconds.tolist() == [k / 8 for k in range(8)]
    assert inspection.dataset.labels is not None and inspection.dataset.labels.tolist() == [0, 1] * 6
    assert [m.name for m in inspection.members] == ["videos", "labels", "trajectory_3d"]


def stored(videos: Array, axes: str, dtype: str) -> Array:
    """(N, T, C, H, W) in [0, 1], as another file may hold it."""
    held = videos if "C" in axes else videos[:, :, :1]
    held = held.transpose(["NTCHW".index(axis) for axis in axes if axis in "NTCHW"] if "C" in axes else [0, 1, 3, 4, 2])
    held = held if "C" in axes else held[..., 0]
    return np.ascontiguousarray(np.rint(held * 255) if dtype == "uint8" else held).astype(dtype)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return audit(tmp_path_factory.mktemp("plain"), **arrays()).measurements


def as_told(figures: dict[str, Any]) -> dict[str, Any]:
    """Figures of a class with the digits that any type keeps."""
    return {name: round(value, 5) if isinstance(value, float) else value for name, value in figures.items()}


def agree(record: Record, plain: dict[str, Any], apart: frozenset[str] = STORED) -> None:
    assert record.findings == ()
    for name in set(FIELDS) - apart:
        expected, got = plain[name], record.measurements[name]
        if name == "classes":
            assert [as_told(each) for each in got] == [as_told(each) for each in expected]
        elif name == "camera":
            assert got == pytest.approx(expected, abs=1e-3)
        elif isinstance(expected, float):
            assert got == pytest.approx(expected, rel=1e-5, abs=1e-6), name
        else:
            assert got == expected, name


@pytest.mark.parametrize("axes", ["NTCHW", "NTHWC"])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "uint8", ">f4", ">f8"])
def test_axes_and_types(tmp_path: Path, plain: dict[str, Any], axes: str, dtype: str) -> None:
    held = arrays()
    record = audit(tmp_path, **held | {"videos": stored(held["videos"], axes, dtype)})
    agree(record, plain, STORED | ({"frame_variation_mean"} if dtype == "float16" else set()))
    scale = 255 if dtype == "uint8" else 1
    values = record.measurements
    assert (values["layout"], values["videos_dtype"], values["channels"]) == (axes, str(np.dtype(dtype)), 3)
    assert (values["full_scale"], values["value_min"], values["value_max"]) == (scale, 0, scale)


def test_grey_videos(tmp_path: Path, plain: dict[str, Any]) -> None:
    held = arrays()
    record = audit(tmp_path, **held | {"videos": held["videos"][:, :, 0]})
    assert (record.measurements["layout"], record.measurements["channels"]) == ("NTHW", 1)
    # Red and green change as the grey does, blue never: two thirds of it in colour.
    assert record.measurements["motion_energy_mean"] == pytest.approx(plain["motion_energy_mean"] * 1.5)
    agree(record, plain, STORED | {"motion_energy_mean", "classes"})


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("fortran", [False, True])
def test_order_in_memory_and_compression(
    tmp_path: Path, plain: dict[str, Any], compressed: bool, fortran: bool
) -> None:
    held = {name: np.asfortranarray(array) if fortran else array for name, array in arrays().items()}
    record = audit_file(save(tmp_path / "a.npz", held, compressed=compressed))
    agree(record, plain)


@pytest.mark.parametrize(
    "names", [("clips", "y", "traj"), ("x_videos", "targets", "paths"), ("a", "label", "positions")]
)
def test_other_names(tmp_path: Path, plain: dict[str, Any], names: tuple[str, ...]) -> None:
    record = audit(tmp_path, **dict(zip(names, arrays().values(), strict=True)))
    assert record.measurements["videos"] == names[0]
    agree(record, plain)


def test_one_clip_by_itself(tmp_path: Path) -> None:
    held = arrays(1)
    whole = audit(tmp_path, videos=held["videos"], trajectory_3d=held["trajectory_3d"])
    alone = audit(tmp_path, video=held["videos"][0], trajectory_3d=held["trajectory_3d"])
    assert (alone.measurements["layout"], alone.measurements["samples"]) == ("TCHW", 1)
    agree(alone, whole.measurements, STORED)
    grey = audit(tmp_path, frames=held["videos"][0, :, 0], traj=held["trajectory_3d"][0])  # (T, 3) beside (T, H, W)
    assert (grey.measurements["layout"], grey.findings) == ("THW", ())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(2, 6),
    st.integers(2, 9),
    st.sampled_from([1, 3, 4]),
    st.integers(17, 24),
    st.sampled_from(["float32", "float64", "uint8"]),
    st.booleans(),
)
def test_any_size(tmp_path: Path, n: int, t: int, c: int, width: int, dtype: str, fortran: bool) -> None:
    rng = np.random.default_rng(n * t)
    videos = np.rint(rng.random((n, t, c, 20, width)) * 255).astype("uint8")
    videos[0, 1:] = videos[0, 0]
    videos[-1] = videos[-2]
    held = videos if dtype == "uint8" else (videos / 255).astype(dtype)
    first = audit(tmp_path, videos=held).measurements
    other = np.ascontiguousarray(held.transpose(0, 1, 3, 4, 2))
    second = audit(tmp_path, videos=np.asfortranarray(other) if fortran else other).measurements
    for name in ("samples", "frames", "channels", "height", "width", "duplicates", "static_samples", "value_max"):
        assert first[name] == second[name]
    assert (first["samples"], first["frames"], first["channels"]) == (n, t, c)
    assert (first["height"], first["width"]) == (20, width)
    assert first["static_samples"] == ([0, 1] if n == 2 else [0])
    assert first["duplicates"]["groups"] == [[n - 2, n - 1]]
    motion = np.abs(np.diff(videos.astype(float) / 255, axis=1)).mean()
    assert first["motion_energy_mean"] == pytest.approx(second["motion_energy_mean"], rel=1e-5)
    assert first["motion_energy_mean"] == pytest.approx(motion, rel=1e-5)


SET = make_videos(32, Style(), 3)


@pytest.mark.parametrize("kind", VIDEO_DEFECTS)
def test_planted_defects_are_found_in_their_samples(tmp_path: Path, kind: str) -> None:
    planted = plant(kind, SET, np.random.default_rng(1))
    record = audit(tmp_path, **dict[str, Any](planted.videos.arrays))
    found = {f.code: f for f in record.findings}
    main = planted.faults[0]
    assert main.code in found, codes(record)
    assert found.keys() <= {*(fault.code for fault in planted.faults), *planted.also}
    named = {k for first, last in found[main.code].samples for k in range(first, last + 1)}
    assert named >= set(main.samples) or not main.samples
    if not VIDEO_DEFECTS[kind].whole:
        also = {k for fault in planted.faults for k in fault.samples}
        assert named <= also


def test_an_audit_holds_far_less_than_the_videos(tmp_path: Path) -> None:
    videos = np.tile((squares(lines(12, 8)) * 255).astype(np.uint8), (50, 4, 1, 1, 1))  # 59 MB
    path = save(tmp_path / "a.npz", {"videos": videos, "labels": np.arange(600) % 2}, compressed=True)
    size = videos.nbytes
    del videos
    assert size > 58e6
    audit_file(path)  # what is loaded once does not count
    tracemalloc.start()
    try:
        record = audit_file(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (record.measurements["samples"], record.measurements["frames"]) == (600, 32)
    assert peak < size / 4


def test_no_qt_is_loaded(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", arrays())
    assert first_to_load(["inspector.audit.videos", "inspector.checks.video_sets"], QT) == ""
    script = f"import sys; from inspector.audit import audit_file; print(audit_file({path!r}).status)"
    done = run(["-W", "error", "-c", f"{script}; print(*{{m.partition('.')[0] for m in sys.modules}})"])
    assert done.stdout.split()[0] == "pass"
    assert not QT & set(done.stdout.split())
    assert done.stderr == ""
