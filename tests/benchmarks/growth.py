"""How cost grows with the number of files and with the size of one, and what that says of more than fit here."""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from inspector.audit.many import BATCH_BYTES, BATCH_FILES
from tests.benchmarks.bench import PYTHON, Bench
from tests.benchmarks.clocks import Cost, run
from tests.benchmarks.made import Kind
from tests.benchmarks.rows import Row

FILES = 10**8
CORES = (1, 10, 100, 1000)
_FEW = 4
_EVERY = 0.1
_SHARED = ("read", "inflate", "measure", "judge", "record")
_TASK_MS = 4.8
"""Of dask on two cores, where it is not installed."""


@dataclass(frozen=True, slots=True)
class Point:
    """One audit: of how many files, by how many workers, at what cost."""

    files: int
    workers: int
    cost: Cost


@lru_cache(maxsize=1)
def points(bench: Bench) -> tuple[tuple[Point, ...], ...]:
    """Audits of more and more small clips, by one worker and by two; the first of each stands for start-up."""
    sizes = bench.scale.growth_files
    return tuple(
        tuple(
            Point(
                n,
                workers,
                bench.audit(bench.made.part(n, max(sizes)), "--workers", str(workers), "--no-video", every=_EVERY),
            )
            for n in (_FEW, *sizes)
        )
        for workers in (1, 2)
    )


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Slope of the line through log(values) over log(sizes), least squares; NaN where a value is not above 0."""
    if len(sizes) < 2 or min(values) <= 0:
        return math.nan
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def files(bench: Bench) -> Iterator[Row]:
    """Many files."""
    yield Row(
        "files", "clips of 24 to 48 frames, keypoints only, no two alike; the same ones, hard-linked, in each folder"
    )
    for first, *rest in points(bench):
        sizes = [point.files for point in rest]
        for point in rest:
            cost, ms = point.cost, 1000 / point.files
            note = f"{cost.wall:.2f} s in all; on a processor {cost.processor * ms:.3g} ms a file, "
            note += f"of it the first process {cost.main * ms:.3g}; peak memory {cost.pss / 1e6:.0f} MB (PSS)"
            what = f"{point.files:,} files, {point.workers} worker{'s' * (point.workers > 1)}: wall a file"
            yield Row("files", what, (cost.wall * ms,), "ms", note=note)
        walls = [max(point.cost.wall - first.cost.wall, 0.0) for point in rest]
        busy = [max(point.cost.processor - first.cost.processor, 0.0) for point in rest]
        memory = [float(point.cost.pss) for point in rest]
        grows = (exponent(sizes, values) for values in (walls, busy, memory))
        words = "start-up aside ({:.2f} s), wall grows as files^{:.2f}, processor ^{:.2f}; memory, whole, ^{:.2f}"
        yield Row("files", "  " + words.format(first.cost.wall, *grows))


def sizes(bench: Bench) -> Iterator[Row]:
    """One file."""
    few = bench.audit(bench.made.videos(1), reports=False)
    measured = []
    for megabytes in bench.scale.growth_megabytes:
        path = bench.made.videos(megabytes)
        cost = bench.audit(path, reports=False, every=_EVERY / 2)
        measured.append(cost)
        note = f"{cost.wall:.2f} s in all; on a processor {1000 * cost.processor / megabytes:.3g} ms a MB; "
        note += f"packed {path.stat().st_size / 1e6:,.0f} MB; peak memory {cost.rss / 1e6:.0f} MB (RSS)"
        what = f"one file of {megabytes:,} MB of videos: wall a MB"
        yield Row("bytes", what, (1000 * cost.wall / megabytes,), "ms", note=note)
    walls = [max(cost.wall - few.wall, 0.0) for cost in measured]
    grows = [exponent(bench.scale.growth_megabytes, values) for values in (walls, [float(c.rss) for c in measured])]
    words = "start-up aside ({:.2f} s), wall grows as bytes^{:.2f}; memory, whole, ^{:.2f}"
    yield Row("bytes", "  " + words.format(few.wall, *grows))


@dataclass(frozen=True, slots=True)
class Storage:
    """What files lie on: bytes and opened files a second, for all readers together."""

    name: str
    bytes_per_s: float
    opens_per_s: float


STORAGES = (Storage("one NVMe disk", 3e9, 100_000), Storage("a shared file system", 20e9, 30_000))
"""Round figures, not measured here: put your own in."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What one clip costs.

    Attributes
    ----------
    parts
        Milliseconds on a processor in a worker, by what for.
    parent_ms
        Of the one process that gathers records, writes reports and looks across files.
    task_ms, batch
        What a task costs the scheduler of a cluster, and how many clips it has.
    read_bytes, report_bytes, cache_bytes, parent_bytes
        Of the file, of all reports, of the cache, and of the gathering process's memory.
    """

    parts: dict[str, float]
    parent_ms: float
    task_ms: float
    batch: int
    read_bytes: float
    report_bytes: float
    cache_bytes: float
    parent_bytes: float

    @property
    def worker_ms(self) -> float:
        """All that can be shared out."""
        return sum(self.parts.values())

    def most_cores(self, serial: Literal["parent", "scheduler"]) -> float:
        """How many can be kept busy by what one process does for each clip."""
        each = self.parent_ms if serial == "parent" else self.task_ms / self.batch
        return self.worker_ms / each if each > 0 else math.inf


def hours(inputs: Inputs, storage: Storage, files: int, cores: int, shards: int = 1) -> dict[str, float]:
    """Hours that each resource is busy with so many files; they work at once, so the longest is the wall time.

    Parameters
    ----------
    shards
        How many audits share the folder out between them, each with a gathering process and a scheduler of its own.
    """
    per_hour = files / 3600
    return {
        "workers": per_hour * inputs.worker_ms / 1000 / cores,
        "parent": per_hour * inputs.parent_ms / 1000 / shards,
        "scheduler": per_hour * inputs.task_ms / 1000 / inputs.batch / shards,
        "bytes": per_hour * inputs.read_bytes / storage.bytes_per_s,
        "opens": per_hour / storage.opens_per_s,
    }


def estimate(bench: Bench) -> Iterator[Row]:
    """What 10^8 clips would take, in Markdown."""
    kinds: tuple[tuple[Kind, str], ...] = (("full", "with X2048"), ("keypoints", "keypoints only"))
    task_ms = _TASK_MS
    if importlib.util.find_spec("distributed"):
        task_ms = 1000 * float(bench.script("floors", "tasks").out)
    for kind, words in kinds:
        inputs = measured_inputs(bench, kind, task_ms)
        for line in markdown(inputs, words):
            yield Row("estimate", line)


def measured_inputs(bench: Bench, kind: Kind, task_ms: float) -> Inputs:
    """Of this machine and this version."""
    count = bench.scale.clips
    folder = bench.made.clips(kind, count)
    out, cache = bench.fresh("out"), bench.fresh("cache")
    spent = _profiled(bench, folder, out, cache)
    start = _profiled(bench, bench.made.clips(kind, _FEW), bench.fresh("out"), bench.fresh("cache"))
    shared = {part: max(spent[part] - start[part], 0.0) * 1000 / (count - _FEW) for part in _SHARED}
    *_, before, last = points(bench)[1]
    more = last.files - before.files
    size = _bytes_below(folder) / count
    return Inputs(
        shared,
        max(1000 * (last.cost.main - before.cost.main) / more, 0.0),
        task_ms,
        max(1, min(BATCH_FILES, int(BATCH_BYTES / size))),
        size,
        _bytes_below(out) / count,
        _bytes_below(cache) / count,
        max((last.cost.pss - before.cost.pss) / more, 0.0),
    )


def _profiled(bench: Bench, folder: Path, out: Path, cache: Path) -> dict[str, float]:
    text = run([PYTHON, "-m", "tests.benchmarks.profiled", str(folder), str(out)], bench.env(cache)).out
    return {part: float(seconds) for part, seconds in json.loads(text.splitlines()[-1]).items()}


def markdown(inputs: Inputs, words: str) -> Iterator[str]:
    """The estimate as lines of text and tables."""
    parts = ", ".join(f"{part} {ms:.2f}" for part, ms in inputs.parts.items())
    yield f"Clips {words}: {inputs.worker_ms:.2f} ms of a core each ({parts}),"
    yield f"{inputs.parent_ms:.3f} ms of the gathering process, {inputs.task_ms:.1f} ms for a task of {inputs.batch};"
    kept = ((inputs.report_bytes, "reports"), (inputs.cache_bytes, "cache"), (inputs.parent_bytes, "memory there"))
    each = ", ".join(f"{size / 1e3:.2f} kB of {what}" for size, what in kept)
    yield f"{inputs.read_bytes / 1e3:.0f} kB read, {each}."
    whole = ", ".join(f"{FILES * size / 1e9:,.0f} GB of {what}" for size, what in kept)
    yield f"All of them: {FILES * inputs.read_bytes / 1e12:.1f} TB read, {whole}."
    for storage in STORAGES:
        busy = hours(inputs, storage, FILES, 1)
        yield f"From {storage.name}: {busy['bytes']:.1f} h for the bytes, {busy['opens']:.1f} h to open the files."
    serial = f"the scheduler from {inputs.most_cores('scheduler'):,.0f}."
    yield f"The gathering process is the limit from {inputs.most_cores('parent'):,.0f} cores on, {serial}"
    yield ""
    names = " | ".join(f"wall, {storage.name}" for storage in STORAGES)
    yield f"| cores | audits | workers | gathering | scheduler | {names} |"
    yield "|" + "---|" * (5 + len(STORAGES))
    for cores in CORES:
        for shards in sorted({1, wanted_shards(inputs, cores)}):
            every = [hours(inputs, storage, FILES, cores, shards) for storage in STORAGES]
            cells = [f"{every[0][name]:.1f} h" for name in ("workers", "parent", "scheduler")]
            limits = [max(one, key=one.__getitem__) for one in every]
            cells += [f"{one[limit]:.1f} h ({limit})" for one, limit in zip(every, limits, strict=True)]
            yield f"| {cores:,} | {shards:,} | " + " | ".join(cells) + " |"
    yield ""


def wanted_shards(inputs: Inputs, cores: int) -> int:
    """How many audits side by side, so that neither gathering nor scheduling takes longer than the workers do."""
    most = min(inputs.most_cores("parent"), inputs.most_cores("scheduler"))
    return max(1, math.ceil(cores / most))


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
