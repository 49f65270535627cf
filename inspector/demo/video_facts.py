"""What is plainly so in videos that were drawn: which are the same, which stand still, where the dot is cut off."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inspector.demo.motion import Floats
from inspector.demo.videos import Frames, Style


def copies_of(shown: Frames) -> tuple[tuple[int, ...], ...]:
    """Groups of samples (two or more each) with the same bytes."""
    groups: dict[bytes, list[int]] = {}
    for sample, video in enumerate(shown):
        groups.setdefault(hashlib.blake2b(np.ascontiguousarray(video).data).digest(), []).append(sample)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def still_samples(shown: Frames) -> tuple[int, ...]:
    """Samples of two frames or more, all of which are the same."""
    if shown.shape[1] < 2:
        return ()
    return tuple(sample for sample, video in enumerate(shown) if (video[1:] == video[:1]).all())


def at_edge(centres: Floats, style: Style) -> npt.NDArray[np.bool_]:
    """Whether the dot at `centres` (..., 2) is cut off by the picture's edge, shape (...)."""
    size = np.array([style.width - 1, style.height - 1])
    return np.asarray(np.minimum(centres, size - centres).min(axis=-1) < style.radius)


def path_distance(centres: Floats, sample: int, others: Sequence[int]) -> Floats:
    """How far the dot of each of the others is from this sample's in pixels, root mean square over the frames."""
    apart = centres[list(others)] - centres[sample]
    return np.asarray(np.sqrt((apart**2).sum(axis=2).mean(axis=1)))
