"""The look across files: groups, leaks and labels out of records alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.audit.across.bodies import Bodies
from inspector.audit.across.exact import Confirm, content_by_reading, duplicates
from inspector.audit.across.names import SUFFIX, Files, common_folder, few, relative
from inspector.audit.across.near import Same, near_duplicates
from inspector.audit.across.result import Across, Pair
from inspector.audit.across.splits import Entry, Splits, splits_of_folders, splits_of_lists
from inspector.audit.record import Record, visible
from inspector.audit.scan import sort_key
from inspector.checks.finding import Finding, Severity, Status

if TYPE_CHECKING:
    from inspector.audit.across.labels import Joined, Labels

IMBALANCE = 3.0
"""The largest class may have this many times the files of the smallest."""

_WHOLE = 0.9

Found = defaultdict[str, list[Finding]]


def across(
    records: Iterable[Record],
    splits: Splits | None = None,
    labels: Labels | None = None,
    *,
    root: str | None = None,
    confirm: Confirm = content_by_reading,
    imbalance: float = IMBALANCE,
    near: tuple[Pair, ...] | None = None,
) -> Across:
    """Look across files.

    Parameters
    ----------
    records
        Of all files, in any order.
    splits
        Lists that say which split files are in; without them folders called ``train``, ``val`` and so on do.
    labels
        A table of labels to join to the files.
    root
        The folder audited: names of splits are looked for below it. By default the folder that all files lie in.
    confirm
        See `duplicates`.
    imbalance
        The largest class may have this many times the files of the smallest.
    near
        The near duplicates, where an earlier look at the same records found them; it takes most of the time.
    """
    known = {record.path: record for record in records if not _is_missing(record)}
    paths = sorted(known, key=sort_key)
    base = common_folder(paths) if root is None else root
    exact = duplicates(known.values(), confirm)
    near = _near(known, paths, exact) if near is None else near
    near_groups = _joined_groups([(pair.a, pair.b) for pair in near])
    found: Found = defaultdict(list)
    _say_duplicates(exact, base, found)
    _say_near(near, near_groups, base, found)
    listed: dict[str, tuple[Entry, ...]] = {}
    unlisted: tuple[Entry, ...] = ()
    if splits is not None:
        listed, unlisted = splits_of_lists(splits, Files(paths))
        where = {path: entries[0].split for path, entries in listed.items()}
    else:
        where = splits_of_folders(paths, base)
    leaks = _leaks(exact, near, where, base, found)
    _say_listed_twice(listed, found)
    joined = labels.join(paths) if labels is not None else None
    missing = [(entry.text, f"split {entry.split}", entry.where) for entry in unlisted]
    dataset: tuple[Finding, ...] = ()
    if joined is not None:
        missing += [(row.file, "a label", f"{joined.table.source}, line {row.line}") for row in joined.missing]
        _say_labels(joined, [known[path] for path in paths], found)
        dataset = _imbalance(joined, imbalance)
    return Across(
        root=base,
        files=len(paths),
        duplicates=tuple(exact),
        near=near,
        near_groups=near_groups,
        splits=where,
        leaks=leaks,
        joined=joined,
        classes=dict(joined.classes()) if joined else {},
        findings={path: tuple(found[path]) for path in paths if found.get(path)},
        dataset=dataset,
        missing=_missing(missing, base),
    )


def _is_missing(record: Record) -> bool:
    """Whether it stands for a file that an earlier look across files missed."""
    return record.size_bytes < 0 and any(finding.code == "FILE_MISSING" for finding in record.findings)


def _near(known: Mapping[str, Record], paths: Sequence[str], exact: Sequence[Sequence[str]]) -> tuple[Pair, ...]:
    copies = {path for group in exact for path in group[1:]}
    chosen = [path for path in paths if path not in copies]
    bodies = Bodies.read([known[path].measurements.get("poses") for path in chosen])
    frames = dict(zip(bodies.number.tolist(), bodies.paths.frames.tolist(), strict=True))
    return tuple(_pair(same, chosen, frames) for same in near_duplicates(bodies))


def _pair(same: Same, paths: Sequence[str], frames: Mapping[int, int]) -> Pair:
    whole = []
    for number, (first, last) in ((same.a, same.frames_a), (same.b, same.frames_b)):
        whole.append(last - first + 1 >= _WHOLE * frames[number])
    return Pair(
        paths[same.a], paths[same.b], same.ratio, same.start, same.frames_a, same.frames_b, whole[0], whole[1],
        same.mirrored, same.exchanged,
    )  # fmt: skip


def _joined_groups(pairs: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Groups of paths that are joined by pairs, directly or by way of others."""
    parent: dict[str, str] = {}

    def first_of(path: str) -> str:
        while parent.setdefault(path, path) != path:
            parent[path] = parent[parent[path]]
            path = parent[path]
        return path

    for one, *others in pairs:
        for other in others:
            parent[first_of(other)] = first_of(one)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for path in parent:
        groups[first_of(path)].append(path)
    ordered = [tuple(sorted(group, key=sort_key)) for group in groups.values()]
    return tuple(sorted(ordered, key=lambda group: sort_key(group[0])))


def _say_duplicates(groups: Sequence[Sequence[str]], root: str, found: Found) -> None:
    for group in groups:
        first, *copies = group
        many = "a copy" if len(copies) == 1 else f"{len(copies)} copies"
        found[first].append(
            Finding("DUPLICATE_FILE", Severity.LOW, f"has {many} of the same content: {few(copies, root)}")
        )
        for path in copies:
            others = [other for other in group if other != path]
            message = f"same content as {few(others, root)}"
            found[path].append(Finding("DUPLICATE_FILE", Severity.MEDIUM, message))


def _say_near(pairs: Sequence[Pair], groups: Sequence[Sequence[str]], root: str, found: Found) -> None:
    of: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        of[pair.a].append(pair)
        of[pair.b].append(pair)
    for group in groups:
        for path in group:
            first, *more = sorted(of[path], key=lambda pair: sort_key(pair.other(path)))
            message = f"is {first.relation(path)}".format(relative(first.other(path), root))
            seen = {path, first.other(path)}
            others = [pair.other(path) for pair in more]
            others += [other for other in group if other not in seen and other not in others]
            if others:
                message += f"; also like {few(others, root)}"
            severity = Severity.LOW if path == group[0] else Severity.MEDIUM
            found[path].append(Finding("NEAR_DUPLICATE_FILE", severity, message, frames=first.frames_of(path)))


def _leaks(
    exact: Sequence[Sequence[str]], near: Sequence[Pair], where: Mapping[str, str], root: str, found: Found
) -> tuple[tuple[str, ...], ...]:
    out = []
    for group in _joined_groups([*exact, *((pair.a, pair.b) for pair in near)]):
        inside = [path for path in group if path in where]
        if len({where[path] for path in inside}) < 2:
            continue
        out.append(tuple(inside))
        exactly = any({*inside} <= {*same} for same in exact)
        for path in inside:
            others = [other for other in inside if where[other] != where[path]]
            named = sorted({where[other] for other in others})
            what = "the same content" if exactly else "the same recording"
            message = f"{what} is in {where[path]} and in {', '.join(named)}: {few(others, root)}"
            found[path].append(Finding("SPLIT_LEAKAGE", Severity.HIGH, message))
    return tuple(out)


def _say_listed_twice(listed: Mapping[str, Sequence[Entry]], found: Found) -> None:
    for path, entries in listed.items():
        firsts = {entry.split: entry for entry in reversed(entries)}
        if len(firsts) > 1:
            places = " and ".join(f"{split} ({firsts[split].where})" for split in sorted(firsts))
            found[path].append(Finding("SPLIT_LEAKAGE", Severity.HIGH, f"is listed in {visible(places)}"))


def _say_labels(joined: Joined, records: Sequence[Record], found: Found) -> None:
    table = joined.table
    for record in records:
        path = record.path
        row = joined.of.get(path)
        if row is None:
            if "classes" in record.measurements:  # a data set of videos holds labels of its own
                continue
            message = f"{table.source} has no row for this file"
        elif path in joined.conflicts:
            said = [f"{_said(one.values)} in line {one.line}" for one in joined.conflicts[path]]
            message = f"{table.source} says different things of this file: {'; '.join(said[:3])}"
        elif table.class_column is not None and not joined.class_of(path):
            message = f"{table.source}, line {row.line}: {table.class_column} is empty"
        else:
            continue
        found[path].append(Finding("LABEL_MISSING", Severity.MEDIUM, visible(message)))


def _said(values: tuple[str, str, bool | None]) -> str:
    gloss, cat, occluded = values
    said = [text for text in (gloss, cat) if text]
    if occluded is not None:
        said.append("occluded" if occluded else "not occluded")
    return ", ".join(said) or "nothing"


def _imbalance(joined: Joined, limit: float) -> tuple[Finding, ...]:
    classes = joined.classes()
    if not classes:
        return ()
    kind = joined.table.class_column or "gloss"
    ordered = sorted(classes.items(), key=lambda one: (-one[1], one[0]))
    (most, many), (least, few_files) = ordered[0], ordered[-1]
    if len(ordered) == 1:
        if many < 2:
            return ()
        message = f"all {many} files have the {kind} {most}"
    elif many > limit * few_files:
        message = (
            f"{kind} {most} has {many} files, {least} {few_files}: {many / few_files:.1f} times as many "
            f"(limit {limit:g}); {len(ordered)} classes in {sum(classes.values())} files"
        )
    else:
        return ()
    return (Finding("CLASS_IMBALANCE", Severity.MEDIUM, visible(message)),)


def _missing(entries: Sequence[tuple[str, str, str]], root: str) -> tuple[Record, ...]:
    """A record for each file that is named and not there; one that several lists name is said once."""
    named: dict[str, list[tuple[str, str]]] = {}
    for text, what, where in entries:
        name = text if text.lower().endswith(SUFFIX) else text + SUFFIX
        path = str(Path(root) / name.replace("\\", "/")) if root else name
        named.setdefault(path, []).append((what, where))
    out = []
    for path, places in sorted(named.items(), key=lambda one: sort_key(one[0])):
        text = visible("; ".join(f"{where} names it" for _, where in places[:3]) + ", and there is no such file")
        finding = Finding("FILE_MISSING", Severity.HIGH, text)
        out.append(Record(path, Status.ERROR, findings=(finding,), error=text))
    return tuple(out)
