"""The benchmarks' own arithmetic, and that their command line measures something; never how long anything takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import deflate
import numpy as np
import pytest

from inspector.audit import Options, audit_file
from inspector.checks import Status
from tests.conftest import ROOT

if sys.platform != "linux":
    pytest.skip("the table of speeds is for Linux", allow_module_level=True)

from tests.benchmarks import floors, table_window
from tests.benchmarks.__main__ import LINES
from tests.benchmarks.clocks import FailedError, run
from tests.benchmarks.growth import Inputs, Storage, exponent, hours, markdown, wanted_shards
from tests.benchmarks.made import Made, varied
from tests.benchmarks.profiled import part_of
from tests.benchmarks.rows import Goal, Row, shown

INPUTS = Inputs({"inflate": 1.0, "measure": 2.6}, 0.036, 3.5, 50, 1e6, 1e3, 1e3, 10.0)
STORAGE = Storage("disk", 1e9, 1e5)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def table(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_ratios_are_taken_pair_by_pair() -> None:
    row = Row("audit", "x", (1.0, 2.0, 4.0), "s", "peer", (10.0, 10.0, 80.0), Goal("gain", 10))
    assert row.ratios == (10.0, 5.0, 20.0)
    assert row.holds is True
    assert "peer/ours 10 (5 .. 20)  goal >= 10 x: holds" in shown(row)


@pytest.mark.parametrize(
    ("goal", "holds"),
    [
        (Goal("cost", 2.0), True),
        (Goal("cost", 1.9), False),
        (Goal("gain", 0.5), True),
        (Goal("gain", 0.6), False),
        (Goal("value", 4.0), True),
        (Goal("value", 3.9), False),
        (None, None),
    ],
)
def test_goals(goal: Goal | None, holds: bool | None) -> None:
    assert Row("x", "x", (4.0,), "s", "peer", (2.0,), goal).holds is holds


def test_a_goal_against_a_peer_that_is_absent_is_not_measured() -> None:
    row = Row("x", "x", (4.0,), goal=Goal("gain", 2))
    assert row.holds is None
    assert shown(row).endswith("not measured")


def test_the_time_of_orphans_counts() -> None:
    spin = "import time\nwhile time.process_time() < 0.3: pass"
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {spin!r}])"
    cost = run(python(orphan))
    assert cost.main < 0.3 <= cost.processor
    assert cost.rss == 0


def test_memory_is_of_all_processes() -> None:
    hold = "x = b'x' * 50_000_000; print(flush=True); input()"
    pair = f"""
import select, subprocess, sys
both = [subprocess.Popen([sys.executable, "-c", {hold!r}], stdin=-1, stdout=-1) for _ in range(2)]
for one in both:
    one.stdout.readline()
select.select([], [], [], 0.5)
for one in both:
    one.communicate(b"\\n")
"""
    cost = run(python(pair), every=0.02)
    assert cost.pss > 100e6
    assert cost.rss >= cost.pss


def test_a_failed_command_says_why() -> None:
    with pytest.raises(FailedError, match="exit code 3: no such thing"):
        run(python("import sys; print('no such thing', file=sys.stderr); sys.exit(3)"))


def test_the_exponent_of_a_power() -> None:
    assert exponent((10, 100, 1000), (2e2, 2e4, 2e6)) == pytest.approx(2.0)
    assert np.isnan(exponent((10, 100), (0.0, 1.0)))


def test_what_limits_many_files() -> None:
    one = hours(INPUTS, STORAGE, 10**6, 1)
    assert one == pytest.approx(
        {"workers": 1.0, "parent": 0.01, "scheduler": 0.07 / 3.6, "bytes": 1 / 3.6, "opens": 1 / 360}, rel=1e-9
    )
    shared = hours(INPUTS, STORAGE, 10**6, 10, shards=2)
    assert shared["workers"] == pytest.approx(0.1)
    assert shared["parent"] == pytest.approx(0.005)
    assert shared["scheduler"] == pytest.approx(0.035 / 3.6)
    assert shared["bytes"] == one["bytes"]
    assert INPUTS.most_cores("parent") == pytest.approx(100)
    assert INPUTS.most_cores("scheduler") == pytest.approx(3.6 / 0.07)
    assert [wanted_shards(INPUTS, cores) for cores in (1, 51, 52, 1000)] == [1, 1, 2, 20]


def test_the_estimate_as_text() -> None:
    lines = list(markdown(INPUTS, "here"))
    assert lines[0] == "Clips here: 3.60 ms of a core each (inflate 1.00, measure 2.60),"
    assert "100.0 TB read" in lines[3]
    tall = [line for line in lines if line.startswith("| 1,000 ")]
    assert [line.split(" | ")[1] for line in tall] == ["1", "20"]
    assert "(bytes)" in tall[1]


@pytest.mark.parametrize(
    ("module", "part"),
    [
        ("archive/source.py", "read"),
        ("archive/access.py", "inflate"),
        ("checks/judge_motion.py", "judge"),
        ("checks/motion.py", "measure"),
        ("audit/one.py", "record"),
        ("audit/across/near.py", "across"),
        ("reports/jsonl.py", "reports"),
        ("profiles/model.py", None),
    ],
)
def test_parts(module: str, part: str | None) -> None:
    assert part_of(module) == part


def test_made_clips_are_sound_and_differ(tmp_path: Path) -> None:
    made = Made(tmp_path)
    full, small = made.clips("full", 3), made.clips("small", 4)
    records = [audit_file(str(path), Options()) for path in [*sorted(full.glob("*.npz")), *small.rglob("*.npz")]]
    assert len(records) == 7
    assert not [r for r in records if r.status is Status.ERROR or r.issues["transformer"]]
    first, second = (np.load(path)["X"] for path in sorted(small.rglob("*.npz"))[:2])
    assert first.shape != second.shape or not np.array_equal(first, second)
    part = made.part(2, 4)
    assert sorted(p.name for p in part.rglob("*.npz")) == ["clip_000000.npz", "clip_000001.npz"]
    before = (full / "clip_000000.npz").stat().st_mtime_ns
    assert made.clips("full", 3) == full
    assert (full / "clip_000000.npz").stat().st_mtime_ns == before


def test_real_clips_are_varied(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    T = 60
    X = rng.uniform(0.2, 0.8, (T, 156)).astype(np.float32)
    X[:, :10] = 0
    np.savez(tmp_path / "a.npz", X=X, mask=np.ones((T, 78), bool), timestamps_ms=np.arange(T))
    np.savez(tmp_path / "other.npz", z=np.zeros(3))
    one, two = (varied(tmp_path, k, np.random.default_rng(k)) for k in range(2))
    for clip in (one, two):
        assert len(clip["X"]) == len(clip["mask"]) == len(clip["timestamps_ms"]) <= T
        assert not clip["X"][:, :10].any()
        assert 0 <= clip["X"].min() <= clip["X"].max() <= 1
    assert one["X"].shape != two["X"].shape or not np.array_equal(one["X"], two["X"])


def test_floors_see_every_byte(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "x.npz", a=np.arange(1000), b=np.zeros((5, 7), np.float32))
    data = memoryview((tmp_path / "x.npz").read_bytes())
    with zipfile.ZipFile(tmp_path / "x.npz") as archive:
        whole = [archive.read(info) for info in archive.infolist()]
    assert [bytes(deflate.deflate_decompress(packed, size)) for packed, size in floors._members(data)] == whole
    assert floors.one_pass(tmp_path / "x.npz", "a") > 0
    assert len(floors.samples(tmp_path / "x.npz", "a", 5)) == 6


def test_what_scripts_print_is_read() -> None:
    start = "npz-inspector                              310 (300 .. 320)       355 (340 .. 360)\n"
    assert table_window._START.findall("ms, median (best .. worst)   mapped   painted\n" + start) == [
        ("npz-inspector", "310", "355")
    ]
    film = "  preview     480 px   140.0 frames/s     100 kB   peer  8.00 frames/s    17.5 times\n"
    assert table_window._FILM.findall(film) == [("preview", "140.0", "8.00")]
    assert table_window._FILM.findall("  slowmo   720 px   99.0 frames/s  100 kB\n") == [("slowmo", "99.0", "")]
    change = "  sort by a measurement  median   1.8 ms, longest turn   75 ms (median 49.2)\n"
    change += "  sort by name           median 1290.6 ms, all of it one turn\n"
    assert table_window._CHANGE.findall(change) == [("sort by a measurement", "1.8", "75")]
    gaps = "    ms    own  proc.  phase\n  62.1   40.0   38.2  click rows\n                       a.py:1:f < b.py:2:g\n"
    assert table_window._GAP.findall(gaps) == [("62.1", "40.0", "38.2", "click rows")]


@pytest.mark.slow
def test_a_tiny_table(tmp_path: Path) -> None:
    done = table("--tiny", "--only", "keypoints", "--only", "lists", "--runs", "2", "--json", str(tmp_path / "t.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((tmp_path / "t.json").read_text())
    assert told["scale"] == "tiny"
    first = told["rows"][0]
    assert first["what"] == "audit of 6 clips, keypoints only, 2 workers"
    assert first["peer_name"] == "numpy.load alone"
    assert len(first["ratios"]) == len(first["ours"]) == 2
    memory = next(row for row in told["rows"] if "peak memory" in row["what"])
    assert memory["ours"][0] > 20
    assert "QSortFilterProxyModel over 200 rows" in done.stdout


def test_a_line_that_is_unknown(tmp_path: Path) -> None:
    done = table("--only", "nothing")
    assert done.returncode == 2
    assert all(name in done.stderr for name in LINES)
    assert table("--reference", os.fspath(tmp_path / "none.py")).returncode == 2
