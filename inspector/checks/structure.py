"""Findings that no limit can move: what is missing, misshapen, mistyped, not finite or out of range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from inspector.checks.arrays import AnyArray, Arrays, Figures
from inspector.checks.finding import Finding, Severity, to_ranges
from inspector.checks.readiness import target_of
from inspector.profiles.model import ArraySpec, Profile


def structural(arrays: Arrays, profile: Profile, figures: Mapping[str, Figures]) -> Iterator[Finding]:
    """All structural findings of one file, in the order of its profile's arrays."""
    if arrays.pickled:
        yield from _pickled(arrays, profile)
    lengths: dict[str | int, int] = {}
    even = True
    for name, spec in profile.arrays.items():
        known = figures.get(name)
        if known is None:
            if name not in arrays.present and not spec.optional:
                yield Finding(
                    "MISSING_ARRAY", Severity.CRITICAL, f"{name} is not in the file; it holds {_names(arrays)}"
                )
            continue
        if known.sound and spec.shape:
            even = even and lengths.setdefault(spec.shape[0], known.shape[0]) == known.shape[0]
        if spec.role == "meta" or known.sound:
            continue
        even = False
        yield from _layout(name, spec, known, profile)
        yield from _values(name, known.array, spec, known, profile)
    if not even:
        yield from _lengths(figures, profile)
    yield from _unexpected(arrays, profile)
    yield from _meta(arrays, profile)


def _names(arrays: Arrays) -> str:
    return ", ".join(arrays.present[:12]) + (" …" if len(arrays.present) > 12 else "") or "nothing"


def _joints(profile: Profile) -> int:
    return len(profile.skeleton.points) if profile.skeleton else 0


def _pickled(arrays: Arrays, profile: Profile) -> Iterator[Finding]:
    for name, foreign in arrays.pickled.items():
        spec = profile.arrays.get(name)
        if foreign:
            text = f"{name} is pickled; loading it would import {', '.join(foreign[:5])}"
            yield Finding("PICKLED_ARRAY", Severity.CRITICAL, text)
        elif spec is None or spec.role == "meta" or spec.optional:
            yield Finding("PICKLED_ARRAY", Severity.MEDIUM, f"{name} is pickled; it holds plain data only")
        else:
            text = f"{name} is pickled; expected {spec.dtype} {_shape(spec)}"
            yield Finding("PICKLED_ARRAY", Severity.HIGH, text, target_of(name, profile))


def _shape(spec: ArraySpec) -> str:
    return "[" + ",".join(map(str, spec.shape)) + "]"


def _layout(name: str, spec: ArraySpec, known: Figures, profile: Profile) -> Iterator[Finding]:
    shape, dtype = known.layout_fits
    if not shape:
        text = f"{name}: expected shape {_shape(spec)}, found {list(known.shape)}"
        yield Finding("BAD_SHAPE", Severity.HIGH, text, target_of(name, profile))
    if not dtype:
        yield Finding(
            "BAD_DTYPE", Severity.HIGH, f"{name}: expected {spec.dtype}, found {known.dtype}", target_of(name, profile)
        )
    if spec.role == "points" and known.shape and not known.shape[0]:
        yield Finding("EMPTY_CLIP", Severity.CRITICAL, f"{name} holds no frames")


def _values(name: str, array: AnyArray, spec: ArraySpec, known: Figures, profile: Profile) -> Iterator[Finding]:
    if array.dtype.kind not in "fciub" or not array.size or not array.ndim:
        return
    if spec.finite and not known.finite:
        where = ~np.isfinite(array)
        frames, points = _places(where, spec, _joints(profile))
        kinds = " and ".join(k for k, has in (("NaN", known.has_nan), ("infinity", known.has_inf)) if has)
        text = f"{name} holds {kinds} in {int(where.sum())} of {array.size} values"
        yield Finding("NON_FINITE", Severity.HIGH, text, target_of(name, profile), frames, points)
    if spec.range and known.outside(*spec.range):
        low, high = spec.range
        where = (array < low) | (array > high)
        frames, points = _places(where, spec, _joints(profile))
        finite = array[np.isfinite(array)]
        span = f", from {finite.min():.6g} to {finite.max():.6g}" if finite.size else ""
        text = f"{name} has {int(where.sum())} of {array.size} values outside [{low:g},{high:g}]{span}"
        yield Finding("OUT_OF_RANGE", Severity.HIGH, text, target_of(name, profile), frames, points)
    if spec.role in ("points", "features") and known.constant:
        text = f"{name} is the same in all {len(array)} frames"
        yield Finding("CONSTANT_ARRAY", Severity.MEDIUM, text, frames=((0, len(array) - 1),))


def _places(
    where: AnyArray, spec: ArraySpec, joints: int
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Frames, and for coordinates the points, in which a boolean array of an array's shape is true."""
    flat = where.reshape(len(where), -1)
    frames = to_ranges(flat.any(axis=1))
    if spec.role != "points" or not joints or flat.shape[1] % joints:
        return frames, ()
    return frames, to_ranges(flat.any(axis=0).reshape(joints, -1).any(axis=1))


def _lengths(figures: Mapping[str, Figures], profile: Profile) -> Iterator[Finding]:
    """Arrays that share a symbolic first axis must have the same length along it."""
    by_symbol: dict[str, dict[str, int]] = {}
    for name, spec in profile.arrays.items():
        known = figures.get(name)
        if known is not None and known.shape and spec.shape and isinstance(spec.shape[0], str):
            by_symbol.setdefault(spec.shape[0], {})[name] = known.shape[0]
    for lengths in by_symbol.values():
        if len(set(lengths.values())) > 1:
            shortest, longest = min(lengths.values()), max(lengths.values())
            text = "lengths differ: " + ", ".join(f"{name} {length}" for name, length in lengths.items())
            needed = {n: v for n, v in lengths.items() if not profile.arrays[n].optional}
            name = next(iter(lengths)) if len(set(needed.values())) > 1 else next(n for n in lengths if n not in needed)
            frames = ((shortest, longest - 1),)
            yield Finding("LENGTH_MISMATCH", Severity.HIGH, text, target_of(name, profile), frames)


def _unexpected(arrays: Arrays, profile: Profile) -> Iterator[Finding]:
    extra = [n for n in arrays.present if n not in profile.arrays]
    if profile.arrays and extra:
        yield Finding("UNEXPECTED_ARRAY", Severity.LOW, f"not part of {profile.name}: {', '.join(extra[:12])}")


def _meta(arrays: Arrays, profile: Profile) -> Iterator[Finding]:
    name = profile.named("meta")
    if name is None or name not in arrays.values:  # absent, or pickled with more than plain data: said already
        return
    if problem := arrays.metadata.problem:
        yield Finding("BAD_META", Severity.MEDIUM, f"{name}: expected a JSON object in a string, found {problem}")
