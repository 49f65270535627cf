"""One file: read once, measured, judged. Whatever is wrong with it ends up in its record, never as an exception."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from inspector.archive import Member, NpzFile, Opaque, open_npz
from inspector.audit.inspection import Clip, Inspection
from inspector.audit.legacy import legacy_issues
from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.checks import Finding, Severity, Status, verdict
from inspector.checks import kinematics as kin
from inspector.checks.arrays import AnyArray, Arrays, Figures, foreign_imports
from inspector.checks.dataset import DataSet
from inspector.checks.fingerprint import content_of_checksums
from inspector.checks.judge import judge
from inspector.checks.judge_motion import motion_counts
from inspector.checks.measure import measure
from inspector.checks.measured import Measurements
from inspector.checks.readiness import wanted_targets
from inspector.checks.streamed import Running, generic_findings, generic_values
from inspector.checks.structure import structural
from inspector.errors import ArchiveError, InspectorError, MeasureError, PickledMemberError
from inspector.profiles import Profile, load_profile, pick_profile

DEFAULT = Options()

READ_LIMIT = 1 << 30
"""Bytes of one array that an audit is willing to hold; larger ones need a profile that streams."""


_VIDEOS_UNDER_ANY_NAME = (2, 2, 3, 64, 64)


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """What one pass over a file yielded."""

    record: Record
    profile: Profile
    members: tuple[Member, ...] = ()
    arrays: Arrays | None = None
    measured: Measurements | None = None
    dataset: DataSet | None = None


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
    return _read(path, options, in_full=False).record


def inspect_file(path: str, options: Options = DEFAULT) -> Inspection:
    """Read one file for the window: the same verdict as `audit_file`, and what there is to show.

    Returns
    -------
    Inspection
        With a record of status ``error`` where the file cannot be read.
    """
    read = _read(path, options, in_full=True)
    clip = _clip(read)
    skeleton = read.profile.skeleton
    if clip is None or (skeleton and len(skeleton.points) != clip.points.shape[1]):
        skeleton = None
    return Inspection(
        path=path,
        record=read.record,
        profile=read.profile,
        members=read.members,
        skeleton=skeleton,
        clip=clip,
        series=dict(read.measured.series) if read.measured else {},
        meta=_meta_text(read.arrays.meta) if read.arrays else "",
        dataset=read.dataset,
    )


def _read(path: str, options: Options, in_full: bool) -> _Read:
    profile = options.in_use(options.profile or load_profile("generic"))
    size = modified = -1
    members: tuple[Member, ...] = ()
    try:
        with open_npz(path) as npz:
            size, modified = npz.size_bytes, npz.mtime_ns
            profile = options.in_use(options.profile or _pick(npz))
            try:
                read = _judged(path, npz, profile, options, in_full)
            finally:  # whatever is wrong with one array, the window lists the others
                members = npz.members if in_full else ()
    except InspectorError as error:
        read = _Read(_unreadable(path, profile, str(error)), profile)
    except MemoryError:
        read = _Read(_unreadable(path, profile, f"{path}: not enough memory to read it"), profile)
    except Exception as error:  # noqa: BLE001 - the boundary that keeps one odd file from ending a whole audit
        text = f"{path}: unexpected {type(error).__name__}: {error}"
        read = _Read(_unreadable(path, profile, text), profile)
    if size < 0:
        size, modified = _stat(path)
    extra = legacy_issues(options.validator, path) if options.validator is not None else ()
    record = read.record
    if extra or (record.size_bytes, record.mtime_ns) != (size, modified):
        record = replace(record, size_bytes=size, mtime_ns=modified, legacy_issues=extra)
    return replace(read, record=record, members=members)


def _stat(path: str) -> tuple[int, int]:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return -1, -1
    return found.st_size, found.st_mtime_ns


def _pick(npz: NpzFile) -> Profile:
    """The profile that fits; headers are only read where names alone do not decide."""
    by_name = _pick_by_name(npz.names)
    return by_name or pick_profile({m.name: m.shape for m in npz.members})


@functools.lru_cache(maxsize=256)
def _pick_by_name(names: tuple[str, ...]) -> Profile | None:
    """The profile that these names get whatever the shapes; None when it depends."""
    by_any_shape, *others = (pick_profile(dict.fromkeys(names, shape)) for shape in (None, (), _VIDEOS_UNDER_ANY_NAME))
    return by_any_shape if all(other is by_any_shape for other in others) else None


def _judged(path: str, npz: NpzFile, profile: Profile, options: Options, in_full: bool) -> _Read:
    if not npz.names:
        raise ArchiveError(f"{path}: expected arrays, found an archive without any")
    if profile.kind == "generic":
        return _generic(path, npz, profile)
    if profile.kind == "videos":
        return _videos(path, npz, profile)
    required = [name for name, spec in profile.arrays.items() if not spec.optional]
    missing = [name for name in required if name not in npz.names]
    wanted = wanted_targets(profile, npz.names, options.targets)
    if missing:
        return _missing(path, npz, profile, missing, wanted)
    arrays = _arrays(npz, profile)
    absent = [n for n in required if n not in arrays.values]
    if absent:
        text = f"{path}: {absent[0]}: expected a plain array, found pickled Python objects"
        return _unmeasurable(path, arrays, profile, text)
    try:
        measured = measure(arrays, profile, lanes=in_full)
    except MeasureError as error:
        return _unmeasurable(path, arrays, profile, f"{path}: {error}")
    findings = judge(measured, profile, wanted)
    unready = any(measured.issues[target] for target in wanted)
    record = Record(
        path=path,
        status=verdict(findings, unready),
        profile=profile.name,
        fields=measured.reference,
        issues=measured.issues,
        wanted=wanted,
        findings=findings,
        measurements=measured.values | motion_counts(measured, profile.limits),
        error=measured.unmeasured,
        size_bytes=npz.size_bytes,
        mtime_ns=npz.mtime_ns,
    )
    npz.check_unchanged()
    return _Read(record, profile, arrays=arrays, measured=measured)


def _arrays(npz: NpzFile, profile: Profile) -> Arrays:
    values: dict[str, AnyArray] = {}
    pickled: dict[str, tuple[str, ...]] = {}
    meta: object = None
    meta_name = profile.named("meta")
    for name in profile.arrays:
        if name not in npz.names:
            continue
        content: object = None
        try:
            array = npz.read(name, READ_LIMIT)
        except PickledMemberError:
            pickled[name] = foreign_imports(npz.imports(name))
            if pickled[name]:
                continue
            content = npz.decoded(name)
            array = _object_array(content)
        values[name] = array
        if name == meta_name:
            meta = content if name in pickled else _single(array)
    return Arrays(npz.names, values, pickled, meta)


def _object_array(content: object) -> AnyArray:
    """A decoded pickle as the object array it was, so that shapes and dtypes read as they are in the file."""
    if isinstance(content, list):
        return np.array(content, dtype=object)
    array = np.empty((), dtype=object)
    array[()] = content
    return array


def _single(array: AnyArray) -> object:
    """The one value of an array; a ValueError, as a value, when there are more: nothing says which is meant."""
    if array.size == 1:
        return array.item()
    return ValueError(f"{array.dtype} of shape {list(array.shape)}")


def _missing(path: str, npz: NpzFile, profile: Profile, missing: list[str], wanted: tuple[str, ...]) -> _Read:
    held = ", ".join(npz.names[:12])
    findings = tuple(
        Finding(
            "MISSING_ARRAY", Severity.CRITICAL, f"{name} is not in the file; it holds {held}", next(iter(wanted), None)
        )
        for name in missing
    )
    fields = {"present": list(npz.names)}
    record = Record(path, Status.ERROR, profile.name, fields, findings=findings, error="missing_required_keys")
    return _Read(record, profile)


def _unmeasurable(path: str, arrays: Arrays, profile: Profile, text: str) -> _Read:
    """A file that could be read but whose main arrays have no figures: what its structure says is kept."""
    figures = {name: Figures(array, profile.arrays[name]) for name, array in arrays.values.items()}
    findings = tuple(sorted(structural(arrays, profile, figures), key=lambda f: f.severity.rank))
    fields = {"present": list(arrays.present)}
    record = Record(path, Status.ERROR, profile.name, fields, findings=findings, error=text)
    return _Read(record, profile, arrays=arrays)


def _generic(path: str, npz: NpzFile, profile: Profile) -> _Read:
    figures: dict[str, Running] = {}
    pickled: dict[str, tuple[str, ...]] = {}
    findings: list[Finding] = []
    for member in npz.members:
        if member.error is not None:
            findings.append(Finding("UNREADABLE", Severity.CRITICAL, f"{member.name} {member.error}"))
        elif member.pickled:
            pickled[member.name] = foreign_imports(npz.imports(member.name))
        elif member.dtype is not None and member.dtype.kind in "fciub":
            running = Running()
            try:
                for start, block in npz.blocks(member.name):
                    running.update(start, block)
            except ArchiveError as error:
                findings.append(Finding("UNREADABLE", Severity.CRITICAL, str(error)))
            else:
                figures[member.name] = running
    findings += generic_findings(figures, pickled)
    ordered = tuple(sorted(findings, key=lambda f: f.severity.rank))
    broken = [f.message for f in ordered if f.code == "UNREADABLE"]
    record = Record(
        path,
        Status.ERROR if broken else verdict(ordered),
        profile.name,
        {"present": list(npz.names)},
        findings=ordered,
        measurements=generic_values(figures) | {"content": content_of_checksums(npz.checksums)},
        error=broken[0] if broken else None,
    )
    npz.check_unchanged()
    return _Read(record, profile)


def _videos(path: str, npz: NpzFile, profile: Profile) -> _Read:
    from inspector.audit.videos import judge_file  # clips do without: it costs each worker's start

    judged = judge_file(npz, profile)
    content = {} if judged.dataset is None else {"content": content_of_checksums(npz.checksums, profile.named("meta"))}
    record = Record(
        path,
        Status.ERROR if judged.dataset is None else verdict(judged.findings),
        profile.name,
        {"present": list(npz.names)},
        findings=judged.findings,
        measurements=judged.values | content,
        error=None if judged.error is None else f"{path}: {judged.error}" if judged.dataset is None else judged.error,
    )
    npz.check_unchanged()
    return _Read(record, profile, dataset=judged.dataset)


def _unreadable(path: str, profile: Profile, text: str) -> Record:
    finding = Finding("UNREADABLE", Severity.CRITICAL, text)
    return Record(path, Status.ERROR, profile.name, findings=(finding,), error=text)


def _clip(read: _Read) -> Clip | None:
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
