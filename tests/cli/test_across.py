"""The audit command across files: copies, splits and labels in what it prints, in its reports and in its exit code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspector.reports import read_records
from tests.cli.conftest import Run
from tests.support.clips import clip_arrays, save_clip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two clips in train; in test a copy of one, stored otherwise, and one of its own."""
    data = tmp_path / "data"
    for split in ("train", "test"):
        (data / split).mkdir(parents=True)
    save_clip(data / "train" / "a.npz", moving(1))
    save_clip(data / "train" / "b.npz", moving(2))
    save_clip(data / "test" / "c.npz", moving(1), compressed=False)
    save_clip(data / "test" / "d.npz", moving(3))
    return data


def moving(seed: int) -> dict[str, Any]:
    """A clip whose arms go their own way."""
    arrays = clip_arrays(60)
    rng = np.random.default_rng(seed)
    points = arrays["X"].reshape(60, 78, 2)
    for arm in ([13, 15, 17, 19, 21, *range(25, 46)], [14, 16, 18, 20, 22, *range(46, 67)]):
        way = np.cumsum(np.cumsum(rng.normal(0, 0.0006, (60, 2)), axis=0) * 0.3, axis=0)
        points[:, arm] += np.clip(way, -0.15, 0.15)[:, None].astype(np.float32)
    return arrays


def codes(report: Path) -> dict[str, list[str]]:
    return {Path(r.path).name: sorted(f.code for f in r.findings) for r in read_records(report)}


def test_a_copy_in_another_split_fails(run: Run, folder: Path, tmp_path: Path) -> None:
    done = run("audit", folder, "--out", tmp_path / "out", "--no-video")
    assert done.code == 1
    assert "across files: 1 group of files with the same content, 2 files in all" in done.out
    assert "across files: splits: test 2, train 2; 1 recording in more than one" in done.out
    assert "2 pass, 0 warn, 2 fail" in done.out
    found = codes(tmp_path / "out" / "npz_audit_report.jsonl")
    assert found == {"a.npz": ["DUPLICATE_FILE", "SPLIT_LEAKAGE"], "c.npz": ["DUPLICATE_FILE", "SPLIT_LEAKAGE"],
                     "b.npz": [], "d.npz": []}  # fmt: skip
    summary = (tmp_path / "out" / "npz_audit_summary.md").read_text("utf-8")
    assert "| fail | 2 | 50.0 % |" in summary
    assert "### In more than one split\n\n- `test/c.npz`, `train/a.npz`" in summary
    table = (tmp_path / "out" / "npz_audit_report.csv").read_text("utf-8")
    assert "poses" not in table.splitlines()[0]
    assert table.count("SPLIT_LEAKAGE") == 2


def test_files_can_be_left_to_themselves(run: Run, folder: Path) -> None:
    done = run("audit", folder, "--no-across")
    assert done.code == 0
    assert "across files" not in done.out
    assert "4 pass" in done.out


def test_lists_of_splits(run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("a\nb.npz\nc\n")
    (tmp_path / "two.txt").write_text("d\ngone\n")
    done = run("audit", folder, "--split", f"one={tmp_path / 'one.txt'}", "--split", f"two={tmp_path / 'two.txt'}")
    assert "splits: one 3, two 1; none shares a recording" in done.out
    assert "1 file named in lists and not there" in done.out
    assert done.code == 1  # what is not there cannot be read


def test_labels_are_joined_and_what_lacks_them_is_told(run: Run, folder: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("gloss;file\nrain;a\nrain;train/b.npz\nsun;c.npz\nsun;nowhere\n")
    done = run("audit", folder, "--labels", labels, "--out", tmp_path / "out", "--no-video")
    assert "labels: 3 of 4 files, 2 classes" in done.out
    found = codes(tmp_path / "out" / "npz_audit_report.jsonl")
    assert found["d.npz"] == ["LABEL_MISSING"]
    assert found["nowhere.npz"] == ["FILE_MISSING"]
    assert "| `rain` | 2 |" in (tmp_path / "out" / "npz_audit_summary.md").read_text("utf-8")


def test_bad_lists_are_usage_errors_that_name_the_line(run: Run, folder: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("name,what\na,b\n")
    done = run("audit", folder, "--labels", labels)
    assert done.code == 2
    assert str(labels) in done.err
    assert run("audit", folder, "--split", "nonsense").code == 2
    assert run("audit", folder, "--no-across", "--labels", labels).code == 2


def test_a_run_that_goes_on_says_the_same(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("audit", folder, "--out", out, "--no-video")
    report = out / "npz_audit_report.jsonl"
    once = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    shutil.rmtree(out)
    run("audit", folder, "--out", out, "--no-video")
    assert [json.loads(line) for line in report.read_text("utf-8").splitlines()] == once
