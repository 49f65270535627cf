"""One array out of a file, as `.npy` or `.csv`: streamed, written under a temporary name and renamed."""

from __future__ import annotations

import contextlib
import csv
import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.lib.format as npy

from inspector.audit.array_text import AnyArray, plain_text
from inspector.audit.arrays import Job, Reader, shape_of
from inspector.errors import PickledMemberError, ReportError

FORMATS = (".npy", ".csv")

# A spreadsheet takes text that starts like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def save_array(npz: Reader, name: str, path: Path, job: Job | None = None) -> Path | None:
    """Write one array to a file of its own.

    ``.npy`` holds the same values, shape and dtype in C order. ``.csv`` has a header line and one line per row of the
    last axis: the indices of the other axes (``i0``, ``i1`` …), then the values (columns ``0`` … n-1, ``value``, or a
    structured type's fields), each written so that it reads back as the same value; text that a spreadsheet would
    take for a formula gets a leading apostrophe.

    Returns
    -------
    Path or None
        The written file; None when the job was stopped, and then nothing is left behind.

    Raises
    ------
    PickledMemberError
        For an object array: its values are Python objects, and writing them would need pickle.
    ReportError
        If the ending is neither, or the file cannot be written; an older file of that name is left as it was.
    """
    job = job or Job()
    writer: Callable[[Reader, str, BinaryIO, Job], None] | None
    writer = {".npy": _write_npy, ".csv": _write_csv}.get(path.suffix.lower())
    if writer is None:
        raise ReportError(f"{path.name}: expected a name ending in .npy or .csv")
    member = npz.member(name)
    if member.pickled:
        raise PickledMemberError(f"{name}: holds Python objects; they are not exported, for that would need pickle")
    shape_of(member)
    try:
        temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with temporary.open("wb") as out:
                writer(npz, name, out, job)
            if not job.is_stopped():
                temporary.replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
    except OSError as error:
        raise ReportError(f"{path}: could not be written: {error.strerror or error}") from error
    return None if job.is_stopped() else path


def _blocks(npz: Reader, name: str, job: Job) -> Iterator[tuple[int, AnyArray]]:
    rows = max(1, (npz.member(name).shape or (1,))[0])
    for first, block in npz.blocks(name):
        if job.is_stopped():
            return
        yield first, block
        job.fraction = min(1.0, (first + (len(block) if block.ndim else 1)) / rows)


def _write_npy(npz: Reader, name: str, out: BinaryIO, job: Job) -> None:
    shape, dtype = shape_of(npz.member(name))
    header = {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    try:
        npy.write_array_header_1_0(out, header)
    except ValueError:  # a structured type with more field names than version 1.0 has room for
        npy.write_array_header_2_0(out, header)
    for _, block in _blocks(npz, name, job):
        out.write(np.ascontiguousarray(block).tobytes())


def _write_csv(npz: Reader, name: str, out: BinaryIO, job: Job) -> None:
    shape, dtype = shape_of(npz.member(name))
    fields = list(dtype.names) if dtype.names and len(shape) <= 1 else None
    width = shape[-1] if len(shape) > 1 else 1
    columns = fields or (["value"] if len(shape) <= 1 else [str(i) for i in range(width)])
    outer = shape[:-1] if len(shape) > 1 else shape
    # newline="" and utf-8 through our own encoder: the csv module wants text, the file is bytes.
    line = _Line()
    rows = csv.writer(line, lineterminator="\n")
    rows.writerow([*(f"i{axis}" for axis in range(len(outer))), *map(_safe, columns)])
    out.write(line.take())
    inner = math.prod(outer[1:])
    for first, block in _blocks(npz, name, job):
        flat = block.reshape(-1, width) if len(shape) > 1 else block.reshape(-1)
        start = first * inner
        for offset, values in enumerate(flat):
            if not offset % 1000 and job.is_stopped():
                return
            index = np.unravel_index(start + offset, outer) if outer else ()
            rows.writerow([*map(int, index), *_texts(values, fields)])
            out.write(line.take())


def _texts(values: Any, fields: list[str] | None) -> list[str]:
    """One line's values: a row of an array, or a single scalar."""
    if fields is not None:
        return [_text(values[name]) for name in fields]
    if not isinstance(values, np.ndarray):
        return [_text(values)]
    # Python's own numbers read the same and are several times faster to write; float32 would gain digits.
    if values.dtype.kind in "biu" or values.dtype == np.float64:
        return list(map(repr, values.tolist()))
    return [_text(v) for v in values]


def _text(value: object) -> str:
    if isinstance(value, str | bytes):
        text = value if isinstance(value, str) else value.decode("utf-8", "backslashreplace")
        return _safe(text.encode("utf-8", "backslashreplace").decode("utf-8"))
    return plain_text(value)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


class _Line:
    """What `csv.writer` writes to, one line at a time."""

    def __init__(self) -> None:
        self._text = ""

    def write(self, text: str) -> int:
        self._text += text
        return len(text)

    def take(self) -> bytes:
        """The text since the last call, as UTF-8."""
        text, self._text = self._text, ""
        return text.encode("utf-8")
