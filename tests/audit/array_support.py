"""Arrays in files, and a reader that hands them out in small pieces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import HealthCheck, settings
from hypothesis.extra import numpy as hnp

from inspector.archive import Member, NpzFile, Wanted, open_npz
from inspector.audit.array_stats import Statistics, statistics

AnyArray = npt.NDArray[Any]

SAFE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

NUMBERS = (
    hnp.integer_dtypes(endianness="?") | hnp.unsigned_integer_dtypes() | hnp.floating_dtypes() | hnp.boolean_dtypes()
)
SHAPES = hnp.array_shapes(min_dims=1, max_dims=4, max_side=6)


class Pieces:
    """A reader whose blocks are single rows, so that merging is what is tested."""

    def __init__(self, npz: NpzFile) -> None:
        self._npz = npz
        self.asked: list[tuple[int, int]] = []

    def member(self, name: str) -> Member:
        return self._npz.member(name)

    def read(self, name: str, limit: int | None = None) -> AnyArray:
        return self._npz.read(name, limit)

    def rows(self, name: str, start: int, stop: int, wanted: Wanted | None = None) -> AnyArray:
        self.asked.append((start, stop))
        return self._npz.rows(name, start, stop, wanted)

    def blocks(self, name: str, max_bytes: int = 1) -> Iterator[tuple[int, AnyArray]]:
        whole = self._npz.read(name)
        for first in range(len(whole)):
            yield first, whole[first : first + 1]


def saved(folder: Path, **content: Any) -> Path:
    path = folder / "some.npz"
    np.savez(path, **content)
    return path


def figures(path: Path, name: str = "a") -> Statistics:
    with open_npz(path) as npz:
        found = statistics(Pieces(npz) if npz.member(name).shape else npz, name)
    assert found is not None
    return found
