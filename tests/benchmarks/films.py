"""Time a clip's film in each style, whole: drawn, encoded and written.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/films.py CLIP.npz [--runs 3] [--frames 120]

Where matplotlib and an ffmpeg are there, the peer is matplotlib's own film of the same frames, as large and as fast:
one scatter per group and one of what is not visible. Machines drift, so the two run in turn and their ratio is taken
pair by pair; quote the medians.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtGui import QGuiApplication

from inspector.audit import inspect_file
from inspector.audit.inspection import Clip
from inspector.profiles.model import Skeleton
from inspector.render.clip_film import STYLES, FilmStyle, clip_images
from inspector.render.film import write_film

_INCHES = 8


def ours(clip: Clip, skeleton: Skeleton | None, style: FilmStyle, path: Path) -> None:
    images = clip_images(clip.points, clip.visible, clip.seconds, skeleton, clip.bounds, style, path.stem)
    write_film(path, images, style.rate)


def peer(clip: Clip, skeleton: Skeleton | None, style: FilmStyle, path: Path) -> None:
    """Matplotlib's film of a clip in the unit square."""
    animation, pyplot = (importlib.import_module(f"matplotlib.{name}") for name in ("animation", "pyplot"))
    figure, axes = pyplot.subplots(figsize=(_INCHES, _INCHES))
    axes.set(xlim=(0, 1), ylim=(1, 0), xlabel="x", ylabel="y")
    axes.grid(visible=True, alpha=0.3)
    groups = skeleton.groups if skeleton else ()
    marks = [(axes.scatter([], [], s=30, label=group.title), list(group.points)) for group in groups]
    hidden = axes.scatter([], [], s=60, facecolors="none", edgecolors="k", label="not visible")
    axes.legend(loc="upper right")

    def update(frame: int) -> list[Any]:
        xy = clip.points[frame]
        for mark, points in marks:
            mark.set_offsets(xy[points])
        hidden.set_offsets(xy[~clip.visible[frame]])
        if style.info:
            axes.set_title(f"{style.title} | frame {frame} / {len(clip) - 1} | t = {clip.seconds[frame]:.2f} s")
        return [mark for mark, _ in marks] + [hidden]

    film = animation.FuncAnimation(figure, update, frames=len(clip), blit=False)
    film.save(str(path), writer=animation.FFMpegWriter(fps=style.rate, bitrate=1800), dpi=style.side / _INCHES)
    pyplot.close(figure)


def ready_peer() -> str:
    """Empty when the peer can run, else what it lacks."""
    if importlib.util.find_spec("matplotlib") is None:
        return "matplotlib is not installed"
    matplotlib = importlib.import_module("matplotlib")
    matplotlib.use("Agg")
    if shutil.which("ffmpeg") is None:
        if importlib.util.find_spec("imageio_ffmpeg") is None:
            return "no ffmpeg on the path, and imageio-ffmpeg is not installed"
        matplotlib.rcParams["animation.ffmpeg_path"] = importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe()
    return ""


def timed(write: Callable[[Clip, Skeleton | None, FilmStyle, Path], None], *what: Any) -> float:
    start = time.perf_counter()
    write(*what)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--frames", type=int, default=None, help="only so many, from the first")
    args = parser.parse_args()
    app = QGuiApplication(sys.argv[:1])
    inspection = inspect_file(str(args.clip))
    clip = inspection.clip
    if clip is None or not len(clip):
        parser.error(f"{args.clip} holds no clip")
    clip = Clip(clip.points[: args.frames], clip.visible[: args.frames], clip.seconds[: args.frames])
    lacking = ready_peer()
    print(f"{len(clip)} frames, medians of {args.runs}" + (f"; no peer: {lacking}" if lacking else ""))
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        for style in STYLES.values():
            path = Path(folder) / f"{style.name}.mp4"
            what = (clip, inspection.skeleton, style, path)
            timed(ours, *what)
            pairs = [(timed(ours, *what), 0.0 if lacking else timed(peer, *what)) for _ in range(args.runs)]
            timed(ours, *what)
            mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
            size = path.stat().st_size / 1e3
            line = f"  {style.name:9s} {style.side:5d} px  {len(clip) / mine:6.1f} frames/s {size:7.0f} kB"
            if not lacking:
                ratios.append(statistics.median(b / a for a, b in pairs))
                line += f"   peer {len(clip) / theirs:5.2f} frames/s   {ratios[-1]:5.1f} times"
            print(line, flush=True)
    if ratios:
        print(f"  median of the styles: {np.median(ratios):.1f} times")
    del app


if __name__ == "__main__":
    main()
