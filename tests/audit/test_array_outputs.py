"""What an array looks like outside its table: pictures, text, and exported files."""

from __future__ import annotations

import csv
import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inspector.archive import open_npz
from inspector.audit import array_picture
from inspector.audit.array_export import save_array
from inspector.audit.array_object import outline, read_words
from inspector.audit.array_picture import HeatMap, Line, picture
from inspector.audit.array_text import CellFormat, exact_text, one_line, plain_text, size_text
from inspector.errors import ArchiveError, MeasureError, PickledMemberError, ReportError
from tests.audit.array_support import NUMBERS, SAFE, AnyArray, Pieces, saved

# --- pictures -------------------------------------------------------------------------------------------------


@SAFE
@given(data=st.data(), shape=hnp.array_shapes(min_dims=2, max_dims=2, max_side=17), side=st.integers(1, 6))
def test_a_heat_map_holds_block_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: st.DataObject, shape: tuple[int, int], side: int
) -> None:
    monkeypatch.setattr(array_picture, "SIDE", side)
    monkeypatch.setattr(array_picture, "_CHUNK", data.draw(st.integers(1, 40)))
    values = st.floats(-100, 100, width=32) | st.sampled_from([np.nan, np.inf])
    array = data.draw(hnp.arrays(np.float32, shape, elements=values))
    with open_npz(saved(tmp_path, a=array)) as npz:
        whole, pieces = picture(npz, "a"), picture(Pieces(npz), "a")
    assert isinstance(whole, HeatMap)
    assert isinstance(pieces, HeatMap)
    assert max(whole.values.shape) <= side
    for (r, c), value in np.ndenumerate(whole.values):
        down, across = whole.row_step, whole.column_step
        block = array[r * down : (r + 1) * down, c * across : (c + 1) * across].astype(np.float64)
        finite = block[np.isfinite(block)]
        expected = pytest.approx(finite.mean() if finite.size else np.nan, abs=1e-9, nan_ok=True)
        assert value == expected
        assert pieces.values[r, c] == expected


@SAFE
@given(
    array=hnp.arrays(np.float64, st.integers(1, 60), elements=st.floats(-9, 9) | st.just(np.nan)),
    most=st.integers(1, 20),
)
def test_a_line_keeps_every_extreme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, array: AnyArray, most: int
) -> None:
    monkeypatch.setattr(array_picture, "LINE", most)
    monkeypatch.setattr(array_picture, "_CHUNK", 7)
    with open_npz(saved(tmp_path, a=array)) as npz:
        line = picture(npz, "a")
    assert isinstance(line, Line)
    assert line.low.size <= most
    for run in range(line.low.size):
        part = array[run * line.step : (run + 1) * line.step]
        part = part[~np.isnan(part)]
        expected = [part.min(), part.max()] if part.size else [np.nan, np.nan]
        np.testing.assert_array_equal([line.low[run], line.high[run]], expected)


def test_a_picture_shows_the_cut_asked_for(tmp_path: Path) -> None:
    array = np.arange(24).reshape(2, 3, 2, 2)
    with open_npz(saved(tmp_path, a=array)) as npz:
        drawn = picture(npz, "a", (1, 2))
    assert isinstance(drawn, HeatMap)
    np.testing.assert_array_equal(drawn.values, array[1, 2])


@pytest.mark.parametrize("array", [np.array(["text"]), np.float64(3), np.empty((0, 4))])
def test_what_has_no_picture_says_so(tmp_path: Path, array: Any) -> None:
    with open_npz(saved(tmp_path, a=array)) as npz, pytest.raises(MeasureError, match="expected numbers along"):
        picture(npz, "a")


# --- text -----------------------------------------------------------------------------------------------------


@given(value=st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_text_of_a_float_reads_back(value: float) -> None:
    number = np.float32(value)
    assert np.float32(exact_text(number)) == number
    assert np.float32(plain_text(number)) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float32(0.1), "0.100000001"),
        (np.float64(0.1), "0.10000000000000001"),
        (np.int64(-(2**63)), "-9223372036854775808"),
        (np.uint64(2**64 - 1), "18446744073709551615"),
        (np.bool_(True), "True"),
        (np.float16(np.nan), "NaN"),
        (np.float64(-np.inf), "-inf"),
        (np.datetime64("2020-01-02T03:04", "ms"), "2020-01-02T03:04:00.000"),
        (np.datetime64("NaT"), "NaT"),
        (np.str_("a\tb\n\u202e"), r"a\tb\n\u202e"),
        (np.bytes_(b"\xff\x00"), r"\xff\x00"),
        (np.array([(1, 2.5)], dtype=[("n", "i4"), ("x", "f8")])[0], "n: 1, x: 2.5"),
        (np.longdouble(1) / 3, str(np.longdouble(1) / 3)),
    ],
)
def test_exact_text(value: object, text: str) -> None:
    assert exact_text(value) == text


def test_cells_line_up_and_small_values_do_not_vanish() -> None:
    values = np.array([0.5, 1.0000001, 0.0, 2e-6, np.nan], dtype=np.float32)
    fmt = CellFormat.of(values)
    assert [fmt.cell(v) for v in values] == ["0.5000000", "1.0000001", "0.0000000", "2.000e-06", "NaN"]
    whole = np.array([1.0, 12.0])
    assert [CellFormat.of(whole).cell(v) for v in whole] == ["1.0", "12.0"]
    huge = np.array([1e20, 0.5])
    assert [CellFormat.of(huge).cell(v) for v in huge] == ["1e+20", "0.5"]


@given(st.text())
def test_one_line_is_one_line_and_can_be_written(text: str) -> None:
    line = one_line(text)
    assert line.isprintable()
    line.encode("utf-8")


def test_sizes_have_units() -> None:
    assert [size_text(n) for n in (0, 999, 1000, 157_286_528, 4 * 10**9)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "157 MB",
        "4.0 GB",
    ]


# --- single values and objects --------------------------------------------------------------------------------


def test_metadata_is_indented_and_still_json(tmp_path: Path) -> None:
    meta = {"fps": 30, "order": [1, 2, 3], "nested": {"empty": {}, "deep": [[1], [2, {"x": None}]]}, "text": "[1,\n 2]"}
    with open_npz(saved(tmp_path, meta=json.dumps(meta), bytes=np.bytes_(b"plain"), one=np.float32(0.1))) as npz:
        words = [read_words(npz, name) for name in ("meta", "bytes", "one")]
    assert json.loads(words[0].text) == meta
    assert '"order": [1, 2, 3],' in words[0].text
    assert "JSON" in words[0].note
    assert [w.text for w in words[1:]] == ["plain", "0.100000001"]


class Hostile:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, ("made-by-a-pickle",)


def test_a_hostile_pickle_is_described_and_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    array = np.empty((), dtype=object)
    array[()] = {"fps": 30, "evil": Hostile()}
    path = saved(tmp_path, meta=array)
    with open_npz(path) as npz:
        words = read_words(npz, "meta")
        with pytest.raises(PickledMemberError, match="pickle"):
            save_array(npz, "meta", tmp_path / "meta.npy")
    assert words.alarming
    assert "mkdir" in words.note
    assert "'fps': 30" in words.text
    assert not (tmp_path / "made-by-a-pickle").exists()


def test_a_plain_pickle_is_not_alarming(tmp_path: Path) -> None:
    with open_npz(saved(tmp_path, meta=np.array({"a": [1, 2]}, dtype=object))) as npz:
        words = read_words(npz, "meta")
    assert (words.alarming, words.text) == (False, "dict of 1\n  'a': [1, 2]")


def test_a_broken_pickle_says_why(tmp_path: Path) -> None:
    path = tmp_path / "broken.npz"
    good = pickle.dumps(np.array([object], dtype=object), protocol=2)
    with (tmp_path / "x.npy").open("wb") as out:
        np.lib.format.write_array_header_1_0(out, {"descr": "|O", "fortran_order": False, "shape": (1,)})
        out.write(good[:10])
    import zipfile

    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / "x.npy", "a.npy")
    with open_npz(path) as npz:
        words = read_words(npz, "a")
    assert words.alarming
    assert words.text == ""


def test_an_outline_is_bounded() -> None:
    deep: list[Any] = []
    for _ in range(100):
        deep = [deep, {"more": deep}]
    assert len(list(outline(list(range(10_000)), most=50))) == 51
    assert max(len(line) for line in outline(deep, most=200)) < 100


# --- files ----------------------------------------------------------------------------------------------------


@SAFE
@given(data=st.data(), dtype=NUMBERS, shape=hnp.array_shapes(min_dims=0, max_dims=4, max_side=5))
def test_an_exported_npy_is_the_array(
    tmp_path: Path, data: st.DataObject, dtype: np.dtype[Any], shape: tuple[int, ...]
) -> None:
    array = data.draw(hnp.arrays(dtype, shape))
    with open_npz(saved(tmp_path, a=np.asfortranarray(array) if array.ndim else array)) as npz:
        path = save_array(npz, "a", tmp_path / "out.npy")
    assert path is not None
    back = np.load(path, allow_pickle=False)
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


def test_an_exported_csv_reads_back(tmp_path: Path) -> None:
    array = np.random.default_rng(1).random((3, 2, 4)).astype(np.float32)
    array[0, 1, 2] = np.nan
    with open_npz(saved(tmp_path, a=array)) as npz:
        save_array(npz, "a", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="") as text:
        lines = list(csv.reader(text))
    assert lines[0] == ["i0", "i1", "0", "1", "2", "3"]
    assert [line[:2] for line in lines[1:]] == [[str(i), str(j)] for i in range(3) for j in range(2)]
    np.testing.assert_array_equal(np.array([line[2:] for line in lines[1:]], np.float32).reshape(array.shape), array)


def test_text_in_a_csv_is_quoted_and_no_formula(tmp_path: Path) -> None:
    words = np.array(['=cmd()|"x"', "a,b\nc", "-1", "plain"])
    with open_npz(saved(tmp_path, a=words, n=np.array([-1, 2]), f=np.array([(1, 2)], dtype="i4,i4"))) as npz:
        for name in "anf":
            save_array(npz, name, tmp_path / f"{name}.csv")
    with (tmp_path / "a.csv").open(newline="") as text:
        assert [line[1] for line in csv.reader(text)] == ["value", '\'=cmd()|"x"', "a,b\nc", "'-1", "plain"]
    assert (tmp_path / "n.csv").read_text() == "i0,value\n0,-1\n1,2\n"
    assert (tmp_path / "f.csv").read_text() == "i0,f0,f1\n0,1,2\n"


def test_a_failed_export_leaves_the_older_file(tmp_path: Path) -> None:
    target = tmp_path / "out.npy"
    target.write_bytes(b"older")
    path = saved(tmp_path, a=np.zeros((300, 100)))
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    path.write_bytes(raw)
    with open_npz(path) as npz, pytest.raises(ArchiveError, match="checksum"):
        save_array(npz, "a", target)
    assert target.read_bytes() == b"older"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.npy", "some.npz"]


def test_an_export_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    with open_npz(saved(tmp_path, a=np.zeros(3))) as npz:
        with pytest.raises(ReportError, match=r"nowhere.*out\.npy: could not be written"):
            save_array(npz, "a", tmp_path / "nowhere" / "out.npy")
        with pytest.raises(ReportError, match=r"expected a name ending in \.npy or \.csv"):
            save_array(npz, "a", tmp_path / "out.mat")
