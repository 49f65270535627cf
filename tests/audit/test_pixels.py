"""Videos read by number are those that the array holds, however it is laid out, and memory stays bounded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.archive import NpzFile
from inspector.audit import pixels as module
from inspector.audit.passes import TURNS
from inspector.audit.pixels import Pixels, first_samples
from inspector.checks.dataset import DataSet
from inspector.errors import ArchiveChangedError, ArchiveError, ReadStoppedError
from inspector.profiles.layouts import Layout
from tests.audit.array_support import NUMBERS, SAFE
from tests.support.videos import dataset_arrays, dataset_of, save_dataset

LAYOUTS = ("NTCHW", "NTHWC", "NTHW", "TCHW", "THWC", "THW", "TNCHW", "CTHW")
AnyArray = npt.NDArray[Any]


def measured(array: AnyArray, axes: str = "NTCHW", name: str = "videos") -> DataSet:
    return DataSet(name, array.dtype, Layout(axes, array.shape), 1.0, None, {}, None, {}, {})


def opened(folder: Path, array: AnyArray, axes: str = "NTCHW", *, compressed: bool = True, **sizes: int) -> Pixels:
    path = save_dataset(folder / "set.npz", {"videos": array}, compressed=compressed)
    return Pixels(str(path), measured(array, axes), **sizes)


def canonical(array: AnyArray, axes: str) -> AnyArray:
    """The plain way to (N, T, H, W, C)."""
    for axis in "NTHWC":
        if axis not in axes:
            array, axes = array[..., None], axes + axis
    return np.moveaxis(array, [axes.index(axis) for axis in "NTHWC"], range(5))


def numbered(*shape: int, dtype: str = "float32") -> AnyArray:
    return np.arange(np.prod(shape)).reshape(shape).astype(dtype)


@SAFE
@given(
    axes=st.sampled_from(LAYOUTS),
    sizes=st.tuples(*[st.integers(1, 5)] * 4),
    channels=st.sampled_from((1, 3, 4)),
    dtype=NUMBERS,
    compressed=st.booleans(),
    fortran=st.booleans(),
    block=st.integers(1, 4000),
    keep=st.integers(0, 4000),
)
def test_every_layout_and_type(
    tmp_path: Path,
    axes: str,
    sizes: tuple[int, ...],
    channels: int,
    dtype: np.dtype[Any],
    compressed: bool,
    fortran: bool,
    block: int,
    keep: int,
) -> None:
    lengths = dict(zip("NTHW", sizes, strict=True)) | {"C": channels}
    shape = tuple(lengths[axis] for axis in axes)
    array = (np.arange(np.prod(shape)) % 2 if dtype.kind == "b" else np.arange(np.prod(shape)) % 100).astype(dtype)
    array = np.asarray(array.reshape(shape), order="F" if fortran else "C")
    whole = canonical(array, axes)
    pixels = opened(tmp_path, array, axes, compressed=compressed, block_bytes=block, keep_bytes=keep)
    assert len(pixels) == len(whole)
    for number in (*range(len(pixels)), 0):
        sample = pixels.sample(number)
        np.testing.assert_array_equal(sample, whole[number])
        assert sample.dtype == dtype
        assert not sample.flags.writeable
        assert pixels.kept_bytes <= keep
    np.testing.assert_array_equal(pixels.frames(0, 1, 3), whole[0, 1:3])
    seen = dict(pixels.samples([*range(len(pixels) - 1, -1, -1), 0]))
    assert list(seen) == list(range(len(pixels)))
    np.testing.assert_array_equal(np.stack(list(seen.values())), whole)
    pixels.close()


class Counted:
    """Counts what is asked of open archives."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[tuple[int, int]] = []
        self.passes = 0
        rows, blocks = NpzFile.rows, NpzFile.blocks

        def counted_rows(
            npz: NpzFile, name: str, start: int, stop: int, wanted: Callable[[], bool] | None = None
        ) -> AnyArray:
            self.rows.append((start, stop))
            return rows(npz, name, start, stop, wanted)

        def counted_blocks(npz: NpzFile, name: str, max_bytes: int = 4 << 20) -> Iterator[tuple[int, AnyArray]]:
            self.passes += 1
            return blocks(npz, name, 100)

        monkeypatch.setattr(NpzFile, "rows", counted_rows)
        monkeypatch.setattr(NpzFile, "blocks", counted_blocks)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


def test_nothing_is_opened_before_it_is_needed(tmp_path: Path) -> None:
    pixels = Pixels(str(tmp_path / "nowhere.npz"), measured(numbered(2, 3, 3, 4, 4)))
    assert len(pixels) == 2
    with pytest.raises(ArchiveError, match=r"nowhere\.npz"):
        pixels.sample(0)


def test_neighbours_come_together_in_both_directions(tmp_path: Path, counted: Counted) -> None:
    array = numbered(12, 2, 3, 4, 4)
    pixels = opened(tmp_path, array, block_bytes=4 * array[0].nbytes)
    for number in (5, 6, 7, 4, 5, 8, 9, 3, 0):
        pixels.sample(number)
    assert counted.rows == [(4, 8), (8, 12), (0, 4)]
    pixels.close()


def test_of_a_usual_video_one_sample_is_read_and_no_more(tmp_path: Path, counted: Counted) -> None:
    array = np.zeros((3, 16, 3, 64, 64), dtype=np.float32)
    pixels = opened(tmp_path, array)
    pixels.sample(1)
    assert counted.rows == [(1, 2)]
    pixels.close()


def test_reading_ahead_takes_what_is_named_as_far_as_bytes_go(
    tmp_path: Path, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    array = numbered(24, 2, 3, 4, 4)
    size = array[0].nbytes
    monkeypatch.setattr(module, "AHEAD_BYTES", 5 * size)
    pixels = opened(tmp_path, array, block_bytes=2 * size)
    assert pixels.ahead == 5
    pixels.read_ahead([9, 10, 11, 12, 13])
    assert counted.rows == [(8, 10), (10, 12)]  # a third pair would be too much
    pixels.read_ahead([10, 9])
    pixels.sample(11)
    assert len(counted.rows) == 2
    pixels.read_ahead([5, 20])
    assert counted.rows[2:] == [(4, 6), (20, 22)]
    pixels.close()


def test_one_sample_is_read_ahead_however_large_it_is(
    tmp_path: Path, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AHEAD_BYTES", 1)
    pixels = opened(tmp_path, numbered(4, 2, 3, 4, 4), block_bytes=1)
    assert pixels.ahead == 1
    pixels.read_ahead([3, 2])
    assert counted.rows == [(3, 4)]
    pixels.close()


def test_reading_ahead_ends_when_it_is_not_wanted_any_more(tmp_path: Path, counted: Counted) -> None:
    pixels = opened(tmp_path, numbered(9, 2, 3, 4, 4), block_bytes=1)
    pixels.read_ahead([1, 2, 3, 4], lambda: len(counted.rows) < 3)
    assert counted.rows == [(1, 2), (2, 3), (3, 4)]  # the last of them is given up
    assert pixels.kept_bytes == 2 * numbered(2, 3, 4, 4).nbytes
    pixels.close()


def test_a_sample_that_is_not_wanted_any_more_is_given_up_and_can_be_read_later(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    array = rng.integers(0, 255, (40, 4, 3, 128, 128), dtype=np.uint8)  # 8 MB: larger than what is inflated at once
    pixels = opened(tmp_path, array)
    with pytest.raises(ReadStoppedError, match="not waited for"):
        pixels.frames(39, 0, 4, lambda: False)
    np.testing.assert_array_equal(pixels.sample(39), array[39].transpose(0, 2, 3, 1))
    assert pixels._gates == {}
    pixels.close()


def test_who_looks_is_waited_for_and_who_reads_ahead_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[int] = []
    rows = NpzFile.rows

    def spied(npz: NpzFile, *of: Any) -> AnyArray:
        waited.append(TURNS._waited_for)
        return rows(npz, *of)

    monkeypatch.setattr(NpzFile, "rows", spied)
    pixels = opened(tmp_path, numbered(4, 2, 3, 4, 4), block_bytes=1)
    pixels.sample(0)
    pixels.read_ahead([1])
    assert waited == [1, 0]
    pixels.close()


def test_least_lately_used_goes_first(tmp_path: Path, counted: Counted) -> None:
    array = numbered(6, 2, 3, 4, 4)
    pixels = opened(tmp_path, array, block_bytes=1, keep_bytes=2 * array[0].nbytes)
    for number in (0, 1, 0, 2, 0, 1):
        pixels.sample(number)
    assert [start for start, _ in counted.rows] == [0, 1, 2, 1]
    assert pixels.kept_bytes == 2 * array[0].nbytes
    pixels.close()
    assert pixels.kept_bytes == 0


@pytest.mark.parametrize("compressed", [True, False])
def test_many_samples_in_one_pass(tmp_path: Path, counted: Counted, compressed: bool) -> None:
    array = numbered(9, 2, 3, 4, 4)
    pixels = opened(tmp_path, array, compressed=compressed)
    found = dict(pixels.samples([7, 2, 5, 2]))
    assert list(found) == [2, 5, 7]
    for number, video in found.items():
        np.testing.assert_array_equal(video, array[number].transpose(0, 2, 3, 1))
        assert video.base is None or video.base.nbytes <= array[0].nbytes
    # Of a stored array, rows are read where they lie.
    assert (counted.passes, len(counted.rows)) == ((1, 0) if compressed else (0, 3))
    assert list(pixels.samples([])) == []
    pixels.close()


def test_two_threads_read_a_block_once(tmp_path: Path, counted: Counted) -> None:
    array = numbered(40, 4, 3, 16, 16)
    pixels = opened(tmp_path, array)
    threads = [Thread(target=pixels.sample, args=(number,)) for number in (3, 30, 17, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counted.rows) == 1
    pixels.close()


@pytest.mark.parametrize("number", [-1, 4])
def test_no_such_sample(tmp_path: Path, number: int) -> None:
    pixels = opened(tmp_path, numbered(4, 2, 3, 4, 4))
    with pytest.raises(
        ArchiveError, match=rf"set\.npz: member 'videos': expected a sample from 0 to 3, found {number}"
    ):
        pixels.sample(number)
    with pytest.raises(ArchiveError, match="expected a sample"):
        pixels.samples([0, number])
    pixels.close()


def test_a_sample_that_is_too_large_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: Counted
) -> None:
    monkeypatch.setattr(module, "SAMPLE_LIMIT", 300)
    pixels = opened(tmp_path, numbered(4, 2, 3, 4, 4))
    with pytest.raises(ArchiveError, match="expected at most 300 B for sample 1, found 384 B"):
        pixels.sample(1)
    with pytest.raises(ArchiveError, match="member 'videos'"):
        next(pixels.samples([1]))
    assert (counted.rows, counted.passes) == ([], 0)
    pixels.close()


def test_of_a_long_clip_only_some_frames_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: Counted
) -> None:
    array = numbered(10, 3, 4, 4)
    monkeypatch.setattr(module, "CLIP_LIMIT", 3 * array[0].nbytes)
    pixels = opened(tmp_path, array, "TCHW", block_bytes=2 * array[0].nbytes)
    assert pixels.frames_at_once == 3
    whole = array.transpose(0, 2, 3, 1)
    np.testing.assert_array_equal(pixels.sample(0), whole[:3])
    np.testing.assert_array_equal(pixels.frames(0, 6, 9), whole[6:9])
    np.testing.assert_array_equal(pixels.frames(0, 9, 12), whole[9:])
    assert pixels.frames(0, 10, 12).shape == (0, 4, 4, 3)
    assert max(stop - start for start, stop in counted.rows) == 3
    monkeypatch.setattr(module, "SAMPLE_LIMIT", 4 * array[0].nbytes)
    with pytest.raises(ArchiveError, match="for frames 1 to 5"):
        pixels.frames(0, 1, 6)
    pixels.close()


def test_another_file_of_that_name_is_told(tmp_path: Path) -> None:
    array = numbered(4, 2, 3, 4, 4)
    path = save_dataset(tmp_path / "set.npz", {"videos": array})
    pixels = Pixels(str(path), measured(array), path.stat().st_mtime_ns - 1)
    with pytest.raises(ArchiveChangedError, match="audit it again"):
        pixels.sample(0)
    other = Pixels(str(path), measured(array[:, :1]))
    with pytest.raises(ArchiveError, match=r"expected shape \(4, 1, 3, 4, 4\) as measured, found \(4, 2, 3, 4, 4\)"):
        other.sample(0)
    missing = Pixels(str(path), measured(array, name="clips"))
    with pytest.raises(ArchiveError, match="no member 'clips'"):
        missing.sample(0)


def test_a_file_that_changes_while_open_is_told(tmp_path: Path) -> None:
    array = numbered(4, 2, 3, 4, 4)
    pixels = opened(tmp_path, array, block_bytes=1)
    pixels.sample(0)
    path = tmp_path / "set.npz"
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 10))
    with pytest.raises(ArchiveChangedError):
        pixels.sample(3)
    pixels.close()


def test_what_was_read_outlives_closing(tmp_path: Path) -> None:
    array = numbered(4, 2, 3, 4, 4)
    pixels = opened(tmp_path, array)
    sample = pixels.sample(2)
    pixels.close()
    np.testing.assert_array_equal(sample, array[2].transpose(0, 2, 3, 1))
    with pytest.raises(ArchiveError, match="closed"):
        pixels.sample(2)


def test_objects_are_refused_unpickled(tmp_path: Path) -> None:
    array = np.empty((2, 1, 1, 1, 1), dtype=object)
    path = tmp_path / "set.npz"
    np.savez(path, videos=array)
    with pytest.raises(ArchiveError, match="Python objects"):
        Pixels(str(path), measured(array)).sample(0)


def test_first_samples() -> None:
    arrays = dataset_arrays(6, 2, 16)
    assert first_samples(dataset_of(arrays)) == (0, 1)
    del arrays["labels"]
    assert first_samples(dataset_of(arrays)) == (0,)


def test_real_data(shared_data: Path) -> None:
    path = next((shared_data / "videos").glob("20260124*.npz"))
    with np.load(path) as held:
        videos = held["videos"]
    pixels = Pixels(str(path), measured(videos))
    for number in (0, 6, 199):
        np.testing.assert_array_equal(pixels.sample(number), videos[number].transpose(0, 2, 3, 1))
    pixels.close()
