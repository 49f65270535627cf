"""A data set of videos as its record describes it: enough to read its pixels and its trajectories again."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.archive import open_npz
from inspector.audit.record import Record, is_dataset
from inspector.checks.dataset import DataSet
from inspector.errors import ReportError
from inspector.profiles import Profile, builtin_profiles
from inspector.profiles.layouts import Layout, held_names
from inspector.reports.figures import figures_of

TRAJECTORY_LIMIT = 512_000_000
"""Bytes of trajectories that are read; pictures of larger ones would show nothing."""


def dataset_of(record: Record) -> DataSet:
    """What is needed to read a record's videos; figures for each sample are not in it.

    Raises
    ------
    ReportError
        When the record is of something else; the message says what.
    """
    if not is_dataset(record):
        why = f": {record.error}" if record.error else f" (profile {record.profile or 'unknown'})"
        raise ReportError(f"{record.file} holds no data set of videos{why}")
    figures = figures_of(record)
    try:
        dtype = np.dtype(figures.dtype)
    except (TypeError, ValueError, SyntaxError) as error:
        raise ReportError(f"{record.file}: expected the type of an array, got {figures.dtype!r}") from error
    if len(figures.layout) != len(figures.shape):
        raise ReportError(f"{record.file}: expected a layout of {figures.shape}, got {figures.layout!r}")
    return DataSet(
        array=figures.array,
        dtype=dtype,
        layout=Layout(figures.layout, figures.shape),
        full_scale=figures.full_scale or 1.0,
        labels=np.array(figures.labels, dtype=np.int64) if figures.labels else None,
        names=figures.class_names(),
        trajectory=None,
        samples={},
        frames={},
        groups=figures.groups,
    )


def read_trajectory(path: str, profile: Profile | None = None) -> npt.NDArray[Any]:
    """The trajectories of a file.

    Returns
    -------
    array
        (N, T, D) of numbers, D 2 or 3; (T, D) of a file's only one becomes (1, T, D).

    Raises
    ------
    ReportError
        When it holds none; the message says which names are looked for.
    ArchiveError
        When it cannot be read.
    """
    profiles = builtin_profiles() if profile is None else (profile,)
    with open_npz(path) as npz:
        shapes = {member.name: member.shape for member in npz.members}
        names: list[str] = []
        for each in profiles:
            wanted = [name for name, spec in each.arrays.items() if spec.role == "trajectory"]
            held = held_names(each, shapes) if wanted else {}
            names += [word for name in wanted for word in (name, *each.arrays[name].names)]
            for name in wanted:
                if name in held:
                    found = npz.read(held[name], TRAJECTORY_LIMIT)
                    return _checked(path, held[name], found[None] if found.ndim == 2 else found)
    first, *others = list(dict.fromkeys(names))[:6] or ["trajectory_3d"]
    also = f" (or {', '.join(others)})" if others else ""
    raise ReportError(f"{path} holds no trajectory; expected an array named {first}{also}")


def _checked(path: str, name: str, found: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if found.ndim != 3 or found.shape[2] not in (2, 3) or found.dtype.kind not in "buif":
        raise ReportError(
            f"{path}: {name}: expected numbers of shape (samples, frames, 2 or 3), got {found.dtype} {found.shape}"
        )
    return found
