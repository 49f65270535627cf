"""Pictures of made-up folders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checks.finding import Status
from inspector.checks.rules import NONE
from inspector.gui.folder_view import FolderView
from inspector.gui.models.rejudge import Flips, judged, statuses
from inspector.gui.view import ViewState
from inspector.profiles.model import Limits, Profile

ORIGINAL = Limits(speed_spike=10.0, low_visibility_pct=5.0, low_visibility_fail_pct=50.0, swap_frames=2)

Columns = Mapping[str, npt.NDArray[np.float64]]


def columns(count: int = 20) -> dict[str, npt.NDArray[np.float64]]:
    """Spikes 1, 2, 3 ..., few points seen in the second file, durations of all but the first."""
    durations = np.linspace(1000.0, 5000.0, count)
    durations[0] = np.nan
    seen = np.zeros(count)
    seen[1] = 60.0
    swaps = np.zeros(count)
    return {
        "spike_max": np.arange(1.0, count + 1),
        "low_visibility_pct": seen,
        "swap_frames": swaps,
        "duration_ms": durations,
        "jitter_max": np.full(count, np.nan),
    }


def folder(held: Columns | None = None, limits: Limits = ORIGINAL, **changes: Any) -> FolderView:
    """A view of these columns, judged by limits that may differ from `ORIGINAL`; keywords change its fields."""
    held = columns() if held is None else held
    count = len(next(iter(held.values())))
    base = np.full(count, NONE, np.int8)
    now, was = (statuses(base, judged(held, each).values()) for each in (limits, ORIGINAL))
    fields: dict[str, Any] = {
        "version": 1,
        "names": [f"clip_{k:02d}.npz" for k in range(count)],
        "rows": count,
        "columns": held,
        "status": now,
        "governed": np.ones(count, np.bool_),
        "listed": np.ones(count, np.bool_),
        "order": np.arange(count),
        "selected": None,
        "brushed": None,
        "classes": (),
        "class_of": np.full(count, -1, np.int32),
        "picked_class": None,
        "profile": Profile(name="clips", title="Clips", kind="keypoints", limits=limits),
        "original": ORIGINAL,
        "dragging": False,
        "stale": 0,
        "flips": Flips.between(was, now, np.ones(count, np.bool_)),
    }
    return FolderView(**(fields | changes))


def brushed(rows: list[int], **changes: Any) -> FolderView:
    """A view whose list holds these rows only."""
    view = folder(**changes)
    listed = np.zeros(view.rows, np.bool_)
    listed[rows] = True
    return folder(listed=listed, order=np.array(rows), brushed=np.array(rows), **changes)


def shown(view: FolderView | None) -> ViewState:
    return ViewState(folder=view)


def waiting(count: int, done: int = 0) -> FolderView:
    """A folder that is audited, with figures of nothing."""
    status = np.full(count, -1, np.int8)
    status[:done] = Status.PASS.rank
    return folder({"spike_max": np.full(count, np.nan)}, status=status)
