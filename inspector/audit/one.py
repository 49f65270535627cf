"""Files, one or some: read once, measured, judged. Whatever is wrong with one ends in its record, never raised."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from inspector.archive import Opaque, Wanted, open_npz
from inspector.audit.batch import Batch, Read
from inspector.audit.inspection import Clip, Inspection
from inspector.audit.options import Options
from inspector.audit.reading import fitting_profile
from inspector.audit.record import Record
from inspector.checks import Status
from inspector.checks import kinematics as kin
from inspector.errors import InspectorError

DEFAULT = Options()

LARGE = 64 << 20
"""Bytes of all arrays from which on a file is worth a glance before it is read."""


def audit_file(path: str, options: Options = DEFAULT) -> Record:
    """Audit one file.

    Parameters
    ----------
    path
        As the operating system names it; need not exist.

    Returns
    -------
    Record
        With status ``error`` and a sentence where the file cannot be read. Nothing is raised for a bad file.
    """
    return audit_files([path], options)[0]


def audit_files(paths: Sequence[str], options: Options = DEFAULT) -> list[Record]:
    """Audit some files: as `audit_file` of each, in order, but measured together, which is quicker.

    However many they are, their arrays take `inspector.audit.batch.HELD` bytes at most, or what the largest file needs.
    """
    return [read.result for read in Batch(options, in_full=False).run(paths)]


def glance_at(path: str, options: Options = DEFAULT) -> Inspection | None:
    """What a large file holds, in milliseconds; None where reading it whole takes hardly longer, or it cannot be read.

    Returns
    -------
    Inspection or None
        Not `complete`.
    """
    try:
        with open_npz(path) as npz:
            if sum(size for _, _, size in npz.checksums) < LARGE:
                return None
            profile = options.in_use(options.profile or fitting_profile(npz))
            dataset = None
            if profile.kind == "videos":
                from inspector.audit.videos import glance

                dataset = glance(npz, profile)
            record = Record(path, Status.PASS, profile.name, size_bytes=npz.size_bytes, mtime_ns=npz.mtime_ns)
            return Inspection(path, record, profile, npz.members, dataset=dataset, complete=False)
    except (InspectorError, MemoryError):  # who reads it whole says what is wrong
        return None


def inspect_file(path: str, options: Options = DEFAULT, wanted: Wanted | None = None) -> Inspection:
    """Read one file for the window: the same verdict as `audit_file`, and what there is to show.

    Parameters
    ----------
    wanted
        Asked now and then while a large file is read.

    Returns
    -------
    Inspection
        With a record of status ``error`` where the file cannot be read, or is not wanted any more.
    """
    (read,) = Batch(options, in_full=True, wanted=wanted).run([path])
    clip = _clip(read)
    skeleton = read.profile.skeleton
    if clip is None or (skeleton and len(skeleton.points) != clip.points.shape[1]):
        skeleton = None
    return Inspection(
        path=path,
        record=read.result,
        profile=read.profile,
        members=read.members,
        skeleton=skeleton,
        clip=clip,
        series=dict(read.measured.series) if read.measured else {},
        meta=_meta_text(read.arrays.meta) if read.arrays else "",
        dataset=read.dataset,
    )


def _clip(read: Read) -> Clip | None:
    """The moving points of a file that could be measured."""
    if read.arrays is None:
        return None
    profile, values = read.profile, read.arrays.values
    points_of = values.get(profile.named("points") or "")
    skeleton = profile.skeleton
    points = None if points_of is None else kin.to_points(points_of, len(skeleton.points) if skeleton else None)
    if points is None or not len(points):
        return None
    seconds, own = kin.clock(values.get(profile.named("timestamps") or ""), len(points))
    return Clip(points, kin.to_visible(values.get(profile.named("visibility") or ""), points), seconds, own)


def _meta_text(meta: object) -> str:
    """The metadata as indented text, whatever it turned out to be."""
    if meta is None:
        return ""
    if isinstance(meta, bytes):
        meta = meta.decode("utf-8", "backslashreplace")
    if isinstance(meta, ValueError):
        return str(meta)
    try:
        content = json.loads(meta) if isinstance(meta, str) else meta
        return json.dumps(content, indent=2, ensure_ascii=False, default=_plain)
    except (ValueError, TypeError, RecursionError):
        return str(meta)


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return str(value) if isinstance(value, Opaque) else repr(value)
