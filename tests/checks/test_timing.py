"""Clocks: gaps, repeats, time that runs backward or starts before zero."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as some_arrays

from inspector.checks.finding import Severity
from inspector.checks.timing import frame_gaps, measure_times
from tests.support.clips import clip_arrays
from tests.support.measuring import findings, measured, profile


def clip(timestamps: Any = None) -> dict[str, Any]:
    arrays = clip_arrays()
    return arrays if timestamps is None else arrays | {"timestamps_ms": timestamps}


def ticks(step: int = 40) -> npt.NDArray[np.int64]:
    return np.arange(40, dtype=np.int64) * step


def test_a_regular_clock_has_no_finding() -> None:
    found = findings(clip(ticks()))
    assert not any(code.startswith("TIMESTAMP") for code in found)
    assert measured(clip(ticks())).values["gap_ratio"] == 1


@pytest.mark.parametrize(("steps", "found"), [(1, False), (2, False), (2.4, False), (2.425, True), (3, True)])
def test_gap_boundary(steps: float, found: bool) -> None:
    times = ticks()
    times[10:] += round(40 * (steps - 1))
    assert measured(clip(times)).values["gap_ratio"] == pytest.approx(steps)
    got = findings(clip(times))
    assert ("TIMESTAMP_GAP" in got) is found
    if found:
        assert got["TIMESTAMP_GAP"].frames == ((10, 10),)
        assert f"{40 * steps:g} ms before frame 10" in got["TIMESTAMP_GAP"].message


def test_milliseconds_that_are_rounded_are_no_gap() -> None:
    times = np.round(np.arange(40) * 1000 / 30).astype(np.int64)
    assert "TIMESTAMP_GAP" not in findings(clip(times))
    times[34:] += 33  # one frame of thirty a second lost, as a sampler does that keeps to a grid
    assert "TIMESTAMP_GAP" not in findings(clip(times))
    times[34:] += 33
    assert findings(clip(times))["TIMESTAMP_GAP"].frames == ((34, 34),)


def test_all_gaps_are_named() -> None:
    times = ticks()
    times[10:] += 200
    times[30:] += 400
    found = findings(clip(times))["TIMESTAMP_GAP"]
    assert found.frames == ((10, 10), (30, 30))
    assert found.message.startswith("2 gaps; the longest, 440 ms before frame 30, where 40 ms is usual")


def test_time_runs_backward_and_that_is_no_gap() -> None:
    times = ticks()
    times[20] -= 160  # one frame is stamped too early; the next one is where it belongs
    found = findings(clip(times))
    assert found["TIMESTAMPS_BACKWARD"].frames == ((20, 20),)
    assert (found["TIMESTAMPS_BACKWARD"].severity, found["TIMESTAMPS_BACKWARD"].target) == (
        Severity.HIGH,
        "transformer",
    )
    assert "by 120 ms" in found["TIMESTAMPS_BACKWARD"].message
    assert "TIMESTAMP_GAP" not in found


def test_time_that_goes_on_from_an_earlier_moment() -> None:
    times = ticks()
    times[20:] -= 160
    found = findings(clip(times))
    assert found["TIMESTAMPS_BACKWARD"].frames == ((20, 20),)
    assert "TIMESTAMP_GAP" not in found


def test_repeated_times_are_named_and_are_no_gap() -> None:
    times = ticks()
    times[21:25] = times[20]
    found = findings(clip(times))
    assert found["TIMESTAMP_REPEAT"].frames == ((21, 24),)
    assert not {"TIMESTAMPS_BACKWARD", "TIMESTAMP_GAP"} & set(found)


def test_a_gap_beside_a_repeat_is_still_one() -> None:
    times = ticks()
    times[21] = times[20]
    times[30:] += 200
    assert findings(clip(times))["TIMESTAMP_GAP"].frames == ((30, 30),)


def test_time_before_zero() -> None:
    found = findings(clip(ticks() - 80))
    assert found["TIMESTAMPS_NEGATIVE"].frames == ((0, 1),)
    assert "earliest at -80 ms" in found["TIMESTAMPS_NEGATIVE"].message
    assert "TIMESTAMPS_NEGATIVE" not in findings(clip(ticks()))


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_too_few_frames_for_a_gap(frames: int) -> None:
    times = np.array([0, 4000], np.int64)[:frames]
    assert measure_times([times]) == [{"gap_ratio": None}]
    assert "TIMESTAMP_GAP" not in findings(clip_arrays(frames) | {"timestamps_ms": times})


def test_a_clock_that_stands_still_has_no_gap() -> None:
    assert measure_times([np.zeros(9, np.int64)]) == [{"gap_ratio": None}]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_times_that_are_no_numbers_hide_no_gap(value: float) -> None:
    times = ticks().astype(np.float64)
    times[5] = value
    times[20:] += 400
    assert measure_times([times]) == [{"gap_ratio": 11}]
    assert findings(clip(times))["TIMESTAMP_GAP"].frames == ((20, 20),)


TIMES = some_arrays(st.sampled_from([np.int64, np.float32, np.uint8]), st.integers(0, 30))
FORWARD = some_arrays(np.int64, st.integers(0, 30), elements=st.integers(1, 90)).map(np.cumsum)


@given(st.lists(TIMES | FORWARD, max_size=6))
def test_the_quick_way_and_the_exact_one_agree(clips: list[npt.NDArray[Any]]) -> None:
    for timestamps, found in zip(clips, measure_times(clips), strict=True):
        gaps, frames, _ = frame_gaps(timestamps)
        assert len(gaps) == len(frames)
        assert found == {"gap_ratio": gaps.max() if gaps.size > 1 else None}


def test_the_limit_is_the_profiles() -> None:
    times = ticks()
    times[10:] += 80
    assert "TIMESTAMP_GAP" not in findings(clip(times), profile(timestamp_gap_factor=3.0))
    assert "TIMESTAMP_GAP" in findings(clip(times), profile(timestamp_gap_factor=2.9))


def test_frames_stamped_too_early_leave_no_gap_where_time_catches_up() -> None:
    times = ticks()
    times[20:23] -= 160  # three frames, each later than the one before
    assert measured(clip(times)).values["gap_ratio"] == 1
    assert "TIMESTAMP_GAP" not in findings(clip(times))
