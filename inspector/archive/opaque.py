"""What a pickle's reader gets to see beside plain values, and how much of one is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something in a pickle that only code could rebuild.

    Attributes
    ----------
    name
        What unpickling would import for it, as in ``os.system``, or a few words in angle brackets.
    """

    name: str

    def __str__(self) -> str:
        return self.name if self.name.startswith("<") else f"<{self.name}>"


@dataclass(frozen=True, slots=True)
class PickleLimits:
    """How much of a pickle is worth decoding.

    Attributes
    ----------
    size, opcodes
        Bytes and instructions of the pickle.
    depth, items
        Of the value: nesting, and items counted wherever they appear.
    payload
        Characters and bytes of text and arrays, counted wherever they appear.
    """

    size: int = 64 << 20
    opcodes: int = 1_000_000
    depth: int = 60
    items: int = 200_000
    payload: int = 64 << 20


USUAL_LIMITS = PickleLimits()
