"""What can be done with a data set of videos: what dropping samples would settle, the three options, the advice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from inspector.audit import Record
from inspector.checks import CODES, Finding, Severity
from inspector.reports.assessment_issues import Lines, class_name, issues_of
from inspector.reports.figures import Samples, VideoFigures
from inspector.reports.markdown import block, many, percent, prose, ranges, share

FEW = 0.25
"""A fault in at most this share of the samples is settled by dropping them; in more of them it is the maker's."""

ENOUGH = 0.5
"""What must be left for a repair to be worth it."""

LISTED = 2000
"""Most samples to drop that are listed; the records have all of them."""

_ADJUST = {
    "OUT_OF_RANGE": "Bring the values into the range that the model expects: divide by full scale, clip the overshoot.",
    "CLASS_IMBALANCE": "Weight the classes, or draw the same number of samples from each.",
    "CLASSES_NOT_SEPARABLE": "Do not rely on displacement and path length to tell the classes apart.",
}
"""Findings that need no other samples, and how to live with them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a repair would come to.

    Attributes
    ----------
    drop
        Samples to leave out: not finite, static, blank, copies, and those of faults that few samples have.
    why
        For each reason, how many samples.
    doubtful
        Samples to look at before they are kept.
    steps
        What else to do.
    left
        Samples that remain, for each class by its place; empty where labels are not known.
    open
        Findings that remain whatever is dropped.
    choice
        ``A`` use it, ``B`` repair, ``C`` make it anew.
    """

    drop: Samples
    why: tuple[str, ...]
    doubtful: Samples
    steps: tuple[str, ...]
    left: tuple[int, ...]
    open: tuple[Finding, ...]
    choice: str


def plan(record: Record, figures: VideoFigures) -> Plan:
    """Work out what dropping samples would settle, and what follows."""
    issues = issues_of(record)
    codes = {finding.code for finding in issues}
    agreeing = [tuple(n for n in group if n not in figures.disagree) or group for group in figures.groups]
    clash = tuple(n for group in agreeing if _clashes(group, figures) for n in group)
    copies = tuple(n for whole, group in zip(figures.groups, agreeing, strict=True) for n in whole if n != group[0])
    labels = tuple(
        n for f in issues if f.code == "LABEL_OUT_OF_RANGE" for first, last in f.samples for n in range(first, last + 1)
    )
    rare = [
        (code, samples, words)
        for code, samples, words in (
            ("LABEL_OUT_OF_RANGE", labels, "with a label that no class has"),
            ("OBJECT_AT_BORDER", figures.border, "with the object at the edge"),
            ("VIDEO_TRAJECTORY_DISAGREE", figures.disagree, "not following their trajectory"),
            ("LOW_TEMPORAL_VARIATION", figures.still, "that hardly move"),
        )
        if samples
    ]
    reasons = [
        (figures.bad, "with NaN or infinity"),
        (figures.static, "static"),
        (figures.blank, "with blank frames"),
        (copies, "repeating another"),
        (clash, "with one picture and more than one label"),
    ]
    # A fault is judged by what the certain ones leave: what does not move does not follow its trajectory either.
    certain = {n for samples, _ in reasons for n in samples}
    most = FEW * (figures.samples - len(certain))
    few = {code for code, samples, _ in rare if code in codes and len(set(samples) - certain) <= most}
    reasons += [(samples, words) for code, samples, words in rare if code in few]
    drop = tuple(sorted({n for samples, _ in reasons for n in samples}))
    doubtful = {n for code, samples, _ in rare if code not in codes for n in samples}.difference(drop)
    settled = {"DUPLICATE_SAMPLES", "STATIC_VIDEO", *few, *_ADJUST}
    settled |= {"BLANK_FRAMES"} if figures.blank else set()
    settled |= {"NON_FINITE"} if figures.bad else set()
    left_open = tuple(finding for finding in issues if finding.code not in settled)
    steps = tuple(words for code, words in _ADJUST.items() if code in codes and words)
    left = _left(drop, figures)
    return Plan(
        drop,
        tuple(f"{len(set(samples))} {words}" for samples, words in reasons if samples),
        tuple(sorted(doubtful)),
        steps,
        left,
        left_open,
        _choice(issues, left_open, drop, steps, left, figures.samples),
    )


def _clashes(group: Samples, figures: VideoFigures) -> bool:
    return len({figures.label_of(n) for n in group}) > 1


def _left(drop: Samples, figures: VideoFigures) -> tuple[int, ...]:
    if figures.labels:
        gone = Counter(figures.label_of(n) for n in drop)
        return tuple(max(0, each.count - gone[each.label]) for each in figures.classes)
    if drop == figures.static and all(each.static_samples is not None for each in figures.classes):
        return tuple(max(0, each.count - (each.static_samples or 0)) for each in figures.classes)
    return ()


def _choice(
    issues: Sequence[Finding],
    left_open: Sequence[Finding],
    drop: Samples,
    steps: Sequence[str],
    left: Sequence[int],
    samples: int,
) -> str:
    if not samples or any(f.severity.rank <= Severity.HIGH.rank for f in left_open):
        return "C"
    if not issues or not (drop or steps):
        return "A"
    return "B" if samples - len(drop) >= ENOUGH * samples and all(left) else "C"


def options(record: Record, figures: VideoFigures, made: Plan) -> Lines:
    """The three options, with what speaks for and against each."""
    return [*_use(record, figures), *_repair(record, figures, made), *_anew(record, figures)]


def _option(letter: str, name: str, body: Lines, pros: Lines, cons: Lines, when: str) -> Lines:
    lines = ["", f"### Option {letter}: {name}", *(["", *body] if body else [])]
    lines += ["", "**Pros**:", *(f"- {each}" for each in pros), "", "**Cons**:", *(f"- {each}" for each in cons)]
    return [*lines, "", f"**When to choose**: {when}"]


def _use(record: Record, figures: VideoFigures) -> Lines:
    pros = ["Nothing to do."]
    if figures.finite and figures.samples:
        pros.append("It can be read, and all values are finite.")
    cons = []
    if figures.static:
        cons.append(f"{share(len(figures.static), figures.samples)} of the samples teach that nothing moves.")
    if figures.copies:
        cons.append(f"{share(figures.copies, figures.samples)} of the samples are copies and add nothing new.")
    if figures.border_frames_pct and any(f.code == "OBJECT_AT_BORDER" for f in record.findings):
        cons.append(f"In {percent(figures.border_frames_pct)} of the frames the picture may hide where the object is.")
    codes = dict.fromkeys(f.code for f in issues_of(record))
    named = ", ".join(f"`{prose(code)}`" for code in codes)
    cons.append(f"Every issue above stays in: {named}.")
    worst = min((f.severity.rank for f in issues_of(record)), default=Severity.LOW.rank)
    when = (
        "to try whether the code runs, not to judge a model by the result."
        if worst <= Severity.HIGH.rank
        else "when the issues above do not touch what the model is to learn."
    )
    return _option("A", "use it as it is", [], pros, cons, when)


def _repair(record: Record, figures: VideoFigures, made: Plan) -> Lines:
    body: Lines = []
    total, kept = figures.samples, figures.samples - len(made.drop)
    if made.drop:
        body += [f"Drop {many(len(made.drop), 'sample')} ({'; '.join(made.why)}; some for more than one reason):", ""]
        body += block([ranges(made.drop[:LISTED], None)])
        if len(made.drop) > LISTED:
            body += [f"and {len(made.drop) - LISTED} more, which the records (JSON lines) name."]
        body += ["", f"{kept} of {total} samples remain."]
        if made.left:
            parts = [
                f"class {class_name(each)}: {count} of {each.count}"
                for each, count in zip(figures.classes, made.left, strict=True)
            ]
            body += ["", *(f"- {part}" for part in parts)]
        if kept and len(made.drop) <= LISTED:
            body += ["", "In Python:", "", *_script(record, figures, made.drop)]
    if made.doubtful:
        body += [*([""] if body else []), f"Look at these before you keep them: {ranges(made.doubtful)}"]
    if made.steps:
        body += [*([""] if body else []), *made.steps]
    pros = ["Keeps what is good, and every sample that remains is unlike the others."] if made.drop else []
    pros += ["Nothing has to be made anew."]
    cons = [f"Leaves {kept} of {total} samples." if made.drop else "There are no samples whose removal would help."]
    if made.left and max(made.left) > 1.2 * max(1, min(made.left)):
        cons.append(f"Classes then have {min(made.left)} to {max(made.left)} samples.")
    if made.open:
        codes = ", ".join(dict.fromkeys(f"`{prose(f.code)}`" for f in made.open))
        cons.append(f"Does not settle {codes}.")
    when = "when the data set cannot be made anew" if made.choice != "B" else "when what remains is enough"
    return _option("B", "repair it", body, pros, cons, f"{when}.")


def _script(record: Record, figures: VideoFigures, drop: Samples) -> Lines:
    name = PurePath(record.file.replace("\\", "/")).name
    source = name if name.isascii() and name.isprintable() and not set(name) & set("\"'`\\") else "data_set.npz"
    stem = source.removesuffix(".npz")
    return [
        "```python",
        "import numpy as np",
        "",
        f"drop = {_literal(drop)}",
        f'with np.load("{source}") as data:',
        "    arrays = {name: data[name] for name in data.files}",
        f"keep = np.setdiff1d(np.arange({figures.samples}), drop)",
        "for name, array in arrays.items():",
        f"    if array.ndim and len(array) == {figures.samples}:  # one entry a sample",
        "        arrays[name] = array[keep]",
        f'np.savez_compressed("{stem}_kept.npz", **arrays)',
        "```",
    ]


def _literal(drop: Samples) -> str:
    """The numbers as a list that stays within a line's usual length."""
    lines, line = [], ""
    for number in drop:
        word = f"{number}, "
        if len(line) + len(word) > 100:
            lines.append(line.rstrip())
            line = ""
        line += word
    lines.append(line.rstrip(", "))
    return f"[{lines[0]}]" if len(lines) == 1 else "[\n    " + "\n    ".join(lines) + "\n]"


def _anew(record: Record, figures: VideoFigures) -> Lines:
    changes = _changes(record, figures)
    body = ["What must change:", "", *(f"{n}. {each}" for n, each in enumerate(changes, 1))] if changes else []
    return _option(
        "C",
        "make it anew",
        body,
        ["Goes to the cause: what is made then has none of these faults." if changes else "A fresh start."],
        ["Needs what made it, and a check that the cause is gone: audit the new file again."],
        "when you can run what made it.",
    )


def _changes(record: Record, figures: VideoFigures) -> Lines:
    """What has to be otherwise the next time, worst finding first."""
    found = dict.fromkeys(finding.code for finding in issues_of(record))
    return [words for code in found if (words := _change(code, figures))]


def _change(code: str, figures: VideoFigures) -> str:
    known = CODES.get(code)
    if code == "STATIC_VIDEO":
        moving = [each for each in figures.classes if each.static_samples and (each.path_length_mean or 0) > 0]
        if moving:
            paths = ", ".join(f"{class_name(each)} {each.path_length_mean:.3f}" for each in moving[:4])
            return (
                "Check the rendering: the pictures of these samples stand still, yet the trajectories of their classes "
                f"move (path length of class {paths})."
            )
        return "Check what makes the samples move: these do not."
    if code == "LOW_TEMPORAL_VARIATION":
        few = figures.frames < 2
        return "Save several frames of each sample." if few else "Let the object move further from frame to frame."
    if code == "DUPLICATE_SAMPLES":
        if figures.groups and {n for group in figures.groups for n in group} <= set(figures.static):
            return "The duplicates need nothing of their own: they are alike because nothing moves in them."
        return "Draw each sample from a random state of its own, and compare it with those before it when it is made."
    return _CHANGES.get(code, known.advice if known else "")


_CHANGES = {
    "OBJECT_AT_BORDER": "Keep the object in the picture: move the camera back or scale the trajectories, so that every "
    "projected position lies inside the picture with the object's radius to spare.",
    "VIDEO_TRAJECTORY_DISAGREE": "Draw the pictures from the very trajectory that is saved with them.",
    "BLANK_FRAMES": "Keep the object in the picture in every frame.",
    "NON_FINITE": "Find where values that are no numbers come from.",
    "OUT_OF_RANGE": "Save values in the range that the profile names.",
    "CLASS_IMBALANCE": "Make as many samples of each class.",
    "CLASSES_NOT_SEPARABLE": "Make the classes differ more in how far they move, if that is to tell them apart.",
    "EMPTY_CLIP": "Find out why nothing was saved.",
    "LENGTH_MISMATCH": "Save one label and one trajectory for each sample.",
}
