"""Defects, the most visible first: each is put into one clean clip and says where it is."""

from __future__ import annotations

import numpy as np

from inspector.demo.capture import Arrays
from inspector.demo.damage import Damage, Defect, busy_hand, middle, points, with_points
from inspector.demo.motion_defects import bone_jump, cut, frozen, pinned, swapped, teleport, trembling

_OUT_SIZE = 256
_KEPT_POINTS = 6


def _missing_hand(arrays: Arrays, rng: np.random.Generator) -> Damage:
    del rng
    xy, mask = points(arrays), arrays["mask"].copy()
    hand, title = busy_hand(xy)
    xy[:, hand], mask[:, hand] = 0.0, False
    return Damage(with_points(arrays, xy) | {"mask": mask}, ((0, len(xy) - 1),), f"the {title} is never detected")


def _nan_burst(arrays: Arrays, rng: np.random.Generator) -> Damage:
    xy, n = points(arrays), 5
    hand, title = busy_hand(xy)
    k = middle(len(xy), n, rng)
    xy[k : k + n, hand] = np.nan
    return Damage(with_points(arrays, xy), ((k, k + n - 1),), f"the {title} is NaN for {n} frames")


def _pixels(arrays: Arrays, rng: np.random.Generator) -> Damage:
    del rng
    X = arrays["X"] * np.float32(_OUT_SIZE)
    return Damage(
        arrays | {"X": X}, ((0, len(X) - 1),), f"coordinates in pixels of a {_OUT_SIZE} x {_OUT_SIZE} picture"
    )


def _clock_back(arrays: Arrays, rng: np.random.Generator) -> Damage:
    ts = arrays["timestamps_ms"].copy()
    first = middle(len(ts), 12, rng)
    places = (first, first + 10)
    for k in places:
        ts[[k, k + 1]] = ts[[k + 1, k]]
    frames = tuple((k, k + 1) for k in places)
    return Damage(arrays | {"timestamps_ms": ts}, frames, "two frames have each other's timestamps, twice")


def _long_dropout(arrays: Arrays, rng: np.random.Generator) -> Damage:
    xy, mask = points(arrays), arrays["mask"].copy()
    n = round(0.6 * len(xy))
    k = int(rng.integers(len(xy) // 5, len(xy) - n))
    xy[k : k + n, _KEPT_POINTS:], mask[k : k + n, _KEPT_POINTS:] = 0.0, False
    note = f"only {_KEPT_POINTS} points are detected in {n} frames"
    return Damage(with_points(arrays, xy) | {"mask": mask}, ((k, k + n - 1),), note)


def _gap(arrays: Arrays, rng: np.random.Generator) -> Damage:
    n = 15
    T = len(arrays["X"])
    xy = points(arrays)
    starts = np.arange(T // 4, 3 * T // 4 - n)
    jumps = np.abs(xy[starts + n] - xy[starts - 1]).max(axis=(1, 2))
    # Where little happens: that time is missing shall be the only oddity.
    k = int(rng.choice(starts[np.argsort(jumps)[: len(starts) // 8]]))
    left = np.r_[0:k, k + n : T]
    cut = {name: values[left] if values.shape[:1] == (T,) else values for name, values in arrays.items()}
    return Damage(cut, ((k, k),), f"{n} frames were lost before frame {k}")


def _truncated(arrays: Arrays, rng: np.random.Generator) -> Damage:
    del rng
    return Damage(dict(arrays), (), "the file ends after 60 % of its bytes", kept=0.6)


def _visible_at_origin(arrays: Arrays, rng: np.random.Generator) -> Damage:
    xy, n = points(arrays), 24
    hand, title = busy_hand(xy)
    k = middle(len(xy), n, rng)
    xy[k : k + n, hand] = 0.0
    return Damage(with_points(arrays, xy), ((k, k + n - 1),), f"the {title} is at (0, 0), yet visible, for {n} frames")


def _repeated_time(arrays: Arrays, rng: np.random.Generator) -> Damage:
    ts = arrays["timestamps_ms"].copy()
    first = middle(len(ts), 17, rng)
    places = tuple(range(first, first + 17, 4))
    for k in places:
        ts[k] = ts[k - 1]
    note = f"{len(places)} frames repeat the timestamp before"
    return Damage(arrays | {"timestamps_ms": ts}, tuple((k, k) for k in places), note)


def _float64(arrays: Arrays, rng: np.random.Generator) -> Damage:
    del rng
    return Damage(arrays | {"X": arrays["X"].astype(np.float64)}, (), "X is float64")


def _short_mask(arrays: Arrays, rng: np.random.Generator) -> Damage:
    del rng
    T = len(arrays["mask"])
    return Damage(arrays | {"mask": arrays["mask"][:-3]}, ((T - 3, T - 1),), "mask lacks the last 3 frames")


def _pickled_meta(arrays: Arrays, rng: np.random.Generator) -> Damage:
    del rng
    meta = np.empty((), dtype=object)
    meta[()] = {"sign": "unknown", "fps": 30, "notes": ["saved as a Python object"]}
    return Damage(arrays | {"meta": meta}, (), "meta is a pickled dict")


def _no_timestamps(arrays: Arrays, rng: np.random.Generator) -> Damage:
    del rng
    return Damage({k: v for k, v in arrays.items() if k != "timestamps_ms"}, (), "timestamps_ms is missing")


def _nan_features(arrays: Arrays, rng: np.random.Generator) -> Damage:
    features, n = arrays["X2048"].copy(), 4
    k = middle(len(features), n, rng)
    features[k : k + n] = np.nan
    return Damage(arrays | {"X2048": features}, ((k, k + n - 1),), f"X2048 is NaN in {n} frames")


def _dead_rows(arrays: Arrays, rng: np.random.Generator) -> Damage:
    features, n = arrays["X2048"].copy(), 8
    k = middle(len(features), n, rng)
    features[k : k + n] = 0.0
    note = f"all of X2048 is zero in {n} frames, as for frames that could not be read"
    return Damage(arrays | {"X2048": features}, ((k, k + n - 1),), note)


def _repeated_rows(arrays: Arrays, rng: np.random.Generator) -> Damage:
    features, n = arrays["X2048"].copy(), 12
    k = middle(len(features), n, rng)
    features[k : k + n] = features[k - 1]
    note = f"{n} frames have the features of frame {k - 1}, while the points move on"
    return Damage(arrays | {"X2048": features}, ((k, k + n - 1),), note)


DEFECTS: tuple[Defect, ...] = (
    Defect("SPEED_SPIKE", teleport),
    Defect("GROUP_MISSING", _missing_hand),
    Defect("FROZEN_FRAMES", frozen),
    Defect("CAMERA_CUT", cut),
    Defect("LEFT_RIGHT_SWAP", swapped),
    Defect("BONE_JUMP", bone_jump, bent_arms=True),
    Defect("JITTER", trembling),
    Defect("POINT_PINNED", pinned),
    Defect("LOW_VISIBILITY", _long_dropout),
    Defect("NON_FINITE", _nan_burst),
    Defect("OUT_OF_RANGE", _pixels),
    Defect("MASK_MISMATCH", _visible_at_origin),
    Defect("TIMESTAMPS_BACKWARD", _clock_back),
    Defect("TIMESTAMP_GAP", _gap),
    Defect("UNREADABLE", _truncated),
    Defect("PICKLED_ARRAY", _pickled_meta),
    Defect("MISSING_ARRAY", _no_timestamps),
    Defect("LENGTH_MISMATCH", _short_mask),
    Defect("TIMESTAMP_REPEAT", _repeated_time),
    Defect("BAD_DTYPE", _float64),
    Defect("NON_FINITE", _nan_features, features=True),
    Defect("DEAD_FEATURES", _dead_rows, features=True),
    Defect("REPEATED_ROWS", _repeated_rows, features=True),
)
"""Every defect there is; a small demo takes them from the front."""
