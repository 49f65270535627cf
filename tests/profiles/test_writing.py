"""Profiles written as TOML and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.errors import ProfileError
from inspector.profiles import Limits, Profile, builtin_names, load_profile
from inspector.profiles.writing import write_profile

replace = msgspec.structs.replace
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@pytest.mark.parametrize("name", builtin_names())
def test_a_moved_limit_is_three_lines_more_than_the_extended_profile(tmp_path: Path, name: str) -> None:
    base = load_profile(name)
    mine = replace(base, name="mine", title="Mine", limits=replace(base.limits, speed_spike=7.25, swap_frames=77))
    write_profile(mine, tmp_path / "mine.toml")
    text = (tmp_path / "mine.toml").read_text()
    assert load_profile(tmp_path / "mine.toml") == mine
    assert text.splitlines() == [
        f'extends = "{name}"',
        'name = "mine"',
        'title = "Mine"',
        "",
        "[limits]",
        f"speed_spike = 7.25  # was {base.limits.speed_spike!r}",
        f"swap_frames = 77  # was {base.limits.swap_frames}",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_differs_is_read_back(tmp_path: Path, data: st.DataObject) -> None:
    base = load_profile(data.draw(st.sampled_from(builtin_names())))
    draw = data.draw
    changes: dict[str, Any] = {
        "name": draw(texts.filter(bool)),
        "title": draw(texts),
        "description": draw(texts),
        "rank": draw(st.integers(-5, 5)),
        "limits": replace(base.limits, jitter=draw(st.floats(1e-300, 1e300)), dead_rows=draw(st.integers(1, 2**40))),
    }
    if draw(st.booleans()):
        changes |= {"skeleton": None}
    if draw(st.booleans()):
        changes |= {"match": (), "targets": {}}
    elif draw(st.booleans()) and base.targets:
        issue = "a" + draw(st.text("b \"\n\\'é", max_size=8))
        targets = {
            title: replace(target, requires=tuple(replace(each, issue=issue) for each in target.requires))
            for title, target in base.targets.items()
        }
        changes |= {"targets": targets}
    mine = replace(base, **changes)
    write_profile(mine, tmp_path / "mine.toml")
    assert load_profile(tmp_path / "mine.toml") == mine


def test_a_profile_with_less_than_any_built_in_one_is_written_out(tmp_path: Path) -> None:
    base = load_profile("fslr-keypoints")
    arrays = {"X": replace(base.arrays["X"], range=None), "a b.c": base.arrays["meta"]}
    mine = replace(base, name="w", match=(), targets={}, arrays=arrays)
    write_profile(mine, tmp_path / "w.toml")
    assert "extends" not in (tmp_path / "w.toml").read_text()
    assert load_profile(tmp_path / "w.toml") == mine


def test_a_skeleton_of_ones_own_is_written_beside(tmp_path: Path) -> None:
    base = load_profile("fslr-keypoints")
    assert base.skeleton is not None
    mine = replace(base, name="w", skeleton=replace(base.skeleton, title='My "own"'))
    write_profile(mine, tmp_path / "w.toml")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["w.skeleton.toml", "w.toml"]
    assert load_profile(tmp_path / "w.toml") == mine


def test_a_users_profile_that_extends_a_built_in_one_is_written_as_that(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extends = "fslr-keypoints"\n[limits]\njitter = 0.3\n')
    first = load_profile(tmp_path / "a.toml")
    write_profile(replace(first, limits=replace(first.limits, frozen_frames=9)), tmp_path / "b.toml")
    assert load_profile(tmp_path / "b.toml").limits == replace(Limits(), jitter=0.3, frozen_frames=9)
    assert (tmp_path / "b.toml").read_text().startswith('extends = "fslr-keypoints"\n')


@pytest.mark.parametrize("name", ["nowhere/mine.toml", "folder.toml"])
def test_what_cannot_be_written_leaves_everything_as_it_was(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.toml").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ProfileError, match="cannot be written"):
        write_profile(load_profile("generic"), tmp_path / name)
    assert sorted(tmp_path.rglob("*")) == before


def test_text_that_is_not_unicode_is_said_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("old")
    with pytest.raises(ProfileError, match="Unicode"):
        write_profile(Profile(name="a", title="\udc80", kind="generic"), path)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("mine.toml", "old")]
