"""Archives that are cut, broken or lie: one sentence for the member concerned, and the rest stays readable."""

from __future__ import annotations

import io
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from inspector.archive import access, directory, open_npz
from inspector.errors import ArchiveError, MemberTooLargeError
from tests.archive.zips import Piece, deflated, headed, make_zip, npy, opened

GOOD = Piece(b"good.npy", npy(np.arange(3)))
ARRAYS: dict[str, npt.NDArray[Any]] = {
    "X": np.random.default_rng(0).random((9, 6)).astype(np.float32),
    "mask": np.ones((9, 3), bool),
    "timestamps_ms": np.arange(9),
    "meta": np.array('{"video": "a.mp4"}'),
    "F": np.asfortranarray(np.arange(30).reshape(5, 6)),
    "table": np.zeros(3, [("a", "<i4"), ("b", "<U3")]),
}


@cache
def written(compressed: bool) -> bytes:
    out = io.BytesIO()
    save: Any = np.savez_compressed if compressed else np.savez
    save(out, **ARRAYS)
    return out.getvalue()


def read_everything(folder: Path, content: bytes) -> int:
    """Read all by every way; whatever does not fail must be right. How many reads were good."""
    good = 0
    try:
        npz = opened(folder, content)
    except ArchiveError as error:
        assert str(error).startswith(str(folder))
        return 0
    with npz:
        assert all(member.error is None or member.shape is None for member in npz.members)
        for name, array in ARRAYS.items():
            expected = array.tobytes()
            try:
                assert npz.read(name).tobytes() == expected, name
                good += 1
                assert b"".join(np.ascontiguousarray(rows).tobytes() for _, rows in npz.blocks(name, 40)) == expected
                if array.ndim:
                    assert npz.rows(name, 1, 3).tobytes() == array[1:3].tobytes()
            except ArchiveError as error:
                assert str(error).startswith(str(folder))
                assert name in str(error)
    return good


@pytest.mark.parametrize("compressed", [True, False])
def test_cut_anywhere(tmp_path: Path, compressed: bool) -> None:
    content = written(compressed)
    assert read_everything(tmp_path, content) == len(ARRAYS)
    for length in {*range(0, len(content), 3), *range(len(content) - 60, len(content))}:
        with pytest.raises(ArchiveError):
            opened(tmp_path, content[:length])


@pytest.mark.parametrize("compressed", [True, False])
def test_cut_at_its_start(tmp_path: Path, compressed: bool) -> None:
    content = written(compressed)
    for length in range(1, len(content), 17):
        with pytest.raises(ArchiveError):
            opened(tmp_path, content[length:])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.booleans(), st.booleans(), st.lists(st.tuples(st.integers(0, 9999), st.integers(1, 255)), max_size=4))
def test_flipped_bytes(tmp_path: Path, compressed: bool, near_end: bool, flips: list[tuple[int, int]]) -> None:
    content = bytearray(written(compressed))
    for place, change in flips:
        # The directory is near the end.
        place = place % 700 + len(content) - 700 if near_end else place % len(content)
        content[place] ^= change
    read_everything(tmp_path, bytes(content))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.booleans(), st.integers(0, 3000), st.integers(0, 3000), st.binary(max_size=60))
def test_bytes_lost_or_added(tmp_path: Path, compressed: bool, start: int, length: int, extra: bytes) -> None:
    content = written(compressed)
    read_everything(tmp_path, content[:start] + extra + content[start + length :])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300))
@example(b"PK\5\6" + b"\0" * 18)
@example(b"PK\5\6" + b"\xff" * 18)
@example(b"PK\6\6" + b"\xff" * 52 + b"PK\6\7" + b"\xff" * 16 + b"PK\5\6" + b"\xff" * 16 + b"\0\0")
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    read_everything(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", r"made\.npz is empty"),
        (npy(np.arange(9)), r"this is a single \.npy array, not an \.npz archive"),
        (written(True)[:-1], "it was cut short or is still being written"),
        (written(True)[:40], "it was cut short or is still being written"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 50, "this is an HDF5 file"),
        (b"\x1f\x8b" + b"\0" * 50, "this is a gzip file"),
        (b"\x80\x04N.", "this looks like a Python pickle"),
        (b"not an archive, just text", "it starts with the bytes 6e 6f 74 20 61 6e 20 61"),
        (b"\0" * 1000, "it starts with the bytes 00 00"),
        (make_zip(GOOD, comment=b"cut", comment_size=4), "it was cut short"),
        (make_zip(GOOD, count=2), "its directory announces 2 members and lists 1"),
        (make_zip(GOOD, directory_at=10**6), "does not fit into the file"),
        (make_zip(GOOD, directory_size=10**6), "does not fit into the file"),
        (make_zip(GOOD, directory_size=30), "entry 0 of its directory is not one"),
        (make_zip(GOOD, directory_size=0xFFFFFFFF), "the zip64 part of its directory is missing"),
        (make_zip(GOOD, wide=True, count=10**9), "holds 1,000,000,000 members"),
        (make_zip(GOOD, wide=True, directory_size=1 << 60), "does not fit into the file"),
        (make_zip(GOOD)[:-18] + b"\1\0" + make_zip(GOOD)[-16:], "one part of an archive that spans several files"),
    ],
)
def test_what_is_no_archive_is_told(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(ArchiveError, match=reason):
        opened(tmp_path, content)


def test_member_count_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MAX_MEMBERS", 2)
    with pytest.raises(ArchiveError, match="3 members"):
        opened(tmp_path, make_zip(GOOD, GOOD, GOOD))


BAD_MEMBERS = [
    (Piece(b"bad.npy", npy(1), flags=1), "is encrypted"),
    (Piece(b"bad.npy", npy(1), method=14), r"is compressed by method 14 \(lzma\); stored and deflate"),
    (Piece(b"bad.npy", npy(1), method=77), r"method 77 \(unknown\)"),
    (Piece(b"bad.npy", npy(1), size=10**6), r"is stored as it is, yet declares 1,000,000 bytes and takes 136"),
    (Piece(b"bad.npy", b"x" * 40, True, size=1 << 31), "declares 2,147,483,648 bytes, more than . compressed"),
    (
        Piece(b"bad.npy", npy(1), packed_size=10**6, size=10**6),
        "reaches to byte 1,000,[02][23]7, but the members end at",
    ),
    (Piece(b"bad.npy", npy(1), at=10**6), "reaches to byte 1,000,1"),
    (Piece(b"bad.npy", npy(1), local_name=b"BAD.npy"), r"is called 'BAD\.npy' where it is stored"),
    (Piece(b"bad.npy", npy(1), local_name=b"bad.npy" + b"y" * 900), "is called '.*' where it is stored"),
    (Piece(b"bad.npy", npy(1), crc=0xABCDEF), "its checksum is [0-9a-f]{8}, the directory says 00abcdef"),
    (Piece(b"bad.npy", npy(1), True, crc=1), "its checksum is"),
    (Piece(b"bad.npy", npy(1), True, packed=b"\xff" * 60), "damaged compressed data"),
    (Piece(b"bad.npy", npy(1), True, packed=deflated(npy(1))[:-9]), "compressed data"),
    (Piece(b"bad.npy", b"", True), "is not an .npy array"),
    (Piece(b"bad.npy", b""), "is not an .npy array"),
    (Piece(b"bad.npy", b"GIF89a" * 9), "is not an .npy array: it starts with the bytes 47 49 46"),
    (Piece(b"bad.npy", npy(1), extra=b"", size=0xFFFFFFFF), "has no zip64|is stored as it is"),
    (Piece(b"bad.npy", npy(1), extra=b"\1\0\4\0abcd", size=0xFFFFFFFF), "has no zip64 sizes"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD_MEMBERS)
@pytest.mark.parametrize("bad_first", [True, False])
def test_one_bad_member_leaves_the_others(tmp_path: Path, bad: Piece, reason: str, bad_first: bool) -> None:
    pieces = (bad, GOOD) if bad_first else (GOOD, bad)
    with opened(tmp_path, make_zip(*pieces)) as npz:
        assert set(npz.names) == {"bad", "good"}
        for ask in (npz.read, lambda name: list(npz.blocks(name)), lambda name: npz.read(name, limit=500)):
            with pytest.raises(ArchiveError, match=rf"made\.npz: member 'bad'.*({reason})"):
                ask("bad")
        assert npz.read("good").tolist() == [0, 1, 2]
        assert len(npz.members) == 2
        assert npz.member("good").error is None


def test_a_problem_that_shows_early_is_the_members_error(tmp_path: Path) -> None:
    with opened(tmp_path, make_zip(Piece(b"X.npy", npy(1), flags=1), GOOD)) as npz:
        bad = npz.member("X")
        assert (bad.error, bad.shape, bad.dtype) == ("is encrypted", None, None)


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("header", ["(3,)", "(2,)"])
def test_sizes_that_do_not_agree_by_any_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, streamed: bool, header: str
) -> None:
    """Three int32 are declared, one too few or too many inflated: nothing half read comes out."""
    if streamed:
        monkeypatch.setattr(access, "AT_ONCE", 0)
        monkeypatch.setattr(access, "_SMALL", 0)
    text = f"{{'descr': '<i4', 'fortran_order': False, 'shape': {header}, }}"
    declared = headed(text, b"\0" * 12)
    real = headed(text, b"\0" * (8 if header == "(3,)" else 16))
    size = len(declared) if header == "(3,)" else len(declared) - 4
    piece = Piece(b"a.npy", real, deflated=True, size=size)
    with opened(tmp_path, make_zip(piece)) as npz:
        for ask in (npz.read, npz.raw, lambda name: list(npz.blocks(name, 4))):
            with pytest.raises(ArchiveError, match="declared"):
                ask("a")


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    """A small file whose members all share one block of data inflates to terabytes."""
    kernel = Piece(b"0.npy", npy(np.zeros(10**6, np.uint8)), deflated=True)
    pieces = [Piece(f"{i}.npy".encode(), b"", deflated=True, packed_size=900, size=900_000, at=0) for i in range(1, 5)]
    with opened(tmp_path, make_zip(kernel, *pieces)) as npz:
        for name in npz.names:
            with pytest.raises(ArchiveError, match=r"overlaps|is called '0\.npy'"):
                npz.read(name)


def test_a_bomb_is_stopped_by_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = npy(np.zeros(20_000_000, np.uint8))
    with opened(tmp_path, make_zip(Piece(b"a.npy", data, deflated=True), GOOD)) as npz:
        assert npz.size_bytes < 30_000
        with pytest.raises(MemberTooLargeError, match="holds 20,000,000 bytes, more than the 1,000,000"):
            npz.read("a", limit=10**6)
        assert npz.rows("a", 10**7, 10**7 + 3).tolist() == [0, 0, 0]


def test_more_than_the_machine_has_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sparse stored member of a terabyte: no byte of it is read."""
    header = headed("{'descr': '|u1', 'fortran_order': False, 'shape': (1099511627776,), }")
    size = len(header) + (1 << 40)
    wide = b"\1\0\x10\0" + size.to_bytes(8, "little") * 2
    content = make_zip(Piece(b"a.npy", header, extra=wide, size=0xFFFFFFFF, packed_size=0xFFFFFFFF), wide=True, count=1)
    path = tmp_path / "huge.npz"
    body = 30 + 5 + len(header)
    with path.open("wb") as out:
        out.write(content[:body])
        out.seek((1 << 40), io.SEEK_CUR)
        out.write(move_directory(content[body:], body, 1 << 40))
    with open_npz(path) as npz:
        assert npz.member("a").shape == (1 << 40,)
        with pytest.raises(MemberTooLargeError, match="more than this machine gives"):
            npz.read("a")
        with pytest.raises(MemberTooLargeError):
            npz.raw("a")
        assert npz.rows("a", 1 << 39, (1 << 39) + 2).tolist() == [0, 0]


def move_directory(tail: bytes, at: int, by: int) -> bytes:
    """The directory and end records, for a directory that starts `by` bytes later."""
    old, new = at.to_bytes(8, "little"), (at + by).to_bytes(8, "little")
    end64 = tail.index(b"PK\6\6")
    moved = tail[:end64] + tail[end64:].replace(old, new)
    return moved.replace((at + end64).to_bytes(8, "little"), (at + by + end64).to_bytes(8, "little"))


def test_trailing_bytes_of_a_deflated_member_do_no_harm(tmp_path: Path) -> None:
    """zipfile reads it so too: the compressed data say where they end."""
    packed = deflated(npy([1, 2])) + b"left over"
    with opened(tmp_path, make_zip(Piece(b"a.npy", npy([1, 2]), deflated=True, packed=packed))) as npz:
        assert npz.read("a").tolist() == [1, 2]


def test_stored_blocks_in_deflate(tmp_path: Path) -> None:
    data = npy(np.arange(1000))
    squeeze = zlib.compressobj(0, zlib.DEFLATED, -15)
    packed = squeeze.compress(data) + squeeze.flush()
    with opened(tmp_path, make_zip(Piece(b"a.npy", data, deflated=True, packed=packed))) as npz:
        assert npz.read("a")[999] == 999
        assert npz.members[0].packed > npz.members[0].size
