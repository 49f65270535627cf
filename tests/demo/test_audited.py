"""An audit of the demo finds what was planted, where it was planted, and nothing in the clean clips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspector.audit import Options, audit_file
from inspector.audit.across import CODES as ACROSS
from inspector.audit.across import across
from inspector.checks.finding import Ranges, Status
from inspector.demo import make_demo
from inspector.demo.datasets import CLEAN, FAULTY, clean_set, faulty_set

# What else one defect rightly shows: a pickled dict is no JSON text, a wrist far out leaves the points around it, and
# exchanged hands leave their arms.
ALSO = {"PICKLED_ARRAY": {"BAD_META"}, "BONE_JUMP": {"SPEED_SPIKE"}, "LEFT_RIGHT_SWAP": {"SPEED_SPIKE"}}

# What shows where something else is wrong: a video that stands still is not its trajectory's either.
FOLLOWS = "VIDEO_TRAJECTORY_DISAGREE"


def numbers(ranges: Ranges) -> set[int]:
    return {number for first, last in ranges for number in range(first, last + 1)}


def near(found: Ranges, planted: Ranges) -> bool:
    """Whether every range of one touches a range of the other; a jump back shows one frame after the last."""

    def touches(a: Ranges, b: Ranges) -> bool:
        return all(any(x[0] <= y[1] + 1 and y[0] <= x[1] + 1 for y in b) for x in a)

    return touches(found, planted) and touches(planted, found)


@pytest.mark.parametrize("seed", [0, 1, 2, 4, 11])
def test_planted_is_what_is_found(tmp_path: Path, seed: int) -> None:
    demo = make_demo(tmp_path, seed=seed, videos=False)
    planted = {p.file: p for p in demo.planted if p.code not in ACROSS}
    records = [audit_file(str(tmp_path / name), Options()) for name in demo.clips]
    for name, record in zip(demo.clips, records, strict=True):
        frames = {f.code: f.frames for f in record.findings}
        if name not in planted:
            assert (record.status, frames) == (Status.PASS, {}), name
            continue
        defect = planted[name]
        assert defect.code in frames, name
        assert frames.keys() - ALSO.get(defect.code, set()) == {defect.code}, name
        assert near(frames[defect.code], defect.frames), name
    found = across(records)
    assert len(found.duplicates) == len(found.near) == 1
    assert set(found.findings) == {*found.duplicates[0], found.near[0].a, found.near[0].b}
    said = {Path(path).name: findings[0] for path, findings in found.findings.items()}
    exact, close = (p for p in demo.planted if p.code in ACROSS)
    assert said[exact.file].code == "DUPLICATE_FILE" == exact.code
    assert said[exact.file].message == f"same content as {exact.note.split()[4].strip(',')}"
    assert said[close.file].code == "NEAR_DUPLICATE_FILE" == close.code
    assert close.note.split()[0] in said[close.file].message and "mirrored" in said[close.file].message


@pytest.mark.parametrize("seed", [0, 11])
def test_samples_that_are_planted_are_those_that_are_found(tmp_path: Path, seed: int) -> None:
    save: Any = np.savez
    save(tmp_path / CLEAN, **clean_set(seed)[0])
    record = audit_file(str(tmp_path / CLEAN), Options())
    assert (record.profile, record.status, record.findings) == ("trajectory-videos", Status.PASS, ())
    arrays, planted = faulty_set(seed)
    save(tmp_path / FAULTY, **arrays)
    record = audit_file(str(tmp_path / FAULTY), Options())
    assert record.status is Status.FAIL
    wanted: dict[str, set[int]] = {}
    for fault in planted:
        wanted.setdefault(fault.code, set()).update(numbers(fault.samples))
    found = {finding.code: numbers(finding.samples) for finding in record.findings}
    paths = found.pop(FOLLOWS)
    assert wanted.pop(FOLLOWS) <= paths <= set().union(*(numbers(fault.samples) for fault in planted))
    assert found == wanted
