"""Lines of JSON: valid whatever the record holds, and nothing is lost on the way back."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.audit import Record
from inspector.audit.lines import to_flat, to_line, to_record
from inspector.checks import Status
from inspector.errors import ReportError
from inspector.reports import read_records
from tests.support.records import HELL, broken, failing, record


def strict(line: bytes) -> dict[str, object]:
    def refuse(token: str) -> None:
        raise AssertionError(f"{token} is not JSON")

    parsed = json.loads(line.decode("utf-8"), parse_constant=refuse)
    assert isinstance(parsed, dict)
    return parsed


@pytest.mark.parametrize("path", HELL)
@pytest.mark.parametrize("make", [record, failing, broken])
def test_round_trip_of_names_from_hell(path: str, make: Callable[[str], Record]) -> None:
    one = make(path)
    line = to_line(one)
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert strict(line)["file"] == one.file
    assert to_record(to_flat(line)) == one


def test_nan_and_infinity_are_null_and_come_back() -> None:
    one = record()
    one.fields.update(vel_p95=math.nan, vel_max=math.inf)
    one.measurements["speed_p95"] = -math.inf
    line = to_line(one)
    parsed = strict(line)
    assert parsed["vel_p95"] is None and parsed["vel_max"] is None and parsed["speed_p95"] is None
    assert parsed["non_finite"] == {"vel_p95": "nan", "vel_max": "inf", "speed_p95": "-inf"}
    back = to_record(to_flat(line))
    assert math.isnan(back.fields["vel_p95"]) and back.fields["vel_max"] == math.inf
    assert back.measurements["speed_p95"] == -math.inf and "non_finite" not in back.measurements


def test_a_plain_record_says_nothing_extra() -> None:
    assert {"non_finite", "file_bytes"}.isdisjoint(strict(to_line(record())))


def test_odd_values_never_end_a_run() -> None:
    odd = record(
        measurements={"lone": "\ud800", "big": -(2**70), "numpy": np.float32(1.5), "array": np.arange(3), "set": {1}}
    )
    odd.fields["meta_summary"] = ["k\udc80"]
    parsed = strict(to_line(odd))
    assert parsed["big"] == -(2**70) and parsed["numpy"] == 1.5 and parsed["array"] == [0, 1, 2]
    assert parsed["meta_summary"] == ["k\\udc80"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.text(min_size=1).filter(lambda t: "\0" not in t), JSON)
def test_any_record_is_one_line_of_json(path: str, value: object) -> None:
    line = to_line(record(path, measurements={"value": value}, error=path))
    assert line.count(b"\n") == 1
    assert strict(line)["file"]
    assert to_record(to_flat(line)).path == path


def test_reads_what_the_reference_wrote(tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    lines: list[dict[str, Any]] = [
        {"file": "a.npz", "present": ["X"], "vel_p95": float("nan"), "transformer_ready": True, "iv3_ready": False},
        {"file": "b.npz", "present": ["X", "X2048"], "transformer_ready": True, "iv3_ready": False},
        {"file": "c.npz", "error": "missing_required_keys", "present": ["y"]},
    ]
    lines[0] |= {"transformer_issues": [], "iv3_issues": ["X2048 missing (required for IV3-GRU)"], "legacy_issues": []}
    lines[1] |= {"transformer_issues": [], "iv3_issues": ["non-finite values in X2048"], "legacy_issues": []}
    report.write_text("".join(json.dumps(line) + "\n" for line in lines) + "\n", encoding="utf-8-sig")
    one, two, three = read_records(report)
    assert [r.status for r in (one, two, three)] == [Status.PASS, Status.FAIL, Status.ERROR]
    assert math.isnan(one.fields["vel_p95"])
    assert two.wanted == ("transformer", "iv3") and two.ready("iv3") is False
    assert three.error == "missing_required_keys"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{torn", "expected a JSON object, got '{torn'"),
        (b"[1]", "expected a JSON object, got '[1]'"),
        (b"{}", "expected a text in 'file', got None"),
        (b'{"file": 3}', "expected a text in 'file', got 3"),
        (b'{"file": "a", "status": "good"}', "'good' is not a valid Status"),
        (b'{"file": "a", "status": "pass", "findings": [{"code": 1}]}', "field that does not fit"),
        (b'{"file": "a", "status": "pass", "findings": 7}', "field that does not fit"),
        (b"\xff\xfe", "expected a JSON object"),
        (b"[" * 100_000, "expected a JSON object"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: bytes, words: str) -> None:
    report = tmp_path / "report.jsonl"
    report.write_bytes(to_line(record()) + line + b"\n")
    with pytest.raises(ReportError, match="line 2: ") as caught:
        read_records(report)
    assert words in str(caught.value) and str(report) in str(caught.value)


def test_a_report_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="cannot be read: No such file"):
        read_records(tmp_path / "gone.jsonl")
