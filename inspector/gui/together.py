"""The look across the open files: what it adds to each record, and what the window says of all of them. No Qt."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from inspector.audit.record import Record
from inspector.checks.finding import Finding

if TYPE_CHECKING:
    from inspector.audit.across import Across, Labels, Splits

CODES = frozenset("DUPLICATE_FILE NEAR_DUPLICATE_FILE SPLIT_LEAKAGE LABEL_MISSING FILE_MISSING".split())
"""`inspector.audit.across.CODES`, here so that no list of files needs to import what finds them."""

COPIED = frozenset("DUPLICATE_FILE NEAR_DUPLICATE_FILE SPLIT_LEAKAGE".split())
"""Findings of files that have copies to be shown beside them."""

Found = Mapping[str, tuple[Finding, ...]]
Change = tuple[Record | None, Record]
"""A record as it was, and as it is now; None for one that had none."""


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
            told.append(f"{self.leaks:,} of them across splits")
        return "; ".join([", ".join(told), *self.notes] if told else self.notes)


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a look across files found.

    Attributes
    ----------
    told
        A hash of what it was told from.
    findings
        By path, what each record is to hold of `CODES`.
    changes
        Records whose findings differ.
    missing
        Records of files that lists name and that are not there.
    appeared
        Files that lists name and that are there, though they are not listed.
    groups
        Paths of each group of copies.
    classes
        Label by path.
    """

    told: int
    across: Across
    findings: Found
    changes: tuple[Change, ...]
    missing: tuple[Record, ...]
    appeared: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    classes: Mapping[str, str]


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
    records: Sequence[Record],
    lists: Lists,
    root: str,
    said: Found,
    told: int,
) -> Look | None:
    """Look across files; never on the UI thread.

    Parameters
    ----------
    root
        The folder that is open; empty where files were opened one by one, of which none is missed.
    said
        What a report says of files together: it stays where this look cannot know better.
    told
        The hash of the look before; None comes back where nothing is to be told from that it was not told from.
    """
    from inspector.audit.across import across, with_across  # not before it is needed

    known = tuple((r.path, r.measurements.get("content"), r.measurements.get("poses")) for r in records)
    now = hash((known, root, id(lists))) or 1
    if now == told:
        return None
    found = across(records, lists.splits, lists.labels, root=root or None)
    findings: dict[str, tuple[Finding, ...]] = dict(found.findings)
    changes: list[Change] = []
    for record in records:
        if is_missing(record):
            continue
        mine = findings.get(record.path, ())
        if kept := _kept(record, said.get(record.path, ()), mine, lists):
            mine = findings[record.path] = (*mine, *kept)
        after = with_across(record, mine)
        if after.findings != record.findings or after.status is not record.status:
            changes.append((record, after))
    paths = {record.path for record in records}
    missing = [record for record in found.missing if root and record.path not in paths]
    appeared = {record.path for record in missing if os.path.isfile(record.path)}  # noqa: PTH113 - as the list has it
    joined = found.joined
    return Look(
        now,
        found,
        findings,
        tuple(changes),
        tuple(record for record in missing if record.path not in appeared),
        tuple(sorted(appeared)),
        _groups(found),
        {} if joined is None else {path: name for path in joined.of if (name := joined.class_of(path))},
    )


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


def groups_of(found: Look, row_of: Mapping[str, int]) -> Groups:
    """The groups in numbers, with their rows."""
    rows = sorted({row_of[path] for group in found.groups for path in group if path in row_of})
    notes = tuple(finding.message for finding in found.across.dataset)
    return Groups(len(found.groups), len(found.across.leaks), np.array(rows, np.int64), notes)


def classes_of(labels: Labels, paths: Sequence[str]) -> dict[str, str]:
    """Label by path; never on the UI thread."""
    joined = labels.join(paths)
    return {path: name for path in joined.of if (name := joined.class_of(path))}


def said_of_lists(found: Across) -> str:
    """What lists brought, in a few sentences."""
    from inspector.reports.across import sentences

    told = sentences(replace(found, duplicates=(), near=(), near_groups=()))
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in told)


def _n(count: int, one: str) -> str:
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"
