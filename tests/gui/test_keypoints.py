from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPalette
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from inspector.audit.inspection import Clip
from inspector.checks.finding import Finding, Severity
from inspector.errors import ReportError
from inspector.gui.messages import MessageBus
from inspector.gui.panes.keypoints import KeypointsPane
from inspector.gui.tasks import Tasks
from inspector.gui.view import Display, ViewState
from tests.support import hands
from tests.support.views import CORNERS, inspection_of, still_clip, view_of

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def pane(qtbot: QtBot) -> KeypointsPane:
    pane = KeypointsPane()
    qtbot.addWidget(pane)
    pane.resize(500, 500)
    pane.show_view(view_of())
    pane.show()
    return pane


def place(pane: KeypointsPane, point: int) -> QPoint:
    x, y = CORNERS[point].tolist()
    return pane.canvas.transform.map(QPointF(x, y)).toPoint()


def test_shows_the_clip(pane: KeypointsPane) -> None:
    image = pane.canvas.grab().toImage()
    assert image.pixelColor(place(pane, 0)) == QColor("#D55E00")
    assert image.pixelColor(place(pane, 1)) == QColor("#0072B2")
    assert pane.words == ""


def test_toggles_ask_for_another_display(pane: KeypointsPane, qtbot: QtBot) -> None:
    for field, button in pane.toggles.items():
        before = Display()
        with qtbot.waitSignal(pane.display_changed) as asked:
            hands.click(button)
        assert asked.args == [replace(before, **{field: not getattr(before, field)})]
        pane.show_view(view_of(display=before))


def test_showing_a_display_checks_the_toggles_and_asks_for_nothing(pane: KeypointsPane) -> None:
    heard: list[object] = []
    pane.display_changed.connect(heard.append)
    pane.show_view(view_of(display=Display(bones=False, trails=True)))
    assert {field: button.isChecked() for field, button in pane.toggles.items()} == {
        "bones": False,
        "hidden_points": True,
        "trails": True,
        "ids": False,
    }
    assert heard == []


def test_display_reaches_the_picture(pane: KeypointsPane) -> None:
    between = (place(pane, 0) + place(pane, 3)) / 2
    assert pane.canvas.grab().toImage().pixelColor(between) == QColor("#D55E00")
    pane.show_view(view_of(display=Display(bones=False)))
    assert pane.canvas.grab().toImage().pixelColor(between) != QColor("#D55E00")


def test_legend_counts_and_says_what_is_missing(pane: KeypointsPane) -> None:
    clip = still_clip()
    clip.visible[1, [0, 1]] = False
    clip.points[1, 1] = 0
    view = view_of(clip)
    pane.show_view(view)
    assert pane.legend.text == "Other points 1/1 · Left 2/2 · Right 2/2"
    pane.show_view(replace(view, frame=1))
    assert pane.legend.text == "Other points 1/1 · Left 1/2 · Right 1/2 · 1 point not detected"


def test_wheel_zooms_at_the_pointer_and_double_click_fits(pane: KeypointsPane, qtbot: QtBot) -> None:
    at = place(pane, 2)
    assert not pane.fit.isEnabled()
    hands.wheel(pane.canvas, at, 360)
    assert pane.canvas.camera.zoom > 1.5
    assert (place(pane, 2) - at).manhattanLength() <= 2
    assert pane.fit.isEnabled()
    hands.double_click(pane.canvas, at)
    assert pane.canvas.camera.fitted


def test_drag_pans(pane: KeypointsPane, qtbot: QtBot) -> None:
    before = place(pane, 4)
    hands.drag(pane.canvas, QPoint(100, 100), QPoint(130, 80))
    assert (place(pane, 4) - before - QPoint(30, -20)).manhattanLength() <= 1
    hands.click(pane.fit)
    assert place(pane, 4) == before


def test_keys_zoom_and_fit(pane: KeypointsPane, qtbot: QtBot) -> None:
    hands.key(pane.canvas, Qt.Key.Key_Plus)
    assert pane.canvas.camera.zoom > 1
    hands.key(pane.canvas, Qt.Key.Key_0)
    assert pane.canvas.camera.fitted


def test_shift_and_wheel_step_through_frames(pane: KeypointsPane, qtbot: QtBot) -> None:
    heard: list[int] = []
    pane.seek_requested.connect(heard.append)
    pane.show_view(view_of(frame=9))
    hands.wheel(pane.canvas, QPoint(50, 50), 120, SHIFT)
    hands.wheel(pane.canvas, QPoint(50, 50), -120, SHIFT)
    assert heard == [8, 9]  # the last frame has none after it
    assert pane.canvas.camera.fitted


def test_zoom_stays_from_clip_to_clip_of_one_scale_only(pane: KeypointsPane) -> None:
    hands.wheel(pane.canvas, QPoint(50, 50), 120)
    pane.show_view(view_of())
    assert not pane.canvas.camera.fitted
    clip = still_clip()
    pane.show_view(view_of(Clip(clip.points * 1000, clip.visible, clip.seconds)))
    assert pane.canvas.camera.fitted


def test_names_the_point_under_the_pointer(pane: KeypointsPane, qtbot: QtBot) -> None:
    assert pane.canvas.point_at(QPointF(place(pane, 2) + QPoint(3, 3))) == 2
    assert pane.canvas.point_at(QPointF(place(pane, 2) + QPoint(30, 30))) is None
    assert pane.canvas.describe(2) == "bottom right  2\nx 0.8   y 0.8   visible"
    without = pane.canvas.grab().toImage()
    hands.move(pane.canvas, place(pane, 2))
    assert pane.canvas.grab().toImage() != without


def test_hidden_points_are_named_only_when_drawn(pane: KeypointsPane) -> None:
    clip = still_clip()
    clip.visible[:, 2] = False
    pane.show_view(view_of(clip))
    at = QPointF(place(pane, 2))
    assert pane.canvas.point_at(at) == 2
    assert pane.canvas.describe(2).endswith("hidden")
    pane.show_view(view_of(clip, display=Display(hidden_points=False)))
    assert pane.canvas.point_at(at) is None


def test_current_finding_rings_its_points_faintly_outside_its_frames(pane: KeypointsPane) -> None:
    finding = Finding("SPEED_SPIKE", Severity.HIGH, "", frames=((1, 2), (5, 5)), points=((1, 2),))
    view = view_of(findings=(finding,))
    colours = []
    for frame in (0, 1, 2, 3, 5):
        pane.show_view(replace(view, frame=frame, finding=0))
        colours.append(pane.canvas.scene.ring_colour)
        assert pane.canvas.scene.rings == (1, 2)
    strong, faint = colours[1], colours[0]
    assert strong != faint
    assert colours == [faint, strong, strong, faint, strong]
    pane.show_view(view)
    assert pane.canvas.scene.rings == ()


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (ViewState(), "Select a clip"),
        (ViewState(path="a.npz", loading=True), "Loading…"),
        (view_of(inspection=inspection_of(None)), "This file has no keypoints"),
        (view_of(inspection=inspection_of(None, error="not a zip")), "not a zip"),
        (view_of(still_clip(0)), "This file has no keypoints"),
    ],
)
def test_words_in_place_of_a_picture(pane: KeypointsPane, view: ViewState, words: str) -> None:
    pane.show_view(view)
    assert words in pane.words
    assert not pane.pictures.save.isEnabled()
    assert pane.legend.text == ""
    assert pane.canvas.point_at(QPointF(200, 200)) is None
    pane.grab()


def test_clip_without_skeleton_or_with_holes(pane: KeypointsPane) -> None:
    clip = still_clip()
    clip.points[0, :3] = np.nan
    pane.show_view(view_of(inspection=inspection_of(clip, skeleton=None)))
    pane.grab()
    assert pane.legend.text == "Points 5/5 · 3 points not detected"


def test_follows_the_palette(pane: KeypointsPane) -> None:
    palette = QPalette(QColor("#1E2124"))
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#E6E9ED"))
    pane.setPalette(palette)
    assert pane.canvas.grab().toImage().pixelColor(2, 2).lightness() < 60


def test_picture_is_copied_and_saved_without_the_callout(pane: KeypointsPane, qtbot: QtBot, tmp_path: Path) -> None:
    hands.move(pane.canvas, place(pane, 2))
    target = tmp_path / "frame.png"
    with qtbot.waitSignal(pane.saved) as told:
        pane.pictures.save_image(str(target))
    assert told.args == [str(target)]
    saved = QImage(str(target))
    assert saved.size() == pane.canvas.size() * 2
    pane.pictures.copy_image()
    copied = QGuiApplication.clipboard().image()
    assert copied.size() == saved.size()
    assert copied.pixelColor(10, 10) == saved.pixelColor(10, 10)
    with pytest.raises(ReportError):
        pane.pictures.save_image(str(tmp_path / "nowhere" / "frame.png"))


def test_saving_goes_through_tasks_and_failures_to_the_bus(qtbot: QtBot, tmp_path: Path) -> None:
    bus = MessageBus()
    tasks = Tasks(bus)
    pane = KeypointsPane(tasks=tasks)
    qtbot.addWidget(pane)
    pane.show_view(view_of())
    with qtbot.waitSignal(pane.saved):
        pane.pictures.save_image(str(tmp_path / "frame.png"))
    assert (tmp_path / "frame.png").stat().st_size > 100
    with qtbot.waitSignal(bus.posted) as told:
        pane.pictures.save_image(str(tmp_path / "nowhere" / "frame.png"))
    assert "nowhere" in str(told.args)
    assert tasks.close()


def test_save_asks_for_a_path_named_after_clip_and_frame(pane: KeypointsPane, qtbot: QtBot, tmp_path: Path) -> None:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    pane.show_view(view_of(frame=3))
    pane.pictures.save.click()
    dialog = pane.findChild(QFileDialog)
    assert dialog is not None
    assert Path(dialog.selectedFiles()[0]).name == "square_frame_00003.png"
    target = tmp_path / "chosen.png"
    with qtbot.waitSignal(pane.saved):
        dialog.fileSelected.emit(str(target))
    assert target.exists()
    dialog.reject()


def test_everything_a_person_uses_has_a_name(pane: KeypointsPane) -> None:
    parts = [*pane.toggles.values(), pane.fit, pane.pictures.copy, pane.pictures.save, pane.canvas]
    assert all(part.accessibleName() for part in parts)
