"""The assessment of a data set of videos: the figures to the printed digit, and only what follows from them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspector.audit import Record, audit_file
from inspector.audit.lines import to_flat, to_line, to_record
from inspector.audit.record import is_dataset
from inspector.checks import Finding, Severity, Status
from inspector.reports.assessment import assessment
from inspector.reports.figures import figures_of
from inspector.reports.markdown import percent, prose, ranges, table
from tests.support.datasets import GROUPS, MOTION, STATIC, clean, flawed, record
from tests.support.records import HELL, broken
from tests.support.records import record as clip_record
from tests.support.videos import dataset_arrays, save_dataset

WHEN = datetime(2026, 1, 25, 12, 30)

METRICS = """\
Class 0 (Linear):    Displacement: 0.296 ± 0.097, Path: 0.987 ± 0.177
Class 1 (Circular):  Displacement: 0.064 ± 0.030, Path: 2.938 ± 0.540
Class 2 (Helical):   Displacement: 0.973 ± 0.206, Path: 5.138 ± 0.564
Class 3 (Parabolic): Displacement: 0.531 ± 0.176, Path: 1.083 ± 0.212
"""
VARIATION = """\
Class 0 (Linear):    0.0000
Class 1 (Circular):  0.0023
Class 2 (Helical):   0.0024
Class 3 (Parabolic): 0.0023
"""
DUPLICATES = """\
Unique samples: 170/200
Duplicates: 30 (15%)
"""


def text(of: Record) -> str:
    return assessment(of, WHEN)


def part(whole: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its rank or above."""
    rank = heading.split(" ")[0]
    below = whole.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"\n#{{1,{len(rank)}}} ", below)[0]


def one_class(**changes: Any) -> dict[str, Any]:
    return {**clean().measurements["classes"][0], **changes}


@pytest.mark.parametrize("block", [METRICS, VARIATION, DUPLICATES])
def test_the_known_tables_to_the_printed_digit(block: str) -> None:
    assert f"```\n{block}```\n" in text(flawed())


def test_head_says_what_and_whether_it_is_fit() -> None:
    assert text(flawed()).startswith(
        "# Data set quality assessment: issues found\n\n"
        "**Date**: 2026-01-25  \n"
        "**Data set**: `20260124_1546_full_dataset.npz` (200 samples of 16 frames, 64 × 64 pixels)  \n"
        "**Status**: not fit to train on as it is\n"
    )
    assert "**Status**: fit with care\n" in text(record("a.npz", Status.WARN))


def test_only_passes_that_hold() -> None:
    passes = part(text(flawed()), "### Passes")
    for words in (
        "No data corruption",
        "Range",
        "Format",
        "Class balance",
        "Trajectory patterns",
        "Class separability",
    ):
        assert f"✓ **{words}**: " in passes
    assert "50 samples per class" in passes and "shape (200, 16, 3, 64, 64)" in passes and "for 93% of" in passes
    assert "No duplicates" not in passes and "**Motion**" not in passes
    bad = record(
        "a.npz",
        Status.FAIL,
        tuple(Finding(c, Severity.LOW, "x") for c in ("OUT_OF_RANGE", "CLASS_IMBALANCE", "BAD_SHAPE")),
        nan_values=3,
        separability=None,
        classes=[one_class(path_length_mean=0.0), one_class(label=1)],
    )
    assert set(re.findall(r"✓ \*\*(.*?)\*\*", part(text(bad), "### Passes"))) == {"Pictures and trajectories"}


def test_issues_worst_first_with_numbers_severity_and_one_cause() -> None:
    got = text(flawed())
    assert re.findall(r"#### (Issue .*)", got) == [
        "Issue 1: 34 static samples (17% of data set)",
        "Issue 2: object at the edge of the picture in 97% of all frames",
        "Issue 3: 30 duplicate samples (15% of data set)",
    ]
    assert got.count("**Severity**: high") == 2 and "**Severity**: medium" in got
    assert got.count("**Cause**: see issue 1") == 2
    assert "`LOW_TEMPORAL_VARIATION`" in part(got, "### Also noted")
    rows = [line for line in got.splitlines() if re.match(r"\| \d+ \| \d+ \|", line)]
    assert [row.split(" | ")[1] for row in rows] == [str(len(group)) for group in GROUPS]


def test_labels_of_duplicates_and_what_remains_of_each_class() -> None:
    labels = [0] * 50 + [1] * 50 + [2] * 50 + [3] * 50
    got = text(flawed(labels=labels))
    assert "| 4 | 6 | 109, 115, 130, 169, 184, 191 | 3 × Helical, 3 × Parabolic |" in got
    assert "4 groups of them have more than one label" in got
    gone = [sum(labels[n] == label for n in STATIC) for label in range(4)]
    for label, name in enumerate(("Linear", "Circular", "Helical", "Parabolic")):
        assert f"- class {label} ({name}): {50 - gone[label]} of 50" in got


def test_the_question_is_answered_first() -> None:
    answer = part(text(flawed()), "## Critical question")
    assert answer.split("\n\n")[:2] == ["\n**Are the videos actually showing motion?**", f"**{MOTION}**"]
    assert "Clearly moving: 160 of 200 samples (80%)" in answer
    assert f"34 (17%): samples {ranges(STATIC)}" in answer and "hardly moves: 6 (3%): samples 3-5, 60-61, 80" in answer
    assert "edge in 97% of all frames; in 198 of 200 samples" in answer
    assert "held at the picture's edge" in answer
    assert "blind to a small object" in text(flawed())


def test_what_the_pictures_will_show() -> None:
    files = part(text(flawed()), "## Visual inspection files")
    assert "dataset_visual_inspection.png" in files and "trajectory_patterns_validation.png" in files
    assert "Class 0 (Linear), sample 6: expect: all frames are the same; the object is at the edge" in files


def test_the_real_set_has_to_be_made_anew() -> None:
    got = text(flawed())
    anew = part(got, "### Option C: make it anew")
    assert "Keep the object in the picture" in anew and "path length of class 0 (Linear) 0.987" in anew
    assert "duplicates need nothing of their own" in anew
    assert "**Option C: make it anew**" in part(got, "## Recommendation")
    assert part(got, "## Decision: left to you").count("- [ ] ") == 3
    assert not re.search(r"\b(minutes?|hours?)\b", got)


def test_few_faults_are_repaired_by_dropping_them() -> None:
    findings = (
        Finding("DUPLICATE_SAMPLES", Severity.MEDIUM, "copies"),
        Finding("VIDEO_TRAJECTORY_DISAGREE", Severity.HIGH, "two do not"),
        Finding("NON_FINITE", Severity.HIGH, "one"),
    )
    groups = {"unique": 197, "extra": 3, "groups": [[1, 5, 9], [20, 30]]}
    labels = [0] * 50 + [1] * 50 + [2] * 50 + [3] * 50
    made = clean(duplicates=groups, disagree_samples=[1, 40], bad_samples=[7], labels=labels)
    got = text(replace(made, status=Status.FAIL, findings=findings))
    # of the group whose first one does not follow its trajectory, another is kept
    assert "\n1, 7, 9, 30, 40\n" in part(got, "### Option B: repair it")
    assert "195 of 200 samples remain." in got
    assert "**Option B: repair it**" in part(got, "## Recommendation")


def test_what_is_dropped_anyway_does_not_count_against_a_repair() -> None:
    findings = tuple(Finding(c, Severity.HIGH, "x") for c in ("STATIC_VIDEO", "VIDEO_TRAJECTORY_DISAGREE"))
    for others, choice in ((40, "B"), (41, "C")):
        made = clean(static_samples=list(range(40)), disagree_samples=list(range(40 + others)))
        got = text(replace(made, status=Status.FAIL, findings=findings))
        assert f"**Option {choice}: " in part(got, "## Recommendation")


def test_one_picture_with_two_labels_is_dropped_whole() -> None:
    made = clean(duplicates={"unique": 199, "extra": 1, "groups": [[3, 60]]}, labels=[0] * 50 + [1] * 150)
    found = (Finding("DUPLICATE_SAMPLES", Severity.MEDIUM, "copies"),)
    got = text(replace(made, status=Status.WARN, findings=found))
    assert "\n3, 60\n" in part(got, "### Option B: repair it")


def test_too_little_left_is_no_repair() -> None:
    found = (Finding("STATIC_VIDEO", Severity.HIGH, "most"),)
    got = text(record("a.npz", Status.FAIL, found, static_samples=list(range(120))))
    assert "Too little would be left after a repair" in part(got, "## Recommendation")


def test_near_copies_are_listed_with_what_was_done_to_them() -> None:
    finding = Finding("NEAR_DUPLICATE_SAMPLES", Severity.MEDIUM, "two of a kind", samples=((3, 4),))
    near = {"groups": [[3, 4]], "pairs": [[3, 4, "played backward"], ["no", "pair"]]}
    of = clean()
    of = replace(of, findings=(finding,), measurements={**of.measurements, "near_duplicates": near})
    told = text(of)
    assert "near-duplicate samples" in told
    assert "| 3 | 4 | played backward |" in told
    assert "A random split puts one sample into training" in told


def test_a_clean_set_is_said_to_be_clean_in_short() -> None:
    got = text(clean())
    assert got.startswith("# Data set quality assessment: no issues found\n") and "**Use it as it is.**" in got
    assert "**Status**: fit to train on\n" in got
    assert "### Fails" not in got and "Option" not in got and "✗" not in got
    assert len(got) < len(text(flawed())) / 2


@pytest.mark.parametrize("make", [flawed, clean])
def test_the_same_from_a_line_of_the_report(make: Any) -> None:
    once = make()
    assert text(to_record(to_flat(to_line(once)))) == text(once)


def nothing(**changes: Any) -> Record:
    """A data set of which nothing is known."""
    return Record("x.npz", Status.FAIL, "trajectory-videos", measurements={"classes": [], "samples": 0, **changes})


@pytest.mark.parametrize(
    ("measured", "words"),
    [
        ({}, ["There are no samples.", "None: there is nothing to draw.", "(0 samples)"]),
        ({"samples": 3, "frames": 1}, ["Each sample is a single frame", "There are no labels that can be used"]),
        ({"samples": 3, "frames": 4}, ["It could not be measured.", "of the first sample."]),
        (
            {"samples": 2, "frames": 4, "classes": [{"label": 7, "name": "class 7", "count": 2, "first": 0}]},
            ["Class 7, sample 0", "There is no trajectory that can be used"],
        ),
    ],
)
def test_missing_pieces_read_well(measured: dict[str, Any], words: list[str]) -> None:
    got = text(nothing(**measured))
    assert all(each in got for each in words)
    assert "None of" not in got and "nan" not in got and "(class 7)" not in got


@pytest.mark.parametrize(
    "junk", [None, "x", 3, -1, [], ["x", None, -3, [1]], {"groups": 3}, {"groups": [[1], "x"]}, 1e400]
)
def test_any_value_in_a_line_is_survived(junk: Any) -> None:
    for key in clean().measurements:
        measured = flawed().measurements | {key: junk}
        assert text(replace(flawed(), measurements=measured)).startswith("# Data set quality assessment")


def rendered(markdown: str) -> str:
    parser = pytest.importorskip("markdown_it")
    html: str = parser.MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)
    return html


@pytest.mark.parametrize("name", [*HELL, "www.a.org http://a.org/b", "a`b``c```d", "_a_ **b** ~~c~~", "![x](y)", "x\\"])
def test_names_from_hell_stay_names(name: str) -> None:
    found = (Finding("DUPLICATE_SAMPLES", Severity.HIGH, name), Finding(name, Severity.MEDIUM, name))
    made = flawed(classes=[one_class(name=name)], motion=name, causes=[name], labels=[0] * 200).measurements
    whole = Record(name, Status.FAIL, "x", findings=found, measurements=made, error=name)
    got = text(whole)
    assert "\x1b" not in got and "\u202e" not in got
    html = rendered(got)
    assert not re.search(r"<(script|a|img|em|s)\b", html)
    assert html.count("<h1>") == 1 and html.count("<h4>") == 2 and html.count("<hr") == 8


def test_the_repair_does_what_it_says(tmp_path: Path) -> None:
    arrays = dataset_arrays(samples=6, copies=((0, 3),))
    arrays["class_names"] = np.array(["a", "b"])
    path = save_dataset(tmp_path / "set.npz", arrays)
    script = part(text(audit_file(str(path))), "### Option B: repair it").split("```python\n")[1].split("```")[0]
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
    with np.load(tmp_path / "set_kept.npz") as kept:
        assert kept["videos"].shape[0] == kept["labels"].shape[0] == kept["trajectory_3d"].shape[0] < 6
        assert kept["class_names"].tolist() == ["a", "b"]
        assert len({video.tobytes() for video in kept["videos"]}) == len(kept["videos"])


@pytest.mark.parametrize("name", ["20260124_1546_full_dataset.npz", "20260125_dataset_200_regenerated.npz"])
def test_real_files(shared_data: Path, name: str) -> None:
    expected = json.loads((shared_data / "expected" / "videos.json").read_text())[name]
    found = audit_file(str(shared_data / "videos" / name))
    figures, got = figures_of(found), text(found)
    assert list(figures.static) == expected["static_samples"]
    assert [list(group) for group in figures.groups] == expected["duplicates"]["groups"]
    assert f"Unique samples: {expected['duplicates']['unique']}/200" in got
    for each in expected["classes"]:
        assert f"Displacement: {each['displacement_mean']:.3f} ± {each['displacement_std']:.3f}" in got
        assert f": {each['frame_variation_first']:.4f}".replace(": ", " ") in got
    if name.startswith("20260124"):
        assert all(f"```\n{block}```\n" in got for block in (METRICS, VARIATION, DUPLICATES))


def test_which_records_are_data_sets() -> None:
    assert is_dataset(flawed()) and is_dataset(nothing())
    assert not is_dataset(clip_record()) and not is_dataset(broken())


def test_pieces() -> None:
    assert [percent(v) for v in (0, 0.004, 0.5, 1, 15, 99.96, 100)] == [
        "0%",
        "0.1%",
        "0.5%",
        "1%",
        "15%",
        "99.9%",
        "100%",
    ]
    assert ranges([1, 2, 3, 7, 9, 10], 2) == "1-3, 7 and 2 more"
    assert prose("a *b* <i> trajectory_3d [0, 1] |") == r"a \*b\* &lt;i&gt; trajectory_3d [0, 1] \|"
    assert table(["a", "b"], [["1", "2"]]) == ["| a | b |", "|---|---:|", "| 1 | 2 |"]
