"""Frames along a line: which are in sight, where each is in pixels, which deserve a number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_NICE = (1.0, 2.0, 5.0)
_NICE_MINUTES = (60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0)
_LEAST_FRAMES = 4.0


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """A stretch of frames laid out from `left` to `left + width`, in pixels.

    Frame k takes the stretch [k, k + 1); it is drawn at its middle.

    Attributes
    ----------
    frames
        Of the whole clip.
    start, stop
        What is in sight, ``0 <= start < stop <= frames``.
    """

    frames: int
    left: float
    width: float
    start: float
    stop: float

    @classmethod
    def whole(cls, frames: int, left: float, width: float) -> TimeAxis:
        """All frames in sight."""
        return cls(frames, left, max(width, 1.0), 0.0, float(max(frames, 1)))

    @property
    def scale(self) -> float:
        """Pixels a frame."""
        return self.width / (self.stop - self.start)

    @property
    def zoomed(self) -> bool:
        """Whether some frames are out of sight."""
        return self.stop - self.start < self.frames

    @property
    def sight(self) -> tuple[int, int]:
        """First and last frame that are in sight, if only in part."""
        return int(self.start), min(int(np.ceil(self.stop)), self.frames) - 1

    def x(self, frame: float) -> float:
        """Pixel of a frame's middle."""
        return self.left + (frame + 0.5 - self.start) * self.scale

    def xs(self, frames: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """`x` of many."""
        middles: npt.NDArray[np.float64] = self.left + (frames.astype(np.float64) + 0.5 - self.start) * self.scale
        return middles

    def edges(self, frames: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """`edge` of many."""
        begins: npt.NDArray[np.float64] = self.left + (frames.astype(np.float64) - self.start) * self.scale
        return begins

    def edge(self, frame: float) -> float:
        """Pixel where a frame begins."""
        return self.left + (frame - self.start) * self.scale

    def frame(self, x: float) -> int:
        """The frame at a pixel; the first or last in sight beyond the ends."""
        first, last = self.sight
        return min(max(int(np.floor(self.start + (x - self.left) / self.scale)), first), last)

    def resized(self, left: float, width: float) -> TimeAxis:
        """The same frames in other pixels."""
        return TimeAxis(self.frames, left, max(width, 1.0), self.start, self.stop)

    def magnified(self, factor: float, x: float) -> TimeAxis:
        """Closer by a factor; the time at pixel `x` stays there."""
        span = min(max((self.stop - self.start) / factor, min(_LEAST_FRAMES, self.frames)), float(max(self.frames, 1)))
        share = min(max((x - self.left) / self.width, 0.0), 1.0)
        return self._placed(self.start + share * (self.stop - self.start - span), span)

    def moved(self, frames: float) -> TimeAxis:
        """Other frames in sight, as far as there are any."""
        return self._placed(self.start + frames, self.stop - self.start)

    def showing(self, frame: int) -> TimeAxis:
        """The same when the frame is in sight, else moved so that it is, with what follows it."""
        span = self.stop - self.start
        if self.start <= frame and frame + 1 <= self.stop:
            return self
        return self._placed(frame - span * (0.1 if frame >= self.stop - 1 else 0.9), span)

    def _placed(self, start: float, span: float) -> TimeAxis:
        start = min(max(start, 0.0), max(self.frames, 1) - span)
        return TimeAxis(self.frames, self.left, self.width, start, start + span)

    def frame_ticks(self, apart: float) -> tuple[int, ...]:
        """Round frame numbers in sight, at least `apart` pixels from each other."""
        step = max(1, round(nice_step(apart / self.scale)))
        first, last = self.sight
        return tuple(f for f in range(-(-first // step) * step, last + 1, step) if self.start <= f + 0.5 <= self.stop)

    def second_ticks(self, seconds: npt.NDArray[np.float64], apart: float) -> tuple[tuple[float, float], ...]:
        """Round moments in sight as (second, pixel), at least `apart` pixels from each other.

        Parameters
        ----------
        seconds
            float64 (T,), never decreasing.
        """
        first, last = self.sight
        begin, end = float(seconds[first]), float(seconds[last])
        if not end > begin:
            return ()
        least = (end - begin) * apart / max(self.x(last) - self.x(first), 1.0)
        step = next((s for s in _NICE_MINUTES if s >= least), nice_step(least)) if least > 30 else nice_step(least)
        moments = np.arange(np.ceil(begin / step - 1e-9), np.floor(end / step + 1e-9) + 1) * step
        places = np.interp(moments, *_rising(seconds[first : last + 1], first))
        found: list[tuple[float, float]] = []
        for moment, place in zip(moments.tolist(), places.tolist(), strict=True):
            x = self.x(place)
            inside = self.left <= x <= self.left + self.width
            if inside and (not found or x - found[-1][1] >= apart * 0.6):
                found.append((moment, x))
        return tuple(found)


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below `least`."""
    if not least > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(least))
    return next((float(n * power) for n in _NICE if n * power >= least * (1 - 1e-9)), float(10 * power))


def _rising(seconds: npt.NDArray[np.float64], first: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Times that differ from the one before, and their frames."""
    keep = np.r_[True, np.diff(seconds) > 0]
    return seconds[keep], (np.flatnonzero(keep) + first).astype(np.float64)
