"""Images as an MP4 film that any player and browser shows: H.264, one encoded frame per image."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from inspector.errors import InspectorError, ReportError

if TYPE_CHECKING:
    from av import VideoFrame

# Chosen by measuring drawn clips at 800 to 1200 pixels. Most of such a picture is as it was a frame before, so looking
# ahead for how to share out bits costs more than it brings: without it `superfast` takes two thirds of the time of
# `veryfast` for files 1.6 times as large, and the worst frame is 50 dB from what was drawn.
_OPTIONS = {
    "preset": "superfast",
    "tune": "animation",
    "crf": "23",
    # Without frames that refer forward, frames are stored in the order in which they are shown and the first is at 0.
    "bf": "0",
    "g": "60",  # so many frames apart are those to which a player can jump at once
    # Sharing bits out by how busy a place is costs a fifth of the time, and a drawing is busy nowhere.
    "x264-params": "rc-lookahead=0:mbtree=0:weightp=0:scenecut=0:aq-mode=0",
}
_THREADS = 1  # of the encoder: the next image is drawn meanwhile, and a second thread only waits for the first
# Bytes of a 32-bit pixel of QImage, in memory order.
_PIXEL = "bgra" if sys.byteorder == "little" else "argb"
# FFmpeg's numbers, to be told to players: BT.709 for matrix, primaries and transfer curve, and the range 16-235.
_BT709 = 1
_LIMITED = 1


class Cancelled(InspectorError):  # noqa: N818 - no error: somebody asked for it
    """Writing was stopped on request; nothing of it is left, and an earlier file is as it was."""


def write_film(
    path: Path,
    images: Iterable[QImage],
    rate: int,
    *,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write images as a film under a temporary name and put it in place when it is whole.

    Parameters
    ----------
    images
        All of one size. An odd width or height gets its last column or row twice, because the format stores colour
        for two by two pixels. Each image is taken in before the next is asked for, so that a generator may draw all
        of them into one. Nothing shines through: 32-bit images with an alpha channel lose it.
    rate
        Images per second, from 1.
    cancelled
        Asked before each image and before the film is put in place.
    progress
        Told how many images are taken in.

    Returns
    -------
    int
        The number of frames.

    Raises
    ------
    ReportError
        When it cannot be written, or there is no image; a file that was there before is left as it was.
    Cancelled
        When `cancelled` said so; likewise.
    """
    if rate < 1:
        raise ValueError(f"expected a rate of 1 or more images per second, got {rate}")
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        count = _write(path, temporary, images, rate, cancelled or _never, progress)
        with _explained(path):
            _sync(temporary)
        if cancelled is not None and cancelled():
            raise Cancelled(f"{path} was not written: cancelled")
        with _explained(path):
            temporary.replace(path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return count


def _never() -> bool:
    return False


def _write(
    path: Path,
    temporary: Path,
    images: Iterable[QImage],
    rate: int,
    cancelled: Callable[[], bool],
    progress: Callable[[int], None] | None,
) -> int:
    encoder = None
    count = 0
    try:
        for image in images:
            if cancelled():
                raise Cancelled(f"{path} was not written: cancelled")
            with _explained(path):
                if image.isNull():
                    raise ValueError(f"image {count} is empty")
                if encoder is None:
                    encoder = _Encoder(temporary, _size(image), rate)
                encoder.add(image)
            count += 1
            if progress is not None:
                progress(count)
        if encoder is None:
            raise ReportError(f"cannot write {path}: there are no frames")
        with _explained(path):
            encoder.finish()
    finally:
        if encoder is not None:
            encoder.abandon()
    return count


class _Encoder:
    """An MP4 file being written: one image is encoded in a thread of its own while the next is drawn.

    Parameters
    ----------
    size
        (width, height) of every image.
    """

    def __init__(self, path: Path, size: tuple[int, int], rate: int) -> None:
        import av
        from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

        self._frame_of: Callable[[npt.NDArray[np.uint8], str], VideoFrame] = av.VideoFrame.from_numpy_buffer
        self._reformatter = VideoReformatter()
        self._matrix, self._range, self._filter = Colorspace.ITU709, ColorRange.MPEG, Interpolation.AREA
        self._size, self._count = size, 0
        self._thread = ThreadPoolExecutor(1, "film")
        self._running: Future[None] | None = None
        self._tick = Fraction(1, rate)
        # An absolute path, because a relative one may read like the name of a protocol.
        self._container = av.open(str(path.absolute()), "w", format="mp4", container_options={"movflags": "+faststart"})
        try:
            self._stream = self._container.add_stream("libx264", rate=rate, options=dict(_OPTIONS))
            self._stream.width, self._stream.height = (side + side % 2 for side in size)
            self._stream.pix_fmt = "yuv420p"
            context = self._stream.codec_context
            context.thread_count = _THREADS
            context.time_base = self._tick
            context.colorspace = context.color_primaries = context.color_trc = _BT709
            context.color_range = _LIMITED
        except BaseException:
            self.abandon()
            raise

    def add(self, image: QImage) -> None:
        """Take in one image, wholly: its memory may be drawn into again at once."""
        if _size(image) != self._size:
            raise ValueError(f"expected images of {_shown(self._size)} pixels, got {_shown(_size(image))}")
        if image.format() != QImage.Format.Format_RGB32:
            image = image.convertToFormat(QImage.Format.Format_RGB32)
        frame = self._reformatter.reformat(
            self._frame_of(_pixels(image), _PIXEL),
            format="yuv420p",
            dst_colorspace=self._matrix,
            dst_color_range=self._range,
            interpolation=self._filter,
        )
        frame.pts, frame.time_base = self._count, self._tick
        self._count += 1
        self._wait()
        self._running = self._thread.submit(self._encode, frame)

    def _wait(self) -> None:
        """Until the thread is free; what went wrong there is raised here."""
        if self._running is not None:
            running, self._running = self._running, None
            running.result()

    def finish(self) -> None:
        """Write what the encoder still holds, and close the file."""
        self._wait()
        self._encode(None)
        self._container.close()

    def abandon(self) -> None:
        """Close the file if it is open, whatever state it is in."""
        import av

        self._thread.shutdown()
        with contextlib.suppress(av.FFmpegError, OSError):
            self._container.close()

    def _encode(self, frame: VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            # Without it the last frame, and so a film of one, would be shown for no time.
            packet.duration = 1
            self._container.mux(packet)


def _size(image: QImage) -> tuple[int, int]:
    return image.width(), image.height()


def _shown(size: tuple[int, int]) -> str:
    return f"{size[0]} × {size[1]}"


def _pixels(image: QImage) -> npt.NDArray[np.uint8]:
    """(height, width, 4) view of an RGB32 image, or a copy of it with its last row and column twice to make both even.

    The view is of the image's own memory and must not outlive it.
    """
    width, height = _size(image)
    pixels: npt.NDArray[np.uint8] = np.ndarray(
        (height, width, 4), np.uint8, image.constBits(), 0, (image.bytesPerLine(), 4, 1)
    )
    if width % 2 or height % 2:
        return np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return pixels


def _sync(path: Path) -> None:
    """Have the file on the disk before its name is."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What goes wrong inside becomes a `ReportError` that names the path and the cause."""
    try:
        import av
    except ImportError as error:
        raise ReportError(f"cannot write {path}: the encoder cannot be loaded: {error}") from error
    try:
        yield
    except av.codec.codec.UnknownCodecError as error:
        raise ReportError(f"cannot write {path}: FFmpeg has no encoder for H.264 (libx264)") from error
    except (av.FFmpegError, OSError) as error:
        raise ReportError(f"cannot write {path}: {error.strerror or error}") from error
    except ValueError as error:
        raise ReportError(f"cannot write {path}: {error}") from error
