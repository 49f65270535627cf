"""Motion measured over what was really seen, in the body's own size and the clip's own clock.

Undetected points sit at (0, 0): a step counts only where the point is visible in both frames. Lengths are divided by
the body's size, so that a person far from the camera is judged like one who is near; time comes from the timestamps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checks.arrays import AnyArray, median
from inspector.checks.tracks import Tracks
from inspector.profiles.model import Limits, Skeleton

Float = npt.NDArray[np.float32]
Bool = npt.NDArray[np.bool_]

_FALLBACK_FPS = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Points, what is seen of them, and how they move: one row a point, so that each is a contiguous track.

    Attributes
    ----------
    tracks
        float32 (J, T).
    seen
        bool (J, T): visible, finite, and not at (0, 0) where undetected points are put.
    speeds
        float32 (J, T), body sizes per second from the frame before; NaN where not seen in both frames.
    body
        The body's size in the units of the points; NaN when it cannot be told.
    """

    tracks: Tracks
    seen: Bool
    speeds: Float
    body: float


def to_points(X: AnyArray, joints: int | None) -> Float | None:
    """X as float32 (T, J, 2), whatever its layout, or None.

    Understands (T, 2J), (T, 3J) when J is known, (T, J, 2) and (T, J, 3); a third coordinate is left out.
    """
    if X.dtype.kind not in "fiu" or X.ndim not in (2, 3) or not X.size:
        return None
    frames = len(X)
    if X.ndim == 3:
        if X.shape[2] not in (2, 3):
            return None
        shaped = X[:, :, :2]
    elif joints and X.shape[1] == 3 * joints:
        shaped = X.reshape(frames, joints, 3)[:, :, :2]
    elif X.shape[1] % 2 == 0:
        shaped = X.reshape(frames, -1, 2)
    else:
        return None
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(shaped, dtype=np.float32)


def to_visible(mask: AnyArray | None, points: Float) -> Bool:
    """What the mask calls visible, as bool (T, J); all finite points not at the origin when no mask fits."""
    frames, joints = points.shape[:2]
    if mask is not None and mask.ndim == 2 and mask.shape[1] == joints and mask.dtype.kind in "biuf":
        seen = np.zeros((frames, joints), dtype=bool)
        known = mask[:frames]
        seen[: len(known)] = (known != 0) & (known == known)
        return seen
    placed: Bool = _both_finite(points) & ~at_origin(points)
    return placed


def at_origin(points: Float) -> Bool:
    """Points exactly at (0, 0), where undetected ones are put; bool (T, J)."""
    placed: Bool = (points[..., 0] == 0) & (points[..., 1] == 0)
    return placed


def _both_finite(points: Float) -> Bool:
    # Not .all(axis=2): numpy is slow to reduce an axis of two.
    finite: Bool = np.isfinite(points[..., 0]) & np.isfinite(points[..., 1])
    return finite


def clock(timestamps: AnyArray | None, frames: int) -> tuple[npt.NDArray[np.float64], bool]:
    """Seconds from 0 for each frame, and whether they are the clip's own.

    Parameters
    ----------
    timestamps
        Milliseconds, (T,). Used where there is one finite value per frame, in order, that gets anywhere.

    Returns
    -------
    seconds
        float64 (T,), never decreasing; 30 frames a second where the clip's own clock cannot be used.
    own
    """
    if timestamps is not None and timestamps.shape == (frames,) and timestamps.dtype.kind in "iuf" and frames:
        seconds = timestamps.astype(np.float64) / 1000.0
        if np.isfinite(seconds).all():
            seconds -= seconds[0]
            if (np.diff(seconds) >= 0).all() and (frames == 1 or seconds[-1] > 0):
                return seconds, True
    return np.arange(frames) / _FALLBACK_FPS, False


def body_size(tracks: Tracks, seen: Bool, skeleton: Skeleton | None) -> float:
    """Median over frames of the length of the skeleton's body pairs; else half the extent of what is seen.

    Parameters
    ----------
    seen
        bool (J, T).

    Returns
    -------
    float
        In the units of the points; NaN when nothing is seen.
    """
    for pairs in (skeleton.body, skeleton.bones) if skeleton else ():
        if not pairs:
            continue
        ends = np.array(pairs)
        known = seen[ends[:, 0]] & seen[ends[:, 1]]
        if known.any():
            size = float(median(tracks.between(ends)[known]))
            if size > 0:
                return size
    some = seen.any(axis=0)
    if not some.any():
        return float("nan")
    wide, high = (_extent(np.where(seen, axis, np.nan)[:, some]) for axis in (tracks.x, tracks.y))
    size = float(median(np.hypot(wide, high))) / 2
    return size if size > 0 else float("nan")


def _extent(values: Float) -> Float:
    spread: Float = np.fmax.reduce(values, axis=0) - np.fmin.reduce(values, axis=0)
    return spread


def motion(tracks: Tracks, visible: Bool, seconds: npt.NDArray[np.float64], skeleton: Skeleton | None) -> Motion:
    """Speeds of every point between consecutive frames.

    Parameters
    ----------
    tracks
        float32 (J, T).
    visible
        bool (T, J).
    seconds
        (T,); where two frames share a time, the speed between them is not known.
    """
    x, y = tracks.x, tracks.y
    seen = visible.T & ((x != 0) | (y != 0))
    if not (np.isfinite(x.sum()) and np.isfinite(y.sum())):  # a NaN or an infinity, or a sum that ran over
        seen &= np.isfinite(x) & np.isfinite(y)
    body = body_size(tracks, seen, skeleton)
    speeds = np.full(seen.shape, np.nan, dtype=np.float32)
    if x.shape[1] > 1 and np.isfinite(body):
        elapsed = np.diff(seconds).astype(np.float32)
        both = seen[:, 1:] & seen[:, :-1] & (elapsed > 0)
        np.divide(tracks.steps, elapsed * np.float32(body), out=speeds[:, 1:], where=both)
    return Motion(tracks, seen, speeds, body)


def bone_lengths(moving: Motion, skeleton: Skeleton | None) -> tuple[Float, npt.NDArray[np.int64]]:
    """Lengths of the skeleton's rigid bones, NaN where an end is not seen.

    Returns
    -------
    lengths
        float32 (B, T).
    bones
        int64 (B, 2): the points each joins.
    """
    bones = np.array(skeleton.bones if skeleton else (), dtype=np.int64).reshape(-1, 2)
    lengths: Float = moving.tracks.between(bones)
    lengths[~(moving.seen[bones[:, 0]] & moving.seen[bones[:, 1]])] = np.nan
    return lengths, bones


def bone_variation(lengths: Float) -> Float:
    """Coefficient of variation of each bone in percent (std with ddof 0 / mean), float32 (B,).

    NaN for a bone seen in fewer than two frames.
    """
    known = np.isfinite(lengths)
    n = np.maximum(np.count_nonzero(known, axis=1), 1)
    mean = np.where(known, lengths, 0).sum(axis=1) / n
    centred = np.where(known, lengths - mean[:, None], 0)
    std = np.sqrt((centred * centred).sum(axis=1) / n)
    with np.errstate(all="ignore"):
        out: Float = (std * 100 / mean).astype(np.float32)
    out[n < 2] = np.nan
    return out


def bone_changes(lengths: Float, body: float) -> Float:
    """How much each bone's length changes from the frame before, relative to its usual length; (B, T), NaN unknown.

    The usual length is the median over frames, but at least a tenth of the body: a finger bone a few pixels long
    doubles by noise alone.
    """
    out = np.full(lengths.shape, np.nan, dtype=np.float32)
    if lengths.shape[1] < 2 or not len(lengths) or not np.isfinite(body):
        return out
    usual = np.fmax(_median_known(lengths), np.float32(body / 10))
    steps = np.abs(lengths[:, 1:] - lengths[:, :-1])
    np.divide(steps, usual[:, None], out=out[:, 1:])
    return out


def _median_known(values: Float) -> Float:
    """Median of each row over what is not NaN; NaN for a row of nothing."""
    ordered = np.sort(values, axis=1)  # NaN goes last
    known = np.count_nonzero(np.isfinite(ordered), axis=1)
    rows = np.arange(len(values))
    low = ordered[rows, np.maximum(known - 1, 0) // 2]
    high = ordered[rows, np.minimum(known // 2, values.shape[1] - 1)]
    return np.where(known > 0, (low + high) / 2, np.nan).astype(np.float32)


def group_seen(seen: Bool, skeleton: Skeleton) -> dict[str, Bool]:
    """For each group of the skeleton, the frames, bool (T,), in which any of its points is seen; `seen` is (J, T)."""
    return {group.name: np.logical_or.reduce(seen[_rows(group.points)], axis=0) for group in skeleton.groups}


def _rows(points: tuple[int, ...]) -> slice | list[int]:
    """Consecutive points as a slice: no copy."""
    first, last = points[0], points[-1]
    return slice(first, last + 1) if last - first + 1 == len(points) else list(points)


def worst(values: Float) -> Float:
    """Largest known value in each frame of (n, T), float32 (T,); NaN where none is known."""
    if not len(values):
        return np.full(values.shape[1], np.nan, dtype=np.float32)
    out: Float = np.fmax.reduce(values, axis=0)
    return out


def mean_known(values: Float) -> Float:
    """Mean of the known values in each frame of (n, T), float32 (T,); NaN where none is known."""
    known = np.isfinite(values)
    n = np.count_nonzero(known, axis=0)
    total = np.where(known, values, 0).sum(axis=0)
    out: Float = np.divide(total, n, out=np.full(len(n), np.nan, np.float32), where=n > 0)
    return out


def centre_and_spread(values: AnyArray) -> tuple[float, float]:
    """Median, and median absolute deviation scaled to a normal distribution's standard deviation, of what is known.

    The factor is 1.4826 (Rousseeuw & Croux 1993). Both are NaN when nothing is known.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return float("nan"), float("nan")
    middle = median(known)
    return float(middle), 1.4826 * float(median(np.abs(known - middle)))


def robust_limit(values: AnyArray, factor: float, floor: float) -> float:
    """Median + factor x scaled deviation of the known values (see `centre_and_spread`), at least `floor`."""
    middle, spread = centre_and_spread(values)
    return max(floor, middle + factor * spread) if np.isfinite(middle) else floor


def speed_spikes(speed: AnyArray, limits: Limits) -> Bool:
    """Frames, bool (T,), whose fastest point is beyond this clip's own robust limit and beyond what bodies do."""
    out: Bool = speed > robust_limit(speed, limits.speed_spike_mad, limits.speed_spike_min)
    return out


def bone_jumps(change: AnyArray, limits: Limits) -> Bool:
    """Frames, bool (T,), in which a bone's length changes beyond this clip's own robust limit."""
    out: Bool = change > robust_limit(change, limits.bone_jump_mad, limits.bone_jump_ratio)
    return out


def still_frames(points: Float, visible: Bool) -> Bool:
    """Frames that repeat the one before to the last digit while something is visible, bool (T,)."""
    still = np.zeros(len(points), dtype=bool)
    if len(points) > 1:
        flat = points.reshape(len(points), -1)
        still[1:] = (flat[1:] == flat[:-1]).all(axis=1) & visible[1:].any(axis=1)
    return still


def summary(values: Any) -> float | None:
    """A figure for a report: a float, or None where there is none."""
    value = float(values)
    return value if np.isfinite(value) else None
