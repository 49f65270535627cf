"""Copies of the shown file, and looking at them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from inspector.audit.record import Record
from inspector.gui.copies import Copies
from inspector.gui.messages import MessageBus
from inspector.gui.session_folder import FolderSession
from inspector.gui.tasks import Tasks

if TYPE_CHECKING:
    from inspector.audit.across import Across

ACROSS = "across"


class CopiesSession(FolderSession):
    """Knows the groups of duplicates, and whether and with which of its copies the shown file is compared."""

    def __init__(self, tasks: Tasks, bus: MessageBus, parent: QObject | None = None) -> None:
        super().__init__(tasks, bus, parent)
        self.copies = Copies()
        self._known = 0  # what the groups were told from
        self.audit.finished.connect(self.look_across)

    @Slot()
    def look_across(self) -> None:
        """Find the duplicates among the files that have a verdict."""
        records = [record for record in self.files.table.records if record is not None]
        self._tasks.latest(ACROSS, partial(_across, records, self._known), self._looked)

    def set_across(self, across: Across | None) -> None:
        """Take what a look across the open files found; None forgets it."""
        self._tasks.drop(ACROSS)
        self._known = 0
        self.copies = Copies(across)
        self._show(replace(self._state, copies=self.copies.of(self._state.path)))

    @Slot(bool)
    def set_comparing(self, on: bool) -> None:
        """Show files beside their copies where they have any, or by themselves."""
        self._show(replace(self._state, comparing=on))

    @Slot(object)
    def pick_beside(self, paths: Sequence[str]) -> None:
        """Show these copies rather than others beside the shown file."""
        self._show(replace(self._state, beside=tuple(paths)))

    def _looked(self, found: tuple[int, Across | None]) -> None:
        known, across = found
        if across is not None:
            self.set_across(across)
            self._known = known


def _across(records: Sequence[Record], known: int) -> tuple[int, Across | None]:
    """What files have in common, and a hash of what it was told from; None where that is `known`: only limits moved."""
    from inspector.audit.across import across  # not before it is needed

    now = hash(tuple((r.path, r.measurements.get("content"), r.measurements.get("poses")) for r in records)) or 1
    return now, None if now == known else across(records)
