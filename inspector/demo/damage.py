"""What a defect makes of a clip, and what planting several kinds of defects needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inspector.demo.body import LEFT_HAND, RIGHT_HAND
from inspector.demo.capture import Arrays
from inspector.demo.motion import Floats


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


def points(arrays: Arrays) -> Floats:
    """Copy of X as float64 (T, 78, 2)."""
    X = arrays["X"]
    return X.astype(np.float64).reshape(len(X), 78, 2)


def with_points(arrays: Arrays, xy: Floats) -> Arrays:
    """The clip with other points."""
    return arrays | {"X": xy.reshape(len(xy), 156).astype(np.float32)}


def busy_hand(xy: Floats) -> tuple[slice, str]:
    """The hand that travels farther, and what to call it."""
    paths = [float(np.abs(np.diff(xy[:, hand.start], axis=0)).sum()) for hand in (LEFT_HAND, RIGHT_HAND)]
    return (LEFT_HAND, "left hand") if paths[0] >= paths[1] else (RIGHT_HAND, "right hand")


def middle(T: int, length: int, rng: np.random.Generator) -> int:
    """First frame of a stretch of this length, somewhere in the middle of the clip."""
    first = T // 4
    return first + int(rng.integers(T // 2 - length + 1))


def shoulders(xy: Floats) -> float:
    """Usual distance from shoulder to shoulder."""
    return float(np.median(distance(xy, 11, 12)))


def distance(xy: Floats, a: int, b: int) -> Floats:
    """From one point to another in each frame, (T,)."""
    return np.asarray(np.linalg.norm(xy[:, a] - xy[:, b], axis=1))
