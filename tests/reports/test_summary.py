"""The summary: the reference's head to the letter, names that stay names."""

from __future__ import annotations

from datetime import datetime

import pytest

from inspector.audit import Record
from inspector.reports import Tally
from inspector.reports.summary import summary
from tests.support.records import HELL, broken, failing, record

WHEN = datetime(2025, 3, 4, 5, 6, 7, 89)


def text(*records: Record) -> str:
    tally = Tally()
    for one in records:
        tally.add(one)
    return summary(tally, WHEN)


def test_head_is_the_references() -> None:
    both = failing("b.npz", issues={"transformer": ("non-finite values in X",), "iv3": ()}, legacy_issues=("old: no",))
    got = text(record("a.npz"), both, record("c.npz"), broken())
    assert got.startswith(
        "# NPZ Audit Summary (2025-03-04T05:06:07)\n\n"
        "- Files audited: **4**\n"
        "- Transformer ready: **2/4**\n"
        "- IV3-GRU ready: **1/4**\n\n"
        "## Top issues (counts)\n"
        "- X2048 missing (required for IV3-GRU): 2\n"
        "- non-finite values in X: 1\n"
        "- old: no: 1\n\n"
        "## Verdicts\n"
    )


def test_issue_texts_of_the_reference_are_untouched() -> None:
    issue = "X shape/dtype incorrect (expected [T,156] float32)"
    assert f"\n- {issue}: 1\n" in text(record(issues={"transformer": (issue,)}))


def test_twenty_issues_by_count_then_text() -> None:
    issues = [f"issue {i:02d}" for i in range(30)]
    got = text(record(issues={"transformer": tuple(issues)}), record(issues={"transformer": (issues[29],)}))
    lines = got.split("## Top issues (counts)\n")[1].split("\n\n")[0].split("\n")
    assert lines == ["- issue 29: 2", *(f"- issue {i:02d}: 1" for i in range(19))]


def test_findings_by_severity_with_the_first_files() -> None:
    files = [failing(f"clips/{i}.npz") for i in (5, 1, 4, 2, 3)]
    got = text(*files)
    high = got.split("### High")[1].split("###")[0]
    assert "- **`NON_FINITE`**" in high and "5 files, such as `clips/1.npz`, `clips/2.npz`, `clips/3.npz`." in high
    assert got.index("### High") < got.index("### Medium")


def test_errors_are_listed_and_counted() -> None:
    got = text(*(broken(f"{i:03d}.npz", "truncated") for i in range(60)))
    errors = got.split("## Errors")[1]
    assert "- `000.npz`: `truncated`" in errors and errors.count("truncated") == 50
    assert "- and 10 more, in the table" in errors


@pytest.mark.parametrize("path", HELL)
def test_names_from_hell_stay_names(path: str) -> None:
    got = text(failing(path), broken(path, f"{path}: broken"), record("x.npz", legacy_issues=(path,)))
    body = got.split("## Top issues (counts)")[1]
    assert "<script>" not in body and "](" not in body and "\x1b" not in body and "\u202e" not in body
    assert path.replace("\n", "\\n") in got or "\n" not in path
    assert all(line.startswith(("-", "#", "|", "Judged")) or not line for line in got.splitlines())


def test_nothing_audited() -> None:
    assert "- Files audited: **0**" in text()
