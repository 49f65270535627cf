"""What stands before what in a video: the background's colour, and the object that is not of it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from inspector.checks.arrays import AnyArray, median
from inspector.checks.video_sums import counts

_LOOKED_AT = 1 << 14  # pixels that the background is guessed from
_LEVELS = 32
_UNIFORM = 0.5
"""A background is of one colour when this share of the pixels has it."""

_NOISE_SIGMAS = 6.0
_OF_PEAK = 0.25  # what stands out by less than this share of the most that does is no part of the object
_NOISY = 2 / 255  # share of full scale
_AVERAGED_OUT = 0.8
"""Of noise a third is left in the mean of 3 x 3 pixels; this share is too much for it."""

_FAINT = 6 / 255  # nor what stands out by less than this share of full scale
_LARGEST = 0.5
"""What covers more of the picture than this is the scene, not an object in it."""


_FEW = 8  # every so many lines and columns are looked at first
_MANY = 2048  # values of which the median is guessed first
_GUESSED_FROM = 512
_OFF = 0, 20, 40  # ranks among these that the guess may be off: none, 1.8 and 3.5 standard deviations


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The background of one video.

    Attributes
    ----------
    background
        float32 (C, 1, 1) where it is of one colour, else (C, H, W).
    threshold
        A pixel belongs to the object when one of its channels is farther than this from the background.
    scale
        What counts as full scale in this video: 1, 255 or 65535, from the largest value of its middle frame.
    noisy
        Each pixel is looked at together with its neighbours (mean of 3 x 3), which leaves a third of the noise.
    """

    background: AnyArray
    threshold: float
    scale: float
    noisy: bool = False

    def look(self, frames: AnyArray, low: AnyArray | None = None) -> dict[str, AnyArray]:
        """Where the object is.

        Parameters
        ----------
        frames
            float32 (n, C, H, W), all finite.
        low
            The least value of each frame, (n,), where it is known: it spares work.

        Returns
        -------
        dict
            Arrays of shape (n,): ``object_x``, ``object_y``, ``object_area`` (float32), ``blank``, ``left``, ``right``,
            ``top``, ``bottom`` (bool); see `VideoMeter`. Before a background that is not of one colour a frame is blank
            only where it is of one: nobody can say what it lacks.
        """
        return self._place(frames, _away(frames, self.background, self.noisy, low))

    def _place(self, frames: AnyArray, away: AnyArray) -> dict[str, AnyArray]:
        """As `look`, by how far each pixel is from the background; overwrites that."""
        H, W = frames.shape[2:]
        mask = away > self.threshold
        area = counts(mask)
        away *= mask
        columns, rows = away.sum(axis=1), away.sum(axis=2)
        blank = area == 0
        unsure = np.flatnonzero((area > 0.95 * H * W) | (self.background.shape[1:] != (1, 1)))
        if unsure.size:
            blank[unsure] = False
            # A few pixels tell most frames that are not of one colour.
            few = np.ptp(frames[unsure, :, ::_FEW, ::_FEW], axis=(2, 3))
            for number in unsure[(few <= _FAINT * self.scale).all(axis=1)].tolist():
                blank[number] = bool((np.ptp(frames[number], axis=(1, 2)) <= _FAINT * self.scale).all())
        placed = ~blank & (area > 0) & (area <= _LARGEST * H * W)
        total = np.where(placed, rows.sum(axis=1), np.nan)
        return {
            "object_x": columns @ np.arange(W, dtype=np.float32) / total,
            "object_y": rows @ np.arange(H, dtype=np.float32) / total,
            "object_area": np.where(placed, area, 0),
            "blank": blank,
            "left": placed & (columns[:, 0] > 0),
            "right": placed & (columns[:, -1] > 0),
            "top": placed & (rows[:, 0] > 0),
            "bottom": placed & (rows[:, -1] > 0),
        }


def seen_in(frames: AnyArray, low: AnyArray, high: AnyArray) -> tuple[Scene, dict[str, AnyArray]]:
    """`scene_of` a video that is held whole, and what its `look` at the same frames finds, for little more.

    Parameters
    ----------
    low, high
        Extremes of each frame, (n,).
    """
    scene, away = _scene_of(frames, low, high)
    return scene, scene._place(frames, away)


def scene_of(frames: AnyArray) -> Scene:
    """The background of a video, whichever colour it is.

    The most frequent colour, when at least half of the pixels are of it up to noise; else each pixel's median over
    time. Noise is told from texture by the differences between neighbours, which are as large as it only for noise;
    its standard deviation is 1.4826 times the median absolute deviation.

    Parameters
    ----------
    frames
        float32 (n, C, H, W), all finite, none of the sizes 0: frames from all over the video.
    """
    return _scene_of(frames, frames.min(axis=(1, 2, 3)), frames.max(axis=(1, 2, 3)))[0]


def _scene_of(frames: AnyArray, low: AnyArray, high: AnyArray) -> tuple[Scene, AnyArray]:
    """The scene, and how far each pixel of the frames is from its background."""
    frames = np.ascontiguousarray(frames)
    n, C, H, W = frames.shape
    scale = full_scale(float(median(high)))  # one stray value is not to settle it
    step = max(1, round((n * H * W / _LOOKED_AT) ** 0.5))
    some = frames[:, :, ::step, ::step].transpose(1, 0, 2, 3).reshape(C, -1)
    noise = _noise(_steps(frames, step)) / 2**0.5 if W > 1 else 0.0
    shared = _shared(some)
    colour = _commonest(some, scale) if shared is None else shared
    if shared is not None and noise <= _NOISY * scale:
        plain = True
    else:
        away = _farthest(some, colour)
        if noise > _NOISY * scale:  # the fullest cell is a part of what noise makes of one colour
            colour = _middles(some, away <= 4 * noise + scale / _LEVELS)
            away = _farthest(some, colour)
        plain = bool(np.count_nonzero(away <= max(_FAINT * scale, 4 * noise)) >= _UNIFORM * away.size)
    if plain and noise > _NOISY * scale:
        # Noise averages out over neighbours; what does not is texture.
        left = _mean_of_nine(frames[:, 0])
        flat = left.reshape(-1)
        plain = _noise(flat.take(_by_columns(left.shape)) - _middle(flat)) <= _AVERAGED_OUT * noise
    if plain:
        background = colour[:, None, None]
    else:
        background = np.median(frames, axis=0)
        at = _spaced(frames.size)
        noise = _noise(frames.reshape(-1).take(at) - background.reshape(-1).take(at % background.size))
    background = np.ascontiguousarray(background, np.float32)
    noisy = noise > _NOISY * scale
    apart = _away(frames, background, noisy, low)
    peak = float(median(apart.reshape(n, -1).max(axis=1)))  # nor is one stray frame
    threshold = max(_FAINT * scale, _NOISE_SIGMAS * noise / (3 if noisy else 1), _OF_PEAK * peak)
    return Scene(background, threshold, scale, noisy), apart


def _away(frames: AnyArray, background: AnyArray, noisy: bool, low: AnyArray | None = None) -> AnyArray:
    """How far each pixel is from the background, in the channel where it is farthest: float32 (n, H, W)."""
    if not noisy and low is not None and low.min() >= background.max() == background.min():
        # Nothing is darker than a grey background: the brightest channel is the farthest, to the last digit.
        away: AnyArray = np.maximum.reduce(frames, axis=1)
        return np.subtract(away, background.flat[0], out=away) if background.flat[0] else away
    away = _apart(frames[:, 0], background[0], noisy)
    for channel in range(1, frames.shape[1]):
        np.maximum(away, _apart(frames[:, channel], background[channel], noisy), out=away)
    return away


def _apart(frames: AnyArray, background: AnyArray, noisy: bool) -> AnyArray:
    apart = frames - background
    if noisy:
        apart = _mean_of_nine(apart)
    found: AnyArray = np.abs(apart, out=apart)
    return found


def _farthest(pixels: AnyArray, colour: AnyArray) -> AnyArray:
    """How far each of (C, n) pixels is from a colour, in the channel where it is farthest: float32 (n,)."""
    apart = pixels - colour[:, None]
    np.abs(apart, out=apart)
    found: AnyArray = apart[0]
    for channel in apart[1:]:
        np.maximum(found, channel, out=found)
    return found


def _mean_of_three(values: AnyArray) -> AnyArray:
    """Each row's mean with those before and after it, of (n, H, W); beyond the ends is background, at distance 0."""
    total = values.copy()
    total[:, 1:] += values[:, :-1]
    total[:, :-1] += values[:, 1:]
    total /= 3
    return total


def _mean_of_nine(values: AnyArray) -> AnyArray:
    """Each pixel's mean with its neighbours, of (n, H, W) in C order."""
    rows = _mean_of_three(values)
    total = rows.copy()
    if rows.shape[2] > 1:
        # Through the lines' ends, since short lines cost most; the ends are then put right.
        flat, sums = rows.reshape(-1), total.reshape(-1)
        sums[1:] += flat[:-1]
        sums[:-1] += flat[1:]
        np.add(rows[:, :, 0], rows[:, :, 1], out=total[:, :, 0])
        np.add(rows[:, :, -1], rows[:, :, -2], out=total[:, :, -1])
    total /= 3
    return total


def full_scale(largest: float) -> float:
    """The value that means white, for values that go up to `largest`."""
    if largest <= 1.5:
        return 1.0
    return 255.0 if largest <= 255 * 1.5 else 65535.0


def _shared(pixels: AnyArray) -> AnyArray | None:
    """The colour of more than half of (C, n) pixels, value for value, float32 (C,); None where there is none.

    Such a one is the most frequent, and the median of whatever holds its cell.
    """
    few = pixels[:, :: max(1, pixels.shape[1] // _GUESSED_FROM) | 1]
    colour = np.sort(few, axis=1)[:, few.shape[1] // 2]
    if np.count_nonzero(pixels[0] == colour[0]) * 2 <= pixels.shape[1]:
        return None
    same = pixels == colour[:, None]
    return colour if np.count_nonzero(np.logical_and.reduce(same, axis=0)) * 2 > pixels.shape[1] else None


def _commonest(pixels: AnyArray, scale: float) -> AnyArray:
    """The most frequent colour of (C, n) pixels, float32 (C,): the median of those in the fullest cell of a grid."""
    places = pixels[:3] * ((_LEVELS - 1) / scale)
    places += 0.5
    np.clip(places, 0, _LEVELS - 1, out=places)
    cells = np.trunc(places, out=places)
    code = cells[0]  # whole numbers below 2^15: float32 holds them, and is the quickest
    for more in cells[1:]:
        code *= _LEVELS
        code += more
    fullest = np.bincount(code.astype(np.intp)).argmax()
    return _middles(pixels, code == fullest)


def _middles(pixels: AnyArray, chosen: AnyArray) -> AnyArray:
    """The median of some of the pixels in each channel: float32 (C,)."""
    of = np.flatnonzero(chosen)
    return np.array([_middle(channel.take(of)) for channel in pixels], dtype=np.float32)


def _middle(values: AnyArray) -> Any:
    """As `median`, NaN of none; for a tenth to a third of its cost.

    Some of the values say about where the middle is (Floyd and Rivest, 1975); counting tells whether they are right.
    """
    size = len(values)
    if size < _MANY:
        return median(values) if size else np.float32(np.nan)
    some = np.sort(values[:: size // _GUESSED_FROM | 1])  # an odd step: even ones may stay in one column
    middle = len(some) // 2
    for off in _OFF:
        least, most = some[middle - off], some[middle + off]
        below = np.count_nonzero(values < least)
        if below <= (size - 1) // 2 and np.count_nonzero(values <= most) > size // 2:
            if least == most:
                return least
            inner = np.sort(values.compress((values >= least) & (values <= most)))  # few enough
            return (inner[(size - 1) // 2 - below] + inner[size // 2 - below]) / inner.dtype.type(2)
    return median(values)


def _noise(values: AnyArray) -> float:
    """Standard deviation of normal noise around 0, from some of the values: 1.4826 x their median size."""
    return 1.4826 * float(_middle(np.abs(values)))


def _spaced(size: int) -> AnyArray:
    """Which of so many values are looked at: some, evenly taken."""
    return np.arange(0, size, max(1, size // _LOOKED_AT))


@functools.lru_cache(maxsize=4)
def _by_columns(shape: tuple[int, ...]) -> AnyArray:
    """The same of pictures in C order, (n, H, W), taken column by column through all of them."""
    n, H, W = shape
    column, rest = np.divmod(_spaced(n * H * W), H * n)
    row, picture = np.divmod(rest, n)
    return _fixed((picture * H + row) * W + column)


def _steps(frames: AnyArray, step: int) -> AnyArray:
    """Some of the differences between neighbours in every so many lines of frames."""
    lines = frames[:, :, ::step]
    every = np.subtract(lines[..., 1:], lines[..., :-1]).reshape(-1)
    return every[:: max(1, every.size // _LOOKED_AT)]


def _fixed(array: AnyArray) -> AnyArray:
    array.flags.writeable = False
    return array
