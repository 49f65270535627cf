"""Axes of a folder's plots: what they hold, when they bend, and how a height becomes a limit."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.checks.finding import Severity
from inspector.checks.rules import METRICS, RULES
from inspector.gui.models.file_columns import COLUMNS
from inspector.gui.models.folder_axis import MOST, Axis, axis_of, rounded
from inspector.gui.models.folder_figures import Line, figure_of, number

FIGURES = st.floats(-1e12, 1e12, allow_nan=False)


@given(st.lists(st.one_of(FIGURES, st.just(np.nan), st.just(np.inf)), max_size=30), st.lists(FIGURES, max_size=2))
def test_all_figures_and_limits_lie_on_the_axis_in_their_order(values: list[float], limits: list[float]) -> None:
    held = np.array(values, np.float64)
    axis = axis_of(held, limits)
    finite = np.sort(np.array([*held[np.isfinite(held)], *limits]))
    shares = axis.share(finite)
    assert np.all((shares >= 0) & (shares <= 1))
    assert np.all(np.diff(shares) >= 0)
    assert np.array_equal(np.isnan(axis.share(held)), np.isnan(held))


@given(st.floats(0, 1), st.sampled_from([Axis(0, 10), Axis(-3, 7), Axis(0, 1e6, 0.5), Axis(-50, 2e4, 1.0)]))
def test_a_height_and_its_figure_belong_together(share: float, axis: Axis) -> None:
    assert float(axis.share(axis.value(share))) == pytest.approx(share, abs=1e-9)


def test_axis_bends_only_where_figures_span_decades() -> None:
    even = np.linspace(0, 30, 50)
    assert axis_of(even, [25.0]).linear == 0
    assert axis_of(np.append(even, 3000.0), [25.0]).linear > 0
    assert axis_of(even, [0.2]).linear > 0  # a limit deep among small figures has to be seen apart from 0
    assert axis_of(np.array([0.0, 0, 0, 40, 1]), [1.0], whole=True).linear == 1.0
    assert axis_of(np.array([np.inf, 1.0, MOST * 10]), []).high < np.inf


def test_axis_begins_at_0_unless_figures_are_far_above_it() -> None:
    assert axis_of(np.array([2.0, 9.0]), []).low < 0 < 2
    assert axis_of(np.array([95.0, 99.0]), []).low > 90
    for values, limits in (([], []), ([3.0], []), ([0.0, 0.0], []), ([], [8.0])):
        axis = axis_of(np.array(values, np.float64), limits)
        assert axis.low < axis.high


def test_there_is_room_to_drag_a_limit_up_and_an_axis_tells_when_there_is_none() -> None:
    axis = axis_of(np.array([1.0, 5.0]), [8.0])
    assert axis.high > 8.5
    assert axis.holds([8.0, 0.0])
    assert not axis.holds([axis.high])
    assert not axis.holds([2 * axis.high])


@pytest.mark.parametrize("axis", [Axis(0, 10), Axis(0, 1e6, 0.5), Axis(0, 2000, 9.0), Axis(-2e4, 2e4, 1.0)])
@pytest.mark.parametrize("most", [2, 4, 7])
def test_ticks_lie_apart_and_ascend(axis: Axis, most: int) -> None:
    ticks = axis.ticks(most)
    assert 2 <= len(ticks) <= most + 2
    shares = [float(axis.share(value)) for value, _ in ticks]
    assert all(b - a > 0.3 / most for a, b in itertools.pairwise(shares))
    assert len({words for _, words in ticks}) == len(ticks)


def test_counts_have_no_half_ticks() -> None:
    assert [value for value, _ in Axis(0, 2).ticks(7, whole=True)] == [0, 1, 2]
    assert all(value == round(value) for value, _ in Axis(0, 300, 1.0).ticks(7, whole=True))


def test_limits_from_heights_are_round() -> None:
    axis = Axis(0.0, 10.0)
    assert axis.neat(0.34567, 1 / 120) == pytest.approx(3.46)
    assert axis.neat(0.34567, 1 / 120, whole=True) == 3.0
    assert rounded(123.456, 5.0) == 123.0
    assert rounded(123.456, 0.0) == 123.456


def test_each_rule_has_a_plot_with_its_limits() -> None:
    for rule in RULES:
        for level in rule.levels:
            lines = figure_of(level.metric).lines
            assert Line(level.limit, level.severity, level.reached) in lines
    assert [line.severity for line in figure_of("low_visibility_pct").lines] == [Severity.MEDIUM, Severity.HIGH]
    assert figure_of("duration_ms").lines == ()


def test_no_two_limits_have_plots_of_one_title() -> None:
    titles = [figure_of(name).title for name in METRICS]
    assert len(set(titles)) == len(titles)
    assert all(figure_of(name).title[0].isupper() or name == "T" for name in COLUMNS)
    assert figure_of("seen_left_hand_pct").title == "Seen: left hand"
    assert figure_of("some_new_thing").title == "Some new thing"


def test_words_say_what_a_limit_does() -> None:
    assert Line("speed_spike", Severity.MEDIUM, False).words("25 body/s") == "Warns above 25 body/s"
    assert Line("swap_frames", Severity.HIGH, True).words("1 frames") == "Fails from 1 frames"
    assert number(0.123456, "%") == "0.1235 %"
