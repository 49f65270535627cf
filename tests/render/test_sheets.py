from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from inspector.render.pixels import as_array, to_image
from inspector.render.sheets import WIDTH, SheetRow, TrajectoryRow, dataset_sheet, trajectories_sheet
from inspector.render.style import DARK, LIGHT


@pytest.fixture(autouse=True)
def _fonts(qtbot: QtBot) -> Iterator[None]:
    """Text on a QImage needs an application."""
    yield


RED = (255, 0, 0)
PAINT = (1, 0, 0)


def video(frames: int, height: int = 16, width: int = 16, channels: int = 3) -> np.ndarray:
    """A square walks from left to right on white: red, or black where it is grey."""
    found = np.ones((frames, height, width, channels), np.float32)
    for t in range(frames):
        x = (width - 4) * t // max(1, frames - 1)
        found[t, 4:8, x : x + 4] = PAINT if channels == 3 else 0
    return found


def path(frames: int = 16) -> np.ndarray:
    turn = np.linspace(0, 6, frames)
    return np.stack([np.cos(turn), np.sin(turn), turn], axis=1)


def pixels(image: QImage) -> np.ndarray:
    found: np.ndarray = as_array([image])[0]
    return found


def count(image: QImage, colour: tuple[int, int, int]) -> int:
    return int((pixels(image) == colour).all(axis=2).sum())


def test_every_frame_is_on_the_sheet_and_all_of_them_on_one_at_the_right() -> None:
    frames = np.ones((16, 64, 64, 3), np.float32)
    for t in range(16):
        frames[t, 10, 4 * t] = (1, 0, 0)
    image = dataset_sheet([SheetRow("Class 0", "moves", frames)])
    red = (pixels(image) == RED).all(axis=2).any(axis=0)
    assert image.width() == WIDTH
    assert red[WIDTH * 9 // 10 :].sum() >= 16
    assert red[: WIDTH * 9 // 10].any()


def test_marked_frames_are_marked() -> None:
    def sheet(flagged: tuple[int, ...]) -> int:
        image = dataset_sheet([SheetRow("Class 0", "", video(16), flagged=flagged)])
        mark = QColor(LIGHT.warning)
        return count(image, (mark.red(), mark.green(), mark.blue()))

    assert sheet(()) == 0
    assert 0 < sheet((1,)) < sheet((1, 5))


def test_pictures_do_as_well_as_arrays() -> None:
    frames = video(8)
    row, other = SheetRow("a", "b", frames), SheetRow("a", "b", [to_image(frame) for frame in frames])
    assert dataset_sheet([row]) == dataset_sheet([other])
    assert dataset_sheet([SheetRow("a", "b", (frames * 255).astype(np.uint8), scale=255)]) == dataset_sheet([row])


def test_one_block_a_class() -> None:
    heights = [dataset_sheet([SheetRow("c", "", video(16))] * n).height() for n in (1, 2, 3)]
    assert heights[2] - heights[1] == pytest.approx(heights[1] - heights[0], abs=1)
    assert heights[1] > heights[0] + 100


def test_rows_wrap_at_sixteen() -> None:
    def height(frames: int) -> int:
        return dataset_sheet([SheetRow("c", "", video(frames))]).height()

    assert height(33) - height(32) > 60
    assert height(64) - height(49) == 0


@pytest.mark.parametrize("frames", [0, 1, 3, 200])
@pytest.mark.parametrize("size", [(8, 8), (64, 200), (512, 8), (512, 512)])
@pytest.mark.parametrize("channels", [1, 3])
def test_any_number_and_size_of_frames(frames: int, size: tuple[int, int], channels: int) -> None:
    if frames == 200 and size == (512, 512):
        size = (96, 96)
    image = dataset_sheet([SheetRow("c", "x", video(frames, *size, channels), flagged=range(frames))])
    assert image.width() == WIDTH
    assert image.height() > 80
    assert (pixels(image) != 255).any()


def test_nothing_to_show_is_said() -> None:
    for image in (dataset_sheet([]), trajectories_sheet([])):
        assert image.width() == WIDTH
        assert (pixels(image) != 255).any()


@pytest.mark.parametrize("text", ["", "word " * 400, "x" * 3000, "a\nb\tc", "é\u202e\u0000\ud800<script>"])
def test_text_of_any_length_stays_within_the_margins(text: str) -> None:
    for image in (
        dataset_sheet([SheetRow(text, text, video(4))], heading=text),
        trajectories_sheet([TrajectoryRow(text, text, path(), (), "#0072B2")], heading=text),
    ):
        seen = pixels(image)
        assert (seen[:, :16] == 255).all()
        assert (seen[:, -16:] == 255).all()
        assert (seen[:16] == 255).all()
        assert (seen[-16:] == 255).all()


def test_more_than_a_picture_holds_is_named_not_lost() -> None:
    rows = [SheetRow(f"Class {n}", "", video(200, 8, 8)) for n in range(60)]
    image = dataset_sheet(rows)
    assert not image.isNull()
    assert image.height() < 32767
    assert (pixels(image)[-80:] != 255).any()


def test_the_path_of_each_class_in_its_colour_from_three_sides() -> None:
    image = trajectories_sheet([TrajectoryRow("Class 0", "", path(), np.stack([path() + 0.2] * 3), "#009E73")])
    green = (pixels(image) == (0x00, 0x9E, 0x73)).all(axis=2).any(axis=0)
    for third in range(3):
        assert green[third * WIDTH // 3 : (third + 1) * WIDTH // 3].sum() > 40


@pytest.mark.parametrize("frames", [0, 1, 2])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_short_and_flat_paths(frames: int, dimensions: int) -> None:
    some = path(frames)[:, :dimensions]
    image = trajectories_sheet([TrajectoryRow("c", "x", some, some[None], "#0072B2")] * 2, DARK)
    assert image.pixelColor(0, 0) == QColor(DARK.background)
    assert image.height() > 700
