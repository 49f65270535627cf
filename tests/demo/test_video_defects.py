"""Each defect of a data set is in the samples that it names, and in no others."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from inspector.demo.datasets import spans
from inspector.demo.video_damage import VideoDamage
from inspector.demo.video_defects import VIDEO_DEFECTS, plant
from inspector.demo.videos import DARK, Style, VideoSet, make_videos

N = 32
CLEAN = make_videos(N, Style(noise=0.01), 5)
# Kinds that change videos, and leave everything else as it is.
SHOWN = ["copied_videos", "frozen", "left_picture", "in_corner", "blank_frames", "blank", "hardly_moving", "swapped"]
SHOWN += ["nan", "infinite", "centred", "noise_only"]


def damaged(kind: str, seed: int = 0, videos: VideoSet = CLEAN, **how: Any) -> VideoDamage:
    before = {name: array.copy() for name, array in videos.arrays.items()}
    damage = plant(kind, videos, np.random.default_rng(seed), **how)
    assert all(np.array_equal(array, before[name]) for name, array in videos.arrays.items()), "the clean set changed"
    return damage


def rows(before: npt.NDArray[Any], after: npt.NDArray[Any]) -> set[int]:
    """Samples in which anything differs; NaN is a difference."""
    assert (before.shape, before.dtype) == (after.shape, after.dtype)
    return set(np.flatnonzero((before != after).reshape(len(before), -1).any(axis=1)).tolist())


def named(damage: VideoDamage, code: str) -> set[int]:
    return {sample for fault in damage.faults if fault.code == code for sample in fault.samples}


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("kind", SHOWN)
def test_only_videos_of_samples_that_are_named_are_changed(kind: str, seed: int) -> None:
    damage = damaged(kind, seed)
    after = damage.videos.arrays
    changed = rows(CLEAN.arrays["videos"], after["videos"])
    main = damage.faults[0]
    assert main.code == VIDEO_DEFECTS[kind].code
    assert main.note and list(main.samples) == sorted(set(main.samples))
    if kind == "copied_videos":
        assert changed < set(main.samples), "and what was copied stays"
    else:
        assert changed == set(main.samples)
    assert all(after[name] is CLEAN.arrays[name] for name in after if name != "videos")


def test_every_defect_finds_samples_by_itself() -> None:
    assert {kind for kind, defect in VIDEO_DEFECTS.items() if not defect.whole} == {*SHOWN, "copied_samples"} | {
        "label_out_of_range"
    }
    for kind in VIDEO_DEFECTS:
        faults = damaged(kind).faults
        assert faults[0].code == VIDEO_DEFECTS[kind].code
        assert all(0 <= sample < N for fault in faults for sample in fault.samples)


@pytest.mark.parametrize("kind", [*SHOWN, "copied_samples", "label_out_of_range"])
def test_samples_can_be_chosen_or_left_alone(kind: str) -> None:
    wanted = [3, 4, 10, 11, 20, 21]
    if kind != "left_picture":
        assert set(damaged(kind, samples=wanted).faults[0].samples) == set(wanted)
    chosen = {i for fault in damaged(kind, avoid=wanted, share=0.5).faults for i in fault.samples}
    assert chosen and not chosen & set(wanted)


def test_copies_have_the_bytes_but_not_the_way_of_another() -> None:
    damage = damaged("copied_videos")
    data = [video.tobytes() for video in damage.videos.arrays["videos"]]
    assert {i for i, video in enumerate(data) if data.count(video) > 1} == named(damage, "DUPLICATE_SAMPLES")
    for copy in named(damage, "VIDEO_TRAJECTORY_DISAGREE"):
        apart = damage.videos.centres[copy] - CLEAN.centres[copy]
        assert np.sqrt((apart**2).sum(axis=1).mean()) > 0.15 * np.hypot(64, 64)
    damage = damaged("copied_samples")
    for name in ("videos", "trajectory_3d"):
        data = [sample.tobytes() for sample in damage.videos.arrays[name]]
        assert {i for i, sample in enumerate(data) if data.count(sample) > 1} == named(damage, "DUPLICATE_SAMPLES")


def test_a_frozen_video_repeats_its_first_frame() -> None:
    damage = damaged("frozen")
    for sample in named(damage, "STATIC_VIDEO"):
        assert (damage.videos.arrays["videos"][sample] == CLEAN.arrays["videos"][sample, 0]).all()


@pytest.mark.parametrize("kind", ["left_picture", "in_corner", "camera_too_close"])
def test_the_border_cuts_the_dot_off(kind: str) -> None:
    videos = make_videos(N, DARK, 6)
    damage = damaged(kind, videos=videos)
    bright = damage.videos.arrays["videos"][:, :, 0] > 0.5
    edge = bright[..., [0, -1], :].any(axis=(2, 3)) | bright[..., [0, -1]].any(axis=(2, 3))
    assert set(np.flatnonzero(edge.mean(axis=1) >= 0.5).tolist()) == named(damage, "OBJECT_AT_BORDER")
    assert bright.any(axis=(2, 3)).all(), "but it is never quite gone"
    shown = damage.videos.arrays["videos"]
    still = {i for i, video in enumerate(shown) if (video == video[0]).all()}
    assert still == named(damage, "STATIC_VIDEO")
    if kind != "camera_too_close":  # which may leave some in a corner
        assert bool(still) == (kind == "in_corner")
    data = [video.tobytes() for video in shown]
    assert {i for i, video in enumerate(data) if data.count(video) > 1} == named(damage, "DUPLICATE_SAMPLES")
    if kind == "camera_too_close":
        assert edge.mean() > 0.95


def test_blank_frames_hold_background_and_noise_alone() -> None:
    for kind, least, most in (("blank_frames", 4, 4), ("blank", 16, 16)):
        damage = damaged(kind)
        shown = damage.videos.arrays["videos"][sorted(named(damage, "BLANK_FRAMES"))]
        gone = (shown > 0.9).all(axis=(2, 3, 4)).sum(axis=1)
        assert ((least <= gone) & (gone <= most)).all()


def test_what_hardly_moves_is_not_still() -> None:
    damage = damaged("hardly_moving", videos=make_videos(N, Style(), 5))
    for sample in named(damage, "LOW_TEMPORAL_VARIATION"):
        assert 0.3 < np.linalg.norm(np.ptp(damage.videos.centres[sample], axis=0)) < 1
        video = damage.videos.arrays["videos"][sample]
        assert (video != video[0]).any()


def test_exchanged_videos_are_still_all_there() -> None:
    damage = damaged("swapped", share=0.3)
    before, after = ([v.tobytes() for v in s.arrays["videos"]] for s in (CLEAN, damage.videos))
    assert sorted(before) == sorted(after)
    apart = damage.videos.centres - CLEAN.centres
    off = np.sqrt((apart**2).sum(axis=2).mean(axis=1))
    assert min(off[sorted(named(damage, "VIDEO_TRAJECTORY_DISAGREE"))]) > 0.15 * np.hypot(64, 64)


def test_values_that_cannot_be() -> None:
    shown = damaged("nan").videos.arrays["videos"]
    assert np.isnan(shown).any() and not np.isinf(shown).any()
    shown = damaged("infinite").videos.arrays["videos"]
    assert np.isinf(shown).any() and not np.isnan(shown).any()
    assert damaged("scaled").videos.arrays["videos"].max() == 255
    assert damaged("centred").videos.arrays["videos"].min() == pytest.approx(-1)


def test_labels() -> None:
    before = CLEAN.arrays["labels"]
    counts = np.bincount(damaged("imbalanced").videos.arrays["labels"], minlength=4)
    assert counts.max() > 3 * counts.min() > 0
    shuffled = damaged("shuffled_labels").videos.arrays["labels"]
    assert np.array_equal(np.sort(shuffled), np.sort(before)) and (shuffled != before).mean() > 0.4
    damage = damaged("label_out_of_range")
    after = damage.videos.arrays["labels"]
    assert rows(before, after) == named(damage, "LABEL_OUT_OF_RANGE")
    assert set(after[after != before].tolist()) == {7, -1}
    assert damaged("short_labels").videos.arrays["labels"].tolist() == before[:-3].tolist()


def test_rows_of_all_arrays_stay_together_when_samples_are_left_out() -> None:
    videos = damaged("imbalanced").videos
    places = [
        int(np.flatnonzero((CLEAN.arrays["trajectory_3d"] == t).all(axis=(1, 2)))[0])
        for t in videos.arrays["trajectory_3d"]
    ]
    assert all(np.array_equal(CLEAN.arrays[name][places], array) for name, array in videos.arrays.items())
    assert np.array_equal(CLEAN.centres[places], videos.centres)


@pytest.mark.parametrize("kind", VIDEO_DEFECTS)
def test_whole_numbers_and_other_layouts(kind: str) -> None:
    grey = make_videos(12, Style(layout="NTHW", dtype="uint8", background=(0.0,), dot=(1.0,)), 1)
    if VIDEO_DEFECTS[kind].floats:
        with pytest.raises(ValueError, match="needs videos of floats, got uint8"):
            damaged(kind, videos=grey)
    else:
        assert damaged(kind, videos=grey).videos.arrays["videos"].dtype == np.uint8
    last = make_videos(12, Style(layout="NTHWC"), 1)
    assert damaged(kind, videos=last).videos.arrays["videos"].shape[2:] == (64, 64, 3)


def test_what_cannot_be_planted_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected one of copied_videos, .*, got 'gremlins'"):
        damaged("gremlins")
    with pytest.raises(ValueError, match="takes at least 2 samples, got 1"):
        damaged("swapped", samples=[4])


def test_numbers_as_ranges() -> None:
    assert spans([]) == ()
    assert spans([0, 1, 2, 5, 7, 8]) == ((0, 2), (5, 5), (7, 8))
