"""The frozen picture of a whole folder that its plots are painted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from inspector.gui.models.file_columns import COLUMNS, Floats
from inspector.gui.models.file_table import FileTable, Rows
from inspector.gui.models.rejudge import Bools, Flips
from inspector.gui.together import Groups
from inspector.profiles.model import Limits, Profile

_NO_GROUPS = Groups()
_N = TypeVar("_N", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class FolderView:
    """All files at one moment; arrays have one value a row, in order of arrival, and are not written to.

    Attributes
    ----------
    version
        Grows with each view.
    names
        As listed; may hold more than `rows` by now.
    rows
        Number of files, n.
    columns
        float64 (n,) by name of the measurement, NaN where a file has none. Records that come show here at once.
    status
        int8 (n,): `Status.rank` under the limits of `profile`, -1 while pending.
    governed
        bool (n,): files that `profile` judges, so that its limits move their verdicts.
    listed
        bool (n,): files that pass the list's filter.
    order
        int64 (m,): those, in listed order.
    selected
        Row of the selected file.
    brushed
        int64 (k,), ascending: files picked by a brush; None without one.
    classes
        Names of classes, sorted; empty where no labels were joined.
    class_of
        int32 (n,): index into `classes`, -1 for files without.
    picked_class
        Only this class is listed; None for all.
    profile
        The one whose limits can be moved, as it is now; None where no file was judged yet.
    original
        Its limits before any was moved.
    dragging
        A limit is being moved: no file was audited by it yet.
    stale
        Files that are audited again because a limit was moved.
    flips
        Verdicts under the limits as they are now, against those under `original`.
    groups
        Copies among the files.
    """

    version: int
    names: Sequence[str]
    rows: int
    columns: Mapping[str, Floats]
    status: npt.NDArray[np.int8]
    governed: Bools
    listed: Bools
    order: Rows
    selected: int | None
    brushed: Rows | None
    classes: tuple[str, ...]
    class_of: npt.NDArray[np.int32]
    picked_class: str | None
    profile: Profile | None
    original: Limits | None
    dragging: bool
    stale: int
    flips: Flips
    groups: Groups = _NO_GROUPS

    @property
    def edited(self) -> bool:
        """Whether any limit is another one than in the profile as it was loaded."""
        return self.profile is not None and self.profile.limits != self.original

    def limit(self, name: str) -> float:
        """A limit as it is now, NaN without a profile."""
        return np.nan if self.profile is None else float(getattr(self.profile.limits, name))

    def finite(self, metric: str) -> bool:
        """Whether any file has this figure."""
        column = self.columns.get(metric)
        return column is not None and bool(np.isfinite(column).any())

    def plotted(self) -> tuple[str, ...]:
        """Measurements that any file has: those with limits first, shares of seen points last."""
        names = (*COLUMNS, *(name for name in self.columns if name not in COLUMNS))
        return tuple(name for name in names if self.finite(name))


def folder_view(
    table: FileTable,
    version: int,
    profile: Profile | None,
    original: Profile | None,
    governed: Bools,
    flips: Flips,
    *,
    selected: int | None = None,
    dragging: bool = False,
    stale: int = 0,
    groups: Groups = _NO_GROUPS,
) -> FolderView:
    """The view of a table as it stands; what changes in place is copied."""
    listed = np.zeros(len(table), np.bool_)
    listed[table.order] = True
    brush = table.filter.rows
    return FolderView(
        version=version,
        names=table.names,
        rows=len(table),
        columns=table.columns,
        status=_frozen(table.status.copy()),
        governed=_frozen(governed),
        listed=_frozen(listed),
        order=_frozen(table.order.view()),
        selected=selected,
        brushed=None if brush is None else brush.rows,
        classes=table.classes,
        class_of=_frozen(table.class_of.copy()),
        picked_class=table.filter.label,
        profile=profile,
        original=None if original is None else original.limits,
        dragging=dragging,
        stale=stale,
        flips=flips,
        groups=groups,
    )


def _frozen(array: npt.NDArray[_N]) -> npt.NDArray[_N]:
    array.setflags(write=False)
    return array
