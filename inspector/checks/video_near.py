"""Near duplicates among the videos of a data set: the same path, whatever else was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inspector.checks.arrays import AnyArray
from inspector.checks.dataset import DataSet, NearPair
from inspector.checks.video_crossings import guesses
from inspector.checks.video_lay import Laid, Way, aligned, apart_of, resampled
from inspector.profiles.model import VideoRules

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_GAP_SHARE = 1 / 32  # of the diagonal: between the lines that paths are looked up by
_SEEN_SHARE = 0.6  # of the frames: the object must be seen in as many
_LEAST_TOLD = 6
"""Coordinates that must be free to differ: a place inside the picture has two, one at its edge has one."""

_AT_ONCE = 1 << 17  # pairs of places
_NEW_PLACE = 0.5  # pixels from all earlier ones
_GRID = 0.01  # pixels; objects drawn at whole pixels have their centroids so close to whole or half ones
_WHOLE = 0.35  # pixels: how well a place is known then
_KNOWN = 0.001  # and how well at best
_BY_CHANCE = 0.05
"""Pairs that may agree by chance: more are expected, and none is believed."""

_TURNING = 0.6, 7.0
"""Radians that a path turns in all: from the first on it is no straight line, from the second on more than a bend or a
circle."""

_FREEDOMS = {False: (4, 4, 5), True: (2, 2, 3)}
"""How many numbers must agree in lines, bends and other paths, by whether a pair is resampled. A straight line has
four; two of them are used up when speed and start are free to be chosen."""

_ROUGH, _MOST = 0.35, 0.6
"""Shares of the distance looked at: pairs farther apart than the first are there by chance, closer ones may be copies;
and few are, as the rms of places that are each within the distance, beyond the second."""

_MISSED = 1.5  # of so many pairs that agree but roughly one is looked at
_MOSTLY = 0.9
_SIMPLE = np.array([0.03, 0.16, 1.0, 1.0])
"""Share of all that may be done to a copy, by how many things were done: of about 100 ways to lay a path over another
at the same speed (4 mirrors, 2 directions, 13 starts), 16 do one thing, and one does nothing: taken for three, to be on
the safe side. Chance picks any."""

_MIRRORS = {
    (True, False): "mirrored left to right",
    (False, True): "mirrored upside down",
    (True, True): "turned by 180°",
}


class Lanes(NamedTuple):
    """Where the object is in each frame; arrays of shape (N, T).

    Attributes
    ----------
    x, y
        Pixels from the left and upper edge, NaN where there is none.
    beside, over
        bool: it touches the picture's left or right edge, its upper or lower one, so that x or y is not its own.
    """

    x: AnyArray
    y: AnyArray
    beside: AnyArray
    over: AnyArray


def lanes_of(frames: Mapping[str, AnyArray]) -> Lanes:
    """From the arrays of a `VideoMeter`."""
    return Lanes(
        frames["object_x"], frames["object_y"], frames["left"] | frames["right"], frames["top"] | frames["bottom"]
    )


def with_near(dataset: DataSet, frames: Mapping[str, AnyArray], rules: VideoRules) -> DataSet:
    """A data set with its near duplicates, by the arrays that a `VideoMeter` kept of its frames.

    Samples that do not change, and all but the first of those that are the same, are left out.
    """
    wanted = ~dataset.samples["static"]
    wanted[[sample for group in dataset.groups for sample in group[1:]]] = False
    size = dataset.layout.height, dataset.layout.width
    near = tuple(near_duplicates(lanes_of(frames), size, wanted, rules)) if all(size) else ()
    return replace(dataset, near=near, near_groups=groups_of(near))


def near_duplicates(lanes: Lanes, size: tuple[int, int], wanted: AnyArray, rules: VideoRules) -> list[NearPair]:
    """Pairs of samples whose objects go the same way, by their numbers.

    Parameters
    ----------
    size
        Height and width of the picture in pixels.
    wanted
        bool (N,): samples to look at.

    Notes
    -----
    Two paths agree when they are nowhere farther apart than the profile says, in nearly all frames that both hold.
    Among many samples, some do so by chance: two straight lines are told apart by four numbers only. How many to
    expect is told from the set itself. If n pairs agree roughly, up to a distance E, about n (e / E)^d are less than e
    apart by chance, for paths of d numbers; a pair is believed when that is less than a twentieth. So copies are found
    however alike the samples of a set are, as long as the copies are more alike than these.
    """
    height, width = size
    diagonal = float(np.hypot(height, width))
    middle = np.array([width - 1, height - 1]) / 2
    paths = np.stack([lanes.x, lanes.y], axis=2).astype(np.float64) - middle
    seen = np.isfinite(paths).all(axis=2)
    chosen = np.flatnonzero(wanted & (seen.sum(axis=1) >= max(3, _SEEN_SHARE * seen.shape[1])))
    paths = paths[chosen]
    if len(chosen):
        span = np.nanmax(paths, axis=1) - np.nanmin(paths, axis=1)
        far = np.hypot(*span.T) >= rules.near_travel_pct / 100 * diagonal
        chosen, paths = chosen[far], paths[far]
    if len(chosen) < 2:
        return []
    free = 2 - lanes.beside[chosen].astype(np.int64) - lanes.over[chosen]
    limit = rules.near_apart_pct / 100 * diagonal
    known = _WHOLE if _whole(paths + middle, free) else _KNOWN
    reach = max(limit, 3 * known)
    least = rules.near_shared_pct / 100
    found = guesses(paths, _GAP_SHARE * diagonal, 4 * reach, reach)
    steady = _telling(aligned(paths, found, reach, least), paths, free, reach)
    taken = steady.way.a * len(paths) + steady.way.b
    rest = found.where(~np.isin(found.a * len(paths) + found.b, taken))
    other = _telling(resampled(paths, rest, reach, least), paths, np.maximum(free - 1, 0), reach)
    pairs = []
    for laid, stretched in ((steady, False), (other, True)):
        believed = laid.where(_believed(paths, laid, stretched, limit, reach, known))
        pairs += _told(believed.way, chosen, stretched)
    return sorted(pairs)


def groups_of(pairs: Sequence[NearPair]) -> tuple[tuple[int, ...], ...]:
    """Samples that hang together by pairs, each group ascending, by its first sample."""
    leads: dict[int, int] = {}

    def lead(of: int) -> int:
        while leads.setdefault(of, of) != of:
            leads[of] = leads[leads[of]]
            of = leads[of]
        return of

    for a, b, _ in pairs:
        one, two = lead(a), lead(b)
        leads[max(one, two)] = min(one, two)
    groups: dict[int, list[int]] = {}
    for sample in sorted(leads):
        groups.setdefault(lead(sample), []).append(sample)
    return tuple(tuple(group) for group in groups.values())


def _whole(paths: Floats, free: AnyArray) -> bool:
    """Whether objects inside the picture are drawn at whole pixels only."""
    inside = paths[(free == 2) & np.isfinite(paths).all(axis=2)]
    doubled = 2 * inside
    return bool(len(inside)) and float((np.abs(doubled - np.rint(doubled)) < 2 * _GRID).mean()) > _MOSTLY


def _telling(laid: Laid, paths: Floats, free: AnyArray, reach: float) -> Laid:
    """Those whose frames that agree say enough."""
    if not len(laid.apart):
        return laid
    of, which = np.unique(laid.way.a, return_inverse=True)
    own = _own_places(paths[of])[which]
    with np.errstate(invalid="ignore"):
        own &= apart_of(paths, laid.way) <= reach
    return laid.where(np.where(own, free[laid.way.a], 0).sum(axis=1) >= _LEAST_TOLD)


def _own_places(paths: Floats) -> Bools:
    """In which frames each object is where it was not before, (n, T)."""
    n, T = paths.shape[:2]
    own = np.empty((n, T), dtype=bool)
    step = max(1, _AT_ONCE // (T * T))
    for first in range(0, n, step):
        some = paths[first : first + step]
        away = np.hypot(*(some[:, :, None] - some[:, None]).transpose(3, 0, 1, 2))
        with np.errstate(invalid="ignore"):
            own[first : first + step] = ~np.tril(away < _NEW_PLACE, -1).any(axis=2)
    return own


def _believed(paths: Floats, laid: Laid, stretched: bool, limit: float, reach: float, known: float) -> Bools:
    """Which pairs are closer than chance brings them; paths that turn alike are held against each other."""
    of, which = np.unique(laid.way.a, return_inverse=True)
    kinds = np.searchsorted(_TURNING, _turning(paths[of]), side="right")[which]
    believed = np.zeros(len(kinds), dtype=bool)
    closeness = np.maximum(laid.apart, known) / reach
    odds = 1.0 if stretched else _SIMPLE[_changes(laid.way, paths.shape[1])]
    for kind, freedoms in enumerate(_FREEDOMS[stretched]):
        own = kinds == kind
        rough = max(1, int((own & (closeness > _ROUGH)).sum()))
        expected = _MISSED * rough * (closeness / _MOST) ** freedoms * odds
        believed |= own & (expected <= _BY_CHANCE)
    return believed & (laid.apart <= limit)


def _changes(way: Way, frames: int) -> AnyArray:
    """How many things were done to copies at the same speed: mirrored, played backward, shifted in time."""
    backward = way.ratio < 0
    mirrored = (way.across < 0) | (way.down < 0)
    shifted = way.start != np.where(backward, frames - 1, 0)
    changes: AnyArray = backward.astype(np.int64) + mirrored + shifted
    return changes


def _turning(paths: Floats) -> Floats:
    """By how much each path of (n, T, 2) turns, to either side, in radians: (n,)."""
    known = np.isfinite(paths).all(axis=2)
    path = np.nonzero(known)[0]
    steps, same = np.diff(paths[known], axis=0), path[1:] == path[:-1]
    moved = same & (np.hypot(steps[:, 0], steps[:, 1]) > _NEW_PLACE)
    steps, path = steps[moved], path[1:][moved]
    turns = np.diff(np.arctan2(steps[:, 1], steps[:, 0]))
    turns = np.abs((turns + np.pi) % (2 * np.pi) - np.pi)
    return np.bincount(path[1:], turns * (path[1:] == path[:-1]), len(paths)).astype(np.float64)  # of none, integers


def _told(way: Way, chosen: AnyArray, stretched: bool) -> list[NearPair]:
    pairs = []
    for i in range(len(way.a)):
        a, b, ratio, start = int(way.a[i]), int(way.b[i]), float(way.ratio[i]), float(way.start[i])
        if a > b:
            a, b, ratio, start = b, a, 1 / ratio, -start / ratio
        mirrored = (bool(way.across[i] < 0), bool(way.down[i] < 0))
        pairs.append(NearPair(int(chosen[a]), int(chosen[b]), _how(mirrored, ratio, start, stretched)))
    return pairs


def _how(mirrored: tuple[bool, bool], ratio: float, start: float, stretched: bool) -> str:
    """What was done to the first to make the second."""
    parts = [_MIRRORS[mirrored]] if any(mirrored) else []
    if ratio < 0:
        parts.append("played backward")
    if stretched:
        parts.append(f"at {1 / abs(ratio):.1f} times the speed")
    elif ratio > 0 and start:
        parts.append(
            f"{abs(start):.0f} {'frame' if abs(start) == 1 else 'frames'} {'later' if start > 0 else 'earlier'}"
        )
    return ", ".join(parts) or "the same path in other pixels"
