"""Files of videos, and the fields of their records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from inspector.audit import Options, Record, audit_file

FIELDS = """
    videos videos_shape videos_dtype layout samples frames height width channels value_min value_max nan_values
    inf_values full_scale classes labels duplicates static_samples duplicate_samples static_count frame_variation_mean
    motion_energy_mean moving_pixels_pct border_frames_pct blank_frames bad_samples separability separability_chance
    content near_duplicates imbalance camera moving_samples still_samples blank_samples border_samples disagree_samples
    motion causes
""".split()


def save(path: Path, held: dict[str, Any], *, compressed: bool = False) -> str:
    write: Any = np.savez_compressed if compressed else np.savez
    write(path, **{name: array for name, array in held.items() if array is not None})
    return str(path)


def audit(path: Path, options: Options | None = None, **held: Any) -> Record:
    """The record of a file with these arrays; it is one that reports can hold, and nothing unforeseen happened."""
    record = audit_file(save(path / "a.npz", held), options or Options())
    json.dumps(record.as_json(), allow_nan=False)
    assert "unexpected" not in str(record.error)
    return record


def codes(record: Record) -> list[str]:
    return sorted(f.code for f in record.findings)
