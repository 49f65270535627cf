"""Which clips have something in common, found by sorting: near-linear in how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.audit.across.features import FINE_BITS, SCALES, Features, features_of, hashes_of
from inspector.audit.across.paths import VIEWS, Float, Int, Paths
from inspector.checks.fingerprint import Poses

WINDOW = 6
"""Of what shares a hash, each is compared with so many of the next ones only."""

_SLOT_BITS = 23
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # Knuth 1998, section 6.4: multiplied by it, near numbers scatter

LEAST_MARKS = 3
LEAST_VOTES = 4
LEAST_SHARE = 0.15
"""Of the features of the clip that has fewer."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Pairs of clips, and frames of the one that look like frames of the other.

    Attributes
    ----------
    a, b
        int64 (C,): numbers of the clips, a < b.
    view
        int64 (C,): which of `VIEWS` of b looks like a.
    counts
        int64 (C,): how many of `times` are a pair's.
    times
        float32 (sum of counts, 2): frames of a and of b, in order.
    """

    a: Int
    b: Int
    view: Int
    counts: Int
    times: Float

    def where(self, chosen: npt.NDArray[np.bool_]) -> Candidates:
        """Some of the pairs."""
        times = self.times[np.repeat(chosen, self.counts)]
        return Candidates(self.a[chosen], self.b[chosen], self.view[chosen], self.counts[chosen], times)


def by_marks(poses: Sequence[Poses]) -> Candidates:
    """Clips that have frames in common; the view is said to be the first, since marks do not tell."""
    clip = np.repeat(np.arange(len(poses)), [len(p.marks) for p in poses])
    marks = np.concatenate([p.marks for p in poses])
    frames = np.concatenate([p.marked for p in poses]).astype(np.float32)
    order = np.lexsort((clip, marks))
    marks, clip, frames = marks[order], clip[order], frames[order]
    rows = [np.zeros((0, 2), np.int64)]
    for ahead in range(1, 2 * WINDOW + 1):
        at = (marks[ahead:] == marks[:-ahead]).nonzero()[0]
        at = at[clip[at] != clip[at + ahead]]
        rows.append(np.stack([at, at + ahead], axis=1))
    pairs = np.concatenate(rows)
    code = clip[pairs[:, 0]] * len(poses) + clip[pairs[:, 1]]
    pair, counts, times = _grouped(code, frames[pairs], LEAST_MARKS)
    return Candidates(pair // len(poses), pair % len(poses), np.zeros(len(pair), np.int64), counts, times)


def by_ways(paths: Paths) -> Candidates:
    """Clips that go the same ways."""
    codes, times = [], []
    features = np.zeros(len(paths))
    for scale in SCALES:
        made = features_of(paths, scale)
        features += np.bincount(made.clip, minlength=len(paths)) * scale.tables
        for table in range(scale.tables):
            keys = [_thinned(made, hashes_of(made, scale, table, view)) for view in range(len(VIEWS))]
            code, time = _joined(made, keys, len(paths))
            codes.append(code)
            times.append(time)
    code, counts, time = _grouped(np.concatenate(codes), np.concatenate(times), LEAST_VOTES)
    pair, view = np.divmod(code, len(VIEWS))
    a, b = np.divmod(pair, len(paths))
    found = Candidates(a, b, view, counts, time)
    return found.where(counts >= LEAST_SHARE * np.minimum(features[a], features[b]))


def _thinned(features: Features, keys: npt.NDArray[np.uint64]) -> tuple[Int, npt.NDArray[np.uint64]]:
    """Features without those that say the same as the one before."""
    coarse = keys >> np.uint64(FINE_BITS)
    new = np.ones(len(keys), bool)
    new[1:] = (coarse[1:] != coarse[:-1]) | (features.clip[1:] != features.clip[:-1])
    at = new.nonzero()[0]
    return at, keys[at]


def _joined(features: Features, keys: Sequence[tuple[Int, npt.NDArray[np.uint64]]], clips: int) -> tuple[Int, Float]:
    """For each two features of one hash, a code of the two clips and the view, and their times."""
    at = np.concatenate([a for a, _ in keys])
    key = np.concatenate([k for _, k in keys])
    view = np.repeat(np.arange(len(keys)), [len(a) for a, _ in keys])
    order = np.argsort(key, kind="stable")
    at, key, view = at[order], key[order] >> np.uint64(FINE_BITS), view[order]
    clip = features.clip[at].astype(np.int64)
    codes, times = [], []
    for ahead in range(1, WINDOW + 1):
        i = (key[ahead:] == key[:-ahead]).nonzero()[0]
        j = i + ahead
        fits = (clip[i] != clip[j]) & ((view[i] == 0) | (view[j] == 0))
        i, j = i[fits], j[fits]
        swap = clip[i] > clip[j]
        i, j = np.where(swap, j, i), np.where(swap, i, j)
        codes.append((clip[i] * clips + clip[j]) * len(VIEWS) + np.maximum(view[i], view[j]))
        times.append(np.stack([features.time[at[i]], features.time[at[j]]], axis=1))
    return np.concatenate(codes), np.concatenate(times)


def _grouped(code: Int, times: Float, least: int) -> tuple[Int, Int, Float]:
    """Each code that has at least so many different times, how many, and its times in order."""
    slot = (code.view(np.uint64) * _SPREAD) >> np.uint64(64 - _SLOT_BITS)  # most codes come once: out before sorting
    often = (np.bincount(slot.astype(np.int64), minlength=1) >= least)[slot.astype(np.int64)]
    code, times = code[often], times[often]
    order = np.lexsort((times[:, 1], times[:, 0], code))
    code, times = code[order], times[order]
    new = np.ones(len(code), bool)
    new[1:] = (code[1:] != code[:-1]) | (times[1:] != times[:-1]).any(axis=1)
    code, times = code[new], times[new]
    starts = np.r_[0, (code[1:] != code[:-1]).nonzero()[0] + 1].astype(np.int64)[: len(code)]
    counts = np.diff(np.r_[starts, len(code)])
    enough = counts >= least
    return code[starts[enough]], counts[enough], times[np.repeat(enough, counts)]
