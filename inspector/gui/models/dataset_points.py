"""Which samples of a data set are drawn in its plots, and where: pure numpy, for any number of samples."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inspector.checks.dataset import SAMPLE_METRICS, DataSet, Metric
from inspector.profiles.model import VideoRules
from inspector.render.axes import nice_ticks

Figures = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MOST_PER_CLASS = 3_000
"""Samples of a class that are drawn, but for a few with the largest and the smallest figures."""
MOST_AT_ONCE = 5_000
"""And of all classes together: about 15 ms for each plot."""
MOST_COLUMNS = 60

_LEAST_PER_CLASS = 20
_SPREAD = 0.6  # how wide a class's points lie, as a share of its column
_TURN = (math.sqrt(5) - 1) / 2  # steps of the golden ratio fill an interval evenly, however many there are
_MOST = 1e150  # beyond it differences overflow
_TICKS = 6
_FAR = 4.0  # a limit so many times beyond the figures would press them into a line


class Limit(NamedTuple):
    """A limit of the profile, in the units of the figure, and what lies beyond it."""

    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Column:
    """One class: its samples and how many of them are drawn; label None for all samples.

    Attributes
    ----------
    place
        Among all classes of the data set, drawn or not: its colour.
    """

    label: int | None
    name: str
    place: int
    count: int
    drawn: int


@dataclass(frozen=True, slots=True, eq=False)
class Strips:
    """One figure of all samples.

    Attributes
    ----------
    values
        float64 (N,), clipped to +/-1e150; NaN where there is none.
    low, high
        What the vertical axis spans.
    ticks
        Round values within that.
    limit
        The profile's limit, or None.
    limit_within
        Whether it lies on the axis: one far beyond the figures does not.
    means, deviations
        float64 (columns,), over all finite figures of the class (ddof 0); NaN where there are none.
    """

    key: str
    metric: Metric
    values: Figures
    low: float
    high: float
    ticks: list[float]
    limit: Limit | None
    limit_within: bool
    means: Figures
    deviations: Figures


@dataclass(frozen=True, slots=True, eq=False)
class DataSetPoints:
    """What the plots of a data set draw.

    Attributes
    ----------
    column
        int64 (N,): place of each sample's class among `columns`, -1 for a class that is left out.
    across
        float64 (N,): where each sample lies in its column, from the middle, in shares of its width.
    drawn
        int64 (n,): samples that are drawn, ascending.
    static, copied
        bool (N,): all frames are the same; another sample has the same bytes.
    remarks
        Sentences on what is not shown and why.
    """

    columns: tuple[Column, ...]
    column: Numbers
    across: Figures
    drawn: Numbers
    static: Flags
    copied: Flags
    strips: tuple[Strips, ...]
    remarks: tuple[str, ...]


def points_of(dataset: DataSet, rules: VideoRules) -> DataSetPoints:
    """Lay out all plots of a data set; 0.1 s for 100,000 samples."""
    count = dataset.layout.samples
    labels = _usable(dataset)
    column, left_out = _columns(labels, count)
    static, group = _flags(dataset, "static", count), dataset.samples.get("group")
    copied = group >= 0 if group is not None and group.shape == (count,) else np.zeros(count, dtype=bool)
    values = {
        key: np.clip(np.where(np.isfinite(found), found, np.nan), -_MOST, _MOST)
        for key in SAMPLE_METRICS
        if (found := dataset.samples.get(key)) is not None and found.shape == (count,)
    }
    order = np.argsort(column, kind="stable")
    order = order[np.searchsorted(column[order], 0) :]
    members = np.split(order, np.flatnonzero(np.diff(column[order])) + 1) if order.size else []
    across = np.zeros(count)
    kept: list[Numbers] = []
    for of_class in members:
        across[of_class] = ((np.arange(of_class.size) * _TURN + 0.5) % 1.0 - 0.5) * _SPREAD
        kept.append(_thinned(of_class, static | copied, values, len(members)))
    columns = []
    for of_class, some in zip(members, kept, strict=True):
        label = int(labels[of_class[0]]) if labels is not None else None
        columns.append(Column(label, name_of(dataset, label), place_of(dataset, label), of_class.size, some.size))
    strips = tuple(
        _strips(key, found, members, limit_of(key, rules, dataset.layout.frames))
        for key, found in values.items()
        if np.isfinite(found).any()
    )
    drawn = np.sort(np.concatenate(kept)) if kept else np.zeros(0, dtype=np.int64)
    remarks = [*_omissions(dataset, {s.key for s in strips}), *_thinning(columns, left_out)] if count else []
    return DataSetPoints(tuple(columns), column, across, drawn.astype(np.int64), static, copied, strips, tuple(remarks))


def name_of(dataset: DataSet, label: int | None) -> str:
    """What a class is called; label None is all samples."""
    return "All samples" if label is None else dataset.names.get(label, f"Class {label}")


def place_of(dataset: DataSet, label: int | None) -> int:
    """A class's place among the classes, which gives it its colour; 0 for all samples."""
    return next((place for place, figures in enumerate(dataset.classes) if figures.label == label), 0)


def limit_of(key: str, rules: VideoRules, frames: int) -> Limit | None:
    """What the profile has to say on a figure of a sample."""
    match key:
        case "frame_variation":
            return Limit(rules.low_variation, "low below")
        case "object_travel_pct":
            return Limit(rules.still_travel_pct, "still below")
        case "border_frames":
            return Limit(rules.border_sample_pct / 100 * frames, "stuck from")
        case "disagreement_pct":
            return Limit(rules.disagree_pct, "disagrees above")
    return None


def _usable(dataset: DataSet) -> Numbers | None:
    """Labels with an entry for each sample, or None."""
    labels = dataset.labels
    return None if labels is None or labels.shape != (dataset.layout.samples,) else labels.astype(np.int64)


def _columns(labels: Numbers | None, count: int) -> tuple[Numbers, int]:
    """Which column each sample lies in, and how many classes are left out: the smallest, where there are too many."""
    if labels is None:
        return np.zeros(count, dtype=np.int64), 0
    found, place, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    largest = np.sort(np.argsort(-sizes, kind="stable")[:MOST_COLUMNS])
    column = np.full(found.size, -1, dtype=np.int64)
    column[largest] = np.arange(largest.size)
    return column[place.reshape(-1)], int(found.size - largest.size)


def _flags(dataset: DataSet, key: str, count: int) -> Flags:
    found = dataset.samples.get(key)
    return found.astype(bool) if found is not None and found.shape == (count,) else np.zeros(count, dtype=bool)


def _thinned(members: Numbers, flagged: Flags, values: Mapping[str, Figures], classes: int) -> Numbers:
    """Of one class, what is drawn: all where that is few, else flagged ones first, the extremes, and an even choice."""
    most = max(_LEAST_PER_CLASS, min(MOST_PER_CLASS, MOST_AT_ONCE // classes))
    if members.size <= most:
        return members
    marked = members[flagged[members]]
    marked = _evenly(marked, most // 2)
    rest = _evenly(members[~flagged[members]], most - marked.size)
    ends = 5 if classes <= 20 else 1
    kept = [marked, rest]
    for figures in values.values():
        known = members[np.isfinite(figures[members])]
        if known.size > 2 * ends:
            by_size = np.argpartition(figures[known], (ends, known.size - ends - 1))
            kept += [known[by_size[:ends]], known[by_size[-ends:]]]
    return np.unique(np.concatenate(kept))


def _evenly(members: Numbers, most: int) -> Numbers:
    if members.size <= most:
        return members
    return members[np.linspace(0, members.size - 1, most).round().astype(np.int64)]


def _strips(key: str, values: Figures, members: list[Numbers], limit: Limit | None) -> Strips:
    means, deviations = np.full((2, len(members)), np.nan)
    for place, of_class in enumerate(members):
        known = values[of_class][np.isfinite(values[of_class])]
        if known.size:
            means[place], deviations[place] = known.mean(), known.std()
    least, most = float(np.nanmin(values)), float(np.nanmax(values))
    within = limit is not None and (most <= 0 or limit.value <= _FAR * most)
    if limit is not None and within:
        least, most = min(least, limit.value), max(most, limit.value)
    low = min(0.0, least)
    high = max(0.0, most) if max(0.0, most) > low else 1.0
    low, high = low - 0.04 * (high - low), high + 0.06 * (high - low)
    metric, ticks = SAMPLE_METRICS[key], nice_ticks(low, high, _TICKS)
    if metric.unit == "frames":  # there are no half ones
        ticks = [tick for tick in ticks if tick == round(tick)]
    return Strips(key, metric, values, low, high, ticks, limit, within, means, deviations)


def _omissions(dataset: DataSet, shown: set[str]) -> list[str]:
    """One sentence on figures that no sample has."""
    reasons: dict[str, list[str]] = {}
    for key, metric in SAMPLE_METRICS.items():
        if key not in shown:
            reasons.setdefault(_reason(dataset, key), []).append(metric.title.lower())
    parts = [f"{', '.join(titles)} ({why})" for why, titles in reasons.items()]
    return [f"Not shown: {'; '.join(parts)}."] if parts else []


def _reason(dataset: DataSet, key: str) -> str:
    if key in ("displacement", "path_length", "disagreement_pct") and dataset.trajectory is None:
        return "no trajectory in the file"
    if key == "disagreement_pct":
        return "no way to lay the trajectories over the videos was found"
    if dataset.layout.frames < 2:
        return "there is one frame only" if dataset.layout.frames else "there are no frames"
    return "nothing could be measured"


def _thinning(columns: list[Column], left_out: int) -> list[str]:
    drawn, count = sum(c.drawn for c in columns), sum(c.count for c in columns)
    remarks = []
    if drawn < count:
        remarks.append(
            f"{drawn:,} of {count:,} samples are drawn: static ones and duplicates, the largest and smallest figures, "
            "and an even choice of the others. Means are over all."
        )
    if left_out:
        remarks.append(f"The {len(columns)} largest classes are drawn; {left_out} are left out.")
    return remarks
