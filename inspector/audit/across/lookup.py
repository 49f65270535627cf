"""Which clips have something in common, found by sorting: near-linear in how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.audit.across.bodies import Bodies
from inspector.audit.across.features import FINE_BITS, KEY_BITS, SCALES, Scale, features_of, hashes_of, scattered
from inspector.audit.across.paths import VIEWS, Float, Int, Paths

WINDOW = 6
"""Of what shares a hash, each is compared with so many of the next ones only."""

_SLOT_BITS = 20
_MOST_SLOT_BITS = 26
_CLIPS = 256
_VIEWS = 4  # a power of two that is no less than there are
_BLOCK = 1 << 20
_PART_BITS = 22
_PLACE_BITS = np.uint64(64 - KEY_BITS - FINE_BITS)
_PLACE = (np.uint64(1) << _PLACE_BITS) - np.uint64(1)

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


def by_marks(bodies: Bodies) -> Candidates:
    """Clips that have frames in common; the view is said to be the first, since marks do not tell."""
    clip = np.repeat(np.arange(len(bodies)), bodies.held)
    marks, frames = bodies.marks, bodies.marked.astype(np.float32)
    order = np.lexsort((clip, marks))
    marks, clip, frames = marks[order], clip[order], frames[order]
    rows = [np.zeros((0, 2), np.int64)]
    for ahead in range(1, 2 * WINDOW + 1):
        at = (marks[ahead:] == marks[:-ahead]).nonzero()[0]
        at = at[clip[at] != clip[at + ahead]]
        rows.append(np.stack([at, at + ahead], axis=1))
    pairs = np.concatenate(rows)
    code = clip[pairs[:, 0]] * len(bodies) + clip[pairs[:, 1]]
    pair, counts, times = _grouped(code, frames[pairs], LEAST_MARKS)
    return Candidates(pair // len(bodies), pair % len(bodies), np.zeros(len(pair), np.int64), counts, times)


def by_ways(paths: Paths) -> Candidates:
    """Clips that go the same ways.

    Of most pairs that share a hash nothing comes, and with many clips of few people there are very many: they are
    counted first, in slots that several pairs may share, and only those looked at whose slot has enough.
    """
    clips = len(paths)
    features = np.zeros(clips)
    tables = []
    for scale in SCALES:
        clip, made = _tables(paths, scale)
        features += np.bincount(clip, minlength=clips) * scale.tables
        tables += made
    enough = np.maximum(LEAST_VOTES, LEAST_SHARE * features)
    bits = min(max(_SLOT_BITS, (2 * sum(map(len, tables))).bit_length()), _MOST_SLOT_BITS)
    slots = np.zeros(1 << bits, np.uint32)
    for table in tables:
        for i, j in table.pairs():
            np.add.at(slots, scattered(table.code(i, j, clips), bits), np.uint32(1))
    codes, times = [np.zeros(0, np.int64)], [np.zeros((0, 2), np.float32)]
    for table in tables:
        for i, j in table.pairs():
            code = table.code(i, j, clips)
            least = np.minimum(enough[table.clip[i]], enough[table.clip[j]])
            kept = (slots[scattered(code, bits)] >= least).nonzero()[0]
            codes.append(code[kept])
            times.append(np.stack([table.time[i[kept]], table.time[j[kept]]], axis=1))
    code, counts, time = _grouped(np.concatenate(codes), np.concatenate(times), LEAST_VOTES)
    pair, view = np.divmod(code, len(VIEWS))
    a, b = np.divmod(pair, clips)
    found = Candidates(a, b, view, counts, time)
    return found.where(counts >= LEAST_SHARE * np.minimum(features[a], features[b]))


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Features that share their hash with others, in the order of their hashes; each in some of the `VIEWS`.

    Attributes
    ----------
    clip, time, view
        (K,): int32, float32 and uint8, of each.
    first
        bool (K,): whether it is the first of its hash.
    """

    clip: npt.NDArray[np.int32]
    time: Float
    view: npt.NDArray[np.uint8]
    first: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.clip)

    def pairs(self) -> Iterator[tuple[Int, Int]]:
        """Places of one hash, of two clips of which one is seen as it is; that of the lower clip first."""
        for start in range(0, len(self), _BLOCK):
            part = slice(start, start + _BLOCK + WINDOW)
            run, clip, turned = np.cumsum(self.first[part], dtype=np.int32), self.clip[part], self.view[part] > 0
            for ahead in range(1, min(WINDOW, len(run) - 1) + 1):
                fits = (run[ahead:] == run[:-ahead]) & (clip[ahead:] != clip[:-ahead])
                fits &= ~(turned[ahead:] & turned[:-ahead])
                i = fits[:_BLOCK].nonzero()[0]
                j = i + ahead
                swap = clip[i] > clip[j]
                i += start
                j += start
                yield np.where(swap, j, i), np.where(swap, i, j)

    def code(self, i: Int, j: Int, clips: int) -> Int:
        """A number for the two clips and the view of the one from the other."""
        pair = self.clip[i].astype(np.int64) * clips + self.clip[j]
        return pair * len(VIEWS) + np.maximum(self.view[i], self.view[j])


def _tables(paths: Paths, scale: Scale) -> tuple[npt.NDArray[np.int32], list[_Table]]:
    """The clip of each feature of one scale, and the tables.

    Clips are taken some at a time, so that what is made of them stays in the processor's cache.
    """
    clips: list[npt.NDArray[np.int32]] = []
    times: list[Float] = []
    places: list[list[npt.NDArray[np.uint32]]] = [[] for _ in range(scale.tables)]
    keys: list[list[npt.NDArray[np.uint64]]] = [[] for _ in range(scale.tables)]
    count = 0
    views = np.arange(len(VIEWS), dtype=np.uint32)[:, None]
    for start in range(0, len(paths), _CLIPS):
        made = features_of(paths.part(start, min(start + _CLIPS, len(paths))), scale)
        apart = made.clip[1:] != made.clip[:-1]
        numbers = np.arange(count, count + len(made.clip), dtype=np.uint32) * np.uint32(_VIEWS) + views
        for table, hashes in enumerate(hashes_of(made, scale)):
            coarse = hashes >> np.uint64(FINE_BITS)
            new = np.ones(hashes.shape, bool)  # what says the same as the one before is left out
            np.not_equal(coarse[:, 1:], coarse[:, :-1], out=new[:, 1:])
            new[:, 1:] |= apart
            places[table].append(numbers[new])
            keys[table].append(hashes[new])
        clips.append(made.clip + np.int32(start))
        times.append(made.time)
        count += len(made.clip)
    clip, time = np.concatenate(clips), np.concatenate(times)
    tables = []
    for table in range(scale.tables):
        key = np.concatenate(keys[table])
        keys[table].clear()  # they are large
        at, first = _shared(key)
        place = np.concatenate(places[table])[at]
        places[table].clear()
        feature = place // np.uint32(_VIEWS)
        tables.append(_Table(clip[feature], time[feature], (place % np.uint32(_VIEWS)).astype(np.uint8), first))
    return clip, tables


def _shared(keys: npt.NDArray[np.uint64]) -> tuple[Int, npt.NDArray[np.bool_]]:
    """Places of the hashes that come more than once, in their order, and which is the first of each."""
    slot = (keys >> np.uint64(KEY_BITS + FINE_BITS - _SLOT_BITS)).astype(np.int32)
    often = (np.bincount(slot, minlength=1) > 1)[slot]  # most come once: out before sorting
    bits = (int(often.sum()) >> _PART_BITS).bit_length()
    places, firsts = [np.zeros(0, np.int64)], [np.zeros(0, bool)]
    for part in range(1 << bits):
        chosen = (often & (slot >> (_SLOT_BITS - bits) == part)).nonzero()[0]
        if not len(chosen):
            continue
        ordered = np.sort((keys[chosen] << _PLACE_BITS) | np.arange(len(chosen), dtype=np.uint64))
        coarse = ordered >> (_PLACE_BITS + np.uint64(FINE_BITS))
        same = coarse[1:] == coarse[:-1]
        first, last = np.r_[True, ~same], np.r_[~same, True]
        kept = ~(first & last)
        places.append(chosen[(ordered[kept] & _PLACE).astype(np.int64)])
        firsts.append(first[kept])
    return np.concatenate(places), np.concatenate(firsts)


def _grouped(code: Int, times: Float, least: int) -> tuple[Int, Int, Float]:
    """Each code that has at least so many different times, how many, and its times in order."""
    slot = scattered(code, _SLOT_BITS).astype(np.int64)  # most codes come once: out before sorting
    often = (np.bincount(slot, minlength=1) >= least)[slot]
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
