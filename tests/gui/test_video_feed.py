"""Samples come in any order and from any file, and only what the view shows is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from inspector.audit import pixels as pixels_module
from inspector.audit.inspection import Inspection
from inspector.audit.pixels import AnyArray, Pixels
from inspector.gui.messages import MessageBus
from inspector.gui.panes import video_reading
from inspector.gui.panes.video_feed import SampleFeed
from inspector.gui.panes.video_reading import Key, Look, draw, frame_image
from inspector.gui.tasks import Failed, Tasks
from inspector.gui.view import Display, ViewState
from tests.support.videos import Arrays, dataset_arrays, dataset_inspection, dataset_of, dataset_view, save_dataset

T = TypeVar("T")


class Later(Tasks):
    """Answers when told to, in any order; the newest request of a channel does not take the place of older ones."""

    def __init__(self) -> None:
        super().__init__(MessageBus())
        self.waiting: list[tuple[str, Callable[[], None]]] = []
        self.dropped: list[str] = []

    def latest(
        self, channel: str, work: Callable[[], T], done: Callable[[T], None], failed: Failed | None = None
    ) -> None:
        def answer() -> None:
            try:
                found = work()
            except Exception as error:  # noqa: BLE001 - as Tasks does
                assert failed is not None
                failed(error)
            else:
                done(found)

        self.waiting.append((channel, answer))

    def drop(self, channel: str) -> None:
        self.dropped.append(channel)

    def answer(self, channel: str = "video sample", which: int = 0) -> None:
        """Answer one request of a channel, the oldest by default."""
        found = [entry for entry in self.waiting if entry[0] == channel][which]
        self.waiting.remove(found)
        found[1]()

    def asked(self, channel: str = "video sample") -> int:
        return sum(name == channel for name, _ in self.waiting)


@pytest.fixture
def later(qtbot: QtBot) -> Iterator[Later]:
    later = Later()
    yield later
    assert later.close()


def inspected(folder: Path, arrays: Arrays | None = None, name: str = "set.npz", axes: str = "NTCHW") -> Inspection:
    arrays = dataset_arrays(6, 4, 16) if arrays is None else arrays
    return dataset_inspection(save_dataset(folder / name, arrays), arrays, axes=axes)


def pixels_of(feed: SampleFeed) -> Pixels:
    assert feed.part is not None
    return feed.part.key.pixels


def shown(feed: SampleFeed) -> int | None:
    return feed.part.key.sample if feed.part else None


def test_brings_the_sample_of_the_view_then_reads_its_neighbour(tmp_path: Path, later: Later) -> None:
    feed, view = SampleFeed(later), dataset_view(inspected(tmp_path), sample=3)
    feed.show_view(view)
    assert (shown(feed), feed.current) == (None, False)
    later.answer()
    assert (shown(feed), feed.current, feed.error) == (3, True, "")
    assert later.asked("video next") == 1
    later.answer("video next")
    for frame in (1, 2, 3):
        feed.show_view(replace(view, frame=frame))
    assert later.waiting == []


def test_stale_answers_are_dropped_in_any_order(tmp_path: Path, later: Later) -> None:
    feed, view = SampleFeed(later), dataset_view(inspected(tmp_path))
    for sample in (0, 1, 2):
        feed.show_view(replace(view, sample=sample))
    later.answer(which=1)
    assert shown(feed) is None
    later.answer(which=1)
    assert (shown(feed), feed.current) == (2, True)
    later.answer()
    assert shown(feed) == 2


def test_the_answer_of_another_file_is_stale(tmp_path: Path, later: Later) -> None:
    feed = SampleFeed(later)
    first, second = inspected(tmp_path), inspected(tmp_path, dataset_arrays(3, 4, 16), "other.npz")
    feed.show_view(dataset_view(first))
    feed.show_view(dataset_view(second))
    later.answer(which=1)
    assert pixels_of(feed).path == second.path
    later.answer()  # its file was closed meanwhile
    assert (pixels_of(feed).path, feed.error) == (second.path, "")


def test_the_last_sample_stays_until_the_next_is_there(tmp_path: Path, later: Later, qtbot: QtBot) -> None:
    feed, view = SampleFeed(later), dataset_view(inspected(tmp_path))
    feed.show_view(view)
    later.answer()
    with qtbot.waitSignal(feed.slow):
        feed.show_view(replace(view, sample=4))
    assert (shown(feed), feed.current, feed.waiting) == (0, False, True)
    later.answer()
    assert (shown(feed), feed.current, feed.waiting) == (4, True, False)


def test_going_back_before_the_answer_needs_no_reading(tmp_path: Path, later: Later) -> None:
    feed, view = SampleFeed(later), dataset_view(inspected(tmp_path))
    feed.show_view(view)
    later.answer()
    pixels_of(feed).close()  # nothing can be read any more
    feed.show_view(replace(view, sample=1))
    feed.show_view(view)
    later.answer(which=1)
    assert (shown(feed), feed.current, feed.error) == (0, True, "")


def test_another_look_draws_the_same_frames(tmp_path: Path, later: Later) -> None:
    feed, view = SampleFeed(later), dataset_view(inspected(tmp_path))
    feed.show_view(view)
    later.answer()
    plain, frames = feed.image(1), feed.part.frames if feed.part else None
    pixels_of(feed).close()
    feed.show_view(replace(view, display=Display(difference=True)))
    assert feed.current
    later.answer()
    assert feed.part is not None
    assert feed.part.frames is frames
    assert feed.image(1) != plain


def test_an_error_takes_the_place_of_the_sample(tmp_path: Path, later: Later) -> None:
    feed, view = SampleFeed(later), dataset_view(inspected(tmp_path))
    feed.show_view(view)
    Path(view.inspection.path if view.inspection else "").unlink()
    later.answer()
    assert shown(feed) is None
    assert "set.npz" in feed.error
    feed.show_view(replace(view, sample=1))
    assert feed.error == ""


def test_failing_to_read_ahead_is_no_error(tmp_path: Path, later: Later) -> None:
    feed, view = SampleFeed(later), dataset_view(inspected(tmp_path))
    feed.show_view(view)
    later.answer()
    pixels_of(feed).close()
    later.answer("video next")
    assert (shown(feed), feed.error) == (0, "")


def test_reads_ahead_within_the_subset_and_in_the_direction_of_travel(
    tmp_path: Path, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[list[int]] = []
    monkeypatch.setattr(Pixels, "read_ahead", lambda _, numbers, wanted: heard.append(numbers))
    feed, view = SampleFeed(later), dataset_view(inspected(tmp_path), listed=[0, 2, 4, 5])
    for sample in (2, 4, 5, 4):
        feed.show_view(replace(view, sample=sample))
        later.answer()
        if later.asked("video next"):
            later.answer("video next")
    assert heard == [[4, 5], [5], [2, 0]]


def test_what_is_read_for_an_older_request_is_given_up(
    tmp_path: Path, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[Callable[[], bool]] = []
    ahead: list[Callable[[], bool]] = []
    frames = Pixels.frames

    def heard(pixels: Pixels, number: int, first: int, stop: int, of: Callable[[], bool]) -> AnyArray:
        wanted.append(of)
        return frames(pixels, number, first, stop, of)

    monkeypatch.setattr(Pixels, "frames", heard)
    monkeypatch.setattr(Pixels, "read_ahead", lambda _, numbers, of: ahead.append(of))
    feed, view = SampleFeed(later), dataset_view(inspected(tmp_path))
    feed.show_view(view)
    later.answer()
    later.answer("video next")
    assert (wanted[0](), ahead[0]()) == (True, True)
    feed.show_view(replace(view, sample=3))
    assert (wanted[0](), ahead[0]()) == (False, False)
    later.answer()
    assert wanted[1]()
    feed.close()
    assert not wanted[1]()


def test_scrubbing_stops_reads_that_run_and_shows_the_last_asked_for(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    arrays = {"videos": rng.integers(0, 255, (60, 4, 3, 128, 128), dtype=np.uint8)}
    tasks = Tasks(MessageBus())
    feed, view = SampleFeed(tasks), dataset_view(inspected(tmp_path, arrays))
    for sample in (*range(0, 60, 7), 31):
        feed.show_view(replace(view, sample=sample))
    qtbot.waitUntil(lambda: feed.current, timeout=20_000)
    assert (shown(feed), feed.error) == (31, "")
    assert feed.part is not None
    np.testing.assert_array_equal(feed.part.frames, arrays["videos"][31].transpose(0, 2, 3, 1))
    feed.close()
    assert tasks.close()


def test_what_a_glance_opened_stays_open_when_the_file_has_been_read(tmp_path: Path, later: Later) -> None:
    feed, whole = SampleFeed(later), inspected(tmp_path)
    dataset = whole.dataset
    assert dataset is not None
    glance = replace(whole, dataset=replace(dataset, frames={}), complete=False)
    feed.show_view(dataset_view(glance, sample=2))
    later.answer()
    pixels = pixels_of(feed)
    feed.show_view(dataset_view(whole, sample=2))
    assert (later.asked(), feed.current) == (0, True)
    written = replace(whole, record=replace(whole.record, mtime_ns=whole.record.mtime_ns + 1))
    feed.show_view(dataset_view(written, sample=2))
    assert later.asked() == 1
    later.answer()
    assert feed.part is None or pixels_of(feed) is not pixels


def test_a_file_without_videos_lets_everything_go(tmp_path: Path, later: Later) -> None:
    feed, view = SampleFeed(later), dataset_view(inspected(tmp_path))
    feed.show_view(view)
    later.answer()
    pixels = pixels_of(feed)
    feed.show_view(ViewState())
    assert (shown(feed), feed.has_videos, feed.current) == (None, False, False)
    assert pixels.kept_bytes == 0
    assert feed.image(0).isNull()


def test_pictures_of_large_frames_are_made_when_they_are_shown(
    tmp_path: Path, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video_reading, "_IMAGE_BYTES", 0)
    feed, view = SampleFeed(later), dataset_view(inspected(tmp_path))
    feed.show_view(view)
    later.answer()
    assert feed.part is not None
    assert feed.part.images == ()
    assert len(feed.part.thumbs) == 4
    coarse = feed.image(2)
    assert (coarse.width(), coarse.height()) == (16, 16)
    later.answer("video frame")
    assert feed.image(2) == frame_image(feed.part, 2)
    assert later.asked("video frame") == 0
    assert feed.image(3) == feed.image(2)  # until its own is there
    later.answer("video frame")
    assert feed.image(3) == frame_image(feed.part, 3)


def test_long_clips_come_in_parts(tmp_path: Path, later: Later, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = {"videos": dataset_arrays(1, 10, 16)["videos"][0]}
    monkeypatch.setattr(pixels_module, "CLIP_LIMIT", 4 * arrays["videos"][0].nbytes)
    feed, view = SampleFeed(later), dataset_view(inspected(tmp_path, arrays, axes="TCHW"), frame=5)
    feed.show_view(view)
    later.answer()
    assert feed.part is not None
    assert (feed.part.key.first, len(feed.part)) == (4, 4)
    np.testing.assert_array_equal(feed.part.frames, arrays["videos"][4:8].transpose(0, 2, 3, 1))
    feed.show_view(replace(view, frame=9))
    assert not feed.current
    later.answer()
    assert (feed.part.key.first, len(feed.part)) == (8, 2)


def test_strips_of_long_videos_skip_frames() -> None:
    arrays = dataset_arrays(1, 2, 16)
    frames = np.zeros((600, 2, 2, 1), dtype=np.uint8)
    part = draw(Key(Pixels("a.npz", dataset_of(arrays)), 0, 0, Look(255.0)), frames)
    assert (part.stride, len(part.thumbs), len(part.images)) == (3, 200, 600)


def test_difference_and_contrast_together() -> None:
    frames = np.full((2, 3, 3, 1), 0.40, dtype=np.float32)
    frames[1, 0, 0] = 0.44
    key = Key(Pixels("a.npz", dataset_of(dataset_arrays(1, 2, 16))), 0, 0, Look(1.0, difference=True))
    faint = draw(key, frames).images[1].pixelColor(0, 0)
    strong = draw(replace(key, look=Look(1.0, difference=True, contrast=True)), frames).images[1].pixelColor(0, 0)
    assert strong.saturation() > 2 * faint.saturation()
