"""What tells a clip from others, made while it is measured: its content, and a short description of the body's path.

Two clips with the same `content` hold the same points, visibility and times. `poses` lets near duplicates be found
without reading files again: it holds a few points of the body, seen from between the shoulders and in the body's own
size, and the marks of some of its frames.
"""

from __future__ import annotations

import base64
import binascii
import functools
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xxhash

from inspector.checks.arrays import AnyArray
from inspector.profiles.model import Skeleton

Float = npt.NDArray[np.float32]

UNSURE = "crc32-"
"""How a content begins that only a checksum of 32 bits stands for."""

LEAST_FRAMES = 8
"""Fewer frames say too little: anything would be found to look like them."""

_LEAST_SEEN = 0.3
_LONGEST_GAP = 10
_STEP = 3
_LEAST_SAMPLES = 40
_MOST_SAMPLES = 2048
_MARKS, _FRAMES_PER_MARK = 16, 16
_HEADER = struct.Struct("<BBHIHHHf")  # version, rows of the path, layout, frames, step, samples, marks, unit
_VERSION = 1
_GRID = np.float32(8192)
_DEPTH = np.float32(255)
_LEAST_DEPTH, _HALF = np.float32(1e-6), np.float32(0.5)
_MOST = 6e4**2  # what two bytes hold, squared
_SHOULDERS = np.array([10, 11, 22, 23])
_SKELETONS = 16
_NAMES = ("nose", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist")


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """The body's path, as `read_poses` finds it in a record.

    Attributes
    ----------
    layout
        Which points it was made of; only paths of one layout can be compared.
    frames
        How many the clip has.
    step
        Frames that were averaged for one sample.
    unit
        The body's size in the units of the clip's points: shoulder to shoulder plus nose to shoulders.
    path
        float32 (D, n): see `ROWS`. In units; y points down.
    marks
        uint32 (k,): hashes of frames, which are the same for a mirrored frame or one moved in the picture.
    marked
        uint32 (k,): the frame of each mark.
    """

    layout: int
    frames: int
    step: int
    unit: float
    path: Float
    marks: npt.NDArray[np.uint32]
    marked: npt.NDArray[np.uint32]


ROWS = ("nose", "left elbow", "right elbow", "left wrist", "right wrist")
"""Rows of a path are x of each of these, then y of each, from between the shoulders; then x and y of that place."""


def content_of(*arrays: AnyArray | None) -> str | None:
    """Hash over arrays with their shapes and types, 32 hex digits; None when all are absent or empty.

    Equal for files that hold the same arrays, whatever their compression, names or order.
    """
    digest = xxhash.xxh3_128()
    size = 0
    for array in arrays:
        if array is None:
            digest.update(b"-")
            continue
        if array.dtype.hasobject:
            return None
        size += array.size
        digest.update(_type_of(array.dtype))
        digest.update(str(array.shape).encode())
        if array.size:
            digest.update((array if array.flags.c_contiguous else np.ascontiguousarray(array)).data)
    return digest.hexdigest() if size else None


@functools.lru_cache(maxsize=64)
def _type_of(dtype: np.dtype[Any]) -> bytes:
    return dtype.str.encode()


def content_of_checksums(members: Iterable[tuple[str, int, int]], leave_out: str | None = None) -> str | None:
    """Content of a file that is not read for it, from the name, CRC-32 and size of each member; 32 characters.

    Begins with `UNSURE` where a single member says anything: 32 bits alone are the same by chance now and then.
    """
    known = sorted(member for member in members if member[0] != leave_out and member[2])
    if not known:
        return None
    content = xxhash.xxh3_128_hexdigest(repr(known).encode("utf-8", "surrogateescape"))
    return content if len(known) > 1 else UNSURE + content[len(UNSURE) :]


def poses_of(xy: Float, skeleton: Skeleton | None) -> str | None:
    """The body's path as text for a record.

    Parameters
    ----------
    xy
        float32 (2, J, T); undetected points at (0, 0), or at (1, 0) once mirrored. The mask is not asked: a point
        that it hides mostly still has its place.

    Returns
    -------
    str or None
        Base64, about 1,000 characters for 4 s. None when the skeleton has no shoulders, the clip has fewer than
        `LEAST_FRAMES`, or hardly any frame shows them.
    """
    frames = xy.shape[2]
    if skeleton is None or frames < LEAST_FRAMES or len(skeleton.points) != xy.shape[1]:
        return None
    points, layout = _chosen(skeleton)
    if points is None:
        return None
    picked = xy.take(points, axis=1)
    flat = picked.reshape(14, frames)  # the same memory
    if np.minimum.reduce(picked, axis=None) > 0:
        marks, marked = _marks(flat)
    else:
        known = _known_points(picked)
        seen = min(np.count_nonzero(known[1]), np.count_nonzero(known[2]))
        if seen < max(LEAST_FRAMES, _LEAST_SEEN * frames):
            return None
        gaps = _Gaps(picked, known)
        gaps.centre()
        marks, marked = _marks(flat)
        gaps.fill()
    step = max(1, min(_STEP, frames // _LEAST_SAMPLES), -(-frames // _MOST_SAMPLES))
    samples = frames // step
    if step > 1:  # as a product: numpy is slow to reduce an axis of two or three
        flat = (flat[:, : samples * step].reshape(-1, step) @ _mean_of(step)).reshape(14, samples)
    path = _TO_PATH @ flat
    across, path = path[12:], path[:12]
    across *= across
    sizes = across[0] + across[1]  # from shoulder to shoulder, squared
    np.sqrt(sizes, out=sizes)
    sizes += np.hypot(path[0], path[5])
    ordered = sizes.copy()
    ordered.sort()
    unit = float(ordered[samples // 2])
    if not 1e-6 < unit < 1e6:
        return None
    np.maximum(sizes, np.float32(unit / 20), out=sizes)
    path[:10] /= sizes  # each frame by its own: a piece of a clip has the same path as the clip there
    low = np.minimum.reduce(path, axis=1)
    path -= low[:, None]
    depth = np.maximum.reduce(path, axis=1)
    np.maximum(depth, _LEAST_DEPTH, out=depth)
    path *= (_DEPTH / depth)[:, None]
    path += _HALF
    ends = np.concatenate((low, depth))
    ends[_SHOULDERS] *= np.float32(1 / unit)
    if not np.vdot(ends, ends) < _MOST:
        return None
    stored = ends.astype("<f2")
    head = _HEADER.pack(_VERSION, 12, layout, frames, step, samples, len(marks), unit)
    body = (stored.tobytes(), path.astype(np.uint8).tobytes(), marks.tobytes(), marked.tobytes())
    return binascii.b2a_base64(b"".join((head, *body)), newline=False).decode()


def read_poses(text: object) -> Poses | None:
    """What `poses_of` wrote; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        raw = base64.b64decode(text, validate=True)
        version, rows, layout, frames, step, samples, marks, unit = _HEADER.unpack_from(raw)
    except (ValueError, struct.error):
        return None
    at = _HEADER.size
    if version != _VERSION or len(raw) != at + rows * (4 + samples) + 8 * marks:
        return None
    low, depth = np.frombuffer(raw, "<f2", 2 * rows, at).astype(np.float32).reshape(2, rows, 1)
    at += 4 * rows
    path = np.frombuffer(raw, np.uint8, rows * samples, at).reshape(rows, samples).astype(np.float32)
    path *= depth / _DEPTH
    path += low
    at += rows * samples
    hashes, marked = np.frombuffer(raw, "<u4", 2 * marks, at).reshape(2, marks)
    return Poses(layout, frames, step, unit, path, hashes, marked)


_known: dict[int, tuple[Skeleton, npt.NDArray[np.int64] | None, int]] = {}


def _chosen(skeleton: Skeleton) -> tuple[npt.NDArray[np.int64] | None, int]:
    """The points of a path, and 16 bits that are the same for skeletons which name them alike; found out once.

    By identity: to compare skeletons takes longer than all the rest.
    """
    found = _known.get(id(skeleton))
    if found is None or found[0] is not skeleton:
        points = _points(skeleton)
        names = "" if points is None else ",".join(skeleton.points[i] for i in points)
        found = _known[id(skeleton)] = skeleton, points, xxhash.xxh32_intdigest(names.encode()) & 0xFFFF
        if len(_known) > _SKELETONS:
            del _known[next(iter(_known))]
    return found[1:]


def _points(skeleton: Skeleton) -> npt.NDArray[np.int64] | None:
    """Indices of `_NAMES`; where the skeleton has other names, of points that serve as well, or None."""
    index = {name: place for place, name in enumerate(skeleton.points)}
    index.setdefault("nose", index.get("head", -1))
    if all(index.get(name, -1) >= 0 for name in _NAMES):
        return np.array([index[name] for name in _NAMES])
    if not skeleton.body:
        return None
    body = skeleton.body[0]
    others = [pair for pair in skeleton.pairs if not set(pair) & set(body)]
    paired = {point for pair in skeleton.pairs for point in pair}
    middle = next((p for p in range(len(skeleton.points)) if p not in paired and p not in body), None)
    if len(others) < 2 or middle is None:
        return None
    return np.array([middle, *body, *others[len(others) // 2], *others[-1]])


def _known_points(picked: Float) -> npt.NDArray[np.bool_]:
    """Which points (2, 7, T) were detected, bool (7, T)."""
    x, y = picked
    known: npt.NDArray[np.bool_] = np.isfinite(x) & np.isfinite(y) & ((y != 0) | ((x != 0) & (x != 1)))
    return known


class _Gaps:
    """Where points (2, 7, T) were not detected, and what lies on a straight way between the frames around.

    Both shoulders must have been detected in some frame. Beyond the first and last such frame a point stays.
    """

    def __init__(self, picked: Float, known: npt.NDArray[np.bool_]) -> None:
        frames = known.shape[1]
        self.flat = picked.reshape(2, -1)  # the same memory
        detected = known.reshape(-1)
        self.at, held = (~detected).nonzero()[0], detected.nonzero()[0]
        place = held.searchsorted(self.at)
        held = np.concatenate([_BEFORE_ALL, held, _AFTER_ALL])
        row = self.at // frames
        start = row * frames
        end = start + frames
        before, after = np.maximum(held.take(place), start - 1), np.minimum(held.take(place + 1), end)
        lengths = after - before
        self.short = lengths <= min(_LONGEST_GAP + 1, frames)  # of T + 1: never detected
        np.copyto(before, after, where=before < start)
        np.copyto(after, before, where=after == end)
        share = ((self.at - before) / np.maximum(after - before, 1)).astype(np.float32)
        self.values = self.flat.take(before, axis=1, mode="clip")
        ways = self.flat.take(after, axis=1, mode="clip")
        ways -= self.values
        ways *= share
        self.values += ways
        self.shoulders = slice(*row.searchsorted((1, 3)).tolist())
        self.short[self.shoulders] = False

    def centre(self) -> None:
        """Shoulders on their way, all else between them, in place."""
        flat, at, shoulders = self.flat, self.at, self.shoulders
        flat[:, at[shoulders]] = self.values[:, shoulders]
        frames = flat.shape[1] // 7
        middle = flat[:, frames : 2 * frames] + flat[:, 2 * frames : 3 * frames]
        middle /= 2
        for part in (at[: shoulders.start], at[shoulders.stop :]):
            if part.size:
                flat[:, part] = middle.take(part % frames, axis=1)

    def fill(self) -> None:
        """What was not detected for a moment on its way, in place."""
        if np.count_nonzero(self.short):
            self.flat[:, self.at[self.short]] = self.values[:, self.short]


_BEFORE_ALL, _AFTER_ALL = np.array([-1]), np.array([np.iinfo(np.int64).max])


@functools.lru_cache(maxsize=8)
def _mean_of(step: int) -> Float:
    """What takes the mean of so many values as a product."""
    return np.full(step, 1 / step, np.float32)


def _path_matrix() -> Float:
    """(14, 14): from x then y of `_NAMES` to the rows of a path, and shoulder from shoulder."""
    out = np.zeros((14, 14), np.float32)
    for axis in (0, 1):
        start = 7 * axis
        for row, point in enumerate((0, 3, 4, 5, 6)):
            out[5 * axis + row, start + point] = 1
            out[5 * axis + row, start + 1 : start + 3] = -0.5
        out[10 + axis, start + 1 : start + 3] = 0.5
        out[12 + axis, start + 1], out[12 + axis, start + 2] = 1, -1
    return out


def _mark_matrix() -> Float:
    """(9, 14): lengths that stay, but for their sign, in a frame mirrored, with left and right exchanged, or moved."""
    out = np.zeros((9, 14), np.float32)
    for row, (left, right) in enumerate(((1, 2), (3, 4), (5, 6))):
        out[row, left], out[row, right] = 1, -1
        out[3 + row, 7 + left], out[3 + row, 7 + right] = 1, -1
    out[6, 0], out[6, 1], out[6, 2] = 1, -0.5, -0.5
    out[7, 7], out[7, 8], out[7, 9] = 1, -0.5, -0.5
    out[8, 10], out[8, 11], out[8, 12], out[8, 13] = -0.5, -0.5, 0.5, 0.5
    return out * _GRID


_TO_PATH = _path_matrix()
_TO_MARKS = _mark_matrix()
_MIX = np.random.default_rng(0x5EED).integers(1 << 62, dtype=np.int64, size=9) | 1


def _marks(flat: Float) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Hashes of the frames with the least hashes, and which frames they are.

    That choice is the same in every piece of a clip, so that pieces have marks in common with it (Broder 1997).
    """
    lengths = _TO_MARKS @ flat
    np.abs(lengths, out=lengths)
    hashes = (_MIX @ lengths.astype(np.int64)).view(np.uint64)
    order = hashes.argsort()
    ordered = hashes[order]
    new = ordered[1:] != ordered[:-1]  # the same frame again says nothing more; the last is no loss
    least = order[:-1][new][: _MARKS + len(order) // _FRAMES_PER_MARK]
    return hashes[least].astype("<u8").view("<u4")[1::2], least.astype("<u4")  # the upper halves
