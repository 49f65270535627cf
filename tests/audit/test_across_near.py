"""Near duplicates: every kind of copy is found, and what only looks alike is not."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from inspector.audit import audit_file
from inspector.audit.across import across, lookup, near
from inspector.audit.across.align import lines_through
from inspector.audit.across.bodies import Bodies
from inspector.audit.across.near import Same
from inspector.checks.fingerprint import poses_of, read_poses
from inspector.checks.tracks import Tracks
from inspector.profiles import load_skeleton
from tests.support.moving import Floats, moving_points

SKELETON = load_skeleton("mediapipe-78")
OTHERS = 30


def poses(points: Floats) -> str | None:
    return poses_of(Tracks.of(points), SKELETON)[0]


def near_duplicates(texts: Sequence[object]) -> list[Same]:
    return near.near_duplicates(Bodies.read(texts))


def at_speed(points: Floats, speed: float) -> Floats:
    at = np.arange(0, len(points) - 1 + 1e-9, speed)
    below = np.minimum(at.astype(int), len(points) - 2)
    share = (at - below)[:, None, None]
    return np.asarray(points[below] * (1 - share) + points[below + 1] * share, np.float32)


def mirrored(points: Floats, *, exchanged: bool = False) -> Floats:
    out = points * np.array([-1, 1], np.float32) + np.array([1, 0], np.float32)
    if exchanged:
        pairs = np.array(SKELETON.pairs)
        out[:, pairs.ravel()] = out[:, pairs[:, ::-1].ravel()]
    return out


def noisy(points: Floats) -> Floats:
    return np.asarray(points + np.random.default_rng(0).normal(0, 0.002, points.shape), np.float32)


def undetected(points: Floats) -> Floats:
    out = points.copy()
    out[np.random.default_rng(0).random(points.shape[:2]) < 0.1] = 0
    return out


COPIES: dict[str, tuple[Callable[[Floats], Floats], float, float]] = {
    "cut": (lambda p: p[12:-5], 1, -12),
    "idle": (lambda p: np.concatenate([p[:1].repeat(20, 0), p]), 1, 20),
    "every second": (lambda p: p[::2], 0.5, 0),
    "25 fps": (lambda p: at_speed(p, 1.2), 1 / 1.2, 0),
    "slow": (lambda p: at_speed(p, 0.5), 2, 0),
    "odd speed": (lambda p: at_speed(p, 1.37), 1 / 1.37, 0),
    "mirrored": (mirrored, 1, 0),
    "exchanged": (lambda p: mirrored(p, exchanged=True), 1, 0),
    "third": (lambda p: p[50:90], 1, -50),
    "moved": (lambda p: p * np.float32(0.95) + np.array([0.04, -0.01], np.float32), 1, 0),
    "noise": (noisy, 1, 0),
    "undetected": (undetected, 1, 0),
    "joined": (lambda p: np.concatenate([moving_points(80, seed=98), p, moving_points(60, seed=99)]), 1, 80),
    "much": (lambda p: noisy(mirrored(at_speed(p[10:], 1.2) * np.float32(0.97))), 1 / 1.2, -10 / 1.2),
}


@pytest.mark.parametrize("name", COPIES)
def test_each_kind_of_copy_is_found_among_others(name: str) -> None:
    make, ratio, start = COPIES[name]
    clips = [moving_points(120, seed=seed) for seed in range(OTHERS)]
    found = near_duplicates([poses(p) for p in (*clips, make(clips[7]))])
    assert [(one.a, one.b) for one in found] == [(7, OTHERS)]
    (one,) = found
    assert one.ratio == pytest.approx(ratio, abs=0.02) and one.start == pytest.approx(start, abs=1.5)
    assert one.mirrored == (name in ("mirrored", "exchanged", "much")) and one.exchanged == (name == "exchanged")


def test_the_frames_that_both_hold() -> None:
    points = moving_points(120, seed=1)
    (one,) = near_duplicates([poses(points), poses(points[40:100])])
    assert one.frames_a == pytest.approx((40, 99), abs=1) and one.frames_b == pytest.approx((0, 59), abs=1)
    (back,) = near_duplicates([poses(points[40:100]), poses(points)])
    assert back.frames_a == pytest.approx((0, 59), abs=1) and back.frames_b == pytest.approx((40, 99), abs=1)


def test_what_is_not_the_same() -> None:
    clips = [moving_points(120, seed=seed) for seed in range(OTHERS)]
    backwards = clips[3][::-1]
    other_arm = clips[4].copy()
    other_arm[:, [14, 16]] = clips[5][:, [14, 16]]
    thirds = np.concatenate([clips[6][:40], clips[8][:40], clips[9][:40]])
    assert near_duplicates([poses(p) for p in (*clips, backwards, other_arm, thirds)]) == []


@pytest.mark.parametrize("frames", [8, 20, 90])
def test_people_at_rest_are_not_copies_of_each_other(frames: int) -> None:
    assert near_duplicates([poses(moving_points(frames, seed=seed, size=0)) for seed in range(40)]) == []


def test_a_piece_of_somebody_at_rest_is_known_by_its_frames() -> None:
    clips = [moving_points(120, seed=seed, size=0) for seed in range(10)]
    found = near_duplicates([poses(p) for p in (*clips, clips[3][30:80])])
    assert [(one.a, one.b, round(one.start)) for one in found] == [(3, 10, -30)]


def test_short_clips_and_none() -> None:
    short = moving_points(7, seed=1)
    assert near_duplicates([poses(short), poses(short), None]) == []
    assert near_duplicates([]) == near_duplicates([None]) == near_duplicates([poses(moving_points(40, seed=1))]) == []


def test_a_frozen_body_and_odd_values_do_no_harm() -> None:
    frozen = moving_points(60, seed=1)[:1].repeat(60, 0)
    wild = np.random.default_rng(1).uniform(-1e5, 1e5, (60, 78, 2)).astype(np.float32)
    torn = moving_points(60, seed=2)
    torn[20:30] = np.nan
    found = near_duplicates([poses(p) for p in (frozen, frozen + np.float32(0.01), wild, wild[::-1], torn)])
    assert all(isinstance(one, Same) and {one.a, one.b} == {0, 1} for one in found)


def test_many_copies_of_one_clip_are_one_group(tmp_path: Path) -> None:
    base = moving_points(120, seed=1)
    records = []
    for n in range(40):
        frames = base[n % 10 : 120 - n // 10]
        noise = np.random.default_rng(n).normal(0, 0.001, frames.shape)
        np.savez(
            tmp_path / f"{n:02}.npz",
            X=(frames + noise).astype(np.float32).reshape(len(frames), 156),
            mask=np.ones((len(frames), 78), bool),
            timestamps_ms=np.arange(len(frames)) * 33,
        )
        records.append(audit_file(str(tmp_path / f"{n:02}.npz")))
    found = across(records)
    assert [len(group) for group in found.near_groups] == [40]
    assert len(found.near) < 40 * 39 / 2


def test_skeletons_are_not_mixed() -> None:
    one = poses(moving_points(60, seed=1))
    assert one is not None
    other = base64.b64encode(bytes([*base64.b64decode(one)[:2], 1, *base64.b64decode(one)[3:]])).decode()
    assert near_duplicates([one, other]) == [] and len(near_duplicates([one, one])) == 1


def test_all_at_once_as_one_by_one() -> None:
    """What `read_poses` makes of each text, which says how it is laid out, and nothing of what it refuses."""
    made = [poses(moving_points(frames, seed=frames)) for frames in (60, 240, 8, 131)]
    texts = [made[0], None, "?", made[1], (made[1] or "")[:-8], 7, *made[2:], "AQw="]
    bodies = Bodies.read(texts)
    known = [(number, one) for number, text in enumerate(texts) if (one := read_poses(text)) is not None]
    assert [number for number, _ in known] == bodies.number.tolist() == [0, 3, 6, 7]
    ends = np.cumsum(bodies.paths.samples)
    marks = np.cumsum(bodies.held)
    for at, (_, one) in enumerate(known):
        path = bodies.paths.flat[ends[at] - bodies.paths.samples[at] : ends[at]]
        held = slice(marks[at] - bodies.held[at], marks[at])
        assert np.array_equal(path, one.path.T) and path.dtype == one.path.dtype
        assert np.array_equal(bodies.marks[held], one.marks) and np.array_equal(bodies.marked[held], one.marked)
        assert (bodies.layout[at], bodies.paths.frames[at], bodies.paths.step[at]) == (one.layout, one.frames, one.step)
        assert bodies.paths.unit[at] == np.float32(one.unit)


def test_in_parts_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clips = [moving_points(120, seed=seed) for seed in range(12)]
    paths = Bodies.read(
        [poses(p) for p in (*clips, *(noisy(p) for p in clips[:6]), *(mirrored(p) for p in clips[6:]))]
    ).paths
    whole = lookup.by_ways(paths)
    for name, small in (("_BLOCK", 50), ("_PART_BITS", 6), ("_CLIPS", 5)):
        monkeypatch.setattr(lookup, name, small)
    parts = lookup.by_ways(paths)
    assert len(whole.a) >= 12
    for name in ("a", "b", "view"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name)), name


def test_a_line_through_most_of_the_points() -> None:
    x = np.arange(30, dtype=np.float32)
    good = np.stack([x, 2 * x + 5], axis=1)
    bad = np.random.default_rng(0).uniform(0, 60, (12, 2)).astype(np.float32)
    falling = np.stack([x, 60 - x], axis=1)
    first = np.concatenate([good, bad])
    times = np.concatenate([first[np.lexsort(first.T[::-1])], falling])
    ratio, start = lines_through(np.array([42, 30]), times, np.array([1.0, 1.0]))
    assert (ratio[0], start[0]) == (pytest.approx(2), pytest.approx(5))
    assert np.isnan(ratio[1])


def test_real_clips_hold_no_copies(shared_data: Path) -> None:
    clips = sorted((shared_data / "clips").rglob("*.npz"))
    found = across([audit_file(str(path)) for path in clips])
    assert len(clips) > 100 and found.near == () and found.duplicates == ()


@pytest.mark.parametrize("slope", [0.15, 6.0])
def test_no_line_where_the_speeds_are_no_clips(slope: float) -> None:
    x = np.arange(30, dtype=np.float32)
    ratio, _ = lines_through(np.array([30]), np.stack([x, slope * x], axis=1), np.array([0.1]))
    assert np.isnan(ratio[0])


def test_a_copy_that_is_partly_out_of_the_picture() -> None:
    clips = [moving_points(120, seed=seed) for seed in range(OTHERS)]
    moved = np.clip(clips[7] + np.array([0.36, 0], np.float32), 0, 1)
    assert 0.5 < (moved[:, [13, 15], 0] == 1).mean() < 0.7  # of the left elbow and wrist
    assert [(one.a, one.b) for one in near_duplicates([poses(p) for p in (*clips, moved)])] == [(7, OTHERS)]
