"""Lines of the table about audits: whole processes, against the reference and against libdeflate alone."""

from __future__ import annotations

import os
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.audit import PLAIN
from tests.benchmarks.bench import PYTHON, Bench
from tests.benchmarks.clocks import ROOT, Cost, run
from tests.benchmarks.made import Kind
from tests.benchmarks.rows import Goal, Row

_FEW = 4
"""Clips whose audit counts as start-up: enough for every worker to be started."""

_PROFILE = ROOT / "resources" / "profiles" / "fslr-keypoints.toml"
_LIMIT = re.compile(r"^speed_spike = [\d.]+", re.MULTILINE)


def audit(bench: Bench) -> Iterator[Row]:
    """Clips with X2048."""
    yield from _audit(bench, "audit", "full", 8.0, "clips with X2048")


def keypoints(bench: Bench) -> Iterator[Row]:
    """The same without."""
    yield from _audit(bench, "keypoints", "keypoints", 6.0, "clips, keypoints only")


def _audit(bench: Bench, line: str, kind: Kind, goal: float, words: str) -> Iterator[Row]:
    count = bench.scale.clips
    folder, few = bench.made.clips(kind, count), bench.made.clips(kind, _FEW)
    workers = ("--workers", str(bench.workers), "--no-video")
    bench.audit(folder, *workers)
    peer_name, _ = _peer(bench, folder)
    costs: list[Cost] = []
    times: list[tuple[float, ...]] = []
    for _ in range(bench.scale.runs):
        costs.append(bench.audit(folder, *workers))
        times.append((_peer(bench, folder)[1], _inflate(bench, folder), bench.audit(few, *workers).wall))
    peers, floor, start = zip(*times, strict=True)
    wall = tuple(cost.wall for cost in costs)
    what = f"audit of {count:,} {words}, {bench.workers} workers"
    yield Row(line, what, wall, "s", peer_name, peers, Goal("gain", goal) if bench.reference else None)
    aside = tuple(max(a - b, 0.0) for a, b in zip(wall, start, strict=True))
    name, limit = f"libdeflate x {bench.workers}", Goal("cost", 1.3) if kind == "full" else None
    note = f"an audit of {_FEW} such clips, {statistics.median(start):.2f} s, taken off"
    yield Row(line, "  the same, start-up aside", aside, "s", name, floor, limit, note)
    processor = tuple(cost.processor / count * 1000 for cost in costs)
    main = statistics.median(cost.main / count * 1000 for cost in costs)
    note = f"{main:.3g} ms of it in the first process"
    yield Row(line, "  on a processor, a file", processor, "ms", note=note)
    yield _memory(line, "  peak memory", bench.audit(folder, *workers, every=0.02), None)


def _memory(line: str, what: str, cost: Cost, goal: Goal | None) -> Row:
    """Memory, as the sum over all processes, which counts what they share for each."""
    note = f"RSS of all processes; {cost.pss / 1e6:.0f} MB when shared pages count once (PSS)"
    return Row(line, what, (cost.rss / 1e6,), "MB", goal=goal, note=note)


def _peer(bench: Bench, folder: Path) -> tuple[str, float]:
    """The reference given, or a plain loop of `numpy.load` which checks nothing; and its seconds."""
    if bench.reference is None:
        return "numpy.load alone", run([PYTHON, "-c", PLAIN, str(folder)]).wall
    return "reference", run([PYTHON, str(bench.reference), str(folder), str(bench.fresh("reference"))]).wall


def _inflate(bench: Bench, folder: Path) -> float:
    return float(bench.script("floors", "inflate", str(folder), "--workers", str(bench.workers)).out)


def again(bench: Bench) -> Iterator[Row]:
    """A folder that was audited before: nothing changed, one file changed, a limit changed."""
    count = bench.scale.clips
    folder = bench.made.clips("full", count)
    changed = sorted(folder.glob("*.npz"))[count // 2]
    cache = bench.fresh("cache")
    quiet = ("--no-video",)  # who is needed for a folder that is known is left to the program
    first = bench.audit(folder, *quiet, cache=cache).wall
    note = "" if has_cache() else "there is no cache in this version"
    few, few_cache = bench.made.clips("full", _FEW), bench.fresh("cache")
    few_first = bench.audit(few, *quiet, cache=few_cache).wall
    peer_name, _ = _peer(bench, folder)
    turns: list[tuple[float, ...]] = []
    for k in range(bench.scale.runs):
        same = bench.audit(folder, *quiet, cache=cache).wall
        then = changed.stat()
        os.utime(changed, ns=(then.st_atime_ns, then.st_mtime_ns + (k + 1) * 10**9))
        one = bench.audit(folder, *quiet, cache=cache).wall
        limit = bench.audit(folder, *quiet, "--profile", str(_other_limit(bench, k)), cache=cache).wall
        turns.append((same, one, limit, bench.audit(few, *quiet, cache=few_cache).wall, _peer(bench, folder)[1]))
    nothing, changes, limits, start, theirs = zip(*turns, strict=True)
    goal = Goal("gain", 100) if bench.reference else None
    yield Row("again", f"{count:,} clips again, nothing changed", nothing, "s", peer_name, theirs, goal, note)
    aside = tuple(max(a - b, 1e-4) for a, b in zip(nothing, start, strict=True))
    note = f"{_FEW} clips again, {statistics.median(start):.2f} s, taken off"
    yield Row("again", "  the same, start-up aside", aside, "s", peer_name, theirs, note=note)
    yield Row("again", "  one file changed", changes, "s", peer_name, theirs)
    yield Row("again", "  a limit changed", limits, "s", peer_name, theirs)
    words = f"an empty cache; {_FEW} clips: {few_first:.2f} s"
    yield Row("again", "  the first audit, for comparison", (first,), "s", peer_name, theirs[:1], note=words)


def has_cache() -> bool:
    """Whether this version keeps measurements."""
    return "--no-cache" in run([PYTHON, "-m", "inspector", "audit", "--help"]).out


def _other_limit(bench: Bench, number: int) -> Path:
    """The built-in profile with one limit that it has not had before."""
    text, found = _LIMIT.subn(f"speed_spike = {9.5 + number / 10}", _PROFILE.read_text(encoding="utf-8"))
    if found != 1:
        raise ValueError(f"{_PROFILE}: expected one line 'speed_spike = NUMBER', found {found}")
    path = bench.fresh("profile") / "other.toml"
    path.write_text(text, encoding="utf-8")
    return path


def large(bench: Bench) -> Iterator[Row]:
    """One compressed file of videos that is larger than memory should be."""
    size = bench.scale.megabytes
    path, small = bench.made.videos(size), bench.made.videos(2)
    plain, full, start = list[Cost](), list[Cost](), list[Cost]()
    passes, through = list[float](), list[list[float]]()
    for _ in range(bench.scale.runs):
        passes.append(float(bench.script("floors", "pass", str(path)).out))
        through.append([float(text) for text in bench.script("floors", "samples", str(path)).out.split()])
        plain.append(bench.audit(path, reports=False))
        full.append(bench.audit(path))
        start.append(bench.audit(small, reports=False))
    zlib_ng = tuple(passes)
    blocks = tuple(spent[0] for spent in through)
    peer, goal = "one zlib-ng pass", Goal("cost", 1.5)
    yield Row("large", f"{size:,} MB of videos, one pass in blocks", blocks, "s", peer, zlib_ng, goal)
    aside = tuple(max(a.wall - b.wall, 0.0) for a, b in zip(plain, start, strict=True))
    note = f"an audit of 2 MB, {statistics.median(cost.wall for cost in start):.2f} s, taken off"
    yield Row("large", "  audited, start-up aside", aside, "s", peer, zlib_ng, goal, note)
    wall = tuple(cost.wall for cost in full)
    yield Row("large", "  audited with reports and pictures, whole process", wall, "s", peer, zlib_ng)
    p95 = tuple(1000 * _p95(spent[1:]) for spent in through)
    note = f"of {min(len(spent) for spent in through) - 1} at random"
    yield Row("large", "  any sample after that pass, p95", p95, "ms", goal=Goal("value", 25), note=note)
    for words, reports in (("audited", False), ("audited with reports and pictures", True)):
        peak = bench.audit(path, reports=reports, every=0.02)
        yield _memory("large", f"  peak memory, {words}", peak, Goal("value", 300))
    load = run([PYTHON, "-c", f"import numpy; numpy.load({str(path)!r})['videos']"], every=0.05)
    note = f"peak memory {load.rss / 1e6:.0f} MB"
    yield Row("large", "  numpy.load of it, for comparison", (load.wall,), "s", note=note)


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]
