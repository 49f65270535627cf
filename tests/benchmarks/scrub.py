"""Time one frame of scrubbing: canvas, legend and timeline repainted, as the window does it.

QT_QPA_PLATFORM=offscreen python tests/benchmarks/scrub.py CLIP.npz [--frames 400]
"""

from __future__ import annotations

import argparse
import dataclasses
import time

import numpy as np
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from inspector.audit import inspect_file
from inspector.gui.panes.keypoints import KeypointsPane
from inspector.gui.panes.timeline import TimelinePane
from inspector.gui.view import Display, ViewState


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip")
    parser.add_argument("--frames", type=int, default=400)
    args = parser.parse_args()
    app = QApplication([])
    inspection = inspect_file(args.clip)
    window = QWidget()
    panes = (KeypointsPane(), TimelinePane())
    layout = QVBoxLayout(window)
    for pane in panes:
        layout.addWidget(pane)
    window.resize(900, 1100)
    window.show()
    for name, display in (("plain", Display()), ("trails and ids", Display(trails=True, ids=True))):
        view = ViewState(path=args.clip, inspection=inspection, display=display)
        spent = []
        for frame in np.random.default_rng(0).integers(0, max(view.frames, 1), args.frames + 20):
            view = dataclasses.replace(view, frame=int(frame))
            start = time.perf_counter()
            for pane in panes:
                pane.show_view(view)
            app.processEvents()
            spent.append((time.perf_counter() - start) * 1000)
        p50, p95 = np.percentile(spent[20:], [50, 95])
        print(f"{name:15s} median {p50:5.2f} ms  p95 {p95:5.2f} ms")


if __name__ == "__main__":
    main()
