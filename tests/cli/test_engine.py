"""The audit command on a cluster and on URLs: the same reports as here, to the byte."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector.demo import make_demo
from inspector.reports import read_records
from tests.cli.conftest import Done, Run, process
from tests.cli.test_audit import STOPS
from tests.support.clips import Arrays, clip_arrays, save_clip

distributed = pytest.importorskip("distributed")
fsspec = pytest.importorskip("fsspec")

REPORTS = ("npz_audit_report.csv", "npz_audit_report.jsonl", "npz_audit_summary.md")
_WHEN = re.compile(rb"(?m)^(# NPZ Audit Summary|Generated:?).*$")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of somebody else's, with two workers, started in another folder."""
    here = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    try:
        made = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", memory_limit=0, silence_logs=60
        )
    finally:
        os.chdir(here)
    with made:
        yield made.scheduler_address


def put(path: Path, arrays: Arrays | None = None) -> Path:
    """A clip in a folder that may have to be made first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return save_clip(path, arrays)


def reports(folder: Path) -> dict[str, bytes]:
    """Every report, without the moment it was written."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in (".csv", ".jsonl", ".md")]
    return {str(path.relative_to(folder)): _WHEN.sub(b"", path.read_bytes()) for path in files}


@pytest.fixture
def same(run: Run, tmp_path: Path) -> Callable[..., Done]:
    """Audit here and elsewhere; the reports and exit codes must be the same."""

    def audit(*arguments: object, engine: str) -> Done:
        here, there = tmp_path / "here", tmp_path / "there"
        whole = ("audit", *arguments, "--no-video", "--out")
        first = run(*whole, here, "--workers", 2)
        second = run(*whole, there, "--engine", engine)
        assert (first.code, first.err) == (second.code, second.err)
        assert {*REPORTS} <= reports(here).keys()
        assert reports(there) == reports(here)
        return second

    return audit


@pytest.mark.slow
def test_planted_faults(same: Callable[..., Done], tmp_path: Path, address: str) -> None:
    make_demo(tmp_path / "data", 30)
    (tmp_path / "data" / "broken.npz").write_bytes(b"PK\3\4 and no more")
    (tmp_path / "data" / "folder.npz").mkdir()
    done = same(tmp_path / "data", engine=f"dask={address}")
    assert done.code == 1


def test_real_clips(same: Callable[..., Done], shared_data: Path, address: str) -> None:
    same(shared_data / "clips", shared_data / "npz", engine=f"dask={address}")


def test_relative_paths_and_a_profile(
    same: Callable[..., Done], tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(12):
        put(tmp_path / "clips" / "train" / f"{i}.npz", clip_arrays(20, seed=i))
    (tmp_path / "own.toml").write_text('name = "own"\nextends = "fslr-keypoints"\n[limits]\ngroup_missing_pct = 80\n')
    monkeypatch.chdir(tmp_path)
    same("clips", "--profile", "own.toml", engine=f"dask={address}")
    assert {record.path for record in read_records(tmp_path / "there" / REPORTS[1])} == {
        f"clips/train/{i}.npz" for i in range(12)
    }


@pytest.mark.slow
def test_a_file_that_kills_its_worker(same: Callable[..., Done], tmp_path: Path) -> None:
    for i in range(30):
        put(tmp_path / "clips" / f"{'kill' if i == 13 else 'clip'}{i:02d}.npz", clip_arrays(8, seed=i))
    validator = "tests.support.auditors:deadly_check"
    same(tmp_path / "clips", "--validator", validator, engine="dask")
    bad = [r for r in read_records(tmp_path / "there" / REPORTS[1]) if r.error]
    assert [Path(r.path).name for r in bad] == ["kill13.npz"]
    assert bad[0].error and "the worker process died (signal 9)" in bad[0].error


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(("signal", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_stopped_audit_goes_on(run: Run, tmp_path: Path, signal: str, code: int, address: str) -> None:
    clips, out = tmp_path / "clips", tmp_path / "out"
    for i in range(60):
        put(clips / f"{i:02d}.npz", clip_arrays(4, seed=i))
    arguments = ("audit", clips, "--out", out, "--engine", "dask", "--workers", 2)
    stopped = process(STOPS.replace("SIGNAL", repr(signal)), *arguments)
    _, told = stopped.communicate(timeout=120)
    assert stopped.returncode == code, told
    (part,) = out.glob("*.part")
    done = part.read_bytes().count(b"\n")
    assert 0 < done < 60
    assert told.splitlines() == [
        "auditing 60 files",
        f"stopped: {done} of 60 files are done",
        f"they are kept in {out}; the same command goes on from there:",
        f"  npz-inspector audit {clips} --out {out} --engine dask --workers 2",
    ]
    again = run("audit", clips, "--out", out, "--engine", f"dask={address}", "--no-video")
    assert again.err == f"auditing 60 files, {done} of them already done\n"
    assert run("audit", clips, "--out", tmp_path / "whole").code == again.code
    assert reports(out) == reports(tmp_path / "whole")


def test_what_cannot_be_is_an_error_without_a_traceback(run: Run, tmp_path: Path, address: str) -> None:
    put(tmp_path / "a.npz")
    for engine, words in (
        ("ray", "npz-inspector: engine: expected local, dask or dask=ADDRESS, got 'ray'"),
        ("dask=/no/such.json", "expected a dask scheduler file with an address"),
    ):
        done = run("audit", tmp_path, "--engine", engine)
        assert done.code == 2 and words in done.err and "Traceback" not in done.err
    done = run("audit", tmp_path, "--engine", f"dask={address}", "--workers", 3)
    assert done.code == 2 and "leave --workers out" in done.err


def test_without_the_extra(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.npz")
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = run("audit", tmp_path, "--engine", "dask")
    assert done.code == 2 and "pip install 'npz-inspector[cluster]'" in done.err


@pytest.fixture
def bucket() -> Iterator[str]:
    """A folder in memory with two splits, a hidden folder, a companion and a file of another kind."""
    store = fsspec.filesystem("memory")
    store.store.clear()
    yield "memory://bucket/clips"
    store.store.clear()


def fill(bucket: str, folder: Path) -> None:
    store = fsspec.filesystem("memory")
    for path in filter(Path.is_file, folder.rglob("*")):
        store.pipe_file(f"{bucket}/{path.relative_to(folder).as_posix()}", path.read_bytes())


def clips(folder: Path) -> Path:
    for i in range(4):
        put(folder / "train" / f"{i}.npz", clip_arrays(20, seed=i))
    put(folder / "test" / "copy.npz", clip_arrays(20, seed=0))
    (folder / "test" / "broken.npz").write_bytes(b"no zip")
    (folder / "test" / "._copy.npz").write_bytes(b"companion")
    (folder / "test" / "notes.txt").write_bytes(b"none of ours")
    put(folder / ".hidden" / "h.npz", clip_arrays(20))
    return folder


def without_times(folder: Path, root: str) -> dict[str, bytes]:
    """Reports with the folder's name and times of change taken out."""
    plain = {name: data.replace(root.encode(), b"ROOT") for name, data in reports(folder).items()}
    return {name: re.sub(rb'"mtime_ns":\d+|,\d{19}(?=\r?\n|,)', b"", data) for name, data in plain.items()}


def test_a_folder_at_a_url_is_the_same_as_here(run: Run, tmp_path: Path, bucket: str) -> None:
    fill(bucket, clips(tmp_path / "clips"))
    here = run("audit", tmp_path / "clips", "--out", tmp_path / "here", "--no-video")
    there = run("audit", bucket, "--out", tmp_path / "there", "--no-video", "--workers", 0)
    assert there.code == here.code == 1 and there.err == here.err == "auditing 6 files\n"
    assert without_times(tmp_path / "there", bucket) == without_times(tmp_path / "here", str(tmp_path / "clips"))
    records = read_records(tmp_path / "there" / REPORTS[1])
    assert [r.path for r in records][:2] == [f"{bucket}/test/broken.npz", f"{bucket}/test/copy.npz"]
    (leak,) = [f.message for f in records[1].findings if f.code == "SPLIT_LEAKAGE"]
    assert "train/0.npz" in leak and "memory" not in leak
    assert all(r.mtime_ns > 0 and r.size_bytes > 0 for r in records)


def test_one_level_one_file_and_both(run: Run, tmp_path: Path, bucket: str) -> None:
    put(tmp_path / "clips" / "a.npz")
    put(tmp_path / "clips" / "deep" / "b.npz")
    shutil.copy(tmp_path / "clips" / "a.npz", tmp_path / "clips" / "no_suffix.data")
    fill(bucket, tmp_path / "clips")
    for arguments, count in (
        ([bucket], 2),
        ([f"{bucket}/"], 2),
        ([bucket, "--no-recursive"], 1),
        ([f"{bucket}/no_suffix.data"], 1),
        ([bucket, f"{bucket}/a.npz", tmp_path / "clips" / "a.npz"], 3),
    ):
        done = run("audit", *arguments)
        assert (done.code, done.err) == (0, f"auditing {count} file{'s' if count > 1 else ''}\n"), arguments


def test_an_audit_of_a_url_goes_on(run: Run, tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bucket, clips(tmp_path / "clips"))

    def stop(self: object, count: int, bad: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("inspector.commands.progress.Progress.advance", stop)
        assert run("audit", f"{bucket}/train", "--out", tmp_path / "out").code == 130
    again = run("audit", f"{bucket}/train", "--out", tmp_path / "out", "--no-video")
    assert again.err == "auditing 4 files, 1 of them already done\n"


def test_what_a_store_without_times_holds_is_read_again(
    run: Run, tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "clips" / "a.npz")
    put(tmp_path / "clips" / "b.npz")
    fill(bucket, tmp_path / "clips")
    monkeypatch.setattr("inspector.archive.remote._TIMES", ())

    def stop(self: object, count: int, bad: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("inspector.commands.progress.Progress.advance", stop)
        assert run("audit", bucket, "--out", tmp_path / "out").code == 130
    again = run("audit", bucket, "--out", tmp_path / "out", "--no-video")
    assert (again.code, again.err) == (0, "auditing 2 files\n")


def test_show_and_export(run: Run, tmp_path: Path, bucket: str) -> None:
    put(tmp_path / "clips" / "a.npz", clip_arrays(4))
    fill(bucket, tmp_path / "clips")
    done = run("show", f"{bucket}/a.npz")
    assert done.code == 0 and done.out.startswith(f"{bucket}/a.npz  (") and "4 × 156" in done.out
    assert run("show", f"{bucket}/none.npz").code == 1
    done = run("export", "sheet", f"{bucket}/a.npz", tmp_path / "a.png")
    assert done.code == 0 and (tmp_path / "a.png").stat().st_size > 1000


def test_films_of_a_folder_at_a_url(run: Run, tmp_path: Path, bucket: str) -> None:
    put(tmp_path / "clips" / "a.npz", clip_arrays(4))
    fill(bucket, tmp_path / "clips")
    done = run("audit", bucket, "--out", tmp_path / "out", "--workers", 0)
    assert "written: 3 films" in done.out and len(list((tmp_path / "out").rglob("*.mp4"))) == 3


def test_a_url_in_worker_processes_and_on_a_cluster(same: Callable[..., Done], tmp_path: Path, address: str) -> None:
    for i in range(30):
        put(tmp_path / "clips" / f"{i:02d}.npz", clip_arrays(8, seed=i))
    same((tmp_path / "clips").as_uri(), engine=f"dask={address}")


def test_urls_that_cannot_be(run: Run, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    for url, words in (
        ("nosuch://x", "npz-inspector: nosuch://x: there is no file system for nosuch://"),
        ("s3://bucket/x", "a library for s3:// is missing here: pip install s3fs"),
        (bucket, f"{bucket} cannot be listed: there is no such file or folder\nnpz-inspector: nothing to audit"),
    ):
        done = run("audit", url)
        assert done.code == 2 and words in done.err and "Traceback" not in done.err
    done = run(f"{bucket}/a.npz")
    assert done.code == 2 and "audit and show read URLs" in done.err
