"""What `assessment.md` says of each finding: numbers, impact, severity, cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from inspector.audit import Record
from inspector.checks import CODES, Finding, Severity
from inspector.reports.figures import ClassLine, Samples, VideoFigures
from inspector.reports.markdown import block, figure, many, percent, plain, prose, ranges, share, table

Lines = list[str]

CLASSES = 40
"""Most classes in a table."""

GROUPS = 20
"""Most groups of duplicates in a table."""

_SEVERITY = {
    Severity.CRITICAL: "critical: it cannot be used as it is",
    Severity.HIGH: "high: not fit to train on until this is dealt with",
    Severity.MEDIUM: "medium: can be used with care",
    Severity.LOW: "low",
}
_JOINED = frozenset(
    "DUPLICATE_SAMPLES STATIC_VIDEO BLANK_FRAMES LOW_TEMPORAL_VARIATION OBJECT_AT_BORDER "
    "VIDEO_TRAJECTORY_DISAGREE".split()
)
"""Codes that the record's causes are about."""


def issues_of(record: Record) -> list[Finding]:
    """Findings that weigh enough for a section of their own, worst first."""
    return sorted((f for f in record.findings if f.severity is not Severity.LOW), key=lambda f: f.severity.rank)


def sections(issues: Sequence[Finding], figures: VideoFigures) -> Lines:
    """One section for each issue."""
    lines: Lines = []
    told = 0
    for number, finding in enumerate(issues, 1):
        lines += ["", f"#### Issue {number}: {title(finding, figures)}", "", f"**Found**: {prose(finding.message)}"]
        details, impact = _WORDS.get(finding.code, _other)(finding, figures)
        lines += ["", *details] if details else []
        lines += ["", "**Impact**:", *(f"- {each}" for each in impact)] if impact else []
        lines += ["", f"**Severity**: {_SEVERITY[finding.severity]}"]
        if finding.code in _JOINED and figures.causes:
            if told:
                lines += ["", f"**Cause**: see issue {told}"]
            else:
                told = number
                lines += ["", "**Cause**:", *(f"- {prose(cause)}" for cause in figures.causes)]
    return lines


def title(finding: Finding, figures: VideoFigures) -> str:
    """The issue in a few words and numbers."""
    known = CODES.get(finding.code)
    total = figures.samples
    counted: dict[str, tuple[int, str]] = {
        "DUPLICATE_SAMPLES": (figures.copies, "duplicate sample"),
        "STATIC_VIDEO": (len(figures.static), "static sample"),
    }
    if finding.code in counted and counted[finding.code][0]:
        count, thing = counted[finding.code]
        return f"{many(count, thing)} ({share(count, total)} of data set)"
    if finding.code == "OBJECT_AT_BORDER" and figures.border_frames_pct is not None:
        return f"object at the edge of the picture in {percent(figures.border_frames_pct)} of all frames"
    if finding.code == "NON_FINITE":
        return "NaN or infinity" + (f" in {many(len(figures.bad), 'sample')}" if figures.bad else "")
    if finding.code == "BLANK_FRAMES" and figures.blank:
        return f"blank frames in {many(len(figures.blank), 'sample')}"
    if finding.code == "LOW_TEMPORAL_VARIATION" and figures.frames == 1:
        return "a single frame a sample"
    if finding.code == "LOW_TEMPORAL_VARIATION" and figures.still:
        return f"{many(len(figures.still), 'sample')} that hardly move{'s' if len(figures.still) == 1 else ''}"
    if finding.code == "VIDEO_TRAJECTORY_DISAGREE" and figures.disagree:
        return f"{many(len(figures.disagree), 'sample')} not following the trajectory"
    return _TITLES.get(finding.code) or (known.title.lower() if known else prose(finding.code))


_TITLES = {
    "LOW_TEMPORAL_VARIATION": "very low temporal variation",
    "EMPTY_CLIP": "nothing in it",
    "CLASS_IMBALANCE": "classes of unequal size",
    "CLASSES_NOT_SEPARABLE": "displacement and path length do not tell the classes apart",
}

Words = tuple[Lines, Lines]


def _duplicates(_: Finding, figures: VideoFigures) -> Words:
    total, copies = figures.samples, figures.copies
    unique = total - copies if figures.unique is None else figures.unique
    details = block([f"Unique samples: {unique}/{total}", f"Duplicates: {copies} ({share(copies, total)})"])
    if figures.groups:
        head = ["group", "size", "samples", *(["labels"] if figures.labels else [])]
        rows = [
            [str(number), str(len(group)), ranges(group), *([_labels(group, figures)] if figures.labels else [])]
            for number, group in enumerate(figures.groups[:GROUPS], 1)
        ]
        details += ["", *table(head, rows, left=4)]
        if len(figures.groups) > GROUPS:
            details += ["", f"and {many(len(figures.groups) - GROUPS, 'group')} more."]
    impact = [
        f"Reduces the effective size of the data set from {total} to {unique}.",
        "A random split puts copies of one sample into both training and validation: scores look better than they are.",
    ]
    if clashing := [group for group in figures.groups if len({figures.label_of(n) for n in group}) > 1]:
        have = "has" if len(clashing) == 1 else "have"
        impact.append(
            f"{many(len(clashing), 'group')} of them {have} more than one label for the same pictures: "
            "no model can tell these by looking."
        )
    return details, impact


def _near(finding: Finding, figures: VideoFigures) -> Words:
    rows = [[str(a), str(b), prose(how)] for a, b, how in figures.near[:GROUPS]]
    details = table(["sample", "shown again as", "how"], rows) if rows else _where(finding)
    if len(figures.near) > GROUPS:
        details += ["", f"and {many(len(figures.near) - GROUPS, 'pair')} more.", "", *_where(finding)]
    return details, [
        "A random split puts one sample into training and its likeness into validation: scores look better than they "
        "are."
    ]


def _labels(group: Samples, figures: VideoFigures) -> str:
    names = figures.class_names()
    counts = Counter(label for n in group if (label := figures.label_of(n)) is not None)
    return ", ".join(
        f"{count} × {prose(plain(names.get(label) or str(label)))}" for label, count in counts.most_common()
    )


def _static(finding: Finding, figures: VideoFigures) -> Words:
    details = [f"**Samples**: {ranges(figures.static)}"] if figures.static else _where(finding)
    hit = [each for each in figures.classes if each.static_samples]
    impact = ["They teach that nothing moves, whatever their label says."]
    impact += [
        f"{class_name(each)}: {each.static_samples or 0} of {each.count} samples "
        f"({share(each.static_samples or 0, each.count)}) are static."
        for each in hit[:CLASSES]
    ]
    return details, impact


def _border(finding: Finding, figures: VideoFigures) -> Words:
    details = _where(finding)
    if figures.border:
        details = [
            f"{len(figures.border)} of {figures.samples} samples have it there in at least half of their frames: "
            f"{ranges(figures.border)}"
        ]
    return details, [
        "What the object does beyond the edge is not in the picture: a model sees less than the path says."
    ]


def _disagree(finding: Finding, figures: VideoFigures) -> Words:
    details = [f"**Samples**: {ranges(figures.disagree)}"] if figures.disagree else _where(finding)
    return details, ["What is learned from the pictures and what is learned from the paths contradict each other."]


def _blank(finding: Finding, figures: VideoFigures) -> Words:
    details = [f"**Samples**: {ranges(figures.blank)}"] if figures.blank else _where(finding)
    return details, ["In a blank frame there is nothing to learn from."]


def _bad(finding: Finding, figures: VideoFigures) -> Words:
    details = [f"**Samples**: {ranges(figures.bad)}"] if figures.bad else _where(finding)
    return details, ["A single value that is not a number turns a training loss into NaN."]


def _range(finding: Finding, figures: VideoFigures) -> Words:
    scale = "" if figures.full_scale is None else f", white is taken to be {figures.full_scale:g}"
    details = [f"Values from {figure(figures.value_min)} to {figure(figures.value_max)}{scale}.", *_where(finding)]
    return details, ["A model that expects values in the range of the profile gets others."]


def _variation(_: Finding, figures: VideoFigures) -> Words:
    where = [f"**Samples**: {ranges(figures.still)}", ""] if figures.still else []
    return [*where, *variation(figures)], []


def _imbalance(_: Finding, figures: VideoFigures) -> Words:
    rows = [[class_name(each), str(each.count), share(each.count, figures.samples)] for each in figures.classes]
    details = table(["class", "samples", "share"], rows[:CLASSES])
    if figures.imbalance is not None:
        details += ["", f"The largest class has {figures.imbalance:.1f} times the samples of the smallest."]
    return details, ["A model does well on paper by guessing the largest class."]


def _separable(_: Finding, _figures: VideoFigures) -> Words:
    return [], ["Whether the classes differ in other ways was not looked at."]


def _empty(_: Finding, _figures: VideoFigures) -> Words:
    return [], ["There is nothing to train on."]


def _lengths(finding: Finding, _: VideoFigures) -> Words:
    return _where(finding), ["What belongs to which sample cannot be told."]


def _other(finding: Finding, _: VideoFigures) -> Words:
    known = CODES.get(finding.code)
    return _where(finding), [known.meaning] if known else []


_WORDS: dict[str, Callable[[Finding, VideoFigures], Words]] = {
    "DUPLICATE_SAMPLES": _duplicates,
    "NEAR_DUPLICATE_SAMPLES": _near,
    "STATIC_VIDEO": _static,
    "OBJECT_AT_BORDER": _border,
    "VIDEO_TRAJECTORY_DISAGREE": _disagree,
    "BLANK_FRAMES": _blank,
    "NON_FINITE": _bad,
    "OUT_OF_RANGE": _range,
    "LOW_TEMPORAL_VARIATION": _variation,
    "CLASS_IMBALANCE": _imbalance,
    "CLASSES_NOT_SEPARABLE": _separable,
    "EMPTY_CLIP": _empty,
    "LENGTH_MISMATCH": _lengths,
}


def _where(finding: Finding) -> Lines:
    places = [(finding.samples, "Samples"), (finding.frames, "Frames")]
    return [
        f"**{word}**: {ranges(n for first, last in found for n in range(first, last + 1))}"
        for found, word in places
        if found
    ]


def class_name(each: ClassLine) -> str:
    """A class inside a line: ``0 (Linear)``."""
    return f"{each.label} ({prose(plain(each.name))})" if each.name else str(each.label)


def class_column(classes: Sequence[ClassLine]) -> list[str]:
    """Each class at the head of a line of a block of code, all of one width."""
    names = [f"Class {each.label} ({plain(each.name)}):" if each.name else f"Class {each.label}:" for each in classes]
    width = max(map(len, names), default=0)
    return [name.ljust(width) for name in names]


def separability(figures: VideoFigures) -> str:
    """How well two figures tell the classes apart, in a sentence."""
    chance = figures.separability_chance
    by_chance = "" if chance is None else f"; {percent(100 * chance)} by chance"
    rate = percent(100 * (figures.separability or 0))
    return f"displacement and path length alone name the right class for {rate} of the samples (balanced{by_chance})"


def variation(figures: VideoFigures) -> Lines:
    """Frame variation as the usual scripts print it, and the figures that see a small object."""
    classes = figures.classes[:CLASSES]
    if not classes:
        return [
            f"- Frame variation (std of frame means), mean of all samples: {figure(figures.frame_variation_mean, 4)}. "
            "It is blind to a small object: a low figure alone proves nothing.",
            f"- Motion energy, mean of all samples: {figure(figures.motion_energy_mean, 4)} (full scale = 1).",
        ]
    shown = [each for each in classes if each.frame_variation_first is not None]
    lines: Lines = []
    if shown:
        lines += ["**Frame variation** (std of frame means), first sample of each class:"]
        names = class_column(classes)
        lines += block(
            f"{name} {figure(each.frame_variation_first, 4)}" for name, each in zip(names, classes, strict=True)
        )
        lines += [
            "",
            "This figure is blind to a small object: moving it over an even background leaves the mean of the frame "
            "as it is. A low figure alone proves nothing. These see it:",
            "",
        ]
    head = ["class", "samples", "static", "frame variation (mean)", "motion energy (mean)"]
    rows = [
        [
            class_name(each),
            str(each.count),
            "–" if each.static_samples is None else str(each.static_samples),
            figure(each.frame_variation_mean, 4),
            figure(each.motion_energy_mean, 4),
        ]
        for each in classes
    ]
    lines += table(head, rows) if rows else []
    if len(figures.classes) > CLASSES:
        lines += ["", f"and {many(len(figures.classes) - CLASSES, 'class')} more."]
    if shown:
        lines += ["", "Motion energy: mean absolute change from one frame to the next, full scale = 1."]
    return lines
