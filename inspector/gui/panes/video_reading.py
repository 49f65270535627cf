"""What the Video pane runs in worker threads: frames read and turned into pictures, no widget in reach."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QImage

from inspector.archive import Wanted
from inspector.audit.pixels import AnyArray, Pixels
from inspector.render.pixels import contrast_limits, difference_overlay, resized, to_image

MOST_CELLS = 256
"""Frames of a strip; of a longer video every second, third and so on."""

_THUMB = 160  # pixels along the longer side of a strip's picture
_IMAGE_BYTES = 64_000_000  # pictures of all frames may take this much; beyond it, each is made when it is shown


@dataclass(frozen=True, slots=True)
class Look:
    """How pixels are turned into pictures.

    Attributes
    ----------
    scale
        The value that means white.
    difference
        What changed since the frame before, in colour.
    contrast
        Stretched to the least and greatest value of the sample.
    """

    scale: float = 1.0
    difference: bool = False
    contrast: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """What was asked for; an answer to anything else is stale.

    Attributes
    ----------
    pixels
        Compared by identity: another file, or the same one audited again, is another.
    first
        Frame with which the part begins that is held in memory; 0 where all of a video is.
    """

    pixels: Pixels
    sample: int
    first: int
    look: Look


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Frames of one sample, and their pictures.

    Attributes
    ----------
    frames
        (T, H, W, C) in the file's dtype, beginning with the key's `first`.
    limits
        (low, high) that black and white stand for, as shares of the scale.
    images
        One a frame; empty where they would take too much memory: see `frame_image`.
    stride
        The strip shows every so many frames.
    thumbs
        Pictures of the strip.
    """

    key: Key
    frames: AnyArray
    limits: tuple[float, float]
    images: tuple[QImage, ...]
    stride: int
    thumbs: tuple[QImage, ...]

    def __len__(self) -> int:
        return len(self.frames)


def part_start(pixels: Pixels, frame: int) -> int:
    """With which frame the part begins that holds this one."""
    return frame // pixels.frames_at_once * pixels.frames_at_once if pixels.frames_at_once else 0


def read_part(key: Key, wanted: Wanted | None = None) -> Part:
    """Read and draw what was asked for, unless it is not wanted any more.

    Raises
    ------
    ArchiveError
        As of `Pixels.frames`.
    """
    frames = key.pixels.frames(key.sample, key.first, key.first + key.pixels.frames_at_once, wanted)
    return draw(key, frames)


def draw(key: Key, frames: AnyArray) -> Part:
    """The same frames with another look."""
    limits = contrast_limits(frames, key.look.scale) if key.look.contrast else (0.0, 1.0)
    total, height, width = frames.shape[:3]
    stride = max(1, math.ceil(total / MOST_CELLS))
    part = Part(key, frames, limits, (), stride, ())
    if 4 * total * height * width <= _IMAGE_BYTES:
        images = tuple(frame_image(part, index) for index in range(total))
        return Part(key, frames, limits, images, stride, tuple(_thumb(image) for image in images[::stride]))
    coarse = max(1, max(height, width) // (2 * _THUMB))
    small = Part(key, frames[:, ::coarse, ::coarse], limits, (), stride, ())
    thumbs = tuple(_thumb(frame_image(small, index)) for index in range(0, total, stride))
    return Part(key, frames, limits, (), stride, thumbs)


def frame_image(part: Part, index: int) -> QImage:
    """The picture of one frame of a part."""
    look, (low, high) = part.key.look, part.limits
    frame = part.frames[index]
    if not look.difference:
        return to_image(frame, scale=look.scale, low=low, high=high)
    before = part.frames[index - 1] if index else None
    if not look.contrast:
        return difference_overlay(before, frame, look.scale)
    stretched = _stretched(part, frame)
    return difference_overlay(_stretched(part, before) if before is not None else None, stretched)


def _stretched(part: Part, frame: AnyArray) -> AnyArray:
    low, high = part.limits
    shares: AnyArray = (frame.astype(np.float32) / np.float32(part.key.look.scale) - low) / max(high - low, 1e-12)
    return shares


def _thumb(image: QImage) -> QImage:
    longest = max(image.width(), image.height())
    if longest <= _THUMB:
        return image
    ratio = _THUMB / longest
    return resized(image, max(1, round(image.width() * ratio)), max(1, round(image.height() * ratio)))
