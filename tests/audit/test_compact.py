"""What leaves a worker: enough to count, print and look across, quickly taken apart, and the same reports at last."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.audit import Options, Record
from inspector.audit.across import with_across
from inspector.audit.compact import Records, bare, finished, slim
from inspector.audit.job import Job, run_job
from inspector.audit.lines import to_line
from inspector.audit.many import audit_many
from inspector.audit.record import columns_of
from inspector.checks import Finding, Severity
from inspector.reports import ReportWriter, Tally
from inspector.workers import FORK_SERVER
from tests.support import auditors
from tests.support.records import HELL, broken, failing, record

BOTH = Options(lines=True, slim=True)
FIGURES = {"content": "ab", "poses": "AQ==", "speed_p95": 1.5, "odd": float("nan"), "camera": {"rms_px": 1}, "all": [1]}


def some() -> list[Record]:
    return [record("a.npz", measurements=FIGURES), failing("b.npz"), broken("c.npz"), *map(record, HELL)]


def test_a_slim_record_counts_and_prints_as_the_whole_one() -> None:
    whole, slimmed = Tally(), Tally()
    for one in some():
        whole.add(one)
        slimmed.add(slim(one))
    assert slimmed.columns == whole.columns and {"content", "speed_p95", "odd"} <= whole.columns
    assert {"poses", "camera", "all"}.isdisjoint(whole.columns)
    for name in ("total", "statuses", "profiles", "ready", "judged", "issues", "datasets"):
        assert getattr(slimmed, name) == getattr(whole, name), name
    assert {key: (c.files, c.findings, list(c.examples)) for key, c in slimmed.codes.items()} == {
        key: (c.files, c.findings, list(c.examples)) for key, c in whole.codes.items()
    }
    assert list(slimmed.errors) == list(whole.errors)


def test_what_a_slim_record_keeps() -> None:
    one = slim(record("a.npz", measurements=FIGURES))
    assert one.fields == {"T": 40} and one.measurements == {"content": "ab", "poses": "AQ=="}
    assert one.columns.split("\n") == [*columns_of(FIGURES)] == ["content", "speed_p95", "odd"]
    assert bare(replace(one, line=b"x", evidence=b"y")) == replace(one, fields={})
    assert bare(replace(one, line=b"x", evidence=b"y")).line == b""


def test_a_data_set_stays_whole() -> None:
    one = record("a.npz", measurements={"classes": [], "samples": 3, "frames": 16})
    assert slim(one) is one


def test_records_travel_whole() -> None:
    sent = Records([replace(slim(one), line=to_line(one), evidence=b"\0\xff") for one in some()[:3]])
    back = pickle.loads(pickle.dumps(sent))
    assert type(back) is list and back == sent
    for one, other in zip(sent, back, strict=True):
        assert (one.line, one.columns, one.evidence) == (other.line, other.columns, other.evidence)
        assert one.issues == other.issues and type(one.status) is type(other.status)


@pytest.mark.parametrize("path", HELL)
def test_records_of_names_from_hell_travel_too(path: str) -> None:
    assert pickle.loads(pickle.dumps(Records([record(path)]))) == [record(path)]


def test_figures_that_messagepack_has_not() -> None:
    one = record("a.npz", measurements={"content": 1j})
    assert pickle.loads(pickle.dumps(Records([one]))) == [one]


@pytest.mark.parametrize("options", [Options(), Options(lines=True), Options(slim=True), BOTH])
def test_the_options_decide(options: Options) -> None:
    (one,) = finished([record("a.npz", measurements=FIGURES)], options)
    assert one.line == (to_line(record("a.npz", measurements=FIGURES)) if options.lines else b"")
    assert ("speed_p95" in one.measurements) is not options.slim


@pytest.mark.parametrize("workers", [0, 1])
def test_workers_do_as_the_options_say(workers: int) -> None:
    found = [one for batch in audit_many(["a.npz", "raise.npz"], BOTH, workers=workers, auditor=auditors.deadly)
             for one in batch]  # fmt: skip
    assert [one.path for one in found] == ["a.npz", "raise.npz"]
    assert b'"pid":' in found[0].line and "pid" not in found[0].measurements and found[0].columns == "pid"
    assert found[1].error == "ValueError: an auditor that breaks its promise" and found[1].line == to_line(found[1])


def test_a_file_that_an_auditor_raises_for_costs_no_other() -> None:
    found = run_job(Job(auditors.deadly, Options()), ["a.npz", "raise.npz", "b.npz"])
    assert [(one.path, one.error is None) for one in found] == [("a.npz", True), ("raise.npz", False), ("b.npz", True)]


def test_reports_from_lines_are_those_from_records(tmp_path: Path) -> None:
    for name, records in (("whole", some()), ("slim", finished(some(), BOTH))):
        with ReportWriter(tmp_path / name) as writer:
            writer.add(reversed(records))
            writer.finish()
    for file in ("npz_audit_report.csv", "npz_audit_report.jsonl"):
        assert (tmp_path / "slim" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes()


def test_a_changed_record_has_no_line_of_before() -> None:
    (one,) = finished([record("a.npz")], Options(lines=True))
    assert one.line
    finding = Finding("DUPLICATE_FILE", Severity.MEDIUM, "same content as b.npz")
    assert with_across(one, [finding]).line == b""


@pytest.mark.parametrize(("environment", "code"), [({}, 3), ({FORK_SERVER: "1"}, 0)])
def test_only_a_fork_server_ends_at_once(environment: dict[str, str], code: int) -> None:
    command = [sys.executable, "-c", "import inspector.audit.ready, sys; sys.exit(3)"]
    assert subprocess.run(command, env=os.environ | environment, check=False).returncode == code
