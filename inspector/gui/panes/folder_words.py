"""What moving limits does, as a sentence, and why a folder has no plots. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.checks.finding import Status
from inspector.gui.models.folder_figures import number
from inspector.profiles.model import Limits

if TYPE_CHECKING:
    from inspector.gui.folder_view import FolderView

HINT = "Drag a limit, step it with Up and Down or type it: which verdicts change is said here."
_TOLD = 3


def moved_limits(view: FolderView) -> list[str]:
    """Each limit that was moved: ``speed_spike 25 → 18``."""
    if view.profile is None or view.original is None:
        return []
    found = []
    for name in Limits.__struct_fields__:
        was, now = getattr(view.original, name), getattr(view.profile.limits, name)
        if was != now:
            found.append(f"{name} {number(was)} → {number(now)}")
    return found


def what_if(view: FolderView) -> str:
    """What the moved limits do to the verdicts; a hint where none was moved."""
    moved = moved_limits(view)
    if not moved:
        return HINT
    head = ", ".join(moved) if len(moved) <= _TOLD else f"{len(moved)} limits moved"
    counts = view.flips.counts
    turns = sorted(
        ((int(counts[a.rank, b.rank]), f"{a.value} → {b.value}") for a in Status for b in Status if a is not b),
        reverse=True,
    )
    told = [f"{count:,} {'file' if count == 1 else 'files'} {turn}" for count, turn in turns[:_TOLD] if count]
    more = sum(count for count, _ in turns[_TOLD:])
    if more:
        told.append(f"{more:,} otherwise")
    before, after = int(counts[Status.PASS.rank].sum()), int(counts[:, Status.PASS.rank].sum())
    passing = f"{before:,} → {after:,} pass" if before != after else f"{after:,} pass as before"
    text = f"{head}: {', '.join(told)}; {passing}" if told else f"{head}: no verdict changes"
    if view.stale:
        text += f". {view.stale:,} {'file is' if view.stale == 1 else 'files are'} audited again"
    return text


def why_empty(view: FolderView | None) -> tuple[str, str]:
    """Heading and text for a folder without plots."""
    if view is None:
        return "No folder is open", "Open a folder of clips to see every file's figures against the limits."
    waiting = int((view.status < 0).sum())
    if waiting == view.rows:
        return "Auditing…", "Plots come as soon as the first files are measured."
    if waiting:
        return "Auditing…", f"{view.rows - waiting:,} of {view.rows:,} files are measured, none of them a clip so far."
    unread = int((view.status == Status.ERROR.rank).sum())
    if unread == view.rows:
        return "No file could be read", "Select one to see why."
    return (
        "No clips of keypoints here",
        "Only clips have figures to compare. Select a data set of videos to see its samples in this place.",
    )
