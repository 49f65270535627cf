"""What a camera and a detector make of a signer: arrays as a real clip holds them."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from inspector.demo.body import FACE, LEFT_HAND, RIGHT_HAND, Signer
from inspector.demo.motion import Floats, drift
from inspector.demo.signing import FPS

Arrays: TypeAlias = dict[str, npt.NDArray[Any]]

_CAMERA = 8.0
"""Distance to the camera in shoulder widths."""
_MARGIN = 0.025
_FEATURES = 2048

# Standard deviation of a point's position in shoulder widths, as a detector gives it for a body that keeps still.
_NOISE = np.full(78, 0.0012)
_NOISE[:11] = 0.0005
_NOISE[11:13] = 0.0006
_NOISE[LEFT_HAND] = _NOISE[RIGHT_HAND] = 0.0022
_NOISE[FACE] = 0.0008

_FACE_MESH = [1, 33, 263, 133, 362, 61, 291, 105, 334, 199, 4]


def film(points: Floats, signer: Signer, rng: np.random.Generator) -> Floats:
    """Points (T, 78, 3) in shoulder widths as (T, 78, 2) in the picture, every one of them inside it."""
    flat = points[..., :2] / (1 + points[..., 2:] / _CAMERA)
    flat = flat + rng.standard_normal(flat.shape) * _NOISE[:, None]
    low, high = flat.min(axis=(0, 1)), flat.max(axis=(0, 1))
    scale = min(signer.width, (1 - 2 * _MARGIN) / float((high - low).max()))
    place = np.clip(signer.place, _MARGIN - low * scale, 1 - _MARGIN - high * scale)
    return np.asarray(place + scale * flat)


def detect(xy: Floats, rng: np.random.Generator) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Lose what a detector loses: a hand for a moment while it is fast or rests, hips behind a table.

    Returns
    -------
    xy
        Shape (T, 78, 2); a lost hand is at (0, 0).
    mask
        Shape (T, 78), true where visible. A hip under a table is invisible, but keeps its coordinates.
    """
    xy, T = xy.copy(), len(xy)
    mask = np.ones((T, 78), dtype=bool)
    for hand in (LEFT_HAND, RIGHT_HAND):
        fast = np.linalg.norm(np.diff(xy[:, hand.start], axis=0), axis=1)
        at, lost, chance = int(fast.argmax()), int(rng.integers(4, 9)), rng.random(2)
        if chance[0] < 0.35:
            mask[max(0, at - lost // 2) : at - lost // 2 + lost, hand] = False
        if chance[1] < 0.25:
            mask[T - 2 * lost :, hand] = False
    xy[~mask] = 0.0
    if rng.random() < 0.3:
        mask[:, 23:25] = False
    return xy, mask


def features(xy: Floats, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Features (T, 2048) as a pooled CNN layer gives them: not negative, skewed, and smooth in time.

    A few in a thousand never fire, as in the real thing. The rest follow what moves in the picture.
    """
    times = np.arange(len(xy)) / FPS
    centred = (xy - xy.mean(axis=0)).reshape(len(xy), -1)
    seen = centred @ rng.standard_normal((centred.shape[1], 10)) * 0.25
    latent = np.concatenate([seen, drift(rng, times, 0.5, 6)], axis=1)
    level = rng.gamma(0.45, 1.2, _FEATURES)
    level[rng.random(_FEATURES) < 0.005] = -10.0
    mixing = rng.standard_normal((latent.shape[1], _FEATURES)) * (0.01 + 0.02 * np.maximum(level, 0))
    noise = 0.002 * rng.standard_normal((len(xy), _FEATURES), dtype=np.float32)
    return np.asarray(np.maximum(level + latent @ mixing + noise, 0), dtype=np.float32)


def timestamps(frames: int) -> npt.NDArray[np.int64]:
    """Whole milliseconds (T,): 0, 33, 66, 100 ..."""
    return np.arange(frames, dtype=np.int64) * 1000 // FPS


def describe(signs: tuple[str, ...], signer: Signer) -> str:
    """What a clip's ``meta`` says, as JSON text."""
    return json.dumps(
        {
            "video": f"{'_'.join(signs)}_{signer.name}.mp4",
            "sign": signs[0],
            "phrase": list(signs),
            "signer": signer.name,
            "left_handed": signer.left_handed,
            "synthetic": True,
            "target_fps": FPS,
            "out_size": 256,
            "dims_per_frame": 156,
            "keypoints_total": 78,
            "order": "pose25,left_hand21,right_hand21,face11",
            "pose_indices": list(range(25)),
            "face_indices": _FACE_MESH,
            "conf_thresh": 0.5,
            "interpolation_max_gap": 5,
        }
    )
