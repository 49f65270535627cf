"""Why samples do not move, and which findings have one cause: from what is known of video, trajectory and camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inspector.checks.arrays import AnyArray
from inspector.checks.dataset import DataSet

_NO_WAY = 0.01  # a trajectory this many times shorter than the median one does not move
_MOSTLY = 0.5
_LEAST_SAMPLES = 5
_OTHERS = (1, 2, 3, 5, 8)  # so many places on in the list are the trajectories that each is compared with
_TELLING = 0.02  # share of the variance that one has to explain more
_LEAST_TOLD = 20
_BETTER = 0.75
_EXPLAINED = 0.5
"""A video goes with its trajectory when some affine map explains at least half of the variance of its path."""


@dataclass(frozen=True, slots=True)
class Causes:
    """What to say beside the numbers; empty where nothing is known.

    Attributes
    ----------
    duplicates, static, still, border, off
        The rest of the sentence of that finding.
    unrelated
        A sentence of its own: no camera explains the videos, and no sample by itself.
    sentences
        Whole sentences that join what belongs together.
    """

    duplicates: str = ""
    static: str = ""
    still: str = ""
    border: str = ""
    off: str = ""
    unrelated: str = ""
    sentences: tuple[str, ...] = ()


def number_of(n: int, noun: str) -> str:
    """A number with its noun in singular or plural."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def share(part: int, of: int) -> str:
    """A share in percent; neither 0 where there is a part, nor 100 where something is left."""
    pct = 100 * part / max(of, 1)
    return f"{pct:.0f} %" if part in (0, of) or 1 <= pct <= 99 else f"{min(max(pct, 0.1), 99.9):.1f} %"


def causes_of(dataset: DataSet, static: AnyArray, still: AnyArray, at_border: AnyArray, off: AnyArray) -> Causes:
    """What lies behind each set of samples.

    Parameters
    ----------
    static, still, at_border, off
        bool (N,): see `Sorted`.
    """
    if not dataset.layout.samples or not dataset.layout.frames:
        return Causes()
    outside = _led_out(dataset)
    static_why = _why_unmoved(dataset, static, at_border, off, outside)
    duplicates = _of_duplicates(dataset, static, static_why)
    border = _of_border(at_border, outside)
    sentences = []
    if duplicates and any(static[k] for group in dataset.groups for k in group):
        sentences.append(f"{duplicates[0].upper()}{duplicates[1:]}.")
    elif static_why:
        sentences.append(f"The {_samples(static)} without change: {static_why}.")
    if border and not (at_border <= static).all():
        sentences.append(f"Of the {_samples(at_border)} at the picture's edge: {border}.")
    return Causes(
        duplicates=duplicates,
        static=static_why,
        still=_why_unmoved(dataset, still, at_border, off, outside),
        border=border,
        off=_of_off(off, static),
        unrelated=_unrelated(dataset, static, still),
        sentences=tuple(sentences),
    )


def _led_out(dataset: DataSet) -> AnyArray | None:
    """Share of each sample's projected places outside the picture, float64 (N,); None without a camera."""
    if dataset.camera is None:
        return None
    x, y = dataset.camera.projected_x, dataset.camera.projected_y
    with np.errstate(invalid="ignore"):
        out = (x < 0) | (x > dataset.layout.width - 1) | (y < 0) | (y > dataset.layout.height - 1)
    outside: AnyArray = out.mean(axis=1)
    return outside


def _goes(dataset: DataSet) -> AnyArray:
    """Whether each sample's trajectory moves, bool (N,); False where there is none."""
    length = dataset.samples["path_length"]
    known = length[np.isfinite(length)]
    usual = float(np.median(known[known > 0])) if (known > 0).any() else 0.0
    with np.errstate(invalid="ignore"):
        goes: AnyArray = length > _NO_WAY * usual if usual else np.zeros(len(length), dtype=bool)
    return goes


def _why_unmoved(
    dataset: DataSet, unmoved: AnyArray, at_border: AnyArray, off: AnyArray, outside: AnyArray | None
) -> str:
    """Why samples do not move, the reasons by how many samples have them."""
    if not unmoved.any():
        return ""
    goes = _goes(dataset)
    blank = unmoved & (dataset.samples["blank_frames"] == dataset.layout.frames)
    edge = unmoved & ~blank & at_border & goes
    frozen = unmoved & ~blank & ~edge & goes
    rest = unmoved & ~blank & ~edge & ~frozen & np.isfinite(dataset.samples["path_length"])
    parts = []
    if edge.any():
        text = f"the object stands {_where(dataset, edge)} while the trajectories {_differ(edge)}"
        if outside is not None and (outside[edge] >= _MOSTLY).mean() >= _MOSTLY:
            text += ": they lead out of the picture, and the object was held at its edge"
        parts.append((edge, text))
    if frozen.any():
        text = f"{_its(frozen)} {'moves' if frozen.sum() == 1 else 'move'} on"
        if outside is not None and (off & frozen).sum() >= _MOSTLY * frozen.sum():
            text += " inside the picture: the frames were not drawn anew"
        parts.append((frozen, text))
    if blank.any():
        parts.append((blank, "nothing but the background is shown"))
    if rest.any():
        parts.append((rest, f"{_its(rest)} {'does' if rest.sum() == 1 else 'do'} not move either"))
    parts.sort(key=lambda part: -int(part[0].sum()))
    total = int(unmoved.sum())
    told = [text if where.sum() == total else f"in {int(where.sum())} {text}" for where, text in parts]
    return "; ".join(told)


def _differ(where: AnyArray) -> str:
    return "moves on" if where.sum() == 1 else "differ"


def _its(where: AnyArray) -> str:
    return "its trajectory" if where.sum() == 1 else "their trajectories"


def _where(dataset: DataSet, which: AnyArray) -> str:
    """Where at the edge the object stands: in a corner, in one of so many, or just at the edge."""
    x, y = _middle(dataset, "object_x", which), _middle(dataset, "object_y", which)
    across, down = x > (dataset.layout.width - 1) / 2, y > (dataset.layout.height - 1) / 2
    area = np.nanmedian(dataset.samples["object_area_pct"][which]) / 100 * dataset.layout.width * dataset.layout.height
    reach = 1.5 * np.sqrt(max(float(area), 1.0))
    near_x = np.minimum(x, dataset.layout.width - 1 - x) < reach
    near_y = np.minimum(y, dataset.layout.height - 1 - y) < reach
    if (near_x & near_y).all():
        corners = len({(bool(a), bool(d)) for a, d in zip(across, down, strict=True)})
        return "in a corner of the picture" if corners == 1 else f"in one of the picture's {corners} corners"
    return "at the picture's edge"


def _middle(dataset: DataSet, name: str, which: AnyArray) -> AnyArray:
    middle: AnyArray = np.nanmedian(dataset.frames[name][which].astype(np.float64), axis=1)
    return middle


def _of_duplicates(dataset: DataSet, static: AnyArray, static_why: str) -> str:
    if not dataset.groups:
        return ""
    members = np.array(sorted(k for group in dataset.groups for k in group))
    extra = len(members) - len(dataset.groups)
    unmoved, count = int(static[members].sum()), int(static.sum())
    copies = {1: "the duplicate is", 2: "both duplicates are"}.get(extra, f"all {extra} duplicates are")
    parts = []
    if dataset.layout.frames < 2:
        pass  # nothing could move
    elif unmoved == len(members):
        text = f"{copies} among the {number_of(count, 'sample')} that do not change"
        parts.append(f"{text}, in which {static_why}" if static_why else text)
    elif unmoved:
        parts.append(f"{unmoved} of the {len(members)} samples that share a video do not change")
    mixed = _groups_with(dataset.groups, dataset.labels)
    if mixed:
        parts.append(f"{_groups(mixed, dataset.groups)} {'mixes' if len(dataset.groups) == 1 else 'mix'} labels")
    told = all(dataset.samples["bad_frames"][group[0]] < dataset.layout.frames for group in dataset.groups)
    if dataset.trajectory is not None and told:
        apart = _groups_with(dataset.groups, dataset.trajectory)
        if not apart:
            parts.append("their trajectories are the same, too")
        elif unmoved < len(members):
            parts.append(f"in {_groups(apart, dataset.groups)} the trajectories differ: a video was stored for another")
    return "; ".join(parts)


def _samples(which: AnyArray) -> str:
    return number_of(int(which.sum()), "sample")


def _groups(n: int, groups: Sequence[Sequence[int]]) -> str:
    if n == len(groups):
        return "the group" if n == 1 else f"all {n} groups"
    return f"{n} of the {len(groups)} groups"


def _groups_with(groups: Sequence[Sequence[int]], values: AnyArray | None) -> int:
    """In how many groups the values of the samples differ."""
    if values is None:
        return 0
    return sum(
        not np.array_equal(values[list(g)], np.broadcast_to(values[g[0]], values[list(g)].shape), equal_nan=True)
        for g in groups
    )


def _of_border(at_border: AnyArray, outside: AnyArray | None) -> str:
    if not at_border.any() or outside is None:
        return ""
    out = outside[at_border]
    if (out >= _MOSTLY).mean() < _MOSTLY:
        return ""
    text = f"by the camera that fits, the trajectories lead out of the picture in {100 * out.mean():.0f} % of these "
    return text + "samples' frames: it shows too small a part of the space"


def _of_off(off: AnyArray, static: AnyArray) -> str:
    frozen = int((off & static).sum())
    if not frozen:
        return ""
    if frozen == off.sum():
        return "their videos do not change" if frozen > 1 else "its video does not change"
    return f"{frozen} of them do not change"


def _unrelated(dataset: DataSet, static: AnyArray, still: AnyArray) -> str:
    """A sentence when neither one camera nor one for each sample explains what is seen."""
    trajectory = dataset.trajectory
    if dataset.camera is not None or trajectory is None or trajectory.shape[1] != dataset.layout.frames:
        return ""
    x, y = dataset.frames["object_x"], dataset.frames["object_y"]
    known = np.isfinite(x) & np.isfinite(trajectory).all(axis=2) & ~dataset.frames["at_border"]
    enough = trajectory.shape[2] + 3
    judged = np.flatnonzero(~static & ~still & (known.sum(axis=1) >= enough) & _goes(dataset))[:500]
    if len(judged) < _LEAST_SAMPLES:
        return ""
    places = np.stack([x, y], axis=2)
    own = np.array([_fit(trajectory[k][known[k]], places[k][known[k]]) for k in judged])
    bad = int(np.count_nonzero(own < _EXPLAINED))
    no_camera = "no camera explains how the videos show the trajectories: "
    if bad >= _MOSTLY * len(judged):
        text = f"in {bad} of {len(judged)} samples looked at, the object goes another way than the trajectory by any "
        return f"{no_camera}{text}view of it"
    # Smooth paths can be laid over each other by some view. A sample's own should fit it better than another's.
    wins, told = 0, 0
    for step in _OTHERS:
        for place, k in enumerate(judged):
            other = trajectory[judged[(place + step) % len(judged)]][known[k]]
            if np.isfinite(other).all() and abs(gain := own[place] - _fit(other, places[k][known[k]])) > _TELLING:
                told += 1
                wins += gain > 0
    if told < _LEAST_TOLD or wins >= _BETTER * told:
        return ""
    return f"{no_camera}those of other samples fit a sample's video as often better as its own do; they may be mixed up"


def _fit(positions: AnyArray, places: AnyArray) -> float:
    """Adjusted share of the variance of places (n, 2) that an affine map of positions (n, D) explains."""
    design = np.concatenate([positions - positions.mean(axis=0), np.ones((len(positions), 1))], axis=1)
    left = places - design @ np.linalg.lstsq(design, places, rcond=None)[0]
    total = ((places - places.mean(axis=0)) ** 2).sum()
    n, parameters = design.shape
    return float(1 - (left**2).sum() / max(total, 1e-12) * (n - 1) / max(n - parameters, 1))
