"""What an audit draws after its reports: pictures of data sets, films of few clips, and nothing that loses a report."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from inspector.checks import Status
from inspector.commands import drawing
from inspector.commands.drawing import FEW, Drawings
from inspector.render.clip_film import clip_images
from inspector.reports import read_records
from tests.cli.conftest import Run, process
from tests.conftest import ROOT
from tests.support.clips import clip_arrays, save_clip
from tests.support.datasets import flawed
from tests.support.records import broken, failing, record
from tests.support.videos import dataset_arrays, save_dataset

pytestmark = pytest.mark.usefixtures("qapp")

REPORTS = {"npz_audit_report.csv", "npz_audit_report.jsonl", "npz_audit_summary.md"}
PICTURES = {"assessment.md", "dataset_visual_inspection.png", "trajectory_patterns_validation.png"}


def clips(folder: Path, count: int, frames: int = 3) -> Path:
    folder.mkdir(exist_ok=True)
    for i in range(count):
        save_clip(folder / f"{i:02d}.npz", clip_arrays(frames, seed=i))
    return folder


def dataset(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    return save_dataset(path, dataset_arrays(samples=4, frames=3, side=16))


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def film_names(*stems: str) -> set[str]:
    return {f"sample_animations/{stem}_{style}.mp4" for stem in stems for style in drawing.STYLES}


def test_one_data_set_beside_the_reports(run: Run, tmp_path: Path) -> None:
    done = run("audit", dataset(tmp_path / "set.npz"), "--out", tmp_path / "out", "--workers", "0")
    assert names(tmp_path / "out") == REPORTS | PICTURES
    for name in names(tmp_path / "out"):
        assert f"written: {tmp_path / 'out' / name}" in done.out
    assert done.err == "auditing 1 file\n"


def test_several_in_folders_of_their_own(run: Run, tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        dataset(tmp_path / "sets" / name)
    run("audit", tmp_path / "sets", "--out", tmp_path / "out", "--workers", "0", "--no-video")
    assert names(tmp_path / "out") == REPORTS | {f"{stem}/{name}" for stem in "ab" for name in PICTURES}


def test_no_pictures_without_the_assessment(run: Run, tmp_path: Path) -> None:
    run("audit", dataset(tmp_path / "a.npz"), "--out", tmp_path / "out", "--workers", "0", "--format", "csv")
    assert names(tmp_path / "out") == {"npz_audit_report.csv"}


def test_films_of_few_clips(run: Run, tmp_path: Path) -> None:
    folder, out = clips(tmp_path / "clips", 2), tmp_path / "out"
    done = run("audit", folder, "--out", out, "--workers", "0")
    assert done.code == 0 and names(out) == REPORTS | film_names("00", "01")
    assert done.out.splitlines()[-1] == f"written: 6 films in {out / 'sample_animations'}"


def test_no_films_when_asked(run: Run, tmp_path: Path) -> None:
    run("audit", clips(tmp_path / "clips", 1), "--out", tmp_path / "out", "--workers", "0", "--no-video")
    assert names(tmp_path / "out") == REPORTS


def test_no_films_of_many_clips_but_a_word_how_to_get_them(run: Run, tmp_path: Path) -> None:
    folder, out = clips(tmp_path / "clips", FEW + 1), tmp_path / "out"
    done = run("audit", folder, "--out", out, "--workers", "0")
    assert names(out) == REPORTS
    assert f"no films: {FEW + 1} clips are more than {FEW}; --video N" in done.err
    worst = folder / "07.npz"
    arrays = clip_arrays(3, seed=7)
    arrays["X"][1] = np.nan
    save_clip(worst, arrays)
    assert run("audit", folder, "--out", out, "--workers", "0", "--video", "1").code == 1
    assert names(out) == REPORTS | film_names("07")


def test_options_that_contradict(run: Run, tmp_path: Path) -> None:
    for arguments, words in [
        (("--video", "2", "--no-video", "--out", tmp_path), "give one of them"),
        (("--video", "2"), "--video needs --out DIR"),
        (("--video", "0", "--out", tmp_path), "--video"),
    ]:
        done = run("audit", "x", *arguments)
        assert done.code == 2 and words in done.err


def test_the_worst_are_chosen() -> None:
    chosen = Drawings(films=3)
    for one in (record("a"), failing("d"), record("b", status=Status.WARN), broken("c"), failing("e"), flawed()):
        chosen.see(one)
    assert [each.path for each in chosen.worst] == ["d", "e", "b"]
    assert chosen.clips == 4 and not chosen.datasets


def test_what_cannot_be_drawn_is_a_note(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = clips(tmp_path / "all", 2), tmp_path / "out"
    dataset(folder / "set.npz")
    out.mkdir()
    (out / "dataset_visual_inspection.png").mkdir()

    def images(*arguments: Any) -> Iterator[QImage]:
        if arguments[-1] == "00":
            raise ZeroDivisionError("odd")
        return clip_images(*arguments)

    monkeypatch.setattr("inspector.reports.films.clip_images", images)
    done = run("audit", folder, "--out", out, "--workers", "0", "--fail-on", "never")
    assert done.code == 0 and len(read_records(out / "npz_audit_report.jsonl")) == 3
    assert f"{folder / 'set.npz'}: no pictures: " in done.err
    assert f"{folder / '00.npz'}: no films: unexpected ZeroDivisionError: odd" in done.err
    assert names(out) >= REPORTS | film_names("01") and not names(out) & film_names("00")


BARE = """
import sys
sys.modules["PySide6.QtGui"] = None
from inspector.cli import main
if __name__ == "__main__":
    main()
"""


def test_a_machine_without_qt_gets_its_reports(tmp_path: Path) -> None:
    folder, out = clips(tmp_path / "all", 1), tmp_path / "out"
    dataset(folder / "set.npz")
    started = process(BARE, "audit", folder, "--out", out, "--workers", "0", "--fail-on", "never")
    _, told = started.communicate(timeout=60)
    assert started.returncode == 0 and "Traceback" not in told
    assert names(out) == REPORTS | {"assessment.md"}
    assert "set.npz: no pictures: " in told and "00.npz: no films: " in told


STOPS = """
import os, signal
from inspector.reports import films

def images(*arguments, real=films.clip_images):
    for number, image in enumerate(real(*arguments)):
        if arguments[-1] == "01" and number == 2:
            os.kill(os.getpid(), signal.NUMBER)
        yield image

films.clip_images = images
from inspector.cli import main
if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_ctrl_c_while_filming_keeps_what_is_done(tmp_path: Path, number: str, code: int) -> None:
    folder, out = clips(tmp_path / "clips", 2, frames=5), tmp_path / "out"
    started = process(STOPS.replace("NUMBER", number), "audit", folder, "--out", out, "--workers", "0")
    printed, told = started.communicate(timeout=60)
    assert started.returncode == code and "Traceback" not in told
    assert told.splitlines()[-1] == "stopped while drawing: the reports are written, and what was drawn before is kept"
    assert names(out) == REPORTS | film_names("00")
    assert f"written: 3 films in {out / 'sample_animations'}" in printed


@pytest.mark.parametrize("arguments", [("--no-video",), ("--format", "csv"), ()])
def test_nothing_to_draw_loads_no_qt(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    folder = clips(tmp_path / "clips", FEW + 1)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "inspector", "audit", str(folder), "--workers", "0", "--out",
         str(tmp_path / "out"), *arguments],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "numpy" in loaded and not loaded & {"PySide6", "av", "inspector.render.film", "inspector.audit.pixels"}
