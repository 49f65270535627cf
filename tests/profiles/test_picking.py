"""Which profile a file gets, from names and shapes alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.profiles import Match, Profile, load_profile, pick_profile, shape_fits

SIZES = st.integers(0, 5)
SHAPES = st.lists(SIZES, max_size=4).map(tuple)
LETTERS = st.sampled_from("TJC")


def profile(name: str, rank: int, *match: Match) -> Profile:
    return Profile(name=name, title=name, kind="generic", rank=rank, match=match)


@pytest.mark.parametrize(
    "shapes",
    [
        {"X": (40, 156)},
        {"X": (40, 78, 2)},
        {"X": (40, 78, 3)},
        {"X": None},
        {"X": (40, 99), "mask": (40, 33)},
        {"X": (40, 99), "timestamps_ms": (40,)},
        {"mask": (40, 78), "timestamps_ms": (40,)},
        {"timestamps_ms": (40,)},
        {"X2048": (40, 2048)},
        {"X": (0, 156), "mask": (0, 78), "timestamps_ms": (0,), "meta": ()},
    ],
)
def test_keypoint_clips_are_known(shapes: dict[str, tuple[int, ...] | None]) -> None:
    assert pick_profile(shapes) is load_profile("fslr-keypoints")


@pytest.mark.parametrize("shapes", [{}, {"X": (40, 155)}, {"X": ()}, {"mask": (40, 77)}, {"a": (3,), "meta": ()}])
def test_anything_else_is_generic(shapes: dict[str, tuple[int, ...] | None]) -> None:
    assert pick_profile(shapes) is load_profile("generic")


def test_highest_rank_wins_and_the_earlier_of_equals() -> None:
    any_x = Match(arrays=("X",))
    low, first, second = (profile(n, r, any_x) for n, r in (("low", 1), ("first", 2), ("second", 2)))
    never = profile("never", 9)
    assert pick_profile({"X": (3,)}, [low, never, first, second]) is first
    assert pick_profile({"X": (3,)}, [second, first]) is second
    assert pick_profile({"Y": (3,)}, [low]).name == "generic"


def test_letters_bind_across_the_arrays_of_one_match_only() -> None:
    match = Match(arrays=("X", "t"), shapes={"X": ("T", 2), "t": ("T",)})
    both = profile("both", 1, match)
    assert pick_profile({"X": (5, 2), "t": (5,)}, [both]) is both
    assert pick_profile({"X": (5, 2), "t": (6,)}, [both]).name == "generic"
    apart = profile("apart", 1, Match(arrays=("X",), shapes={"X": ("T", "T")}), Match(arrays=("X",)))
    assert pick_profile({"X": (5, 6)}, [apart]) is apart


@given(SHAPES)
def test_a_shape_fits_itself_its_letters_and_nothing_else(shape: tuple[int, ...]) -> None:
    letters = [f"d{axis}" for axis in range(len(shape))]
    bindings: dict[str, int] = {}
    assert shape_fits(shape, shape)
    assert shape_fits(shape, letters, bindings)
    assert bindings == dict(zip(letters, shape, strict=True))
    assert not shape_fits(shape, [*letters, "more"])
    for axis in range(len(shape)):
        assert not shape_fits(shape, [*shape[:axis], shape[axis] + 1, *shape[axis + 1 :]])


@given(SHAPES, st.lists(LETTERS | SIZES, max_size=4), st.dictionaries(LETTERS, SIZES))
def test_fits_exactly_when_one_size_can_stand_for_each_letter(
    shape: tuple[int, ...], symbolic: list[str | int], known: dict[str, int]
) -> None:
    bindings = dict(known)
    fits = shape_fits(shape, symbolic, bindings)
    sizes: dict[str | int, set[int]] = {letter: {size} for letter, size in known.items()}
    for size, expected in zip(shape, symbolic, strict=False):
        sizes.setdefault(expected, {expected} if isinstance(expected, int) else set()).add(size)
    assert fits == (len(shape) == len(symbolic) and all(len(values) == 1 for values in sizes.values()))
    if fits:
        assert bindings == {k: next(iter(v)) for k, v in sizes.items() if isinstance(k, str)}
    else:
        assert bindings == known
    assert shape_fits(None, symbolic, bindings)
