"""What a user says of the files: their labels, and which split they are in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from inspector.gui.messages import MessageBus
from inspector.gui.models.name_order import Rows
from inspector.gui.session_copies import CopiesSession
from inspector.gui.tasks import Failed, Tasks
from inspector.gui.together import Lists, classes_of

if TYPE_CHECKING:
    from inspector.audit.across import Labels, Splits

LABELS, SPLITS, CLASSES = "labels", "splits", "classes"


class ListsSession(CopiesSession):
    """Reads labels and splits, joins them to the files, and has the files looked at with them.

    Signals
    -------
    lists_changed(Lists)
        Others were given, or taken away; holds also paths of those that could not be read again.
    """

    lists_changed = Signal(object)

    def __init__(self, tasks: Tasks, bus: MessageBus, parent: QObject | None = None) -> None:
        super().__init__(tasks, bus, parent)
        self._asked = Lists()  # to be read, or read
        self.audit.scanned.connect(self._join_classes)

    @Slot(str)
    def load_labels(self, path: str) -> None:
        """Read a table of labels and join it to the files."""
        self._tell = True
        self._read_labels(path, self._not_read)

    @Slot(object)
    def load_splits(self, paths: Sequence[str]) -> None:
        """Read lists of splits, each called as its file, in place of splits by folders."""
        self._tell = True
        self._read_splits(tuple(paths), self._not_read)

    @Slot()
    def forget_lists(self) -> None:
        """Take labels and splits away."""
        self._drop_lists()
        self._asked = Lists()
        self.set_classes({})
        self._set_lists(Lists())

    def restore_lists(self, labels: str, splits: Sequence[str]) -> None:
        """Read what this folder had when it was open last."""
        if labels:
            self._read_labels(labels, partial(self._gone, "labels", "Labels…"))
        if splits:
            self._read_splits(tuple(splits), partial(self._gone, "splits", "Splits…"))

    def read_lists_again(self) -> None:
        """Read labels and splits again, as they are on disk now."""
        self.restore_lists(self._asked.labels_path, self._asked.split_paths)

    # --- inside ----------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        """Other files are to be opened: nothing that was said of those before holds."""
        self._drop_lists()
        self._tell = False
        self._asked = self.lists = Lists()
        self.forget_across()

    def _there(self, paths: Sequence[str] | None) -> Rows:
        """Rows of these paths, or of all, that are not listed only because a list names them."""
        table = self.files.table
        rows = np.arange(len(table)) if paths is None else table.row_of.find(paths)
        rows = rows[rows >= 0]
        return rows[~table.has_code("FILE_MISSING")[rows]]

    def _drop_lists(self) -> None:
        for channel in (LABELS, SPLITS, CLASSES):
            self._tasks.drop(channel)

    def _read_labels(self, path: str, failed: Failed) -> None:
        self._asked = replace(self._asked, labels_path=path)
        self._tasks.latest(LABELS, partial(_labels, path), partial(self._labels_read, path), failed)

    def _read_splits(self, paths: tuple[str, ...], failed: Failed) -> None:
        self._asked = replace(self._asked, split_paths=paths)
        self._tasks.latest(SPLITS, partial(_splits, paths), partial(self._splits_read, paths), failed)

    def _labels_read(self, path: str, labels: Labels) -> None:
        self._set_lists(replace(self.lists, labels=labels, labels_path=path))
        self._join_classes()

    def _splits_read(self, paths: tuple[str, ...], splits: Splits) -> None:
        self._set_lists(replace(self.lists, splits=splits, split_paths=paths))

    def _set_lists(self, lists: Lists) -> None:
        self.lists = lists
        self.lists_changed.emit(
            replace(lists, labels_path=self._asked.labels_path, split_paths=self._asked.split_paths)
        )
        self.look_across()

    @Slot()
    def _join_classes(self) -> None:
        """Classes need no audit: they can be picked as soon as the files are listed."""
        if self.lists.labels is not None:
            work = partial(classes_of, self.lists.labels, self.files.table.paths)
            self._tasks.latest(CLASSES, work, self._classes_joined)

    def _classes_joined(self, found: tuple[Mapping[str, str], npt.NDArray[np.int32]]) -> None:
        self.files.set_classes(*found)

    def _not_read(self, error: Exception) -> None:
        self._tell = False
        self._asked = replace(self.lists)
        self._bus.exception(error)

    def _gone(self, what: str, action: str, error: Exception) -> None:
        self._bus.exception(error, f"The {what} of this folder are gone: pick them again with Tools > {action}")


def _labels(path: str) -> Labels:
    from inspector.audit.across import read_labels

    return read_labels(path)


def _splits(paths: Sequence[str]) -> Splits:
    from inspector.audit.across import read_splits

    return read_splits([f"{split_name(path)}={path}" for path in paths])


def split_name(path: str) -> str:
    """The split that a list is of, by its name: ``train`` of ``train_clips.txt``; else the whole stem."""
    from inspector.audit.across.splits import FOLDERS

    stem = Path(path).stem
    words = re.split(r"[^a-z]+", stem.lower())
    return next((FOLDERS[word] for word in words if word in FOLDERS), stem.replace("=", "-").strip() or "list")
