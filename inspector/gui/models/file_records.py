"""Records of many files, packed: some 2 KB a clip instead of 12, half of it the path of the body. No Qt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, overload

import msgspec
import numpy as np
import numpy.typing as npt

from inspector.audit.record import Record
from inspector.checks.finding import Finding, Status

_PLAIN = {int, float, bool, str, list, dict, type(None)}


class _Kind(NamedTuple):
    """What many records have in common."""

    profile: str
    wanted: tuple[str, ...]
    fields: tuple[str, ...]
    measurements: tuple[str, ...]


class _Packed(msgspec.Struct, array_like=True, frozen=True, gc=False):
    kind: int
    status: Status
    fields: list[Any]
    issues: dict[str, tuple[str, ...]]
    findings: tuple[Finding, ...]
    measurements: list[Any]
    legacy_issues: tuple[str, ...]
    error: str | None
    size_bytes: int
    mtime_ns: int


_Kept = bytes | Record | None

# Made here, on one thread: two that use a type for the first time make msgspec crash.
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Packed)
_decoder.decode(_encoder.encode(_Packed(0, Status.PASS, [], {}, (), [], (), None, -1, -1)))


class Records(Sequence[Record | None]):
    """What is known of each file, None while that is nothing; unpacked whenever it is asked for.

    Parameters
    ----------
    paths
        Of the files.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._kept: list[_Kept] = []
        self._kinds: list[_Kind] = []
        self._numbers: dict[_Kind, int] = {}

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, key: int) -> Record | None: ...
    @overload
    def __getitem__(self, key: slice) -> list[Record | None]: ...
    def __getitem__(self, key: int | slice) -> Record | list[Record | None] | None:
        if isinstance(key, slice):
            return [self._unpacked(row) for row in range(*key.indices(len(self)))]
        return self._unpacked(range(len(self))[key])

    def __iter__(self) -> Iterator[Record | None]:
        return map(self._unpacked, range(len(self)))

    def has(self, row: int) -> bool:
        """Whether there is one."""
        return self._kept[row] is not None

    def frozen(self) -> Records:
        """As they are now, whatever comes."""
        found = Records(self._paths)
        found._kept, found._kinds = self._kept.copy(), self._kinds  # kinds are only ever added
        return found

    def resize(self, paths: Sequence[str]) -> None:
        """Have one for each of these files: those that were there stay."""
        self._paths = paths
        size = len(paths)
        del self._kept[size:]
        self._kept.extend([None] * (size - len(self)))

    def put(self, row: int, record: Record) -> None:
        """Keep a record of a row's file."""
        self._kept[row] = self._packed(record)

    def forget(self, rows: npt.NDArray[np.int64]) -> None:
        """Keep none of these files."""
        if len(rows) == len(self):
            self._kept = [None] * len(self)
        else:
            for row in rows.tolist():
                self._kept[row] = None

    def _packed(self, record: Record) -> _Kept:
        """Its bytes; the record itself where it would not come out of them as it went in."""
        fields, measurements = list(record.fields.values()), list(record.measurements.values())
        if not {*map(type, fields), *map(type, measurements)} <= _PLAIN:
            return record
        kind = _Kind(record.profile, record.wanted, tuple(record.fields), tuple(record.measurements))
        number = self._numbers.get(kind)
        if number is None:
            number = self._numbers[kind] = len(self._kinds)
            self._kinds.append(kind)
        packed = _Packed(
            number, record.status, fields, record.issues, record.findings, measurements,
            record.legacy_issues, record.error, record.size_bytes, record.mtime_ns,
        )  # fmt: skip
        try:
            return _encoder.encode(packed)
        except (UnicodeEncodeError, OverflowError, TypeError):  # text or numbers that no encoder takes
            return record

    def _unpacked(self, row: int) -> Record | None:
        kept = self._kept[row]
        if not isinstance(kept, bytes):
            return kept
        one = _decoder.decode(kept)
        kind = self._kinds[one.kind]
        return Record(
            self._paths[row], one.status, kind.profile, dict(zip(kind.fields, one.fields, strict=True)), one.issues,
            kind.wanted, one.findings, dict(zip(kind.measurements, one.measurements, strict=True)),
            one.legacy_issues, one.error, one.size_bytes, one.mtime_ns,
        )  # fmt: skip
