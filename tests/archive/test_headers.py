"""Headers that numpy could have written are read; others are refused with what they declare."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.archive.damage import DamageError
from inspector.archive.literal import parse_literal
from inspector.archive.npy import Header, as_array, parse_header
from inspector.errors import ArchiveError
from tests.archive.zips import Piece, headed, make_zip, npy, opened


def header(text: str, data: bytes = b"", version: int = 1) -> Header:
    content = headed(text, data, version)
    return parse_header(content, len(content))


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize(
    "text",
    [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
        "{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}",
        "{'descr':'<f4','fortran_order':False,'shape':(2,3,)}         ",
        ' { "descr" : "<f4" , "fortran_order" : False , "shape" : ( 2 , 3 ) } ',
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }",
        "{'descr': u'<f4', 'fortran_order': False, 'shape': (2L, 3), }",
        "{'descr': 'float32', 'fortran_order': False, 'shape': (2, 3), }",
        r"{'d\x65scr': '<\u0066\U00000034', 'fortran_order': False, 'shape': (2, 3), }",
    ],
)
def test_one_array_written_many_ways(text: str, version: int) -> None:
    data = np.arange(6, dtype="<f4").reshape(2, 3)
    content = headed(text, data.tobytes(), version)
    found = parse_header(content, len(content))
    assert (found.shape, found.dtype, found.fortran) == ((2, 3), np.dtype("<f4"), False)
    assert np.array_equal(as_array(content, found), data)
    assert found.row_bytes == 12


@pytest.mark.parametrize(
    "dtype",
    [
        [("a", "<i4"), ("b", ">f8")],
        [("a", "<i4", (2,)), ("b", "|S3", (2, 2))],
        [("outer", [("x", "<f4"), ("y", [("z", "<U2")])])],
        [(("a title", "name"), "<f4"), ("other", "<M8[25us]")],
        [("it's", "<f4"), ('a "b"', "<f4"), ("c\\d\n", "|u1")],
        {"names": ["a", "b"], "formats": ["i1", "<f8"], "offsets": [0, 8], "itemsize": 24},
        "|V0",
        "<U0",
        "|V3",
        "<m8",
        "<M8[D]",
        ">c16",
    ],
)
def test_dtypes_as_numpy_describes_them(dtype: Any) -> None:
    array: np.ndarray[Any, Any] = np.ndarray((2, 3), np.dtype(dtype))  # numpy.zeros would widen empty text
    content = npy(array)
    assert parse_header(content, len(content)).dtype == array.dtype


def test_names_beyond_latin_1() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = npy(np.zeros(2, [("é☃", "<f4")]), (3, 0))
    assert parse_header(content, len(content)).dtype.names == ("é☃",)


SHAPE = "{{'descr': '<f4', 'fortran_order': False, 'shape': {}, }}"
DESCR = "{{'descr': {}, 'fortran_order': False, 'shape': (1,), }}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SHAPE.format("(2, 3)"), r"declares shape \(2, 3\) of <f4, 24 bytes, but holds 8"),
        (SHAPE.format("(1,)"), r"declares shape \(1,\) of <f4, 4 bytes, but holds 8"),
        (SHAPE.format("()"), "4 bytes, but holds 8"),
        (SHAPE.format("(0,)"), "0 bytes, but holds 8"),
        (SHAPE.format("(4294967296, 4294967296, 4294967296)"), "impossible shape"),
        (SHAPE.format("(99999999999999999999,)"), "impossible shape"),
        (SHAPE.format("(0, 4611686018427387904, 8)"), "impossible shape"),
        (SHAPE.format("(1000000000000, 0)"), "impossible shape"),
        (SHAPE.format("(" + "1, " * 65 + ")"), "65 dimensions; at most"),
        (SHAPE.format("(-1,)"), "not a tuple of lengths"),
        (SHAPE.format("(2)"), "not a tuple of lengths"),
        (SHAPE.format("2"), "not a tuple of lengths"),
        (SHAPE.format("[2]"), "not a tuple of lengths"),
        (SHAPE.format("(True, 2)"), "not a tuple of lengths"),
        (SHAPE.format("('2',)"), "not a tuple of lengths"),
        (SHAPE.format("(1e3,)"), "cannot be understood at"),
        (SHAPE.format("(1 + 1,)"), "cannot be understood at"),
        (SHAPE.format("(__import__('os').getpid(),)"), "cannot be understood at"),
        (SHAPE.format("(" * 5000), "cannot be understood"),
        (DESCR.format("'<f3'"), "impossible dtype '<f3'"),
        (DESCR.format("'<U2147483647'"), "unknown dtype|impossible dtype"),
        (DESCR.format("'<q16'"), "unknown dtype"),
        (DESCR.format("'f4,f4'"), "unknown dtype"),
        (DESCR.format("'(2,)f4'"), "unknown dtype"),
        (DESCR.format("'a8'"), "unknown dtype"),
        (DESCR.format("'<M8[parsec]'"), "unknown dtype"),
        (DESCR.format("'<M8[0s]'"), "unknown dtype"),
        (DESCR.format("'<M8[xx]'"), "impossible dtype"),
        (DESCR.format("None"), "impossible dtype"),
        (DESCR.format("('<f4', (2,))"), "impossible dtype"),
        (DESCR.format("[]"), "0 bytes, but holds 8"),
        (DESCR.format("['<f4']"), "impossible dtype"),
        (DESCR.format("[('a', '<f4'), ('a', '<f4')]"), "impossible dtype"),
        (DESCR.format("[('a', '<f4', -1)]"), "impossible dtype"),
        (DESCR.format("[('a', '<f4', 'x')]"), "impossible dtype"),
        (DESCR.format("[('a', '<f4', (1000000000, 1000000000))]"), "impossible dtype"),
        (DESCR.format("[(1, '<f4')]"), "impossible dtype"),
        (DESCR.format("[(('title', 2), '<f4')]"), "impossible dtype"),
        (DESCR.format("[('a', '<f4', (2,), 3)]"), "impossible dtype"),
        ("{'descr': '<f8', 'fortran_order': 1, 'shape': (1,), }", "declares '1' as its fortran_order"),
        ("{'descr': '<f8', 'shape': (1,), }", "without exactly the keys"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}", "without exactly the keys"),
        ("('descr', '<f8')", "without exactly the keys"),
        ("", "cannot be understood"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } + {}", "cannot be understood|after its end"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } 1", "something after its end"),
        ("{'descr': '<f8' 'fortran_order': False, 'shape': (1,), }", "where a comma should be"),
        ("{'descr', 'fortran_order', 'shape'}", "keys are not text"),
        (r"{'\UFFFFFFFF': 1}", "impossible character"),
        (r"{'\d': 1}", r"impossible character \\d"),
    ],
)
def test_headers_that_lie_or_are_none(text: str, reason: str) -> None:
    with pytest.raises(DamageError, match=reason):
        header(text, b"\0" * 8)


def test_text_that_python_cannot_hold(tmp_path: Path) -> None:
    """numpy loads it, and then fails with a SystemError on printing it."""
    beyond = (0x110000).to_bytes(4, "little")
    plain = headed("{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }", beyond)
    nested = headed("{'descr': [('a', [('b', '<U1')])], 'fortran_order': False, 'shape': (1,), }", beyond)
    with opened(tmp_path, make_zip(Piece(b"a.npy", plain), Piece(b"b.npy", nested))) as npz:
        for name in npz.names:
            with pytest.raises(ArchiveError, match=r"beyond U\+10FFFF"):
                npz.read(name)
            with pytest.raises(ArchiveError, match=r"beyond U\+10FFFF"):
                npz.rows(name, 0, 1)


def test_dates_without_a_unit(tmp_path: Path) -> None:
    text = "{'descr': '<M8', 'fortran_order': False, 'shape': (1,), }"
    never, number = headed(text, np.array(["NaT"], "M8").tobytes()), headed(text, b"\1" + b"\0" * 7)
    with opened(tmp_path, make_zip(Piece(b"never.npy", never), Piece(b"number.npy", number))) as npz:
        assert np.isnat(npz.read("never"))
        with pytest.raises(ArchiveError, match="do not say what they count"):
            npz.read("number")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (headed("{}", version=2, length=(1 << 31) - 1), "up to byte 2,147,483,659, but has only 15 bytes"),
        (headed("{}", b"\0" * (2 << 20), version=2, length=2 << 20), "of 2,097,164 bytes; at most 1,048,576"),
        (b"\x93NUMPY\1\0", "has only 8 bytes"),
        (b"\x93NUMPY\4\0" + b"\0" * 30, r"of version 4\.0"),
        (b"\x93NUMPY\1\1" + b"\0" * 30, r"of version 1\.1"),
        (b"\x93NUMPY\1\0\0\0" + b"\0" * 30, "cannot be understood"),
        (b"\x93NUMPY\3\0\2\0\0\0\xff\xff", "not UTF-8"),
        (b"\x94NUMPY\1\0" + b"\0" * 30, "starts with the bytes 94 4e"),
    ],
)
@pytest.mark.parametrize("deflated", [True, False])
def test_headers_of_impossible_length(tmp_path: Path, content: bytes, reason: str, deflated: bool) -> None:
    with opened(tmp_path, make_zip(Piece(b"a.npy", content, deflated))) as npz:
        assert npz.member("a").shape is None
        with pytest.raises(ArchiveError, match=rf"made\.npz: member 'a'.*{reason}"):
            npz.read("a")


def test_a_long_header_of_many_fields(tmp_path: Path) -> None:
    """numpy.load refuses headers over 10,000 characters; wide tables have them."""
    array = np.zeros(3, [(f"column number {i}", "<f8") for i in range(3000)])
    with opened(tmp_path, make_zip(Piece(b"a.npy", npy(array, (2, 0)), deflated=True))) as npz:
        assert npz.members[0].dtype == array.dtype
        assert npz.read("a").shape == (3,)
        assert len(npz.rows("a", 1, 2)) == 1


LITERALS = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**19), 10**19) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(LITERALS)
def test_literals_are_read_back(value: object) -> None:
    assert parse_literal(repr(value)) == value


@given(st.text(alphabet="()[]{}'\"\\,: 0123456789xuUTrueFalsNonLb\n", max_size=60))
def test_any_text_is_a_value_or_a_refusal(text: str) -> None:
    try:
        parse_literal(text)
    except DamageError as damage:
        assert "header" in str(damage)
