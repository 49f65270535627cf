"""Which files show the same recording as another one, and where its frames are in them. No Qt."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from inspector.audit.across import Across, Pair
    from inspector.audit.inspection import Clip
    from inspector.profiles.model import Skeleton

Places = npt.NDArray[np.float32]

_SPEED = 0.03  # by how much a speed may differ from 1 and still be called the same
_SAME_SPEED = 0.006  # or be the same: one frame in 160


@dataclass(frozen=True, slots=True)
class Copy:
    """A file beside the shown one: frame t of the shown one is frame `ratio` t + `start` of it.

    Attributes
    ----------
    exact
        Same content, to the bit.
    mirrored, exchanged
        Whether it is the mirror image, and whether left and right points are exchanged with it.
    """

    path: str
    ratio: float = 1.0
    start: float = 0.0
    mirrored: bool = False
    exchanged: bool = False
    exact: bool = False

    def frame(self, shown: int) -> int:
        """Its frame at a frame of the shown file; below 0 before it begins, and beyond its last after its end."""
        return round(self.ratio * shown + self.start)

    @property
    def words(self) -> str:
        """How it relates to the shown file, in a few words."""
        if self.exact:
            return "same content"
        told = []
        if abs(self.ratio - 1) > _SPEED:
            told.append(f"{self.ratio:.2f} frames for each")
        elif shift := round(self.start):
            frames = "frame" if abs(shift) == 1 else "frames"
            told.append(f"begins {abs(shift)} {frames} {'earlier' if shift > 0 else 'later'}")
        if self.mirrored:
            told.append("mirrored, left and right exchanged" if self.exchanged else "mirrored")
        return ", ".join(told) or "same frames"

    def then(self, step: Copy) -> Copy:
        """A copy of this one, `step` away from it, as seen from the shown file."""
        return Copy(
            step.path,
            self.ratio * step.ratio,
            step.ratio * self.start + step.start,
            self.mirrored != step.mirrored,
            self.exchanged != step.exchanged,
            self.exact and step.exact,
        )

    def back(self, path: str) -> Copy:
        """The way back: the file at `path`, as seen from this one."""
        return replace(self, path=path, ratio=1 / self.ratio, start=-self.start / self.ratio)


class Copies:
    """Who is a copy of whom, directly or by way of others.

    Parameters
    ----------
    across
        What a look across files found; None: nothing yet.
    """

    def __init__(self, across: Across | None = None) -> None:
        self._next: dict[str, list[Copy]] = {}
        if across is None:
            return
        for group in across.duplicates:
            for path in group[1:]:
                self._join(group[0], Copy(path, exact=True))
        for pair in across.near:
            self._join(pair.a, _near(pair))

    def of(self, path: str | None) -> tuple[Copy, ...]:
        """The others of a file's group, the nearest first; empty where it has none."""
        if path is None or path not in self._next:
            return ()
        found: dict[str, Copy] = {path: Copy(path, exact=True)}
        waiting = deque([path])
        while waiting:
            now = found[waiting.popleft()]
            for step in self._next[now.path]:
                if step.path not in found:
                    found[step.path] = now.then(step)
                    waiting.append(step.path)
        del found[path]
        return tuple(sorted(found.values(), key=lambda copy: not copy.exact))

    def _join(self, path: str, copy: Copy) -> None:
        self._next.setdefault(path, []).append(copy)
        self._next.setdefault(copy.path, []).append(copy.back(path))


def _near(pair: Pair) -> Copy:
    """The second of a pair as seen from the first; a speed that differs by its measurement alone is the same."""
    ratio, start = float(pair.ratio), float(pair.start)
    if abs(ratio - 1) < _SAME_SPEED:
        middle = sum(pair.frames_a) / 2
        ratio, start = 1.0, float(round(start + (ratio - 1) * middle))
    return Copy(pair.b, ratio, start, bool(pair.mirrored), bool(pair.exchanged))


@dataclass(frozen=True, slots=True, eq=False)
class Posed:
    """What distances are measured on: a clip, its skeleton, and the body's size in the clip's units (NaN: unknown)."""

    clip: Clip
    skeleton: Skeleton | None
    body: float


def distance(shown: Posed, frame: int, other: Posed, copy: Copy) -> float:
    """Mean distance between the points of two clips at the same moment, in body sizes; NaN where none is in both.

    Each body is taken by its own size and about the mean of its points, so that a copy that was cropped or moved
    within the picture is no distance away; a mirrored one is mirrored back.
    """
    at = copy.frame(frame)
    one, two = shown.clip, other.clip
    if not (0 <= frame < len(one) and 0 <= at < len(two)) or one.points.shape[1] != two.points.shape[1]:
        return float("nan")
    order = _order(copy, other.skeleton, two.points.shape[1])
    mine, theirs = one.points[frame], two.points[at][order]
    both = one.visible[frame] & two.visible[at][order] & np.isfinite(mine).all(axis=1) & np.isfinite(theirs).all(axis=1)
    if not both.any():
        return float("nan")
    apart = _centred(mine[both], shown.body) - _centred(theirs[both], other.body) * (_MIRROR if copy.mirrored else 1)
    return float(np.hypot(apart[:, 0], apart[:, 1]).mean())


_MIRROR = np.array([-1, 1], np.float32)


def _centred(points: Places, body: float) -> Places:
    out: Places = (points - points.mean(axis=0)) / np.float32(body)
    return out


def _order(copy: Copy, skeleton: Skeleton | None, joints: int) -> npt.NDArray[np.intp]:
    """For each point, where its like is in the other clip."""
    order = np.arange(joints)
    if copy.exchanged and skeleton is not None:
        for left, right in skeleton.pairs:
            order[[left, right]] = right, left
    return order


def shown_beside(copies: Sequence[Copy], picked: Sequence[str], most: int) -> tuple[Copy, ...]:
    """The copies that are shown: those picked as far as there are such, then the nearest, at most so many."""
    by_path = {copy.path: copy for copy in copies}
    wanted = [by_path[path] for path in picked if path in by_path]
    wanted += [copy for copy in copies if copy not in wanted]
    return tuple(wanted[:most])
