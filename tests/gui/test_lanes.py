from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inspector.checks.kinematics import STANDS_OUT
from inspector.gui.panes.lanes import Lane, columns, lanes_of, outline, robust_top, runs
from inspector.gui.panes.time_axis import TimeAxis
from inspector.profiles.model import Limits
from tests.support.views import inspection_of, still_clip

NAN = float("nan")


def lanes(**series: list[float]) -> dict[str, Lane]:
    frames = len(next(iter(series.values())))
    arrays = {name: np.array(values, dtype=np.float32) for name, values in series.items()}
    return {lane.key: lane for lane in lanes_of(inspection_of(still_clip(frames), series=arrays))}


def test_lanes_are_those_that_were_measured_and_fit() -> None:
    inspection = inspection_of(
        still_clip(4),
        series={
            "bone_change": np.zeros(4, np.float32),
            "visible": np.zeros(4, np.float32),
            "speed": np.zeros(3, np.float32),  # of another length
            "still": np.zeros(4, np.float32),  # no lane
        },
    )
    assert [lane.key for lane in lanes_of(inspection)] == ["visible", "bone_change"]
    assert lanes_of(inspection_of(None)) == ()


@pytest.mark.parametrize(("key", "field"), [("spike", "speed_spike"), ("cut", "camera_cut"), ("jitter", "jitter")])
def test_rare_faults_have_a_lane_where_they_come_near_their_limit(key: str, field: str) -> None:
    limit = getattr(Limits(), field)
    assert list(lanes(**{key: [NAN, 0.0, 0.7 * limit]})) == []
    assert list(lanes(**{key: [NAN, NAN, NAN]})) == []
    lane = lanes(**{key: [NAN, 0.8 * limit, 1.01 * limit]})[key]
    assert [lane.beyond(frame) for frame in range(3)] == [False, False, True]
    assert lane.limit is not None
    assert lane.limit <= lane.top  # in sight


def test_trembling_reads_in_percent_of_the_body() -> None:
    lane = lanes(jitter=[0.0, 0.02])["jitter"]
    assert lane.reading(1) == "2.0"
    assert lane.limit == pytest.approx(Limits().jitter * 100)


def test_speed_has_no_limit() -> None:
    lane = lanes(speed=[NAN, 500.0])["speed"]
    assert lane.limit is None
    assert not lane.beyond(1)


def test_bones_are_held_against_the_level_of_their_clip() -> None:
    inspection = inspection_of(still_clip(3), series={"bone_change": np.zeros(3, np.float32)})
    steady = lanes_of(inspection)[0].limit
    assert steady == pytest.approx(Limits().bone_jump * 100)
    measured = {"bone_change_median": 1.0, "bone_change_mad": 0.5}
    restless = replace(inspection, record=replace(inspection.record, measurements=measured))
    assert lanes_of(restless)[0].limit == pytest.approx(100 * (1.0 + STANDS_OUT * 0.5))


def test_visible_points_are_measured_against_all_and_against_the_limit() -> None:
    lane = lanes_of(inspection_of(still_clip(2), series={"visible": np.array([3, 5], np.int64)}))[0]
    assert (lane.top, lane.limit) == (5, 10)
    assert lane.beyond(0)
    assert lane.reading(1) == "5"


def test_bones_read_in_percent() -> None:
    lane = lanes_of(inspection_of(still_clip(3), series={"bone_change": np.array([NAN, 0.25, 0.5], np.float32)}))[0]
    assert [lane.reading(frame) for frame in (-1, 0, 1, 2, 3)] == ["–", "–", "25", "50", "–"]
    assert lane.limit is not None
    assert lane.limit >= 100
    assert not lane.beyond(2)


def test_one_spike_does_not_flatten_the_rest() -> None:
    values = np.full(200, 1.0, np.float32)
    values[50] = 1000
    assert robust_top(values) == 2
    assert robust_top(values, limit=25) == pytest.approx(31.25)  # the limit that it passes is in sight


def test_scale_of_nothing() -> None:
    for values in ([], [NAN, NAN], [0.0, 0.0]):
        assert robust_top(np.array(values, np.float32)) == 1
    assert robust_top(np.array([0] * 99 + [7], np.float32)) == pytest.approx(7.35)


def test_runs_are_broken_by_gaps() -> None:
    assert runs(np.array([NAN, 1, 2, NAN, NAN, 3])) == [(1, 3), (5, 6)]
    assert runs(np.array([])) == []


@given(
    values=hnp.arrays(np.float32, st.integers(40, 400), elements=st.floats(0, 100, width=32) | st.just(NAN)),
    width=st.integers(1, 20),
)
def test_columns_keep_the_extremes(values: np.ndarray, width: int) -> None:
    low, high = columns(values, 0, len(values), width)
    assert len(low) == len(high) == width
    if np.isfinite(values).any():
        assert np.nanmax(high) == np.nanmax(values)
        assert np.nanmin(low) == np.nanmin(values)
    else:
        assert not np.isfinite(high).any()
    known = np.isfinite(high)
    assert (low[known] <= high[known]).all()


def test_outline_is_a_point_a_frame_until_frames_share_pixels() -> None:
    values = np.arange(100, dtype=np.float32)
    xs, ys = outline(values, TimeAxis.whole(100, 10, 300))
    assert len(xs) == 100
    assert ys.tolist() == values.tolist()
    xs, ys = outline(values, TimeAxis.whole(100, 10, 20))
    assert len(xs) == 40
    assert (ys.min(), ys.max()) == (0, 99)


def test_outline_leads_out_of_sight() -> None:
    axis = TimeAxis.whole(100, 0, 300).magnified(10, 150)
    xs, _ = outline(np.zeros(100, np.float32), axis)
    assert xs[0] < 0
    assert xs[-1] > 300
