"""What a demo folder holds, and what is wrong in it: `planted.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

MANIFEST = "planted.json"


@dataclass(frozen=True, slots=True)
class Planted:
    """One defect that was put into one clip.

    Attributes
    ----------
    file
        Name of the clip in the demo folder.
    code
        Code of the finding that an audit should give.
    frames
        Inclusive ``(first, last)`` pairs, counted from 0; empty when the defect is not at a frame.
    note
        What was done, for a person to read.
    """

    file: str
    code: str
    frames: tuple[tuple[int, int], ...]
    note: str


@dataclass(frozen=True, slots=True)
class DemoManifest:
    """A demo folder: the names of its clips in order, and their planted defects."""

    folder: Path
    seed: int
    clips: tuple[str, ...]
    planted: tuple[Planted, ...]

    def to_json(self) -> str:
        """The text of `planted.json`; it does not name the folder, so that the folder can be moved."""
        return json.dumps(
            {"seed": self.seed, "clips": self.clips, "planted": [asdict(p) for p in self.planted]}, indent=1
        )


def clips_of(folder: Path) -> tuple[str, ...] | None:
    """Names of the clips that the manifest in this folder lists, or None when it holds no manifest of a demo."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    names = content.get("clips") if isinstance(content, dict) else None
    if not isinstance(names, list):
        return None
    return tuple(name for name in names if isinstance(name, str))
