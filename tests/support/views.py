"""Views of made-up clips, for tests of panes and of drawing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.audit.inspection import Clip, Inspection
from inspector.audit.record import Record
from inspector.checks.finding import Finding, Status
from inspector.gui.view import ViewState
from inspector.profiles.model import Group, Profile, Skeleton

SKELETON = Skeleton(
    name="square",
    title="Square",
    points=("top_left", "top_right", "bottom_right", "bottom_left", "middle"),
    groups=(
        Group(name="left", title="Left", colour="#D55E00", points=(0, 3)),
        Group(name="right", title="Right", colour="#0072B2", points=(1, 2)),
    ),
    bones=((0, 3), (1, 2), (0, 1)),
    contours=((2, 3),),
)
PROFILE = Profile(name="square", title="Square", kind="keypoints", skeleton=SKELETON)

CORNERS = np.array([[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8], [0.5, 0.5]], dtype=np.float32)


def still_clip(frames: int = 10, *, step: float = 0.1, own_clock: bool = True) -> Clip:
    """A square and its middle, all visible, `step` seconds a frame."""
    points = np.repeat(CORNERS[None], frames, axis=0)
    return Clip(points, np.ones((frames, 5), dtype=bool), np.linspace(0, step * (frames - 1), frames), own_clock)


def inspection_of(
    clip: Clip | None,
    *,
    findings: tuple[Finding, ...] = (),
    series: dict[str, npt.NDArray[np.float32]] | None = None,
    skeleton: Skeleton | None = SKELETON,
    error: str | None = None,
) -> Inspection:
    """An inspection that holds these parts and no arrays."""
    record = Record(path="/clips/square.npz", status=Status.PASS, findings=findings, error=error)
    return Inspection(
        path=record.path, record=record, profile=PROFILE, skeleton=skeleton, clip=clip, series=dict(series or {})
    )


def view_of(clip: Clip | None = None, *, findings: tuple[Finding, ...] = (), **changes: Any) -> ViewState:
    """A view of a clip (a still one by default) at frame 0, with some fields changed."""
    inspection = changes.pop("inspection", None) or inspection_of(
        still_clip() if clip is None else clip, findings=findings
    )
    return replace(ViewState(path=inspection.path, inspection=inspection), **changes)
