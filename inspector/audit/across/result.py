"""What is said of files together, as findings on each, and how a record takes them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from inspector.audit.record import Record
from inspector.checks.finding import Finding, Ranges, Status, verdict

if TYPE_CHECKING:
    from inspector.audit.across.labels import Joined

CODES = frozenset("DUPLICATE_FILE NEAR_DUPLICATE_FILE SPLIT_LEAKAGE LABEL_MISSING FILE_MISSING".split())
"""What only a look across files can say."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files that show the same for a good part: frame t of `a` is frame `ratio` t + `start` of `b`.

    Attributes
    ----------
    a, b
        Paths, in their order.
    frames_a, frames_b
        Inclusive range of the frames that both hold, of a and of b.
    whole_a, whole_b
        Whether that is all of a, all of b, but for a tenth.
    mirrored, exchanged
        Whether one is the mirror image of the other, and whether left and right points are exchanged with it.
    """

    a: str
    b: str
    ratio: float
    start: float
    frames_a: tuple[int, int]
    frames_b: tuple[int, int]
    whole_a: bool
    whole_b: bool
    mirrored: bool
    exchanged: bool

    def relation(self, path: str) -> str:
        """What `path` is to the other, as it goes on after "is"."""
        mine = path == self.a
        whole, all_of_other = (self.whole_a, self.whole_b) if mine else (self.whole_b, self.whole_a)
        speed = self.ratio if mine else 1 / self.ratio
        shift = self.start if mine else -self.start / self.ratio
        if whole and all_of_other:
            words = ["the same as"]
        elif whole:
            words = ["a part of"]
        elif all_of_other:
            words = ["longer than, and holds,"]
        else:
            words = ["in part the same as"]
        first, last = self.frames_b if mine else self.frames_a
        more = []
        if not all_of_other:
            more.append(f"its frames {first}-{last}")
        if abs(speed - 1) > _SPEED:
            more.append(f"{speed:.2f} times as fast")
        elif round(shift) and whole and all_of_other:
            more.append(f"{abs(round(shift))} frames {'later' if shift < 0 else 'earlier'}")
        if self.mirrored:
            more.append("mirrored")
        return words[0] + " {}" + (f" ({', '.join(more)})" if more else "")

    def frames_of(self, path: str) -> Ranges:
        """The frames of `path` that the other holds too."""
        return (self.frames_a if path == self.a else self.frames_b,)

    def other(self, path: str) -> str:
        """The other of the two."""
        return self.b if path == self.a else self.a


_SPEED = 0.03


@dataclass(frozen=True, slots=True)
class Across:
    """What a look across files found.

    Attributes
    ----------
    root
        The folder that names in messages are below.
    files
        How many there were.
    duplicates
        Groups of files with the same content, in the order of paths.
    near
        Pairs of near duplicates; of files with the same content only the first takes part.
    near_groups
        Groups of files that are joined by pairs, in the order of paths.
    splits
        Path -> split, for the files that are in one.
    leaks
        Groups of copies, exact or near, that lie in more than one split.
    joined
        Labels and files, when there are labels.
    classes
        Class -> number of files.
    findings
        Path -> what is to be added to its record.
    dataset
        What concerns no single file.
    missing
        Records of files that lists name and that are not there.
    """

    root: str = ""
    files: int = 0
    duplicates: tuple[tuple[str, ...], ...] = ()
    near: tuple[Pair, ...] = ()
    near_groups: tuple[tuple[str, ...], ...] = ()
    splits: Mapping[str, str] = field(default_factory=dict)
    leaks: tuple[tuple[str, ...], ...] = ()
    joined: Joined | None = None
    classes: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    dataset: tuple[Finding, ...] = ()
    missing: tuple[Record, ...] = ()


def with_across(record: Record, findings: Sequence[Finding]) -> Record:
    """The record with what was found across files, in place of what it had of that kind before, and its new verdict."""
    own = tuple(finding for finding in record.findings if finding.code not in CODES)
    if not findings and len(own) == len(record.findings):
        return record
    together = tuple(sorted((*own, *findings), key=lambda finding: finding.severity.rank))
    if record.status is Status.ERROR:
        return replace(record, findings=together, line=b"")
    unready = any(record.issues.get(target) for target in record.wanted)
    return replace(record, findings=together, status=verdict(together, unready), line=b"")
