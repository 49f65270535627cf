"""Labels of every kind as class numbers, and what is wrong with those that are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.checks import Severity
from inspector.checks.labels import Labels, read_labels

TWO = ("cat", "dog")


def read(array: Any, samples: int | None = None, names: tuple[str, ...] = (), known: bool = True) -> Labels:
    held = np.asarray(array)
    return read_labels("y", held, len(held) if samples is None else samples, names, known)


def numbers(labels: Labels) -> list[int]:
    assert labels.numbers is not None
    assert (str(labels.numbers.dtype), labels.numbers.ndim) == ("int64", 1)
    return list(labels.numbers.tolist())


def problem(labels: Labels) -> tuple[str, Severity, str]:
    (only,) = labels.problems
    assert "y" in only.message.split(":")[0].split()
    return only.code, only.severity, only.message


def test_none() -> None:
    labels = read_labels("", None, 5, TWO)
    assert (labels.numbers, dict(labels.names), labels.outside, labels.problems) == (None, {}, frozenset(), ())


@pytest.mark.parametrize("dtype", ["int64", "int8", "uint8", "uint64", ">i4", "float32", "float16", ">f8", "bool"])
def test_whole_numbers_of_any_type(dtype: str) -> None:
    labels = read(np.array([0, 1, 1, 0]).astype(dtype), names=TWO)
    assert numbers(labels) == [0, 1, 1, 0]
    assert labels.names == {0: "cat", 1: "dog"}
    assert (labels.outside, labels.problems) == (frozenset(), ())


def test_one_column() -> None:
    assert numbers(read([[0], [1], [1]])) == [0, 1, 1]
    assert numbers(read([["b"], ["a"]])) == [1, 0]


@pytest.mark.parametrize("dtype", ["int64", "uint8", "float32", "bool"])
def test_one_hot(dtype: str) -> None:
    labels = read(np.eye(3)[[2, 0, 0, 1]].astype(dtype))
    assert numbers(labels) == [2, 0, 0, 1]
    assert labels.problems == ()


@pytest.mark.parametrize("rows", [[[1, 1], [0, 1]], [[0, 0], [0, 1]], [[2, 0], [0, 1]], [[0.5, 0.5], [0, 1]]])
def test_rows_that_are_not_one_hot(rows: Any) -> None:
    labels = read(rows)
    code, severity, text = problem(labels)
    assert (labels.numbers, code, severity) == (None, "BAD_SHAPE", Severity.HIGH)
    assert "[2]" in text and "[2, 2]" in text


@pytest.mark.parametrize("shape", [(), (4, 2, 2), (4, 0), (0, 3)])
def test_other_shapes(shape: tuple[int, ...]) -> None:
    code, _, text = problem(read(np.zeros(shape, int), 4))
    assert (code, str(list(shape)) in text) == ("BAD_SHAPE", True)


def test_text_is_numbered_by_the_alphabet() -> None:
    labels = read(["spin", "line", "spin", "arc"], names=TWO)
    assert numbers(labels) == [2, 1, 2, 0]
    assert labels.names == {0: "arc", 1: "line", 2: "spin"}
    assert numbers(read(np.array(["b", "a"], dtype=object))) == [1, 0]


def test_text_as_bytes() -> None:
    labels = read(np.array([b"b", b"a\xff", b"\xc3\xa9"]))
    assert labels.names == {0: "a\\xff", 1: "b", 2: "é"}


def test_texts_of_their_own_for_each_sample_are_no_classes() -> None:
    texts = [f"sample {k}" for k in range(1001)]
    labels = read(texts)
    assert labels.numbers is None
    assert problem(labels)[:2] == ("BAD_DTYPE", Severity.MEDIUM)
    assert "1001 different texts for 1001 samples" in labels.problems[0].message
    assert read(texts[:1000]).numbers is not None
    assert read([*texts, *texts]).numbers is not None


@pytest.mark.parametrize("dtype", ["complex64", "M8[s]", "m8[s]", "V4"])
def test_other_types(dtype: str) -> None:
    labels = read(np.zeros(4, "V4") if dtype == "V4" else np.zeros(4, np.int64).astype(dtype))
    code, severity, text = problem(labels)
    assert (labels.numbers, code, severity) == (None, "BAD_DTYPE", Severity.HIGH)
    assert "whole numbers or text" in text and str(np.dtype(dtype)) in text


@pytest.mark.parametrize(
    ("held", "samples", "where"), [(5, 8, ((5, 7),)), (7, 8, ((7, 7),)), (9, 8, ()), (0, 8, ((0, 7),))]
)
def test_too_few_or_too_many(held: int, samples: int, where: Any) -> None:
    labels = read(np.zeros(held, int), samples)
    code, severity, text = problem(labels)
    assert (labels.numbers, code, severity) == (None, "LENGTH_MISMATCH", Severity.HIGH)
    assert f"{held} labels for 8 samples" in text
    assert labels.problems[0].samples == where


def test_numbers_beyond_the_classes_that_are_known() -> None:
    labels = read([0, 2, 1, -1, 2], names=TWO)
    assert numbers(labels) == [0, 2, 1, -1, 2]
    code, severity, text = problem(labels)
    assert (code, severity) == ("LABEL_OUT_OF_RANGE", Severity.HIGH)
    assert "3 labels outside 0 to 1: -1, 2" in text
    assert labels.problems[0].samples == ((1, 1), (3, 4))
    assert labels.outside == {-1, 2}
    assert labels.names == {-1: "class -1", 0: "cat", 1: "dog", 2: "class 2"}


def test_the_last_class_is_fine_and_the_next_is_not() -> None:
    assert read([0, 1], names=TWO).problems == ()
    assert "1 label outside" in problem(read([0, 2], names=TWO))[2]


@pytest.mark.parametrize(
    ("held", "where"),
    [
        ([0, 1, 2, 0], ()),
        ([0, 1, 3, 0], ((2, 2),)),  # three numbers: 0, 1, 2
        ([1, 2, 1, 2], ((1, 1), (3, 3))),
        ([0, -1, 1, 0], ((1, 1),)),
        ([0, 0, 0, 0], ()),
        ([5, 5, 5, 5], ()),  # one number may be any
    ],
)
def test_where_nobody_says_how_many_classes_there_are_they_are_counted(held: list[int], where: Any) -> None:
    for names, known in (((), True), (TWO, False)):
        problems = read(held, names=names, known=known).problems
        assert [p.samples for p in problems] == ([where] if where else [])


def test_names_that_do_not_say_how_many_classes_there_are_still_name_them() -> None:
    assert read([0, 1, 2], names=TWO, known=False).names == {0: "cat", 1: "dog", 2: "class 2"}


@pytest.mark.parametrize("bad", [0.5, np.nan, np.inf, -np.inf, 1e300])
def test_floats_that_are_no_whole_numbers(bad: float) -> None:
    labels = read([0.0, bad, 1.0], names=TWO)
    assert numbers(labels) == [0, -1, 1]
    code, _, text = problem(labels)
    assert code == "LABEL_OUT_OF_RANGE"
    assert "1 labels are no whole numbers" in text or "1 label is no whole number" in text
    assert f"{bad:g}" in text
    assert labels.problems[0].samples == ((1, 1),)
    assert labels.outside == {-1}


def test_two_kinds_of_wrong_labels() -> None:
    labels = read([0.0, 0.5, 1.0, 7.0, -2.0], names=TWO)
    assert [p.samples for p in labels.problems] == [((1, 1),), ((3, 4),)]
    assert labels.outside == {-1, 7, -2}


def test_at_most_five_of_the_wrong_numbers_are_told() -> None:
    assert problem(read(range(2, 12), names=TWO))[2].endswith(": 2, 3, 4, 5, 6")


def test_no_samples() -> None:
    assert numbers(read(np.zeros(0, int), 0)) == []
    assert numbers(read(np.zeros(0, "U3"), 0)) == []


@given(st.lists(st.integers(-3, 6), min_size=1, max_size=30), st.integers(1, 6))
def test_outside_is_what_no_class_has(held: list[int], classes: int) -> None:
    labels = read(held, names=tuple("abcdef"[:classes]))
    assert numbers(labels) == held
    assert labels.outside == {n for n in held if not 0 <= n < classes}
    wrong = {k for p in labels.problems for first, last in p.samples for k in range(first, last + 1)}
    assert wrong == {k for k, n in enumerate(held) if not 0 <= n < classes}
    assert labels.names.keys() == set(held)
