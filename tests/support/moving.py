"""A body that moves, with ways of its own for each seed, for tests of what tells clips apart."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_HOME = {
    0: (0.50, 0.30),
    11: (0.62, 0.50),
    12: (0.38, 0.50),
    13: (0.68, 0.68),
    14: (0.32, 0.68),
    15: (0.60, 0.70),
    16: (0.40, 0.70),
}


def moving_points(frames: int, *, seed: int, size: float = 0.12) -> Floats:
    """float32 (T, 78, 2) of a person whose arms go about once a second; all points lie inside the picture.

    Parameters
    ----------
    size
        How far the wrists go, in widths of the picture; 0 for a person at rest, who still sways a little.
    """
    rng = np.random.default_rng(seed)
    t = np.arange(frames)[:, None] / 30
    out = np.zeros((frames, 78, 2))
    out[:] = rng.uniform(0.3, 0.7, (78, 2))
    for point, home in _HOME.items():
        far = {15: 1.0, 16: 1.0, 13: 0.5, 14: 0.5}.get(point, 0.0) * size
        out[:, point] = np.array(home) + far * _wander(t, rng) + 0.004 * _wander(t, rng)
    return np.clip(out, 0.01, 0.99).astype(np.float32)


def _wander(t: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """(T, 2) within about [-1, 1]."""
    rate, phase = rng.uniform(0.3, 1.5, (3, 1, 2)), rng.uniform(0, 2 * np.pi, (3, 1, 2))
    return np.asarray(np.sin(2 * np.pi * rate * t[None] + phase).mean(axis=0) * 1.2)
