"""The table of rules: one file and many get the same answer, above all at the limit itself."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.checks.finding import Severity
from inspector.checks.rules import BY_CODE, METRICS, NONE, RULES, Rule, rank, ranks, worst_of
from inspector.profiles import load_profile
from inspector.profiles.model import Limits
from tests.support.judged import measurements

LIMITS = load_profile("fslr-keypoints").limits


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_below_at_and_above_each_limit(rule: Rule) -> None:
    for level in rule.levels:
        limit = getattr(LIMITS, level.limit)
        values = [np.nan, limit - 1e-6, limit, limit + 1e-6]
        met = [False, False, level.reached, True]
        found = ranks(rule, {level.metric: np.array(values)}, LIMITS)
        one = [rank(rule, {level.metric: value}, LIMITS) for value in values]
        assert found.dtype == np.int8 and found.tolist() == one
        assert [worst <= level.severity.rank for worst in one] == met


def test_of_several_levels_the_worst_counts() -> None:
    rule = BY_CODE["GROUP_MISSING"]
    columns = {level.metric: np.array([96.0]) for level in rule.levels}
    assert ranks(rule, columns, LIMITS).tolist() == [Severity.HIGH.rank]
    assert rank(rule, {name: 96.0 for name in columns if name != "unseen_all_pct"}, LIMITS) == Severity.MEDIUM.rank


def test_nothing_measured_passes() -> None:
    for rule in RULES:
        assert rank(rule, {}, LIMITS) == rank(rule, dict.fromkeys(METRICS), LIMITS) == NONE
        assert ranks(rule, {"another": np.array([1.0, 2.0])}, LIMITS).tolist() == [NONE, NONE]


def test_each_level_has_a_limit_and_each_code_one_rule() -> None:
    assert len(BY_CODE) == len(RULES)
    assert {level.limit for rule in RULES for level in rule.levels} <= set(Limits.__struct_fields__)


def test_the_worst_of_each_rule_for_few_files_and_for_many() -> None:
    rng = np.random.default_rng(5)
    files = [measurements(rng) for _ in range(60)] + [{}]
    together = worst_of(files, LIMITS)
    assert together == [worst_of([values], LIMITS)[0] for values in files]
    assert together == [
        {r.code: rank(r, values, LIMITS) for r in RULES if rank(r, values, LIMITS) != NONE} for values in files
    ]
    assert together[-1] == {}
    assert {code for found in together for code in found} == set(BY_CODE)
