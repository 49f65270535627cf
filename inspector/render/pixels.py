"""Arrays of pixels as pictures: any type and range, and what is no number in a colour that nobody takes for data."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

Numbers = npt.NDArray[np.generic]
Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating]

BROKEN = (0xFF, 0x00, 0xFF)  # NaN and infinities
BRIGHTER = (0x00, 0x72, 0xB2)
DARKER = (0xD5, 0x5E, 0x00)

# Values handled at once: what one step leaves for the next then stays in the processor's cache.
_BLOCK = 1 << 16
# Where red, green, blue and alpha of a 32-bit pixel lie in memory.
_R, _G, _B, _A = (2, 1, 0, 3) if sys.byteorder == "little" else (1, 2, 3, 0)
_BROKEN_PIXEL = np.zeros(4, dtype=np.uint8)
_BROKEN_PIXEL[[_R, _G, _B, _A]] = (*BROKEN, 255)
# The muted frame beneath a difference overlay lies between these greys, visible on light and dark.
_MUTED = (0.45, 0.90)
# Frames that the median of a long video is taken over.
_MEDIAN_FRAMES = 33
# A ground: one colour (within this share of white) that holds most of the pixels.
_GROUND = 0.02


def to_image(frame: Numbers, *, scale: float = 1.0, low: float = 0.0, high: float = 1.0) -> QImage:
    """A frame as a picture.

    Parameters
    ----------
    frame
        (H, W) or (H, W, C) with C 1 (grey), 3 (RGB) or 4 (RGB and opacity); booleans, integers or floats of any size
        and byte order.
    scale
        The value that means white: 1 or 255. True is white.
    low, high
        What becomes black and white, as shares of `scale`; beyond them it is clipped. `low` above `high` inverts,
        equal ones make a step. Opacity is not stretched.

    Returns
    -------
    QImage
        RGB32, or ARGB32 where C is 4, with memory of its own; null for a frame without pixels. A pixel with a value
        that is NaN or infinite is magenta.

    Raises
    ------
    ValueError
        When the array is no picture, or `scale`, `low` or `high` no range.
    """
    pixels = _pixels(frame)
    height, width, channels = pixels.shape
    if not (math.isfinite(scale) and scale > 0 and math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"expected a positive scale and a finite range, got scale {scale}, range [{low}, {high}]")
    if not height or not width:
        return QImage()
    if pixels.dtype == np.bool_:
        pixels, scale = pixels.view(np.uint8), 1.0
    image = QImage(width, height, QImage.Format.Format_ARGB32 if channels == 4 else QImage.Format.Format_RGB32)
    out = _memory(image)
    table = _mapped(np.arange(256.0), scale, low, high) if pixels.dtype == np.uint8 else None
    plain = table is not None and bool((table == np.arange(256)).all())
    rows = max(1, _BLOCK // (width * channels))
    for first in range(0, height, rows):
        block = pixels[first : first + rows]
        into = out[first : first + rows]
        if table is not None:
            _put(block.view(np.uint8) if plain else table[block.view(np.uint8)], into)
        else:
            _put(_mapped(block, scale, low, high), into)
        if channels == 4:
            into[..., _A] = _mapped(block[..., 3], scale, 0.0, 1.0)
        if block.dtype.kind == "f":
            _put_broken(into, block)
    return image


def contrast_limits(frames: Numbers, scale: float = 1.0) -> tuple[float, float]:
    """The `low` and `high` that stretch frames over the whole range from black to white.

    From the least to the greatest finite value, for a percentile would cut off a dot that covers few pixels. Where
    there is nothing to stretch, one value only or none, the range is the usual one, widened to hold that value.

    Parameters
    ----------
    frames
        Of any shape.
    scale
        The value that means white.

    Returns
    -------
    tuple of float
        Shares of `scale`; the first is less than the second.
    """
    least, most = math.inf, -math.inf
    for part in frames if frames.ndim > 2 else [frames]:
        numbers = part if part.dtype.kind in "bui" else part[np.isfinite(part)]
        if numbers.size:
            least, most = min(least, float(numbers.min())), max(most, float(numbers.max()))
    least, most = least / scale, most / scale
    if most > least and math.isfinite(most - least):
        return least, most
    return (0.0, 1.0) if not math.isfinite(most - least) else (min(least, 0.0), max(most, 1.0))


def difference_overlay(before: Numbers | None, frame: Numbers, scale: float = 1.0) -> QImage:
    """A frame in muted grey, with what changed since another in colour: blue became brighter, orange darker.

    The opacity of the colour follows the root of the largest change of a channel, so that small ones are seen.

    Parameters
    ----------
    before, frame
        Frames of one shape, as `to_image` takes them; without `before` nothing has changed.
    scale
        The value that means white.

    Returns
    -------
    QImage
        RGB32. What is not finite now is magenta; what was not finite before does not count as changed.

    Raises
    ------
    ValueError
        When shapes differ.
    """
    pixels, earlier = _pixels(frame)[..., :3], None if before is None else _pixels(before)[..., :3]
    if earlier is not None and earlier.shape != pixels.shape:
        raise ValueError(f"expected frames of one shape, got {earlier.shape} and {pixels.shape}")
    height, width, channels = pixels.shape
    if not height or not width:
        return QImage()
    image = QImage(width, height, QImage.Format.Format_RGB32)
    out = _memory(image)
    rows = max(1, _BLOCK // (width * channels))
    for first in range(0, height, rows):
        part = slice(first, first + rows)
        now = _shares(pixels[part], scale)
        then = now if earlier is None else _shares(earlier[part], scale)
        _put(_overlay(then, now), out[part])
        _put_broken(out[part], now)
    return image


def motion_image(frames: Numbers, scale: float = 1.0) -> QImage:
    """All frames on one picture: each pixel as it was in the frame where it was furthest from the background.

    The background is the one colour that most pixels of all frames have; where there is none, each pixel's median over
    time.

    Parameters
    ----------
    frames
        (T, H, W) or (T, H, W, C), with C as `to_image` takes it.
    scale
        The value that means white.

    Returns
    -------
    QImage
        As of `to_image`; null without frames.
    """
    if frames.ndim == 3:
        frames = frames[..., None]
    if not frames.size:
        return QImage()
    total, height, width, channels = frames.shape
    some = frames[:: max(1, math.ceil(total / _MEDIAN_FRAMES))]
    ground = _ground(some, scale)
    merged = np.empty((height, width, channels), dtype=frames.dtype)
    rows = max(1, 16 * _BLOCK // (total * width * channels))
    for first in range(0, height, rows):
        block = frames[:, first : first + rows]
        with np.errstate(invalid="ignore", over="ignore"):
            values = _shares(block, scale)
            usual = ground if ground is not None else _median(some[:, first : first + rows], scale)
            away = np.abs(values[..., 0] - usual[..., 0])
            for channel in range(1, channels):  # numpy is slow over a last axis of three
                np.maximum(away, np.abs(values[..., channel] - usual[..., channel]), out=away)
        # argmax takes the first NaN for the greatest: what is broken anywhere stays broken here.
        furthest = away.argmax(axis=0)
        merged[first : first + rows] = np.take_along_axis(block, furthest[None, ..., None], axis=0)[0]
    return to_image(merged, scale=scale)


def resized(image: QImage, width: int, height: int) -> QImage:
    """A picture of another size on which its pixels stay what they are.

    Whole multiples repeat pixels; other enlargements too, with only the edges between them blended; smaller ones are
    averaged, so that a dot of one pixel does not fall between two samples.
    """
    if image.isNull() or width <= 0 or height <= 0 or (image.width(), image.height()) == (width, height):
        return image
    keep = Qt.AspectRatioMode.IgnoreAspectRatio
    across, down = max(1, math.ceil(width / image.width())), max(1, math.ceil(height / image.height()))
    if (across, down) != (1, 1):
        image = image.scaled(
            across * image.width(), down * image.height(), keep, Qt.TransformationMode.FastTransformation
        )
    if (image.width(), image.height()) == (width, height):
        return image
    return image.scaled(width, height, keep, Qt.TransformationMode.SmoothTransformation)


def as_array(images: Sequence[QImage]) -> Bytes:
    """Pictures of one size as (T, H, W, 3), white 255."""
    found = []
    for image in images:
        plain = image.convertToFormat(QImage.Format.Format_RGB32)  # named, so that it lives while its memory is read
        found.append(_memory(plain)[..., [_R, _G, _B]])
    return np.stack(found) if found else np.empty((0, 0, 0, 3), dtype=np.uint8)


def _pixels(frame: Numbers) -> Numbers:
    """As (H, W, C) in the machine's byte order."""
    if frame.ndim == 2:
        frame = frame[..., None]
    if frame.ndim != 3 or frame.shape[2] not in (1, 3, 4) or frame.dtype.kind not in "buif":
        raise ValueError(
            f"expected numbers of shape (H, W) or (H, W, C) with C 1, 3 or 4, got {frame.dtype} {frame.shape}"
        )
    return frame if frame.dtype.isnative else frame.astype(frame.dtype.newbyteorder("="))


def _mapped(values: Numbers, scale: float, low: float, high: float) -> Bytes:
    """Bytes 0-255 of values between `low` and `high` shares of `scale`; anything for what is not a number."""
    start, end = low * scale, high * scale
    if start == end or not math.isfinite(255 / (end - start)):  # equal, or as good as
        step: Bytes = np.where(np.greater_equal(values, start), 255, 0).astype(np.uint8)
        return step
    narrow = (values.dtype.itemsize <= 4 and values.dtype.kind == "f") or values.dtype.itemsize <= 2
    kind = np.float32 if narrow and max(abs(start), abs(end)) < 1e30 and abs(end - start) > 1e-30 else np.float64
    with np.errstate(invalid="ignore", over="ignore"):
        # Clipped before anything else, so that no value is too large for what follows.
        part = np.clip(values.astype(kind), kind(min(start, end)), kind(max(start, end)))
        part -= kind(start)
        part *= kind(255 / (end - start))
        part += kind(0.5)
        found: Bytes = part.astype(np.uint8)
    return found


def _shares(values: Numbers, scale: float) -> Floats:
    """Values as shares of white, in floats."""
    if values.dtype == np.bool_:
        return values.astype(np.float32)
    wide = values.dtype.itemsize > 4 or (values.dtype.kind in "ui" and values.dtype.itemsize > 2)
    return values.astype(np.float64) / scale if wide else values.astype(np.float32) / np.float32(scale)


def _overlay(then: Floats, now: Floats) -> Bytes:
    """(H, W, 3) colours of what changed between two frames of shares of white; any where they are not finite."""
    with np.errstate(invalid="ignore", over="ignore"):
        change = np.nan_to_num((now - then).astype(np.float32), nan=0, posinf=0, neginf=0)
    finite = np.clip(np.nan_to_num(now), 0, 1).astype(np.float32)
    size, sign, grey = np.abs(change[..., 0]), change[..., 0], finite[..., 0]
    if change.shape[2] > 1:
        for channel in (1, 2):
            size = np.maximum(size, np.abs(change[..., channel]))
        sign = change[..., 0] + change[..., 1] + change[..., 2]
        grey = (finite[..., 0] + finite[..., 1] + finite[..., 2]) / np.float32(3)
    opacity = np.sqrt(np.minimum(size, 1))
    shade = (_MUTED[0] + (_MUTED[1] - _MUTED[0]) * grey) * 255
    found = np.empty((*shade.shape, 3), dtype=np.uint8)
    for channel, (brighter, darker) in enumerate(zip(BRIGHTER, DARKER, strict=True)):
        colour = np.where(sign < 0, np.float32(darker), np.float32(brighter))
        found[..., channel] = shade + (colour - shade) * opacity + 0.5
    return found


def _ground(frames: Numbers, scale: float) -> Floats | None:
    """The colour (C,) that more than half of the pixels of all frames have, if there is one."""
    step = max(1, math.isqrt(frames[..., 0].size // _BLOCK))
    values = _shares(frames[:, ::step, ::step].reshape(-1, frames.shape[3]), scale)
    values = values[np.isfinite(values).all(axis=1)]
    if not len(values):
        return None
    colour = np.asarray(np.median(values, axis=0), dtype=values.dtype)
    alike = (np.abs(values - colour) <= _GROUND).all(axis=1)
    return colour if alike.mean() > 0.5 else None


def _median(frames: Numbers, scale: float) -> Floats:
    values = _shares(frames, scale)
    return np.asarray(np.median(np.where(np.isfinite(values), values, 0), axis=0), dtype=values.dtype)


def _memory(image: QImage) -> Bytes:
    """(H, W, 4) bytes of a 32-bit picture, to write to; alive no longer than the picture."""
    return np.frombuffer(image.bits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)


def _put(colours: Bytes, into: Bytes) -> None:
    """Write (H, W, C) bytes as opaque pixels."""
    red, green, blue = (0, 1, 2) if colours.shape[2] >= 3 else (0, 0, 0)
    into[..., _R], into[..., _G], into[..., _B] = colours[..., red], colours[..., green], colours[..., blue]
    into[..., _A] = 255


def _put_broken(into: Bytes, values: Numbers) -> None:
    """Paint over pixels that have a value that is not finite."""
    finite = np.isfinite(values)
    if not finite.all():
        into[~np.all(finite, axis=2)] = _BROKEN_PIXEL
