"""A sample's trajectory: what each view draws and names, what a click asks for, what turning does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPalette
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from inspector.checks.dataset import ClassFigures, DataSet
from inspector.errors import ReportError
from inspector.gui.panes.trajectory import TrajectoryPane
from inspector.gui.panes.trajectory_canvas import USUAL, TrajectoryCanvas
from inspector.gui.panes.trajectory_facts import MOST_OTHERS, missing_words, others_of
from inspector.gui.tasks import Tasks
from inspector.gui.view import ViewState
from inspector.profiles.layouts import Layout
from inspector.profiles.model import ArraySpec, Profile
from inspector.render.palette import class_colour
from tests.support import hands
from tests.support.videos import NAMES, dataset_arrays, dataset_inspection, dataset_of, dataset_view
from tests.support.views import view_of

Paths = npt.NDArray[np.float64]
SAMPLES, FRAMES = 6, 8


def paths(samples: int = SAMPLES, frames: int = FRAMES) -> Paths:
    """Straight, far apart: sample k goes right at y = k, and up."""
    t, k = np.arange(frames, dtype=np.float64), np.arange(samples, dtype=np.float64)
    x, y = np.broadcast_arrays(t[None], k[:, None])
    return np.stack([x, y, x / 2 + 3 * y], axis=-1)


def dataset(trajectory: Any = "paths", *, labels: Any = "two", frames: int = FRAMES) -> DataSet:
    held = dataset_of(dataset_arrays(2, 2, 16))
    shown = paths(SAMPLES, frames) if isinstance(trajectory, str) else trajectory
    samples = {"displacement": np.full(SAMPLES, 1.25), "path_length": np.full(SAMPLES, np.nan)}
    return replace(
        held,
        layout=Layout("NTCHW", (SAMPLES, frames, 3, 16, 16)),
        labels=np.arange(SAMPLES) % 2 if isinstance(labels, str) else labels,
        classes=tuple(ClassFigures(k, NAMES[k], 3, k) for k in (0, 1)) if isinstance(labels, str) else (),
        trajectory=shown,
        samples=samples,
    )


def view(shown: DataSet, *, profile: Profile | None = None, **changes: Any) -> ViewState:
    found = replace(dataset_inspection("a.npz", dataset_arrays(2, 2, 16)), dataset=shown)
    return dataset_view(replace(found, profile=profile or found.profile), **changes)


@pytest.fixture
def held() -> ViewState:
    return view(dataset(), sample=1, frame=2)


@pytest.fixture
def pane(qtbot: QtBot, held: ViewState) -> TrajectoryPane:
    pane = TrajectoryPane()
    qtbot.addWidget(pane)
    pane.resize(900, 420)
    pane.show_view(held)
    pane.show()
    return pane


def place(canvas: TrajectoryCanvas, frame: int) -> QPoint:
    assert canvas.scene is not None
    found = canvas.scene.drawn.device(canvas.area, canvas.side, style=canvas.style_now())
    return QPointF(*found[frame].tolist()).toPoint()


def test_shows_the_sample_in_its_classes_colour_from_three_sides(pane: TrajectoryPane) -> None:
    for canvas in pane.canvases.values():
        image = canvas.grab().toImage()
        assert image.pixelColor(place(canvas, 1)) == QColor(class_colour(1))
    assert pane.facts.text() == "Circular  ·  sample 1  ·  displacement 1.25  ·  path length unknown"
    assert pane.place.text() == "frame 2   x 2   y 1   z 4"
    assert not pane.notice.isVisible()


def test_another_frame_moves_the_cursor_only(pane: TrajectoryPane, held: ViewState) -> None:
    scene, canvas = pane.scene, pane.canvases["xy"]
    before = canvas.grab().toImage()
    pane.show_view(replace(held, frame=5))
    after = canvas.grab().toImage()
    assert pane.scene is scene
    assert after != before
    assert after.pixelColor(place(canvas, 5)) != before.pixelColor(place(canvas, 5))
    assert pane.place.text().startswith("frame 5")


def test_another_sample_is_another_scene(pane: TrajectoryPane, held: ViewState) -> None:
    scene = pane.scene
    pane.show_view(replace(held, sample=2))
    assert pane.scene is not scene
    assert pane.scene is not None
    assert pane.scene.path.tolist() == paths()[2].tolist()
    assert pane.facts.text().startswith("Linear")


def test_others_of_the_class_can_be_left_out(pane: TrajectoryPane) -> None:
    assert pane.scene is not None
    assert pane.scene.numbers.tolist() == [3, 5]
    with_others = pane.canvases["xy"].grab().toImage()
    hands.click(pane.others)
    assert pane.scene.numbers.tolist() == []
    assert pane.canvases["xy"].grab().toImage() != with_others


def test_of_many_others_an_even_choice_is_drawn_and_said(pane: TrajectoryPane) -> None:
    many = replace(dataset(paths(4 * MOST_OTHERS)), labels=None)
    numbers, count = others_of(many, 7)
    assert count == 4 * MOST_OTHERS - 1
    assert numbers.size == MOST_OTHERS
    assert 7 not in numbers
    pane.show_view(view(many, sample=7))
    assert f"{MOST_OTHERS} of {count} others are drawn" in pane.facts.text()


def test_clicking_the_path_seeks_and_another_path_asks_for_its_sample(pane: TrajectoryPane, qtbot: QtBot) -> None:
    frames: list[int] = []
    samples: list[int] = []
    pane.seek_requested.connect(frames.append)
    pane.sample_requested.connect(samples.append)
    for canvas in (pane.canvases["xy"], pane.canvases["xz"]):
        hands.click(canvas, place(canvas, 6))
    assert frames == [6, 6]
    xy = pane.canvases["xy"]
    up = place(xy, 4)
    for y in range(up.y(), 0, -1):
        if xy.sample_at(QPointF(up.x(), y)) is not None:
            hands.click(xy, QPoint(up.x(), y))
            break
    assert samples == [3]
    hands.click(xy, QPoint(3, 30))
    assert (frames, samples) == ([6, 6], [3])


def test_frames_beyond_the_videos_are_not_asked_for(pane: TrajectoryPane, qtbot: QtBot) -> None:
    pane.show_view(view(replace(dataset(), layout=Layout("NTCHW", (SAMPLES, 4, 3, 16, 16))), sample=1))
    with qtbot.waitSignal(pane.seek_requested) as asked:
        hands.click(pane.canvases["xy"], place(pane.canvases["xy"], 7))
    assert asked.args == [3]


def test_a_frame_after_the_trajectorys_end_has_no_place(pane: TrajectoryPane) -> None:
    pane.show_view(view(dataset(paths(SAMPLES, 3)), sample=1, frame=6))
    assert "beyond" in pane.place.text()
    pane.grab()


def test_hover_names_frame_and_coordinates(pane: TrajectoryPane) -> None:
    for canvas in pane.canvases.values():
        before = canvas.grab().toImage()
        hands.move(canvas, place(canvas, 6))
        assert canvas.frame_at(QPointF(place(canvas, 6))) == 6
        assert canvas.grab().toImage() != before


def test_dragging_turns_the_view_in_space(pane: TrajectoryPane) -> None:
    canvas = pane.canvases["3d"]
    before = canvas.grab().toImage()
    hands.drag(canvas, QPoint(100, 200), QPoint(140, 220))
    assert canvas.angles == (USUAL[0] - 20, USUAL[1] + 10)
    assert canvas.grab().toImage() != before
    hands.double_click(canvas, QPoint(100, 200))
    assert canvas.angles == USUAL
    hands.drag(canvas, QPoint(100, 200), QPoint(100, 900))
    assert canvas.angles[1] == 90


def test_angles_are_kept_from_sample_to_sample(pane: TrajectoryPane, held: ViewState) -> None:
    canvas = pane.canvases["3d"]
    canvas.turn(190.0, 10.0)
    assert canvas.angles == (-170.0, 10.0)
    pane.show_view(replace(held, sample=3))
    assert canvas.angles == (-170.0, 10.0)


def test_keys_and_buttons_turn_too(pane: TrajectoryPane) -> None:
    canvas = pane.canvases["3d"]
    hands.key(canvas, Qt.Key.Key_Up)
    hands.key(canvas, Qt.Key.Key_PageDown)
    assert canvas.angles == (USUAL[0] + 15, USUAL[1] + 15)
    hands.key(canvas, Qt.Key.Key_0)
    assert canvas.angles == USUAL
    found = []
    for button in pane.angles.values():
        hands.click(button)
        found.append(canvas.angles)
    assert found == [(-90, 0), (0, 0), (-90, 90), USUAL]
    assert pane.canvases["xy"].angles == USUAL


def test_two_dimensions_say_that_there_is_no_z(pane: TrajectoryPane) -> None:
    pane.show_view(view(dataset(paths()[..., :2]), sample=1, frame=2))
    assert pane.facts.text().endswith("2-D only")
    assert pane.place.text() == "frame 2   x 2   y 1"
    assert [canvas.flat for canvas in pane.canvases.values()] == [False, True, True]
    assert not any(button.isEnabled() for button in pane.angles.values())
    for canvas in pane.canvases.values():
        canvas.grab()
        hands.click(canvas, QPoint(50, 60))
        hands.move(canvas, QPoint(60, 60))
    assert pane.canvases["xz"].frame_at(QPointF(50, 60)) is None


def test_a_hole_breaks_the_line_and_is_not_under_the_pointer(pane: TrajectoryPane) -> None:
    trajectory = paths()
    whole = place(pane.canvases["xy"], 4)
    trajectory[1, 4] = np.nan
    trajectory[3, 0] = np.inf
    pane.show_view(view(dataset(trajectory), sample=1, frame=4))
    canvas = pane.canvases["xy"]
    assert canvas.grab().toImage().pixelColor(whole) != QColor(class_colour(1))
    assert canvas.frame_at(QPointF(whole)) is None
    assert pane.place.text() == "frame 4   x nan   y nan   z nan"
    pane.show_view(view(dataset(np.full_like(trajectory, np.nan)), sample=1))
    pane.grab()


@pytest.mark.parametrize("frames", [1, 2])
def test_few_frames(pane: TrajectoryPane, frames: int) -> None:
    pane.show_view(view(dataset(frames=frames), sample=1))
    pane.grab()
    assert pane.canvases["xy"].frame_at(QPointF(place(pane.canvases["xy"], 0))) == 0


def test_without_labels_all_others_lie_behind(pane: TrajectoryPane) -> None:
    pane.show_view(view(dataset(labels=None), sample=2))
    assert pane.scene is not None
    assert pane.scene.numbers.tolist() == [0, 1, 3, 4, 5]
    assert pane.facts.text().startswith("Sample 2")


def test_no_trajectory_says_how_it_could_be_named(pane: TrajectoryPane) -> None:
    spec = ArraySpec(role="trajectory", names=("trajectories", "paths"))
    profile = Profile("p", "P", kind="videos", arrays={"trajectory_3d": spec})
    pane.show_view(view(dataset(None), profile=profile))
    assert pane.notice.isVisible()
    assert "This file has no trajectory" in pane.notice.words
    assert "trajectory_3d or trajectories or paths" in pane.notice.words
    assert f"({SAMPLES}, {FRAMES}, 3)" in pane.notice.words
    assert pane.scene is None
    pane.show_view(view(dataset(), sample=1))
    assert not pane.notice.isVisible()


def test_a_profile_without_a_name_for_it_gives_none() -> None:
    inspection = view(dataset(None)).inspection
    assert inspection is not None
    assert "called" not in missing_words(inspection)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (ViewState(), "Select a file"),
        (ViewState(path="a.npz", loading=True), "Reading…"),
        (view_of(), "This file has no trajectory"),
        (view(replace(dataset(paths(0)), layout=Layout("NTCHW", (0, 4, 3, 16, 16)))), "This file has no trajectory"),
        (view(dataset(paths(SAMPLES, 0))), "This file has no trajectory"),
    ],
)
def test_words_in_place_of_views(pane: TrajectoryPane, what: ViewState, words: str) -> None:
    pane.show_view(what)
    assert words in pane.notice.words
    assert pane.scene is None
    pane.grab()


def test_views_lie_where_they_are_largest(pane: TrajectoryPane, qtbot: QtBot) -> None:
    def corners() -> list[tuple[bool, bool]]:
        first = pane.canvases["xy"]
        return [(c.x() > first.x(), c.y() > first.y()) for c in pane.canvases.values()]

    arrangements = (
        ((1000, 400), [(False, False), (True, False), (True, False)]),
        ((600, 700), [(False, False), (True, False), (False, True)]),
        ((300, 900), [(False, False), (False, True), (False, True)]),
    )
    for size, wanted in arrangements:
        pane.resize(*size)
        qtbot.waitUntil(partial(_are, corners, wanted))


def _are(found: Callable[[], object], wanted: object) -> bool:
    return found() == wanted


def test_picture_is_copied_and_saved_without_the_callout(pane: TrajectoryPane, qtbot: QtBot, tmp_path: Path) -> None:
    plain = pane.image()
    canvas = pane.canvases["xy"]
    hands.move(canvas, place(canvas, 6))
    target = tmp_path / "path.png"
    with qtbot.waitSignal(pane.saved) as told:
        pane.pictures.save_image(str(target))
    assert told.args == [str(target)]
    saved = QImage(str(target))
    assert saved.size() == plain.size()
    assert plain.width() >= 2 * (pane.width() - 2)
    at = place(canvas, 1) * 2
    assert saved.pixelColor(at) == QColor(class_colour(1))
    assert saved == plain.convertToFormat(saved.format())
    pane.pictures.copy_image()
    assert QGuiApplication.clipboard().image().size() == plain.size()
    with pytest.raises(ReportError):
        pane.pictures.save_image(str(tmp_path / "nowhere" / "path.png"))


def test_saving_goes_through_tasks(qtbot: QtBot, tasks: Tasks, held: ViewState, tmp_path: Path) -> None:
    pane = TrajectoryPane(tasks=tasks)
    qtbot.addWidget(pane)
    pane.show_view(held)
    with qtbot.waitSignal(pane.saved):
        pane.pictures.save_image(str(tmp_path / "path.png"))
    assert (tmp_path / "path.png").stat().st_size > 100


def test_save_asks_for_a_path_named_after_the_sample(pane: TrajectoryPane, qtbot: QtBot, tmp_path: Path) -> None:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    hands.click(pane.pictures.save)
    dialog = pane.findChild(QFileDialog)
    assert dialog is not None
    assert Path(dialog.selectedFiles()[0]).name == "a_sample_00001_trajectory.png"
    with qtbot.waitSignal(pane.saved):
        dialog.fileSelected.emit(str(tmp_path / "chosen.png"))
    dialog.reject()


def test_follows_the_palette(pane: TrajectoryPane) -> None:
    palette = QPalette(QColor("#1E2124"))
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#E6E9ED"))
    pane.setPalette(palette)
    for canvas in pane.canvases.values():
        assert canvas.grab().toImage().pixelColor(2, canvas.height() - 3).lightness() < 60


def test_everything_a_person_uses_has_a_name(pane: TrajectoryPane) -> None:
    parts: list[QWidget] = [
        *pane.canvases.values(),
        pane.others,
        *pane.angles.values(),
        pane.pictures.copy,
        pane.pictures.save,
    ]
    parts += [pane.marks, pane.facts, pane.place]
    assert all(part.accessibleName() for part in parts)
    assert pane.canvases["3d"].focusPolicy() & Qt.FocusPolicy.TabFocus
