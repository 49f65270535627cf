"""Defects, the most visible first: each is put into one clean clip and says where it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inspector.demo.body import LEFT_HAND, RIGHT_HAND
from inspector.demo.capture import Arrays
from inspector.demo.motion import Floats

_OUT_SIZE = 256
_KEPT_POINTS = 6


@dataclass(frozen=True, slots=True)
class Damage:
    """What a defect made of a clip.

    Attributes
    ----------
    arrays
        The clip with the defect; arrays that it does not touch are the clean clip's own.
    frames
        Inclusive ranges of the frames that are wrong; empty when it concerns the whole file.
    note
        What was done.
    kept
        Share of the file's bytes that is written.
    """

    arrays: Arrays
    frames: tuple[tuple[int, int], ...]
    note: str
    kept: float = 1.0


@dataclass(frozen=True, slots=True)
class Defect:
    """A kind of damage, and what it needs of the clip that it is put into.

    Attributes
    ----------
    code
        Of the finding that an audit should give.
    plant
        Makes the damaged clip of a clean one, which it leaves as it is.
    features
        The clip must hold `X2048`.
    bent_arms
        The signer must not let their arms hang.
    """

    code: str
    plant: Callable[[Arrays, np.random.Generator], Damage]
    features: bool = False
    bent_arms: bool = False


def _points(arrays: Arrays) -> Floats:
    """Copy of X as (T, 78, 2)."""
    X = arrays["X"]
    return X.astype(np.float64).reshape(len(X), 78, 2)


def _with_points(arrays: Arrays, xy: Floats) -> Arrays:
    return arrays | {"X": xy.reshape(len(xy), 156).astype(np.float32)}


def _busy_hand(xy: Floats) -> tuple[slice, str]:
    """The hand that travels farther, and what to call it."""
    paths = [float(np.abs(np.diff(xy[:, hand.start], axis=0)).sum()) for hand in (LEFT_HAND, RIGHT_HAND)]
    return (LEFT_HAND, "left hand") if paths[0] >= paths[1] else (RIGHT_HAND, "right hand")


def _middle(T: int, length: int, rng: np.random.Generator) -> int:
    """First frame of a stretch of this length, somewhere in the middle of the clip."""
    first = T // 4
    return first + int(rng.integers(T // 2 - length + 1))


def _teleport(arrays: Arrays, rng: np.random.Generator) -> Damage:
    xy, n = _points(arrays), 3
    hand, title = _busy_hand(xy)
    k = _middle(len(xy), n, rng)
    there = xy[k : k + n, hand]
    low, high = there.min(axis=(0, 1)), there.max(axis=(0, 1))
    corners = [np.array([x, y]) for x in (0.04 - low[0], 0.96 - high[0]) for y in (0.04 - low[1], 0.96 - high[1])]
    xy[k : k + n, hand] += max(corners, key=lambda move: float(np.hypot(*move)))
    note = f"the {title} is found in a far corner for {n} frames"
    return Damage(_with_points(arrays, xy), ((k, k + n - 1),), note)


def _missing_hand(arrays: Arrays, rng: np.random.Generator) -> Damage:
    del rng
    xy, mask = _points(arrays), arrays["mask"].copy()
    hand, title = _busy_hand(xy)
    xy[:, hand], mask[:, hand] = 0.0, False
    return Damage(_with_points(arrays, xy) | {"mask": mask}, ((0, len(xy) - 1),), f"the {title} is never detected")


def _frozen(arrays: Arrays, rng: np.random.Generator) -> Damage:
    del rng
    X, n = arrays["X"].copy(), 24
    size = float(np.median(np.abs(X[:, 22] - X[:, 24])))
    xy = _points(arrays)
    steps = np.linalg.norm(np.diff(xy, axis=0), axis=2).max(axis=1)
    starts = np.arange(2, len(X) - n - 1)
    # Where much is lost, yet the picture goes on about where it stopped: the freeze shall be the only oddity.
    lost = np.array([steps[k - 1 : k + n].sum() for k in starts])
    jumps = np.linalg.norm(xy[starts + n] - xy[starts - 1], axis=2).max(axis=1)
    k = int(starts[np.lexsort((-lost, np.maximum(jumps, 0.2 * size)))[0]])
    X[k : k + n] = X[k - 1]
    return Damage(arrays | {"X": X}, ((k, k + n - 1),), f"frame {k - 1} is repeated {n} times")


def _nan_burst(arrays: Arrays, rng: np.random.Generator) -> Damage:
    xy, n = _points(arrays), 5
    hand, title = _busy_hand(xy)
    k = _middle(len(xy), n, rng)
    xy[k : k + n, hand] = np.nan
    return Damage(_with_points(arrays, xy), ((k, k + n - 1),), f"the {title} is NaN for {n} frames")


def _pixels(arrays: Arrays, rng: np.random.Generator) -> Damage:
    del rng
    X = arrays["X"] * np.float32(_OUT_SIZE)
    return Damage(
        arrays | {"X": X}, ((0, len(X) - 1),), f"coordinates in pixels of a {_OUT_SIZE} x {_OUT_SIZE} picture"
    )


def _clock_back(arrays: Arrays, rng: np.random.Generator) -> Damage:
    ts = arrays["timestamps_ms"].copy()
    first = _middle(len(ts), 12, rng)
    places = (first, first + 10)
    for k in places:
        ts[[k, k + 1]] = ts[[k + 1, k]]
    frames = tuple((k, k + 1) for k in places)
    return Damage(arrays | {"timestamps_ms": ts}, frames, "two frames have each other's timestamps, twice")


def _long_dropout(arrays: Arrays, rng: np.random.Generator) -> Damage:
    xy, mask = _points(arrays), arrays["mask"].copy()
    n = round(0.6 * len(xy))
    k = int(rng.integers(len(xy) // 5, len(xy) - n))
    xy[k : k + n, _KEPT_POINTS:], mask[k : k + n, _KEPT_POINTS:] = 0.0, False
    note = f"only {_KEPT_POINTS} points are detected in {n} frames"
    return Damage(_with_points(arrays, xy) | {"mask": mask}, ((k, k + n - 1),), note)


def _bone_jump(arrays: Arrays, rng: np.random.Generator) -> Damage:
    xy, n = _points(arrays), 6
    # The arm whose forearm looks shorter: to more than triple it is then still inside the picture.
    arms = [(13, 15, "left"), (14, 16, "right")]
    usual, elbow, wrist, side = min((float(np.median(_length(xy, e, w))), e, w, title) for e, w, title in arms)
    along = (xy[:, wrist] - xy[:, elbow]) / _length(xy, elbow, wrist)[:, None]
    moved = xy[:, wrist] + 2.4 * usual * along
    inside = np.all((moved > 0.02) & (moved < 0.98), axis=1)
    haste = np.linalg.norm(np.diff(moved, axis=0, prepend=moved[:1]), axis=1)
    # Where it fits into the picture, and the arm is slow enough for its length to be the only oddity.
    starts = np.arange(5, len(xy) - n - 5)
    outside = np.array([(~inside[k : k + n]).sum() for k in starts])
    speed = np.array([max(haste[k], haste[k + n]) for k in starts])
    best = starts[np.lexsort((speed, outside))[: max(1, len(starts) // 10)]]
    k = int(best[rng.integers(len(best))])
    xy[k : k + n, wrist] = np.clip(moved[k : k + n], 0, 1)
    note = f"the {side} wrist is 240 % of a forearm too far out for {n} frames"
    return Damage(_with_points(arrays, xy), ((k, k + n - 1),), note)


def _length(xy: Floats, a: int, b: int) -> Floats:
    return np.asarray(np.linalg.norm(xy[:, a] - xy[:, b], axis=1))


def _gap(arrays: Arrays, rng: np.random.Generator) -> Damage:
    n = 15
    T = len(arrays["X"])
    xy = _points(arrays)
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
    xy, n = _points(arrays), 24
    hand, title = _busy_hand(xy)
    k = _middle(len(xy), n, rng)
    xy[k : k + n, hand] = 0.0
    return Damage(_with_points(arrays, xy), ((k, k + n - 1),), f"the {title} is at (0, 0), yet visible, for {n} frames")


def _repeated_time(arrays: Arrays, rng: np.random.Generator) -> Damage:
    ts = arrays["timestamps_ms"].copy()
    first = _middle(len(ts), 17, rng)
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
    k = _middle(len(features), n, rng)
    features[k : k + n] = np.nan
    return Damage(arrays | {"X2048": features}, ((k, k + n - 1),), f"X2048 is NaN in {n} frames")


DEFECTS: tuple[Defect, ...] = (
    Defect("SPEED_SPIKE", _teleport),
    Defect("GROUP_MISSING", _missing_hand),
    Defect("FROZEN_FRAMES", _frozen),
    Defect("BONE_JUMP", _bone_jump, bent_arms=True),
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
)
"""Every defect there is; a small demo takes them from the front."""
