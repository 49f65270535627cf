"""Where files about one of many go, and that assessments are written with the other reports or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.audit import Record
from inspector.errors import ReportError
from inspector.reports import FORMATS, ReportWriter, write_reports
from inspector.reports.folders import ASSESSMENT, dataset_folders, stems
from tests.support.datasets import clean, flawed
from tests.support.records import HELL, record

NAMES = sorted(f.filename for f in FORMATS.values())


def written(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("records", "more"),
    [
        ([record()], []),
        ([record(), flawed("v/a.npz")], [ASSESSMENT]),
        ([clean("v/a.npz"), flawed("w/b.npz"), record()], [f"a/{ASSESSMENT}", f"b/{ASSESSMENT}"]),
        ([clean("v/a.npz"), flawed("w/A.npz")], [f"A-2/{ASSESSMENT}", f"a/{ASSESSMENT}"]),
    ],
)
def test_one_assessment_for_each_data_set(tmp_path: Path, records: list[Record], more: list[str]) -> None:
    found = write_reports(records, tmp_path)
    assert written(tmp_path) == sorted([*NAMES, *more])
    assert sorted(path.relative_to(tmp_path).as_posix() for path in found) == written(tmp_path)


def test_each_holds_its_own(tmp_path: Path) -> None:
    write_reports([clean("v/a.npz"), flawed("w/b.npz")], tmp_path)
    assert "`a.npz`" in (tmp_path / "a" / ASSESSMENT).read_text("utf-8")
    assert "Duplicates: 30 (15%)" in (tmp_path / "b" / ASSESSMENT).read_text("utf-8")


def test_only_with_the_summary(tmp_path: Path) -> None:
    write_reports([flawed()], tmp_path, ["csv", "jsonl"])
    assert written(tmp_path) == ["npz_audit_report.csv", "npz_audit_report.jsonl"]


def test_all_or_nothing(tmp_path: Path) -> None:
    write_reports([flawed()], tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in written(tmp_path)}
    (tmp_path / "b").write_text("in the way")
    with pytest.raises(ReportError, match="b cannot be written"):
        write_reports([clean("v/a.npz"), flawed("w/b.npz")], tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_data_sets_of_an_earlier_run_are_not_forgotten(tmp_path: Path) -> None:
    path, out = tmp_path / "a.npz", tmp_path / "out"
    path.write_bytes(b"x")
    found = path.stat()
    kept = replace(flawed(str(path)), size_bytes=found.st_size, mtime_ns=found.st_mtime_ns)
    with ReportWriter(out, key="k") as writer:
        writer.add([kept])
    with ReportWriter(out, key="k") as writer:
        assert writer.resume([str(path)]) == []
        writer.finish()
    assert "Duplicates: 30 (15%)" in (out / ASSESSMENT).read_text("utf-8")


@given(
    st.lists(st.one_of(st.sampled_from(HELL), st.text(max_size=400).map("d/{}.npz".format)), unique=True, max_size=20)
)
def test_stems_are_safe_and_unlike(paths: list[str]) -> None:
    found = stems(paths)
    assert list(found) == paths
    assert len({name.casefold() for name in found.values()}) == len(paths)
    for name in found.values():
        assert name and not set(name) & set('/\\:*?"<>|\0\n') and name[0] != "." and name[-1] != "."
        assert len(name.encode()) <= 140


def test_stems_leave_what_is_taken_alone() -> None:
    paths = [
        "CON.npz",
        "nul.x.npz",
        "sample_animations.npz",
        "npz_audit_report.csv.npz",
        "plain.v2.npz",
        "-2.npz",
        "..npz",
    ]
    assert list(stems(paths).values()) == [
        "CON_", "nul.x_", "sample_animations_", "npz_audit_report.csv_", "plain.v2", "-2", "file",
    ]  # fmt: skip


def test_a_single_data_set_lies_beside_the_reports() -> None:
    assert dataset_folders(["x/a.npz"]) == {"x/a.npz": Path()}
    assert dataset_folders(["x/b.npz", "x/a.npz"]) == {"x/a.npz": Path("a"), "x/b.npz": Path("b")}
    assert dataset_folders([]) == {}
