"""What counts as a file to audit, and in which order."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.audit.scan import BATCH, FIRST_BATCH, scan, sort_key

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX file names")


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def found(*paths: str | Path, recursive: bool = True) -> list[str]:
    return sorted((p for batch in scan(paths, recursive) for p in batch), key=sort_key)


def test_files_of_a_folder_and_below_in_any_letter_case(tmp_path: Path) -> None:
    touch(tmp_path / "b.npz", tmp_path / "a" / "C.NPZ", tmp_path / "a" / "d.npy", tmp_path / "e.npz.tmp")
    assert found(tmp_path) == [str(tmp_path / "a" / "C.NPZ"), str(tmp_path / "b.npz")]
    assert found(tmp_path, recursive=False) == [str(tmp_path / "b.npz")]


def test_order_is_that_of_the_reference(tmp_path: Path) -> None:
    names = ["a-b/x.npz", "a/x.npz", "a/x-1.npz", "a.npz", "A.npz", "a/x/y.npz", "ä.npz", "10.npz", "9.npz"]
    touch(*(tmp_path / name for name in names))
    assert found(tmp_path) == [str(p) for p in sorted(tmp_path.rglob("*.npz"))]


@given(st.lists(st.text("ab-. /", min_size=1, max_size=6).filter(lambda t: t.strip("./ ")), max_size=6))
def test_sort_key_orders_as_pathlib_does(names: list[str]) -> None:
    paths = [str(Path("root") / n.strip("/")) for n in names if ".." not in n]
    assert sorted(paths, key=sort_key) == [str(p) for p in sorted(map(Path, paths))]


def test_relative_stays_relative_as_pathlib_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "clips" / "a.npz")
    monkeypatch.chdir(tmp_path)
    assert found("./clips/") == [str(Path("clips") / "a.npz")]
    monkeypatch.chdir(tmp_path / "clips")
    assert found(".") == ["a.npz"]


def test_given_twice_comes_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "clips" / "a.npz", tmp_path / "clips" / "b.npz")
    monkeypatch.chdir(tmp_path)
    assert len(found("clips", "./clips", tmp_path / "clips", tmp_path / "clips" / "a.npz", "clips/b.npz")) == 2


def test_a_file_given_by_name_counts_whatever_it_is_called(tmp_path: Path) -> None:
    touch(tmp_path / "data.zip")
    assert found(tmp_path / "data.zip") == [str(tmp_path / "data.zip")]
    assert found(tmp_path) == []


def test_hidden_files_count_hidden_folders_and_macos_companions_do_not(tmp_path: Path) -> None:
    touch(tmp_path / ".git" / "x.npz", *(tmp_path / name for name in (".h.npz", "a.npz", "._a.npz", "._b.npz")))
    assert [Path(p).name for p in found(tmp_path)] == ["._b.npz", ".h.npz", "a.npz"]
    assert found(tmp_path / ".git") == [str(tmp_path / ".git" / "x.npz")]


def test_a_folder_named_npz_is_listed_and_entered(tmp_path: Path) -> None:
    touch(tmp_path / "x.npz" / "y.npz")
    assert found(tmp_path) == [str(tmp_path / "x.npz"), str(tmp_path / "x.npz" / "y.npz")]


@posix
def test_loops_end_and_real_folders_name_their_files(tmp_path: Path) -> None:
    touch(tmp_path / "real" / "a.npz")
    (tmp_path / "real" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "alias").symlink_to("real", target_is_directory=True)
    (tmp_path / "self.npz").symlink_to("self.npz")
    assert found(tmp_path) == [str(tmp_path / "real" / "a.npz"), str(tmp_path / "self.npz")]
    assert found(tmp_path / "alias", recursive=False) == [str(tmp_path / "alias" / "a.npz")]


@posix
def test_folders_elsewhere_are_reached_through_links(tmp_path: Path) -> None:
    touch(tmp_path / "far" / "a.npz")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link").symlink_to(tmp_path / "far", target_is_directory=True)
    assert found(tmp_path / "here") == [str(tmp_path / "here" / "link" / "a.npz")]


@posix
def test_special_files_and_dangling_links_are_listed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.npz")
    (tmp_path / "nothing.npz").symlink_to("gone")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.npz"))
    assert [Path(p).name for p in found(tmp_path)] == ["fifo.npz", "nothing.npz", "socket.npz"]
    assert len(found(tmp_path / "nothing.npz")) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any byte")
def test_names_that_are_not_utf8_and_names_from_hell(tmp_path: Path) -> None:
    names = [b"\xff.npz", b"a\nb.npz", b"=cmd|' C calc'!A0.npz", b"<script>.npz", b"-rf.npz"]
    for name in names:
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).write_bytes(b"")
    assert {os.fsencode(Path(p).name) for p in found(tmp_path)} == set(names)


def test_what_cannot_be_read_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "locked" / "a.npz", tmp_path / "open" / "b.npz")
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    errors: list[tuple[str, str]] = []
    got = list(scan([tmp_path, tmp_path / "gone"], on_error=lambda p, e: errors.append((p, type(e).__name__))))
    assert got == [[str(tmp_path / "open" / "b.npz")]]
    assert errors == [(str(tmp_path / "locked"), "PermissionError"), (str(tmp_path / "gone"), "FileNotFoundError")]


def test_first_batch_is_small(tmp_path: Path) -> None:
    touch(*(tmp_path / f"{i}.npz" for i in range(FIRST_BATCH + BATCH + 3)))
    sizes = [len(batch) for batch in scan([tmp_path])]
    assert sizes[0] <= FIRST_BATCH and max(sizes) <= BATCH and sum(sizes) == FIRST_BATCH + BATCH + 3
