"""The body: proportions of one signer, and where the 78 points are, given what both hands do.

Space: shoulder widths, origin between the shoulders, x to the right of the image, y down, z away from the camera.
An arm is worked out *on its own side* (x outwards), so that one set of rules serves both: the signer faces the
camera, and their left is at the image's right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.demo.hands import hand_points
from inspector.demo.motion import Floats, Track, cross, ease, rotation, unit

LEFT, RIGHT = 1.0, -1.0
"""Sign of x from an arm's own side to the image."""

POSE = slice(0, 25)
LEFT_HAND = slice(25, 46)
RIGHT_HAND = slice(46, 67)
FACE = slice(67, 78)

# Relative to the middle between the ears. Half of each is enough: the other half is its mirror image.
_NOSE = (0.0, 0.045, -0.310)
_EYE = ((0.058, -0.052, -0.215), (0.103, -0.055, -0.205), (0.146, -0.050, -0.175))  # inner, centre, outer
_EAR = (0.205, 0.0, 0.0)
_MOUTH = (0.075, 0.172, -0.220)
_MESH_TIP, _MESH_CHIN, _MESH_BRIDGE = (0.0, 0.088, -0.300), (0.0, 0.300, -0.190), (0.0, 0.070, -0.310)
_MESH_OUTER, _MESH_INNER = (0.140, -0.028, -0.180), (0.061, -0.024, -0.200)
_MESH_MOUTH, _MESH_BROW = (0.078, 0.182, -0.225), (0.130, -0.112, -0.205)
_HEAD_UP = np.array([0.0, -0.62, -0.02])
_NECK = np.array([0.0, -0.22, 0.04])

_ELBOW_FALLS = np.array([0.38, 1.0, 0.32])  # outwards, down and back


@dataclass(frozen=True, slots=True)
class Signer:
    """Proportions (1 is the mean) and habits of one person.

    Attributes
    ----------
    upper_arm, forearm, torso
        Lengths in shoulder widths.
    head, hand
        Sizes; 1 is the mean.
    hips
        Half the distance between the hips, in shoulder widths.
    left_handed
        Signs with the left hand.
    rest
        Name of the pose between signs.
    tempo
        Top speed of the wrist, in shoulder widths per second.
    width
        Shoulder width as a share of the picture's.
    place
        Middle of the shoulders in the picture, shape (2,).
    """

    name: str
    upper_arm: float
    forearm: float
    torso: float
    head: float
    hand: float
    hips: float
    left_handed: bool
    rest: str
    tempo: float
    width: float
    place: tuple[float, float]


def some_signer(number: int, seed: int) -> Signer:
    """The person with this number: always the same for the same seed, and unlike the others."""
    rng = np.random.default_rng([seed, 7919, number])
    rest = ("lap", "clasped", "sides")[number % 3]
    return Signer(
        name=f"signer_{number + 1}",
        upper_arm=float(rng.uniform(0.80, 0.92)),
        forearm=float(rng.uniform(0.68, 0.78)),
        torso=float(rng.uniform(1.42, 1.60)),
        head=float(rng.uniform(0.93, 1.08)),
        hand=float(rng.uniform(0.86, 1.0)),
        hips=float(rng.uniform(0.28, 0.35)),
        left_handed=number % 6 == 4,
        rest=rest,
        tempo=float(rng.uniform(4.6, 6.0)),
        width=float(rng.uniform(0.29, 0.355) - (0.045 if rest == "sides" else 0.0)),
        place=(float(rng.uniform(0.45, 0.55)), float(rng.uniform(0.39, 0.45))),
    )


@dataclass(frozen=True, slots=True)
class Bearing:
    """What the trunk and head do over time, each (T,) in radians except `breath` in shoulder widths.

    Attributes
    ----------
    lean, twist
        Of the trunk about the hips: sideways, and about the spine.
    nod, shake, tilt
        Of the head: down, to a side, and over to a shoulder.
    breath
        How far the shoulders rise.
    """

    lean: Floats
    twist: Floats
    nod: Floats
    shake: Floats
    tilt: Floats
    breath: Floats


def bend(shoulder: Floats, wrist: Floats, upper: float, fore: float) -> tuple[Floats, Floats]:
    """Elbow and reachable wrist of an arm with two bones of fixed length, on its own side.

    Parameters
    ----------
    shoulder, wrist
        Shape (T, 3); a wrist out of reach is drawn in along the line from the shoulder.
    upper, fore
        Lengths of the bones.

    Returns
    -------
    elbow, wrist
        Shape (T, 3) each.
    """
    way = wrist - shoulder
    far = np.linalg.norm(way, axis=1)
    reach = np.clip(far, abs(upper - fore) * 1.05, (upper + fore) * 0.995)
    along = way / far[:, None]
    # Law of cosines: how far along the line the elbow's foot lies, and how far off it the elbow is.
    foot = (upper**2 - fore**2 + reach**2) / (2 * reach)
    off = np.sqrt(upper**2 - foot**2)
    aside = unit(cross(cross(along, np.broadcast_to(_ELBOW_FALLS, along.shape)), along))
    elbow = shoulder + foot[:, None] * along + off[:, None] * aside
    return elbow, shoulder + reach[:, None] * along


def body_points(signer: Signer, left: Track, right: Track, bearing: Bearing) -> Floats:
    """All 78 points of the signer, shape (T, 78, 3), in shoulder widths."""
    T = len(left.at)
    out = np.zeros((T, 78, 3))
    for side, track, hand in ((LEFT, left, LEFT_HAND), (RIGHT, right, RIGHT_HAND)):
        shoulder = np.zeros((T, 3))
        # A raised hand lifts its shoulder and brings it in.
        raised = ease((0.7 - track.at[:, 1]) / 1.3)
        shoulder[:, 0] = 0.5 - 0.03 * raised
        shoulder[:, 1] = -0.09 * raised - bearing.breath
        elbow, wrist = bend(shoulder, track.at, signer.upper_arm, signer.forearm)
        points = hand_points(wrist, track.frame, track.shape, signer.hand)
        mirror = np.array([side, 1.0, 1.0])
        first = 11 if side == LEFT else 12
        out[:, first] = shoulder * mirror
        out[:, first + 2] = elbow * mirror
        out[:, first + 4] = wrist * mirror
        # The pose model's own three hand points: little finger and index at the knuckles, thumb at its middle joint.
        out[:, [first + 6, first + 8, first + 10]] = points[:, [17, 5, 2]] * mirror
        out[:, first + 12] = np.array([signer.hips, signer.torso, 0.0]) * mirror
        out[:, hand] = points * mirror
    _place_head(out, signer, bearing)
    trunk = rotation(2, bearing.lean) @ rotation(1, bearing.twist)
    hips = np.array([0.0, signer.torso, 0.0])
    above = np.r_[0:23, 25:78]
    out[:, above] = (out[:, above] - hips) @ trunk.transpose(0, 2, 1) + hips
    return out


def _place_head(out: Floats, signer: Signer, bearing: Bearing) -> None:
    still = signer.head * _HEAD + _HEAD_UP - _NECK
    turned = rotation(2, bearing.tilt) @ rotation(1, bearing.shake) @ rotation(0, bearing.nod)
    neck = _NECK[None, :] - np.stack([0 * bearing.breath, bearing.breath, 0 * bearing.breath], axis=1)
    head = still @ turned.transpose(0, 2, 1) + neck[:, None, :]
    out[:, :11] = head[:, :11]
    out[:, FACE] = head[:, 11:]


def _mirrored(point: tuple[float, float, float], side: float) -> tuple[float, float, float]:
    return (side * point[0], point[1], point[2])


_HEAD = np.array(
    [
        _NOSE,
        *(_mirrored(p, LEFT) for p in _EYE),
        *(_mirrored(p, RIGHT) for p in _EYE),
        *(_mirrored(_EAR, side) for side in (LEFT, RIGHT)),
        *(_mirrored(_MOUTH, side) for side in (LEFT, RIGHT)),
        # Face mesh: 1, 33, 263, 133, 362, 61, 291, 105, 334, 199, 4; the mesh names the signer's right first.
        _MESH_TIP,
        *(_mirrored(p, side) for p in (_MESH_OUTER, _MESH_INNER, _MESH_MOUTH, _MESH_BROW) for side in (RIGHT, LEFT)),
        _MESH_CHIN,
        _MESH_BRIDGE,
    ]
)
