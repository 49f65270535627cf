"""Signers are bodies: bones keep their length, hands stay on wrists, nothing leaps, nobody leaves the picture."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.demo.body import bend, some_signer
from inspector.demo.capture import film
from inspector.demo.hands import SHAPES, hand_points
from inspector.demo.motion import Floats, ease, hand_frame, matrices, quaternions, rotation, slerp
from inspector.demo.signing import phrase
from inspector.demo.signs import RESTS, SIGNS, Hold

FINGERS = [(0, 1), (0, 5), (0, 9), (0, 13), (0, 17), *((f + k, f + k + 1) for f in range(1, 21, 4) for k in range(3))]
ARMS = [(11, 13), (13, 15), (12, 14), (14, 16), (23, 24)]
BONES = ARMS + [(first + a, first + b) for first in (25, 46) for a, b in FINGERS]


def bone_lengths(points: Floats) -> Floats:
    a, b = np.array(BONES).T
    return np.asarray(np.linalg.norm(points[:, a] - points[:, b], axis=2))


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("sign", list(SIGNS))
def test_every_sign_by_every_signer_is_a_moving_body(sign: str, number: int) -> None:
    rng = np.random.default_rng(number)
    signer = some_signer(number, 3)
    points = phrase(signer, (sign,), rng)
    lengths = bone_lengths(points)
    assert np.ptp(lengths, axis=0).max() < 1e-9
    assert lengths[0, :4] == pytest.approx([signer.upper_arm, signer.forearm] * 2)
    assert np.array_equal(points[:, [25, 46]], points[:, [15, 16]])
    assert np.abs(np.linalg.norm(points[:, 11] - points[:, 12], axis=1) - 1).max() < 0.08
    xy = film(points, signer, rng)
    assert xy.min() > 0.02
    assert xy.max() < 0.98
    width = np.median(np.linalg.norm(xy[:, 11] - xy[:, 12], axis=1))
    speeds = np.linalg.norm(np.diff(xy, axis=0), axis=2) * 30 / width
    assert speeds.max() < 10
    assert speeds[:, :11].max() < 1.5
    hand = 25 if signer.left_handed else 46
    assert np.ptp(xy[:, hand, 1]) > 0.3 * width, "the signing hand leaves its rest"
    assert (xy[:, 11, 0] > xy[:, 12, 0]).all(), "faces the camera: the left shoulder is at the image's right"
    assert (xy[:, 0, 1] < xy[:, 11, 1]).all()
    assert (xy[:, 13, 1] < xy[:, 23, 1]).all(), "elbows stay above the hips"


def test_signers_differ_and_are_the_same_again() -> None:
    people = [some_signer(n, 0) for n in range(6)]
    assert len({p.forearm for p in people}) == 6
    assert {p.rest for p in people} == set(RESTS)
    assert {p.left_handed for p in people} == {True, False}
    assert people == [some_signer(n, 0) for n in range(6)]


def test_every_hold_of_every_sign_is_well_formed() -> None:
    holds = [h for beats in SIGNS.values() for beat in beats for h in (beat.main, beat.other) if h is not None]
    for hold in [*holds, *RESTS.values()]:
        assert isinstance(hold, Hold)
        assert hold.shape in SHAPES
        cosine = np.dot(hold.fingers, hold.palm) / np.linalg.norm(hold.fingers) / np.linalg.norm(hold.palm)
        assert abs(cosine) < 0.75, "a palm cannot face where its fingers point"


def test_fingers_curl_towards_the_palm() -> None:
    frame = np.eye(3)[None]
    at = np.zeros((1, 3))
    flat, fist = (hand_points(at, frame, SHAPES[name][None], 1.0)[0] for name in ("flat", "fist"))
    tips = [8, 12, 16, 20]
    assert (flat[tips, 0] > 0.45).all()
    assert (fist[tips, 0] < 0.40).all()
    assert (fist[[6, 10, 14, 18], 2] > 0.1).all(), "middle joints stand out on the palm's side"
    assert flat[4, 1] > 0.05, "the thumb is on the thumb's side"


def test_an_arm_reaches_its_wrist_or_stretches_towards_it() -> None:
    shoulder = np.zeros((2, 3))
    wrist = np.array([[0.2, 0.7, -0.4], [0.0, 5.0, 0.1]])
    elbow, reached = bend(shoulder, wrist, 0.8, 0.7)
    assert np.linalg.norm(elbow, axis=1) == pytest.approx([0.8, 0.8])
    assert np.linalg.norm(reached - elbow, axis=1) == pytest.approx([0.7, 0.7])
    assert reached[0] == pytest.approx(wrist[0])
    assert np.linalg.norm(reached[1]) < 1.5
    assert elbow[0, 0] > 0, "elbows hang outwards"


def test_easing_starts_and_ends_at_rest() -> None:
    s = ease(np.linspace(-0.2, 1.2, 141))
    assert s[0] == s[20] == 0
    assert s[-1] == pytest.approx(1)
    assert (np.diff(s) >= 0).all()
    assert np.diff(s)[21] < 1e-4


def test_rotations_survive_quaternions_and_go_the_shorter_way() -> None:
    rng = np.random.default_rng(5)
    frames = hand_frame(rng.normal(size=(50, 3)), rng.normal(size=(50, 3)))
    assert np.linalg.det(frames) == pytest.approx(np.ones(50))
    quats = quaternions(frames)
    assert np.abs(matrices(quats) - frames).max() < 1e-12
    start = quaternions(rotation(2, np.zeros(1)))
    end = -quaternions(rotation(2, np.full(1, 1.0)))
    half = matrices(slerp(start, end, np.array([0.5])))
    assert half[0] == pytest.approx(rotation(2, np.array([0.5]))[0])
    assert matrices(slerp(start, start, np.array([0.3])))[0] == pytest.approx(np.eye(3))
