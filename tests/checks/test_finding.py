from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.checks import Finding, Severity, Status, count, to_ranges, verdict


@given(st.lists(st.integers(0, 300)))
def test_ranges_hold_the_same_indices(indices: list[int]) -> None:
    ranges = to_ranges(indices)
    held = [i for first, last in ranges for i in range(first, last + 1)]
    assert held == sorted(set(indices))
    assert count(ranges) == len(held)
    assert all(second[0] > first[1] + 1 for first, second in itertools.pairwise(ranges))


@given(st.lists(st.booleans()))
def test_ranges_of_a_mask_and_of_its_indices_agree(mask: list[bool]) -> None:
    where = np.array(mask, dtype=bool)
    assert to_ranges(where) == to_ranges(np.flatnonzero(where))


@pytest.mark.parametrize(
    ("severities", "unready", "expected"),
    [
        ([], False, Status.PASS),
        ([Severity.LOW], False, Status.PASS),
        ([Severity.LOW, Severity.MEDIUM], False, Status.WARN),
        ([Severity.HIGH, Severity.MEDIUM], False, Status.FAIL),
        ([Severity.CRITICAL], False, Status.FAIL),
        ([], True, Status.FAIL),
    ],
)
def test_verdict(severities: list[Severity], unready: bool, expected: Status) -> None:
    assert verdict([Finding("X", s, "") for s in severities], unready) is expected
