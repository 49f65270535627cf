"""Plant known defects into real clips, and see how many an audit finds, where, and how often it cries wolf.

    python tests/benchmarks/detection.py FOLDER [--seeds 2] [--first-seed 0] [--half first|second|all] [--kinds a,b]
        [--untouched] [--misses N] [--examples N] [--natural FILE] [--json FILE] [--workers 2]

Each kind of defect (`tests/support/planting*.py`) goes into each clip below FOLDER that has a place for it, in memory.
Found means: the code is there, and one of its frames is a planted one or next to it; a finding without frames is about
all of them. A clip in which the code stands already is set aside. False alarms are the untouched clips with the code;
precision weighs an untouched clip as much as a planted one. ``--natural`` names what is truly there in some clips, one
``CODE file-name`` a line (``*``: wherever it is said): those are no false alarms in the second precision, ``p.nat``.

``--half`` splits by a hash of the file's name: limits are tuned on ``first`` with seeds from 0 on, and reported on
``second`` with seeds that were never looked at (``--first-seed``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from inspector.checks import Finding, verdict
from inspector.checks.arrays import Arrays
from inspector.checks.finding import Ranges
from inspector.checks.judge import judge
from inspector.checks.measure import measure
from inspector.checks.readiness import wanted_targets
from inspector.errors import MeasureError
from inspector.profiles import load_profile
from tests.support.planting import Array, Kind, Planted, features_for, plant
from tests.support.planting_arrays import KINDS

_FEATURE_CODES = frozenset(kind.code for kind in KINDS.values() if kind.features)
_NEAR = 1


@dataclass(frozen=True)
class Seen:
    """One finding of one untouched clip."""

    code: str
    severity: str
    message: str
    frames: Ranges
    points: Ranges


@dataclass(frozen=True)
class Trial:
    """One planted defect, and what came of it; overlaps are over frames, and NaN where there is nothing to compare."""

    kind: str
    code: str
    file: str
    folder: str
    seed: int
    what: str
    strength: float
    unit: str
    there_before: bool
    found: bool
    elsewhere: bool
    other: bool
    union: float
    covered: float
    points: float
    new_codes: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """One clip."""

    file: str
    folder: str
    status: str
    findings: tuple[Seen, ...]
    trials: tuple[Trial, ...]


@lru_cache(maxsize=64)
def load(path: Path) -> dict[str, Any]:
    with np.load(path) as npz:
        return {name: npz[name] for name in npz.files}


def audit(clip: dict[str, Any]) -> tuple[Finding, ...]:
    """The findings of a clip in memory, as for a file that holds it."""
    profile = load_profile("fslr-keypoints")
    wanted = wanted_targets(profile, tuple(clip), None)
    arrays = Arrays(tuple(clip), clip, meta=clip["meta"].item() if "meta" in clip else None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return judge(measure(arrays, profile), profile, wanted)


def body_size(clip: dict[str, Any]) -> float:
    """The auditor's own figure, to say strengths in; NaN when it has none."""
    profile = load_profile("fslr-keypoints")
    size = measure(Arrays(tuple(clip), clip), profile).values.get("body_size")
    return float(size) if isinstance(size, float) and size > 0 else np.nan


def in_frames(ranges: Iterable[Ranges], n: int) -> Array:
    """What some findings name, bool (n,); a finding that names nothing is about everything."""
    named = np.zeros(n, dtype=bool)
    for found in ranges:
        for first, last in found or ((0, n - 1),):
            named[first : last + 1] = True
    return named


def widened(frames: Array) -> Array:
    return np.convolve(frames, np.ones(2 * _NEAR + 1), mode="same") > 0


def work(path: Path, kinds: Sequence[Kind], seeds: range, others: Sequence[Path]) -> Result:
    """Audit a clip untouched, and with each defect."""
    clip, name, folder = load(path), path.name, path.parent.name
    before = list(audit(clip))
    status = verdict(before).value
    rich, size = clip, body_size({k: v for k, v in clip.items() if k != "X2048"})
    if "X2048" not in clip and any(kind.features for kind in kinds):
        rich = {**clip, "X2048": features_for(clip, name)}
        before += [f for f in audit(rich) if f.code in _FEATURE_CODES]
    trials = []
    for kind in kinds:
        base = rich if kind.features else clip
        for seed in seeds:
            other = load(_another(path, seed, others)) if kind.other else None
            planted = plant(kind, base, name, seed, other)
            if planted is not None:
                trials.append(_trial(kind, planted, before, size, (name, folder, seed)))
    seen = tuple(Seen(f.code, f.severity.value, f.message, f.frames, f.points) for f in before)
    return Result(name, folder, status, seen, tuple(trials))


def _another(path: Path, seed: int, others: Sequence[Path]) -> Path:
    """Any other of the clips; the same for the same file name and seed."""
    rest = [p for p in others if p != path] or [path]
    return rest[int.from_bytes(hashlib.sha256(f"{path.name} {seed}".encode()).digest()[:4]) % len(rest)]


def _about(findings: Iterable[Finding], kind: Kind, planted: Planted) -> list[Finding]:
    """Those with the kind's code; of a defect of some points in all frames, only those that name one of them."""
    mine = [f for f in findings if f.code == kind.code]
    if planted.frames is None and planted.points:
        mine = [f for f in mine if in_frames([f.points], 78)[list(planted.points)].any()]
    return mine


def _trial(kind: Kind, planted: Planted, before: list[Finding], size: float, where: tuple[str, str, int]) -> Trial:
    try:
        after = audit(planted.arrays)
    except MeasureError as error:
        raise SystemExit(f"{where}: {kind.name}: {error}") from error
    mine = _about(after, kind, planted)
    there_before = {f.code for f in before}
    T = max(len(planted.arrays[name]) for name in ("X", "mask", "timestamps_ms"))
    truth = np.ones(T, dtype=bool) if planted.frames is None else planted.frames
    named = in_frames([f.frames for f in mine], T)
    found = bool((widened(truth) & named).any())
    new = tuple(sorted({f.code for f in after} - there_before))
    near = [f for f in after if f.code in new and (in_frames([f.frames], T) & widened(truth)).any()]
    union = covered = points = np.nan
    if found and planted.frames is not None:
        union = float((truth & named).sum() / (truth | named).sum())
        covered = float((truth & named).sum() / truth.sum())
    if found and planted.points and any(f.points for f in mine):
        points = float(in_frames([f.points for f in mine if f.points], 78)[list(planted.points)].mean())
    in_bodies = planted.unit == "picture" and np.isfinite(size)
    strength, unit = (planted.strength / size, "body sizes") if in_bodies else (planted.strength, planted.unit)
    return Trial(
        kind.name,
        kind.code,
        *where,
        planted.what,
        float(strength),
        unit,
        bool(_about(before, kind, planted)),
        found,
        bool(mine) and not found,
        found or bool(near),
        union,
        covered,
        points,
        new,
    )


def half_of(path: Path) -> str:
    return "first" if hashlib.sha256(path.name.encode()).digest()[0] % 2 == 0 else "second"


def share(values: Sequence[Any]) -> float:
    return float(np.mean(values)) if len(values) else np.nan


def mean_known(values: Iterable[float]) -> float:
    return share([v for v in values if np.isfinite(v)])


def pct(value: float) -> str:
    return f"{100 * value:6.1f}" if np.isfinite(value) else "     -"


def precision(recall: float, alarms: float) -> float:
    return recall / (recall + alarms) if recall + alarms > 0 else np.nan


def table(results: Sequence[Result], kinds: Sequence[Kind], natural: set[tuple[str, str]]) -> None:
    """Per kind: how many were found, how well they were located, and what stands against it in untouched clips."""
    print("Planted defects; percent. Main columns: clips in which the code was not there before.")
    print("any: found, or told there by another new code. else: the code came, but elsewhere.")
    heads = "planted found recall precis F1 p.nat  any  else  IoU covers points".split()
    print(f"{'kind':16s}{'code':21s}" + "".join(f"{h:>8s}" for h in heads) + "   set aside (found)")
    for kind in kinds:
        every = [t for r in results for t in r.trials if t.kind == kind.name]
        main, aside = [t for t in every if not t.there_before], [t for t in every if t.there_before]
        flagged = [r for r in results if any(f.code == kind.code for f in r.findings)]
        alarms = len(flagged) / max(len(results), 1)
        unknown = [r for r in flagged if not natural & {(kind.code, r.file), (kind.code, "*")}]
        recall = share([t.found for t in main])
        exact = precision(recall, alarms)
        figures = [
            recall,
            exact,
            2 * exact * recall / (exact + recall) if exact + recall > 0 else np.nan,
            precision(recall, len(unknown) / max(len(results), 1)),
            share([t.other for t in main]),
            share([t.elsewhere for t in main]),
            mean_known(t.union for t in main if t.found),
            mean_known(t.covered for t in main if t.found),
            mean_known(t.points for t in main if t.found),
        ]
        line = f"{kind.name:16s}{kind.code:21s}{len(main):8d}{sum(t.found for t in main):8d}"
        line += "".join(f"  {pct(v)}" for v in figures)
        print(line + (f"   {len(aside)} ({sum(t.found for t in aside)})" if aside else ""))


def by_strength(results: Sequence[Result], kinds: Sequence[Kind]) -> None:
    """Recall of the weak, the middling and the strong third of each kind."""
    print("\nRecall by strength, thirds (percent, and from what strength to what)")
    for kind in kinds:
        main = [t for r in results for t in r.trials if t.kind == kind.name and not t.there_before]
        for unit in sorted({t.unit for t in main}):
            ordered = sorted((t for t in main if t.unit == unit), key=lambda t: t.strength)
            cells = []
            for third in np.array_split(np.arange(len(ordered)), 3):
                part = [ordered[i] for i in third]
                if part:
                    reach = f"{part[0].strength:.3g} to {part[-1].strength:.3g}"
                    cells.append(f"{pct(share([t.found for t in part]))} ({reach})".ljust(28))
            print(f"{kind.name:16s}{unit:14s}" + "".join(cells))


def untouched(results: Sequence[Result], examples: int) -> None:
    """What an audit says of the clips as they are."""
    status = Counter(r.status for r in results)
    print(f"\nUntouched: {len(results)} clips; " + ", ".join(f"{n} {name}" for name, n in status.most_common()))
    folders = sorted({r.folder for r in results})
    sizes = Counter(r.folder for r in results)
    for folder in folders:
        counts = Counter(r.status for r in results if r.folder == folder)
        print(f"  {folder}: {sizes[folder]} clips; " + ", ".join(f"{n} {name}" for name, n in counts.most_common()))
    print(f"{'code':24s}{'severity':10s}{'clips':>7s}{'%':>8s}" + "".join(f"{f:>16s}" for f in folders))
    flagged: dict[tuple[str, str], list[tuple[Result, Seen]]] = defaultdict(list)
    for r in results:
        for f in r.findings:
            flagged[f.code, f.severity].append((r, f))
    for (code, severity), where in sorted(flagged.items()):
        clips = {(r.folder, r.file) for r, _ in where}
        inside = Counter(folder for folder, _ in clips)
        line = f"{code:24s}{severity:10s}{len(clips):7d}  {pct(len(clips) / len(results))}"
        print(line + "".join(f"{inside[f]:5d} ({pct(inside[f] / sizes[f]).strip():>5s} %)" for f in folders))
        for r, f in where[:examples]:
            at = ", ".join(f"{a}-{b}" for a, b in f.frames[:4])
            print(f"      {r.folder}/{r.file}: {f.message} [frames {at or 'all'}]")


def misses(results: Sequence[Result], kinds: Sequence[Kind], most: int) -> None:
    for kind in kinds:
        lost = [t for r in results for t in r.trials if t.kind == kind.name and not t.there_before and not t.found]
        if lost:
            print(f"\nMissed {kind.name}: {len(lost)}, weakest first")
        for t in sorted(lost, key=lambda t: t.strength)[:most]:
            said = f"; new: {', '.join(t.new_codes)}" if t.new_codes else ""
            print(f"  {t.folder}/{t.file} #{t.seed}: {t.what}; {t.strength:.3g} {t.unit}{said}")


def natural_in(path: Path | None) -> set[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines() if path else []
    words = [line.split(maxsplit=1) for line in lines if line.strip() and not line.startswith("#")]
    return {(code, name.strip()) for code, name in words}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="clips, in this folder and those below it")
    parser.add_argument("--seeds", type=int, default=2, help="times that each kind is planted in each clip")
    parser.add_argument("--first-seed", type=int, default=0, help="number of the first of them")
    parser.add_argument("--half", choices=("first", "second", "all"), default="all", help="which of the clips")
    parser.add_argument("--kinds", default=",".join(KINDS), help="comma-separated: " + " ".join(KINDS))
    parser.add_argument("--untouched", action="store_true", help="plant nothing")
    parser.add_argument("--misses", type=int, default=0, help="name so many that were not found, of each kind")
    parser.add_argument(
        "--examples", type=int, default=0, help="name so many findings of untouched clips, of each code"
    )
    parser.add_argument("--natural", type=Path, help="file of findings that are true, CODE file-name a line")
    parser.add_argument("--json", type=Path, help="write every trial to this file")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    args = parser.parse_args()
    if unknown := [name for name in args.kinds.split(",") if name not in KINDS]:
        parser.error(f"no such kind: {', '.join(unknown)}")
    kinds = [KINDS[name] for name in args.kinds.split(",")]
    everything = sorted(args.folder.rglob("*.npz"))
    chosen = [p for p in everything if args.half in ("all", half_of(p))]
    start = time.perf_counter()
    # Untouched clips get features all the same, so that what is said of those is counted.
    seeds = range(args.first_seed, args.first_seed + (0 if args.untouched else args.seeds))
    job = partial(work, kinds=kinds, seeds=seeds, others=chosen)
    with ProcessPoolExecutor(args.workers) as pool:
        results = list(pool.map(job, chosen, chunksize=4))
    print(f"{len(chosen)} of {len(everything)} clips ({args.half}), {time.perf_counter() - start:.0f} s\n")
    if not args.untouched:
        table(results, kinds, natural_in(args.natural))
        by_strength(results, kinds)
    untouched(results, args.examples)
    if args.misses:
        misses(results, kinds, args.misses)
    if args.json:
        args.json.write_text(json.dumps([asdict(r) for r in results], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
