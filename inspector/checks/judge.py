"""Measurements and limits in, findings out: cheap and pure, so that a moved limit needs no file to be opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inspector.checks.finding import Finding, Ranges, Severity
from inspector.checks.judge_detection import detection_findings
from inspector.checks.judge_features import feature_findings
from inspector.checks.judge_motion import motion_findings
from inspector.checks.judge_time import in_order, order_findings, time_findings
from inspector.checks.measured import Measurements
from inspector.checks.readiness import target_of
from inspector.checks.rules import Worst, worst_of
from inspector.profiles.model import Profile, Skeleton


def judge(measured: Measurements, profile: Profile, wanted: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Every finding of one file, worst first.

    Parameters
    ----------
    wanted
        Targets the file must be ready for. What only keeps an unwanted target from being ready weighs little.
    """
    return judge_many([measured], profile, [wanted])[0]


def judge_many(
    files: Sequence[Measurements], profile: Profile, wanted: Sequence[tuple[str, ...]]
) -> list[tuple[Finding, ...]]:
    """As `judge`, of many files at once; `wanted` holds the targets of each."""
    worst = worst_of([measured.values for measured in files], profile.limits)
    ordered = in_order([measured.series.get("timestamps") for measured in files])
    clock = target_of(profile.named("timestamps"), profile)
    return [_judged(*each, profile, clock) for each in zip(files, wanted, worst, ordered, strict=True)]


def _judged(
    measured: Measurements, wanted: tuple[str, ...], worst: Worst, ordered: bool, profile: Profile, clock: str | None
) -> tuple[Finding, ...]:
    findings = list(measured.problems)
    if any(measured.issues[target] for target in wanted):  # what is absent is among them
        findings += _unready(measured, profile, wanted)
    if not ordered:
        findings += order_findings(measured.series["timestamps"], clock)
    if worst:
        limits, skeleton = profile.limits, profile.skeleton if fits(measured, profile.skeleton) else None
        findings += time_findings(measured, limits, worst)
        findings += detection_findings(measured, profile, skeleton, worst)
        findings += motion_findings(measured, limits, skeleton, worst)
        findings += feature_findings(measured, limits, worst)
    weighed = [_weigh(finding, wanted) if finding.target is not None else finding for finding in findings]
    if len(weighed) > 1:
        weighed.sort(key=_order)
    return tuple(weighed)


def _order(finding: Finding) -> tuple[int, Ranges, str]:
    return finding.severity.rank, finding.frames[:1], finding.code


def fits(measured: Measurements, skeleton: Skeleton | None) -> bool:
    """Whether the skeleton is the one that was measured with."""
    return skeleton is not None and len(skeleton.groups) == len(measured.details.get("group_seen", ()))


def _weigh(finding: Finding, wanted: tuple[str, ...]) -> Finding:
    if finding.target in wanted or finding.severity.rank >= Severity.MEDIUM.rank:
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
