"""Clips measured together: to the last bit what each gives by itself, in any order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.checks import arrays as given_arrays
from inspector.checks.arrays import AnyArray
from inspector.checks.measure import TOGETHER, measure_many
from inspector.checks.measured import Measurements
from inspector.checks.pinned import joined_points
from inspector.checks.runs import runs_of
from inspector.checks.segments import Segments
from inspector.profiles import load_skeleton
from tests.checks.test_detection import damaged
from tests.support.clips import Arrays, clip_arrays
from tests.support.measuring import profile
from tests.support.moving import moving_points


def many(clips: list[Arrays]) -> list[Measurements]:
    files = [given_arrays.Arrays(tuple(clip), {k: v for k, v in clip.items() if k != "meta"}) for clip in clips]
    found = measure_many(files, profile())
    assert all(isinstance(each, Measurements) for each in found)
    return [each for each in found if isinstance(each, Measurements)]


def plain(values: AnyArray) -> AnyArray:
    """The same with one kind of NaN: its sign says nothing."""
    if values.dtype.kind != "f":
        return values
    out: AnyArray = np.where(np.isnan(values), values.dtype.type(np.nan), values)
    return out


def bits(found: Measurements) -> dict[str, Any]:
    """All that was measured, in a form whose equality is that of bits."""
    tables = {f"{kind} {name}": each for kind in ("series", "details") for name, each in getattr(found, kind).items()}
    named = {name: (each.dtype.str, each.shape, plain(each).tobytes()) for name, each in tables.items()}
    return {"fields": repr(found.reference), "values": repr(found.values)} | named


def assert_the_same_alone(clips: list[Arrays], order: list[int]) -> None:
    alone = [bits(many([clip])[0]) for clip in clips]
    for places in (range(len(clips)), order):
        for place, found in zip(places, many([clips[place] for place in places]), strict=True):
            together = bits(found)
            assert list(together) == list(alone[place])
            assert [name for name, each in together.items() if each != alone[place][name]] == []


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_what_is_found_does_not_depend_on_the_others(data: st.DataObject) -> None:
    clips = data.draw(st.lists(damaged(), min_size=2, max_size=5))
    assert_the_same_alone(clips, data.draw(st.permutations(range(len(clips)))))


def lively(frames: int, seed: int) -> Arrays:
    """A person who moves, with points that come and go, some of them at the picture's edge and some held."""
    rng = np.random.default_rng(seed)
    arrays = clip_arrays(frames)
    points = np.clip(moving_points(frames, seed=seed), 0, 1).astype(np.float32)
    for point in rng.integers(0, 78, 30):
        first = rng.integers(0, frames)
        last = first + rng.integers(1, 14)
        points[first:last, point] = 0
        arrays["mask"][first:last, point] = rng.random() < 0.2
    for point in rng.integers(0, 78, 4):
        first = rng.integers(0, frames)
        points[first : first + 9, point, rng.integers(2)] = rng.integers(2)
        first = rng.integers(0, frames)
        points[first : first + 9, rng.integers(78)] = points[first, rng.integers(78)]
    arrays["X"] = points.reshape(frames, -1)
    return arrays


@pytest.mark.parametrize("seed", range(4))
def test_clips_of_all_lengths(seed: int) -> None:
    rng = np.random.default_rng(seed)
    clips = [lively(int(frames), seed * 100 + n) for n, frames in enumerate(rng.integers(1, 250, 40))]
    assert sum(len(clip["X"]) for clip in clips) > TOGETHER
    assert_the_same_alone(clips, rng.permutation(len(clips)).tolist())


@pytest.mark.parametrize("state", ["edge", "held", "origin", "undetected"])
def test_nothing_leads_over_a_border(state: str) -> None:
    """What lasts to the end of one clip and from the start of the next is two things, each too short by itself."""
    one, other = lively(60, 1), lively(60, 2)
    for clip, frames in ((one, slice(56, 60)), (other, slice(0, 4))):
        points = clip["X"].reshape(60, 78, 2)
        points[frames, 22] = {"edge": (1.0, 0.4), "held": (0.3, 0.3)}.get(state, (0.0, 0.0))
        clip["mask"][frames, 22] = state != "undetected"
    assert_the_same_alone([one, other], [1, 0])


def test_what_comes_next_to_a_point_at_an_edge_is_another_clips() -> None:
    along, clean = clip_arrays(60), clip_arrays(60)
    point = along["X"].reshape(60, 78, 2)[:, 22]
    point[:50], point[50:] = (0.999, 0.4), (1.0, 0.8)  # a step along the edge, to the clip's end
    point[:, 1] += np.arange(60) / 1000
    assert many([along, clean])[0].values["pinned_longest"] == 0
    assert_the_same_alone([along, clean], [1, 0])


def test_a_point_suspected_in_one_clip_is_not_looked_at_in_another() -> None:
    jumping, apart = clip_arrays(60), clip_arrays(60)
    jumping["X"].reshape(60, 78, 2)[20:40, 22, 0] = 1
    places = apart["X"].reshape(60, 78, 2)
    places[:, 22, 0] = 1
    places[0, joined_points(load_skeleton("mediapipe-78"))[22], 0] = 1  # near in the first frame, which is asked
    assert many([jumping])[0].values["pinned_longest"] == 20
    assert_the_same_alone([jumping, apart], [1, 0])


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=9), min_size=1, max_size=4), st.integers(1, 3))
def test_runs_end_at_borders(clips: list[list[bool]], shortest: int) -> None:
    rows = [np.array([clip, clip[::-1]], bool) for clip in clips]
    segments = Segments([len(clip) for clip in clips])
    found = runs_of(np.concatenate(rows, axis=1), shortest, segments)
    apart = [
        (row, start + first, start + last)
        for each, start in zip(rows, segments.starts, strict=True)
        for row, first, last in zip(*runs_of(each, shortest), strict=True)
    ]
    assert list(zip(*found, strict=True)) == sorted(apart)
