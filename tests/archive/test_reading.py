"""What numpy wrote is what is read: whole, by rows and in blocks."""

from __future__ import annotations

import io
import pickle
import struct
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.lib.recfunctions import repack_fields

from inspector.archive import NpzFile, access, open_npz, source
from inspector.errors import ArchiveError, MemberTooLargeError, PickledMemberError
from tests.archive.zips import Piece, make_zip, npy, opened

Array = npt.NDArray[Any]

DTYPES: st.SearchStrategy[np.dtype[Any]] = st.sampled_from(
    [
        *map(
            np.dtype, ("?", "<i1", "<u2", ">i2", "<i4", ">u4", "<i8", ">i8", "<f2", "<f4", ">f4", "<f8", "<c8", ">c16")
        ),
        *map(np.dtype, ("<U3", ">U2", "S4", "V5", "<M8[ns]", ">m8[D]")),
        np.dtype(np.longdouble),
        np.dtype([("a", "<i2"), ("b", ">f8", (2,)), ("c", "<U2")]),
        np.dtype([("a", "i1"), ("b", "<f8")], align=True),
        np.dtype([("outer", [("é", "<i4"), ("x", "S3")]), ("rest", "?")]),
    ]
)
SHAPES = st.one_of(
    st.just(()), hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=7), st.tuples(st.integers(100, 400))
)


@st.composite
def arrays(draw: st.DrawFn) -> Array:
    """Any bytes as any dtype, shape and order (text and dates as far as they are values)."""
    dtype, shape = draw(DTYPES), draw(SHAPES)
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    count = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    if "U" in str(dtype) or dtype.kind in "Mmg?":
        array = rng.integers(0, 2, shape).astype("i8").astype(dtype) if dtype.names is None else np.ones(shape, dtype)
    else:
        array = np.ndarray(shape, dtype, rng.bytes(count))
    return np.asfortranarray(array) if array.ndim and draw(st.booleans()) else array


def content(array: Array) -> bytes:
    """The array's bytes in C order, without the gaps of aligned structures, which numpy does not copy."""
    return array.tobytes() if array.dtype.names is None else repack_fields(array, recurse=True).tobytes()


def same(found: Array, expected: Array) -> bool:
    return (found.dtype, found.shape, content(found)) == (expected.dtype, expected.shape, content(expected))


def joined(npz: NpzFile, name: str, max_bytes: int) -> tuple[list[int], bytes]:
    firsts, parts = [], []
    for first, rows in npz.blocks(name, max_bytes):
        firsts.append(first)
        parts.append(content(rows))
    return firsts, b"".join(parts)


def spy_on_reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes each read of the file asks for; the list grows as it is read."""
    asked: list[int] = []
    read = source._Descriptor.read

    def spy(self: source._Descriptor, offset: int, length: int) -> bytes:
        asked.append(length)
        return read(self, offset, length)

    monkeypatch.setattr(source, "IN_MEMORY", 0)
    monkeypatch.setattr(source._Descriptor, "read", spy)
    return asked


@pytest.fixture(params=["at once", "streamed"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same small arrays also by the ways that large files and members take."""
    if request.param == "streamed":
        monkeypatch.setattr(source, "IN_MEMORY", 0)
        monkeypatch.setattr(source, "_PIECE", 50)
        for limit in ("AT_ONCE", "_SMALL", "_FORTRAN_WHOLE", "_FORTRAN_BLOCK"):
            monkeypatch.setattr(access, limit, 0)
        monkeypatch.setattr(access, "_PIECE", 64)
        monkeypatch.setattr("inspector.archive.streams._BLOCK", 48)
        monkeypatch.setattr("inspector.archive.streams._FIRST", 16)
        monkeypatch.setattr("inspector.archive.streams._PACKED", 32)
        monkeypatch.setattr("inspector.archive.fortran._COLUMNS", 64)


@pytest.mark.usefixtures("way")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(array=arrays(), compressed=st.booleans(), cut=st.tuples(st.integers(-9, 9), st.integers(-9, 9)))
def test_reads_what_numpy_wrote(tmp_path: Path, array: Array, compressed: bool, cut: tuple[int, int]) -> None:
    path = tmp_path / "a.npz"
    (np.savez_compressed if compressed else np.savez)(path, first=np.arange(3), array=array)
    with open_npz(path) as npz:
        assert npz.names == ("first", "array")
        member = npz.member("array")
        assert (member.shape, member.dtype, member.error) == (array.shape, array.dtype, None)
        assert member.compressed is compressed
        assert member.nbytes == array.nbytes
        found = npz.read("array")
        assert same(found, array)
        assert found.flags.aligned
        assert found.flags.f_contiguous == array.flags.f_contiguous
        firsts, blocks = joined(npz, "array", 100)
        assert blocks == content(array)
        assert firsts == sorted(set(firsts))
        if array.ndim:
            assert same(npz.rows("array", *cut), array[cut[0] : cut[1]])
        else:
            with pytest.raises(ArchiveError, match="single value"):
                npz.rows("array", *cut)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("order", ["C", "F"])
def test_blocks_keep_to_their_size(tmp_path: Path, compressed: bool, order: Literal["C", "F"]) -> None:
    array = np.arange(40 * 6, dtype="<i8").reshape(40, 6).copy(order)
    (np.savez_compressed if compressed else np.savez)(tmp_path / "a.npz", a=array)
    with open_npz(tmp_path / "a.npz") as npz:
        blocks = list(npz.blocks("a", max_bytes=4 * 6 * 8))
        assert [first for first, _ in blocks] == list(range(0, 40, 4))
        assert all(rows.nbytes <= 4 * 6 * 8 for _, rows in blocks)
        assert np.array_equal(np.concatenate([rows for _, rows in blocks]), array)
        assert len(list(npz.blocks("a", max_bytes=1))) == 40, "a row is the least that a block can be"


def test_a_value_is_one_block_and_no_rows_are_none(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", value=np.float32(3), none=np.empty((0, 156), np.float32), thin=np.empty((5, 0)))
    with open_npz(tmp_path / "a.npz") as npz:
        [(first, value)] = npz.blocks("value")
        assert (first, value.shape, float(value)) == (0, (), 3.0)
        assert list(npz.blocks("none")) == []
        assert [(first, rows.shape) for first, rows in npz.blocks("thin")] == [(0, (5, 0))]


def test_stored_rows_touch_only_their_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    array = np.arange(100_000, dtype=np.int64).reshape(1000, 100)
    np.savez(tmp_path / "a.npz", a=array)
    asked = spy_on_reads(monkeypatch)
    with open_npz(tmp_path / "a.npz") as npz:
        assert np.array_equal(npz.rows("a", 500, 503), array[500:503])
    assert sum(asked) < 3 * 800 + 2000


def test_opening_reads_no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez_compressed(tmp_path / "a.npz", a=np.random.default_rng(0).random((300, 300)))
    asked = spy_on_reads(monkeypatch)
    with open_npz(tmp_path / "a.npz") as npz:
        assert npz.names == ("a",)
        assert sum(asked) < 200, "names come from the directory"
        assert npz.members[0].shape == (300, 300)
    assert sum(asked) < 3000


def test_limit_is_of_the_array_and_comes_before_reading(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", a=np.zeros(1000, np.uint8))
    with open_npz(tmp_path / "a.npz") as npz:
        assert npz.read("a", limit=1000).shape == (1000,)
        with pytest.raises(MemberTooLargeError, match=r"a\.npz: member 'a' holds 1,000 bytes, more than the 999"):
            npz.read("a", limit=999)
        assert npz.rows("a", 5, 9).tolist() == [0, 0, 0, 0]


def test_raw_gives_any_member_and_keeps_to_its_limit(tmp_path: Path) -> None:
    with opened(
        tmp_path, make_zip(Piece(b"read me.txt", b"hello" * 9, deflated=True), Piece(b"a.npy", npy([1])))
    ) as npz:
        assert npz.raw("read me.txt") == b"hello" * 9
        assert npz.raw("a") == npy([1])
        with pytest.raises(MemberTooLargeError, match="45 bytes, more than the 44"):
            npz.raw("read me.txt", limit=44)
        text, array = npz.members
        assert (text.shape, text.error, text.nbytes) == (None, None, 45)
        assert array.shape == (1,)
        with pytest.raises(ArchiveError, match=r"'read me.txt' is not an \.npy array"):
            npz.read("read me.txt")


def test_names_are_numpys_and_the_last_of_a_name_counts(tmp_path: Path) -> None:
    made = make_zip(
        Piece(b"a.npy", npy(1)),
        Piece(b"a.npy", npy(2)),
        Piece(b"b.npy", npy(3)),
        Piece(b"b", npy(4)),
        Piece(b"d/", b""),
    )
    path = tmp_path / "made.npz"
    with opened(tmp_path, made) as npz, np.load(path) as numpys:
        assert npz.names == tuple(numpys.files) == ("a", "a", "b", "b", "d/")
        for name in ("a", "a.npy", "b", "b.npy"):
            assert npz.read(name) == numpys[name], name
        assert [(m.name, m.filename) for m in npz.members] == [
            ("a", "a.npy"), ("b.npy", "b.npy"), ("b", "b"), ("d/", "d/"),
        ]  # fmt: skip
        for member in npz.members[:3]:
            assert npz.member(member.name) == member


def test_an_unknown_name_is_answered_with_those_there_are(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", X=1, mask=2)
    with open_npz(tmp_path / "a.npz") as npz:
        for ask in (npz.member, npz.read, npz.raw, npz.decoded, npz.blocks, npz.imports):
            with pytest.raises(ArchiveError, match=r"a\.npz has no member 'x'; it holds X, mask"):
                ask("x")


def test_members_can_go_to_another_process(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", a=np.zeros(2, [("x", "<f4")]))
    with open_npz(tmp_path / "a.npz") as npz:
        assert pickle.loads(pickle.dumps(npz.members)) == npz.members


def test_object_arrays_are_named_and_not_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", meta=np.array({"fps": 30}, dtype=object), plain=np.arange(2))
    with open_npz(tmp_path / "a.npz") as npz:
        assert npz.member("meta").pickled
        assert not npz.member("plain").pickled
        for ask in (npz.read, npz.blocks, lambda name: npz.rows(name, 0, 1)):
            with pytest.raises(PickledMemberError, match=r"a\.npz: member 'meta' holds Python objects"):
                ask("meta")
        assert npz.decoded("meta") == {"fps": 30}
        plain: Any = npz.decoded("plain")
        assert plain.tolist() == [0, 1]
        assert "numpy.dtype" in npz.imports("meta")
        assert npz.imports("plain") == ()


@pytest.mark.parametrize("front", [b"", b"#!/bin/sh\n" * 50])
@pytest.mark.parametrize(
    "comment", [b"", b"made by hand", b"PK\5\6" + b"\0" * 40, b"x" * 0xFFFF], ids=["", "short", "mark", "long"]
)
@pytest.mark.parametrize("wide", [False, True])
def test_zip64_comments_and_bytes_in_front(tmp_path: Path, front: bytes, comment: bytes, wide: bool) -> None:
    made = make_zip(
        Piece(b"a.npy", npy([1, 2])), Piece(b"b.npy", npy("é"), True), front=front, comment=comment, wide=wide
    )
    with opened(tmp_path, made) as npz:
        assert npz.read("a").tolist() == [1, 2]
        assert npz.read("b") == "é"


def test_zip64_sizes_in_the_extra_field(tmp_path: Path) -> None:
    data = npy(np.arange(5))
    other, wide = b"\x63\0\1\0x", b"\1\0\x18\0" + struct.pack("<3Q", len(data), len(data), 0)
    piece = Piece(b"a.npy", data, extra=other + wide, size=0xFFFFFFFF, packed_size=0xFFFFFFFF, at=0xFFFFFFFF)
    with opened(tmp_path, make_zip(piece)) as npz:
        assert npz.read("a").tolist() == [0, 1, 2, 3, 4]


def test_names_in_any_encoding(tmp_path: Path) -> None:
    names = [("ä☃.npy".encode(), 0x0800), (b"\x81.npy", 0), (b"\xff\xfe.npy", 0x0800)]
    with opened(tmp_path, make_zip(*(Piece(name, npy(i), flags=flag) for i, (name, flag) in enumerate(names)))) as npz:
        assert npz.names == ("ä☃", "ü", "\udcff\udcfe")
        assert [int(npz.read(name)) for name in npz.names] == [0, 1, 2]


def test_an_archive_of_nothing(tmp_path: Path) -> None:
    with opened(tmp_path, make_zip()) as npz:
        assert npz.names == ()
        assert npz.members == ()


def test_arrays_outlive_the_file(tmp_path: Path) -> None:
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "a.npz", a=np.arange(5))
        with open_npz(tmp_path / "a.npz") as npz:
            array = npz.read("a")
        assert array.tolist() == [0, 1, 2, 3, 4]
        with pytest.raises(ArchiveError, match="was closed"):
            npz.read("a")


def test_third_party_files_equal_numpys(shared_data: Path) -> None:
    paths = sorted((shared_data / "npz").glob("*.npz"))
    assert len(paths) >= 16
    for path in paths:
        with open_npz(path) as npz, np.load(path, allow_pickle=False) as numpys:
            assert npz.names == tuple(numpys.files)
            for member in npz.members:
                assert member.error is None, (path.name, member)
                if member.pickled:
                    assert npz.decoded(member.name) is not None
                else:
                    assert same(npz.read(member.name), numpys[member.name]), (path.name, member.name)


def test_longdouble_from_numpy_bytes(tmp_path: Path) -> None:
    out = io.BytesIO()
    array = np.array([1, np.pi, -0.0, np.inf], dtype=np.longdouble)
    np.savez_compressed(out, a=array)
    with opened(tmp_path, out.getvalue()) as npz:
        assert np.array_equal(npz.read("a"), array)
