"""What can be said of one sample of a data set, and which samples can be picked: plain values, no widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inspector.audit.record import visible
from inspector.checks.arrays import AnyArray
from inspector.checks.codes import CODES
from inspector.checks.dataset import DataSet
from inspector.checks.finding import Finding, count
from inspector.gui.models.dataset_points import name_of

Bools = npt.NDArray[np.bool_]
Path = npt.NDArray[np.float64]

_TOLD = 4  # copies named one by one
_CLOSE = 3.0  # % of the diagonal: what counts as the same way when a camera is looked for
_LEAST_AWAY = 0.05  # % of the diagonal; less reads as 0.0


class Choice(NamedTuple):
    """One line of a filter: its text, what it stands for (None: all samples), and more words."""

    text: str
    value: int | None = None
    tip: str = ""


class Link(NamedTuple):
    """Words that lead somewhere: to a sample, to a group of duplicates, or to the object's path."""

    text: str
    kind: str  # "sample", "group" or "path"
    value: int = 0


class Fact(NamedTuple):
    """Something to know of a sample: words, and links that end them."""

    text: str
    links: tuple[Link, ...] = ()

    @property
    def words(self) -> str:
        """Without links."""
        return " ".join(part for part in (self.text, ", ".join(link.text for link in self.links)) if part)


class Marks(NamedTuple):
    """Frames of one sample that deserve a look, each bool (T,)."""

    border: Bools
    same: Bools
    blank: Bools


def class_name(dataset: DataSet, label: int) -> str:
    """What a label is called, safe to show."""
    return visible(name_of(dataset, label))


def class_choices(dataset: DataSet) -> tuple[Choice, ...]:
    """All classes, then each with its number of samples; empty where there are no labels."""
    if dataset.labels is None:
        return ()
    labels, counts = np.unique(dataset.labels, return_counts=True)
    each = [
        Choice(f"{class_name(dataset, label)} ({n})", label, f"Label {label} in the file")
        for label, n in zip(labels.tolist(), counts.tolist(), strict=True)
    ]
    return (Choice(f"All classes ({dataset.layout.samples})"), *each)


def finding_choices(findings: Sequence[Finding]) -> tuple[Choice, ...]:
    """Any finding, then those that name samples, with how many they name."""
    each = [
        Choice(f"{_title(finding)} ({count(finding.samples)})", index, visible(finding.message))
        for index, finding in enumerate(findings)
        if finding.samples
    ]
    return (Choice("Finding: any"), *each) if each else ()


def group_choices(dataset: DataSet) -> tuple[Choice, ...]:
    """All samples, then each group of duplicates with its size, and each group of near duplicates."""
    each = [
        Choice(f"Group {index + 1}: {len(group)} samples", index, f"The same pixels: {_listed(group, 30)}")
        for index, group in enumerate(dataset.groups)
    ]
    each += [
        Choice(
            f"Near group {index + 1}: {len(group)} samples",
            len(dataset.groups) + index,
            f"The same path: {_listed(group, 30)}",
        )
        for index, group in enumerate(dataset.near_groups)
    ]
    return (Choice("Duplicates: any"), *each) if each else ()


def neighbour(listed: npt.NDArray[np.int64], sample: int, step: int) -> int | None:
    """The next sample of those listed (ascending) after this one, or before it when `step` is negative."""
    place = int(np.searchsorted(listed, sample, side="right" if step > 0 else "left")) - (step < 0)
    return int(listed[place]) if 0 <= place < len(listed) else None


def facts(dataset: DataSet, sample: int) -> tuple[Fact, ...]:
    """What is known of a sample: its class, whether it moves, its copies, where its object is."""
    if not 0 <= sample < dataset.layout.samples:
        return ()
    found = []
    if dataset.labels is not None:
        found.append(Fact(class_name(dataset, int(dataset.labels[sample]))))
    found += [*_motion(dataset, sample), *_copies(dataset, sample), *_near(dataset, sample)]
    frames = dataset.layout.frames
    if border := int(_figure(dataset, "border_frames", sample)):
        found.append(Fact(f"at the border in {border} of {frames} frames"))
    if blank := int(_figure(dataset, "blank_frames", sample)):
        found.append(Fact(f"blank in {blank} of {frames} frames"))
    if bad := int(_figure(dataset, "bad_values", sample)):
        found.append(Fact(f"{bad:,} {'value is' if bad == 1 else 'values are'} NaN or infinite"))
    if outside := _outside(dataset, sample):
        found.append(Fact("trajectory", (Link(f"outside the picture in {outside}", "path"),)))
    if (away := _figure(dataset, "disagreement_pct", sample)) >= _LEAST_AWAY:
        words = "off its trajectory by" if away > _CLOSE else "follows its trajectory to"
        found.append(Fact("", (Link(f"{words} {away:.1f} %", "path"),)))
    return tuple(found)


def marks(dataset: DataSet, sample: int) -> Marks:
    """Which frames are at the border, the same as the one before, or blank."""
    motion = dataset.frames.get("motion")
    nothing = np.zeros(dataset.layout.frames, dtype=np.bool_)
    border, blank = dataset.frames.get("at_border"), dataset.frames.get("blank")
    return Marks(
        nothing if border is None else np.asarray(border[sample], dtype=np.bool_),
        nothing if motion is None else np.asarray(motion[sample] == 0, dtype=np.bool_),  # frame 0 has NaN
        nothing if blank is None else np.asarray(blank[sample], dtype=np.bool_),
    )


def paths(dataset: DataSet, sample: int) -> tuple[Path | None, Path | None]:
    """Where the object is in each frame, and where its trajectory should be: float64 (T, 2) in pixels, or None."""
    return _path(dataset, "object", sample), _path(dataset, "projected", sample)


def _path(dataset: DataSet, name: str, sample: int) -> Path | None:
    x, y = dataset.frames.get(f"{name}_x"), dataset.frames.get(f"{name}_y")
    if x is None or y is None or not 0 <= sample < len(x):
        return None
    path: Path = np.stack([x[sample], y[sample]], axis=-1).astype(np.float64)
    return path if np.isfinite(path).all(axis=1).any() else None


def _outside(dataset: DataSet, sample: int) -> int:
    """In how many frames the trajectory should be beside the picture."""
    path, layout = _path(dataset, "projected", sample), dataset.layout
    if path is None:
        return 0
    x, y = path.T
    return int(((x < -0.5) | (x > layout.width - 0.5) | (y < -0.5) | (y > layout.height - 0.5)).sum())


def _motion(dataset: DataSet, sample: int) -> list[Fact]:
    static: AnyArray | None = dataset.samples.get("static")
    if static is not None and bool(static[sample]):
        return [Fact("static: every frame is the same")]
    energy = _figure(dataset, "motion_energy", sample)
    return [Fact(f"moves (energy {energy:.2g})")] if energy else []


def _copies(dataset: DataSet, sample: int) -> list[Fact]:
    groups: AnyArray | None = dataset.samples.get("group")
    index = int(groups[sample]) if groups is not None else -1
    if not 0 <= index < len(dataset.groups):
        return []
    others = [other for other in dataset.groups[index] if other != sample]
    told = others if len(others) == _TOLD + 1 else others[:_TOLD]
    links = [Link(str(other), "sample", other) for other in told]
    if len(others) > len(told):
        links.append(Link(f"{len(others) - len(told)} more", "group", index))
    return [Fact("same pixels as", tuple(links))]


def _near(dataset: DataSet, sample: int) -> list[Fact]:
    index = next((k for k, group in enumerate(dataset.near_groups) if sample in group), None)
    if index is None:
        return []
    own = [pair for pair in dataset.near if sample in pair[:2]]
    told = own if len(own) == _TOLD + 1 else own[:_TOLD]
    links = [Link(f"{a + b - sample} ({how})", "sample", a + b - sample) for a, b, how in told]
    others = len(dataset.near_groups[index]) - 1
    if others > len(told):
        links.append(Link(f"{others - len(told)} more", "group", len(dataset.groups) + index))
    return [Fact("same path as", tuple(links))]


def _figure(dataset: DataSet, name: str, sample: int) -> float:
    """A sample's figure; 0 where it is unknown."""
    column = dataset.samples.get(name)
    value = float(column[sample]) if column is not None else 0.0
    return value if np.isfinite(value) else 0.0


def _title(finding: Finding) -> str:
    code = CODES.get(finding.code)
    return code.title if code else finding.code


def _listed(numbers: Sequence[int], most: int) -> str:
    text = ", ".join(map(str, numbers[:most]))
    return f"{text}, …" if len(numbers) > most else text
