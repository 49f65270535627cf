"""The look across the open files: what it adds to each record, and what the window says of all of them. No Qt."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from inspector.audit.record import Record
from inspector.checks.finding import Finding, Status
from inspector.gui.copies import Copies
from inspector.gui.models.file_classes import class_numbers
from inspector.gui.models.name_order import END, Names, Rows

if TYPE_CHECKING:
    from inspector.audit.across import Across, Labels, Splits

CODES = frozenset("DUPLICATE_FILE NEAR_DUPLICATE_FILE SPLIT_LEAKAGE LABEL_MISSING FILE_MISSING".split())
"""`inspector.audit.across.CODES`, here so that no list of files needs to import what finds them."""

COPIED = frozenset("DUPLICATE_FILE NEAR_DUPLICATE_FILE SPLIT_LEAKAGE".split())
"""Findings of files that have copies to be shown beside them."""

_LOOKED_AT = ("content", "poses", "classes")
"""Measurements that a look across files reads."""

_END = bytes([END])
_SOME = 10_000  # files that are put together at once

Found = Mapping[str, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """What a user says of the files: a table of labels, and lists of splits.

    Attributes
    ----------
    labels_path, split_paths
        Where they were read from; empty without.
    """

    labels: Labels | None = None
    splits: Splits | None = None
    labels_path: str = ""
    split_paths: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.labels_path or self.split_paths)


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Files that are copies of others, in numbers.

    Attributes
    ----------
    groups, leaks
        How many recordings are there more than once, and how many of them in more than one split.
    rows
        int64 (k,), ascending: rows of all those files in the table.
    notes
        What concerns no single file, as sentences.
    """

    groups: int = 0
    leaks: int = 0
    rows: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All of it in a line; empty where there is nothing to say."""
        told = []
        if self.groups:
            told.append(f"{_n(self.groups, 'group')} of copies, {len(self.rows):,} files")
        if self.leaks:
            told.append(f"{self.leaks:,} across splits")
        return "; ".join([", ".join(told), *self.notes] if told else self.notes)


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a look across files found.

    Attributes
    ----------
    contents, told
        Hashes of what the files hold, and of all that it was told from.
    findings
        By path, what each record is to hold of `CODES`.
    changed
        int64 (k,): rows whose records are to hold other findings.
    missing
        Records of files that lists name and that are not there.
    appeared
        Files that lists name and that are there, though they are not listed.
    copies, groups
        Who is a copy of whom, and that in numbers.
    words
        What lists brought, in a few sentences.
    """

    contents: int
    told: int
    across: Across
    findings: Found
    changed: Rows
    missing: tuple[Record, ...]
    appeared: tuple[str, ...]
    copies: Copies
    groups: Groups
    words: str


def is_missing(record: Record) -> bool:
    """Whether a record stands for a file that a list names and that is not there."""
    return record.size_bytes < 0 and any(finding.code == "FILE_MISSING" for finding in record.findings)


def stated(records: Iterable[Record]) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """What records say of files together, as those of a report do: path and findings, where there are any."""
    for record in records:
        found = tuple(finding for finding in record.findings if finding.code in CODES)
        if found and not is_missing(record):
            yield record.path, found


def look(
    paths: Sequence[str],
    audited: Sequence[Record | None],
    lists: Lists,
    root: str,
    said: Found,
    before: Look | None,
) -> Look | None:
    """Look across files; never on the UI thread.

    Parameters
    ----------
    paths, audited
        All files, with the records of those that have one: the others are there, if no more is known of them. Each
        record is looked at once, and not kept.
    root
        The folder that is open; empty where files were opened one by one, of which none is missed.
    said
        What a report says of files together: it stays where this look cannot know better.
    before
        The look before; None comes back where nothing is to be told from that it was not told from.
    """
    from inspector.audit.across import across, with_across  # not before it is needed

    there: dict[int, Record] = {}
    contents = 0
    for row in _by_path(paths):  # `across` sorts them: what is in order already does not hold Python's lock for long
        path, audit = paths[row], audited[row]
        record = Record(path, Status.PASS) if audit is None else _slim(audit)
        if not is_missing(record):
            there[row] = record
            known = record.measurements  # of a data set, whose classes are a list
            contents = hash((contents, path, str(known.get("content")), str(known.get("poses")), "classes" in known))
    told = hash((contents, root, id(lists)))
    if before is not None and told == before.told:
        return None
    near = before.across.near if before is not None and before.contents == contents else None
    found = across(there.values(), lists.splits, lists.labels, root=root or None, near=near)
    findings: dict[str, tuple[Finding, ...]] = dict(found.findings)
    changed: list[int] = []
    for row, record in there.items():
        mine = findings.get(record.path, ())
        if kept := _kept(record, said.get(record.path, ()), mine, lists):
            mine = findings[record.path] = (*mine, *kept)
        after = with_across(record, mine)
        if after.findings != record.findings or after.status is not record.status:
            changed.append(row)
    listed = {record.path for record in there.values()}
    while there:  # one by one: all at once would hold Python's lock for as long as it takes
        there.popitem()
    missing = [record for record in found.missing if root and record.path not in listed]
    appeared = {record.path for record in missing if os.path.isfile(record.path)}  # noqa: PTH113 - as the list has it
    return Look(
        contents,
        told,
        found,
        findings,
        np.array(changed, np.int64),
        tuple(record for record in missing if record.path not in appeared),
        tuple(sorted(appeared)),
        Copies(found),
        _counted(found, {path: row for row, path in enumerate(paths)}),
        _said_of_lists(found),
    )


def _by_path(paths: Sequence[str]) -> list[int]:
    """Rows in the order of `sort_key`, where folders are told apart by slashes."""
    pieces: list[bytes] = []
    lengths: list[int] = []
    for start in range(0, len(paths), _SOME):
        some = [path.replace("/", "\x01").encode("utf-8", "surrogatepass") for path in paths[start : start + _SOME]]
        lengths += map(len, some)
        pieces.append(b"".join(piece + _END for piece in some))
    ends = np.cumsum(np.array(lengths, np.int64) + 1) - 1
    order: list[int] = Names(np.frombuffer(b"".join(pieces), np.uint8), ends).order().tolist()
    return order


def _slim(record: Record) -> Record:
    """What a look needs of a record: without its measurements a hundred thousand take a tenth of the memory."""
    known = {name: record.measurements[name] for name in _LOOKED_AT if name in record.measurements}
    return replace(record, fields={}, measurements=known)


def _kept(record: Record, said: Sequence[Finding], mine: Sequence[Finding], lists: Lists) -> tuple[Finding, ...]:
    """What a report said of a file and this look cannot: it has no lists, or nothing to compare."""
    if not said:
        return ()
    codes = {finding.code for finding in mine}
    blind = {"LABEL_MISSING"} if lists.labels is None else set()
    if lists.splits is None:
        blind.add("SPLIT_LEAKAGE")
    if "content" not in record.measurements:
        blind |= COPIED
    return tuple(finding for finding in said if finding.code in blind and finding.code not in codes)


def _groups(found: Across) -> tuple[tuple[str, ...], ...]:
    """Files that are copies of each other in any way: near duplicates, and all that have the content of one."""
    group_of: dict[str, list[str]] = {}
    for near in found.near_groups:
        together = list(near)
        group_of.update(dict.fromkeys(near, together))
    for exact in found.duplicates:
        together = next((group_of[path] for path in exact if path in group_of), [])
        together += [path for path in exact if path not in together]
        group_of.update(dict.fromkeys(exact, together))
    return tuple({id(group): tuple(group) for group in group_of.values()}.values())


def _counted(found: Across, row_of: Mapping[str, int]) -> Groups:
    groups = _groups(found)
    rows = np.array(sorted({row_of[path] for group in groups for path in group}), np.int64)
    return Groups(len(groups), len(found.leaks), rows, tuple(finding.message for finding in found.dataset))


def classes_of(labels: Labels, paths: Sequence[str]) -> tuple[dict[str, str], npt.NDArray[np.int32]]:
    """Label by path, and what `class_numbers` makes of that; never on the UI thread."""
    joined = labels.join(paths)
    found = {path: name for path in joined.of if (name := joined.class_of(path))}
    return found, class_numbers(found, paths)


def _said_of_lists(found: Across) -> str:
    from inspector.reports.across import sentences

    told = sentences(replace(found, duplicates=(), near=(), near_groups=()))
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in told)


def _n(count: int, one: str) -> str:
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"
