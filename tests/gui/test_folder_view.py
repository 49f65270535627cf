"""Limits moved by hand: verdicts at once, audits later, and the picture of the folder meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from inspector.audit import Inspection, Options, Record
from inspector.checks import Finding, Severity, Status, verdict
from inspector.checks.rules import NONE, RULES, rank
from inspector.gui.folder_limits import limit_range, moved
from inspector.gui.folder_view import FolderView
from inspector.gui.pickers import Pickers
from inspector.gui.view import ViewState
from inspector.profiles import Limits, load_profile
from tests.gui.support import Desk

BASE = "fslr-keypoints"
LINE = load_profile(BASE).limits.speed_spike
LOW, HIGH = 0.4 * LINE, 1.6 * LINE
SPEEDS = {"a": 0.2 * LINE, "b": 0.6 * LINE, "c": 1.2 * LINE, "d": 2.4 * LINE}
SEVERITIES = tuple(Severity)


def judged(path: str, options: Options) -> Record:
    """The record of a file that is called after its fastest frame; `x` cannot be read."""
    profile = options.in_use(options.profile or load_profile(BASE))
    name = Path(path).stem
    if name not in SPEEDS:
        return Record(path, Status.ERROR, profile.name, error="broken")
    values = {"spike_max": SPEEDS[name]}
    found = [(rule.code, rank(rule, values, profile.limits)) for rule in RULES]
    findings = tuple(Finding(code, SEVERITIES[worst], code) for code, worst in found if worst != NONE)
    return Record(path, verdict(findings), profile.name, {"T": 9}, findings=findings, measurements=dict(values))


@dataclass
class Audits:
    """Paths that were audited and shown, each with the limit of speed at the time."""

    audited: list[tuple[str, float]] = field(default_factory=list)
    shown: list[tuple[str, float]] = field(default_factory=list)

    def audit_many(self, paths: list[str], options: Options, **_: object) -> Iterator[list[Record]]:
        for path in paths:
            self.audited.append((Path(path).stem, options.in_use(load_profile(BASE)).limits.speed_spike))
            yield [judged(path, options)]

    def inspect(self, path: str, options: Options, wanted: object = None) -> Inspection:
        profile = options.in_use(load_profile(BASE))
        self.shown.append((Path(path).stem, profile.limits.speed_spike))
        return Inspection(path, judged(path, options), profile)


@pytest.fixture
def audits(monkeypatch: pytest.MonkeyPatch) -> Audits:
    audits = Audits()
    monkeypatch.setattr("inspector.audit.audit_many", audits.audit_many)
    monkeypatch.setattr("inspector.gui.session.inspect_file", audits.inspect)
    return audits


@pytest.fixture
def opened(qtbot: QtBot, desk: Desk, tmp_path: Path, audits: Audits) -> Desk:
    """Four files of known speed and one that cannot be read, audited; the first is shown."""
    for name in (*SPEEDS, "x"):
        (tmp_path / f"{name}.npz").touch()
    desk.session.open_paths([tmp_path])
    qtbot.waitUntil(lambda: settled(desk) and desk.session.view.inspection is not None)
    audits.audited.clear()
    audits.shown.clear()
    return desk


def settled(desk: Desk) -> bool:
    view = desk.session.view.folder
    return desk.idle() and view is not None and view.profile is not None and not view.stale


def view_of(desk: Desk) -> FolderView:
    view = desk.session.view.folder
    assert view is not None
    return view


def words(view: FolderView) -> str:
    """Verdicts in order of names: e error, f fail, w warn, p pass, - pending."""
    order = np.argsort(view.names[: view.rows])
    return "".join("efwp-"[view.status[row]] for row in order)


def test_nothing_open_is_no_folder(desk: Desk) -> None:
    assert desk.session.view.folder is None
    desk.session.set_limit("speed_spike", 3.0)
    desk.session.commit_limits()
    desk.session.reset_limits()
    assert desk.session.options == Options()


def test_the_picture_holds_all_files(opened: Desk) -> None:
    view = view_of(opened)
    assert (view.rows, words(view)) == (5, "ppwwe")
    assert view.profile == load_profile(BASE)
    assert view.original == load_profile(BASE).limits
    assert (view.edited, view.dragging, view.stale, view.flips.changed) == (False, False, 0, 0)
    assert view.listed.all()
    assert view.names[view.selected or 0] == "a.npz"
    assert sorted(view.columns["spike_max"][view.governed].tolist()) == sorted(SPEEDS.values())
    assert view.plotted() == ("spike_max", "T")
    assert view.limit("speed_spike") == LINE
    with pytest.raises(ValueError, match="read-only"):
        view.status[0] = 0


def test_a_dragged_limit_judges_all_at_once_and_reads_nothing(qtbot: QtBot, opened: Desk, audits: Audits) -> None:
    session = opened.session
    session.set_limit("speed_spike", LOW)
    qtbot.waitUntil(lambda: view_of(opened).dragging)
    view = view_of(opened)
    assert (words(view), view.dragging, view.edited) == ("pwwwe", True, True)
    assert (view.flips.moved(Status.PASS, Status.WARN), view.flips.changed) == (1, 1)
    assert [view.names[row] for row in view.flips.rows] == ["b.npz"]
    session.set_limit("speed_spike", LINE / 20)
    session.set_limit("speed_spike", HIGH)  # the newest wins, after a beat
    qtbot.waitUntil(lambda: words(view_of(opened)) == "pppwe")
    assert view_of(opened).flips.moved(Status.WARN, Status.PASS) == 1
    assert words(view) == "pwwwe"  # a picture stays as it was
    assert session.files.table.code_counts["SPEED_SPIKE"] == 1
    assert (audits.audited, audits.shown) == ([], [])


def test_many_moves_make_few_pictures(qtbot: QtBot, opened: Desk) -> None:
    seen: list[ViewState] = []
    opened.session.view_changed.connect(seen.append)
    for step in range(200):
        opened.session.set_limit("speed_spike", (1 + step / 400) * LINE)
    assert len(seen) <= 1
    qtbot.waitUntil(lambda: view_of(opened).limit("speed_spike") > 1.49 * LINE and words(view_of(opened)) == "pppwe")
    assert len(seen) <= 3


def test_letting_go_audits_what_may_read_otherwise_and_the_badges_stay(
    qtbot: QtBot, opened: Desk, audits: Audits
) -> None:
    session = opened.session
    told: list[Options] = []
    session.options_changed.connect(told.append)
    session.set_limit("speed_spike", LOW)
    session.commit_limits()
    assert (words(view_of(opened)), view_of(opened).stale) == ("pwwwe", 3)
    qtbot.waitUntil(lambda: settled(opened))
    assert sorted(audits.audited) == [("b", LOW), ("c", LOW), ("d", LOW)]
    assert audits.shown == [("a", LOW)]
    assert words(view_of(opened)) == "pwwwe"
    assert not view_of(opened).dragging
    (options,) = told
    assert options.profile is None
    assert [(name, profile.name) for name, profile in options.edited] == [(BASE, f"{BASE} (edited)")]
    records = {Path(r.path).stem: r.profile for r in session.records()}
    assert records == {"a": f"{BASE} (edited)", **dict.fromkeys("bcd", f"{BASE} (edited)"), "x": BASE}
    assert view_of(opened).flips.changed == 1  # against the profile as it was


def test_reset_is_the_way_back(qtbot: QtBot, opened: Desk, audits: Audits) -> None:
    session = opened.session
    session.set_limit("speed_spike", LOW)
    session.commit_limits()
    qtbot.waitUntil(lambda: settled(opened))
    audits.audited.clear()
    session.reset_limits()
    assert (words(view_of(opened)), view_of(opened).edited) == ("ppwwe", False)
    qtbot.waitUntil(lambda: settled(opened))
    assert session.options == Options()
    assert sorted(audits.audited) == [("b", LINE), ("c", LINE), ("d", LINE)]
    assert all(r.profile == BASE for r in session.records())


def test_files_that_come_later_are_audited_by_the_moved_limits(
    qtbot: QtBot, opened: Desk, audits: Audits, tmp_path: Path
) -> None:
    session = opened.session
    session.set_limit("speed_spike", LOW)
    session.commit_limits()
    qtbot.waitUntil(lambda: settled(opened))
    audits.audited.clear()
    session.open_paths([tmp_path])
    qtbot.waitUntil(lambda: settled(opened))
    assert {limit for _, limit in audits.audited} == {LOW}
    assert (words(view_of(opened)), view_of(opened).edited) == ("pwwwe", True)
    assert view_of(opened).flips.changed == 1


def test_records_that_come_while_a_limit_is_dragged_are_judged_by_it(qtbot: QtBot, opened: Desk) -> None:
    session = opened.session
    session.set_limit("speed_spike", LOW)
    session.reaudit()
    qtbot.waitUntil(lambda: opened.idle() and words(view_of(opened)) == "pwwwe")
    assert view_of(opened).dragging
    session.set_profile(load_profile(BASE))
    qtbot.waitUntil(lambda: settled(opened) and words(view_of(opened)) == "ppwwe")
    assert not view_of(opened).edited


def test_picking_a_profile_forgets_moved_limits(qtbot: QtBot, opened: Desk) -> None:
    session = opened.session
    session.set_limit("speed_spike", LOW)
    session.commit_limits()
    session.set_profile(load_profile(BASE))
    qtbot.waitUntil(lambda: settled(opened))
    assert (words(view_of(opened)), session.options) == ("ppwwe", Options(profile=load_profile(BASE)))


def test_an_uncommitted_limit_leaves_no_trace_when_the_same_profile_is_picked(qtbot: QtBot, opened: Desk) -> None:
    session = opened.session
    session.set_limit("speed_spike", LOW)
    session.set_profile(None)  # as it was: nothing is audited again
    qtbot.waitUntil(lambda: settled(opened) and words(view_of(opened)) == "ppwwe")
    assert not view_of(opened).edited


def test_brush_and_class_list_fewer_and_the_search_keeps_them(qtbot: QtBot, opened: Desk, tmp_path: Path) -> None:
    session = opened.session
    row_of = session.files.table.row_of
    rows = {name: row_of[str(tmp_path / f"{name}.npz")] for name in SPEEDS}
    session.brush(np.array([rows["d"], rows["b"]]))
    qtbot.waitUntil(lambda: session.files.rowCount() == 2)
    view = view_of(opened)
    assert view.brushed is not None
    assert view.brushed.tolist() == sorted([rows["b"], rows["d"]])
    assert np.flatnonzero(view.listed).tolist() == sorted([rows["b"], rows["d"]])
    session.set_classes({str(tmp_path / f"{name}.npz"): name.upper() for name in "bd"})
    session.pick_class("D")
    session.files.set_filter(type(session.files.table.filter)(text="npz"))
    assert [session.files.table.names[row] for row in session.files.table.order] == ["d.npz"]
    qtbot.waitUntil(lambda: view_of(opened).picked_class == "D")
    assert view_of(opened).classes == ("B", "D")
    session.clear_brush()
    qtbot.waitUntil(lambda: bool(view_of(opened).listed.all()))
    assert (view_of(opened).brushed, view_of(opened).picked_class) == (None, None)


def test_a_row_is_selected_by_its_number(qtbot: QtBot, opened: Desk, tmp_path: Path) -> None:
    session = opened.session
    row = session.files.table.row_of[str(tmp_path / "c.npz")]
    session.select_row(row)
    assert view_of(opened).selected == row
    with qtbot.waitSignal(session.details_wanted):
        session.open_row(0)
    session.select_row(99)
    assert view_of(opened).selected == 0
    session.close()
    assert session.view.folder is None


def test_the_profile_is_saved_under_the_files_name(qtbot: QtBot, opened: Desk, tmp_path: Path) -> None:
    session = opened.session
    session.set_limit("speed_spike", LOW)
    session.save_profile(str(tmp_path / "mine"))
    qtbot.waitUntil(lambda: bool(opened.said))
    assert opened.said[0].title == f"Saved {tmp_path / 'mine.toml'}"
    saved = load_profile(tmp_path / "mine.toml")
    assert (saved.name, saved.limits.speed_spike) == ("mine", LOW)
    session.save_profile(str(tmp_path / "nowhere" / "mine.toml"))
    qtbot.waitUntil(lambda: len(opened.said) == 2)
    assert "The profile could not be saved" in opened.said[1].title


def test_the_picker_says_that_the_profile_is_edited(qtbot: QtBot, opened: Desk) -> None:
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    qtbot.addWidget(window)
    pickers = Pickers(opened.bus, window)
    opened.session.options_changed.connect(pickers.show_options)
    opened.session.set_limit("speed_spike", LOW)
    opened.session.commit_limits()
    assert (pickers.profile_text, pickers.source) == ("by file, edited", "")
    opened.session.reset_limits()
    assert pickers.profile_text == "by file"


def test_limits_take_only_what_a_profile_may_hold() -> None:
    limits = Limits()
    assert moved(limits, "swap_frames", 2.6).swap_frames == 3
    assert moved(limits, "swap_frames", -5.0).swap_frames == 1
    assert moved(limits, "group_missing_pct", 200.0).group_missing_pct == 100.0
    assert moved(limits, "jitter", -1.0).jitter > 0
    assert moved(limits, "jitter", float("nan")) == limits
    assert moved(limits, "swap_frames", float("inf")) == limits
    assert limit_range("frozen_frames") == (1, float("inf"), True)
    for name in Limits.__struct_fields__:
        for value in (-1e9, 0.0, 0.4, 1e9):
            msgspec.convert(msgspec.to_builtins(moved(limits, name, value)), Limits)
