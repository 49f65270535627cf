"""Clips that are measured together come out as each by itself, to the last bit, whatever lies beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.checks import measure as measuring
from inspector.checks.arrays import Arrays
from inspector.checks.measure import measure, measure_many
from inspector.checks.measured import Measurements
from inspector.checks.segments import Segments, known_in_rows, medians, sort_rows
from inspector.errors import MeasureError
from inspector.profiles import load_profile
from tests.support.clips import clip_arrays
from tests.support.moving import moving_points
from tests.support.planting import plant
from tests.support.planting_arrays import KINDS

PARTS = ("reference", "values", "series", "details")


def arrays_of(clip: dict[str, Any]) -> Arrays:
    values = {name: np.asarray(value) for name, value in clip.items()}
    return Arrays(tuple(clip), values, meta=str(clip.get("meta", "")))


def signing(frames: int, seed: int) -> dict[str, Any]:
    """Real motion of arms with points that come and go."""
    rng = np.random.default_rng(seed)
    xy = moving_points(frames, seed=seed)
    mask = rng.random((frames, 78)) > 0.1 * (seed % 3)
    xy[~mask] = 0
    return {**clip_arrays(frames), "X": xy.reshape(frames, 156), "mask": mask}


def exactly(value: Any) -> Any:
    """As something that is equal only where every bit is, but for those of NaN."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f":
            value = np.where(np.isnan(value), value.dtype.type(np.nan), value)
        return value.dtype.str, value.shape, value.tobytes()
    return value.hex() if isinstance(value, float) else value


def same(one: Measurements | MeasureError, other: Measurements | MeasureError) -> bool:
    if isinstance(one, MeasureError) or isinstance(other, MeasureError):
        return str(one) == str(other)
    for part in PARTS:
        a, b = getattr(one, part), getattr(other, part)
        assert list(a) == list(b), part
        for name in a:
            assert exactly(a[name]) == exactly(b[name]), (part, name, a[name], b[name])
    return (one.issues, one.problems, one.unmeasured) == (other.issues, other.problems, other.unmeasured)


def planted(seed: int) -> list[dict[str, Any]]:
    """One clip with each defect, and some without."""
    rng = np.random.default_rng(seed)
    out: list[dict[str, Any]] = [signing(int(rng.integers(30, 90)), seed + k) for k in range(4)]
    other = signing(80, 99)
    for number, kind in enumerate(KINDS.values()):
        base = {**signing(int(rng.integers(60, 110)), number), "X2048": np.zeros((1, 2048), np.float32)}
        base["X2048"] = np.random.default_rng(number).random((len(base["X"]), 2048), np.float32)
        made = plant(kind, base, "clip", seed, other)
        if made is not None:
            out.append({name: value for name, value in made.arrays.items() if name != "X2048" or number % 2})
    return out


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("together", [200, 1200, 100_000])
def test_alone_and_together(seed: int, together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    by = load_profile("fslr-keypoints")
    clips = planted(seed)
    assert len(clips) > 20
    alone = []
    for clip in clips:
        try:
            alone.append(measure(arrays_of(clip), by))
        except MeasureError as error:
            alone.append(error)
    monkeypatch.setattr(measuring, "TOGETHER", together)
    order = np.random.default_rng(seed).permutation(len(clips))
    found = measure_many([arrays_of(clips[k]) for k in order], by)
    for k, each in zip(order, found, strict=True):
        assert same(alone[k], each)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 40), min_size=2, max_size=9), st.integers(0, 1000))
def test_clips_of_any_length(lengths: list[int], seed: int) -> None:
    by = load_profile("fslr-keypoints")
    clips = [signing(frames, seed + number) for number, frames in enumerate(lengths)]
    for clip, each in zip(clips, measure_many([arrays_of(clip) for clip in clips], by), strict=True):
        assert same(measure(arrays_of(clip), by), each)


def test_what_cannot_be_measured_takes_nobody_along() -> None:
    by = load_profile("fslr-keypoints")
    clips = [signing(40, 1), signing(40, 2), signing(40, 3)]
    clips[1]["X"] = np.array("text")
    first, broken, last = measure_many([arrays_of(clip) for clip in clips], by)
    assert isinstance(broken, MeasureError)
    assert same(first, measure(arrays_of(clips[0]), by))
    assert same(last, measure(arrays_of(clips[2]), by))


# --- the pieces ---------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(0, 1000))
def test_pieces_are_what_slices_are(lengths: list[int], seed: int) -> None:
    pieces = Segments(lengths)
    values = np.random.default_rng(seed).normal(size=(3, pieces.frames)).astype(np.float32)
    values[values > 1.5] = np.nan
    each = [values[:, part] for part in pieces.slices]
    where = values > 0
    np.testing.assert_array_equal(pieces.largest(values), np.stack([v.max(axis=1) for v in each], axis=1))
    np.testing.assert_array_equal(pieces.least(values), np.stack([v.min(axis=1) for v in each], axis=1))
    np.testing.assert_array_equal(pieces.count(where), np.stack([(v > 0).sum(axis=1) for v in each], axis=1))
    np.testing.assert_array_equal(pieces.spread(np.array(lengths)), pieces.spread(np.array([lengths]))[0])
    assert pieces.spread(np.array(lengths)).tolist() == [n for n in lengths for _ in range(n)]
    ordered = sort_rows(pieces.rows(values))
    known = known_in_rows(ordered)
    middle = medians(ordered, known)
    for row, v in enumerate(each):
        assert known[row] == np.count_nonzero(v == v)
        expected = np.float32(np.nanmedian(v)) if known[row] else np.nan
        np.testing.assert_allclose(middle[row], expected, rtol=1e-6)


def test_rows_leave_what_they_were_given() -> None:
    values = np.array([3, 1, 2], np.float32)
    sort_rows(Segments([3]).rows(values))
    sort_rows(values[None])
    assert values.tolist() == [3, 1, 2]
