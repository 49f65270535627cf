"""What of a record leaves the worker, and how: little, quickly taken apart.

An audit without a window counts, prints and looks across files: for that a fraction of a record's figures will do, and
the report's line is made where the record is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import msgspec

from inspector.audit.lines import to_line
from inspector.audit.options import Options
from inspector.audit.record import Record, columns_of, is_dataset

LOOKED_AT = ("content", "poses", "classes")
"""Measurements that a look across files takes from a record."""

_FILMED = ("T",)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Record]).decode


def slim(record: Record) -> Record:
    """The record without the figures that only reports hold; whole where pictures are drawn of it."""
    if is_dataset(record):
        return record
    measurements = record.measurements
    return replace(
        record,
        fields={name: record.fields[name] for name in _FILMED if name in record.fields},
        measurements={name: measurements[name] for name in LOOKED_AT if name in measurements},
        columns="\n".join(columns_of(measurements)),
    )


def bare(record: Record) -> Record:
    """What a look across files, and the lines that are printed at the end, need of a record."""
    measurements = {name: record.measurements[name] for name in LOOKED_AT if name in record.measurements}
    return Record(
        record.path, record.status, record.profile, {}, record.issues, record.wanted, record.findings, measurements,
        record.legacy_issues, record.error, record.size_bytes, record.mtime_ns,
    )  # fmt: skip


class Records(list[Record]):
    """Records that travel as one piece of MessagePack, a third of the time of a pickle to take apart.

    What that cannot hold, a path that is not UTF-8 for one, is pickled. Lists and tuples inside figures may come out as
    lists, as from a report; therefore only slim records travel so.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[Callable[[Any], list[Record]], tuple[Any]]:
        """Taken apart as a plain list."""
        try:
            return _taken_apart, (_encode(self),)
        except (UnicodeEncodeError, TypeError, OverflowError, ValueError):
            return list, (list(self),)


def _taken_apart(data: bytes) -> list[Record]:
    return _decode(data)


def finished(records: Iterable[Record], options: Options) -> list[Record]:
    """Records as the options want them out of the worker."""
    made = list(records)
    if options.lines:
        made = [replace(record, line=to_line(record)) for record in made]
    return Records(map(slim, made)) if options.slim else made
