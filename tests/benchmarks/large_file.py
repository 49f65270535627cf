"""Read one large compressed data set of videos: against one plain inflating pass, in memory, and at random.

Prints, for each size: seconds of one zlib-ng pass over the videos, of the whole audit in this process and of its
measuring pass alone, both also as multiples of the zlib-ng pass (pairs, median of 3), and the same of processor time,
which other programs disturb less; the most memory that all processes of `npz-inspector audit` and `show` hold at once;
and milliseconds until one of 200 random samples is there, after a pass. The files are made in a temporary folder and
deleted. Memory is told on Linux only.

python tests/benchmarks/large_file.py [--sizes 10 100 1000] [--noise light] [--folder TMP]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from zlib_ng import zlib_ng

from inspector.archive import open_npz
from inspector.archive.directory import data_start, read_directory
from inspector.archive.source import LocalSource
from inspector.audit import videos as videos_module
from inspector.audit.one import audit_file

SHAPE = (16, 3, 64, 64)
SAMPLE = 4 * 16 * 3 * 64 * 64
LOOKS = 200
ROUNDS = 3
NOISES = ("none", "light", "grain", "strong", "float")
Floats = npt.NDArray[np.float32]


def make(path: Path, megabytes: float, noise: str) -> int:
    """Write so many megabytes of videos of a moving dot; how many samples there are."""
    samples = max(4, round(megabytes * 1e6 / SAMPLE))
    rng = np.random.default_rng(0)
    ways = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        with archive.open("videos.npy", "w", force_zip64=True) as out:
            header = {"descr": "<f4", "fortran_order": False, "shape": (samples, *SHAPE)}
            np.lib.format.write_array_header_1_0(out, header)
            for number in range(samples):
                video, way = dot(rng, number % 4)
                ways.append(way)
                out.write(np.ascontiguousarray(with_noise(rng, video, noise), np.float32).data.cast("B"))
        for name, array in (("labels", np.arange(samples) % 4), ("trajectory_3d", np.stack(ways))):
            with archive.open(f"{name}.npy", "w") as out:
                np.lib.format.write_array(out, array)
    return samples


def dot(rng: np.random.Generator, label: int) -> tuple[Floats, Floats]:
    """One video, (T, C, H, W), and its trajectory, (T, 3)."""
    t = np.arange(SHAPE[0], dtype=np.float32)
    a, b, u, v = (*rng.uniform(15, 48, 2), *rng.uniform(-1.5, 1.5, 2))
    x, y = {
        0: (a + u * t, b + v * t),
        1: (32 + 12 * np.cos(t * 0.4 + a), 32 + 12 * np.sin(t * 0.4 + a)),
        2: (32 + (4 + t) * np.cos(t * 0.5 + a), 32 + (4 + t) * np.sin(t * 0.5 + a)),
        3: (8 + 3 * t + u, 50 - 4 * t + 0.25 * t * t + v),
    }[label]
    rows, columns = np.mgrid[:64, :64].astype(np.float32)
    spot = np.exp(-((columns - x[:, None, None]) ** 2 + (rows - y[:, None, None]) ** 2) / 8)
    spot[spot < 1e-3] = 0
    colour = rng.uniform(0.5, 1, 3).astype(np.float32)
    return spot[:, None] * colour[None, :, None, None], np.stack([x / 32 - 1, y / 32 - 1, 0 * x], 1).astype(np.float32)


def with_noise(rng: np.random.Generator, video: Floats, noise: str) -> Floats:
    """The video with noise: a few pixels, all of them by one or five levels of 255, or by any amount."""
    spoilt: npt.NDArray[Any] = video
    match noise:
        case "light":
            rare = rng.random(video.shape, dtype=np.float32) < 0.04
            spoilt = video + rare * np.round(rng.random(video.shape, dtype=np.float32) * 6) / 255
        case "grain" | "strong":
            levels = rng.standard_normal(video.shape, dtype=np.float32) * (1 if noise == "grain" else 5)
            spoilt = np.round(video * 255 + 20 + levels) / 255
        case "float":
            spoilt = video * 0.9 + 0.05 + rng.standard_normal(video.shape, dtype=np.float32) * 0.004
    return spoilt.clip(0, 1).astype(np.float32)


class Spent(NamedTuple):
    """Seconds by the clock, and of processors."""

    wall: float
    processor: float

    @classmethod
    def since_ever(cls) -> Spent:
        return cls(time.perf_counter(), time.process_time())

    def till_now(self) -> Spent:
        return Spent(time.perf_counter() - self.wall, time.process_time() - self.processor)


def inflate(path: Path) -> Spent:
    """What zlib-ng takes for the videos, a megabyte at a time, and nothing else."""
    source = LocalSource(path)
    entry = next(entry for entry in read_directory(source) if entry.filename == "videos.npy")
    start = data_start(source, entry)
    with path.open("rb") as file:
        file.seek(start)
        begun = Spent.since_ever()
        stream, left, waiting = zlib_ng.decompressobj(-15), entry.packed, b""
        while not stream.eof:
            if not waiting:
                waiting = file.read(min(64 << 10, left))
                left -= len(waiting)
            stream.decompress(waiting, 1 << 20)
            waiting = stream.unconsumed_tail
        return begun.till_now()


def audit(path: Path) -> tuple[Spent, Spent]:
    """What the whole audit takes, and how much of it until all videos are measured."""
    measured: list[Spent] = []
    whole: Any = videos_module._dataset
    begun = Spent.since_ever()

    def noted(*of: Any) -> Any:
        measured.append(begun.till_now())
        return whole(*of)

    vars(videos_module)["_dataset"] = noted
    try:
        record = audit_file(str(path))
    finally:
        vars(videos_module)["_dataset"] = whole
    assert record.error is None, record.error
    return begun.till_now(), measured[0]


def peak(*command: str) -> float:
    """Megabytes that a command and all processes it starts hold at once, at most; NaN where that is not told."""
    most = 0
    with subprocess.Popen([sys.executable, "-m", "inspector", *command], stdout=subprocess.DEVNULL) as running:
        while True:
            try:
                running.wait(0.005)
                break
            except subprocess.TimeoutExpired:
                most = max(most, _held(running.pid))
    return most / 1e6 if most else float("nan")


def _held(pid: int) -> int:
    """Bytes of a process and its children in memory; 0 of one that is gone."""
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
        children = [
            child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
        ]
    except OSError:
        return 0
    return own + sum(_held(int(child)) for child in children)


def looks(path: Path, samples: int) -> tuple[float, float, float]:
    """Milliseconds of reading one sample: the middle, the 95th percentile and the worst of many, after one pass."""
    rng, spent = np.random.default_rng(0), []
    with open_npz(path) as npz:
        for _ in npz.blocks("videos"):
            pass
        for number in rng.integers(0, samples, LOOKS).tolist():
            begun = time.perf_counter()
            npz.rows("videos", number, number + 1)
            spent.append((time.perf_counter() - begun) * 1000)
    middle, most = np.percentile(spent, [50, 95]).tolist()
    return middle, most, max(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=float, nargs="+", default=[10, 100, 1000], help="megabytes of videos")
    parser.add_argument("--noise", choices=NOISES, nargs="+", default=["light", "grain", "strong"])
    parser.add_argument("--folder", help="where the files are made")
    args = parser.parse_args()
    print(f"{'':16s} | {'':7s}  {'audit':23s} {'measuring':23s} |  most memory  | sample, ms")
    times = f"{'wall':>14s} {'proc.':>8s}"
    print(f"{'noise':7s} {'MB':>5s} packed | inflate {times} {times} | audit    show |    p50    p95    max")
    for noise in args.noise:
        for size in args.sizes:
            with tempfile.TemporaryDirectory(dir=args.folder) as folder:
                path = Path(folder) / "videos.npz"
                samples = make(path, size, noise)
                plain, whole, part = list[Spent](), list[Spent](), list[Spent]()
                for _ in range(ROUNDS):
                    plain.append(inflate(path))
                    both = audit(path)
                    whole.append(both[0])
                    part.append(both[1])
                held = [peak(*command, str(path)) for command in (("audit", "--fail-on", "never"), ("show",))]
                print(
                    f"{noise:7s} {samples * SAMPLE / 1e6:5.0f} {path.stat().st_size / 1e6:6.0f} |"
                    f" {statistics.median(each.wall for each in plain):5.2f} s"
                    f" {_times(whole, plain)} {_times(part, plain)} | {held[0]:3.0f} MB {held[1]:3.0f} MB |"
                    f" {' '.join(f'{ms:6.1f}' for ms in looks(path, samples))}",
                    flush=True,
                )


def _times(spent: list[Spent], plain: list[Spent]) -> str:
    wall = statistics.median(each.wall for each in spent)
    ratios = [
        statistics.median(one[kind] / other[kind] for one, other in zip(spent, plain, strict=True)) for kind in (0, 1)
    ]
    return f"{wall:6.2f} s {ratios[0]:4.1f} x {ratios[1]:6.1f} x"


if __name__ == "__main__":
    main()
