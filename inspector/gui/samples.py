"""Samples of a data set: which are listed, which a finding leads to, and where a finding is within the shown one."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from inspector.checks.finding import Finding, Ranges, to_ranges
from inspector.gui.view import Subset, no_samples

if TYPE_CHECKING:
    from inspector.audit.inspection import Inspection
    from inspector.checks.dataset import DataSet

Samples = npt.NDArray[np.int64]

_SERIES = {"BLANK_FRAMES": "blank", "OBJECT_AT_BORDER": "at_border", "NON_FINITE": "bad"}
"""Findings that name frames of each sample, and the series that says which."""


@functools.lru_cache(maxsize=2)
def listed(inspection: Inspection, subset: Subset) -> Samples:
    """Numbers of the samples in a subset, ascending; empty where there is no data set."""
    dataset = inspection.dataset
    if dataset is None:
        return no_samples()
    wanted = np.ones(dataset.layout.samples, dtype=bool)
    if subset.label is not None and dataset.labels is not None:
        wanted &= dataset.labels == subset.label
    if subset.group is not None and 0 <= subset.group < len(dataset.groups):
        wanted &= dataset.samples["group"] == subset.group
    elif subset.group is not None and 0 <= (near := subset.group - len(dataset.groups)) < len(dataset.near_groups):
        wanted &= np.isin(np.arange(len(wanted)), dataset.near_groups[near])
    findings = inspection.record.findings
    if subset.finding is not None and 0 <= subset.finding < len(findings):
        wanted &= named_by(findings[subset.finding], len(wanted))
    return np.flatnonzero(wanted)


def named_by(finding: Finding, samples: int) -> npt.NDArray[np.bool_]:
    """Which of so many samples a finding names, bool (N,)."""
    named = np.zeros(samples, dtype=bool)
    for first, last in finding.samples:
        named[first : last + 1] = True
    return named


def sample_of(finding: Finding, present: int) -> int:
    """The sample to look at for a finding: the present one if it is named, or if none is, else the first named."""
    named = any(first <= present <= last for first, last in finding.samples)
    return present if named or not finding.samples else finding.samples[0][0]


def nearest(numbers: Samples, present: int) -> int:
    """The listed sample that is shown in place of another: the next one, the last where there is none."""
    if not len(numbers):
        return present
    return int(numbers[min(int(np.searchsorted(numbers, present)), len(numbers) - 1)])


def stepped(numbers: Samples, present: int, steps: int) -> int:
    """The sample so many places on in the list, clamped to its ends."""
    if not len(numbers):
        return present
    at = int(np.searchsorted(numbers, present))
    if steps > 0 and not (at < len(numbers) and numbers[at] == present):
        steps -= 1  # the next listed one is a step already
    return int(numbers[min(max(at + steps, 0), len(numbers) - 1)])


def following(numbers: Samples, present: int, direction: int, most: int) -> list[int]:
    """The listed samples after one (+1) or before it (-1), the nearest first, at most so many."""
    at = int(np.searchsorted(numbers, present, side="right" if direction > 0 else "left"))
    found = numbers[at : at + most] if direction > 0 else numbers[max(0, at - most) : at][::-1]
    return [int(number) for number in found]


@functools.lru_cache(maxsize=64)
def marks(inspection: Inspection, sample: int) -> tuple[Finding, ...]:
    """The file's findings, each with the frames that it concerns in one sample; without frames where in none.

    Of other files the findings as they are.
    """
    findings = inspection.record.findings
    dataset = inspection.dataset
    if dataset is None or not 0 <= sample < dataset.layout.samples:
        return findings
    return tuple(replace_frames(finding, _frames(finding, dataset, sample)) for finding in findings)


def replace_frames(finding: Finding, frames: Ranges) -> Finding:
    """A finding at other frames."""
    return Finding(
        finding.code, finding.severity, finding.message, finding.target, frames, finding.points, finding.samples
    )


def _frames(finding: Finding, dataset: DataSet, sample: int) -> Ranges:
    if not any(first <= sample <= last for first, last in finding.samples) or not dataset.layout.frames:
        return ()
    series = dataset.frames.get(_SERIES.get(finding.code, ""))
    if series is not None:
        return to_ranges(series[sample])
    return ((0, dataset.layout.frames - 1),)
