"""Things that make themselves noticed when a pickle is executed."""

from __future__ import annotations

from typing import Any

EXECUTED: list[object] = []


def trip(*args: object) -> None:
    EXECUTED.append(args)


class Trap:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return trip, ("caught",)
