"""The pixels of a data set's videos, read when they are looked at, the next ones ahead; memory is bounded.

Who looks waits for one sample and no more. Small samples come some at a time, since each has to be inflated from a
place before it; what is likely to be looked at next is read while nobody waits.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.archive import NpzFile, Wanted
from inspector.audit.array_text import shape_text, size_text
from inspector.audit.arrays import Held
from inspector.audit.passes import TURNS
from inspector.checks.dataset import DataSet
from inspector.errors import ArchiveError, ReadStoppedError

SAMPLE_LIMIT = 512_000_000
"""Bytes that one video of a data set may take; a larger one is not read."""

CLIP_LIMIT = 256_000_000
"""Bytes of a file's only video that are read at once."""

AHEAD_BYTES = 16_000_000
"""How much is read ahead of where somebody looks, at most."""

_BLOCK = 1_000_000
_KEEP = 64_000_000
_ORDER = "NTHWC"

AnyArray = npt.NDArray[Any]


class Pixels:
    """Videos of one file by number; for use from any thread. Nothing is opened before it is needed.

    Every method that reads raises `ArchiveError`, and `ArchiveChangedError` if the file is no longer the one that was
    measured.

    Parameters
    ----------
    path
        The file that `dataset` was measured of.
    mtime_ns
        Of that file; negative when unknown.
    keep_bytes
        How much of what was read is kept, at most.
    block_bytes
        How much is read at once, at least one sample.
    """

    def __init__(
        self, path: str, dataset: DataSet, mtime_ns: int = -1, *, keep_bytes: int = _KEEP, block_bytes: int = _BLOCK
    ) -> None:
        self.path, self.mtime_ns, self.array, self.layout = path, mtime_ns, dataset.array, dataset.layout
        self._held = Held(path, mtime_ns)
        self._keep_bytes = keep_bytes
        self._kept: OrderedDict[int, AnyArray] = OrderedDict()  # the least lately used first
        self._gates: dict[int, threading.Lock] = {}
        self._lock = threading.Lock()
        axes, shape = self.layout.axes, self.layout.shape
        # What a row of the file is: a sample, a frame of the only one, or nothing of use by itself.
        self._row = "N" if axes[:1] == "N" else "T" if axes[:1] == "T" and "N" not in axes else ""
        self._row_bytes = math.prod(shape[1:]) * dataset.dtype.itemsize
        self._step = max(1, block_bytes // max(1, self._row_bytes) if self._row else len(self))

    def __len__(self) -> int:
        """How many videos there are."""
        return self.layout.samples

    @property
    def frames_at_once(self) -> int:
        """How many frames `sample` returns: all, unless the file's only video is larger than `CLIP_LIMIT`."""
        if self._row != "T":
            return self.layout.frames
        return min(self.layout.frames, max(1, CLIP_LIMIT // max(1, self._row_bytes)))

    @property
    def kept_bytes(self) -> int:
        """Size of what is kept in memory."""
        with self._lock:
            return sum(block.nbytes for block in self._kept.values())

    def close(self) -> None:
        """Let file and memory go; arrays that were read stay good, reading on is an ArchiveError."""
        self._held.close()
        with self._lock:
            self._keep_bytes = 0
            self._kept.clear()

    def sample(self, number: int) -> AnyArray:
        """One video.

        Returns
        -------
        array
            (T, H, W, C) in the file's dtype, C = 1 for grey; read-only. The first `frames_at_once` frames.

        Raises
        ------
        ArchiveError
            Also when there is no such sample, or it takes more than `SAMPLE_LIMIT` bytes.
        """
        return self.frames(number, 0, self.frames_at_once)

    @property
    def ahead(self) -> int:
        """How many samples are worth naming to `read_ahead`; at least one."""
        return max(1, AHEAD_BYTES // max(1, self._row_bytes)) if self._row == "N" else 1

    def read_ahead(self, numbers: Sequence[int], wanted: Wanted | None = None) -> None:
        """Have samples in memory before they are asked for, as far as `AHEAD_BYTES` go; those that are asked for first.

        Parameters
        ----------
        numbers
            The most likely first.
        wanted
            Asked now and then; what is not read by then is left.
        """
        blocks = dict.fromkeys(number // self._step if self._row == "N" else 0 for number in numbers)
        room = min(AHEAD_BYTES, self._keep_bytes) // max(1, self._step * self._row_bytes)
        for block in list(blocks)[: max(1, room)]:
            TURNS.give_way()
            try:
                self._read(block * self._step if self._row == "N" else 0, 0, self.frames_at_once, wanted)
            except ReadStoppedError:
                return

    def frames(self, number: int, first: int, stop: int, wanted: Wanted | None = None) -> AnyArray:
        """Some frames of one video, ``first`` to ``stop`` as a slice, shaped as of `sample`.

        Raises
        ------
        ReadStoppedError
            Once they are not wanted any more.
        """
        with TURNS.first():
            return self._read(number, first, stop, wanted)

    def _read(self, number: int, first: int, stop: int, wanted: Wanted | None) -> AnyArray:
        self._require(number)
        first, stop, _ = slice(first, stop).indices(self.layout.frames)
        stop = max(first, stop)
        if self._row != "T":
            video: AnyArray = self._block(number // self._step, wanted)[number % self._step]
            return video[first:stop]
        self._require_size((stop - first) * self._row_bytes, f"frames {first} to {stop - 1}")
        block = first // self._step
        if stop <= (block + 1) * self._step:
            start = block * self._step
            part: AnyArray = self._block(block, wanted)[0, first - start : stop - start]
        else:
            part = self._canonical(self._npz().rows(self.array, first, stop, wanted))[0]
        return part

    def samples(self, numbers: Iterable[int]) -> Iterator[tuple[int, AnyArray]]:
        """Many videos in one pass over the file, for reports.

        Parameters
        ----------
        numbers
            In any order; nothing is read beyond the last of them.

        Yields
        ------
        number, array
            Ascending, each number once; arrays as of `sample`, in memory of their own.
        """
        wanted = sorted(set(numbers))
        for number in wanted:
            self._require(number)
        return self._pass(wanted)

    # --- reading ---------------------------------------------------------------------------------------------

    def _pass(self, wanted: list[int]) -> Iterator[tuple[int, AnyArray]]:
        member = self._npz().member(self.array) if wanted else None
        if member is None or self._row != "N":
            yield from ((number, _read_only(self.sample(number).copy())) for number in wanted)
        elif not member.compressed and not member.fortran:
            for number in wanted:
                yield number, self._canonical(self._npz().rows(self.array, number, number + 1))[0]
        else:
            done = 0
            for first, rows in self._npz().blocks(self.array):
                while done < len(wanted) and wanted[done] < first + len(rows):
                    yield wanted[done], _read_only(self._canonical(rows)[wanted[done] - first].copy())
                    done += 1
                if done == len(wanted):
                    return

    def _block(self, index: int, wanted: Wanted | None) -> AnyArray:
        """Rows ``index * step`` on, as (N, T, H, W, C); two threads that want the same ones read them once."""
        with self._lock:
            if (kept := self._kept.get(index)) is not None:
                self._kept.move_to_end(index)
                return kept
            gate = self._gates.setdefault(index, threading.Lock())
        with gate:
            with self._lock:
                if (kept := self._kept.get(index)) is not None:
                    return kept
            try:
                if self._row:
                    first = index * self._step
                    block = self._npz().rows(self.array, first, first + self._step, wanted)
                else:
                    block = self._npz().read(self.array, SAMPLE_LIMIT)
                block = self._canonical(block)
                with self._lock:
                    self._keep(index, block)
            finally:
                with self._lock:
                    self._gates.pop(index, None)
        return block

    def _keep(self, index: int, block: AnyArray) -> None:
        if block.nbytes > self._keep_bytes:
            return
        self._kept[index] = block
        size = sum(kept.nbytes for kept in self._kept.values())
        while size > self._keep_bytes:
            size -= self._kept.popitem(last=False)[1].nbytes

    def _npz(self) -> NpzFile:
        npz = self._held.npz()
        found = npz.member(self.array)
        if found.shape is not None and found.shape != self.layout.shape:
            raise ArchiveError(
                f"{self._place()}: expected shape {shape_text(self.layout.shape)} as measured, "
                f"found {shape_text(found.shape)}; audit it again"
            )
        return npz

    def _canonical(self, rows: AnyArray) -> AnyArray:
        """Rows of the file as (N, T, H, W, C), read-only; an axis that the file has not is of length 1."""
        axes = self.layout.axes
        ordered = rows.transpose([axes.index(axis) for axis in _ORDER if axis in axes])
        return _read_only(np.expand_dims(ordered, [k for k, axis in enumerate(_ORDER) if axis not in axes]))

    # --- refusing --------------------------------------------------------------------------------------------

    def _require(self, number: int) -> None:
        if not 0 <= number < len(self):
            raise ArchiveError(f"{self._place()}: expected a sample from 0 to {len(self) - 1}, found {number}")
        if self._row == "N":
            self._require_size(self._row_bytes, f"sample {number}")

    def _require_size(self, size: int, what: str) -> None:
        if size > SAMPLE_LIMIT:
            raise ArchiveError(
                f"{self._place()}: expected at most {size_text(SAMPLE_LIMIT)} for {what}, found {size_text(size)}"
            )

    def _place(self) -> str:
        return f"{self.path}: member '{self.array}'"


def first_samples(dataset: DataSet) -> tuple[int, ...]:
    """The first sample of each class, in the classes' order; of a data set without classes, its first sample."""
    found = tuple(figures.first for figures in dataset.classes)
    return found or ((0,) if dataset.layout.samples else ())


def _read_only(array: AnyArray) -> AnyArray:
    array.flags.writeable = False
    return array
