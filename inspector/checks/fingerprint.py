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
from inspector.checks.body_path import DEPTH, ROWS, BodyPaths, Gaps, known_points, paths_of
from inspector.checks.segments import Segments
from inspector.checks.tracks import Tracks
from inspector.profiles.model import Skeleton

Float = npt.NDArray[np.float32]

UNSURE = "crc32-"
"""How a content begins that only a checksum of 32 bits stands for."""

LEAST_FRAMES = 8
"""Fewer frames say too little: anything would be found to look like them."""

_LEAST_SEEN = 0.3
_MARKS, _FRAMES_PER_MARK = 16, 16
_HEADER = struct.Struct("<BBHIHHHf")  # version, rows of the path, layout, frames, step, samples, marks, unit
_VERSION = 1
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
        float32 (12, n): see `body_path.ROWS`. In units; y points down.
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


def poses_of(tracks: Tracks, skeleton: Skeleton | None) -> list[str | None]:
    """Each clip's path of the body as text for a record.

    Parameters
    ----------
    tracks
        float32; undetected points at (0, 0), or at (1, 0) once mirrored. The mask is not asked: a point that it hides
        mostly still has its place.

    Returns
    -------
    list of str or None
        Base64, about 1,000 characters for 4 s. None when the skeleton has no shoulders, the clip has fewer than
        `LEAST_FRAMES`, or hardly any frame shows them.
    """
    segments = tracks.segments
    texts: list[str | None] = [None] * len(segments)
    if skeleton is None or len(skeleton.points) != tracks.joints:
        return texts
    points, layout = _chosen(skeleton)
    if points is None:
        return texts
    picked = tracks.xy.take(points, axis=1)
    known = known_points(picked)
    seen = np.minimum.reduce(segments.count(known[1:3]), axis=0)
    wanted = (seen >= np.maximum(LEAST_FRAMES, _LEAST_SEEN * segments.lengths)).nonzero()[0]
    if not wanted.size:
        return texts
    with np.errstate(all="ignore"):  # what comes out of the other clips is not looked at
        gaps = Gaps(picked, known, segments)
        gaps.centre()
        marks = _marks(picked, segments)
        gaps.fill()
        paths = paths_of(picked, segments)
    for clip in wanted.tolist():
        if paths.fine[clip]:
            texts[clip] = _text(clip, layout, int(segments.lengths[clip]), paths, marks)
    return texts


def _text(clip: int, layout: int, frames: int, paths: BodyPaths, marks: _Marks) -> str:
    """What `read_poses` reads, of one clip."""
    places, chosen = paths.samples.slices[clip], slice(marks.begins[clip], marks.ends[clip])
    counts = frames, paths.steps[clip], places.stop - places.start, chosen.stop - chosen.start
    parts = (
        _HEADER.pack(_VERSION, ROWS, layout, *counts, paths.units[clip]),
        paths.ends[clip].tobytes(),
        paths.values[:, places].tobytes(),
        marks.hashes[chosen].tobytes(),
        marks.frames[chosen].tobytes(),
    )
    return binascii.b2a_base64(b"".join(parts), newline=False).decode()


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
    path *= depth / DEPTH
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


_GRID = np.float32(8192)
_HALF = np.float32(0.5)
_MIX = np.array(  # odd numbers drawn once; numpy's generators take longer to import than a clip to be measured
    [636084521587896255, 4566540637589769613, 1026153563517669807, 2905304767771275841, 2251692361343667563,
     486405741197237525, 3667122351078368575, 256966183101322213, 3111653317894442977]
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """Marks of clips: uint32 (m,) hashes and their frames; those of each clip begin and end at such places."""

    hashes: npt.NDArray[np.uint32]
    frames: npt.NDArray[np.uint32]
    begins: list[int]
    ends: list[int]


def _marks(picked: Float, segments: Segments) -> _Marks:
    """Hashes of each clip's frames with the least hashes, and which frames they are.

    That choice is the same in every piece of a clip, so that pieces have marks in common with it (Broder 1997).
    """
    hashes = _hashes(picked)
    order = np.concatenate([hashes[frames].argsort() for frames in segments.slices])
    ordered = hashes[order + segments.spread(segments.starts)]
    new = np.empty(segments.frames, dtype=bool)  # the same frame again says nothing more; the last is no loss
    np.not_equal(ordered[1:], ordered[:-1], out=new[:-1])
    new[segments.ends - 1] = False
    places = new.nonzero()[0]
    begins, ends = places.searchsorted(segments.starts), places.searchsorted(segments.ends)
    np.minimum(ends, begins + _MARKS + segments.lengths // _FRAMES_PER_MARK, out=ends)
    upper = (ordered[places] >> np.uint64(32)).astype("<u4")
    return _Marks(upper, order[places].astype("<u4"), begins.tolist(), ends.tolist())


def _hashes(picked: Float) -> npt.NDArray[np.uint64]:
    """Of each frame of points (2, 7, N), uint64 (N,): the same for a frame mirrored, or moved in the picture.

    Of nine lengths that stay, but for their sign, also where left and right are exchanged.
    """
    lengths = np.empty((9, picked.shape[2]), np.float32)
    np.subtract(picked[:, 1::2], picked[:, 2::2], out=lengths[:6].reshape(2, 3, -1))
    halves = picked[:, 1:3] * _HALF
    np.subtract(picked[:, 0], halves[:, 0], out=lengths[6:8])
    lengths[6:8] -= halves[:, 1]
    left_elbow, right_elbow, left_wrist, right_wrist = picked[1, 3:] * _HALF
    np.add(left_elbow, right_elbow, out=lengths[8])
    np.subtract(left_wrist, lengths[8], out=lengths[8])
    lengths[8] += right_wrist
    lengths *= _GRID
    np.abs(lengths, out=lengths)
    return (_MIX @ lengths.astype(np.int64)).view(np.uint64)
