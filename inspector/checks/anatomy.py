"""What the motion checks want to know of a skeleton, worked out once: neighbours, chains, and which points mirror."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from inspector.checks.finding import Ranges, to_ranges
from inspector.profiles.model import Group, Skeleton

Index = npt.NDArray[np.int64]

_REST = 8  # of its group, for a point that nothing joins

CHAINS = 5
"""Of each group: enough for a median, and few enough to be quick."""


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """A skeleton as index arrays.

    Attributes
    ----------
    neighbours
        int64 (J, K): points at most two bones or contours away, or the rest of the group for a point that nothing
        joins; a row is filled up with the first of them. A point all by itself has itself.
    groups
        int64 (n,) of each group's points.
    named
        The points of each group as ranges, for findings.
    group_of
        int64 (J,): each point's group, -1 for none.
    trunk
        int64 (n,): points of the groups that are no hands; all points where every group is a hand.
    chained
        int64 (m,): the groups that have chains.
    chains
        int64 (4, 5 m): for each of these groups five chains, the first of each group first: four points in a row whose
        inner two have no other neighbour, as along a finger; they bend smoothly. In groups with fewer such, pairs
        (a, b, b, b) of points that follow each other.
    chain_noise
        float32 (5 m,): median length of second differences over time of a - 3b + 3c - d where every coordinate has
        noise of deviation 1: the root of the sum of squared factors, times sqrt(2 ln 2).
    held_against
        int64 (4 n, 2): each hand of `attached` with its own place on the body, left before right; then each with the
        other's place.
    attached
        int64 (n, 4): for a point of a hand that sits on a point of the body, and its mirror image: left on the hand,
        left on the body, right on the hand, right on the body.
    swinging
        int64 (4 n, 2): each point that a bone joins to a shoulder (an elbow) with that, left before right; then each
        with the other shoulder.
    pairs
        int64 (n, 2): left and right points.
    hands
        The groups of `attached`.
    members
        float32 (n, J): 1 where a point belongs to a group, else 0; a product with it counts points group by group.
    has_strays
        Whether any point has only itself in `neighbours`.
    """

    neighbours: Index
    groups: tuple[Index, ...]
    named: tuple[Ranges, ...]
    group_of: Index
    trunk: Index
    chained: Index
    chains: Index
    chain_noise: npt.NDArray[np.float32]
    held_against: Index
    attached: Index
    swinging: Index
    pairs: Index
    hands: tuple[int, ...]
    members: npt.NDArray[np.float32]
    has_strays: bool


_known: dict[int, tuple[Skeleton, Anatomy]] = {}


def anatomy_of(skeleton: Skeleton) -> Anatomy:
    """The anatomy of a skeleton; the same object for the same skeleton, whose hash would cost more than the look-up."""
    found = _known.get(id(skeleton))
    if found is None or found[0] is not skeleton:
        if len(_known) >= 32:  # profiles that were edited over and over
            _known.clear()
        found = _known[id(skeleton)] = skeleton, _work_out(skeleton)
    return found[1]


@functools.lru_cache(maxsize=16)
def without_skeleton(joints: int) -> Anatomy:
    """Of points that nothing is known of: one group, nothing joined."""
    points = tuple(range(joints))
    group = Group("points", "Points", "#808080", points)
    return _work_out(Skeleton("points", "Points", tuple(map(str, points)), (group,), ()))


def is_hand(name: str) -> bool:
    """Whether a group's name says that it is a hand."""
    return "hand" in name


def _work_out(skeleton: Skeleton) -> Anatomy:
    joints = len(skeleton.points)
    near: list[set[int]] = [set() for _ in range(joints)]
    for a, b in (*skeleton.bones, *skeleton.contours):
        near[a].add(b)
        near[b].add(a)
    group_of = np.full(joints, -1, np.int64)
    for number, group in enumerate(skeleton.groups):
        group_of[list(group.points)] = number
    around = [sorted(set().union(near[p], *(near[q] for q in near[p])) - {p}) for p in range(joints)]
    width = max([_REST, *(len(points) for points in around)])
    # A point by itself is held against the rest of its group.
    around = [points or _rest(skeleton, p)[:_REST] for p, points in enumerate(around)]
    filled = [points + [points[0] if points else p] * (width - len(points)) for p, points in enumerate(around)]
    hands = [n for n, group in enumerate(skeleton.groups) if is_hand(group.name)]
    trunk = np.flatnonzero(~np.isin(group_of, hands))
    by_group = [_chains_of(near, group_of, g, group.points) for g, group in enumerate(skeleton.groups)]
    chained = [g for g, found in enumerate(by_group) if found]
    by_chain = np.array([by_group[g] for g in chained], np.int64).reshape(len(chained), CHAINS, 4)
    chains = by_chain.transpose(2, 1, 0).reshape(4, -1)
    single = chains[1] == chains[2]
    attached = _attached(skeleton, near, group_of, hands)
    members = np.zeros((len(skeleton.groups), joints), np.float32)
    for row, group in zip(members, skeleton.groups, strict=True):
        row[list(group.points)] = 1
    near_to = np.array(filled, np.int64).reshape(joints, width)
    left, left_on, right, right_on = attached.T
    return Anatomy(
        neighbours=near_to,
        groups=tuple(np.array(group.points, np.int64) for group in skeleton.groups),
        named=tuple(to_ranges(list(group.points)) for group in skeleton.groups),
        group_of=group_of,
        trunk=trunk if trunk.size else np.arange(joints),
        chained=np.array(chained, np.int64),
        chains=chains,
        chain_noise=(np.sqrt(6 * np.where(single, 2, 20)) * np.sqrt(2 * np.log(2))).astype(np.float32),
        held_against=np.stack([np.r_[left, right, left, right], np.r_[left_on, right_on, right_on, left_on]], axis=1),
        attached=attached,
        swinging=_swinging(skeleton),
        pairs=np.array(skeleton.pairs, np.int64).reshape(-1, 2),
        hands=tuple(sorted(set(group_of[attached[:, [0, 2]]].ravel().tolist()))),
        members=members,
        has_strays=bool((near_to == np.arange(joints)[:, None]).any()),
    )


def _rest(skeleton: Skeleton, point: int) -> list[int]:
    return [q for group in skeleton.groups if point in group.points for q in group.points if q != point]


def _chains_of(near: list[set[int]], group_of: Index, group: int, points: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Five a-b-c-d inside the group where b and c have two neighbours each within it; else pairs in order; or none."""
    inside = {p: {q for q in near[p] if group_of[q] == group} for p in points}
    found: list[tuple[int, ...]] = []
    for b, c in sorted((p, q) for p in points for q in inside[p] if p < q):
        if len(inside[b]) == len(inside[c]) == 2:
            (a,), (d,) = inside[b] - {c}, inside[c] - {b}
            if a != d:
                found.append((a, b, c, d))
    if len(found) < CHAINS:
        found = [(a, b, b, b) for a, b in pairwise(points)]
    if len(found) < CHAINS:
        return []
    return [found[place] for place in np.linspace(0, len(found) - 1, CHAINS).astype(int)]


def _swinging(skeleton: Skeleton) -> Index:
    """Points on bones from the body's corners, but for corners themselves and what is joined to its mirror image."""
    sides, corners = dict(skeleton.pairs), {point for pair in skeleton.body for point in pair}
    bones = {frozenset(bone) for bone in skeleton.bones}
    own: list[tuple[int, int]] = []
    for left, right in skeleton.pairs:
        for corner in sides.keys() & corners:
            joined = {frozenset((left, corner)), frozenset((right, sides[corner]))} <= bones
            if joined and left not in corners and frozenset((left, right)) not in bones:
                own += [(left, corner), (right, sides[corner])]
    lefts, rights = own[::2], own[1::2]
    crossed = [(a, other) for (a, _), (_, other) in zip(lefts, rights, strict=True)]
    crossed += [(b, other) for (_, other), (b, _) in zip(lefts, rights, strict=True)]
    return np.array([*lefts, *rights, *crossed], np.int64).reshape(-1, 2)


def _attached(skeleton: Skeleton, near: list[set[int]], group_of: Index, hands: list[int]) -> Index:
    """Where a left hand sits on the body while the right one does so at the mirror image."""
    sides = dict(skeleton.pairs)
    found = [
        (hand, body, sides[hand], sides[body])
        for hand in sides
        for body in sorted(near[hand])
        if group_of[hand] in hands
        and group_of[body] not in hands
        and body in sides
        and sides[body] in near[sides[hand]]
    ]
    return np.array(found, np.int64).reshape(-1, 4)
