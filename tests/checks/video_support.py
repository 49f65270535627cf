"""Videos whose every figure is known by hand, and short ways from them to figures and findings."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from inspector.checks import Finding
from inspector.checks.camera import Camera
from inspector.checks.dataset import DataSet
from inspector.checks.judge_videos import judge_videos
from inspector.checks.labels import Labels, read_labels
from inspector.checks.video_meter import VideoMeter
from inspector.checks.video_sets import Videos, dataset_values, to_dataset
from inspector.profiles import Layout, VideoRules

Array = npt.NDArray[Any]
BLUE = (0.0, 0.0, 1.0)
SIDE = 32
HALF = 1
"""The object is a square of 3 x 3 pixels."""


def squares(places: Array, *, side: int = SIDE, half: int = HALF, background: Any = 1.0, colour: Any = BLUE) -> Array:
    """float32 (N, T, 3, side, side): a square around each of the places (N, T, 2) = (x, y), cut off at the edges."""
    N, T = places.shape[:2]
    videos = np.empty((N, T, 3, side, side), np.float32)
    videos[:] = np.broadcast_to(np.asarray(background, np.float32).reshape(-1, 1, 1), (3, side, side))
    for n, t in np.ndindex(N, T):
        x, y = places[n, t].tolist()
        rows, columns = slice(max(0, y - half), max(0, y + half + 1)), slice(max(0, x - half), max(0, x + half + 1))
        videos[n, t, :, rows, columns] = np.asarray(colour, np.float32).reshape(-1, 1, 1)
    return videos


def lines(samples: int = 12, frames: int = 8) -> Array:
    """Places of squares that go right, each in a row of its own: class 0 by 1 pixel a frame, class 1 by 2."""
    k, t = np.arange(samples)[:, None], np.arange(frames)[None, :]
    return np.stack([6 + t * (1 + k % 2), 6 + k + 0 * t], axis=2)


def arrays(samples: int = 12, frames: int = 8) -> dict[str, Any]:
    """A clean data set: videos float32 (N, T, 3, 32, 32), labels 0, 1, 0, ..., trajectory_3d = (x, y, 0) / 10."""
    places = lines(samples, frames)
    path = np.concatenate([places / 10, np.zeros((samples, frames, 1))], axis=2)
    return {"videos": squares(places), "labels": np.arange(samples) % 2, "trajectory_3d": path}


def metered(videos: Array, axes: str = "NTCHW", step: int = 1 << 30) -> VideoMeter:
    """The meter after all of an array, fed so many rows at a time."""
    meter = VideoMeter(Layout(axes, videos.shape), videos.dtype)
    for first in range(0, len(videos), step):
        meter.update(first, videos[first : first + step])
    meter.finish()
    return meter


def measured(
    videos: Array, labels: Array | None = None, trajectory: Array | None = None, axes: str = "NTCHW"
) -> tuple[DataSet, dict[str, Any]]:
    """Figures of a data set, and those of its record that no limit decides."""
    meter = metered(videos, axes)
    layout = meter.layout
    read = Labels() if labels is None else read_labels("labels", labels, layout.samples, ())
    dataset = to_dataset(Videos("videos", videos.dtype, layout, meter, read, trajectory, 8.0))
    return dataset, dataset_values(dataset, meter)


def judged(
    videos: Array, labels: Array | None = None, trajectory: Array | None = None, axes: str = "NTCHW", **limits: Any
) -> tuple[dict[str, Finding], dict[str, Any]]:
    """Findings by code, and the figures of the record."""
    dataset, values = measured(videos, labels, trajectory, axes)
    findings, more = judge_videos(dataset, values, rules(**limits))
    assert len({f.code for f in findings}) == len(findings)
    return {f.code: f for f in findings}, values | more


def rules(**limits: Any) -> VideoRules:
    """The usual limits, some of them moved."""
    return msgspec.structs.replace(VideoRules(), **limits)


def figures(
    samples: int = 20,
    frames: int = 10,
    *,
    labels: Array | None = None,
    trajectory: Array | None = None,
    groups: tuple[tuple[int, ...], ...] = (),
    camera: Camera | None = None,
    at_border: Array | None = None,
    blank: Array | None = None,
    **changed: Any,
) -> DataSet:
    """What measuring samples that move inside the picture (100 x 100 pixels) yields; keywords replace their figures.

    Parameters
    ----------
    at_border, blank
        bool (N, T).
    **changed
        Figures of the samples, by name: a number for all, or an array of shape (N,).
    """
    lanes = {
        "at_border": np.zeros((samples, frames), bool) if at_border is None else at_border,
        "blank": np.zeros((samples, frames), bool) if blank is None else blank,
        "object_x": np.full((samples, frames), 50, np.float32),
        "object_y": np.full((samples, frames), 50, np.float32),
    }
    known: dict[str, Any] = {
        "displacement": 1.0,
        "path_length": 2.0,
        "frame_variation": 0.01,
        "motion_energy": 0.01,
        "moving_pixels_pct": 5.0,
        "object_travel_pct": 30.0,
        "object_area_pct": 1.0,
        "border_frames": lanes["at_border"].sum(axis=1).astype(float),
        "blank_frames": lanes["blank"].sum(axis=1).astype(float),
        "disagreement_pct": np.nan,
        "static": False,
        "bad_values": 0,
        "bad_frames": 0,
        "group": -1,
        **changed,
    }
    names = {"object_x", "object_y"} & known.keys()
    for name in names:
        lanes[name] = np.broadcast_to(known.pop(name), (samples, frames)).astype(np.float32)
    return DataSet(
        array="videos",
        dtype=np.dtype(np.float32),
        layout=Layout("NTCHW", (samples, frames, 3, 100, 100)),
        full_scale=1.0,
        labels=labels,
        names={},
        trajectory=trajectory,
        samples={name: np.broadcast_to(np.asarray(value), (samples,)) for name, value in known.items()},
        frames=lanes,
        groups=groups,
        camera=camera,
    )


def some(count: int, of: int = 20) -> Array:
    """bool (of,): the first `count` are true."""
    return np.arange(of) < count
