"""Paths of bodies as features that can be looked up: where the body is, and where it is once it has moved so far.

Neither how fast it goes nor where in the clip it does so plays a part. A feature is a place on the path and the first
place after it that is a fixed distance away; both are hashed by random projections (Datar and others 2004), so that
near ones mostly share a hash.
"""

from __future__ import annotations

import functools
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
    steps[1:] = _lengths(flat[1:] - flat[:-1])
    steps[first] = 0
    walked = np.cumsum(steps)
    walked -= np.repeat(walked[first], paths.samples)
    passed = (walked / spacing).astype(np.int64)  # places since the clip's first
    fresh = np.diff(passed, prepend=0)
    fresh[first] = 1
    above = np.repeat(np.arange(len(flat)), fresh)  # the sample at each place, or the first after it
    counts = passed[first + paths.samples - 1] + 1
    clip = np.repeat(np.arange(len(paths), dtype=np.int32), counts)
    number = np.arange(len(clip)) - np.repeat(np.cumsum(counts) - counts, counts)
    starts = first[clip]
    below = np.maximum(above - 1, starts)
    reached = walked[below]
    width = walked[above] - reached
    share = np.divide(number * spacing - reached, width, out=np.zeros(len(clip)), where=width > 0).astype(np.float32)
    places = flat.take(below, axis=0)
    places *= (1 - share)[:, None]
    further = flat.take(above, axis=0)
    further *= share[:, None]
    places += further
    time = (below - starts + share + 0.5).astype(np.float32) * paths.step[clip].astype(np.float32) - 0.5
    found, ways = _exits(places, clip, scale.reach)
    vectors = np.empty((len(found), 2 * AXES), np.float32)
    vectors[:, :AXES] = places.take(found, axis=0)
    vectors[:, AXES:] = ways
    return Features(clip[found], time[found], vectors)


def _lengths(vectors: Float) -> Float:
    """float32 (n,): of vectors (n, 12)."""
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", vectors, vectors)), np.float32)


def _exits(places: Float, clip: npt.NDArray[np.int32], reach: float) -> tuple[Int, Float]:
    """Which places have one after them at `reach`, and the way there."""
    found, ways = [np.zeros(0, np.int64)], [np.zeros((0, AXES), np.float32)]
    # places lie a third of the reach apart along the path: neither the next nor the one after it is that far away
    active = (clip[2:] == clip[:-2]).nonzero()[0]
    before = _lengths(places[2:] - places[:-2])[active]
    for lag in range(3, _LONGEST + 1):
        keep = active.searchsorted(len(places) - lag)
        active, before = active[:keep], before[:keep]
        inside = clip.take(active + lag) == clip.take(active)
        active, before = active[inside], before[inside]
        if not len(active):
            break
        here = places.take(active, axis=0)
        far = places.take(active + lag, axis=0)
        far -= here
        apart = _lengths(far)
        out = apart >= reach
        gone = out.nonzero()[0]
        start = before[gone]
        share = ((reach - start) / (apart[gone] - start))[:, None]
        near = places.take(active[gone] + (lag - 1), axis=0)
        near -= here[gone]
        found.append(active[gone])
        ways.append(near + share * (far[gone] - near))
        stay = ~out
        active, before = active[stay], apart[stay]
    return np.concatenate(found), np.concatenate(ways)


@functools.cache
def _projections(scale: Scale) -> tuple[Float, Float]:
    """(tables x 3 views x 9, 24) and (..., 1): all projections of one scale, and what is added to each."""
    rows, offsets = [], []
    for table in range(scale.tables):
        rng = np.random.default_rng([int(scale.reach * 1000), table])
        out = rng.normal(size=(2 * AXES, _PROJECTIONS + 1))
        out[:AXES][~ABSOLUTE] = 0
        out /= np.sqrt(np.square(out).sum(axis=0))
        project = (out / scale.cell).astype(np.float32)
        offset = rng.uniform(0, 1, _PROJECTIONS + 1).astype(np.float32)
        for turned in VIEWS:
            both = np.zeros((2 * AXES, 2 * AXES), np.float32)
            both[:AXES, :AXES] = both[AXES:, AXES:] = turned
            rows.append((both.T @ project).T)
            offsets.append(offset)
    return np.ascontiguousarray(np.concatenate(rows)), np.concatenate(offsets)[:, None]


_MIX = np.random.default_rng(7).integers(1 << 40, size=_PROJECTIONS).astype(np.float64)
"""Whole numbers: cells below 2^10 and these give sums that are exact."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""Knuth 1998, section 6.4: multiplied by it, near numbers scatter."""

KEY_BITS = 34
FINE_BITS = 6
_CHUNK = 1 << 13


def scattered(numbers: npt.NDArray[np.int64], bits: int) -> npt.NDArray[np.uint64]:
    """Numbers as hashes of so many bits."""
    return (numbers.view(np.uint64) * _SPREAD) >> np.uint64(64 - bits)


def hashes_of(features: Features, scale: Scale) -> npt.NDArray[np.uint64]:
    """uint64 (tables, 3 views, M): a hash of `KEY_BITS` that near features share, then `FINE_BITS` that order them."""
    project, offset = _projections(scale)
    out = np.empty((scale.tables * len(VIEWS), len(features.clip)), np.uint64)
    for start in range(0, out.shape[1], _CHUNK):
        cells = project @ features.vectors[start : start + _CHUNK].T
        cells += offset
        cells = cells.reshape(len(out), _PROJECTIONS + 1, -1)
        floors = np.floor(cells)
        fine = ((cells[:, -1] - floors[:, -1]) * (1 << FINE_BITS)).astype(np.uint64)
        mixed = (_MIX @ floors[:, :-1].astype(np.float64)).astype(np.int64)
        out[:, start : start + _CHUNK] = (scattered(mixed, KEY_BITS) << np.uint64(FINE_BITS)) | fine
    return out.reshape(scale.tables, len(VIEWS), -1)
