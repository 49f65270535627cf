"""Labels of any kind as class numbers, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from inspector.checks.arrays import AnyArray
from inspector.checks.finding import Finding, Severity, to_ranges

_MOST_CLASSES = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """What class each sample is of.

    Attributes
    ----------
    numbers
        int64 (N,); None where there are no labels that can be used.
    names
        What each number that occurs is called.
    outside
        Numbers that occur and that no class has.
    problems
        What is wrong with them.
    """

    numbers: AnyArray | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    outside: frozenset[int] = frozenset()
    problems: tuple[Finding, ...] = ()


def read_labels(
    name: str, array: AnyArray | None, samples: int, class_names: Sequence[str], known: bool = True
) -> Labels:
    """Labels as class numbers.

    Parameters
    ----------
    name
        Of the array, for messages.
    array
        Whole numbers (also as floats), truth values, text, or one row a sample with a single 1 in it (one-hot);
        (N,) or (N, 1) or (N, K). None: there are none.
    class_names
        What numbers 0, 1, ... are called; empty when nobody knows.
    known
        Whether `class_names` says how many classes there are, so that a number beyond them is wrong.
    """
    if array is None:
        return Labels()
    if array.ndim == 0 and samples == 1:
        array = array.reshape(1)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    elif array.ndim == 2 and _is_one_hot(array):
        array = array.argmax(axis=1)
    if array.ndim != 1:
        text = f"{name}: expected one label a sample, shape [{samples}], found {list(array.shape)}"
        return Labels(problems=(Finding("BAD_SHAPE", Severity.HIGH, text),))
    if len(array) != samples:
        text = f"{name} holds {len(array)} labels for {samples} samples: nobody can say which belongs to which"
        where = to_ranges(np.arange(*sorted((len(array), samples)))) if len(array) < samples else ()
        return Labels(problems=(Finding("LENGTH_MISMATCH", Severity.HIGH, text, samples=where),))
    if array.dtype.kind in "USO":
        return _of_text(name, array)
    if array.dtype.kind not in "iufb":
        text = f"{name}: expected whole numbers or text, found {array.dtype}"
        return Labels(problems=(Finding("BAD_DTYPE", Severity.HIGH, text),))
    problems: list[Finding] = []
    if array.dtype.kind == "u" and array.dtype.itemsize == 8 and array.size and array.max() > 2**53:
        array = array.astype(np.float64)  # int64 would take the largest for negative ones
    if array.dtype.kind == "f":
        with np.errstate(invalid="ignore", over="ignore"):
            bad = ~np.isfinite(array) | (array != np.round(array)) | (np.abs(array) > 2**53)
        if bad.any():
            where = to_ranges(bad)
            text = f"{name}: {int(bad.sum())} labels are no whole numbers, such as {array[bad][0]:g}"
            problems.append(Finding("LABEL_OUT_OF_RANGE", Severity.HIGH, text, samples=where))
            array = np.where(bad, -1, array)
    numbers = array.astype(np.int64)
    names = {int(n): class_names[n] for n in np.unique(numbers) if 0 <= n < len(class_names)}
    problems += _out_of_range(name, numbers, len(class_names) if known else 0, problems)
    wrong = [numbers[first : last + 1] for finding in problems for first, last in finding.samples]
    outside = frozenset(np.concatenate(wrong).tolist()) if wrong else frozenset()
    return Labels(numbers, _named(numbers, names), outside, tuple(problems))


def _is_one_hot(array: AnyArray) -> bool:
    if array.dtype.kind not in "iufb" or not array.size:
        return False
    return bool(((array == 0) | (array == 1)).all() and (array.sum(axis=1) == 1).all())


def _of_text(name: str, array: AnyArray) -> Labels:
    """Texts, numbered in the order of the alphabet."""
    texts = np.array([_text(value) for value in array.tolist()], dtype=object)
    found = sorted(set(texts.tolist()))
    if len(found) > max(_MOST_CLASSES, len(array) // 2) and len(array) > 2:
        text = f"{name} holds {len(found)} different texts for {len(array)} samples: that is no class"
        return Labels(problems=(Finding("BAD_DTYPE", Severity.MEDIUM, text),))
    number = {text: place for place, text in enumerate(found)}
    numbers = np.array([number[text] for text in texts], dtype=np.int64)
    return Labels(numbers, dict(enumerate(found)))


def _text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _out_of_range(name: str, numbers: AnyArray, classes: int, before: Iterable[Finding]) -> list[Finding]:
    """Labels that no class has.

    Where nobody says how many classes there are, K different numbers are taken for 0 to K - 1: a gap below a number
    makes a network's last layer too large, or its loss fail. A single number may be any.
    """
    said = [np.arange(first, last + 1) for finding in before for first, last in finding.samples]
    fine = np.ones(len(numbers), dtype=bool)
    if said:
        fine[np.concatenate(said)] = False
    found = np.unique(numbers[fine & (numbers >= 0)])
    most = classes or (len(found) if len(found) > 1 else int(found.max(initial=0)) + 1)
    bad = fine & ((numbers < 0) | (numbers >= most))
    if not bad.any():
        return []
    such = ", ".join(str(n) for n in np.unique(numbers[bad])[:5])
    count = int(bad.sum())
    text = f"{name}: {count} label{'s' if count > 1 else ''} outside 0 to {most - 1}: {such}"
    return [Finding("LABEL_OUT_OF_RANGE", Severity.HIGH, text, samples=to_ranges(bad))]


def _named(numbers: AnyArray, names: Mapping[int, str]) -> dict[int, str]:
    return {int(n): names.get(int(n), f"class {n}") for n in np.unique(numbers)[:_MOST_CLASSES]}
