from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inspector.audit import Record
from inspector.checks import Status
from inspector.gui.models.file_steps import next_with_findings
from inspector.gui.models.file_table import LACKING, PENDING, READY, SIZE, UNKNOWN, UNWANTED, FileTable, Filter
from tests.gui.support import record

CODES = [f"CODE_{k}" for k in range(70)]  # more than one mask column holds


def listed(table: FileTable) -> list[str]:
    return [table.names[row] for row in table.order]


@dataclass
class Case:
    batches: list[list[str]]
    records: dict[str, Record]
    statuses: frozenset[int] | None
    code: str
    text: str
    sort: str
    descending: bool


names = st.text(st.sampled_from("abAB1/é_"), min_size=1, max_size=5).map(lambda s: f"/r/{s}")
verdicts = st.tuples(st.sampled_from(Status), st.lists(st.sampled_from(CODES), max_size=3), st.booleans())


@st.composite
def cases(draw: st.DrawFn) -> Case:
    batches = draw(st.lists(st.lists(names, max_size=6), max_size=5))
    paths = sorted({path for batch in batches for path in batch})
    found = {}
    for path in paths:
        if (verdict := draw(st.none() | verdicts)) is not None:
            status, codes, ready = verdict
            made = record(path, status, *codes, transformer=() if ready else ("no",))
            size, spike = draw(st.sampled_from([-1, 0, 7, 10**12])), draw(st.sampled_from([None, 0, 2.5, -1.0]))
            found[path] = replace(made, size_bytes=size, measurements={"spike_max": spike})
    return Case(
        batches,
        found,
        draw(st.none() | st.frozensets(st.integers(-1, 3))),
        draw(st.sampled_from(["", *CODES])),
        draw(st.text(st.sampled_from("abé1/ "), max_size=2)),
        draw(st.sampled_from(["name", "status", "findings", "transformer", SIZE, "spike_max"])),
        draw(st.booleans()),
    )


@given(cases())
def test_order_is_what_plain_python_says(case: Case) -> None:
    table = FileTable()
    for batch in case.batches:
        table.append(batch, "/r")
    rows = [table.row_of[path] for path in case.records]
    table.set_records(rows, list(case.records.values()))
    table.set_filter(Filter(case.statuses, case.code, case.text))
    table.set_sort(case.sort, case.descending)
    order = table.arrange().tolist()

    def folded(row: int) -> str:
        return table.names[row].casefold().replace("/", "\x01")

    def passes(row: int) -> bool:
        known = case.records.get(table.paths[row])
        rank = PENDING if known is None else known.status.rank
        codes = set() if known is None else {f.code for f in known.findings}
        wanted = case.text.strip().casefold().replace("/", "\x01")
        return (
            (case.statuses is None or rank in case.statuses)
            and (not case.code or case.code in codes)
            and wanted in folded(row)
        )

    def figure(row: int) -> float | None:
        known = case.records.get(table.paths[row])
        if known is None or case.sort not in (SIZE, "spike_max"):
            return None
        if case.sort == SIZE:
            return known.size_bytes if known.size_bytes >= 0 else None
        spike: float | None = known.measurements["spike_max"]
        return spike

    def key(row: int) -> float:
        if case.sort in (SIZE, "spike_max"):
            value = figure(row)
            last = float("-inf") if case.descending else float("inf")
            return last if value is None else value
        known = case.records.get(table.paths[row])
        if case.sort == "status":
            return 4 if known is None else known.status.rank
        if case.sort == "findings":
            return 0 if known is None else len(known.findings)
        if case.sort == "transformer" and "transformer" in table.targets:
            return UNKNOWN if known is None else (READY if known.ready("transformer") else LACKING)
        return 0

    expected = sorted(filter(passes, range(len(table))), key=folded)
    if case.sort == "name" or (case.sort == "transformer" and not table.targets):
        expected = expected[::-1] if case.descending else expected
        assert [folded(row) for row in order] == [folded(row) for row in expected]  # names may differ in case only
        assert sorted(order) == sorted(expected)
    else:
        expected.sort(key=lambda row: -key(row) if case.descending else key(row))
        assert [(key(row), folded(row)) for row in order] == [(key(row), folded(row)) for row in expected]
    assert table.positions(order).tolist() == list(range(len(order)))


@given(st.lists(st.tuples(st.integers(0, 7), st.none() | verdicts), max_size=20))
def test_counts_follow_every_change(changes: list[tuple[int, tuple[Status, list[str], bool] | None]]) -> None:
    table = FileTable()
    table.append([f"/r/{k}" for k in range(8)])
    last: dict[int, Record | None] = {}
    for row, verdict in changes:
        found = last[row] = None if verdict is None else record(f"/r/{row}", verdict[0], *verdict[1])
        if found is None:
            table.forget(np.array([row]))
        else:
            table.set_records([row], [found])
    known = [r for r in last.values() if r is not None]
    for status in Status:
        assert table.status_counts()[status.rank] == sum(r.status is status for r in known)
    assert table.status_counts()[PENDING] == 8 - len(known)
    for code in CODES:
        expected = sorted(row for row, r in last.items() if r is not None and code in {f.code for f in r.findings})
        assert np.flatnonzero(table.has_code(code)).tolist() == expected
        assert table.code_counts.get(code, 0) == len(expected)


def test_names_are_relative_to_the_opened_folder_and_paths_come_once() -> None:
    table = FileTable()
    assert table.append(["/data/x/a.npz", "/data/b.npz"], "/data").tolist() == [0, 1]
    assert table.append(["/elsewhere/c.npz", "/data/b.npz"], "/data").tolist() == [2]
    table.arrange()
    assert list(table.names) == ["x/a.npz", "b.npz", "c.npz"]
    assert listed(table) == ["b.npz", "c.npz", "x/a.npz"]


def test_name_that_is_not_utf8_can_be_listed() -> None:
    table = FileTable()
    table.append(["/d/a\udcff.npz"], "/d")
    assert list(table.names) == ["a\\xff.npz"]
    assert table.row_of["/d/a\udcff.npz"] == 0


def test_readiness_tells_not_needed_from_lacking() -> None:
    table = FileTable()
    table.append(["a", "b"])
    table.set_records([0], [record("a", Status.FAIL, transformer=("no X",), iv3=("no X2048",))])
    assert table.targets == ("transformer", "iv3")
    assert table.readiness("transformer").tolist() == [LACKING, UNKNOWN]
    assert table.readiness("iv3").tolist() == [UNWANTED, UNKNOWN]


def test_next_with_findings_walks_the_listed_order() -> None:
    table = FileTable()
    table.append(["d", "c", "b", "a"])
    table.set_records([0, 1, 3], [record("d", Status.WARN, "X"), record("c"), record("a", Status.FAIL, "X", "Y")])
    table.arrange()  # a b c d, of which a and d have findings
    assert next_with_findings(table, None, 1) == 3
    assert next_with_findings(table, 3, 1) == 0
    assert next_with_findings(table, 2, 1) == 0
    assert next_with_findings(table, 0, 1) is None
    assert next_with_findings(table, 0, -1) == 3
    assert next_with_findings(table, 3, -1) is None
    assert next_with_findings(table, None, -1) == 0
    table.set_sort("name", descending=True)
    table.arrange()
    assert next_with_findings(table, 0, 1) == 3
