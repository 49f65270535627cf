"""The reference's measurements, to the digit: what people's existing reports say, under the same names.

Formulas are those of `validate_npz_enhanced`, in the array's own precision and in its order of operations, so that
integer counts (frames over a limit) come out equal. They are kept beside better ones, not instead of them: the
bone figure pools different bones, and the velocity counts points that appear at (0, 0) as motion.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from inspector.checks.arrays import AnyArray, Figures, dtype_name, is_monotonic, median, ones, percentile
from inspector.checks.segments import Segments, medians, sort_rows
from inspector.checks.tracks import Tracks, pair_array
from inspector.errors import MeasureError
from inspector.profiles.model import Reference

_EPS = 1e-9


def basic_fields(
    X_figures: Figures, mask_figures: Figures, timestamps_figures: Figures, constants: Reference
) -> tuple[dict[str, Any], list[str]]:
    """The reference's fields that concern X, mask and timestamps, but for those of motion.

    Parameters
    ----------
    X_figures
        Of coordinates, first axis T; anything that reshapes to (T, J, 2) is measured, as the reference does.
    mask_figures
        First axis T; non-zero counts as visible.
    timestamps_figures
        Milliseconds, first axis T.

    Returns
    -------
    fields
        From ``T`` to ``low_vis_frames``, in the reference's order.
    unmeasured
        A sentence for each field that is null because its array has no such figure.

    Raises
    ------
    MeasureError
        Where the reference cannot measure the file either: 0-d arrays, text, an odd number of coordinates.
    """
    X, mask, timestamps = X_figures.array, mask_figures.array, timestamps_figures.array
    _require(X, "X", "numbers with frames along axis 0", "fciub" if not len(np.atleast_1d(X)) else "fciu")
    _require(mask, "mask", "[T,78] of true/false", "biuf", minimum=2 if mask.size else 1)
    if timestamps.ndim == 0:
        raise MeasureError(f"timestamps_ms: expected one value per frame, found a single {timestamps.dtype} value")
    unmeasured: list[str] = []
    monotonic, duration = _time(timestamps_figures, unmeasured)
    if mask.dtype.kind == "f" and np.isnan(mask).any():
        unmeasured.append("mask: expected true/false, found NaN; those points count as not visible")
    fields: dict[str, Any] = {
        "T": len(X),
        "X_shape": list(X.shape),
        "mask_shape": list(mask.shape),
        "ts_shape": list(timestamps.shape),
        "X_dtype": dtype_name(X.dtype),
        "mask_dtype": dtype_name(mask.dtype),
        "ts_dtype": dtype_name(timestamps.dtype),
        "X_has_nan": X_figures.has_nan,
        "X_has_inf": X_figures.has_inf,
        "X_out_of_range": X_figures.outside(0.0, 1.0),
        "timestamps_monotonic": monotonic,
        "duration_ms": duration,
        "temporal_consistent": len(X) == len(mask) == len(timestamps),
        **_coverage(mask_figures, constants.low_visible_points),
    }
    return fields, unmeasured


def motion_fields(tracks: Tracks, constants: Reference, finite: bool) -> list[dict[str, Any]]:
    """The reference's fields of velocity and bones, ``vel_p95`` to ``bone_outlier_frames``, of each clip.

    Parameters
    ----------
    tracks
        In the precision of X; `own_tracks` makes them for any X.
    finite
        Whether no coordinate is NaN or infinite.
    """
    with np.errstate(all="ignore"):
        slices = tracks.segments.slices
        lengths = _bone_lengths(tracks, constants)
        if finite and len(slices) > 1 and lengths.size and tracks.segments.lengths.min() > 1:
            return _together(tracks, lengths, constants)
        velocity = [_velocity(tracks, frames, constants.spike_sigma, finite) for frames in slices]
        bones = [_bones(lengths[frames], constants.bone_outlier_z, finite) for frames in slices]
    return [moving | steady for moving, steady in zip(velocity, bones, strict=True)]


def own_tracks(X: AnyArray) -> Tracks | None:
    """The points of X of whatever numbers, as the reference takes them; None where there is no frame.

    Raises
    ------
    MeasureError
        Where they are no x, y pairs.
    """
    points = _points(X)
    return Tracks.of(points) if len(points) else None


def measure_features(figures: Figures | None) -> dict[str, Any]:
    """The reference's ``X2048_*`` fields; none for an absent or empty array.

    Mean and standard deviation (ddof 0) ignore NaN, as the reference does.
    """
    if figures is None or not figures.array.size:
        return {}
    features = figures.array
    _require(features, "X2048", "numbers with frames along axis 0", "fciub")
    with np.errstate(all="ignore"):
        low, high = figures.extremes
        if not figures.finite:
            known = features[~np.isnan(features)]
            low, high = (known.min(), known.max()) if known.size else (np.nan, np.nan)
            mean, std = (known.mean(), known.std()) if known.size else (np.nan, np.nan)
        else:
            mean, std = figures.mean_and_spread
    return {
        "X2048_shape": list(features.shape),
        "X2048_dtype": dtype_name(features.dtype),
        "X2048_min": float(low),
        "X2048_max": float(high),
        "X2048_mean": float(mean),
        "X2048_std": float(std),
    }


def _require(array: AnyArray, name: str, expected: str, kinds: str, minimum: int = 1) -> None:
    if array.ndim < minimum or array.dtype.kind not in kinds:
        raise MeasureError(f"{name}: expected {expected}, found {array.dtype} {list(array.shape)}")


def _points(X: AnyArray) -> AnyArray:
    """X as (T, J, 2) in floating point, since unsigned differences would wrap; complex values as they are."""
    frames = len(X)
    if X.dtype.kind in "iub":
        X = X.astype(np.float64)
    if not X.dtype.isnative:
        X = X.astype(X.dtype.newbyteorder("="))
    if frames == 0:
        return np.zeros((0, 0, 2), X.dtype)
    if not X.size or X.size % (2 * frames):
        raise MeasureError(
            f"X: expected x, y pairs for each of {frames} frames, as in [T,156], found {X.dtype} {list(X.shape)}"
        )
    return X.reshape(frames, -1, 2)


def _time(figures: Figures, unmeasured: list[str]) -> tuple[bool | None, int | None]:
    """(never decreasing, milliseconds from first to last); the difference of exact integers, never wrapped."""
    timestamps = figures.array
    if timestamps.size < 2:
        return True, 0
    if timestamps.dtype.kind == "i" and timestamps.ndim == 1:
        return figures.monotonic, int(timestamps[-1]) - int(timestamps[0])
    found = f"{timestamps.dtype} {list(timestamps.shape)}"
    if timestamps.dtype.kind == "O":
        plain = np.array([v for v in timestamps.ravel() if isinstance(v, int | float)])
        timestamps = plain if plain.size == timestamps.size else timestamps
    if timestamps.dtype.kind not in "iuf":
        unmeasured.append(f"timestamps_ms: expected int64 [T], found {found}; duration unknown")
        return (is_monotonic(timestamps) if timestamps.dtype.kind in "bmMSU" else None), None
    monotonic = is_monotonic(timestamps)
    if timestamps.ndim != 1:
        unmeasured.append(f"timestamps_ms: expected int64 [T], found {found}; duration unknown")
        return monotonic, None
    if timestamps.dtype.kind in "iu":
        return monotonic, int(timestamps[-1]) - int(timestamps[0])
    with np.errstate(all="ignore"):
        span = timestamps[-1] - timestamps[0]
    if not np.isfinite(span):
        unmeasured.append(
            f"timestamps_ms: expected int64 [T], found {found} whose ends are not finite; duration unknown"
        )
        return monotonic, None
    return monotonic, int(span)


def _coverage(figures: Figures, low: int) -> dict[str, Any]:
    mask = figures.array
    if not mask.size:
        return {"has_mask": False, "coverage_pct": 0.0, "min_visible": 0, "max_visible": 0, "low_vis_frames": 0}
    seen = visible(mask)
    per_frame = figures.row_counts if seen is mask and mask.ndim == 2 else np.count_nonzero(seen, axis=1)
    return {
        "has_mask": True,
        "coverage_pct": int(np.count_nonzero(seen)) / seen.size * 100.0,
        "min_visible": int(np.minimum.reduce(per_frame, axis=None)),
        "max_visible": int(np.maximum.reduce(per_frame, axis=None)),
        "low_vis_frames": int(np.count_nonzero(per_frame < low)),
    }


def visible(mask: AnyArray) -> AnyArray:
    """A mask of any numeric dtype as booleans of its shape: non-zero is visible, NaN is not."""
    if mask.dtype.kind == "b":
        return mask
    known: AnyArray = (mask != 0) & (mask == mask)
    return known


def _known(values: AnyArray) -> AnyArray:
    """Flat values without NaN; the array itself when it has none."""
    nan = np.isnan(values)
    return values[~nan] if nan.any() else values.ravel()


def _moments(values: AnyArray, axis: int | None = None, finite: bool = False) -> tuple[Any, Any]:
    """Mean and standard deviation (ddof 0) of what is not NaN, summed in the array's own precision.

    Not ``.mean()``: for float16 numpy sums that in float32, where its NaN-ignoring mean, which the reference uses, does
    not, and the figures differ in the third digit. `finite` says that there is no NaN to look for.
    """
    nan = None if finite else np.isnan(values)
    count: Any = np.int64(values.size if axis is None else values.shape[axis])
    if nan is not None and nan.any():
        count = (~nan).sum(axis=axis)
        values = np.where(nan, 0, values)
    else:
        nan = None
    mean = _as(values.dtype, np.add.reduce(values, axis=axis) / count)
    centred = values - mean
    if nan is not None:
        centred[nan] = 0
    centred *= centred
    return mean, np.sqrt(_as(values.dtype, np.add.reduce(centred, axis=axis) / count))


def _as(dtype: np.dtype[Any], values: Any) -> Any:
    """Values in this precision; of a scalar's two ways there, the quick one."""
    return values.astype(dtype) if isinstance(values, np.ndarray) else dtype.type(values)


def _together(tracks: Tracks, lengths: AnyArray, constants: Reference) -> list[dict[str, Any]]:
    """As `_velocity` and `_bones` of each clip, of several with at least two frames, all finite: the same to the digit.

    Each clip is added up by itself: sums by pieces (`reduceat`) begin at another number, and differ in the last digit.
    """
    segments = tracks.segments
    after = np.ones(tracks.frames, bool)
    after[segments.starts] = False
    fastest, steps = tracks.fastest[after], Segments((segments.lengths - 1).tolist())
    middle = medians(sort_rows(steps.rows(fastest)), steps.lengths)
    limit = middle.astype(np.float64) + constants.spike_sigma * _spreads(fastest, steps)[1].astype(np.float64)
    bones = lengths.shape[1]
    pooled_mean, pooled_std = _spreads(lengths.reshape(-1), Segments((segments.lengths * bones).tolist()))
    mean = _means(lengths, segments.slices)
    centred = lengths - np.repeat(mean, segments.lengths, axis=0)
    spread = np.sqrt(_means(centred * centred, segments.slices))
    centred /= np.repeat(spread + _EPS, segments.lengths, axis=0)
    outlier = (np.abs(centred, out=centred) > constants.bone_outlier_z).astype(np.float32) @ ones(bones) > 0
    columns = {
        "vel_p95": [percentile(tracks.steps[:, f.start + 1 : f.stop], 95) for f in segments.slices],
        "vel_max": steps.largest(fastest).tolist(),
        "vel_spike_frames": steps.count(fastest > steps.spread(limit)).tolist(),
        "bone_len_cv_pct": [
            float(std / (mean + _EPS)) * 100.0 for std, mean in zip(pooled_std, pooled_mean, strict=True)
        ],
        "bone_outlier_frames": segments.count(outlier).tolist(),
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _spreads(values: AnyArray, segments: Segments) -> tuple[AnyArray, AnyArray]:
    """Mean and standard deviation (ddof 0) of each piece of (N,), in the array's own precision."""
    mean = _means(values, segments.slices)
    centred = values - segments.spread(mean)
    centred *= centred
    return mean, np.sqrt(_means(centred, segments.slices))


def _means(values: AnyArray, pieces: Sequence[slice]) -> AnyArray:
    """Mean over axis 0 of each piece, (n, ...), in the array's own precision."""
    means = [np.add.reduce(values[piece], axis=0) / (piece.stop - piece.start) for piece in pieces]
    return np.array(means).astype(values.dtype)


NO_MOTION = {"vel_p95": 0.0, "vel_max": 0.0, "vel_spike_frames": 0, "bone_len_cv_pct": 0.0, "bone_outlier_frames": 0}
"""Of a clip without frames."""


def _velocity(tracks: Tracks, frames: slice, sigma: float, finite: bool) -> dict[str, Any]:
    """Step lengths over all points, visible or not; a spike is over median + sigma x std of each frame's longest."""
    after = slice(frames.start + 1, frames.stop)
    steps = tracks.steps[:, after]
    if not steps.shape[1]:
        return {"vel_p95": 0.0, "vel_max": 0.0, "vel_spike_frames": 0}
    known = steps if finite else _known(steps)
    if not known.size:
        return {"vel_p95": float("nan"), "vel_max": float("nan"), "vel_spike_frames": 0}
    fastest = tracks.fastest[after]
    measured = fastest if finite else _known(fastest)
    limit = float(median(measured)) + sigma * float(_moments(measured, finite=finite)[1])
    return {
        "vel_p95": percentile(known, 95),
        "vel_max": float(np.maximum.reduce(measured)),
        "vel_spike_frames": int(np.count_nonzero(fastest > limit)),
    }


@functools.lru_cache(maxsize=16)
def _within(pairs: tuple[tuple[int, int], ...], joints: int) -> AnyArray:
    """Pairs between points that there are."""
    return pair_array(tuple(pair for pair in pairs if max(pair) < joints))


def _bone_lengths(tracks: Tracks, constants: Reference) -> AnyArray:
    """Of the reference's bones, (N, B).

    In memory as in the reference: the order in which float32 values are summed shows in the last digits.
    """
    return np.ascontiguousarray(tracks.between(_within(constants.bones, tracks.joints)).T)


def _bones(lengths: AnyArray, limit: float, finite: bool) -> dict[str, Any]:
    """Coefficient of variation over all bones pooled, and frames where any bone is over `limit` deviations off."""
    if not lengths.size:
        return {"bone_len_cv_pct": 0.0, "bone_outlier_frames": 0}
    known = lengths.ravel() if finite else _known(lengths)
    if not known.size:
        return {"bone_len_cv_pct": float("nan"), "bone_outlier_frames": 0}
    pooled_mean, pooled_std = _moments(known, finite=finite)
    mean, spread = _moments(lengths, axis=0, finite=finite)
    z = (lengths - mean) / (spread + _EPS)
    return {
        "bone_len_cv_pct": float(pooled_std / (pooled_mean + _EPS)) * 100.0,
        "bone_outlier_frames": int(np.count_nonzero((np.abs(z) > limit).any(axis=1))),
    }
