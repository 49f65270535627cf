"""Near duplicates among clips: found by what they have in common, confirmed by laying one path over the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.audit.across.align import SAME, USUAL, Laid, better, lay, lines_through
from inspector.audit.across.bodies import Bodies
from inspector.audit.across.lookup import Candidates, by_marks, by_ways
from inspector.audit.across.paths import VIEWS, Paths

_COARSE, _FINE = 24, 96
_PROMISING = 4.0
"""What is left after the coarse look may be so many times what is allowed."""

ERROR, ERROR_AT = 0.002, 0.0024
"""Two paths may differ by ERROR + ERROR_AT / body size: quantised, filmed with noise, or clipped at the border."""

LEFT = 0.33
"""And by this share of their motion."""

LEAST_SHARED = 3
"""Frames to the digit the same, in one order, do for proof where hardly anything moves."""

PROVEN = 3.0
"""Then the paths between them may differ so many times as much: few frames of a quick movement make a coarse path."""

_SCALE = 0.8, 1.25


@dataclass(frozen=True, slots=True)
class Same:
    """How the frames of clip `a` are found in clip `b`: frame t of a is frame `ratio` t + `start` of b.

    Attributes
    ----------
    a, b
        Numbers of the clips, a < b.
    frames_a, frames_b
        First and last frame of the part that both hold.
    mirrored
        Whether the one is the mirror image of the other; `exchanged`: with left and right points exchanged, too.
    error
        Body sizes: what remains between them.
    """

    a: int
    b: int
    ratio: float
    start: float
    frames_a: tuple[int, int]
    frames_b: tuple[int, int]
    mirrored: bool
    exchanged: bool
    error: float


def near_duplicates(bodies: Bodies) -> list[Same]:
    """Pairs of clips that show the same for a good part, in order of their numbers.

    Parameters
    ----------
    bodies
        Of the clips; those that it leaves out have nothing to go by.

    Notes
    -----
    The work grows with the number of clips, not of pairs: each feature of a clip is compared with a few others that
    have the same hash. A group of many copies comes out as a chain or net of pairs, not necessarily as each with each.
    """
    found: dict[tuple[int, int], Same] = {}
    for alike in bodies.layouts():
        numbers = alike.number.tolist()
        for same in _among(alike):
            pair = numbers[same.a], numbers[same.b]
            if pair not in found or same.error < found[pair].error:
                found[pair] = _numbered(same, *pair)
    return [found[pair] for pair in sorted(found)]


def _numbered(same: Same, a: int, b: int) -> Same:
    return Same(a, b, same.ratio, same.start, same.frames_a, same.frames_b, same.mirrored, same.exchanged, same.error)


def _among(bodies: Bodies) -> list[Same]:
    if len(bodies) < 2:
        return []
    paths = bodies.paths
    units = paths.unit.astype(np.float64)
    out = []
    for found, views in ((by_marks(bodies), tuple(range(len(VIEWS)))), (by_ways(paths), None)):
        if not len(found.a):
            continue
        allowed = np.minimum(ERROR + ERROR_AT / np.minimum(units[found.a], units[found.b]), 0.03)
        laid = _roughly(paths, found, views)
        hopeful = (laid.error < _PROMISING * allowed) & (laid.error < _PROMISING * LEFT * laid.motion)
        shared = _shared(found) if views is not None else np.zeros(len(found.a), bool)
        chosen = hopeful | shared
        laid, allowed, shared = laid.where(chosen), allowed[chosen], shared[chosen]
        if not len(laid.a):
            continue
        laid = better(laid, lay(paths, laid.a, laid.b, laid.view, laid.ratio, laid.start, _FINE, 5), always=True)
        fits = (laid.error <= allowed) & (laid.error <= LEFT * laid.motion)
        fits |= shared & (laid.error <= PROVEN * allowed)
        fits &= (laid.scale > _SCALE[0]) & (laid.scale < _SCALE[1])
        out += _described(paths, laid.where(fits))
    return out


def _roughly(paths: Paths, found: Candidates, views: tuple[int, ...] | None) -> Laid:
    """Each pair laid over each other in the best of several ways that its common places suggest."""
    step = np.maximum(paths.step[found.a], paths.step[found.b]).astype(float)
    best: Laid | None = None
    for wide, slopes in ((1.0, SAME), (1.0, None), (3.0, None), (1.5, USUAL)):
        ratio, start = lines_through(found.counts, found.times, wide * step, slopes)
        unknown = ~np.isfinite(ratio)
        ratio[unknown], start[unknown] = 1, 0
        for each in (None,) if views is None else views:
            view = found.view if each is None else np.full(len(ratio), each)
            one = lay(paths, found.a, found.b, view, ratio, start, _COARSE, 3)
            best = one if best is None else better(best, one)
    assert best is not None
    return best


def _shared(found: Candidates) -> npt.NDArray[np.bool_]:
    """Whether the frames that two clips have in common lie as one clip's frames in the other would."""
    ratio, start = lines_through(found.counts, found.times, np.full(len(found.a), 1.2))
    known = np.isfinite(ratio)
    group = np.repeat(np.arange(len(found.a)), found.counts)
    off = np.abs(np.where(known, ratio, 0)[group] * found.times[:, 0] + start[group] - found.times[:, 1])
    on = np.bincount(group, off < 0.6 * np.maximum(1, np.where(known, ratio, 1))[group], len(found.a))
    enough: npt.NDArray[np.bool_] = known & (on >= LEAST_SHARED) & (on >= 0.6 * found.counts)
    return enough


def _described(paths: Paths, laid: Laid) -> list[Same]:
    out = []
    for i in range(len(laid.a)):
        a, b, ratio, start = int(laid.a[i]), int(laid.b[i]), float(laid.ratio[i]), float(laid.start[i])
        first, last = float(laid.first[i]), float(laid.last[i])
        frames_b = [min(max(round(ratio * t + start), 0), int(paths.frames[b]) - 1) for t in (first, last)]
        out.append(
            Same(
                a, b, ratio, start, (round(first), round(last)), (frames_b[0], frames_b[1]),
                mirrored=bool(laid.view[i] > 0), exchanged=bool(laid.view[i] == 2), error=float(laid.error[i]),
            )
        )  # fmt: skip
    return out
