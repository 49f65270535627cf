"""What is signed: a small vocabulary of poses and movements, described for the signing hand.

Places are wrists in shoulder widths on the hand's own side: x outwards from the middle of the body, y down from the
shoulders, z away from the camera. `fingers` says where the fingers point, `palm` where the palm faces.
The signs are inspired by common ones and are here to look alive, not to teach.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

Vector: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Hold:
    """One hand at one place: wrist, where its fingers point and its palm faces, and its handshape."""

    at: Vector
    fingers: Vector
    palm: Vector
    shape: str


@dataclass(frozen=True, slots=True)
class Move:
    """What a hand does while it is held.

    Attributes
    ----------
    kind
        ``circle`` and ``shake`` move the wrist about its place, ``tap`` moves it away from its place and back;
        ``wave``, ``twist`` and ``nod`` turn the hand about its palm, its fingers, its knuckles; ``wiggle``
        moves the fingers.
    size
        Shoulder widths or radians.
    times
        How often.
    along
        Direction of a shake or tap; a circle lies in the plane of the picture.
    """

    kind: Literal["circle", "shake", "tap", "wave", "twist", "nod", "wiggle"]
    size: float
    times: float
    along: Vector = (1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Beat:
    """One step of a sign: both hands arrive, stay for `seconds`, and may move meanwhile.

    A hand without a hold of its own rests. `other` moves as `main` does when `both` is set.
    """

    main: Hold
    other: Hold | None = None
    seconds: float = 0.12
    move: Move | None = None
    both: bool = False


def _twice(*beats: Beat) -> tuple[Beat, ...]:
    return beats + beats


def _pair(hold: Hold, seconds: float = 0.12, move: Move | None = None) -> Beat:
    """Both hands in the same hold, mirrored, moving alike."""
    return Beat(hold, hold, seconds, move, both=True)


RESTS = MappingProxyType(
    {
        "lap": Hold((0.40, 1.12, -0.50), (-0.88, 0.30, -0.30), (-0.15, 0.75, 0.55), "relaxed"),
        "clasped": Hold((0.32, 0.98, -0.44), (-0.92, 0.16, -0.22), (-0.05, 0.30, 0.95), "relaxed"),
        "sides": Hold((0.63, 1.42, -0.06), (-0.06, 1.0, -0.12), (-0.85, 0.0, 0.50), "relaxed"),
    }
)
"""Where both hands are between signs."""

_SALUTE = Hold((0.50, -0.24, -0.32), (-0.50, -0.86, 0.08), (-0.30, 0.20, -0.93), "flat")
_CHIN = Hold((0.29, 0.20, -0.40), (-0.46, -0.85, 0.18), (-0.05, 0.25, 0.97), "flat")
_CHEST = ((-0.95, -0.28, -0.04), (0.02, 0.04, 1.0))
_ROOF = ((-0.62, -0.76, -0.14), (-0.74, 0.62, 0.20))
_CUP = (-0.86, 0.12, 0.45)

SIGNS = MappingProxyType(
    {
        "hello": (
            Beat(_SALUTE, seconds=0.2),
            Beat(Hold((0.80, -0.08, -0.50), (-0.06, -0.98, -0.16), (-0.05, -0.12, -0.99), "flat"), seconds=0.3),
        ),
        "wave": (
            Beat(
                Hold((0.80, 0.02, -0.42), (0.05, -1.0, -0.06), (0.0, -0.06, -1.0), "open"),
                seconds=1.3,
                move=Move("wave", 0.36, 2.5),
            ),
        ),
        "thanks": (
            Beat(_CHIN, seconds=0.15),
            Beat(Hold((0.36, 0.42, -0.82), (-0.22, -0.62, -0.72), (-0.05, -0.70, 0.70), "flat"), seconds=0.35),
        ),
        "sorry": (Beat(Hold((0.24, 0.50, -0.34), *_CHEST, "a"), seconds=1.35, move=Move("circle", 0.11, 2.0)),),
        "please": (Beat(Hold((0.26, 0.46, -0.32), *_CHEST, "flat"), seconds=1.4, move=Move("circle", 0.12, 2.0)),),
        "yes": (
            Beat(
                Hold((0.44, 0.22, -0.66), (-0.10, -0.86, -0.50), (-0.15, 0.50, -0.85), "fist"),
                seconds=1.0,
                move=Move("nod", 0.45, 2.0),
            ),
        ),
        "where": (
            Beat(
                Hold((0.55, 0.05, -0.58), (-0.04, -1.0, -0.14), (-0.10, -0.14, -0.98), "point"),
                seconds=1.1,
                move=Move("wave", 0.28, 2.5),
            ),
        ),
        "book": _twice(
            _pair(Hold((0.09, 0.60, -0.58), (0.02, -0.84, -0.54), (-1.0, 0.0, 0.06), "flat")),
            _pair(Hold((0.20, 0.58, -0.58), (0.32, -0.66, -0.66), (-0.34, -0.62, 0.70), "flat"), 0.15),
        ),
        "house": (
            _pair(Hold((0.40, 0.16, -0.52), *_ROOF, "flat"), 0.2),
            _pair(Hold((0.66, 0.40, -0.52), *_ROOF, "flat")),
            _pair(Hold((0.62, 0.82, -0.50), (-0.08, -0.95, -0.28), (-1.0, 0.08, 0.05), "flat"), 0.2),
        ),
        "name": (
            Beat(
                Hold((0.34, 0.34, -0.66), (-0.92, 0.10, -0.36), (-0.20, 0.55, 0.80), "h"),
                Hold((0.42, 0.56, -0.60), (-0.92, -0.12, -0.34), (-0.20, 0.15, 0.95), "h"),
                seconds=0.9,
                move=Move("tap", 0.12, 2.0, (0.1, -1.0, 0.0)),
            ),
        ),
        "water": (
            Beat(
                Hold((0.24, 0.17, -0.42), (-0.34, -0.92, 0.14), (-0.88, 0.30, -0.25), "w"),
                seconds=0.9,
                move=Move("tap", 0.10, 2.0, (0.55, 0.45, -0.70)),
            ),
        ),
        "look": (
            Beat(Hold((0.30, -0.02, -0.46), (-0.28, -0.94, 0.06), (-0.10, 0.05, 0.99), "v"), seconds=0.2),
            Beat(Hold((0.40, 0.10, -0.86), (-0.42, -0.50, -0.74), (-0.40, 0.80, -0.40), "v"), seconds=0.35),
        ),
        "play": (
            _pair(
                Hold((0.56, 0.30, -0.60), (-0.08, -0.94, -0.32), (-0.30, -0.25, 0.92), "y"),
                1.2,
                Move("twist", 0.50, 3.0),
            ),
        ),
        "eat": (
            Beat(
                Hold((0.32, 0.08, -0.44), (-0.56, -0.78, 0.22), (0.02, 0.25, 0.97), "o"),
                seconds=1.0,
                move=Move("tap", 0.14, 2.0, (0.50, 0.75, -0.40)),
            ),
        ),
        "more": (
            _pair(
                Hold((0.44, 0.42, -0.60), (-0.95, -0.20, -0.10), (-0.05, 0.45, 0.89), "o"),
                1.0,
                Move("tap", 0.16, 2.0),
            ),
        ),
        "rain": _twice(
            _pair(Hold((0.46, -0.02, -0.54), (-0.08, -0.62, -0.76), (-0.10, 0.72, -0.66), "claw")),
            _pair(Hold((0.50, 0.40, -0.58), (-0.06, -0.30, -0.92), (-0.10, 0.92, -0.36), "claw")),
        ),
        "big": (
            _pair(Hold((0.22, 0.38, -0.66), (-0.10, -0.90, -0.36), (-0.96, 0.10, -0.20), "l"), 0.2),
            _pair(Hold((0.88, 0.30, -0.52), (0.10, -0.95, -0.26), (-0.85, -0.06, -0.50), "l"), 0.35),
        ),
        "drink": (
            Beat(Hold((0.34, 0.16, -0.52), (-0.38, -0.86, -0.22), _CUP, "c"), seconds=0.15),
            Beat(Hold((0.30, 0.00, -0.46), (-0.60, -0.76, 0.26), _CUP, "c"), seconds=0.4),
        ),
        "mother": (
            Beat(
                Hold((0.20, -0.10, -0.42), (0.20, -0.97, -0.10), (-0.92, -0.16, 0.30), "open"),
                seconds=0.9,
                move=Move("tap", 0.10, 2.0, (0.35, 0.30, -0.85)),
            ),
        ),
        "love": (
            Beat(
                Hold((0.62, 0.00, -0.56), (-0.02, -1.0, -0.10), (-0.08, -0.10, -0.99), "love"),
                seconds=1.0,
                move=Move("shake", 0.09, 2.0),
            ),
        ),
        "stop": (
            Beat(
                Hold((0.40, 0.16, -0.70), (-0.62, -0.60, -0.50), (-0.70, 0.72, 0.05), "flat"),
                Hold((0.40, 0.66, -0.54), (-0.90, -0.10, -0.38), (-0.10, -0.93, 0.32), "flat"),
            ),
            Beat(
                Hold((0.32, 0.48, -0.66), (-0.66, -0.50, -0.55), (-0.70, 0.70, 0.10), "flat"),
                Hold((0.40, 0.66, -0.54), (-0.90, -0.10, -0.38), (-0.10, -0.93, 0.32), "flat"),
                seconds=0.4,
            ),
        ),
        "five": (
            Beat(
                Hold((0.56, 0.06, -0.62), (-0.04, -1.0, -0.10), (-0.05, -0.10, -1.0), "open"),
                seconds=1.0,
                move=Move("wiggle", 0.35, 3.0),
            ),
        ),
    }
)
"""Sign name -> its beats."""
