"""The frozen state that every pane is shown, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.checks.finding import Finding

if TYPE_CHECKING:
    from inspector.audit.inspection import Inspection


@dataclass(frozen=True, slots=True)
class Display:
    """What the user wants drawn on the keypoint canvas."""

    bones: bool = True
    hidden_points: bool = True
    trails: bool = False
    ids: bool = False


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
    """

    path: str | None = None
    loading: bool = False
    inspection: Inspection | None = None
    frame: int = 0
    finding: int | None = None
    playback: Playback = Playback()
    display: Display = Display()

    @property
    def frames(self) -> int:
        """Frame count of the shown clip; 0 where nothing plays."""
        clip = self.inspection.clip if self.inspection else None
        return len(clip) if clip is not None else 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The shown file's findings, in the record's order."""
        return self.inspection.record.findings if self.inspection else ()
