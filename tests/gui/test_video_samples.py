"""What is said of samples, and which of them can be picked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inspector.checks.dataset import DataSet, NearPair
from inspector.checks.finding import Finding, Severity
from inspector.gui.models import sample_facts
from inspector.gui.models.sample_facts import Choice, Link
from inspector.gui.samples import following, listed
from inspector.gui.view import Subset
from tests.support.videos import dataset_arrays, dataset_inspection, dataset_of


@pytest.fixture
def dataset() -> DataSet:
    return dataset_of(dataset_arrays(8, 4, 24, static=(2,), copies=tuple((2, k) for k in (3, 4, 5, 6, 7))))


def words(dataset: DataSet, sample: int) -> list[str]:
    return [fact.words for fact in sample_facts.facts(dataset, sample)]


def without(dataset: DataSet, **changes: Any) -> DataSet:
    """The same with other columns."""
    return replace(dataset, samples={**dataset.samples, **changes})


def test_choices_are_what_there_is(dataset: DataSet) -> None:
    assert [choice[:2] for choice in sample_facts.class_choices(dataset)] == [
        ("All classes (8)", None),
        ("Linear (4)", 0),
        ("Circular (4)", 1),
    ]
    assert [choice[:2] for choice in sample_facts.group_choices(dataset)] == [
        ("Duplicates: any", None),
        ("Group 1: 6 samples", 0),
    ]
    findings = (
        Finding("STATIC_VIDEO", Severity.HIGH, "some stand still", samples=((2, 4), (7, 7))),
        Finding("CLASS_IMBALANCE", Severity.LOW, "names no sample"),
        Finding("OWN_CODE", Severity.LOW, "unknown", samples=((0, 0),)),
    )
    offered = sample_facts.finding_choices(findings)
    assert [choice.value for choice in offered] == [None, 0, 2]
    assert offered[1].text.endswith("(4)")
    assert offered[1].tip == "some stand still"
    assert offered[2].text == "OWN_CODE (1)"


def test_nothing_to_choose_from() -> None:
    arrays = dataset_arrays(3, 4, 24)
    del arrays["labels"]
    plain = dataset_of(arrays)
    assert (
        sample_facts.class_choices(plain) == sample_facts.group_choices(plain) == sample_facts.finding_choices(()) == ()
    )


def test_a_label_without_a_name_and_a_name_that_is_none(dataset: DataSet) -> None:
    odd = replace(dataset, names={0: "line\nbreak"})
    assert [choice.text for choice in sample_facts.class_choices(odd)[1:]] == ["line\\nbreak (4)", "Class 1 (4)"]
    assert words(odd, 0)[0] == "line\\nbreak"


@pytest.mark.parametrize(
    ("sample", "step", "found"),
    [(2, 1, 5), (5, 1, 9), (9, 1, None), (9, -1, 5), (2, -1, None), (3, 1, 5), (3, -1, 2), (0, -1, None), (20, -1, 9)],
)
def test_neighbours_within_a_subset(sample: int, step: int, found: int | None) -> None:
    assert sample_facts.neighbour(np.array([2, 5, 9]), sample, step) == found
    assert sample_facts.neighbour(np.zeros(0, dtype=np.int64), sample, step) is None


def test_facts_of_a_sample_that_moves(dataset: DataSet) -> None:
    label, moves, away = sample_facts.facts(dataset, 1)
    assert label.words == "Circular"
    assert moves.words.startswith("moves (energy 0.")
    assert away.words == "off its trajectory by 12.3 %"
    assert away.links == (Link("off its trajectory by 12.3 %", "path"),)


def test_facts_of_a_copy_that_stands_still(dataset: DataSet) -> None:
    assert words(dataset, 3)[1:] == ["static: every frame is the same", "same pixels as 2, 4, 5, 6, 7"]
    more = replace(dataset, groups=((0, 1, 2, 3, 4, 5, 6, 7),))
    (copies,) = [fact for fact in sample_facts.facts(more, 3) if fact.links]
    assert copies.words == "same pixels as 0, 1, 2, 4, 3 more"
    assert copies.links[0] == Link("0", "sample", 0)
    assert copies.links[-1] == Link("3 more", "group", 0)


def test_near_copies_are_told_and_can_be_stepped_through(dataset: DataSet) -> None:
    pairs = (NearPair(0, 1, "played backward"), NearPair(1, 7, "3 frames later"))
    near = replace(dataset, near=pairs, near_groups=((0, 1, 7),))
    assert "same path as 0 (played backward), 7 (3 frames later)" in words(near, 1)
    (fact,) = (fact for fact in sample_facts.facts(near, 0) if fact.text == "same path as")
    assert fact.links == (
        Link("1 (played backward)", "sample", 1),
        Link("1 more", "group", 1),
    )
    assert sample_facts.group_choices(near)[-1] == Choice("Near group 1: 3 samples", 1, "The same path: 0, 1, 7")
    inspection = replace(dataset_inspection("a.npz"), dataset=near)
    assert listed(inspection, Subset(group=1)).tolist() == [0, 1, 7]
    assert listed(inspection, Subset(group=0)).tolist() == [2, 3, 4, 5, 6, 7]


def test_facts_of_bad_samples(dataset: DataSet) -> None:
    worse = without(
        dataset,
        border_frames=np.full(8, 3.0),
        blank_frames=np.full(8, 1.0),
        bad_values=np.full(8, 1234),
        motion_energy=np.full(8, np.nan),
        disagreement_pct=np.full(8, np.nan),
        static=np.zeros(8, dtype=bool),
    )
    assert words(worse, 0) == [
        "Linear",
        "at the border in 3 of 4 frames",
        "blank in 1 of 4 frames",
        "1,234 values are NaN or infinite",
    ]
    assert "1 value is NaN or infinite" in words(without(worse, bad_values=np.full(8, 1)), 0)
    bare = replace(dataset, samples={}, frames={}, labels=None)
    assert words(bare, 0) == words(dataset, 8) == words(dataset, -1) == []


def test_a_trajectory_outside_the_picture(dataset: DataSet) -> None:
    x = np.zeros((8, 4), dtype=np.float32)
    x[0] = (-0.6, 0, 23.4, 23.6)
    outside = replace(dataset, frames={**dataset.frames, "projected_x": x, "projected_y": np.zeros_like(x)})
    assert "trajectory outside the picture in 2" in words(outside, 0)
    assert not any("outside" in text for text in words(outside, 2))


def test_marks(dataset: DataSet) -> None:
    border, same, blank = sample_facts.marks(dataset, 2)
    assert same.tolist() == [False, True, True, True]
    assert not border.any()
    assert not blank.any()
    assert not sample_facts.marks(dataset, 0).same.any()
    bare = sample_facts.marks(replace(dataset, frames={}), 0)
    assert [len(mark) for mark in bare] == [4, 4, 4]


def test_paths(dataset: DataSet) -> None:
    measured, projected = sample_facts.paths(dataset, 0)
    assert measured is not None
    assert projected is not None
    np.testing.assert_allclose(projected - measured, [[3, -1]] * 4, atol=1e-5)
    empty = np.full((8, 4), np.nan)
    gone = replace(dataset, frames={"object_x": empty, "object_y": empty})
    assert sample_facts.paths(gone, 0) == (None, None)


def test_choices_say_more_when_asked(dataset: DataSet) -> None:
    assert sample_facts.group_choices(dataset)[1] == Choice(
        "Group 1: 6 samples", 0, "The same pixels: 2, 3, 4, 5, 6, 7"
    )


def test_following_samples_are_those_listed_nearest_first() -> None:
    numbers = np.array([2, 5, 9, 11])
    assert following(numbers, 5, 1, 9) == [9, 11]
    assert following(numbers, 6, 1, 1) == [9]
    assert following(numbers, 9, -1, 9) == [5, 2]
    assert following(numbers, 10, -1, 2) == [9, 5]
    assert following(numbers, 2, -1, 3) == following(numbers, 11, 1, 3) == []
