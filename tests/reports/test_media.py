"""Pictures and films of files: there, of the right size, length and content, or an error that says why."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from inspector.audit import Record, audit_file, inspect_file
from inspector.errors import ArchiveError, ReportError
from inspector.render.clip_film import STYLES
from inspector.render.film import Cancelled
from inspector.reports.drawing import ensure_gui
from inspector.reports.films import clip_films, write_sample_film
from inspector.reports.pictures import write_clip_sheet, write_pictures, write_sheet, write_trajectories
from tests.conftest import ROOT
from tests.support.clips import clip_arrays, save_clip
from tests.support.datasets import flawed
from tests.support.records import record
from tests.support.videos import dataset_arrays, save_dataset

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = tmp_path_factory.mktemp("set")
    return audit_file(str(save_dataset(folder / "set.npz", dataset_arrays(samples=4, frames=5, side=24))))


def frames_of(path: Path) -> tuple[list[npt.NDArray[np.generic]], float]:
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert stream.average_rate is not None
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(stream)], float(stream.average_rate)


def dark(image: QImage) -> int:
    """How many pixels of the data's blue there are."""
    blue = QColor(0, 0, 255).rgb()
    return sum(image.pixel(x, y) == blue for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))


def test_pictures_of_a_data_set(dataset: Record, tmp_path: Path) -> None:
    paths = write_pictures(dataset, tmp_path / "new")
    assert [path.name for path in paths] == ["dataset_visual_inspection.png", "trajectory_patterns_validation.png"]
    sheet, trajectories = (QImage(str(path)) for path in paths)
    assert dark(sheet) > 100 and trajectories.height() > 2 * 380
    assert sorted(paths) == sorted((tmp_path / "new").iterdir())


def test_a_data_set_without_trajectories_or_labels(tmp_path: Path) -> None:
    path = save_dataset(tmp_path / "a.npz", {"videos": dataset_arrays(samples=2, frames=3)["videos"]})
    found = audit_file(str(path))
    assert [p.name for p in write_pictures(found, tmp_path / "out")] == ["dataset_visual_inspection.png"]
    with pytest.raises(ReportError, match=r"a\.npz holds no trajectory; expected an array named trajectory_3d"):
        write_trajectories(found, tmp_path / "t.png")


def test_trajectories_of_a_file_without_labels(tmp_path: Path) -> None:
    arrays = dataset_arrays(samples=3, frames=4)
    del arrays["labels"]
    write_trajectories(audit_file(str(save_dataset(tmp_path / "a.npz", arrays))), tmp_path / "t.png")
    assert not QImage(str(tmp_path / "t.png")).isNull()


def test_an_empty_data_set_has_no_pictures(tmp_path: Path) -> None:
    path = save_dataset(tmp_path / "a.npz", {k: v[:0] for k, v in dataset_arrays(samples=1).items()})
    found = audit_file(str(path))
    assert write_pictures(found, tmp_path) == []
    with pytest.raises(ReportError, match="no samples"):
        write_sheet(found, tmp_path / "s.png")


def test_what_is_no_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"holds no data set of videos \(profile fslr-keypoints\)"):
        write_pictures(record(), tmp_path)
    for changes, words in [({"videos_dtype": "nonsense"}, "type of an array"), ({"layout": "TC"}, "expected a layout")]:
        with pytest.raises(ReportError, match=words):
            write_pictures(flawed(**changes), tmp_path)


def test_a_file_that_changed_is_not_drawn_as_another(dataset: Record, tmp_path: Path) -> None:
    moved = Record(
        **{name: getattr(dataset, name) for name in ("status", "measurements", "mtime_ns")}, path=str(tmp_path / "a")
    )
    with pytest.raises(ArchiveError):
        write_sheet(moved, tmp_path / "s.png")
    assert not (tmp_path / "s.png").exists()


@pytest.mark.parametrize("frames", [1, 2, 5, 40])
def test_a_sheet_of_a_clip(tmp_path: Path, frames: int) -> None:
    seen = inspect_file(str(save_clip(tmp_path / "a.npz", clip_arrays(frames))))
    write_clip_sheet(seen, tmp_path / "a.png")
    image = QImage(str(tmp_path / "a.png"))
    columns = {1: 1, 2: 2, 5: 3, 40: 4}[frames]
    assert image.width() == columns * 356 + 16


def test_films_of_a_clip(tmp_path: Path) -> None:
    path = save_clip(tmp_path / "wave.npz", clip_arrays(7))
    told: list[int] = []
    films = list(clip_films(str(path), tmp_path / "sample_animations", progress=told.append))
    assert [film.name for film in films] == ["wave_preview.mp4", "wave_detailed.mp4", "wave_slowmo.mp4"]
    assert told == list(range(1, 22))
    for film, style in zip(films, STYLES.values(), strict=True):
        frames, rate = frames_of(film)
        assert (len(frames), rate, frames[0].shape) == (7, style.rate, (style.side, style.side, 3))


def test_films_are_stopped_between_frames_and_whole_ones_stay(tmp_path: Path) -> None:
    path = save_clip(tmp_path / "a.npz", clip_arrays(4))
    made = clip_films(str(path), tmp_path / "out", cancelled=iter([False] * 6 + [True] * 9).__next__)
    with pytest.raises(Cancelled):
        list(made)
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["a_preview.mp4"]


def test_a_film_of_a_sample_shows_its_pixels(dataset: Record, tmp_path: Path) -> None:
    assert write_sample_film(dataset, 2, tmp_path / "s.mp4", side=240, rate=7.6) == 5
    frames, rate = frames_of(tmp_path / "s.mp4")
    assert (len(frames), rate) == (5, 8) and frames[0].shape == (40 + 240, 240, 3)
    with np.load(dataset.path) as held:
        video = held["videos"][2]
    for frame, shown in zip(video, frames, strict=True):
        middle = shown[45::10, 5::10].astype(int)  # each pixel is 10 by 10
        assert np.abs(middle - 255 * np.moveaxis(frame, 0, -1)).max() < 40


@pytest.mark.parametrize("sample", [-1, 4])
def test_a_sample_that_is_not_there(dataset: Record, tmp_path: Path, sample: int) -> None:
    with pytest.raises(ReportError, match=f"expected 0 to 3, got {sample}"):
        write_sample_film(dataset, sample, tmp_path / "s.mp4")


def test_what_holds_no_clip_is_no_film(tmp_path: Path, dataset: Record) -> None:
    (tmp_path / "broken.npz").write_bytes(b"no zip")
    for path in (dataset.path, str(tmp_path / "broken.npz")):
        with pytest.raises(ReportError, match="holds no clip of moving points"):
            list(clip_films(path, tmp_path / "out"))
    with pytest.raises(ReportError, match="one of preview, detailed, slowmo, got 'fast'"):
        list(clip_films(str(save_clip(tmp_path / "a.npz", clip_arrays(3))), tmp_path, ["fast"]))


def test_the_window_s_application_is_used_as_it_is() -> None:
    before = QApplication.instance()
    ensure_gui()
    assert QApplication.instance() is before


ALONE = """
import sys
{before}
from inspector.errors import ReportError
from inspector.reports.drawing import ensure_gui
try:
    ensure_gui()
except ReportError as error:
    print(error)
else:
    from PySide6.QtGui import QGuiApplication
    print(QGuiApplication.platformName())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("import os; os.environ['DISPLAY'] = ':99'; os.environ.pop('QT_QPA_PLATFORM', None)", "offscreen"),
        ("sys.modules['PySide6.QtGui'] = None", "nothing can be drawn here, Qt cannot be loaded: "),
        ("from PySide6.QtCore import QCoreApplication; app = QCoreApplication()", "Qt was started without its fonts"),
        (
            "from PySide6 import QtCore\nQtCore.QLibraryInfo.path = staticmethod(lambda _: '/nowhere')",
            "nothing can be drawn here, Qt cannot be started: ",
        ),
    ],
)
def test_without_a_window(before: str, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE.format(before=before)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert words in done.stdout and done.stdout.count("\n") == 1
