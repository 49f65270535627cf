"""Rows of an array in Fortran order: gathered from every column, in bounded memory."""

from __future__ import annotations

import math

import numpy as np

from inspector.archive.npy import Array, Header
from inspector.archive.streams import Stream

_COLUMNS = 1 << 20


def fortran_rows(stream: Stream, header: Header, first: int, count: int) -> Array:
    """Rows ``first`` to ``first + count`` of an array whose first axis runs fastest.

    Each column holds a run of the rows asked for, so all of a deflated member is inflated (and most of a stored one
    read) however few they are; memory is the answer and about a megabyte, or one run where columns are longer.

    Returns
    -------
    array
        Shape ``(count, *header.shape[1:])``, in Fortran order.
    """
    item = header.dtype.itemsize
    column, run = header.shape[0] * item, count * item
    columns = math.prod(header.shape[1:])
    runs = np.empty((columns, run), np.uint8)
    if column > _COLUMNS:
        for index in range(columns if run else 0):
            stream.seek(header.start + index * column + first * item)
            stream.read_into(runs[index].data)
    elif runs.size:
        step = _COLUMNS // column
        whole = np.empty((min(step, columns), column), np.uint8)
        stream.seek(header.start)
        for index in range(0, columns, step):
            part = whole[: columns - index]
            stream.read_into(part.reshape(-1).data)
            runs[index : index + len(part)] = part[:, first * item : first * item + run]
    return np.ndarray((count, *header.shape[1:]), header.dtype, runs, order="F")
