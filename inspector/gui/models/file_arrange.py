"""Which rows of the file table are listed, and where: worked out from columns as they were, on any thread. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.gui.models.file_filter import Filter
from inspector.gui.models.file_names import fold
from inspector.gui.models.name_order import Names, Rows

Bools = npt.NDArray[np.bool_]
Key = npt.NDArray[np.int16] | npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Arranged:
    """An order of rows.

    Attributes
    ----------
    order
        int64 (m,): listed rows, in listed order.
    where
        int64 (n,): place of each row, -1 for those that are not listed.
    by_name
        int64 (n,): all rows by name.
    """

    order: Rows
    where: Rows
    by_name: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """What an order is worked out from. Verdicts that come meanwhile may show or not: another order follows them.

    Attributes
    ----------
    names
        Of the n rows.
    by_name
        int64 (k,): the first k of them by name, from before.
    filter, status, class_of
        What is to be listed; int8 (n,) and int32 (n,).
    label
        Number of the class that is to be listed; None for all.
    with_code
        Gives the rows with findings of the filter's code, bool (n,).
    key
        Gives the sort key, int16 or float64 (n,); None sorts by name alone. Files whose key is NaN are last either way.
    descending
        The largest first. Equal rows stay by name; by name alone, the list is turned around.
    """

    names: Names
    by_name: Rows
    filter: Filter
    status: npt.NDArray[np.int8]
    class_of: npt.NDArray[np.int32]
    label: int | None
    with_code: Callable[[], Bools]
    key: Callable[[], Key] | None
    descending: bool

    def run(self) -> Arranged:
        """Work it out; a million names that were never sorted take half a second, anything else a tenth of that."""
        rows = by_name = self.names.order(self.by_name)
        if (keep := self._passing()) is not None:
            rows = rows[keep[rows]]
        if self.key is not None:
            key = self.key()[rows]
            rows = rows[
                np.argsort(-key if self.descending else key, kind="stable")
            ]  # a radix sort where it has 16 bits
        elif self.descending:
            rows = rows[::-1]
        where = np.full(len(self.names), -1, np.int64)
        where[rows] = np.arange(len(rows))
        return Arranged(rows, where, by_name)

    def _passing(self) -> Bools | None:
        asked, kept = self.filter, []
        if asked.statuses is not None:
            kept.append(np.isin(self.status, list(asked.statuses)))
        if asked.code:
            kept.append(self.with_code())
        if needle := fold(asked.text.strip()):
            kept.append(self.names.containing(needle.encode("utf-8", "surrogatepass")))
        if asked.rows is not None:
            found = np.zeros(len(self.names), np.bool_)
            found[asked.rows.rows[asked.rows.rows < len(found)]] = True
            kept.append(found)
        if self.label is not None:
            kept.append(self.class_of == self.label)
        return np.logical_and.reduce(kept) if kept else None


def gap(old: Rows, new: Rows) -> int | None:
    """Where all that is only in the new order stands together, between rows that stay as they were; else None."""
    differs = np.flatnonzero(old != new[: len(old)])
    at = int(differs[0]) if differs.size else len(old)
    return at if np.array_equal(old[at:], new[at + len(new) - len(old) :]) else None
