"""Near duplicates among the videos of a data set: the same path, whatever else was changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inspector.checks.arrays import AnyArray
from inspector.checks.video_crossings import Guesses, guesses
from inspector.checks.video_lay import Laid, lay, refined
from inspector.profiles.model import VideoRules

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_GAP_SHARE = 1 / 30  # of the diagonal: between the lines that paths are looked up by
_SEEN_SHARE = 0.6  # of the frames: the object must be seen in as many
_FITTING = 0.85
"""Of the frames that two videos should share, so many must agree: one or two may be spoilt."""

_LEAST_TOLD = 6
"""Coordinates that must be free to differ: a place inside the picture has two, one at its edge has one."""

_NEW_PLACE = 0.5  # pixels from all earlier ones
_GRID = 0.01  # pixels; objects drawn at whole pixels have their centroids so close to whole or half ones
_WHOLE = 0.35  # pixels: how well a place is known then
_KNOWN = 0.004  # and how well at best
_BY_CHANCE = 0.1
"""Pairs that may agree by chance: more are expected, and none is believed."""

_FREEDOMS = {(False, False): 4, (False, True): 4, (True, False): 3, (True, True): 2}
"""By whether a pair is resampled and whether its path is straight: how many numbers must agree in it. A straight line
has four; two of them are used up when speed and start are free to be chosen."""

_MISSED = 2.0  # of pairs that agree but roughly, one in so many is looked at
_USUAL_SPEED = 0.3
_SLOWEST = 0.3  # copies played at less than this share of the speed are not looked for
_STRAIGHT = 2.0  # times what two paths may differ by: no farther from a line, a path is straight


class NearPair(NamedTuple):
    """Two samples that show the same, and what tells them apart, such as "mirrored left to right, 3 frames later"."""

    a: int
    b: int
    how: str


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
    expect is told from the set itself. If n pairs are between half and all of a distance E apart, about n (e / E)^d are
    less than e apart by chance, for paths of d numbers; a pair is believed when that is less than a tenth. So copies
    are found however alike the samples of a set are, as long as they are more alike than these.
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
    found = guesses(paths, _GAP_SHARE * diagonal, 4 * reach, reach)
    aligned = _aligned(paths, found, reach)
    taken = aligned.a * len(paths) + aligned.b
    rest = found.where(~np.isin(found.a * len(paths) + found.b, taken))
    laid = aligned.joined(refined(paths, rest, reach, _SLOWEST))
    laid = laid.where(laid.told(paths, free, reach, _NEW_PLACE) >= _LEAST_TOLD)
    laid = laid.where((laid.fitting >= _FITTING) & (laid.shared >= rules.near_shared_pct / 100))
    believed = laid.where(_believed(paths, laid, limit, reach, known))
    return _told(believed.best(), chosen)
