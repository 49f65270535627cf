"""What a pickle's values are while they are put together, and the plain values they become in the end."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from inspector.archive.opaque import Opaque, PickleLimits
from inspector.errors import PickledMemberError

INTEGER_BITS = 8192
"""Longer integers could not be printed: Python refuses beyond 4,300 digits."""

_ODD_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Named:
    """A callable or class that the pickle names; never looked up."""

    module: str
    name: str

    @property
    def full(self) -> str:
        """Both, as in ``os.system``."""
        return f"{self.module}.{self.name}"


class ByteText(str):
    """Python 2 text: bytes, each as the character of that number."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Mapping:
    """A dict to be; its keys are hashed only once they are known to be small and plain."""

    pairs: list[tuple[object, object]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Collection:
    """A set to be."""

    items: list[object]
    frozen: bool = False


@dataclass(slots=True, eq=False)
class Shell:
    """An array whose content comes later, or never; `kind` is its class."""

    kind: str = "numpy.ndarray"
    array: np.ndarray[Any, Any] | None = None
    shape: tuple[int, ...] = ()
    objects: list[object] | None = None


class Expansion:
    """Turns a pickle's values into fresh plain ones, counting every appearance, so that sharing cannot multiply."""

    def __init__(self, limits: PickleLimits) -> None:
        self._limits = limits
        self._items = 0
        self._payload = 0
        self._odd_keys = 0
        self._open: set[int] = set()

    def expand(self, value: object) -> object:
        """The plain value; PickledMemberError beyond a limit."""
        self._items += 1
        if self._items > self._limits.items:
            raise PickledMemberError(f"holds more than {self._limits.items:,} pickled items")
        plain = _PLAIN.get(type(value))
        if plain is not None:
            return plain(self, value)
        expand = _CONTAINERS.get(type(value))
        if expand is None:
            return self._leaf(value)
        if id(value) in self._open:
            return Opaque("<itself>")
        if len(self._open) >= self._limits.depth:
            raise PickledMemberError(f"holds pickled values nested deeper than {self._limits.depth}")
        self._open.add(id(value))
        result = expand(self, value)
        self._open.discard(id(value))
        return result

    def spend(self, size: int) -> None:
        """Count text or array bytes."""
        self._payload += size
        if self._payload > self._limits.payload:
            raise PickledMemberError(f"holds more than {self._limits.payload:,} bytes of pickled text and arrays")

    def _leaf(self, value: object) -> object:
        if isinstance(value, np.generic):
            self.spend(value.nbytes)
            return value
        if isinstance(value, Opaque):
            return value
        if isinstance(value, Named):
            return Opaque(value.full)
        return Opaque("numpy.dtype")

    def _same(self, value: Any) -> object:
        return value

    def _integer(self, value: int) -> object:
        if value.bit_length() > INTEGER_BITS:
            raise PickledMemberError(f"holds a pickled integer of {value.bit_length():,} bits")
        return value

    def _text(self, value: str | bytes) -> object:
        self.spend(len(value))
        return value

    def _byte_text(self, value: ByteText) -> object:
        self.spend(len(value))
        try:
            return value.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return str(value)

    def _bytearray(self, value: bytearray) -> object:
        self.spend(len(value))
        return bytes(value)

    def _list(self, value: list[object]) -> object:
        return [self.expand(item) for item in value]

    def _tuple(self, value: tuple[object, ...]) -> object:
        return tuple([self.expand(item) for item in value])

    def _dict(self, value: Mapping) -> object:
        result: dict[object, object] = {}
        for key, item in value.pairs:
            plain = self._hashable(self.expand(key))
            result[plain] = self.expand(item)
        return result

    def _set(self, value: Collection) -> object:
        items = [self._hashable(self.expand(item)) for item in value.items]
        return frozenset(items) if value.frozen else set(items)

    def _hashable(self, key: object) -> object:
        # Keys whose hashes an author can choose make a dict quadratic, so there may only be so many of them.
        if not isinstance(key, str | bytes) and not (isinstance(key, int) and key.bit_length() <= 64):
            self._odd_keys += 1
            if self._odd_keys > _ODD_KEYS:
                raise PickledMemberError(f"holds more than {_ODD_KEYS:,} pickled keys that are not text or integers")
        try:
            hash(key)
        except TypeError as error:
            raise PickledMemberError(f"is damaged: its pickle uses a {type(key).__name__} as a key") from error
        return key

    def _array(self, value: Shell) -> object:
        if value.array is not None:
            self.spend(value.array.nbytes)
            return value.array
        if value.objects is None:
            return Opaque(value.kind)
        if math.prod(value.shape) != len(value.objects):
            raise PickledMemberError(
                f"is damaged: its pickle has an array of shape {value.shape} with {len(value.objects):,} items"
            )
        if not value.shape:
            return self.expand(value.objects[0])
        return self._nest(value.shape, value.objects)

    def _nest(self, shape: Sequence[int], flat: list[object]) -> object:
        if len(shape) == 1:
            return [self.expand(item) for item in flat]
        self._items += shape[0]
        if self._items > self._limits.items:
            raise PickledMemberError(f"holds more than {self._limits.items:,} pickled items")
        step = math.prod(shape[1:])
        return [self._nest(shape[1:], flat[i * step : (i + 1) * step]) for i in range(shape[0])]


_PLAIN: dict[type, Callable[[Expansion, Any], object]] = {
    type(None): Expansion._same,
    bool: Expansion._same,
    float: Expansion._same,
    complex: Expansion._same,
    int: Expansion._integer,
    str: Expansion._text,
    bytes: Expansion._text,
    bytearray: Expansion._bytearray,
    ByteText: Expansion._byte_text,
}
_CONTAINERS: dict[type, Callable[[Expansion, Any], object]] = {
    list: Expansion._list,
    tuple: Expansion._tuple,
    Mapping: Expansion._dict,
    Collection: Expansion._set,
    Shell: Expansion._array,
}
