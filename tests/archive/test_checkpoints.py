"""Bytes reached from a place that somebody passed are those that inflating from the start gives."""

from __future__ import annotations

import os
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.archive import NpzFile, access, checkpoints, open_npz, streams
from inspector.archive.checkpoints import Checkpoints, shared_checkpoints, work
from inspector.archive.damage import DamageError
from inspector.archive.source import LocalSource
from inspector.archive.streams import DeflatedStream
from inspector.errors import ArchiveChangedError, ArchiveError, ReadStoppedError
from tests.archive.zips import Piece, deflated, make_zip, npy, opened

Array = npt.NDArray[Any]


def content(size: int, kind: str) -> bytes:
    rng = np.random.default_rng(size)
    match kind:
        case "zeros":
            return bytes(size)
        case "noise":
            return rng.bytes(size)
        case _:  # long matches, short ones and literals by turns
            parts = [rng.bytes(70), bytes(900), rng.bytes(40) * 30]
            return b"".join(parts[k] for k in rng.integers(0, 3, size // 40 + 1))[:size]


def stream_of(folder: Path, data: bytes, places: Checkpoints, stored_blocks: bool = False) -> DeflatedStream:
    if stored_blocks:
        squeeze = zlib.compressobj(0, zlib.DEFLATED, -15)
        packed = squeeze.compress(data) + squeeze.flush()
    else:
        packed = deflated(data)
    path = folder / "packed"
    path.write_bytes(b"front" + packed)
    return DeflatedStream(LocalSource(path), 5, len(packed), len(data), places)


def take(stream: DeflatedStream, position: int, count: int) -> bytes:
    out = bytearray(count)
    stream.seek(position)
    stream.read_into(memoryview(out))
    return bytes(out)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    size=st.integers(1, 60_000),
    kind=st.sampled_from(["zeros", "noise", "mixed"]),
    stored_blocks=st.booleans(),
    spacing=st.integers(1, 3000),
    most=st.integers(2, 40),
    feed=st.integers(1, 5000),
    piece=st.integers(1, 5000),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4000)), max_size=12),
)
def test_every_place_is_exact(
    tmp_path: Path,
    size: int,
    kind: str,
    stored_blocks: bool,
    spacing: int,
    most: int,
    feed: int,
    piece: int,
    cuts: list[tuple[float, int]],
) -> None:
    data, places = content(size, kind), Checkpoints(spacing, most)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "_FIRST", feed)
        patch.setattr(streams, "_PACKED", feed)
        patch.setattr(streams, "_BLOCK", max(piece, size // 500))
        stream = stream_of(tmp_path, data, places, stored_blocks)
        assert take(stream, 0, size // 3) == data[: size // 3]
        for share, count in [*cuts, (0.0, size)]:
            position = round(share * size)
            count = min(count, size - position)
            assert take(stream, position, count) == data[position : position + count]
            assert len(places) <= most
        stream.finish()
        for position in places.positions:
            place = places.before(position)
            assert place is not None and place.state.unconsumed_tail == b"", "it would keep what was read alive"
            for at in (max(0, position - 1), position, min(size, position + 1)):
                assert take(stream, at, size - at) == data[at:]
                stream.finish()


@pytest.fixture
def dense(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places every few kilobytes, so that small arrays have many."""
    monkeypatch.setattr(checkpoints, "SPACING", 8 << 10)
    monkeypatch.setattr(access, "SPACING", 8 << 10)
    monkeypatch.setattr(access, "_SMALL", 1 << 10)
    monkeypatch.setattr(access, "AT_ONCE", 1 << 10)
    monkeypatch.setattr(streams, "_BLOCK", 4 << 10)
    monkeypatch.setattr(streams, "_PACKED", 2 << 10)
    monkeypatch.setattr(
        access, "shared_checkpoints", lambda member: shared_checkpoints((member, id(monkeypatch)), 8 << 10)
    )


def saved(folder: Path, rows: int = 4000, seed: int = 0) -> tuple[Path, Array]:
    rng = np.random.default_rng(seed)
    array = rng.integers(0, 50, (rows, 256), dtype=np.uint8)  # about a megabyte, three quarters of it when deflated
    path = folder / "a.npz"
    np.savez_compressed(path, videos=array)
    return path, array


def passed(npz: NpzFile) -> None:
    for _ in npz.blocks("videos", 40_000):
        pass


class Counted:
    """Bytes that were read from files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bytes = 0
        read = LocalSource.read

        def counted(source: LocalSource, offset: int, length: int) -> memoryview:
            self.bytes += length
            return read(source, offset, length)

        monkeypatch.setattr(LocalSource, "read", counted)

    def of(self, do: Callable[[], object]) -> int:
        before = self.bytes
        do()
        return self.bytes - before


@pytest.mark.usefixtures("dense")
def test_after_one_pass_rows_cost_little_wherever_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, array = saved(tmp_path)
    counted = Counted(monkeypatch)
    with open_npz(path) as npz:
        assert counted.of(lambda: npz.rows("videos", 3900, 3901)) > path.stat().st_size * 0.9
        passed(npz)
        for first in (3900, 0, 1999, 2000, 7, 3999):
            before = counted.bytes
            np.testing.assert_array_equal(npz.rows("videos", first, first + 1), array[[first]])
            assert counted.bytes - before < 40_000


@pytest.mark.usefixtures("dense")
@pytest.mark.parametrize("how", ["blocks", "rows", "read", "raw"])
def test_any_read_leaves_places_on_its_way(tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = saved(tmp_path)
    counted = Counted(monkeypatch)
    with open_npz(path) as npz:
        match how:
            case "blocks":
                passed(npz)
            case "rows":
                npz.rows("videos", 3900, 4000)
            case "read":
                npz.read("videos")
            case "raw":
                npz.raw("videos")
        assert counted.of(lambda: npz.rows("videos", 3000, 3001)) < 40_000


@pytest.mark.usefixtures("dense")
def test_two_openings_of_a_file_share_places_until_it_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = saved(tmp_path)
    counted = Counted(monkeypatch)
    with open_npz(path) as npz:
        passed(npz)
    with open_npz(path) as npz:
        assert counted.of(lambda: npz.rows("videos", 3000, 3001)) < 40_000
    path, array = saved(tmp_path, seed=1)
    with open_npz(path) as npz:
        np.testing.assert_array_equal(npz.rows("videos", 3000, 3001), array[3000:3001])


@pytest.mark.usefixtures("dense")
def test_who_passes_once_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = saved(tmp_path)
    added: list[object] = []
    monkeypatch.setattr(Checkpoints, "add", lambda _, place: added.append(place))
    with open_npz(path, revisit=False) as npz:
        passed(npz)
    assert added == []
    with open_npz(path) as npz:
        passed(npz)
    assert added


@pytest.mark.usefixtures("dense")
def test_stored_members_have_no_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    array = np.arange(1_000_000, dtype=np.int32).reshape(-1, 100)
    np.savez(tmp_path / "a.npz", videos=array)
    monkeypatch.setattr(access, "shared_checkpoints", None)  # would fail when called
    with open_npz(tmp_path / "a.npz") as npz:
        passed(npz)
        np.testing.assert_array_equal(npz.rows("videos", 9000, 9002), array[9000:9002])


@pytest.mark.usefixtures("dense")
def test_readers_of_what_was_passed_need_not_wait_for_the_pass(tmp_path: Path) -> None:
    path, array = saved(tmp_path)
    with open_npz(path) as npz:
        blocks = npz.blocks("videos", 40_000)
        first = 0
        while first < 2000:  # the pass stands still in the middle of the file, its block in hand
            first, _ = next(blocks)
        np.testing.assert_array_equal(npz.rows("videos", 1000, 1001), array[1000:1001])
        np.testing.assert_array_equal(np.concatenate([rows for _, rows in blocks]), array[first + 40_000 // 256 :])


@pytest.mark.usefixtures("dense")
def test_many_threads_read_while_passes_run(tmp_path: Path) -> None:
    path, array = saved(tmp_path)
    errors: list[BaseException] = []

    def guarded(do: Callable[[], object]) -> None:
        try:
            do()
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            errors.append(error)

    with open_npz(path) as npz:

        def read(seed: int) -> None:
            for first in np.random.default_rng(seed).integers(0, 3990, 40).tolist():
                np.testing.assert_array_equal(npz.rows("videos", first, first + 9), array[first : first + 9])

        work_of = [lambda: passed(npz), lambda: passed(npz), *(lambda seed=seed: read(seed) for seed in range(6))]
        threads = [threading.Thread(target=guarded, args=(do,)) for do in work_of]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert errors == []


@pytest.mark.usefixtures("dense")
def test_damage_behind_a_place_is_found_and_what_lies_before_it_is_read(tmp_path: Path) -> None:
    array = np.random.default_rng(0).integers(0, 50, (4000, 256), dtype=np.uint8)
    data = npy(array)
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeeze.compress(data[: len(data) // 2]) + squeeze.flush(zlib.Z_FULL_FLUSH)
    packed += b"\xff" * len(packed)  # no block is of the type that this announces
    with opened(tmp_path, make_zip(Piece(b"videos.npy", data, deflated=True, packed=packed))) as npz:
        with pytest.raises(ArchiveError, match="'videos' has damaged compressed data"):
            passed(npz)
        np.testing.assert_array_equal(npz.rows("videos", 1500, 1510), array[1500:1510])
        with pytest.raises(ArchiveError, match="'videos' has damaged compressed data"):
            npz.rows("videos", 1990, 2010)


@pytest.mark.usefixtures("dense")
@pytest.mark.parametrize("change", ["cut", "written to"])
def test_a_file_that_changes_under_us_is_told_from_a_place_too(
    tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.archive.source.IN_MEMORY", 0)
    path, _ = saved(tmp_path)
    with open_npz(path) as npz:
        passed(npz)
        if change == "cut":
            os.truncate(path, path.stat().st_size // 2)
        else:
            os.utime(path, ns=(0, 10**18))
        with pytest.raises(ArchiveChangedError):
            npz.rows("videos", 3000, 3001)


@pytest.mark.usefixtures("dense")
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_read_that_nobody_waits_for_ends(tmp_path: Path, order: Any) -> None:
    array = np.random.default_rng(0).integers(0, 50, (3000, 300), dtype=np.uint8).copy(order)
    np.savez_compressed(tmp_path / "a.npz", videos=array)
    answers: Iterator[bool] = iter([True, True, True, False])
    with open_npz(tmp_path / "a.npz") as npz:
        with pytest.raises(ReadStoppedError, match=r"a\.npz: member 'videos' is not waited for"):
            npz.rows("videos", 2900, 2901, lambda: next(answers))
        np.testing.assert_array_equal(npz.rows("videos", 2900, 2901, lambda: True), array[2900:2901])


def test_places_are_few_far_apart_and_all_over(tmp_path: Path) -> None:
    data, places = content(400_000, "mixed"), Checkpoints(spacing=100, most=16)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "_BLOCK", 500)
        patch.setattr(streams, "_PACKED", 50)
        stream = stream_of(tmp_path, data, places)
        assert take(stream, 0, len(data)) == data
    assert 6 <= len(places) <= 16
    assert places.spacing in [100 << k for k in range(1, 20)]
    found = [place for position in places.positions if (place := places.before(position)) is not None]
    steps = np.diff([0, *(work(place.position, place.fed) for place in found)])
    assert steps.min() >= places.spacing
    assert steps.max() < 2.5 * places.spacing


def test_a_place_near_another_is_not_wanted() -> None:
    places = Checkpoints(spacing=100, most=8)
    state: Any = object()
    assert places.before(10**9) is None
    places.add(checkpoints.Checkpoint(3200, 100, state))
    assert not places.wants(3200, 99)
    places.add(checkpoints.Checkpoint(3300, 110, state))
    assert places.positions == (3200,)
    assert places.wants(6400, 200)
    assert not places.wants(3200 - 32 * 51, 49)
    assert [places.before(at) is None for at in (0, 3199, 3200, 9999)] == [True, True, False, False]


def test_places_go_with_the_last_who_has_the_file_open_but_one() -> None:
    first = shared_checkpoints("first file")
    assert shared_checkpoints("first file") is first
    mark = id(first)
    del first
    assert id(shared_checkpoints("first file")) == mark  # one that was just let go may be wanted by the next
    other = shared_checkpoints("second file")
    assert "first file" not in checkpoints._shared
    assert checkpoints._shared["second file"] is other


def test_damage_while_a_place_is_left_is_told(tmp_path: Path) -> None:
    places = Checkpoints(spacing=1, most=1000)
    data = content(5000, "noise")
    stream = stream_of(tmp_path, data, places)
    path = tmp_path / "packed"
    path.write_bytes(path.read_bytes()[:-200])
    cut = DeflatedStream(LocalSource(path), 5, path.stat().st_size - 5, len(data), places)
    with pytest.raises(DamageError, match="end early"):
        take(cut, 0, len(data))
    assert take(stream, 0, 100) == data[:100]
