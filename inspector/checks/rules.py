"""Which measurement each limit is held against: one table for judging a file, a plot's line, and a folder at once.

Findings that no limit can move (structure, types, a target that is not ready) are not here: they stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checks.finding import Severity
from inspector.profiles.model import Limits

NONE = len(Severity)
"""Rank of no finding; otherwise `Severity.rank`."""

Ranks = npt.NDArray[np.int8]
Worst = Mapping[str, int]
"""Of one file: the rank of each code that calls for a finding."""

_FEW = 8


@dataclass(frozen=True, slots=True)
class Level:
    """One measurement against one limit.

    Attributes
    ----------
    metric
        Name of a flat measurement (`Measurements.values`), the larger the worse.
    limit
        Field of `Limits`.
    severity
        Of the finding once the limit is passed.
    reached
        Whether the limit itself is too much already: so for counts, where 0 is never too much.
    rank
        Of the severity.
    """

    metric: str
    limit: str
    severity: Severity = Severity.MEDIUM
    reached: bool = False
    rank: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rank", self.severity.rank)  # asked for every file


@dataclass(frozen=True, slots=True)
class Rule:
    """One finding code and the levels that call for it; the worst one met counts."""

    code: str
    levels: tuple[Level, ...]


RULES: tuple[Rule, ...] = (
    Rule("TIMESTAMP_GAP", (Level("gap_ratio", "timestamp_gap_factor"),)),
    Rule(
        "LOW_VISIBILITY",
        (
            Level("low_visibility_pct", "low_visibility_pct"),
            Level("low_visibility_pct", "low_visibility_fail_pct", Severity.HIGH, reached=True),
        ),
    ),
    Rule(
        "GROUP_MISSING",
        (
            Level("unseen_any_pct", "group_missing_pct", Severity.LOW, reached=True),
            Level("unseen_both_hands_pct", "group_missing_pct", Severity.MEDIUM, reached=True),
            Level("unseen_body_pct", "group_missing_pct", Severity.MEDIUM, reached=True),
            Level("unseen_all_pct", "group_missing_pct", Severity.HIGH, reached=True),
        ),
    ),
    Rule("MASK_MISMATCH", (Level("mismatch_frames", "mask_mismatch_frames", reached=True),)),
    Rule("POINT_PINNED", (Level("pinned_longest", "pinned_frames", reached=True),)),
    Rule("SPEED_SPIKE", (Level("spike_max", "speed_spike"),)),
    Rule("CAMERA_CUT", (Level("cut_max", "camera_cut"),)),
    Rule("LEFT_RIGHT_SWAP", (Level("swap_frames", "swap_frames", reached=True),)),
    Rule("FROZEN_FRAMES", (Level("frozen_longest", "frozen_frames", reached=True),)),
    Rule("JITTER", (Level("jitter_max", "jitter"),)),
    Rule("BONE_JUMP", (Level("bone_jump_max", "bone_jump"),)),
    Rule(
        "DEAD_FEATURES",
        (
            Level("dead_features_pct", "dead_features_pct"),
            Level("dead_excess_pct", "dead_excess_pct"),
            Level("dead_rows", "dead_rows", reached=True),
        ),
    ),
    Rule("REPEATED_ROWS", (Level("repeated_rows", "repeated_rows", reached=True),)),
)
"""In the order in which they are judged and plotted."""

BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}
METRICS: tuple[str, ...] = tuple(dict.fromkeys(level.metric for rule in RULES for level in rule.levels))


def rank(rule: Rule, values: Mapping[str, Any], limits: Limits) -> int:
    """Severity rank of a rule's finding for one file, or `NONE`.

    Parameters
    ----------
    values
        Flat measurements by name; an absent one, None and NaN pass every limit.
    """
    worst = NONE
    for level in rule.levels:
        value = values.get(level.metric)
        if value is None:
            continue
        limit = getattr(limits, level.limit)
        if (value > limit or (level.reached and value == limit)) and level.rank < worst:
            worst = level.rank
    return worst


def ranks(rule: Rule, columns: Mapping[str, npt.NDArray[np.float64]], limits: Limits) -> Ranks:
    """As `rank`, of many files at once.

    Parameters
    ----------
    columns
        float64 (n,) by name of the measurement, NaN where a file has none; all columns have the same length.

    Returns
    -------
    ndarray
        int8 (n,).
    """
    n = len(next(iter(columns.values()), ()))
    worst = np.full(n, NONE, np.int8)
    for level in rule.levels:
        if (column := columns.get(level.metric)) is None:
            continue
        limit = getattr(limits, level.limit)
        met = column >= limit if level.reached else column > limit
        np.minimum(worst, np.int8(level.rank), out=worst, where=met)
    return worst


def worst_of(files: Sequence[Mapping[str, Any]], limits: Limits) -> list[dict[str, int]]:
    """The rank of each rule that calls for a finding, by its code, for each file's flat measurements."""
    if len(files) < _FEW:  # arrays would take longer
        return [{rule.code: worst for rule in RULES if (worst := rank(rule, of, limits)) != NONE} for of in files]
    columns = {name: np.array([of.get(name) for of in files], np.float64) for name in METRICS}  # None becomes NaN
    found: list[dict[str, int]] = [{} for _ in files]
    for rule in RULES:
        called = ranks(rule, columns, limits)
        met = (called != NONE).nonzero()[0]
        for place, severity in zip(met.tolist(), called[met].tolist(), strict=True):
            found[place][rule.code] = severity
    return found
