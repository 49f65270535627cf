"""The table: the reference's bytes for its columns, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import pytest

from inspector.audit import Record
from inspector.reports import write_reports
from inspector.reports.table import OWN_COLUMNS, REFERENCE_COLUMNS
from tests.support.records import HELL, broken, failing, record


def table(folder: Path, *records: Record) -> str:
    (path,) = write_reports(records, folder, ["csv"])
    return path.read_bytes().decode("utf-8")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_reference_columns_are_as_the_reference_writes_them(tmp_path: Path) -> None:
    records = [record("a.npz"), failing("b, c.npz"), broken("d.npz"), record('e"f.npz')]
    records[0].fields.update(vel_p95=math.nan, vel_max=math.inf, coverage_pct=1e-7, T=None)
    expected = io.StringIO(newline="")
    writer = csv.DictWriter(expected, fieldnames=REFERENCE_COLUMNS)
    writer.writeheader()
    for one in records:
        flat = one.as_json()
        writer.writerow({name: flat.get(name) for name in REFERENCE_COLUMNS})
    ours = table(tmp_path, *records).split("\r\n")
    theirs = expected.getvalue().split("\r\n")
    assert len(ours) == len(theirs)
    for mine, reference in zip(ours, theirs, strict=True):
        assert mine == reference or mine.startswith(reference + ",")


def test_our_columns(tmp_path: Path) -> None:
    odd = failing("clips/z.npz", measurements={"speed_p95": 2.0, "note": "=1+1", "count": 3, "good": True})
    odd.issues["mine"] = ()
    text = table(tmp_path, record(), odd, broken())
    header = text.split("\r\n", 1)[0].split(",")
    figures = ["bone_cv_max_pct", "count", "good", "note", "speed_p95"]
    assert header == [*REFERENCE_COLUMNS, *OWN_COLUMNS, "mine_ready", *figures]
    by_file = {row["file"]: row for row in rows(text)}
    assert list(by_file) == ["clips/a.npz", "clips/broken.npz", "clips/z.npz"]
    bad = by_file["clips/z.npz"]
    assert bad["status"] == "fail" and bad["profile"] == "fslr-keypoints"
    assert [bad[f"findings_{s}"] for s in ("critical", "high", "medium", "low")] == ["0", "2", "1", "0"]
    assert bad["codes"] == "NON_FINITE LOW_VISIBILITY"
    assert bad["mine_ready"] == "True" and bad["note"] == "'=1+1" and bad["good"] == "True"
    assert by_file["clips/broken.npz"]["error"] == "not a zip file"
    assert by_file["clips/a.npz"]["mine_ready"] == ""


@pytest.mark.parametrize("path", HELL)
def test_names_survive_and_never_run(tmp_path: Path, path: str) -> None:
    one = record(path)
    text = table(tmp_path, one, record("zz.npz", error="@evil\n=2", measurements={}))
    first, last = sorted(rows(text), key=lambda row: row["file"] == "zz.npz")
    assert first["file"].removeprefix("./") == one.file
    assert not first["file"].startswith(tuple("=+-@\t\r\n"))
    assert last["error"] == "'@evil\n=2"


def test_two_names_that_print_the_same_keep_their_rows(tmp_path: Path) -> None:
    text = table(tmp_path, record("\udcff.npz"), record("\\xff.npz"))
    assert [row["file"] for row in rows(text)] == ["\\xff.npz", "\\xff.npz"]
