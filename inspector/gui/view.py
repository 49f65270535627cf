"""The frozen state that every pane is shown, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from inspector.checks.finding import Finding

if TYPE_CHECKING:
    from inspector.audit.inspection import Inspection
    from inspector.checks.dataset import DataSet
    from inspector.gui.copies import Copy
    from inspector.gui.folder_view import FolderView


def no_samples() -> npt.NDArray[np.int64]:
    """Numbers of the samples where there are none."""
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Display:
    """What the user wants drawn on the canvases."""

    bones: bool = True
    hidden_points: bool = True
    trails: bool = False
    ids: bool = False
    difference: bool = False  # videos: what changed since the frame before, in colour
    contrast: bool = False  # videos: stretched to the darkest and brightest value of the sample


@dataclass(frozen=True, slots=True)
class Subset:
    """Which samples of a data set are listed; None: whatever it be.

    Attributes
    ----------
    label
        Only samples of this class.
    finding
        Only samples that this finding names; an index into the view's findings.
    group
        Only samples of this group of duplicates; an index into the data set's groups, and on into its near groups.
    """

    label: int | None = None
    finding: int | None = None
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Playback:
    """How the clip is being played."""

    playing: bool = False
    speed: float = 1.0
    loop: bool = False
    span: tuple[int, int] | None = None  # frames (first, last) that play and loop stay within


@dataclass(frozen=True, slots=True)
class ViewState:
    """One consistent picture of the window: panes paint this and compare it with the one before.

    Attributes
    ----------
    path
        The selected file, or None.
    loading
        Its inspection has been asked for and is not here yet.
    inspection
        What is shown. It is the selected file's, or None while that loads.
    frame
        0-based, within the clip.
    finding
        Index into the inspection's findings of the one last jumped to, or None.
    sample
        Of a data set, the one that is shown; 0-based.
    subset
        Which samples are stepped through.
    listed
        int64 (n,): those samples, ascending; empty where there is no data set.
    folder
        All files that are listed; None while there are none. Another object where anything in it changed.
    copies
        Files that show the same recording as the selected one, the nearest first.
    beside
        Those of them that are shown beside it; empty where it is shown by itself.
    comparing
        The user wants files beside their copies.
    """

    path: str | None = None
    loading: bool = False
    inspection: Inspection | None = None
    frame: int = 0
    finding: int | None = None
    playback: Playback = Playback()
    display: Display = Display()
    sample: int = 0
    subset: Subset = Subset()
    listed: npt.NDArray[np.int64] = field(default_factory=no_samples, compare=False)  # follows from what is compared
    folder: FolderView | None = None
    copies: tuple[Copy, ...] = ()
    beside: tuple[Copy, ...] = ()
    comparing: bool = False

    @property
    def frames(self) -> int:
        """Frame count of what is shown; 0 where nothing plays."""
        return len(self.inspection.seconds) if self.inspection else 0

    @property
    def dataset(self) -> DataSet | None:
        """The shown file's videos, as measured."""
        return self.inspection.dataset if self.inspection else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The shown file's findings, in the record's order."""
        return self.inspection.record.findings if self.inspection else ()
