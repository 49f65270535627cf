"""Which points of a data set are drawn where, which are thinned out, and what is said of the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.checks.dataset import SAMPLE_METRICS
from inspector.gui.models.dataset_points import MOST_AT_ONCE, MOST_COLUMNS, limit_of, points_of
from inspector.profiles.model import VideoRules
from tests.gui.dataset_support import dataset, unknown

RULES = VideoRules()


def test_every_figure_gets_its_points_means_and_limit() -> None:
    points = points_of(dataset(), RULES)
    assert [strips.key for strips in points.strips] == list(SAMPLE_METRICS)
    assert [(c.label, c.name, c.count, c.drawn) for c in points.columns] == [
        (0, "Linear", 6, 6),
        (1, "Circular", 6, 6),
    ]
    assert points.drawn.tolist() == list(range(12))
    assert points.column.tolist() == [0, 1] * 6
    assert np.flatnonzero(points.static).tolist() == [2]
    assert np.flatnonzero(points.copied).tolist() == [0, 4]
    strips = points.strips[0]
    assert strips.means.tolist() == [5, 6]
    assert strips.deviations == pytest.approx([np.std([0, 2, 4, 6, 8, 10])] * 2)
    assert points.remarks == ()


def test_limits_are_the_profiles() -> None:
    rules = VideoRules(low_variation=0.1, still_travel_pct=3.0, disagree_pct=20.0, border_sample_pct=25.0)
    found = {key: limit.value for key in SAMPLE_METRICS if (limit := limit_of(key, rules, 16))}
    assert found == {
        "frame_variation": 0.1,
        "object_travel_pct": 3.0,
        "border_frames": 4.0,
        "disagreement_pct": 20.0,
    }


def test_limit_far_beyond_the_figures_does_not_press_them_down() -> None:
    near, far = (
        next(
            s for s in points_of(dataset(disagreement_pct=np.full(12, v)), RULES).strips if s.key[0] == "d" and s.limit
        )
        for v in (5.0, 0.1)
    )
    assert near.limit_within
    assert near.high > RULES.disagree_pct
    assert not far.limit_within
    assert far.high < 1


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.floats(allow_nan=True, allow_infinity=True, width=64), min_size=1, max_size=30),
    classes=st.integers(1, 4),
)
def test_any_figures_lie_on_their_axis(values: list[float], classes: int) -> None:
    count = len(values)
    points = points_of(dataset(count, labels=np.arange(count) % classes, displacement=np.array(values)), RULES)
    for strips in points.strips:
        known = strips.values[np.isfinite(strips.values)]
        assert known.size
        assert np.isfinite([strips.low, strips.high]).all()
        assert strips.low < strips.high
        assert ((strips.low <= known) & (known <= strips.high)).all()
        assert all(strips.low <= tick <= strips.high for tick in strips.ticks)
    assert (np.abs(points.across) < 0.5).all()
    assert ("displacement" in {s.key for s in points.strips}) == bool(np.isfinite(values).any())


def test_many_samples_are_thinned_but_for_flagged_and_extreme_ones() -> None:
    count = 4 * MOST_AT_ONCE
    energy = np.random.default_rng(0).random(count)
    energy[777] = 50.0
    static = np.arange(count) % 1000 == 1
    points = points_of(dataset(count, labels=np.arange(count) % 2, motion_energy=energy, static=static), RULES)
    assert points.drawn.size <= 1.1 * MOST_AT_ONCE
    assert np.isin(np.flatnonzero(static), points.drawn).all()
    assert 777 in points.drawn
    strips = next(s for s in points.strips if s.key == "motion_energy")
    assert strips.means[1] == pytest.approx(energy[1::2].mean())
    assert f"{points.drawn.size:,} of {count:,} samples" in points.remarks[0]
    again = points_of(dataset(count, labels=np.arange(count) % 2, motion_energy=energy, static=static), RULES)
    assert np.array_equal(points.drawn, again.drawn)
    assert np.array_equal(points.across, again.across)


def test_very_many_flagged_samples_are_thinned_too() -> None:
    count = 4 * MOST_AT_ONCE
    points = points_of(dataset(count, labels=None, static=np.ones(count, dtype=bool)), RULES)
    assert points.drawn.size <= 1.1 * MOST_AT_ONCE


def test_only_the_largest_of_very_many_classes_are_drawn() -> None:
    labels = np.concatenate([np.arange(MOST_COLUMNS + 5), np.arange(5, MOST_COLUMNS + 5)])
    points = points_of(dataset(labels.size, labels=labels), RULES)
    assert len(points.columns) == MOST_COLUMNS
    assert (points.column[:5] == -1).all()
    assert "5 are left out" in points.remarks[-1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"trajectory": None}, "displacement, path length, off its trajectory (no trajectory in the file)"),
        ({}, "off its trajectory (no way to lay the trajectories"),
    ],
)
def test_says_what_is_not_shown_and_why(changes: dict[str, Any], words: str) -> None:
    gone = ("displacement", "path_length", "disagreement_pct") if changes else ("disagreement_pct",)
    points = points_of(replace(dataset(**unknown(*gone)), **changes), RULES)
    assert {s.key for s in points.strips} == set(SAMPLE_METRICS) - set(gone)
    assert words in points.remarks[0]


def test_one_frame_has_no_motion_to_show() -> None:
    points = points_of(dataset(frames=1, motion_energy=np.full(12, np.nan)), RULES)
    assert "motion energy (there is one frame only)" in points.remarks[0]
