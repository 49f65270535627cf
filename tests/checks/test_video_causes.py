"""What is said of causes: why samples do not move, what duplicates have in common, where trajectories lead."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.checks.camera import Camera
from inspector.checks.dataset import DataSet
from inspector.checks.video_causes import Causes, causes_of, number_of, share
from tests.checks.video_support import figures, some

Array = npt.NDArray[Any]
NONE = np.zeros(20, bool)
FEW = some(4)
CORNERS = np.array([[2, 2], [97, 2], [2, 97], [97, 97]])


def causes(dataset: DataSet, **where: Array) -> Causes:
    sets = {"static": NONE, "still": NONE, "at_border": NONE, "off": NONE, **where}
    return causes_of(dataset, sets["static"], sets["still"], sets["at_border"], sets["off"])


def camera(x: Array | float) -> Camera:
    """One that sees all trajectories at x, in the middle of the height."""
    seen = np.broadcast_to(np.asarray(x, float), (20, 10))
    return Camera(np.eye(3, 4), seen, np.full((20, 10), 50.0), np.zeros(20), 0.1, 20)


def cornered(corners: Array = CORNERS, **more: Any) -> DataSet:
    """Samples 0 to 3 rest in corners of the picture of 100 x 100 pixels; an object is 6 x 6 pixels."""
    x, y = np.full((2, 20, 10), 50.0)
    x[:4], y[:4] = corners[:, :1], corners[:, 1:]
    return figures(object_x=x, object_y=y, object_area_pct=0.36, static=FEW, **more)


def test_nothing() -> None:
    assert causes(figures()) == Causes()
    for samples, frames in ((0, 10), (20, 0)):
        empty = np.ones(samples, bool)
        assert causes_of(figures(samples, frames), empty, empty, empty, empty) == Causes()


def test_an_object_held_in_the_corners() -> None:
    why = causes(cornered(camera=camera(-30.0)), static=FEW, at_border=FEW)
    assert why.static == (
        "the object stands in one of the picture's 4 corners while the trajectories differ: "
        "they lead out of the picture, and the object was held at its edge"
    )
    assert why.sentences == (f"The 4 samples without change: {why.static}.",)


@pytest.mark.parametrize(
    ("corners", "words"),
    [
        (CORNERS[[0, 0, 0, 0]], "in a corner of the picture"),
        (CORNERS[[0, 1, 1, 0]], "in one of the picture's 2 corners"),
        (CORNERS[[0, 1, 2, 0]], "in one of the picture's 3 corners"),
        (np.array([[8, 8], [91, 8], [8, 91], [91, 91]]), "in one of the picture's 4 corners"),  # 9 pixels are near
        (np.array([[9, 9], [91, 8], [8, 91], [91, 91]]), "at the picture's edge"),
        (np.array([[2, 50], [2, 2], [2, 2], [2, 2]]), "at the picture's edge"),
    ],
)
def test_where_at_the_edge_it_stands(corners: Array, words: str) -> None:
    why = causes(cornered(corners), static=FEW, at_border=FEW).static
    assert why == f"the object stands {words} while the trajectories differ"  # without a camera nothing more is known


def test_trajectories_that_lead_out_in_half_of_the_frames_do() -> None:
    half = np.where(np.arange(10) < 5, 110.0, 50.0)
    less = np.where(np.arange(10) < 4, 110.0, 50.0)
    assert "lead out" in causes(cornered(camera=camera(half)), static=FEW, at_border=FEW).static
    assert "lead out" not in causes(cornered(camera=camera(less)), static=FEW, at_border=FEW).static


def test_frames_that_were_not_drawn_anew() -> None:
    dataset = figures(static=FEW, camera=camera(50.0))
    assert causes(dataset, static=FEW, off=FEW).static == (
        "their trajectories move on inside the picture: the frames were not drawn anew"
    )
    assert causes(dataset, static=FEW, off=some(1)).static == "their trajectories move on"
    assert causes(figures(static=FEW), static=FEW).static == "their trajectories move on"
    assert causes(figures(static=some(1)), static=some(1)).static == "its trajectory moves on"


def test_trajectories_that_do_not_move_either() -> None:
    assert (
        causes(figures(path_length=np.where(FEW, 0.0, 2.0)), static=FEW).static
        == "their trajectories do not move either"
    )
    assert causes(figures(path_length=np.where(some(1), 0.0, 2.0)), static=some(1)).static == (
        "its trajectory does not move either"
    )


@pytest.mark.parametrize(("length", "goes"), [(0.019, False), (0.021, True)])
def test_a_way_a_hundred_times_shorter_than_the_usual_is_none(length: float, goes: bool) -> None:
    why = causes(figures(path_length=np.where(FEW, length, 2.0)), static=FEW).static
    assert why == f"their trajectories {'move on' if goes else 'do not move either'}"


def test_videos_of_background_alone_and_of_what_nothing_is_known() -> None:
    blank = np.broadcast_to(FEW[:, None], (20, 10))
    assert causes(figures(blank=blank), static=FEW).static == "nothing but the background is shown"
    assert causes(figures(path_length=np.nan), static=FEW).static == ""


def test_several_reasons_the_most_frequent_first() -> None:
    blank = np.broadcast_to((np.arange(20) == 0)[:, None], (20, 10))
    why = causes(figures(blank=blank, static=FEW), static=FEW)
    assert why.static == "in 3 their trajectories move on; in 1 nothing but the background is shown"
    blank = np.broadcast_to((np.arange(20) < 3)[:, None], (20, 10))
    why = causes(figures(blank=blank, static=FEW), static=FEW)
    assert why.static == "in 3 nothing but the background is shown; in 1 its trajectory moves on"


def test_an_object_that_rests_at_the_edge_as_its_trajectory_does() -> None:
    still = cornered(path_length=np.where(FEW, 0.0, 2.0))
    assert causes(still, static=FEW, at_border=FEW).static == "their trajectories do not move either"


def test_samples_that_hardly_move_have_reasons_too() -> None:
    why = causes(figures(), still=FEW)
    assert (why.still, why.static, why.sentences) == ("their trajectories move on", "", ())


GROUPS = ((0, 1), (2, 3))


def duplicates(static: Array = NONE, labels: Any = None, trajectory: Any = None, groups: Any = GROUPS) -> Causes:
    held = None if labels is None else np.asarray(labels)
    return causes(figures(groups=groups, labels=held, trajectory=trajectory, static=static), static=static)


def test_duplicates_among_the_samples_that_do_not_change() -> None:
    why = duplicates(some(5))
    assert why.duplicates == (
        "both duplicates are among the 5 samples that do not change, in which their trajectories move on"
    )
    assert why.sentences == (f"B{why.duplicates[1:]}.",)
    assert duplicates(some(4), groups=((0, 1, 2, 3),)).duplicates.startswith("all 3 duplicates are among the 4 samples")
    assert duplicates(some(2), groups=((0, 1),)).duplicates.startswith("the duplicate is among the 2 samples")
    assert duplicates(some(2)).duplicates == "2 of the 4 samples that share a video do not change"


def test_duplicates_that_move_are_no_cause_of_anything() -> None:
    assert duplicates().sentences == ()


def test_groups_that_mix_labels() -> None:
    labels = np.zeros(20, int)
    assert duplicates(labels=labels).duplicates == ""
    labels[1] = 1
    assert duplicates(labels=labels).duplicates == "1 of the 2 groups mix labels"
    labels[3] = 1
    assert duplicates(labels=labels).duplicates == "all 2 groups mix labels"
    assert duplicates(labels=labels, groups=((0, 1),)).duplicates == "the group mixes labels"


def test_trajectories_of_duplicates() -> None:
    path = np.zeros((20, 10, 3))
    assert duplicates(trajectory=path).duplicates == "their trajectories are the same, too"
    path[1, 4] = 1
    assert duplicates(trajectory=path).duplicates == (
        "in 1 of the 2 groups the trajectories differ: a video was stored for another"
    )
    # Of samples that do not change it is said already why their trajectories are of no account.
    assert "stored for another" not in duplicates(some(4), trajectory=path).duplicates


def test_trajectories_with_nan_in_the_same_places_are_the_same() -> None:
    path = np.zeros((20, 10, 3))
    path[:4, 2] = np.nan
    assert duplicates(trajectory=path).duplicates == "their trajectories are the same, too"


@pytest.mark.parametrize(("out", "told"), [(5, True), (4, False)])
def test_a_camera_that_shows_too_small_a_part_of_the_space(out: int, told: bool) -> None:
    seen = camera(np.where(np.arange(10) < out, -5.0, 50.0))
    why = causes(figures(camera=seen), at_border=FEW)
    assert why.border == (
        "by the camera that fits, the trajectories lead out of the picture in 50 % of these samples' frames: "
        "it shows too small a part of the space"
        if told
        else ""
    )
    assert why.sentences == ((f"Of the 4 samples at the picture's edge: {why.border}.",) if told else ())
    assert causes(figures(), at_border=FEW).border == ""


@pytest.mark.parametrize(("place", "outside"), [(-0.1, True), (0.0, False), (99.0, False), (99.1, True)])
def test_what_is_outside_the_picture(place: float, outside: bool) -> None:
    assert bool(causes(figures(camera=camera(place)), at_border=FEW).border) == outside


def test_the_edge_of_samples_that_do_not_change_is_told_once() -> None:
    why = causes(cornered(camera=camera(-30.0)), static=FEW, at_border=FEW)
    assert why.border and len(why.sentences) == 1


@pytest.mark.parametrize(
    ("off", "static", "words"),
    [
        (FEW, NONE, ""),
        (FEW, FEW, "their videos do not change"),
        (some(1), FEW, "its video does not change"),
        (FEW, some(2), "2 of them do not change"),
    ],
)
def test_samples_off_their_trajectory_that_do_not_change(off: Array, static: Array, words: str) -> None:
    assert causes(figures(), off=off, static=static).off == words


def moving(samples: int = 20, right: int = 0) -> DataSet:
    """Objects and trajectories that go different ways, but for the first few."""
    rng = np.random.default_rng(0)
    path, other = rng.normal(0, 1, (samples, 16, 3)), rng.normal(0, 1, (samples, 16, 2))
    other[:right] = path[:right, :, :2]
    return figures(samples, 16, trajectory=path, object_x=50 + other[..., 0], object_y=50 + other[..., 1])


def unrelated(dataset: DataSet, **where: Array) -> str:
    no = np.zeros(dataset.layout.samples, bool)
    sets = {"static": no, "still": no, **where}
    return causes_of(dataset, sets["static"], sets["still"], no, no).unrelated


def test_videos_that_have_nothing_to_do_with_their_trajectories() -> None:
    said = unrelated(moving())
    assert said.startswith("no camera explains how the videos show the trajectories: in ")
    bad, looked_at = (int(word) for word in said.split(" in ")[1].split(" samples")[0].split(" of "))
    assert looked_at == 20 and bad >= 15


def test_cameras_that_differ_from_sample_to_sample_are_no_fault() -> None:
    assert unrelated(moving(right=20)) == ""
    assert unrelated(moving(right=12)) == ""
    assert unrelated(moving(right=5)) != ""


def test_too_few_samples_to_say_so() -> None:
    assert unrelated(moving(5)) != ""
    assert unrelated(moving(4)) == ""
    assert unrelated(moving(8), static=some(4, 8)) == unrelated(moving(8), still=some(4, 8)) == ""
    assert unrelated(figures(20, 16)) == ""


def test_numbers_in_words() -> None:
    assert [number_of(n, "group") for n in (0, 1, 2)] == ["0 groups", "1 group", "2 groups"]
    assert [share(n, 1000) for n in (0, 1, 9, 10, 345, 990, 991, 999, 1000)] == [
        "0 %",
        "0.1 %",
        "0.9 %",
        "1 %",
        "34 %",
        "99 %",
        "99.1 %",
        "99.9 %",
        "100 %",
    ]
    assert share(1, 10**6) == "0.1 %" and share(10**6 - 1, 10**6) == "99.9 %"


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_nothing_or_all_only_when_it_is(part: int, of: int) -> None:
    part = min(part, of)
    assert (share(part, of) == "0 %") == (part == 0)
    assert (share(part, of) == "100 %") == (part == of)
