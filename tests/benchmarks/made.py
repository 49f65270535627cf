"""The files that the benchmarks need, made where they are told to: clips, many small clips, data sets of videos.

Nothing is made twice: what is in the folder already is taken.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import zipfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tests.benchmarks.video_sets import write_big

Arrays = dict[str, Any]
Kind = Literal["full", "keypoints", "small"]

_META = json.dumps({"dims_per_frame": 156, "keypoints_total": 78, "order": "pose25,left_hand21,right_hand21,face11"})
_GROUPS = (slice(0, 25), slice(25, 46), slice(46, 67), slice(67, 78))
_FRAMES = {"full": (50, 160), "keypoints": (50, 160), "small": (24, 49)}
_PER_TASK = 100
_FOLDER_FILES = 5000
_SWAY = 0.06
"""How far a copy of a real clip moves its hands besides, in widths of the picture: as another take would."""


@dataclass(frozen=True, slots=True)
class Made:
    """Where files are, and what clips are made from.

    Attributes
    ----------
    folder
        Everything lies below it.
    data
        A folder of real clips to vary, or None: points that sway at random.
    """

    folder: Path
    data: Path | None = None

    def clips(self, kind: Kind, count: int) -> Path:
        """A folder of so many clips, no two alike.

        ``full`` and ``keypoints`` are 50 to 159 frames long (real ones as long as they are), with and without `X2048`,
        and packed as `numpy.savez_compressed` does; ``small`` are 24 to 48 frames of keypoints, packed quickly,
        and lie in subfolders.
        """
        name = f"{kind}_{count}" if self.data is None or kind == "small" else f"{kind}_real_{count}"
        out = self.folder / name
        done = self.folder / f"{name}.done"
        if not done.exists():
            starts = range(0, count, _PER_TASK)
            make = partial(_some_clips, out, kind, None if kind == "small" else self.data, count)
            with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
                for _ in pool.map(make, starts):
                    pass
            done.touch()
        return out

    def part(self, count: int, most: int) -> Path:
        """The first so many of ``small`` clips, hard links in a folder of their own."""
        out = self.folder / f"part_{count}"
        done = self.folder / f"{out.name}.done"
        if not done.exists():
            for path in sorted(self.clips("small", most).rglob("*.npz"))[:count]:
                (out / path.parent.name).mkdir(parents=True, exist_ok=True)
                os.link(path, out / path.parent.name / path.name)
            done.touch()
        return out

    def videos(self, megabytes: int) -> Path:
        """One compressed data set of so many 10^6 bytes of videos."""
        out = self.folder / f"videos_{megabytes}" / "set.npz"
        done = self.folder / f"{out.parent.name}.done"
        if not done.exists():
            out.parent.mkdir(parents=True, exist_ok=True)
            write_big(out, megabytes / 1000)
            done.touch()
        return out


def _some_clips(out: Path, kind: Kind, data: Path | None, count: int, start: int) -> None:
    for number in range(start, min(start + _PER_TASK, count)):
        folder = out / f"{number // _FOLDER_FILES:03d}" if kind == "small" else out
        folder.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng([{"full": 0, "keypoints": 1, "small": 2}[kind], number])
        clip = swaying(rng, *_FRAMES[kind]) if data is None else varied(data, number, rng)
        if kind == "full":
            clip["X2048"] = features(rng, len(clip["X"]))
        elif "X2048" in clip:
            del clip["X2048"]
        path = folder / f"clip_{number:06d}.npz"
        if kind == "small":
            _write_quickly(path, clip)
        else:
            np.savez_compressed(path, **clip)


def swaying(rng: np.random.Generator, shortest: int, longest: int) -> Arrays:
    """A clip of 78 points that each sway at random: no body, but as large and as hard to pack as one."""
    frames = int(rng.integers(shortest, longest))
    t = np.linspace(0, 6, frames)[:, None, None]
    xy = rng.uniform(0.2, 0.8, (1, 78, 2)) + 0.1 * np.sin(rng.uniform(0.5, 2) * t + rng.uniform(0, 6, (1, 78, 2)))
    xy = (xy + rng.normal(0, 0.003, xy.shape)).clip(0, 1)
    mask = rng.random((frames, 78)) > 0.1
    xy[~mask] = 0
    times = np.arange(frames, dtype=np.int64) * 33
    return {"X": xy.reshape(frames, 156).astype(np.float32), "mask": mask, "timestamps_ms": times, "meta": _META}


def features(rng: np.random.Generator, frames: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """`X2048`, shape (frames, 2048): never negative and half of it zero, as pooled features of a CNN are."""
    base = rng.normal(0.1, 0.4, 2048).astype(np.float32)
    return np.maximum(base + 0.15 * rng.standard_normal((frames, 2048), dtype=np.float32), 0)


def varied(data: Path, number: int, rng: np.random.Generator) -> Arrays:
    """One of the real clips in turn, as if taken again: cut at both ends, its hands on ways of their own, new noise."""
    paths = _real(data)
    with np.load(paths[number % len(paths)], allow_pickle=False) as npz:
        clip: Arrays = {name: npz[name] for name in ("X", "mask", "timestamps_ms")}
    frames = len(clip["X"])
    if frames > 12:
        first, last = int(rng.integers(0, frames // 6)), frames - int(rng.integers(0, frames // 6))
        clip = {name: array[first:last] for name, array in clip.items()}
        frames = last - first
    xy = clip["X"].reshape(frames, 78, 2).astype(np.float64)
    seen = (xy != 0).any(axis=2, keepdims=True)
    t = np.linspace(0, 1, frames)[:, None, None]
    for points in _GROUPS[1:3]:
        way = sum(np.sin(2 * np.pi * (k * t + rng.random(2))) * rng.normal(0, _SWAY / k, 2) for k in (1, 2, 3))
        xy[:, points] += way
    xy += rng.normal(0, 0.0005, xy.shape)
    clip["X"] = (xy.clip(0, 1) * seen).reshape(frames, 156).astype(np.float32)
    return {**clip, "meta": _META}


@lru_cache(maxsize=1)
def _real(data: Path) -> list[Path]:
    paths = []
    for path in sorted(data.rglob("*.npz")):
        with np.load(path, allow_pickle=False) as npz:
            if {"X", "mask", "timestamps_ms"} <= set(npz.files) and npz["X"].shape[1:] == (156,):
                paths.append(path)
    if not paths:
        raise ValueError(f"{data}: no clip with X [T,156], mask and timestamps_ms below it")
    return paths


def _write_quickly(path: Path, clip: Arrays) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in clip.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)
