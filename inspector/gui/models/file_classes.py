"""Which class each file is of, by a table of labels. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from inspector.gui.models.file_columns import grown
from inspector.gui.models.file_names import Texts


class FileClasses:
    """A number a file; files that come later find theirs.

    Attributes
    ----------
    names
        Of the classes, sorted.
    """

    def __init__(self, size: int) -> None:
        self.names: tuple[str, ...] = ()
        self._labels: Mapping[str, str] = {}
        self._numbers = np.full(size, -1, np.int32)
        self._size = size

    @property
    def numbers(self) -> npt.NDArray[np.int32]:
        """Int32 (n,): index into `names`, -1 for files without a class."""
        return self._numbers[: self._size]

    def join(self, labels: Mapping[str, str], paths: Texts, numbers: npt.NDArray[np.int32] | None = None) -> None:
        """Give the files their labels, by path.

        Parameters
        ----------
        numbers
            What `class_numbers` gives for the first of them, worked out before on another thread.
        """
        self._labels = labels
        self.names = tuple(sorted(set(labels.values())))
        self._size = 0
        if numbers is not None:
            self._size = min(len(numbers), len(paths))
            self._numbers[: self._size] = numbers[: self._size]
        self.grow(paths)

    def grow(self, paths: Texts) -> None:
        """Make room for all of these files, the first of which are known."""
        first, self._size = self._size, len(paths)
        self._numbers = grown(self._numbers, self._size, -1)
        if self._labels and first < self._size:
            self._numbers[first : self._size] = class_numbers(self._labels, paths.at(range(first, self._size)))

    def shrink(self, size: int) -> None:
        """Forget the files from this one on."""
        self._numbers[size:] = -1
        self._size = size


def class_numbers(labels: Mapping[str, str], paths: Iterable[str]) -> npt.NDArray[np.int32]:
    """Which of the sorted labels each path has, int32 (n,), -1 for those without one."""
    number: dict[str | None, int] = {name: number for number, name in enumerate(sorted(set(labels.values())))}
    return np.fromiter((number.get(labels.get(path), -1) for path in paths), np.int32)
