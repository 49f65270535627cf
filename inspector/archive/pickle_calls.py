"""What our own code does in the place of the few callables that plain values are pickled with."""

from __future__ import annotations

from collections.abc import Callable

from inspector.archive import pickle_numpy
from inspector.archive.opaque import Opaque
from inspector.archive.pickle_values import Collection, Mapping, Named, Shell
from inspector.errors import PickledMemberError

Args = tuple[object, ...]

MOST_ARGUMENTS = 9
_ITEM = 100


def as_pairs(values: list[object]) -> list[tuple[object, object]]:
    """Keys and values in turn, as pairs."""
    if len(values) % 2:
        raise PickledMemberError("is damaged: its pickle has a key without a value")
    return list(zip(values[::2], values[1::2], strict=True))


def cost(values: Args) -> int:
    """What handling a few values costs, in bytes: of an item of a container, as much as of a hundred."""
    total = 0
    for value in values:
        if isinstance(value, str | bytes | bytearray):
            total += len(value)
        elif isinstance(value, list | tuple):
            total += _ITEM * len(value)
        elif isinstance(value, Collection):
            total += _ITEM * len(value.items)
        elif isinstance(value, Mapping):
            total += _ITEM * len(value.pairs)
    return total + _ITEM


def _encode(args: Args) -> object:
    text, encoding = (*args, "utf-8")[:2] if args else ("", "utf-8")
    if not isinstance(text, str) or not isinstance(encoding, str) or encoding not in ("latin1", "latin-1", "utf-8"):
        return Opaque("_codecs.encode")
    return text.encode(encoding)


def _bytes(args: Args) -> object:
    if len(args) == 2 and isinstance(args[0], str):
        return _encode(args)
    if not args:
        return b""
    return bytes(args[0]) if isinstance(args[0], bytes | bytearray) else Opaque("builtins.bytes")


def _items(args: Args) -> list[object]:
    if not args:
        return []
    source = args[0]
    if isinstance(source, list | tuple):
        return list(source)
    if isinstance(source, Collection):
        return list(source.items)
    raise PickledMemberError("is damaged: its pickle makes a collection of what is none")


def _mapping(args: Args) -> Mapping:
    if args and isinstance(args[0], Mapping):
        return Mapping(list(args[0].pairs))
    flat: list[object] = []
    for pair in _items(args):
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise PickledMemberError("is damaged: its pickle makes a dict of what are no pairs")
        flat += pair
    return Mapping(as_pairs(flat))


def _complex(args: Args) -> object:
    real, imaginary = (*args, 0.0)[:2] if args else (0.0, 0.0)
    if isinstance(real, int | float) and isinstance(imaginary, int | float):
        return complex(real, imaginary)
    return Opaque("builtins.complex")


def _instance(args: Args) -> object:
    """What protocols 0 and 1 call to make an instance of a class, their first argument."""
    kind = args[0] if args else None
    return Opaque(kind.full if isinstance(kind, Named) else "copyreg._reconstructor")


def _reconstruct(args: Args) -> object:
    kind = args[0] if args else None
    if not isinstance(kind, Named):
        return Opaque("numpy.ndarray")
    return Shell(kind.full)


CALLS: dict[tuple[str, str], Callable[[Args], object]] = {
    ("_codecs", "encode"): _encode,
    ("builtins", "bytes"): _bytes,
    ("builtins", "bytearray"): _bytes,
    ("builtins", "complex"): _complex,
    ("builtins", "dict"): _mapping,
    ("builtins", "list"): _items,
    ("builtins", "tuple"): lambda args: tuple(_items(args)),
    ("builtins", "set"): lambda args: Collection(_items(args)),
    ("builtins", "frozenset"): lambda args: Collection(_items(args), frozen=True),
    ("collections", "OrderedDict"): _mapping,
    ("collections", "defaultdict"): lambda _: Mapping(),
    ("copyreg", "_reconstructor"): _instance,
    ("numpy", "dtype"): pickle_numpy.new_dtype,
    ("numpy.core.multiarray", "scalar"): pickle_numpy.scalar,
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy.core.numeric", "_frombuffer"): pickle_numpy.from_buffer,
}
