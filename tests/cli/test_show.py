"""The show command: what is in a file, without running any of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from tests.cli.conftest import Run
from tests.support.clips import clip_arrays, save_clip


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return (print, ("ran",))


def test_arrays_verdict_and_findings(run: Run, tmp_path: Path) -> None:
    arrays = clip_arrays(30)
    arrays["X"][3:5] = np.nan
    done = run("show", save_clip(tmp_path / "a.npz", arrays))
    assert done.code == 0 and done.err == ""
    lines = done.out.splitlines()
    assert lines[0].endswith(", 4 arrays)")
    assert any(line.split()[:5] == ["X", "30", "×", "156", "float32"] for line in lines)
    assert any(line.split() == ["verdict", "fail"] for line in lines)
    assert any(line.split()[:3] == ["transformer", "not", "ready:"] for line in lines)
    assert any("NON_FINITE: " in line and "frames 3-4" in line for line in lines)


def test_json(run: Run, tmp_path: Path) -> None:
    arrays = clip_arrays(30)
    arrays["X"][3] = np.nan
    path = save_clip(tmp_path / "a.npz", arrays, compressed=False)
    shown = json.loads(run("show", path, "--json").out, parse_constant=lambda token: 1 / 0)
    assert [a["name"] for a in shown["arrays"]] == ["X", "mask", "timestamps_ms", "meta"]
    assert shown["arrays"][0] | {"size_bytes": 0, "packed_bytes": 0} == {
        "name": "X",
        "filename": "X.npy",
        "shape": [30, 156],
        "dtype": "float32",
        "fortran_order": False,
        "compressed": False,
        "size_bytes": 0,
        "packed_bytes": 0,
        "pickled": False,
        "imports": [],
        "error": None,
    }
    assert shown["record"]["file"] == str(path) and shown["record"]["status"] == "fail"


def test_pickles_are_described_and_never_run(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    np.savez(path, X=np.array([Bomb()], dtype=object), y=np.zeros(3))
    done = run("show", path)
    assert "X is pickled: reading it the usual way would import builtins.print" in done.out
    assert "\nran" not in done.out and "PICKLED_ARRAY" in done.out
    assert "builtins.print" in json.loads(run("show", path, "--json").out)["arrays"][0]["imports"]


def test_profile_by_name(run: Run, tmp_path: Path) -> None:
    path = save_clip(tmp_path / "a.npz")
    assert "generic" in run("show", path, "--profile", "generic").out
    assert run("show", path, "--profile", "nonsense").code == 2


def test_a_file_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"PK\x03\x04 torn")
    done = run("show", tmp_path / "a.npz")
    assert done.code == 1 and "verdict" in done.out and "error" in done.out
    assert run("show", tmp_path / "gone.npz").code == 1
