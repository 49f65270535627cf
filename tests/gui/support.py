"""Folders of clips with known verdicts, and a session over them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from inspector.audit import Record
from inspector.checks import Finding, Severity, Status
from inspector.gui.messages import Message, MessageBus
from inspector.gui.session import Session
from inspector.gui.tasks import Tasks
from tests.support.clips import clip_arrays, save_clip


def finding(code: str = "SPEED_SPIKE", *frames: int, severity: Severity = Severity.MEDIUM) -> Finding:
    return Finding(code, severity, f"{code} happened", frames=tuple((f, f) for f in frames))


def record(path: str, status: Status = Status.PASS, *codes: str, **issues: tuple[str, ...]) -> Record:
    """A verdict with one finding per code; keywords are targets with what they lack."""
    return Record(
        path,
        status,
        profile="fslr-keypoints",
        findings=tuple(finding(code) for code in codes),
        issues=issues,
        wanted=tuple(target for target in issues if target != "iv3"),
    )


def clean(path: Path, frames: int = 40, seed: int = 0) -> Path:
    """A clip without findings."""
    return save_clip(path, clip_arrays(frames, seed=seed))


def gappy(path: Path, frames: int = 40, at: int = 20) -> Path:
    """A clip whose clock has a hole before frame `at`."""
    arrays = clip_arrays(frames)
    arrays["timestamps_ms"][at:] += 5000
    return save_clip(path, arrays)


def broken(path: Path) -> Path:
    """Not an archive at all."""
    path.write_bytes(b"this is no zip")
    return path


def folder(root: Path) -> Path:
    """Five files: a and d clean, b and c with a finding in frame 20 or so, e unreadable."""
    clean(root / "a.npz", seed=1)
    gappy(root / "b.npz", at=20)
    gappy(root / "c.npz", at=25)
    clean(root / "d.npz", seed=2)
    broken(root / "e.npz")
    return root


def flat(path: Path) -> Path:
    """Arrays that are no clip."""
    np.savez(path, weights=np.arange(12.0).reshape(3, 4))
    return path


class Desk:
    """A session with what it needs, and all that was said."""

    def __init__(self) -> None:
        self.bus = MessageBus()
        self.said: list[Message] = []
        self.bus.posted.connect(self.said.append)
        self.tasks = Tasks(self.bus)
        self.session = Session(self.tasks, self.bus)

    def idle(self) -> bool:
        """Nothing is being listed, audited or read."""
        return not self.tasks.busy and not self.session.audit.progress.busy

    def shows(self, name: str) -> Callable[[], bool]:
        """Whether the file of this name is shown."""

        def shown() -> bool:
            inspection = self.session.view.inspection
            return inspection is not None and Path(inspection.path).name == name

        return shown

    def statuses(self) -> dict[str, str]:
        """Verdict by name, as listed; what is pending is empty."""
        table = self.session.files.table
        found = [table.records[row] for row in table.order]
        return {
            table.names[row]: "" if r is None else r.status.value for row, r in zip(table.order, found, strict=True)
        }
