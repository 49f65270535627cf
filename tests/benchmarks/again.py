"""Time audits of a folder that was audited before, as whole processes, against another command.

    python tests/benchmarks/again.py FOLDER [--runs 5] [--against 'python other_audit.py FOLDER OUT']

The folder is linked to from a temporary one, and so is the cache kept in one: nothing of the user's is touched. All
ways are run in turn in each round; quote the medians. The peer is as in `audit`: a plain loop of ``numpy.load``.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from inspector.database import database_path
from tests.benchmarks.audit import PLAIN, timed

PROFILE = 'extends = "fslr-keypoints"\nname = "moved"\n[limits]\njitter = {}\n'


class Folder:
    """Links to the clips of a folder, one of which is a copy that can be touched."""

    def __init__(self, clips: list[Path], place: Path) -> None:
        self.place = place / "clips"
        self.place.mkdir()
        first, *others = clips
        for number, clip in enumerate(others):
            (self.place / f"{number:06d}.npz").symlink_to(clip.resolve())
        self.copy = Path(shutil.copy(first, self.place / "touched.npz"))
        self.changes = 0

    def change(self) -> None:
        """One file has another time of change, long ago."""
        self.changes += 1
        os.utime(self.copy, (1e9 + self.changes, 1e9 + self.changes))


def one_round(folder: Folder, place: Path, number: int, peer: list[str]) -> dict[str, float]:
    """Seconds of every way."""
    shutil.rmtree(os.environ["NPZ_INSPECTOR_CACHE"], ignore_errors=True)
    audit = [sys.executable, "-m", "inspector", "audit", str(folder.place), "--fail-on", "never", "--out"]
    out = str(place / f"out{number}")
    profile = place / "moved.toml"
    profile.write_text(PROFILE.format(0.01 + number / 1000))
    folder.change()
    seconds = {"without a cache": timed([*audit, str(place / f"none{number}"), "--no-cache"])}
    seconds["first, filling the cache"] = timed([*audit, out])
    seconds["again, nothing changed"] = timed([*audit, out])
    seconds["again, into another folder"] = timed([*audit, str(place / f"other{number}")])
    folder.change()
    seconds["again, one file changed"] = timed([*audit, out])
    seconds["again, a limit changed"] = timed([*audit, out, "--profile", str(profile)])
    seconds["peer"] = timed(peer)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--against", default=None)
    args = parser.parse_args()
    clips = sorted(args.folder.rglob("*.npz"))
    peer = shlex.split(args.against) if args.against else [sys.executable, "-c", PLAIN, str(args.folder)]
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        os.environ["NPZ_INSPECTOR_CACHE"] = str(place / "cache")
        folder = Folder(clips, place)
        rounds = [one_round(folder, place, number, peer) for number in range(args.runs)]
        kept = database_path().stat().st_size
    print(f"{len(clips)} files, {args.runs} rounds, medians of whole processes")
    print(f"{'':28} {'seconds':>8} {'peer / this':>12} {'this / without':>15}")
    for way in rounds[0]:
        median = statistics.median(each[way] for each in rounds)
        ratio = statistics.median(each["peer"] / each[way] for each in rounds)
        share = statistics.median(each[way] / each["without a cache"] for each in rounds)
        print(f"{way:28} {median:8.3f} {ratio:12.1f} {share:15.3f}")
    print(f"{kept / len(clips):.0f} bytes kept of each file")


if __name__ == "__main__":
    main()
