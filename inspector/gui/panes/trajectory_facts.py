"""What is said about a sample's trajectory, and which others are drawn behind it: no widgets."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from inspector.audit.inspection import Inspection
from inspector.checks.dataset import DataSet
from inspector.gui.models.dataset_points import name_of
from inspector.profiles.model import Profile

MOST_OTHERS = 100
_MOST_STEPS = 1_500  # lines of all others together: about 10 ms a view, each time the sample changes


def path_of(dataset: DataSet, sample: int) -> npt.NDArray[np.float64] | None:
    """A sample's path, (T', D); None where there is none with two or three coordinates."""
    paths = dataset.trajectory
    if paths is None or paths.ndim != 3 or paths.shape[2] not in (2, 3) or not 0 <= sample < len(paths):
        return None
    return None if not paths.shape[1] else np.asarray(paths[sample], dtype=np.float64)


def others_of(dataset: DataSet, sample: int) -> tuple[npt.NDArray[np.int64], int]:
    """Other samples of the class that are drawn, an even choice of many, and how many there are."""
    paths = dataset.trajectory
    if paths is None:
        return np.zeros(0, dtype=np.int64), 0
    label = label_of(dataset, sample)
    same = np.ones(len(paths), dtype=bool) if dataset.labels is None or label is None else dataset.labels == label
    same[sample] = False
    found = np.flatnonzero(same[: len(paths)])
    most = max(1, min(MOST_OTHERS, _MOST_STEPS // max(paths.shape[1], 1)))
    if found.size > most:
        return found[np.linspace(0, found.size - 1, most).round().astype(np.int64)], int(found.size)
    return found, int(found.size)


def label_of(dataset: DataSet, sample: int) -> int | None:
    """A sample's label; None where there are none."""
    labels = dataset.labels
    return int(labels[sample]) if labels is not None and sample < len(labels) else None


def facts_of(dataset: DataSet, sample: int) -> str:
    """Class, number, displacement and length of a sample's path, in a line."""
    label = label_of(dataset, sample)
    parts = [f"Sample {sample}"] if label is None else [name_of(dataset, label), f"sample {sample}"]
    for key, words in (("displacement", "displacement"), ("path_length", "path length")):
        values = dataset.samples.get(key)
        value = float(values[sample]) if values is not None and sample < len(values) else math.nan
        parts.append(f"{words} {value:.4g}" if math.isfinite(value) else f"{words} unknown")
    if dataset.trajectory is not None and dataset.trajectory.shape[-1] == 2:
        parts.append("2-D only")
    return "  ·  ".join(parts)


def place_words(path: npt.NDArray[np.float64], frame: int) -> str:
    """Coordinates of a frame: x, y and, where there is one, z."""
    if not 0 <= frame < len(path):
        return "beyond the end of the trajectory"
    return "   ".join(f"{axis} {value:.4g}" for axis, value in zip("xyz", path[frame].tolist(), strict=False))


def missing_words(inspection: Inspection) -> str:
    """How a trajectory could be brought into a file that has none."""
    profile, dataset = inspection.profile, inspection.dataset
    names = names_of(profile)
    size = ", ".join(map(str, (dataset.layout.samples, dataset.layout.frames, 3))) if dataset else "N, T, 3"
    words = f"It would be drawn from an array of shape ({size}), or with 2 in the end"
    return f"{words}, called {' or '.join(names)}." if names else f"{words}."


def names_of(profile: Profile, most: int = 4) -> tuple[str, ...]:
    """What the profile calls a trajectory, the usual name first."""
    name = profile.named("trajectory")
    return () if name is None else (name, *profile.arrays[name].names)[:most]
