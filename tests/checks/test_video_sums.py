"""Sums and counts over pictures, of any size."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.checks.video_sums import counts, sums


@pytest.mark.parametrize("shape", [(15, 3, 64, 64), (2, 1, 5, 7), (3, 3, 61, 59), (1, 3, 720, 1280), (2, 1, 3, 9000)])
def test_sums_are_right_to_rounding(shape: tuple[int, ...]) -> None:
    frames = np.random.default_rng(0).random(shape, dtype=np.float32)
    found = sums(frames)
    assert found.dtype == np.float32 and found.shape == shape[:1]
    np.testing.assert_allclose(found, frames.sum(axis=(1, 2, 3), dtype=np.float64), rtol=1e-6)


def test_no_frames_have_no_sums() -> None:
    assert sums(np.zeros((0, 3, 64, 64), np.float32)).shape == counts(np.zeros((0, 4, 4), bool)).shape == (0,)


def test_counts() -> None:
    masks = np.zeros((3, 4, 5), dtype=bool)
    masks[1, 2, 3] = masks[2] = True
    assert counts(masks).tolist() == [0, 1, 20]
