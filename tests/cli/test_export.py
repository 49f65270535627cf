"""The export command: a film or a picture of one file, or one line that says why not."""

from __future__ import annotations

from pathlib import Path

import av
import click
import pytest
from PySide6.QtGui import QImage

from inspector import cli
from inspector.commands.drawing import STYLES
from inspector.render import clip_film
from tests.cli.conftest import Run
from tests.support.clips import clip_arrays, save_clip
from tests.support.videos import dataset_arrays, save_dataset

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return save_clip(tmp_path / "clip.npz", clip_arrays(5))


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return save_dataset(tmp_path / "set.npz", dataset_arrays(samples=3, frames=4, side=16))


def film(path: Path) -> tuple[int, float]:
    with av.open(str(path)) as opened:
        stream = opened.streams.video[0]
        return sum(1 for _ in opened.decode(stream)), float(stream.average_rate or 0)


@pytest.mark.parametrize(("style", "rate"), [((), 30), (("--style", "detailed"), 15), (("--style", "slowmo"), 10)])
def test_video_of_a_clip(run: Run, clip: Path, tmp_path: Path, style: tuple[str, ...], rate: int) -> None:
    out = tmp_path / "out.mp4"
    done = run("export", "video", clip, out, *style)
    assert (done.code, done.out, done.err) == (0, f"written: {out}\n", "")
    assert film(out) == (5, rate)


def test_video_of_a_sample(run: Run, dataset: Path, tmp_path: Path) -> None:
    assert run("export", "video", dataset, tmp_path / "a.mp4").code == 0
    assert run("export", "video", dataset, tmp_path / "b.mp4", "--sample", 2).code == 0
    assert film(tmp_path / "a.mp4") == film(tmp_path / "b.mp4") == (4, 8)
    assert (tmp_path / "a.mp4").read_bytes() != (tmp_path / "b.mp4").read_bytes()


def test_pictures(run: Run, clip: Path, dataset: Path, tmp_path: Path) -> None:
    for kind, path in (("sheet", clip), ("sheet", dataset), ("trajectories", dataset)):
        out = tmp_path / f"{path.stem}_{kind}.PNG"
        done = run("export", kind, path, out)
        assert (done.code, done.out) == (0, f"written: {out}\n")
        assert QImage(str(out)).width() > 300


def test_a_picture_takes_the_place_of_another(run: Run, clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    out.write_bytes(b"old")
    assert run("export", "sheet", clip, out).code == 0
    assert not QImage(str(out)).isNull()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("trajectories", "clip.npz", "o.png"), "clip.npz holds no trajectory; expected an array named trajectory_3d"),
        (("trajectories", "paths.npz", "o.png"), "paths.npz: trajectory_3d: expected numbers of shape"),
        (("sheet", "plain.npz", "o.png"), "plain.npz holds no frames to draw"),
        (("video", "plain.npz", "o.mp4"), "plain.npz holds no clip of moving points to film"),
        (("video", "clip.npz", "o.mp4", "--sample", "0"), "is no data set of videos: it has no sample 0"),
        (("video", "set.npz", "o.mp4", "--style", "slowmo"), "--style is for keypoint clips, --sample for these"),
        (("video", "set.npz", "o.mp4", "--sample", "3"), "sample: expected 0 to 2, got 3"),
        (("video", "broken.npz", "o.mp4"), "broken.npz: "),
        (("sheet", "gone.npz", "o.png"), "gone.npz: no such file"),
        (("sheet", "clip.npz", "clip.npz"), "clip.npz: expected a name that ends in .png"),
        (("video", "clip.npz", "o.png"), "o.png: expected a name that ends in .mp4"),
        (("sheet", "clip.npz", "gone/o.png"), "o.png: there is no folder"),
        (("sheet", "clip.npz", "folder.png"), "folder.png"),
        (("video", "clip.npz", "folder.mp4"), "folder.mp4"),
        (("sheet", "clip.npz", "o.png", "--profile", "nonsense"), "nonsense"),
    ],
)
def test_one_line_says_why_not(
    run: Run,
    clip: Path,
    dataset: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.npz").write_bytes(b"no zip")
    save_dataset(tmp_path / "plain.npz", {"weights": dataset_arrays(samples=1, frames=2)["trajectory_3d"][0]})
    save_dataset(tmp_path / "paths.npz", {"trajectory_3d": dataset_arrays(samples=1)["trajectory_3d"][..., :1]})
    for name in ("folder.png", "folder.mp4"):
        (tmp_path / name).mkdir()
    before = sorted(tmp_path.iterdir())
    done = run("export", *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err and done.err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def test_styles_are_those_that_are_drawn(run: Run) -> None:
    assert tuple(clip_film.STYLES) == STYLES
    options = [p for p in cli.video.params if p.name == "style"]
    assert isinstance(options[0].type, click.Choice) and tuple(options[0].type.choices) == STYLES


@pytest.mark.parametrize(
    "arguments", [["video"], ["sheet", "a"], ["film", "a", "b"], ["video", "a", "b", "--style", "x"]]
)
def test_bad_usage(run: Run, arguments: list[str]) -> None:
    done = run("export", *arguments)
    assert done.code == 2 and done.out == "" and "Traceback" not in done.err
