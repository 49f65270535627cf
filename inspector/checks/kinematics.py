"""Motion measured over what was really seen, in the body's own size and the clip's own clock, of several clips at once.

Undetected points sit at (0, 0): a step counts only where the point is visible in both frames. Lengths are divided by
the body's size, so that a person far from the camera is judged like one who is near; time comes from the timestamps.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.checks.anatomy import anatomy_of
from inspector.checks.arrays import AnyArray, is_monotonic, median
from inspector.checks.segments import Index, Segments, known_in_rows, medians, sort_rows
from inspector.checks.tracks import Tracks, pair_array
from inspector.profiles.model import Limits, Skeleton

Float = npt.NDArray[np.float32]
Bool = npt.NDArray[np.bool_]

STANDS_OUT = 8.0
"""Scaled deviations over the median beyond which a frame stands out in its clip."""

_FALLBACK_FPS = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """What is seen of the points, and how they move: one row a point, so that each is a contiguous track.

    The clips of `Tracks`, n of them with N frames in all.

    Attributes
    ----------
    bone_lengths
        float32 (B, N) of the skeleton's bones, NaN where an end is not seen.
    seen
        bool (J, N): visible, finite, and not at (0, 0) where undetected points are put.
    at_origin
        bool (J, N): visible by the mask, yet at (0, 0).
    speeds
        float32 (J, N), body sizes per second from the frame before; NaN where not seen in both frames, and in each
        clip's first frame.
    moved
        float32 (J, N), body sizes from the frame before; NaN as for `speeds`.
    hole
        float32 (J, N): 0 where seen, else NaN.
    bodies
        float64 (n,): the body's size in the units of the points; NaN when it cannot be told.
    """

    bone_lengths: Float
    seen: Bool
    at_origin: Bool
    speeds: Float
    moved: Float
    hole: Float
    bodies: npt.NDArray[np.float64]

    @property
    def body(self) -> float:
        """The body's size where there is one clip."""
        return float(self.bodies[0])

    def one(self, clip: int, frames: slice) -> Motion:
        """One clip by itself, which lies in these frames."""
        return Motion(
            self.bone_lengths[:, frames],
            self.seen[:, frames],
            self.at_origin[:, frames],
            self.speeds[:, frames],
            self.moved[:, frames],
            self.hole[:, frames],
            self.bodies[clip : clip + 1],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Bones:
    """The skeleton's rigid bones over time.

    Attributes
    ----------
    ends
        int64 (B, 2): the points each joins.
    lengths
        float32 (B, N), NaN where an end is not seen.
    mean
        float32 (B, n) over the frames of each clip in which both ends are seen; NaN when there is none.
    cv_pct
        float32 (B, n): standard deviation (ddof 0) over mean in percent; NaN for a bone seen in fewer than two frames.
    """

    ends: npt.NDArray[np.int64]
    lengths: Float
    mean: Float
    cv_pct: Float


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
    if shaped.dtype == np.float32:
        return np.ascontiguousarray(shaped)
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(shaped, dtype=np.float32)


def to_visible(mask: AnyArray | None, points: Float) -> Bool:
    """What the mask calls visible, as bool (T, J); all finite points not at the origin when no mask fits."""
    frames, joints = points.shape[:2]
    if mask is not None and mask.shape == (frames, joints) and mask.dtype == np.bool_:
        return mask
    if mask is not None and mask.ndim == 2 and mask.shape[1] == joints and mask.dtype.kind in "biuf":
        seen = np.zeros((frames, joints), dtype=bool)
        known = mask[:frames]
        seen[: len(known)] = (known != 0) & (known == known)
        return seen
    x, y = points[..., 0], points[..., 1]  # not .all(axis=2): numpy is slow to reduce an axis of two
    placed: Bool = np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0))
    return placed


def clocks(timestamps: Sequence[AnyArray], segments: Segments) -> tuple[npt.NDArray[np.float64], list[bool]]:
    """As `clock` of several clips: seconds of all their frames, float64 (N,), and for each whether they are its own."""
    plain = all(
        stamps.dtype == np.int64 and stamps.shape == (length,)
        for stamps, length in zip(timestamps, segments.lengths.tolist(), strict=True)
    )
    if plain and len(segments) > 1:
        seconds = np.concatenate(timestamps) / 1000.0
        seconds -= segments.spread(seconds[segments.starts])
        steps = np.empty(segments.frames)
        np.subtract(seconds[1:], seconds[:-1], out=steps[1:])
        steps[segments.starts] = 0
        forward = segments.least(steps) >= 0
        if forward.all() and ((seconds[segments.ends - 1] > 0) | (segments.lengths == 1)).all():
            return seconds, [True] * len(segments)
    found = [clock(stamps, length) for stamps, length in zip(timestamps, segments.lengths.tolist(), strict=True)]
    return np.concatenate([seconds for seconds, _ in found]), [own for _, own in found]


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
        if timestamps.dtype.kind != "f" or np.isfinite(seconds).all():
            seconds -= seconds[0]
            if is_monotonic(seconds) and (frames == 1 or seconds[-1] > 0):
                return seconds, True
    return np.arange(frames) / _FALLBACK_FPS, False


def body_sizes(lengths: Float, bones: Float, tracks: Tracks, hole: Float) -> npt.NDArray[np.float64]:
    """Median over frames of the length of the skeleton's body pairs, else of its bones; else half the extent.

    Parameters
    ----------
    lengths, bones
        float32 (m, N), (B, N): of the body pairs and of the bones, NaN where an end is not seen.
    tracks, hole
        The points, and float32 (J, N) that is NaN where one is not seen, else 0.

    Returns
    -------
    ndarray
        float64 (n,) in the units of the points; NaN when nothing is seen.
    """
    out = np.full(len(tracks.segments), np.nan)
    if len(lengths):
        table = tracks.segments.rows(lengths)
        table[~(table > 0)] = np.nan
        ordered = sort_rows(table)
        out[:] = medians(ordered, known_in_rows(ordered))
    for clip in np.flatnonzero(np.isnan(out)):
        frames = tracks.segments.slices[clip]
        out[clip] = _size_without_body(bones[:, frames], tracks.xy[:, :, frames], hole[:, frames])
    return out


def _size_without_body(bones: Float, xy: AnyArray, hole: Float) -> float:
    known = bones[bones > 0]
    if known.size:
        return float(median(known))
    seen = xy + hole
    wide, high = np.fmax.reduce(seen, axis=1) - np.fmin.reduce(seen, axis=1)
    extent = np.hypot(wide, high)
    extent = extent[extent > 0]
    return float(median(extent)) / 2 if extent.size else float("nan")


def motion(
    tracks: Tracks,
    shown: Bool,
    seconds: npt.NDArray[np.float64],
    skeleton: Skeleton | None,
    finite: bool = False,
) -> Motion:
    """Speeds of every point between consecutive frames, and lengths of the skeleton's bones.

    Parameters
    ----------
    tracks
        float32 (J, N) with at least one point.
    shown
        bool (J, N): visible by the mask.
    seconds
        (N,), each clip's own; where two frames share a time, the speed between them is not known.
    finite
        Whether no coordinate is NaN or infinite, where that is known; else it is looked for.

    Callers mind numpy's warnings.
    """
    segments = tracks.segments
    placed = tracks.xy[0] != 0
    placed |= tracks.xy[1] != 0
    seen = shown & placed
    if not finite:
        seen &= np.isfinite(tracks.xy).all(axis=0)
    hole = _holes(seen)
    pairs = pair_array(skeleton.body, skeleton.bones) if skeleton else pair_array()
    lengths = tracks.between(pairs)
    for ends in pairs.T:
        lengths += hole.take(ends, axis=0)
    n = len(skeleton.body) if skeleton else 0
    bodies = body_sizes(lengths[:n], lengths[n:], tracks, hole)
    elapsed = np.empty(tracks.frames, np.float32)
    np.subtract(seconds[1:], seconds[:-1], out=elapsed[1:], casting="same_kind")
    elapsed[segments.starts] = np.nan
    elapsed[~(elapsed > 0)] = np.nan
    moved: Float = np.multiply(tracks.steps, segments.spread((1 / bodies).astype(np.float32)))
    moved += hole
    moved[:, 1:] += hole[:, :-1]
    speeds: Float = moved / elapsed
    return Motion(lengths[n:], seen, shown > placed, speeds, moved, hole, bodies)


def _holes(seen: Bool) -> Float:
    """0 where seen, else NaN: adding it takes unseen points out at a quarter of the cost of `numpy.where`."""
    out = seen.astype(np.float32)
    np.divide(np.float32(0), out, out=out)
    return out


def measure_bones(moving: Motion, skeleton: Skeleton | None, segments: Segments) -> Bones:
    """How long and how steady the skeleton's bones are. Callers mind numpy's warnings."""
    lengths = moving.bone_lengths
    if not len(lengths):
        none = np.zeros((0, len(segments)), np.float32)
        return Bones(pair_array(()), lengths, none, none)
    # No length and no square is less than zero, so that `fmax` with it replaces NaN and nothing else.
    zero = np.float32(0)
    n = segments.total((lengths == lengths).astype(np.float32))
    mean = segments.total(np.fmax(lengths, zero))
    mean /= n
    centred = lengths - segments.spread(mean)
    centred *= centred
    np.fmax(centred, zero, out=centred)
    cv_pct: Float = segments.total(centred)
    cv_pct /= n
    np.sqrt(cv_pct, out=cv_pct)
    cv_pct /= mean
    cv_pct *= np.float32(100)
    cv_pct[(n < 2) | ~np.isfinite(mean)] = np.nan
    return Bones(pair_array(skeleton.bones if skeleton else ()), lengths, mean, cv_pct)


def bone_changes(bones: Bones, moving: Motion, segments: Segments) -> Float:
    """How much each bone's length changes from the frame before, relative to its mean; (B, N), NaN unknown.

    The mean counts as at least a tenth of the body: a finger bone a few pixels long doubles by noise alone.
    """
    out = np.empty(bones.lengths.shape, dtype=np.float32)
    usual = np.fmax(bones.mean, (moving.bodies / 10).astype(np.float32))
    usual[:, ~np.isfinite(moving.bodies)] = np.nan
    np.subtract(bones.lengths[:, 1:], bones.lengths[:, :-1], out=out[:, 1:])
    out[:, segments.starts] = np.nan
    np.abs(out, out=out)
    out /= segments.spread(usual)
    return out


def group_seen(seen: Bool, skeleton: Skeleton) -> Bool:
    """The frames in which any point of each of the skeleton's groups is seen, bool (groups, N); `seen` is (J, N)."""
    found: Bool = anatomy_of(skeleton).members @ seen.astype(np.float32) > 0
    return found


def worst(values: Float) -> Float:
    """Largest known value in each frame of (m, N), float32 (N,); NaN where none is known."""
    if not len(values):
        return np.full(values.shape[1], np.nan, dtype=np.float32)
    out: Float = np.fmax.reduce(values, axis=0)
    return out


def mean_known(values: Float) -> Float:
    """Mean of the known values in each frame of (m, N), float32 (N,); NaN where none is known."""
    known = np.isfinite(values)
    n = np.count_nonzero(known, axis=0)
    total = np.where(known, values, 0).sum(axis=0)
    out: Float = np.divide(total, n, out=np.full(len(n), np.nan, np.float32), where=n > 0)
    return out


def centres_and_spreads(ordered: AnyArray, counts: Index) -> tuple[AnyArray, AnyArray]:
    """Median, and median absolute deviation scaled to a normal distribution's standard deviation, of what is known.

    The factor is 1.4826 (Rousseeuw & Croux 1993).

    Parameters
    ----------
    ordered, counts
        Rows (n, m) in ascending order, of which the first `counts` values are known and finite.

    Returns
    -------
    centres, spreads
        float64 (n,); NaN where nothing is known.
    """
    centres = medians(ordered, counts)
    off = np.abs(ordered - centres[:, None])
    off[np.arange(ordered.shape[1]) >= counts[:, None]] = np.nan
    return centres.astype(np.float64), 1.4826 * medians(sort_rows(off), counts).astype(np.float64)


def bone_limit(values: Mapping[str, Any], limits: Limits) -> float:
    """Relative change of a bone's length that is too abrupt for this clip, from its measured values."""
    return max(limits.bone_jump, least_bone_limit(values))


def least_bone_limit(values: Mapping[str, Any]) -> float:
    """The change of a bone's length from which on it stands out in its clip; 0 where that is not known."""
    middle, spread = values.get("bone_change_median"), values.get("bone_change_mad")
    return 0.0 if middle is None or spread is None else float(middle + STANDS_OUT * spread)


def summary(values: Any) -> float | None:
    """A figure for a report: a float, or None where there is none."""
    value = float(values)
    return value if math.isfinite(value) else None
