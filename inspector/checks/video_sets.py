"""A data set of videos as a whole: classes, duplicates, what moves, and whether it moves as its trajectory says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from inspector.checks.arrays import AnyArray
from inspector.checks.camera import Camera, Sight, find_camera
from inspector.checks.dataset import ClassFigures, DataSet
from inspector.checks.labels import Labels
from inspector.checks.video_meter import VideoMeter
from inspector.checks.video_scene import full_scale
from inspector.profiles.layouts import Layout

_MOST_COMPARED = 1500  # samples that separability is measured on
_LEAST_OF_CLASS = 2
_LABELS = 100_000  # more of them make a record too long; reports then go without


@dataclass(frozen=True, slots=True, eq=False)
class Videos:
    """What a file holds: its videos measured, the rest as arrays.

    Attributes
    ----------
    array
        Name of the videos in the file.
    trajectory
        float64 (N, T', D), D 2 or 3, or None.
    """

    array: str
    dtype: np.dtype[Any]
    layout: Layout
    meter: VideoMeter
    labels: Labels
    trajectory: AnyArray | None
    rate: float


def to_dataset(videos: Videos) -> DataSet:
    """Figures of every sample, frame and class."""
    meter, layout = videos.meter, videos.layout
    N, T = layout.samples, layout.frames
    scale = _scale(meter, videos.dtype)
    seen = meter.frames
    touching = seen["left"] | seen["right"] | seen["top"] | seen["bottom"]
    diagonal = float(np.hypot(layout.height, layout.width))
    camera = _camera(videos)
    samples: dict[str, AnyArray] = {
        **_trajectory_figures(videos.trajectory, N),
        "frame_variation": meter.variation / scale,
        "motion_energy": _mean(seen["motion"]) / scale,
        "moving_pixels_pct": _mean(seen["moving"]),
        "object_travel_pct": _travel(seen["object_x"], seen["object_y"]) / diagonal * 100,
        "object_area_pct": _middle(seen["object_area"], seen["object_area"] > 0) / (layout.height * layout.width) * 100,
        "border_frames": touching.sum(axis=1).astype(np.float64),
        "blank_frames": seen["blank"].sum(axis=1).astype(np.float64),
        "disagreement_pct": np.full(N, np.nan) if camera is None else camera.distance / diagonal * 100,
        "static": meter.still & (T > 1),
        "bad_values": (meter.nan + meter.inf).sum(axis=1),
        "bad_frames": (meter.nan + meter.inf > 0).sum(axis=1),
    }
    groups = same_digests(meter.digests)
    samples["group"] = np.full(N, -1, np.int64)
    for place, group in enumerate(groups):
        samples["group"][list(group)] = place
    frames = {
        "motion": seen["motion"] / np.float32(scale),
        "moving": seen["moving"],
        "object_x": seen["object_x"],
        "object_y": seen["object_y"],
        "object_area": seen["object_area"],
        "at_border": touching,
        "blank": seen["blank"],
        "bad": meter.nan + meter.inf > 0,
    }
    if camera is not None:
        frames |= {"projected_x": camera.projected_x, "projected_y": camera.projected_y}
    numbers = videos.labels.numbers
    return DataSet(
        array=videos.array,
        dtype=videos.dtype,
        layout=layout,
        full_scale=scale,
        labels=numbers,
        names=videos.labels.names,
        trajectory=videos.trajectory,
        samples=samples,
        frames=frames,
        groups=groups,
        classes=() if numbers is None else tuple(_classes(numbers, videos.labels.names, samples)),
        rate=videos.rate,
        camera=camera,
        outside=videos.labels.outside,
    )


def dataset_values(dataset: DataSet, meter: VideoMeter) -> dict[str, object]:
    """The flat figures of a record, and its lists of classes, duplicates and samples that do not change."""
    layout, samples = dataset.layout, dataset.samples
    extra = sum(len(group) - 1 for group in dataset.groups)
    frames = layout.samples * layout.frames
    accuracy, chance = separability(dataset)
    counts = [c.count for c in dataset.classes if c.label not in dataset.outside]
    camera = dataset.camera
    return {
        "videos": dataset.array,
        "videos_shape": list(layout.shape),
        "videos_dtype": str(dataset.dtype),
        "layout": layout.axes,
        "samples": layout.samples,
        "frames": layout.frames,
        "height": layout.height,
        "width": layout.width,
        "channels": layout.channels,
        "value_min": _extreme(np.fmin, meter.low),
        "value_max": _extreme(np.fmax, meter.high),
        "nan_values": int(meter.nan.sum()),
        "inf_values": int(meter.inf.sum()),
        "full_scale": dataset.full_scale,
        "classes": [asdict(each) for each in dataset.classes],
        "labels": [] if dataset.labels is None or layout.samples > _LABELS else dataset.labels.tolist(),
        "duplicates": {
            "unique": layout.samples - extra,
            "extra": extra,
            "groups": [list(group) for group in dataset.groups],
        },
        "near_duplicates": {
            "groups": [list(group) for group in dataset.near_groups],
            "pairs": [list(pair) for pair in dataset.near],
        },
        "static_samples": np.flatnonzero(samples["static"]).tolist(),
        "duplicate_samples": extra,
        "static_count": int(samples["static"].sum()),
        "frame_variation_mean": _number(_mean_known(samples["frame_variation"])),
        "motion_energy_mean": _number(_mean_known(samples["motion_energy"])),
        "moving_pixels_pct": _number(_mean_known(samples["moving_pixels_pct"])),
        "border_frames_pct": float(samples["border_frames"].sum() / frames * 100) if frames else 0.0,
        "blank_frames": int(samples["blank_frames"].sum()),
        "bad_samples": np.flatnonzero(samples["bad_values"]).tolist(),
        "separability": accuracy,
        "separability_chance": chance,
        "imbalance": max(counts) / min(counts) if len(counts) > 1 else None,
        "camera": None
        if camera is None
        else {"rms_px": camera.rms, "samples": camera.explained, "outside_pct": _outside(camera, layout)},
    }


def same_digests(digests: Sequence[bytes]) -> tuple[tuple[int, ...], ...]:
    """Places that share a digest, each group ascending, by its first place."""
    places: defaultdict[bytes, list[int]] = defaultdict(list)
    for place, digest in enumerate(digests):
        places[digest].append(place)
    return tuple(tuple(group) for group in places.values() if len(group) > 1)


def separability(dataset: DataSet) -> tuple[float | None, float | None]:
    """How well displacement and path length alone tell the classes apart, and what guessing would reach.

    Balanced accuracy (mean over classes of the share that is right) of the class of the nearest other sample, in units
    of each figure's standard deviation; at most 1,500 samples, evenly taken. (None, None) with fewer than two classes
    of two samples, or without a trajectory.
    """
    if dataset.labels is None:
        return None, None
    both = np.stack([dataset.samples["displacement"], dataset.samples["path_length"]], axis=1)
    usable = np.flatnonzero(np.isfinite(both).all(axis=1) & ~np.isin(dataset.labels, list(dataset.outside)))
    chosen = usable[:: max(1, -(-len(usable) // _MOST_COMPARED))]
    labels, both = dataset.labels[chosen], both[chosen]
    found, counts = np.unique(labels, return_counts=True)
    found = found[counts >= _LEAST_OF_CLASS]
    spread = both.std(axis=0) if len(both) else np.zeros(2)
    if len(found) < 2 or not spread.any():
        return None, None
    both = both / np.where(spread > 0, spread, 1)
    away = np.hypot(both[:, None, 0] - both[None, :, 0], both[:, None, 1] - both[None, :, 1])
    np.fill_diagonal(away, np.inf)
    right = labels[away.argmin(axis=1)] == labels
    return float(np.mean([right[labels == label].mean() for label in found])), 1.0 / len(found)


def _classes(numbers: AnyArray, names: Mapping[int, str], samples: Mapping[str, AnyArray]) -> list[ClassFigures]:
    found = []
    for label in np.unique(numbers).tolist():
        own = np.flatnonzero(numbers == label)
        first = int(own[0])
        found.append(
            ClassFigures(
                label=label,
                name=names.get(label, f"class {label}"),
                count=len(own),
                first=first,
                displacement_mean=_number(_mean_known(samples["displacement"][own])),
                displacement_std=_number(_std_known(samples["displacement"][own])),
                path_length_mean=_number(_mean_known(samples["path_length"][own])),
                path_length_std=_number(_std_known(samples["path_length"][own])),
                frame_variation_first=_number(samples["frame_variation"][first]),
                frame_variation_mean=_number(_mean_known(samples["frame_variation"][own])),
                motion_energy_mean=_number(_mean_known(samples["motion_energy"][own])),
                static_samples=int(samples["static"][own].sum()),
            )
        )
    return found


def _scale(meter: VideoMeter, dtype: np.dtype[Any]) -> float:
    """Full scale of the set: what the middle sample's largest value says; bytes always go up to 255."""
    if dtype.kind in "iu":
        return 255.0 if dtype.itemsize == 1 else max(255.0, full_scale(_middle_of(meter.high)))
    return full_scale(_middle_of(meter.high))


def _middle_of(values: AnyArray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else 1.0


def _camera(videos: Videos) -> Camera | None:
    trajectory, layout = videos.trajectory, videos.layout
    if trajectory is None or trajectory.shape[:2] != (layout.samples, layout.frames) or not trajectory.size:
        return None
    seen = videos.meter.frames
    sight = Sight(
        seen["object_x"].astype(np.float64),
        seen["object_y"].astype(np.float64),
        *(seen[edge] for edge in ("left", "right", "top", "bottom")),
    )
    return find_camera(trajectory, sight, (layout.height, layout.width))


def _outside(camera: Camera, layout: Layout) -> float:
    """Share of all projected places that lie outside the picture, in percent."""
    x, y = camera.projected_x, camera.projected_y
    with np.errstate(invalid="ignore"):
        out = (x < -0.5) | (x > layout.width - 0.5) | (y < -0.5) | (y > layout.height - 0.5)
    known = np.isfinite(x) & np.isfinite(y)
    return float(out[known].mean() * 100) if known.any() else 0.0


def _trajectory_figures(trajectory: AnyArray | None, samples: int) -> dict[str, AnyArray]:
    """Distance from start to end, and length of the path between: (N,) each, NaN without a trajectory."""
    nothing = np.full(samples, np.nan)
    if trajectory is None or len(trajectory) != samples or not trajectory.shape[1]:
        return {"displacement": nothing, "path_length": nothing}
    with np.errstate(all="ignore"):  # infinite positions, or near the largest number: no figure
        steps = np.linalg.norm(np.diff(trajectory, axis=1), axis=2)
        return {
            "displacement": np.linalg.norm(trajectory[:, -1] - trajectory[:, 0], axis=1),
            "path_length": steps.sum(axis=1),
        }


def _travel(x: AnyArray, y: AnyArray) -> AnyArray:
    """What each object's way spans, in pixels: the diagonal of the box around it; NaN where seen less than twice."""
    span = np.full(len(x), np.nan)
    known = np.isfinite(x) & np.isfinite(y)
    enough = known.sum(axis=1) >= 2
    if enough.any():
        x, y = x[enough].astype(np.float64), y[enough].astype(np.float64)
        span[enough] = np.hypot(np.nanmax(x, 1) - np.nanmin(x, 1), np.nanmax(y, 1) - np.nanmin(y, 1))
    return span


def _mean(series: AnyArray) -> AnyArray:
    """Mean of what is known of each sample, float64 (N,); NaN where nothing is."""
    known = np.isfinite(series)
    with np.errstate(invalid="ignore"):
        mean: AnyArray = np.where(known, series, 0).sum(axis=1, dtype=np.float64) / np.where(
            known.any(axis=1), known.sum(axis=1), np.nan
        )
    return mean


def _middle(series: AnyArray, where: AnyArray) -> AnyArray:
    """Median of each sample where something is there, float64 (N,); NaN where nothing is."""
    values = np.where(where, series, np.nan).astype(np.float64)
    middle = np.full(len(values), np.nan)
    some = where.any(axis=1)
    if some.any():
        middle[some] = np.nanmedian(values[some], axis=1)
    return middle


def _mean_known(values: AnyArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


def _std_known(values: AnyArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.std()) if known.size else float("nan")


def _extreme(of: np.ufunc, values: AnyArray) -> float | None:
    return _number(of.reduce(values)) if values.size else None


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
