"""Defects of what is stored: samples that are copied or exchanged, values and labels that cannot be."""

from __future__ import annotations

import numpy as np

from inspector.demo.video_damage import Pool, VideoDamage, VideoFault
from inspector.demo.video_facts import path_distance
from inspector.demo.videos import VideoSet

_FAR_PCT = 15.0
"""Paths that are exchanged are so far apart (rms, share of the diagonal) that anybody sees it."""


def copied_videos(videos: VideoSet, pool: Pool) -> VideoDamage:
    """Videos are copied over others, whose trajectories and labels stay."""
    shown = videos.arrays["videos"].copy()
    centres = videos.centres.copy()
    left = pool.some(len(pool.samples))
    sources, copies, strangers = list[int](), list[int](), list[int]()
    while len(copies) < pool.count and len(left) > 1:
        source = left.pop(int(pool.rng.integers(len(left))))
        far = path_distance(videos.centres, source, left) * 100 / videos.style.diagonal
        # One to three copies of each, and if it can be, over samples that go quite another way.
        enough = min(max(1, int((far > _FAR_PCT).sum())), 3, pool.count - len(copies))
        best = np.argsort(-far)[:enough]
        taken = [left[i] for i in best]
        strangers += [left[i] for i in best if far[i] > _FAR_PCT]
        shown[taken], centres[taken] = shown[source], centres[source]
        sources.append(source)
        copies += taken
        left = [i for i in left if i not in taken]
    note = f"{len(copies)} videos are copies of others, beside trajectories and labels of their own"
    faults = [VideoFault("DUPLICATE_SAMPLES", tuple(sorted(sources + copies)), note)]
    if strangers:
        note = "they show copies of other videos"
        faults.append(VideoFault("VIDEO_TRAJECTORY_DISAGREE", tuple(sorted(strangers)), note))
    damaged = VideoSet(videos.arrays | {"videos": shown}, videos.style, videos.camera, centres)
    return VideoDamage(damaged, tuple(faults), ("VIDEO_TRAJECTORY_DISAGREE",))


def copied_samples(videos: VideoSet, pool: Pool) -> VideoDamage:
    """Whole samples are copied over others."""
    chosen = pool.some(max(2, pool.count))
    sources, copies = chosen[::2], chosen[1::2]
    sources = sources[: len(copies)]
    order = np.arange(len(videos))
    order[copies] = sources
    arrays = {name: values[order] for name, values in videos.arrays.items()}
    members = tuple(sorted(sources + copies))
    note = f"{len(copies)} samples are copies of others, with trajectory and label"
    damaged = VideoSet(arrays, videos.style, videos.camera, videos.centres[order])
    return VideoDamage(damaged, (VideoFault("DUPLICATE_SAMPLES", members, note),), ("CLASS_IMBALANCE",))


def swapped(videos: VideoSet, pool: Pool) -> VideoDamage:
    """Pairs of samples exchange their videos."""
    order, left = np.arange(len(videos)), pool.some(len(pool.samples))
    exchanged: list[int] = []
    while len(exchanged) + 2 <= pool.count and len(left) > 1:
        one = left.pop(int(pool.rng.integers(len(left))))
        other = left.pop(int(path_distance(videos.centres, one, left).argmax()))
        order[[one, other]] = other, one
        exchanged += [one, other]
    shown = videos.arrays["videos"][order]
    damaged = VideoSet(videos.arrays | {"videos": shown}, videos.style, videos.camera, videos.centres[order])
    note = f"{len(exchanged) // 2} pairs of samples show each other's videos"
    return VideoDamage(damaged, (VideoFault("VIDEO_TRAJECTORY_DISAGREE", tuple(sorted(exchanged)), note),))


def _values_in(videos: VideoSet, pool: Pool, value: float, title: str, *also: str) -> VideoDamage:
    chosen = pool.some()
    shown = videos.arrays["videos"].copy()
    for sample in chosen:
        frame = int(pool.rng.integers(videos.style.frames))
        shown[sample, frame].reshape(-1)[::97] = value
    fault = VideoFault("NON_FINITE", tuple(chosen), f"one frame holds {title}")
    return VideoDamage(videos.holding(videos=shown), (fault,), also)


def nan(videos: VideoSet, pool: Pool) -> VideoDamage:
    """Some values of one frame are NaN."""
    return _values_in(videos, pool, np.nan, "NaN")


def infinite(videos: VideoSet, pool: Pool) -> VideoDamage:
    """Some values of one frame are infinite."""
    return _values_in(videos, pool, np.inf, "infinities", "OUT_OF_RANGE")


def scaled(videos: VideoSet, pool: Pool) -> VideoDamage:
    """The whole set goes up to 255."""
    del pool
    shown = videos.arrays["videos"] * np.float32(255)
    return VideoDamage(videos.holding(videos=shown), (VideoFault("OUT_OF_RANGE", (), "floats from 0 to 255"),))


def centred(videos: VideoSet, pool: Pool) -> VideoDamage:
    """Values from -1 to 1."""
    chosen = pool.some()
    shown = videos.arrays["videos"].copy()
    shown[chosen] = shown[chosen] * 2 - 1
    fault = VideoFault("OUT_OF_RANGE", tuple(chosen), "their values go from -1 to 1")
    return VideoDamage(videos.holding(videos=shown), (fault,))


def imbalanced(videos: VideoSet, pool: Pool) -> VideoDamage:
    """All but a sixth of one class are left out."""
    labels = videos.arrays["labels"]
    rare = int(pool.rng.choice(np.unique(labels)))
    members = np.flatnonzero(labels == rare)
    kept = members[: max(1, len(members) // 6)]
    rows = np.flatnonzero((labels != rare) | np.isin(np.arange(len(labels)), kept))
    arrays = {name: values[rows] for name, values in videos.arrays.items()}
    note = f"of class {rare}, {len(kept)} of {len(members)} samples are left"
    damaged = VideoSet(arrays, videos.style, videos.camera, videos.centres[rows])
    return VideoDamage(damaged, (VideoFault("CLASS_IMBALANCE", (), note),), ("CLASSES_NOT_SEPARABLE",))


def shuffled(videos: VideoSet, pool: Pool) -> VideoDamage:
    """The labels of the whole set in random order."""
    labels = pool.rng.permutation(videos.arrays["labels"])
    fault = VideoFault("CLASSES_NOT_SEPARABLE", (), "the labels are shuffled")
    return VideoDamage(videos.holding(labels=labels), (fault,))


def label_out_of_range(videos: VideoSet, pool: Pool) -> VideoDamage:
    """Labels that no class has."""
    chosen = pool.some()
    labels = videos.arrays["labels"].copy()
    labels[chosen] = np.where(np.arange(len(chosen)) % 2, -1, 7)
    fault = VideoFault("LABEL_OUT_OF_RANGE", tuple(chosen), "their labels are 7 or -1")
    return VideoDamage(videos.holding(labels=labels), (fault,), ("CLASS_IMBALANCE", "CLASSES_NOT_SEPARABLE"))


def short_labels(videos: VideoSet, pool: Pool) -> VideoDamage:
    """Fewer labels than samples."""
    fault = VideoFault("LENGTH_MISMATCH", (), f"labels lack the last {pool.count}")
    return VideoDamage(videos.holding(labels=videos.arrays["labels"][: -pool.count]), (fault,))
