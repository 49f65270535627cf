"""Only regular files are opened, nothing blocks, and a change while open is told."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from inspector.archive import NpzFile, open_npz, source
from inspector.archive.source import LocalSource
from inspector.errors import ArchiveChangedError, ArchiveError

posix = pytest.mark.skipif(os.name != "posix", reason="there is no such thing here, or an open file cannot be moved")


@pytest.fixture(params=["in memory", "by position", "without pread"])
def clip(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param != "in memory":
        monkeypatch.setattr(source, "IN_MEMORY", 0)
    if request.param == "without pread":
        monkeypatch.delattr(os, "pread", raising=False)
    path = tmp_path / "clip.npz"
    np.savez(path, X=np.arange(50_000, dtype=np.float32).reshape(-1, 10), mask=np.ones(7, bool))
    return path


READS: list[Callable[[NpzFile], object]] = [
    lambda npz: npz.read("X"),
    lambda npz: npz.rows("X", 0, 5),
    lambda npz: list(npz.blocks("X", 1000)),
    lambda npz: npz.raw("X"),
    lambda npz: npz.check_unchanged(),
]


def test_reads_by_any_means(clip: Path) -> None:
    with open_npz(str(clip)) as npz:
        assert npz.path == str(clip)
        assert (npz.size_bytes, npz.mtime_ns) == (clip.stat().st_size, clip.stat().st_mtime_ns)
        assert npz.read("X")[4999, 9] == 49_999
        assert npz.rows("X", 4000, 4001)[0, 0] == 40_000
        npz.check_unchanged()


@pytest.mark.parametrize("read", READS)
def test_cut_while_open(clip: Path, read: Callable[[NpzFile], object]) -> None:
    with open_npz(clip) as npz:
        os.truncate(clip, 1000)
        with pytest.raises(ArchiveChangedError, match=r"clip\.npz changed while it was open: it had [0-9,]+ bytes"):
            read(npz)


@pytest.mark.parametrize("read", READS)
def test_written_to_while_open(clip: Path, read: Callable[[NpzFile], object]) -> None:
    with open_npz(clip) as npz:
        os.utime(clip, ns=(npz.mtime_ns, npz.mtime_ns + 1))
        with pytest.raises(ArchiveChangedError, match="written to while it was open"):
            read(npz)


@posix
@pytest.mark.parametrize("read", READS)
def test_replaced_while_open(clip: Path, read: Callable[[NpzFile], object]) -> None:
    other = clip.with_name("other.npz")
    shutil.copy2(clip, other)
    with open_npz(clip) as npz:
        other.replace(clip)
        with pytest.raises(ArchiveChangedError, match="replaced"):
            read(npz)


@posix
@pytest.mark.parametrize("read", READS)
def test_removed_while_open(clip: Path, read: Callable[[NpzFile], object]) -> None:
    with open_npz(clip) as npz:
        clip.unlink()
        with pytest.raises(ArchiveChangedError, match="was removed"):
            read(npz)


def test_cut_between_two_blocks(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "IN_MEMORY", 0)
    with open_npz(clip) as npz:
        blocks = npz.blocks("X", 4000)
        next(blocks)
        os.truncate(clip, 1000)
        with pytest.raises(ArchiveChangedError):
            list(blocks)


@posix
def test_closed_while_another_reads(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "IN_MEMORY", 0)
    opened = LocalSource(clip)
    file = opened._opened()
    opened.close()
    other = os.open(os.devnull, os.O_RDONLY)
    try:
        assert file.read(0, 2) == b"PK", "its number was not given to another file"
        with pytest.raises(ArchiveError, match="was closed"):
            opened.read(0, 2)
    finally:
        os.close(other)


@posix
def test_pipes_folders_devices_and_sockets_are_told_apart(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npz")
    (tmp_path / "folder.npz").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.npz"))
        for name, kind in (("pipe", "a named pipe"), ("folder", "a folder"), ("socket", "a socket")):
            with pytest.raises(ArchiveError, match=rf"{name}\.npz is {kind}, not a regular file"):
                open_npz(tmp_path / f"{name}.npz")
    with pytest.raises(ArchiveError, match="is a character device"):
        open_npz("/dev/zero")


@posix
def test_a_pipe_that_takes_the_files_place_does_not_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking and opening, the file may become anything."""
    path = tmp_path / "a.npz"
    path.write_bytes(b"x" * 100)
    real_open = os.open

    def swap(place: str, flags: int) -> int:
        path.unlink()
        os.mkfifo(path)
        return real_open(place, flags)

    monkeypatch.setattr(os, "open", swap)
    with pytest.raises(ArchiveError, match="is a named pipe"):
        open_npz(path)


@posix
def test_links(tmp_path: Path) -> None:
    np.savez(tmp_path / "real.npz", a=1)
    (tmp_path / "link.npz").symlink_to("real.npz")
    (tmp_path / "a.npz").symlink_to("b.npz")
    (tmp_path / "b.npz").symlink_to("a.npz")
    (tmp_path / "gone.npz").symlink_to("nowhere")
    with open_npz(tmp_path / "link.npz") as npz:
        assert npz.names == ("a",)
        npz.check_unchanged()
    with pytest.raises(ArchiveError, match=r"a\.npz is a symbolic link that leads in a circle"):
        open_npz(tmp_path / "a.npz")
    with pytest.raises(ArchiveError, match=r"gone\.npz does not exist"):
        open_npz(tmp_path / "gone.npz")


@posix
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("no such.npz", "no such.npz does not exist"),
        ("a\0b.npz", r"a\\x00b.npz is not a possible path"),
        ("x" * 300, "has too long a name"),
        ("/dev/null/x.npz", "does not exist: a part of its path is not a folder"),
        ("two\nlines\udcff.npz", r"two\\nlines\\udcff.npz does not exist"),
    ],
)
def test_paths_that_lead_nowhere(path: str, reason: str) -> None:
    with pytest.raises(ArchiveError, match=reason):
        open_npz(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, a=1)
    path.chmod(0)
    with pytest.raises(ArchiveError, match="may not be read: permission denied"):
        open_npz(path)


def test_a_failing_disk_is_told(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(source._Descriptor, "read", fail)
    with pytest.raises(ArchiveError, match=r"clip\.npz could not be read: Input/output error"):
        open_npz(clip)


def test_short_reads_are_gone_on_with(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system does beyond 2 GB, and on some network file systems."""
    read = source._Descriptor.read
    monkeypatch.setattr(source._Descriptor, "read", lambda self, at, length: read(self, at, min(length, 999)))
    with open_npz(clip) as npz:
        assert npz.read("X")[4999, 9] == 49_999


def test_files_are_let_go(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", a=1)
    (tmp_path / "bad.npz").write_bytes(b"x" * 100)
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("needs /proc")
    before = len(list(folder.iterdir()))
    for _ in range(20):
        open_npz(tmp_path / "a.npz").close()
        with pytest.raises(ArchiveError):
            open_npz(tmp_path / "bad.npz")
    assert len(list(folder.iterdir())) == before
