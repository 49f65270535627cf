"""Write data sets of videos with known faults, and see how well an audit finds them.

    python tests/benchmarks/video_sets.py FOLDER [--samples 60] [--seeds 3] [--only WORD] [--check] [--big GB]

One clean set in each of many styles, and one set for each kind of fault and seed (each seed in another style);
`truth.json` says what is wrong in which samples. ``--check`` audits each set and counts hits, misses and false alarms;
it takes the sets that are in the folder, and writes them only where there are none.
``--big`` writes one compressed set of so many gigabytes and nothing else, a few samples at a time, to measure memory.
"""

from __future__ import annotations

import argparse
import json
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from inspector.audit import Options, audit_file
from inspector.demo.capture import Arrays
from inspector.demo.trajectories import some_paths
from inspector.demo.video_damage import VideoFault
from inspector.demo.video_defects import VIDEO_DEFECTS, plant
from inspector.demo.videos import BLACK, BLUE, DARK, ORANGE, WHITE, Style, camera_for, draw, make_videos

GREY, LIGHT = (0.5, 0.5, 0.5), (0.9, 0.9, 0.9)
STYLES = {
    "white": Style(),
    "dark": DARK,
    "grey": Style(background=GREY, dot=LIGHT),
    "coloured": Style(background=(0.10, 0.35, 0.20), dot=(0.95, 0.90, 0.20)),
    "uint8": Style(dtype="uint8"),
    "uint8_dark_noise": Style(background=BLACK, dot=ORANGE, dtype="uint8", noise=0.03),
    "noise": Style(noise=0.02),
    "dark_noise": Style(background=BLACK, dot=ORANGE, noise=0.05),
    "grey_noise": Style(background=GREY, dot=LIGHT, noise=0.10),
    "channels_last": Style(layout="NTHWC", background=BLACK, dot=ORANGE),
    "one_channel": Style(background=(0.0,), dot=(1.0,)),
    "no_channels": Style(layout="NTHW", background=(1.0,), dot=(0.2,)),
    "wide": Style(height=48, width=96),
    "large": Style(height=128, width=128, radius=6),
    "small_dot": Style(radius=2.5, background=BLACK, dot=WHITE),
    "flat": Style(perspective=0.0),
    "deep": Style(perspective=0.7),
    "long": Style(frames=40, background=BLACK, dot=BLUE),
}
SEEDED = (STYLES["white"], DARK, Style(background=GREY, dot=LIGHT, noise=0.02), STYLES["channels_last"])

OF_CLASSES = ("CLASS_IMBALANCE", "CLASSES_NOT_SEPARABLE")

Made = tuple[str, Arrays, tuple[VideoFault, ...], tuple[str, ...]]


def clean_sets(samples: int) -> Iterator[Made]:
    """Sets without a fault, or with none but what they lack."""
    for number, (name, style) in enumerate(STYLES.items()):
        yield f"clean_{name}", make_videos(samples, style, 100 + number).arrays, (), ()
    full = make_videos(samples, seed=1).arrays
    yield "clean_few", make_videos(3, seed=2).arrays, (), ("CLASS_IMBALANCE",)
    yield "clean_one_class", make_videos(samples, seed=3, classes=(2,)).arrays, (), ()
    yield "clean_two_classes", make_videos(samples, seed=4, classes=(1, 3)).arrays, (), ()
    yield "clean_no_labels", {name: full[name] for name in ("videos", "trajectory_3d")}, (), ()
    yield "clean_no_trajectory", {name: full[name] for name in ("videos", "labels")}, (), ()
    yield "clean_other_names", {"clips": full["videos"], "y": full["labels"].astype(np.uint8)}, (), ()
    yield "clean_one_clip", {"videos": full["videos"][0]}, (), ()
    yield "clean_one_frame", make_videos(samples, Style(frames=1), 5).arrays, (), ("LOW_TEMPORAL_VARIATION",)
    yield "empty", make_videos(0).arrays, (VideoFault("EMPTY_CLIP", (), "no samples"),), ()
    every = tuple(range(samples))
    faults = tuple(VideoFault(code, every, "all values are 1") for code in ("STATIC_VIDEO", "DUPLICATE_SAMPLES"))
    also = ("BLANK_FRAMES", "VIDEO_TRAJECTORY_DISAGREE", "LOW_TEMPORAL_VARIATION", "CONSTANT_ARRAY")
    yield "constant", full | {"videos": np.ones_like(full["videos"])}, faults, also


def faulty_sets(samples: int, seeds: int, only: str) -> Iterator[Made]:
    """One set for each kind of fault and seed."""
    for seed in range(seeds):
        videos = make_videos(samples, SEEDED[seed % len(SEEDED)], 1000 + seed)
        for number, kind in enumerate(VIDEO_DEFECTS):
            if only in (name := f"{kind}_{seed}"):
                damage = plant(kind, videos, np.random.default_rng([seed, number]))
                yield name, damage.videos.arrays, damage.faults, damage.also


def write_arrays(path: Path, arrays: Arrays) -> None:
    """As `numpy.savez_compressed` does, but quick rather than small."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def write_sets(folder: Path, samples: int, seeds: int, only: str) -> dict[str, Any]:
    """Write all sets and `truth.json`; what it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    truth: dict[str, Any] = {}
    for name, arrays, faults, also in chain(clean_sets(samples), faulty_sets(samples, seeds, only)):
        if only in name:
            write_arrays(folder / f"{name}.npz", arrays)
            told = [{"code": f.code, "samples": list(f.samples), "note": f.note} for f in faults]
            truth[f"{name}.npz"] = {"faults": told, "also": list(also)}
    (folder / "truth.json").write_text(json.dumps(truth, indent=1))
    return truth


def write_big(path: Path, gigabytes: float) -> None:
    """A compressed set of so many 10^9 bytes of float32 videos, drawn and written a few samples at a time."""
    style, rng = Style(noise=0.01), np.random.default_rng(9)
    samples = max(1, round(gigabytes * 1e9 / (style.frames * style.channels * style.height * style.width * 4)))
    labels = np.arange(samples) % 4
    points = some_paths(labels, style.frames, rng).points
    centres = camera_for(points, style).project(points)
    shape = (samples, style.frames, style.channels, style.height, style.width)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in (("labels", labels), ("trajectory_3d", points)):
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
        with archive.open("videos.npy", "w", force_zip64=True) as member:
            header = {"descr": "<f4", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(member, header)
            for first in range(0, samples, 32):
                member.write(draw(style, centres[first : first + 32], rng).data)


def check(folder: Path, truth: dict[str, Any]) -> None:
    """Audit each set; print what was found, what was missed, and what is a false alarm."""
    files: Counter[tuple[str, str]] = Counter()
    places: Counter[tuple[str, str]] = Counter()
    start = time.perf_counter()
    for name, told in truth.items():
        record = audit_file(str(folder / name), Options())
        found: dict[str, set[int]] = {}
        for finding in record.findings:
            spans = (range(first, last + 1) for first, last in finding.samples)
            found.setdefault(finding.code, set()).update(i for span in spans for i in span)
        wanted: dict[str, set[int]] = {}
        for fault in told["faults"]:
            wanted.setdefault(fault["code"], set()).update(fault["samples"])
        touched = set[int]().union(*wanted.values())
        lines = []
        for code in sorted(wanted.keys() | found.keys()):
            here, there = wanted.get(code), found.get(code)
            kind = "hit" if here is not None and there is not None else "miss" if there is None else "alarm"
            # What may follow from a fault may do so only where there is one.
            beside = (there or set()) - touched if code not in OF_CLASSES else set[int]()
            if kind == "alarm" and code in told["also"] and not beside:
                lines.append(f"  follows  {code} {shortly(there or set())}")
                continue
            files[code, kind] += 1
            text = f"  {kind:8} {code}"
            if kind == "hit" and here and there:
                extra = beside if code in told["also"] else there - here
                places[code, "hit"] += len(here & there)
                places[code, "miss"] += len(here - there)
                places[code, "alarm"] += len(extra)
                text += f": {len(here & there)} of {len(here)} samples"
                text += f", missed {shortly(here - there)}" if here - there else ""
                text += f", too many {shortly(extra)}" if extra else ""
            elif here or there:
                text += f" {shortly(here or beside or there or set())}"
            lines.append(text)
        print(f"{name}  {record.status} {record.error or ''}", *lines, sep="\n")
    print(f"\n{len(truth)} sets audited in {time.perf_counter() - start:.1f} s")
    print(f"{'':28}{'sets':>24}{'samples':>36}")
    print(f"{'code':28}{'hit miss alarm':>24}{'hit miss alarm precision recall':>36}")
    for code in sorted({code for code, _ in files}):
        of = [files[code, kind] for kind in ("hit", "miss", "alarm")]
        at = [places[code, kind] for kind in ("hit", "miss", "alarm")]
        print(f"{code:28}{of[0]:13}{of[1]:5}{of[2]:6}{at[0]:8}{at[1]:5}{at[2]:6}", end="")
        print(f"{at[0] / (at[0] + at[2]):10.2f}{at[0] / (at[0] + at[1]):7.2f}" if at[0] else "")


def shortly(samples: set[int]) -> str:
    """Numbers of samples, not too many of them."""
    listed = sorted(samples)
    return str(listed) if len(listed) <= 12 else f"{str(listed[:10])[:-1]}, ... ({len(listed)})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--samples", type=int, default=60)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default="", help="sets with this in their name")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--big", type=float, metavar="GB")
    args = parser.parse_args()
    if args.big:
        args.folder.mkdir(parents=True, exist_ok=True)
        write_big(args.folder / "big.npz", args.big)
        return
    listed = args.folder / "truth.json"
    if args.check and listed.exists():
        truth = {name: told for name, told in json.loads(listed.read_text()).items() if args.only in name}
    else:
        truth = write_sets(args.folder, args.samples, args.seeds, args.only)
    print(f"{len(truth)} sets in {args.folder}")
    if args.check:
        check(args.folder, truth)


if __name__ == "__main__":
    main()
