"""What targets lack: the quick look over sound arrays never says less than the closer one."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from inspector.checks.arrays import Arrays
from inspector.checks.readiness import Readiness, issues_of
from inspector.profiles import load_profile
from inspector.profiles.model import Profile, Requirement, Target
from tests.support.clips import clip_arrays

PROFILE = load_profile("fslr-keypoints")
CLIP = clip_arrays(features=True)


def lacks(arrays: dict[str, Any], profile: Profile) -> dict[str, tuple[str, ...]]:
    """What is lacking by the quick look, which must be what the closer one says."""
    values = {name: array for name, array in arrays.items() if name != "meta"}
    figures = Arrays(tuple(values), values).figures_by(profile)
    found = Readiness(profile).issues(figures)
    assert found == {name: issues_of(target, figures) for name, target in profile.targets.items()}
    return found


def test_a_clean_clip_lacks_nothing() -> None:
    assert lacks(CLIP, PROFILE) == {"transformer": (), "iv3": ()}


@pytest.mark.parametrize(
    ("changes", "issues"),
    [
        ({"timestamps_ms": CLIP["timestamps_ms"][::-1].copy()}, "timestamps not monotonic"),
        ({"mask": CLIP["mask"][1:]}, "temporal dimension mismatch among X/mask/timestamps"),
        ({"X": CLIP["X"] + 1}, "X outside [0,1] range (expected normalized)"),
        ({"X": np.full_like(CLIP["X"], np.nan)}, "non-finite values in X"),
        ({"mask": CLIP["mask"].astype(np.uint8)}, "mask shape/dtype incorrect (expected [T,78] bool)"),
    ],
)
def test_each_need_of_a_target(changes: dict[str, Any], issues: str) -> None:
    assert lacks({**CLIP, **changes}, PROFILE)["transformer"] == (issues,)


def test_what_only_the_target_asks_of_an_array() -> None:
    lax = msgspec.structs.replace(PROFILE.arrays["X2048"], finite=False)
    rules = (
        Requirement("finite", ("X2048",), "not finite"),
        Requirement("monotonic", ("X2048",), "not ascending"),
    )
    profile = msgspec.structs.replace(
        PROFILE, arrays={**PROFILE.arrays, "X2048": lax}, targets={"own": Target("Own", requires=rules)}
    )
    rising = np.add.accumulate(CLIP["X2048"], axis=0)
    assert lacks({**CLIP, "X2048": rising}, profile)["own"] == ()
    assert lacks(CLIP, profile)["own"] == ("not ascending",)
    rising[-1, 5] = np.inf
    assert lacks({**CLIP, "X2048": rising}, profile)["own"] == ("not finite",)
