"""Records of data sets of videos as an audit would make them, for tests of reports and command line."""

from __future__ import annotations

from typing import Any

from inspector.audit import Record
from inspector.checks import Finding, Severity, Status, to_ranges

Measured = dict[str, Any]

GROUPS = [
    [6, 29, 38, 47, 91, 100, 112, 123, 128, 129, 163, 186, 189],
    [68, 73, 82, 107, 149, 152, 158, 164],
    [90, 101, 111, 131, 148, 174, 190],
    [109, 115, 130, 169, 184, 191],
]
STATIC = sorted(n for group in GROUPS for n in group)
_KEYS = (
    "label name count first displacement_mean displacement_std path_length_mean path_length_std "
    "frame_variation_first frame_variation_mean motion_energy_mean static_samples"
).split()
_ROWS: list[tuple[object, ...]] = [
    (0, "Linear", 50, 6, 0.29553424, 0.09672343, 0.98737416, 0.17749747, 0.0, 0.00111588, 0.00469542, 30),
    (1, "Circular", 50, 1, 0.06370244, 0.02953057, 2.93839022, 0.53954839, 0.00232254, 0.00214105, 0.00838943, 0),
    (2, "Helical", 50, 0, 0.97307944, 0.20593819, 5.13805844, 0.56435567, 0.00239213, 0.00233819, 0.01224229, 0),
    (3, "Parabolic", 50, 2, 0.53109096, 0.17585645, 1.08288876, 0.21203829, 0.00234366, 0.00269930, 0.01088606, 4),
]
MOTION = "166 of 200 samples show motion; 34 are static, mostly Linear (30 of 50)."
CAUSE = "All 30 duplicates are samples that do not move: their object is held at the picture's edge."


def measurements(**changes: object) -> Measured:
    """What was measured of the first real data set."""
    return {
        "videos": "videos",
        "videos_shape": [200, 16, 3, 64, 64],
        "videos_dtype": "float32",
        "layout": "NTCHW",
        "samples": 200,
        "frames": 16,
        "height": 64,
        "width": 64,
        "channels": 3,
        "value_min": 0.0,
        "value_max": 1.0,
        "nan_values": 0,
        "inf_values": 0,
        "full_scale": 1.0,
        "classes": [dict(zip(_KEYS, row, strict=True)) for row in _ROWS],
        "duplicates": {"unique": 170, "extra": 30, "groups": GROUPS},
        "static_samples": STATIC,
        "duplicate_samples": 30,
        "static_count": 34,
        "moving_samples": 160,
        "still_samples": [3, 4, 5, 60, 61, 80],
        "blank_samples": [],
        "border_samples": [n for n in range(200) if n not in (10, 20)],
        "border_frames_pct": 97.0,
        "disagree_samples": [],
        "camera": {"rms_px": 0.14, "samples": 200, "outside_pct": 97.0},
        "bad_samples": [],
        "separability": 0.93,
        "separability_chance": 0.25,
        "imbalance": 1.0,
        "motion": MOTION,
        "causes": [CAUSE],
        **changes,
    }


def flawed(path: str = "data/20260124_1546_full_dataset.npz", **changes: object) -> Record:
    """The first real data set: duplicates, static samples, the object at the border."""
    findings = (
        Finding("STATIC_VIDEO", Severity.HIGH, "34 of 200 samples do not change", samples=to_ranges(STATIC)),
        Finding("OBJECT_AT_BORDER", Severity.HIGH, "the object is at the edge in 97% of frames", samples=((0, 199),)),
        Finding("DUPLICATE_SAMPLES", Severity.MEDIUM, "30 samples repeat another", samples=to_ranges(STATIC)),
        Finding("LOW_TEMPORAL_VARIATION", Severity.LOW, "class 0 has a frame variation of 0.0000"),
    )
    return record(path, Status.FAIL, findings, **changes)


def clean(path: str = "data/clean.npz", **changes: object) -> Record:
    """A data set that passes: every sample is its own and moves within the picture."""
    rows = [dict(zip(_KEYS, (*row[:8], 0.004, 0.004, 0.01, 0), strict=True)) for row in _ROWS]
    whole: Measured = {
        "classes": rows,
        "duplicates": {"unique": 200, "extra": 0, "groups": []},
        "duplicate_samples": 0,
        "static_samples": [],
        "static_count": 0,
        "still_samples": [],
        "moving_samples": 200,
        "border_samples": [],
        "border_frames_pct": 0.0,
        "motion": "Yes: all 200 samples show motion.",
        "causes": [],
    }
    return record(path, Status.PASS, (), **{**whole, **changes})


def record(path: str, status: Status, findings: tuple[Finding, ...] = (), **changes: object) -> Record:
    """Any data set; keywords replace measurements."""
    return Record(
        path,
        status,
        "trajectory-videos",
        findings=findings,
        measurements=measurements(**changes),
        size_bytes=10,
        mtime_ns=20,
    )
