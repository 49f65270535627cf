"""Files together: their copies, what a look across them adds to their records, and showing copies side by side."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from inspector.audit.record import Record
from inspector.checks.finding import Finding
from inspector.gui.copies import Copies
from inspector.gui.messages import MessageBus
from inspector.gui.models.file_table import PENDING
from inspector.gui.session_folder import FolderSession
from inspector.gui.state import judged_anew
from inspector.gui.tasks import Tasks
from inspector.gui.together import (
    CODES,
    Found,
    Groups,
    Lists,
    Look,
    is_missing,
    look,
    stated,
)

if TYPE_CHECKING:
    from inspector.audit.across import Across

ACROSS, MERGE = "across", "merge"
_CHUNK = 500


class CopiesSession(FolderSession):
    """Knows what files have in common, and with which of its copies the shown file is compared.

    Attributes
    ----------
    copies
        Groups of duplicates.
    across
        What the newest look found; None: nothing was looked at yet.
    lists
        Labels and splits that were given.
    """

    def __init__(self, tasks: Tasks, bus: MessageBus, parent: QObject | None = None) -> None:
        super().__init__(tasks, bus, parent)
        self.copies = Copies()
        self.across: Across | None = None
        self.lists = Lists()
        self._of_report = False
        self._look: Look | None = None
        self._said: dict[str, tuple[Finding, ...]] = {}  # by a report
        self._missing: tuple[Record, ...] = ()  # the last rows of the list
        self._tell = False  # say what lists brought
        self.audit.together = self._together
        self.audit.reported.connect(self._reported)
        self.audit.finished.connect(self.look_across)

    @Slot()
    def look_across(self) -> None:
        """Find what files have in common, once none is being audited."""
        table = self.files.table
        if self.audit.progress.busy or not len(table):
            return
        if not self.lists and self._look is None and table.status_counts()[PENDING] == len(table):
            return  # nothing to compare: of a million files that alone would take seconds
        root = "" if self._of_report else self.audit.root  # a report may lie anywhere
        work = partial(look, table.paths, table.records.frozen(), self.lists, root, dict(self._said), self._look)
        self._tasks.latest(ACROSS, work, self._looked)

    def forget_across(self) -> None:
        """Forget all that a look found: other files are to be opened."""
        self._drop_look()
        self._look, self.across, self.copies = None, None, Copies()
        self._said, self._missing = {}, ()
        self.folder.show_groups(Groups())
        self._show(replace(self._state, copies=()))

    @Slot(bool)
    def set_comparing(self, on: bool) -> None:
        """Show files beside their copies where they have any, or by themselves."""
        self._show(replace(self._state, comparing=on))

    @Slot(object)
    def pick_beside(self, paths: Sequence[str]) -> None:
        """Show these copies rather than others beside the shown file."""
        self._show(replace(self._state, beside=tuple(paths)))

    # --- inside ----------------------------------------------------------------------------------------------

    def _together(self, record: Record) -> Record:
        """A record that comes by itself, with what is known of its file beside others."""
        found: Found = self._said if self._look is None else self._look.findings
        mine = found.get(record.path, ())
        if not mine and (self._look is None or not any(finding.code in CODES for finding in record.findings)):
            return record
        if is_missing(record):
            return record
        from inspector.audit.across import with_across  # not before it is needed

        return with_across(record, mine)

    @Slot(object)
    def _reported(self, records: Sequence[Record]) -> None:
        self._said.update(stated(records))

    def _looked(self, found: Look | None) -> None:
        if found is None:
            return
        self._drop_look()
        self._look, self.across, self.copies = found, found.across, found.copies
        state = judged_anew(self._state, self._together)
        self._show(replace(state, copies=self.copies.of(state.path)))
        self.folder.show_groups(found.groups)
        if self._tell and found.words:
            self._bus.info(found.words)
        self._tell = False
        missing: tuple[Record, ...] = ()
        if found.appeared or found.missing != self._missing or self.audit.extra != len(found.missing):
            self.audit.withdraw()
            self._missing = () if found.appeared else found.missing  # else they are listed after what is still to come
            missing = self._missing
        self.audit.audit_more(found.appeared)
        if len(found.changed) or missing:
            paths = self.files.table.paths.at(found.changed)
            self._tasks.stream(MERGE, partial(_pieces, paths, missing), self._merge, _nothing)

    def _drop_look(self) -> None:
        self._tasks.drop(ACROSS)
        self._tasks.drop(MERGE)

    def _merge(self, pieces: list[str | Record]) -> None:
        """Take findings into the records of some files, as they are by now, and list some that are not there."""
        table = self.files.table
        paths = [piece for piece in pieces if isinstance(piece, str)]
        known = [table.records[row] for row in table.row_of.find(paths).tolist() if row >= 0]
        self.files.set_records([self._together(record) for record in known if record is not None])
        self.audit.list_missing([piece for piece in pieces if not isinstance(piece, str)])


def _pieces(
    paths: Sequence[str], missing: Sequence[Record], cancel: threading.Event
) -> Iterator[Sequence[str | Record]]:
    for pieces in (paths, missing):
        for start in range(0, len(pieces), _CHUNK):
            if cancel.is_set():
                return
            yield pieces[start : start + _CHUNK]


def _nothing() -> None:
    pass
