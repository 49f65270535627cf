"""Which clips have something in common, found by sorting: near-linear in how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.audit.across.features import FINE_BITS, KEY_BITS, SCALES, Scale, features_of, hashes_of, scattered
from inspector.audit.across.paths import VIEWS, Float, Int, Paths
from inspector.checks.fingerprint import Poses

WINDOW = 6
"""Of what shares a hash, each is compared with so many of the next ones only."""

_SLOT_BITS = 20
_MOST_SLOT_BITS = 26
_CLIPS = 256
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
    """Clips that go the same ways.

    Of most pairs that share a hash nothing comes, and with many clips of few people there are very many: they are
    counted first, in slots that several pairs may share, and only those looked at whose slot has enough.
    """
    tables = [table for scale in SCALES for table in _tables(paths, scale)]
    features = np.zeros(len(paths))
    for table in tables:
        features += np.bincount(table.clip, minlength=len(paths))
    enough = np.maximum(LEAST_VOTES, LEAST_SHARE * features)
    bits = min(max(16, (2 * sum(len(table.entry) for table in tables)).bit_length()), _MOST_SLOT_BITS)
    slots = np.zeros(1 << bits, np.uint32)
    for table in tables:
        for i, j in table.pairs():
            np.add.at(slots, scattered(table.code(i, j, len(paths)), bits), np.uint32(1))
    codes, times = [np.zeros(0, np.int64)], [np.zeros((0, 2), np.float32)]
    for table in tables:
        for i, j in table.pairs():
            code = table.code(i, j, len(paths))
            least = np.minimum(enough[table.clip[table.feature(i)]], enough[table.clip[table.feature(j)]])
            kept = (slots[scattered(code, bits)] >= least).nonzero()[0]
            codes.append(code[kept])
            times.append(table.times(i[kept], j[kept]))
    code, counts, time = _grouped(np.concatenate(codes), np.concatenate(times), LEAST_VOTES)
    pair, view = np.divmod(code, len(VIEWS))
    a, b = np.divmod(pair, len(paths))
    found = Candidates(a, b, view, counts, time)
    return found.where(counts >= LEAST_SHARE * np.minimum(features[a], features[b]))


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Features of one scale, and which of them share a hash of one table.

    An entry is a feature in one of the `VIEWS`: number of the feature plus the view times how many features there are.

    Attributes
    ----------
    clip, time
        (M,): of each feature.
    entry
        uint32 (K,): entries that share their hash with others, ordered by it.
    run
        int32 (K,): the same number for entries of one hash.
    """

    clip: npt.NDArray[np.int32]
    time: Float
    entry: npt.NDArray[np.uint32]
    run: npt.NDArray[np.int32]

    def pairs(self) -> Iterator[tuple[Int, Int]]:
        """Entries of one hash, of two clips of which one is seen as it is; that of the lower clip first."""
        for start in range(0, len(self.run), _BLOCK):
            run = self.run[start : start + _BLOCK + WINDOW]
            for ahead in range(1, WINDOW + 1):
                if ahead >= len(run):
                    break
                i = (run[ahead:][:_BLOCK] == run[:-ahead][:_BLOCK]).nonzero()[0] + start
                i, j = self.entry[i].astype(np.int64), self.entry[i + ahead].astype(np.int64)
                one, other = self.clip[self.feature(i)], self.clip[self.feature(j)]
                fits = (one != other) & ((i < len(self.clip)) | (j < len(self.clip)))
                i, j, swap = i[fits], j[fits], (one > other)[fits]
                yield np.where(swap, j, i), np.where(swap, i, j)

    def feature(self, entry: Int) -> Int:
        """Number of the feature of an entry."""
        return entry % len(self.clip)

    def code(self, i: Int, j: Int, clips: int) -> Int:
        """A number for the two clips and the view of the one from the other."""
        pair = self.clip[self.feature(i)].astype(np.int64) * clips + self.clip[self.feature(j)]
        return pair * len(VIEWS) + np.maximum(i, j) // len(self.clip)

    def times(self, i: Int, j: Int) -> Float:
        """float32 (P, 2): the frames of both."""
        return np.stack([self.time[self.feature(i)], self.time[self.feature(j)]], axis=1)


def _tables(paths: Paths, scale: Scale) -> Iterator[_Table]:
    """The tables of one scale; clips are taken some at a time, so that what is made of them stays in the cache."""
    clips, times, keys = [], [], []
    for start in range(0, len(paths), _CLIPS):
        made = features_of(paths.part(start, min(start + _CLIPS, len(paths))), scale)
        clips.append(made.clip + np.int32(start))
        times.append(made.time)
        keys.append(hashes_of(made, scale))
    clip, time = np.concatenate(clips), np.concatenate(times)
    for number in range(scale.tables):
        entry, run = _shared_hashes(clip, np.concatenate([key[number] for key in keys], axis=1))
        yield _Table(clip, time, entry, run)


def _shared_hashes(
    clip: npt.NDArray[np.int32], keys: npt.NDArray[np.uint64]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int32]]:
    """Of hashes (3 views, M), `_Table.entry` and `_Table.run`; without those that say the same as the one before."""
    coarse = keys >> np.uint64(FINE_BITS)
    new = np.ones(keys.shape, bool)
    np.not_equal(coarse[:, 1:], coarse[:, :-1], out=new[:, 1:])
    new[:, 1:] |= clip[1:] != clip[:-1]
    entry = new.ravel().nonzero()[0]
    key, slot = keys.ravel()[entry], (coarse.ravel()[entry] >> np.uint64(KEY_BITS - _SLOT_BITS)).astype(np.int64)
    often = (np.bincount(slot, minlength=1) > 1)[slot]  # most hashes come once: out before sorting
    entry, key, slot = entry[often], key[often], slot[often]
    parts = 1 << max(0, (len(key) >> _PART_BITS).bit_length())
    entries, runs, last = [np.zeros(0, np.uint32)], [np.zeros(0, np.int32)], 0
    for part in range(parts):
        chosen = (slot >> (_SLOT_BITS + 1 - parts.bit_length()) == part).nonzero()[0] if parts > 1 else np.arange(len(key))
        order = np.sort((key[chosen] << _PLACE_BITS) | np.arange(len(chosen), dtype=np.uint64))
        ordered = order >> (_PLACE_BITS + np.uint64(FINE_BITS))
        same = ordered[1:] == ordered[:-1]
        shared = np.zeros(len(ordered), bool)
        shared[1:] = same
        shared[:-1] |= same
        first = np.ones(len(ordered), np.int32)
        first[1:] = ~same
        entries.append(entry[chosen[(order[shared] & _PLACE).astype(np.int64)]].astype(np.uint32))
        runs.append(np.cumsum(first, dtype=np.int32)[shared] + np.int32(last))
        last += int(first.sum())
    return np.concatenate(entries), np.concatenate(runs)


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
