"""The .npy header: shape, dtype and order of an array, checked against the bytes that are really there.

Follows NEP 1 (numpy.lib.format), versions 1.0 to 3.0. Headers are never evaluated.
"""

from __future__ import annotations

import functools
import math
import re
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from inspector.archive.damage import DamageError

MAGIC = b"\x93NUMPY"
MAX_HEADER = 1 << 20
MAX_DIMENSIONS = 32 if np.__version__.startswith("1.") else 64
_REPEATED = 256
MAX_EMPTY = 1 << 24
"""An array without a byte may still claim any number of rows; more than these are a lie that costs time."""

Buffer = bytes | bytearray | memoryview
Array = npt.NDArray[Any]

# What numpy writes for every plain dtype; anything else takes the slow way.
_USUAL = re.compile(
    rb"\{'descr': '([^'\\]{2,24})', 'fortran_order': (True|False), "
    rb"'shape': \((|\d{1,18},|\d{1,18}(?:, \d{1,18})+)\), ?\}[ \n]*"
)
_PLAIN = "fiub"  # kinds of which every value is fine
_TYPE = re.compile(
    r"[<>|=]?(?:[?bBhHiIlLqQefdgFDGSUVO]|[biufcSUVO]\d{1,9}|[mM]8(?:\[(?:[1-9]\d{0,8})?[A-Za-z]{1,2}\])?)", re.ASCII
)
_NAMES = frozenset(
    "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()
)


class Header(NamedTuple):
    """What an .npy member says of itself.

    Attributes
    ----------
    start
        Where its data begin, in bytes from the member's start.
    nbytes
        Bytes of the array; of an object array, of its pointers, which the file does not hold.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool
    start: int
    nbytes: int

    @property
    def row_bytes(self) -> int:
        """Bytes of one step along the first axis, in C order."""
        return math.prod(self.shape[1:]) * self.dtype.itemsize


def header_end(prefix: Buffer, size: int) -> int:
    """Where the header ends in a member of `size` bytes, from its first 12 bytes (fewer only if it has no more)."""
    if bytes(prefix[:6]) != MAGIC:
        raise DamageError(f"is not an .npy array: it starts with the bytes {bytes(prefix[:8]).hex(' ') or '(none)'}")
    if len(prefix) < 12:
        raise DamageError(f"has only {size:,} bytes, too few for an .npy header")
    major, minor = prefix[6], prefix[7]
    if major not in (1, 2, 3) or minor != 0:
        raise DamageError(f"is an .npy array of version {major}.{minor}; versions 1.0, 2.0 and 3.0 are read")
    end = 10 + int.from_bytes(prefix[8:10], "little") if major == 1 else 12 + int.from_bytes(prefix[8:12], "little")
    if end > size:
        raise DamageError(f"declares an .npy header up to byte {end:,}, but has only {size:,} bytes")
    if end > MAX_HEADER:
        raise DamageError(f"declares an .npy header of {end:,} bytes; at most {MAX_HEADER:,} are read")
    return end


def parse_header(prefix: Buffer, size: int) -> Header:
    """Read and check the header of a member of `size` bytes.

    Parameters
    ----------
    prefix
        The member's bytes, at least up to `header_end`.

    Raises
    ------
    DamageError
        If it is no .npy header, or declares another number of bytes than follow.
    """
    header = _known_header(prefix)
    if header is None:
        start = header_end(prefix, size)
        if len(prefix) < start:
            raise DamageError(f"ends inside its .npy header: {len(prefix):,} of {start:,} bytes")
        header = _parse(bytes(prefix[:start]))
    start = header.start
    if header.nbytes != size - start and not header.dtype.hasobject:
        raise DamageError(
            f"declares shape {header.shape} of {_described(header.dtype)}, {header.nbytes:,} bytes, "
            f"but holds {size - start:,}"
        )
    return header


def array_bytes(shape: tuple[int, ...], itemsize: int) -> int:
    """Bytes of an array, or DamageError where numpy could not have such a shape."""
    if len(shape) > MAX_DIMENSIONS:
        raise DamageError(f"declares {len(shape)} dimensions; at most {MAX_DIMENSIONS} are possible")
    solid = math.prod(length or 1 for length in shape)
    total = math.prod(shape) * itemsize
    if solid * max(itemsize, 1) >= 1 << 63 or (total == 0 and solid > MAX_EMPTY):
        raise DamageError(f"declares the impossible shape {shape} of {itemsize}-byte items")
    return total


@functools.lru_cache(maxsize=256)
def plain_dtype(text: str) -> np.dtype[Any]:
    """The dtype of a type string such as ``<f4``; a list of what is allowed, as `numpy.dtype` takes far more."""
    if _TYPE.fullmatch(text) is None and text not in _NAMES:
        raise DamageError(f"declares the unknown dtype {text[:40]!r}")
    try:
        dtype = np.dtype(text)
    except (TypeError, ValueError, OverflowError) as error:
        raise DamageError(f"declares the impossible dtype {text[:40]!r}") from error
    if dtype.itemsize < 0:
        raise DamageError(f"declares the impossible dtype {text[:40]!r}")
    return dtype


def as_array(buffer: Buffer | Array, header: Header) -> Array:
    """The array in `buffer`, which holds the member from its start; no copy unless its data lie unaligned."""
    shape, dtype, fortran, start, _ = header
    array: Array = np.ndarray(shape, dtype, buffer, start, order="F" if fortran else "C")
    if not array.flags.aligned:
        array = array.copy(order="K")
    return array if dtype.kind in _PLAIN else checked_values(array)


def checked_values(array: Array) -> Array:
    """The array itself, or DamageError if it holds values that numpy itself fails on, as by printing them."""
    dtype = array.dtype
    if dtype.kind in _PLAIN:
        return array
    if dtype.kind == "U" and array.size and dtype.itemsize:
        points: Array = array.ravel(order="K").view(f"{dtype.byteorder}u4")
        if int(points.max()) > 0x10FFFF:
            raise DamageError("holds text with impossible characters, beyond U+10FFFF")
    elif dtype.kind == "M" and np.datetime_data(dtype)[0] == "generic":
        if not np.isnat(array).all():
            raise DamageError("holds dates that do not say what they count, days or seconds")
    elif dtype.names is not None and not dtype.hasobject:
        for name in dtype.names:
            checked_values(array[name])
    return array


def _described(dtype: np.dtype[Any]) -> str:
    return f"a structure of {len(dtype.names)} fields" if dtype.names is not None else dtype.str


def _parse(text: bytes) -> Header:
    """The header in these bytes, from the magic to its end."""
    major = text[6]
    words = text[10 if major == 1 else 12 :]
    usual = _USUAL.fullmatch(words)
    if usual is not None:
        descr, order, dims = usual.groups()
        shape = tuple(map(int, dims.rstrip(b",").split(b","))) if dims else ()
        dtype, fortran = plain_dtype(descr.decode("latin-1")), order == b"True"
    else:
        shape, dtype, fortran = _unusual(words, "utf-8" if major == 3 else "latin-1")
    return Header(shape, dtype, fortran, len(text), array_bytes(shape, dtype.itemsize))


def _known_header(prefix: Buffer) -> Header | None:
    """The header of version 1.0 in these bytes, if it is whole and short: a folder's files have the same few."""
    if len(prefix) < 12 or prefix[6] != 1:
        return None
    end = 10 + prefix[8] + (prefix[9] << 8)
    return _parse_again(bytes(prefix[:end])) if 12 <= end <= _REPEATED and end <= len(prefix) else None


@functools.lru_cache(maxsize=2048)
def _parse_again(text: bytes) -> Header:
    header_end(text, len(text))
    return _parse(text)


def _unusual(text: bytes, encoding: str) -> tuple[tuple[int, ...], np.dtype[Any], bool]:
    from inspector.archive.literal import parse_literal  # few files need it

    try:
        found = parse_literal(text.decode(encoding))
    except UnicodeDecodeError as error:
        raise DamageError("has an .npy header that is not UTF-8") from error
    if not isinstance(found, dict) or found.keys() != {"descr", "fortran_order", "shape"}:
        raise DamageError("has an .npy header without exactly the keys descr, fortran_order and shape")
    shape, fortran = found["shape"], found["fortran_order"]
    if not isinstance(shape, tuple) or not all(type(length) is int and length >= 0 for length in shape):
        raise DamageError(f"declares {str(shape)[:80]!r} as its shape, not a tuple of lengths")
    if not isinstance(fortran, bool):
        raise DamageError(f"declares {str(fortran)[:80]!r} as its fortran_order, not True or False")
    try:
        return shape, _dtype(found["descr"]), fortran
    except (TypeError, ValueError, OverflowError) as error:
        raise DamageError(f"declares the impossible dtype {str(found['descr'])[:80]}") from error


def _dtype(descr: object) -> np.dtype[Any]:
    """A dtype from numpy's description: a type string, or a list of (name, description[, shape])."""
    if isinstance(descr, str):
        return plain_dtype(descr)
    if not isinstance(descr, list):
        raise TypeError(descr)
    names: list[str] = []
    formats: list[np.dtype[Any]] = []
    offsets: list[int] = []
    titles: list[str | None] = []
    offset = 0
    for field in descr:
        if not isinstance(field, tuple) or len(field) not in (2, 3):
            raise TypeError(field)
        title, name = field[0] if isinstance(field[0], tuple) and len(field[0]) == 2 else (None, field[0])
        if not isinstance(name, str) or not isinstance(title, str | None):
            raise TypeError(field)
        dtype = _dtype(field[1])
        if len(field) == 3:
            dims = field[2] if isinstance(field[2], tuple) else (field[2],)
            if not all(type(length) is int and length >= 0 for length in dims):
                raise TypeError(field)
            dtype = np.dtype((dtype, dims))
        # numpy writes the gaps of an aligned structure as nameless bytes.
        if name != "" or dtype.kind != "V" or dtype.names is not None:
            names.append(name)
            formats.append(dtype)
            offsets.append(offset)
            titles.append(title)
        offset += dtype.itemsize
    parts: dict[str, Any] = {"names": names, "formats": formats, "offsets": offsets, "itemsize": offset}
    if any(title is not None for title in titles):
        parts["titles"] = titles
    return cast("np.dtype[Any]", np.dtype(cast("Any", parts)))
