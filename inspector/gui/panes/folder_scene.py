"""What all plots of a folder are drawn from: the view, the files' places from left to right, and how they look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from inspector.gui.panes.folder_dots import Layer, layers_of

if TYPE_CHECKING:
    from inspector.gui.folder_view import FolderView

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One picture of a folder; parts that stay are the same objects as in the scene before.

    Attributes
    ----------
    places
        int64 (n,): place of each file in list order.
    arranged
        Another number whenever places are other ones.
    by_value
        Whether each plot orders the files by its own figure instead.
    layers
        How the files look.
    """

    view: FolderView
    places: Rows
    arranged: int
    by_value: bool
    layers: tuple[Layer, ...]


class Stage:
    """Makes scenes, and finds out what of them stays."""

    def __init__(self) -> None:
        self._order = np.zeros(0, np.int64)
        self._looks = (b"", b"")
        self._arranged = 0
        self._scene: Scene | None = None

    def scene(self, view: FolderView, by_value: bool) -> Scene:
        """The next scene; arrays of the view may have changed in place since the last one."""
        before = self._scene
        places = self._places(view, before)
        looks = (view.status.tobytes(), view.listed.tobytes())
        if before is not None and looks == self._looks:
            layers = before.layers
        else:
            self._looks, layers = looks, layers_of(view.status, view.listed)
        if before is None or places is not before.places:
            self._arranged += 1
        self._scene = Scene(view, places, self._arranged, by_value, layers)
        return self._scene

    def _places(self, view: FolderView, before: Scene | None) -> Rows:
        """Places in the list as it was when it last held all files, so that a filter moves no dot; else by arrival."""
        if len(view.order) == view.rows:
            if before is not None and len(before.places) == view.rows and np.array_equal(self._order, view.order):
                return before.places
            self._order = view.order.copy()
            places = np.empty(view.rows, np.int64)
            places[self._order] = np.arange(view.rows)
            return places
        if before is not None and len(before.places) == view.rows:
            return before.places
        self._order = np.arange(view.rows)
        return self._order
