"""What records say of the bodies in their clips, of all clips at once: arrays, not an object for each."""

from __future__ import annotations

import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from inspector.audit.across.paths import AXES, Paths
from inspector.checks.body_path import DEPTH
from inspector.checks.fingerprint import _HEADER, _VERSION

if TYPE_CHECKING:
    import numpy.typing as npt

    from inspector.audit.across.paths import Int

    Marks = npt.NDArray[np.uint32]
    Bytes = npt.NDArray[np.uint8]

_HEAD = np.dtype(
    {
        "names": ["version", "rows", "layout", "frames", "step", "samples", "marks", "unit"],
        "formats": ["u1", "u1", "<u2", "<u4", "<u2", "<u2", "<u2", "<f4"],
        "offsets": [0, 1, 2, 4, 8, 10, 12, 14],
        "itemsize": _HEADER.size,
    }
)
_CLIPS = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """Clips whose bodies are described, see `inspector.checks.fingerprint.Poses`.

    Attributes
    ----------
    number
        int64 (n,): of each clip among all, those without a description counted.
    layout
        int64 (n,): only paths of one layout can be compared.
    paths
        Of the n clips.
    marks, marked
        uint32 (K,): marks of all clips, one clip after the other, and the frame of each.
    held
        int64 (n,): how many marks a clip has.
    """

    number: Int
    layout: Int
    paths: Paths
    marks: Marks
    marked: Marks
    held: Int

    @classmethod
    def read(cls, texts: Sequence[object]) -> Self:
        """From records' ``poses``, one for each clip; what is no description is left out."""
        known = [(number, raw) for number, text in enumerate(texts) if (raw := _decoded(text)) is not None]
        size = np.array([len(raw) for _, raw in known], np.int64)
        first = np.cumsum(size) - size
        data = np.frombuffer(b"".join(raw for _, raw in known), np.uint8)
        head = _spans(data, first, _HEADER.size).view(_HEAD)[:, 0]
        samples, marks = head["samples"].astype(np.int64), head["marks"].astype(np.int64)
        fits = (head["version"] == _VERSION) & (head["rows"] == AXES) & (samples > 0)
        fits &= size == _HEADER.size + AXES * (4 + samples) + 8 * marks
        first, samples, marks, head = first[fits], samples[fits], marks[fits], head[fits]
        ends = first + _HEADER.size
        low, depth = _spans(data, ends, 4 * AXES).view("<f2").astype(np.float32).reshape(-1, 2, AXES).swapaxes(0, 1)
        flat = np.empty((int(samples.sum()), AXES), np.float32)
        at = 0
        for start in range(0, len(first), _CLIPS):
            some = slice(start, start + _CLIPS)
            clip, inner = _counted(samples[some])
            where = (ends[some] + 4 * AXES)[clip] + inner
            out = flat[at : at + len(clip)]
            out[:] = data[where[:, None] + samples[some][clip][:, None] * np.arange(AXES)]
            out *= (depth[some] / DEPTH)[clip]
            out += low[some][clip]
            at += len(clip)
        clip, inner = _counted(marks)
        where = (ends + AXES * (4 + samples))[clip] + 4 * inner
        paths = Paths(
            flat, np.cumsum(samples) - samples, samples, head["step"].astype(np.int64),
            head["frames"].astype(np.int64), head["unit"].astype(np.float32),
        )  # fmt: skip
        return cls(
            np.array([number for number, _ in known], np.int64)[fits],
            head["layout"].astype(np.int64),
            paths,
            _spans(data, where, 4).view("<u4")[:, 0],
            _spans(data, where + 4 * marks[clip], 4).view("<u4")[:, 0],
            marks,
        )

    def __len__(self) -> int:
        return len(self.number)

    def layouts(self) -> Iterator[Self]:
        """The clips of each layout."""
        known = np.unique(self.layout)
        if len(known) == 1:
            yield self
            return
        for layout in known:
            chosen = self.layout == layout
            clips, marks = np.repeat(chosen, self.paths.samples), np.repeat(chosen, self.held)
            samples = self.paths.samples[chosen]
            paths = Paths(
                self.paths.flat[clips], np.cumsum(samples) - samples, samples, self.paths.step[chosen],
                self.paths.frames[chosen], self.paths.unit[chosen],
            )  # fmt: skip
            yield type(self)(
                self.number[chosen],
                self.layout[chosen],
                paths,
                self.marks[marks],
                self.marked[marks],
                self.held[chosen],
            )


def _decoded(text: object) -> bytes | None:
    if not isinstance(text, str):
        return None
    try:
        raw = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None
    return raw if len(raw) >= _HEADER.size + 4 * AXES else None


def _spans(data: Bytes, first: Int, size: int) -> Bytes:
    """uint8 (n, size): so many bytes from each place on."""
    out: Bytes = data[first[:, None] + np.arange(size)]
    return out


def _counted(counts: Int) -> tuple[Int, Int]:
    """For groups of so many things: the group of each thing, and its number in there."""
    group = np.repeat(np.arange(len(counts)), counts)
    return group, np.arange(len(group)) - np.repeat(np.cumsum(counts) - counts, counts)
