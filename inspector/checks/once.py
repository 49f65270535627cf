"""Figures that are worked out when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - read as a decorator
    """A property that is worked out once.

    As `functools.cached_property`, which up to Python 3.11 takes a lock each time: a clip has twenty such figures, and
    one thread measures it.
    """

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, of: None, kind: type) -> Self: ...
    @overload
    def __get__(self, of: object, kind: type) -> T: ...
    def __get__(self, of: object | None, kind: type) -> Self | T:
        if of is None:
            return self
        value = of.__dict__[self._name] = self._work(of)  # found there before this is asked again
        return value
