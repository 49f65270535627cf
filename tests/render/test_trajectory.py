from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from inspector.render.axes import nice_ticks, tick_labels
from inspector.render.palette import CLASS_COLOURS, class_colour
from inspector.render.style import DARK, LIGHT, Style
from inspector.render.trajectory import TrajectoryPainter, View

RECT = QRectF(10, 20, 300, 260)
VIEWS: tuple[View, ...] = ("xy", "xz", "3d")
GREEN = "#009E73"


@pytest.fixture(autouse=True)
def _fonts(qtbot: QtBot) -> Iterator[None]:
    """Text on a QImage needs an application."""
    yield


def drawn(path: TrajectoryPainter, view: View, style: Style = LIGHT, **options: object) -> QImage:
    image = QImage(330, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("#123456"))
    painter = QPainter(image)
    path.paint(painter, RECT, view, style=style, **options)  # type: ignore[arg-type]
    painter.end()
    return image


def colour(image: QImage, place: np.ndarray) -> str:
    return image.pixelColor(*np.floor(place).astype(int).tolist()).name().upper()


def line(frames: int = 5) -> np.ndarray:
    """From (0, 0, 0) along all three axes by different steps."""
    return np.outer(np.arange(frames), [1.0, 0.5, -0.25])


@pytest.mark.parametrize("view", ["xy", "xz"])
def test_places_are_in_equal_units_and_y_is_up(view: View) -> None:
    path = line()
    places = TrajectoryPainter(path).device(RECT, view, style=LIGHT)
    right, up = path[:, 0], path[:, 1 if view == "xy" else 2]
    scale = (places[4, 0] - places[0, 0]) / (right[4] - right[0])
    assert scale > 20
    assert places[:, 0] - places[0, 0] == pytest.approx(scale * (right - right[0]))
    assert places[:, 1] - places[0, 1] == pytest.approx(-scale * (up - up[0]))


@pytest.mark.parametrize(
    ("azimuth", "elevation", "right", "up"),
    [(-90, 0, 0, 2), (0, 0, 1, 2), (-90, 90, 0, 1)],  # from the front, from the right, from above
)
def test_3d_from_the_sides_is_a_plane(azimuth: float, elevation: float, right: int, up: int) -> None:
    path = line()
    places = TrajectoryPainter(path).device(RECT, "3d", azimuth=azimuth, elevation=elevation, style=LIGHT)
    moved = places[4] - places[0]
    assert moved[0] / -moved[1] == pytest.approx(path[4, right] / path[4, up])
    assert moved[0] > 0


@given(st.floats(-720, 720), st.floats(-90, 90))
def test_turning_keeps_the_box_on_the_picture(azimuth: float, elevation: float) -> None:
    cube = np.array([[x, y, z] for x in (0, 1) for y in (0, 2) for z in (0, 5)], dtype=float)
    places = TrajectoryPainter(cube).device(RECT, "3d", azimuth=azimuth, elevation=elevation, style=LIGHT)
    assert all(RECT.contains(*place) for place in places.tolist())
    middle = (places[0] + places[7]) / 2
    assert middle == pytest.approx([RECT.center().x(), RECT.center().y()])


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("style", [LIGHT, DARK])
def test_start_end_and_cursor_are_where_the_points_are(view: View, style: Style) -> None:
    path = TrajectoryPainter(line(), colour=GREEN)
    places = path.device(RECT, view, style=style)
    image = drawn(path, view, style, frame=2)
    assert colour(image, places[0]) != GREEN  # hollow, but for the way that begins there
    assert colour(image, places[0] + [0, 5]) == style.background
    assert colour(image, places[0] + [0, 7.5]) == GREEN
    assert colour(image, places[4]) == GREEN
    assert colour(image, places[4] + [3, 3]) == GREEN  # a square
    assert colour(image, places[2]) == style.accent
    assert colour(drawn(path, view, style), places[2]) == GREEN  # no cursor


@pytest.mark.parametrize("view", VIEWS)
def test_the_way_so_far_is_strong_and_the_rest_lighter(view: View) -> None:
    path = TrajectoryPainter(line(), colour=GREEN)
    places = path.device(RECT, view, style=LIGHT)
    image = drawn(path, view, frame=2)
    before, after = (places[1] + places[2]) / 2, (places[2] + places[3]) / 2
    assert colour(image, before) == GREEN
    later = QColor(colour(image, after))
    assert QColor(GREEN).lightness() < later.lightness() < 250


def test_what_is_not_finite_breaks_the_line() -> None:
    broken = line()
    broken[2, 1] = np.nan
    whole, gap = TrajectoryPainter(line(), colour=GREEN), TrajectoryPainter(broken, colour=GREEN)
    places = gap.device(RECT, "xy", style=LIGHT)
    assert np.isnan(places[2]).all()
    assert QColor(colour(drawn(gap, "xy"), (places[1] + places[3]) / 2)).saturation() == 0
    assert colour(drawn(whole, "xy"), (places[1] + places[3]) / 2) == GREEN
    assert drawn(gap, "xy", frame=2) != drawn(gap, "xy", frame=1)


def test_a_path_that_begins_and_ends_broken_is_marked_where_it_is_known() -> None:
    path = line()
    path[[0, 4]] = np.inf
    known = TrajectoryPainter(path, colour=GREEN)
    places = known.device(RECT, "xy", style=LIGHT)
    image = drawn(known, "xy")
    assert colour(image, places[1] + [0, 7.5]) == GREEN
    assert colour(image, places[3] + [3, 3]) == GREEN


def test_others_are_faint_and_widen_the_limits() -> None:
    alone, among = TrajectoryPainter(line()), TrajectoryPainter(line(), [line() + 10, line() - 10])
    assert (among.low < alone.low - 9).all()
    assert (among.high > alone.high + 9).all()
    places = among.device(RECT, "xy", style=LIGHT)
    unit = places[1, 0] - places[0, 0]
    other = (places[1] + places[2]) / 2 + 10 * np.array([unit, -unit])
    assert 160 < QColor(colour(drawn(among, "xy"), other)).lightness() < 240


def test_nothing_outside_of_the_rectangle_is_touched() -> None:
    image = drawn(TrajectoryPainter(line()), "xy")
    inside = RECT.toRect()
    outside = [(x, y) for x in range(330) for y in range(300) if not inside.contains(x, y)]
    assert {image.pixelColor(x, y).name() for x, y in outside} == {"#123456"}


def test_the_kept_background_follows_what_it_was_made_for() -> None:
    kept = TrajectoryPainter(line(), [line()[::-1]])
    for view in VIEWS:
        for options in ({"azimuth": 10.0}, {"azimuth": 70.0}, {"elevation": -20.0}, {"frame": 1}):
            for style in (LIGHT, DARK):
                fresh = TrajectoryPainter(line(), [line()[::-1]])
                assert drawn(kept, view, style, **options) == drawn(fresh, view, style, **options)


def test_flat_paths_have_one_view() -> None:
    flat = TrajectoryPainter(line()[:, :2])
    assert flat.views == ("xy",)
    assert TrajectoryPainter(line()).views == VIEWS
    assert np.ptp(flat.device(RECT, "xy", style=LIGHT)[:, 0]) > 100


@pytest.mark.parametrize("path", [np.zeros(3), np.zeros((4, 4)), np.zeros((2, 4, 3)), np.full((4, 3), "a")])
def test_what_is_no_path_is_refused(path: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected a path"):
        TrajectoryPainter(path)


def test_others_of_another_dimension_are_refused() -> None:
    with pytest.raises(ValueError, match="3 dimensions"):
        TrajectoryPainter(line(), [line()[:, :2]])


@pytest.mark.parametrize(
    "path",
    [
        np.zeros((0, 3)),
        np.zeros((1, 3)),
        np.zeros((16, 3)),
        np.full((16, 3), 7.0),
        np.full((16, 3), np.nan),
        np.full((16, 3), 1e308) * [[1, -1, 1]],
        np.full((16, 3), 1e-300),
        line() * [[1, 0, 0]],
        line() * 1e200,
        line() * 1e-200,
        line() * 1e-9 + 1e9,
        line() * 3000,
        np.arange(12, dtype=np.int64).reshape(4, 3),
    ],
)
@pytest.mark.parametrize("view", VIEWS)
def test_odd_paths_are_painted(path: np.ndarray, view: View) -> None:
    painter = TrajectoryPainter(path, path[None])
    places = painter.device(RECT, view, style=LIGHT)
    known = np.isfinite(path).all(axis=1)
    assert np.isfinite(places[known]).all()
    assert all(RECT.contains(*place) for place in places[known].tolist())
    for frame in (None, 0, 3, 99, -1):
        drawn(painter, view, frame=frame)


@pytest.mark.parametrize("size", [(0, 0), (1, 50), (5, 5), (40, 20), (20, 400)])
@pytest.mark.parametrize("view", VIEWS)
def test_small_rectangles_do_no_harm(size: tuple[int, int], view: View) -> None:
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    TrajectoryPainter(line()).paint(painter, QRectF(0, 0, *size), view, frame=1, style=LIGHT)
    painter.end()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hnp.arrays(np.float64, st.tuples(st.integers(0, 6), st.just(3))),
    st.sampled_from(VIEWS),
    st.floats(-180, 180),
    st.floats(-90, 90),
)
def test_any_numbers_can_be_drawn(path: np.ndarray, view: View, azimuth: float, elevation: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn(TrajectoryPainter(path), view, frame=1, azimuth=azimuth, elevation=elevation)


@given(st.floats(-1e12, 1e12), st.floats(1e-3, 1e12), st.integers(1, 9))
def test_ticks_are_few_round_and_in_the_range(low: float, extent: float, most: int) -> None:
    high = low + extent
    ticks = nice_ticks(low, high, most)
    assert len(ticks) <= most
    slack = 1e-6 * (high - low) + math.ulp(max(abs(low), abs(high)))
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    for a, b in itertools.pairwise(ticks):
        step = (b - a) / 10 ** math.floor(math.log10(b - a) + 1e-9)
        assert min(abs(step - nice) for nice in (1, 2, 2.5, 5, 10)) < 1e-2 or abs(a) > 1e9 * (b - a)
    labels = tick_labels(ticks)
    assert len(set(labels)) == len(ticks) or abs(low) > 1e9 * extent


def test_ticks_and_what_is_written_at_them() -> None:
    assert nice_ticks(-0.6, 1.1, 4) == [-0.5, 0.0, 0.5, 1.0]
    assert tick_labels([-0.5, 0.0, 0.5]) == ["−0.5", "0.0", "0.5"]
    assert tick_labels([0.0, 0.25, 0.5]) == ["0.00", "0.25", "0.50"]
    assert tick_labels([2.0, 4.0]) == ["2", "4"]
    assert tick_labels([0.0, 2e80, 4e80]) == ["0", "2e80", "4e80"]
    assert tick_labels([-1.5e-7, 1.5e-7]) == ["−1.5e−7", "1.5e−7"]
    assert tick_labels([0.5]) == ["0.5"]
    assert tick_labels([]) == []
    for low, high in ((1, 1), (2, 1), (math.nan, 1), (0, math.inf), (1e16, 1e16 + 2)):
        assert all(low <= tick <= high for tick in nice_ticks(low, high, 5))


def test_class_colours_differ_and_stand_out_on_light_and_dark() -> None:
    assert len(set(CLASS_COLOURS)) == len(CLASS_COLOURS) >= 8
    assert class_colour(len(CLASS_COLOURS) + 1) == class_colour(1)

    def luminance(name: str) -> float:
        parts = [QColor(name).redF(), QColor(name).greenF(), QColor(name).blueF()]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for name in CLASS_COLOURS:
        for style in (LIGHT, DARK):
            a, b = sorted((luminance(name), luminance(style.background)))
            assert (b + 0.05) / (a + 0.05) > 2
