"""Pictures and films from the menu: what can be asked for, where it goes, and how it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QProgressDialog, QWidget
from pytestqt.qtbot import QtBot

from inspector.audit import inspect_file
from inspector.gui.actions import specs
from inspector.gui.export_media import FILMS, MEDIA, SAMPLE, SHEET, TRAJECTORIES, MediaExporter, media_enabled
from inspector.gui.view import ViewState
from tests.gui.support import Desk, clean, flat
from tests.support.videos import dataset_arrays, dataset_inspection, dataset_view, save_dataset
from tests.support.views import still_clip, view_of


class Bench:
    """An exporter over a session, its window and what it said."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        self.desk, self.window = desk, window
        self.media = MediaExporter(desk.session, desk.tasks, desk.bus, window)

    def opened(self, qtbot: QtBot, path: Path) -> None:
        self.desk.session.open_paths([str(path)])
        qtbot.waitUntil(self.desk.shows(path.name))
        qtbot.waitUntil(self.desk.idle)


@pytest.fixture
def bench(qtbot: QtBot, desk: Desk) -> Iterator[Bench]:
    window = QWidget()
    qtbot.addWidget(window)
    yield Bench(desk, window)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return save_dataset(tmp_path / "set.npz", dataset_arrays(samples=3, frames=4, side=16))


def test_what_there_is_to_do_for_each_kind_of_file() -> None:
    nothing = dict.fromkeys(MEDIA, False)
    assert media_enabled(ViewState()) == nothing
    assert media_enabled(view_of(still_clip(0))) == nothing
    assert media_enabled(view_of()) == nothing | dict.fromkeys((SHEET, *FILMS), True)
    assert media_enabled(dataset_view(dataset_inspection("a.npz"))) == nothing | dict.fromkeys(
        (SHEET, TRAJECTORIES, SAMPLE), True
    )
    bare = {"videos": dataset_arrays(samples=2)["videos"]}
    assert not media_enabled(dataset_view(dataset_inspection("a.npz", bare)))[TRAJECTORIES]
    empty = {name: array[:0] for name, array in dataset_arrays(samples=2).items()}
    inspection = dataset_inspection("a.npz")
    assert inspection.dataset is not None
    none = replace(inspection.dataset, layout=replace(inspection.dataset.layout, shape=empty["videos"].shape))
    assert media_enabled(ViewState(inspection=replace(inspection, dataset=none))) == nothing


def test_every_one_is_an_action() -> None:
    assert set(MEDIA) <= specs().keys()


@pytest.mark.parametrize("kind", [SHEET, *FILMS])
def test_of_a_clip(qtbot: QtBot, bench: Bench, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out.bin"
    seen = inspect_file(str(clean(tmp_path / "a.npz", frames=3)))
    with qtbot.waitSignal(bench.media.saved, timeout=20_000) as saved:
        bench.media.write(kind, seen, 0, str(out))
    assert saved.args == [out] and out.stat().st_size > 1000
    assert [(m.kind, m.title) for m in bench.desk.said] == [("info", f"Saved {out}.")]
    assert bench.media.progress is None and sorted(p.name for p in tmp_path.iterdir()) == ["a.npz", "out.bin"]


@pytest.mark.parametrize("kind", [SHEET, TRAJECTORIES, SAMPLE])
def test_of_a_data_set(qtbot: QtBot, bench: Bench, dataset: Path, tmp_path: Path, kind: str) -> None:
    seen = inspect_file(str(dataset))
    with qtbot.waitSignal(bench.media.saved, timeout=20_000):
        bench.media.write(kind, seen, 2, str(tmp_path / "out.bin"))
    assert (tmp_path / "out.bin").stat().st_size > 1000


def test_where_to_is_asked_beside_what_is_shown_now(qtbot: QtBot, bench: Bench, dataset: Path, tmp_path: Path) -> None:
    bench.opened(qtbot, dataset)
    bench.desk.session.select_sample(1)
    bench.media.folder = str(tmp_path)
    bench.media.ask(SAMPLE)
    dialog = bench.media.dialog
    assert isinstance(dialog, QFileDialog) and dialog.defaultSuffix() == "mp4"
    assert Path(dialog.selectedFiles()[0]).name == "set_sample_1.mp4"
    bench.desk.session.select_sample(2)  # what was shown when it was asked is what is meant
    with qtbot.waitSignal(bench.media.saved, timeout=20_000):
        dialog.fileSelected.emit(str(tmp_path / "b.mp4"))
    dialog.reject()
    assert bench.media.dialog is None and bench.media.folder == str(tmp_path)
    with qtbot.waitSignal(bench.media.saved, timeout=20_000):
        bench.media.write(SAMPLE, inspect_file(str(dataset)), 1, str(tmp_path / "a.mp4"))
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_nothing_to_export_is_said(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    bench.media.ask(SHEET)
    bench.opened(qtbot, flat(tmp_path / "flat.npz"))
    bench.media.ask(SHEET)
    assert [m.title for m in bench.desk.said] == ["There is nothing of this kind to export from the selected file."] * 2
    assert bench.media.dialog is None


def test_what_fails_is_an_error(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    seen = inspect_file(str(clean(tmp_path / "a.npz", frames=3)))
    bench.media.write(SHEET, seen, 0, str(tmp_path / "gone" / "a.png"))
    qtbot.waitUntil(lambda: bool(bench.desk.said))
    assert bench.desk.said[0].kind == "error" and "gone" in bench.desk.said[0].title
    assert bench.media.progress is None


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Films wait at their second frame until the event is set."""
    from inspector.reports import films

    go_on = threading.Event()
    real: Callable[..., Iterator[QImage]] = vars(films)["clip_images"]

    def images(*arguments: Any) -> Iterator[QImage]:
        for number, image in enumerate(real(*arguments)):
            if number == 1:
                assert go_on.wait(20)
            yield image

    monkeypatch.setattr(films, "clip_images", images)
    yield go_on
    go_on.set()


def test_a_film_is_counted_and_can_be_cancelled(
    qtbot: QtBot, bench: Bench, tmp_path: Path, held: threading.Event
) -> None:
    clip = clean(tmp_path / "a.npz", frames=6)
    bench.opened(qtbot, clip)
    (tmp_path / "out.mp4").write_bytes(b"before")
    bench.media.write("export.film.preview", inspect_file(str(clip)), 0, str(tmp_path / "out.mp4"))
    progress = bench.media.progress
    assert isinstance(progress, QProgressDialog) and progress.maximum() == 6 and not progress.isModal()
    qtbot.waitUntil(lambda: progress.value() == 1)
    bench.media.ask(SHEET)
    assert bench.desk.said[-1].title == "One is being written: wait until it is done, or cancel it."
    progress.canceled.emit()
    held.set()
    qtbot.waitUntil(lambda: bench.media.progress is None)
    assert bench.desk.said[-1].title == "Cancelled: nothing was written."
    assert (tmp_path / "out.mp4").read_bytes() == b"before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.npz", "out.mp4"]
