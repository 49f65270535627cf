"""Plant defects that are not about a body's motion: numbers, times, features, layout. See `planting`."""

from __future__ import annotations

import numpy as np

from tests.support import planting as on_points
from tests.support.planting import Array, Clip, Kind, Planted


def _with(clip: Clip, **changed: Array) -> dict[str, object]:
    return {**clip, **changed}


def _stretch(T: int, rng: np.random.Generator, shortest: int, longest: int, first: int = 1) -> tuple[int, int, Array]:
    """A random stretch: first frame, length (cut to what there is), frames as bool (T,)."""
    n = min(int(rng.integers(shortest, longest + 1)), T - first)
    start = int(rng.integers(first, T - n + 1))
    frames = np.zeros(T, dtype=bool)
    frames[start : start + n] = True
    return start, n, frames


def pixels(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """Coordinates in pixels of a common picture size."""
    sizes = ((640, 480), (1280, 720), (1920, 1080), (320, 240), (1, 720))
    size = sizes[int(rng.integers(len(sizes)))]
    X = np.asarray(clip["X"] * np.tile(np.array(size, dtype=np.float32), 78), dtype=np.float32)
    if not (X > 1).any():
        return None
    return Planted(_with(clip, X=X), None, (), max(size), "pixels", f"coordinates of a {size[0]}x{size[1]} picture")


def _burst(clip: Clip, rng: np.random.Generator, value: float) -> Planted:
    first, n, frames = _stretch(len(clip["X"]), rng, 1, 10, 0)
    columns = np.sort(rng.choice(156, int(rng.choice([1, 2, 10, 156])), replace=False))
    X = np.array(clip["X"])
    X[first : first + n, columns] = value
    what = f"{value} in {len(columns)} columns at frames {first}-{first + n - 1} ({n})"
    points = tuple(map(int, np.unique(columns // 2)))
    return Planted(_with(clip, X=X), frames, points, n * len(columns), "values", what)


def not_a_number(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """NaN in some columns for some frames."""
    return _burst(clip, rng, np.nan)


def infinite(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """Infinity in some columns for some frames."""
    return _burst(clip, rng, float(rng.choice([-np.inf, np.inf])))


def _step(clip: Clip) -> int:
    return max(1, int(np.median(np.diff(clip["timestamps_ms"]))))


def time_backward(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """One frame, or all from one on, 2 to 10 frame times too early."""
    times = np.array(clip["timestamps_ms"])
    first, _, frames = _stretch(len(times), rng, 1, 1)
    back, on = int(rng.integers(2, 11)), bool(rng.integers(2))
    times[first : None if on else first + 1] -= back * _step(clip)
    what = f"time {back} frames back {'from' if on else 'at'} frame {first}"
    return Planted(_with(clip, timestamps_ms=times), frames, (), back, "frame times", what)


def time_repeated(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """1 to 4 frames with the time of the one before them."""
    times = np.array(clip["timestamps_ms"])
    first, n, frames = _stretch(len(times), rng, 1, 4)
    times[frames] = times[first - 1]
    what = f"time of frame {first - 1} again for {n} frames"
    return Planted(_with(clip, timestamps_ms=times), frames, (), n, "frames", what)


def time_gap(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """All later frames 3 to 20 frame times later."""
    times = np.array(clip["timestamps_ms"])
    first, _, frames = _stretch(len(times), rng, 1, 1)
    gap = int(rng.integers(3, 21))
    times[first:] += gap * _step(clip)
    what = f"{gap} frame times lost before frame {first}"
    return Planted(_with(clip, timestamps_ms=times), frames, (), gap, "frame times", what)


def time_negative(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """Time zero lies within the clip."""
    times = np.array(clip["timestamps_ms"])
    times -= times[int(rng.integers(1, len(times)))]
    n = int((times < 0).sum())
    if not n:
        return None
    return Planted(_with(clip, timestamps_ms=times), times < 0, (), n, "frames", f"{n} frames before time zero")


def dead_columns(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """2 to 40 % of the features the same in all frames: zero, or some other number."""
    features = np.array(clip["X2048"])
    share, value = float(rng.uniform(0.02, 0.4)), float(rng.choice([0.0, rng.uniform(0.1, 2)]))
    features[:, rng.choice(2048, int(share * 2048), replace=False)] = value
    what = f"{share:.1%} of the features always {value:.2f}"
    return Planted(_with(clip, X2048=features), None, (), share, "share", what)


def dead_rows(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """All features zero in 1 to 20 frames, in a row or scattered."""
    features = np.array(clip["X2048"])
    _, n, frames = _stretch(len(features), rng, 1, 20, 0)
    if scattered := bool(rng.integers(2)):
        frames = rng.permutation(frames)
    features[frames] = 0
    what = f"{n} rows of features all zero, {'scattered' if scattered else 'in a row'}, first {int(frames.argmax())}"
    return Planted(_with(clip, X2048=features), frames, (), n, "frames", what)


def repeated_rows(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """A row of features repeated for 4 to 20 frames."""
    features = np.array(clip["X2048"])
    if len(features) < 6:
        return None
    first, n, frames = _stretch(len(features), rng, 4, 20)
    features[frames] = features[first - 1]
    what = f"features of frame {first - 1} again at {first}-{first + n - 1} ({n})"
    return Planted(_with(clip, X2048=features), frames, (), n, "frames", what)


def constant(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """One number everywhere in X."""
    value = float(rng.choice([0.0, 0.5, 1.0]))
    return Planted(_with(clip, X=np.full_like(clip["X"], value)), None, (), 1.0, "", f"X always {value:g}")


def wrong_dtype(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """An array as another type, its values as good as ever."""
    name, dtype = (("X", "f8"), ("X", "f2"), ("mask", "u1"), ("timestamps_ms", "f8"))[int(rng.integers(4))]
    return Planted(_with(clip, **{name: clip[name].astype(dtype)}), None, (), 1.0, "", f"{name} as {np.dtype(dtype)}")


def length_mismatch(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """The last frames of one array are missing."""
    name = str(rng.choice(["X", "mask", "timestamps_ms"]))
    n = min(int(rng.integers(1, 6)), len(clip["X"]) - 1)
    return Planted(_with(clip, **{name: clip[name][:-n]}), None, (), n, "frames", f"{name} {n} frames short")


KINDS = {
    kind.name: kind
    for kind in (
        Kind("teleport", "SPEED_SPIKE", on_points.teleport),
        Kind("cut_moved", "CAMERA_CUT", on_points.cut_moved),
        Kind("cut_other", "CAMERA_CUT", on_points.cut_other, other=True),
        Kind("hands_swapped", "LEFT_RIGHT_SWAP", on_points.hands_swapped),
        Kind("jitter_hand", "JITTER", on_points.jitter_hand),
        Kind("jitter_all", "JITTER", on_points.jitter_all),
        Kind("frozen", "FROZEN_FRAMES", on_points.frozen),
        Kind("dropout", "MASK_MISMATCH", on_points.dropout),
        Kind("pinned", "POINT_PINNED", on_points.pinned),
        Kind("stuck", "POINT_PINNED", on_points.stuck),
        Kind("hand_missing", "GROUP_MISSING", on_points.hand_missing),
        Kind("pixels", "OUT_OF_RANGE", pixels),
        Kind("not_a_number", "NON_FINITE", not_a_number),
        Kind("infinite", "NON_FINITE", infinite),
        Kind("constant", "CONSTANT_ARRAY", constant),
        Kind("time_backward", "TIMESTAMPS_BACKWARD", time_backward),
        Kind("time_repeated", "TIMESTAMP_REPEAT", time_repeated),
        Kind("time_gap", "TIMESTAMP_GAP", time_gap),
        Kind("time_negative", "TIMESTAMPS_NEGATIVE", time_negative),
        Kind("dead_columns", "DEAD_FEATURES", dead_columns, features=True),
        Kind("dead_rows", "DEAD_FEATURES", dead_rows, features=True),
        Kind("repeated_rows", "REPEATED_ROWS", repeated_rows, features=True),
        Kind("wrong_dtype", "BAD_DTYPE", wrong_dtype),
        Kind("length_mismatch", "LENGTH_MISMATCH", length_mismatch),
    )
}
