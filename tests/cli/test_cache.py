"""An audit asked again is answered as the ordinary way would, or taken again; and the command that shows the cache."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from inspector.commands import again, answers
from inspector.database import database_path
from tests.audit.cache_support import LONG_AGO, clips, settle
from tests.cli.conftest import Done, Run, process
from tests.conftest import ROOT
from tests.support.clips import clip_arrays, save_clip

SECONDS = re.compile(r"; \d+\.\d s$", re.MULTILINE)
MADE = re.compile(rb"^.*\d\d\d\d-\d\d-\d\d.*$", re.MULTILINE)
"""The line of a summary that says when it was made."""

Answer = Callable[..., Done | None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Clips, one of which is not fit, one that cannot be read, and one in a folder of its own."""
    paths = [Path(path) for path in clips(tmp_path / "clips", 14)]
    bad = clip_arrays(40, seed=3)
    bad["X"][7] = float("nan")
    settle(save_clip(paths[0], bad))
    paths[1].write_bytes(b"none")
    settle(paths[1])
    (tmp_path / "clips" / "inner").mkdir()
    shutil.move(paths[2], tmp_path / "clips" / "inner" / "z.npz")
    return tmp_path / "clips"


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Answer:
    """The answer to an audit out of the cache, if there is one."""

    def ask(*arguments: object) -> Done | None:
        code = again.answer(["audit", *map(str, arguments)])
        printed = capsys.readouterr()
        if code is None:
            assert printed == ("", "")
            return None
        return Done(code, printed.out, printed.err)

    return ask


def plain(text: str) -> str:
    assert len(SECONDS.findall(text)) == 1
    return SECONDS.sub("", text)


def reports(out: Path) -> dict[str, bytes]:
    return {path.name: MADE.sub(b"", path.read_bytes()) for path in sorted(out.iterdir())}


def same(found: Done | None, ordinary: Done) -> bool:
    return found is not None and (found.code, plain(found.out)) == (ordinary.code, plain(ordinary.out))


def test_the_same_is_said_again(run: Run, answer: Answer, folder: Path) -> None:
    assert answer(folder) is None
    first = run("audit", folder)
    assert first.code == 1 and "fail " in first.out and "error" in first.out
    found = answer(folder)
    assert same(found, run("audit", folder, "--no-cache"))
    assert found is not None and found.err == "14 files, none changed since this was last asked\n"


def test_reports_that_are_untouched_stay(run: Run, answer: Answer, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("audit", folder, "--out", out)
    before = {path: path.stat() for path in out.iterdir()}
    found = answer(folder, "--out", out)
    assert {path: path.stat() for path in out.iterdir()} == before
    fresh = tmp_path / "fresh"
    ordinary = run("audit", folder, "--out", fresh, "--no-cache")
    assert found is not None
    assert plain(found.out) == plain(ordinary.out.replace(str(fresh), str(out)))
    assert found.err.splitlines()[1:] == ordinary.err.splitlines()[1:] and "no films" in found.err
    assert reports(out) == reports(fresh)


def test_reports_for_another_folder_are_copied(run: Run, answer: Answer, folder: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other" / "deep"
    ordinary = run("audit", folder, "--out", out)
    found = answer(folder, f"--out={other}")
    assert found is not None
    assert plain(found.out) == plain(ordinary.out.replace(str(out), str(other)))
    assert reports(other) == reports(out)
    shutil.rmtree(out)  # those in the other folder are spoken of now
    assert same(answer(folder, f"--out={other}"), found)
    assert answer(folder, "--out", out) is not None
    assert reports(other) == reports(out)


def test_reports_that_are_gone_are_still_known(run: Run, answer: Answer, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ordinary = run("audit", folder, "--out", out)
    whole = reports(out)
    shutil.rmtree(out)
    assert same(answer(folder, "--out", out), ordinary)
    assert reports(out) == whole
    shutil.rmtree(out)
    assert answer(folder, "--out", tmp_path / "other") is not None
    assert reports(tmp_path / "other") == whole
    assert all(len(list(kept.iterdir())) == 3 for kept in (database_path().parent / "reports").iterdir())
    shutil.rmtree(tmp_path / "other")
    shutil.rmtree(database_path().parent / "reports")
    assert answer(folder, "--out", out) is None


def test_copies_of_reports_do_not_pile_up(
    run: Run, answer: Answer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_KEPT", 2)
    for name in "abcd":
        run("audit", folder / f"clip_{ord(name) - 90}.npz", folder, "--out", tmp_path / name)
        assert answer(folder / f"clip_{ord(name) - 90}.npz", folder, "--out", tmp_path / f"{name}2") is not None
    assert len(list((database_path().parent / "reports").iterdir())) == 2
    run("cache", "clear")
    assert not (database_path().parent / "reports").exists()


@pytest.mark.parametrize("change", ["edited", "at work"])
def test_reports_that_are_not_as_they_were_are_written_again(
    run: Run, answer: Answer, folder: Path, tmp_path: Path, change: str
) -> None:
    out = tmp_path / "out"
    ordinary = run("audit", folder, "--out", out)
    whole = reports(out)
    table = out / "npz_audit_report.csv"
    if change == "edited":
        with table.open("a") as file:
            file.write("more\n")
    else:
        (out / "npz_audit_report.0123.jsonl.part").write_bytes(b"")
    assert answer(folder, "--out", out) is None
    assert same(run("audit", folder, "--out", out), ordinary)
    assert whole.items() <= reports(out).items()


CHANGES: dict[str, Callable[[Path], object]] = {
    "touched": lambda folder: settle(folder / "clip_5.npz", 1),
    "rewritten": lambda folder: settle(save_clip(folder / "clip_5.npz", clip_arrays(41))),
    "added": lambda folder: settle(save_clip(folder / "new.npz")).rename(folder / "new.NPZ"),
    "added inside": lambda folder: settle(save_clip(folder / "inner" / "new.npz")),
    "removed": lambda folder: (folder / "clip_5.npz").unlink(),
    "renamed": lambda folder: (folder / "clip_5.npz").rename(folder / "x.npz"),
    "a folder more": lambda folder: (folder / "another").mkdir(),
    "a folder less": lambda folder: shutil.rmtree(folder / "inner"),
    "repaired": lambda folder: settle(save_clip(folder / "clip_1.npz")),
    "out of reach": lambda folder: shutil.move(folder, folder.with_name("gone")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_noticed(run: Run, answer: Answer, folder: Path, change: str) -> None:
    run("audit", folder)
    assert answer(folder) is not None
    CHANGES[change](folder)
    assert answer(folder) is None


def test_what_is_no_clip_does_not_matter(run: Run, answer: Answer, folder: Path) -> None:
    run("audit", folder)
    (folder / "notes.txt").write_text("none")
    (folder / ".hidden").mkdir()
    assert answer(folder) is not None


def test_every_option_is_part_of_the_question(run: Run, answer: Answer, folder: Path) -> None:
    run("audit", folder)
    for options in (["--no-recursive"], ["--fail-on", "warn"], ["--target", "iv3"], ["--no-across"], ["--no-cache"]):
        assert answer(folder, *options) is None
    assert answer("--", folder) is None


@pytest.mark.parametrize("list_file", ["labels", "split", "profile", "extended"])
def test_lists_and_profiles_are_part_of_it(
    run: Run, answer: Answer, folder: Path, tmp_path: Path, list_file: str
) -> None:
    texts = {
        "labels": "file,gloss\nclip_3.npz,HELLO\nabsent.npz,HELLO\n",
        "split": "clip_3.npz\n",
        "profile": 'extends = "base.toml"\nname = "own"\n[limits]\njitter = 0.5\n',
        "extended": 'extends = "fslr-keypoints"\n[limits]\nfrozen_frames = 5\n',
    }
    names = {"labels": "labels.csv", "split": "train.txt", "profile": "own.toml", "extended": "base.toml"}
    files = {what: settle(_written(tmp_path / name, texts[what])) for what, name in names.items()}
    options = ["--labels", files["labels"], "--split", f"train={files['split']}", "--profile", files["profile"]]
    ordinary = run("audit", folder, *options)
    assert same(answer(folder, *options), ordinary)
    changed = files[list_file]
    settle(_written(changed, texts[list_file] + "\n"))
    assert answer(folder, *options) is None
    assert same(run("audit", folder, *options), ordinary)


def _written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_code_and_built_in_profiles_are_part_of_it(
    run: Run, answer: Answer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("audit", folder)
    shutil.copytree(ROOT / "resources", tmp_path / "resources")
    assert answer(folder) is not None
    before = answers.program()
    shutil.copytree(ROOT / "inspector", tmp_path / "inspector", ignore=shutil.ignore_patterns("gui", "__pycache__"))
    monkeypatch.setattr(answers, "_PACKAGE", str(tmp_path / "inspector"))
    moved = answers.program()
    assert moved != before
    settle(tmp_path / "inspector" / "checks" / "motion.py")
    assert answers.program() != moved
    assert answer(folder) is None


def test_another_working_folder(run: Run, answer: Answer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = folder.parent / "other"
    shutil.copytree(folder, other / "clips", copy_function=os.link)  # the same files, as far as sizes and times go
    monkeypatch.chdir(folder.parent)
    run("audit", "clips", "--out", "out")
    assert answer("clips", "--out", "out") is not None
    monkeypatch.chdir(other)
    assert answer("clips", "--out", "out") is None


def test_single_files(run: Run, answer: Answer, folder: Path) -> None:
    clip = folder / "clip_4.npz"
    ordinary = run("audit", clip, "--file", folder / "clip_6.npz")
    assert same(answer(clip, "--file", folder / "clip_6.npz"), ordinary)
    settle(clip, 7)
    assert answer(clip, "--file", folder / "clip_6.npz") is None


def test_what_was_drawn_is_drawn_again(
    run: Run, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.commands.drawing.Drawings.draw", lambda *_: None)  # Qt stays out of this process
    clips(tmp_path / "few", 2)
    run("audit", tmp_path / "few", "--out", tmp_path / "out")
    assert answer(tmp_path / "few", "--out", tmp_path / "out") is None
    run("audit", tmp_path / "few", "--out", tmp_path / "out", "--no-video")
    assert answer(tmp_path / "few", "--out", tmp_path / "out", "--no-video") is not None


def test_files_that_changed_a_moment_ago(
    run: Run, answer: Answer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = settle(folder / "clip_5.npz", 2 * LONG_AGO)
    with monkeypatch.context() as during:
        during.setattr("inspector.commands.answers.is_settled", lambda modified, *_: modified < 2 * LONG_AGO)
        run("audit", folder)
    assert clip.exists() and answer(folder) is None


def test_an_error_whose_reason_may_pass(
    run: Run, answer: Answer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as during:
        during.setattr("inspector.archive.source.os.pread", fails)
        assert "error" in run("audit", folder, "--workers", "0").out
    assert answer(folder, "--workers", "0") is None


def test_an_audit_that_was_stopped(run: Run, answer: Answer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(self: object, count: int, bad: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr("inspector.commands.progress.Progress.advance", stop)
        assert run("audit", folder).code == 130
    assert answer(folder) is None


@pytest.mark.parametrize("damage", ["content", "file", "newer", "off"])
def test_a_cache_that_cannot_be_used(
    run: Run, answer: Answer, folder: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = run("audit", folder)
    with closing(sqlite3.connect(database_path())) as connection, connection:
        if damage == "content":
            connection.execute("UPDATE answers SET content = SUBSTR(content, 1, 50)")
        elif damage == "newer":
            connection.execute("PRAGMA user_version = 999")
    if damage == "file":
        database_path().write_bytes(b"no database" * 1000)
    if damage == "off":
        monkeypatch.setenv("NPZ_INSPECTOR_CACHE_MB", "0")
    assert answer(folder) is None
    assert same(run("audit", folder), ordinary)


def test_a_terminal_gets_colours_and_a_file_none(
    run: Run, answer: Answer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("audit", folder)
    found = answer(folder)
    assert found is not None and "\x1b" not in found.out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    coloured = answer(folder)
    assert coloured is not None and "\x1b[31mfail\x1b[0m  " in coloured.out
    monkeypatch.setenv("NO_COLOR", "1")
    assert answer(folder) is None


PROGRAM = """
import sys
sys.argv[0] = "npz-inspector"
from inspector.__main__ import main
try:
    main()
finally:
    heavy = "numpy rich click msgspec multiprocessing inspector.audit inspector.profiles inspector.checks".split()
    print(*[name for name in heavy if name in sys.modules], file=sys.stderr)
"""


def test_the_engine_is_not_loaded_for_it(folder: Path) -> None:
    def whole(*arguments: object) -> Done:
        out, err = (running := process(PROGRAM, *arguments)).communicate(timeout=60)
        return Done(running.returncode, out, err)

    first = whole("audit", folder)
    assert "numpy" in first.err.splitlines()[-1]
    second = whole("audit", folder)
    assert same(second, first)
    assert second.err.splitlines() == ["14 files, none changed since this was last asked", ""]


def test_the_reader_of_the_pipe_has_gone(folder: Path) -> None:
    process(PROGRAM, "audit", folder).communicate(timeout=60)
    reader, writer = os.pipe()
    os.close(reader)
    running = process(PROGRAM, "audit", folder, stdout=writer)
    os.close(writer)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 1 and "Error" not in err


# --- the command ------------------------------------------------------------------------------------------------------


def test_show_and_clear(run: Run, folder: Path) -> None:
    assert "nothing is kept yet" in run("cache").out
    assert "nothing is kept yet" in run("cache", "clear").out
    run("audit", folder)
    shown = run("cache").out
    assert str(database_path()) in shown
    assert "files   14 files in 2 folders; 1 audit\n" in shown
    assert "0 days ago" in shown and "limit   1.0 GB" in shown
    cleared = run("cache", "clear")
    assert cleared.code == 0 and "forgot 14 files" in cleared.out
    assert "files   0 files in 0 folders; 0 audits\n" in run("cache").out


def test_no_cache_neither_reads_nor_writes(run: Run, folder: Path) -> None:
    run("audit", folder, "--no-cache")
    assert not database_path().exists()


def test_show_of_one_that_cannot_be_read(run: Run, folder: Path) -> None:
    run("audit", folder)
    database_path().write_bytes(b"no database" * 1000)
    shown = run("cache")
    assert shown.code == 2 and str(database_path()) in shown.err
    assert run("cache", "clear").code == 0
    assert "0 files" in run("cache").out
