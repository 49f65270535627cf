"""Ways through space: straight lines, circles, helices and thrown balls, each with the formula it follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.demo.motion import Floats

CLASSES = ("Linear", "Circular", "Helical", "Parabolic")
"""What labels 0 to 3 mean."""

DESCRIPTIONS = (
    "A ball that keeps its speed and its direction.",
    "A ball on a string: nearly one turn about a centre, at one height.",
    "A ball that climbs a spiral staircase, one and a half to two turns.",
    "A ball that is thrown: steady across, slowed and drawn back by gravity.",
)


@dataclass(frozen=True, slots=True)
class Paths:
    """Trajectories of many samples.

    Attributes
    ----------
    points
        Shape (N, T, 3): x to the right, y up, z away from the camera; x and y within about 1 of the origin, z
        between 1.3 and 3.2.
    equations
        One formula a sample, with its numbers; t goes from 0 in the first frame to 1 in the last.
    """

    points: Floats
    equations: tuple[str, ...]


def some_paths(labels: Sequence[int] | npt.NDArray[np.int64], frames: int, rng: np.random.Generator) -> Paths:
    """One path for each label, no two alike.

    Displacement and length tell the classes apart: a circle ends about where it starts, a helix is by far the longest,
    a throw goes farther than a line.

    Parameters
    ----------
    labels
        Of each sample, 0 to 3.
    frames
        T, evenly spaced in time.
    """
    times = np.linspace(0.0, 1.0, frames)
    points, equations = np.empty((len(labels), frames, 3)), []
    for sample, label in enumerate(labels):
        points[sample], equation = _KINDS[int(label)](times, rng)
        equations.append(equation)
    return Paths(points, tuple(equations))


def _linear(t: Floats, rng: np.random.Generator) -> tuple[Floats, str]:
    heading, slope = rng.uniform(0, 2 * np.pi), rng.uniform(-0.5, 0.5)
    # The slope is bounded: a line straight away from the camera would show as a dot at rest.
    way = rng.uniform(0.40, 0.75) * np.array([np.cos(heading), np.sin(heading), slope]) / np.hypot(1, slope)
    start = np.array([*rng.uniform(-0.45, 0.45, 2), rng.uniform(1.9, 2.4)]) - way / 2
    return start + t[:, None] * way, ", ".join(
        f"{axis} = {at:.3f} {by:+.3f}·t" for axis, at, by in zip("xyz", start, way, strict=True)
    )


def _turning(t: Floats, turns: float, rng: np.random.Generator) -> tuple[Floats, str]:
    """Shape (T, 2): about a centre, either way round."""
    radius, phase = rng.uniform(0.35, 0.60), rng.uniform(0, 2 * np.pi)
    centre, spin = rng.uniform(-0.2, 0.2, 2), 2 * np.pi * turns * rng.choice([-1.0, 1.0])
    angle = phase + spin * t
    at = centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    theta = f"({phase:.3f} {spin:+.3f}·t)"
    return at, f"x = {centre[0]:.3f} + {radius:.3f}·cos{theta}, y = {centre[1]:.3f} + {radius:.3f}·sin{theta}"


def _circular(t: Floats, rng: np.random.Generator) -> tuple[Floats, str]:
    # Less than a whole turn: the last frame is not the first one again.
    at, formula = _turning(t, rng.uniform(0.90, 0.97), rng)
    z = rng.uniform(1.8, 2.6)
    return np.column_stack([at, np.full(len(t), z)]), f"{formula}, z = {z:.3f}"


def _helical(t: Floats, rng: np.random.Generator) -> tuple[Floats, str]:
    at, formula = _turning(t, rng.uniform(1.5, 2.1), rng)
    z, rise = rng.uniform(1.4, 1.9), rng.uniform(0.8, 1.2)
    return np.column_stack([at, z + rise * t]), f"{formula}, z = {z:.3f} {rise:+.3f}·t"


def _parabolic(t: Floats, rng: np.random.Generator) -> tuple[Floats, str]:
    across, height = rng.uniform(0.9, 1.3), rng.uniform(0.35, 0.60)
    side, end = rng.choice([-1.0, 1.0]), rng.uniform(-0.2, 0.2)
    start = np.array([-side * across / 2 + rng.uniform(-0.15, 0.15), rng.uniform(-0.5, -0.2), rng.uniform(1.8, 2.3)])
    # Up by `height` above the middle of start and end, which lie `end` apart.
    speed = np.array([side * across, end + 4 * height, rng.uniform(-0.2, 0.2)])
    drop = np.array([0.0, -4 * height, 0.0])
    points = start + t[:, None] * speed + t[:, None] ** 2 * drop
    return points, (
        f"x = {start[0]:.3f} {speed[0]:+.3f}·t, y = {start[1]:.3f} {speed[1]:+.3f}·t {drop[1]:+.3f}·t², "
        f"z = {start[2]:.3f} {speed[2]:+.3f}·t"
    )


_KINDS: tuple[Callable[[Floats, np.random.Generator], tuple[Floats, str]], ...] = (
    _linear,
    _circular,
    _helical,
    _parabolic,
)
