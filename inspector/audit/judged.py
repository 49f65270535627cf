"""Measurements judged, as records: the same whether they were made just now or come out of the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.audit.record import Record
from inspector.checks.finding import Finding, verdict
from inspector.checks.judge_motion import motion_counts
from inspector.checks.measured import Measurements
from inspector.profiles.model import Profile

if TYPE_CHECKING:
    from inspector.audit.videos import JudgedVideos


def clip_record(
    path: str,
    measured: Measurements,
    findings: tuple[Finding, ...],
    profile: Profile,
    wanted: tuple[str, ...],
    size_bytes: int,
    mtime_ns: int,
) -> Record:
    """The record of a file that was measured by a profile of keypoints.

    Parameters
    ----------
    findings
        As `judge` gives them for these targets.
    wanted
        Targets that it must be ready for.
    """
    return Record(
        path=path,
        status=verdict(findings, any(measured.issues[target] for target in wanted)),
        profile=profile.name,
        fields=measured.reference,
        issues=measured.issues,
        wanted=wanted,
        findings=findings,
        measurements=measured.values | motion_counts(measured, profile.limits),
        error=measured.unmeasured,
        size_bytes=size_bytes,
        mtime_ns=mtime_ns,
    )


def videos_record(
    path: str, present: list[str], judged: JudgedVideos, profile: Profile, size_bytes: int = -1, mtime_ns: int = -1
) -> Record:
    """The record of a data set of videos that could be measured.

    Parameters
    ----------
    present
        Names of the arrays in the file.
    """
    return Record(
        path,
        verdict(judged.findings),
        profile.name,
        {"present": present},
        findings=judged.findings,
        measurements=judged.values,
        error=judged.error,
        size_bytes=size_bytes,
        mtime_ns=mtime_ns,
    )
