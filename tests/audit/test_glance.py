"""A large file is shown before it is read: what its headers and small arrays say, and nothing that is not known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.audit import one
from inspector.audit.one import glance_at, inspect_file
from inspector.checks.finding import Status
from tests.support.clips import clip_arrays, save_clip
from tests.support.videos import dataset_arrays, save_dataset


@pytest.fixture(autouse=True)
def anything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one, "LARGE", 0)


def test_a_glance_knows_what_needs_no_pass(tmp_path: Path) -> None:
    path = str(save_dataset(tmp_path / "a.npz", dataset_arrays(12, copies=((0, 5),), static=(3,))))
    glance, whole = glance_at(path), inspect_file(path)
    assert glance is not None and glance.dataset is not None and whole.dataset is not None
    assert (glance.complete, whole.complete) == (False, True)
    assert glance.record.findings == ()
    assert (glance.record.mtime_ns, glance.record.size_bytes) == (whole.record.mtime_ns, whole.record.size_bytes)
    assert [m.name for m in glance.members] == [m.name for m in whole.members]
    seen, read = glance.dataset, whole.dataset
    assert (seen.array, seen.layout, seen.full_scale, seen.names) == (
        read.array, read.layout, read.full_scale, read.names
    )  # fmt: skip
    np.testing.assert_array_equal(seen.labels, read.labels)
    np.testing.assert_array_equal(seen.trajectory, read.trajectory)
    assert set(seen.samples) == set(read.samples)
    assert set(seen.frames) == set(read.frames) - {"projected_x", "projected_y"}
    assert (seen.groups, seen.near, seen.camera) == ((), (), None)
    assert not seen.samples["static"].any()
    assert np.isnan(seen.samples["motion_energy"]).all()
    assert np.isnan(seen.frames["object_x"]).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_its_white_is_that_of_the_first_sample(tmp_path: Path, dtype: type) -> None:
    arrays = dataset_arrays(4)
    arrays["videos"] = (arrays["videos"] * 255).astype(dtype)
    glance = glance_at(str(save_dataset(tmp_path / "a.npz", arrays)))
    assert glance is not None and glance.dataset is not None
    assert glance.dataset.full_scale == 255


def test_values_that_are_none_do_not_matter(tmp_path: Path) -> None:
    arrays = dataset_arrays(4)
    arrays["videos"][0] = np.nan
    glance = glance_at(str(save_dataset(tmp_path / "a.npz", arrays)))
    assert glance is not None and glance.dataset is not None
    assert glance.dataset.full_scale == 1


def test_other_files_show_their_arrays(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", anything=np.zeros((4, 5)))
    glance = glance_at(str(tmp_path / "a.npz"))
    assert glance is not None
    assert (glance.dataset, glance.clip) == (None, None)
    assert [member.name for member in glance.members] == ["anything"]


def test_a_small_file_is_read_and_not_glanced_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one, "LARGE", 64 << 20)
    assert glance_at(str(save_clip(tmp_path / "a.npz", clip_arrays(20)))) is None


def test_what_is_wrong_is_left_to_who_reads_it_whole(tmp_path: Path) -> None:
    assert glance_at(str(tmp_path / "nowhere.npz")) is None
    (tmp_path / "a.npz").write_bytes(b"nonsense")
    assert glance_at(str(tmp_path / "a.npz")) is None


@pytest.mark.parametrize("threads_from", [0, 1 << 40])
def test_a_file_that_is_not_wanted_any_more_is_not_read_on(
    tmp_path: Path, threads_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.audit.videos.WORTH_THREADS", threads_from)
    monkeypatch.setattr("inspector.audit.videos._BLOCK", 1)
    asked = iter([True, True, False])
    path = str(save_dataset(tmp_path / "a.npz", dataset_arrays(12)))
    found = inspect_file(path, wanted=lambda: next(asked))
    assert (found.record.status, found.dataset) == (Status.ERROR, None)
    assert "given up" in (found.record.error or "")
    np.savez(tmp_path / "b.npz", anything=np.zeros((4, 5)))
    assert inspect_file(str(tmp_path / "b.npz"), wanted=lambda: False).record.status is Status.ERROR
    assert inspect_file(str(tmp_path / "b.npz"), wanted=lambda: True).record.status is not Status.ERROR
