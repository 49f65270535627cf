"""Files at URLs: read by range in few requests, like local ones in all else, and clear about what is missing."""

from __future__ import annotations

import builtins
import io
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspector.archive import open_npz
from inspector.errors import ArchiveChangedError, ArchiveError, UsageError
from inspector.paths import is_url

pytest.importorskip("fsspec")

from inspector.archive import remote
from tests.support.stores import Counted, register

BIG = "counted://bucket/big.npz"


@pytest.fixture(autouse=True)
def store() -> Iterator[type[Counted]]:
    register()
    Counted.store.clear()
    Counted.asked.clear()
    yield Counted
    remote._made.cache_clear()


def put(url: str, compressed: bool = False, **arrays: Any) -> bytes:
    out = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(out, **arrays)
    Counted().pipe_file(url, out.getvalue())
    Counted.asked.clear()
    return out.getvalue()


def gets() -> list[str]:
    return [words[1] for words in Counted.asked if words[0] == "get"]


def noise(count: int) -> Any:
    return np.random.default_rng(1).random(count, np.float32)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("s3://bucket/a.npz", True),
        ("memory://a", True),
        ("FILE:///a", True),
        ("abfs+x.y-z://a", True),
        (r"C:\x\a.npz", False),
        ("C:/x", False),
        ("c://x", False),
        ("a:b.npz", False),
        ("/data/s3://x", False),
        ("simplecache::s3://bucket/a.npz", False),
        ("s3:/bucket", False),
        ("://x", False),
        ("", False),
    ],
)
def test_what_a_url_is(text: str, wanted: bool) -> None:
    assert is_url(text) is wanted


def test_names_that_only_look_like_urls_are_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a::b.npz", "a:b.npz", "simplecache::x.npz"):
        np.savez(tmp_path / name, x=np.arange(3))
        with open_npz(name) as npz:
            assert npz.read("x").tolist() == [0, 1, 2]


def test_a_small_file_is_one_look_and_one_read() -> None:
    put("counted://b/a.npz", X=np.arange(6).reshape(3, 2), mask=np.ones(3, bool))
    with open_npz("counted://b/a.npz") as npz:
        assert npz.path == "counted://b/a.npz" and npz.mtime_ns > 0
        assert npz.read("X").tolist() == [[0, 1], [2, 3], [4, 5]]
        assert npz.rows("X", 1, 2).tolist() == [[2, 3]] and npz.member("mask").shape == (3,)
        assert [words[0] for words in Counted.asked] == ["info", "get"]
        npz.check_unchanged()
    assert [words[0] for words in Counted.asked] == ["info", "get", "info"]


def test_of_a_large_file_only_what_is_asked_for_is_read() -> None:
    arrays: dict[str, Any] = {"a": noise(4_000_000), "b": np.arange(10), "c": np.arange(20), "z": noise(100)}
    data = put(BIG, **arrays)
    assert len(data) > remote.WHOLE
    with open_npz(BIG) as npz:
        assert npz.names == ("a", "b", "c", "z")
        assert gets() == [f"{len(data) - remote.TAIL}-{len(data)}"], "the directory is in the tail"
        assert npz.read("z").tolist() == arrays["z"].tolist() and npz.read("c").tolist() == arrays["c"].tolist()
        assert len(gets()) == 1, "small members at the end came with it"
        rows = npz.rows("a", 1_000_000, 1_000_010)
        assert rows.tolist() == arrays["a"][1_000_000:1_000_010].tolist()
        assert sum(int(b) - int(a) for a, b in (each.split("-") for each in gets())) < 1 << 20
        assert len(gets()) == 3


def test_adjoining_members_come_in_one_read() -> None:
    arrays: dict[str, Any] = {f"m{i}": np.arange(i, i + 50) for i in range(20)}
    put(BIG, **arrays, a=noise(4_000_000))
    with open_npz(BIG) as npz:
        assert all(npz.read(name).tolist() == arrays[name].tolist() for name in arrays)
        assert len(gets()) == 2


@pytest.mark.parametrize("compressed", [False, True])
def test_a_stream_takes_growing_ranges(compressed: bool) -> None:
    whole = noise(8_000_000)
    data = put(BIG, compressed, a=whole)
    with open_npz(BIG) as npz:
        got = np.concatenate([block for _, block in npz.blocks("a", 1 << 20)])
    assert np.array_equal(got, whole)
    ranges = [(int(a), int(b)) for a, b in (each.split("-") for each in gets())]
    assert len(ranges) < 12
    lengths = [b - a for a, b in ranges[1:]]
    assert lengths[0] == remote.AHEAD and lengths[:-1] == sorted(lengths[:-1]) and max(lengths) == remote.MOST_AHEAD
    assert sum(b - a for a, b in ranges) <= len(data), "nothing is read twice"


@pytest.mark.parametrize("compressed", [False, True])
def test_a_large_member_at_once(compressed: bool) -> None:
    whole = noise(6_000_000)
    put(BIG, compressed, a=whole)
    with open_npz(BIG) as npz:
        assert np.array_equal(npz.read("a"), whole)
        assert len(gets()) <= 10


@pytest.mark.parametrize("count", [10, 4_000_000])
def test_changed_while_open(count: int) -> None:
    put(BIG, a=noise(count))
    with open_npz(BIG) as npz:
        put(BIG, a=noise(count) + 1)
        with pytest.raises(ArchiveChangedError, match=r"big\.npz was written to while it was open"):
            npz.check_unchanged()
        if count > 10:
            with pytest.raises(ArchiveChangedError, match="written to"):
                npz.read("a")
        put(BIG, a=noise(count + 5))
        with pytest.raises(ArchiveChangedError, match=r"it had [0-9,]+ bytes, now [0-9,]+"):
            npz.check_unchanged()
        Counted().rm("/bucket/big.npz")
        with pytest.raises(ArchiveChangedError, match="was removed while it was open"):
            npz.check_unchanged()


def test_a_store_without_times_tells_a_change_by_its_tag(monkeypatch: pytest.MonkeyPatch) -> None:
    tag = "one"

    def info(self: object, path: str, **kwargs: object) -> dict[str, object]:
        return {"name": path, "size": len(data), "type": "file", "ETag": tag}

    data = put(BIG, a=noise(3))
    monkeypatch.setattr(Counted, "info", info)
    with open_npz(BIG) as npz:
        assert npz.mtime_ns == -1
        npz.check_unchanged()
        tag = "two"
        with pytest.raises(ArchiveChangedError, match="written to"):
            npz.check_unchanged()


@pytest.mark.parametrize("count", [10, 4_000_000])
def test_closed(count: int) -> None:
    put(BIG, a=noise(count))
    npz = open_npz(BIG)
    npz.close()
    with pytest.raises(ArchiveError, match="was closed"):
        npz.read("a")


def test_what_cannot_be_read_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ArchiveError, match=r"counted://none/a\.npz does not exist"):
        open_npz("counted://none/a.npz")
    put("counted://b/folder/a.npz", x=np.arange(3))
    with pytest.raises(ArchiveError, match="counted://b/folder is a folder, not a regular file"):
        open_npz("counted://b/folder")
    Counted().pipe_file("/b/text.npz", b"no zip at all")
    with pytest.raises(ArchiveError, match=r"text\.npz is not an \.npz archive"):
        open_npz("counted://b/text.npz")
    Counted().pipe_file("/b/empty.npz", b"")
    with pytest.raises(ArchiveError, match=r"empty\.npz is empty"):
        open_npz("counted://b/empty.npz")
    monkeypatch.setattr(Counted, "cat_file", lambda self, *args, **kwargs: b"short")
    with pytest.raises(ArchiveError, match=r"gave 5 bytes of the \d+ at byte 0"):
        open_npz("counted://b/folder/a.npz")

    def denied(self: object, *args: object, **kwargs: object) -> bytes:
        raise PermissionError("no key")

    monkeypatch.setattr(Counted, "cat_file", denied)
    with pytest.raises(ArchiveError, match="may not be read: permission denied"):
        open_npz("counted://b/folder/a.npz")


def test_a_file_cut_short_is_damaged_as_a_local_one_is() -> None:
    data = put(BIG, a=noise(4_000_000))
    Counted().pipe_file("/bucket/big.npz", data[:-3_000_000])
    with pytest.raises(ArchiveError, match="its directory, which comes last, is missing"):
        open_npz(BIG)


def test_a_directory_larger_than_the_tail() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("big.bin", bytes(remote.WHOLE))
        for number in range(5000):
            file.writestr(f"a_long_name_for_a_member_{number:06d}.txt", b"x")
    Counted().pipe_file("/bucket/big.npz", out.getvalue())
    with open_npz(BIG) as npz:
        assert len(npz.names) == 5001
        assert npz.raw("a_long_name_for_a_member_000007.txt") == b"x"


def test_an_unknown_protocol() -> None:
    with pytest.raises(UsageError, match=r"nosuch://b/a\.npz: there is no file system for nosuch://"):
        open_npz("nosuch://b/a.npz")


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(UsageError, match=r"a library for s3:// is missing here: pip install s3fs"):
        open_npz("s3://bucket/a.npz")


def test_without_fsspec_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any) -> Any:
        if name.startswith("fsspec"):
            raise ModuleNotFoundError("No module named 'fsspec'", name="fsspec")
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UsageError, match=r"fsspec, which is missing here: pip install 'npz-inspector\[cluster\]'"):
        open_npz("memory://a.npz")


@pytest.mark.parametrize(
    ("time", "wanted"),
    [
        (1.5, 1_500_000_000),
        (datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC), 2_000_000_000),
        ("1970-01-01T00:00:03.000Z", 3_000_000_000),
        ("yesterday", -1),
        (None, -1),
    ],
)
def test_times_as_stores_tell_them(time: object, wanted: int) -> None:
    assert remote._found({"size": 1, "LastModified": time}).mtime_ns == wanted


def test_a_size_that_is_not_known() -> None:
    with pytest.raises(OSError, match="size is not known"):
        remote._found({"size": None, "type": "file"})
