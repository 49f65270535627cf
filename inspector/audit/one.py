"""Files, one or some: read once, measured together, judged. What is wrong with one ends in its record, not raised."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from inspector.archive import Member, NpzFile, Opaque, open_npz
from inspector.audit.inspection import Clip, Inspection
from inspector.audit.legacy import legacy_issues
from inspector.audit.options import Options
from inspector.audit.reading import fitting_profile, read_arrays, wanted_bytes
from inspector.audit.record import Record
from inspector.checks import Finding, Severity, Status, verdict
from inspector.checks import kinematics as kin
from inspector.checks.arrays import Arrays, foreign_imports
from inspector.checks.dataset import DataSet
from inspector.checks.fingerprint import content_of_checksums
from inspector.checks.judge import judge_many
from inspector.checks.judge_motion import motion_counts
from inspector.checks.measure import measure_many
from inspector.checks.measured import Measurements
from inspector.checks.readiness import wanted_targets
from inspector.checks.streamed import Running, generic_findings, generic_values
from inspector.checks.structure import structural
from inspector.errors import ArchiveError, InspectorError
from inspector.profiles import Profile, load_profile

DEFAULT = Options()

HELD = 64 << 20
"""Bytes of arrays that files of a batch may hold together while they wait to be measured; a larger one waits alone."""


@dataclass(slots=True, eq=False)
class _Read:
    """What one pass over a file yielded; without a record it waits to be measured."""

    path: str
    profile: Profile
    record: Record | None = None
    size: int = -1
    modified: int = -1
    wanted: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    arrays: Arrays | None = None
    measured: Measurements | None = None
    dataset: DataSet | None = None

    def done(self, record: Record) -> Record:
        """The record, with the size and time of the file as it was opened."""
        if (record.size_bytes, record.mtime_ns) != (self.size, self.modified):
            record = replace(record, size_bytes=self.size, mtime_ns=self.modified)
        self.record = record
        return record


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

    Memory stays within `HELD` bytes, or what the largest file needs, whatever the number of files.
    """
    return [record for _, record in _Batch(options, in_full=False).run(paths)]


def inspect_file(path: str, options: Options = DEFAULT) -> Inspection:
    """Read one file for the window: the same verdict as `audit_file`, and what there is to show.

    Returns
    -------
    Inspection
        With a record of status ``error`` where the file cannot be read.
    """
    read, record = _Batch(options, in_full=True).run([path])[0]
    clip = _clip(read)
    skeleton = read.profile.skeleton
    if clip is None or (skeleton and len(skeleton.points) != clip.points.shape[1]):
        skeleton = None
    return Inspection(
        path=path,
        record=record,
        profile=read.profile,
        members=read.members,
        skeleton=skeleton,
        clip=clip,
        series=dict(read.measured.series) if read.measured else {},
        meta=_meta_text(read.arrays.meta) if read.arrays else "",
        dataset=read.dataset,
    )


class _Batch:
    """Files on their way from paths to records."""

    def __init__(self, options: Options, in_full: bool) -> None:
        self._options = options
        self._in_full = in_full
        self._waiting: list[_Read] = []
        self._held = 0

    def run(self, paths: Sequence[str]) -> list[tuple[_Read, Record]]:
        reads = [self._read(path) for path in paths]
        self._measure_waiting()
        return [(read, self._finished(read)) for read in reads]

    def _finished(self, read: _Read) -> Record:
        record = read.record or _unreadable(read.path, read.profile, f"{read.path}: it was not measured")
        if self._options.validator is not None:
            extra = legacy_issues(self._options.validator, read.path)
            record = replace(record, legacy_issues=extra) if extra else record
        return record

    def _read(self, path: str) -> _Read:
        options = self._options
        read = _Read(path, options.in_use(options.profile or load_profile("generic")))
        try:
            try:
                self._open(read)
            except MemoryError:
                if not self._waiting:
                    raise
                self._measure_waiting()
                self._open(read)
        except InspectorError as error:
            read.record = _unreadable(path, read.profile, str(error))
        except Exception as error:  # noqa: BLE001 - the boundary that keeps one odd file from ending a whole audit
            read.record = _unexpected(read, error)
        if read.record is not None:
            if read.size < 0:
                read.size, read.modified = _stat(path)
            read.done(read.record)
        return read

    def _open(self, read: _Read) -> None:
        options = self._options
        with open_npz(read.path) as npz:
            read.size, read.modified = npz.size_bytes, npz.mtime_ns
            read.profile = options.in_use(options.profile or fitting_profile(npz))
            try:
                self._look(read, npz)
            finally:  # whatever is wrong with one array, the window lists the others
                read.members = npz.members if self._in_full else ()

    def _look(self, read: _Read, npz: NpzFile) -> None:
        """Everything for which the file must be open."""
        path, profile = read.path, read.profile
        if not npz.names:
            raise ArchiveError(f"{path}: expected arrays, found an archive without any")
        if profile.kind == "generic":
            read.record = _generic(path, npz, profile)
            return
        if profile.kind == "videos":
            _videos(read, npz)
            return
        required = [name for name, spec in profile.arrays.items() if not spec.optional]
        missing = [name for name in required if name not in npz.names]
        read.wanted = wanted_targets(profile, npz.names, self._options.targets)
        if missing:
            read.record = _missing(read, npz, missing)
            return
        size = wanted_bytes(npz, profile)
        if self._held + size > HELD:
            self._measure_waiting()
        arrays = read_arrays(npz, profile)
        npz.check_unchanged()
        read.arrays = arrays
        if absent := [name for name in required if name not in arrays.values and name not in arrays.figures]:
            text = f"{path}: {absent[0]}: expected a plain array, found pickled Python objects"
            read.record = _unmeasurable(read, arrays, text)
            return
        self._held += size
        self._waiting.append(read)

    def _measure_waiting(self) -> None:
        """Measure and judge all that waits; those of one profile together."""
        groups: dict[int, list[_Read]] = {}
        for read in self._waiting:
            groups.setdefault(id(read.profile), []).append(read)
        self._waiting, self._held = [], 0
        for reads in groups.values():
            self._settle(reads)

    def _settle(self, reads: list[_Read]) -> None:
        try:
            self._measure(reads)
        except Exception as error:  # noqa: BLE001 - the boundary that keeps one odd file from ending a whole audit
            if len(reads) == 1:
                reads[0].done(_unexpected(reads[0], error))
                return
            for read in reads:  # the culprit is found by measuring each alone
                self._settle([read])

    def _measure(self, reads: list[_Read]) -> None:
        profile = reads[0].profile
        found = measure_many([read.arrays for read in reads if read.arrays], profile, lanes=self._in_full)
        measured: list[tuple[_Read, Measurements]] = []
        for read, result in zip(reads, found, strict=True):
            if isinstance(result, Measurements):
                measured.append((read, result))
            elif read.arrays is not None:
                read.done(_unmeasurable(read, read.arrays, f"{read.path}: {result}"))
        judged = judge_many([result for _, result in measured], profile, [read.wanted for read, _ in measured])
        for (read, result), findings in zip(measured, judged, strict=True):
            read.record = _record(read, result, findings)
            if self._in_full:
                read.measured = result
            else:
                read.arrays = None


def _record(read: _Read, measured: Measurements, findings: tuple[Finding, ...]) -> Record:
    issues = measured.issues
    return Record(
        path=read.path,
        status=verdict(findings, any(issues[target] for target in read.wanted)),
        profile=read.profile.name,
        fields=measured.reference,
        issues=issues,
        wanted=read.wanted,
        findings=findings,
        measurements=measured.values | motion_counts(measured, read.profile.limits),
        error=measured.unmeasured,
        size_bytes=read.size,
        mtime_ns=read.modified,
    )


def _stat(path: str) -> tuple[int, int]:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return -1, -1
    return found.st_size, found.st_mtime_ns


def _missing(read: _Read, npz: NpzFile, missing: list[str]) -> Record:
    held = ", ".join(npz.names[:12])
    target = next(iter(read.wanted), None)
    findings = tuple(
        Finding("MISSING_ARRAY", Severity.CRITICAL, f"{name} is not in the file; it holds {held}", target)
        for name in missing
    )
    fields = {"present": list(npz.names)}
    return Record(read.path, Status.ERROR, read.profile.name, fields, findings=findings, error="missing_required_keys")


def _unmeasurable(read: _Read, arrays: Arrays, text: str) -> Record:
    """A file that could be read but whose main arrays have no figures: what its structure says is kept."""
    problems = structural(arrays, read.profile, arrays.figures_by(read.profile))
    findings = tuple(sorted(problems, key=lambda f: f.severity.rank))
    fields = {"present": list(arrays.present)}
    return Record(read.path, Status.ERROR, read.profile.name, fields, findings=findings, error=text)


def _generic(path: str, npz: NpzFile, profile: Profile) -> Record:
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
    return record


def _videos(read: _Read, npz: NpzFile) -> None:
    from inspector.audit.videos import judge_file  # clips do without: it costs each worker's start

    path, profile = read.path, read.profile
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
    read.record, read.dataset = record, judged.dataset


def _unreadable(path: str, profile: Profile, text: str) -> Record:
    finding = Finding("UNREADABLE", Severity.CRITICAL, text)
    return Record(path, Status.ERROR, profile.name, findings=(finding,), error=text)


def _unexpected(read: _Read, error: Exception) -> Record:
    text = f"unexpected {type(error).__name__}: {error}"
    if isinstance(error, MemoryError):
        text = "not enough memory to read it"
    return _unreadable(read.path, read.profile, f"{read.path}: {text}")


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
