from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from pytestqt.qtbot import QtBot

from inspector.render.picture import fit
from inspector.render.skeleton import SkeletonPainter
from inspector.render.style import DARK, LIGHT, Layers
from tests.support.views import CORNERS, SKELETON

SIZE = 100
ORANGE, BLUE = QColor("#D55E00"), QColor("#0072B2")
BARE = Layers(bones=False, hidden=False, square=False)


@pytest.fixture(autouse=True)
def _fonts(qtbot: QtBot) -> Iterator[None]:
    """Text on a QImage needs an application."""
    yield


def clip(frames: int = 1) -> tuple[np.ndarray, np.ndarray]:
    return np.repeat(CORNERS[None], frames, axis=0), np.ones((frames, 5), dtype=bool)


def drawn(painter: SkeletonPainter, frame: int, layers: Layers, **kwargs: object) -> QImage:
    image = QImage(SIZE, SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.background))
    on = QPainter(image)
    painter.paint(on, frame, QTransform.fromScale(SIZE, SIZE), LIGHT, layers, **kwargs)  # type: ignore[arg-type]
    on.end()
    return image


def colour(image: QImage, x: float, y: float) -> str:
    return image.pixelColor(round(x * SIZE), round(y * SIZE)).name().upper()


def ink(image: QImage) -> int:
    background = QColor(LIGHT.background).rgb()
    return sum(image.pixel(x, y) != background for x in range(SIZE) for y in range(SIZE))


def test_visible_points_take_their_groups_colour() -> None:
    image = drawn(SkeletonPainter(*clip(), SKELETON), 0, BARE)
    assert colour(image, 0.2, 0.2) == ORANGE.name().upper()
    assert colour(image, 0.8, 0.8) == BLUE.name().upper()
    assert colour(image, 0.5, 0.5) == LIGHT.neutral.upper()


def test_y_points_down() -> None:
    points, visible = clip()
    visible[0, 1:] = False
    image = drawn(SkeletonPainter(points, visible, SKELETON), 0, BARE)
    assert colour(image, 0.2, 0.2) == ORANGE.name().upper()
    assert colour(image, 0.2, 0.8) == LIGHT.background


def test_bones_join_and_hide() -> None:
    painter = SkeletonPainter(*clip(), SKELETON)
    on = drawn(painter, 0, Layers(square=False))
    off = drawn(painter, 0, BARE)
    assert colour(on, 0.2, 0.5) == ORANGE.name().upper()
    assert colour(on, 0.5, 0.2) == LIGHT.neutral.upper()  # between two groups
    assert colour(off, 0.2, 0.5) == LIGHT.background


def test_hidden_end_makes_bone_faint_and_point_hollow() -> None:
    points, visible = clip()
    visible[0, 3] = False
    painter = SkeletonPainter(points, visible, SKELETON)
    shown = drawn(painter, 0, Layers(square=False))
    assert colour(shown, 0.2, 0.8) == LIGHT.background  # hollow
    assert colour(shown, 0.2, 0.5) not in (LIGHT.background, ORANGE.name().upper())
    unshown = drawn(painter, 0, Layers(hidden=False, square=False))
    assert colour(unshown, 0.2, 0.5) == LIGHT.background


def test_undetected_points_at_the_origin_leave_no_mark() -> None:
    points, visible = clip()
    points[0, 3] = 0
    visible[0, 3] = False
    painter = SkeletonPainter(points, visible, SKELETON)
    image = drawn(painter, 0, Layers(square=False))
    assert colour(image, 0.0, 0.0) == LIGHT.background
    assert colour(image, 0.1, 0.1) == LIGHT.background
    assert painter.placed(0).tolist() == [True, True, True, False, True]


def test_a_visible_point_at_the_origin_is_drawn() -> None:
    points, visible = clip()
    points[0, 0] = 0
    image = drawn(SkeletonPainter(points, visible, SKELETON), 0, BARE)
    assert colour(image, 0.0, 0.0) == ORANGE.name().upper()


def test_trails_break_where_a_point_was_not_seen() -> None:
    points, visible = clip(3)
    points[:, 4] = [[0.1, 0.5], [0.5, 0.5], [0.9, 0.5]]
    layers = Layers(bones=False, trails=True, square=False)
    whole = drawn(SkeletonPainter(points, visible, SKELETON), 2, layers)
    assert colour(whole, 0.3, 0.5) != LIGHT.background
    assert colour(whole, 0.7, 0.5) != LIGHT.background
    visible[0, 4] = False
    broken = drawn(SkeletonPainter(points, visible, SKELETON), 2, layers)
    assert colour(broken, 0.3, 0.5) == LIGHT.background
    assert colour(broken, 0.7, 0.5) != LIGHT.background


def test_ids_are_drawn_for_points_that_are() -> None:
    points, visible = clip()
    painter = SkeletonPainter(points, visible, SKELETON)
    layers = Layers(bones=False, hidden=False, ids=True, square=False)
    all_five = ink(drawn(painter, 0, layers)) - ink(drawn(painter, 0, BARE))
    visible[0, 1:] = False
    one = ink(drawn(painter, 0, layers)) - ink(drawn(painter, 0, BARE))
    assert 0 < one < all_five


def test_rings_go_around_named_points_that_have_a_place() -> None:
    points, visible = clip()
    points[0, 1], visible[0, 1] = 0, False
    painter = SkeletonPainter(points, visible, SKELETON)
    plain = drawn(painter, 0, BARE)
    assert drawn(painter, 0, BARE, highlight=(1, 99)) == plain
    ringed = drawn(painter, 0, BARE, highlight=(0,))
    assert ringed != plain
    assert colour(ringed, 0.2 + LIGHT.point[1] / SIZE, 0.2) != LIGHT.background


def test_unit_square_only_on_request() -> None:
    painter = SkeletonPainter(np.zeros((1, 0, 2), np.float32), np.zeros((1, 0), bool))
    assert ink(drawn(painter, 0, Layers(square=False))) == 0
    assert ink(drawn(painter, 0, Layers(square=True))) > 0


def test_without_a_skeleton_all_points_are_neutral() -> None:
    painter = SkeletonPainter(*clip())
    image = drawn(painter, 0, Layers(square=False))
    assert colour(image, 0.2, 0.2) == LIGHT.neutral.upper()
    assert painter.counts(0) == ((5, 5),)


def test_counts_by_group() -> None:
    points, visible = clip()
    visible[0, 0] = False
    painter = SkeletonPainter(points, visible, SKELETON)
    assert [(layer.title, count) for layer, count in zip(painter.layers, painter.counts(0), strict=True)] == [
        ("Other points", (1, 1)),
        ("Left", (1, 2)),
        ("Right", (2, 2)),
    ]


def test_dense_groups_get_smaller_points_than_sparse_ones() -> None:
    points, visible = clip()
    small = SkeletonPainter(points * np.float32(0.1), visible, SKELETON)
    large = SkeletonPainter(points, visible, SKELETON)
    assert small.layers[1].spacing < large.layers[1].spacing
    visible = np.array([[True, False, False, False, False]])
    assert ink(drawn(SkeletonPainter(points, visible, SKELETON), 0, BARE)) > 0


def test_frame_outside_the_clip_draws_nothing() -> None:
    painter = SkeletonPainter(*clip(), SKELETON)
    assert ink(drawn(painter, 7, Layers(square=False))) == 0


@pytest.mark.parametrize(
    ("points", "visible", "skeleton"),
    [
        ((2, 5), (2, 5), None),
        ((2, 5, 3), (2, 5), None),
        ((2, 5, 2), (2, 4), None),
        ((2, 4, 2), (2, 4), SKELETON),
    ],
)
def test_shapes_that_do_not_fit_are_refused(
    points: tuple[int, ...], visible: tuple[int, ...], skeleton: object
) -> None:
    with pytest.raises(ValueError, match="expected"):
        SkeletonPainter(np.zeros(points, np.float32), np.zeros(visible, bool), skeleton)  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    points=hnp.arrays(np.float32, (3, 5, 2), elements=st.floats(width=32, allow_nan=True, allow_infinity=True)),
    visible=hnp.arrays(np.bool_, (3, 5)),
    style=st.sampled_from([LIGHT, DARK]),
)
def test_any_numbers_can_be_drawn(points: np.ndarray, visible: np.ndarray, style: object) -> None:
    painter = SkeletonPainter(points, visible, SKELETON)
    layers = Layers(trails=True, ids=True)
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    on = QPainter(image)
    for frame in range(3):
        painter.paint(on, frame, fit((0, 0, 1, 1), QRectF(0, 0, 40, 40)), style, layers, (0, 4))  # type: ignore[arg-type]
    on.end()
    assert not painter.placed(0)[~np.isfinite(points[0]).all(axis=1)].any()
