"""Files judged by a profile that stands in for the one that was picked."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from inspector.audit import Options, audit_file, inspect_file
from inspector.profiles import Profile, load_profile
from tests.support.clips import save_clip

BASE = load_profile("fslr-keypoints")
MINE = msgspec.structs.replace(BASE, name="mine", limits=msgspec.structs.replace(BASE.limits, timestamp_gap_factor=0.5))


@pytest.mark.parametrize("profile", [None, BASE])
def test_it_judges_whether_the_other_was_picked_by_hand_or_by_the_file(tmp_path: Path, profile: Profile | None) -> None:
    path = str(save_clip(tmp_path / "a.npz"))
    options = Options(profile=profile, edited=((BASE.name, MINE),))
    record = audit_file(path, options)
    assert record.profile == "mine"
    assert "TIMESTAMP_GAP" in {finding.code for finding in record.findings}
    assert inspect_file(path, options).profile == MINE


def test_files_of_other_kinds_are_judged_as_ever(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", weights=np.arange(3.0))
    assert audit_file(str(tmp_path / "a.npz"), Options(edited=((BASE.name, MINE),))).profile == "generic"
