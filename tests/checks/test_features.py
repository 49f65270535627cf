"""Features: dead columns and rows, repeated rows; on arrays where the answer is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes
from hypothesis.extra.numpy import arrays as some_arrays

from inspector.checks.arrays import Figures
from inspector.checks.features import measure_rows
from inspector.checks.judge import judge
from tests.support.clips import clip_arrays
from tests.support.measuring import findings, measured, profile

Features = npt.NDArray[np.float32]


def features(frames: int = 40, columns: int = 2048) -> Features:
    return np.random.default_rng(3).random((frames, columns), dtype=np.float32) + np.float32(0.1)


def clip(made: Any) -> dict[str, Any]:
    return clip_arrays(len(made)) | {"X2048": made}


def sparse(frames: int = 40) -> Features:
    """As behind a ReLU: how active a unit is has no gap above zero, and many are zero all through."""
    rng = np.random.default_rng(5)
    bias = rng.normal(1.0, 0.6, 2048)
    return np.maximum(bias + rng.normal(0, 0.05, (frames, 2048)), 0).astype(np.float32)


def test_lively_features_have_no_finding() -> None:
    got = measured(clip(features()))
    assert [got.values[k] for k in ("dead_features_pct", "dead_excess_pct", "dead_rows", "repeated_rows")] == [0] * 4
    assert findings(clip(features())) == {}


@pytest.mark.parametrize(
    ("value", "columns", "found"), [(0, 10, False), (0, 11, True), (2.5, 10, False), (2.5, 11, True)]
)
def test_columns_that_never_change(value: float, columns: int, found: bool) -> None:
    made = features()
    made[:, 100 : 100 + columns] = value  # 0.5 % of 2048 is 10.24
    assert measured(clip(made)).values["dead_features_pct"] == columns / 2048 * 100
    got = findings(clip(made))
    assert ("DEAD_FEATURES" in got) is found
    if found:
        assert got["DEAD_FEATURES"].frames == ()
        assert "0.5 % of the features" in got["DEAD_FEATURES"].message


def test_a_column_that_changes_in_one_frame_is_not_dead() -> None:
    made = features()
    made[:, :40] = 0
    made[17, :40] = 1
    assert measured(clip(made)).values["dead_features_pct"] == 0


def test_zeros_of_a_sparse_network_are_explained_up_to_the_other_limit() -> None:
    made = sparse()
    values = measured(clip(made)).values
    assert 1 < values["dead_features_pct"] < 10
    assert values["dead_excess_pct"] == 0
    assert "DEAD_FEATURES" not in findings(clip(made))
    made[:, 0:400] = 0
    assert measured(clip(made)).values["dead_features_pct"] > 10
    assert "DEAD_FEATURES" in findings(clip(made))


def test_another_value_than_zero_is_never_explained() -> None:
    made = sparse()
    made[:, :40] = 0.7
    assert measured(clip(made)).values["dead_excess_pct"] == 40 / 2048 * 100


@pytest.mark.parametrize("value", [0.0, 1.5])
def test_dead_rows_are_named_and_are_no_repeats(value: float) -> None:
    made = features()
    made[[4, 5, 20]] = value
    found = findings(clip(made))
    assert list(found) == ["DEAD_FEATURES"]
    assert found["DEAD_FEATURES"].frames == ((4, 5), (20, 20))


def test_a_row_with_one_other_value_is_not_dead() -> None:
    made = features()
    made[7] = 0
    made[7, 1001] = 1
    assert measured(clip(made)).values["dead_rows"] == 0


@pytest.mark.parametrize(("copies", "found"), [(1, False), (2, True), (5, True)])
def test_a_row_that_stays(copies: int, found: bool) -> None:
    made = features()
    made[11 : 11 + copies] = made[10]
    got = findings(clip(made))
    assert ("REPEATED_ROWS" in got) is found
    if found:
        assert got["REPEATED_ROWS"].frames == ((11, 10 + copies),)
        assert "first frame 11, with those of frame 10" in got["REPEATED_ROWS"].message


def test_rows_that_come_again_later() -> None:
    made = features()
    made[30:33] = made[2:5]
    got = measured(clip(made))
    assert got.details["repeated_from"][30:33].tolist() == [2, 3, 4]
    assert np.flatnonzero(got.series["repeated_row"]).tolist() == [30, 31, 32]


def test_rows_alike_in_few_columns_are_no_repeats() -> None:
    made = features()
    made[20:25] = made[19]
    made[20:25, 1003] += np.arange(1, 6, dtype=np.float32)
    assert measured(clip(made)).values["repeated_rows"] == 0


def test_a_frozen_video_is_told_of_its_features_too() -> None:
    arrays = clip(features())
    arrays["X"][11:20], arrays["X2048"][11:20] = arrays["X"][10], arrays["X2048"][10]
    assert {"FROZEN_FRAMES", "REPEATED_ROWS"} <= set(findings(arrays))


def test_rows_that_are_no_numbers_are_no_repeats() -> None:
    made = features()
    made[5:15] = np.nan
    assert set(findings(clip(made))) == {"NON_FINITE"}


@pytest.mark.parametrize("made", [None, np.zeros((1, 9)), np.zeros((4, 0)), np.zeros(9), np.zeros((4, 3), "U1")])
def test_nothing_to_measure(made: Any) -> None:
    values, series, details = measure_rows(None if made is None else Figures(made))
    assert set(values.values()) == {None}
    assert not series
    assert not details


@given(
    some_arrays(
        st.sampled_from(["f4", ">f4", "f8", "f2", "u1", "i8"]),
        array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=12),
        elements=st.integers(0, 2),
    )
)
def test_any_array_against_plain_counting(made: npt.NDArray[Any]) -> None:
    values, series, details = measure_rows(Figures(made))
    dead_rows = (made == made[:, :1]).all(axis=1)
    assert values["dead_features_pct"] == (made == made[0]).all(axis=0).mean() * 100
    assert series["dead_row"].tolist() == dead_rows.tolist()
    for row, source in enumerate(details["repeated_from"].tolist()):
        equal = [k for k in range(row) if not dead_rows[row] and np.array_equal(made[k], made[row])]
        assert source == (equal[0] if equal else -1)
    assert series["repeated_row"].sum() == values["repeated_rows"]


def test_features_of_another_length_are_measured_all_the_same() -> None:
    arrays = clip_arrays(40) | {"X2048": features(44)}
    arrays["X2048"][41:44] = arrays["X2048"][40]
    found = {f.code: f for f in judge(measured(arrays), profile())}
    assert found["REPEATED_ROWS"].frames == ((41, 43),)


def test_features_without_points_that_can_be_measured() -> None:
    made = features()
    made[3:9] = 0
    arrays = clip(made) | {"X": np.zeros((40, 4, 5), np.float32)}
    assert "DEAD_FEATURES" in {f.code for f in judge(measured(arrays), profile())}
