"""A demo folder: clips of signers and data sets of videos, some with planted defects, and a list of those."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from inspector.demo.body import some_signer
from inspector.demo.capture import Arrays, describe, detect, features, film, timestamps
from inspector.demo.copies import mirrored_later, told
from inspector.demo.damage import Defect
from inspector.demo.datasets import DATASETS
from inspector.demo.defects import DEFECTS
from inspector.demo.manifest import MANIFEST, DemoManifest, Planted, files_of
from inspector.demo.signing import phrase
from inspector.demo.signs import SIGNS
from inspector.errors import UsageError

_SIGNERS = 6
_CLEAN_WITH_FEATURES = 3
_LEAST_FOR_COPIES = 8
CLIPS = 32
"""So many clips show every defect, and some that are clean."""


@dataclass(frozen=True, slots=True)
class Take:
    """What one clip of a demo is to be.

    Attributes
    ----------
    file
        Name in the folder.
    seed, number
        Together they decide everything that is random in the clip.
    signer
        Number of the person.
    signs
        The phrase.
    defect
        What to plant, or None.
    features
        Whether the clip holds `X2048`.
    """

    file: str
    seed: int
    number: int
    signer: int
    signs: tuple[str, ...]
    defect: Defect | None = None
    features: bool = False


def plan(clips: int, seed: int) -> tuple[Take, ...]:
    """Who signs what, and which clips get which defect.

    At most three clips in four get one, so that there are clean ones to compare with.
    """
    rng = np.random.default_rng([seed, clips])
    names = list(SIGNS)
    order = rng.permutation(len(names))
    chosen = rng.permutation(clips)[: min(len(DEFECTS), clips * 3 // 4)]
    defects = dict(zip(chosen.tolist(), DEFECTS, strict=False))
    width = max(2, len(str(clips)))
    takes, featured = [], 0
    for number in range(clips):
        signs = [names[order[number % len(names)]]]
        defect = defects.get(number)
        # Two signs where a defect needs room.
        if rng.random() < 0.5 or defect is not None:
            signs.append(names[order[(number + 7) % len(names)]])
        wanted = defect.features if defect else featured < _CLEAN_WITH_FEATURES
        featured += wanted and defect is None
        signer = number % _SIGNERS
        if defect is not None and defect.bent_arms and some_signer(signer, seed).rest == "sides":
            signer -= 1
        file = f"clip_{number + 1:0{width}d}_{signs[0]}.npz"
        takes.append(Take(file, seed, number, signer, tuple(signs), defect, wanted))
    return tuple(takes)


def clean_arrays(take: Take) -> Arrays:
    """The arrays of a take before its defect is planted.

    Returns
    -------
    dict
        X float32 (T, 156) in [0, 1], mask bool (T, 78), timestamps_ms int64 (T,), meta as JSON text; with features
        also X2048 float32 (T, 2048). A clip that gets a defect is free of the small losses of detection that the
        others have, so that nothing else is odd in it.
    """
    rng = np.random.default_rng([take.seed, 104729, take.number])
    signer = some_signer(take.signer, take.seed)
    xy = film(phrase(signer, take.signs, rng), signer, rng)
    mask = np.ones(xy.shape[:2], dtype=bool)
    if take.defect is None:
        xy, mask = detect(xy, rng)
    T = len(xy)
    arrays: Arrays = {
        "X": xy.reshape(T, 156).astype(np.float32),
        "mask": mask,
        "timestamps_ms": timestamps(T),
        "meta": np.array(describe(take.signs, signer)),
    }
    if take.features:
        arrays["X2048"] = features(xy, rng)
    return arrays


def copied(takes: Sequence[Take]) -> tuple[Take, ...]:
    """The clean clips that are copied: the first exactly, the second nearly; none in a small demo."""
    clean = sorted((take for take in takes if take.defect is None), key=lambda take: take.features)
    return tuple(clean[:2]) if len(takes) >= _LEAST_FOR_COPIES else ()


def make_demo(
    folder: Path,
    clips: int = CLIPS,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    videos: bool = True,
) -> DemoManifest:
    """Fill a folder with clips of animated signers and data sets of videos, some of them with known defects.

    Parameters
    ----------
    folder
        Made if absent. May be empty, or a former demo, whose files are then replaced.
    clips
        How many; up to three in four get a defect, the most visible kinds first. From 8 on, an exact copy of a clean
        one and a near copy of another are made besides.
    seed
        The same number of clips and seed give the same bytes.
    progress
        Called as ``progress(done, files)`` after each file.
    videos
        Make the data sets too, one clean and one faulty, each of 60 videos of a dot on its way through space.

    Returns
    -------
    DemoManifest
        What was planted where; also written as ``planted.json`` in the folder.

    Raises
    ------
    UsageError
        If `clips` is below 1, or the folder is a file, holds other things than a demo or a file of one's own with the
        name of a data set, or cannot be written.
    """
    if clips < 1:
        raise UsageError(f"a demo needs at least 1 clip, got {clips}")
    folder = Path(folder)
    try:
        datasets = tuple(DATASETS) if videos else ()
        former = _claim(folder, datasets)
        takes = plan(clips, seed)
        sources = copied(takes)
        copies = _copies_of(sources, clips)
        manifest = DemoManifest(folder, seed, (*(take.file for take in takes), *copies), (), datasets)
        # First of all, so that a folder left half done is still known as a demo and can be made again.
        _write(folder / MANIFEST, manifest.to_json().encode())
        planted: list[Planted] = []
        makers = [partial(_make_clip, folder, take) for take in takes]
        if copies:
            makers.append(partial(_make_copies, folder, sources, copies))
        makers += [partial(_make_set, folder, name, seed) for name in datasets]
        for done, make in enumerate(makers, start=1):
            planted += make()
            if progress is not None:
                progress(done, len(makers))
        for name in former - set(manifest.files):
            (folder / name).unlink(missing_ok=True)
        manifest = replace(manifest, planted=tuple(planted))
        _write(folder / MANIFEST, manifest.to_json().encode())
    except OSError as error:
        raise UsageError(f"cannot write a demo to {folder}: {error.strerror or error}") from error
    return manifest


def _claim(folder: Path, datasets: Sequence[str]) -> set[str]:
    """Make the folder if needed; names of a former demo's files in it. Refuse a folder of anything else."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder")
    folder.mkdir(parents=True, exist_ok=True)
    former = files_of(folder)
    if former is None and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty and not a former demo (it has no {MANIFEST}); choose another folder")
    # The list is only a file: it may name nothing but what a demo makes, and nothing outside the folder.
    known = {name for name in former or () if name in DATASETS or _is_clip(name)}
    for name in datasets:
        if name not in known and (folder / name).exists():
            raise UsageError(f"{folder} holds a {name} that is no part of the former demo; choose another folder")
    return known


def _is_clip(name: str) -> bool:
    return name == Path(name).name and name[:5] == "clip_" and name[-4:] == ".npz"


def _make_clip(folder: Path, take: Take) -> list[Planted]:
    arrays = clean_arrays(take)
    if take.defect is None:
        _write(folder / take.file, _packed(arrays))
        return []
    damage = take.defect.plant(arrays, np.random.default_rng([take.seed, 15485863, take.number]))
    data = _packed(damage.arrays)
    _write(folder / take.file, data[: int(damage.kept * len(data))])
    return [Planted(take.file, take.defect.code, damage.frames, damage.note)]


def _copies_of(sources: Sequence[Take], clips: int) -> tuple[str, ...]:
    """Names of the copies, which come after the clips."""
    width = max(2, len(str(clips)))
    return tuple(f"clip_{clips + n:0{width}d}_{take.signs[0]}.npz" for n, take in enumerate(sources, start=1))


def _make_copies(folder: Path, sources: Sequence[Take], files: Sequence[str]) -> list[Planted]:
    exact, near = (clean_arrays(take) for take in sources)
    _write(folder / files[0], _packed(exact, compressed=False))
    _write(folder / files[1], _packed(mirrored_later(near)))
    return told([take.file for take in sources], *files)


def _make_set(folder: Path, name: str, seed: int) -> list[Planted]:
    arrays, planted = DATASETS[name](seed)
    _write(folder / name, _packed(arrays))
    return planted


def _packed(arrays: Arrays, *, compressed: bool = True) -> bytes:
    buffer = io.BytesIO()
    save: Any = np.savez_compressed if compressed else np.savez
    save(buffer, **arrays)
    return buffer.getvalue()


def _write(path: Path, data: bytes) -> None:
    """Write to a temporary name beside the path, then rename: never half a file under its own name."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
