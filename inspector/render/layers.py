"""Index arrays that turn a skeleton into a handful of painter calls, made once per clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.profiles.model import Skeleton

Indices = npt.NDArray[np.intp]
Pairs = npt.NDArray[np.intp]  # (n, 2)

_SAMPLED_FRAMES = 256


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Points that share a colour, and the lines between them.

    Attributes
    ----------
    title
        What a legend calls it.
    colour
        ``#RRGGBB``, or empty for the style's neutral colour.
    points
        Indices into the clip's points.
    bones, contours
        (n, 2) pairs of such indices.
    spacing
        Median length of its lines, in the clip's units; nan where nothing can be measured.
    """

    title: str
    colour: str
    points: Indices
    bones: Pairs
    contours: Pairs
    spacing: float


def layers_of(
    points: npt.NDArray[np.float32], visible: npt.NDArray[np.bool_], skeleton: Skeleton | None
) -> tuple[Layer, ...]:
    """Split points and lines by colour, in drawing order: lines between groups first, then the groups as listed.

    Parameters
    ----------
    points
        (T, J, 2).
    visible
        (T, J).
    skeleton
        Of J points, or None: then all points are one neutral layer without lines.

    Raises
    ------
    ValueError
        When the skeleton has another number of points than the clip.
    """
    total = points.shape[1]
    everything = np.arange(total)
    none = np.empty((0, 2), dtype=np.intp)
    if skeleton is None:
        return (Layer("Points", "", everything, none, none, np.nan),)
    if len(skeleton.points) != total:
        raise ValueError(f"skeleton {skeleton.name}: expected {len(skeleton.points)} points, got {total}")

    owner = np.full(total, -1)
    for number, group in enumerate(skeleton.groups):
        owner[list(group.points)] = number
    bones, contours = _pairs(skeleton.bones), _pairs(skeleton.contours)

    def layer(number: int, title: str, colour: str) -> Layer:
        own_bones, own_contours = _within(bones, owner, number), _within(contours, owner, number)
        lines = np.concatenate([own_bones, own_contours])
        return Layer(
            title, colour, np.flatnonzero(owner == number), own_bones, own_contours, _spacing(points, visible, lines)
        )

    found = [layer(number, group.title, group.colour) for number, group in enumerate(skeleton.groups)]
    loose = layer(-1, "Other points", "")
    if loose.points.size or loose.bones.size or loose.contours.size:
        found.insert(0, loose)
    return tuple(found)


def _pairs(pairs: tuple[tuple[int, int], ...]) -> Pairs:
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


def _within(pairs: Pairs, owner: npt.NDArray[np.intp], number: int) -> Pairs:
    """Lines with both ends in a group; -1 takes those that no single group owns."""
    a, b = owner[pairs[:, 0]], owner[pairs[:, 1]]
    own: Pairs = pairs[(a == b) & (a == number)] if number >= 0 else pairs[(a != b) | (a < 0)]
    return own


def _spacing(points: npt.NDArray[np.float32], visible: npt.NDArray[np.bool_], lines: Pairs) -> float:
    step = max(1, len(points) // _SAMPLED_FRAMES)
    some, seen = points[::step], visible[::step]
    ends = some[:, lines]  # (frames, lines, 2 ends, 2)
    both = seen[:, lines].all(axis=2) & np.isfinite(ends).all(axis=(2, 3))
    known = ends[both].astype(np.float64)  # (n, 2 ends, 2)
    lengths = np.hypot(known[:, 0, 0] - known[:, 1, 0], known[:, 0, 1] - known[:, 1, 1])
    return float(np.median(lengths)) if lengths.size else np.nan
