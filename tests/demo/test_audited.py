"""An audit of the demo finds what was planted, where it was planted, and nothing in the clean clips."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.audit import Options, audit_file
from inspector.checks.finding import Ranges, Status
from inspector.demo import make_demo

# What else one defect rightly shows: frames without a mask show no point, and a pickled dict is no JSON text.
ALSO = {"PICKLED_ARRAY": {"BAD_META"}}


def near(found: Ranges, planted: Ranges) -> bool:
    """Whether every range of one touches a range of the other; a jump back shows one frame after the last."""

    def touches(a: Ranges, b: Ranges) -> bool:
        return all(any(x[0] <= y[1] + 1 and y[0] <= x[1] + 1 for y in b) for x in a)

    return touches(found, planted) and touches(planted, found)


@pytest.mark.parametrize("seed", [0, 11])
def test_planted_is_what_is_found(tmp_path: Path, seed: int) -> None:
    demo = make_demo(tmp_path, seed=seed)
    planted = {p.file: p for p in demo.planted}
    for name in demo.clips:
        record = audit_file(str(tmp_path / name), Options())
        frames = {f.code: f.frames for f in record.findings}
        if name not in planted:
            assert (record.status, frames) == (Status.PASS, {}), name
            continue
        defect = planted[name]
        assert defect.code in frames, name
        assert frames.keys() - ALSO.get(defect.code, set()) == {defect.code}, name
        assert near(frames[defect.code], defect.frames), name
