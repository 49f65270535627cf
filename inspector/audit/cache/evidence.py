"""A record, and what it can be judged by again, as bytes: exact to the bit, and small.

Nothing in the bytes is executed. They carry a checksum and are decoded strictly: what is odd counts as not there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import numpy as np

from inspector.audit.cache.arrays import Packed, Unpacked, pack
from inspector.audit.judged import clip_record, videos_record
from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.checks.dataset import ClassFigures, DataSet, NearPair
from inspector.checks.finding import Finding, Ranges, Severity, Status
from inspector.checks.judge import judge
from inspector.checks.measured import Measurements
from inspector.checks.readiness import wanted_targets
from inspector.database import seal, unseal
from inspector.errors import ArchiveChangedError, InspectorError, ReadStoppedError
from inspector.profiles.layouts import Layout
from inspector.profiles.model import Profile

if TYPE_CHECKING:
    from inspector.audit.videos import JudgedVideos

_ONLY_SHOWN = frozenset({"speed", "motion"})
"""Series that no limit is held against."""

_JUDGED_FRAMES = ("object_x", "object_y", "at_border", "blank")
_MOST_BYTES = 4 << 20
"""A data set with more to judge by is judged by reading it again."""

_LENGTH_BYTES = 4
_NOT_EXACT = (TypeError, ValueError, OverflowError, UnicodeEncodeError)
_Told = tuple[str, Severity, str, str | None, Ranges, Ranges, Ranges]
_Arrays = dict[str, Packed]
_Known = TypeVar("_Known")


class _Verdict(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """A record but for its file; with the path where its words name the file by it."""

    status: Status
    profile: str
    fields: dict[str, Any]
    issues: dict[str, tuple[str, ...]]
    wanted: tuple[str, ...]
    findings: tuple[_Told, ...]
    measurements: dict[str, Any]
    error: str | None
    path: str | None


class _Clip(msgspec.Struct, array_like=True, forbid_unknown_fields=True, tag="clip"):
    """What `judge` needs beyond the figures that the record holds."""

    series: _Arrays
    details: _Arrays
    problems: tuple[_Told, ...]


class _Camera(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    arrays: _Arrays
    rms: float
    explained: int


class _Videos(msgspec.Struct, array_like=True, forbid_unknown_fields=True, tag="videos"):
    """What `judge_measured` needs beyond the figures that the record holds."""

    array: str
    dtype: str
    axes: str
    shape: tuple[int, ...]
    full_scale: float
    names: dict[int, str]
    whole: _Arrays
    samples: _Arrays
    frames: _Arrays
    groups: tuple[tuple[int, ...], ...]
    near: tuple[tuple[int, int, str], ...]
    near_groups: tuple[tuple[int, ...], ...]
    classes: tuple[ClassFigures, ...]
    rate: float
    camera: _Camera | None
    outside: tuple[int, ...]
    problems: tuple[_Told, ...]


class _Nothing(msgspec.Struct, array_like=True, forbid_unknown_fields=True, tag="nothing"):
    """No limit is held against anything in the file."""


_encode = msgspec.msgpack.Encoder().encode
_verdicts = msgspec.msgpack.Decoder(_Verdict)
_evidence = msgspec.msgpack.Decoder(_Clip | _Videos | _Nothing)


def encode(record: Record, of: Measurements | JudgedVideos | None, lasting: bool = False) -> bytes:
    """A record and what it was judged by, for `split`.

    Parameters
    ----------
    of
        What was measured; None of a file that no limit is held against.
    lasting
        Of an ``error`` record: whether its reason lies in the file alone. Others may pass, and are not kept.

    Returns
    -------
    bytes
        Empty for a record that is not to be kept, and for one with a value that cannot be written exactly.
    """
    failed = record.status is Status.ERROR
    if failed and not lasting:
        return b""
    try:
        verdict = encode_verdict(record)
        evidence = b"" if failed else seal(_encode(_evidence_of(of)))
    except _NOT_EXACT:
        return b""
    if len(evidence) > _MOST_BYTES:
        evidence = b""
    return len(verdict).to_bytes(_LENGTH_BYTES, "little") + verdict + evidence


def is_lasting(error: InspectorError) -> bool:
    """Whether an error of reading lies in the file alone: not in the disk, the memory, or a writer at work."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ArchiveChangedError | ReadStoppedError | OSError | MemoryError):
            return False
        cause = cause.__cause__
    return True


def split(encoded: bytes) -> tuple[bytes, bytes]:
    """The verdict, and what it can be judged by again (empty where that is too much), out of `encode`'s bytes."""
    end = _LENGTH_BYTES + int.from_bytes(encoded[:_LENGTH_BYTES], "little")
    return encoded[_LENGTH_BYTES:end], encoded[end:]


def encode_verdict(record: Record) -> bytes:
    """The first half of `encode`, of a record that is kept already."""
    encoded = _encode(_verdict_of(record, None))
    if record.status is Status.ERROR or record.path.encode("utf-8", "surrogateescape") in encoded:
        encoded = _encode(_verdict_of(record, record.path))
    return seal(encoded)


def recall(path: str, size_bytes: int, mtime_ns: int, verdict: bytes) -> Record:
    """The record that was encoded, for the file under this path.

    Raises
    ------
    ValueError
        When the bytes are not what `encode` wrote, or what they say names the file by another path.
    """
    known = _opened(verdict, _verdicts)
    if known.path not in (None, path):
        raise ValueError(f"what was kept speaks of {known.path}")
    return Record(
        path,
        known.status,
        known.profile,
        known.fields,
        known.issues,
        known.wanted,
        tuple(Finding(*told) for told in known.findings),
        known.measurements,
        error=known.error,
        size_bytes=size_bytes,
        mtime_ns=mtime_ns,
    )


def judge_again(record: Record, evidence: bytes, profile: Profile, options: Options) -> Record:
    """A recalled record as a profile judges it that measures the same and may have other limits.

    Raises
    ------
    ValueError
        When the bytes are not what `encode` wrote.
    """
    known = _opened(evidence, _evidence)
    if isinstance(known, _Clip):
        wanted = wanted_targets(profile, tuple(record.fields["present"]), options.targets)
        measured = Measurements(
            record.fields,
            record.measurements,
            Unpacked(known.series),
            Unpacked(known.details),
            record.issues,
            _findings(known.problems),
            record.error,
        )
        findings = judge(measured, profile, wanted)
        return clip_record(record.path, measured, findings, profile, wanted, record.size_bytes, record.mtime_ns)
    if isinstance(known, _Videos):
        from inspector.audit.videos import judge_measured  # clips do without

        problems = _findings(known.problems)
        judged = judge_measured(_dataset(known), record.measurements, problems, profile, record.error)
        present = record.fields["present"]
        return videos_record(record.path, present, judged, profile, record.size_bytes, record.mtime_ns)
    return replace(record, profile=profile.name)


def _opened(sealed: bytes, decoder: msgspec.msgpack.Decoder[_Known]) -> _Known:
    try:
        return decoder.decode(unseal(sealed))
    except msgspec.DecodeError as error:
        raise ValueError(f"what was kept cannot be read: {error}") from error


def _verdict_of(record: Record, path: str | None) -> _Verdict:
    return _Verdict(
        record.status,
        record.profile,
        record.fields,
        record.issues,
        record.wanted,
        _told(record.findings),
        record.measurements,
        record.error,
        path,
    )


def _evidence_of(of: Measurements | JudgedVideos | None) -> _Clip | _Videos | _Nothing:
    if isinstance(of, Measurements):
        series = {name: pack(array) for name, array in of.series.items() if name not in _ONLY_SHOWN}
        return _Clip(series, _packed(of.details), _told(of.problems))
    return _Nothing() if of is None or of.dataset is None else _videos(of.dataset, of.problems)


def _videos(of: DataSet, problems: Iterable[Finding]) -> _Videos:
    camera = None
    if of.camera is not None:
        places = {name: getattr(of.camera, name) for name in ("matrix", "projected_x", "projected_y", "distance")}
        camera = _Camera(_packed(places), of.camera.rms, of.camera.explained)
    whole = {"labels": of.labels, "trajectory": of.trajectory}
    return _Videos(
        array=of.array,
        dtype=of.dtype.str,
        axes=of.layout.axes,
        shape=of.layout.shape,
        full_scale=of.full_scale,
        names=dict(of.names),
        whole={name: pack(array) for name, array in whole.items() if array is not None},
        samples=_packed(of.samples),
        frames={name: pack(of.frames[name]) for name in _JUDGED_FRAMES},
        groups=of.groups,
        near=of.near,
        near_groups=of.near_groups,
        classes=of.classes,
        rate=of.rate,
        camera=camera,
        outside=tuple(sorted(of.outside)),
        problems=_told(problems),
    )


def _dataset(known: _Videos) -> DataSet:
    from inspector.checks.camera import Camera  # clips do without

    camera = None
    if known.camera is not None:
        camera = Camera(**Unpacked(known.camera.arrays), rms=known.camera.rms, explained=known.camera.explained)
    whole = Unpacked(known.whole)
    return DataSet(
        array=known.array,
        dtype=np.dtype(known.dtype),
        layout=Layout(known.axes, known.shape),
        full_scale=known.full_scale,
        labels=whole.get("labels"),
        names=known.names,
        trajectory=whole.get("trajectory"),
        samples=Unpacked(known.samples),
        frames=Unpacked(known.frames),
        groups=known.groups,
        near=tuple(NearPair(*pair) for pair in known.near),
        near_groups=known.near_groups,
        classes=known.classes,
        rate=known.rate,
        camera=camera,
        outside=frozenset(known.outside),
    )


def _told(findings: Iterable[Finding]) -> tuple[_Told, ...]:
    return tuple((f.code, f.severity, f.message, f.target, f.frames, f.points, f.samples) for f in findings)


def _findings(told: tuple[_Told, ...]) -> tuple[Finding, ...]:
    return tuple(Finding(*each) for each in told)


def _packed(arrays: Any) -> _Arrays:
    return {name: pack(array) for name, array in arrays.items()}
