"""The critical question of `assessment.md`, do the videos show motion, and the pictures that show whether they do."""

from __future__ import annotations

from inspector.reports.assessment_issues import CLASSES, Lines, class_name
from inspector.reports.figures import VideoFigures
from inspector.reports.markdown import figure, many, percent, prose, ranges, share, table

SHEET = "dataset_visual_inspection.png"
TRAJECTORIES = "trajectory_patterns_validation.png"


def question(figures: VideoFigures) -> Lines:
    """The answer first, then the evidence for it and the reasons."""
    lines = ["**Are the videos actually showing motion?**", "", f"**{prose(figures.motion or _moves(figures))}**"]
    evidence = _evidence(figures)
    lines += ["", "The evidence:", *(f"- {each}" for each in evidence)] if evidence else []
    lines += ["", "Why:", *(f"- {prose(cause)}" for cause in figures.causes)] if figures.causes else []
    trajectories = [each for each in figures.classes if each.displacement_mean is not None]
    if trajectories and figures.frames > 1:
        head = ["class", "samples", "static", "displacement", "path length"]
        rows = [
            [
                class_name(each),
                str(each.count),
                "–" if each.static_samples is None else str(each.static_samples),
                figure(each.displacement_mean),
                figure(each.path_length_mean),
            ]
            for each in figures.classes[:CLASSES]
        ]
        lines += ["", "What the trajectories say, beside how many samples are static in the pictures:", ""]
        lines += table(head, rows)
    return lines


def _moves(figures: VideoFigures) -> str:
    if not figures.samples:
        return "There are no samples."
    if figures.frames < 2:
        return "Each sample is a single frame: there can be no motion."
    if figures.moving is None:
        return "It could not be measured."
    return f"{figures.moving} of {figures.samples} samples clearly move."


def _evidence(figures: VideoFigures) -> Lines:
    total = figures.samples
    if not total or figures.frames < 2:
        return []
    lines = []
    if figures.moving is not None:
        lines.append(f"Clearly moving: {figures.moving} of {total} samples ({share(figures.moving, total)})")
    for samples, words in (
        (figures.static, "Static, every frame the same"),
        (figures.still, "Not static, but the object hardly moves"),
        (figures.blank, "With blank frames"),
    ):
        if samples:
            lines.append(f"{words}: {len(samples)} ({share(len(samples), total)}): samples {ranges(samples)}")
    if figures.border_frames_pct is not None:
        often = f"; in {len(figures.border)} of {total} samples at least half of the time" if figures.border else ""
        lines.append(
            f"Where the object is: at the picture's edge in {percent(figures.border_frames_pct)} of all frames{often}"
        )
    if figures.outside_pct is not None:
        lines.append(f"Where the trajectory is: outside of the picture in {percent(figures.outside_pct)} of all frames")
    if figures.has_camera:
        count = len(figures.disagree)
        verdict = f"all but {many(count, 'sample')} do: not {ranges(figures.disagree)}" if count else "in all samples"
        lines.append(f"Does the object follow its trajectory: {verdict}{camera(figures)}")
    elif figures.has_trajectory:
        lines.append("Does the object follow its trajectory: not known, no camera could be fitted")
    return lines


def pictures(figures: VideoFigures) -> Lines:
    """Which pictures there are, what to look for, and what the figures say will be seen."""
    if not figures.samples:
        return ["None: there is nothing to draw."]
    firsts = [each for each in figures.classes if each.first is not None][:CLASSES]
    frames = f"All {figures.frames} frames" if figures.frames > 1 else "The frame"
    whose = "the first sample of each class" if firsts else "the first sample"
    lines = [
        "An audit puts them beside this file; `npz-inspector export sheet` and `export trajectories` make them, too.",
        "",
        f"1. **`{SHEET}`**",
        f"   - {frames} of {whose}.",
    ]
    lines += ["   - **Check this**: do you see the object move from frame to frame?"] if figures.frames > 1 else []
    lines += [
        f"   - Class {class_name(each)}, sample {each.first}: expect: {expected(each.first or 0, figures)}"
        for each in firsts
    ]
    if figures.has_trajectory:
        lines += [
            f"2. **`{TRAJECTORIES}`**",
            "   - The paths of the same samples: XY, XZ and in space; the others of the class faint.",
            "   - **Check this**: are the paths what the class says, and do classes differ?",
        ]
    return lines


def expected(sample: int, figures: VideoFigures) -> str:
    """What the figures say will be seen in the frames of a sample."""
    facts = [
        words
        for samples, words in (
            (figures.bad, "values that are not numbers"),
            (figures.static, "all frames are the same" if figures.frames > 1 else ""),
            (figures.still, "the object hardly moves" if figures.frames > 1 else ""),
            (figures.blank, "blank frames"),
            (figures.border, "the object is at the edge in half of the frames or more"),
            (figures.disagree, "the object does not follow the trajectory"),
        )
        if sample in samples and words
    ]
    return "; ".join(facts) or ("the object moves" if figures.frames > 1 else "a single frame")


def camera(figures: VideoFigures) -> str:
    """How well a camera maps trajectories to pictures, in brackets; nothing where there is none."""
    facts = []
    if figures.camera_samples is not None:
        facts.append(f"one camera fits {figures.camera_samples} of {figures.samples} samples")
    if figures.camera_rms is not None:
        facts.append(f"{figures.camera_rms:.2f} pixels rms")
    return f" ({', '.join(facts)})" if facts else ""
