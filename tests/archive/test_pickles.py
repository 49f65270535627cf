"""Plain values come out of pickles of every protocol, and everything else as its name."""

from __future__ import annotations

import collections
import pickle
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector.archive import Opaque, decode_pickle, pickle_imports
from tests.archive.traps import Trap, trip

pytestmark = pytest.mark.usefixtures("nothing_is_executed")

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


class Custom:
    def __init__(self) -> None:
        self.x = 1


HASHABLE = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9) | st.binary(max_size=9)
)
VALUES = st.recursive(
    HASHABLE | st.complex_numbers(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(HASHABLE, inner, max_size=4)
        | st.sets(HASHABLE, max_size=4)
        | st.frozensets(HASHABLE, max_size=4)
    ),
    max_leaves=20,
)


def spelled(value: object) -> object:
    """The value in text, so that 1, 1.0 and True differ; sets in an order of their own."""
    if isinstance(value, dict):
        return [(repr(key), spelled(item)) for key, item in value.items()]
    if isinstance(value, set | frozenset):
        return [type(value), *sorted(map(repr, value))]
    if isinstance(value, list | tuple):
        return [type(value), *map(spelled, value)]
    return repr(value)


@given(VALUES, st.sampled_from(PROTOCOLS))
@example([[1], [1]], 4)
@example({(1, ("a", frozenset({2}))): b""}, 2)
@example("a\n\\b\x00'\"é☃\U0001f600", 0)
def test_plain_values_of_every_protocol(value: object, protocol: int) -> None:
    found = decode_pickle(pickle.dumps(value, protocol))
    assert spelled(found) == spelled(value)


def dumped_shared() -> bytes:
    inner = [1, 2]
    return pickle.dumps({"a": inner, "b": inner})


def test_nothing_is_shared() -> None:
    found: Any = decode_pickle(dumped_shared())
    assert found == {"a": [1, 2], "b": [1, 2]}
    assert found["a"] is not found["b"]


ARRAYS = [
    np.arange(6, dtype="<f4").reshape(2, 3),
    np.asfortranarray(np.arange(6, dtype=">i2").reshape(2, 3)),
    np.array(5.0),
    np.empty((0, 3)),
    np.array(["ab", "ü"]),
    np.array([b"x", b"yz"]),
    np.array([True, False]),
    np.array(["2020-01-01", "NaT"], "M8[ns]"),
    np.array([1, 2], "m8[25s]"),
    np.array([1, 2], np.longdouble),
    np.array([(1, [2.0, 3.0], "z")], [("a", "<i4"), ("b", ">f8", (2,)), ("c", "U3")]),
    np.zeros(2, np.dtype([("a", "i1"), ("b", [("c", "f8")])], align=True)),
    np.arange(4).view(np.recarray),
]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: array.dtype.str)
def test_numpy_arrays_and_scalars(array: np.ndarray[Any, Any], protocol: int) -> None:
    found: Any = decode_pickle(pickle.dumps({"array": array}, protocol))
    assert type(found["array"]) is np.ndarray
    assert found["array"].dtype == array.dtype
    assert found["array"].shape == array.shape
    assert found["array"].tobytes() == array.tobytes()
    if array.size:
        scalar = array.reshape(-1)[0]
        one: Any = decode_pickle(pickle.dumps(scalar, protocol))
        assert one.dtype == scalar.dtype
        assert one.tobytes() == scalar.tobytes()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_arrays_of_objects_become_lists(protocol: int) -> None:
    table = np.array([[1, "a"], [None, {"k": np.float32(2)}]], dtype=object)
    assert decode_pickle(pickle.dumps(table, protocol)) == [[1, "a"], [None, {"k": 2.0}]]
    assert decode_pickle(pickle.dumps(np.array({"fps": 30}, dtype=object), protocol)) == {"fps": 30}
    records = np.array([(1, None), (2, "x")], [("a", "i4"), ("b", "O")])
    assert decode_pickle(pickle.dumps(records, protocol)) == [(1, None), (2, "x")]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_dicts_of_the_standard_library(protocol: int) -> None:
    lists: Any = collections.defaultdict(list)
    lists["a"].append(1)
    assert decode_pickle(pickle.dumps(collections.OrderedDict(b=1, a=[2]), protocol)) == {"b": 1, "a": [2]}
    assert decode_pickle(pickle.dumps(lists, protocol)) == {"a": [1]}
    assert decode_pickle(pickle.dumps(bytearray(b"abc"), protocol)) == b"abc"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_everything_else_is_opaque(protocol: int) -> None:
    here = Custom.__module__
    found: Any = decode_pickle(
        pickle.dumps([Trap(), Custom(), date(2020, 1, 1), np.ma.array([1]), np.dtype("f4"), trip, 1], protocol)
    )
    assert found == [
        Opaque("tests.archive.traps.trip"),
        Opaque(f"{here}.Custom"),
        Opaque("datetime.date"),
        Opaque("numpy.ma.core._mareconstruct"),
        Opaque("numpy.dtype"),
        Opaque("tests.archive.traps.trip"),
        1,
    ]
    assert str(found[2]) == "<datetime.date>"


def test_python_2_text_is_utf_8_where_it_can_be() -> None:
    assert decode_pickle(b"S'caf\\xc3\\xa9'\n.") == "café"
    assert decode_pickle(b"U\x04caf\xe9.") == "café"
    one = rb"S'\x00\x00\x00\x00\x00\x00\xf0?'"
    assert decode_pickle(b"cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(S'f8'\nI0\nI1\ntR" + one + b"\ntR.") == 1.0


def test_a_subclass_of_arrays_shows_its_array_if_it_has_one() -> None:
    plain = pickle.dumps(np.arange(3), 2)
    assert b"numpy\nndarray\n" in plain
    foreign = plain.replace(b"numpy\nndarray\n", b"sleap.instance\nPoints\n")
    found: Any = decode_pickle(foreign)
    assert found.tolist() == [0, 1, 2]
    assert "sleap.instance.Points" in pickle_imports(foreign)
    bare = b"cnumpy.core.multiarray\n_reconstruct\n(ca.b\nC\n(I0\ntS'b'\ntR}b."
    assert decode_pickle(bare) == Opaque("a.b.C")
