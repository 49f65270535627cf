"""From an open file to what its checks are given: the profile that fits, and the arrays that it asks for."""

from __future__ import annotations

import functools

import numpy as np

from inspector.archive import NpzFile
from inspector.checks.arrays import AnyArray, Arrays, Figures, Vectors, foreign_imports
from inspector.checks.features import measure_vectors
from inspector.errors import PickledMemberError
from inspector.profiles import Profile, pick_profile

READ_LIMIT = 1 << 30
"""Bytes of one array that an audit is willing to hold; larger ones need a profile that streams."""

_VIDEOS_UNDER_ANY_NAME = (2, 2, 3, 64, 64)


def fitting_profile(npz: NpzFile) -> Profile:
    """The profile that fits; headers are only read where names alone do not decide."""
    by_name = _pick_by_name(npz.names)
    return by_name or pick_profile({m.name: m.shape for m in npz.members})


@functools.lru_cache(maxsize=256)
def _pick_by_name(names: tuple[str, ...]) -> Profile | None:
    """The profile that these names get whatever the shapes; None when it depends."""
    by_any_shape, *others = (pick_profile(dict.fromkeys(names, shape)) for shape in (None, (), _VIDEOS_UNDER_ANY_NAME))
    return by_any_shape if all(other is by_any_shape for other in others) else None


def wanted_bytes(npz: NpzFile, profile: Profile) -> int:
    """How many bytes the arrays that the profile asks for have, as the directory declares them."""
    return sum([size for name, _, size in npz.checksums if name in profile.arrays])


def read_arrays(npz: NpzFile, profile: Profile) -> Arrays:
    """The arrays that the profile asks for.

    Feature vectors, most of a file's bytes, are measured at once, while they lie in the processor's cache. They are
    let go if nothing more will be said of them, so that a batch of files never holds those of more than one.

    Raises
    ------
    ArchiveError
        When one of them cannot be read.
    """
    names = npz.names
    values: dict[str, AnyArray] = {}
    pickled: dict[str, tuple[str, ...]] = {}
    figures: dict[str, Figures] = {}
    vectors: Vectors | None = None
    meta: object = None
    meta_name, vectors_name = profile.named("meta"), profile.named("features")
    for name in profile.arrays:
        if name not in names:
            continue
        content: object = None
        try:
            array = npz.read(name, READ_LIMIT)
        except PickledMemberError:
            pickled[name] = foreign_imports(npz.imports(name))
            if pickled[name]:
                continue
            content = npz.decoded(name)
            array = _object_array(content)
        if name == meta_name:
            meta = content if name in pickled else _single(array)
        if name == vectors_name and array.dtype == np.float32 and array.ndim == 2:
            known = Figures(array, profile.arrays[name])
            if known.finite and known.sound and not _must_ascend(name, profile):
                vectors = measure_vectors(known)
                known.let_go()
                figures[name] = known
                continue
        values[name] = array
    return Arrays(names, values, pickled, meta, figures, vectors)


def _must_ascend(name: str, profile: Profile) -> bool:
    """Whether a target asks for the array's order, for which it must be kept."""
    return any(
        rule.rule == "monotonic" and name in rule.arrays
        for target in profile.targets.values()
        for rule in target.requires
    )


def _object_array(content: object) -> AnyArray:
    """A decoded pickle as the object array it was, so that shapes and dtypes read as they are in the file."""
    if isinstance(content, list):
        return np.array(content, dtype=object)
    array = np.empty((), dtype=object)
    array[()] = content
    return array


def _single(array: AnyArray) -> object:
    """The one value of an array; a ValueError, as a value, when there are more: nothing says which is meant."""
    if array.size == 1:
        return array.item()
    return ValueError(f"{array.dtype} of shape {list(array.shape)}")
