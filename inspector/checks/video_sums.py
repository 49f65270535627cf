"""Sums over pictures: a matrix product adds several times faster than numpy's pairwise sum."""

from __future__ import annotations

import functools
import math

import numpy as np

from inspector.checks.arrays import AnyArray

_MOST = 8192  # values to a product: a larger one would wake BLAS's own threads
_LEAST = 512  # fewer of them cost more in calls than is won


def sums(frames: AnyArray) -> AnyArray:
    """The sum of each frame: float32 (n,), to about 2e-7 of it where nothing is below 0.

    Parameters
    ----------
    frames
        float32 (n, C, H, W) in C order.
    """
    n, C, H, W = frames.shape
    lines = math.gcd(C * H, 1 << max(0, (_MOST // max(1, W)).bit_length() - 1))
    each = frames.reshape(n, C * H * W)
    if _LEAST <= lines * W <= _MOST:
        each = (frames.reshape(n, C * H // lines, lines, W) @ _ones(W)).reshape(n, C * H)
    found: AnyArray = np.add.reduce(each, axis=1)
    return found


def counts(masks: AnyArray) -> AnyArray:
    """How many are true in each of (n, H, W): int64 (n,); along axes numpy counts as 8-byte numbers."""
    return np.array([np.count_nonzero(each) for each in masks], np.int64)


@functools.lru_cache(maxsize=8)
def _ones(size: int) -> AnyArray:
    ones = np.ones(size, np.float32)
    ones.flags.writeable = False
    return ones
