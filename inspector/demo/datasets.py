"""The demo's data sets of videos: a clean one, and one in which much went wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from inspector.demo.capture import Arrays
from inspector.demo.manifest import Planted
from inspector.demo.video_defects import plant
from inspector.demo.videos import DARK, Style, VideoSet, make_videos

CLEAN, FAULTY = "trajectories_clean.npz", "trajectories_faulty.npz"
SAMPLES = 60

# Each takes other samples than those before it, so that it can be told apart.
_PLANTED = {
    "copied_videos": 4,
    "frozen": 3,
    "left_picture": 5,
    "in_corner": 4,
    "swapped": 4,
    "blank_frames": 2,
    "hardly_moving": 3,
    "nan": 1,
}


def clean_set(seed: int) -> tuple[Arrays, list[Planted]]:
    """Orange on black, with nothing wrong."""
    return make_videos(SAMPLES, DARK, seed).arrays, []


def faulty_set(seed: int) -> tuple[Arrays, list[Planted]]:
    """Blue on white, with many things wrong in a few samples each."""
    rng = np.random.default_rng([seed, 32452843])
    videos: VideoSet = make_videos(SAMPLES, Style(), seed + 1)
    touched, planted = set[int](), list[Planted]()
    for kind, count in _PLANTED.items():
        damage = plant(kind, videos, rng, share=count / SAMPLES, avoid=touched)
        videos = damage.videos
        for fault in damage.faults:
            touched.update(fault.samples)
            planted.append(Planted(FAULTY, fault.code, (), fault.note, spans(fault.samples)))
    return videos.arrays, planted


DATASETS: dict[str, Callable[[int], tuple[Arrays, list[Planted]]]] = {CLEAN: clean_set, FAULTY: faulty_set}
"""Name of the file -> what makes it from a seed: the arrays, and what was planted."""


def spans(numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Ascending numbers as inclusive ranges."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = ranges[-1][0], number
        else:
            ranges.append((number, number))
    return tuple(ranges)
