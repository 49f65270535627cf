"""The Video pane shows what a view says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from inspector.gui.panes.video import VideoPane
from inspector.gui.panes.video_strip_art import KINDS
from inspector.gui.tasks import Tasks
from inspector.gui.view import Display, ViewState
from tests.gui.video_support import (
    BLUE,
    FRAMES,
    SAMPLES,
    SIDE,
    WHITE,
    arrays_of,
    cell,
    colour,
    dot,
    make,
    place,
    show,
    view_in,
)
from tests.support import hands
from tests.support.videos import DOT, dataset_arrays, dataset_inspection, dataset_view, save_dataset
from tests.support.views import inspection_of


@pytest.fixture
def pane(qtbot: QtBot, tasks: Tasks) -> VideoPane:
    return make(qtbot, tasks)


@pytest.fixture
def view(pane: VideoPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> ViewState:
    return show(pane, qtbot, tasks, view_in(tmp_path))


# --- what is shown ---------------------------------------------------------------------------------------------


def test_shows_the_frame_of_the_sample(pane: VideoPane, view: ViewState, qtbot: QtBot, tasks: Tasks) -> None:
    arrays = arrays_of()
    for sample, frame in ((0, 0), (0, 7), (3, 2)):
        show(pane, qtbot, tasks, replace(view, sample=sample, frame=frame))
        assert colour(pane, *dot(arrays, sample, frame)) == BLUE
        assert colour(pane, SIDE - 1, SIDE - 1) == WHITE
        assert pane.strip.frame == frame
    assert pane.words == ""


def test_pixels_are_squares_of_a_whole_number_of_screen_pixels(pane: VideoPane, view: ViewState) -> None:
    transform = pane.canvas.transform
    assert transform.m11() == transform.m22() == round(transform.m11()) > 4
    corner = transform.map(QPointF(0, 0))
    assert (corner.x(), corner.y()) == (round(corner.x()), round(corner.y()))


def test_all_frames_are_in_the_strip_and_the_current_one_is_outlined(
    pane: VideoPane, view: ViewState, qtbot: QtBot, tasks: Tasks
) -> None:
    assert len(pane.strip.strip.images) == FRAMES
    accent = pane.palette().color(QPalette.ColorRole.Highlight)

    def outlined() -> list[int]:
        image, found = pane.strip.viewport().grab().toImage(), []
        for frame in range(FRAMES):
            rect = pane.strip.place_of(frame)
            assert rect is not None
            if image.pixelColor((rect.topLeft() + QPointF(8, -2)).toPoint()) == accent:
                found.append(frame)
        return found

    assert outlined() == [0]
    show(pane, qtbot, tasks, replace(view, frame=5))
    assert outlined() == [5]


def test_frames_are_marked(pane: VideoPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    arrays = arrays_of()
    arrays["videos"][1, 3] = 1
    arrays["videos"][1, 5, :, 0, :3] = 0
    view = show(pane, qtbot, tasks, view_in(tmp_path, arrays, sample=1))
    assert pane.strip.strip.describe(3) == "frame 3: blank"
    assert pane.strip.strip.describe(5) == "frame 5: object at the border"
    assert pane.strip.strip.describe(0) == "frame 0"
    image, found = pane.strip.viewport().grab().toImage(), []
    for frame in range(FRAMES):
        rect = pane.strip.place_of(frame)
        assert rect is not None
        below = [image.pixelColor(QPoint(cell(pane, frame).x(), round(rect.bottom()) + by)).name() for by in (5, 9)]
        found.append([name.upper() == kind.colours[0] for name, kind in zip(below, (KINDS[0], KINDS[2]), strict=True)])
    assert [bars for bars in found if any(bars)] == [found[3], found[5]] == [[False, True], [True, False]]
    show(pane, qtbot, tasks, replace(view, sample=2))
    assert pane.strip.strip.describe(1) == "frame 1: same as the frame before"


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (ViewState(), "Select a file"),
        (ViewState(path="a.npz", loading=True), "Loading…"),
        (ViewState(path="a.npz", inspection=inspection_of(None)), "This file has no videos"),
    ],
)
def test_words_in_place_of_a_picture(pane: VideoPane, view: ViewState, words: str) -> None:
    pane.show_view(view)
    assert pane.words == pane.canvas.scene.words == words
    assert not any(
        part.isEnabled() for part in (pane.navigator, pane.pictures.save, pane.pictures.copy, pane.fit, pane.path)
    )
    assert pane.facts.words == ""
    assert pane.canvas.pixel_at(QPointF(200, 200)) is None
    pane.grab()


@pytest.mark.parametrize("shape", [(0, 4, 3, 16, 16), (3, 0, 3, 16, 16)])
def test_empty_videos(pane: VideoPane, tmp_path: Path, shape: tuple[int, ...]) -> None:
    path = save_dataset(tmp_path / "empty.npz", {"videos": np.zeros(shape, dtype=np.float32)})
    known = dataset_inspection(path, arrays_of())
    assert known.dataset is not None
    layout = replace(known.dataset.layout, shape=shape)
    empty = replace(known, dataset=replace(known.dataset, layout=layout, labels=None, groups=()))
    pane.show_view(dataset_view(empty))
    assert pane.words == "Its videos are empty"
    pane.grab()


def test_says_that_it_loads_until_the_first_sample_is_there(
    pane: VideoPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    pane.show_view(view_in(tmp_path))
    assert pane.canvas.scene.words == "Loading…"
    qtbot.waitUntil(lambda: not pane.canvas.scene.image.isNull())


def test_shows_an_error_and_gets_over_it(pane: VideoPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    lost = view_in(tmp_path, name="lost.npz")
    (tmp_path / "lost.npz").unlink()
    show(pane, qtbot, tasks, lost)
    assert "lost.npz" in pane.canvas.scene.words
    assert len(pane.strip.strip.images) == 0
    assert not pane.pictures.save.isEnabled()
    show(pane, qtbot, tasks, view_in(tmp_path))
    assert pane.words == ""


def test_a_sample_on_its_way_dims_the_last_one(pane: VideoPane, view: ViewState) -> None:
    pane.feed.waiting = True
    pane.feed.slow.emit()
    dimmed = [pane.canvas.scene.dimmed, pane.strip.dimmed]
    picture = pane.canvas.grab().toImage()
    pane.feed.waiting = False
    pane.feed.changed.emit()
    assert [*dimmed, pane.canvas.scene.dimmed, pane.strip.dimmed] == [True, True, False, False]
    assert pane.canvas.grab().toImage() != picture


def test_another_file_takes_its_place(
    pane: VideoPane, view: ViewState, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    grey = {"videos": dataset_arrays(2, 3, 20)["videos"][:, :, 0]}
    show(pane, qtbot, tasks, view_in(tmp_path, grey, "grey.npz", axes="NTHW"))
    assert len(pane.strip.strip.images) == 3
    assert colour(pane, 10, 19) == WHITE
    assert pane.canvas.describe(10, 19).endswith("\n1")
    assert not pane.navigator.classes.isVisible()


def test_nan_is_magenta(pane: VideoPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    arrays = arrays_of()
    arrays["videos"][0, 0, 1, 12, 3] = np.nan
    show(pane, qtbot, tasks, view_in(tmp_path, arrays))
    assert colour(pane, 3, 12) == QColor("#FF00FF")
    assert pane.canvas.describe(3, 12) == "x 3   y 12\n1   nan   1"
    assert "1 value is NaN or infinite" in pane.facts.words


def test_long_videos_are_scrolled_and_every_frame_can_be_reached(
    pane: VideoPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    arrays = {"videos": np.full((1, 600, 1, 16, 16), 255, dtype=np.uint8)}
    view = show(pane, qtbot, tasks, view_in(tmp_path, arrays))
    assert pane.strip.height() <= pane.height() * 0.4
    assert pane.strip.strip.describe(599) == "frames 597 to 599: same as the frame before, blank"
    before = pane.strip.place_of(599)
    show(pane, qtbot, tasks, replace(view, frame=599))
    after = pane.strip.place_of(599)
    assert before is not None
    assert after is not None
    assert before.top() > pane.strip.height() > after.bottom()
    assert pane.strip.frame_at(after.center()) == 597


# --- looks -----------------------------------------------------------------------------------------------------


def test_toggles_ask_for_another_display(pane: VideoPane, view: ViewState, qtbot: QtBot) -> None:
    for field, button in pane.toggles.items():
        with qtbot.waitSignal(pane.display_changed) as asked:
            hands.click(button)
        assert asked.args == [replace(Display(), **{field: True})]
        pane.show_view(replace(view, display=Display(trails=True)))
        pane.show_view(view)


def test_showing_a_display_checks_the_toggles_and_asks_for_nothing(pane: VideoPane, view: ViewState) -> None:
    heard: list[object] = []
    pane.display_changed.connect(heard.append)
    pane.show_view(replace(view, display=Display(contrast=True)))
    assert {field: button.isChecked() for field, button in pane.toggles.items()} == {
        "difference": False,
        "contrast": True,
    }
    assert heard == []


def test_difference_shows_what_changed(pane: VideoPane, view: ViewState, qtbot: QtBot, tasks: Tasks) -> None:
    arrays = arrays_of()
    show(pane, qtbot, tasks, replace(view, frame=4, display=Display(difference=True)))
    gone, came = dot(arrays, 0, 3), dot(arrays, 0, 4)
    assert colour(pane, gone[0] - DOT, gone[1]).name() == "#0072b2"
    assert colour(pane, came[0] + DOT, came[1]).name() == "#d55e00"
    assert [entry.text for entry in pane.canvas.scene.legend] == ["became brighter", "became darker"]


def test_contrast_stretches_to_the_sample(pane: VideoPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    arrays = arrays_of()
    arrays["videos"] = 0.25 + arrays["videos"] / 2
    view = show(pane, qtbot, tasks, view_in(tmp_path, arrays))
    assert colour(pane, 15, 15).lightness() == 191
    show(pane, qtbot, tasks, replace(view, display=Display(contrast=True)))
    assert colour(pane, 15, 15) == WHITE
    assert [entry.text for entry in pane.canvas.scene.legend] == ["black is 0.25, white 0.75"]
    assert pane.canvas.describe(15, 15).endswith("0.75   0.75   0.75")


def test_the_path_is_drawn_when_asked_for(pane: VideoPane, view: ViewState) -> None:
    assert pane.canvas.scene.paths.measured is None
    plain = pane.canvas.grab().toImage()
    hands.click(pane.path)
    scene = pane.canvas.scene
    assert scene.paths.measured is not None
    assert scene.paths.projected is not None
    np.testing.assert_allclose(scene.paths.measured[2], dot(arrays_of(), 0, 2), atol=0.01)
    assert [entry.dashed for entry in scene.legend] == [False, True]
    assert pane.canvas.grab().toImage() != plain
    hands.click(pane.path)
    assert pane.canvas.grab().toImage() == plain


def test_the_path_follows_sample_and_zoom(pane: VideoPane, view: ViewState, qtbot: QtBot, tasks: Tasks) -> None:
    pane.path.setChecked(True)
    before, after = (dot(arrays_of(), sample, 7)[1] for sample in (0, 5))
    show(pane, qtbot, tasks, replace(view, frame=7))
    assert colour(pane, 6, before) != WHITE
    show(pane, qtbot, tasks, replace(view, sample=5, frame=7))
    assert [colour(pane, 6, row) == WHITE for row in (before, after)] == [True, False]
    hands.wheel(pane.canvas, place(pane, 6, after) + QPoint(3, 9), 240)
    assert colour(pane, 6, after) != WHITE


def test_a_path_that_leaves_the_frame_is_shown_whole_beside_it(
    pane: VideoPane, view: ViewState, qtbot: QtBot, tasks: Tasks
) -> None:
    assert view.inspection is not None
    assert view.dataset is not None
    frames = {**view.dataset.frames, "projected_x": np.full((SAMPLES, FRAMES), 80.0, dtype=np.float32)}
    dataset = replace(view.dataset, frames=frames)
    away = replace(view, inspection=replace(view.inspection, dataset=dataset))
    pane.path.setChecked(True)
    corner = QPoint(pane.canvas.width() - 14, 14)
    inside = pane.canvas.grab().toImage().pixelColor(corner)
    show(pane, qtbot, tasks, away)
    assert pane.canvas.grab().toImage().pixelColor(corner) != inside


def test_hovering_over_what_is_off_shows_the_path(pane: VideoPane, view: ViewState, qtbot: QtBot, tasks: Tasks) -> None:
    show(pane, qtbot, tasks, replace(view, sample=1))
    assert "off its trajectory by 12.3 %" in pane.facts.words
    pane.facts.linkHovered.emit("path:0")
    shown = [pane.canvas.scene.paths.projected is not None]
    pane.facts.linkHovered.emit("")
    assert [*shown, pane.canvas.scene.paths.projected is not None] == [True, False]
    pane.facts.linkActivated.emit("path:0")
    assert pane.path.isChecked()


def test_follows_the_palette(pane: VideoPane, view: ViewState) -> None:
    palette = QPalette(QColor("#1E2124"))
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#E6E9ED"))
    pane.setPalette(palette)
    assert pane.canvas.grab().toImage().pixelColor(2, 2).lightness() < 60
    assert pane.strip.viewport().grab().toImage().pixelColor(2, 2).lightness() < 60
