"""Files that have settled, a cache of their own, and whether a file was read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from inspector.audit.cache.reuse import audit_cached
from inspector.audit.many import audit_many
from inspector.audit.one import audit_files
from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.profiles import load_profile
from inspector.profiles.model import Profile
from tests.support.clips import clip_arrays, save_clip

LONG_AGO = 1_700_000_000_000_000_000


class Reader:
    """Audits by reading, and remembers what was read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, paths: Sequence[str], options: Options) -> list[Record]:
        self.read += [Path(path).name for path in paths]
        return audit_files(paths, options)


def settle(path: Path, at: int = LONG_AGO) -> Path:
    """Let the file have changed long ago."""
    os.utime(path, ns=(at, at))
    return path


def clips(folder: Path, count: int = 3, **changes: Any) -> list[str]:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"clip_{k}.npz" for k in range(count)]
    return [str(settle(save_clip(p, clip_arrays(40, seed=k) | changes))) for k, p in enumerate(paths)]


def audited(paths: Iterable[str], cache: Path | None, options: Options | None = None) -> tuple[list[Record], list[str]]:
    """Records in the order of the paths, and the names of those that were read."""
    reader = Reader()
    read = partial(audit_many, workers=0, ordered=False, auditor=reader)
    batches = audit_cached(list(paths), options or Options(), cache, read)
    return sorted((r for batch in batches for r in batch), key=lambda r: r.path), reader.read


def with_limits(name: str = "fslr-keypoints", **limits: Any) -> Profile:
    base = load_profile(name)
    if base.kind == "videos":
        return msgspec.structs.replace(base, videos=msgspec.structs.replace(base.videos, **limits))
    return msgspec.structs.replace(base, limits=msgspec.structs.replace(base.limits, **limits))


def dataset_arrays(samples: int = 12, seed: int = 0) -> dict[str, Any]:
    """Dots that move, some of them copies and some at rest."""
    rng = np.random.default_rng(seed)
    videos = np.zeros((samples, 8, 3, 32, 32), np.float32)
    for sample in range(samples):
        x, y = rng.integers(4, 20, 2)
        dx = 0 if sample % 4 == 3 else 1
        for frame in range(8):
            videos[sample, frame, :, y : y + 3, x + dx * frame : x + dx * frame + 3] = 1
    videos[1] = videos[0]
    trajectory = np.cumsum(rng.random((samples, 8, 3)), axis=1)
    return {"videos": videos, "labels": np.arange(samples) % 4, "trajectory_3d": trajectory}
