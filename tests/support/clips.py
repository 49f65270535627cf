"""Clips with known content, for tests of every layer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, Any]


def clip_arrays(frames: int = 40, *, seed: int = 0, fps: float = 30.0, features: bool = False) -> Arrays:
    """A clean clip of the `fslr-keypoints` kind: a person sways smoothly, all visible, far from the borders.

    X float32 (T, 156) in [0, 1]; mask bool (T, 78), all true; timestamps_ms int64 (T,); meta JSON text;
    with `features`, X2048 float32 (T, 2048).
    """
    rng = np.random.default_rng(seed)
    t = np.arange(frames) / fps
    home = person() + rng.uniform(-0.002, 0.002, (78, 2))
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


def person() -> npt.NDArray[np.float64]:
    """78 MediaPipe points of somebody upright, hands before the body, (78, 2); 0.2 from shoulder to shoulder."""
    points = np.empty((78, 2))
    points[0] = 0.5, 0.25
    eyes = np.array([[0.01, -0.02], [0.02, -0.02], [0.03, -0.02]])
    points[1:4], points[4:7] = points[0] + eyes, points[0] + eyes * [-1, 1]
    points[7], points[8] = (0.54, 0.24), (0.46, 0.24)
    points[9], points[10] = (0.51, 0.28), (0.49, 0.28)
    right_side = {
        12: (0.4, 0.4),
        14: (0.34, 0.55),
        16: (0.4, 0.65),
        18: (0.41, 0.68),
        20: (0.42, 0.69),
        22: (0.42, 0.66),
    }
    for right, (x, y) in {**right_side, 24: (0.44, 0.8)}.items():
        points[right], points[right - 1] = (x, y), (1 - x, y)
    hand = [np.zeros(2)]
    for finger, angle in enumerate(np.linspace(-0.2, 1.2, 5)):
        along = np.array([np.cos(angle), np.sin(angle)])
        hand += [along * (0.025 + 0.015 * joint + 0.002 * finger) for joint in range(4)]
    right_hand = points[16] + np.array(hand)
    points[46:67], points[25:46] = right_hand, right_hand * [-1, 1] + [1, 0]
    points[67:78] = points[0] + 0.03 * np.column_stack([np.cos(np.arange(11) * 0.57), np.sin(np.arange(11) * 0.57)])
    return points


def save_clip(path: Path, arrays: Arrays | None = None, *, compressed: bool = True) -> Path:
    """Write arrays (a clean clip by default) and return the path."""
    save: Any = np.savez_compressed if compressed else np.savez
    save(path, **(clip_arrays() if arrays is None else arrays))
    return path
