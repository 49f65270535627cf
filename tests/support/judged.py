"""Records as judging by the table of rules makes them, and the same verdicts in plain Python."""

from __future__ import annotations

import numpy as np

from inspector.audit import Record
from inspector.checks import Finding, Severity, Status, verdict
from inspector.checks.rules import METRICS, NONE, RULES, rank
from inspector.profiles.model import Limits

SCALES = {
    "spike_max": 20.0,
    "cut_max": 0.3,
    "jitter_max": 0.06,
    "bone_jump_max": 0.8,
    "gap_ratio": 2.0,
    "frozen_longest": 6.0,
    "pinned_longest": 4.0,
    "swap_frames": 0.4,
    "mismatch_frames": 0.4,
    "repeated_rows": 1.0,
    "dead_rows": 0.4,
    "dead_features_pct": 0.4,
    "low_visibility_pct": 2.0,
    "unseen_any_pct": 60.0,
    "unseen_both_hands_pct": 40.0,
    "unseen_body_pct": 30.0,
    "unseen_all_pct": 20.0,
}
"""Of exponential distributions; what is not named has a small one."""
_WHOLE = ("_frames", "_longest", "_rows")


def measurements(rng: np.random.Generator) -> dict[str, float | int | None]:
    """Random figures for every rule; some are absent, None or NaN, some lie on a limit."""
    found: dict[str, float | int | None] = {}
    for name in METRICS:
        value = float(rng.exponential(SCALES.get(name, 0.4)))
        if name.endswith(_WHOLE):
            value = int(value)
        if name.endswith("_pct"):
            value = min(value, 100.0)
        found[name] = value
    for odd in (None, float("nan")):
        if rng.random() < 0.1:
            found[str(rng.choice(METRICS))] = odd
    return found


def judged_record(path: str, rng: np.random.Generator, limits: Limits, profile: str = "fslr-keypoints") -> Record:
    """A record whose findings are those of the rules, some with others, some of a target that is not ready."""
    values = measurements(rng)
    findings = [
        Finding(rule.code, _SEVERITIES[worst], rule.code)
        for rule in RULES
        if (worst := rank(rule, values, limits)) != NONE
    ]
    if rng.random() < 0.1:
        findings.append(Finding("TIMESTAMP_REPEAT", _SEVERITIES[rng.integers(1, 4)], "fixed"))
    if rng.random() < 0.1 and any(f.code == "GROUP_MISSING" for f in findings):
        findings.append(Finding("GROUP_MISSING", Severity.LOW, "another group"))
    lacks: tuple[str, ...] = ("no",) if rng.random() < 0.05 else ()
    issues = {"transformer": lacks, "iv3": ("never wanted",)}
    return Record(
        path,
        verdict(findings, bool(lacks)),
        profile,
        {"T": int(rng.integers(1, 300)), "duration_ms": 1000},
        issues,
        ("transformer",),
        tuple(findings),
        dict(values),
    )


def plain_status(record: Record, limits: Limits) -> Status:
    """The verdict of a judged record under other limits."""
    worst = [rank(rule, record.measurements, limits) for rule in RULES]
    codes = {rule.code for rule in RULES}
    fixed = [f for f in record.findings if f.code not in codes]
    findings = [Finding("ANY", _SEVERITIES[found], "") for found in worst if found != NONE]
    return verdict([*fixed, *findings], any(record.issues[target] for target in record.wanted))


_SEVERITIES = tuple(Severity)
