"""Records as an audit would make them, for tests of reports, command line and window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inspector.audit import Record
from inspector.checks import Finding, Severity, Status

HELL = [
    "a\nb.npz",
    'quo"te,comma;semi.npz',
    "<script>alert(1)</script>.npz",
    "=cmd|' C calc'!A0.npz",
    "@SUM(1).npz",
    "-rf.npz",
    "+1.npz",
    "\t=1.npz",
    "clips/\udcff\udcfe.npz",
    "clips/\\xff\\xfe.npz",
    "[x](javascript:alert(1)) `tick` **b** | pipe.npz",
    "\x1b[31mred\u202egpj.npz",
    "日本 ☃ é.npz",
]
"""Paths that break reports which do not expect them; two of them print the same."""


def record(path: str = "clips/a.npz", **changes: Any) -> Record:
    """A clip that passes."""
    figures: dict[str, Any] = {
        "present": ["X", "mask", "timestamps_ms"],
        "meta_summary": None,
        "T": 40,
        "X_shape": [40, 156],
        "X_has_nan": False,
        "X_has_inf": False,
        "X_out_of_range": 0,
        "timestamps_monotonic": True,
        "duration_ms": 1300,
        "temporal_consistent": True,
        "coverage_pct": 97.5,
        "low_vis_frames": 0,
        "vel_p95": 0.0007,
        "vel_max": 1.2971597909927368,
        "vel_spike_frames": 2,
        "bone_len_cv_pct": 61.4,
        "bone_outlier_frames": 7,
    }
    whole: dict[str, Any] = {
        "path": path,
        "status": Status.PASS,
        "profile": "fslr-keypoints",
        "fields": figures,
        "issues": {"transformer": (), "iv3": ("X2048 missing (required for IV3-GRU)",)},
        "wanted": ("transformer",),
        "measurements": {"speed_p95": 1.25, "bone_cv_max_pct": None, "classes": [{"label": 0}]},
        "size_bytes": 10,
        "mtime_ns": 20,
    }
    return Record(**{**whole, **changes})


def failing(path: str = "clips/bad.npz", **changes: Any) -> Record:
    """A clip with a medium and two high findings."""
    findings = (
        Finding("NON_FINITE", Severity.HIGH, "X: 3 values are not finite", "transformer", frames=((3, 5),)),
        Finding("NON_FINITE", Severity.HIGH, "X2048: 1 value is not finite", "iv3", frames=((9, 9),)),
        Finding("LOW_VISIBILITY", Severity.MEDIUM, "12 frames show fewer than 10 points", frames=((0, 11),)),
    )
    issues = {"transformer": ("non-finite values in X",), "iv3": ("non-finite values in X2048",)}
    return record(path, **{"status": Status.FAIL, "findings": findings, "issues": issues, **changes})


def broken(path: str = "clips/broken.npz", error: str = "not a zip file") -> Record:
    """A file that could not be read."""
    return Record(
        path, Status.ERROR, "generic", error=error, findings=(Finding("UNREADABLE", Severity.CRITICAL, error),)
    )


def on_disk(path: Path, **changes: Any) -> Record:
    """A record of a file that exists, with its size and time of change."""
    found = path.stat()
    return record(str(path), size_bytes=found.st_size, mtime_ns=found.st_mtime_ns, **changes)
