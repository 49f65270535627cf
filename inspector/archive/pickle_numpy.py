"""numpy's dtypes, scalars and arrays out of a pickle, by the state that numpy pickles them with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from inspector.archive.damage import DamageError
from inspector.archive.npy import MAX_DIMENSIONS, Array, array_bytes, checked_values, plain_dtype
from inspector.archive.pickle_values import Mapping, Shell
from inspector.errors import PickledMemberError

_DEPTH = 16
_LEAVES = 10_000


@dataclass(slots=True, eq=False)
class DtypeShell:
    """A dtype as ``numpy.dtype(code, align, copy)`` starts it; `build` completes it.

    `depth` and `leaves` bound how far structures nest: numpy walks them recursively.
    """

    code: str
    dtype: np.dtype[Any] | None = None
    depth: int = 0
    leaves: int = 1

    def resolved(self) -> np.dtype[Any]:
        """The dtype, in native order if nothing more was said."""
        if self.dtype is None:
            self.dtype = _plain(self.code)
        return self.dtype

    def build(self, state: object) -> None:
        """Take the state ``(version, byte order, subdtype, names, fields, itemsize, alignment, flags[, metadata])``."""
        if not isinstance(state, tuple) or len(state) not in (8, 9) or state[0] not in (3, 4):
            raise _odd("dtype state")
        _, order, part, names, fields, itemsize, *_ = state
        order = _text(order)
        if part is not None:
            self.dtype = self._repeated(part)
        elif names is not None:
            self.dtype = self._structure(names, fields, itemsize)
        elif self.code[:1] in ("M", "m"):
            self.dtype = _plain(order + self.code + _unit(state[8] if len(state) == 9 else None))
        else:
            self.dtype = _plain(order + self.code)

    def _repeated(self, part: object) -> np.dtype[Any]:
        if not isinstance(part, tuple) or len(part) != 2 or not isinstance(part[0], DtypeShell):
            raise _odd("subdtype")
        self._hold(part[0])
        dims = _dims(part[1])
        array_bytes(dims, part[0].resolved().itemsize)
        return np.dtype((part[0].resolved(), dims))

    def _structure(self, names: object, fields: object, itemsize: object) -> np.dtype[Any]:
        if not isinstance(names, tuple) or not isinstance(fields, Mapping) or type(itemsize) is not int:
            raise _odd("structure")
        placed: dict[str, tuple[np.dtype[Any], int]] = {}
        self.leaves = 0
        for name, place in fields.pairs:
            if not isinstance(place, tuple) or len(place) not in (2, 3) or not isinstance(place[0], DtypeShell):
                raise _odd("field")
            if type(place[1]) is not int:
                raise _odd("field offset")
            self._hold(place[0])
            placed[_text(name)] = (place[0].resolved(), place[1])
        texts = [_text(name) for name in names]
        parts: dict[str, Any] = {
            "names": texts,
            "formats": [placed[name][0] for name in texts],
            "offsets": [placed[name][1] for name in texts],
            "itemsize": itemsize,
        }
        return cast("np.dtype[Any]", np.dtype(cast("Any", parts)))

    def _hold(self, inner: DtypeShell) -> None:
        self.depth = max(self.depth, inner.depth + 1)
        self.leaves += inner.leaves
        if self.depth > _DEPTH or self.leaves > _LEAVES:
            raise PickledMemberError("holds a pickled numpy dtype that is nested too deeply")


def new_dtype(args: tuple[object, ...]) -> DtypeShell:
    """``numpy.dtype(code, align, copy)``."""
    if not args:
        raise _odd("dtype")
    return DtypeShell(_text(args[0]))


def scalar(args: tuple[object, ...]) -> object:
    """``numpy.core.multiarray.scalar(dtype, bytes)``; of dtype object, the object itself."""
    dtype = _dtype(args[0] if args else None)
    if dtype.hasobject:
        return args[1] if len(args) == 2 else None
    return _array((), dtype, args[1] if len(args) == 2 else b"", "C")[()]


def from_buffer(args: tuple[object, ...]) -> Shell:
    """``numpy.core.numeric._frombuffer(buffer, dtype, shape, order[, axes])``."""
    if len(args) < 4 or (len(args) > 4 and args[4] is not None):
        raise _odd("buffer")
    return Shell(array=_array(_dims(args[2]), _dtype(args[1]), args[0], _text(args[3])))


def build_array(shell: Shell, state: object) -> None:
    """Complete ``_reconstruct`` by the state ``([version,] shape, dtype, is Fortran, bytes or list)``."""
    if not isinstance(state, tuple) or len(state) not in (4, 5) or not isinstance(state[-3], DtypeShell):
        if shell.kind == "numpy.ndarray":
            raise _odd("array state")
        return  # a subclass may have a state of its own
    shape, _, fortran, content = state[-4:]
    dims, dtype = _dims(shape), state[-3].resolved()
    if dtype.hasobject:
        if not isinstance(content, list):
            raise _odd("array of objects")
        shell.shape, shell.objects = dims, content
    else:
        shell.array = _array(dims, dtype, content, "F" if fortran else "C")


def _array(shape: tuple[int, ...], dtype: np.dtype[Any], content: object, order: str) -> Array:
    if isinstance(content, str):  # bytes that protocols below 3 or Python 2 wrote as text
        content = content.encode("latin-1")
    if not isinstance(content, bytes | bytearray) or dtype.hasobject or order not in ("C", "F"):
        raise _odd("array content")
    expected = array_bytes(shape, dtype.itemsize)
    if expected != len(content):
        raise PickledMemberError(
            f"is damaged: its pickle has an array of shape {shape}, {expected:,} bytes, but {len(content):,} of content"
        )
    return checked_values(np.ndarray(shape, dtype, content, order="F" if order == "F" else "C"))


def _dtype(value: object) -> np.dtype[Any]:
    if not isinstance(value, DtypeShell):
        raise _odd("dtype")
    return value.resolved()


def _dims(value: object) -> tuple[int, ...]:
    dims = value if isinstance(value, tuple) else (value,)
    if len(dims) > MAX_DIMENSIONS or not all(type(length) is int and 0 <= length < 1 << 63 for length in dims):
        raise _odd("shape")
    array_bytes(dims, 1)
    return dims


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if not isinstance(value, str):
        raise _odd("name")
    return str(value)


def _unit(metadata: object) -> str:
    if metadata is None:
        return ""
    if not isinstance(metadata, tuple) or len(metadata) != 2 or not isinstance(metadata[1], tuple):
        raise _odd("time unit")
    unit, count, *_ = (*metadata[1], 1, 1)
    if type(count) is not int:
        raise _odd("time unit")
    name = _text(unit)
    return "" if name == "generic" else f"[{count}{name}]"


def _plain(text: str) -> np.dtype[Any]:
    try:
        return plain_dtype(text)
    except DamageError as error:
        raise PickledMemberError(f"is damaged: its pickle {error}") from error


def _odd(what: str) -> PickledMemberError:
    return PickledMemberError(f"is damaged: its pickle has a numpy {what} that numpy never writes")
