"""The whole table of speeds: every goal, the figures behind it, and each peer that is installed. Linux only.

    python -m tests.benchmarks [--light | --heavy | --tiny] [--only LINE ...] [--reference SCRIPT] [--data FOLDER]
        [--runs N] [--keep FOLDER] [--json FILE]

Lines: audit, keypoints, again, large, window, scrub, lists, stalls, mp4; how cost grows: files, bytes; and estimate.
Values are medians, with the best in brackets; ours and a peer's are taken in turn, and a ratio is the median of the
ratios pair by pair, with the lowest and the highest. A first audit has an empty cache of its own.

--reference  a script called with FOLDER OUT that audits in another way; without it the peer is a loop of numpy.load
--data       real clips, to make the clips from: each is cut, moved and given noise anew; else points sway at random
--keep       where made files stay, to be taken again; else they are in a temporary folder (--heavy: 12 GB)
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from inspector import __version__
from tests.benchmarks import growth, table_audit, table_window
from tests.benchmarks.bench import SCALES, Bench
from tests.benchmarks.clocks import FailedError
from tests.benchmarks.made import Made
from tests.benchmarks.rows import Row, shown

LINES: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "audit": table_audit.audit,
    "keypoints": table_audit.keypoints,
    "again": table_audit.again,
    "large": table_audit.large,
    "window": table_window.window,
    "scrub": table_window.scrub,
    "lists": table_window.lists,
    "stalls": table_window.stalls,
    "mp4": table_window.mp4,
    "files": growth.files,
    "bytes": growth.sizes,
    "estimate": growth.estimate,
}


def main(arguments: list[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, _stop)  # what is under way is ended, and made files go
    args = _parsed(arguments)
    scale = SCALES[args.scale]
    if args.runs:
        scale = dataclasses.replace(scale, runs=args.runs)
    print(f"npz-inspector {__version__}, {args.scale}, {scale.runs} runs; {_machine()}")
    told: list[dict[str, Any]] = []
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(scale, Made(args.keep or Path(folder) / "made", args.data), Path(folder), args.reference)
        for name in args.only or LINES:
            began = time.perf_counter()
            print(f"\n{name}", flush=True)
            try:
                for row in LINES[name](bench):
                    print(shown(row), flush=True)
                    told.append(dataclasses.asdict(row) | {"ratios": row.ratios, "holds": row.holds})
            except FailedError as error:  # the other lines are still worth measuring
                failed += 1
                print(f"  not measured: {error}", flush=True)
            print(f"  ({time.perf_counter() - began:.0f} s)", flush=True)
    goals = [one["holds"] for one in told if one["holds"] is not None]
    print(f"\n{sum(goals)} of {len(goals)} goals hold" + (f"; {failed} lines failed" if failed else ""))
    if args.json:
        whole = {"machine": _machine(), "scale": args.scale, "version": __version__, "rows": told}
        args.json.write_text(json.dumps(whole, indent=1), encoding="utf-8")
    return int(failed > 0)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    scales = parser.add_mutually_exclusive_group()
    for name, words in (
        ("light", "some minutes; the default"),
        ("heavy", "most of an hour: 2,130 clips, 4 GB in one file, and up to 10^5 files and 10 GB"),
        ("tiny", "to see that all of it works: the figures say nothing"),
    ):
        scales.add_argument(f"--{name}", dest="scale", action="store_const", const=name, default="light", help=words)
    parser.add_argument("--only", action="append", choices=LINES, metavar="LINE", help="repeatable")
    parser.add_argument("--reference", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(arguments)
    for path in (args.reference, args.data):
        if path is not None and not path.exists():
            parser.error(f"{path}: no such file or folder")
    if args.runs is not None and args.runs < 1:
        parser.error(f"--runs: expected 1 or more, got {args.runs}")
    return args


def _machine() -> str:
    versions = f"Python {platform.python_version()}, numpy {np.__version__}"
    return f"{platform.machine()}, {len(os.sched_getaffinity(0))} processors, {versions}"


if __name__ == "__main__":
    raise SystemExit(main())
