"""The audit command: verdicts to stdout, the run to stderr, and an exit code that a script can trust."""

from __future__ import annotations

import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from inspector.audit import Options, Record, audit_file, audit_many
from inspector.commands import headless
from inspector.commands.progress import Progress
from inspector.errors import ReportError
from inspector.reports import ReportWriter, read_records
from tests.cli.conftest import Run, process
from tests.support.auditors import for_each
from tests.support.clips import clip_arrays, save_clip
from tests.support.records import HELL

CLI = "from inspector.cli import main\nif __name__ == '__main__':\n    main()"


def good(folder: Path, name: str = "good.npz") -> Path:
    return save_clip(folder / name, clip_arrays(30, features=True))


def warns(folder: Path, name: str = "warns.npz") -> Path:
    """A clip that stands still for its first 100 frames."""
    arrays = clip_arrays(160)
    arrays["X"][:100] = arrays["X"][0]
    return save_clip(folder / name, arrays)


def fails(folder: Path, name: str = "fails.npz") -> Path:
    arrays = clip_arrays(30)
    arrays["X"][3] = np.nan
    return save_clip(folder / name, arrays)


@pytest.mark.parametrize(
    ("make", "codes"),
    [(good, (0, 0, 0)), (warns, (0, 1, 0)), (fails, (1, 1, 0))],
)
def test_exit_codes(run: Run, tmp_path: Path, make: object, codes: tuple[int, int, int]) -> None:
    assert callable(make)
    make(tmp_path)
    assert run("audit", tmp_path).code == codes[0]
    for fail_on, code in zip(("fail", "warn", "never"), codes, strict=True):
        assert run("audit", tmp_path, "--fail-on", fail_on).code == code


def test_a_file_that_cannot_be_read_counts_as_fail(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.npz").write_bytes(b"no zip")
    done = run("audit", tmp_path)
    assert done.code == 1 and done.out.startswith("error  ") and "1 error" in done.out
    assert "Traceback" not in done.err


def test_what_is_printed_without_out(run: Run, tmp_path: Path) -> None:
    good(tmp_path)
    bad = fails(tmp_path)
    before = sorted(tmp_path.iterdir())
    done = run("audit", tmp_path)
    first, last = done.out.splitlines()
    assert first.startswith(f"fail   {bad}  NON_FINITE: ")
    assert last.startswith("2 files: 1 pass, 0 warn, 1 fail, 0 error; ready for transformer 1/2, iv3 1/2; ")
    assert done.err == "auditing 2 files\n"
    assert sorted(tmp_path.iterdir()) == before


def test_reports_of_file_dir_and_path_together(run: Run, tmp_path: Path) -> None:
    (tmp_path / "clips" / "sub").mkdir(parents=True)
    one, two, three = good(tmp_path, "one.npz"), good(tmp_path / "clips"), fails(tmp_path / "clips" / "sub")
    out = tmp_path / "out"
    done = run("audit", one, "--file", one, "--dir", tmp_path / "clips", "--out", out, "--no-video")
    assert done.code == 1
    assert [r.path for r in read_records(out / "npz_audit_report.jsonl")] == [str(p) for p in (two, three, one)]
    assert done.out.splitlines()[-3:] == [
        f"written: {out / name}" for name in ("npz_audit_report.csv", "npz_audit_report.jsonl", "npz_audit_summary.md")
    ]
    assert run("audit", tmp_path / "clips", "--no-recursive", "--no-video", "--out", out, "--format", "jsonl").code == 0
    assert [r.path for r in read_records(out / "npz_audit_report.jsonl")] == [str(two)]


def test_in_order_and_the_same_over_processes(run: Run, tmp_path: Path) -> None:
    for i in range(30):
        save_clip(tmp_path / f"{i:02d}.npz", clip_arrays(8, seed=i))
    lines = []
    for workers in ("0", "2"):
        assert run("audit", tmp_path, "--out", tmp_path / workers, "--workers", workers).code == 0
        lines.append((tmp_path / workers / "npz_audit_report.jsonl").read_bytes())
        assert len(lines[-1].splitlines()) == 30
    assert lines[0] == lines[1]
    files = [json.loads(line)["file"] for line in lines[0].splitlines()]
    assert files == sorted(files)


def test_profile_and_targets(run: Run, tmp_path: Path) -> None:
    path = save_clip(tmp_path / "a.npz", clip_arrays(30))
    assert run("audit", path).code == 0
    assert run("audit", path, "--target", "iv3").code == 1
    assert run("audit", path, "--profile", "generic").code == 0
    for arguments, words in [
        (("--target", "nonsense"), "target 'nonsense' is in no built-in profile; they have iv3, transformer"),
        (("--profile", "fslr-keypoints", "--target", "nonsense"), "target 'nonsense' is not in profile fslr-keypoints"),
        (("--profile", "nonsense"), "nonsense"),
        (("--validator", "nonsense"), "validator: expected module:function, got 'nonsense'"),
        (("--format", "pdf"), "format: expected some of csv,jsonl,md, got 'pdf'"),
    ]:
        done = run("audit", path, *arguments)
        assert done.code == 2 and words in done.err and done.out == "" and done.err.count("\n") == 1


def test_nothing_to_audit(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    good(tmp_path / "sub")
    done = run("audit", tmp_path, "--no-recursive")
    assert done.code == 2
    assert done.err == (f"npz-inspector: nothing to audit: no .npz file in {tmp_path} (subfolders were not searched)\n")
    done = run("audit", tmp_path, tmp_path / "gone")
    assert (done.code, done.err) == (2, f"npz-inspector: {tmp_path / 'gone'}: no such file or folder\n")


def test_many_bad_files_stay_short(run: Run, tmp_path: Path) -> None:
    for i in range(60):
        (tmp_path / f"{i:02d}.npz").write_bytes(b"x")
    done = run("audit", tmp_path, "--workers", "0")
    lines = done.out.splitlines()
    assert len(lines) == headless.LINES + 2
    assert lines[0].startswith(f"error  {tmp_path / '00.npz'}  ") and lines[0].count(str(tmp_path)) == 1
    assert lines[-2] == "and 20 more that do not pass; --out DIR writes them all"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any name")
def test_names_from_hell(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    for name in HELL:
        path = folder / name.replace("/", "_")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"no zip")
    done = run("audit", folder, "--out", tmp_path / "out")
    assert done.code == 1 and len(done.out.splitlines()) == len(HELL) + 4
    assert "\x1b" not in done.out and "\u202e" not in done.out
    back = read_records(tmp_path / "out" / "npz_audit_report.jsonl")
    assert {r.path for r in back} == {str(folder / name.replace("/", "_")) for name in HELL}


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any name")
def test_no_name_reads_as_another_on_the_terminal(run: Run, tmp_path: Path) -> None:
    turned = tmp_path / "a\u061cb\u202ezpn.exe\u2067.npz"
    letters = tmp_path / "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627.npz"
    for path in (turned, letters):
        path.write_bytes(b"no zip")
    said = [run("audit", tmp_path, "--workers", "0"), run("show", turned), run("audit", tmp_path / "no\u202e")]
    for text in (text for done in said for text in (done.out, done.err)):
        assert not set("\u061c\u202e\u2067") & set(text)
    assert str(letters) in said[0].out
    for done in said[:2]:
        assert f"{tmp_path}/a\\u061cb\\u202ezpn.exe\\u2067.npz" in done.out
    assert "no\\u202e: no such file" in said[2].err


def test_a_report_that_cannot_be_written_is_one_line(run: Run, tmp_path: Path) -> None:
    path = good(tmp_path)
    done = run("audit", path, "--out", path)
    assert (done.code, done.err) == (2, f"npz-inspector: {path} cannot be written: File exists\n")


STOPS = """
import os, signal, sys
from inspector.cli import main
from inspector.reports import ReportWriter

def add(self, records, real=ReportWriter.add, calls=[]):
    real(self, records)
    calls.append(0)
    if len(calls) == 3:
        os.kill(os.getpid(), getattr(signal, SIGNAL))

if __name__ == "__main__":
    ReportWriter.add = add
    main()
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(
    ("signal", "code", "workers"), [("SIGKILL", -9, 2), ("SIGINT", 130, 0), ("SIGINT", 130, 2), ("SIGTERM", 143, 2)]
)
def test_a_stopped_audit_goes_on(run: Run, tmp_path: Path, signal: str, code: int, workers: int) -> None:
    clips, out = tmp_path / "clips", tmp_path / "out"
    clips.mkdir()
    for i in range(60):
        save_clip(clips / f"{i:02d}.npz", clip_arrays(4, seed=i))
    arguments = ["audit", clips, "--out", out, "--workers", workers]
    stopped = process(STOPS.replace("SIGNAL", repr(signal)), *arguments)
    printed, told = stopped.communicate(timeout=60)
    assert stopped.returncode == code, told
    assert "Traceback" not in told
    (part,) = out.glob("*.part")
    done = part.read_bytes().count(b"\n")
    assert 0 < done < 60
    assert list(out.iterdir()) == [part]
    if code > 0:
        assert f"stopped: {done} of 60 files are done" in told
        assert f"npz-inspector audit {clips} --out {out} --workers {workers}" in told
        assert printed.startswith(f"so far {done} files: {done} pass")
    again = run(*arguments[:-1], 0)
    assert again.code == 0 and f"auditing 60 files, {done} of them already done" in again.err
    assert [r.path for r in read_records(out / "npz_audit_report.jsonl")] == [
        str(clips / f"{i:02d}.npz") for i in range(60)
    ]
    assert sorted(p.suffix for p in out.iterdir()) == [".csv", ".jsonl", ".md"]
    assert run("audit", clips, "--out", tmp_path / "whole", "--workers", 0).code == 0
    whole = (tmp_path / "whole" / "npz_audit_report.jsonl").read_bytes()
    assert (out / "npz_audit_report.jsonl").read_bytes() == whole


def test_what_is_finished_is_on_disk_while_another_file_takes_long(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = good(tmp_path, "a.npz"), good(tmp_path, "b.npz")
    stored = threading.Event()
    on_disk: list[str] = []

    class Told(Progress):
        def advance(self, count: int, bad: int) -> None:
            stored.set()

    @for_each
    def audit(path: str, options: Options) -> Record:
        if path == str(slow):
            stored.wait(10)
            on_disk.extend(part.read_text() for part in (tmp_path / "out").glob("*.part"))
        return audit_file(path, options)

    with ThreadPoolExecutor(2) as threads:
        monkeypatch.setattr(headless, "progress", Told)
        monkeypatch.setattr(headless, "audit_many", partial(audit_many, executor=threads, auditor=audit))
        assert run("audit", slow, quick, "--workers", "2", "--no-video", "--out", tmp_path / "out").code == 0
    assert [json.loads(line)["file"] for text in on_disk for line in text.splitlines()] == [str(quick)]
    assert [r.path for r in read_records(tmp_path / "out" / "npz_audit_report.jsonl")] == [str(slow), str(quick)]


def test_stopped_without_out(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good(tmp_path, "a.npz")
    good(tmp_path, "b.npz")

    def stop(self: object, count: int, bad: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("inspector.commands.progress.Progress.advance", stop)
    done = run("audit", tmp_path)
    assert done.code == 130
    assert done.err.splitlines()[-2:] == ["stopped: 1 of 2 files are done", "nothing is kept without --out DIR"]


def test_a_disk_that_fills_up_says_so_and_keeps_what_is_done(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = good(tmp_path), tmp_path / "out"

    def full(self: ReportWriter) -> list[Path]:
        raise ReportError("out/x cannot be written: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(ReportWriter, "finish", full)
        done = run("audit", path, "--no-video", "--out", out)
    assert (done.code, done.err.splitlines()[-1]) == (
        2,
        "npz-inspector: out/x cannot be written: No space left on device",
    )
    assert "1 of them already done" in run("audit", path, "--no-video", "--out", out).err


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
def test_a_reader_that_leaves_is_no_trouble(tmp_path: Path) -> None:
    fails(tmp_path)
    read, write = os.pipe()
    os.close(read)
    try:
        started = process(CLI, "audit", tmp_path, "--no-video", "--out", tmp_path / "out", stdout=write)
        _, told = started.communicate(timeout=60)
    finally:
        os.close(write)
    assert (started.returncode, told) == (1, "auditing 1 file\n")
    assert (tmp_path / "out" / "npz_audit_summary.md").exists()


def test_a_bar_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pty = pytest.importorskip("pty")
    for i in range(3):
        good(tmp_path, f"{i}.npz")
    ours, theirs = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    started = process(CLI, "audit", tmp_path, stderr=theirs)
    os.close(theirs)
    shown = b""
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        try:
            while piece := terminal.read(4096):
                shown += piece
        except OSError:  # Linux says so when the other end is closed
            pass
    printed, _ = started.communicate(timeout=60)
    assert started.returncode == 0 and "3 files: 1 pass, 2 warn" in printed  # they are copies
    assert b"auditing" in shown and b"3/3" in shown
