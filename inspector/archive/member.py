"""One member as the directory and its header describe it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from inspector.archive.npy import array_bytes


@dataclass(frozen=True, slots=True)
class Member:
    """One member, from the directory and its header alone.

    Attributes
    ----------
    name
        What it is asked for by: `filename` without ``.npy``, unless another member has that very name.
    shape, dtype, fortran
        From its .npy header; None, None and False where it has no readable one.
    size, packed
        Declared bytes, header included: inflated, and as they take place in the file.
    error
        Why it cannot be read, as it reads on after the member's name; None if nothing is known to be wrong.
        A member that is no .npy array and is not called so has neither shape nor error.
    """

    name: str
    filename: str
    shape: tuple[int, ...] | None
    dtype: np.dtype[Any] | None
    fortran: bool
    compressed: bool
    size: int
    packed: int
    error: str | None = None

    @property
    def pickled(self) -> bool:
        """Whether it holds Python objects, which numpy would unpickle and run."""
        return self.dtype is not None and self.dtype.hasobject

    @property
    def nbytes(self) -> int:
        """Bytes of the array in memory; of anything but a plain array, the member's declared size."""
        if self.shape is None or self.dtype is None or self.pickled:
            return self.size
        return array_bytes(self.shape, self.dtype.itemsize)
