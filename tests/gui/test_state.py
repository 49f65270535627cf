from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inspector.audit import Clip, Inspection
from inspector.gui.state import SessionState, frame_after, resolve
from inspector.gui.view import Playback
from inspector.profiles import load_profile
from tests.gui import support
from tests.gui.support import finding


def inspection(at: str, frames: int, findings: int = 0) -> Inspection:
    points = np.zeros((frames, 3, 2), np.float32)
    clip = Clip(points, np.ones((frames, 3), bool), np.arange(frames) / 30.0)
    found = replace(support.record(at), findings=tuple(finding("JITTER", k) for k in range(findings)))
    return Inspection(at, found, load_profile("generic"), clip=clip if frames else None)


states = st.builds(
    SessionState,
    path=st.none() | st.sampled_from(["a", "b"]),
    inspection=st.none()
    | st.builds(inspection, st.sampled_from(["a", "b"]), st.sampled_from([0, 1, 2, 9]), st.integers(0, 2)),
    loading=st.booleans(),
    landing=st.none() | st.sampled_from(["first", "last"]),
    frame=st.integers(-5, 20),
    finding=st.none() | st.integers(-2, 4),
    playback=st.builds(
        Playback,
        playing=st.booleans(),
        speed=st.sampled_from([0.0, 0.5, 1.0, 99.0]),
        loop=st.booleans(),
        span=st.none() | st.tuples(st.integers(-3, 12), st.integers(-3, 12)),
    ),
)


@given(states)
def test_a_view_never_contradicts_itself(state: SessionState) -> None:
    view = resolve(state)
    assert view.path == state.path
    assert view.inspection is None or view.inspection.path == view.path
    assert 0 <= view.frame < max(view.frames, 1)
    assert view.finding is None or 0 <= view.finding < len(view.findings)
    assert not view.playback.playing or view.frames > 1
    if view.playback.span is not None:
        first, last = view.playback.span
        assert 0 <= first < last < view.frames
    if view.path is None:
        assert not view.loading


@given(
    st.lists(st.floats(0, 2), min_size=1, max_size=30), st.integers(0, 40), st.sampled_from([-1.0, -0.1, 0.1, 1.0, 9.0])
)
def test_a_second_is_a_second_of_the_clip_and_always_moves(steps: list[float], frame: int, seconds: float) -> None:
    clock = np.cumsum(steps)
    clip = Clip(np.zeros((len(clock), 1, 2), np.float32), np.ones((len(clock), 1), bool), clock)
    shown = replace(inspection("a", 1), clip=clip)
    frame = min(frame, len(clock) - 1)
    to = frame_after(shown, frame, seconds)
    assert 0 <= to < len(clock)
    if seconds > 0 and frame < len(clock) - 1:
        assert to > frame
        assert to == len(clock) - 1 or to == frame + 1 or clock[to] >= clock[frame] + seconds - 1e-5
        assert to == frame + 1 or clock[to - 1] < clock[frame] + seconds
    if seconds < 0 and frame > 0:
        assert to < frame
        assert to in (0, frame - 1) or clock[to] <= clock[frame] + seconds + 1e-5
