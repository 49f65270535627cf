"""One clip's motion: a phrase of signs by one signer, as 78 points in space over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from inspector.demo.body import Bearing, Signer, body_points
from inspector.demo.hands import SHAPES
from inspector.demo.motion import (
    PEAK_OF_EASE,
    Floats,
    Knot,
    Track,
    drift,
    ease,
    follow,
    hand_frame,
    quaternions,
    rotation,
    turn,
    unit,
    window,
)
from inspector.demo.signs import RESTS, SIGNS, Beat, Hold, Move

FPS = 30
_SHORTEST_WAY = 0.27
_FINGERTIP = 0.45
"""Shoulder widths that the fingers travel per radian the hand turns, for the speed of a way."""


@dataclass(frozen=True, slots=True)
class _Moving:
    start: float
    seconds: float
    move: Move


class _Arm:
    """The knots of one hand as they are strung, and what it does while held."""

    def __init__(self, rest: Hold, rng: np.random.Generator) -> None:
        self._rng = rng
        # Kept: a person comes back to the place they left.
        self.home = self._knot(rest)
        self.knots: list[Knot] = []
        self.moving: list[_Moving] = []

    def next(self, hold: Hold | None) -> Knot:
        """Where this hand goes for a hold, in a slight arc; home without one."""
        if hold is None:
            return self.home
        return replace(self._knot(hold), arc=self._rng.normal(0, 0.025, 3))

    def way(self, knot: Knot, tempo: float) -> float:
        """Seconds that the way from the last knot takes."""
        last = self.knots[-1]
        far = float(np.linalg.norm(knot.at - last.at)) + _FINGERTIP * turn(last.quat, knot.quat)
        return PEAK_OF_EASE * far / tempo

    def stay(self, knot: Knot, start: float, seconds: float) -> None:
        self.knots.append(replace(knot, time=start))
        self.knots.append(replace(knot, time=start + seconds, arc=np.zeros(3)))

    def _knot(self, hold: Hold) -> Knot:
        def about(values: tuple[float, float, float], size: float) -> Floats:
            return np.array(values) + self._rng.normal(0, size, 3)

        frame = hand_frame(about(hold.fingers, 0.05)[None], about(hold.palm, 0.05)[None])
        shape = SHAPES[hold.shape].copy()
        shape[:12] += self._rng.normal(0, 0.05, 12)
        return Knot(0.0, about(hold.at, 0.02), quaternions(frame)[0], shape, np.zeros(3))


def phrase(signer: Signer, signs: Sequence[str], rng: np.random.Generator) -> Floats:
    """Sign a phrase, from rest to rest.

    Parameters
    ----------
    signer
        Who signs.
    signs
        Names from `SIGNS`, one or more.
    rng
        Source of everything that differs between two takes.

    Returns
    -------
    ndarray
        Points (T, 78, 3) at 30 frames a second, in shoulder widths. T follows from the signs and the tempo.
    """
    rest = RESTS[signer.rest]
    main, other = _Arm(rest, rng), _Arm(rest, rng)
    now = _stay_both(main, other, (main.home, other.home), 0.0, float(rng.uniform(0.35, 0.8)))
    nods: list[float] = []
    for name in signs:
        for beat in SIGNS[name]:
            now = _reach(main, other, beat, signer.tempo, now)
        nods.append(now)
    home = (main.home, other.home)
    now += max(_SHORTEST_WAY, main.way(home[0], signer.tempo), other.way(home[1], signer.tempo))
    now = _stay_both(main, other, home, now, float(rng.uniform(0.35, 0.8)))
    times = np.arange(int(now * FPS) + 1) / FPS
    tracks = [_perform(arm, times, rng) for arm in (main, other)]
    left, right = tracks if signer.left_handed else tracks[::-1]
    return body_points(signer, left, right, _bearing(times, nods, rng))


def _reach(main: _Arm, other: _Arm, beat: Beat, tempo: float, now: float) -> float:
    knots = main.next(beat.main), other.next(beat.other)
    start = now + max(_SHORTEST_WAY, main.way(knots[0], tempo), other.way(knots[1], tempo))
    if beat.move is not None:
        for arm in (main, other) if beat.both else (main,):
            arm.moving.append(_Moving(start, beat.seconds, beat.move))
    return _stay_both(main, other, knots, start, beat.seconds)


def _stay_both(main: _Arm, other: _Arm, knots: tuple[Knot, Knot], start: float, seconds: float) -> float:
    main.stay(knots[0], start, seconds)
    other.stay(knots[1], start, seconds)
    return start + seconds


def _perform(arm: _Arm, times: Floats, rng: np.random.Generator) -> Track:
    track = follow(arm.knots, times)
    at = track.at + drift(rng, times, 0.008, 3)
    sway = drift(rng, times, 0.035, 3)
    frame = track.frame @ rotation(1, sway[:, 1]) @ rotation(2, sway[:, 2])
    shape = track.shape.copy()
    shape[:, :12] += drift(rng, times, 0.03, 12, 0.9)
    for moving in arm.moving:
        move = moving.move
        phase = (times - moving.start) / moving.seconds
        inside = window(phase)
        angle = 2 * np.pi * move.times * np.clip(phase, 0, 1)
        if move.kind == "circle":
            at += (move.size * inside)[:, None] * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
        elif move.kind == "shake":
            at += (move.size * inside * np.sin(angle))[:, None] * unit(np.array(move.along))
        elif move.kind == "tap":
            at += (move.size * np.sin(angle / 2) ** 2)[:, None] * unit(np.array(move.along))
        elif move.kind == "wiggle":
            waves = np.sin(angle[:, None] + np.arange(4) * 1.2)
            shape[:, :12:3] += move.size * inside[:, None] * (0.6 + waves) / 1.6
        else:
            axis = {"twist": 0, "nod": 1, "wave": 2}[move.kind]
            frame = frame @ rotation(axis, move.size * inside * np.sin(angle))
    return Track(at, frame, shape)


def _bearing(times: Floats, nods: list[float], rng: np.random.Generator) -> Bearing:
    sway = drift(rng, times, 1.0, 5, 0.4)
    nod = 0.03 * sway[:, 2] + 0.02
    for moment in nods:
        # A nod of half a second as each sign ends.
        nod = nod + float(rng.uniform(0.05, 0.14)) * np.sin(np.pi * ease((times - moment + 0.25) / 0.5)) ** 2
    breath = 0.008 * np.sin(2 * np.pi * (float(rng.uniform(0.2, 0.3)) * times + float(rng.uniform())))
    return Bearing(
        lean=0.02 * sway[:, 0],
        twist=0.06 * sway[:, 1],
        nod=nod,
        shake=0.10 * sway[:, 3],
        tilt=0.045 * sway[:, 4],
        breath=breath,
    )
