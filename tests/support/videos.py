"""Small data sets of videos with known content, and what would be measured of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.audit.inspection import Inspection
from inspector.audit.record import Record
from inspector.checks.dataset import ClassFigures, DataSet
from inspector.checks.finding import Finding, Status
from inspector.gui.view import ViewState
from inspector.profiles.layouts import Layout
from inspector.profiles.model import Profile

Arrays = dict[str, Any]
Images = npt.NDArray[np.float32]

PROFILE = Profile(name="trajectory-videos", title="Trajectory videos", kind="videos")
NAMES = {0: "Linear", 1: "Circular"}
WHITE = np.float32(1)
DOT = 2  # the dot spans so many pixels from its middle


def dataset_arrays(
    samples: int = 12,
    frames: int = 16,
    side: int = 32,
    *,
    classes: int = 2,
    static: tuple[int, ...] = (),
    copies: tuple[tuple[int, int], ...] = (),
    seed: int = 0,
) -> Arrays:
    """Videos of a blue dot that moves to the right on white, clear of the edges.

    videos float32 (N, T, 3, side, side) in [0, 1]; labels int64 (N,), 0, 1, 0, 1...; trajectory_3d float64 (N, T, 3).
    In sample k, row of the dot is its own. Samples in `static` stand still; `copies` are (from, to).
    """
    rng = np.random.default_rng(seed)
    videos = np.full((samples, frames, 3, side, side), WHITE, dtype=np.float32)
    trajectory = np.zeros((samples, frames, 3))
    for k in range(samples):
        y = DOT + 1 + k * (side - 2 * DOT - 2) // max(1, samples)
        ways = np.linspace(DOT + 1, side - DOT - 2, frames) if k not in static else np.full(frames, side // 2)
        for t, x in enumerate(np.round(ways).astype(int).tolist()):
            videos[k, t, :2, y - DOT : y + DOT + 1, x - DOT : x + DOT + 1] = 0
            trajectory[k, t] = x / side, y / side, rng.uniform(0, 0.01)
    for source, to in copies:
        videos[to] = videos[source]
    return {"videos": videos, "labels": np.arange(samples) % classes, "trajectory_3d": trajectory}


def save_dataset(path: Path, arrays: Arrays | None = None, *, compressed: bool = True) -> Path:
    """Write arrays (`dataset_arrays()` by default) and return the path."""
    save: Any = np.savez_compressed if compressed else np.savez
    save(path, **(dataset_arrays() if arrays is None else arrays))
    return path


def dataset_of(arrays: Arrays, *, axes: str = "NTCHW", names: dict[int, str] | None = None) -> DataSet:
    """Stands in for what measuring `dataset_arrays` yields: what panes show of it, found the plain way."""
    held = arrays["videos"]
    layout = Layout(axes, held.shape)
    videos = _canonical(held, axes)
    N, T = videos.shape[:2]
    with np.errstate(invalid="ignore"):
        motion = np.full((N, T), np.nan, dtype=np.float32)
        motion[:, 1:] = np.abs(np.diff(videos, axis=1)).mean(axis=(2, 3, 4))
        ink = np.nan_to_num(1 - videos).max(axis=-1)
    area = (ink > 0).sum(axis=(2, 3))
    rows, columns = np.mgrid[: layout.height, : layout.width]
    with np.errstate(invalid="ignore", divide="ignore"):
        x = ((ink * columns).sum(axis=(2, 3)) / ink.sum(axis=(2, 3))).astype(np.float32)
        y = ((ink * rows).sum(axis=(2, 3)) / ink.sum(axis=(2, 3))).astype(np.float32)
    edge = np.ones((layout.height, layout.width), dtype=bool)
    edge[1:-1, 1:-1] = False
    border, blank = ((ink > 0) & edge).any(axis=(2, 3)), area == 0
    static = (motion[:, 1:] == 0).all(axis=1)
    groups = _groups(videos)
    group = np.full(N, -1)
    for index, members in enumerate(groups):
        group[list(members)] = index
    samples = {
        "motion_energy": np.nan_to_num(motion[:, 1:]).mean(axis=1).astype(np.float64),
        "border_frames": border.sum(axis=1).astype(np.float64),
        "blank_frames": blank.sum(axis=1).astype(np.float64),
        "disagreement_pct": np.where(np.arange(N) == 1, 12.34, 0.0),
        "static": static,
        "group": group,
        "bad_values": (~np.isfinite(videos)).sum(axis=(1, 2, 3, 4)),
    }
    per_frame = {"motion": motion, "object_x": x, "object_y": y, "object_area": area, "at_border": border}
    per_frame |= {"blank": blank, "projected_x": x + 3, "projected_y": y - 1}
    labels = arrays.get("labels")
    known = NAMES if names is None else names
    return DataSet(
        array="videos",
        dtype=held.dtype,
        layout=layout,
        full_scale=255.0 if held.dtype.kind in "iu" else 1.0,
        labels=labels,
        names=known,
        trajectory=arrays.get("trajectory_3d"),
        samples=samples,
        frames=per_frame,
        groups=groups,
        classes=() if labels is None else _classes(labels, known),
    )


def dataset_inspection(
    path: Path | str,
    arrays: Arrays | None = None,
    *,
    axes: str = "NTCHW",
    findings: tuple[Finding, ...] = (),
    names: dict[int, str] | None = None,
) -> Inspection:
    """An inspection of a file that holds these arrays."""
    dataset = dataset_of(dataset_arrays() if arrays is None else arrays, axes=axes, names=names)
    record = Record(path=str(path), status=Status.PASS, findings=findings)
    return Inspection(path=str(path), record=record, profile=PROFILE, dataset=dataset)


def dataset_view(inspection: Inspection, **changes: Any) -> ViewState:
    """A view of such an inspection with all samples listed, and some fields changed."""
    total = inspection.dataset.layout.samples if inspection.dataset else 0
    listed = changes.pop("listed", np.arange(total))
    return ViewState(path=inspection.path, inspection=inspection, listed=np.asarray(listed, dtype=np.int64), **changes)


def _canonical(videos: npt.NDArray[Any], axes: str) -> npt.NDArray[np.float64]:
    order = "NTHWC"
    ordered = videos.transpose([axes.index(axis) for axis in order if axis in axes])
    whole: npt.NDArray[np.float64] = np.expand_dims(
        ordered, [k for k, axis in enumerate(order) if axis not in axes]
    ).astype(np.float64)
    return whole / 255 if videos.dtype.kind in "iu" else whole


def _groups(videos: npt.NDArray[np.float64]) -> tuple[tuple[int, ...], ...]:
    members: dict[bytes, list[int]] = {}
    for k, video in enumerate(videos):
        members.setdefault(video.tobytes(), []).append(k)
    return tuple(tuple(group) for group in members.values() if len(group) > 1)


def _classes(labels: npt.NDArray[Any], names: dict[int, str]) -> tuple[ClassFigures, ...]:
    return tuple(
        ClassFigures(label, names.get(label, str(label)), int((labels == label).sum()), int((labels == label).argmax()))
        for label in np.unique(labels).tolist()
    )
