"""What files have in common, in the window: findings, labels, splits, files that are not there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.audit import Record
from inspector.checks import Status
from inspector.gui.session_lists import split_name
from inspector.gui.together import CODES, Groups, Lists, is_missing, look
from inspector.reports import read_records, write_reports
from tests.gui import support
from tests.gui.support import Desk
from tests.support.clips import clip_arrays, save_clip


@pytest.fixture
def signs(tmp_path: Path) -> Path:
    """A clip in train and in val, another one twice in train, and one by itself."""
    root = tmp_path / "signs"
    for name, seed in (("train/a", 1), ("val/a_too", 1), ("train/b", 2), ("train/b_too", 2), ("train/c", 3)):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        save_clip(root / f"{name}.npz", clip_arrays(40, seed=seed))
    return root


def labels(path: Path, **classes: str) -> str:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("file", "gloss"), *classes.items()])
    return str(path)


def opened(qtbot: QtBot, desk: Desk, root: Path) -> None:
    desk.session.open_paths([root])
    settled(qtbot, desk)


def settled(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(desk.idle)


def codes(desk: Desk) -> dict[str, set[str]]:
    """Codes of what was found across files, by name."""
    table = desk.session.files.table
    return {
        name.replace("\\", "/"): {finding.code for finding in record.findings if finding.code in CODES}
        for name, record in zip(table.names, table.records, strict=True)
        if record is not None
    }


def test_copies_and_leaks_are_findings_with_their_verdicts(qtbot: QtBot, desk: Desk, signs: Path) -> None:
    opened(qtbot, desk, signs)
    found = codes(desk)
    assert found["train/a.npz"] == {"DUPLICATE_FILE", "SPLIT_LEAKAGE"}
    assert found["train/b_too.npz"] == {"DUPLICATE_FILE"}
    assert found["train/c.npz"] == set()
    statuses = {name.replace("\\", "/"): status for name, status in desk.statuses().items()}
    assert statuses["val/a_too.npz"] == "fail"
    assert statuses["train/b_too.npz"] == "warn"
    assert desk.session.files.table.code_counts["DUPLICATE_FILE"] == 4
    words = "2 groups of copies, 4 files, 1 across splits"
    qtbot.waitUntil(lambda: desk.session.folder.view is not None and desk.session.folder.view.groups.words == words)


def test_the_shown_file_has_its_findings_and_keeps_them(qtbot: QtBot, desk: Desk, signs: Path) -> None:
    opened(qtbot, desk, signs)
    path = str(signs / "train" / "b_too.npz")
    desk.session.select(path)
    qtbot.waitUntil(desk.shows("b_too.npz"))
    assert "DUPLICATE_FILE" in {f.code for f in desk.session.view.findings}
    desk.session.reaudit([path])
    settled(qtbot, desk)
    assert "DUPLICATE_FILE" in codes(desk)["train/b_too.npz"]
    assert desk.session.view.inspection is not None
    assert desk.session.view.inspection.record.status is Status.WARN


def test_limits_do_not_move_them(qtbot: QtBot, desk: Desk, signs: Path) -> None:
    opened(qtbot, desk, signs)
    session = desk.session
    qtbot.waitUntil(lambda: session.folder.profile is not None)
    session.set_limit("camera_cut", 1e-3)
    session.commit_limits()
    settled(qtbot, desk)
    assert "CAMERA_CUT" in {f.code for r in session.records() for f in r.findings}
    assert codes(desk)["train/b_too.npz"] == {"DUPLICATE_FILE"}
    session.reset_limits()
    settled(qtbot, desk)
    assert codes(desk)["train/b_too.npz"] == {"DUPLICATE_FILE"}
    assert session.files.table.status[session.files.table.row_of[str(signs / "train" / "b_too.npz")]] == 2


def test_the_walk_stops_at_copies(qtbot: QtBot, desk: Desk, signs: Path) -> None:
    opened(qtbot, desk, signs)
    desk.session.select(str(signs / "train" / "c.npz"))
    qtbot.waitUntil(desk.shows("c.npz"))
    desk.session.next_finding(1)
    qtbot.waitUntil(desk.shows("a_too.npz"))
    view = desk.session.view
    assert view.finding is not None
    assert view.findings[view.finding].code == "SPLIT_LEAKAGE"


# --- labels and splits ------------------------------------------------------------------------------------------


def test_labels_are_joined(qtbot: QtBot, desk: Desk, signs: Path, tmp_path: Path) -> None:
    opened(qtbot, desk, signs)
    session = desk.session
    session.load_labels(labels(tmp_path / "labels.csv", a="hello", a_too="hello", b="bye", b_too="bye", gone="hello"))
    settled(qtbot, desk)
    assert session.files.table.classes == ("bye", "hello")
    assert session.files.table.class_of.tolist().count(1) == 2
    assert codes(desk)["train/c.npz"] == {"LABEL_MISSING"}
    assert codes(desk)["gone.npz"] == {"FILE_MISSING"}
    assert session.files.table.records[-1] is not None
    assert session.files.table.records[-1].status is Status.ERROR
    assert "Labels: 4 of 5 files, 2 classes. 1 file named in lists and not there." in desk.said[-1].title
    session.pick_class("bye")
    assert session.files.rowCount() == 2
    session.forget_lists()
    settled(qtbot, desk)
    assert list(session.files.table.classes) == []
    assert len(session.files.table) == 5
    assert codes(desk)["train/c.npz"] == set()
    assert session.files.rowCount() == 5


def test_a_file_that_is_not_there_is_shown_as_such_and_not_audited(
    qtbot: QtBot, desk: Desk, signs: Path, tmp_path: Path
) -> None:
    opened(qtbot, desk, signs)
    session = desk.session
    session.load_labels(labels(tmp_path / "labels.csv", gone="hello"))
    settled(qtbot, desk)
    session.select(str(signs / "gone.npz"))
    qtbot.waitUntil(desk.shows("gone.npz"))
    assert [f.code for f in session.view.findings] == ["FILE_MISSING"]
    session.reaudit()
    settled(qtbot, desk)
    record = session.files.table.records[-1]
    assert record is not None
    assert is_missing(record)


def test_a_file_that_came_meanwhile_is_audited(qtbot: QtBot, desk: Desk, signs: Path, tmp_path: Path) -> None:
    opened(qtbot, desk, signs)
    session = desk.session
    session.load_labels(labels(tmp_path / "labels.csv", gone="hello", nowhere="bye"))
    settled(qtbot, desk)
    support.clean(signs / "gone.npz", seed=9)
    session.reaudit()
    settled(qtbot, desk)
    found = codes(desk)
    assert found["gone.npz"] == set()
    assert found["nowhere.npz"] == {"FILE_MISSING"}
    assert len(found) == 7


def test_labels_at_any_time_with_a_brush_and_a_selection(qtbot: QtBot, desk: Desk, signs: Path, tmp_path: Path) -> None:
    """Rows come and go at the end of the list; nothing that points at rows falls over."""
    session = desk.session
    session.open_paths([signs])
    session.load_labels(labels(tmp_path / "one.csv", a="x", gone_1="x", gone_2="y"))
    settled(qtbot, desk)
    assert len(session.files.table) == 7
    session.brush([5, 6, 0])
    session.select(str(signs / "gone_2.npz"))
    qtbot.waitUntil(desk.shows("gone_2.npz"))
    session.load_labels(labels(tmp_path / "two.csv", a="x", gone_3="x"))
    settled(qtbot, desk)
    assert {name for name in codes(desk) if name.startswith("gone")} == {"gone_3.npz"}
    session.brush([0, 99])
    qtbot.waitUntil(lambda: session.files.rowCount() == 1)


def test_splits_by_lists(qtbot: QtBot, desk: Desk, signs: Path, tmp_path: Path) -> None:
    opened(qtbot, desk, signs)
    (tmp_path / "train_list.txt").write_text("a\na_too\nb\n")
    (tmp_path / "test.txt").write_text("b_too\nc\n")
    desk.session.load_splits([str(tmp_path / "train_list.txt"), str(tmp_path / "test.txt")])
    settled(qtbot, desk)
    assert {name for name, found in codes(desk).items() if "SPLIT_LEAKAGE" in found} == {
        "train/b.npz",
        "train/b_too.npz",
    }
    assert desk.said[-1].title == "Splits: test 2, train 3; 1 recording in more than one."


def test_a_table_that_cannot_be_read_changes_nothing(qtbot: QtBot, desk: Desk, signs: Path, tmp_path: Path) -> None:
    opened(qtbot, desk, signs)
    good = labels(tmp_path / "labels.csv", a="hello")
    desk.session.load_labels(good)
    settled(qtbot, desk)
    (tmp_path / "bad.csv").write_text("name,gloss\na,b\n")
    desk.session.load_labels(str(tmp_path / "bad.csv"))
    settled(qtbot, desk)
    assert "expected a header with a column 'file'" in desk.said[-1].title
    assert desk.session.lists.labels_path == good
    assert desk.session.files.table.classes == ("hello",)


def test_what_a_folder_had_and_is_gone_is_said(qtbot: QtBot, desk: Desk, signs: Path, tmp_path: Path) -> None:
    opened(qtbot, desk, signs)
    desk.session.restore_lists(str(tmp_path / "labels.csv"), ())
    settled(qtbot, desk)
    assert desk.said[-1].title.startswith("The labels of this folder are gone: pick them again with Tools > Labels…: ")


def test_labels_are_read_again_with_the_files(qtbot: QtBot, desk: Desk, signs: Path, tmp_path: Path) -> None:
    opened(qtbot, desk, signs)
    desk.session.load_labels(labels(tmp_path / "labels.csv", a="hello"))
    settled(qtbot, desk)
    labels(tmp_path / "labels.csv", a="bye", c="bye")
    desk.session.reaudit()
    settled(qtbot, desk)
    assert desk.session.files.table.classes == ("bye",)
    assert codes(desk)["train/c.npz"] == set()


def test_a_report_keeps_what_only_it_can_know(qtbot: QtBot, desk: Desk, signs: Path, tmp_path: Path) -> None:
    opened(qtbot, desk, signs)
    desk.session.load_labels(labels(tmp_path / "labels.csv", a="hello", a_too="hello", b="bye", gone="x"))
    settled(qtbot, desk)
    before = codes(desk)
    write_reports(desk.session.records(), tmp_path / "out", ("jsonl",))
    report = tmp_path / "out" / "npz_audit_report.jsonl"
    assert len(read_records(report)) == 6
    opened(qtbot, desk, report)
    assert {Path(name).name: found for name, found in codes(desk).items()} == {
        Path(name).name: found for name, found in before.items()
    }
    desk.session.select(str(signs / "train" / "c.npz"))
    qtbot.waitUntil(desk.shows("c.npz"))
    settled(qtbot, desk)
    assert {f.code for f in desk.session.view.findings} == {"LABEL_MISSING"}


@pytest.mark.parametrize(
    ("path", "name"),
    [("x/train.txt", "train"), ("val_clips.lst", "val"), ("Testing-2.txt", "test"), ("fold 3.txt", "fold 3")],
)
def test_a_list_is_called_as_its_file(path: str, name: str) -> None:
    assert split_name(path) == name


def test_what_is_said_of_groups() -> None:
    assert Groups().words == ""
    assert Groups(1, 0, notes=("all 4 files have the gloss A",)).words == (
        "1 group of copies, 0 files; all 4 files have the gloss A"
    )
    assert Groups(notes=("uneven",)).words == "uneven"


def test_data_sets_are_looked_at_together_with_other_files(tmp_path: Path) -> None:
    names = [str(tmp_path / name) for name in ("a.npz", "b.npz", "set.npz")]
    same = {"content": "0" * 32, "poses": None}
    records = [Record(path, Status.PASS, measurements=dict(same), size_bytes=9) for path in names[:2]]
    records.append(Record(names[2], Status.PASS, measurements={"content": "1" * 32, "classes": [{"label": 0}]}))
    found = look(names, records, Lists(), str(tmp_path), {}, None)
    assert found is not None
    assert sorted(found.findings) == names[:2]
