from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage

from inspector.errors import ReportError
from inspector.render.film import Cancelled, write_film

Shown = npt.NDArray[np.uint8]  # (T, height, width, 3)
BLUE = "#0072B2"
Format = QImage.Format


def squares(count: int, side: int = 64, *, step: int = 4) -> Iterator[QImage]:
    """A blue square of 8 pixels that moves right, drawn into the same image again and again."""
    image = QImage(side, side, Format.Format_RGB32)
    for number in range(count):
        image.fill(QColor("#FFFFFF"))
        for x in range(number * step, number * step + 8):
            for y in range(16, 24):
                image.setPixelColor(x, y, QColor(BLUE))
        yield image


def plain(width: int, height: int, colour: str = BLUE, kind: Format = Format.Format_RGB32) -> QImage:
    image = QImage(width, height, kind)
    image.fill(QColor(colour))
    return image


def decoded(path: Path) -> Shown:
    with av.open(str(path)) as film:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("rate", [1, 10, 15, 24, 30])
@pytest.mark.parametrize("count", [1, 2, 70])
def test_one_frame_per_image_at_the_exact_rate(tmp_path: Path, count: int, rate: int) -> None:
    path = tmp_path / "film.mp4"
    assert write_film(path, squares(count, step=0), rate) == count
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert stream.frames == count
        assert stream.average_rate == rate
        assert stream.duration is not None and stream.time_base is not None
        assert stream.duration * stream.time_base == Fraction(count, rate)
        assert film.duration == pytest.approx(count / rate * 1e6, abs=1000)
        times = [frame.time for frame in film.decode(video=0)]
    assert times == pytest.approx([number / rate for number in range(count)])
    assert names(tmp_path) == ["film.mp4"]


def test_any_player_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    write_film(path, squares(5), 30)
    with av.open(str(path)) as film:
        context = film.streams.video[0].codec_context
        assert (context.name, context.pix_fmt, context.has_b_frames) == ("h264", "yuv420p", False)
        assert (context.colorspace, context.color_primaries, context.color_trc, context.color_range) == (1, 1, 1, 1)
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # it starts before it is loaded whole


def test_what_moves_is_seen_to_move_though_one_image_is_drawn_again(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    write_film(path, squares(10), 10)
    blue = decoded(path)[:, :, :, 0] < 128
    for number, frame in enumerate(blue):
        rows, columns = np.nonzero(frame)
        assert columns.mean() == pytest.approx(number * 4 + 3.5, abs=0.6)
        assert rows.mean() == pytest.approx(19.5, abs=0.6)


@pytest.mark.parametrize("colour", ["#FFFFFF", "#000000", "#D55E00", "#0072B2", "#009E73", "#E69F00", "#808080"])
def test_colours_are_kept(tmp_path: Path, colour: str) -> None:
    path = tmp_path / "film.mp4"
    write_film(path, [plain(32, 32, colour)], 10)
    with av.open(str(path)) as film:
        frame = next(film.decode(video=0))
        shown = frame.to_ndarray(format="rgb24", src_colorspace="ITU709").reshape(-1, 3).astype(int)
    wanted = QColor(colour)
    assert np.abs(shown - [wanted.red(), wanted.green(), wanted.blue()]).max() <= 4


@pytest.mark.parametrize("kind", [Format.Format_RGB888, Format.Format_ARGB32_Premultiplied, Format.Format_Grayscale8])
def test_images_of_any_kind_are_taken(tmp_path: Path, kind: Format) -> None:
    path = tmp_path / "film.mp4"
    write_film(path, [plain(18, 10, "#C8C8C8", kind)], 10)
    assert np.abs(decoded(path).astype(int) - 200).max() <= 3


def test_rows_with_bytes_between_them(tmp_path: Path) -> None:
    memory = np.zeros((20, 40, 4), dtype=np.uint8)
    memory[:, :24] = 255
    image = QImage(memory.data, 24, 20, 160, Format.Format_RGB32)
    write_film(tmp_path / "film.mp4", [image], 10)
    assert decoded(tmp_path / "film.mp4").min() >= 250


@settings(max_examples=15, deadline=None)
@given(width=st.integers(1, 70), height=st.integers(1, 70))
def test_odd_sizes_are_made_even(tmp_path_factory: pytest.TempPathFactory, width: int, height: int) -> None:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    write_film(path, [plain(width, height, "#E0E0E0")] * 2, 10)
    shown = decoded(path)
    assert shown.shape == (2, height + height % 2, width + width % 2, 3)
    assert np.abs(shown.astype(int) - 224).max() <= 3


@pytest.mark.parametrize("earlier", [b"before", None])
@pytest.mark.parametrize("after", [0, 3, 5])
def test_cancelled_leaves_what_was_there(tmp_path: Path, earlier: bytes | None, after: int) -> None:
    path = tmp_path / "film.mp4"
    if earlier is not None:
        path.write_bytes(earlier)
    taken: list[int] = []
    with pytest.raises(Cancelled, match=r"film\.mp4"):
        write_film(path, squares(5), 10, cancelled=lambda: len(taken) == after, progress=taken.append)
    assert taken == list(range(1, after + 1))
    assert names(tmp_path) == ([] if earlier is None else ["film.mp4"])
    if earlier is not None:
        assert path.read_bytes() == earlier


def test_progress_counts_images(tmp_path: Path) -> None:
    told: list[int] = []
    write_film(tmp_path / "film.mp4", squares(4), 10, cancelled=lambda: False, progress=told.append)
    assert told == [1, 2, 3, 4]


def test_an_error_of_the_images_is_passed_on(tmp_path: Path) -> None:
    def broken() -> Iterator[QImage]:
        yield from squares(3)
        raise OSError("the source went away")

    path = tmp_path / "film.mp4"
    path.write_bytes(b"before")
    with pytest.raises(OSError, match="the source went away"):
        write_film(path, broken(), 10)
    assert path.read_bytes() == b"before"
    assert names(tmp_path) == ["film.mp4"]


@pytest.mark.parametrize(
    ("images", "cause"),
    [
        ([], "no frames"),
        ([plain(8, 8), QImage()], "image 1 is empty"),
        ([plain(8, 8), plain(8, 10)], "expected images of 8 × 8 pixels, got 8 × 10"),
    ],
)
def test_images_that_make_no_film(tmp_path: Path, images: list[QImage], cause: str) -> None:
    with pytest.raises(ReportError, match=rf"film\.mp4.*{cause}"):
        write_film(tmp_path / "film.mp4", images, 10)
    assert names(tmp_path) == []


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"nowhere.film\.mp4: No such file"):
        write_film(tmp_path / "nowhere" / "film.mp4", squares(2), 10)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ReportError, match=r"film\.mp4: Not a directory"):
        write_film(tmp_path / "file" / "film.mp4", squares(2), 10)
    (tmp_path / "film.mp4").mkdir()
    with pytest.raises(ReportError, match=r"film\.mp4: Is a directory"):
        write_film(tmp_path / "film.mp4", squares(2), 10)
    assert names(tmp_path) == ["file", "film.mp4"]


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_no_room_leaves_what_was_there(tmp_path: Path) -> None:
    """A limit on the size of files stands in for a full disk: writing fails midway, and so does closing."""
    (tmp_path / "film.mp4").write_bytes(b"before")
    code = f"""
import resource, sys
from pathlib import Path
from PySide6.QtGui import QImage
import numpy as np
from inspector.errors import ReportError
from inspector.render.film import write_film
import av
noise = np.random.default_rng(0).integers(0, 256, (60, 64, 64, 4), dtype=np.uint8)
images = (QImage(frame.data, 64, 64, QImage.Format.Format_RGB32) for frame in noise)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    write_film(Path({str(tmp_path / "film.mp4")!r}), images, 10)
except ReportError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "film.mp4: File too large" in run.stdout
    assert run.stderr == ""
    assert (tmp_path / "film.mp4").read_bytes() == b"before"
    assert names(tmp_path) == ["film.mp4"]


@pytest.mark.parametrize("name", ["a b%d.mp4", "line\nbreak.mp4", "no_\udcff_utf8.mp4", "pipe:1.mp4", "no ending"])
def test_names_that_mean_something_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    write_film(Path(name), squares(2), 10)
    assert names(tmp_path) == [name]


def test_an_encoder_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ReportError, match=r"film\.mp4: the encoder cannot be loaded"):
        write_film(tmp_path / "film.mp4", squares(2), 10)


def test_the_rate_is_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="got 0"):
        write_film(tmp_path / "film.mp4", squares(2), 0)


def test_the_encoder_is_loaded_only_when_it_is_needed() -> None:
    code = "import inspector.render.film, inspector.render.clip_film, sys; assert 'av' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
