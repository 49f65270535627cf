"""Paths of bodies as features that can be looked up: where the body is, and where it is once it has moved so far.

Neither how fast it goes nor where in the clip it does so plays a part. A feature is a place on the path and the first
place after it that is a fixed distance away; both are hashed by random projections (Datar and others 2004), so that
near ones mostly share a hash.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.audit.across.paths import ABSOLUTE, AXES, VIEWS, Float, Int, Paths


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the movements are that a feature speaks of, in body sizes.

    Attributes
    ----------
    reach
        From the place to the one after it.
    cell
        Width of a hash cell.
    """

    reach: float
    cell: float
    tables: int = 2

    @property
    def spacing(self) -> float:
        """Between places along the path."""
        return self.reach / 3


SCALES = (Scale(0.12, 0.07), Scale(0.36, 0.12))
_PROJECTIONS = 8
_LONGEST = 24


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Features of many clips, at one scale.

    Attributes
    ----------
    clip
        int32 (M,): number of the clip.
    time
        float32 (M,): the frame of the place.
    vectors
        float32 (M, 24): the place, then the way to the next.
    """

    clip: npt.NDArray[np.int32]
    time: Float
    vectors: Float


def features_of(paths: Paths, scale: Scale) -> Features:
    """The features of clips."""
    flat, first, spacing = paths.flat, paths.first, scale.spacing
    steps = np.zeros(len(flat))
    steps[1:] = np.sqrt(np.square(flat[1:] - flat[:-1]).sum(axis=1))
    steps[first] = 2 * spacing  # so that no place falls between two clips
    walked = np.cumsum(steps)
    counts = np.floor((walked[first + paths.samples - 1] - walked[first]) / spacing).astype(np.int64) + 1
    clip = np.repeat(np.arange(len(paths), dtype=np.int32), counts)
    number = np.arange(len(clip)) - np.repeat(np.cumsum(counts) - counts, counts)
    target = walked[first][clip] + number * spacing
    above = np.maximum(np.searchsorted(walked, target).clip(max=len(flat) - 1), first[clip])
    below = np.maximum(above - 1, first[clip])
    width = walked[above] - walked[below]
    share = np.divide(target - walked[below], width, out=np.zeros(len(clip)), where=width > 0).astype(np.float32)
    places = flat[below] * (1 - share)[:, None] + flat[above] * share[:, None]
    time = (below - first[clip] + share + 0.5).astype(np.float32) * paths.step[clip].astype(np.float32) - 0.5
    found, ways = _exits(places, clip, scale.reach)
    return Features(clip[found], time[found], np.concatenate([places[found], ways], axis=1))


def _exits(places: Float, clip: npt.NDArray[np.int32], reach: float) -> tuple[Int, Float]:
    """Which places have one after them at `reach`, and the way there."""
    found, ways = [], []
    active = np.arange(len(places))
    before = np.zeros(len(places), dtype=np.float32)
    for lag in range(1, _LONGEST + 1):
        keep = active + lag < len(places)
        active, before = active[keep], before[keep]
        keep = clip[active + lag] == clip[active]
        active, before = active[keep], before[keep]
        if not len(active):
            break
        far = places[active + lag] - places[active]
        apart = np.sqrt(np.einsum("ij,ij->i", far, far))
        out = apart >= reach
        share = ((reach - before[out]) / (apart[out] - before[out]))[:, None]
        near = places[active[out] + lag - 1] - places[active[out]]
        found.append(active[out])
        ways.append(near + share * (far[out] - near))
        active, before = active[~out], apart[~out]
    if not found:
        return np.zeros(0, int), np.zeros((0, AXES), np.float32)
    return np.concatenate(found), np.concatenate(ways).astype(np.float32)


def _projections(scale: Scale, table: int) -> tuple[Float, Float]:
    rng = np.random.default_rng([int(scale.reach * 1000), table])
    out = rng.normal(size=(2 * AXES, _PROJECTIONS + 1))
    out[:AXES][~ABSOLUTE] = 0
    out[AXES:] *= 1.0
    out /= np.sqrt(np.square(out).sum(axis=0))
    return (out / scale.cell).astype(np.float32), rng.uniform(0, 1, _PROJECTIONS + 1).astype(np.float32)


_MIX = np.random.default_rng(7).integers(1 << 62, dtype=np.int64, size=_PROJECTIONS) | 1
KEY_BITS = 34
FINE_BITS = 6


def hashes_of(features: Features, scale: Scale, table: int, view: int) -> npt.NDArray[np.uint64]:
    """uint64 (M,): a hash of `KEY_BITS` that near features share, then `FINE_BITS` that order them within it."""
    project, offset = _projections(scale, table)
    turned = VIEWS[view]
    both = np.zeros((2 * AXES, 2 * AXES), np.float32)
    both[:AXES, :AXES] = both[AXES:, AXES:] = turned
    cells = features.vectors @ (both.T @ project)
    cells += offset
    fine = (cells[:, -1] - np.floor(cells[:, -1])) * (1 << FINE_BITS)
    key = (np.floor(cells[:, :-1]).astype(np.int64) @ _MIX).view(np.uint64) >> np.uint64(64 - KEY_BITS)
    return (key << np.uint64(FINE_BITS)) | fine.astype(np.uint64)
