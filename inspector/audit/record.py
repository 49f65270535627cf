"""The verdict on one file: what the reports write and the window lists."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

import msgspec

from inspector.checks.finding import Finding, Status

_REFERENCE = frozenset(
    "present meta_summary T X_shape mask_shape ts_shape X_dtype mask_dtype ts_dtype X_has_nan X_has_inf "
    "X_out_of_range timestamps_monotonic duration_ms temporal_consistent has_mask coverage_pct min_visible "
    "max_visible low_vis_frames vel_p95 vel_max vel_spike_frames bone_len_cv_pct bone_outlier_frames".split()
)
# Beside control characters, what turns the reading direction or breaks the line; letters of any script stay.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_one_at_a_time = threading.Lock()  # two threads that use a type for the first time make msgspec crash
_UNREAD = frozenset({"poses"})  # a thousand characters
_MANY = (list, dict, tuple)
_OWN = frozenset("file error status profile wanted findings legacy_issues size_bytes mtime_ns".split())


def printable(text: str) -> str:
    r"""Text that any encoder takes: lone surrogates become ``\udNNN``."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text


def printable_path(path: str) -> str:
    r"""A path as text that any encoder takes: bytes that are not UTF-8 become ``\xNN``."""
    try:
        return os.fsencode(path).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # a surrogate that stands for no byte
        return printable(path)


def visible(text: str) -> str:
    """Control characters, line breaks and direction marks as escapes, the rest as it is: one line, no surprises."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(lambda match: match[0].encode("unicode_escape").decode(), printable(text))


def visible_path(path: str) -> str:
    """A path as it is shown to people: `printable_path`, and nothing in it that makes it read as another name."""
    return visible(printable_path(path))


@dataclass(frozen=True, slots=True)
class Record:
    """One file's verdict, small enough to keep by the hundred thousand and picklable.

    Attributes
    ----------
    path
        As the operating system gave it (may hold surrogate escapes); `file` is its printable form.
    profile
        Name of the profile it was judged by.
    fields
        The reference's fields in its order, ``present`` and ``meta_summary`` first.
    issues
        For each target, the texts of what it lacks; empty means ready.
    wanted
        The targets that this file must be ready for.
    measurements
        Our own flat figures.
    error
        Why the file, or a part of it, could not be read or measured.
    size_bytes, mtime_ns
        Of the file as it was read; -1 when it could not be looked at.
    line
        What `inspector.audit.lines.to_line` makes of it, where the worker was asked for that (`Options.lines`).
    columns
        Of a slim record (`Options.slim`): the names that `columns_of` finds in the whole one, each on a line.
    evidence
        What the cache keeps of the file beside the record, opaque here.
    """

    path: str
    status: Status
    profile: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    issues: dict[str, tuple[str, ...]] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    measurements: dict[str, Any] = field(default_factory=dict)
    legacy_issues: tuple[str, ...] = ()
    error: str | None = None
    size_bytes: int = -1
    mtime_ns: int = -1
    line: bytes = field(default=b"", compare=False, repr=False)
    columns: str = field(default="", compare=False, repr=False)
    evidence: bytes = field(default=b"", compare=False, repr=False)

    def __reduce__(self) -> tuple[type[Record], tuple[Any, ...]]:
        """As its values in order: a third of the time that dataclasses take by themselves."""
        return type(self), _values(self)

    @property
    def file(self) -> str:
        """The path as text that every report can hold."""
        return printable_path(self.path)

    def ready(self, target: str) -> bool | None:
        """Whether the target's needs are met; None where nothing was measured for it."""
        return None if target not in self.issues else not self.issues[target]

    def as_json(self) -> dict[str, Any]:
        """One flat JSON object: reference fields at top level, then ours (DESIGN: Reports)."""
        out: dict[str, Any] = {"file": self.file}
        if self.error is not None:
            out["error"] = printable(self.error)
        features = {k: v for k, v in self.fields.items() if k.startswith("X2048_")}
        out |= self.fields
        for name in features:  # they come after what follows here
            del out[name]
        for names in ("present", "meta_summary"):  # the only fields whose text comes out of the file
            if out.get(names) is not None:
                out[names] = [printable(name) for name in out[names]]
        for target, texts in self.issues.items():
            out[f"{target}_ready"] = not texts
            out[f"{target}_issues"] = list(texts)
        if self.issues:
            out["legacy_issues"] = [printable(text) for text in self.legacy_issues]
        out |= features
        out["status"] = self.status.value
        out["profile"] = self.profile
        out["wanted"] = list(self.wanted)
        out["findings"] = [f.as_json() | {"message": printable(f.message)} for f in self.findings]
        out |= self.measurements
        out["size_bytes"] = self.size_bytes
        out["mtime_ns"] = self.mtime_ns
        return out

    @classmethod
    def from_json(cls, line: dict[str, Any]) -> Record:
        """The record that `as_json` made a line of; unknown keys are taken for measurements."""
        issues = {k.removesuffix("_issues"): tuple(v) for k, v in line.items() if k.endswith("_issues")}
        legacy = issues.pop("legacy", ())
        readiness = {f"{target}{end}" for target in issues for end in ("_ready", "_issues")}
        fields = {k: v for k, v in line.items() if k in _REFERENCE or k.startswith("X2048_")}
        known = _OWN | readiness | fields.keys()
        return cls(
            path=line["file"],
            status=Status(line["status"]),
            profile=line.get("profile", ""),
            fields=fields,
            issues=issues,
            wanted=tuple(line.get("wanted", ())),
            findings=tuple(_finding(f) for f in line.get("findings", ())),
            measurements={k: v for k, v in line.items() if k not in known},
            legacy_issues=legacy,
            error=line.get("error"),
            size_bytes=line.get("size_bytes", -1),
            mtime_ns=line.get("mtime_ns", -1),
        )


_values = attrgetter(*(each.name for each in fields(Record)))


def is_dataset(record: Record) -> bool:
    """Whether the record is of a data set of videos that could be measured."""
    return "classes" in record.measurements and "samples" in record.measurements


def columns_of(measurements: Mapping[str, Any]) -> Iterator[str]:
    """Names of the measurements that are single values which people read: the columns of a table."""
    return (name for name, value in measurements.items() if name not in _UNREAD and not isinstance(value, _MANY))


def _finding(raw: dict[str, Any]) -> Finding:
    with _one_at_a_time:
        return msgspec.convert(raw, Finding)
