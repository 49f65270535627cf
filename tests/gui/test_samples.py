"""Which samples are listed, which are stepped to, and where a finding is within one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inspector.audit.inspection import Inspection
from inspector.audit.record import Record
from inspector.checks.finding import Finding, Severity, Status
from inspector.gui.samples import listed, marks, nearest, sample_of, stepped
from inspector.gui.view import Subset
from inspector.profiles import load_profile
from tests.support.videos import dataset_arrays, dataset_of


@pytest.fixture
def inspection() -> Inspection:
    """Three classes of two, samples 0 and 3 the same, blank and bad frames in sample 4."""
    dataset = dataset_of(dataset_arrays(6, frames=5))
    labels = np.array([0, 1, 2, 0, 1, 2])
    blank, bad = np.zeros((6, 5), dtype=bool), np.zeros((6, 5), dtype=bool)
    blank[4, 1:3], bad[4, 3] = True, True
    group = np.array([0, -1, -1, 0, -1, -1])
    dataset = replace(
        dataset,
        labels=labels,
        groups=((0, 3),),
        samples={**dataset.samples, "group": group},
        frames={**dataset.frames, "blank": blank, "bad": bad},
    )
    findings = (
        Finding("BLANK_FRAMES", Severity.MEDIUM, "blank", samples=((4, 4),)),
        Finding("NON_FINITE", Severity.HIGH, "bad", samples=((4, 4),)),
        Finding("DUPLICATE_SAMPLES", Severity.MEDIUM, "twice", samples=((0, 0), (3, 3))),
        Finding("CLASS_IMBALANCE", Severity.LOW, "unequal"),
    )
    profile = load_profile("trajectory-videos")
    record = Record("a.npz", Status.FAIL, profile.name, findings=findings)
    return Inspection("a.npz", record, profile, dataset=dataset)


@pytest.mark.parametrize(
    ("subset", "expected"),
    [
        (Subset(), [0, 1, 2, 3, 4, 5]),
        (Subset(label=1), [1, 4]),
        (Subset(group=0), [0, 3]),
        (Subset(finding=0), [4]),
        (Subset(label=0, finding=2, group=0), [0, 3]),
        (Subset(label=1, group=0), []),
        (Subset(finding=99, group=99), [0, 1, 2, 3, 4, 5]),
    ],
)
def test_filters_combine(inspection: Inspection, subset: Subset, expected: list[int]) -> None:
    assert listed(inspection, subset).tolist() == expected


def test_a_finding_is_where_it_is_in_the_shown_sample(inspection: Inspection) -> None:
    blank, bad, twice, whole = marks(inspection, 4)
    assert (blank.frames, bad.frames, twice.frames, whole.frames) == (((1, 2),), ((3, 3),), (), ())
    assert [finding.frames for finding in marks(inspection, 0)] == [(), (), ((0, 4),), ()]
    assert marks(inspection, 99) == inspection.record.findings


def test_the_shown_sample_stays_when_the_finding_names_it(inspection: Inspection) -> None:
    twice, whole = inspection.record.findings[2:]
    assert [sample_of(twice, present) for present in (0, 1, 3)] == [0, 0, 3]
    assert sample_of(whole, 5) == 5


def test_steps_stay_within_the_list() -> None:
    numbers = np.array([2, 5, 9])
    assert [stepped(numbers, present, 1) for present in (0, 2, 3, 9)] == [2, 5, 5, 9]
    assert [stepped(numbers, present, -1) for present in (2, 3, 9, 12)] == [2, 2, 5, 9]
    assert [nearest(numbers, present) for present in (0, 5, 6, 12)] == [2, 5, 9, 9]
    assert stepped(np.zeros(0, dtype=np.int64), 4, 1) == nearest(np.zeros(0, dtype=np.int64), 4) == 4
