from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from inspector.audit.across import Across, Pair
from inspector.audit.inspection import Clip
from inspector.gui.copies import Copies, Copy, Posed, distance, shown_beside
from inspector.gui.state import MOST_BESIDE, SessionState, resolve
from tests.support.views import SKELETON, inspection_of, still_clip

MIRRORED = structs.replace(SKELETON, pairs=((0, 1), (3, 2)))


def pair(a: str, b: str, ratio: float = 1.0, start: float = 0.0, *, mirrored: bool = False) -> Pair:
    return Pair(a, b, ratio, start, (0, 99), (0, 99), True, True, mirrored, mirrored)


def posed(clip: Clip, *, body: float = 0.6) -> Posed:
    return Posed(clip, MIRRORED, body)


def walking(frames: int = 20) -> Clip:
    """The middle point of a square goes to the right, a tenth of a body a frame."""
    clip = still_clip(frames)
    points = clip.points.copy()
    points[:, 4, 0] += 0.06 * np.arange(frames, dtype=np.float32)
    return replace(clip, points=points)


def test_a_file_without_copies() -> None:
    assert Copies().of("a") == Copies().of(None) == ()
    assert Copies(Across(duplicates=(("a", "b"),))).of("c") == ()


def test_files_of_the_same_content_know_each_other_whichever_is_first() -> None:
    copies = Copies(Across(duplicates=(("a", "b", "c"),)))
    for path in "abc":
        assert {copy.path for copy in copies.of(path)} == set("abc") - {path}
        assert all(copy.exact and copy.words == "same content" for copy in copies.of(path))


def test_frames_are_found_there_and_back() -> None:
    copies = Copies(Across(near=(pair("a", "b", 0.5, 10),)))
    (b,), (a,) = copies.of("a"), copies.of("b")
    assert [b.frame(t) for t in (0, 4, 100)] == [10, 12, 60]
    assert [a.frame(t) for t in (0, 10, 60)] == [-20, 0, 100]


def test_a_copy_of_a_copy_is_found_by_way_of_it() -> None:
    across = Across(
        duplicates=(("a", "twin"),), near=(pair("a", "b", start=-12, mirrored=True), pair("b", "c", 2.0, 5))
    )
    found = {copy.path: copy for copy in Copies(across).of("twin")}
    assert list(found) == ["a", "b", "c"]  # the same content first
    assert found["a"].exact
    assert not found["b"].exact
    assert [found["c"].frame(t) for t in (12, 20)] == [5, 21]
    assert found["c"].mirrored
    assert {copy.path: copy.frame(5) for copy in Copies(across).of("c")}["twin"] == 12


def test_two_mirrors_show_things_as_they_are() -> None:
    across = Across(near=(pair("a", "b", mirrored=True), pair("b", "c", mirrored=True)))
    found = {copy.path: copy for copy in Copies(across).of("a")}
    assert (found["b"].mirrored, found["c"].mirrored) == (True, False)


@pytest.mark.parametrize(
    ("copy", "words"),
    [
        (Copy("x"), "same frames"),
        (Copy("x", start=12), "begins 12 frames earlier"),
        (Copy("x", start=-1), "begins 1 frame later"),
        (Copy("x", ratio=2, start=3), "2.00 frames for each"),
        (Copy("x", start=-12, mirrored=True), "begins 12 frames later, mirrored"),
        (Copy("x", mirrored=True, exchanged=True), "mirrored, left and right exchanged"),
    ],
)
def test_what_is_said_of_a_copy(copy: Copy, words: str) -> None:
    assert copy.words == words


def test_a_speed_that_is_the_same_but_for_its_measurement_is_the_same() -> None:
    (copy,) = Copies(Across(near=(Pair("a", "b", 0.9974, 12.3, (0, 217), (12, 229), True, False, False, False),))).of(
        "a"
    )
    assert (copy.ratio, copy.start) == (1, 12)


@given(
    first=st.tuples(st.floats(0.2, 5), st.floats(-500, 500)),
    then=st.tuples(st.floats(0.2, 5), st.floats(-500, 500)),
    frame=st.integers(0, 1000),
)
def test_ways_add_up(first: tuple[float, float], then: tuple[float, float], frame: int) -> None:
    one, two = Copy("b", *first), Copy("c", *then)
    whole = one.then(two)
    assert whole.ratio * frame + whole.start == pytest.approx(two.ratio * (one.ratio * frame + one.start) + two.start)
    back = whole.then(two.back("b")).then(one.back("a"))
    assert back.ratio == pytest.approx(1)
    assert back.start == pytest.approx(0, abs=1e-6)


# --- distances ------------------------------------------------------------------------------------------------


def test_a_clip_is_no_distance_from_itself_and_some_from_a_later_moment() -> None:
    clip = walking()
    assert distance(posed(clip), 7, posed(clip), Copy("x")) == 0
    late = distance(posed(clip), 7, posed(clip), Copy("x", start=5))
    # One of five points is 5 tenths of a body on; the mean of all moves by a fifth of that.
    assert late == pytest.approx((0.4 + 4 * 0.1) / 5, rel=1e-4)


def test_place_size_and_side_do_not_count() -> None:
    clip = walking()
    far = replace(clip, points=clip.points * np.float32(400) + np.float32(250))
    assert distance(posed(clip), 3, posed(far, body=240), Copy("x")) == pytest.approx(0, abs=1e-5)
    turned = clip.points.copy()
    turned[..., 0] = 1 - turned[..., 0]
    mirrored = replace(clip, points=turned)
    assert distance(posed(clip), 9, posed(mirrored), Copy("x")) > 0.1
    assert distance(posed(clip), 9, posed(mirrored), Copy("x", mirrored=True)) == pytest.approx(0, abs=1e-6)
    named = replace(clip, points=turned[:, [1, 0, 3, 2, 4]])
    assert distance(posed(clip), 9, posed(named), Copy("x", mirrored=True)) > 0.1
    assert distance(posed(clip), 9, posed(named), Copy("x", mirrored=True, exchanged=True)) == pytest.approx(
        0, abs=1e-6
    )


def test_only_points_seen_in_both_are_compared() -> None:
    clip = walking()
    visible, points = clip.visible.copy(), clip.points.copy()
    visible[:, 4], points[:, 4] = False, 0
    points[:, 3] = np.nan
    hidden = replace(clip, visible=visible, points=points)
    assert distance(posed(clip), 9, posed(hidden), Copy("x")) == pytest.approx(0, abs=1e-6)
    blind = replace(clip, visible=np.zeros_like(visible))
    assert math.isnan(distance(posed(clip), 9, posed(blind), Copy("x")))


@pytest.mark.parametrize("start", [-8, 15])
def test_no_distance_where_one_has_no_such_frame(start: int) -> None:
    clip = walking()
    assert math.isnan(distance(posed(clip), 7, posed(clip), Copy("x", start=start)))


def test_no_distance_between_other_layouts_or_bodies_unknown() -> None:
    clip = walking()
    fewer = Clip(clip.points[:, :3], clip.visible[:, :3], clip.seconds)
    assert math.isnan(distance(posed(clip), 7, posed(fewer), Copy("x")))
    assert math.isnan(distance(posed(clip), 7, posed(clip, body=float("nan")), Copy("x")))


# --- which are shown ------------------------------------------------------------------------------------------


def test_the_nearest_are_shown_unless_others_are_picked() -> None:
    copies = tuple(Copy(path) for path in "abcde")
    assert [c.path for c in shown_beside(copies, (), 3)] == ["a", "b", "c"]
    assert [c.path for c in shown_beside(copies, ("e", "gone", "b"), 3)] == ["e", "b", "a"]
    assert shown_beside((), ("a",), 3) == ()


def test_a_view_puts_copies_beside_a_clip_only_where_that_is_wanted() -> None:
    copies = tuple(Copy(path) for path in "abcde")
    inspection = inspection_of(still_clip())
    state = SessionState(path=inspection.path, inspection=inspection, copies=copies)
    assert (resolve(state).copies, resolve(state).beside) == (copies, ())
    wanted = replace(state, comparing=True)
    assert len(resolve(wanted).beside) == MOST_BESIDE
    assert resolve(replace(wanted, copies=())).beside == ()
    loading = replace(wanted, inspection=None, loading=True)
    assert resolve(loading).beside == resolve(wanted).beside
    nothing = inspection_of(None)
    assert resolve(replace(wanted, inspection=nothing)).beside == ()
