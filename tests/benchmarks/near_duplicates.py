"""Plant copies of clips among many different ones, and see which are found.

    python tests/benchmarks/near_duplicates.py FOLDER [--clips 2000] [--seed 0] [--half 0|1|all] [--growth] [--real]

The different clips come from the real ones in FOLDER: whole clips and pieces of them that do not overlap; then clips
whose arms go other ways besides their own, at an uneven pace; and, for one in ten, signers from `inspector.demo`.
Copies of each kind in `KINDS` are planted on clips that move, each on a clip of its own. ``--half`` takes every second
real clip only (0: those that limits were chosen on, 1: the others). ``--growth`` prints how the time grows with the
number of clips, ``--real`` what is found among the real clips as they are.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inspector.audit.across.align import lay
from inspector.audit.across.bodies import Bodies
from inspector.audit.across.near import near_duplicates
from inspector.checks.fingerprint import poses_of, read_poses
from inspector.checks.tracks import Tracks
from inspector.demo.maker import Take, clean_arrays
from inspector.demo.signs import SIGNS
from inspector.profiles import load_profile

Floats = npt.NDArray[np.float32]
Rng = np.random.Generator

LEAST_MOTION = 0.2
"""Body sizes that a planted clip spans at least: of what rests, copies made by interpolation cannot be told."""


class Kind(NamedTuple):
    """One way to make a copy of points (T, J, 2)."""

    make: Callable[[Floats, Rng], Floats]
    shortest: int = 16


def _sample(points: Floats, at: npt.NDArray[np.float64]) -> Floats:
    """Points at fractional frames; a point that is undetected on either side stays so."""
    below = np.clip(np.floor(at).astype(int), 0, len(points) - 1)
    above = np.minimum(below + 1, len(points) - 1)
    share = (at - below)[:, None, None].astype(np.float32)
    out = points[below] * (1 - share) + points[above] * share
    gone = (points[below] == 0).all(2) | (points[above] == 0).all(2)
    out[gone] = 0
    return np.asarray(out, np.float32)


def _trimmed(points: Floats, rng: Rng) -> Floats:
    n = len(points)
    return points[rng.integers(1, max(2, n // 4)) : n - rng.integers(0, max(1, n // 4))]


def _idle(points: Floats, rng: Rng) -> Floats:
    return np.concatenate([np.repeat(points[:1], rng.integers(5, 40), axis=0), points])


def _piece(points: Floats, rng: Rng) -> Floats:
    n = len(points)
    length = int(n * rng.uniform(0.34, 0.6)) + 1
    start = int(rng.integers(0, n - length + 1))
    return points[start : start + length]


def _mirrored(points: Floats, _rng: Rng) -> Floats:
    out = points.copy()
    out[..., 0] = 1 - out[..., 0]
    out[(points == 0).all(2)] = 0
    return out


def _exchanged(points: Floats, rng: Rng) -> Floats:
    out = _mirrored(points, rng)
    pairs = np.array(load_profile("fslr-keypoints").skeleton.pairs)  # type: ignore[union-attr]  # it has one
    out[:, pairs.ravel()] = out[:, pairs[:, ::-1].ravel()]
    return out


def _moved(points: Floats, rng: Rng) -> Floats:
    out = (points - 0.5) * np.float32(rng.uniform(0.92, 1.05)) + 0.5 + rng.uniform(-0.03, 0.03, 2).astype(np.float32)
    out[(points == 0).all(2)] = 0
    return np.asarray(np.clip(out, 0, 1), np.float32)


def _noisy(points: Floats, rng: Rng) -> Floats:
    out = points + rng.normal(0, 0.002, points.shape).astype(np.float32)
    out[(points == 0).all(2)] = 0
    return np.clip(out, 0, 1)


def _masked(points: Floats, rng: Rng) -> Floats:
    out = points.copy()
    out[rng.random(points.shape[:2]) < 0.1] = 0
    return out


def _speed(ratio: float) -> Callable[[Floats, Rng], Floats]:
    def make(points: Floats, _rng: Rng) -> Floats:
        return _sample(points, np.arange(0, len(points) - 1 + 1e-9, ratio))

    return make


def _some_speed(points: Floats, rng: Rng) -> Floats:
    return _sample(points, np.arange(rng.uniform(0, 1), len(points) - 1, np.exp(rng.uniform(-0.7, 0.7))))


def _both(*makes: Callable[[Floats, Rng], Floats]) -> Callable[[Floats, Rng], Floats]:
    def make(points: Floats, rng: Rng) -> Floats:
        for each in makes:
            points = each(points, rng)
        return points

    return make


KINDS = {
    "trimmed": Kind(_trimmed),
    "idle frames before": Kind(_idle),
    "every second frame": Kind(_speed(2.0), 24),
    "30 to 25 fps": Kind(_speed(1.2)),
    "half as fast": Kind(_speed(0.5)),
    "other speed": Kind(_some_speed, 24),
    "mirrored": Kind(_mirrored),
    "mirrored, sides exchanged": Kind(_exchanged),
    "piece": Kind(_piece, 30),
    "moved and scaled": Kind(_moved),
    "noise": Kind(_noisy),
    "other mask": Kind(_masked),
    "trimmed, mirrored, noise": Kind(_both(_trimmed, _exchanged, _noisy), 24),
    "piece, 30 to 25 fps, noise": Kind(_both(_piece, _speed(1.2), _noisy), 40),
    "piece, moved": Kind(_both(_piece, _moved), 30),
}


def load(folder: Path) -> dict[str, Floats]:
    """Points (T, 78, 2) of the clips below a folder, by file name."""
    out = {}
    for path in sorted(folder.rglob("*.npz")):
        with np.load(path) as arrays:
            if "X" in arrays and arrays["X"].ndim == 2 and arrays["X"].shape[1] == 156:
                out[str(path.relative_to(folder))] = arrays["X"].reshape(-1, 78, 2).astype(np.float32)
    return out


def different(bases: list[Floats], count: int, rng: Rng) -> list[Floats]:
    """That many clips, of which none is made of another."""
    whole = [b for b in bases if len(b) >= 16 and (b[:, 11:17] != 0).all(2).mean() > 0.8]
    out = []
    for base in whole:  # pieces that do not overlap
        again = len(np.unique(base[:, 11:17].round(4), axis=0)) < len(base)  # shows some frames twice: taken whole
        n = 1 if again else max(1, len(base) // 90)
        out += [p for p in np.array_split(base, n) if len(p) >= 16] if n > 1 else [base]
    demo = _demo(min(count // 10, max(0, count - len(out))), rng)
    out += demo
    while len(out) < count:
        base = whole[rng.integers(len(whole))]
        n = min(len(base), int(rng.integers(20, 160)))
        start = int(rng.integers(0, len(base) - n + 1))
        out.append(_otherwise(base[start : start + n], rng))
    return out[:count]


def _otherwise(points: Floats, rng: Rng) -> Floats:
    """Somebody who moves otherwise: each arm on a way of its own besides, the head nods, time runs unevenly."""
    n = len(points)
    pace = np.exp(_wander(n, 0.4, rng, 1)[:, 0])
    at = np.cumsum(pace) - pace[0]
    out = _sample(points, at / at[-1] * (n - 1)) if n > 1 else points.copy()
    gone = (out == 0).all(2)
    for elbow, arm in ((13, [15, 17, 19, 21, *range(25, 46)]), (14, [16, 18, 20, 22, *range(46, 67)])):
        way = _wander(n, rng.uniform(0.04, 0.1), rng, 2)
        out[:, arm] += way[:, None]
        out[:, elbow] += way / 2
    out[:, [*range(11), *range(67, 78)]] += _wander(n, 0.008, rng, 2)[:, None]
    out = np.clip(out, 0, 1)
    out[gone] = 0
    return out


def _wander(n: int, size: float, rng: Rng, axes: int) -> Floats:
    """float32 (n, axes) that goes to and fro about once a second, with this standard deviation."""
    t = np.arange(n) / 30
    rate, phase = rng.uniform(0.3, 1.5, (3, 1, axes)), rng.uniform(0, 2 * np.pi, (3, 1, axes))
    waves = np.sin(2 * np.pi * rate * t[None, :, None] + phase).sum(axis=0)
    return np.asarray(waves * size / np.sqrt(1.5), np.float32)


def _demo(count: int, rng: Rng) -> list[Floats]:
    """Clips of signers of the demo, each another phrase."""
    seed = int(rng.integers(1 << 30))
    takes = (Take(str(n), seed, n, n, tuple(rng.choice(list(SIGNS), 2, replace=False))) for n in range(count))
    return [clean_arrays(take)["X"].reshape(-1, 78, 2) for take in takes]


def planted(clips: list[Floats], kinds: int, rng: Rng) -> tuple[list[Floats], dict[tuple[int, int], str]]:
    """The clips and copies of some, `kinds` of each kind; and which are copies of which, (clip, copy) -> kind."""
    out, truth = list(clips), {}
    left = list(rng.permutation(len(clips)))
    for name, kind in KINDS.items():
        made = 0
        while made < kinds and left:
            at = int(left.pop())
            if len(clips[at]) < kind.shortest:
                continue
            copy = kind.make(clips[at], rng)
            if motion(copy) < LEAST_MOTION:
                continue
            truth[at, len(out)] = name
            out.append(copy)
            made += 1
    return out, truth


def motion(points: Floats) -> float:
    """How far the coordinate that moves most goes, in body sizes."""
    poses = read_poses(described(points))
    return 0.0 if poses is None else float(np.ptp(poses.path, axis=1).max())


def described(points: Floats) -> str | None:
    """As an audit describes it."""
    return poses_of(Tracks.of(points), load_profile("fslr-keypoints").skeleton)[0]


def all_pairs(bodies: Bodies, most: int, rng: Rng) -> float:
    """Seconds that laying each over each would take at the same cost a pair, from `most` of them."""
    a, b = rng.integers(0, len(bodies), (2, most))
    began = time.perf_counter()
    lay(bodies.paths, a, b, np.zeros(most, int), np.ones(most), np.zeros(most), 24, 3)
    return (time.perf_counter() - began) / most * len(bodies) * (len(bodies) - 1) / 2


def report(folder: Path, count: int, seed: int, half: str, kinds: int) -> bool:
    """Plant, look, and print; whether all was found and nothing else."""
    real = load(folder)
    bases = [p for i, (_, p) in enumerate(sorted(real.items())) if half == "all" or i % 2 == int(half)]
    rng = np.random.default_rng(seed)
    clips, truth = planted(different(bases, count, rng), kinds, rng)
    began = time.perf_counter()
    poses = [described(p) for p in clips]
    described_in = time.perf_counter() - began
    began = time.perf_counter()
    found = {(s.a, s.b): s for s in near_duplicates(Bodies.read(poses))}
    took = time.perf_counter() - began
    total, hit = Counter(truth.values()), Counter(truth[p] for p in found if p in truth)
    invented = [p for p in found if p not in truth]
    print(f"{count} different clips of {len(bases)} real ones (half {half}, seed {seed}), {len(truth)} copies planted")
    for kind in KINDS:
        print(f"  {kind:28} {hit[kind]:4} of {total[kind]:4}")
    missed = [f"{truth[p]} of {len(clips[p[0]])} frames" for p in truth if p not in found]
    print(
        f"found {sum(hit.values())} of {len(truth)}, invented {len(invented)}"
        + (f"; missed: {missed}" if missed else "")
    )
    for pair in invented:
        print("  invented:", *pair, *(f"{len(clips[i])} frames" for i in pair), found[pair])
    print(f"described in {described_in:.2f} s, looked up in {took:.2f} s; ", end="")
    print(f"all pairs would take {all_pairs(Bodies.read(poses), 4000, rng):.0f} s")
    return not invented and not missed


def growth(folder: Path, seed: int) -> None:
    """How the time grows."""
    bases = list(load(folder).values())
    for count in (1000, 3000, 10000, 30000, 100000):
        rng = np.random.default_rng(seed)
        poses = [described(p) for p in different(bases, count, rng)]
        began = time.perf_counter()
        found = near_duplicates(Bodies.read(poses))
        print(f"{count} clips: {time.perf_counter() - began:.2f} s, {len(found)} pairs")


def as_they_are(folder: Path) -> None:
    """What is found among the real clips."""
    real = load(folder)
    names = list(real)
    found = near_duplicates(Bodies.read([described(p) for p in real.values()]))
    print(f"{len(found)} pairs among {len(names)} real clips")
    for s in found:
        print(f"  {names[s.a]} and {names[s.b]}: {s}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", type=int, default=10, help="copies of each kind")
    parser.add_argument("--half", choices=("0", "1", "all"), default="1")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--real", action="store_true")
    given = parser.parse_args()
    if given.growth:
        growth(given.folder, given.seed)
    elif given.real:
        as_they_are(given.folder)
    elif not report(given.folder, given.clips, given.seed, given.half, given.kinds):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
