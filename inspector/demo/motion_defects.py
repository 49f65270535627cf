"""Defects of how points move: each leaves everything else as it was."""

from __future__ import annotations

import numpy as np

from inspector.demo.body import LEFT_HAND, RIGHT_HAND
from inspector.demo.capture import Arrays
from inspector.demo.damage import Damage, busy_hand, distance, middle, points, shoulders, with_points


def teleport(arrays: Arrays, rng: np.random.Generator) -> Damage:
    """The busier hand is somewhere else for a moment."""
    xy, n = points(arrays), 3
    hand, title = busy_hand(xy)
    k = middle(len(xy), n, rng)
    there = xy[k : k + n, hand]
    low, high = there.min(axis=(0, 1)), there.max(axis=(0, 1))
    corners = [np.array([x, y]) for x in (0.04 - low[0], 0.96 - high[0]) for y in (0.04 - low[1], 0.96 - high[1])]
    xy[k : k + n, hand] += max(corners, key=lambda move: float(np.hypot(*move)))
    note = f"the {title} is found in a far corner for {n} frames"
    return Damage(with_points(arrays, xy), ((k, k + n - 1),), note)


def frozen(arrays: Arrays, rng: np.random.Generator) -> Damage:
    """The detector repeats its last answer."""
    del rng
    X, n = arrays["X"].copy(), 24
    xy = points(arrays)
    size = shoulders(xy)
    steps = np.linalg.norm(np.diff(xy, axis=0), axis=2).max(axis=1)
    starts = np.arange(2, len(X) - n - 1)
    # Where much is lost, yet the picture goes on about where it stopped: the freeze shall be the only oddity.
    lost = np.array([steps[k - 1 : k + n].sum() for k in starts])
    jumps = np.linalg.norm(xy[starts + n] - xy[starts - 1], axis=2)
    trunk = np.median(jumps[:, np.r_[0:25, 67:78]], axis=1)
    k = int(starts[np.lexsort((-lost, np.maximum(jumps.max(axis=1), 0.2 * size), trunk > 0.03 * size))[0]])
    X[k : k + n] = X[k - 1]
    return Damage(arrays | {"X": X}, ((k, k + n - 1),), f"frame {k - 1} is repeated {n} times")


def cut(arrays: Arrays, rng: np.random.Generator) -> Damage:
    """From a frame on, the camera is elsewhere and farther away."""
    xy = points(arrays)
    k, scale = middle(len(xy), 1, rng), 0.8
    corner = np.where(xy[k, 0] > 0.5, 0.04, 0.96)
    xy[k:] = corner + scale * (xy[k:] - corner)
    note = f"from frame {k} on another camera: the person is elsewhere and {scale * 100:.0f} % as large"
    return Damage(with_points(arrays, xy), ((k, k),), note)


def swapped(arrays: Arrays, rng: np.random.Generator) -> Damage:
    """The detector takes the left hand for the right one and back."""
    del rng
    xy, n = points(arrays), 20
    apart = distance(xy, LEFT_HAND.start, RIGHT_HAND.start)
    # Where hands are never near each other, so that each frame can be told, and not at the clip's ends.
    starts = np.arange(8, len(xy) - n - 8)
    k = int(starts[np.argmax([apart[k : k + n].min() for k in starts])])
    left = xy[k : k + n, LEFT_HAND].copy()
    xy[k : k + n, LEFT_HAND], xy[k : k + n, RIGHT_HAND] = xy[k : k + n, RIGHT_HAND], left
    return Damage(with_points(arrays, xy), ((k, k + n - 1),), f"left and right hand are exchanged for {n} frames")


def trembling(arrays: Arrays, rng: np.random.Generator) -> Damage:
    """The points of the busier hand shake, each for itself."""
    xy, n = points(arrays), 24
    hand, title = busy_hand(xy)
    k = middle(len(xy), n, rng)
    part = xy[k : k + n, hand]
    part += rng.normal(0, 0.02 * shoulders(xy), part.shape)
    np.clip(part, 0.01, 0.99, out=part)
    return Damage(with_points(arrays, xy), ((k, k + n - 1),), f"the points of the {title} tremble for {n} frames")


def pinned(arrays: Arrays, rng: np.random.Generator) -> Damage:
    """A fingertip stays where it was while its finger moves, and is let go where it would be by then."""
    del rng
    xy, n = points(arrays), 12
    size, places = shoulders(xy), []
    for hand, side in ((LEFT_HAND, "left"), (RIGHT_HAND, "right")):
        for tip, finger in (
            (4, "thumb"),
            (8, "index finger"),
            (12, "middle finger"),
            (16, "ring finger"),
            (20, "little finger"),
        ):
            point = hand.start + tip
            for k in range(5, len(xy) - n - 5):
                home = np.linalg.norm(xy[k + n, point] - xy[k - 1, point]) / size
                gone = np.linalg.norm(xy[k + 2 : k + n : 3, point - 1] - xy[k - 1, point - 1], axis=1).max() / size
                # Far enough to be seen, and not so far that the finger's length is the greater oddity.
                places.append((not 0.1 < gone < 0.3, home, point, k, f"{side} {finger}"))
    _, _, point, k, title = min(places)
    xy[k : k + n, point] = xy[k - 1, point]
    note = f"the tip of the {title} stays in one place for {n} frames"
    return Damage(with_points(arrays, xy), ((k - 1, k + n - 1),), note)


def bone_jump(arrays: Arrays, rng: np.random.Generator) -> Damage:
    """A wrist is far beyond the forearm for a moment."""
    xy, n = points(arrays), 6
    # The arm whose forearm looks shorter: to more than triple it is then still inside the picture.
    arms = [(13, 15, "left"), (14, 16, "right")]
    usual, elbow, wrist, side = min((float(np.median(distance(xy, e, w))), e, w, title) for e, w, title in arms)
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    way = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    reach = distance(xy, elbow, wrist) + 2.7 * usual
    moved = xy[:, elbow, None] + reach[:, None, None] * way
    inside = np.all((moved > 0.02) & (moved < 0.98), axis=2)
    haste = np.linalg.norm(np.diff(moved, axis=0, prepend=moved[:1]), axis=2)
    # Where it fits into the picture, and the arm is slow enough for its length to be the only oddity.
    starts = np.arange(5, len(xy) - n - 5)
    outside = np.array([(~inside[k : k + n]).sum(axis=0) for k in starts])
    speed = np.maximum(haste[starts], haste[starts + n])
    best = np.lexsort((speed.ravel(), outside.ravel()))[: max(1, len(starts) // 10)]
    place, angle = np.unravel_index(int(best[rng.integers(len(best))]), outside.shape)
    k = int(starts[place])
    xy[k : k + n, wrist] = np.clip(moved[k : k + n, angle], 0, 1)
    note = f"the {side} wrist is 270 % of a forearm too far from its elbow for {n} frames"
    return Damage(with_points(arrays, xy), ((k, k + n - 1),), note)
