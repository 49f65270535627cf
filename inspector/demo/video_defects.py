"""Defects of data sets of videos, by name: each is put into chosen samples of a clean set and says which."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from inspector.demo import drawn_defects, stored_defects
from inspector.demo.video_damage import Pool, VideoDamage
from inspector.demo.videos import VideoSet


@dataclass(frozen=True, slots=True)
class VideoDefect:
    """A kind of damage.

    Attributes
    ----------
    code
        Of the finding that an audit should give.
    damage
        Makes the damaged set of a clean one, which it leaves as it is.
    least
        Samples that it takes.
    floats
        It needs videos of floats.
    whole
        It concerns the whole set; which samples are asked for does not matter.
    """

    code: str
    damage: Callable[[VideoSet, Pool], VideoDamage]
    least: int = 1
    floats: bool = False
    whole: bool = False


def plant(
    kind: str,
    videos: VideoSet,
    rng: np.random.Generator,
    samples: Sequence[int] | None = None,
    share: float = 0.1,
    avoid: Collection[int] = (),
) -> VideoDamage:
    """Put one defect into a data set.

    Parameters
    ----------
    kind
        A name from `VIDEO_DEFECTS`.
    videos
        Left as it is.
    samples
        Numbers of the samples to take, all of them; None chooses some.
    share
        Of all samples, how many to take where none are named.
    avoid
        Samples to leave alone, since something else is wrong with them.

    Raises
    ------
    ValueError
        For a kind that does not exist, or a set that cannot have it: too few samples, whole numbers for NaN.
    """
    if kind not in VIDEO_DEFECTS:
        raise ValueError(f"expected one of {', '.join(VIDEO_DEFECTS)}, got {kind!r}")
    defect = VIDEO_DEFECTS[kind]
    chosen = None if defect.whole else samples
    pool = sorted(set(range(len(videos)) if chosen is None else chosen) - set(avoid))
    count = len(pool) if chosen is not None else max(defect.least, round(share * len(videos)))
    if len(pool) < defect.least:
        raise ValueError(f"{kind} takes at least {defect.least} samples, got {len(pool)}")
    if defect.floats and videos.style.dtype != "float32":
        raise ValueError(f"{kind} needs videos of floats, got {videos.style.dtype}")
    return defect.damage(videos, Pool(pool, count, rng))


VIDEO_DEFECTS: dict[str, VideoDefect] = {
    "copied_videos": VideoDefect("DUPLICATE_SAMPLES", stored_defects.copied_videos, least=2),
    "copied_samples": VideoDefect("DUPLICATE_SAMPLES", stored_defects.copied_samples, least=2),
    "frozen": VideoDefect("STATIC_VIDEO", drawn_defects.frozen),
    "left_picture": VideoDefect("OBJECT_AT_BORDER", drawn_defects.left_picture),
    "in_corner": VideoDefect("OBJECT_AT_BORDER", drawn_defects.in_corner),
    "camera_too_close": VideoDefect("OBJECT_AT_BORDER", drawn_defects.camera_too_close, whole=True),
    "blank_frames": VideoDefect("BLANK_FRAMES", drawn_defects.blank_frames),
    "blank": VideoDefect("BLANK_FRAMES", drawn_defects.blank),
    "hardly_moving": VideoDefect("LOW_TEMPORAL_VARIATION", drawn_defects.hardly_moving),
    "swapped": VideoDefect("VIDEO_TRAJECTORY_DISAGREE", stored_defects.swapped, least=2),
    "nan": VideoDefect("NON_FINITE", stored_defects.nan, floats=True),
    "infinite": VideoDefect("NON_FINITE", stored_defects.infinite, floats=True),
    "scaled": VideoDefect("OUT_OF_RANGE", stored_defects.scaled, floats=True, whole=True),
    "centred": VideoDefect("OUT_OF_RANGE", stored_defects.centred, floats=True),
    "imbalanced": VideoDefect("CLASS_IMBALANCE", stored_defects.imbalanced, least=8, whole=True),
    "shuffled_labels": VideoDefect("CLASSES_NOT_SEPARABLE", stored_defects.shuffled, least=8, whole=True),
    "label_out_of_range": VideoDefect("LABEL_OUT_OF_RANGE", stored_defects.label_out_of_range),
    "short_labels": VideoDefect("LENGTH_MISMATCH", stored_defects.short_labels, whole=True),
    "noise_only": VideoDefect("BLANK_FRAMES", drawn_defects.noise_only),
}
"""Every defect there is, by name."""
