"""What the window knows of the shown file, and the pure step from it to what the panes are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from inspector.gui.copies import Copy, shown_beside
from inspector.gui.samples import listed, marks, sample_of
from inspector.gui.view import Display, Playback, Subset, ViewState

if TYPE_CHECKING:
    from inspector.audit.inspection import Inspection
    from inspector.audit.record import Record
    from inspector.gui.folder_view import FolderView

SLOWEST, FASTEST = 0.05, 16.0
MOST_BESIDE = 3
"""Copies that are shown beside a file at most."""


@dataclass(frozen=True, slots=True)
class SessionState:
    """Intent and knowledge; `resolve` makes one consistent picture of it, whatever the fields say.

    Attributes
    ----------
    path
        The selected file.
    inspection
        The newest one that came; may be another file's while the selected one loads.
    loading
        An inspection of `path` is under way.
    landing
        Which finding to go to once the inspection is there.
    folder
        All files, as they were last looked at.
    copies
        Files that show the same recording as the selected one.
    beside
        Paths of those that were picked to be shown beside it.
    comparing
        The user wants files beside their copies.
    """

    path: str | None = None
    inspection: Inspection | None = None
    loading: bool = False
    landing: Literal["first", "last"] | None = None
    sample: int = 0
    subset: Subset = field(default_factory=Subset)
    frame: int = 0
    finding: int | None = None
    playback: Playback = field(default_factory=Playback)
    display: Display = field(default_factory=Display)
    folder: FolderView | None = None
    copies: tuple[Copy, ...] = ()
    beside: tuple[str, ...] = ()
    comparing: bool = False


def resolve(state: SessionState) -> ViewState:
    """One consistent view: another file's inspection is not shown, frames and findings exist, nothing plays without."""
    inspection = state.inspection
    if inspection is None or inspection.path != state.path:
        return ViewState(
            path=state.path,
            loading=state.loading and state.path is not None,
            playback=replace(state.playback, playing=False, span=None),
            display=state.display,
            folder=state.folder,
            copies=state.copies,
            beside=_beside(state),
            comparing=state.comparing,
        )
    frames = len(inspection.seconds)
    samples = inspection.dataset.layout.samples if inspection.dataset is not None else 0
    playback = replace(
        state.playback,
        playing=state.playback.playing and frames > 1,
        speed=min(max(state.playback.speed, SLOWEST), FASTEST),
        span=_within(state.playback.span, frames),
    )
    finding = state.finding
    if finding is not None and not 0 <= finding < len(inspection.record.findings):
        finding = None
    return ViewState(
        path=state.path,
        loading=state.loading,
        inspection=inspection,
        frame=min(max(state.frame, 0), max(frames - 1, 0)),
        finding=finding,
        playback=playback,
        display=state.display,
        sample=min(max(state.sample, 0), max(samples - 1, 0)),
        subset=state.subset,
        listed=listed(inspection, state.subset),
        folder=state.folder,
        copies=state.copies,
        beside=_beside(state) if inspection.clip is not None else (),
        comparing=state.comparing,
    )


def _beside(state: SessionState) -> tuple[Copy, ...]:
    return shown_beside(state.copies, state.beside, MOST_BESIDE) if state.comparing else ()


def _within(span: tuple[int, int] | None, frames: int) -> tuple[int, int] | None:
    """A span in order and inside the clip; None when it holds no more than one frame."""
    if span is None or frames < 2:
        return None
    first, last = sorted(span)
    first, last = max(first, 0), min(last, frames - 1)
    return (first, last) if first < last else None


def arrived(state: SessionState, inspection: Inspection) -> SessionState:
    """The state once an inspection of the selected file is there, or a glance; the place is kept on a re-read."""
    if inspection.path != state.path:
        return state
    again = state.inspection is not None and state.inspection.path == inspection.path
    landing = None if inspection.complete else state.landing
    state = replace(state, inspection=inspection, loading=not inspection.complete, landing=landing)
    if not again:
        playback = replace(state.playback, span=None)
        state = replace(state, frame=0, sample=0, subset=Subset(), finding=None, playback=playback)
    return state


def judged_anew(state: SessionState, change: Callable[[Record], Record]) -> SessionState:
    """The state with another verdict on the shown file; the finding that was gone to stays if it is still there."""
    inspection = state.inspection
    if inspection is None:
        return state
    before, record = inspection.record, change(inspection.record)
    if record.findings == before.findings and record.status is before.status:
        return state
    finding = state.finding
    if finding is not None:
        known = before.findings[finding] if finding < len(before.findings) else None
        finding = next((number for number, one in enumerate(record.findings) if one == known), None)
    return replace(state, inspection=replace(inspection, record=record), finding=finding)


def place_of(inspection: Inspection, finding: int, sample: int) -> tuple[int, int | None]:
    """Where a finding begins: the sample (the present one if it is named), and the frame, None when it has none."""
    findings = inspection.record.findings
    if not 0 <= finding < len(findings):
        return sample, None
    if inspection.dataset is not None:
        sample = sample_of(findings[finding], sample)
    frames = marks(inspection, sample)[finding].frames
    return sample, frames[0][0] if frames else None


def frame_after(inspection: Inspection | None, frame: int, seconds: float) -> int:
    """The frame shown this much later (earlier when negative) in the clip's own time; always another one."""
    if inspection is None or not len(inspection.seconds):
        return frame
    clock = inspection.seconds
    last = len(clock) - 1
    moment = float(clock[min(max(frame, 0), last)]) + seconds
    if seconds > 0:
        found = int(np.searchsorted(clock, moment - 1e-6, side="left"))
        return min(max(found, frame + 1), last)
    found = int(np.searchsorted(clock, moment + 1e-6, side="right")) - 1
    return max(min(found, frame - 1), 0)
