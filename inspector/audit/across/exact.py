"""Files with the same content, whatever they are called and however they are compressed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from inspector.audit.record import Record
from inspector.audit.scan import sort_key
from inspector.checks.fingerprint import UNSURE
from inspector.errors import InspectorError

Confirm = Callable[[str], str | None]


def content_by_reading(path: str) -> str | None:
    """Hash over every member of a file, read in blocks; None where one cannot be."""
    import numpy as np  # hardly ever asked, and it takes a while to import what reads
    import xxhash

    from inspector.archive import open_npz

    digest = xxhash.xxh3_128()
    try:
        with open_npz(path) as npz:
            for member in sorted(npz.members, key=lambda one: one.filename):
                digest.update(f"{member.filename} {member.size} {member.dtype} {member.shape} ".encode())
                if member.shape is None or member.pickled:
                    digest.update(npz.raw(member.name))
                    continue
                for _, block in npz.blocks(member.name):
                    digest.update(np.ascontiguousarray(block).view(np.uint8).data if block.size else b"")
    except (InspectorError, MemoryError):
        return None
    return digest.hexdigest()


def duplicates(records: Iterable[Record], confirm: Confirm = content_by_reading) -> list[tuple[str, ...]]:
    """Groups of files with the same content, each in the order of paths, the groups by their first.

    Parameters
    ----------
    records
        Of the files. Those without a ``content`` belong to no group.
    confirm
        Gives the content of a file whose checksum alone was known; asked only where two have the same.
    """
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for record in records:
        content = record.measurements.get("content")
        if isinstance(content, str) and content:
            groups[record.profile, content].append(record.path)
    found: list[Sequence[str]] = []
    for (_, content), paths in groups.items():
        if len(paths) < 2:
            continue
        if not content.startswith(UNSURE):
            found.append(paths)
            continue
        read: defaultdict[str, list[str]] = defaultdict(list)
        for path in paths:
            if (sure := confirm(path)) is not None:
                read[sure].append(path)
        found += [same for same in read.values() if len(same) > 1]
    ordered = [tuple(sorted(dict.fromkeys(paths), key=sort_key)) for paths in found]
    return sorted((group for group in ordered if len(group) > 1), key=lambda group: sort_key(group[0]))
