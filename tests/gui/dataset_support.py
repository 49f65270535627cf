"""Data sets with a plain figure for every sample, for tests of what is drawn of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from inspector.checks.dataset import SAMPLE_METRICS, ClassFigures, DataSet
from inspector.gui.view import ViewState
from inspector.profiles.layouts import Layout
from tests.support.videos import NAMES, dataset_arrays, dataset_inspection, dataset_of, dataset_view

SHOWN = 5


def dataset(samples: int = 12, *, frames: int = 4, labels: Any = "two", **figures: Any) -> DataSet:
    """Sample k has k of every figure; 2 is static, 0 and 4 are duplicates."""
    held = dataset_of(dataset_arrays(2, 2, 16))
    known: dict[str, Any] = {key: np.arange(samples, dtype=np.float64) for key in SAMPLE_METRICS}
    known |= {"static": np.arange(samples) == 2, "group": np.where(np.isin(np.arange(samples), (0, 4)), 0, -1)}
    return replace(
        held,
        layout=Layout("NTCHW", (samples, frames, 3, 16, 16)),
        labels=np.arange(samples) % 2 if isinstance(labels, str) else labels,
        trajectory=np.zeros((samples, frames, 3)),
        samples=known | figures,
        groups=((0, 4),),
        classes=tuple(ClassFigures(k, NAMES[k], samples // 2, k) for k in (0, 1)) if isinstance(labels, str) else (),
    )


def unknown(*keys: str) -> dict[str, Any]:
    return {key: np.full(12, np.nan) for key in keys}


def view(shown: DataSet, **changes: Any) -> ViewState:
    found = dataset_inspection("a.npz", dataset_arrays(1, 2, 16))
    return dataset_view(replace(found, dataset=shown), **{"sample": SHOWN, **changes})
