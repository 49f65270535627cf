"""The hand: its bones, its handshapes, and where its 21 points are."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from inspector.demo.motion import Floats, unit

SHAPE_SIZE = 22
"""12 finger angles (4 fingers x 3 joints, radians), 1 spread (0..1), 9 for the directions of the thumb's bones."""

# All lengths are shoulder widths, as MediaPipe sees a hand of mean size beside its own shoulders. A hand's own
# axes are (towards the fingers, towards the thumb, out of the palm).
_KNUCKLES = np.array([[0.305, 0.095, -0.005], [0.320, 0.022, -0.016], [0.296, -0.050, -0.010], [0.252, -0.115, 0.004]])
_FINGERS = np.array([[0.155, 0.095, 0.072], [0.175, 0.106, 0.078], [0.162, 0.099, 0.075], [0.124, 0.074, 0.060]])
_THUMB_ROOT = np.array([0.092, 0.088, 0.024])
_THUMB = np.array([0.128, 0.100, 0.080])
_SPLAY = np.radians([13.0, 2.0, -9.0, -20.0])

_CURLS = {  # flexion at the three joints, degrees
    "straight": (3, 6, 4),
    "loose": (20, 28, 16),
    "hooked": (18, 58, 38),
    "round": (46, 40, 26),
    "bent": (70, 14, 8),
    "curled": (80, 98, 58),
}
_THUMBS = {  # directions of the three bones
    "along": ((0.80, 0.50, 0.32), (0.97, 0.16, 0.18), (1.00, 0.02, 0.08)),
    "out": ((0.52, 0.82, 0.24), (0.48, 0.87, 0.10), (0.46, 0.88, 0.05)),
    "open": ((0.68, 0.68, 0.28), (0.74, 0.66, 0.12), (0.80, 0.58, 0.06)),
    "across": ((0.62, 0.52, 0.58), (0.76, -0.30, 0.57), (0.46, -0.80, 0.38)),
    "opposed": ((0.58, 0.52, 0.62), (0.74, 0.14, 0.66), (0.80, -0.10, 0.58)),
}


def _shape(fingers: str, thumb: str, spread: float = 0.0) -> Floats:
    curls = fingers.split()
    curls = curls * 4 if len(curls) == 1 else curls
    angles = np.radians([_CURLS[name] for name in curls]).ravel()
    return np.concatenate([angles, [spread], np.array(_THUMBS[thumb]).ravel()])


SHAPES = MappingProxyType(
    {
        "flat": _shape("straight", "along"),
        "open": _shape("straight", "open", 1.0),
        "relaxed": _shape("loose", "along", 0.3),
        "fist": _shape("curled", "across"),
        "a": _shape("curled", "along"),
        "point": _shape("straight curled curled curled", "across"),
        "l": _shape("straight curled curled curled", "out"),
        "v": _shape("straight straight curled curled", "across", 0.9),
        "h": _shape("straight straight curled curled", "across"),
        "w": _shape("straight straight straight curled", "across", 0.8),
        "y": _shape("curled curled curled straight", "out", 0.6),
        "i": _shape("curled curled curled straight", "across"),
        "love": _shape("straight curled curled straight", "out", 0.5),
        "claw": _shape("hooked", "open", 0.8),
        "c": _shape("round", "opposed", 0.2),
        "o": _shape("bent", "opposed"),
    }
)
"""Handshape name -> vector of `SHAPE_SIZE` numbers; any mixture of two is a hand in between."""


def hand_points(wrist: Floats, frame: Floats, shape: Floats, size: float) -> Floats:
    """Where the 21 points of a hand are: wrist, then four each for thumb, index, middle, ring and little finger.

    Parameters
    ----------
    wrist
        Shape (T, 3).
    frame
        Rotations (T, 3, 3) with columns (fingers, thumb side, palm).
    shape
        Handshape vectors (T, 22).
    size
        1 for the mean hand.

    Returns
    -------
    ndarray
        Shape (T, 21, 3). The distance between joined points depends on `size` alone.
    """
    T = len(wrist)
    angles = shape[:, :12].reshape(T, 4, 3)
    # A finger folds towards the heel of the thumb, so its spread goes as it flexes.
    splay = shape[:, 12:13] * _SPLAY * np.cos(np.minimum(angles[..., 0], np.pi / 2))
    flexion = np.cumsum(angles, axis=2)[..., None]
    ahead = np.stack([np.cos(splay), np.sin(splay), np.zeros_like(splay)], axis=-1)[:, :, None, :]
    bones = np.cos(flexion) * ahead + np.sin(flexion) * np.array([0.0, 0.0, 1.0])
    local = np.zeros((T, 21, 3))
    local[:, 1] = _THUMB_ROOT
    local[:, 2:5] = _THUMB_ROOT + np.cumsum(unit(shape[:, 13:].reshape(T, 3, 3)) * _THUMB[:, None], axis=1)
    fingers = np.empty((T, 4, 4, 3))
    fingers[:, :, 0] = _KNUCKLES
    fingers[:, :, 1:] = _KNUCKLES[:, None, :] + np.cumsum(bones * _FINGERS[..., None], axis=2)
    local[:, 5:] = fingers.reshape(T, 16, 3)
    return np.asarray(wrist[:, None, :] + size * (local @ frame.transpose(0, 2, 1)))
