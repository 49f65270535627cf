"""One file to one record: verdicts, errors, and the reference's own records of real clips."""

from __future__ import annotations

import json
import math
import os
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from inspector.audit import Options, Record, audit_file, inspect_file
from inspector.checks import Status
from inspector.profiles import load_profile
from tests.support.clips import clip_arrays, save_clip


def _same(expected: Any, got: Any) -> bool:
    if isinstance(expected, float) and not isinstance(got, bool) and got is not None:
        return math.isclose(expected, got, rel_tol=1e-5, abs_tol=1e-9) or (math.isnan(expected) and math.isnan(got))
    return bool(expected == got) and isinstance(expected, bool) == isinstance(got, bool)


def test_every_field_of_every_real_clip(shared_data: Path) -> None:
    lines = (shared_data / "expected" / "clips.jsonl").read_text("utf-8").splitlines()
    wrong = []
    for line in map(json.loads, lines):
        got = audit_file(str(shared_data / line["file"])).as_json()
        wrong += [
            f"{line['file']}.{k}: expected {v!r}, found {got.get(k)!r}"
            for k, v in line.items()
            if k not in ("file", "legacy_issues") and not _same(v, got.get(k))
        ]
    assert len(lines) > 100
    assert not wrong, wrong[:10]


def codes(record: Record) -> list[str]:
    return [f.code for f in record.findings]


def test_a_clean_clip_passes(tmp_path: Path) -> None:
    record = audit_file(str(save_clip(tmp_path / "a.npz")))
    assert (record.status, record.profile, record.findings) == (Status.PASS, "fslr-keypoints", ())
    assert record.ready("transformer") is True
    assert record.ready("iv3") is False
    assert record.wanted == ("transformer",)
    assert record.as_json()["iv3_issues"] == ["X2048 missing (required for IV3-GRU)"]


def test_features_make_iv3_wanted(tmp_path: Path) -> None:
    arrays = clip_arrays(features=True)
    arrays["X2048"] = arrays["X2048"][:-1]
    record = audit_file(str(save_clip(tmp_path / "a.npz", arrays)))
    assert record.wanted == ("transformer", "iv3")
    assert record.issues["iv3"] == ("X2048 temporal mismatch: X(40) vs X2048(39)",)
    assert record.status is Status.FAIL
    assert codes(record) == ["LENGTH_MISMATCH"]
    assert record.findings[0].target == "iv3"


def test_a_target_can_be_asked_for(tmp_path: Path) -> None:
    path = str(save_clip(tmp_path / "a.npz"))
    record = audit_file(path, Options(load_profile("fslr-keypoints"), targets=("iv3",)))
    assert record.status is Status.FAIL
    assert codes(record) == ["MISSING_ARRAY"]


@pytest.mark.parametrize("gone", ["X", "mask", "timestamps_ms"])
def test_a_missing_array_is_one_error_record(tmp_path: Path, gone: str) -> None:
    arrays = clip_arrays()
    del arrays[gone]
    record = audit_file(str(save_clip(tmp_path / "a.npz", arrays)))
    line = record.as_json()
    assert (line["status"], line["error"]) == ("error", "missing_required_keys")
    assert line["present"] == list(arrays)
    assert gone in record.findings[0].message


def test_a_truncated_file(tmp_path: Path) -> None:
    path = save_clip(tmp_path / "a.npz")
    path.write_bytes(path.read_bytes()[:-40])
    record = audit_file(str(path))
    assert record.status is Status.ERROR
    assert codes(record) == ["UNREADABLE"]
    assert "a.npz" in str(record.error)


def test_a_damaged_array_names_it(tmp_path: Path) -> None:
    path = save_clip(tmp_path / "a.npz", compressed=False)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("mask.npy").header_offset
    data[offset + 400] ^= 1
    path.write_bytes(data)
    record = audit_file(str(path))
    assert record.status is Status.ERROR
    assert "mask" in str(record.error)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_what_is_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.npz")
    (tmp_path / "folder.npz").mkdir()
    (tmp_path / "loop.npz").symlink_to("loop.npz")
    for name in ("fifo.npz", "folder.npz", "loop.npz", "absent.npz"):
        record = audit_file(str(tmp_path / name))
        assert record.status is Status.ERROR
        assert name in str(record.error)


def test_text_coordinates_are_an_error_that_keeps_the_structure(tmp_path: Path) -> None:
    record = audit_file(str(save_clip(tmp_path / "a.npz", clip_arrays() | {"X": np.full((40, 156), "x")})))
    assert record.status is Status.ERROR
    assert "expected numbers" in str(record.error)
    assert "BAD_DTYPE" in codes(record)
    assert record.fields["present"] == ["X", "mask", "timestamps_ms", "meta"]


def test_a_plain_pickled_meta_is_shown_and_warned_of(tmp_path: Path) -> None:
    meta = np.array({"sign": "hello", "fps": 30}, dtype=object)
    path = str(save_clip(tmp_path / "a.npz", clip_arrays() | {"meta": meta}))
    inspection = inspect_file(path)
    assert inspection.record.status is Status.WARN
    assert sorted(codes(inspection.record)) == ["BAD_META", "PICKLED_ARRAY"]
    assert json.loads(inspection.meta) == {"sign": "hello", "fps": 30}
    assert inspection.record.fields["meta_summary"] is None


class _Hostile:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.marker),)


def test_a_hostile_pickle_never_runs(tmp_path: Path) -> None:
    marker = tmp_path / "was-run"
    for name in ("meta", "X"):
        path = str(save_clip(tmp_path / "a.npz", clip_arrays() | {name: np.array(_Hostile(marker), dtype=object)}))
        record = inspect_file(path).record
        assert not marker.exists()
        assert record.findings[0].code == "PICKLED_ARRAY"
        assert "mkdir" in record.findings[0].message
        assert record.status is (Status.ERROR if name == "X" else Status.FAIL)


def test_any_other_file_is_generic(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, weights=np.ones((3, 4)), bad=np.array([1.0, np.nan]), names=np.array(["a", "b"]))
    record = audit_file(str(path))
    assert (record.profile, record.status) == ("generic", Status.WARN)
    assert sorted(codes(record)) == ["CONSTANT_ARRAY", "NON_FINITE"]
    assert record.measurements["nan_values"] == 1


def test_an_archive_without_arrays(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz")
    assert audit_file(str(tmp_path / "a.npz")).status is Status.ERROR


def test_partly_measured_says_so(tmp_path: Path) -> None:
    arrays = clip_arrays() | {"timestamps_ms": np.arange(40).astype("U4")}
    record = audit_file(str(save_clip(tmp_path / "a.npz", arrays)))
    assert record.status is Status.FAIL
    assert record.fields["duration_ms"] is None
    assert "timestamps_ms" in str(record.error)


def test_a_record_survives_its_json(tmp_path: Path) -> None:
    arrays = clip_arrays(features=True)
    arrays["X"][7, 3] = np.nan
    record = audit_file(str(save_clip(tmp_path / "a.npz", arrays)))
    text = msgspec.json.encode(record.as_json())
    again = Record.from_json(msgspec.json.decode(text))
    assert again.as_json() == msgspec.json.decode(text)
    assert again.findings == record.findings
    assert (again.status, again.issues, again.wanted) == (record.status, record.issues, record.wanted)


def test_names_that_are_not_text(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(str(tmp_path)) + b"/\xff.npz")
    record = audit_file(path)
    assert record.path == path
    assert record.file.endswith("\\xff.npz")
    msgspec.json.encode(record.as_json())


def test_the_validator_has_the_references_signature_and_error_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old_rules.py").write_text(
        "def check(path, require_x2048, check_parquet, check_transformer, check_iv3):\n"
        "    assert (require_x2048, check_parquet, check_transformer, check_iv3) == (True, False, True, True)\n"
        "    return ['too short']\n"
        "def broken(path, **kwargs):\n"
        "    raise ValueError('no')\n"
        "def silent(path, **kwargs):\n"
        "    return None\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    path = str(save_clip(tmp_path / "a.npz"))
    assert audit_file(path).legacy_issues == ()
    assert audit_file(path, Options(validator="old_rules:check")).legacy_issues == ("too short",)
    assert audit_file(path, Options(validator="old_rules:broken")).legacy_issues == ("validate_npz_file_error:no",)
    assert audit_file(path, Options(validator="old_rules:silent")).legacy_issues == ()


def test_inspection_of_a_clip(tmp_path: Path) -> None:
    inspection = inspect_file(str(save_clip(tmp_path / "a.npz")))
    assert inspection.clip is not None
    assert inspection.clip.points.shape == (40, 78, 2)
    assert inspection.clip.own_clock
    assert inspection.clip.seconds[30] == pytest.approx(1.0)
    assert [m.name for m in inspection.members] == ["X", "mask", "timestamps_ms", "meta"]
    assert inspection.skeleton is not None
    assert {"visible", "speed", "bone_change", "motion"} <= set(inspection.series)
    assert all(len(lane) == 40 for lane in inspection.series.values())


def test_a_clip_with_another_point_count_has_no_skeleton(tmp_path: Path) -> None:
    arrays = clip_arrays() | {"X": np.full((40, 40), 0.5, np.float32), "mask": np.ones((40, 20), bool)}
    inspection = inspect_file(str(save_clip(tmp_path / "a.npz", arrays)))
    assert inspection.skeleton is None
    assert inspection.clip is not None
    assert inspection.clip.points.shape == (40, 20, 2)
