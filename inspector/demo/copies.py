"""Copies of clean clips: what is wrong with them no look at a single file can tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inspector.demo.capture import Arrays
from inspector.demo.damage import points, with_points
from inspector.demo.manifest import Planted
from inspector.profiles import load_skeleton

LATER = 12
"""Frames that the near copy leaves out at the start."""


def mirrored_later(arrays: Arrays) -> Arrays:
    """The same recording as augmentation makes it: in a mirror, left and right exchanged, and started later."""
    xy, mask = points(arrays), arrays["mask"]
    undetected = ~xy.any(axis=2)
    xy[..., 0] = 1 - xy[..., 0]
    xy[undetected] = 0.0
    order = np.arange(xy.shape[1])
    for left, right in load_skeleton("mediapipe-78").pairs:
        order[[left, right]] = right, left
    times = arrays["timestamps_ms"][LATER:]
    kept = {"mask": mask[LATER:, order], "timestamps_ms": times - times[0], "meta": arrays["meta"]}
    return with_points(kept, xy[LATER:, order])


def told(files: Sequence[str], exact: str, near: str) -> list[Planted]:
    """What the list of defects says of an exact and of a near copy; `files` are what they were made of."""
    return [
        Planted(exact, "DUPLICATE_FILE", (), f"the same content as {files[0]}, saved without compression"),
        Planted(near, "NEAR_DUPLICATE_FILE", (), f"{files[1]} in a mirror, from its frame {LATER} on"),
    ]
