"""Short ways from arrays to findings, for tests of single checks."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from inspector.checks import Finding
from inspector.checks.arrays import Arrays
from inspector.checks.judge import judge
from inspector.checks.measure import measure
from inspector.checks.measured import Measurements
from inspector.profiles import load_profile
from inspector.profiles.model import Profile


def profile(**limits: Any) -> Profile:
    """The keypoint profile, with some limits moved."""
    base = load_profile("fslr-keypoints")
    return msgspec.structs.replace(base, limits=msgspec.structs.replace(base.limits, **limits))


def measured(arrays: dict[str, Any], by: Profile | None = None) -> Measurements:
    values = {k: np.asarray("") if k == "meta" else v for k, v in arrays.items()}
    return measure(Arrays(tuple(arrays), values, meta=arrays.get("meta")), by or profile())


def findings(
    arrays: dict[str, Any], by: Profile | None = None, wanted: tuple[str, ...] = ("transformer",)
) -> dict[str, Finding]:
    """Findings of one clip by code; a code that comes twice fails."""
    by = by or profile()
    found = judge(measured(arrays, by), by, wanted)
    codes = [f.code for f in found]
    assert len(set(codes)) == len(codes), codes
    return {f.code: f for f in found}
