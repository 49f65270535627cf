"""Near duplicates among videos: found whatever was done to a copy, and not made up among paths that look alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.checks import Severity, video_lay, video_near
from inspector.checks.dataset import NearPair
from inspector.checks.judge_videos import judge_videos
from inspector.checks.video_crossings import guesses
from inspector.checks.video_lay import Way
from inspector.checks.video_near import Lanes, groups_of, near_duplicates, with_near
from inspector.checks.video_sets import dataset_values
from inspector.demo.videos import make_videos
from tests.checks.video_support import Array, measured, metered, rules

SAMPLES, FRAMES, SIDE = 60, 16, 64
OWN = make_videos(SAMPLES, seed=11).centres
CURVED = (1, 2, 3, 4, 5, 6, 7, 9)  # no straight lines


def near(paths: Array, free: Array | None = None, wanted: Array | None = None, **limits: Any) -> list[NearPair]:
    """Pairs among paths (N, T, 2), in pictures of 64 x 64; `free` is False where the object is at an edge."""
    edge = np.zeros(paths.shape[:2], bool) if free is None else ~free
    lanes = Lanes(paths[..., 0].astype(np.float32), paths[..., 1].astype(np.float32), edge, edge)
    every = np.ones(len(paths), bool) if wanted is None else wanted
    return near_duplicates(lanes, (SIDE, SIDE), every, rules(**limits))


def beside(copy: Array, samples: Array = OWN) -> Array:
    return np.concatenate([samples, copy[None]])


COPIES: dict[str, tuple[Callable[[Array], Array], str]] = {
    "same": (lambda p: p, "the same path in other pixels"),
    "later": (lambda p: np.roll(p, 3, axis=0), "3 frames later"),
    "earlier": (lambda p: np.roll(p, -1, axis=0), "1 frame earlier"),
    "mirrored": (lambda p: np.array([SIDE - 1, 0]) + p * [-1, 1], "mirrored left to right"),
    "upside down": (lambda p: np.array([0, SIDE - 1]) + p * [1, -1], "mirrored upside down"),
    "turned": (lambda p: SIDE - 1 - p, "turned by 180°"),
    "backward": (lambda p: p[::-1], "played backward"),
    "both": (lambda p: (SIDE - 1 - p)[::-1], "turned by 180°, played backward"),
    "slow": (lambda p: p[np.arange(FRAMES) // 2 + 4], "at 0.5 times the speed"),
}


@pytest.mark.parametrize("kind", COPIES)
@pytest.mark.parametrize("source", CURVED)
def test_a_copy_is_found_and_what_was_done_to_it(kind: str, source: int) -> None:
    change, how = COPIES[kind]
    assert near(beside(change(OWN[source]))) == [NearPair(source, SAMPLES, how)]


def test_paths_that_only_look_alike_are_no_copies() -> None:
    assert near(OWN) == []
    assert near(make_videos(300, seed=12).centres) == []


def test_a_copy_with_noise_is_found_up_to_a_part_of_a_pixel() -> None:
    rng = np.random.default_rng(0)
    assert [p[:2] for p in near(beside(OWN[5] + rng.normal(0, 0.03, (FRAMES, 2))))] == [(5, SAMPLES)]
    assert near(beside(OWN[5] + rng.normal(0, 0.8, (FRAMES, 2)))) == []


@pytest.mark.parametrize(("shift", "found"), [(6, True), (7, False)])
def test_most_of_the_frames_must_be_shared(shift: int, found: bool) -> None:
    path = OWN[4].copy()
    copy = np.concatenate([np.full((shift, 2), 5.0), path[: FRAMES - shift]])  # 10 or 9 of 16; the limit is 60 %
    assert bool(near(beside(copy))) is found
    assert near(beside(copy), near_shared_pct=50.0)


@pytest.mark.parametrize(("span", "found"), [(6.5, False), (8.0, True)])
def test_what_hardly_moves_is_left_out(span: float, found: bool) -> None:
    angle = np.linspace(0, 5, FRAMES)
    small = 30.3 + span / 2**1.5 * np.stack(
        [np.cos(angle), np.sin(angle)], axis=1
    )  # the limit is 8 % of 90.5 pixels: 7.2
    assert bool(near(np.stack([small, small]))) is found


def test_places_at_the_edge_tell_little() -> None:
    way = np.full((FRAMES, 2), 2.3)
    way[:, 0] = np.clip(np.arange(FRAMES) * 17.0 - 60, 2, 60)  # along the upper edge, then in the corner
    inside = (way[:, 0] > 2) & (way[:, 0] < 60)
    both = np.stack([way, np.roll(way, 1, axis=0)])
    assert near(both, np.stack([inside, np.roll(inside, 1)]) & False) == []


def test_samples_that_are_not_wanted_are_left_out() -> None:
    paths = beside(OWN[5][::-1])
    assert near(paths)
    assert near(paths, wanted=np.arange(len(paths)) != 5) == []


def test_nothing_comes_of_nothing() -> None:
    assert near(OWN[:0]) == near(OWN[:1]) == near(OWN[:, :1]) == near(np.full((4, 8, 2), np.nan)) == []
    assert groups_of([]) == ()
    none = guesses(np.zeros((3, 5, 2)), 2.0, 1.0, 0.3)
    assert len(none.a) == len(none.ratio) == 0


@given(st.integers(0, 40), st.integers(1, 12), st.integers(0, 2**32))
def test_wild_paths_are_no_trouble(samples: int, frames: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    paths = rng.uniform(-5, 70, (samples, frames, 2))
    paths[rng.random((samples, frames)) < 0.1] = np.nan
    assert all(0 <= a < b < samples for a, b, _ in near(paths))


def test_a_hole_in_a_path_does_not_hide_it() -> None:
    copy = OWN[5][::-1].copy()
    copy[6] = np.nan
    assert [p[:2] for p in near(beside(copy))] == [(5, SAMPLES)]


def test_groups_hang_together_by_pairs() -> None:
    pairs = [NearPair(4, 9, ""), NearPair(1, 7, ""), NearPair(2, 9, ""), NearPair(2, 3, "")]
    assert groups_of(pairs) == ((1, 7), (2, 3, 4, 9))


def test_static_samples_and_exact_copies_are_said_already() -> None:
    made = make_videos(12, seed=3).arrays["videos"]
    still = np.repeat(made[3][:1], FRAMES, axis=0)
    videos = np.stack([*made, made[2], made[2][..., ::-1], still, still * np.float32(0.9)])
    dataset, _ = measured(videos)
    found = with_near(dataset, metered(videos).frames, rules())
    assert found.groups == ((2, 12),)
    assert found.near == (NearPair(2, 13, "mirrored left to right"),)
    assert found.near_groups == ((2, 13),)


def test_the_finding_and_the_record_name_them() -> None:
    made = make_videos(20, seed=3).arrays["videos"]
    videos = np.concatenate([made, made[2:4, ::-1], made[2:3] * np.float32(0.8)])
    dataset, _ = measured(videos)
    meter = metered(videos)
    dataset = with_near(dataset, meter.frames, rules())
    values = dataset_values(dataset, meter)
    groups = [[2, 20, 22], [3, 21]]
    assert values["near_duplicates"] == {"groups": groups, "pairs": [list(pair) for pair in dataset.near]}
    findings, _ = judge_videos(dataset, values, rules())
    (finding,) = (f for f in findings if f.code == "NEAR_DUPLICATE_SAMPLES")
    assert (finding.severity, finding.samples) == (Severity.MEDIUM, ((2, 3), (20, 22)))
    assert finding.message.startswith("5 of 23 samples (22 %) show the path of another one, in 2 groups: ")
    assert "sample 20 is sample 2 played backward" in finding.message
    clean, _ = judge_videos(replace(dataset, near=(), near_groups=()), values, rules())
    assert "NEAR_DUPLICATE_SAMPLES" not in {f.code for f in clean}


def test_turns_of_all_paths_at_once_are_those_of_each() -> None:
    t = np.arange(9)
    line = np.stack([3.0 * t, 2.0 * t], axis=1)
    corner = np.array([[0, 0], [4, 0], [8, 0], [8, 4], [8, 8], [8, 8], [8, 8.1], [8, 12], [8, 16]], np.float64)
    circle = 20 * np.stack([np.cos(t * 0.5), np.sin(t * 0.5)], axis=1)
    hidden = np.full((9, 2), np.nan)
    holes = corner.copy()
    holes[[1, 6]] = np.nan
    assert video_near._turning(np.stack([line, hidden, corner, holes, circle, hidden])) == pytest.approx(
        [0, 0, np.pi / 2, np.pi / 2, 7 * 0.5, 0]
    )
    assert video_near._turning(hidden[None]).tolist() == [0]


@given(st.integers(0, 2**32), st.integers(4, 40))
def test_a_few_frames_rule_out_only_what_all_would(seed: int, frames: int) -> None:
    rng = np.random.default_rng(seed)
    paths = rng.uniform(-30, 30, (12, frames, 2))
    paths[6:] = paths[:6] + rng.uniform(-1, 1, (6, frames, 2)) * rng.uniform(0, 2, (6, 1, 1))
    paths[rng.random((12, frames)) < 0.05] = np.nan
    a, b = np.divmod(np.arange(144), 12)
    one = np.ones(144, np.int64)
    way = Way(a, b, one, one, np.ones(144), rng.integers(-1, 2, 144).astype(np.float64))
    least = 0.5
    every = video_lay._enough(video_lay.lay(paths, way, 1.0), least)
    kept = video_lay._possible(paths, way, 1.0)
    few = video_lay._enough(video_lay.lay(paths, kept, 1.0), least)
    assert len(kept.a) < 144
    np.testing.assert_array_equal(np.stack([few.way.a, few.way.b]), np.stack([every.way.a, every.way.b]))
    np.testing.assert_array_equal(few.apart, every.apart)
