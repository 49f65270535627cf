"""Files that are audited together get the records that each gets alone, whatever is wrong with one of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspector.archive import NpzFile, open_npz
from inspector.audit import Options, Record, audit_file, inspect_file
from inspector.audit import batch as batch_module
from inspector.audit.one import audit_files
from inspector.audit.reading import read_arrays
from inspector.checks import Status
from inspector.checks.arrays import Arrays, Figures
from inspector.checks.features import measure_vectors
from inspector.checks.judge import judge, judge_many
from inspector.checks.measure import measure_many
from inspector.checks.measured import Measurements
from inspector.errors import MeasureError
from inspector.profiles import load_profile
from inspector.profiles.model import Profile
from tests.support.clips import clip_arrays, save_clip
from tests.support.measuring import measured
from tests.support.planting import features_for, plant
from tests.support.planting_arrays import KINDS

PROFILE = load_profile("fslr-keypoints")


def planted() -> Iterator[dict[str, Any]]:
    """Clips of several lengths with one defect each, some with features."""
    for at, kind in enumerate(KINDS.values()):
        clip = clip_arrays(40 + 7 * at, seed=at)
        if kind.features or at % 3 == 0:
            clip["X2048"] = features_for(clip, str(at))
        if found := plant(kind, clip, str(at), at, clip_arrays(80, seed=99)):
            yield found.arrays


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Planted clips and, among them, files that are odd as a whole."""
    root = tmp_path_factory.mktemp("batch")
    files = [save_clip(root / f"{at:03}.npz", arrays, compressed=at % 4 > 0) for at, arrays in enumerate(planted())]
    good = clip_arrays()
    odd: dict[str, dict[str, Any]] = {
        "no-mask": {name: good[name] for name in ("X", "timestamps_ms")},
        "text": good | {"X": np.array(["a"] * 40)},
        "nan": good | {"X": np.where(np.arange(156) == 5, np.nan, good["X"]).astype(np.float32)},
        "wide": good | {"X": good["X"].astype(np.float64)},
        "short": good | {"mask": good["mask"][:-3]},
        "floats": good | {"timestamps_ms": good["timestamps_ms"] + 0.5},
        "three": {"a": np.arange(3)},
    }
    files += [save_clip(root / f"{name}.npz", arrays) for name, arrays in odd.items()]
    (root / "cut.npz").write_bytes(files[1].read_bytes()[:4000])
    return [str(path) for path in [*files, root / "cut.npz", root / "absent.npz"]]


def texts(records: Sequence[Record]) -> list[str]:
    return [json.dumps(record.as_json()) for record in records]


@pytest.mark.parametrize("seed", range(3))
def test_company_changes_nothing(folder: list[str], seed: int) -> None:
    rng = np.random.default_rng(seed)
    expected = {path: audit_file(path) for path in folder}
    order = [folder[k] for k in rng.permutation(len(folder))]
    cuts = np.sort(rng.choice(len(order), 3, replace=False)).tolist()
    for first, last in zip([0, *cuts], [*cuts, len(order)], strict=True):
        paths = order[first:last]
        records = audit_files(paths)
        assert [record.path for record in records] == paths
        assert texts(records) == texts([expected[path] for path in paths])
    assert {record.status for record in expected.values()} == set(Status)


def test_nothing_asked(folder: list[str]) -> None:
    assert audit_files([]) == []


def test_targets_and_profile_hold_for_all(folder: list[str]) -> None:
    for options in (Options(targets=("iv3",)), Options(profile=load_profile("generic"))):
        assert texts(audit_files(folder, options)) == texts([audit_file(path, options) for path in folder])


def test_a_validator_speaks_of_each(folder: list[str]) -> None:
    records = audit_files(folder[:3], Options(validator="tests.audit.test_batch:says"))
    assert [record.legacy_issues for record in records] == [(Path(path).name,) for path in folder[:3]]


def says(path: str, **_: object) -> list[str]:
    return [Path(path).name]


def failing(culprit: int, error: type[Exception], calls: list[int]) -> Any:
    """`measure_many` that raises for the clip of so many frames, whatever it is measured with."""

    def measuring(
        clips: Sequence[Arrays], profile: Profile, *, lanes: bool = False
    ) -> list[Measurements | MeasureError]:
        calls.append(len(clips))
        if any(len(clip.values["X"]) == culprit for clip in clips):
            raise error("boom")
        return measure_many(clips, profile, lanes=lanes)

    return measuring


@pytest.mark.parametrize(("error", "words"), [(ZeroDivisionError, "boom"), (MemoryError, "not enough memory")])
def test_one_that_cannot_be_measured_is_alone_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception], words: str
) -> None:
    paths = [str(save_clip(tmp_path / f"{n}.npz", clip_arrays(n))) for n in (30, 31, 32)]
    calls: list[int] = []
    monkeypatch.setattr(batch_module, "measure_many", failing(31, error, calls))
    before, bad, after = audit_files(paths)
    assert calls == [3, 1, 1, 1]
    assert texts([before, after]) == texts([audit_file(path) for path in (paths[0], paths[2])])
    assert bad.status is Status.ERROR
    assert bad.error is not None
    assert words in bad.error
    assert (bad.path, bad.size_bytes) == (paths[1], os.path.getsize(paths[1]))  # noqa: PTH202 - a str
    assert inspect_file(paths[1]).clip is None


def test_memory_that_runs_out_is_given_back_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [str(save_clip(tmp_path / f"{n}.npz", clip_arrays(n))) for n in (30, 31, 32)]
    expected = texts([audit_file(path) for path in paths])
    calls: list[int] = []
    held: list[str] = []

    def reading(npz: NpzFile, profile: Profile) -> Arrays:
        if npz.path == paths[2] and not calls:
            held.append(npz.path)
            raise MemoryError
        return read_arrays(npz, profile)

    monkeypatch.setattr(batch_module, "read_arrays", reading)
    monkeypatch.setattr(batch_module, "measure_many", failing(-1, ValueError, calls))
    assert texts(audit_files(paths)) == expected
    assert (held, calls) == ([paths[2]], [2, 1])
    calls.clear()
    assert [record.status for record in audit_files([paths[2]])] == [Status.ERROR]


def test_no_more_is_held_than_agreed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [str(save_clip(tmp_path / f"{n}.npz", clip_arrays(40, seed=n))) for n in range(5)]
    expected = texts([audit_file(path) for path in paths])
    calls: list[int] = []
    monkeypatch.setattr(batch_module, "measure_many", failing(-1, ValueError, calls))
    monkeypatch.setattr(batch_module, "HELD", 70_000)  # one clip has about 30,000 bytes
    assert texts(audit_files(paths)) == expected
    assert calls == [2, 2, 1]


def test_features_are_measured_and_let_go(tmp_path: Path) -> None:
    arrays = clip_arrays(features=True)
    with open_npz(save_clip(tmp_path / "a.npz", arrays)) as npz:
        read = read_arrays(npz, PROFILE)
    known = read.figures["X2048"]
    assert "X2048" not in read.values
    assert (known.shape, known.dtype) == ((40, 2048), np.dtype(np.float32))
    with pytest.raises(ValueError, match="let go"):
        _ = known.array
    assert read.vectors is not None
    expected = measure_vectors(Figures(arrays["X2048"], PROFILE.arrays["X2048"]))
    assert read.vectors.fields == expected.fields
    assert read.vectors.values == expected.values
    assert list(read.figures_by(PROFILE)) == ["X", "mask", "timestamps_ms", "X2048", "meta"]


@pytest.mark.parametrize(
    "features",
    [
        np.full((40, 2048), np.nan, np.float32),
        np.ones((40, 2048), np.float32),
        np.zeros((40, 2047), np.float32),
        np.zeros((40, 2048)),
    ],
)
def test_features_of_which_more_is_to_be_said_are_kept(tmp_path: Path, features: Any) -> None:
    with open_npz(save_clip(tmp_path / "a.npz", clip_arrays() | {"X2048": features})) as npz:
        read = read_arrays(npz, PROFILE)
    assert (read.figures, read.vectors) == ({}, None)
    assert np.array_equal(read.values["X2048"], features, equal_nan=True)


def test_judged_together_or_alone() -> None:
    clips = [measured(arrays) for arrays in planted()]
    wanted = [("transformer", "iv3") if at % 2 else ("transformer",) for at in range(len(clips))]
    together = judge_many(clips, PROFILE, wanted)
    assert together == [judge(clip, PROFILE, targets) for clip, targets in zip(clips, wanted, strict=True)]
    assert len({finding.code for findings in together for finding in findings}) > 10
