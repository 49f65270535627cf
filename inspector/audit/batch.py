"""Files of a batch on their way to records: read one by one, measured and judged together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from inspector.archive import Member, NpzFile, Wanted, open_npz
from inspector.audit.cache.evidence import encode, is_lasting
from inspector.audit.judged import clip_record, videos_record
from inspector.audit.legacy import legacy_issues
from inspector.audit.options import Options
from inspector.audit.passes import take_all
from inspector.audit.reading import fitting_profile, read_arrays, wanted_bytes
from inspector.audit.record import Record
from inspector.audit.stamp import stamp
from inspector.checks import Finding, Severity, Status, verdict
from inspector.checks.arrays import Arrays, foreign_imports
from inspector.checks.dataset import DataSet
from inspector.checks.fingerprint import content_of_checksums
from inspector.checks.judge import judge_many
from inspector.checks.measure import measure_many
from inspector.checks.measured import Measurements
from inspector.checks.readiness import wanted_targets
from inspector.checks.streamed import Running, generic_findings, generic_values
from inspector.checks.structure import structural
from inspector.errors import ArchiveError, InspectorError, ReadStoppedError
from inspector.profiles import Profile, load_profile

if TYPE_CHECKING:
    from inspector.audit.videos import JudgedVideos

HELD = 64 << 20
"""Bytes of arrays that files of a batch may hold together while they wait to be measured; a larger one waits alone."""


@dataclass(slots=True, eq=False)
class Read:
    """What one pass over a file yields; without a record it waits to be measured.

    With `lasting`, the reason of an error lies in the file alone.
    """

    path: str
    profile: Profile
    record: Record | None = None
    size: int = -1
    modified: int = -1
    wanted: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    arrays: Arrays | None = None
    measured: Measurements | None = None
    judged: JudgedVideos | None = None
    dataset: DataSet | None = None
    lasting: bool = False

    @property
    def result(self) -> Record:
        """The record of a file that is through."""
        if self.record is None:
            raise ValueError(f"{self.path} is asked for before it was measured")
        return self.record


class Batch:
    """Files on their way from paths to records.

    Parameters
    ----------
    in_full
        Keep arrays and measurements, and make what only a person looks at.
    wanted
        Asked now and then while a large file is read; once it says no, its record is an error.
    """

    def __init__(self, options: Options, in_full: bool, wanted: Wanted | None = None) -> None:
        self._options = options
        self._in_full = in_full
        self._wanted = wanted
        self._waiting: list[Read] = []
        self._held = 0

    def run(self, paths: Sequence[str]) -> list[Read]:
        """Every file with its record, in order; nothing is raised for a bad one."""
        reads = [self._read(path) for path in paths]
        self._measure_waiting()
        if self._options.validator is not None:
            for read in reads:
                if extra := legacy_issues(self._options.validator, read.path):
                    read.record = replace(read.result, legacy_issues=extra)
        return reads

    def _read(self, path: str) -> Read:
        options = self._options
        read = Read(path, options.in_use(options.profile or load_profile("generic")))
        try:
            if not self._opened(read):  # memory ran out: what waits must go first
                self._measure_waiting()
                self._opened(read)
        except InspectorError as error:
            read.record, read.lasting = _unreadable(path, read.profile, str(error)), is_lasting(error)
        except Exception as error:  # noqa: BLE001 - the boundary that keeps one odd file from ending a whole audit
            read.record = _unexpected(read, error)
        if read.record is None:
            self._waiting.append(read)
        else:
            if read.size < 0:
                read.size, read.modified = stamp(path)
            self._keep(read, read.record)
        return read

    def _opened(self, read: Read) -> bool:
        """Take from the file all that is needed; False if there was not the memory for it while others wait."""
        options = self._options
        try:
            with open_npz(read.path, revisit=self._in_full) as npz:
                read.size, read.modified = npz.size_bytes, npz.mtime_ns
                read.profile = options.in_use(options.profile or fitting_profile(npz))
                try:
                    self._look(read, npz)
                finally:  # whatever is wrong with one array, the window lists the others
                    read.members = npz.members if self._in_full else ()
        except MemoryError:
            if not self._waiting:
                raise
            return False
        return True

    def _keep(self, read: Read, record: Record) -> None:
        """Give a file its record, with size and time as it was opened; what was read for it is let go."""
        if (record.size_bytes, record.mtime_ns) != (read.size, read.modified):
            record = replace(record, size_bytes=read.size, mtime_ns=read.modified)
        if self._options.evidence:
            record = replace(record, evidence=encode(record, read.measured or read.judged, read.lasting))
        read.record = record
        if not self._in_full:
            read.arrays = read.measured = read.judged = None

    def _look(self, read: Read, npz: NpzFile) -> None:
        """Everything for which the file must be open."""
        path, profile = read.path, read.profile
        if not npz.names:
            raise ArchiveError(f"{path}: expected arrays, found an archive without any")
        if profile.kind == "generic":
            read.record = _generic(path, npz, profile, self._wanted)
            return
        if profile.kind == "videos":
            _videos(read, npz, self._wanted)
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

    def _measure_waiting(self) -> None:
        """Measure and judge all that waits; those of one profile together."""
        groups: dict[int, list[Read]] = {}
        for read in self._waiting:
            groups.setdefault(id(read.profile), []).append(read)
        self._waiting, self._held = [], 0
        for reads in groups.values():
            self._settle(reads)

    def _settle(self, reads: list[Read]) -> None:
        try:
            self._measure(reads)
        except Exception as error:  # noqa: BLE001 - the boundary that keeps one odd file from ending a whole audit
            if len(reads) > 1:  # the culprit is found by measuring each alone
                for read in reads:
                    if read.record is None:
                        self._settle([read])
            else:
                reads[0].arrays = None
                self._keep(reads[0], _unexpected(reads[0], error))

    def _measure(self, reads: list[Read]) -> None:
        profile = reads[0].profile
        clips = [(read, read.arrays) for read in reads if read.arrays is not None]
        found = measure_many([arrays for _, arrays in clips], profile, lanes=self._in_full)
        measured: list[tuple[Read, Measurements]] = []
        for (read, arrays), result in zip(clips, found, strict=True):
            if isinstance(result, Measurements):
                measured.append((read, result))
            else:
                self._keep(read, _unmeasurable(read, arrays, f"{read.path}: {result}"))
        judged = judge_many([result for _, result in measured], profile, [read.wanted for read, _ in measured])
        for (read, result), findings in zip(measured, judged, strict=True):
            read.measured = result
            self._keep(read, clip_record(read.path, result, findings, profile, read.wanted, read.size, read.modified))


def _missing(read: Read, npz: NpzFile, missing: list[str]) -> Record:
    held = ", ".join(npz.names[:12])
    target = next(iter(read.wanted), None)
    findings = tuple(
        Finding("MISSING_ARRAY", Severity.CRITICAL, f"{name} is not in the file; it holds {held}", target)
        for name in missing
    )
    fields = {"present": list(npz.names)}
    read.lasting = True
    return Record(read.path, Status.ERROR, read.profile.name, fields, findings=findings, error="missing_required_keys")


def _unmeasurable(read: Read, arrays: Arrays, text: str) -> Record:
    """A file that could be read but whose main arrays have no figures: what its structure says is kept."""
    problems = structural(arrays, read.profile, arrays.figures_by(read.profile))
    findings = tuple(sorted(problems, key=lambda f: f.severity.rank))
    fields = {"present": list(arrays.present)}
    read.lasting = True
    return Record(read.path, Status.ERROR, read.profile.name, fields, findings=findings, error=text)


def _generic(path: str, npz: NpzFile, profile: Profile, wanted: Wanted | None) -> Record:
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
                take_all(npz.blocks(member.name), running.update, threads=0, ordered=True, wanted=wanted)
            except ReadStoppedError:
                raise
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


def _videos(read: Read, npz: NpzFile, wanted: Wanted | None) -> None:
    from inspector.audit.videos import judge_file  # clips do without: it costs each worker's start

    path, profile = read.path, read.profile
    judged = judge_file(npz, profile, wanted)
    if judged.dataset is None:
        text = f"{path}: {judged.error}"
        fields = {"present": list(npz.names)}
        record = Record(path, Status.ERROR, profile.name, fields, findings=judged.findings, error=text)
    else:
        content = {"content": content_of_checksums(npz.checksums, profile.named("meta"))}
        judged = replace(judged, values=judged.values | content)
        record = videos_record(path, list(npz.names), judged, profile)
    npz.check_unchanged()
    read.record, read.judged, read.dataset = record, judged, judged.dataset


def _unreadable(path: str, profile: Profile, text: str) -> Record:
    finding = Finding("UNREADABLE", Severity.CRITICAL, text)
    return Record(path, Status.ERROR, profile.name, findings=(finding,), error=text)


def _unexpected(read: Read, error: Exception) -> Record:
    text = f"unexpected {type(error).__name__}: {error}"
    if isinstance(error, MemoryError):
        text = "not enough memory to read it"
    return _unreadable(read.path, read.profile, f"{read.path}: {text}")
