"""Time an audit of a folder as a whole process, against another command, in pairs.

    python tests/benchmarks/audit.py FOLDER [--runs 5] [--against 'python other_audit.py FOLDER OUT']

Machines drift, so the two are run in turn and their ratio is taken pair by pair; quote the medians. Without another
command the peer is a plain loop of ``numpy.load`` over the same arrays, which checks nothing.
"""

from __future__ import annotations

import argparse
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLAIN = """
import sys, numpy as np
from pathlib import Path
for path in sorted(Path(sys.argv[1]).rglob("*.npz")):
    with np.load(path) as arrays:
        for name in arrays.files:
            arrays[name]
"""


def timed(command: list[str]) -> float:
    """Wall seconds of one run; its output is thrown away."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--workers", default=None)
    parser.add_argument("--against", default=None)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as out:
        ours = [sys.executable, "-m", "inspector", "audit", str(args.folder), "--out", out, "--fail-on", "never"]
        ours += ["--workers", args.workers] if args.workers else []
        theirs = shlex.split(args.against) if args.against else [sys.executable, "-c", PLAIN, str(args.folder)]
        timed(ours)
        timed(theirs)
        pairs = [(timed(ours), timed(theirs)) for _ in range(args.runs)]
    files = sum(1 for _ in args.folder.rglob("*.npz"))
    mine, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"{files} files, {args.runs} pairs, medians of whole processes")
    print(f"  audit {mine:8.2f} s  {mine / max(files, 1) * 1000:6.2f} ms a file")
    print(f"  peer  {other:8.2f} s  {other / max(files, 1) * 1000:6.2f} ms a file")
    print(f"  peer / audit, pair by pair: median {statistics.median(b / a for a, b in pairs):.2f}")


if __name__ == "__main__":
    main()
