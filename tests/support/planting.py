"""Plant one known defect into a keypoint clip, the way such defects come about, and say where it is.

Nothing here knows how the checks look for defects: the limits below are those of what is planted. Each planter takes
a clip and a random generator and returns a `Planted`, or None where the clip has no place for that defect.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Clip = Mapping[str, Any]
"""X float32 (T, 156) in [0, 1], mask bool (T, 78), timestamps_ms int64 (T,), X2048 float32 (T, 2048) or none, meta."""

LEFT, RIGHT, FACE = np.arange(25, 46), np.arange(46, 67), np.arange(67, 78)
HANDS = {"left hand": LEFT, "right hand": RIGHT}
_WRISTS = 15, 16
_TRIES = 60


@dataclass(frozen=True, eq=False)
class Planted:
    """A clip with one defect.

    Attributes
    ----------
    frames
        bool (T,): where it is. None where it concerns the whole file.
    points
        Indices of the points that it concerns; empty when it is not about points.
    strength, unit
        How much of it there is: the more, the plainer. ``picture`` is a share of the picture's side.
    what
        In words, with place and size.
    """

    arrays: dict[str, Any]
    frames: Array | None
    points: tuple[int, ...]
    strength: float
    unit: str
    what: str


Planter = Callable[[Clip, np.random.Generator, Clip | None], Planted | None]


@dataclass(frozen=True)
class Kind:
    """One kind of defect: its name, the code that should report it, and whether it needs X2048 or another clip."""

    name: str
    code: str
    plant: Planter
    features: bool = False
    other: bool = False


def plant(kind: Kind, clip: Clip, name: str, seed: int, other: Clip | None = None) -> Planted | None:
    """Plant a defect; the same kind, clip name and seed give the same. The clip given is not changed."""
    rng = np.random.default_rng([zlib.crc32(kind.name.encode()), zlib.crc32(name.encode()), seed])
    if len(clip["X"]) < 2 or (kind.features and "X2048" not in clip):
        return None
    return kind.plant(clip, rng, other)


def seen(clip: Clip) -> Array:
    """Points that are visible and have a place, bool (T, 78)."""
    shown: Array = np.asarray(clip["mask"], dtype=bool) & (_xy(clip) != 0).any(axis=2)
    return shown


def features_for(clip: Clip, name: str) -> Array:
    """Features as a network might make them of the clip's frames: float32 (T, 2048), none of the columns dead.

    Smooth random functions of the pose and some noise, cut off at zero; a column is zero in up to 85 % of frames.
    """
    rng = np.random.default_rng([zlib.crc32(name.encode()), 2048])
    pose = np.asarray(clip["X"], dtype=np.float32)
    hidden = np.tanh((pose - 0.4) @ rng.normal(0, 0.8, (pose.shape[1], 64)).astype(np.float32))
    raw = hidden @ rng.normal(0, 0.5, (64, 2048)).astype(np.float32)
    raw += rng.normal(0, 0.05, raw.shape).astype(np.float32)
    shares = rng.beta(1, 4, 2048) * 0.85
    floor = np.sort(raw, axis=0)[(shares * len(raw)).astype(int), np.arange(2048)]
    made = np.maximum(raw - floor + 0.01, 0)
    return np.asarray(made * rng.uniform(0.5, 2, 2048), dtype=np.float32)


def _xy(clip: Clip) -> Array:
    return np.asarray(clip["X"]).reshape(len(clip["X"]), 78, 2)


def _with(clip: Clip, **changed: Array) -> dict[str, Any]:
    return {**clip, **changed}


def _moved(clip: Clip) -> tuple[Array, Array]:
    """A copy of X as (T, 156), and the same memory as (T, 78, 2)."""
    X = np.array(clip["X"])
    return X, X.reshape(len(X), 78, 2)


def _span(T: int, first: int, n: int) -> Array:
    frames = np.zeros(T, dtype=bool)
    frames[first : first + n] = True
    return frames


def _run(ok: Array, rng: np.random.Generator, shortest: int, longest: int, before: int = 1) -> tuple[int, int] | None:
    """A random stretch of frames that are all ok: (first, length), with `before` frames ahead of it and one after."""
    T = len(ok)
    sums = np.concatenate([[0], np.cumsum(ok)])
    for n in sorted({int(rng.integers(shortest, longest + 1)), shortest}, reverse=True):
        starts = np.arange(before, T - n)
        starts = starts[sums[starts + n] - sums[starts] == n] if len(starts) else starts
        if len(starts):
            return int(rng.choice(starts)), n
    return None


def _offset(rng: np.random.Generator, low: float, high: float) -> Array:
    angle = rng.uniform(0, 2 * np.pi)
    return rng.uniform(low, high) * np.array([np.cos(angle), np.sin(angle)])


def _shown_hands(clip: Clip, share: float = 0.6) -> dict[str, Array]:
    return {name: seen(clip)[:, points].mean(axis=1) >= share for name, points in HANDS.items()}


def _centre(clip: Clip, points: Array) -> Array:
    """Mean place of the visible ones of some points, (T, 2); NaN where there are none."""
    shown = seen(clip)[:, points, None]
    count = shown.sum(axis=1)
    total = np.where(shown, _xy(clip)[:, points], 0).sum(axis=1, dtype=np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _extent(clip: Clip, points: Array) -> Array:
    """Diagonal of the box around the visible ones of some points, (T,); 0 where there are none."""
    shown, xy = seen(clip)[:, points, None], _xy(clip)[:, points]
    box = np.where(shown, xy, -1).max(axis=1) - np.where(shown, xy, 2).min(axis=1)
    return np.asarray(np.linalg.norm(np.maximum(box, 0), axis=1))


def teleport(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """One visible point far off for 1 to 3 frames."""
    shown = seen(clip)
    for _ in range(_TRIES):
        n, point = int(rng.integers(1, 4)), int(rng.integers(78))
        starts = [f for f in range(1, len(shown) - n) if shown[f - 1 : f + n + 1, point].all()]
        if not starts:
            continue
        first, offset = int(rng.choice(starts)), _offset(rng, 0.15, 0.6)
        X, xy = _moved(clip)
        placed = xy[first : first + n, point] + offset
        if (placed < 0).any() or (placed > 1).any():
            continue
        xy[first : first + n, point] = placed
        far = float(np.hypot(*offset))
        what = f"point {point} off by {far:.2f} at frame {first} for {n}"
        return Planted(_with(clip, X=X), _span(len(X), first, n), (point,), far, "picture", what)
    return None


def cut_moved(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """From a frame on, the whole person is elsewhere in the picture, and maybe larger or smaller."""
    shown, T = seen(clip), len(clip["X"])
    starts = [f for f in range(1, T) if (shown[f - 1] & shown[f]).sum() >= 10]
    for _ in range(_TRIES if starts else 0):
        first = int(rng.choice(starts))
        X, xy = _moved(clip)
        scale = rng.choice([1.0, rng.uniform(0.6, 0.87), rng.uniform(1.15, 1.6)])
        both, middle = shown[first - 1] & shown[first], xy[first, shown[first]].mean(axis=0)
        placed = middle + (xy[first:] - middle) * scale + _offset(rng, 0.0 if scale != 1 else 0.05, 0.4)
        kept = placed[shown[first:]]
        if kept.min() < 0 or kept.max() > 1:
            continue
        far = float(np.median(np.linalg.norm(placed[0] - xy[first], axis=-1)[both]))
        if far < 0.03:
            continue
        xy[first:] = np.where((xy[first:] != 0).any(axis=2, keepdims=True), np.clip(placed, 0, 1), xy[first:])
        what = f"all points {far:.2f} off and {scale:.2f} times as large from frame {first}"
        return Planted(_with(clip, X=X), _span(T, first, 1), (), far, "picture", what)
    return None


def cut_other(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """From a frame on, the points of another clip."""
    T = len(clip["X"])
    if other is None or len(other["X"]) < 3:
        return None
    for _ in range(_TRIES):
        first = int(rng.integers(1, T))
        start = int(rng.integers(0, len(other["X"])))
        if T - first > len(other["X"]) - start:
            continue
        both = seen(clip)[first - 1] & seen(other)[start]
        if both.sum() < 10:
            continue
        far = float(np.median(np.linalg.norm(_xy(other)[start] - _xy(clip)[first - 1], axis=-1)[both]))
        if far < 0.03:  # hardly a cut
            continue
        taken = slice(start, start + T - first)
        X, mask = np.array(clip["X"]), np.array(clip["mask"])
        X[first:], mask[first:] = other["X"][taken], other["mask"][taken]
        what = f"another clip from frame {first}, points {far:.2f} apart"
        return Planted(_with(clip, X=X, mask=mask), _span(T, first, 1), (), far, "picture", what)
    return None


def hands_swapped(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """Left is right for 4 to 25 frames in which a hand shows and, where both do, they are apart."""
    hands = _shown_hands(clip, 0.5)
    left, right = hands["left hand"], hands["right hand"]
    apart = np.linalg.norm(_centre(clip, LEFT) - _centre(clip, RIGHT), axis=1)
    size = np.maximum(_extent(clip, LEFT), _extent(clip, RIGHT))
    if len(left) < 8:
        return None
    run = _run((left | right) & (~(left & right) | (apart > size)), rng, 4, min(25, len(left) // 2))
    if run is None:
        return None
    first, n = run
    frames = slice(first, first + n)
    X, xy = _moved(clip)
    mask = np.array(clip["mask"])
    both, turned = np.concatenate([LEFT, RIGHT]), np.concatenate([RIGHT, LEFT])
    xy[frames, both] = xy[frames, turned]
    mask[frames, both] = mask[frames, turned]
    wrists = np.linalg.norm(_xy(clip)[frames, _WRISTS[0]] - _xy(clip)[frames, _WRISTS[1]], axis=1)
    far = float(np.median(np.where(np.isfinite(apart[frames]), apart[frames], wrists)))
    two = (left & right)[frames]
    shows = "both hands" if two.all() else "both or one" if two.any() else "one hand"
    what = f"hands swapped at frames {first}-{first + n - 1} ({n}), {shows}, {far:.2f} apart"
    return Planted(_with(clip, X=X, mask=mask), _span(len(X), first, n), tuple(map(int, both)), far, "picture", what)


def _jitter(clip: Clip, rng: np.random.Generator, shown: Array, usable: Array, whose: str) -> Planted | None:
    """Independent noise on the points of `shown`, bool (T, 78), for 6 to 20 usable frames."""
    run = _run(usable, rng, 6, 20)
    if run is None:
        return None
    first, n = run
    frames = _span(len(usable), first, n)
    sigma = float(rng.uniform(0.008, 0.04))
    where = shown & frames[:, None]
    X, xy = _moved(clip)
    xy[where] = np.clip(xy[where] + rng.normal(0, sigma, (int(where.sum()), 2)), 0, 1)
    points = tuple(map(int, np.flatnonzero(where.any(axis=0))))
    what = f"{whose} shakes by {sigma:.3f} at frames {first}-{first + n - 1} ({n})"
    return Planted(_with(clip, X=X), frames, points, sigma, "picture", what)


def jitter_hand(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """A hand's points shake, each for itself."""
    hands = _shown_hands(clip)
    for name in rng.permutation(list(HANDS)):
        only = np.isin(np.arange(78), HANDS[name])
        if (planted := _jitter(clip, rng, seen(clip) & only, hands[name], name)) is not None:
            return planted
    return None


def jitter_all(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """Everything visible shakes, each point for itself."""
    shown = seen(clip)
    return _jitter(clip, rng, shown, shown.sum(axis=1) >= 10, "everything")


def frozen(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """A frame repeated 6 to 25 times in place of a stretch in which something visible moved."""
    shown, xy = seen(clip), _xy(clip)
    moves = np.zeros(len(xy), dtype=bool)
    moves[1:] = (np.abs(np.diff(xy, axis=0)).max(axis=2) * (shown[1:] & shown[:-1])).max(axis=1) > 0.002
    run = _run(moves & (shown.sum(axis=1) >= 10), rng, 6, 25)
    if run is None:
        return None
    first, n = run
    X, mask = np.array(clip["X"]), np.array(clip["mask"])
    X[first : first + n], mask[first : first + n] = X[first - 1], mask[first - 1]
    what = f"frame {first - 1} again at {first}-{first + n - 1} ({n})"
    return Planted(_with(clip, X=X, mask=mask), _span(len(X), first, n), (), n, "frames", what)


def dropout(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """A hand, the face or some points at (0, 0) with the mask left true, for 3 to 20 frames."""
    shown = seen(clip)
    some = rng.choice(78, int(rng.integers(3, 11)), replace=False)
    choices = {"some points": some, "face": FACE, **HANDS}
    for whose in rng.permutation(list(choices)):
        points = choices[whose]
        run = _run(shown[:, points].mean(axis=1) >= 0.6, rng, 3, 20)
        if run is None:
            continue
        first, n = run
        frames = _span(len(shown), first, n)
        where = shown & frames[:, None] & np.isin(np.arange(78), points)
        X, xy = _moved(clip)
        xy[where] = 0
        gone = tuple(map(int, np.flatnonzero(where.any(axis=0))))
        what = f"{whose} ({len(gone)} points) at (0, 0) at frames {first}-{first + n - 1} ({n})"
        return Planted(_with(clip, X=X), frames, gone, float(where.sum()), "point frames", what)
    return None


def pinned(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """1 to 5 visible points held at the picture's edge for 8 to 40 frames; never at (0, 0), which is a dropout."""
    shown, xy = seen(clip), _xy(clip)
    for _ in range(_TRIES):
        points = rng.choice(78, int(rng.integers(1, 6)), replace=False)
        edges = [(0, 0.0), (0, 1.0), (1, 0.0), (1, 1.0)]
        held = [edges[i] for i in rng.choice(4, int(rng.integers(1, 3)), replace=False)]
        if held[0][0] == held[-1][0]:
            held = held[:1]
        if len(held) == 2 and held[0][1] == held[1][1] == 0:
            continue
        free = (xy[:, points] > 0).all(axis=2) & (xy[:, points] < 1).all(axis=2)
        run = _run(np.all(shown[:, points] & free, axis=1), rng, 8, 40)
        if run is None:
            continue
        first, n = run
        X, moved = _moved(clip)
        for axis, edge in held:
            moved[first : first + n, points, axis] = edge
        far = float(np.linalg.norm((moved - xy)[first : first + n, points], axis=-1).mean())
        edge_text = ", ".join(f"{'xy'[axis]}={edge:g}" for axis, edge in held)
        what = f"points {sorted(map(int, points))} at {edge_text} at frames {first}-{first + n - 1} ({n})"
        return Planted(_with(clip, X=X), _span(len(X), first, n), tuple(map(int, points)), far, "picture", what)
    return None


def stuck(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """One point of a moving hand stays at its place for 12 to 40 frames."""
    shown = seen(clip)
    for _ in range(_TRIES):
        name = str(rng.choice(list(HANDS)))
        point = int(rng.choice(HANDS[name]))
        run = _run(shown[:, point] & _shown_hands(clip)[name], rng, 12, 40)
        if run is None:
            continue
        first, n = run
        frames = slice(first, first + n)
        way = np.linalg.norm(_centre(clip, HANDS[name])[frames] - _centre(clip, HANDS[name])[first], axis=1)
        if way.max() < 0.03:
            continue
        X, xy = _moved(clip)
        xy[frames, point] = xy[first, point]
        what = f"point {point} ({name}) stuck at frames {first}-{first + n - 1} ({n}), its hand goes {way.max():.2f}"
        return Planted(_with(clip, X=X), _span(len(X), first, n), (point,), float(way.max()), "picture", what)
    return None


def hand_missing(clip: Clip, rng: np.random.Generator, other: Clip | None) -> Planted | None:
    """A hand that the clip shows in a third of its frames or more is never detected."""
    for name in rng.permutation(list(HANDS)):
        share = float(seen(clip)[:, HANDS[name]].any(axis=1).mean())
        if share >= 1 / 3:
            X, xy = _moved(clip)
            mask = np.array(clip["mask"])
            xy[:, HANDS[name]], mask[:, HANDS[name]] = 0, False
            what = f"{name} gone, shown in {share:.0%} of frames before"
            points = tuple(map(int, HANDS[name]))
            return Planted(_with(clip, X=X, mask=mask), None, points, share, "share", what)
    return None
