from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gui.panes.time_axis import TimeAxis, nice_step

axes = st.builds(
    lambda frames, width, factor, x: TimeAxis.whole(frames, 70, width).magnified(factor, 70 + x * width),
    st.integers(1, 100_000),
    st.integers(1, 2000),
    st.floats(0.5, 500),
    st.floats(0, 1),
)


@given(axis=axes, share=st.floats(0, 1))
def test_a_frames_middle_leads_back_to_the_frame(axis: TimeAxis, share: float) -> None:
    first, last = axis.sight
    frame = round(first + share * (last - first))
    if axis.start <= frame + 0.5 <= axis.stop:
        assert axis.frame(axis.x(frame)) == frame


@given(axis=axes, factor=st.floats(0.01, 100), x=st.floats(-100, 3000), move=st.floats(-1e5, 1e5))
def test_sight_never_leaves_the_clip(axis: TimeAxis, factor: float, x: float, move: float) -> None:
    for other in (axis.magnified(factor, x), axis.moved(move), axis.showing(axis.frames - 1)):
        assert -1e-6 <= other.start < other.stop <= axis.frames + 1e-6
        first, last = other.sight
        assert 0 <= first <= last < axis.frames
        assert first <= other.frame(x) <= last


def test_magnified_keeps_the_time_under_the_pointer() -> None:
    axis = TimeAxis.whole(1000, 70, 500)
    assert axis.magnified(8, 195).frame(195) == axis.frame(195) == 250


def test_showing_moves_only_when_it_must() -> None:
    axis = TimeAxis.whole(1000, 0, 500).magnified(10, 0)
    assert axis.showing(50) is axis
    onward = axis.showing(100)
    assert onward.start < 100 < onward.stop - 50
    back = onward.showing(20)
    assert back.start <= 20 < back.stop


def test_the_whole_clip_is_not_zoomed() -> None:
    axis = TimeAxis.whole(300, 0, 500)
    assert not axis.zoomed
    assert axis.magnified(2, 0).zoomed
    assert not axis.magnified(2, 0).magnified(0.1, 0).zoomed


@given(least=st.floats(1e-9, 1e9))
def test_nice_steps_are_one_two_or_five(least: float) -> None:
    step = nice_step(least)
    assert least * (1 - 1e-6) <= step <= least * 2.51
    assert float(f"{step:e}".split("e")[0]) in (1, 2, 5)


@given(axis=axes)
def test_frame_ticks_are_in_sight_and_apart(axis: TimeAxis) -> None:
    places = [axis.x(frame) for frame in axis.frame_ticks(40)]
    assert all(axis.left - 1e-6 <= x <= axis.left + axis.width + 1e-6 for x in places)
    assert all(b - a >= 39 for a, b in itertools.pairwise(places))


def test_second_ticks_follow_an_uneven_clock() -> None:
    seconds = np.array([0.0, 0.1, 0.2, 5.0, 5.1, 6.0])
    axis = TimeAxis.whole(6, 0, 600)
    ticks = dict(axis.second_ticks(seconds, 50))
    assert ticks[5.0] == pytest.approx(axis.x(3))
    assert axis.x(2) < ticks[3.0] < axis.x(3)
    assert 2.0 not in ticks  # no room beside 1


def test_long_clips_are_told_in_whole_minutes() -> None:
    axis = TimeAxis.whole(100_000, 0, 700)
    ticks = [second for second, _ in axis.second_ticks(np.arange(100_000) / 30, 64)]
    assert ticks[:3] == [0, 600, 1200]


@pytest.mark.parametrize("seconds", [[0.0], [0.0, 0.0, 0.0]])
def test_no_time_has_no_ticks(seconds: list[float]) -> None:
    assert TimeAxis.whole(len(seconds), 0, 100).second_ticks(np.array(seconds), 50) == ()
