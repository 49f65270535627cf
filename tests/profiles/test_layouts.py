"""Which axis of an array of videos is which, and which array of a file holds them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import ProfileError
from inspector.profiles import Layout, held_names, layout_of, lengths_by_sample, load_profile, pick_profile

VIDEOS = load_profile("trajectory-videos")
ALLOWED = VIDEOS.arrays["videos"].layouts
SIDES = st.integers(17, 90)
COUNTS = st.integers(5, 400)
Shape = tuple[int, ...]


def axes(shape: Shape, lengths: tuple[int, ...] = ()) -> str | None:
    layout = layout_of(shape, ALLOWED, lengths)
    return None if layout is None else layout.axes


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((200, 16, 3, 64, 64), "NTCHW"),
        ((200, 16, 64, 64, 3), "NTHWC"),
        ((200, 16, 1, 64, 64), "NTCHW"),
        ((200, 16, 64, 64, 4), "NTHWC"),
        ((200, 16, 2, 64, 64), "NTCHW"),  # an unusual number of channels, where nothing else can be one
        ((200, 16, 64, 64, 7), "NTHWC"),
        ((200, 16, 16, 64, 64), "NTCHW"),
        ((200, 16, 17, 64, 64), None),
        ((200, 16, 64, 64, 17), None),
        ((16, 3, 64, 64), "TCHW"),
        ((16, 64, 64, 3), "THWC"),
        ((200, 16, 64, 64), "NTHW"),
        ((16, 64, 64), "THW"),
        ((64, 64), None),
        ((2, 200, 16, 3, 64, 64), None),
        ((), None),
        ((0, 16, 3, 64, 64), "NTCHW"),
        ((200, 0, 3, 64, 64), "NTCHW"),
        ((200, 16, 3, 1, 1), "NTCHW"),
        ((200, 16, 3, 3, 3), "NTCHW"),
    ],
)
def test_axes_by_shape(shape: Shape, expected: str | None) -> None:
    assert axes(shape) == expected


def test_labels_tell_videos_of_few_grey_frames_from_one_in_colour() -> None:
    assert axes((200, 3, 64, 64)) == "TCHW"
    assert axes((200, 3, 64, 64), (200,)) == "NTHW"
    assert axes((200, 3, 64, 64), (199,)) == "TCHW"
    assert axes((16, 64, 64, 3), (16,)) == "THWC"  # 16 samples of pictures three pixels wide are none
    assert axes((200, 16, 64, 64, 3), (200,)) == "NTHWC"


@given(COUNTS, st.integers(1, 40), st.sampled_from([1, 3, 4]), SIDES, SIDES)
def test_any_size_is_told_by_where_its_channels_are(n: int, t: int, c: int, h: int, w: int) -> None:
    sizes = {"N": n, "T": t, "C": c, "H": h, "W": w}
    for expected in ("NTCHW", "NTHWC"):
        layout = layout_of(tuple(sizes[axis] for axis in expected), ALLOWED)
        assert layout is not None
        assert layout.axes == expected
        assert (layout.samples, layout.frames, layout.channels, layout.height, layout.width) == (n, t, c, h, w)


def test_only_layouts_that_the_profile_allows() -> None:
    assert layout_of((200, 16, 64, 64, 3), ["NTCHW"]) is None
    assert layout_of((16, 64, 64), ["NTCHW", "THW"]) == Layout("THW", (16, 64, 64))
    assert layout_of((16, 64, 64), []) is None


def test_an_axis_that_is_not_there_has_the_length_one() -> None:
    layout = Layout("THW", (16, 48, 64))
    assert (layout.samples, layout.frames, layout.channels, layout.height, layout.width) == (1, 16, 1, 48, 64)
    assert (layout.size("N"), layout.size("T")) == (1, 16)


@pytest.mark.parametrize("name", ["videos", *VIDEOS.arrays["videos"].names])
def test_videos_by_each_of_their_names(name: str) -> None:
    assert held_names(VIDEOS, {name: (2, 3, 4)}) == {"videos": name}
    assert pick_profile({name: (16, 64, 64), "other": (3,)}) is VIDEOS


@pytest.mark.parametrize("array", ["labels", "trajectory_3d", "class_names", "equations", "descriptions", "meta"])
def test_what_lies_beside_them_by_each_of_its_names(array: str) -> None:
    for name in (array, *VIDEOS.arrays[array].names):
        assert held_names(VIDEOS, {name: (2,)}) == {array: name}


def test_an_arrays_own_name_comes_before_its_others() -> None:
    shapes: dict[str, Shape | None] = {"label": (9,), "y": (9,), "labels": (9,)}
    assert held_names(VIDEOS, shapes)["labels"] == "labels"
    del shapes["labels"]
    assert held_names(VIDEOS, shapes)["labels"] == "label"


@pytest.mark.parametrize(
    ("shapes", "found"),
    [
        ({"arr_0": (200, 16, 3, 64, 64)}, True),
        ({"arr_0": (200, 16, 64, 64, 3)}, True),
        ({"arr_0": (200, 16, 3, 8, 8)}, True),
        ({"arr_0": (200, 16, 3, 7, 8)}, False),  # rather a network's kernels
        ({"arr_0": (200, 16, 64, 64)}, False),  # may be anything
        ({"arr_0": (200, 16, 64, 64), "y": (200,)}, True),
        ({"arr_0": (200, 16, 64, 64), "y": (199,)}, False),
        ({"arr_0": (200, 3, 64, 64), "y": (200,)}, False),  # pictures in colour, not videos
        ({"arr_0": (200, 64, 64, 3), "y": (200,)}, False),
        ({"arr_0": (16, 64, 64)}, False),
        ({"arr_0": None}, False),
        ({"arr_0": None, "arr_1": (200, 16, 3, 64, 64)}, True),
    ],
)
def test_videos_under_an_unknown_name(shapes: dict[str, Shape | None], found: bool) -> None:
    assert ("videos" in held_names(VIDEOS, shapes)) == found
    assert (pick_profile(shapes) is VIDEOS) == found


def test_an_array_is_taken_for_one_thing_only() -> None:
    held = held_names(VIDEOS, {"labels": (200, 16, 3, 64, 64), "arr_1": (200, 16, 3, 32, 32)})
    assert held == {"labels": "labels", "videos": "arr_1"}


@pytest.mark.parametrize("shape", [(), (200,), (64, 64), (1, 2, 3, 4, 5, 6), (9, 9, 99, 99, 99)])
def test_a_name_alone_makes_no_videos(shape: Shape) -> None:
    assert pick_profile({"videos": shape}).name == "generic"


def test_a_header_that_cannot_be_read_is_trusted_by_its_name() -> None:
    assert pick_profile({"videos": None}) is VIDEOS


def test_lengths_by_sample() -> None:
    shapes: dict[str, Shape | None] = {"y": (5,), "traj": (6, 7, 3), "meta": (8,), "label": None}
    assert lengths_by_sample(VIDEOS, shapes, held_names(VIDEOS, shapes)) == [6]  # `label` goes before `y`
    del shapes["label"]
    assert lengths_by_sample(VIDEOS, shapes, held_names(VIDEOS, shapes)) == [5, 6]
    assert lengths_by_sample(VIDEOS, {"y": ()}, {"labels": "y"}) == []


@pytest.mark.parametrize("wrong", ["NTCHWX", "TNHW", "NTCH", "NNTHW", ""])
def test_layouts_of_a_users_profile_are_checked(tmp_path_factory: pytest.TempPathFactory, wrong: str) -> None:
    path = tmp_path_factory.mktemp("profile") / "mine.toml"
    path.write_text(
        f'name = "mine"\ntitle = "Mine"\nkind = "videos"\n[arrays.v]\nrole = "videos"\nlayouts = ["NTHW", "{wrong}"]\n'
    )
    with pytest.raises(ProfileError, match="axes as in NTCHW"):
        load_profile(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[arrays.v]\nrole = "videos"\n', "layouts"),
        ('[arrays.v]\nlayouts = ["NTHW"]\n', 'role "videos"'),
        ('[arrays.v]\nrole = "videos"\nlayouts = ["THW"]\nnames = ["x"]\n[arrays.w]\nnames = ["x"]\n', "v does not"),
        ('[arrays.v]\nrole = "videos"\nlayouts = ["THW"]\nnames = ["w"]\n[arrays.w]\n', "w does not"),
    ],
)
def test_a_users_profile_of_videos_says_what_it_needs(
    tmp_path_factory: pytest.TempPathFactory, text: str, words: str
) -> None:
    path = tmp_path_factory.mktemp("profile") / "mine.toml"
    path.write_text(f'name = "mine"\ntitle = "Mine"\nkind = "videos"\n{text}')
    with pytest.raises(ProfileError, match=words):
        load_profile(path)
