"""Dots of many files in pixels: where, in whose colour, which one is on top."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from inspector.checks.finding import Status
from inspector.gui import theme
from inspector.gui.panes.folder_dots import PALE, Dots, dot_size, layers_of
from inspector.gui.panes.folder_scene import Stage
from tests.gui.folder_support import brushed, folder

RANKS = {status: status.rank for status in Status}


def dots(across: list[float], up: list[float], sharpness: float = 1.0) -> Dots:
    return Dots(np.array(across), np.array(up), round(100 * sharpness), round(50 * sharpness), sharpness)


def colour_at(held: Dots, x: int, y: int, status: list[int], listed: list[bool] | None = None) -> QColor:
    """Colour in the middle of a dot at pixels of the plot, premultiplied colours taken back."""
    shown = np.ones(len(status), np.bool_) if listed is None else np.array(listed)
    layers = layers_of(np.array(status, np.int8), shown)
    margin = round(held.margin * held.sharpness)
    return held.picture(layers, theme.light_palette()).pixelColor(x + margin, y + margin)


def test_layers_go_from_pale_to_listed_and_from_pass_to_error() -> None:
    status = np.array([3, 0, 2, 1, -1, 3], np.int8)
    listed = np.array([True, True, False, True, True, False])
    found = [(layer.status, layer.pale, layer.rows.tolist()) for layer in layers_of(status, listed)]
    assert found == [
        (Status.PASS, True, [5]),
        (Status.WARN, True, [2]),
        (Status.PASS, False, [0]),
        (Status.FAIL, False, [3]),
        (Status.ERROR, False, [1]),
    ]
    assert not any(layer.pale for layer in layers_of(status, np.ones(6, np.bool_)))


@pytest.mark.parametrize("sharpness", [1.0, 2.0])
@pytest.mark.parametrize("status", Status)
def test_a_dot_has_its_verdicts_colour_where_its_figure_is(
    qapp: QApplication, status: Status, sharpness: float
) -> None:
    held = dots([0.25], [0.887], sharpness)
    assert held.place(0) == (int(25 * sharpness), int(5.65 * sharpness))
    found = colour_at(held, *held.place(0), [status.rank])
    assert found == theme.status_colour(status, theme.light_palette())
    assert colour_at(held, round(60 * sharpness), round(25 * sharpness), [status.rank]).alpha() == 0


def test_the_worst_verdict_is_on_top_and_listed_files_are_above_all(qapp: QApplication) -> None:
    held = dots([0.5, 0.5], [0.5, 0.5])
    place = held.place(0)
    passed, failed = RANKS[Status.PASS], RANKS[Status.FAIL]
    red = theme.status_colour(Status.FAIL, theme.light_palette())
    assert colour_at(held, *place, [failed, passed]) == red
    assert colour_at(held, *place, [failed, passed], [False, True]).green() > red.green()


def test_files_that_are_not_listed_are_pale(qapp: QApplication) -> None:
    held = dots([0.2, 0.8], [0.5, 0.5])
    found = colour_at(held, *held.place(0), [3, 3], [False, True])
    assert found.alphaF() == pytest.approx(PALE, abs=0.01)


def test_files_without_a_figure_have_no_dot(qapp: QApplication) -> None:
    held = dots([0.2, 0.8], [np.nan, 0.5])
    assert held.known.tolist() == [False, True]
    assert held.within(0, 0, 100, 50).tolist() == [1]
    assert held.nearest(20, 25, 100.0, np.ones(2, np.bool_)) == 1
    picture = held.picture(layers_of(np.array([0, -1], np.int8), np.ones(2, np.bool_)), theme.light_palette())
    assert all(picture.pixelColor(x, y).alpha() == 0 for x in range(picture.width()) for y in range(picture.height()))


def test_dots_at_the_edges_are_drawn_whole(qapp: QApplication) -> None:
    held = dots([0.0, 1.0], [0.0, 1.0])
    assert [held.place(0), held.place(1)] == [(0, 49), (99, 0)]
    for row in (0, 1):
        assert colour_at(held, *held.place(row), [3, 3]).alpha() == 255
    one = dots([0.0], [1.0])
    assert colour_at(one, -2, 0, [3]).alpha() > 0


def test_nearest_prefers_listed_files_within_reach() -> None:
    held = dots([0.50, 0.54], [0.5, 0.5])
    everything, second = np.ones(2, np.bool_), np.array([False, True])
    assert held.nearest(50, 25, 7.0, everything) == 0
    assert held.nearest(51, 25, 7.0, second) == 1
    assert held.nearest(80, 25, 7.0, everything) is None
    assert held.within(52, 0, 60, 50).tolist() == [1]


def test_dots_shrink_with_their_number() -> None:
    sizes = [dot_size(count) for count in (10, 1_000, 10_000, 1_000_000)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4


# --- scenes ------------------------------------------------------------------------------------------------------


def test_a_filter_moves_no_dot_and_sorting_does() -> None:
    stage, count = Stage(), folder().rows
    backward = np.arange(count)[::-1]
    first = stage.scene(folder(order=backward), False)
    assert first.places.tolist() == backward.tolist()
    filtered = stage.scene(brushed([3, 5]), False)
    assert (filtered.places is first.places, filtered.arranged) == (True, first.arranged)
    assert filtered.layers is not first.layers
    resorted = stage.scene(folder(), False)
    assert resorted.places.tolist() == list(range(count))
    assert resorted.arranged != first.arranged


def test_looks_are_kept_where_no_verdict_and_no_filter_changed() -> None:
    stage = Stage()
    first = stage.scene(folder(), False)
    assert stage.scene(folder(selected=3), False).layers is first.layers
    assert stage.scene(folder(status=np.zeros(20, np.int8)), False).layers is not first.layers


def test_a_filter_from_the_start_leaves_files_as_they_came() -> None:
    assert Stage().scene(brushed([7, 2]), False).places.tolist() == list(range(20))
