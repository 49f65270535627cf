from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inspector.audit import Record
from inspector.checks import Finding, Severity, Status
from inspector.gui.models.file_records import Records

WHOLE = Record(
    "/a",
    Status.FAIL,
    "clips",
    {"present": ["X", "mask"], "T": 3, "X_shape": [3, 156], "has_mask": True, "vel_p95": 0.5, "vel_max": None},
    {"iv3": ("no X2048",), "transformer": ()},
    ("transformer",),
    (Finding("SPEED_SPIKE", Severity.HIGH, "fast", None, ((1, 2),), ((0, 0),)),),
    {"spike_max": 99.5, "classes": [{"label": 0, "name": "Linear"}], "poses": "abc", "own_clock": True},
    ("old",),
    "half of it",
    123,
    456,
)


@pytest.mark.parametrize(
    "record",
    [
        WHOLE,
        replace(WHOLE, fields={"present": ["\udcff"]}),
        replace(WHOLE, measurements={"spike_max": np.float64(3.5), "pair": (1, 2)}),
        replace(WHOLE, measurements={"huge": 1 << 80}),
        Record("/a", Status.PASS),
    ],
)
def test_records_come_back_as_they_went_in(record: Record) -> None:
    records = Records(["/a"])
    records.resize(["/a"])
    assert records[0] is None
    assert not records.has(0)
    records.put(0, record)
    found = records[-1]
    assert found == record
    assert found is not None
    assert [type(value) for value in found.measurements.values()] == [type(v) for v in record.measurements.values()]
    assert records.has(0)


def test_what_is_frozen_stays_whatever_comes() -> None:
    paths = ["/a", "/b", "/c"]
    records = Records(paths)
    records.resize(paths)
    records.put(0, WHOLE)
    frozen = records.frozen()
    records.put(1, replace(WHOLE, path="/b", measurements={"other": 1}))
    records.forget(np.array([0]))
    assert [record is None for record in frozen] == [False, True, True]
    assert frozen[:1] == [WHOLE]
    assert [record is None for record in records] == [True, False, True]
    records.resize(paths[:1])
    assert list(records) == [None]
    with pytest.raises(IndexError):
        records[1]
