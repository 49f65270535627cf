"""One data set of videos: streamed once, measured, judged; never held whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inspector.archive import Member, NpzFile, Wanted
from inspector.audit.passes import WORTH_THREADS, take_all
from inspector.checks import Finding, Severity, to_ranges
from inspector.checks.arrays import AnyArray, foreign_imports
from inspector.checks.dataset import DataSet
from inspector.checks.judge_videos import judge_videos
from inspector.checks.labels import read_labels
from inspector.checks.video_meter import VideoMeter
from inspector.checks.video_near import with_near
from inspector.checks.video_sets import Videos, dataset_values, to_dataset
from inspector.errors import ArchiveError, PickledMemberError
from inspector.profiles import ArraySpec, Layout, Profile, held_names, layout_of, lengths_by_sample
from inspector.profiles.model import Role
from inspector.workers import processors

_SIDE_LIMIT = 256 << 20
"""Bytes of labels, trajectories or names that an audit is willing to hold."""

_BLOCK = 2 << 20
_TOLERANCE = 1e-3
"""Beyond the range by less than this share of it is rounding, and weighs little."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgedVideos:
    """What one pass over a data set yielded.

    Attributes
    ----------
    dataset
        None where the videos could not be measured at all: `error` says why.
    error
        Also said of a part that could not be read.
    problems
        The findings that no limit can move.
    """

    findings: tuple[Finding, ...]
    values: dict[str, object]
    dataset: DataSet | None = None
    error: str | None = None
    problems: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The array of videos in a file, and what is wrong with others so far."""

    name: str
    member: Member
    dtype: np.dtype[np.generic]
    layout: Layout
    held: dict[str, str]
    spec: ArraySpec
    problems: list[Finding]


def judge_file(npz: NpzFile, profile: Profile, wanted: Wanted | None = None) -> JudgedVideos:
    """Measure and judge the data set of videos in an open file.

    Raises
    ------
    ReadStoppedError
        Once it is not wanted any more.
    """
    found = _find(npz, profile)
    if isinstance(found, JudgedVideos):
        return found
    name, layout, problems = found.name, found.layout, found.problems
    meter = VideoMeter(layout, found.dtype)
    many = "N" in layout.axes
    # Of one long video a good part at once: its background is told from the first block.
    blocks = npz.blocks(name, _BLOCK if many else 8 * _BLOCK)
    # Where somebody may stop it, a window is open: it gets a processor.
    threads = max(1, processors() - (wanted is not None)) if (found.member.nbytes or 0) >= WORTH_THREADS else 0
    take_all(blocks, meter.update, threads=threads, ordered=not many, wanted=wanted)
    meter.finish()
    dataset, sides = _dataset(npz, profile, found, meter)
    dataset = with_near(dataset, meter.frames, profile.videos)
    values = dataset_values(dataset, meter)
    problems += _values(name, found.spec, dataset, meter)
    problems += _unexpected(npz, profile, found.held)
    return judge_measured(dataset, values, problems, profile, "; ".join(sides.unread) or None)


def glance(npz: NpzFile, profile: Profile) -> DataSet | None:
    """What is known of a data set of videos before they are read: its shape, labels and trajectories, no figures."""
    found = _find(npz, profile)
    if isinstance(found, JudgedVideos) or not found.layout.samples or not found.layout.frames:
        return None
    meter = VideoMeter(found.layout, found.dtype)
    meter.still[:] = False  # nobody knows
    meter.digests.clear()
    first = npz.rows(found.name, 0, 1)
    known = first[np.isfinite(first)]
    meter.high[0] = known.max() if known.size else np.nan
    return _dataset(npz, profile, found, meter)[0]


def _find(npz: NpzFile, profile: Profile) -> _Found | JudgedVideos:
    members = {member.name: member for member in npz.members}
    shapes = {name: member.shape for name, member in members.items()}
    held = held_names(profile, shapes)
    problems: list[Finding] = list(_pickled(npz, members))
    spec_name = profile.named("videos")
    spec = profile.arrays[spec_name] if spec_name is not None else ArraySpec()
    name = held.get(spec_name or "")
    if name is None:
        text = f"no array of videos: expected one named {spec_name}, or of the axes {', '.join(spec.layouts)}"
        return _unmeasured([*problems, Finding("MISSING_ARRAY", Severity.CRITICAL, f"{text}; {_held(npz)}")], text)
    member = members[name]
    problem = _unusable(member)
    layout = None if problem else layout_of(member.shape or (), spec.layouts, lengths_by_sample(profile, shapes, held))
    if problem is None and layout is None:
        wanted = ", ".join(spec.layouts)
        text = f"{name}: expected axes such as {wanted}, found shape {list(member.shape or ())}"
        return _unmeasured([*problems, Finding("BAD_SHAPE", Severity.CRITICAL, text)], text)
    if problem is not None or layout is None or member.dtype is None:
        text = f"{name}: {problem}"
        return _unmeasured([*problems, Finding("BAD_DTYPE", Severity.CRITICAL, text)], text)
    return _Found(name, member, member.dtype, layout, held, spec, problems)


def _dataset(npz: NpzFile, profile: Profile, found: _Found, meter: VideoMeter) -> tuple[DataSet, _Sides]:
    sides = _Sides(npz, profile, found.held, found.layout, found.problems)
    trajectory = sides.trajectory()
    names, settled = sides.class_names(trajectory is not None)
    labels_name = found.held.get(profile.named("labels") or "", "")
    labels = read_labels(labels_name, sides.array("labels"), found.layout.samples, names, settled)
    found.problems.extend(labels.problems)
    rate = profile.videos.frame_rate
    return to_dataset(Videos(found.name, found.dtype, found.layout, meter, labels, trajectory, rate)), sides


def judge_measured(
    dataset: DataSet,
    values: dict[str, Any],
    problems: Sequence[Finding],
    profile: Profile,
    error: str | None = None,
) -> JudgedVideos:
    """Judge a data set that was measured, now or earlier; values that limits decide are put in, or made anew."""
    found, judged = judge_videos(dataset, values, profile.videos)
    ordered = tuple(sorted([*problems, *found], key=lambda f: (f.severity.rank, f.code)))
    return JudgedVideos(ordered, values | judged, dataset, error, tuple(problems))


def _unmeasured(findings: list[Finding], error: str) -> JudgedVideos:
    return JudgedVideos(tuple(sorted(findings, key=lambda f: f.severity.rank)), {}, None, error)


def _held(npz: NpzFile) -> str:
    return f"it holds {', '.join(npz.names[:12])}{' …' if len(npz.names) > 12 else ''}"


def _unusable(member: Member) -> str | None:
    """Why an array cannot be measured as videos, judged by its header."""
    if member.error is not None:
        return member.error
    if member.pickled:
        return "expected numbers, found pickled Python objects"
    if member.dtype is None or member.dtype.kind not in "fiub":
        return f"expected numbers, found {member.dtype}"
    return None


def _pickled(npz: NpzFile, members: dict[str, Member]) -> Iterator[Finding]:
    for name, member in members.items():
        if member.pickled:
            foreign = foreign_imports(npz.imports(name))
            if foreign:
                text = f"{name} is pickled; loading it would import {', '.join(foreign[:5])}"
                yield Finding("PICKLED_ARRAY", Severity.CRITICAL, text)
            else:
                yield Finding("PICKLED_ARRAY", Severity.MEDIUM, f"{name} is pickled; it holds plain data only")


class _Sides:
    """The arrays beside the videos; what is wrong with one is a finding, and the others are still used."""

    def __init__(
        self, npz: NpzFile, profile: Profile, held: dict[str, str], layout: Layout, problems: list[Finding]
    ) -> None:
        self._npz, self._profile, self._held, self._layout = npz, profile, held, layout
        self._problems = problems
        self.unread: list[str] = []

    def array(self, role: Role) -> AnyArray | None:
        """The array of a role, None where it is absent or cannot be read."""
        name = self._held.get(self._profile.named(role) or "")
        if name is None:
            return None
        try:
            return self._npz.read(name, _SIDE_LIMIT)
        except PickledMemberError:
            return self._decoded(name)
        except ArchiveError as error:
            self._problems.append(Finding("UNREADABLE", Severity.HIGH, str(error)))
            self.unread.append(str(error))
            return None

    def _decoded(self, name: str) -> AnyArray | None:
        """An object array of plain values, such as texts."""
        if foreign_imports(self._npz.imports(name)):
            return None
        try:
            content = self._npz.decoded(name)
        except PickledMemberError as error:
            self._problems.append(Finding("UNREADABLE", Severity.HIGH, str(error)))
            return None
        if isinstance(content, list) and content and all(isinstance(value, str | bytes) for value in content):
            return np.array(content, dtype=object)
        try:
            array: AnyArray = np.array(content)
        except (TypeError, ValueError):  # lists of several lengths
            array = np.array(None)
        if array.dtype.kind not in "fiub":
            text = f"{name}: expected one number or one text a sample, found pickled values of other kinds"
            self._problems.append(Finding("BAD_DTYPE", Severity.HIGH, text))
            return None
        return array

    def trajectory(self) -> AnyArray | None:
        """Positions as float64 (N, T, D), or None; what is wrong with them becomes a finding."""
        name = self._held.get(self._profile.named("trajectory") or "")
        array = self.array("trajectory")
        if array is None or name is None:
            return None
        layout = self._layout
        if array.ndim == 2 and "N" not in layout.axes:
            array = array[None]
        if array.dtype.kind not in "fiu" or array.ndim != 3 or array.shape[2] not in (2, 3):
            text = f"{name}: expected numbers of shape [N,T,2] or [N,T,3], found {array.dtype} {list(array.shape)}"
            self._problems.append(Finding("BAD_SHAPE", Severity.HIGH, text))
            return None
        array = array.astype(np.float64)
        if len(array) != layout.samples:
            text = f"{name} holds {len(array)} trajectories for {layout.samples} videos"
            self._problems.append(Finding("LENGTH_MISMATCH", Severity.HIGH, text))
            return None
        if array.shape[1] != layout.frames:
            text = f"{name} has {array.shape[1]} positions a sample, the videos have {layout.frames} frames"
            self._problems.append(Finding("LENGTH_MISMATCH", Severity.MEDIUM, text))
        bad = ~np.isfinite(array).all(axis=(1, 2))
        if bad.any():
            text = f"{name} holds NaN or infinity in {int(bad.sum())} of {len(array)} samples"
            self._problems.append(Finding("NON_FINITE", Severity.HIGH, text, samples=to_ranges(bad)))
        return array

    def class_names(self, trajectory: bool) -> tuple[tuple[str, ...], bool]:
        """What labels 0, 1, ... are called, and whether that says how many classes there are."""
        array = self.array("class_names")
        if array is not None and array.ndim == 1 and array.dtype.kind in "USO" and 0 < len(array) <= 1000:
            return tuple(v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in array.tolist()), True
        names = self._profile.videos.classes if trajectory else ()
        return names, bool(names)


def _values(name: str, spec: ArraySpec, dataset: DataSet, meter: VideoMeter) -> Iterator[Finding]:
    """Values that are no numbers, or lie outside the range; whole numbers may fill theirs."""
    bad = meter.nan + meter.inf
    if bad.any():
        nan, inf = int(meter.nan.sum()), int(meter.inf.sum())
        kinds = " and ".join(f"{n} {kind}" for n, kind in ((nan, "NaN"), (inf, "infinite")) if n)
        where: AnyArray = np.any(bad, axis=1)
        first = int(np.flatnonzero(where)[0])
        frames = to_ranges(bad[first] > 0)
        text = f"{name} holds {kinds} values in {int(where.sum())} of {len(where)} samples; sample {first} from "
        text += f"frame {frames[0][0]}"
        own = frames if dataset.layout.samples == 1 else ()
        yield Finding("NON_FINITE", Severity.HIGH, text, frames=own, samples=to_ranges(where))
    if spec.range is None:
        return
    low, high = (bound * (dataset.full_scale if dataset.dtype.kind in "iu" else 1.0) for bound in spec.range)
    with np.errstate(invalid="ignore"):
        beyond: AnyArray = np.fmax(low - meter.low, meter.high - high)
        outside: AnyArray = np.greater(beyond, 0)
    if outside.any():
        lowest, highest = float(np.nanmin(meter.low)), float(np.nanmax(meter.high))
        text = f"{name} has values outside [{low:g},{high:g}] in {int(outside.sum())} of {len(outside)} samples, "
        text += f"from {lowest:.6g} to {highest:.6g}"
        slight = float(np.nanmax(beyond)) <= _TOLERANCE * (high - low)
        severity = Severity.LOW if slight else Severity.HIGH
        yield Finding("OUT_OF_RANGE", severity, text, samples=to_ranges(outside))


def _unexpected(npz: NpzFile, profile: Profile, held: dict[str, str]) -> Iterator[Finding]:
    extra = [name for name in npz.names if name not in held.values()]
    if extra:
        yield Finding("UNEXPECTED_ARRAY", Severity.LOW, f"not part of {profile.name}: {', '.join(extra[:12])}")
