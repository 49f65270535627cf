"""What a demo folder holds, and what is wrong in it: `planted.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

MANIFEST = "planted.json"


@dataclass(frozen=True, slots=True)
class Planted:
    """One defect that was put into one clip, or into some samples of one data set.

    Attributes
    ----------
    file
        Name of the clip or data set in the demo folder.
    code
        Code of the finding that an audit should give; of a copy of another file, that a look across files should.
    frames
        Inclusive ``(first, last)`` pairs, counted from 0; empty when the defect is not at a frame.
    note
        What was done, for a person to read.
    samples
        Inclusive pairs of sample numbers, as `frames`; empty for a clip, and when the whole set is concerned.
    """

    file: str
    code: str
    frames: tuple[tuple[int, int], ...]
    note: str
    samples: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class DemoManifest:
    """A demo folder: the names of its clips, copies last, and data sets in order, and their planted defects."""

    folder: Path
    seed: int
    clips: tuple[str, ...]
    planted: tuple[Planted, ...]
    datasets: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Names of all that can be inspected."""
        return self.clips + self.datasets

    def to_json(self) -> str:
        """The text of `planted.json`; it does not name the folder, so that the folder can be moved."""
        content = {
            "seed": self.seed,
            "clips": self.clips,
            "datasets": self.datasets,
            "planted": [asdict(p) for p in self.planted],
        }
        return json.dumps(content, indent=1)


def files_of(folder: Path) -> tuple[str, ...] | None:
    """Names of the files that the manifest in this folder lists, or None when it holds no manifest of a demo."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    clips = content.get("clips") if isinstance(content, dict) else None
    if not isinstance(clips, list):
        return None
    # A demo of an earlier version has no data sets.
    datasets = content.get("datasets")
    names = [*clips, *(datasets if isinstance(datasets, list) else ())]
    return tuple(name for name in names if isinstance(name, str))
