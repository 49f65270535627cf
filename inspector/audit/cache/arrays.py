"""Arrays as a few bytes and back, exact to the bit. Nothing is executed, and what does not add up is refused."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping

import msgspec
import numpy as np

from inspector.checks.arrays import AnyArray

_MOST_BYTES = 1 << 28
"""Of one array: no lie about a shape makes anybody hold more."""

_PLAIN, _SAME, _BITS, _STEPS, _COUNTS = range(5)
_SMALL = 255
_LEAST_STEP, _LARGEST_STEP = -(2**15), 2**15


class Packed(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """One array.

    Attributes
    ----------
    form
        0: its bytes; 1: one value that it is full of; 2: a bit for each truth value; 3: the first of whole numbers
        and the steps to the next ones, which are small; 4: small counts that are held as floats.
    """

    dtype: str
    shape: tuple[int, ...]
    form: int
    data: bytes


def pack(array: AnyArray) -> Packed:
    """Write an array of numbers or truth values."""
    raw = array.tobytes()
    size, width = array.size, array.itemsize
    if size > 1 and raw == raw[:width] * size:
        return Packed(array.dtype.str, array.shape, _SAME, raw[:width])
    kind = array.dtype.kind
    if kind == "b":
        return Packed(array.dtype.str, array.shape, _BITS, np.packbits(array).tobytes())
    if kind == "i" and width > 2 and array.ndim == 1 and size > 1 and array.dtype.isnative:
        steps = array[1:] - array[:-1]  # wraps around in both directions alike, so that it is exact whatever it holds
        if steps.min() >= _LEAST_STEP and steps.max() < _LARGEST_STEP:
            return Packed(array.dtype.str, array.shape, _STEPS, raw[:width] + steps.astype("<i2").tobytes())
    if kind == "f" and size and float(array.flat[0]).is_integer() and 0 <= array.min() <= array.max() <= _SMALL:
        counts = array.astype(np.uint8)
        if counts.astype(array.dtype).tobytes() == raw:
            return Packed(array.dtype.str, array.shape, _COUNTS, counts.tobytes())
    return Packed(array.dtype.str, array.shape, _PLAIN, raw)


def unpack(packed: Packed) -> AnyArray:
    """Read it back; the array may be read-only.

    Raises
    ------
    ValueError
        When shape, type and bytes do not belong together.
    """
    dtype = _dtype(packed.dtype)
    size = math.prod(packed.shape)
    if min(packed.shape, default=0) < 0 or size * dtype.itemsize > _MOST_BYTES:
        raise ValueError(f"no array of shape {packed.shape} was packed")
    array: AnyArray
    if packed.form == _PLAIN:
        array = np.frombuffer(packed.data, dtype)
    elif packed.form == _SAME:
        array = np.repeat(np.frombuffer(packed.data, dtype), size)
    elif packed.form == _BITS and dtype == np.bool_ and len(packed.data) == (size + 7) // 8:
        array = np.unpackbits(np.frombuffer(packed.data, np.uint8), count=size).view(np.bool_)
    elif packed.form == _COUNTS and dtype.kind == "f":
        array = np.frombuffer(packed.data, np.uint8).astype(dtype)
    elif packed.form == _STEPS and dtype.kind == "i" and dtype.isnative:
        first, steps = packed.data[: dtype.itemsize], packed.data[dtype.itemsize :]
        parts = np.frombuffer(first, dtype), np.frombuffer(steps, "<i2").astype(dtype)
        array = np.concatenate(parts).cumsum(dtype=dtype)
    else:
        raise ValueError(f"no array was packed in form {packed.form}")
    return array.reshape(packed.shape)


class Unpacked(Mapping[str, AnyArray]):
    """Packed arrays by name, each unpacked when it is first asked for: a verdict needs few of them."""

    def __init__(self, packed: Mapping[str, Packed]) -> None:
        self._packed = packed
        self._known: dict[str, AnyArray] = {}

    def __getitem__(self, name: str) -> AnyArray:
        array = self._known.get(name)
        if array is None:
            array = self._known[name] = unpack(self._packed[name])
        return array

    def __contains__(self, name: object) -> bool:
        return name in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


@functools.lru_cache(maxsize=64)
def _dtype(text: str) -> np.dtype[np.generic]:
    try:
        dtype: np.dtype[np.generic] = np.dtype(text)
    except TypeError as error:
        raise ValueError(str(error)) from error
    if dtype.kind not in "fiub" or dtype.str != text:
        raise ValueError(f"no array of type {text!r} was packed")
    return dtype
