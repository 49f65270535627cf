"""Profiles and skeletons that users write."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from inspector.profiles import Limits, load_profile, load_skeleton, pick_profile

SKELETON = """
points = ["root", "knee", "tip_{0..2}"]
bones = [["0..2"], [1, 3, 4]]
contours = [[2, 3]]
pairs = [["2..2", 3]]
[[groups]]
name = "all"
title = "All"
colour = "#112233"
points = ["0..3", 4]
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_three_lines_change_one_limit(tmp_path: Path) -> None:
    mine = load_profile(write(tmp_path / "mine.toml", 'extends = "fslr-keypoints"\n[limits]\nspeed_spike = 5\n'))
    base = load_profile("fslr-keypoints")
    assert mine.limits == msgspec.structs.replace(Limits(), speed_spike=5.0)
    assert (mine.name, mine.title) == ("mine", "mine")
    assert mine == msgspec.structs.replace(base, name="mine", title="mine", limits=mine.limits)
    assert mine.digest() != base.digest()
    assert pick_profile({"X": (4, 156)}, [mine, base]) is mine


def test_tables_merge_and_lists_are_replaced(tmp_path: Path) -> None:
    write(
        tmp_path / "base.toml",
        """
        title = "Base"
        kind = "keypoints"
        rank = 7
        match = [{ arrays = ["P"] }, { arrays = ["Q"] }]
        [arrays.P]
        role = "points"
        dtype = "float64"
        [arrays.Q]
        """,
    )
    child = load_profile(
        write(
            tmp_path / "deep" / "child.toml",
            'extends = "../base.toml"\nname = "kid"\nmatch = [{ arrays = ["Q"] }]\n[arrays.P]\nrange = [0, 1]\n',
        )
    )
    assert (child.name, child.title, child.rank, child.kind) == ("kid", "kid", 7, "keypoints")
    assert [match.arrays for match in child.match] == [("Q",)]
    assert (child.arrays["P"].dtype, child.arrays["P"].range, child.arrays["P"].role) == ("float64", (0, 1), "points")
    assert list(child.arrays) == ["P", "Q"]


def test_a_file_is_read_anew_each_time(tmp_path: Path) -> None:
    path = write(tmp_path / "p.toml", 'kind = "generic"\ntitle = "one"\n')
    assert load_profile(path).title == "one"
    write(path, 'kind = "generic"\ntitle = "two"\n')
    assert load_profile(path).title == "two"


def test_skeleton_path_starts_at_the_file_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "lib" / "bones" / "leg.toml", SKELETON)
    write(tmp_path / "lib" / "base.toml", 'kind = "generic"\nskeleton = "bones/leg.toml"\n')
    child = write(tmp_path / "child.toml", 'extends = "lib/base.toml"\n')
    monkeypatch.chdir(tmp_path)
    for name in (child, "child.toml", Path("lib/base.toml")):
        skeleton = load_profile(name).skeleton
        assert skeleton is not None
        assert skeleton.name == "leg"
    none = load_profile(write(tmp_path / "none.toml", 'extends = "child.toml"\nskeleton = ""\n'))
    assert none.skeleton is None


def test_short_forms_are_written_out(tmp_path: Path) -> None:
    skeleton = load_skeleton(write(tmp_path / "leg.toml", SKELETON))
    assert skeleton.points == ("root", "knee", "tip_0", "tip_1", "tip_2")
    assert skeleton.bones == ((0, 1), (1, 2), (1, 3), (3, 4))
    assert skeleton.contours == ((2, 3),)
    assert skeleton.pairs == ((2, 3),)
    assert skeleton.groups[0].points == (0, 1, 2, 3, 4)
    assert (skeleton.name, skeleton.title) == ("leg", "leg")


def test_another_layout_of_points(tmp_path: Path) -> None:
    text = """
    kind = "keypoints"
    skeleton = "coco-17"
    match = [{ arrays = ["keypoints"], shapes = { keypoints = ["T", 17, 2] } }]
    [arrays.keypoints]
    role = "points"
    shape = ["T", 17, 2]
    [arrays.scores]
    role = "visibility"
    shape = ["T", 17]
    optional = true
    [targets.train]
    title = "Training"
    requires = [{ rule = "present", arrays = ["keypoints", "scores"], issue = "{scores} of {keypoints}" }]
    """
    profile = load_profile(write(tmp_path / "coco.toml", text))
    assert profile.named("points") == "keypoints"
    assert pick_profile({"keypoints": (9, 17, 2)}, [profile]) is profile


def test_a_byte_order_mark_and_crlf_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b'\xef\xbb\xbfkind = "generic"\r\ntitle = "W"\r\n')
    assert load_profile(path).title == "W"


def test_builtin_names_win_over_files_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "generic", 'kind = "generic"\ntitle = "not this"\n')
    write(tmp_path / "plain", 'kind = "generic"\ntitle = "this"\n')
    monkeypatch.chdir(tmp_path)
    assert load_profile("generic").title != "not this"
    assert load_profile("plain").title == "this"
