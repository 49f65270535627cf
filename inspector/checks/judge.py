"""Measurements and limits in, findings out: cheap and pure, so that a moved limit needs no file to be opened."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.checks.finding import Finding, Severity
from inspector.checks.judge_detection import detection_findings
from inspector.checks.judge_features import feature_findings
from inspector.checks.judge_motion import motion_findings
from inspector.checks.judge_time import time_findings
from inspector.checks.measured import Measurements
from inspector.checks.readiness import target_of
from inspector.profiles.model import Profile, Skeleton


def judge(measured: Measurements, profile: Profile, wanted: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Every finding of one file, worst first.

    Parameters
    ----------
    wanted
        Targets the file must be ready for. What only keeps an unwanted target from being ready weighs little.
    """
    findings = list(measured.problems)
    findings += _unready(measured, profile, wanted)
    limits, skeleton = profile.limits, profile.skeleton if fits(measured, profile.skeleton) else None
    findings += time_findings(measured, limits, target_of(profile.named("timestamps"), profile))
    findings += detection_findings(measured, profile, skeleton)
    findings += motion_findings(measured, limits, skeleton)
    findings += feature_findings(measured, limits)
    weighed = [_weigh(finding, wanted) for finding in findings]
    return tuple(sorted(weighed, key=lambda f: (f.severity.rank, f.frames[:1], f.code)))


def fits(measured: Measurements, skeleton: Skeleton | None) -> bool:
    """Whether the skeleton is the one that was measured with."""
    return skeleton is not None and len(skeleton.groups) == len(measured.details.get("group_seen", ()))


def _weigh(finding: Finding, wanted: tuple[str, ...]) -> Finding:
    if finding.target is None or finding.target in wanted or finding.severity.rank >= Severity.MEDIUM.rank:
        return finding
    return Finding(finding.code, Severity.MEDIUM, finding.message, finding.target, finding.frames, finding.points)


def _unready(measured: Measurements, profile: Profile, wanted: tuple[str, ...]) -> Iterator[Finding]:
    """A wanted target whose array is optional to the profile and absent: no other check speaks of it."""
    present = measured.reference.get("present", ())
    for target in wanted:
        for requirement in profile.targets[target].requires:
            if requirement.rule == "present" and (absent := [n for n in requirement.arrays if n not in present]):
                text = f"{', '.join(absent)} is not in the file; target {target} needs it"
                yield Finding("MISSING_ARRAY", Severity.HIGH, text, target)
