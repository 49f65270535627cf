"""Near copies planted among made videos, and how many an audit of the set finds and invents.

    python tests/benchmarks/video_near.py FOLDER [--samples 2000] [--seed 0] [--share 0.02] [--growth] [--real FOLDER]

Each kind of copy is planted in a share of the samples, all kinds in one set, in several styles. ``--growth`` times the
search in sets of 1,000 to 16,000 samples, drawn as paths only. ``--real`` audits the data sets of a folder as they are.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inspector.audit import Options, audit_file
from inspector.checks.video_near import Lanes, near_duplicates
from inspector.demo.trajectories import some_paths
from inspector.demo.videos import BLACK, DARK, WHITE, Style, camera_for, make_videos
from inspector.profiles import VideoRules
from tests.benchmarks.video_sets import write_arrays

Video = npt.NDArray[np.float32]
Copy = Callable[[Video, np.random.Generator], Video]
STYLES = {"white": Style(), "dark uint8": Style(background=DARK.background, dot=DARK.dot, dtype="uint8")}
STYLES |= {"noise": Style(noise=0.02), "small dot": Style(radius=2.5, background=BLACK, dot=WHITE)}


def _at(video: Video, times: npt.NDArray[np.float64]) -> Video:
    """The nearest frames."""
    return video[np.clip(np.rint(times), 0, len(video) - 1).astype(np.intp)]


def _mixed(video: Video, times: npt.NDArray[np.float64]) -> Video:
    """Frames laid over each other where a time is between two."""
    low = np.clip(np.floor(times), 0, len(video) - 2).astype(np.intp)
    part = (times - low).astype(np.float32).reshape(-1, 1, 1, 1)
    return video[low] * (1 - part) + video[low + 1] * part


def _times(video: Video, first: float, last: float) -> npt.NDArray[np.float64]:
    return np.linspace(first * (len(video) - 1), last * (len(video) - 1), len(video))


KINDS: dict[str, Copy] = {
    "later": lambda v, r: np.roll(v, int(r.integers(1, len(v) // 4 + 1)), axis=0),
    "held, later": lambda v, r: _at(v, np.arange(float(len(v))) - float(r.integers(1, 4))),
    "left to right": lambda v, _: v[..., ::-1],
    "upside down": lambda v, _: v[..., ::-1, :],
    "backward": lambda v, _: v[::-1],
    "contrast": lambda v, _: 0.5 + (v - 0.5) * 0.7,
    "brightness": lambda v, _: np.clip(v * 0.8 + 0.1, 0, 1),
    "noise 0.02": lambda v, r: np.clip(v + r.normal(0, 0.02, v.shape).astype(np.float32), 0, 1),
    "faster": lambda v, _: _at(v, _times(v, 0, 1.25)),
    "stretched": lambda v, _: _at(v, _times(v, 0.2, 0.8)),
    "stretched, mixed": lambda v, _: _mixed(v, _times(v, 0.1, 0.85)),
    "mirrored, backward": lambda v, _: v[::-1, ..., ::-1],
    "later, noise": lambda v, r: np.clip(np.roll(v, 2, axis=0) + r.normal(0, 0.02, v.shape).astype(np.float32), 0, 1),
}


def planted(samples: int, style: Style, share: float, seed: int) -> tuple[dict[str, npt.NDArray[np.generic]], dict[
    tuple[int, int], str
]]:  # fmt: skip
    """A made set with copies of each kind after its own samples, and which pair is of which kind."""
    made = make_videos(samples, style, seed)
    own, rng = made.arrays["videos"], np.random.default_rng([seed, 7])
    count = max(1, round(share * samples))
    sources = rng.permutation(samples)[: count * len(KINDS)].tolist()
    white = 255.0 if style.dtype == "uint8" else 1.0
    copies, truth = [], {}
    for number, source in enumerate(sources):
        kind = list(KINDS)[number % len(KINDS)]
        copy = KINDS[kind](own[source].astype(np.float32) / np.float32(white), rng) * np.float32(white)
        copies.append(np.rint(copy).astype(own.dtype) if white > 1 else copy.astype(own.dtype))
        truth[source, samples + number] = kind
    labels = made.arrays["labels"]
    arrays = {"videos": np.concatenate([own, np.stack(copies)]), "labels": labels[[*range(samples), *sources]]}
    return arrays, truth


def run(folder: Path, samples: int, share: float, seed: int) -> None:
    """Print what is found of each kind, in each style."""
    for name, style in STYLES.items():
        arrays, truth = planted(samples, style, share, seed)
        path = folder / f"near_{name.replace(' ', '_')}.npz"
        write_arrays(path, arrays)
        total = len(arrays["videos"])
        del arrays
        start = time.perf_counter()
        record = audit_file(str(path), Options())
        spent = time.perf_counter() - start
        found = record.measurements["near_duplicates"]
        assert isinstance(found, dict)
        pairs = {(a, b): how for a, b, how in found["pairs"]}
        hits = Counter(kind for pair, kind in truth.items() if pair in pairs)
        print(f"{name}: {total} samples audited in {spent:.1f} s")
        for kind, planned in Counter(truth.values()).items():
            print(f"  {kind:20} {hits[kind]:4} of {planned}")
        invented = [(*pair, how) for pair, how in pairs.items() if pair not in truth]
        print(f"  {'all':20} {hits.total():4} of {len(truth)}, invented {len(invented)} {invented[:6]}")
        path.unlink()


def growth(seed: int) -> None:
    """Print how long the search takes in sets of several sizes."""
    style = Style()
    for samples in (1000, 2000, 4000, 8000, 16000):
        points = some_paths(np.arange(samples) % 4, style.frames, np.random.default_rng(seed)).points
        centres = camera_for(points, style).project(points).astype(np.float32)
        x, y = (np.concatenate([centres[..., axis], centres[: samples // 20, ::-1, axis]]) for axis in (0, 1))
        nowhere = np.zeros(x.shape, dtype=bool)
        start = time.perf_counter()
        every = np.ones(len(x), dtype=bool)
        pairs = near_duplicates(Lanes(x, y, nowhere, nowhere), (style.height, style.width), every, VideoRules())
        spent = time.perf_counter() - start
        right = sum(b - samples == a for a, b, _ in pairs)
        print(f"{len(x):6} samples: {spent:6.2f} s, found {right} of {samples // 20}, invented {len(pairs) - right}")


def real(folder: Path) -> None:
    """Print what is found in data sets as they are."""
    for path in sorted(folder.glob("*.npz")):
        found = audit_file(str(path), Options()).measurements.get("near_duplicates")
        print(path.name, found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=0.02, help="of the samples, copied in each way")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--real", type=Path, metavar="FOLDER")
    args = parser.parse_args()
    if args.growth:
        growth(args.seed)
    elif args.real:
        real(args.real)
    else:
        args.folder.mkdir(parents=True, exist_ok=True)
        run(args.folder, args.samples, args.share, args.seed)


if __name__ == "__main__":
    main()
