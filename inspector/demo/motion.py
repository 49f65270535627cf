"""How things move: easing, rotations, and tracks that pass through timed poses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]

PEAK_OF_EASE = 1.875
"""Top speed of the minimum-jerk profile, as a multiple of its mean speed."""


def ease(phase: Floats) -> Floats:
    """Minimum-jerk progress 0..1 for a phase that is clipped to 0..1.

    Flash and Hogan (1985), "The coordination of arm movements": 10 s^3 - 15 s^4 + 6 s^5.
    """
    s = np.clip(phase, 0.0, 1.0)
    return np.asarray(s**3 * (10 + s * (6 * s - 15)))


def window(phase: Floats, ramp: float = 0.2) -> Floats:
    """1 in the middle of a phase 0..1, easing from and to 0 at its ends, 0 outside."""
    return ease(phase / ramp) * ease((1 - phase) / ramp)


def unit(vectors: Floats) -> Floats:
    """Vectors along the last axis at length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def cross(a: Floats, b: Floats) -> Floats:
    """Cross product over the last axis; several times faster than numpy's on small arrays."""
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def rotation(axis: int, angle: Floats) -> Floats:
    """Rotation matrices (T, 3, 3) about coordinate axis 0, 1 or 2 by angles (T,) in radians."""
    i, j = (axis + 1) % 3, (axis + 2) % 3
    out = np.zeros((*angle.shape, 3, 3))
    out[..., axis, axis] = 1.0
    out[..., i, i] = out[..., j, j] = np.cos(angle)
    out[..., j, i] = np.sin(angle)
    out[..., i, j] = -out[..., j, i]
    return out


def hand_frame(fingers: Floats, palm: Floats) -> Floats:
    """Rotation matrices (K, 3, 3) with columns (fingers, thumb side, palm).

    Parameters
    ----------
    fingers, palm
        Shape (K, 3): where the fingers point and where the palm faces; the palm gives way until the two are
        perpendicular.
    """
    d = unit(fingers)
    p = unit(palm - np.sum(palm * d, axis=-1, keepdims=True) * d)
    return np.stack([d, cross(p, d), p], axis=-1)


def quaternions(matrices: Floats) -> Floats:
    """Unit quaternions (K, 4), scalar last, of rotation matrices (K, 3, 3); their sign is arbitrary.

    Bar-Itzhack (2000), "New method for extracting the quaternion from a rotation matrix": the eigenvector of the
    largest eigenvalue, which is sound at half turns too.
    """
    m = matrices
    k = np.empty((len(m), 4, 4))
    k[:, :3, :3] = m + m.transpose(0, 2, 1)
    trace = np.trace(m, axis1=1, axis2=2)
    k[:, range(3), range(3)] -= trace[:, None]
    skew = np.stack([m[:, 2, 1] - m[:, 1, 2], m[:, 0, 2] - m[:, 2, 0], m[:, 1, 0] - m[:, 0, 1]], axis=-1)
    k[:, 3, :3] = k[:, :3, 3] = skew
    k[:, 3, 3] = trace
    return np.asarray(np.linalg.eigh(k)[1][:, :, -1])


def matrices(quats: Floats) -> Floats:
    """Rotation matrices (T, 3, 3) of unit quaternions (T, 4), scalar last."""
    v, w = quats[:, :3], quats[:, 3]
    out = 2 * v[:, :, None] * v[:, None, :]
    out[:, range(3), range(3)] += (w**2 - np.sum(v**2, axis=-1))[:, None]
    wx, wy, wz = (2 * w[:, None] * v).T
    out[:, 2, 1] += wx
    out[:, 1, 2] -= wx
    out[:, 0, 2] += wy
    out[:, 2, 0] -= wy
    out[:, 1, 0] += wz
    out[:, 0, 1] -= wz
    return out


def turn(a: Floats, b: Floats) -> float:
    """Angle in radians between two rotations given as unit quaternions (4,)."""
    return 2 * float(np.arccos(min(1.0, abs(float(a @ b)))))


def slerp(a: Floats, b: Floats, s: Floats) -> Floats:
    """Quaternions (T, 4) at progress s (T,) along the shorter way from a (T, 4) to b (T, 4)."""
    dot = np.sum(a * b, axis=-1)
    b = np.where(dot[:, None] < 0, -b, b)
    angle = np.arccos(np.clip(np.abs(dot), 0.0, 1.0))
    still = angle < 1e-6
    divisor = np.where(still, 1.0, np.sin(angle))
    wa = np.where(still, 1 - s, np.sin((1 - s) * angle) / divisor)
    wb = np.where(still, s, np.sin(s * angle) / divisor)
    return unit(wa[:, None] * a + wb[:, None] * b)


@dataclass(frozen=True, slots=True)
class Knot:
    """Where one hand is at one moment.

    Attributes
    ----------
    time
        Seconds.
    at
        Wrist, shape (3,), in shoulder widths.
    quat
        Orientation of the hand, shape (4,).
    shape
        Handshape vector, shape (22,).
    arc
        How far the way here bulges from a straight line, shape (3,), in shoulder widths.
    """

    time: float
    at: Floats
    quat: Floats
    shape: Floats
    arc: Floats


@dataclass(frozen=True, slots=True)
class Track:
    """One hand over time: wrist (T, 3), rotation (T, 3, 3), handshape (T, 22)."""

    at: Floats
    frame: Floats
    shape: Floats


def follow(knots: list[Knot], times: Floats) -> Track:
    """Pass through the knots with minimum jerk; the handshape is formed before the hand arrives.

    Parameters
    ----------
    knots
        Two or more, times strictly ascending.
    times
        Seconds, shape (T,).
    """
    starts = np.array([k.time for k in knots])
    index = np.clip(np.searchsorted(starts, times, side="right") - 1, 0, len(knots) - 2)
    phase = (times - starts[index]) / (starts[index + 1] - starts[index])
    s = ease(phase)[:, None]
    early = ease(phase / 0.75)[:, None]
    at, shape = np.array([k.at for k in knots]), np.array([k.shape for k in knots])
    quat, arc = np.array([k.quat for k in knots]), np.array([k.arc for k in knots])
    return Track(
        at=at[index] + (at[index + 1] - at[index]) * s + arc[index + 1] * (4 * s * (1 - s)),
        frame=matrices(slerp(quat[index], quat[index + 1], s[:, 0])),
        shape=shape[index] + (shape[index + 1] - shape[index]) * early,
    )


def drift(rng: np.random.Generator, times: Floats, size: float, channels: int, hertz: float = 0.6) -> Floats:
    """Slow aimless movement (T, channels), a sum of three sines with frequencies up to `hertz`."""
    rates = rng.uniform(0.25, 1.0, (3, channels)) * hertz
    phases = rng.uniform(0, 2 * np.pi, (3, channels))
    waves = np.sin(2 * np.pi * rates * times[:, None, None] + phases)
    return np.asarray(size / np.sqrt(1.5) * waves.sum(axis=1))
