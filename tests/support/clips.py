"""Clips with known content, for tests of every layer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

Arrays = dict[str, Any]


def clip_arrays(frames: int = 40, *, seed: int = 0, fps: float = 30.0, features: bool = False) -> Arrays:
    """A clean clip of the `fslr-keypoints` kind: points sway smoothly, all visible, far from the borders.

    X float32 (T, 156) in [0, 1]; mask bool (T, 78), all true; timestamps_ms int64 (T,); meta JSON text;
    with `features`, X2048 float32 (T, 2048).
    """
    rng = np.random.default_rng(seed)
    t = np.arange(frames) / fps
    home = rng.uniform(0.25, 0.75, (78, 2))
    sway = 0.02 * np.sin(2 * np.pi * 0.5 * t)[:, None, None] * np.array([1.0, 0.5])
    xy = home[None] + sway
    arrays: Arrays = {
        "X": xy.reshape(frames, 156).astype(np.float32),
        "mask": np.ones((frames, 78), dtype=bool),
        "timestamps_ms": np.round(t * 1000).astype(np.int64),
        "meta": json.dumps({"video": "clean.mp4", "target_fps": fps}),
    }
    if features:
        arrays["X2048"] = rng.random((frames, 2048), dtype=np.float32)
    return arrays


def save_clip(path: Path, arrays: Arrays | None = None, *, compressed: bool = True) -> Path:
    """Write arrays (a clean clip by default) and return the path."""
    save: Any = np.savez_compressed if compressed else np.savez
    save(path, **(clip_arrays() if arrays is None else arrays))
    return path
