from __future__ import annotations

import builtins

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gui.models import file_names
from inspector.gui.models.file_names import FileNames, fold
from inspector.gui.models.name_order import END, Names

letters = st.text(st.sampled_from("abAB1é_\U0001f600\x01"), min_size=1, max_size=14)
paths = st.text(st.sampled_from("ab/\\é\n\udcff "), min_size=1, max_size=7).map(lambda text: f"/r/{text}")


def blob(texts: list[str]) -> Names:
    pieces = [text.encode() + bytes([END]) for text in texts]
    ends = np.cumsum([len(piece) for piece in pieces], dtype=np.int64) - 1
    return Names(np.frombuffer(b"".join(pieces), np.uint8), ends)


@given(st.lists(letters, max_size=40), st.data())
def test_names_sort_as_python_sorts_them(texts: list[str], data: st.DataObject) -> None:
    expected = sorted(range(len(texts)), key=texts.__getitem__)
    assert blob(texts).order().tolist() == expected
    first = data.draw(st.integers(0, len(texts)))
    assert blob(texts).order(blob(texts[:first]).order()).tolist() == expected


@given(st.lists(letters, max_size=30), letters)
def test_parts_are_found_within_names_only(texts: list[str], part: str) -> None:
    for one in (part, part[:1], part[:2], ""):
        assert blob(texts).containing(one.encode()).tolist() == [one in text for text in texts]


def test_a_part_over_the_end_of_a_name_is_in_none() -> None:
    assert not blob(["ab", "cd"]).containing(b"b\nc").any()


@given(st.lists(st.lists(paths, max_size=8), max_size=6), st.integers(0, 20))
def test_paths_come_back_as_they_were_each_once(batches: list[list[str]], cut: int) -> None:
    names = FileNames()
    known: list[str] = []
    for batch in batches:
        new = [path for path in dict.fromkeys(batch) if path not in known]
        assert names.append(batch, "/r") == len(new)
        known += new
        assert list(names.paths) == known
    assert names.find([*known, "/elsewhere"]).tolist() == [*range(len(known)), -1]
    before, was = names.paths, list(known)
    names.shorten(min(cut, len(known)))
    del known[cut:]
    for batch in batches:
        known += [path for path in dict.fromkeys(batch) if path not in known]
        names.append(batch, "/r")
    assert list(names.paths) == known
    assert list(before) == was
    assert names.find(known).tolist() == list(range(len(known)))
    order = names.folded.order().tolist()
    listed = list(names.names)
    assert [fold(listed[row]) for row in order] == sorted(map(fold, listed))


def test_paths_with_the_same_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_names, "hash", lambda _: 7, raising=False)
    names = FileNames()
    assert names.append(["/a", "/b"]) == 2
    for fresh in (4096, 0):
        monkeypatch.setattr(file_names, "_FRESH", fresh)
        names.append(["/b", f"/c{fresh}", "/a"])
    assert list(names.paths) == ["/a", "/b", "/c4096", "/c0"]
    assert names.find(["/c0", "/a", "/b", "/no", "/c4096"]).tolist() == [3, 0, 1, -1, 2]
    assert builtins.hash("/a") != 7


def test_many_paths_are_found_once_they_are_sorted_in() -> None:
    names = FileNames()
    some = [f"/d/{k % 7}/{k * 7919 % 20_011}.npz" for k in range(20_000)]
    for start in range(0, len(some), 3000):
        names.append(some[start : start + 3000], "/d")
    assert names.find(some).tolist() == list(range(len(some)))
    assert names.append(some, "/d") == 0
    assert names.names[3] == f"3/{3 * 7919 % 20_011}.npz"
    assert names.paths.at([2, 0])[:] == [some[2], some[0]]
    assert names.paths[-1] == some[-1]
    with pytest.raises(IndexError, match="20,000"):
        names.paths[20_000]
