"""What is kept of a file judges as the file itself does, whatever is wrong with it and whatever the limits are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis.extra.numpy as hnp
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.audit.cache.arrays import Packed, pack, unpack
from inspector.audit.cache.evidence import encode, judge_again, recall, split
from inspector.audit.lines import to_line
from inspector.audit.one import audit_file
from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.checks import Status
from inspector.profiles.model import Limits, VideoRules
from tests.audit.cache_support import dataset_arrays, with_limits
from tests.checks.test_planting import signing
from tests.support.clips import save_clip
from tests.support.planting import features_for, plant
from tests.support.planting_arrays import KINDS

KEEP = Options(evidence=True)


def kept(path: Path, options: Options = KEEP) -> tuple[Record, bytes, bytes]:
    record = audit_file(str(path), options)
    assert record.evidence, record.error
    return record, *split(record.evidence)


def again(path: Path, options: Options) -> bytes:
    """The line of a file judged by other limits, from what was kept by the profile's own."""
    first, verdict, evidence = kept(path)
    assert options.profile is not None
    known = recall(str(path), first.size_bytes, first.mtime_ns, verdict)
    assert to_line(known) == to_line(first)
    return to_line(judge_again(known, evidence, options.profile, options))


def moved(kind: type[msgspec.Struct], low: float = 0.05, high: float = 3.0) -> st.SearchStrategy[dict[str, Any]]:
    """Limits that are some times as large as usual."""
    usual = {f.name: f.default for f in msgspec.structs.fields(kind) if isinstance(f.default, int | float)}
    usual = {name: value for name, value in usual.items() if not name.startswith("near_") and name != "frame_rate"}
    factors = st.fixed_dictionaries({}, optional=dict.fromkeys(usual, st.floats(low, high)))
    return factors.map(lambda chosen: {n: _limit(n, usual[n], times) for n, times in chosen.items()})


def _limit(name: str, usual: float, times: float) -> float:
    value = max(1, round(usual * times)) if isinstance(usual, int) else (usual or 10.0) * times
    return min(value, 100.0) if name.endswith("_pct") else value


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A clip with each kind of defect, and one with none."""
    folder = tmp_path_factory.mktemp("planted")
    clip = signing()
    clip["X2048"] = features_for(clip, "clip")
    paths = {"clean": save_clip(folder / "clean.npz", clip)}
    for name, kind in KINDS.items():
        defect = plant(kind, clip, "clip", 0, signing(150, 1))
        assert defect is not None
        paths[name] = save_clip(folder / f"{name}.npz", dict(defect.arrays))
    return paths


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_clip(tmp_path_factory.mktemp("videos") / "videos.npz", dataset_arrays())


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(["clean", *KINDS]), limits=moved(Limits), targets=st.sampled_from([None, (), ("iv3",)]))
def test_defects_under_any_limits(
    planted: Mapping[str, Path], name: str, limits: dict[str, Any], targets: tuple[str, ...] | None
) -> None:
    options = Options(with_limits(**limits), targets)
    assert again(planted[name], options) == to_line(audit_file(str(planted[name]), options))


def test_limits_change_what_is_found(planted: Mapping[str, Path]) -> None:
    lax = Options(with_limits(speed_spike=1e6))
    assert b"SPEED_SPIKE" in to_line(audit_file(str(planted["teleport"])))
    assert b"SPEED_SPIKE" not in again(planted["teleport"], lax)


@settings(max_examples=25, deadline=None)
@given(limits=moved(VideoRules))
def test_videos_under_any_limits(dataset: Path, limits: dict[str, Any]) -> None:
    options = Options(with_limits("trajectory-videos", **limits))
    assert again(dataset, options) == to_line(audit_file(str(dataset), options))


def test_a_file_without_limits(tmp_path: Path) -> None:
    path = save_clip(tmp_path / "any.npz", {"a": np.array([1.0, np.nan, 3.0]), "b": np.zeros(9)})
    other = with_limits("generic", jitter=0.5)
    assert again(path, Options(other)) == to_line(audit_file(str(path)))


def test_real_files(shared_data: Path) -> None:
    paths = sorted(shared_data.rglob("*.npz"))
    assert len(paths) > 100
    small = {"clips": 0, "bytes": 0}
    for path in paths:
        first = audit_file(str(path), KEEP)
        if not first.evidence:
            assert first.status == "error"
            continue
        rules = {"border_sample_pct": 1.0} if "videos" in first.profile else {"jitter": 0.001, "pinned_frames": 2}
        options = Options(with_limits(first.profile, **rules))
        assert again(path, options) == to_line(audit_file(str(path), options))
        if "keypoints" in first.profile and first.fields["T"] < 120:
            small["clips"] += 1
            small["bytes"] += len(first.evidence)
    assert small["bytes"] < 8000 * small["clips"]


def test_what_is_not_kept(tmp_path: Path) -> None:
    path = save_clip(tmp_path / "clip.npz")
    record = audit_file(str(path), KEEP)
    assert encode(record, None)
    assert encode(replace(record, status=Status.ERROR), None) == b""
    assert encode(replace(record, status=Status.ERROR), None, lasting=True)
    assert encode(replace(record, measurements={"x": np.float64(1)}), None) == b""
    assert encode(replace(record, error="\ud800"), None) == b""


def test_what_names_the_file_is_only_said_of_that_path(tmp_path: Path) -> None:
    path = str(save_clip(tmp_path / "clip.npz"))
    verdict, _ = split(encode(replace(audit_file(path), error=f"{path}: cannot be read in part"), None))
    assert recall(path, 1, 2, verdict).error == f"{path}: cannot be read in part"
    with pytest.raises(ValueError, match="speaks of"):
        recall("clip.npz", 1, 2, verdict)


def test_nothing_is_kept_unasked(tmp_path: Path) -> None:
    assert audit_file(str(save_clip(tmp_path / "clip.npz"))).evidence == b""


@pytest.mark.parametrize("which", ["verdict", "evidence"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_damage_is_seen(planted: Mapping[str, Path], which: str, data: st.DataObject) -> None:
    path = planted["teleport"]
    first, verdict, evidence = kept(path)
    good = verdict if which == "verdict" else evidence
    at = data.draw(st.integers(0, len(good) - 1))
    cut = data.draw(st.booleans())
    bad = good[:at] if cut else good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :]
    with pytest.raises(ValueError, match="what was kept"):
        if which == "verdict":
            recall(str(path), 1, 1, bad)
        else:
            judge_again(first, bad, with_limits(), Options())


@settings(max_examples=200, deadline=None)
@given(
    hnp.arrays(
        st.sampled_from([np.dtype(text) for text in "?,i8,i4,>i8,u1,f4,f8,f2".split(",")]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=9),
    )
)
def test_arrays_come_back_to_the_bit(array: Any) -> None:
    back = unpack(pack(array))
    assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())


@pytest.mark.parametrize(
    "array",
    [
        np.arange(100) * 33,
        np.array([-(2**63), 2**63 - 1, 5]),
        np.array([0.0, -0.0, 3.0], np.float32),
        np.array([7, np.nan, 3], np.float32),
        np.full(50, np.nan),
        np.zeros((3, 0)),
        np.arange(12.0).reshape(3, 4).T,
    ],
)
def test_special_arrays_come_back_to_the_bit(array: Any) -> None:
    back = unpack(pack(array))
    assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())


def test_arrays_are_small() -> None:
    assert len(pack(np.arange(1000) * 33).data) < 2010
    assert len(pack(np.zeros(1000)).data) == 8
    assert len(pack(np.arange(1000) % 2 == 0).data) == 125
    assert len(pack((np.arange(1000) % 70).astype(np.float32)).data) == 1000


@pytest.mark.parametrize(
    "packed",
    [
        Packed("<f4", (10,), 0, b"123"),
        Packed("<f4", (3,), 0, b"1234" * 4),
        Packed("<f4", (1 << 40,), 1, b"1234"),
        Packed("<f4", (-1,), 0, b""),
        Packed("|O", (1,), 0, b"12345678"),
        Packed("V8", (1,), 0, b"12345678"),
        Packed("nonsense", (1,), 0, b"1"),
        Packed("|b1", (9,), 2, b"1"),
        Packed("<f8", (9,), 3, b"12345678"),
        Packed("<f8", (1,), 9, b"12345678"),
        Packed("<f4", (2,), 1, b"12341234"),
    ],
)
def test_what_is_no_array_is_refused(packed: Packed) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpack(packed)
