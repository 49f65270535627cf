"""`assessment.md`: what a data set of videos is like, whether it moves, and what can be done; all from its record."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath

from inspector.audit import Record
from inspector.checks import Finding, Severity, Status
from inspector.reports.assessment_advice import Plan, options, plan
from inspector.reports.assessment_issues import (
    CLASSES,
    Lines,
    class_column,
    issues_of,
    sections,
    separability,
    title,
    variation,
)
from inspector.reports.assessment_question import SHEET, TRAJECTORIES, camera, pictures, question
from inspector.reports.escape import escaped
from inspector.reports.figures import ClassLine, VideoFigures, figures_of
from inspector.reports.markdown import block, figure, many, prose, share

__all__ = ["SHEET", "TRAJECTORIES", "assessment"]

_STATUS = {
    Status.PASS: "fit to train on",
    Status.WARN: "fit with care",
    Status.FAIL: "not fit to train on as it is",
    Status.ERROR: "could not be read whole",
}
_RULE = ["", "---", ""]


def assessment(record: Record, when: datetime) -> str:
    """The assessment as Markdown.

    Parameters
    ----------
    record
        One for which `is_dataset` holds.
    when
        The date that it bears.

    Returns
    -------
    str
        Nothing from the file's name or content is taken for markup.
    """
    figures = figures_of(record)
    issues = issues_of(record)
    made = plan(record, figures)
    lines = [*_head(record, figures, issues, when), *_RULE, "## Validation results"]
    lines += ["", "### Passes", "", *_passes(record, figures), *_metrics(figures)]
    if issues:
        lines += [*_RULE, "### Fails", *sections(issues, figures)]
    lines += _noted(record)
    if figures.samples and not any(finding.code == "LOW_TEMPORAL_VARIATION" for finding in issues):
        lines += ["", "### Variation and motion", "", *variation(figures)]
    lines += [*_RULE, "## Critical question", "", *question(figures)]
    lines += [*_RULE, "## Visual inspection files", "", *pictures(figures)]
    lines += [*_RULE, "## Assessment & recommendation", "", *_usability(record, figures, issues, made)]
    if issues:
        lines += [*_RULE, "## Three options forward", *options(record, figures, made)]
    lines += [*_RULE, "## Recommendation", "", *_recommendation(figures, issues, made)]
    lines += [*_RULE, "## Decision: left to you", "", *_decision(issues, made)]
    return "\n".join(lines) + "\n"


def _head(record: Record, figures: VideoFigures, issues: list[Finding], when: datetime) -> Lines:
    name = PurePath(record.file.replace("\\", "/")).name or record.file
    size = f" of {many(figures.frames, 'frame')}, {figures.width} × {figures.height} pixels" if figures.samples else ""
    return [
        f"# Data set quality assessment: {'issues found' if issues else 'no issues found'}",
        "",
        f"**Date**: {when.date().isoformat()}  ",
        f"**Data set**: {escaped(name)} ({many(figures.samples, 'sample')}{size})  ",
        f"**Status**: {_STATUS[record.status]}",
        *(["", f"**Error**: {prose(record.error)}"] if record.error else []),
    ]


def _passes(record: Record, figures: VideoFigures) -> Lines:
    """Numbered, each with its figure; only those that hold."""
    against = {finding.code for finding in record.findings}
    found: Lines = []
    if figures.finite and figures.samples and "NON_FINITE" not in against:
        found.append("**No data corruption**: no NaN or infinity")
    if figures.value_min is not None and "OUT_OF_RANGE" not in against:
        scale = "" if figures.full_scale is None else f"; white is {figures.full_scale:g}"
        found.append(f"**Range**: values from {figure(figures.value_min)} to {figure(figures.value_max)}{scale}")
    if figures.shape and not against & {"BAD_SHAPE", "BAD_DTYPE", "LENGTH_MISMATCH", "MISSING_ARRAY", "EMPTY_CLIP"}:
        axes = f", axes {prose(figures.layout)}" if figures.layout else ""
        shape = ", ".join(map(str, figures.shape))
        found.append(f"**Format**: {escaped(figures.array)} has shape ({shape}), {prose(figures.dtype)}{axes}")
    counts = [each.count for each in figures.classes]
    if len(counts) > 1 and "CLASS_IMBALANCE" not in against:
        each = str(min(counts)) if min(counts) == max(counts) else f"{min(counts)} to {max(counts)}"
        found.append(f"**Class balance**: {each} samples per class, {len(counts)} classes")
    paths = [c.path_length_mean for c in figures.classes if c.path_length_mean is not None]
    if paths and len(paths) == len(counts) and min(paths) > 0:
        found.append(
            f"**Trajectory patterns**: every class moves; mean path lengths {min(paths):.3f} to {max(paths):.3f}"
        )
    if figures.separability is not None and "CLASSES_NOT_SEPARABLE" not in against:
        found.append(f"**Class separability**: {separability(figures)}")
    if figures.samples > 1 and figures.unique == figures.samples:
        found.append(f"**No duplicates**: all {figures.samples} samples differ")
    if figures.samples and figures.frames > 1 and figures.moving == figures.samples:
        found.append(f"**Motion**: {figures.moving} of {figures.samples} samples clearly move")
    if figures.has_camera and not figures.disagree and "VIDEO_TRAJECTORY_DISAGREE" not in against:
        found.append(f"**Pictures and trajectories**: agree{camera(figures)}")
    return [f"{n}. ✓ {words}" for n, words in enumerate(found, 1)] or ["None."]


def _metrics(figures: VideoFigures) -> Lines:
    if not figures.classes:
        return ["", "There are no labels that can be used: no figures per class."] if figures.samples else []
    if not figures.has_trajectory:
        return ["", "There is no trajectory that can be used: displacement and path length are not known."]
    classes = figures.classes[:CLASSES]
    lines = ["", "**Trajectory metrics** (mean ± std):"]
    lines += block(f"{name} {_metric(each)}" for name, each in zip(class_column(classes), classes, strict=True))
    if len(figures.classes) > CLASSES:
        lines += ["", f"and {many(len(figures.classes) - CLASSES, 'class')} more."]
    return lines


def _metric(each: ClassLine) -> str:
    if each.displacement_mean is None or each.path_length_mean is None:
        return "no trajectory"
    displacement = f"{each.displacement_mean:.3f} ± {figure(each.displacement_std)}"
    return f"Displacement: {displacement}, Path: {each.path_length_mean:.3f} ± {figure(each.path_length_std)}"


def _noted(record: Record) -> Lines:
    low = [finding for finding in record.findings if finding.severity is Severity.LOW]
    if not low:
        return []
    return ["", "### Also noted", "", *(f"- `{prose(finding.code)}`: {prose(finding.message)}" for finding in low)]


def _usability(record: Record, figures: VideoFigures, issues: list[Finding], made: Plan) -> Lines:
    lines = [f"**For training**: {_STATUS[record.status]}", ""]
    if not issues:
        return [*lines, "No check found anything that speaks against it."]
    reasons = []
    if figures.finite and figures.samples:
        reasons.append("✓ All values are finite")
    if figures.separability is not None and not any(f.code == "CLASSES_NOT_SEPARABLE" for f in record.findings):
        reasons.append("✓ The trajectories tell the classes apart")
    if figures.moving is not None and figures.samples and figures.frames > 1:
        mark = "✓" if figures.moving > figures.samples / 2 else "✗"
        reasons.append(f"{mark} {share(figures.moving, figures.samples)} of the samples clearly move")
    reasons += [f"✗ {finding.severity.value}: {title(finding, figures)}" for finding in issues]
    if made.drop:
        reasons.append(
            f"{figures.samples - len(made.drop)} of {figures.samples} samples are left when the bad are dropped"
        )
    return [*lines, "**Reasons**:", *(f"{n}. {words}" for n, words in enumerate(reasons, 1))]


_ADVICE = {
    "A": "use it as it is",
    "B": "repair it",
    "C": "make it anew",
}


def _recommendation(figures: VideoFigures, issues: list[Finding], made: Plan) -> Lines:
    if not issues:
        return ["**Use it as it is.**"]
    lines = [f"**Option {made.choice}: {_ADVICE[made.choice]}**", "", "**Why**:"]
    kept = figures.samples - len(made.drop)
    worst = [f for f in made.open if f.severity.rank <= Severity.HIGH.rank]
    if made.choice == "C":
        codes = ", ".join(dict.fromkeys(f"`{prose(finding.code)}`" for finding in worst))
        if not figures.samples:
            lines.append("- There are no samples.")
        elif worst:
            lines.append(f"- Dropping a few samples does not settle {codes}.")
        else:
            empty = " and at least one class would be empty" if made.left and not all(made.left) else ""
            lines.append(f"- Too little would be left after a repair: {kept} of {figures.samples} samples{empty}.")
        if made.drop and kept:
            lines.append(f"- Until then option B leaves {kept} of {figures.samples} samples to work with.")
    elif made.choice == "B":
        if made.drop:
            lines.append(f"- {kept} of {figures.samples} samples are left, without the faults that can be dropped.")
        lines += [f"- {step}" for step in made.steps]
        if made.open:
            lines.append(f"- {many(len(made.open), 'issue')} of medium weight stay: see the list above.")
    else:
        lines.append("- What was found cannot be mended by dropping samples and does not forbid to train.")
    return lines


def _decision(issues: list[Finding], made: Plan) -> Lines:
    if not issues:
        return ["- [ ] Use it as it is", "- [ ] Look at the pictures first"]
    letters = {"A": "Use it as it is", "B": "Repair it", "C": "Make it anew"}
    return [
        f"- [ ] **{letter})** {words}{' (recommended)' if letter == made.choice else ''}"
        for letter, words in letters.items()
    ]
